"""
How long a start takes, in multiples of ``python -c pass`` on the same machine.

Milliseconds of one machine say nothing on another; a multiple of the bare interpreter does. The commands
take turns, so that a machine that slows down slows all of them, and the median of each counts.

A check is measured without kept plans, with none found (compiled and kept), and with one found.

    python benchmarks/startup.py [--rounds N] [--snapshot PATH]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
AUDITOR = Path(sys.executable).with_name("auditor")
AIMS = {"auditor --version": 4, "auditor check, plan kept": 10}


def seconds(command: list[str | Path], home: Path, cache: str) -> float:
    """Run a command and return how long it took; a cold cache is an empty one, and "" is none."""
    place = home / cache if cache else ""
    if cache == "cold":
        shutil.rmtree(place, ignore_errors=True)
    # The home is a new one, so that what the machine's user has kept stays out of it.
    environment = dict(os.environ)
    environment |= {"HOME": str(home), "AUDITOR_CACHE_DIR": str(place)}
    environment.pop("XDG_STATE_HOME", None)
    start = perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=environment)
    taken = perf_counter() - start
    # 1 is a gate that has spoken; anything else is no measurement of a check.
    if done.returncode not in {0, 1}:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return taken


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--snapshot", default="fixtures/portfolio/harbour-tickets.yaml")
    given = options.parse_args()
    check = [AUDITOR, "check", given.snapshot]
    commands: dict[str, tuple[list[str | Path], str]] = {
        "python -c pass": ([sys.executable, "-c", "pass"], ""),
        "auditor --version": ([AUDITOR, "--version"], ""),
        "auditor check --help": ([AUDITOR, "check", "--help"], ""),
        "auditor check, nothing kept": (check, ""),
        "auditor check, plan not found": (check, "cold"),
        "auditor check, plan kept": (check, "warm"),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as home:
        seconds(check, Path(home), "warm")
        for _ in range(given.rounds):
            for name, (command, cache) in commands.items():
                taken[name].append(seconds(command, Path(home), cache))
    bare = median(taken["python -c pass"])
    print(f"{'command':<30} {'ms':>8} {'times':>7}   aim")
    for name, times in taken.items():
        multiple = median(times) / bare
        aim = f"under {AIMS[name]}" if name in AIMS else ""
        print(f"{name:<30} {median(times) * 1000:8.1f} {multiple:7.1f}   {aim}")


if __name__ == "__main__":
    main()
