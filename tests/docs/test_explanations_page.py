"""The explanation that docs/explanations.md shows is what the command prints."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path


def test_the_sample_is_what_is_printed(root: Path) -> None:
    """Word for word, line for line."""
    page = (root / "docs/explanations.md").read_text(encoding="utf-8")
    lines = page.split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("    $ auditor explain"))
    sample = []
    for line in lines[start + 1 :]:
        if line and not line.startswith("    "):
            break
        sample.append(line.removeprefix("    "))
    command = shlex.split(lines[start].removeprefix("    $ auditor "))

    done = subprocess.run(
        [Path(sys.executable).with_name("auditor"), *command],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "\n".join(sample).strip("\n") == done.stdout.strip("\n")
