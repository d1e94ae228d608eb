"""
The type of a constant.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.facts.types import (
    BOOL,
    BYTES,
    DATE,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    RATIO,
    SPAN,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    Type,
)
from auditor.language.values import (
    Duration,
    Listing,
    MapValue,
    Span,
    Timestamp,
    Uint,
)

if TYPE_CHECKING:
    from auditor.language.values import Value

_BY_CLASS: tuple[tuple[type, Type], ...] = (
    (type(None), NULL),
    (bool, BOOL),
    (Uint, UINT),
    (int, INT),
    (float, DOUBLE),
    (str, STRING),
    (bytes, BYTES),
    (Fraction, RATIO),
    (Span, SPAN),
    (Timestamp, TIMESTAMP),
    (Duration, DURATION),
    (dt.date, DATE),
)
"""Bool stands before int and uint before int, because Python's bool and our uint are ints."""


def literal_type(value: Value) -> Type:
    """Return the type of a finished constant; the elements of a list or map must agree, else dyn."""
    if isinstance(value, Listing):
        return ListType(_common([literal_type(part) for part in value]))
    if isinstance(value, MapValue):
        pairs = list(value.entries.values())
        keys = _common([literal_type(key) for key, _ in pairs])
        return MapType(keys, _common([literal_type(part) for _, part in pairs]))
    return next((found for kind, found in _BY_CLASS if isinstance(value, kind)), DYN)


def _common(types: list[Type]) -> Type:
    return types[0] if types and all(found == types[0] for found in types) else DYN
