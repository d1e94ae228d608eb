"""By how much something was missed: of numbers that no float holds, and of what is missed by next to nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.explaining.comparing import Comparing
from auditor.evaluation.explaining.margins import margin
from auditor.model.outcome import Outcome
from tests.evaluation.explained import said, verdicts_of, ways, why

if TYPE_CHECKING:
    from auditor.model.explanation import Because

RATE = "metrics.all(m, m.target == null || ratio(m.target, 3, 0 %) <= 10 %)"
DAY = "dyn(blockers[0].raised_at).plus(span('24 hours'))"


def metric(target: float) -> list[dict[str, Any]]:
    """Return one metric with this target."""
    return [{"id": "m1", "name": "Budget", "target": target}]


def resolved(at: str, that: str) -> Because:
    """Return why *that* fails of a blocker that was raised on 2 March at ten and resolved *at*."""
    blocker = {
        "id": "b1",
        "severity": "high",
        "raised_at": "2026-03-02T10:00:00+01:00",
        "resolved_at": at,
        "escalations": [],
    }
    return why(that, blockers=[blocker])


class TestHuge:
    """The verdict stands whatever the numbers are, and the reader gets a number that can be read."""

    def test_a_rate_beyond_every_float_is_explained(self) -> None:
        """A third of 10^308 is 3.3 * 10^309 per cent, which no float is."""
        because = why(RATE, metrics=metric(1e308))

        assert because.sentence == (
            "ratio(m.target, 3, 0 %) is 3.33333333333333e+309 %, "
            "3.33333333333333e+309 percentage points more than 10 %."
        )
        assert ways(because) == [
            ["metrics[0].target: none"],
            ["ratio(m.target, 3, 0 %): at most 10 %"],
        ]

    def test_a_difference_is_written_as_short_as_the_number(self) -> None:
        """Not with three hundred digits."""
        because = why("metrics.all(m, dyn(m.target) <= 1.0)", metrics=metric(1e308))

        assert because.sentence == "metrics[0].target is 1e+308, 1e+308 more than 1."

    @pytest.mark.parametrize(
        ("left", "right", "words"),
        [
            (2**63 - 1, -(2**63), "18446744073709551615"),
            (1e20, 0.0, "1e+20"),
            (1e21, 5, "1e+21"),
            (12_345.5, 0, "12345.5"),
            (Fraction(10**400), Fraction(0), "1e+402 percentage points"),
        ],
    )
    def test_whole_numbers_of_the_language_stay_exact(
        self, left: float | Fraction, right: float | Fraction, words: str
    ) -> None:
        """Up to what two of them can differ by; beyond, only a power of ten can be read."""
        apart = margin(left, right)

        assert apart is not None
        assert apart.words == words

    def test_a_number_that_breaks_the_words_costs_the_explanation_only(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The verdict was decided before."""

        def beyond(*_: object) -> None:
            raise OverflowError

        monkeypatch.setattr(Comparing, "told", beyond)
        (verdict,) = verdicts_of("require:\n  - {that: size(blockers) > 5, say: x, empty: fail}\n")

        assert (verdict.outcome, verdict.clauses[0].because) == (Outcome.FAIL, None)


class TestClose:
    """What is late by seconds is not told as if it were on time."""

    @pytest.mark.parametrize(
        ("at", "total"),
        [
            ("2026-03-03T10:00:01+01:00", "24 h 1 s"),
            ("2026-03-03T10:00:00.5+01:00", "24 h 0.5 s"),
            ("2026-03-03T10:00:59.999999+01:00", "24 h 59.999999 s"),
            ("2026-03-03T10:01:01+01:00", "24 h 1 min"),
        ],
    )
    def test_the_total_is_never_the_limit(self, at: str, total: str) -> None:
        """Told to the second as long as the minute does not tell them apart."""
        because = resolved(at, f"blockers[0].resolved_at.by({DAY})")

        assert because.sentence == (
            f"The blocker was resolved {total} after it was raised; the limit was 24 hours."
        )

    def test_nor_is_it_in_days(self) -> None:
        """Half an hour more than five days: whole hours would not tell it."""
        limit = "dyn(blockers[0].raised_at).plus(span('120 hours'))"
        because = resolved("2026-03-07T10:30:00+01:00", f"blockers[0].resolved_at.by({limit})")

        assert because.sentence == (
            "The blocker was resolved 5 days 30 min after it was raised; the limit was 120 hours."
        )

    def test_nor_is_a_length_told_as_the_one_that_it_exceeds(self) -> None:
        """Both are written to the second then."""
        because = resolved(
            "2026-03-03T10:00:01+01:00",
            "dyn(blockers[0].resolved_at) - dyn(blockers[0].raised_at) <= duration('24h')",
        )

        assert because.sentence == (
            "dyn(blockers[0].resolved_at) - dyn(blockers[0].raised_at) is 24 h 1 s, "
            "1 s more than duration('24h') (24 h)."
        )

    def test_nor_are_seconds(self) -> None:
        """54 h and one second against 54 h."""
        figure = {"id": "a1", "party": "p1", "allocated_s": 194_401, "available_s": 194_400}
        because = why(
            "allocations.all(a, dyn(a.allocated_s) <= dyn(a.available_s))", allocations=[figure]
        )

        assert said(because, "dyn(a.allocated_s)") == (
            "allocations[0].allocated_s is 54 h 1 s, 1 s more than allocations[0].available_s (54 h)"
        )
