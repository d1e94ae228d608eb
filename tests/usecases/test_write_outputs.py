"""Reports are written whole or not at all, and one that cannot be written does not take the others with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.findings.assemble import assemble
from auditor.findings.recorded_places import RecordedPlaces
from auditor.model.errors import ErrorGroup, ExitCode, OutputError, UsageProblem
from auditor.usecases.audience import unwatched
from auditor.usecases.write_outputs import Output, parse_outputs, write_file, write_outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.errors import AuditorError
    from auditor.model.run import Places, Run


def test_format_profile_and_file() -> None:
    """``FORMAT``, ``FORMAT:PROFILE`` and ``FORMAT=FILE`` mean what the help says."""
    text, junit = parse_outputs(["text", "junit:jenkins=out/report=1.xml"])

    assert (text.format, text.profile, text.file) == ("text", None, "-")
    assert (junit.format, junit.profile, junit.file) == ("junit", "jenkins", "out/report=1.xml")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(
            "junti=a.xml", "no format is called 'junti'", "did you mean 'junit'?", id="name"
        ),
        pytest.param(
            "junit:jenkin", "no profile 'jenkin'", "did you mean 'jenkins'?", id="profile"
        ),
        pytest.param("text:x", "has no profile 'x'", "it has none; leave it out", id="no-profiles"),
        pytest.param(
            "junit=", "names no file", "write -f junit=FILE, or -f junit for stdout", id="file"
        ),
    ],
)
def test_wrong_output(text: str, message: str, hint: str) -> None:
    """A slip of the pen is answered with what was meant."""
    with pytest.raises(UsageProblem, match=message) as caught:
        parse_outputs([text])

    assert caught.value.hint == hint


def test_all_wrong_outputs_at_once() -> None:
    """Nobody wants to hear of them one run at a time."""
    with pytest.raises(ErrorGroup) as caught:
        parse_outputs(["nope", "junit:nope"])

    assert len(caught.value.errors) == 2
    assert caught.value.exit_code is ExitCode.USAGE


def test_two_formats_are_not_mixed() -> None:
    """Two reports in one stream are none."""
    with pytest.raises(UsageProblem, match="text and json would both go to stdout"):
        parse_outputs(["text", "json"])
    with pytest.raises(UsageProblem, match="junit and json would both go to 'a'"):
        parse_outputs(["junit=a", "json=a"])


@pytest.mark.parametrize("other", ["./a", "b/../a", "link", "twin"])
def test_one_file_by_two_names_is_one_place(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would be said to be written, and one would be lost."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "a").touch()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "twin").hardlink_to("a")

    with pytest.raises(UsageProblem, match="junit and json would both go to"):
        parse_outputs(["junit=a", f"json={other}"])


def test_file_is_replaced_whole(tmp_path: Path) -> None:
    """The old report stands until the new one is complete, and nothing is left beside it."""
    target = tmp_path / "report.xml"
    target.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"new "
        assert target.read_bytes() == b"old"
        yield b"report"

    write_file(str(target), pieces())

    assert target.read_bytes() == b"new report"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xml"]


def test_interrupted_writing_leaves_the_old_report(tmp_path: Path) -> None:
    """Half a report is worse than an old one."""
    target = tmp_path / "report.xml"
    target.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_file(str(target), pieces())

    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xml"]


def test_link_stays_a_link(tmp_path: Path) -> None:
    """What a link points to is replaced, not the link."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    write_file(str(tmp_path / "link"), [b"new"])

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("link", "to", "name"),
    [
        pytest.param("work/report.xml", "../home/.bashrc", "report.xml", id="file"),
        pytest.param("work/report.xml", "../home/new", "report.xml", id="file-to-be"),
        pytest.param("work/reports", "../home", "reports/.bashrc", id="folder"),
        pytest.param("work/reports", "../home", "{work}/reports/.bashrc", id="absolute"),
        pytest.param("work/report.xml", ".git/config", "report.xml", id="git"),
        pytest.param("out/report.xml", "../home/.bashrc", "../out/report.xml", id="elsewhere"),
        pytest.param("work/report.xml", "/dev/full", "report.xml", id="device"),
    ],
)
def test_link_that_leads_elsewhere_is_not_followed(
    link: str, to: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is judged may have put it there: the error says where it leads."""
    for folder in ("work/.git", "home", "out"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "work/.git/config").write_bytes(b"old")
    (tmp_path / "home/.bashrc").write_bytes(b"old")
    (tmp_path / link).symlink_to(to)
    monkeypatch.chdir(tmp_path / "work")

    with pytest.raises(OutputError, match="a link in it leads to") as caught:
        write_file(name.format(work=tmp_path / "work"), [b"new"])

    led = ".bashrc" if name.endswith(".bashrc") else to.lstrip("./")
    assert caught.value.message.endswith(f"{led}'")
    assert (tmp_path / "work/.git/config").read_bytes() == b"old"
    assert [path.name for path in (tmp_path / "home").iterdir()] == [".bashrc"]
    assert (tmp_path / "home/.bashrc").read_bytes() == b"old"


def test_link_within_the_current_folder_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest report by a name that never changes; and a folder elsewhere that a link stands for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports/new").mkdir(parents=True)
    (tmp_path / "reports/newest.xml").symlink_to("new/report.xml")
    (tmp_path / "all").symlink_to("reports", target_is_directory=True)

    write_file("all/newest.xml", [b"one"])
    assert (tmp_path / "reports/new/report.xml").read_bytes() == b"one"

    monkeypatch.chdir(tmp_path / "reports/new")
    write_file(str(tmp_path / "all/other.xml"), [b"two"])
    assert (tmp_path / "reports/other.xml").read_bytes() == b"two"


def test_links_in_a_circle_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error, and no traceback."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    with pytest.raises(OutputError, match="cannot write 'a'"):
        write_file("a", [b"x"])


def test_draft_follows_no_link(tmp_path: Path) -> None:
    """Links by every name that could be guessed lie beside the report; none is written through."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / f".report.xml.{os.getpid()}.part").symlink_to(victim)

    def pieces() -> Iterator[bytes]:
        yield b"half"
        made = [path for path in folder.iterdir() if not path.is_symlink()]
        assert len(made) == 1
        drafts.append(made[0].name)
        yield b"whole"

    drafts: list[str] = []
    for _ in range(2):
        write_file(str(folder / "report.xml"), pieces())
        (folder / "report.xml").unlink()

    assert victim.read_bytes() == b"mine"
    assert len(set(drafts)) == 2


def test_new_file_has_the_permissions_that_files_have_here(tmp_path: Path) -> None:
    """A report is for others to read, where the user's files are."""
    (tmp_path / "any").touch()

    write_file(str(tmp_path / "report.xml"), [b"x"])

    assert (tmp_path / "report.xml").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_permissions_are_kept(tmp_path: Path) -> None:
    """A report that only its owner may read stays one."""
    target = tmp_path / "report.xml"
    target.touch()
    target.chmod(0o600)

    write_file(str(target), [b"x"])

    assert target.stat().st_mode & 0o777 == 0o600


def test_device_is_written_to(tmp_path: Path) -> None:
    """``/dev/null`` is a place to write to, not a file to replace."""
    del tmp_path
    write_file("/dev/null", [b"x"])

    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        pytest.param(
            "no/such/report.xml", "no such file or directory", "make the folder", id="folder"
        ),
        pytest.param(".", "it is a folder", "name a file in it", id="is-a-folder"),
    ],
)
def test_target_that_cannot_be_written(
    name: str, message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what is in the way and what to do."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutputError, match=message) as caught:
        write_file(name, [b"x"])

    assert hint in str(caught.value.hint)


class Listener:
    """Hears what a use case says."""

    has_colour = False

    def __init__(self) -> None:
        self.notes: list[str] = []

    def result(self, data: bytes) -> None:
        """Drop a piece of the result."""

    def note(self, text: str) -> None:
        """Keep a remark."""
        self.notes.append(text)

    def details(self, texts: Iterable[str]) -> None:
        """Drop remarks for the curious."""

    progress = staticmethod(unwatched)

    def errors(self, errors: Iterable[AuditorError]) -> None:
        """Drop errors: they are returned."""


class Lacking:
    """A format whose library is not installed, which shows only once it begins."""

    media_type = "text/plain"
    suffix = ".txt"
    profiles: tuple[str, ...] = ()
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Begin, and find that there is no library."""
        del run, places, profile, colour
        yield b"half"
        msg = "it needs a library"
        raise UsageProblem(msg)


def test_a_format_that_cannot_be_made_keeps_none_from_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is half-written, and the next target is done."""
    monkeypatch.chdir(tmp_path)
    run = assemble(policies=(), results=(), as_of=None, period=None, engine="auditor 0.1.0")
    (text,) = parse_outputs(["text=b.txt"])
    listener = Listener()

    errors = write_outputs(
        [Output("lacking", Lacking(), None, "a.txt"), text], run, RecordedPlaces({}), listener
    )

    assert [error.message for error in errors] == ["it needs a library"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.txt"]
    assert listener.notes == ["wrote text to b.txt"]
