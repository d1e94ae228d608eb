"""
Macros with two variables: position and element of a list, key and value of a map.

In an open list nobody knows the position of a member, so the first variable is unknown there; what does
not ask for it is decided as with one variable. A map cannot be open: an entry that may not belong makes
the whole map unknown.

Source: CEL's extension "comprehensions" (two variables); LANGUAGE.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.documents.pointer import child
from auditor.evaluation.equality import doubts
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import type_name
from auditor.language.values import (
    Failure,
    Item,
    Listing,
    MapValue,
    Record,
    Unknown,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension

    Entries = dict[tuple[str, Value], tuple[Value, Value]]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What the two variables stand for, and which of them a report names."""

    first: Value
    second: Value
    named: Value
    facts: tuple[str, ...] = ()
    """Pointer of the second one, where reading it is a fact of its own."""


def paired(source: Listing | MapValue) -> Listing:
    """Return the members of a list with their positions, or the entries of a map."""
    if isinstance(source, MapValue):
        return Listing.of([_entry(source, *entry) for entry in source.entries.values()])
    unknown = doubts(source) if source.is_open else None
    items = tuple(
        Item(Pair(unknown or position, item.value, item.value), item.doubt, item.facts)
        for position, item in enumerate(source.items)
    )
    return Listing(items, source.rest, source.grounded, source.pointer, source.missed)


def _entry(source: MapValue, key: Value, value: Value) -> Pair:
    is_leaf = not isinstance(value, Listing | MapValue | Record)
    facts = (child(source.pointer, str(key)),) if source.pointer and is_leaf else ()
    return Pair(key, value, key, facts)


def bind_element(node: Comprehension, element: Value, local: Locals) -> None:
    """Let the variables of a macro stand for *element*."""
    if isinstance(element, Pair):
        first, second = node.variables
        local[first] = Bound(element.first)
        local[second] = Bound(element.second, element.facts)
    else:
        local[node.variables[0]] = Bound(element)


def named(element: Value) -> Value:
    """Return what a report calls *element*."""
    return element.named if isinstance(element, Pair) else element


def map_of(node: Comprehension, source: Listing, values: list[Value]) -> Value:
    """
    Make the map of ``transformMap`` or ``transformMapEntry``.

    Args:
        node: The macro.
        source: The pairs that its filter let through.
        values: What it gives for each of them; none is an error.
    """
    if source.is_open:
        return doubts(source)
    entries: Entries = {}
    for item, value in zip(source.items, values, strict=True):
        if node.macro == "transformMap":
            pairs = [(item.value.first, value)]
        elif isinstance(value, Unknown):
            return value
        elif isinstance(value, MapValue):
            pairs = list(value.entries.values())
        else:
            message = f"'{node.macro}' wants a map for each element, not a {type_name(value)}"
            return Failure("no_overload", message, node.id)
        for key, part in pairs:
            identity = map_key(key)  # of a key that stands in a map already, so it can be one
            if identity in entries:
                return Failure("repeated_key", f"'{node.macro}' gives one key twice", node.id)
            entries[identity or ("", None)] = (key, part)
    return MapValue(entries)
