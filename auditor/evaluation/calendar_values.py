"""
The last value of each day, week or month: ``daily``, ``weekly``, ``monthly``.

A series has no holes: every calendar unit from the first to the last that has a value is there, and one
without a value has an unknown one, because nobody wrote down how things stood. What may lie before the
first or behind the last unit leaves the series open; what may be later than a unit's last value leaves
that value unknown. An unread rest may do both, anywhere.

Source: LANGUAGE.md, sections 4 and 5; convention C6.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import merge
from auditor.evaluation.members import broken, each, note_absence
from auditor.evaluation.order import Runner, contest, entered
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import plain
from auditor.facts.calendar import CalendarRange, WorkingCalendar
from auditor.facts.types import DYN
from auditor.language.cel.macro_types import calendar_value
from auditor.language.values import Cause, Failure, Item, Listing, Record, Timestamp, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.facts.calendar import Stretch
    from auditor.language.cel.ast import Comprehension

    Units = Callable[[WorkingCalendar, datetime, datetime], list[Stretch]]

_RECORD: Final = calendar_value(DYN)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A calendar unit."""

    list: Units
    missing: str
    """Why one has no value."""


_DAY: Final = _Unit(WorkingCalendar.days, "no_value_that_day")
_WEEK: Final = _Unit(WorkingCalendar.weeks, "no_value_that_week")
_MONTH: Final = _Unit(WorkingCalendar.months, "no_value_that_month")


def _series(
    machine: Machine, node: Comprehension, source: Listing, local: Locals, *, unit: _Unit
) -> Value:
    results = [
        (item, plain(key), trail)
        for item, key, trail in each(machine, node, node.args[0], source, local)
    ]
    failure = broken(results)
    if failure is not None:
        return failure
    runners = entered(node, results, latest=True)
    if isinstance(runners, Failure):
        return runners
    calendar = machine.lift.calendar
    if calendar is None:
        return Failure("no_calendar", f"'{node.macro}' needs the calendar of a snapshot", node.id)
    if not runners:
        note_absence(machine, source)
        return Listing((), source.rest, source.grounded, source.pointer)
    try:
        stretches = _certain_units(runners, calendar, unit.list)
    except CalendarRange:
        return Failure("too_many_periods", "the series is too long to be listed", node.id)
    starts = [Timestamp.of(stretch.starts_at).ns for stretch in stretches]
    # By the next unit's begin, so that no nanosecond lies between two units.
    ends = [start - 1 for start in starts[1:]]
    ends.extend(Timestamp.of(stretch.ends_at).ns + 999 for stretch in stretches[-1:])
    outside = [one for one in runners if not starts or one.low < starts[0] or one.high > ends[-1]]
    rest = merge(source.rest, *(one.reason for one in outside))
    buckets, wide = _by_unit(runners, starts, ends)
    machine.spend(len(starts) * (1 + len(wide)))
    nothing = Unknown(frozenset({Cause(source.pointer, unit.missing)}))
    items: list[Item] = []
    for stretch, low, high, bucket in zip(stretches, starts, ends, buckets, strict=True):
        reaching = [one for one in wide if one.low <= high and one.high >= low]
        inside = [_clipped(one, low, high) for one in (*bucket, *reaching)]
        value, facts = _last(machine, node, local, inside, source.rest)
        if isinstance(value, Failure):
            return rest if rest.causes else value
        data = {
            "id": stretch.id,
            "ends_at": stretch.ends_at,
            "value": value if inside or source.rest is not None else nothing,
        }
        items.append(Item(Record(data, _RECORD, ""), None, facts))
    return Listing(tuple(items), rest if rest.causes else None, source.grounded, source.pointer)


def _certain_units(
    runners: Sequence[Runner], calendar: WorkingCalendar, units: Units
) -> list[Stretch]:
    """List the units from the first to the last that certainly has a value."""
    certain = [one for one in runners if one.certain]
    if not certain:
        return []
    begin = Timestamp(min(one.high for one in certain)).to_datetime()
    end = Timestamp(max(one.low for one in certain)).to_datetime()
    if begin <= end:
        return units(calendar, begin, end)
    # One instant that is not known exactly: certain is its unit only where it cannot be another one.
    first, last = units(calendar, end, end), units(calendar, begin, begin)
    return first if first[0].id == last[0].id else []


def _by_unit(
    runners: Sequence[Runner], starts: Sequence[int], ends: Sequence[int]
) -> tuple[list[list[Runner]], list[Runner]]:
    """Sort the runners into the one unit of each; those that may lie in several are returned apart."""
    buckets: list[list[Runner]] = [[] for _ in starts]
    wide: list[Runner] = []
    for one in runners:
        unit = bisect_right(starts, one.low) - 1
        if unit >= 0 and one.high <= ends[unit]:
            buckets[unit].append(one)
        else:
            wide.append(one)
    return buckets, wide


def _clipped(one: Runner, low: int, high: int) -> Runner:
    """Return what a runner is to a unit: one that may lie elsewhere may not belong to it."""
    if low <= one.low and one.high <= high:
        return one
    return replace(one, low=max(one.low, low), high=min(one.high, high), certain=False)


def _last(
    machine: Machine,
    node: Comprehension,
    local: Locals,
    runners: list[Runner],
    rest: Unknown | None,
) -> tuple[Value, tuple[str, ...]]:
    """Return the last value of one unit, with the facts behind it; unknown where it cannot be told."""
    winner, rivals = contest(runners)
    if winner is None or rivals or rest is not None:
        near = [*rivals, winner] if winner is not None else rivals
        facts = tuple(dict.fromkeys(fact for one in near for fact in one.trail.facts))
        return merge(rest, *(one.reason for one in near)), facts
    local[node.variables[0]] = Bound(winner.item.value)
    value, trail = machine.apart(node.args[1], local)
    return plain(value), tuple(dict.fromkeys((*winner.trail.facts, *trail.facts)))


def daily(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.daily(x, instant, value)``."""
    return _series(machine, node, source, local, unit=_DAY)


def weekly(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.weekly(x, instant, value)``: by ISO weeks."""
    return _series(machine, node, source, local, unit=_WEEK)


def monthly(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.monthly(x, instant, value)``."""
    return _series(machine, node, source, local, unit=_MONTH)
