"""
Which other text could stand in the place of a text?

A text that is compared with an enumeration, or handed to a word that does so, becomes another member of it. Of
other texts the caller knows what else the facts of the cases have in that place; where nobody knows, the text
becomes one that nothing has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from auditor.facts.types import DYN, ListType, ScalarType, unwrap
from auditor.language.cel.ast import Call, Expr, Ident, ListExpr, Literal, Select, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.facts.types import Type
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.mutation.edit import Kinds, Written

_EQUAL = frozenset({"_==_", "_!=_"})


def quoted(text: str) -> str:
    """Write a text as a literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def other_text(value: str, enum: Iterable[str] | None, kinds: Kinds, taken: Iterable[str]) -> str:
    """
    Return a text to stand for *value*.

    Args:
        value: The text.
        enum: What may stand in its place; None where nobody says.
        kinds: Texts of one kind.
        taken: Texts that stand beside it already.
    """
    if enum is not None:
        members = tuple(enum)
        at = members.index(value) + 1 if value in members else 0
        rest = [one for one in (*members[at:], *members[:at]) if one != value]
        free = [one for one in rest if one not in set(taken)]
        if rest:
            return (free or rest)[0]
    return kinds.get(value, f"no {value}")


def compared(written: Written) -> Iterator[tuple[Literal, tuple[str, ...] | None, tuple[str, ...]]]:
    """Yield the texts that facts are compared with: the literal, the enumeration, and what stands beside it."""
    for node in walk(written.expr):
        if not isinstance(node, Call):
            continue
        if node.function in _EQUAL:
            for one, other in (node.args, node.args[::-1]):
                if _is_text(one):
                    yield one, _enum(written.type(other)), ()
        elif node.function == "@in":
            yield from _members(written, *node.args)
        elif node.id in written.instances:
            instance = written.instances[node.id]
            for name, argument in zip(instance.parameters, node.args, strict=True):
                if _is_text(argument):
                    yield argument, _enum_of_name(instance.body, name), ()


def enum_of_param(name: str, expressions: Iterable[Written]) -> tuple[str, ...] | None:
    """Return the enumeration that a parameter, or its members, are compared with."""
    for written in expressions:
        for node in walk(written.expr):
            if isinstance(node, Call) and node.function in _EQUAL | {"@in"}:
                for one, other in (node.args, node.args[::-1]):
                    if _is_param(one, name) and (found := _enum(written.type(other))):
                        return found
    return None


def _members(
    written: Written, element: Expr, among: Expr
) -> Iterator[tuple[Literal, tuple[str, ...] | None, tuple[str, ...]]]:
    if isinstance(among, ListExpr):
        texts = [one for one in among.elements if _is_text(one)]
        for one in texts:
            yield one, _enum(written.type(element)), tuple(str(text.value) for text in texts)
    elif _is_text(element):
        yield element, _enum(written.type(among)), ()


def _is_text(node: Expr) -> TypeGuard[Literal]:
    return isinstance(node, Literal) and isinstance(node.value, str)


def _is_param(node: Expr, name: str) -> bool:
    return (
        isinstance(node, Select)
        and node.field == name
        and isinstance(node.operand, Ident)
        and node.operand.name == "params"
    )


def _enum(found: Type) -> tuple[str, ...] | None:
    kind = unwrap(found)
    if isinstance(kind, ListType):
        kind = unwrap(kind.element)
    return kind.enum if isinstance(kind, ScalarType) else None


def _enum_of_name(body: CheckedExpr, name: str) -> tuple[str, ...] | None:
    """Return the enumeration that a word compares its argument *name* with."""
    for node in walk(body.expr):
        if not isinstance(node, Call):
            continue
        if node.function in _EQUAL | {"@in"}:
            for one, other in (node.args, node.args[::-1]):
                if isinstance(one, Ident) and one.name == name:
                    found = _enum(body.types.get(other.id, DYN))
                    if found:
                        return found
        inner = body.instances.get(node.id)
        if inner is not None:
            for parameter, argument in zip(inner.parameters, node.args, strict=True):
                if isinstance(argument, Ident) and argument.name == name:
                    found = _enum_of_name(inner.body, parameter)
                    if found:
                        return found
    return None
