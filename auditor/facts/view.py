"""
Set the facts back to an earlier instant.

A snapshot says what is known at its `captured_at`; a run may judge an earlier instant. Records that were
born later are left out, what happened or was recorded later is null, planned instants stay, and fields with
change events are replayed. What a reader would miss: leaving records out moves list indices, so a place in
the cut facts is not a place in the snapshot until `View.original` has translated it.

Source: DESIGN.md, section 4, rule 3; conventions C2 and C9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import is_
from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import child, index_of, join, split
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import EVERY
from auditor.facts.replay import CUT_ROLES, GONE, Moment, Replay
from auditor.facts.types import ListType, NullableType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from auditor.facts.types import Field, History, Type


@dataclass(frozen=True, slots=True)
class View:
    """The facts as they stood at an instant."""

    document: dict[str, Any]
    """The snapshot's own data, untouched, where nothing is later."""
    uncut: tuple[str, ...]
    """Pointers (``*`` for every record) of fields that may have changed since and have no history."""
    moved: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Pointer of each list that lost elements, to the original indices of those that are left."""

    def original(self, pointer: str) -> str:
        """Translate a pointer into these facts into one into the snapshot."""
        if not self.moved:
            return pointer
        here, there = "", ""
        for token in split(pointer):
            kept = self.moved.get(here)
            index = None if kept is None else index_of(token, len(kept))
            here = child(here, token)
            there = child(there, token if kept is None or index is None else kept[index])
        return there


def cut(document: dict[str, Any], root: ObjectType, at: datetime) -> View:
    """
    Return the facts as they stood at *at*.

    Args:
        document: A shaped snapshot from which its gaps were already taken; it is not changed.
        root: Its type.
        at: In UTC; the snapshot's `captured_at` or earlier.
    """
    knife = _Knife(document, root, at)
    made = knife.object(document, root, "")
    uncut = knife.uncut() if at < document["snapshot"]["captured_at"] else ()
    return View(made, uncut, knife.moved)


def born_later(document: dict[str, Any], root: ObjectType) -> int:
    """
    Count the records that were born after the snapshot's own `captured_at`: it should not know of them.

    Args:
        document: A shaped snapshot from which its gaps were already taken.
        root: Its type.
    """
    at = document["snapshot"]["captured_at"]
    local_day = WorkingCalendar.from_snapshot(document).local_day
    moment = Moment(at, local_day(at), None, local_day)
    count = 0
    for name, declared in root.fields.items():
        kind, records = _record_in(declared), document.get(name)
        if kind is None or kind.birth is None or not isinstance(records, list):
            continue
        births = (record.get(kind.birth) for record in records)
        count += sum(birth is not None and moment.is_later(birth) for birth in births)
    return count


class _Knife:
    def __init__(self, document: dict[str, Any], root: ObjectType, at: datetime) -> None:
        self._document = document
        self._root = root
        calendar = WorkingCalendar.from_snapshot(document)
        day = calendar.local_day(at)
        is_back = at < document["snapshot"]["captured_at"]
        is_going_on = is_back and at < calendar.day_end(day)
        self._moment = Moment(at, day, day if is_going_on else None, calendar.local_day)
        self._replay = Replay(document, self._moment)
        self._plans: dict[ObjectType, _Plan] = {}
        self.moved: dict[str, tuple[int, ...]] = {}

    def object(self, data: dict[str, Any], kind: ObjectType, pointer: str) -> dict[str, Any]:
        """Cut an object that itself stays; the same one where nothing in it is later."""
        plan = self._plan(kind)
        instants, parts = plan.instants, plan.parts
        changes: dict[str, Any] = {}
        for name, value in data.items():
            if not value:
                continue
            if name in instants:
                if self._moment.is_later(value):
                    changes[name] = _nothing(instants[name])
            elif name in parts:
                left = self._part(value, parts[name], child(pointer, name))
                if left is not value:
                    changes[name] = _nothing(parts[name]) if left is GONE else left
        if changes:
            _set_back(data, plan, changes)
        # Replayed last: an event knows better than what the record itself gives away.
        changes.update(self._replay.of({**data, **changes} if changes else data, kind))
        if not changes:
            return data
        made = {**data, **changes}
        return {name: value for name, value in made.items() if value is not GONE}

    def uncut(self) -> tuple[str, ...]:
        """List the state fields of which nothing in the snapshot tells an earlier value."""
        return tuple(
            pointer
            for name, entity in self._root.fields.items()
            if name in self._document
            for pointer in self._uncut_below((name,), entity.type, [self._document[name]])
        )

    def _uncut_below(self, path: tuple[str, ...], kind: Type, values: list[Any]) -> Iterator[str]:
        """Yield the pointers of such fields below *path*, where *values* are what is found."""
        inner = unwrap(kind)
        if isinstance(inner, ListType):
            elements = [part for value in values for part in value or ()]
            yield from self._uncut_below((*path, EVERY), inner.element, elements)
        elif isinstance(inner, ObjectType) and _has_state(inner):
            records = [value for value in values if value is not None]
            for key, declared in inner.fields.items():
                if declared.is_state:
                    is_open = any(
                        key in record and not self._is_told(record, declared) for record in records
                    )
                    if is_open and not self._replay.tracks(key, records):
                        yield join(*path, key)
                elif _record_in(declared) is not None:
                    below = [record[key] for record in records if key in record]
                    yield from self._uncut_below((*path, key), declared.type, below)

    def _is_told(self, record: dict[str, Any], declared: Field) -> bool:
        """Tell whether an instant of the record is later, and with it what the field was before."""
        for instant, _ in declared.reverts:
            name, _, inner = instant.partition(".")
            value = record.get(name)
            if inner:
                value = value.get(inner) if value else None
            if value is not None and self._moment.is_later(value):
                return True
        return False

    def _plan(self, kind: ObjectType) -> _Plan:
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = _Plan.of(kind)
        return plan

    def _part(self, value: Any, declared: Field, pointer: str) -> Any:  # noqa: ANN401 - any fact
        kind = unwrap(declared.type)
        if isinstance(kind, ListType):
            return self._list(value, unwrap(kind.element), pointer)
        assert isinstance(kind, ObjectType)  # noqa: S101 - a plan lists nothing else
        return GONE if self._is_unborn(value, kind) else self.object(value, kind, pointer)

    def _list(self, values: list[Any], element: Type, pointer: str) -> list[Any]:
        if not isinstance(element, ObjectType):
            left = [value for value in values if not self._moment.is_later(value)]
            return values if len(left) == len(values) else left
        kept = [i for i, value in enumerate(values) if not self._is_unborn(value, element)]
        if len(kept) < len(values):
            self.moved[pointer] = tuple(kept)
        left = [
            self.object(values[index], element, child(pointer, place))
            for place, index in enumerate(kept)
        ]
        is_same = len(left) == len(values) and all(map(is_, left, values))
        return values if is_same else left

    def _is_unborn(self, record: dict[str, Any], kind: ObjectType) -> bool:
        birth = record.get(kind.birth) if kind.birth else None
        return birth is not None and self._moment.is_later(birth)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a cut has to look at in objects of one type; worked out once per type."""

    instants: Mapping[str, Field]
    parts: Mapping[str, Field]
    """Objects and lists of objects that may have been otherwise, and lists of instants."""
    reverting: tuple[tuple[str, Field], ...]

    @classmethod
    def of(cls, kind: ObjectType) -> _Plan:
        instants: dict[str, Field] = {}
        parts: dict[str, Field] = {}
        reverting = []
        for name, declared in kind.fields.items():
            record = _record_in(declared)
            if record is not None:
                if _can_differ(record):
                    parts[name] = declared
            elif declared.time in CUT_ROLES:
                is_list = isinstance(unwrap(declared.type), ListType)
                (parts if is_list else instants)[name] = declared
            if declared.reverts or declared.history:
                reverting.append((name, declared))
        return cls(instants, parts, tuple(reverting))


def _can_differ(kind: ObjectType) -> bool:
    """Tell whether anything in an object may have been otherwise earlier: where it comes from, say, may not."""
    if kind.birth is not None or "id" in kind.fields:  # change events name records by their id
        return True
    for declared in kind.fields.values():
        if declared.time in CUT_ROLES or declared.reverts or declared.history:
            return True
        record = _record_in(declared)
        if record is not None and _can_differ(record):
            return True
    return False


def _has_state(kind: ObjectType) -> bool:
    """Tell whether anything in an object can change without a trace."""
    return any(
        declared.is_state or ((record := _record_in(declared)) is not None and _has_state(record))
        for declared in kind.fields.values()
    )


def _record_in(declared: Field) -> ObjectType | None:
    """Return the object that a field holds, alone or in a list."""
    inner = unwrap(declared.type)
    element = unwrap(inner.element) if isinstance(inner, ListType) else inner
    return element if isinstance(element, ObjectType) else None


def _is_cut(data: dict[str, Any], changes: dict[str, Any], instant: str) -> bool:
    """Whether a cut takes an instant away: one beside the field, or one inside an object beside it."""
    name, _, inner = instant.partition(".")
    if not inner or name not in changes:
        return name in changes
    was, left = data[name], changes[name]
    return bool(was.get(inner) is not None and left.get(inner) is None)


def _set_back(data: dict[str, Any], plan: _Plan, changes: dict[str, Any]) -> None:
    """Undo what the record itself tells: states that an instant ended, values that re-plannings replaced."""
    for name, declared in plan.reverting:
        if name not in data:
            continue
        for instant, before in declared.reverts:
            if _is_cut(data, changes, instant):
                changes[name] = before
        history = declared.history
        if history is not None and history.list in changes:
            left = changes[history.list]
            changes[name] = left[-1].get(history.value, GONE) if left else _first(data, history)


def _first(data: dict[str, Any], history: History) -> object:
    """Return what a field was before every change that its record keeps."""
    return None if history.first is None else data.get(history.first, GONE)


def _nothing(declared: Field) -> object:
    """Return null where a field may be null, else take the key away; of a series, nobody knows the one before."""
    is_known = isinstance(declared.type, NullableType) and not declared.is_latest
    return None if is_known else GONE
