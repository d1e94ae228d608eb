"""
Macros over lists and maps, with open lists and unknown elements as first-class citizens.

The naive reading of an open list as a closed one is how a truncated log reads as a pass. Here a member
that may not belong, or an unread rest, leaves a question open exactly where it could change the answer.

Source: LANGUAGE.md, section 2 (rule 7) and section 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.bindings import BINDINGS
from auditor.evaluation.calendar_values import daily, monthly, weekly
from auditor.evaluation.circles import cycles
from auditor.evaluation.equality import merge
from auditor.evaluation.groups import group_by
from auditor.evaluation.members import (
    boolean,
    broken,
    each,
    nearest,
    note_absence,
    plain_each,
    predicated,
)
from auditor.evaluation.order import earliest, latest, sort_by
from auditor.evaluation.pairs import map_of, named, paired
from auditor.evaluation.reach import reachable
from auditor.evaluation.shapes import plain, type_name
from auditor.evaluation.sums import sum_of, sum_reaches
from auditor.language.values import (
    Failure,
    Hollow,
    Item,
    Listing,
    MapValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.cel.ast import Comprehension

    Macro = Callable[[Machine, Comprehension, Listing, Locals], Value]


def evaluate(machine: Machine, node: Comprehension, local: Locals) -> Value:
    """Evaluate a macro."""
    binding = BINDINGS.get(node.macro)
    if binding is not None:
        return binding(machine, node, local)
    source = plain(machine.eval(node.range, local))
    if isinstance(source, Unknown | Failure):
        return source
    if len(node.variables) > 1 and isinstance(source, Listing | MapValue):
        source = paired(source)
    elif isinstance(source, MapValue):
        source = Listing.of([key for key, _ in source.entries.values()])
    if not isinstance(source, Listing):
        message = f"'{node.macro}' wants a list or a map, not a {type_name(source)}"
        return Failure("no_overload", message, node.id)
    return MACROS[node.macro](machine, node, source, dict(local))


def _quantify(
    machine: Machine, node: Comprehension, source: Listing, local: Locals, *, deciding: bool
) -> Value:
    """Evaluate ``all`` (a false element decides) or ``exists`` (a true one does)."""
    results = [
        (item, boolean(node, value), trail)
        for item, value, trail in each(machine, node, node.args[0], source, local, joined=deciding)
    ]
    decided = [r for r in results if r[0].doubt is None and plain(r[1]) is deciding]
    if decided:
        machine.trail.facts.extend(fact for _, _, trail in decided for fact in trail.facts)
        machine.trail.failing.extend(named(item.value) for item, _, _ in decided)
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
    kept = nearest([trail for _, _, trail in results]) if deciding else [r[2] for r in results]
    machine.trail.facts.extend(fact for trail in kept for fact in trail.facts)
    if not kept:
        note_absence(machine, source)
    vacuous = (
        all(isinstance(value, Hollow) for _, value, _ in results)
        if len(results) == len(source.items) > 0
        else not source.grounded
    )
    return Hollow(not deciding) if vacuous else not deciding


def _all(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _quantify(machine, node, source, local, deciding=False)


def _exists(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    return _quantify(machine, node, source, local, deciding=True)


def _tally(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> tuple[int, list[Unknown]] | Unknown | Failure:
    """Count the members that certainly satisfy the predicate, and those that may."""
    results = predicated(machine, node, source, local)
    failure = broken(results)
    if failure is not None:
        return failure
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
    results = predicated(machine, node, source, local)
    failure = broken(results)
    if failure is not None:
        return failure
    kept: list[Item] = []
    dropped: list[Trail] = []
    for item, finished, trail in results:
        if finished is False:
            dropped.append(trail)
            continue
        doubt = merge(item.doubt, finished)
        facts = tuple(dict.fromkeys(trail.facts))
        kept.append(Item(item.value, doubt if doubt.causes else None, facts))
    missed = tuple(fact for trail in nearest(dropped) for fact in trail.facts) or source.missed
    return Listing(tuple(kept), source.rest, source.grounded, source.pointer, missed)


def _map(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    if len(node.args) > 1:  # map(x, p, t): a filter first
        kept = _filter(machine, node, source, local)
        if not isinstance(kept, Listing):
            return kept
        source = kept
    results = plain_each(machine, node, source, local)
    failure = broken(results)
    if failure is not None:
        return failure
    mapped = [
        Item(value, item.doubt, tuple(dict.fromkeys(trail.facts))) for item, value, trail in results
    ]
    return Listing(tuple(mapped), source.rest, source.grounded, source.pointer)


def _transform_map(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    if len(node.args) > 1:  # a filter first
        kept = _filter(machine, node, source, local)
        if not isinstance(kept, Listing):
            return kept
        source = kept
    results = plain_each(machine, node, source, local)
    failure = broken(results)
    if failure is not None:
        return failure
    machine.trail.facts.extend(fact for _, _, trail in results for fact in trail.facts)
    return map_of(node, source, [value for _, value, _ in results])


MACROS: Final[Mapping[str, Macro]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "map": _map,
    "filter": _filter,
    "transformList": _map,
    "transformMap": _transform_map,
    "transformMapEntry": _transform_map,
    "latest": latest,
    "earliest": earliest,
    "count": _count,
    "sum": sum_of,
    "sumReaches": sum_reaches,
    "sortBy": sort_by,
    "daily": daily,
    "weekly": weekly,
    "monthly": monthly,
    "groupBy": group_by,
    "cycles": cycles,
    "reachable": reachable,
}
"""By the macro's name."""
