"""What docs/testing-policies.md shows of `auditor policy test` is what it does with the cases of docs/policies.md."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from auditor.cli.main import auditor

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("old", "new", "block", "is_error"),
    [
        pytest.param(
            "outcome: fail, subject: b1, says: [No test data], witness: [/blockers/0/resolved_at]",
            "outcome: pass",
            0,
            False,
            id="a case that is not as expected",
        ),
        pytest.param("{/blockers", "{/blokers", 2, True, id="a case that cannot be run"),
    ],
)
def test_example(  # noqa: PLR0917 - a row of the table, and where it is tried
    old: str,
    new: str,
    block: int,
    is_error: bool,  # noqa: FBT001 - see above
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Line for line."""
    written = (root / "docs/policies.md").read_text("utf-8")
    page = (root / "docs/testing-policies.md").read_text("utf-8")
    policy, cases = re.findall(r"```yaml\n(.*?)```", written, re.DOTALL)
    assert old in cases
    pack = tmp_path / "policies" / "ours"
    pack.mkdir(parents=True)
    (pack / "blocker-open-too-long.yaml").write_text(policy, "utf-8")
    (pack / "blocker-open-too-long.cases.yaml").write_text(cases.replace(old, new), "utf-8")
    monkeypatch.chdir(tmp_path)
    shown = re.findall(r"```console\n(.*?)```", page, re.DOTALL)[block]
    command, _, lines = shown.rpartition("$ ")[2].partition("\n")

    typed = ["policy", "test", "--policies", "policies"] if is_error else shlex.split(command)[1:]
    done = CliRunner().invoke(auditor, typed, standalone_mode=False)

    assert (shown if is_error else lines) in (done.stderr if is_error else done.stdout)
