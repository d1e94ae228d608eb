"""
Spell the instants of other tools as a snapshot wants them.

Jira writes `+0800` without a colon, databases write a space for the `T`, and some leave the offset out:
such a time is no instant until somebody says in which zone to read it, and that is never guessed here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from auditor.facts.instants import parse_moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WRITTEN: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<time>\d\d:\d\d:\d\d)(?P<fraction>\.\d{1,9})?"
    r" ?(?P<offset>[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def rewritten(text: str, zone: ZoneInfo | None = None) -> str | None:
    """
    Return *text* as RFC 3339, with its own digits and offset.

    Args:
        text: A date and a time of day, with or without an offset.
        zone: The zone in which a time without an offset is read; None refuses such a time.

    Returns:
        None where *text* is no such time, or where it has no offset and there is no *zone*.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day, time, fraction, offset = found.group("day", "time", "fraction", "offset")
    try:
        if offset is None:
            if zone is None:
                return None
            local = dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)
            offset = local.isoformat()[len("2026-03-03T14:00:00") :]
        elif ":" not in offset and offset not in {"Z", "z"}:
            offset = f"{offset[:3]}:{offset[3:]}"
        spelt = f"{day}T{time}{fraction or ''}{offset.upper()}"
        parse_moment(spelt)
    except (ValueError, OverflowError):
        return None
    return spelt
