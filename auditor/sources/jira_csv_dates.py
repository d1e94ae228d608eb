"""
Read the dates of a Jira export: local times without a zone, in a form that each site chooses.

`03/04/22` is two days. Which one is meant is said by a setting, or shown by all dates together: where one of
them has a 13th of something, the order of all is known. Otherwise none is read. Where the month is spelt out
only the year could be meant by the first number, which Jira does not write unless it is told to.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.facts.instants import parse_moment
from auditor.sources.instants import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

ORDERS: Final = {
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "ymd": "year, month, day",
}

_FORM: Final = re.compile(
    r"(?P<one>\d{1,4}|[^\W\d_]{3,9})[-/. ](?P<two>\d{1,2}|[^\W\d_]{3,9})[-/., ] ?(?P<three>\d{1,4})"
    r"(?:[T,]? ?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?: (?P<half>[AaPp])[Mm])?)?",
    re.ASCII,
)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT: Final = 3
_NOON: Final = 12
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a date was not read; None where that was reported for all of them."""

    reason: str | None = None


class Dates:
    """
    Reads the dates of one export.

    Args:
        zone: In which times are read.
        order: One of `ORDERS`; None where it is not known, so that no date is read.
    """

    def __init__(self, zone: ZoneInfo, order: str | None) -> None:
        self._zone = zone
        self._order = order

    def instant(self, written: str) -> str | Unread:
        """Return RFC 3339, or a bare day where no more is known."""
        with_offset = rewritten(written)
        if with_offset is not None:
            return with_offset
        local = self._local(written)
        if isinstance(local, Unread):
            return local
        if not isinstance(local, dt.datetime):
            return local.isoformat()
        early, late = (local.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            there_and_back = early.astimezone(dt.UTC).astimezone(self._zone).replace(tzinfo=None)
            if there_and_back != local:
                return Unread(f"a time that the clocks in {self._zone.key} skipped")
            # The hour came twice that night: which of the two it was, nobody wrote down.
            return local.date().isoformat()
        spelt = early.isoformat()
        try:
            parse_moment(spelt)
        except ValueError:
            return Unread("too long ago for a time zone")
        return spelt

    def day(self, written: str) -> str | Unread:
        """Return a calendar day; Jira writes midnight behind it."""
        local = self._local(written)
        if isinstance(local, Unread):
            return local
        if isinstance(local, dt.datetime):
            if local.time() != dt.time():
                return Unread("a time of day, want a day")
            local = local.date()
        return local.isoformat()

    def _local(self, written: str) -> dt.date | Unread:
        found = _FORM.fullmatch(written)
        if found is None:
            return Unread("no date that Jira writes in English")
        if self._order is None:
            return Unread()
        day = _day(found, self._order)
        if day is None:
            return Unread(f"no date in the order {ORDERS[self._order]}")
        if found["hour"] is None:
            return day
        hour, half = int(found["hour"]), found["half"]
        if half is not None:
            if not 1 <= hour <= _NOON:
                return Unread("no time of day")
            hour = hour % _NOON + (_NOON if half in "Pp" else 0)
        try:
            time = dt.time(hour, int(found["minute"]), int(found["second"] or 0))
        except ValueError:
            return Unread("no time of day")
        return dt.datetime.combine(day, time)


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the dates of an export are written, and how that is known."""

    order: str | None
    told: str | None
    """As the snapshot lists it; None where there is nothing to tell."""
    doubtful: str | None = None
    """A date that could be read in several ways, or in none, where the order stays unknown."""


def order_of(dates: Iterable[str], given: str | None) -> Order:
    """
    Find out in which order *dates* are written.

    Args:
        dates: All of them; those that carry an offset or are none at all do not matter.
        given: What the settings say.
    """
    forms = {
        written: found
        for written in sorted(set(dates))
        if rewritten(written) is None and (found := _FORM.fullmatch(written))
    }
    if given is not None:
        return Order(given, f"dates are read as {ORDERS[given]}, as the settings say")
    if not forms:
        return Order(None, None)
    fitting = {
        order for order in ORDERS if all(_day(found, order) is not None for found in forms.values())
    }
    if len(fitting) == 1:
        (order,) = fitting
        return Order(order, f"dates are read as {ORDERS[order]}, the one order that fits them all")
    if "dmy" in fitting and all(found["two"].isalpha() for found in forms.values()):
        told = f"dates are read as {ORDERS['dmy']}, as Jira writes them unless it is told otherwise"
        return Order("dmy", told)
    return Order(None, None, doubtful=next(iter(forms)))


def has_short_years(dates: Iterable[str], order: str | None) -> bool:
    """Tell whether a century had to be assumed for any of *dates*."""
    place = {"dmy": "three", "mdy": "three", "ymd": "one"}.get(order or "")
    found = (_FORM.fullmatch(written) for written in dates)
    return place is not None and any(one is not None and len(one[place]) == 2 for one in found)  # noqa: PLR2004 - two digits


def _day(found: re.Match[str], order: str) -> dt.date | None:
    """Return the day that is meant in *order*, None where there is none."""
    parts = dict(zip(order, (found["one"], found["two"], found["three"]), strict=True))
    month = _month(parts["m"])
    year, day = parts["y"], parts["d"]
    if month is None or not day.isdecimal() or not year.isdecimal() or len(year) not in {2, 4}:
        return None
    try:
        return dt.date(int(year) + (_CENTURY if len(year) == 2 else 0), month, int(day))  # noqa: PLR2004 - two digits
    except ValueError:
        return None


def _month(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    name = written.casefold()
    for number, full in enumerate(_MONTHS, 1):
        if name in {full, full[:_SHORT]}:
            return number
    return None
