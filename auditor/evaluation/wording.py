"""
How values read in a sentence: instants in the project's zone, ids as names, nothing as "none".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.shapes import plain
from auditor.language.param_values import shown_value
from auditor.language.values import (
    NS_PER_S,
    Day,
    Duration,
    Failure,
    Listing,
    MapValue,
    Optional,
    Record,
    Timestamp,
    TypeValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

NOT_RECORDED: Final = "not recorded"
NONE: Final = "none"
NOT_YET: Final = "not yet at the judged instant"
_NAME_FIELDS: Final = ("name", "title", "text", "description", "key")
_LISTED: Final = 8
"""Members of a list that a sentence names before it says how many more there are."""
_LONGEST: Final = 120
_DEEPEST: Final = 3
"""Lists inside each other that a sentence spells out."""
_HOUR_NS: Final = 3_600 * NS_PER_S
_MINUTE_NS: Final = 60 * NS_PER_S


class Wording:
    """
    Shows values of one snapshot.

    Args:
        document: The shaped snapshot, from which ids get their names.
        zone: In which instants are shown.
    """

    def __init__(self, document: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.zone = zone
        self._names = dict(_names(document, zone))

    def show(self, value: Value, depth: int = 0) -> str:
        """Return *value* as a person reads it; lists inside lists only so *depth* far."""
        value = plain(value)
        match value:
            case Unknown():
                return NOT_RECORDED
            case None:
                return NONE
            case bool():
                return "yes" if value else "no"
            case str():
                return shortened(self._names.get(value, value))
            case Listing() | MapValue():
                return self._several(value, depth + 1) if depth < _DEEPEST else "…"
            case Optional():
                return self.show(value.value, depth) if value.has_value else NONE
            case Record():
                return self.show(record_name(value.data, self.zone))
            case _:
                return self._scalar(value)

    def _scalar(self, value: Value) -> str:
        match value:
            case Timestamp():
                return self.instant(value.to_datetime())
            case dt.datetime():
                return self.instant(value)
            case Day():
                return value.date.isoformat()
            case dt.date():
                return value.isoformat()
            case Duration():
                return duration(value.ns)
            case Fraction():
                return shown_value(value)
            case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - shown exactly below
                return str(int(value))
            case TypeValue():
                return value.name
            case Failure():
                return value.message
            case _:
                return shortened(str(value))

    def instant(self, moment: dt.datetime) -> str:
        """Show an instant in the project's zone, with the offset."""
        local = self._local(moment)
        offset = local.strftime("%z")
        precise = local.isoformat(" ", "seconds" if local.second else "minutes")[
            : 19 if local.second else 16
        ]
        return f"{precise} {offset[:3]}:{offset[3:5]}"

    def rfc3339(self, moment: dt.datetime) -> str:
        """Write an instant for documents: RFC 3339 in the project's zone."""
        return self._local(moment).isoformat()

    def moment(self, at: dt.date | None) -> str | None:
        """Write a subject's instant for documents; one that is known only to its day as that day."""
        if isinstance(at, dt.datetime):
            return self.rfc3339(at)
        return None if at is None else at.isoformat()

    def _local(self, moment: dt.datetime) -> dt.datetime:
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment  # the first or last hours of the calendar: the zone's own would lie beyond it

    def listed(self, values: Iterable[Value], depth: int = 0) -> str:
        """Name members one after another, and say how many more there are."""
        counted = Counter(self.show(value, depth) for value in values)
        return listed([f"{name} ({n} times)" if n > 1 else name for name, n in counted.items()])

    def _several(self, value: Listing | MapValue, depth: int) -> str:
        if isinstance(value, Listing):
            return self.listed(list(value), depth) or NONE
        pairs = [f"{key}: {self.show(part, depth)}" for key, part in value.entries.values()]
        return listed(pairs) or NONE


def listed(names: list[str]) -> str:
    """Join names, by semicolons where one holds a comma; beyond a few, say how many more there are."""
    more = len(names) - _LISTED
    shown = ("; " if any(", " in name for name in names) else ", ").join(names[:_LISTED])
    return f"{shown} and {more} more" if more > 0 else shown


def duration(ns: int) -> str:
    """Show an elapsed time in hours, or in minutes below one hour."""
    sign, ns = ("-", -ns) if ns < 0 else ("", ns)
    if ns >= _HOUR_NS:
        hours, rest = divmod(ns, _HOUR_NS)
        minutes = rest // _MINUTE_NS
        return f"{sign}{hours} h {minutes} min" if minutes else f"{sign}{hours} h"
    if ns >= _MINUTE_NS:
        return f"{sign}{ns // _MINUTE_NS} min"
    return f"{sign}{ns / NS_PER_S:g} s"


def shortened(text: str) -> str:
    """Cut a long text for a sentence, visibly."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _names(document: Mapping[str, Any], zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    for records in document.values():
        entries = records if isinstance(records, list) else [records]
        for record in entries:
            if isinstance(record, dict) and isinstance(record.get("id"), str):
                yield record["id"], record_name(record, zone)


def record_name(data: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Return what a person calls a record: its name or text, a meeting by kind and day, else its id."""
    for field in _NAME_FIELDS:
        value = data.get(field)
        if isinstance(value, str) and value.strip():
            return value
    kind, held = data.get("kind"), data.get("held_at")
    if isinstance(kind, str) and isinstance(held, dt.date):
        day = held.astimezone(zone).date() if isinstance(held, dt.datetime) else held
        return f"{kind} of {day.isoformat()}"
    version = data.get("version")
    if isinstance(version, str):
        return f"version {version}"
    value = data.get("item") or data.get("id") or data.get("key")  # the key of a group
    return value if isinstance(value, str) else "a record without a name"
