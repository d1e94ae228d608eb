"""
What a macro gives, by the type of its elements and of what it computes for each of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DOUBLE,
    DYN,
    FREE,
    INT,
    NULL,
    RATIO,
    STRING,
    TIMESTAMP,
    UINT,
    Field,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    held_type,
    nullable,
    optional,
    unwrap,
)
from auditor.language.cel import diagnostics as say
from auditor.language.cel.compatibility import is_dyn, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.cel.ast import Comprehension, Expr
    from auditor.language.cel.diagnostics import Diagnostic

_PREDICATES: Final = frozenset({"all", "exists", "exists_one", "filter", "count"})
"""Macros whose one argument must be true or false."""

_OF_OPTIONAL: Final = frozenset({"optMap", "optFlatMap"})

PER_ELEMENT: Final = {"sumReaches": 1, "reachable": 2}
"""How many of a macro's arguments are evaluated for each element, where the others are evaluated once."""


@cache
def calendar_value(value: Type) -> ObjectType:
    """Return the type of what ``weekly`` and its like give for one calendar unit; one object per *value*."""
    return ObjectType(
        "calendar value",
        {
            "id": Field(STRING, required=True, about="`2026-03-03`, `2026-W10` or `2026-03`."),
            "ends_at": Field(TIMESTAMP, required=True, about="Last instant of the unit."),
            "value": Field(value, about="The last value in it; unobserved where there is none."),
        },
    )


@cache
def group(element: Type) -> ObjectType:
    """Return the type of what ``groupBy`` gives for one key; one object per *element*."""
    return ObjectType(
        "group",
        {
            "key": Field(STRING, required=True, about="What the elements have in common."),
            "items": Field(ListType(element), required=True, about="The elements, in order."),
        },
    )


def bound_types(
    node: Comprehension, source: Type, text: str
) -> tuple[list[Type], list[Diagnostic]]:
    """
    Find the types of a macro's variables.

    Args:
        node: The macro.
        source: Type of what it goes through.
        text: Source of the whole expression, for messages.

    Returns:
        One type for each variable, and what is wrong with the source.
    """
    if node.macro == "bind":
        return [source], []
    faults = []
    if isinstance(source, NullableType):
        shown = text[node.range.start : node.range.end] or "this"
        use = "null is no optional" if node.macro in _OF_OPTIONAL else "null has no elements"
        faults.append(say.unguarded_null(node.range, shown, use))
    found = unwrap(source)
    held = held_type(found)
    dyn: list[Type] = [DYN] * len(node.variables)
    if is_dyn(found):
        return dyn, faults
    if node.macro in _OF_OPTIONAL:
        if held is not None:
            return [held], faults
        wanted = f"optional(T).{node.macro}(x, e)"
        return dyn, [*faults, say.no_overload(node, node.macro, str(found), [wanted])]
    paired = len(node.variables) > 1
    match found:
        case ListType():
            return [INT, found.element] if paired else [found.element], faults
        case MapType():
            return [found.key, found.value] if paired else [found.key], faults
        case _:
            return dyn, [*faults, say.not_a_list(node.range, node.macro, found)]


def macro_type(
    node: Comprehension, bound: Sequence[Type], bodies: Sequence[Type], text: str
) -> tuple[Type, list[Diagnostic]]:
    """
    Find the type of a macro.

    Args:
        node: The macro.
        bound: Types of its variables, the last one that of the members.
        bodies: Types of its arguments.
        text: Source of the whole expression, for messages.

    Returns:
        The type, and what is wrong with the arguments.
    """
    element, last = bound[-1], bodies[-1]
    if node.macro in _LISTS:
        listed = _list_type(node.macro, element, last)
        return listed, list(_faults(node, bodies, text))
    match node.macro:
        case "all" | "exists" | "exists_one" | "sumReaches":
            result: Type = BOOL
        case "count":
            result = INT
        case "latest" | "earliest":
            result = nullable(element)
        case "transformMap":
            result = MapType(bound[0], last)
        case "transformMapEntry" | "bind":
            result = last
        case "optMap":
            result = optional(last)
        case "optFlatMap":
            result = optional(FREE) if held_type(last) is None else last
        case "sum":
            result = INT if last == INT else DYN if is_dyn(last) else DOUBLE
        case _:
            msg = f"no type rule for the macro {node.macro}"
            raise ValueError(msg)
    return result, list(_faults(node, bodies, text))


_LISTS: Final = frozenset(
    {
        "filter", "sortBy", "map", "transformList", "daily", "weekly", "monthly", "groupBy", "cycles",
        "reachable",
    }
)  # fmt: skip
"""Macros that give a list."""


def _list_type(macro: str, element: Type, last: Type) -> Type:
    match macro:
        case "filter" | "sortBy":
            return ListType(element)
        case "map" | "transformList":
            return ListType(last)
        case "groupBy":
            return ListType(group(settled(element)))
        case "cycles":
            return ListType(ListType(STRING))
        case "reachable":
            return ListType(STRING)
        case _:
            return ListType(calendar_value(settled(last)))


def _faults(node: Comprehension, bodies: Sequence[Type], text: str) -> Iterator[Diagnostic]:
    """Find what is wrong with the arguments of a macro."""
    first, body, last = node.args[0], node.args[-1], bodies[-1]
    match node.macro:
        case "map" | "transformList" | "transformMap" if len(bodies) > 1:
            yield from truth_faults(first, bodies[0], text)
        case "transformMapEntry":
            if len(bodies) > 1:
                yield from truth_faults(first, bodies[0], text)
            if not is_dyn(last) and not isinstance(last, MapType):
                yield say.wrong_element(body, node.macro, "a map", last)
        case "optFlatMap" if not is_dyn(last) and held_type(last) is None:
            yield say.wrong_element(body, node.macro, "an optional", last)
        case "latest" | "earliest" | "daily" | "weekly" | "monthly":
            yield from _instant_faults(node, bodies[0])
        case "groupBy":
            yield from _text_faults(node, bodies[0], text)
        case "cycles":
            yield from _text_faults(node, bodies[0], text)
            yield from _successor_faults(node, last, text)
        case "reachable":
            yield from _text_faults(node, bodies[0], text)
            yield from _successor_faults(node, bodies[1], text)
            yield from _start_faults(node, last, text)
        case "sum" | "sumReaches":
            for argument, found in zip(node.args, bodies, strict=True):
                yield from _number_faults(argument, found, text)
        case "sortBy" if isinstance(last, NullableType):
            use = "null has no place in an order"
            yield say.unguarded_null(body, text[body.start : body.end], use)
        case macro if macro in _PREDICATES:
            yield from truth_faults(body, last, text)


def truth_faults(node: Expr, found: Type, text: str) -> Iterator[Diagnostic]:
    """Find what is wrong with something that must be true or false."""
    if isinstance(found, NullableType):
        use = "true or false is needed"
        yield say.unguarded_null(node, text[node.start : node.end], use)
    elif not is_dyn(found) and found != BOOL:
        yield say.not_bool(node, found)


def _instant_faults(node: Comprehension, found: Type) -> Iterator[Diagnostic]:
    if not is_dyn(found) and unwrap(found) != TIMESTAMP:
        yield say.wrong_element(node.args[0], node.macro, "an instant", found)


def _text_faults(node: Comprehension, found: Type, text: str) -> Iterator[Diagnostic]:
    body = node.args[0]
    if not is_dyn(found) and not _is_text(unwrap(found)):
        yield say.wrong_element(body, node.macro, "a text", found)
    elif isinstance(found, NullableType):
        yield say.unguarded_null(body, text[body.start : body.end], "a text is needed")


def _start_faults(node: Comprehension, found: Type, text: str) -> Iterator[Diagnostic]:
    start = node.args[-1]
    if isinstance(found, NullableType):
        yield say.unguarded_null(start, text[start.start : start.end], "a text is needed")
    elif not is_dyn(found) and not _is_text(found):
        yield say.wrong_start(start, node.macro, found)


def _successor_faults(node: Comprehension, found: Type, text: str) -> Iterator[Diagnostic]:
    body = node.args[1]
    if isinstance(found, NullableType):
        yield say.unguarded_null(body, text[body.start : body.end], "null has no elements")
    elif not is_dyn(found) and not (isinstance(found, ListType) and _may_be_text(found.element)):
        yield say.wrong_element(body, node.macro, "a list of texts", found)


def _is_text(found: Type) -> bool:
    return isinstance(found, ScalarType) and found.name == STRING.name


def _may_be_text(found: Type) -> bool:
    return is_dyn(found) or found == NULL or _is_text(unwrap(found))


def _number_faults(node: Expr, found: Type, text: str) -> Iterator[Diagnostic]:
    if isinstance(found, NullableType):
        yield say.unguarded_null(node, text[node.start : node.end], "a number is needed")
    elif not is_dyn(found) and found not in {INT, DOUBLE, UINT, RATIO}:
        yield say.no_number(node, found)
