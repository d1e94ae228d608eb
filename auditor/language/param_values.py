"""
Values of parameters: from what a policy or a profile writes to values of the language.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import BOOL, DATE, DOUBLE, INT, RATIO, SPAN, STRING, ListType, MapType
from auditor.language.spans import parse_span, size_of
from auditor.language.values import INT_MAX, INT_MIN, Listing, MapValue, Span, Value, map_key

if TYPE_CHECKING:
    from auditor.facts.types import Type

_PERCENT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


_LARGEST: Final = sys.float_info.max


def read_off(raw: Any) -> Value | None:  # noqa: ANN401 - any YAML value
    """Read a value by its form: ``24 hours`` is a span, ``90 %`` a ratio; None for null."""
    if isinstance(raw, str):
        ratio = _ratio(raw)
        if ratio is not None:
            return ratio
        return parse_span(raw) or raw
    return _plain(raw)


def as_declared(raw: Any, kind: Type) -> Value | None:  # noqa: ANN401 - any YAML value
    """Read a value of a declared type; None where it is none of that type."""
    if kind == SPAN:
        return parse_span(raw) if isinstance(raw, str) else None
    if kind == RATIO:
        if isinstance(raw, str):
            return _ratio(raw)
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        return Fraction(str(raw)) if is_number else None
    if kind == DATE:
        return _date(raw)
    if kind == DOUBLE:
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        return float(raw) if is_number and abs(raw) <= _LARGEST else None
    wanted: dict[Type, type] = {STRING: str, INT: int, BOOL: bool}
    if kind in wanted:
        return _plain(raw) if type(raw) is wanted[kind] else None
    if isinstance(kind, ListType):
        return _plain(raw) if isinstance(raw, list) else None
    if isinstance(kind, MapType):
        return _plain(raw) if isinstance(raw, dict) else None
    return None


def _ratio(text: str) -> Fraction | None:
    match = _PERCENT.fullmatch(text)
    return Fraction(match[1]) / 100 if match else None


def _date(raw: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _plain(raw: Any) -> Value | None:  # noqa: ANN401 - any YAML value
    match raw:
        case list():
            return Listing.of([read_off(part) for part in raw])
        case dict():
            return MapValue({map_key(k): (k, read_off(v)) for k, v in raw.items()})  # type: ignore[misc]
        case int() if not isinstance(raw, bool) and not INT_MIN <= raw <= INT_MAX:
            return None
        case _:
            return raw


_ENDLESS: Final = 10**20
"""From here on a percentage is told by its power of ten."""


def shown_value(value: Value) -> str:
    """Show a parameter's value as a policy writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Fraction():
            return f"{_shown_percent(value * 100)} %"
        case Listing():
            return ", ".join(shown_value(part) for part in value)
        case MapValue():
            return ", ".join(f"{k}: {shown_value(v)}" for k, v in value.entries.values())
        case _:
            return str(value)


def _shown_percent(percent: Fraction) -> str:
    if abs(percent) >= _ENDLESS:  # beyond what a double may hold
        return f"{Decimal(percent.numerator) / Decimal(percent.denominator):.3g}"
    return str(percent.numerator) if percent.denominator == 1 else str(float(percent))


def is_between(value: Value, bounds: tuple[Value, Value]) -> bool | None:
    """Tell whether *value* keeps to its bounds, both inclusive; None where they are of another kind."""
    low, high = bounds
    if isinstance(value, Span):
        (kind, size), (low_kind, least), (high_kind, greatest) = map(size_of, (value, low, high))
        return least <= size <= greatest if {kind} == {low_kind, high_kind} else None
    return bool(low <= value <= high)
