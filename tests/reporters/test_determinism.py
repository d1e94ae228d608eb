"""The same run gives the same bytes, whatever the surroundings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from auditor.plugins.entry_points import FORMATS, names

SCRIPT = """
import runpy, sys
from auditor.plugins.entry_points import FORMATS, load
make = runpy.run_path(sys.argv[1] + "/conftest.py")["Make"]()
run = runpy.run_path(sys.argv[1] + "/portfolio.py")["portfolio_run"](make)
reporter = load(FORMATS, sys.argv[2])()
for profile in reporter.profiles or (None,):
    for piece in reporter.render(run, make.places(), profile=profile, colour=False):
        sys.stdout.buffer.write(piece)
"""

SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8"},
]


@pytest.mark.parametrize("name", names(FORMATS))
def test_surroundings_do_not_show(name: str) -> None:
    """Hash seed, time zone and locale leave no trace, in any profile."""
    folder = str(Path(__file__).parent)
    first, second = (
        subprocess.run(
            [sys.executable, "-c", SCRIPT, folder, name],
            env=surroundings,
            check=True,
            capture_output=True,
        ).stdout
        for surroundings in SURROUNDINGS
    )

    assert first == second
    assert first
