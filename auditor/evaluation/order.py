"""
The member that is last, and order: decided only where nothing that is not known could change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import doubts, merge
from auditor.evaluation.members import broken, note_absence, plain_each
from auditor.evaluation.operators import bounds
from auditor.evaluation.shapes import type_name
from auditor.language.values import (
    Day,
    Failure,
    Hollow,
    Item,
    Listing,
    Timestamp,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.cel.ast import Comprehension

_NEVER: Final = -(10**30)
_ALWAYS: Final = 10**30


@dataclass(frozen=True, slots=True)
class Runner:
    """A member that may be the last one: its place in the list and what its key may be, in ns."""

    position: int
    item: Item
    low: int
    high: int
    trail: Trail
    reason: Unknown
    """Why key or membership are not certain; without causes where they are."""
    certain: bool

    def is_behind(self, other: Runner) -> bool:
        """Whether this one cannot be later than *other*; of equals the later in the list is."""
        return self.high < other.low or (self.high == other.low and self.position < other.position)


def runner(position: int, item: Item, key: Value, trail: Trail, *, latest: bool) -> Runner:
    """Enter a member with an instant, a day or an unknown as its key."""
    low, high, day = _NEVER, _ALWAYS, None
    if not isinstance(key, Unknown):
        first, last = bounds(key)
        low, high = (first.ns, last.ns) if latest else (-last.ns, -first.ns)
    if isinstance(key, Day):
        day = Unknown(frozenset({key.cause}))
    certain = item.doubt is None and not isinstance(key, Unknown)
    return Runner(position, item, low, high, trail, merge(item.doubt, key, day), certain)


def contest(runners: list[Runner]) -> tuple[Runner | None, list[Runner]]:
    """Return the last of those that are certain, and all that could be later still."""
    certain = [one for one in runners if one.certain]
    winner = max(certain, key=lambda one: (one.low, one.position), default=None)
    rivals = [
        one
        for one in runners
        if winner is None or (one is not winner and not one.is_behind(winner))
    ]
    return winner, rivals


def entered(
    node: Comprehension, results: list[tuple[Item, Value, Trail]], *, latest: bool
) -> list[Runner] | Failure:
    """Enter the members with an instant; those with null take no part, and any other key is an error."""
    runners: list[Runner] = []
    for item, key, trail in results:
        if isinstance(key, Timestamp | Day | Unknown):
            runners.append(runner(len(runners), item, key, trail, latest=latest))
        elif key is not None:
            message = f"'{node.macro}' wants an instant for each element, not a {type_name(key)}"
            return Failure("no_overload", message, node.id)
    return runners


def _extreme(
    machine: Machine, node: Comprehension, source: Listing, local: Locals, *, latest: bool
) -> Value:
    """
    Evaluate ``latest`` or ``earliest``.

    A member with a null key takes no part. The winner is decided if no member that may belong, and no
    key that is unknown or known only to its day, could beat it; an unread rest always could.
    """
    results = plain_each(machine, node, source, local)
    failure = broken(results)
    if failure is not None:
        return failure
    runners = entered(node, results, latest=latest)
    if isinstance(runners, Failure):
        return runners
    if source.rest is not None:
        return source.rest
    if not runners:
        note_absence(machine, source)
        return None if source.grounded else Hollow(None)
    winner, rivals = contest(runners)
    if winner is None or rivals:
        machine.trail.extend(rival.trail for rival in rivals)
        return merge(*(rival.reason for rival in rivals), winner.reason if winner else None)
    machine.trail.extend([winner.trail])
    return winner.item.value


def latest(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.latest(x, instant)``."""
    return _extreme(machine, node, source, local, latest=True)


def earliest(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.earliest(x, instant)``."""
    return _extreme(machine, node, source, local, latest=False)


def sort_by(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Sort by a key of one kind: numbers, strings or instants; equal keys keep their order."""
    if source.is_open:
        return doubts(source)
    results = plain_each(machine, node, source, local)
    failure = broken(results) or merge(*(key for _, key, _ in results))
    if isinstance(failure, Failure) or failure.causes:
        return failure
    keyed = [(key, item) for item, key, _ in results]
    kinds = {_sort_kind(key) for key, _ in keyed}
    if len(kinds) > 1 or None in kinds:
        message = "'sortBy' wants keys of one kind: numbers, strings or instants"
        return Failure("no_overload", message, node.id)
    ordered = sorted(keyed, key=lambda pair: _sort_key(pair[0]))
    unclear = [
        key
        for (key, _), (following, _) in pairwise(ordered)
        if isinstance(key, Day | Timestamp) and bounds(key)[1] > bounds(following)[0]
    ]
    if unclear:
        causes = (key.cause for key, _ in ordered if isinstance(key, Day))
        return Unknown(frozenset(causes))
    return Listing(tuple(item for _, item in ordered), None, source.grounded)


def _sort_kind(key: Value) -> str | None:
    match key:
        case bool():
            return None
        case int() | float() | Fraction():
            return "number"
        case str():
            return "string"
        case Timestamp() | Day():
            return "instant"
        case _:
            return None


def _sort_key(key: Value) -> Value:
    return bounds(key)[0].ns if isinstance(key, Day | Timestamp) else key
