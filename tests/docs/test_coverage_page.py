"""What docs/coverage.md shows of `auditor policy coverage` is what it does."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from click.testing import CliRunner

from auditor.cli.main import auditor

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_example(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy of docs/authoring.md, with the cases that `policy new` writes; the page leaves a part out."""
    new = re.search(r"^\$ auditor (policy new --pack.*)$", _page(root, "authoring"), re.MULTILINE)
    block = re.search(r"```console\n\$ auditor (.*?)\n(.*?)```", _page(root, "coverage"), re.DOTALL)
    assert new is not None
    assert block is not None
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    written = shlex.split(new.group(1).partition(" --edge ")[0])
    assert run.invoke(auditor, written, standalone_mode=False).return_value == 0

    done = run.invoke(auditor, shlex.split(block.group(1)), standalone_mode=False)

    first, last = block.group(2).split("...\n")
    assert (done.return_value, done.stderr) == (0, "")
    assert done.stdout.startswith(first)
    assert done.stdout.endswith(last)


def _page(root: Path, name: str) -> str:
    return (root / f"docs/{name}.md").read_text("utf-8")
