"""The same run gives the same bytes, whatever the surroundings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import importlib, runpy, sys
make = runpy.run_path(sys.argv[1] + "/conftest.py")["Make"]()
run = runpy.run_path(sys.argv[1] + "/portfolio.py")["portfolio_run"](make)
module = importlib.import_module("auditor.reporters.formats." + sys.argv[2])
sys.stdout.buffer.write(make.render(getattr(module, sys.argv[3])(), run))
"""

FORMATS = [
    ("csv", "CsvReporter"),
    ("json", "JsonReporter"),
    ("junit", "JUnitReporter"),
    ("text", "TextReporter"),
]
SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8"},
]


@pytest.mark.parametrize(("module", "name"), FORMATS, ids=[module for module, _ in FORMATS])
def test_surroundings_do_not_show(module: str, name: str) -> None:
    """Hash seed, time zone and locale leave no trace."""
    folder = str(Path(__file__).parent)
    first, second = (
        subprocess.run(
            [sys.executable, "-c", SCRIPT, folder, module, name],
            env=surroundings,
            check=True,
            capture_output=True,
        ).stdout
        for surroundings in SURROUNDINGS
    )

    assert first == second
    assert first
