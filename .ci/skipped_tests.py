"""
Name the files of tests of which some were skipped: they are run again where the reference data is.

    .ci/skipped_tests.py FILE      FILE: what pytest wrote with --junitxml
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]


def files(report: Path) -> list[str]:
    """Return the files, each once, as pytest takes them."""
    found = set()
    for case in etree.parse(report).iterfind(".//testcase"):
        if case.find("skipped") is not None:
            # A file that was skipped whole is a case without a class.
            found.add(file_of(case.get("classname") or case.get("name")))
    return sorted(found)


def file_of(module: str) -> str:
    """Return the file of a module, or of a class in one."""
    path = f"{module.replace('.', '/')}.py"
    outer = module.rpartition(".")[0]
    return path if (ROOT / path).is_file() or not outer else file_of(outer)


if __name__ == "__main__":
    named = files(Path(sys.argv[1]))
    lost = [name for name in named if not (ROOT / name).is_file()]
    if lost:
        sys.exit(f"no such files of tests: {', '.join(lost)}")
    print("\n".join(named))
