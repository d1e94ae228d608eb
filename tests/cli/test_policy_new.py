"""``auditor policy new`` writes a policy and its cases, asks on a terminal, and never overwrites."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command

AUDITOR = Path(sys.executable).with_name("auditor")
GIVEN = (
    "--pack=ours", "--control=OURS-01", "--title=A risk has no owner", "--why=Nobody acts on it.",
    "--fix=Name an owner.", "--severity=high",
)  # fmt: skip
HAS = ("--shape=has", "--list=risks", "--field=owner")


def test_policy_is_written_tried_and_what_to_do_next_is_said(
    tmp_path: Path, auditor: Command
) -> None:
    """The files on stderr; on stdout each case with what came out, and the commands to go on with."""
    done = auditor("policy", "new", *GIVEN, *HAS, "--edge", "owned by a team")

    assert done.code == 0
    assert done.err == (
        "wrote policies/ours/risk-has-no-owner.yaml\n"
        "wrote policies/ours/risk-has-no-owner.cases.yaml\n"
        "wrote policies/ours/pack.yaml\n"
        "wrote policies/.auditor/policy.schema.json\n"
        "wrote policies/.auditor/cases.schema.json\n"
        "wrote policies/.auditor/pack.schema.json\n"
    )
    assert done.out == (
        "  ok the risk has its owner: pass\n"
        "  ok it is known to have none: fail\n"
        "  ok nobody recorded whether it has one: inconclusive\n"
        "  empty owned by a team\n"
        "Next:\n"
        "  1. read policies/ours/risk-has-no-owner.yaml, and change what the rule says otherwise\n"
        "  2. fill the 1 empty case in policies/ours/risk-has-no-owner.cases.yaml: what changes, and what must"
        " come out\n"
        "  3. auditor policy test risk-has-no-owner --policies policies/ours\n"
        "  4. auditor policy lint policies/ours/risk-has-no-owner.yaml\n"
        "  5. auditor check PROJECT --policies policies/ours --policy risk-has-no-owner\n"
    )

    tested = auditor("policy", "test", "risk-has-no-owner", "--policies", "policies/ours")
    assert tested.code == 1
    assert "this case is still empty" in tested.out

    cases = tmp_path / "policies/ours/risk-has-no-owner.cases.yaml"
    filled = cases.read_text(encoding="utf-8").replace(
        "    # expect: {outcome: }",
        "    set: {/parties/0/kind: team}\n    expect: {outcome: fail}",
    )
    cases.write_text(filled, encoding="utf-8")
    assert auditor("policy", "test", "--policies", "policies").code == 0
    assert auditor("policy", "lint", "policies", "--strict").code == 0


def test_all_that_is_missing_is_named_at_once(tmp_path: Path, auditor: Command) -> None:
    """Where nobody can be asked; exit 2, and nothing is written."""
    done = auditor("policy", "new", "--title", "A risk has no owner")
    with_shape = auditor("policy", "new", *GIVEN, "--shape", "within", "--list", "risks")

    assert (done.code, with_shape.code) == (2, 2)
    assert "missing: --pack, --control, --why, --fix, --severity, --shape" in done.err
    assert "has, running, within" in done.err
    assert "missing: --first, --second, --limit" in with_shape.err
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_there_stays(tmp_path: Path, auditor: Command) -> None:
    """The second time nothing is written; exit 2."""
    auditor("policy", "new", *GIVEN, *HAS)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = auditor("policy", "new", *GIVEN, *HAS, "--fix", "Something else.")

    assert done.code == 2
    assert "is there already, nothing was written" in done.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_broken_words_of_the_folder_are_told_with_their_place(
    tmp_path: Path, auditor: Command
) -> None:
    """A pack.yaml that cannot be read keeps the policy from being written; exit 4."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/pack.yaml").write_text("title: [", encoding="utf-8")
    done = auditor("policy", "new", *GIVEN, *HAS)

    assert done.code == 4
    assert "policies/pack.yaml:1" in done.err
    assert not (tmp_path / "policies/ours").exists()


def test_word_of_another_meaning_is_a_fault_with_its_place(
    tmp_path: Path, auditor: Command
) -> None:
    """A pack that means something else by a shared word: the policy is written, and cannot be used; exit 4."""
    (tmp_path / "policies").mkdir()
    words = "title: Ours\ndefine:\n  inScope(x): x == null\n"
    (tmp_path / "policies/pack.yaml").write_text(words, encoding="utf-8")
    done = auditor("policy", "new", *GIVEN, *HAS)

    assert done.code == 4
    assert "policies/ours/risk-has-no-owner.yaml:9:7" in done.err
    assert "it can be called as: inScope(x)" in done.err


def test_place_that_cannot_be_written_to(tmp_path: Path, auditor: Command) -> None:
    """A file in the way is told, not met; exit 2."""
    (tmp_path / "policies").touch()
    done = auditor("policy", "new", *GIVEN, *HAS)

    assert done.code == 2
    assert "cannot make the folder 'policies/ours'" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_terminal_is_asked_until_the_answer_can_be_one(tmp_path: Path) -> None:
    """Every question with what there is to choose from; a slip is answered with the nearest."""
    talk = conversation(
        tmp_path,
        [
            ("Pack", "ours"),
            ("Control", "OURS-01"),
            ("Title", "A blocker stayed open too long"),
            ("Why", "It stops the work."),
            ("What to do", "Resolve it."),
            ("Severity: ", "hihg"),
            ("did you mean 'high'?", "high"),
            ("Shape", "within"),
            ("In which records?", "blockerz"),
            ("did you mean 'blockers'?", "blockers"),
            ("in time?", "resolved_at"),
            ("time run?", "raised_at"),
            ("16 working hours?", "3 workdays"),
            ("is no length of time", "3 working days"),
            ("Only some of them", ""),
        ],
    )

    assert "What keeps work from going on." in talk
    assert "When it was resolved; null while it is open." in talk
    assert "One of: project, technical, client, resource." in talk
    assert "ok nobody recorded whether it happened: inconclusive" in talk
    assert (tmp_path / "policies/ours/blocker-stayed-open-too-long.yaml").is_file()


def conversation(place: Path, turns: list[tuple[str, str]]) -> str:
    """Answer each question on a pseudo terminal once it is asked, and return all that was said."""
    import pty  # noqa: PLC0415 - there is none on every system

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(place)
        os.execve(AUDITOR, [str(AUDITOR), "policy", "new"], {"PATH": "/usr/bin:/bin"})  # noqa: S606
    said, since = "", 0
    for question, answer in turns:
        while question not in said[since:]:
            said += heard(terminal)
        since = len(said)
        os.write(terminal, f"{answer}\n".encode())
    while piece := heard(terminal):
        said += piece
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    return " ".join(said.split())


def heard(terminal: int) -> str:
    """Return what was written next; nothing once the program has ended."""
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "the program asks something else, or hangs"
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""
