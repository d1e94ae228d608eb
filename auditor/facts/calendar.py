"""
Local days and working time of an auditee.

Instants are UTC datetimes; days are days of the auditee's zone, which are 23 or 25 hours long when clocks
change. What a reader would get wrong: a calendar that is not observed is not an empty one. A day may then
be worked or not (`is_working` is None), and a deadline that such a day could move raises `CalendarGap`
with the earliest instant that it can be.

Source: conventions C3 to C6 (hours, working days, days, weeks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from auditor.facts.gaps import Gaps
from auditor.facts.instants import parse_local_time
from auditor.facts.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

POINTER: Final = "/snapshot/calendar"
NOT_LISTED: Final = "not_listed"
"""Why it is not known whether a day is worked: the holidays of its year are not listed."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_DAYS_PER_WEEK: Final = 7
_MONTHS_PER_YEAR: Final = 12
_MONTHS_PER_QUARTER: Final = 3
_ELAPSED: Final[Mapping[str, timedelta]] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
}

MAX_STRETCHES: Final = 20_000
"""Longest list of days or weeks; 54 years of days."""


class CalendarGap(Exception):
    """
    An unobserved calendar could change the answer.

    Args:
        pointer: What is unobserved.
        reason: Why, as the snapshot's gaps say.
        edge: The earliest instant that the answer can be (the latest one, when time is counted back).
    """

    def __init__(self, pointer: str, reason: str, edge: datetime) -> None:
        super().__init__(f"{pointer}: {reason}")
        self.pointer = pointer
        self.reason = reason
        self.edge = edge


class CalendarRange(Exception):
    """The answer lies outside the years 1 to 9999, or would be longer than `MAX_STRETCHES`."""


class Stretch(NamedTuple):
    """A day, week, month or quarter of local time."""

    id: str
    """``2026-09-01``, ``2026-W36``, ``2026-09`` or ``2026-Q3``."""
    starts_at: datetime
    ends_at: datetime
    """Last instant, inclusive."""
    whole: bool
    """Whether it lies wholly inside what was asked about."""
    is_certain: bool = True
    """False for a day that may or may not be worked."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A zone with its working days; what is None is unobserved."""

    zone: ZoneInfo
    working_days: frozenset[int] | None = None
    """0 is Monday."""
    hours: tuple[time, time] | None = None
    """First and last moment of work on each working day, local time."""
    holidays: frozenset[date] | None = None
    gaps: Gaps | None = None
    covers: tuple[date | None, date | None] = (None, None)
    """First and last day for which holidays are listed; None where the list has no limit at that end."""

    @classmethod
    def from_snapshot(cls, document: Mapping[str, Any]) -> WorkingCalendar:
        """Read the calendar of a shaped snapshot from which its gaps were already taken."""
        head = document["snapshot"]
        calendar = head.get("calendar", {})
        days, hours = calendar.get("working_days"), calendar.get("hours")
        holidays = calendar.get("holidays")
        covers = calendar.get("covers") or {}
        return cls(
            zone(head["time_zone"]),
            None if days is None else frozenset(WEEKDAYS.index(day) for day in days),
            None
            if hours is None
            else (parse_local_time(hours["from"]), parse_local_time(hours["to"])),
            None if holidays is None else frozenset(holidays),
            Gaps(head.get("gaps", {})),
            (covers.get("from"), covers.get("to")),
        )

    def local_day(self, instant: datetime) -> date:
        """Return the calendar day on which the auditee sees *instant*."""
        try:
            return instant.astimezone(self.zone).date()
        except OverflowError:
            return instant.date()  # the first or last day that there is

    def day_start(self, day: date) -> datetime:
        """Return the first instant of a local day, in UTC; where midnight is skipped, the instant after it."""
        return _midnight(self.zone, day)

    def day_end(self, day: date) -> datetime:
        """Return the last instant of a local day, in UTC: a microsecond before the next day begins."""
        if day == date.max:
            return datetime.max.replace(tzinfo=UTC)
        return self.day_start(day + _DAY) - _INSTANT

    def is_working(self, day: date) -> bool | None:
        """Tell whether a day is worked; None where the calendar does not say."""
        if self.holidays is not None and day in self.holidays:
            return False
        if self.working_days is not None and day.weekday() not in self.working_days:
            return False
        is_told = self.holidays is not None and self.working_days is not None
        return True if is_told and self._is_covered(day) else None

    def _is_covered(self, day: date) -> bool:
        first, last = self.covers
        return (first is None or first <= day) and (last is None or day <= last)

    def add(self, instant: datetime, amount: int, unit: str) -> datetime:
        """
        Count time on from *instant*.

        Args:
            instant: In UTC.
            amount: Not negative.
            unit: ``minutes`` or ``hours`` (elapsed), ``days`` or ``weeks`` (to the end of the local day
                so many days on), ``working hours`` (office hours only), ``working days`` (to the end of
                that working day after the local day, which itself is never counted).

        Raises:
            CalendarGap: An unobserved calendar could make it later.
            CalendarRange: It lies beyond the year 9999.
        """
        return self._count(instant, amount, unit, forward=True)

    def subtract(self, instant: datetime, amount: int, unit: str) -> datetime:
        """
        Count time back from *instant*: the earliest instant from which `add` reaches it.

        Days and working days give the first instant of the local day, the mirror of `add`.

        Raises:
            CalendarGap: An unobserved calendar could make it earlier.
            CalendarRange: It lies before the year 1.
        """
        return self._count(instant, amount, unit, forward=False)

    def days(self, first: datetime, last: datetime) -> list[Stretch]:
        """List the local days from that of *first* to that of *last*; whole ones lie between the two instants."""
        return [self._day(day, first, last) for day in self._span_of_days(first, last)]

    def working_days_between(self, first: datetime, last: datetime) -> list[Stretch]:
        """List the days that are worked, and those that may be, of which `Stretch.is_certain` is false."""
        return [
            self._day(day, first, last, is_certain=works is not None)
            for day in self._span_of_days(first, last)
            if (works := self.is_working(day)) is not False
        ]

    def weeks(self, first: datetime, last: datetime) -> list[Stretch]:
        """List the ISO weeks that *first* to *last* touches; whole ones lie between their two local days."""
        return self._stretches(first, last, _week)

    def months(self, first: datetime, last: datetime) -> list[Stretch]:
        """List the calendar months that *first* to *last* touches; see `weeks`."""
        return self._stretches(first, last, _month)

    def quarters(self, first: datetime, last: datetime) -> list[Stretch]:
        """List the calendar quarters that *first* to *last* touches; see `weeks`."""
        return self._stretches(first, last, _quarter)

    def gap(self) -> tuple[str, str]:
        """Return what is unobserved of the calendar, as pointer and reason; the most basic part first."""
        parts = {
            "working_days": self.working_days,
            "holidays": self.holidays,
            "hours": self.hours,
        }
        missing = [name for name, value in parts.items() if value is None]
        if not missing:
            return f"{POINTER}/holidays", NOT_LISTED
        pointer = f"{POINTER}/{missing[0]}" if 0 < len(missing) < len(parts) else POINTER
        return pointer, (self.gaps or Gaps({})).reason_for(pointer)

    def _count(self, instant: datetime, amount: int, unit: str, *, forward: bool) -> datetime:
        try:
            if unit in _ELAPSED:
                length = _ELAPSED[unit] * amount
                return instant + length if forward else instant - length
            if unit == "working hours":
                return self._count_hours(instant, timedelta(hours=amount), forward=forward)
            if unit == "working days":
                return self._count_working_days(instant, amount, forward=forward)
            days = timedelta(days=amount * (_DAYS_PER_WEEK if unit == "weeks" else 1))
            day = self.local_day(instant)
            return self.day_end(day + days) if forward else self.day_start(day - days)
        except OverflowError:
            raise CalendarRange from None

    def _count_working_days(self, instant: datetime, amount: int, *, forward: bool) -> datetime:
        day = self.local_day(instant)
        is_exact = True
        steps = self._walk(day, forward=forward)
        while amount > 0:
            day = next(steps)
            works = self.is_working(day)
            if works is not False:
                amount -= 1
                is_exact = is_exact and works is True
        return self._answer(
            self.day_end(day) if forward else self.day_start(day), is_exact=is_exact
        )

    def _count_hours(self, instant: datetime, left: timedelta, *, forward: bool) -> datetime:
        day = self.local_day(instant)
        is_exact = True
        steps = self._walk(day, forward=forward)
        while left > timedelta():
            works = self.is_working(day)
            opens, closes = self._office(day)
            begin = max(instant, opens) if forward else opens
            end = closes if forward else min(instant, closes)
            if works is not False and end > begin:
                is_exact = is_exact and works is True and self.hours is not None
                used = min(left, end - begin)
                left -= used
                instant = begin + used if forward else end - used
            if left > timedelta():
                day = next(steps)
        return self._answer(instant, is_exact=is_exact)

    def _office(self, day: date) -> tuple[datetime, datetime]:
        """Return when work begins and ends on a day; the whole day where the hours are unobserved."""
        if self.hours is None:
            return self.day_start(day), self.day_end(day) + _INSTANT
        opens, closes = (
            datetime.combine(day, moment, self.zone).astimezone(UTC) for moment in self.hours
        )
        return opens, closes

    def _walk(self, day: date, *, forward: bool) -> Iterator[date]:
        """Yield the days after (before) *day*; where no day is ever worked, the count must end."""
        for _ in range(MAX_STRETCHES):
            day = day + _DAY if forward else day - _DAY
            yield day
        raise CalendarRange

    def _answer(self, instant: datetime, *, is_exact: bool) -> datetime:
        if is_exact:
            return instant
        raise CalendarGap(*self.gap(), instant)

    def _span_of_days(self, first: datetime, last: datetime) -> Iterator[date]:
        day, end = self.local_day(first), self.local_day(last)
        if first > last:
            return
        if (end - day).days >= MAX_STRETCHES:
            raise CalendarRange
        while day < end:
            yield day
            day += _DAY
        yield end

    def _day(
        self, day: date, first: datetime, last: datetime, *, is_certain: bool = True
    ) -> Stretch:
        starts_at, ends_at = self.day_start(day), self.day_end(day)
        whole = first <= starts_at and ends_at <= last
        return Stretch(day.isoformat(), starts_at, ends_at, whole, is_certain)

    def _stretches(
        self, first: datetime, last: datetime, unit: Callable[[date], tuple[str, date, date]]
    ) -> list[Stretch]:
        if first > last:
            return []
        begin, end = self.local_day(first), self.local_day(last)
        found: list[Stretch] = []
        day = begin
        try:
            while True:
                name, opens, closes = unit(day)
                if len(found) >= MAX_STRETCHES:
                    raise CalendarRange
                # By days, not instants: execution that began on a Monday morning has that week whole.
                whole = begin <= opens and closes <= end
                found.append(Stretch(name, self.day_start(opens), self.day_end(closes), whole))
                if closes >= end:
                    break
                day = closes + _DAY
        except OverflowError:
            raise CalendarRange from None
        return found


@lru_cache(maxsize=8_192)
def _midnight(zone: ZoneInfo, day: date) -> datetime:
    """Return the first instant of a local day in UTC: of each day once, because a project asks for few."""
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _week(day: date) -> tuple[str, date, date]:
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return f"{year:04}-W{week:02}", monday, monday + timedelta(days=_DAYS_PER_WEEK - 1)


def _month(day: date) -> tuple[str, date, date]:
    return f"{day.year:04}-{day.month:02}", day.replace(day=1), _month_end(day.year, day.month)


def _quarter(day: date) -> tuple[str, date, date]:
    number = (day.month - 1) // _MONTHS_PER_QUARTER
    begin = date(day.year, number * _MONTHS_PER_QUARTER + 1, 1)
    end = _month_end(day.year, number * _MONTHS_PER_QUARTER + _MONTHS_PER_QUARTER)
    return f"{day.year:04}-Q{number + 1}", begin, end


def _month_end(year: int, month: int) -> date:
    if (year, month) == (date.max.year, date.max.month):
        return date.max
    following = date(year + 1, 1, 1) if month == _MONTHS_PER_YEAR else date(year, month + 1, 1)
    return following - _DAY
