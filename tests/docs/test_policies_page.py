"""The policy and the cases that docs/policies.md shows do what the page says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from click.testing import CliRunner

from auditor.cli.main import auditor

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shown_policy_passes_its_shown_cases(root: Path, tmp_path: Path) -> None:
    """A reader who copies both files gets three good cases."""
    page = (root / "docs/policies.md").read_text("utf-8")
    policy, cases = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "blocker-open-too-long.yaml").write_text(policy, "utf-8")
    (folder / "blocker-open-too-long.cases.yaml").write_text(cases, "utf-8")

    done = CliRunner().invoke(auditor, ["policy", "test", "--policies", str(folder)])

    assert done.exit_code == 0, done.output
    assert "3 of 3 cases" in done.output
