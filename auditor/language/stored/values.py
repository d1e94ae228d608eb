"""
Constants and parameters as data.

What JSON has stands as it is; everything else is a list that begins with the name of its kind.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.language.stored.shapes import PlanDataError, Shape, items, plain
from auditor.language.values import (
    Duration,
    Listing,
    MapValue,
    Span,
    Timestamp,
    Uint,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 64
"""Lists and maps inside each other; documents, which parameters come from, have no more."""

_AS_IT_IS: Final = frozenset({type(None), bool, int, str})
_INT: Final = plain(int)
_STR: Final = plain(str)


def write_value(value: Value, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """
    Write a constant or a parameter.

    Raises:
        PlanDataError: It is of a kind that neither can be.
    """
    if type(value) in _AS_IT_IS:
        return value
    _bound(depth)
    match value:
        case Uint():
            return ["uint", int(value)]
        case float():
            return ["double", value.hex()]
        case bytes():
            return ["bytes", value.hex()]
        case Fraction():
            return ["ratio", value.numerator, value.denominator]
        case Span():
            return ["span", value.amount, value.unit]
        case Timestamp():
            return ["timestamp", value.ns]
        case Duration():
            return ["duration", value.ns]
        case dt.date() if type(value) is dt.date:
            return ["date", value.isoformat()]
        case Listing() if _is_plain(value):
            return ["list", *(write_value(part, depth + 1) for part in value)]
        case MapValue() if not value.pointer:
            pairs = value.entries.values()
            return ["map", *([write_value(k), write_value(v, depth + 1)] for k, v in pairs)]
    msg = f"a {type(value).__name__} is no constant"
    raise PlanDataError(msg)


def read_value(data: Any, depth: int = 0) -> Value:  # noqa: ANN401 - any JSON value
    """
    Read a constant or a parameter.

    Raises:
        PlanDataError: It is none.
    """
    if type(data) in _AS_IT_IS:
        return data
    _bound(depth)
    kind, *parts = items(data) or [None]
    if kind == "list":
        return Listing.of([read_value(part, depth + 1) for part in parts])
    if kind == "map":
        return _map(parts, depth + 1)
    shapes, make = _KINDS.get(kind if isinstance(kind, str) else "", ((), None))
    if make is None or len(parts) != len(shapes):
        msg = "this is no constant"
        raise PlanDataError(msg)
    read = [shape.read(part) for shape, part in zip(shapes, parts, strict=True)]
    try:
        return make(*read)
    except (ArithmeticError, ValueError):
        msg = f"this is no {kind}"
        raise PlanDataError(msg) from None


VALUE: Final = Shape(object, object, write_value, read_value)

_KINDS: Final[dict[str, tuple[tuple[Shape, ...], Callable[..., Value]]]] = {
    "uint": ((_INT,), Uint),
    "double": ((_STR,), float.fromhex),
    "bytes": ((_STR,), bytes.fromhex),
    "ratio": ((_INT, _INT), Fraction),
    "span": ((_INT, _STR), Span),
    "timestamp": ((_INT,), Timestamp),
    "duration": ((_INT,), Duration),
    "date": ((_STR,), dt.date.fromisoformat),
}


def _is_plain(found: Listing) -> bool:
    """Whether nothing is known of a list but its members: a constant never came out of a snapshot."""
    is_told = found.pointer or found.missed or any(item.facts for item in found.items)
    return not found.is_open and not is_told and found.grounded == bool(found.items)


def _map(pairs: list[Any], depth: int) -> MapValue:
    entries = {}
    for pair in pairs:
        key, value = items(pair, 2)
        made = read_value(key, depth)
        entries[_key(made)] = (made, read_value(value, depth))
    return MapValue(entries)


def _key(made: Value) -> tuple[str, Any]:
    key = map_key(made)
    if key is None:
        msg = "this is no key of a map"
        raise PlanDataError(msg)
    return key


def _bound(depth: int) -> None:
    if depth > MAX_DEPTH:
        msg = "these values are too deep inside each other"
        raise PlanDataError(msg)
