"""
Put into the README what its example commands print.

    python .ci/readme_examples.py            write it
    python .ci/readme_examples.py --check    end with 1 where it differs

An example is a line ``    $ auditor ...`` with what it prints below it. ``[...]`` stands for lines that are
left out: as many lines as stand before it and after it are taken from the beginning and the end.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from textwrap import indent

ROOT = Path(__file__).resolve().parents[1]
AUDITOR = Path(sys.executable).with_name("auditor")
MARGIN = "    "
CUT = f"{MARGIN}[...]"
EXAMPLE = re.compile(
    r"^    \$ auditor (?P<command>.*)\n(?P<shown>(?:(?:    .*)?\n)+)", re.MULTILINE
)


def printed(command: str) -> list[str]:
    """Return the lines that a command prints, as the README indents them."""
    done = subprocess.run(
        [AUDITOR, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return indent(done.stdout.rstrip("\n"), MARGIN).split("\n")


def renewed(example: re.Match[str]) -> str:
    """Return an example with what its command prints now."""
    lines = printed(example["command"])
    shown = example["shown"].rstrip("\n").split("\n")
    if CUT in shown:
        first = shown.index(CUT)
        last = len(shown) - first - 1
        if first + last < len(lines):
            lines = [*lines[:first], CUT, *lines[len(lines) - last :]]
    text = "\n".join(lines)
    return f"{MARGIN}$ auditor {example['command']}\n{text}\n\n"


def main() -> int:
    """Write the README anew, or compare it."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    fresh = EXAMPLE.sub(renewed, text)
    if "--check" not in sys.argv:
        path.write_text(fresh, encoding="utf-8")
        return 0
    return int(fresh != text)


if __name__ == "__main__":
    sys.exit(main())
