"""
Instants that are known only roughly: compare them, count time on from them.

An instant is a `Timestamp`; one that is known only to the day is a `Day`, which lies anywhere between two
instants. A comparison decides where every instant in between would give the same answer, and is undecided
otherwise. A limit that an unobserved calendar may move is such an interval too: from the earliest instant
that it can be, without an end. So a thing that was done before that is in time whatever the calendar.

Source: conventions C1 to C5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from auditor.facts.calendar import CalendarGap, CalendarRange
from auditor.language.failures import fail
from auditor.language.values import (
    NS_PER_S,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    Day,
    Span,
    Timestamp,
    Undecided,
)

if TYPE_CHECKING:
    from auditor.facts.calendar import WorkingCalendar

Instant = Timestamp | Day

_ELAPSED_NS: Final = {"minutes": 60 * NS_PER_S, "hours": 3_600 * NS_PER_S}
_BEGINNING: Final = Timestamp(TIMESTAMP_MIN_NS)
_END: Final = Timestamp(TIMESTAMP_MAX_NS)


def bounds(value: Instant) -> tuple[Timestamp, Timestamp]:
    """Return the first and the last instant that *value* may be."""
    return (value.first, value.last) if isinstance(value, Day) else (value, value)


def is_by(value: Instant, limit: Instant) -> bool:
    """
    Tell whether *value* is at or before *limit*.

    Raises:
        Undecided: It depends on when in the day.
    """
    (first, last), (limit_first, limit_last) = bounds(value), bounds(limit)
    if last <= limit_first:
        return True
    return False if first > limit_last else _undecided(value, limit)


def is_before(value: Instant, limit: Instant) -> bool:
    """
    Tell whether *value* is before *limit*.

    Raises:
        Undecided: It depends on when in the day.
    """
    (first, last), (limit_first, limit_last) = bounds(value), bounds(limit)
    if last < limit_first:
        return True
    return False if first >= limit_last else _undecided(value, limit)


def is_within(value: Instant, begin: Timestamp, end: Timestamp) -> bool:
    """
    Tell whether *value* lies between *begin* and *end*, both inclusive.

    Raises:
        Undecided: It depends on when in the day.
    """
    first, last = bounds(value)
    if begin <= first and last <= end:
        return True
    return False if last < begin or end < first else _undecided(value)


def add(value: Instant, length: Span, calendar: WorkingCalendar) -> Instant:
    """
    Count time on from *value*.

    Raises:
        EvaluationFailure: The result lies beyond the year 9999.
    """
    first, last = (_add(moment, length, calendar) for moment in bounds(value))
    return _between(value, bounds(first)[0], bounds(last)[1], (first, last))


def subtract(value: Instant, length: Span, calendar: WorkingCalendar) -> Instant:
    """
    Count time back from *value*.

    Raises:
        EvaluationFailure: The result lies before the year 1.
    """
    first, last = (_subtract(moment, length, calendar) for moment in bounds(value))
    return _between(value, bounds(first)[0], bounds(last)[1], (first, last))


def _between(
    value: Instant, first: Timestamp, last: Timestamp, ends: tuple[Instant, Instant]
) -> Instant:
    if first == last:
        return first  # the whole day leads to one limit, e.g. the end of a day
    moved = next((end for end in ends if isinstance(end, Day)), None)
    known = moved or value
    assert isinstance(known, Day)  # noqa: S101 - two ends come from a day or from a calendar
    return Day(known.date, first, last, known.pointer, known.reason)


def _add(moment: Timestamp, length: Span, calendar: WorkingCalendar) -> Instant:
    if length.unit in _ELAPSED_NS:
        return _timestamp(moment.ns + length.amount * _ELAPSED_NS[length.unit])
    try:
        return Timestamp.of(calendar.add(moment.to_datetime(), length.amount, length.unit))
    except CalendarGap as gap:
        return _moved(gap, Timestamp.of(gap.edge), _END, calendar)
    except CalendarRange:
        _outside()


def _subtract(moment: Timestamp, length: Span, calendar: WorkingCalendar) -> Instant:
    if length.unit in _ELAPSED_NS:
        return _timestamp(moment.ns - length.amount * _ELAPSED_NS[length.unit])
    try:
        return Timestamp.of(calendar.subtract(moment.to_datetime(), length.amount, length.unit))
    except CalendarGap as gap:
        return _moved(gap, _BEGINNING, Timestamp.of(gap.edge), calendar)
    except CalendarRange:
        _outside()


def _moved(gap: CalendarGap, first: Timestamp, last: Timestamp, calendar: WorkingCalendar) -> Day:
    return Day(calendar.local_day(gap.edge), first, last, gap.pointer, gap.reason)


def _timestamp(ns: int) -> Timestamp:
    if not TIMESTAMP_MIN_NS <= ns <= TIMESTAMP_MAX_NS:
        _outside()
    return Timestamp(ns)


def _outside() -> NoReturn:
    fail("overflow", "the result lies outside the years 1 to 9999")


def _undecided(*values: Instant) -> NoReturn:
    raise Undecided(frozenset(value.cause for value in values if isinstance(value, Day)))
