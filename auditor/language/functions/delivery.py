"""
When things happened: the words that delivery rules use of instants and days.

``x.by(t)`` says that something *happened* by then, so null, which never happened, is false: ``!x.by(t)``
is true for "never". An instant that is known only to the day is compared as a whole day.

Source: LANGUAGE.md, section 5; conventions C1 to C5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language import intervals
from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.spans import UNITS, parse_span
from auditor.language.values import Span, Timestamp

if TYPE_CHECKING:
    import datetime as dt

    from auditor.language.intervals import Instant
    from auditor.language.registry import Context
    from auditor.language.values import Record


def _by(moment: Instant | None, limit: Instant) -> bool:
    return moment is not None and intervals.is_by(moment, limit)


def _before(moment: Instant | None, limit: Instant) -> bool:
    return moment is not None and intervals.is_before(moment, limit)


def _after(moment: Instant | None, limit: Instant) -> bool:
    return moment is not None and intervals.is_before(limit, moment)


def _within(moment: Instant | None, period: Record) -> bool:
    if moment is None:
        return False
    begin, end = (Timestamp.of(period.data[key]) for key in ("starts_at", "ends_at"))
    return intervals.is_within(moment, begin, end)


def _plus(context: Context, moment: Instant | None, length: Span) -> Instant | None:
    return None if moment is None else intervals.add(moment, length, context.calendar)


def _minus(context: Context, moment: Instant | None, length: Span) -> Instant | None:
    return None if moment is None else intervals.subtract(moment, length, context.calendar)


def _begins(context: Context, day: dt.date | None) -> Timestamp | None:
    return None if day is None else Timestamp.of(context.calendar.day_start(day))


def _ends(context: Context, day: dt.date | None) -> Timestamp | None:
    return None if day is None else Timestamp.of(context.calendar.day_end(day))


def _span(text: str) -> Span:
    span = parse_span(text)
    if span is None:
        fail("not_a_span", f"the text is not a number and one of {', '.join(UNITS)}")
    return span


_NOON = "timestamp('2026-03-03T12:00:00Z')"
"""A Tuesday, on the same local day in almost every zone."""

LIBRARY = Library(
    "delivery",
    (
        overload(
            "timestamp?.by(timestamp) -> bool",
            _by,
            wants_days=True,
            about="Whether it happened at or before an instant; null never happened.",
            examples=[
                (f"{_NOON}.by({_NOON})", "true"),
                (f"{_NOON}.by(timestamp('2026-03-03T11:59:59Z'))", "false"),
            ],
        ),
        overload(
            "timestamp?.before(timestamp) -> bool",
            _before,
            wants_days=True,
            about="Whether it happened before an instant; null never happened.",
            examples=[(f"{_NOON}.before({_NOON})", "false")],
        ),
        overload(
            "timestamp?.after(timestamp) -> bool",
            _after,
            wants_days=True,
            about="Whether it happened after an instant; null never happened.",
            examples=[(f"{_NOON}.after(timestamp('2026-03-03T11:59:59Z'))", "true")],
        ),
        overload(
            "timestamp?.within(period) -> bool",
            _within,
            wants_days=True,
            about="Whether it happened inside a period, both ends included; null never happened.",
            examples=[(f"{_NOON}.within(days({_NOON}, {_NOON})[0])", "true")],
        ),
        overload(
            "timestamp?.plus(span) -> timestamp?",
            _plus,
            wants_context=True,
            wants_days=True,
            about="The end of a time limit, by the auditee's zone and calendar; null stays null.",
            examples=[
                (f"{_NOON}.plus(span('24 hours'))", "timestamp('2026-03-04T12:00:00Z')"),
                (f"{_NOON}.plus(span('1 day')) == {_NOON}.plus(span('1 working day'))", "true"),
            ],
        ),
        overload(
            "timestamp?.minus(span) -> timestamp?",
            _minus,
            wants_context=True,
            wants_days=True,
            about="The earliest instant from which `plus` reaches this one; null stays null.",
            examples=[(f"{_NOON}.minus(span('90 minutes'))", "timestamp('2026-03-03T10:30:00Z')")],
        ),
        overload(
            "date?.begins() -> timestamp?",
            _begins,
            wants_context=True,
            about="First instant of a local day; null stays null.",
            examples=[
                (
                    "date('2026-03-03').begins().plus(span('0 days')) == date('2026-03-03').ends()",
                    "true",
                )
            ],
        ),
        overload(
            "date?.ends() -> timestamp?",
            _ends,
            wants_context=True,
            about="Last instant of a local day; null stays null.",
            examples=[(f"{_NOON}.by(date('2026-03-03').ends())", "true")],
        ),
        overload(
            "span(string) -> span",
            _span,
            about="A length of time that may need a calendar: minutes, hours, days, weeks, working hours, working days.",
            examples=[("span('2 weeks') == span('2  weeks')", "true")],
        ),
    ),
)
