"""
The middle and the rank of numbers and of lengths of time.

A percentile is a member, not something between two: the smallest one that at least so large a share of all
members does not exceed (the nearest rank). So ``waits.percentile(90 %) <= limit`` says exactly that at least
90 % of them kept the limit. The median of an even count is the mean of the middle two, so it is no percentile.

Source: LANGUAGE.md, section 5; convention C15.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, isfinite
from typing import TYPE_CHECKING

from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.values import Duration, Hollow, Listing, Undecided, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.registry import Overload

_COST = 20
"""Steps of putting a list in order, beside those for its members."""


def _ordered(values: Listing) -> list[Value]:
    """Put members in order that are all numbers or all lengths of time."""
    members = list(values)
    causes = [cause for part in members if isinstance(part, Unknown) for cause in part.causes]
    if causes:
        raise Undecided(frozenset(causes))
    if len({isinstance(part, Duration) for part in members}) > 1:
        fail("no_overload", "numbers and lengths of time have no common order")
    return sorted(members, key=_exact)


def _exact(value: Value) -> Fraction:
    """Return a number as it is spelt in decimals: 0.1 is a tenth."""
    match value:
        case Duration(ns):
            return Fraction(ns)
        case float() if isfinite(value):
            return Fraction(repr(value))
        case int() | Fraction() if not isinstance(value, bool):
            return Fraction(value)
    return fail("no_overload", "only finite numbers and lengths of time have a middle")


def _nothing(values: Listing) -> Value:
    return None if values.grounded else Hollow(None)


def _median(values: Listing) -> Value:
    ordered = _ordered(values)
    if not ordered:
        return _nothing(values)
    pair = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    middle = sum(map(_exact, pair), Fraction(0)) / 2
    match pair:
        case (Duration(), _):
            return Duration(middle.numerator // middle.denominator)
        case (Fraction(), Fraction()):
            return middle
    try:
        return float(middle)
    except OverflowError:
        fail("overflow", "the result does not fit into a double")


def _percentile(values: Listing, share: Fraction) -> Value:
    if not 0 <= share <= 1:
        fail("share", "a percentile is taken at a share between 0 % and 100 %")
    ordered = _ordered(values)
    if not ordered:
        return _nothing(values)
    return ordered[max(ceil(share * len(ordered)), 1) - 1]


_FORMS = {
    "int": ("double", "[3, 1, 2, 10]", "2.5", "3"),
    "uint": ("double", "[3u, 1u, 2u, 10u]", "2.5", "3u"),
    "double": ("double", "[0.3, 0.1, 0.2]", "0.2", "0.3"),
    "ratio": ("ratio", "[30 %, 10 %, 20 %]", "20 %", "30 %"),
    "duration": (
        "duration",
        "[duration('3h'), duration('1h')]",
        "duration('2h')",
        "duration('3h')",
    ),
}
"""By the type of the members: that of their middle, an example, its median, its percentile at 75 %."""


def _medians() -> Iterator[Overload]:
    for kind, (middle, members, median, _) in _FORMS.items():
        yield overload(
            f"list({kind}).median() -> {middle}?",
            _median,
            cost=_COST,
            about="The middle of the members in order, of an even count the mean of the middle two; null of none.",
            examples=[(f"{members}.median()", median)],
        )


def _percentiles() -> Iterator[Overload]:
    for kind, (_, members, _, ranked) in _FORMS.items():
        yield overload(
            f"list({kind}).percentile(ratio) -> {kind}?",
            _percentile,
            cost=_COST,
            about="The smallest member that at least so large a share of all members does not exceed; null of none.",
            examples=[(f"{members}.percentile(75 %)", ranked)],
        )


LIBRARY = Library("statistics", (*_medians(), *_percentiles()))
