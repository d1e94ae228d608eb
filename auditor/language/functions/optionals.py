"""
CEL's functions on optionals: values that may be left out.

``or`` and ``orValue`` stand here for their signatures; the evaluator has them itself, because their
argument counts only where the receiver holds nothing.

Source: CEL's extension "optional types", version 2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.values import (
    Duration,
    Item,
    Listing,
    MapValue,
    Optional,
    Span,
    Unknown,
    Value,
)


def _of(value: Value) -> Optional:
    return Optional(has_value=True, value=value)


def _is_zero(value: Value) -> bool:
    match value:
        case None | False | "" | b"":
            return True
        case int() | float() | Fraction():
            return not isinstance(value, bool) and value == 0
        case Listing():
            return not value.items
        case MapValue():
            return not value.entries
        case Duration():
            return value.ns == 0
        case Span():
            return value.amount == 0
        case _:
            return False


def _of_non_zero(value: Value) -> Optional:
    return Optional() if _is_zero(value) else _of(value)


def _has_value(optional: Optional) -> bool:
    return optional.has_value


def _value(optional: Optional) -> Value:
    if not optional.has_value:
        fail("no_value", "the optional holds no value")
    return optional.value


def _or(optional: Optional, other: Optional) -> Optional:
    return optional if optional.has_value else other


def _or_value(optional: Optional, other: Value) -> Value:
    return optional.value if optional.has_value else other


def _unwrapped(optionals: Listing) -> Listing:
    """Return what the members hold; a member that is unknown may hold something."""
    items: list[Item] = []
    for member in optionals:
        if isinstance(member, Unknown):
            items.append(Item(member, member))
        elif not isinstance(member, Optional):
            fail("no_overload", "a list of optionals is wanted")
        elif member.has_value:
            items.append(Item(member.value))
    return Listing(tuple(items), grounded=optionals.grounded)


LIBRARY: Final = Library(
    "optionals",
    (
        overload(
            "optional.of(T) -> optional(T)",
            _of,
            wants_days=True,
            examples=[("optional.of(1).value()", "1")],
        ),
        overload(
            "optional.ofNonZeroValue(T) -> optional(T)",
            _of_non_zero,
            wants_days=True,
            examples=[("optional.ofNonZeroValue('').hasValue()", "false")],
            about="Holds nothing for null, false, 0, an empty text, list or map, and a length of no time.",
        ),
        overload(
            "optional.none() -> optional(T)",
            Optional,
            examples=[("optional.none().hasValue()", "false")],
        ),
        overload(
            "optional.unwrap(list(optional(T))) -> list(T)",
            _unwrapped,
            examples=[("optional.unwrap([optional.of(1), optional.none()])", "[1]")],
            about="What the members hold, without those that hold nothing.",
        ),
        overload(
            "list(optional(T)).unwrapOpt() -> list(T)",
            _unwrapped,
            examples=[("[optional.of(1), optional.none()].unwrapOpt()", "[1]")],
            about="What the members hold, without those that hold nothing.",
        ),
        overload(
            "optional(T).hasValue() -> bool",
            _has_value,
            examples=[("{'a': 1}.?a.hasValue()", "true")],
        ),
        overload(
            "optional(T).value() -> T",
            _value,
            examples=[("{'a': 1}.?a.value()", "1")],
            about="An error where there is none.",
        ),
        overload(
            "optional(T).or(optional(T)) -> optional(T)",
            _or,
            examples=[("optional.none().or(optional.of(2)).value()", "2")],
            about="The first that holds a value; the second is looked at only where the first holds none.",
        ),
        overload(
            "optional(T).orValue(T) -> T",
            _or_value,
            examples=[("{'a': 1}.?b.orValue(2)", "2")],
            about="What it holds, else the argument, which is looked at only then.",
        ),
    ),
    about="CEL's extension `optional types`, version 2; `x.?f` and its like stand above.",
)
