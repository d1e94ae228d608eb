"""
Days, weeks and so on as generated code goes through them: each made once, and lists of them cut from longer ones.

A day of which it is not known whether it is worked leaves the list to the exact evaluator.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.fast.leave import Leave
from auditor.facts.calendar import CalendarRange, WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from auditor.facts.calendar import Stretch

_EDGES: Final = 2
"""Days at the ends of a stretch of time that lie only partly inside."""
_DAYS_PER_WEEK: Final = 7
_AHEAD: Final = 30
"""Days that are listed beyond what is asked for: most lists of one project lie close together."""
_MOST: Final = 8_000
"""Days that are listed at most; what lies further apart is listed anew."""
_FIRST: Final = dt.date.min.toordinal()
_LAST: Final = dt.date.max.toordinal() - 1


class Period(dict[str, Any]):
    """A stretch of the calendar, told from every other record. Shared: never to be changed."""

    __slots__ = ()


@lru_cache(maxsize=8_192)
def _whole_day(zone: ZoneInfo, ordinal: int) -> Period:
    day, calendar = dt.date.fromordinal(ordinal), WorkingCalendar(zone)
    return Period(
        id=day.isoformat(),
        starts_at=calendar.day_start(day),
        ends_at=calendar.day_end(day),
        whole=True,
    )


class _Days:
    """
    Local days in order, of which stretches are cut.

    Args:
        calendar: Whose days they are.
        is_listed: Tells whether a day is among them; None where nobody knows.
    """

    def __init__(
        self, calendar: WorkingCalendar, is_listed: Callable[[dt.date], bool | None]
    ) -> None:
        self._calendar = calendar
        self._is_listed = is_listed
        self._low = self._high = 0
        self._days: list[Period] = []
        self._places: list[int] = []
        """For each day from `_low` on, how many days are listed before it."""
        self._open: list[int] = []
        """Days of which nobody knows."""

    def between(self, first: dt.datetime, last: dt.datetime) -> list[Period]:
        """List those from the day of *first* to that of *last*; only those between the two instants are whole."""
        if first > last:
            return []
        begin = self.ordinal(first)
        end = begin if last is first else self.ordinal(last)
        if begin < self._low or end >= self._high:
            self._list(begin, end)
        if self._open and any(begin <= day <= end for day in self._open):
            raise Leave
        places, low = self._places, self._low
        found = self._days[places[begin - low] : places[end + 1 - low]]
        if found:
            # Only a day at an end can lie partly outside.
            if found[0]["starts_at"] < first or found[0]["ends_at"] > last:
                found[0] = Period({**found[0], "whole": False})
            if found[-1]["starts_at"] < first or found[-1]["ends_at"] > last:
                found[-1] = Period({**found[-1], "whole": False})
        return found

    def ordinal(self, instant: dt.datetime) -> int:
        """Return the number of the local day of an instant."""
        return self._calendar.local_day(instant).toordinal()

    def _list(self, begin: int, end: int) -> None:
        if begin < _FIRST or end >= _LAST:
            raise Leave
        is_far = max(end, self._high) - min(begin, self._low) > _MOST
        if not self._high or begin < self._low or is_far:
            # From the start again, and further back each time.
            length = _AHEAD if is_far else max(_AHEAD, self._high - self._low)
            self._low = max(begin - length, _FIRST)
            end = end if is_far else max(end, self._high)
            self._high = self._low
            self._days, self._places, self._open = [], [0], []
        length = max(_AHEAD, self._high - self._low)
        for ordinal in range(self._high, min(end + length, _LAST)):
            listed = self._is_listed(dt.date.fromordinal(ordinal))
            if listed is None:
                self._open.append(ordinal)
            elif listed:
                self._days.append(_whole_day(self._calendar.zone, ordinal))
            self._places.append(len(self._days))
        self._high = max(self._high, min(end + length, _LAST))


@lru_cache(maxsize=64)
def _days_of(calendar: WorkingCalendar, *, only_worked: bool) -> _Days:
    """Return the days of a calendar: most snapshots of a portfolio share one."""
    return _Days(calendar, calendar.is_working if only_worked else lambda _: True)


class Periods:
    """
    Lists of periods of one calendar.

    Args:
        calendar: The auditee's.
        longest: Most days that a list may go through.
    """

    def __init__(self, calendar: WorkingCalendar, longest: int) -> None:
        self._longest = longest
        same = replace(calendar, gaps=None, hours=None)  # neither says which days are worked
        self._listed: dict[str, Callable[[dt.datetime, dt.datetime], list[Period]]] = {
            "days": _days_of(WorkingCalendar(calendar.zone), only_worked=False).between,
            "workingDays": _days_of(same, only_worked=True).between,
            "weeks": _weeks(WorkingCalendar(calendar.zone)),
            "months": _units(calendar.months),
            "quarters": _units(calendar.quarters),
        }

    def lister(self, name: str) -> Callable[[Any, Any], list[Period]]:
        """Return the function that lists days, weeks and so on between two instants."""
        listed = self._listed[name]
        most = dt.timedelta(days=self._longest - _EDGES)
        kept: dict[tuple[Any, Any], list[Period]] = {}

        def periods(begin: Any, end: Any) -> list[Period]:  # noqa: ANN401 - instants, or what is none
            key = begin, end
            found = kept.get(key)
            if found is None:
                if begin.__class__ is not dt.datetime or end.__class__ is not dt.datetime:
                    raise Leave
                if end - begin > most:
                    raise Leave
                found = kept[key] = listed(begin, end)
            return found

        return periods


@lru_cache(maxsize=8_192)
def _week(zone: ZoneInfo, monday: int, *, whole: bool) -> Period:
    """Return the ISO week that begins on a local day."""
    calendar, day = WorkingCalendar(zone), dt.date.fromordinal(monday)
    (stretch,) = calendar.weeks(calendar.day_start(day), calendar.day_start(day))
    return Period(id=stretch.id, starts_at=stretch.starts_at, ends_at=stretch.ends_at, whole=whole)


def _weeks(calendar: WorkingCalendar) -> Callable[[dt.datetime, dt.datetime], list[Period]]:
    def weeks(first: dt.datetime, last: dt.datetime) -> list[Period]:
        if first > last:
            return []
        begin, end = calendar.local_day(first).toordinal(), calendar.local_day(last).toordinal()
        if not _DAYS_PER_WEEK < begin <= end < _LAST - _DAYS_PER_WEEK:
            raise Leave
        found = []
        # The first day that there is was a Monday.
        for monday in range(begin - (begin - 1) % _DAYS_PER_WEEK, end + 1, _DAYS_PER_WEEK):
            is_whole = begin <= monday and monday + _DAYS_PER_WEEK - 1 <= end
            found.append(_week(calendar.zone, monday, whole=is_whole))
        return found

    return weeks


def _units(
    method: Callable[[dt.datetime, dt.datetime], list[Stretch]],
) -> Callable[[dt.datetime, dt.datetime], list[Period]]:
    def units(first: dt.datetime, last: dt.datetime) -> list[Period]:
        try:
            stretches = method(first, last)
        except CalendarRange:
            raise Leave from None
        return [
            Period(id=name, starts_at=starts_at, ends_at=ends_at, whole=whole)
            for name, starts_at, ends_at, whole, _ in stretches
        ]

    return units
