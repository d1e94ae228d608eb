"""
CEL's parts of instants and lengths of time: year, month, hour and the others.

Months, days of the month, of the year and of the week count from 0, ``getDate`` from 1, and Sunday is day
0. Without a zone an instant is read in UTC, which is rarely what a process means by a day: the delivery
vocabulary knows the project's own. Of a length of time, hours, minutes and seconds are totals, but
milliseconds only the part within the second.

Source: CEL specification, "Timezones"; its conformance suite, timestamps.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from auditor.facts.zones import zone
from auditor.language.failures import fail
from auditor.language.registry import Library, Overload, overload
from auditor.language.values import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.language.values import Duration, Timestamp

_OFFSET: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d)", re.ASCII
)
_NS_PER_MS: Final = 1_000_000

_FIELDS: Final[dict[str, tuple[Callable[[dt.datetime], int], str, str]]] = {
    "getFullYear": (lambda local: local.year, "2026", "Year."),
    "getMonth": (lambda local: local.month - 1, "2", "Month, 0 for January."),
    "getDayOfYear": (lambda local: local.timetuple().tm_yday - 1, "61", "Day of the year, from 0."),
    "getDayOfMonth": (lambda local: local.day - 1, "2", "Day of the month, from 0."),
    "getDate": (lambda local: local.day, "3", "Day of the month, from 1."),
    "getDayOfWeek": (lambda local: local.isoweekday() % 7, "2", "Day of the week, 0 for Sunday."),
    "getHours": (lambda local: local.hour, "23", "Hour of the day."),
    "getMinutes": (lambda local: local.minute, "31", "Minute of the hour."),
    "getSeconds": (lambda local: local.second, "30", "Second of the minute."),
    "getMilliseconds": (
        lambda local: local.microsecond // 1_000,
        "250",
        "Millisecond of the second.",
    ),
}
"""What is taken of the local time, what it is for the instant of the example, and what it says."""
_EXAMPLE: Final = "2026-03-03T23:31:30.25"


def _place(name: str) -> dt.tzinfo:
    found = _OFFSET.fullmatch(name)
    if found is not None:
        offset = dt.timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
        return dt.timezone(-offset if found["sign"] == "-" else offset)
    try:
        return zone(name)
    except ValueError:
        fail("bad_time_zone", "the text is neither an IANA time zone nor an offset such as +02:00")


def _local(moment: Timestamp, place: dt.tzinfo) -> dt.datetime:
    try:
        return moment.to_datetime().astimezone(place)
    except OverflowError:
        fail("range", "the local time lies outside the years 1 to 9999")


def _of_instant(name: str) -> tuple[Overload, Overload]:
    take, value, about = _FIELDS[name]
    return (
        overload(
            f"timestamp.{name}() -> int",
            lambda moment: take(_local(moment, dt.UTC)),
            examples=[(f"timestamp('{_EXAMPLE}Z').{name}()", value)],
            about=f"{about} In UTC.",
        ),
        overload(
            f"timestamp.{name}(string) -> int",
            lambda moment, place: take(_local(moment, _place(place))),
            examples=[
                (f"timestamp('{_EXAMPLE}+01:00').{name}('Europe/Berlin')", value),
                (f"timestamp('{_EXAMPLE}-02:30').{name}('-02:30')", value),
            ],
            about=f"{about} In an IANA time zone or at an offset from UTC.",
        ),
    )


def _whole(length: Duration, unit_ns: int) -> int:
    """Count the whole units in *length*, towards zero."""
    count = abs(length.ns) // unit_ns
    return -count if length.ns < 0 else count


def _milliseconds(length: Duration) -> int:
    within = abs(length.ns) % NS_PER_S // _NS_PER_MS
    return -within if length.ns < 0 else within


LIBRARY: Final = Library(
    "time_fields",
    (
        *(entry for name in _FIELDS for entry in _of_instant(name)),
        overload(
            "duration.getHours() -> int",
            lambda length: _whole(length, 3_600 * NS_PER_S),
            examples=[("duration('3h59m').getHours()", "3")],
            about="Whole hours of the length.",
        ),
        overload(
            "duration.getMinutes() -> int",
            lambda length: _whole(length, 60 * NS_PER_S),
            examples=[("duration('3730s').getMinutes()", "62")],
            about="Whole minutes of the length.",
        ),
        overload(
            "duration.getSeconds() -> int",
            lambda length: _whole(length, NS_PER_S),
            examples=[("duration('1h2m10.9s').getSeconds()", "3730")],
            about="Whole seconds of the length.",
        ),
        overload(
            "duration.getMilliseconds() -> int",
            _milliseconds,
            examples=[("duration('123.321456789s').getMilliseconds()", "321")],
            about="Milliseconds beyond the whole seconds.",
        ),
    ),
)
