"""
Does anything that comes in break the engine? Random policies, expressions and snapshots, in great numbers.

It ends at the first violation and prints what reproduces it. Everything else is counted. The texts are those
of ``tests/differential/fuzzing.py``, of which the suite runs a small slice.

    python benchmarks/fuzz.py [--pairs N] [--seed S] [--round NUMBER]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.differential import fuzzing


def main() -> None:
    """Run rounds until there were enough pairs."""
    options = argparse.ArgumentParser()
    options.add_argument("--pairs", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--round", type=int, default=None, help="run only this one")
    given = options.parse_args()
    tally = fuzzing.Tally()
    for number in range(200):
        fuzzing.run_round(-1, number, fuzzing.Tally())  # what is made or imported at first use
    noted = fuzzing.watch()
    begin = perf_counter()
    number = given.round or 0
    while tally.pairs < given.pairs:
        try:
            fuzzing.run_round(given.seed, number, tally)
        except fuzzing.Violation as violation:
            sys.exit(f"VIOLATION after {tally.pairs} pairs: {violation}")
        if noted():
            sys.exit(f"VIOLATION in round {number} of seed {given.seed}: {noted()}")
        if given.round is not None:
            break
        number += 1
        if number % 10_000 == 0:
            print(f"{tally.pairs} pairs so far", file=sys.stderr)
    seconds = perf_counter() - begin
    print(f"{tally.pairs} pairs in {number} rounds and {seconds:.0f} s, no violation.")
    for outcome, count in sorted(tally.outcomes.items()):
        print(f"{count:>9}  {outcome}")
    print(f"The slowest pair took {tally.slowest:.2f} s: {tally.slowest_text[:300]}")


if __name__ == "__main__":
    main()
