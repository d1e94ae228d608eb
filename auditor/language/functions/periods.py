"""
Stretches of the calendar, and runs of a list.

``for: {week: weeks(a, b)}`` says "in every week". A day that an unobserved calendar leaves open is a member
that *may* belong: a rule about every working day is then undecided exactly where that day matters.

Source: LANGUAGE.md, sections 4 and 5; convention C6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.calendar import CalendarRange, WorkingCalendar
from auditor.facts.types import PERIOD
from auditor.language.failures import fail
from auditor.language.intervals import bounds
from auditor.language.registry import Library, overload
from auditor.language.values import Cause, Item, Listing, Record, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from auditor.facts.calendar import Stretch
    from auditor.language.intervals import Instant
    from auditor.language.registry import Context

_LISTING_COST = 20
"""Steps of a list of periods; an average one has about so many."""


def _listed(
    method: Callable[[WorkingCalendar, datetime, datetime], list[Stretch]],
) -> Callable[[Context, Instant, Instant], Listing]:
    """Make a function that lists periods; a bound that is known only to the day is that whole day."""

    def periods(context: Context, begin: Instant, end: Instant) -> Listing:
        calendar = context.calendar
        first, last = bounds(begin)[0].to_datetime(), bounds(end)[1].to_datetime()
        try:
            stretches = method(calendar, first, last)
        except CalendarRange:
            fail("too_many_periods", "the stretch of time is too long to be listed")
        items = tuple(_item(stretch, calendar) for stretch in stretches)
        return Listing(items, grounded=bool(items))

    return periods


def _item(stretch: Stretch, calendar: WorkingCalendar) -> Item:
    data = {
        "id": stretch.id,
        "starts_at": stretch.starts_at,
        "ends_at": stretch.ends_at,
        "whole": stretch.whole,
    }
    doubt = None if stretch.is_certain else Unknown(frozenset({Cause(*calendar.gap())}))
    return Item(Record(data, PERIOD, ""), doubt)


def _windows(values: Listing, length: int) -> Listing:
    if length < 1:
        fail("window_length", "a run has at least one element")
    runs = [
        Item(Listing(values.items[start : start + length]))
        for start in range(len(values.items) - length + 1)
    ]
    return Listing(tuple(runs), grounded=values.grounded)


_TWO_DAYS = "timestamp('2026-03-02T12:00:00Z'), timestamp('2026-03-03T12:00:00Z')"
"""A Monday and a Tuesday."""

LIBRARY = Library(
    "periods",
    (
        overload(
            "days(timestamp, timestamp) -> list(period)",
            _listed(WorkingCalendar.days),
            cost=_LISTING_COST,
            wants_context=True,
            wants_days=True,
            about="The local days from that of one instant to that of another; a whole one lies between them.",
            examples=[(f"days({_TWO_DAYS}).map(d, d.id)", "['2026-03-02', '2026-03-03']")],
        ),
        overload(
            "workingDays(timestamp, timestamp) -> list(period)",
            _listed(WorkingCalendar.working_days_between),
            cost=_LISTING_COST,
            wants_context=True,
            wants_days=True,
            about="The working days from that of one instant to that of another, by the auditee's calendar.",
            examples=[
                (
                    "workingDays(timestamp('2026-03-06T12:00:00Z'), timestamp('2026-03-09T12:00:00Z')).map(d, d.id)",
                    "['2026-03-06', '2026-03-09']",
                )
            ],
        ),
        overload(
            "weeks(timestamp, timestamp) -> list(period)",
            _listed(WorkingCalendar.weeks),
            cost=_LISTING_COST,
            wants_context=True,
            wants_days=True,
            about="The ISO weeks that a stretch of time touches; a whole one lies between its first and last day.",
            examples=[(f"weeks({_TWO_DAYS}).map(w, w.id)", "['2026-W10']")],
        ),
        overload(
            "months(timestamp, timestamp) -> list(period)",
            _listed(WorkingCalendar.months),
            cost=_LISTING_COST,
            wants_context=True,
            wants_days=True,
            about="The calendar months that a stretch of time touches; a whole one lies between its first and last day.",
            examples=[(f"months({_TWO_DAYS}).map(m, m.id)", "['2026-03']")],
        ),
        overload(
            "quarters(timestamp, timestamp) -> list(period)",
            _listed(WorkingCalendar.quarters),
            cost=_LISTING_COST,
            wants_context=True,
            wants_days=True,
            about="The calendar quarters that a stretch of time touches; a whole one lies between its first and last day.",
            examples=[(f"quarters({_TWO_DAYS}).map(q, q.whole)", "[false]")],
        ),
        overload(
            "list(T).windows(int) -> list(list(T))",
            _windows,
            cost=_LISTING_COST,
            size=lambda values, length: max(0, len(values) - length + 1) * max(0, length),
            about="The runs of so many successive elements.",
            examples=[("[1, 2, 3].windows(2)", "[[1, 2], [2, 3]]"), ("[1].windows(2)", "[]")],
        ),
    ),
)
