"""
Optionals: what ``[?k]``, ``or``, ``orValue`` and literals with ``?`` make of them.

An optional never holds what is unknown: whether there is a value is then not known either, so the whole is
unknown. A list whose member may be left out is open; a map whose entry may be left out is unknown.

Source: docs/decisions/0011; CEL's extension "optional types".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.fields import given
from auditor.evaluation.shapes import hollowed, plain, type_name
from auditor.language.values import (
    Failure,
    Hollow,
    Item,
    Listing,
    Optional,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Call, Expr, ListExpr

    Find = Callable[[Machine, Call, list[Value]], Value]

_MISSING = frozenset({"no_such_key", "index_range"})
"""Errors that say: there is no such member."""


def indexed(machine: Machine, node: Call, arguments: list[Value], find: Find) -> Value:
    """
    Return ``container[?key]``, and ``container[key]`` of an optional.

    Args:
        machine: The evaluation under way.
        node: The index.
        arguments: Container and key, finished.
        find: Gives a member, or the error that there is none.
    """
    container, key = arguments
    if isinstance(container, Optional):
        if not container.has_value:
            return container
        container = container.value
    found = find(machine, node, [container, key])
    if isinstance(found, Failure) and found.slug in _MISSING:
        rests_on_nothing = isinstance(container, Listing) and not container.grounded
        return Hollow(Optional()) if rests_on_nothing else Optional()
    return given(found)


def otherwise(machine: Machine, node: Call, local: Locals) -> Value:
    """Evaluate ``or`` and ``orValue``: the argument counts only where the receiver holds nothing."""
    receiver = machine.eval(node.target or node, local)
    finished = plain(receiver)
    if isinstance(finished, Unknown | Failure):
        return finished
    if not isinstance(finished, Optional):
        return not_optional(node, finished)
    is_value = node.function == "orValue"
    if finished.has_value:
        result = finished.value if is_value else finished
    else:
        result = machine.eval(node.args[0], local)
        other = plain(result)
        if not is_value and not isinstance(other, Optional | Unknown | Failure):
            return not_optional(node, other)
    return hollowed(result) if isinstance(receiver, Hollow) else result


def literal_list(node: ListExpr, values: Sequence[Value]) -> Value:
    """Make a list of which some members may be left out; one that is unknown may belong."""
    items: list[Item] = []
    for position, value in enumerate(values):
        if isinstance(value, Failure):
            return value
        if position not in node.optional:
            items.append(Item(value))
        elif isinstance(value, Unknown):
            items.append(Item(value, value))
        elif not isinstance(value, Optional):
            return not_optional(node.elements[position], value)
        elif value.has_value:
            items.append(Item(value.value))
    return Listing(tuple(items), grounded=bool(items))


def not_optional(node: Expr, value: Value) -> Failure:
    """Return the error that an optional is wanted."""
    return Failure("no_overload", f"an optional is wanted, not a {type_name(value)}", node.id)
