"""What docs/authoring.md shows of `auditor policy new` is what it does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from auditor.cli.main import auditor
from auditor.usecases.authoring.shapes import shapes

if TYPE_CHECKING:
    from click.testing import Result

FIRST = Path("policies/ours/blocker-stayed-open-too-long.yaml")
CASES = Path("policies/ours/blocker-stayed-open-too-long.cases.yaml")


@pytest.fixture
def page(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page; the test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return (root / "docs/authoring.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def typed(block: str) -> tuple[Result, str]:
    """Run the command of a block, and return what came and what the page says."""
    command, _, shown = block.partition("\n")
    done = CliRunner().invoke(
        auditor, shlex.split(command.removeprefix("$ auditor ")), standalone_mode=False
    )
    return done, shown


def test_first_policy_is_written_as_shown_and_finished_as_told(page: str) -> None:
    """The command, its output, the policy, the empty case that fails, and the case that is filled."""
    _, new, test = blocks(page, "console")
    policy, empty, filled = blocks(page, "yaml")

    done, shown = typed(new)
    assert (done.return_value, done.stderr + done.stdout) == (0, shown)
    assert FIRST.read_text("utf-8").startswith(policy)
    assert empty in CASES.read_text("utf-8")

    done, shown = typed(test)
    assert (done.return_value, done.stdout) == (1, shown)

    CASES.write_text(CASES.read_text("utf-8").replace(empty, filled), "utf-8")
    done, _ = typed(test)
    assert done.return_value == 0
    assert "6 of 6 cases" in done.stdout


def test_every_shape_is_listed_with_its_rule_and_its_example(page: str) -> None:
    """The table is the shapes themselves."""
    rows = re.findall(
        r"^\| \[`([a-z-]+)`\]\(\S+\) \| (.*?) \| `(.*?)` \| (.*?) \|$", page, re.MULTILINE
    )

    assert {name: (rule, options, example) for name, rule, options, example in rows} == {
        one.name: (one.rule, " ".join(f"--{blank}" for blank in one.asks), one.example)
        for one in shapes().values()
    }
