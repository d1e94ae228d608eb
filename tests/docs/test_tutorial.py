"""Whoever follows docs/tutorial.md step by step sees what the page shows."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_every_step_does_what_the_page_says(root: Path) -> None:
    """Each command is typed, each file written and changed, in an empty folder; outputs and exit codes are the page's."""
    done = subprocess.run(
        [sys.executable, root / ".ci/tutorial.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_goes_the_whole_way(root: Path) -> None:
    """No part of `auditor policy` that a process owner needs is left out."""
    page = (root / "docs/tutorial.md").read_text(encoding="utf-8")

    for part in ("new", "lint", "test", "coverage", "mutate", "try", "diff", "docs"):
        assert f"\n$ auditor policy {part} " in page, part
