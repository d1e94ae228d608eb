"""
How expressions write instants and lengths of time.

Instants are RFC 3339 with up to nanoseconds, lengths are Go's durations (``1h30m``, ``-1.5s``), both
read exactly, in whole nanoseconds. Not for the facts of a snapshot: those are read on their own floor,
and nothing finer than a microsecond is let in there.

Source: CEL specification, "List of Standard Definitions"; its proposal 185 for durations.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from auditor.language.values import (
    DURATION_MAX_NS,
    NS_PER_S,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    Duration,
    Timestamp,
)

_INSTANT: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt](?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d))",
    re.ASCII,
)
_PART: Final = re.compile(
    r"(?=\.?\d)(?P<whole>\d*)(?:\.(?P<fraction>\d*))?(?P<unit>ns|us|µs|μs|ms|s|m|h)",
    re.ASCII,
)
_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
}
_LONGEST: Final = 100
"""Characters of a duration; beyond it there is nothing but zeros to write."""
_OUTSIDE: Final = "the instant lies outside the years 1 to 9999"
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400


def parse_timestamp(text: str) -> Timestamp:
    """
    Read an RFC 3339 instant.

    Raises:
        ValueError: It is none.
        OverflowError: It lies outside the years 1 to 9999.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        msg = "the text is not an instant such as 2026-03-03T14:00:00+01:00"
        raise ValueError(msg)
    if found["day"].startswith("0000"):
        raise OverflowError(_OUTSIDE)
    try:
        day = dt.date.fromisoformat(found["day"])
    except ValueError:
        msg = "the calendar has no such day"
        raise ValueError(msg) from None
    seconds = (day.toordinal() - _EPOCH_DAY) * _DAY_S
    seconds += int(found["hour"]) * 3_600 + int(found["minute"]) * 60 + int(found["second"])
    if found["sign"]:
        offset = int(found["hours"]) * 3_600 + int(found["minutes"]) * 60
        seconds -= -offset if found["sign"] == "-" else offset
    ns = seconds * NS_PER_S + int((found["fraction"] or "0").ljust(9, "0"))
    if not TIMESTAMP_MIN_NS <= ns <= TIMESTAMP_MAX_NS:
        raise OverflowError(_OUTSIDE)
    return Timestamp(ns)


def format_timestamp(moment: Timestamp) -> str:
    """Write an instant in UTC, with as many digits as it needs: ``2026-03-03T13:00:00.5Z``."""
    seconds, fraction = divmod(moment.ns, NS_PER_S)
    days, second = divmod(seconds, _DAY_S)
    day = dt.date.fromordinal(_EPOCH_DAY + days).isoformat()
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return f"{day}T{hour:02}:{minute:02}:{second:02}{_fraction(fraction)}Z"


def parse_duration(text: str) -> Duration:
    """
    Read a Go duration; what is finer than a nanosecond is cut off, as Go does.

    Raises:
        ValueError: It is none.
        OverflowError: It does not fit into 64 bits of nanoseconds (some 292 years).
    """
    total, at = 0, 1 if text[:1] in {"+", "-"} else 0
    is_zero = text[at:] == "0"  # the only number that needs no unit
    while at < len(text) <= _LONGEST and not is_zero:
        found = _PART.match(text, at)
        if found is None:
            break
        scale = _UNITS[found["unit"]]
        fraction = found["fraction"] or "0"
        total += int(found["whole"] or "0") * scale
        total += int(fraction) * scale // 10 ** len(fraction)
        at = found.end()
    if not is_zero and (at < len(text) or not text.strip("+-")):
        msg = "the text is not a length of time such as 1h30m or 1.5s"
        raise ValueError(msg)
    total = -total if text.startswith("-") else total
    if not -DURATION_MAX_NS - 1 <= total <= DURATION_MAX_NS:
        msg = "the length of time is beyond 292 years"
        raise OverflowError(msg)
    return Duration(total)


def format_duration(length: Duration) -> str:
    """Write a length of time in seconds: ``5400s``, ``-1.5s``."""
    seconds, fraction = divmod(abs(length.ns), NS_PER_S)
    return f"{'-' if length.ns < 0 else ''}{seconds}{_fraction(fraction)}s"


def _fraction(ns: int) -> str:
    return f".{ns:09}".rstrip("0") if ns else ""
