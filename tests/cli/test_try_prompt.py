"""The prompt of ``auditor policy try``: what it completes, shows while one types, keeps, and how it ends."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from auditor.cli import policy_try, try_prompt
from auditor.cli.console import Console
from auditor.cli.policy_try import try_
from auditor.cli.try_prompt import TryPrompt, run_prompt
from auditor.cli.try_session import Session
from auditor.model.errors import UsageProblem
from auditor.usecases.try_policy import Wanted, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).with_name("data")
AUDITOR = Path(sys.executable).with_name("auditor")
HEAD = "apollo.json: Apollo, as of 2026-09-30 18:00 +02:00"
CTRL_C, CTRL_D, CTRL_U = "\x03", "\x04", "\x15"


def session_on(policy: Path | None = None) -> Session:
    """Begin a session on one snapshot."""
    wanted = Wanted((str(DATA / "apollo.json"),), policy=str(policy) if policy else None)
    trial, errors = begin(wanted, Console(quiet=True))
    assert not errors
    return Session(trial, colour=False)


@pytest.fixture(scope="module")
def session() -> Session:
    """Return a session that no test changes."""
    return session_on()


def typed(session: Session, keys: str, history: Path | None = None) -> None:
    """Type keys into the prompt; the last of them must end it."""
    with create_pipe_input() as reads:
        reads.send_text(keys)
        run_prompt(session, Console(), history, reads=reads, writes=DummyOutput())


def answers(out: str) -> list[str]:
    """Return what was answered, without the head."""
    head, *found = out.splitlines()
    assert head.endswith(HEAD)
    return found


# ----- lines


def test_each_line_is_answered_until_the_end_of_input(capsys: pytest.CaptureFixture[str]) -> None:
    """An error goes where errors go, and the prompt goes on."""
    typed(session_on(), f"size(approvals)\r1 +\r:let n = 2\rn + 1\r{CTRL_D}")

    told = capsys.readouterr()
    assert answers(told.out) == ["  1 : int", "  2 : int", "  3 : int"]
    assert "the expression ends where a value is missing" in told.err
    assert told.err.startswith("Type an expression, or :help. Tab completes, Ctrl-D leaves.\n")


def test_a_line_can_be_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C clears, `:quit` leaves as well."""
    typed(session_on(), f"size(approvals{CTRL_C}1\r:quit\r2\r")

    assert answers(capsys.readouterr().out) == ["  1 : int"]


def test_an_evaluation_can_be_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends it, and not the session."""
    session = session_on()
    answer = session.answer

    def stopped(line: str) -> Iterator[str]:
        if line == "1":
            raise KeyboardInterrupt
        yield from answer(line)

    monkeypatch.setattr(session, "answer", stopped)
    typed(session, f"1\r2\r{CTRL_D}")

    told = capsys.readouterr()
    assert answers(told.out) == ["  2 : int"]
    assert told.err.endswith("Stopped.\n")


# ----- a policy that is being written


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Return a policy that passes on the snapshot."""
    path = tmp_path / "nothing-approved.yaml"
    path.write_bytes((DATA / "nothing-approved.yaml").read_bytes())
    return path


def edited(
    session: Session, monkeypatch: pytest.MonkeyPatch, edits: dict[str, Callable[[], object]]
) -> None:
    """Let something happen to a file whenever a line has been answered."""
    answer = session.answer

    def answering(line: str) -> Iterator[str]:
        yield from answer(line)
        edits[line]()

    monkeypatch.setattr(session, "answer", answering)


def test_a_policy_is_read_again_when_its_file_has_changed(
    policy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its verdicts are shown before the next prompt; a fault in it takes nothing but its names away."""
    session = session_on(policy)
    text = policy.read_text(encoding="utf-8")
    edited(
        session,
        monkeypatch,
        {
            "1": lambda: policy.write_text(text.replace("a.at.by(", "!a.at.by("), encoding="utf-8"),
            "2": lambda: policy.write_text(text.replace("a.at.by(", "a.att.by("), encoding="utf-8"),
            "3": lambda: policy.write_text(text, encoding="utf-8"),
            "4": policy.unlink,
            "5": lambda: None,
        },
    )

    typed(session, f"1\r2\r3\r4\r5\r{CTRL_D}")

    told = capsys.readouterr()
    assert answers(told.out) == [
        "  1 pass",
        "    PASS Everything that is demanded holds.",
        "  1 : int",
        "  1 fail",
        "    FAIL Nobody approved anything before 2026-09-01 08:00 +02:00.",
        "      Because: The approval came 44 h before project.execution.started_at (2026-09-01 08:00 +02:00).",
        "  2 : int",
        "  3 : int",
        "  1 pass",
        "    PASS Everything that is demanded holds.",
        "  4 : int",
        "  5 : int",
    ]
    assert told.err.count("The policy has changed.\n") == 4
    assert "'approvals' has no field 'att'" in told.err
    assert told.err.count("cannot read") == 1


def test_a_policy_is_read_again_while_a_line_is_being_typed(
    policy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being typed stays, and is answered by the policy as it is then."""
    monkeypatch.setattr(try_prompt, "_SECONDS", 0.001)
    session = session_on(policy)
    text = policy.read_text(encoding="utf-8")
    changed = text.replace("require:", "let:\n  start: 40\nrequire:")
    changed = changed.replace("a.at.by(", "start > 0 && a.at.by(")
    verdicts = session.verdicts

    with create_pipe_input() as reads:

        def preview(line: str) -> str:
            if line.startswith("start"):
                policy.write_text(changed, encoding="utf-8")  # while the line stands there
            return ""

        def told_again() -> Iterator[str]:
            yield from verdicts()
            if policy.read_text(encoding="utf-8") == changed:
                reads.send_text(f"+ 1\r{CTRL_D}")  # the rest of the line

        monkeypatch.setattr(session, "preview", preview)
        monkeypatch.setattr(session, "verdicts", told_again)
        reads.send_text("start ")
        # Were the change never seen, the prompt would wait for ever.
        leave = Timer(60, reads.send_text, (f"\r{CTRL_D}",))
        leave.start()
        run_prompt(session, Console(), None, reads=reads, writes=DummyOutput())
        leave.cancel()

    told = capsys.readouterr()
    passed = ["  1 pass", "    PASS Everything that is demanded holds."]
    assert answers(told.out) == [*passed, *passed, "  41 : int"]
    assert told.err.count("The policy has changed.\n") == 1


# ----- while a line is being typed


def offered(session: Session, line: str) -> list[tuple[str, str]]:
    """Return what the menu shows at the end of a line, and what each choice makes of the line."""
    document = Document(line)
    choices = TryPrompt(session).get_completions(document, CompleteEvent())
    return [
        (one.display_text, line[: len(line) + one.start_position] + one.text) for one in choices
    ]


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ("approvals.exi", ("exists", "approvals.exists(")),
        ("approvals.all(a, a.dec", ("decision", "approvals.all(a, a.decision")),
        (":why approvals.all(a, a.dec", ("decision", ":why approvals.all(a, a.decision")),
        (":let x = appro", ("approvals", ":let x = approvals")),
        (":fi", (":fields", ":fields")),
        ("has", ("has", "has(")),
    ],
)
def test_what_is_chosen_completes_the_line(
    session: Session, line: str, choice: tuple[str, str]
) -> None:
    """In an expression, and in the expression of a command; what is called gets its bracket."""
    assert offered(session, line)[0] == choice


@pytest.mark.parametrize("line", [":policy x", ":let na", ":nothing", ":quit now"])
def test_where_no_expression_stands_nothing_is_offered(session: Session, line: str) -> None:
    """A name of their own, an id, something that is no command."""
    assert offered(session, line) == []


def test_in_the_middle_of_a_word_only_its_missing_part_is_written(session: Session) -> None:
    """What stands behind the cursor stays."""
    line, offset = "approvals.all(a, a.decision == 'x')", len("approvals.all(a, a.dec")

    (choice,) = TryPrompt(session).get_completions(Document(line, offset), CompleteEvent())

    assert choice.display_text == "decision"
    assert line[: offset + choice.start_position] + choice.text + line[offset:] == line


LONG = (
    "days(as_of.minus(span('900 days')), as_of).all(a, days(a.starts_at, as_of).all(b, a.id != ''))"
)
"""An expression that takes many steps."""


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("", ""),
        ("size(approvals)", "1 : int"),
        ("size(approvals", "1 : int"),
        ("approvals.filter(a, a.decision == 'approved", "1 element : list(approvals)"),
        ("approvals.exi", "approvals is 1 element : list(approvals)"),
        ("approvals.exists(a, a.dec", "a : approvals"),
        ("project.execution.ended_at", "none (null) : timestamp?"),
        (":type project.name", '"Apollo" : string'),
        (":let x = size(approvals", "1 : int"),
        (":policy x", ""),
        ("nobody", "no variable 'nobody' is declared"),
        (
            LONG,
            "bool; press Enter to evaluate it",
        ),
    ],
)
def test_what_is_under_way_is_shown_with_its_type(session: Session, line: str, shown: str) -> None:
    """As if the brackets were closed; what takes long only when it is asked for."""
    assert session.preview(line) == shown


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                "approvals", ".", "all", "(", ")", "a", ",", "a.", "decision", "==", "'", '"', "[", "]", "0", ":why ",
                ":let ", "x", "=", " ", "1", "/", "?", "\ud800", "\x1b", "\n", "map", "project", "{", "}", "&&", "!",
            ]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_whatever_is_typed_the_prompt_goes_on(session: Session, line: str) -> None:
    """What is shown of it is one line that does nothing on a terminal."""
    shown = session.preview(line)

    assert not set(shown) & {"\n", "\x1b"}
    assert all(0 <= one.start <= one.end <= len(line) for one in session.complete(line, len(line)))


# ----- what is kept, and what is needed


def test_lines_are_kept_where_nobody_else_may_read_them(tmp_path: Path) -> None:
    """In the file that is named, and in none where none is."""
    history = tmp_path / "state" / "auditor" / "try-history"

    typed(session_on(), f"size(approvals)\r{CTRL_D}", history)
    typed(session_on(), f"1\r{CTRL_D}")

    assert history.stat().st_mode & 0o777 == 0o600
    assert history.parent.stat().st_mode & 0o077 == 0
    assert "+size(approvals)\n" in history.read_text(encoding="utf-8")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [history]


def test_a_history_that_cannot_be_kept_keeps_nobody_from_working(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here a file stands where its folder should be."""
    (tmp_path / "state").write_text("", encoding="utf-8")

    typed(session_on(), f"1\r{CTRL_D}", tmp_path / "state" / "try-history")

    assert answers(capsys.readouterr().out) == ["  1 : int"]


def test_without_its_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read; with -e nothing is missing."""
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)

    with pytest.raises(UsageProblem) as caught:
        try_.main(["nowhere.json"], standalone_mode=False)
    assert (
        caught.value.hint
        == "run in auditor's own folder: pip install '.[try]'; or name expressions with -e"
    )

    code = try_.main([str(DATA / "apollo.json"), "-e", "1"], standalone_mode=False)
    assert code == 0
    assert policy_try.__doc__


def test_on_a_real_terminal_names_are_completed_and_lines_answered(tmp_path: Path) -> None:
    """The installed command, with keys as a person presses them."""
    pty = pytest.importorskip("pty")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        arguments = [str(AUDITOR), "policy", "try", str(DATA / "apollo.json")]
        os.execve(  # noqa: S606 - the command itself, without a shell
            AUDITOR,
            arguments,
            {"PATH": "/usr/bin:/bin", "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        )
    turns = [
        ("Apollo, as of", ""),
        (">\x1b", "approvals.exists_o"),
        ("exists_one", "\t"),  # stands in the menu
        ("ne(", f"{CTRL_U}size(approvals)\r"),
        ("  1 : int", ""),
        (
            ">\x1b",
            CTRL_D,
        ),  # not before the next prompt: until then the terminal takes it for itself
    ]
    said, since = "", 0
    for wanted, keys in turns:
        while wanted not in said[since:]:
            piece = _heard(terminal)
            assert piece, said
            said += piece
        since = said.index(wanted, since) + len(wanted)
        os.write(terminal, keys.encode())
    while piece := _heard(terminal):
        said += piece
    os.close(terminal)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def _heard(terminal: int) -> str:
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "the program waits for something else, or hangs"
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""
