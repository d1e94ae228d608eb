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
class _Runner:
    """A member that takes part in ``latest``: its place in the list and what its key may be, in ns."""

    position: int
    item: Item
    low: int
    high: int
    trail: Trail
    reason: Unknown
    """Why key or membership are not certain; without causes where they are."""
    certain: bool

    def is_behind(self, other: _Runner) -> bool:
        """Whether this one cannot be later than *other*; of equals the later in the list is."""
        return self.high < other.low or (self.high == other.low and self.position < other.position)


def _runner(position: int, item: Item, key: Value, trail: Trail, *, latest: bool) -> _Runner:
    low, high, day = _NEVER, _ALWAYS, None
    if not isinstance(key, Unknown):
        first, last = bounds(key)
        low, high = (first.ns, last.ns) if latest else (-last.ns, -first.ns)
    if isinstance(key, Day):
        day = Unknown(frozenset({key.cause}))
    certain = item.doubt is None and not isinstance(key, Unknown)
    return _Runner(position, item, low, high, trail, merge(item.doubt, key, day), certain)


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
    runners: list[_Runner] = []
    for item, key, trail in results:
        if isinstance(key, Timestamp | Day | Unknown):
            runners.append(_runner(len(runners), item, key, trail, latest=latest))
        elif key is not None:
            message = f"'{node.macro}' wants an instant for each element, not a {type_name(key)}"
            return Failure("no_overload", message, node.id)
    if source.rest is not None:
        return source.rest
    if not runners:
        note_absence(machine, source)
        return None if source.grounded else Hollow(None)
    certain = [runner for runner in runners if runner.certain]
    winner = max(certain, key=lambda runner: (runner.low, runner.position), default=None)
    rivals = [
        runner
        for runner in runners
        if winner is None or (runner is not winner and not runner.is_behind(winner))
    ]
    if winner is None or rivals:
        machine.trail.extend(runner.trail for runner in rivals)
        return merge(*(runner.reason for runner in rivals), winner.reason if winner else None)
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
