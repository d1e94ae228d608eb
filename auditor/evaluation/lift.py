"""
From plain facts to values of the exact evaluator, one selection at a time.

Nothing is wrapped beforehand: a field becomes a value when an expression reads it. The one place that
knows what a missing key means: in a declared object it is unobserved, in plain data it is absent.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import child
from auditor.facts.types import DYN, TIMESTAMP, ListType, MapType, ObjectType, unwrap
from auditor.language.values import (
    Cause,
    Day,
    Item,
    Listing,
    MapValue,
    Record,
    Timestamp,
    Unknown,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.calendar import WorkingCalendar
    from auditor.facts.gaps import Gaps
    from auditor.facts.types import Type


class Lift:
    """
    Turns facts into values.

    Args:
        gaps: What the source says about unobserved facts; None for data without gaps.
        calendar: Gives a bare day its first and last instant; None where no declared facts are read.
    """

    def __init__(self, gaps: Gaps | None = None, calendar: WorkingCalendar | None = None) -> None:
        self._gaps = gaps
        self._calendar = calendar
        self._lists: dict[str, Listing] = {}

    @property
    def calendar(self) -> WorkingCalendar | None:
        """The auditee's zone and working time; None where no declared facts are read."""
        return self._calendar

    def value(self, raw: Any, declared: Type, pointer: str) -> Value:  # noqa: ANN401 - any fact
        """Return the value of the fact *raw* of type *declared* at *pointer*."""
        declared = unwrap(declared)
        match raw:
            case None | bool() | int() | float() | str() | bytes():
                return raw
            case dt.datetime():
                return Timestamp.of(raw)
            case dt.date():
                return self._day(raw, pointer) if declared == TIMESTAMP else raw
            case list():
                return self._listing(raw, declared, pointer)
            case dict() if isinstance(declared, ObjectType):
                return Record(raw, declared, pointer)
            case dict():
                return self._map(raw, declared, pointer)
            case _:
                return raw

    def field(self, record: Record, name: str) -> Value:
        """Return a declared field: a value, null, or `Unknown` where the key is missing."""
        pointer = child(record.pointer, name)
        declared = record.type.fields[name]
        if name in record.data:
            return self.value(record.data[name], declared.type, pointer)
        return Unknown(frozenset({Cause(pointer, self._reason(pointer))}))

    def is_of_snapshot(self, listing: Listing) -> bool:
        """Whether a list stands in the snapshot as it is, so that it is this one object every time."""
        return bool(listing.pointer) and self._lists.get(listing.pointer) is listing

    def _reason(self, pointer: str) -> str:
        return self._gaps.reason_for(pointer) if self._gaps is not None else "unobserved"

    def _day(self, day: dt.date, pointer: str) -> Value:
        if self._calendar is None:
            return day
        first = Timestamp.of(self._calendar.day_start(day))
        last = Timestamp.of(self._calendar.day_end(day))
        return Day(day, first, last, pointer)

    def _listing(self, raw: list[Any], declared: Type, pointer: str) -> Listing:
        known = self._lists.get(pointer) if pointer else None
        if known is not None:
            return known
        element = declared.element if isinstance(declared, ListType) else DYN
        truncated = self._gaps is not None and bool(pointer) and self._gaps.is_truncated(pointer)
        rest = Unknown(frozenset({Cause(pointer, "truncated")})) if truncated else None
        items = tuple(
            Item(self.value(part, element, child(pointer, index) if pointer else ""))
            for index, part in enumerate(raw)
        )
        listing = Listing(items, rest, grounded=bool(items) or truncated, pointer=pointer)
        if pointer:
            self._lists[pointer] = listing
        return listing

    def _map(self, raw: Mapping[Any, Any], declared: Type, pointer: str) -> MapValue:
        inner = declared.value if isinstance(declared, MapType) else DYN
        entries: dict[tuple[str, Any], tuple[Value, Value]] = {}
        for key, part in raw.items():
            identity = map_key(key)
            if identity is not None:
                place = child(pointer, str(key)) if pointer else ""
                entries[identity] = (key, self.value(part, inner, place))
        return MapValue(entries, pointer)
