"""
What is wrong with an ``==``, ``!=`` or ``in``, by the types of its operands.

Equality is defined for everything, so these are the comparisons that would silently give the same answer
every time, or count "not known" as "different".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    DATE,
    DURATION,
    DYN,
    SPAN,
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
    from collections.abc import Iterator, Sequence

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
    first, second = node.args
    names = {part.name for part in (one, other) if isinstance(part, ScalarType)}
    texts = (_source(first, text), one), (_source(second, text), other)
    written = list(_as_text(node.args, (one, other), text))
    if names == {DATE.name, TIMESTAMP.name}:
        yield say.date_with_instant(node)
    elif written:
        yield from written
    elif not comparable(left, right):
        yield say.unlike(node, *texts)
    elif not (isinstance(left, NullableType) and isinstance(right, NullableType)):
        yield from _enums(node, (one, other), text)
    yield from _enum(first, one, second, text)
    yield from _enum(second, other, first, text)
    yield from _ids(node, (first, one), (second, other), text)
    if node.function == "_!=_":
        yield from difference_faults(node, left, right, text)


def _source(node: Expr, text: str) -> str:
    return text[node.start : node.end] or "this"


def as_texts(operands: Sequence[Expr], found: Sequence[Type], text: str) -> Iterator[Diagnostic]:
    """Find texts that are ordered with a day, an instant or a length; the arguments are those of a call."""
    if len(operands) == 2:  # noqa: PLR2004 - an operator's
        yield from _as_text(operands, [unwrap(part) for part in found], text)


def _as_text(operands: Sequence[Expr], found: Sequence[Type], text: str) -> Iterator[Diagnostic]:
    for at, operand in enumerate(operands):
        other = found[1 - at]
        if other in _WRITTEN_AS_CALLS and is_text(operand):
            asks = f"`{_source(operands[1 - at], text)}` is"
            yield say.as_text(operand, asks, other, text_of(operand))


def is_text(node: Expr) -> bool:
    """Whether *node* is a text in quotation marks."""
    return isinstance(node, Literal) and isinstance(node.value, str)


def text_of(node: Expr) -> str:
    """Return what stands between the quotation marks."""
    return str(node.value) if isinstance(node, Literal) else ""


def _enums(node: Call, found: tuple[Type, Type], text: str) -> Iterator[Diagnostic]:
    one, other = ((part.enum if isinstance(part, ScalarType) else None) for part in found)
    if one and other and not {*one} & {*other}:
        first, second = (_source(operand, text) for operand in node.args)
        yield say.no_value_shared(node, (first, one), (second, other))


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
    members = operand.elements if isinstance(operand, ListExpr) else ()
    one = node.args[0]
    written = [
        fault
        for member in members
        for fault in _as_text((one, member), (unwrap(needle), DYN), text)
    ]
    yield from written
    if not written and not comparable(needle, inner):
        element = (f"a member of {_source(operand, text)}", unwrap(inner))
        yield say.unlike(node, (_source(one, text), unwrap(needle)), element)
    yield from _ids(node, (one, unwrap(needle)), (operand, unwrap(inner)), text)
    for member in members:
        yield from _enum(one, unwrap(needle), member, text)


def _enum(operand: Expr, found: Type, literal: Expr, text: str) -> Iterator[Diagnostic]:
    if isinstance(found, ScalarType) and found.enum is not None and isinstance(literal, Literal):
        value = literal.value
        if isinstance(value, str) and value not in found.enum:
            yield say.not_in_enum(literal, value, _source(operand, text), found.enum)


def _ids(
    node: Expr, left: tuple[Expr, Type], right: tuple[Expr, Type], text: str
) -> Iterator[Diagnostic]:
    one, other = (part.ref if isinstance(part, ScalarType) else None for _, part in (left, right))
    if one and other and one != other:
        first, second = (_source(operand, text) for operand, _ in (left, right))
        yield say.ids_of_two_kinds(node, (first, one), (second, other))


_WRITTEN_AS_CALLS: Final = (DATE, TIMESTAMP, SPAN, DURATION)
"""Types whose values are written as a call: ``date('2026-03-03')``."""
