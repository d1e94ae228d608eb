"""``--engine``: what judges, and what a run says of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from auditor.cli.verbs.check import check
from auditor.cli.verbs.explain import explain
from auditor.usecases.choose_engine import ENGINES

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from tests.cli.conftest import Command

LATEST = """\
id: last-word-not-approved
title: The last word is no approval
why: A word may be taken back.
controls: [TRY-02]
severity: low
empty: fail
require:
  - that: approvals.latest(a, a.at).decision == 'approved'
    say: The last word is not that it is approved.
fix: Ask again.
"""

IMPORTS = """\
import sys
from click.testing import CliRunner
from auditor.cli.main import auditor
done = CliRunner().invoke(auditor, sys.argv[1:])
print(done.exit_code, sorted({name.partition(".")[0] for name in sys.modules} & {"celpy", "lark"}))
"""


def imported(place: Path, *arguments: str) -> str:
    """Run the command in a process of its own; return its code, and which of the peer's packages it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *arguments],
        cwd=place,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("verb", [check, explain], ids=["check", "explain"])
def test_choices_are_the_engines_that_there_are(verb: click.Command) -> None:
    """The command line and what runs below it know the same names."""
    (option,) = [one for one in verb.params if one.name == "engine"]

    assert tuple(option.type.choices) == ENGINES  # type: ignore[attr-defined]


def test_peer_is_not_imported_unless_asked_for(place: Path) -> None:
    """Neither judging nor linting for it loads cel-python; only the engine itself does."""
    judged = ("check", "snapshots", "--policies", "policies")

    assert imported(place, *judged) == "0 []"
    assert imported(place, *judged, "--engine", "exact") == "0 []"
    assert imported(place, "policy", "lint", "policies", "--portable") == "0 []"
    assert imported(place, *judged, "--engine", "cel-python") == "0 ['celpy', 'lark']"


@pytest.mark.usefixtures("place")
def test_run_says_which_engine_judged(auditor: Command) -> None:
    """In the head of the results, in the text, and in JUnit; our own engine is not worth a word."""
    judged = ("check", "snapshots", "--policies", "policies")
    named = "with the engine cel-python 0."

    own = auditor(*judged, "-f", "json").results
    second = auditor(*judged, "-f", "json", "--engine", "cel-python")
    text = auditor(*judged, "--engine", "cel-python").out
    junit = auditor(*judged, "-f", "junit", "--engine", "cel-python").out

    assert "engine" not in own["engine"]
    assert second.code == 0
    assert named in second.results["engine"]
    assert second.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}
    assert named in " ".join(text.split())
    assert named in junit


def test_what_it_cannot_answer_is_inconclusive(place: Path, auditor: Command) -> None:
    """Never green: the verdict says of which demand, and why; and it gates."""
    (place / "policies/trial/last.yaml").write_text(LATEST, encoding="utf-8")
    judged = ("check", "snapshots", "--policies", "policies", "-f", "json")

    done = auditor(*judged, "--engine", "cel-python")

    assert done.code == 1
    (verdict,) = [
        one
        for one in done.results["results"][0]["document"]["verdicts"]
        if one["policy"] == "last-word-not-approved"
    ]
    assert verdict["outcome"] == "inconclusive"
    assert verdict["reason"] == "not_portable"
    assert verdict["message"] == (
        "It cannot be decided. Missing: an answer of cel-python to demand 1:"
        " cel-python has no macro 'latest'."
    )
    assert auditor(*judged).verdicts()["hand:apollo"]["last-word-not-approved"] == "pass"
    text = auditor("check", "snapshots", "--policies", "policies", "--engine", "cel-python").out
    assert "to supply: judge by auditor's own engine, or see" in " ".join(text.split())


def test_explain_takes_it(place: Path, auditor: Command) -> None:
    """What it cannot answer is explained like every other inconclusive verdict."""
    (place / "policies/trial/last.yaml").write_text(LATEST, encoding="utf-8")

    done = auditor(
        "explain", "snapshots", "last-word-not-approved", "--policies", "policies",
        "--engine", "cel-python",
    )  # fmt: skip

    assert done.code == 0
    assert "cel-python has no macro 'latest'" in " ".join(done.out.split())


def test_friendly_word_where_it_is_not_installed(place: Path) -> None:
    """What is missing, and what to type; exit 2."""
    hidden = "import sys; sys.modules['celpy'] = None\n"
    arguments = ("check", "snapshots", "--policies", "policies", "--engine", "cel-python")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{hidden}from auditor.__main__ import main\nsys.exit(main())",
            *arguments,
        ],
        cwd=place,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr == (
        "error[usage]: the engine cel-python is not installed\n"
        "  = help: run in auditor's own folder: pip install '.[cel-python]'\n"
    )
