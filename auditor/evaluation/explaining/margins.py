"""
By how much two values differ, and which value would lie on the other side of a comparison.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final

from auditor.evaluation.wording import duration
from auditor.language.values import NS_PER_S, Day, Duration, Timestamp, Value

if TYPE_CHECKING:
    from auditor.evaluation.wording import Wording
    from auditor.model.explanation import Plain

_DAY_NS: Final = 86_400 * NS_PER_S
_LONG_NS: Final = 4 * _DAY_NS
"""From here on a length is told in days; "63 h" says more than "2 days", and nobody thinks in 300 hours."""
_MINUTE_NS: Final = 60 * NS_PER_S
_HOUR_NS: Final = 60 * _MINUTE_NS
_UNREADABLE: Final = 10**20
"""From here on a number is told by its power of ten; two whole numbers of the language differ by less."""
_ROUNDED: Final = Context(prec=15)
"""Digits that a float holds for certain."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far apart two values are."""

    words: str
    """``3 h 20 min``, ``2``, ``12.5 percentage points``; empty where they are the same."""
    size: int | float | Fraction
    """With the sign of the first less the second; in ns for instants and lengths of time, in days for days."""
    is_time: bool

    @property
    def distance(self) -> Fraction:
        """The size without its sign: exact, because no float holds what the greatest numbers differ by."""
        return abs(Fraction(self.size))


def margin(left: Value, right: Value) -> Margin | None:
    """Return by how much *left* is beyond *right*; None where they have no distance that is known."""
    if isinstance(left, Timestamp | Day) and isinstance(right, Timestamp | Day):
        return _between(left, right)
    if isinstance(left, Duration) and isinstance(right, Duration):
        distance = left.ns - right.ns
        return Margin(length(abs(distance)) if distance else "", distance, is_time=False)
    if _is_day(left) and _is_day(right):
        apart = (left - right).days
        words = f"{abs(apart)} {'day' if abs(apart) == 1 else 'days'}" if apart else ""
        return Margin(words, apart, is_time=True)
    if not (_is_number(left) and _is_number(right)):
        return None
    difference = _exact(left) - _exact(right)
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        points = _decimal(abs(difference) * 100)
        unit = "percentage point" if points == "1" else "percentage points"
        return Margin(f"{points} {unit}" if difference else "", difference, is_time=False)
    return Margin(_decimal(abs(difference)) if difference else "", difference, is_time=False)


def _between(left: Timestamp | Day, right: Timestamp | Day) -> Margin | None:
    """Return the distance of two instants; of days the least that it can be."""
    first, last = _bounds(left)
    other_first, other_last = _bounds(right)
    if first == last and other_first == other_last:
        distance = first.ns - other_first.ns
        return Margin(length(abs(distance)) if distance else "", distance, is_time=True)
    if first > other_last:
        distance = first.ns - other_last.ns
    elif last < other_first:
        distance = last.ns - other_first.ns
    else:
        return None
    return Margin(f"at least {length(abs(distance))}", distance, is_time=True)


def length(ns: int) -> str:
    """Show an elapsed time: in hours up to four days, in whole days and hours beyond."""
    if ns < _LONG_NS:
        return duration(ns)
    days, rest = divmod(ns, _DAY_NS)
    hours = rest // _HOUR_NS
    return f"{days} days {hours} h" if hours else f"{days} days"


def length_apart(ns: int, distance: Fraction) -> str:
    """Show an elapsed time; to the second where it would else read like one that is *distance* ns from it."""
    if distance >= (_MINUTE_NS if ns < _LONG_NS else _HOUR_NS):
        return length(ns)
    if ns < _LONG_NS:
        return exact_duration(ns)
    days, rest = divmod(ns, _DAY_NS)
    return f"{days} days {exact_duration(rest)}" if rest else f"{days} days"


def exact_duration(ns: int) -> str:
    """Show an elapsed time in hours, minutes and seconds, nothing cut off."""
    sign, ns = ("-", -ns) if ns < 0 else ("", ns)
    minutes, rest = divmod(ns, _MINUTE_NS)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // NS_PER_S}.{rest % NS_PER_S:09d}".rstrip("0").rstrip(".")
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{seconds} s"] if rest or not parts else []
    return sign + " ".join(parts)


def is_below_a_minute(apart: Margin | None) -> bool:
    """Whether two lengths, in ns, are so close that minutes do not tell them apart."""
    return apart is not None and not apart.is_time and 0 < apart.distance < _MINUTE_NS


def percentage(value: Fraction) -> str:
    """Show a ratio that is too great for its digits to be read."""
    return f"{_decimal(value * 100)} %"


def is_unreadable(value: Fraction) -> bool:
    """Whether a ratio in per cent is told by its power of ten."""
    return abs(value * 100) >= _UNREADABLE


def as_plain(value: Value, wording: Wording) -> Plain:
    """Write a value as a snapshot spells it; None for null and for what no snapshot can hold."""
    match value:
        case Timestamp():
            return wording.rfc3339(value.to_datetime())
        case Day():
            return value.date.isoformat()
        case dt.date():
            return value.isoformat()
        case Fraction():
            return None if is_unreadable(value) else float(value)
        case bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else None
        case _:
            return None


def step_beyond(value: Value, direction: int) -> Value | None:
    """Return the value next to *value*, above it or below it (1, -1); None where there is no next one."""
    match value:
        case bool():
            return None
        case int():
            return value + direction
        case Timestamp():
            return Timestamp(value.ns + direction * NS_PER_S)
        case dt.date():
            return (
                value + dt.timedelta(days=direction) if dt.date.min < value < dt.date.max else None
            )
        case _:
            return None


def _is_day(value: Value) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _is_number(value: Value) -> bool:
    if isinstance(value, float):
        return isfinite(value)  # of floats only: a fraction may be greater than any float
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _exact(value: Value) -> Fraction:
    return Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value)


def _decimal(value: Fraction) -> str:
    """Write a number with at most three digits behind the point; a huge one by its power of ten."""
    if abs(value) >= _UNREADABLE:
        shown = _ROUNDED.divide(Decimal(value.numerator), Decimal(value.denominator))
        return f"{shown.normalize(_ROUNDED):e}"
    if value.denominator == 1:
        return str(value.numerator)
    rounded = f"{float(value):.3f}".rstrip("0").rstrip(".")
    return rounded if rounded != "0" else "less than 0.001"


def _bounds(value: Timestamp | Day) -> tuple[Timestamp, Timestamp]:
    return (value.first, value.last) if isinstance(value, Day) else (value, value)
