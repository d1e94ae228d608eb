"""
What is wrong with an ``==``, ``!=`` or ``in``, by the types of its operands.

Equality is defined for everything, so these are the comparisons that would silently give the same answer
every time, or count "not known" as "different".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import (
    DATE,
    TIMESTAMP,
    ListType,
    MapType,
    NullableType,
    ScalarType,
    Type,
    unwrap,
)
from auditor.language.cel import diagnostics as say
from auditor.language.cel.ast import Call, Expr, ListExpr, Literal
from auditor.language.cel.compatibility import comparable, is_dyn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.cel.diagnostics import Diagnostic


def equality_faults(node: Call, left: Type, right: Type, text: str) -> Iterator[Diagnostic]:
    """
    Find what is wrong with ``==`` or ``!=``.

    Args:
        node: The comparison.
        left: Type of its first operand.
        right: Type of its second one.
        text: Source of the whole expression, for messages.
    """
    one, other = unwrap(left), unwrap(right)
    names = {part.name for part in (one, other) if isinstance(part, ScalarType)}
    if names == {DATE.name, TIMESTAMP.name}:
        yield say.date_with_instant(node)
    elif not comparable(left, right):
        yield say.unlike(node, one, other)
    yield from _enum(one, node.args[1])
    yield from _enum(other, node.args[0])
    yield from _ids(node, one, other)
    if node.function == "_!=_":
        yield from difference_faults(node, left, right, text)


def difference_faults(node: Call, left: Type, right: Type, text: str) -> Iterator[Diagnostic]:
    """
    Find what may be null where a demand is that two facts differ: ``a != b``, ``!(a == b)``, ``!(a in b)``.

    The arguments are those of `equality_faults`. A literal on either side is no fact, and is let through.
    """
    stated = (Literal, ListExpr) if node.function == "@in" else (Literal,)
    if any(isinstance(part, stated) for part in node.args):
        return
    shown = {"_!=_": "!=", "_==_": "!(… == …)", "@in": "!(… in …)"}[node.function]
    operands = list(zip(node.args, (left, right), strict=True))
    for operand, found in operands[:1] if node.function == "@in" else operands:
        if isinstance(found, NullableType):
            use = f"what is absent would count as different in `{shown}`"
            yield say.unguarded_null(operand, text[operand.start : operand.end], use)


def membership_faults(node: Call, needle: Type, haystack: Type, text: str) -> Iterator[Diagnostic]:
    """Find what is wrong with ``in``; the arguments are those of `equality_faults`."""
    operand = node.args[1]
    if isinstance(haystack, NullableType):
        yield say.unguarded_null(operand, text[operand.start : operand.end], "null has no members")
    collection = unwrap(haystack)
    if is_dyn(collection):
        return
    if not isinstance(collection, ListType | MapType):
        yield say.not_a_list(operand, "in", collection)
        return
    inner = collection.element if isinstance(collection, ListType) else collection.key
    if not comparable(needle, inner):
        yield say.unlike(node, unwrap(needle), unwrap(inner))
    yield from _ids(node, unwrap(needle), unwrap(inner))
    if isinstance(operand, ListExpr):
        for element in operand.elements:
            yield from _enum(unwrap(needle), element)


def _enum(found: Type, literal: Expr) -> Iterator[Diagnostic]:
    if isinstance(found, ScalarType) and found.enum is not None and isinstance(literal, Literal):
        value = literal.value
        if isinstance(value, str) and value not in found.enum:
            yield say.not_in_enum(literal, value, found.enum)


def _ids(node: Expr, left: Type, right: Type) -> Iterator[Diagnostic]:
    one = left.ref if isinstance(left, ScalarType) else None
    other = right.ref if isinstance(right, ScalarType) else None
    if one and other and one != other:
        yield say.ids_of_two_kinds(node, one, other)
