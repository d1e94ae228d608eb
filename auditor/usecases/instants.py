"""
Which instant and which period the user means.

A bare day is the end of that day *where the project is*, so neither can be an instant before the snapshot
is read: one ``--as-of 2026-09-30`` is a different instant in Auckland and in Lisbon. The clock of this
machine is asked only for the word ``now``, and comes in as an argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from auditor.facts.instants import parse_day, parse_instant, parse_moment
from auditor.model.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.calendar import WorkingCalendar

NOW: Final = "now"

_AS_OF_HINT: Final = (
    "write a day (2026-09-30), an instant with its offset (2026-09-30T18:00:00+02:00), or now"
)
_PERIOD_HINT: Final = (
    "write a quarter (2026-Q3), a month (2026-09), a week (2026-W36), a year (2026), a day, "
    "or two days (2026-09-01..2026-09-30)"
)
_LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant that a run judges: one instant everywhere, or the end of a day in each project's zone."""

    text: str
    """As a report shows it: RFC 3339, or the day."""
    when: datetime | date
    """UTC, or the day."""

    def within(self, calendar: WorkingCalendar) -> datetime:
        """Return the instant in UTC that is meant for a project with *calendar*."""
        if isinstance(self.when, datetime):
            return self.when
        return calendar.day_end(self.when)

    def local_day(self) -> date:
        """Return the day, where the instant was named."""
        return date.fromisoformat(self.text[:10])


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of calendar days, both inclusive."""

    first: date
    last: date

    def within(self, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
        """Return first and last instant in UTC for a project with *calendar*."""
        return calendar.day_start(self.first), calendar.day_end(self.last)


def parse_as_of(text: str, *, clock: Callable[[], datetime]) -> AsOf:
    """
    Read ``--as-of``.

    Args:
        text: A day, an RFC 3339 instant, or ``now``.
        clock: Asked for ``now`` only.

    Raises:
        UsageProblem: It is none of these.
    """
    if text == NOW:
        instant = clock().astimezone(UTC).replace(microsecond=0)
        return AsOf(instant.isoformat(), instant)
    try:
        return AsOf(text, parse_instant(text))
    except ValueError as error:
        msg = f"'{text}' is no instant for --as-of: {error}"
        raise UsageProblem(msg, hint=_AS_OF_HINT) from None


def parse_captured_at(text: str) -> str:
    """
    Read ``--captured-at``, which must be exact, and return it as it was given.

    Raises:
        UsageProblem: It is no instant, or has no offset.
    """
    try:
        parse_moment(text)
    except ValueError as error:
        msg = f"'{text}' is no instant for --captured-at: {error}"
        raise UsageProblem(msg, hint="write it like 2026-09-30T18:00:00+02:00") from None
    return text


def parse_period(text: str) -> Period:
    """
    Read ``--period``.

    Raises:
        UsageProblem: It names no stretch of the calendar, or one that ends before it begins.
    """
    first_text, dots, last_text = text.partition("..")
    first = _stretch(first_text)
    last = _stretch(last_text) if dots else first
    if first is None or last is None:
        msg = f"'{text}' is no period"
        raise UsageProblem(msg, hint=_PERIOD_HINT)
    if last.last < first.first:
        msg = f"the period '{text}' ends before it begins"
        raise UsageProblem(msg, hint="write the earlier day first")
    return Period(first.first, last.last)


def _stretch(text: str) -> Period | None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            day = parse_day(text)
            return Period(day, day)
        if found := re.fullmatch(r"(\d{4})", text, re.ASCII):
            year = int(found[1])
            return _months(year, 1, _LAST_MONTH)
        if found := re.fullmatch(r"(\d{4})-Q([1-4])", text, re.ASCII):
            month = 3 * int(found[2]) - 2
            return _months(int(found[1]), month, month + 2)
        if found := re.fullmatch(r"(\d{4})-(\d\d)", text, re.ASCII):
            return _months(int(found[1]), int(found[2]), int(found[2]))
        if found := re.fullmatch(r"(\d{4})-W(\d\d)", text, re.ASCII):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return Period(monday, monday + timedelta(days=6))
    except (ValueError, OverflowError):
        return None
    return None


def _months(year: int, first: int, last: int) -> Period:
    after = date(year + last // _LAST_MONTH, last % _LAST_MONTH + 1, 1)
    return Period(date(year, first, 1), after - timedelta(days=1))
