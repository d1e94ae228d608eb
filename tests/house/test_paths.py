"""The project names no place on the machine that it was written on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACHINE_PATH = re.compile(r"(?<![\w.~:/-])/(?:home|root|work|Users|mnt|srv)/[\w.-]+")


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_no_path_of_a_machine() -> None:
    """What works only where it was written works nowhere else."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {match}" for match in MACHINE_PATH.findall(text)]

    assert found == []
