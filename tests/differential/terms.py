"""
What can be named in a place, by kind of type.

A kind is a text: ``timestamp``, ``?timestamp`` for one that may be null, ``list(risks)``. Enumerations and
ids are texts like any other; whoever needs more looks at the term's type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    FREE,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    ScalarType,
    Type,
    nullable,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NULLABLE: Final = "?*"
LISTS: Final = "list(*"
"""Families of kinds that a scope can be asked for, too."""

_DEEPEST: Final = 3
"""Fields below a variable that are offered."""


def kind_of(found: Type) -> str:
    """Return the kind of a type; two types of one kind may stand in each other's place."""
    match found:
        case NullableType():
            return f"?{kind_of(found.inner)}"
        case ScalarType():
            return found.name
        case ListType():
            return f"list({kind_of(found.element)})"
        case MapType():
            return f"map({kind_of(found.key)},{kind_of(found.value)})"
        case OpaqueType():
            about = ",".join(map(kind_of, found.parameters))
            return f"{found.name}({about})" if about else found.name
        case ObjectType():
            return _kind_of_object(found)
        case _:
            return "dyn"


def _kind_of_object(found: ObjectType) -> str:
    """Name an object type; those that a macro makes are told apart by what they hold."""
    held = {"group": "items", "calendar value": "value"}.get(found.name)
    return found.name if held is None else f"{found.name}({kind_of(found.fields[held].type)})"


@dataclass(frozen=True, slots=True)
class Term:
    """An expression without operators: a name and the fields selected from it."""

    text: str
    type: Type


@dataclass(frozen=True, slots=True)
class Scope:
    """The terms of a place; those of an inner place hide none, because every name is new."""

    layers: tuple[Mapping[str, tuple[Term, ...]], ...] = ()
    names: int = 0
    """Names that macros have bound so far."""

    def of_kind(self, kind: str) -> list[Term]:
        """Return the terms of a kind, the innermost first."""
        return [term for layer in reversed(self.layers) for term in layer.get(kind, ())]

    def fresh(self) -> tuple[str, Scope]:
        """Return a name that nothing has yet, and the scope that knows so."""
        return f"x{self.names}", Scope(self.layers, self.names + 1)

    def knowing(self, text: str, found: Type) -> Scope:
        """Return the scope in which *text* is a term of its own, with the fields below it."""
        layer: dict[str, list[Term]] = {}
        for suffix, below in below_of(found):
            term = Term(text + suffix, below)
            kind = kind_of(below)
            layer.setdefault(kind, []).append(term)
            for family in (NULLABLE, LISTS):
                if kind.startswith(family[:-1]):
                    layer.setdefault(family, []).append(term)
        grouped = {kind: tuple(terms) for kind, terms in layer.items()}
        return Scope((*self.layers, grouped), self.names)


_BELOW: dict[Type, tuple[tuple[str, Type], ...]] = {}


def below_of(found: Type) -> tuple[tuple[str, Type], ...]:
    """Return what can be selected from a value of a type, itself first: suffixes and types."""
    known = _BELOW.get(found)
    if known is None:
        known = _BELOW[found] = tuple(_below(found, 0))
    return known


def _below(found: Type, depth: int) -> Iterator[tuple[str, Type]]:
    if found == FREE:
        return
    yield "", found
    record = unwrap(found)
    if not isinstance(record, ObjectType) or depth >= _DEEPEST or record.name == "prov":
        return
    for name, field in record.fields.items():
        inner = nullable(field.type) if isinstance(found, NullableType) else field.type
        for suffix, below in _below(inner, depth + 1):
            yield f".{name}{suffix}", below
