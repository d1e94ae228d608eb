"""
When two values are equal, and when that cannot be told.

CEL's equality is heterogeneous: numbers of any type compare by value, and values of different types
are unequal rather than an error. Records with holes, open lists and days are three-valued. Python's
own ``==`` answers otherwise in places (``True == 1``, ``nan in [nan]``), so it is never used on them.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

from auditor.documents.limits import MAX_DEPTH
from auditor.evaluation.shapes import plain
from auditor.language.failures import fail
from auditor.language.values import (
    Day,
    Duration,
    Listing,
    MapValue,
    Opaque,
    Optional,
    Record,
    Span,
    Timestamp,
    TypeValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.evaluation.lift import Lift


_COMPARED_AT_ONCE: Final = 1_000
"""Characters of two texts that are compared for one step: memory is compared much faster than anything is made."""


class Reader(Protocol):
    """What a comparison asks of the evaluation under way."""

    @property
    def lift(self) -> Lift:
        """Turns facts into values."""
        ...

    def spend(self, steps: int) -> None:
        """Count *steps* against the budget."""
        ...


def equal(left: Value, right: Value, machine: Reader, depth: int = 0) -> bool | Unknown:
    """
    Compare two finished values, *depth* levels inside others; every member that is compared counts as a step.

    Returns:
        True, False, or `Unknown` with the facts that would tell.

    Raises:
        EvaluationFailure: They are deeper than a document may be: macros and slots can build such values.

    Source:
        CEL specification, "Equality"; LANGUAGE.md, sections 3 and 4.
    """
    machine.spend(1)
    if depth > MAX_DEPTH:
        fail("too_deep", "the values lie deeper inside each other than those of a document may")
    left, right = plain(left), plain(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return merge(left, right)
    match left, right:
        case (bool(), _) | (_, bool()):
            return isinstance(left, bool) and isinstance(right, bool) and left is right
        case ((int() | float() | Fraction()), (int() | float() | Fraction())):
            return _numbers(left, right)
        case (Day(), Timestamp() | Day()) | (Timestamp(), Day()):
            return _days(left, right)
        case Listing(), Listing():
            return _lists(left, right, machine, depth + 1)
        case MapValue(), MapValue():
            return _maps(left, right, machine, depth + 1)
        case Record(), Record():
            return _records(left, right, machine, depth + 1)
        case Optional(), Optional():
            return _optionals(left, right, machine, depth + 1)
        case None, None:
            return True
        case (str(), str()) | (bytes(), bytes()):
            machine.spend(min(len(left), len(right)) // _COMPARED_AT_ONCE)
            return bool(left == right)
        case (
            (Timestamp(), Timestamp())
            | (Duration(), Duration())
            | (TypeValue(), TypeValue())
            | (Span(), Span())
            | (Opaque(), Opaque())
            | (dt.date(), dt.date())
        ):
            return bool(left == right)
        case _:
            return False


def merge(*values: Value) -> Unknown:
    """Combine the causes of all unknowns among *values*."""
    causes = frozenset(
        cause for value in values if isinstance(value, Unknown) for cause in value.causes
    )
    return Unknown(causes)


def _numbers(left: Value, right: Value) -> bool:
    if isinstance(left, Fraction) != isinstance(right, Fraction):
        # A ratio meets a decimal literal: 0.9 means nine tenths, not the nearest binary fraction.
        return Fraction(str(left)) == Fraction(str(right)) if _finite(left, right) else False
    return bool(left == right)  # Python compares int with float exactly; NaN is unequal to itself


def _finite(*values: Value) -> bool:
    return not any(
        isinstance(value, float) and (value != value or value in (float("inf"), float("-inf")))  # noqa: PLR0124 - the test for NaN
        for value in values
    )


def _bounds(value: Day | Timestamp) -> tuple[Timestamp, Timestamp]:
    return (value.first, value.last) if isinstance(value, Day) else (value, value)


def _days(left: Day | Timestamp, right: Day | Timestamp) -> bool | Unknown:
    (first, last), (other_first, other_last) = _bounds(left), _bounds(right)
    if last < other_first or other_last < first:
        return False
    return Unknown(frozenset(value.cause for value in (left, right) if isinstance(value, Day)))


def _lists(left: Listing, right: Listing, machine: Reader, depth: int) -> bool | Unknown:
    if left.is_open or right.is_open:
        return doubts(left, right)
    if len(left) != len(right):
        return False
    return _all(equal(a, b, machine, depth) for a, b in zip(left, right, strict=True))


def doubts(*lists: Listing) -> Unknown:
    """Return why the membership of *lists* is not fully known."""
    return merge(
        *(listing.rest for listing in lists),
        *(item.doubt for listing in lists for item in listing.items),
    )


def _maps(left: MapValue, right: MapValue, machine: Reader, depth: int) -> bool | Unknown:
    if left.entries.keys() != right.entries.keys():
        return False
    return _all(
        equal(value, right.entries[identity][1], machine, depth)
        for identity, (_, value) in left.entries.items()
    )


def _records(left: Record, right: Record, machine: Reader, depth: int) -> bool | Unknown:
    if left.type is not right.type:
        return False
    if left.pointer and left.pointer == right.pointer:
        return True
    return _all(
        equal(machine.lift.field(left, name), machine.lift.field(right, name), machine, depth)
        for name in left.type.fields
    )


def _optionals(left: Optional, right: Optional, machine: Reader, depth: int) -> bool | Unknown:
    if left.has_value and right.has_value:
        return equal(left.value, right.value, machine, depth)
    return left.has_value is right.has_value


def _all(parts: Iterable[bool | Unknown]) -> bool | Unknown:
    unknown: list[Unknown] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, Unknown):
            unknown.append(part)
    return merge(*unknown) if unknown else True
