"""
Values of the exact evaluator as the leaves that generated code computes with.

Instants are UTC datetimes and lengths of time timedeltas there: what is finer than a microsecond has no such
leaf, and stays with the exact evaluator.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.fast.leave import NotFast
from auditor.language.values import (
    Duration,
    Listing,
    MapValue,
    Record,
    Span,
    Timestamp,
    Uint,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

NS_PER_US: Final = 1_000


def leaf(value: Value) -> Any:  # noqa: ANN401 - any leaf
    """
    Return the leaf of a finished value.

    Raises:
        NotFast: There is none.
    """
    match value:
        case Uint():
            pass
        case None | bool() | int() | float() | str() | Fraction() | Span():
            return value
        case Timestamp(ns) if ns % NS_PER_US == 0:
            return value.to_datetime()
        case Duration(ns) if ns % NS_PER_US == 0:
            return dt.timedelta(microseconds=ns // NS_PER_US)
        case dt.date():
            return value
        case Listing() if not value.is_open:
            return [leaf(part) for part in value]
        case MapValue() if all(isinstance(key, str) for key, _ in value.entries.values()):
            return {key: leaf(part) for key, part in value.entries.values()}
        case Record() if not value.pointer:
            return dict(value.data)
        case _:
            pass
    msg = f"no leaf for a {type(value).__name__}"
    raise NotFast(msg)


def identity(value: Any) -> Hashable:  # noqa: ANN401 - any leaf
    """Return what tells a leaf from every other one, ``1`` from ``1.0`` and from ``true`` included."""
    if isinstance(value, list):
        return ("list", *(identity(part) for part in value))
    if isinstance(value, dict):
        return ("map", *((key, identity(part)) for key, part in value.items()))
    return (type(value).__name__, repr(value) if isinstance(value, float) else value)
