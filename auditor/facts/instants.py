"""
Read instants, days and times of day exactly as the contract writes them.

Stricter than `datetime.fromisoformat`, which also takes week dates, missing offsets and seconds of a 61st
minute. An instant is RFC 3339: the offset is demanded, ``t`` and ``z`` may be small (section 5.6 of the
RFC), a space in the place of the ``T`` may not be. What is finer than a microsecond is refused, not cut
off: two instants that differ must not become equal.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NoReturn

EXAMPLE: Final = "2026-03-03T14:00:00+01:00"

DAY_LENGTH: Final = 10
"""Characters of a day; no instant is as short."""

_SEPARATORS: Final = "--T::"
"""What stands at every third place of ``YYYY-MM-DDTHH:MM:SS`` from the fifth on."""

_SUFFIX: Final = re.compile(
    r"(?:\.(?P<fraction>\d{1,6})0*)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d))",
    re.ASCII,
)
_NEARLY: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<gap>[Tt ]?)(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?P<fraction>[.,]\d+)?(?P<offset>[Zz]|[+-]\d\d:?\d\d|[+-]\d\d)?",
    re.ASCII,
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LOCAL_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_FINEST: Final = 6
_MIDNIGHT: Final = "24"
_LEAP: Final = "60"


class BareDay(dt.date):
    """
    A day in an instant's place: the instant is known only to that day.

    Two of them have no order, because two instants of one day have none that anybody knows, and Python would
    make one up. Whoever wants to order them says what of the day counts, as `auditor.facts.replay` does.
    """

    __slots__ = ()

    def _refuse(self, other: object) -> NoReturn:
        msg = f"an instant known only to its day has no order beside a {type(other).__name__}"
        raise TypeError(msg)

    __lt__ = __le__ = __gt__ = __ge__ = _refuse


def parse_moment(text: str) -> dt.datetime:
    """
    Read an RFC 3339 instant with an offset.

    Returns:
        The instant in UTC; every result shares `datetime.UTC`, which makes comparing them cheap.

    Raises:
        ValueError: It is none; the message says what is wrong in words.
    """
    if text[4:17:3] != _SEPARATORS:
        if text[10:11] == "t":
            return parse_moment(f"{text[:10]}T{text[11:]}")
        raise ValueError(_complaint(text))
    try:
        local = dt.datetime.fromisoformat(f"{text[:19]}Z")
        # Faster than `astimezone`, and the result shares `datetime.UTC` all the same.
        moment = local - _SUFFIXES[text[19:]]
    except (ValueError, OverflowError):
        raise ValueError(_complaint(text)) from None
    if local.hour == 0 and text[11] == "2":
        raise ValueError(_complaint(text))  # newer Pythons read 24:00 as the next day
    return moment


class _Suffixes(dict[str, dt.timedelta]):
    """What follows the seconds, to what must be taken off to reach UTC; offsets are few and kept."""

    def __missing__(self, text: str) -> dt.timedelta:
        found = _SUFFIX.fullmatch(text)
        if found is None:
            raise ValueError(text)
        length = dt.timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        length = -length if found["sign"] == "-" else length
        if found["fraction"]:
            return length - dt.timedelta(microseconds=int(found["fraction"].ljust(_FINEST, "0")))
        self[text] = length
        return length


_SUFFIXES: Final = _Suffixes()


def parse_day(text: str) -> dt.date:
    """
    Read a calendar day, ``YYYY-MM-DD``.

    Raises:
        ValueError: It is none; the message says what is wrong in words.
    """
    if _DAY.fullmatch(text) is None:
        msg = "a day is written as year, month and day, e.g. 2026-03-03"
        raise ValueError(msg)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_no_such_day(text)) from None


def parse_bare_day(text: str) -> BareDay:
    """
    Read the day of an instant that is known only to the day.

    Raises:
        ValueError: It is none; the message says what is wrong in words.
    """
    return BareDay.fromordinal(parse_day(text).toordinal())


def parse_instant(text: str) -> dt.datetime | dt.date:
    """
    Read an instant, or the bare day that stands for one known only to the day.

    Raises:
        ValueError: It is neither; the message says what is wrong in words.
    """
    return parse_day(text) if len(text) == DAY_LENGTH else parse_moment(text)


def parse_local_time(text: str) -> dt.time:
    """
    Read a time of day, ``HH:MM``, from 00:00 to 23:59.

    Raises:
        ValueError: It is none.
    """
    if _LOCAL_TIME.fullmatch(text) is None:
        msg = "a time of day is written as hour and minute, e.g. 09:00"
        raise ValueError(msg)
    return dt.time.fromisoformat(text)


def _no_such_day(text: str) -> str:
    return (
        "there is no year 0000"
        if text.startswith("0000")
        else f"the calendar has no day {text[:10]}"
    )


def _complaint(text: str) -> str:
    """Say what keeps *text* from being an instant; the first fault that a person would mend."""
    found = _NEARLY.fullmatch(text)
    if found is None:
        return f"an instant is written like {EXAMPLE}"
    for is_wrong, complaint in (
        (found["offset"] is None, "the offset from UTC is missing, e.g. +01:00 or Z"),
        (found["gap"] not in {"T", "t"}, "a T stands between the day and the time"),
        (found["second"] is None, "the seconds are missing"),
        (found["hour"] == _MIDNIGHT, "24:00 is written as 00:00 of the next day"),
        (found["second"] == _LEAP, "leap seconds cannot be kept; write second 59"),
        ((found["fraction"] or "").startswith(","), "a fraction of a second begins with a point"),
        (
            len((found["fraction"] or "").rstrip("0")) > _FINEST + 1,
            "it is finer than a microsecond; keep six digits after the point",
        ),
        (
            (found["offset"] or "Z") not in {"Z", "z"} and ":" not in (found["offset"] or ""),
            "the offset is written with a colon, e.g. +01:00",
        ),
    ):
        if is_wrong:
            return complaint
    try:
        dt.date.fromisoformat(found["day"])
    except ValueError:
        return _no_such_day(found["day"])
    return "no clock shows this time, or it lies outside the years 1 to 9999"
