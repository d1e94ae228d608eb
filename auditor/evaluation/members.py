"""
What every macro does with the members of its list: evaluate, keep notes, absorb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from auditor.evaluation.equality import merge
from auditor.evaluation.pairs import bind_element
from auditor.evaluation.shapes import plain, type_name
from auditor.evaluation.trail import Trail
from auditor.language.values import Failure, Item, Listing, Unknown, Value

if TYPE_CHECKING:
    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension, Expr

_NEAR_MISSES: Final = 3
"""Members that a false ``exists`` shows; where more come equally near, the list itself is the fact."""


class Looker(Protocol):
    """What going through a list asks for: less than a whole `Machine`."""

    @property
    def lift(self) -> Lift:
        """Turns facts into values."""
        ...

    @property
    def joins(self) -> Joins:
        """What has been indexed so far."""
        ...

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own."""
        ...


def each(
    machine: Looker,
    node: Comprehension,
    body: Expr,
    source: Listing,
    local: Locals,
    *,
    joined: bool = False,
) -> list[tuple[Item, Value, Trail]]:
    """
    Evaluate *body* for every member; the trail of each holds what its filters and its body read.

    With *joined*, members for which *body* is false by an indexed field are left out.
    """
    results = []
    members = source.items
    if joined and len(node.variables) == 1:
        members = machine.joins.members(
            node, source, machine.lift, lambda other: machine.apart(other, local)[0]
        )
    for item in members:
        bind_element(node, item.value, local)
        value, trail = machine.apart(body, local)
        results.append(
            (item, value, Trail([*trail.facts, *item.facts], trail.reached, trail.failing))
        )
    return results


def broken(results: list[tuple[Item, Value, Trail]]) -> Unknown | Failure | None:
    """
    Return what a macro comes to that needs every member, where one of them failed; else None.

    Unknown outranks error, and a member that may not belong cannot break anything for certain.
    """
    failed = [(item, value) for item, value, _ in results if isinstance(value, Failure)]
    if not failed:
        return None
    unknown = merge(*(item.doubt for item, _ in failed), *(value for _, value, _ in results))
    return unknown if unknown.causes else failed[0][1]


def plain_each(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> list[tuple[Item, Value, Trail]]:
    """Evaluate the last argument for every member, without marks of vacuity."""
    return [
        (item, plain(value), trail)
        for item, value, trail in each(machine, node, node.args[-1], source, local)
    ]


def predicated(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> list[tuple[Item, Value, Trail]]:
    """Evaluate the first argument for every member, as a truth value without its mark."""
    return [
        (item, plain(boolean(node, value)), trail)
        for item, value, trail in each(machine, node, node.args[0], source, local, joined=True)
    ]


def boolean(node: Comprehension, value: Value) -> Value:
    """Return *value*, or the error that it is no truth value."""
    finished = plain(value)
    if isinstance(finished, bool | Unknown | Failure):
        return value
    message = f"'{node.macro}' wants true or false for each element, not a {type_name(finished)}"
    return Failure("no_overload", message, node.id)


def note_absence(machine: Machine, source: Listing) -> None:
    """Note that there was nothing: by the members that came nearest, and by the list."""
    machine.trail.facts.extend(source.missed)
    if source.pointer:
        machine.trail.facts.append(source.pointer)


def nearest(misses: list[Trail]) -> list[Trail]:
    """Return the members that nearly were what an ``exists`` looked for; none where there are too many."""
    best = max((trail.reached for trail in misses), default=0)
    closest = [trail for trail in misses if trail.reached == best]
    return closest if len(closest) <= _NEAR_MISSES else []
