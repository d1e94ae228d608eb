"""Where reports may be written: whoever is judged has no say beyond a folder of reports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from auditor.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CHECK = ("check", "snapshots", "--policies", "policies")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    err: str


class Here(Protocol):
    """Runs ``auditor`` in this process, in the test's own folder."""

    def __call__(self, *arguments: str) -> Ended:
        """Run the command."""
        ...


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Here:
    """Return the command."""
    monkeypatch.chdir(place)

    def run(*arguments: str) -> Ended:
        code = main.run(list(arguments))
        return Ended(code, capfd.readouterr().err)

    return run


def asks_for(place: Path, target: str) -> None:
    """Let the repository that is judged ask for a report."""
    (place / "auditor.yaml").write_text(f'formats: ["{target}"]\n', encoding="utf-8")


class TestAskedForByTheJudged:
    """``formats`` of ``auditor.yaml``."""

    @pytest.mark.parametrize(
        "target",
        [
            ".git/hooks/pre-commit",
            ".git/config",
            ".GIT/config",
            "vendored/.git/config",
            ".github/workflows/run.yml",
            ".gitlab-ci.yml",
            "reports/config",
        ],
    )
    def test_nothing_by_which_programs_are_set_up(
        self, target: str, place: Path, here: Here
    ) -> None:
        """A hook of git is run by the next who commits; a link to its folder is the same."""
        for folder in (".git/hooks", ".GIT", "vendored/.git", ".github/workflows"):
            (place / folder).mkdir(parents=True)
        (place / "reports").symlink_to(".git", target_is_directory=True)
        asks_for(place, f"text={target}")

        done = here(*CHECK)

        assert done.code == 4
        assert f"the report 'text={target}' of auditor.yaml would be a hidden file" in done.err
        assert not (place / target).exists()

    @pytest.mark.parametrize("sign", ["\\u200c", "\\0", "\\n"])
    def test_no_sign_that_nobody_can_see(self, sign: str, place: Path, here: Here) -> None:
        """Some systems leave such signs out of a name: what is left may be ``.git``."""
        asks_for(place, f"text={sign}.git")

        done = here(*CHECK)

        assert done.code == 4
        assert "holds signs that nobody can see" in done.err

    def test_a_folder_of_reports(self, place: Path, here: Here) -> None:
        """What the key is for."""
        (place / "reports").mkdir()
        asks_for(place, "junit=reports/auditor.xml")

        assert here(*CHECK).code == 0
        assert (place / "reports/auditor.xml").read_bytes().startswith(b"<?xml")

    @pytest.mark.parametrize("target", ["known=known.json", "known"])
    def test_what_is_known_is_not_theirs_to_say(self, target: str, place: Path, here: Here) -> None:
        """Else a red run would make the next one green."""
        (place / "known.json").write_text(
            '{"findings":[],"schema":{"name":"known","version":1}}\n', encoding="utf-8"
        )
        before = (place / "known.json").read_bytes()
        asks_for(place, target)

        done = here(*CHECK, "--known", "known.json")

        assert done.code == 4
        assert "error[config]: auditor.yaml asks for the format known" in done.err
        assert "on the command line" in done.err
        assert (place / "known.json").read_bytes() == before


class TestWhatIsRead:
    """Nothing that a run is made from is written over."""

    def test_the_configuration(self, place: Path, here: Here) -> None:
        """It would be a report, and no longer tighten the gate."""
        (place / "auditor.yaml").write_text("fail_on: low\n", encoding="utf-8")

        done = here(*CHECK, "-f", "text=auditor.yaml")

        assert done.code == 2
        assert "would overwrite 'auditor.yaml'" in done.err
        assert (place / "auditor.yaml").read_text(encoding="utf-8") == "fail_on: low\n"

    @pytest.mark.parametrize("name", ["nothing-approved.yaml", "pack.yaml", "new.yaml"])
    def test_a_folder_of_policies(self, name: str, place: Path, here: Here) -> None:
        """Neither what is in it nor what would be read the next time."""
        target = place / "policies/trial" / name
        before = target.read_bytes() if target.exists() else None

        done = here(*CHECK, "-f", f"text=policies/trial/{name}")

        assert done.code == 2
        assert f"'policies/trial/{name}' would be written into a folder of policies" in done.err
        assert (target.read_bytes() if target.exists() else None) == before

    def test_what_is_no_policy_may_lie_beside_policies(self, place: Path, here: Here) -> None:
        """Whoever works in a folder of policies keeps the reports there, too."""
        done = here(*CHECK, "-f", "text=policies/trial/report.txt")

        assert (place / "policies/trial/report.txt").is_file()
        assert "error[" not in done.err

    def test_another_name_of_an_input(self, place: Path, here: Here) -> None:
        """A hard link is the file itself."""
        os.link(place / "snapshots/apollo.json", place / "report.txt")

        done = here(*CHECK, "-f", "text=report.txt")

        assert done.code == 2
        assert "would overwrite 'report.txt'" in done.err


@pytest.mark.parametrize(
    ("link", "to"),
    [
        pytest.param(".github", "{outside}", id="folder"),
        pytest.param(".github/workflows", "{outside}", id="folder-in-it"),
        pytest.param(".github", ".git", id="git"),
    ],
)
def test_the_gate_is_not_set_up_through_a_link(
    link: str, to: str, place: Path, here: Here, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link in the repository does not lead the pipeline out of it, nor a folder of it."""
    outside = tmp_path_factory.mktemp("outside")
    (place / "auditor.yaml").write_text("fail_on: low\n", encoding="utf-8")
    (place / ".git").mkdir()
    (place / link).parent.mkdir(exist_ok=True)
    (place / link).symlink_to(to.format(outside=outside), target_is_directory=True)

    done = here("init", ".", "--ci", "github")

    assert done.code == 2
    assert "a link in it leads to" in done.err
    assert list(outside.iterdir()) == []
    assert list((place / ".git").iterdir()) == []


def test_a_repository_is_not_set_up_through_a_link(
    place: Path, here: Here, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing is written then, here neither."""
    outside = tmp_path_factory.mktemp("outside")
    (place / "delivery").symlink_to(outside, target_is_directory=True)

    done = here("init", ".", "--name", "Apollo", "--time-zone", "UTC", "--ci", "none")

    assert done.code == 2
    led = f"../{outside.name}/project.yaml"
    assert f"cannot write 'delivery/project.yaml': a link in it leads to '{led}'" in done.err
    assert list(outside.iterdir()) == []
    assert not (place / "auditor.yaml").exists()
