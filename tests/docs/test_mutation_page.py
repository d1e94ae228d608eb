"""docs/mutation.md lists the changes that are made, in the words of the program, and shows its real output."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from click.testing import CliRunner

from auditor.cli.main import auditor
from auditor.language.mutation.operators import OPERATORS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = "docs/mutation.md"
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `([a-z-]+)` \| (.*) \|$", re.MULTILINE)
SHOWN = re.compile(r"```console\n\$ auditor (.*?)\n(.*?)```", re.DOTALL)


def test_every_operator_is_listed(root: Path) -> None:
    """The table and the program name the same changes, in the same order and words."""
    text = (root / PAGE).read_text(encoding="utf-8")
    table = text[text.index("| operator |") :].partition("\n\n")[0]

    listed = {name: about.replace(r"\|", "|") for name, about in ROW.findall(table)}

    assert list(listed.items()) == list(OPERATORS.items())


def test_the_output_is_real(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what comes out for the policy and the cases that docs/policies.md shows."""
    policy, cases = BLOCK.findall((root / "docs/policies.md").read_text(encoding="utf-8"))
    folder = tmp_path / "ours" / "trial"
    folder.mkdir(parents=True)
    (folder / "blocker-open-too-long.yaml").write_text(policy, encoding="utf-8")
    (folder / "blocker-open-too-long.cases.yaml").write_text(cases, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = SHOWN.search((root / PAGE).read_text(encoding="utf-8"))
    assert shown is not None

    done = CliRunner().invoke(auditor, [*shlex.split(shown[1]), "--jobs", "1"])

    assert done.exit_code == 0, done.output
    assert shown[2].rstrip() == done.stdout.rstrip()
