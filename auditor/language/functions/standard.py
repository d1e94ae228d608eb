"""
CEL's arithmetic and ordering operators.

Integers have 64 bits and do not wrap: what does not fit is an error. Division and remainder truncate
towards zero, unlike Python's. An int meets a double as a double, as the conformance suite demands; a
ratio meets a double by its decimal spelling, so that 0.9 is ``90 %``.

Source: CEL specification, "Equality and Ordering", "Overflow"; LANGUAGE.md, section 5.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from math import copysign, inf, isfinite, isnan, nan
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.documents.limits import MAX_STRING
from auditor.language.failures import fail
from auditor.language.registry import Library, Overload, overload
from auditor.language.values import (
    DURATION_MAX_NS,
    INT_MAX,
    INT_MIN,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    UINT_MAX,
    Duration,
    Timestamp,
    Uint,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Text = TypeVar("Text", str, bytes)


# ----- ranges


def _int(value: int) -> int:
    if not INT_MIN <= value <= INT_MAX:
        fail("overflow", "the result does not fit into an int")
    return value


def _uint(value: int) -> Uint:
    if not 0 <= value <= UINT_MAX:
        fail("overflow", "the result does not fit into a uint")
    return Uint(value)


def _timestamp(ns: int) -> Timestamp:
    if not TIMESTAMP_MIN_NS <= ns <= TIMESTAMP_MAX_NS:
        fail("overflow", "the result lies outside the years 1 to 9999")
    return Timestamp(ns)


def _duration(ns: int) -> Duration:
    if not -DURATION_MAX_NS - 1 <= ns <= DURATION_MAX_NS:
        fail("overflow", "the length of time is beyond 292 years")
    return Duration(ns)


def _joined(left: Text, right: Text) -> Text:
    # Doubling in a chain of `let` would otherwise fill any memory in a few dozen steps.
    if len(left) + len(right) > MAX_STRING:
        fail("too_long", "the text grows beyond what a document may hold")
    return left + right


# ----- arithmetic


def _quotient(left: int, right: int) -> int:
    if right == 0:
        fail("division_by_zero", "a number is divided by zero")
    size = abs(left) // abs(right)
    return size if (left < 0) == (right < 0) else -size


def _remainder(left: int, right: int) -> int:
    """Return the remainder, with the sign of *left*."""
    return left - _quotient(left, right) * right


def _int_remainder(left: int, right: int) -> int:
    """Return the remainder of two ints; the one whose quotient overflows is an error, as on a machine."""
    _int(_quotient(left, right))
    return _remainder(left, right)


def _double_quotient(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or isnan(left):
        return nan
    return copysign(inf, left) * copysign(1.0, right)


def _arithmetic() -> list[Overload]:
    return [
        overload("_+_(int, int) -> int", lambda a, b: _int(a + b), examples=[("40 + 2", "42")]),
        overload(
            "_+_(uint, uint) -> uint", lambda a, b: _uint(a + b), examples=[("40u + 2u", "42u")]
        ),
        overload(
            "_+_(double, double) -> double", operator.add, examples=[("4.25 + 15.25", "19.5")]
        ),
        overload("_+_(string, string) -> string", _joined, examples=[("'he' + 'llo'", "'hello'")]),
        overload("_+_(bytes, bytes) -> bytes", _joined, examples=[("b'a' + b'b'", "b'ab'")]),
        overload(
            "_+_(timestamp, duration) -> timestamp",
            lambda a, b: _timestamp(a.ns + b.ns),
            examples=[
                (
                    "timestamp('2026-03-03T14:00:00Z') + duration('90m')",
                    "timestamp('2026-03-03T15:30:00Z')",
                )
            ],
        ),
        overload(
            "_+_(duration, timestamp) -> timestamp",
            lambda a, b: _timestamp(a.ns + b.ns),
            examples=[
                (
                    "duration('90m') + timestamp('2026-03-03T14:00:00Z')",
                    "timestamp('2026-03-03T15:30:00Z')",
                )
            ],
        ),
        overload(
            "_+_(duration, duration) -> duration",
            lambda a, b: _duration(a.ns + b.ns),
            examples=[("duration('1h') + duration('30m')", "duration('90m')")],
        ),
        overload("_-_(int, int) -> int", lambda a, b: _int(a - b), examples=[("42 - 22", "20")]),
        overload(
            "_-_(uint, uint) -> uint", lambda a, b: _uint(a - b), examples=[("42u - 12u", "30u")]
        ),
        overload("_-_(double, double) -> double", operator.sub, examples=[("42.5 - 12.0", "30.5")]),
        overload(
            "_-_(timestamp, timestamp) -> duration",
            lambda a, b: _duration(a.ns - b.ns),
            examples=[
                (
                    "timestamp('2026-03-03T15:30:00Z') - timestamp('2026-03-03T14:00:00Z')",
                    "duration('90m')",
                )
            ],
        ),
        overload(
            "_-_(timestamp, duration) -> timestamp",
            lambda a, b: _timestamp(a.ns - b.ns),
            examples=[
                (
                    "timestamp('2026-03-03T15:30:00Z') - duration('90m')",
                    "timestamp('2026-03-03T14:00:00Z')",
                )
            ],
        ),
        overload(
            "_-_(duration, duration) -> duration",
            lambda a, b: _duration(a.ns - b.ns),
            examples=[("duration('1h') - duration('90m')", "duration('-30m')")],
        ),
        overload("_*_(int, int) -> int", lambda a, b: _int(a * b), examples=[("6 * 7", "42")]),
        overload(
            "_*_(uint, uint) -> uint", lambda a, b: _uint(a * b), examples=[("6u * 7u", "42u")]
        ),
        overload(
            "_*_(double, double) -> double", operator.mul, examples=[("40.75 * -2.0", "-81.5")]
        ),
        overload(
            "_/_(int, int) -> int",
            lambda a, b: _int(_quotient(a, b)),
            examples=[("42 / 5", "8"), ("-42 / 5", "-8")],
            about="Whole part of the quotient, towards zero.",
        ),
        overload(
            "_/_(uint, uint) -> uint",
            lambda a, b: _uint(_quotient(a, b)),
            examples=[("42u / 5u", "8u")],
        ),
        overload(
            "_/_(double, double) -> double", _double_quotient, examples=[("1.0 / 4.0", "0.25")]
        ),
        overload(
            "_%_(int, int) -> int",
            _int_remainder,
            examples=[("47 % 5", "2"), ("-47 % 5", "-2")],
            about="Remainder of the division towards zero; it has the sign of the dividend.",
        ),
        overload(
            "_%_(uint, uint) -> uint",
            lambda a, b: _uint(_remainder(a, b)),
            examples=[("47u % 5u", "2u")],
        ),
        overload("-_(int) -> int", lambda a: _int(-a), examples=[("-(42)", "-42")]),
        overload("-_(double) -> double", operator.neg, examples=[("-(4.5)", "-4.5")]),
    ]


# ----- ordering

_SIGNS: Final[tuple[tuple[str, Callable[[Value, Value], bool]], ...]] = (
    ("<", operator.lt),
    ("<=", operator.le),
    (">", operator.gt),
    (">=", operator.ge),
)
_PAIRS: Final = (
    *((left, right) for left in ("int", "uint", "double") for right in ("int", "uint", "double")),
    ("string", "string"),
    ("bytes", "bytes"),
    ("bool", "bool"),
    ("timestamp", "timestamp"),
    ("duration", "duration"),
    ("date", "date"),
    ("ratio", "ratio"),
    *(("ratio", number) for number in ("int", "uint", "double")),
    *((number, "ratio") for number in ("int", "uint", "double")),
)
_LOWER_AND_HIGHER: Final = {
    "int": ("1", "2"),
    "uint": ("1u", "2u"),
    "double": ("1.0", "2.0"),
    "string": ("'a'", "'b'"),
    "bytes": ("b'a'", "b'b'"),
    "bool": ("false", "true"),
    "timestamp": ("timestamp('2026-03-03T09:00:00Z')", "timestamp('2026-03-03T09:00:01Z')"),
    "duration": ("duration('90m')", "duration('2h')"),
    "date": ("date('2026-03-03')", "date('2026-03-04')"),
    "ratio": ("50 %", "250 %"),
}


def _decimal(value: float) -> Fraction | float:
    """Return the number that the shortest spelling of *value* names; infinity and NaN as they are."""
    return Fraction(str(value)) if isfinite(value) else value


def _comparison(
    left: str, right: str, compare: Callable[[Value, Value], bool]
) -> Callable[[Value, Value], bool]:
    """Compare two numbers of different types as what the types have in common."""
    match left, right:
        case ("ratio", "double"):
            return lambda a, b: compare(a, _decimal(b))
        case ("double", "ratio"):
            return lambda a, b: compare(_decimal(a), b)
        case ("double", "int" | "uint") | ("int" | "uint", "double"):
            return lambda a, b: compare(float(a), float(b))
        case _:
            return compare


def _ordering() -> list[Overload]:
    return [
        overload(
            f"_{sign}_({left}, {right}) -> bool",
            _comparison(left, right, compare),
            examples=[
                (
                    f"{_LOWER_AND_HIGHER[left][0]} {sign} {_LOWER_AND_HIGHER[right][1]}",
                    "true" if sign.startswith("<") else "false",
                )
            ],
        )
        for sign, compare in _SIGNS
        for left, right in _PAIRS
    ]


LIBRARY: Final = Library("standard", (*_arithmetic(), *_ordering()))
