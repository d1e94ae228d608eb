"""
What a field held at an earlier instant, told by its change events.

The value at an instant is the ``from`` of the first event after it; without a later event it is the value
of the snapshot. For a list of ids an event is a membership: ``from`` was taken out, ``to`` was put in. An
event that is known only to the day of the cut may lie on either side: the value is then unobserved.

Source: SNAPSHOT.md, rule 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import DAY_LENGTH, parse_bare_day, parse_day, parse_moment
from auditor.facts.types import (
    DATE,
    DOUBLE,
    INT,
    TIMESTAMP,
    ListType,
    NullableType,
    ObjectType,
    ScalarType,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from auditor.facts.types import Field, Type

GONE: Final = object()
"""Stands for a value that cannot be told: its key is to be taken away."""

CUT_ROLES: Final = frozenset({"happened", "recorded"})
"""Roles of instants that a cut turns to null when they are later."""

_CATEGORY: Final = "category"
"""Field of a status that an event's values are of; the native name stands beside it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of a cut, and how instants and bare days compare with it."""

    at: datetime
    day: date
    """Its local day."""
    doubtful: date | None
    """The local day on which a change without a time of day may be earlier or later; None where none is."""
    local_day: Callable[[datetime], date]

    def is_later(self, value: date) -> bool:
        """Tell whether *value* is surely later; a bare day on the day of the cut is not."""
        if isinstance(value, datetime):
            return value > self.at
        return value.toordinal() > self.day.toordinal()

    def may_be_later(self, value: date) -> bool:
        """Tell whether *value* is later, or may be."""
        is_doubtful = not isinstance(value, datetime) and value == self.doubtful
        return is_doubtful or self.is_later(value)

    def day_of(self, value: date) -> date:
        """Return the local day of an instant; a bare day is one already."""
        if isinstance(value, datetime):
            return self.local_day(value)
        return date.fromordinal(value.toordinal())  # one that can be ordered


@dataclass(frozen=True, slots=True)
class _Event:
    day: date
    at: date
    data: Mapping[str, Any]

    @property
    def is_timed(self) -> bool:
        return isinstance(self.at, datetime)


class Replay:
    """The change events of a shaped snapshot that come after an instant."""

    def __init__(self, document: Mapping[str, Any], moment: Moment) -> None:
        self._moment = moment
        self._tracked: dict[str, set[str]] = {}
        self._later: dict[str, dict[str, list[_Event]]] = {}
        for data in document.get("change_events", ()):
            item, name, at = data["item"], data["field"], data["at"]
            self._tracked.setdefault(name, set()).add(item)
            if moment.may_be_later(at):
                events = self._later.setdefault(item, {}).setdefault(name, [])
                events.append(_Event(moment.day_of(at), at, data))
        for names in self._later.values():
            for events in names.values():
                # Within a day, what has a time of day by it; stable, so ties stay in the order of the list.
                events.sort(key=lambda e: (e.day, e.at if e.is_timed else self._moment.at))

    def tracks(self, name: str, records: Iterable[Mapping[str, Any]]) -> bool:
        """Tell whether the source keeps a history of this field for records of this kind."""
        items = self._tracked.get(name, set())
        return bool(items) and any(record.get("id") in items for record in records)

    def of(self, record: Mapping[str, Any], kind: ObjectType) -> dict[str, Any]:
        """Return the fields of *record* that held something else, with what they held or `GONE`."""
        names = self._later.get(record.get("id", ""))
        if not names:
            return {}
        changes: dict[str, Any] = {}
        for name, events in names.items():
            changes.update(self._undone({**record, **changes}, kind, name, events))
        return changes

    def _undone(
        self, record: Mapping[str, Any], kind: ObjectType, path: str, events: list[_Event]
    ) -> dict[str, Any]:
        name, _, rest = path.partition(".")
        declared = kind.fields.get(name)
        # A required field is never taken away, and an undeclared one is none of ours.
        if declared is None or declared.required:
            return {}
        inner, now = unwrap(declared.type), record.get(name)
        if not rest:
            return {name: self._before(now, declared, inner, events)}
        if not isinstance(inner, ObjectType) or not isinstance(now, dict):
            return {}
        made = {**now, **self._undone(now, inner, rest, events)}
        return {name: {key: value for key, value in made.items() if value is not GONE}}

    def _before(self, now: object, declared: Field, inner: Type, events: list[_Event]) -> object:
        if isinstance(inner, ListType):
            return self._members_before(now, events)
        first = events[0]
        rivals = [event for event in events if event.day == first.day]
        is_ordered = len(rivals) == 1 or all(event.is_timed for event in rivals)
        if not is_ordered or not self._moment.is_later(first.at) or "from" not in first.data:
            return GONE
        before = first.data["from"]
        if before is None:
            return None if isinstance(declared.type, NullableType) else GONE
        if isinstance(inner, ObjectType):
            return _status(before, first.data.get("native", {}), inner)
        value = _typed(before, inner)
        if declared.time in CUT_ROLES and isinstance(value, date) and self._moment.is_later(value):
            return None if isinstance(declared.type, NullableType) else GONE
        return value

    def _members_before(self, now: object, events: list[_Event]) -> object:
        if not isinstance(now, list):
            return GONE
        if any(_depends_on_order(rivals) for rivals in _by_day(events)):
            return GONE
        members = list(now)
        for event in reversed(events):
            if not {"from", "to"} <= event.data.keys() or not self._moment.is_later(event.at):
                return GONE
            put_in, taken_out = event.data["to"], event.data["from"]
            if put_in in members:
                members.remove(put_in)
            if taken_out is not None and taken_out not in members:
                members.append(taken_out)
        return members


def _by_day(events: Sequence[_Event]) -> Iterator[list[_Event]]:
    """Yield the events of each day, in the order of the days."""
    for _, rivals in groupby(events, key=lambda event: event.day):
        yield list(rivals)


def _depends_on_order(rivals: Sequence[_Event]) -> bool:
    """Tell whether events of one day, not all with a time, come to something else in another order."""
    if all(event.is_timed for event in rivals):
        return False
    put_in = {event.data.get("to") for event in rivals} - {None}
    return not put_in.isdisjoint(event.data.get("from") for event in rivals)


def _status(category: str, native: Mapping[str, Any], kind: ObjectType) -> object:
    declared = kind.fields.get(_CATEGORY)
    value = GONE if declared is None else _typed(category, unwrap(declared.type))
    if value is GONE:
        return GONE
    name = {"native": native["from"]} if "from" in native and "native" in kind.fields else {}
    return {_CATEGORY: value, **name}


def _typed(text: str, kind: Type) -> object:
    """Read an event's text as a value of the field; `GONE` where it is none."""
    try:
        if kind == TIMESTAMP:
            return parse_bare_day(text) if len(text) == DAY_LENGTH else parse_moment(text)
        if kind == DATE:
            return parse_day(text)
        if kind == INT:
            return int(text)
        if kind == DOUBLE:
            return float(text)
    except ValueError:
        return GONE
    if isinstance(kind, ScalarType) and kind.name == "string":
        return text if kind.enum is None or text in kind.enum else GONE
    return GONE
