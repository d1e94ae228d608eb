"""
Macros over lists and maps, with open lists and unknown elements as first-class citizens.

The naive reading of an open list as a closed one is how a truncated log reads as a pass. Here a member
that may not belong, or an unread rest, leaves a question open exactly where it could change the answer.

Source: LANGUAGE.md, section 2 (rule 7) and section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import doubts, merge
from auditor.evaluation.operators import bounds
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import plain, type_name
from auditor.evaluation.trail import Trail
from auditor.language.values import (
    INT_MAX,
    INT_MIN,
    Day,
    Failure,
    Hollow,
    Item,
    Listing,
    MapValue,
    Timestamp,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension, Expr

    Macro = Callable[[Machine, Comprehension, Listing, Locals], Value]

_NEAR_MISSES: Final = 3
"""Members that a false ``exists`` shows; where more come equally near, the list itself is the fact."""


def evaluate(machine: Machine, node: Comprehension, local: Locals) -> Value:
    """Evaluate a macro."""
    source = plain(machine.eval(node.range, local))
    if isinstance(source, Unknown | Failure):
        return source
    if isinstance(source, MapValue):
        source = Listing.of([key for key, _ in source.entries.values()])
    if not isinstance(source, Listing):
        message = f"'{node.macro}' wants a list or a map, not a {type_name(source)}"
        return Failure("no_overload", message, node.id)
    return MACROS[node.macro](machine, node, source, dict(local))


def _each(
    machine: Machine,
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
    name = node.variables[0]
    members = source.items
    if joined:
        members = machine.joins.members(
            node, source, machine.lift, lambda other: machine.apart(other, local)[0]
        )
    for item in members:
        local[name] = Bound(item.value)
        value, trail = machine.apart(body, local)
        results.append(
            (item, value, Trail([*trail.facts, *item.facts], trail.reached, trail.failing))
        )
    return results


def _broken(results: list[tuple[Item, Value, Trail]]) -> Unknown | Failure | None:
    """
    Return what a macro comes to that needs every member, where one of them failed; else None.

    Unknown outranks error, and a member that may not belong cannot break anything for certain.
    """
    failed = [(item, value) for item, value, _ in results if isinstance(value, Failure)]
    if not failed:
        return None
    unknown = merge(*(item.doubt for item, _ in failed), *(value for _, value, _ in results))
    return unknown if unknown.causes else failed[0][1]


def _plain_each(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> list[tuple[Item, Value, Trail]]:
    """Evaluate the last argument for every member, without marks of vacuity."""
    return [
        (item, plain(value), trail)
        for item, value, trail in _each(machine, node, node.args[-1], source, local)
    ]


def _predicated(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> list[tuple[Item, Value, Trail]]:
    """Evaluate the first argument for every member, as a truth value without its mark."""
    return [
        (item, plain(_boolean(node, value)), trail)
        for item, value, trail in _each(machine, node, node.args[0], source, local, joined=True)
    ]


def _boolean(node: Comprehension, value: Value) -> Value:
    """Return *value*, or the error that it is no truth value."""
    finished = plain(value)
    if isinstance(finished, bool | Unknown | Failure):
        return value
    message = f"'{node.macro}' wants true or false for each element, not a {type_name(finished)}"
    return Failure("no_overload", message, node.id)


def _quantify(
    machine: Machine, node: Comprehension, source: Listing, local: Locals, *, deciding: bool
) -> Value:
    """Evaluate ``all`` (a false element decides) or ``exists`` (a true one does)."""
    results = [
        (item, _boolean(node, value), trail)
        for item, value, trail in _each(machine, node, node.args[0], source, local, joined=deciding)
    ]
    decided = [r for r in results if r[0].doubt is None and plain(r[1]) is deciding]
    if decided:
        machine.trail.facts.extend(fact for _, _, trail in decided for fact in trail.facts)
        machine.trail.failing.extend(item.value for item, _, _ in decided)
        return Hollow(deciding) if all(isinstance(r[1], Hollow) for r in decided) else deciding
    open_ones = [
        (merge(item.doubt, value), trail)
        for item, value, trail in results
        if isinstance(value, Unknown)
        or (item.doubt is not None and plain(value) is not (not deciding))
    ]
    if open_ones or source.rest is not None:
        machine.trail.extend(trail for _, trail in open_ones)
        return merge(source.rest, *(unknown for unknown, _ in open_ones))
    failed = next((plain(v) for _, v, _ in results if isinstance(plain(v), Failure)), None)
    if failed is not None:
        return failed
    kept = _nearest([trail for _, _, trail in results]) if deciding else [r[2] for r in results]
    machine.trail.facts.extend(fact for trail in kept for fact in trail.facts)
    if not kept:
        _note_absence(machine, source)
    vacuous = (
        all(isinstance(value, Hollow) for _, value, _ in results)
        if len(results) == len(source.items) > 0
        else not source.grounded
    )
    return Hollow(not deciding) if vacuous else not deciding


def _note_absence(machine: Machine, source: Listing) -> None:
    """Note that there was nothing: by the members that came nearest, and by the list."""
    machine.trail.facts.extend(source.missed)
    if source.pointer:
        machine.trail.facts.append(source.pointer)


def _nearest(misses: list[Trail]) -> list[Trail]:
    """Return the members that nearly were what an ``exists`` looked for; none where there are too many."""
    best = max((trail.reached for trail in misses), default=0)
    nearest = [trail for trail in misses if trail.reached == best]
    return nearest if len(nearest) <= _NEAR_MISSES else []


def _all(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _quantify(machine, node, source, local, deciding=False)


def _exists(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _quantify(machine, node, source, local, deciding=True)


def _tally(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> tuple[int, list[Unknown]] | Unknown | Failure:
    """Count the members that certainly satisfy the predicate, and those that may."""
    results = _predicated(machine, node, source, local)
    broken = _broken(results)
    if broken is not None:
        return broken
    certain, maybe = 0, []
    for item, finished, trail in results:
        if isinstance(finished, Unknown) or (finished and item.doubt is not None):
            maybe.append(merge(finished, item.doubt))
            machine.trail.extend([trail])
        elif finished:
            certain += 1
            machine.trail.extend([trail])
    if source.rest is not None:
        maybe.append(source.rest)
    return certain, maybe


def _exists_one(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    tally = _tally(machine, node, source, local)
    if not isinstance(tally, tuple):
        return tally
    certain, maybe = tally
    if certain > 1:
        return False
    if maybe:
        return merge(*maybe)
    return certain == 1 if source.grounded else Hollow(certain == 1)


def _count(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    tally = _tally(machine, node, source, local)
    if not isinstance(tally, tuple):
        return tally
    certain, maybe = tally
    if maybe:
        return merge(*maybe)
    return certain if source.grounded else Hollow(certain)


def _filter(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    results = _predicated(machine, node, source, local)
    broken = _broken(results)
    if broken is not None:
        return broken
    kept: list[Item] = []
    dropped: list[Trail] = []
    for item, finished, trail in results:
        if finished is False:
            dropped.append(trail)
            continue
        doubt = merge(item.doubt, finished)
        facts = tuple(dict.fromkeys(trail.facts))
        kept.append(Item(item.value, doubt if doubt.causes else None, facts))
    missed = tuple(fact for trail in _nearest(dropped) for fact in trail.facts) or source.missed
    return Listing(tuple(kept), source.rest, source.grounded, source.pointer, missed)


def _map(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    if len(node.args) > 1:  # map(x, p, t): a filter first
        kept = _filter(machine, node, source, local)
        if not isinstance(kept, Listing):
            return kept
        source = kept
    results = _plain_each(machine, node, source, local)
    broken = _broken(results)
    if broken is not None:
        return broken
    mapped = [
        Item(value, item.doubt, tuple(dict.fromkeys(trail.facts))) for item, value, trail in results
    ]
    return Listing(tuple(mapped), source.rest, source.grounded, source.pointer)


def _sum(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    total, exact, maybe = Fraction(0), True, [source.rest]
    failed: list[Failure] = []
    endless = 0.0  # what infinities and NaN come to
    for item, value, trail in _each(machine, node, node.args[0], source, local):
        finished = plain(value)
        machine.trail.extend([trail])
        if isinstance(finished, Unknown) or (item.doubt is not None and finished != 0):
            maybe.append(merge(finished, item.doubt))
        elif isinstance(finished, Failure):
            failed.append(finished)
        elif isinstance(finished, bool) or not isinstance(finished, int | float | Fraction):
            message = f"'sum' wants a number for each element, not a {type_name(finished)}"
            failed.append(Failure("no_overload", message, node.id))
        else:
            exact = exact and isinstance(finished, int)
            if isinstance(finished, float) and not isfinite(finished):
                endless += finished
            else:
                total += _fraction(finished)
    unknown = merge(*maybe)
    if unknown.causes or failed:
        return unknown if unknown.causes else failed[0]
    if exact and not INT_MIN <= total <= INT_MAX:
        return Failure("overflow", "the sum is larger than 64 bits hold", node.id)
    result: Value = int(total) if exact else endless or _double(total)
    return result if source.grounded else Hollow(result)


def _double(total: Fraction) -> float:
    try:
        return float(total)
    except OverflowError:
        return inf if total > 0 else -inf


def _fraction(number: float | Fraction) -> Fraction:
    """Read a double by its decimal spelling: 0.1 is a tenth."""
    return Fraction(Decimal(repr(number))) if isinstance(number, float) else Fraction(number)


# ----- the one that is last, and order

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
    results = _plain_each(machine, node, source, local)
    broken = _broken(results)
    if broken is not None:
        return broken
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
        _note_absence(machine, source)
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


def _latest(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _extreme(machine, node, source, local, latest=True)


def _earliest(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _extreme(machine, node, source, local, latest=False)


def _sort_by(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Sort by a key of one kind: numbers, strings or instants; equal keys keep their order."""
    if source.is_open:
        return doubts(source)
    results = _plain_each(machine, node, source, local)
    broken = _broken(results) or merge(*(key for _, key, _ in results))
    if isinstance(broken, Failure) or broken.causes:
        return broken
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


MACROS: Final[Mapping[str, Macro]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "map": _map,
    "filter": _filter,
    "latest": _latest,
    "earliest": _earliest,
    "count": _count,
    "sum": _sum,
    "sortBy": _sort_by,
}
"""By the macro's name."""
