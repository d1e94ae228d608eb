"""A small slice of ``benchmarks/fuzz.py``: whatever comes in is refused in words, or judged."""

from __future__ import annotations

import pytest

from tests.differential import fuzzing
from tests.differential.expressions import seeded
from tests.differential.world import ask

ROUNDS = 250


def test_nothing_that_comes_in_breaks_the_engine() -> None:
    """Neither an exception that is none of ours, nor a fact in an error's text."""
    tally = fuzzing.Tally()
    for number in range(ROUNDS):
        fuzzing.run_round(0, number, tally)

    kinds = {outcome.partition(":")[0] for outcome in tally.outcomes}
    assert tally.pairs > ROUNDS
    assert kinds == {*(kind for kind, _, _, _ in fuzzing.TEXTS), "policy"}


def test_a_round_is_always_the_same() -> None:
    """Its number and the seed are all that it takes to look at it again."""
    tallies = [fuzzing.Tally(), fuzzing.Tally()]
    for tally in tallies:
        for number in range(10):
            fuzzing.run_round(5, number, tally)

    assert tallies[0].outcomes == tallies[1].outcomes


def test_a_fact_in_an_error_would_be_seen() -> None:
    """The mark stands in the snapshots, and an error that shows it ends the run."""
    assert fuzzing.MARK in repr(fuzzing.snapshots(0)[0].document)
    with pytest.raises(fuzzing.Violation, match="shows a fact"):
        fuzzing._unmarked(f"cannot read '{fuzzing.MARK}x'", "here")  # noqa: SLF001 - what all rounds go through


def test_damage_changes_a_text() -> None:
    """Most damaged texts are other ones."""
    text = "risks.exists(r, r.severity == 'high')"
    ask(text)
    damaged = {fuzzing.damaged(text, seeded(seed)) for seed in range(50)}

    assert len(damaged) > 40
