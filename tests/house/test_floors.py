"""The floors of the house are kept by a machine."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_floors_are_kept(root: Path) -> None:
    """A floor imports only the floors below it, and extensions do not know each other."""
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]

    done = subprocess.run(
        [*linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
