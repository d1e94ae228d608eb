"""
What a macro gives, by the type of its elements and of what it computes for each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    RATIO,
    TIMESTAMP,
    UINT,
    ListType,
    NullableType,
    Type,
    nullable,
    unwrap,
)
from auditor.language.cel import diagnostics as say
from auditor.language.cel.compatibility import is_dyn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.cel.ast import Comprehension, Expr
    from auditor.language.cel.diagnostics import Diagnostic

_PREDICATES: Final = frozenset({"all", "exists", "exists_one", "filter", "count"})
"""Macros whose one argument must be true or false."""


def macro_type(
    node: Comprehension, element: Type, bodies: Sequence[Type], text: str
) -> tuple[Type, list[Diagnostic]]:
    """
    Find the type of a macro.

    Args:
        node: The macro.
        element: Type of the members of its list.
        bodies: Types of its arguments.
        text: Source of the whole expression, for messages.

    Returns:
        The type, and what is wrong with the arguments.
    """
    body, last = node.args[-1], bodies[-1]
    faults: list[Diagnostic] = []
    if node.macro in _PREDICATES:
        faults.extend(truth_faults(body, last, text))
    match node.macro:
        case "all" | "exists" | "exists_one" | "sumReaches":
            result: Type = BOOL
        case "filter" | "sortBy":
            result = ListType(element)
        case "count":
            result = INT
        case "map":
            result = ListType(last)
            if len(bodies) > 1:
                faults.extend(truth_faults(node.args[0], bodies[0], text))
        case "latest" | "earliest":
            result = nullable(element)
            if not is_dyn(last) and unwrap(last) != TIMESTAMP:
                faults.append(say.wrong_element(body, node.macro, "an instant", last))
        case "sum":
            result = INT if last == INT else DYN if is_dyn(last) else DOUBLE
        case _:
            msg = f"no type rule for the macro {node.macro}"
            raise ValueError(msg)
    if node.macro in {"sum", "sumReaches"}:
        for argument, found in zip(node.args, bodies, strict=True):
            faults.extend(_number_faults(argument, found, text))
    if node.macro == "sortBy" and isinstance(last, NullableType):
        use = "null has no place in an order"
        faults.append(say.unguarded_null(body, text[body.start : body.end], use))
    return result, faults


def truth_faults(node: Expr, found: Type, text: str) -> Iterator[Diagnostic]:
    """Find what is wrong with something that must be true or false."""
    if isinstance(found, NullableType):
        use = "true or false is needed"
        yield say.unguarded_null(node, text[node.start : node.end], use)
    elif not is_dyn(found) and found != BOOL:
        yield say.not_bool(node, found)


def _number_faults(node: Expr, found: Type, text: str) -> Iterator[Diagnostic]:
    if isinstance(found, NullableType):
        yield say.unguarded_null(node, text[node.start : node.end], "a number is needed")
    elif not is_dyn(found) and found not in {INT, DOUBLE, UINT, RATIO}:
        yield say.no_number(node, found)
