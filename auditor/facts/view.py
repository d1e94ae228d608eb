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
from auditor.facts.replay import CUT_ROLES, GONE, Moment, Replay
from auditor.facts.types import ListType, NullableType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from auditor.facts.types import Field, Type


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
        changes: dict[str, Any] = {}
        for name, declared in plan.instants:
            value = data.get(name)
            if value is not None and self._moment.is_later(value):
                changes[name] = _nothing(declared)
        for name, declared in plan.parts:
            value = data.get(name)
            if value:
                left = self._part(value, declared, child(pointer, name))
                if left is not value:
                    changes[name] = _nothing(declared) if left is GONE else left
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
            for pointer in self._uncut_in(name, unwrap(entity.type))
        )

    def _uncut_in(self, name: str, kind: Type) -> list[str]:
        listed = isinstance(kind, ListType)
        record = kind.element if isinstance(kind, ListType) else kind
        if not isinstance(record, ObjectType):
            return []
        found = self._document.get(name, [] if listed else {})
        records = found if isinstance(found, list) else [found]
        return [
            join(name, "*", key) if listed else join(name, key)
            for key, declared in record.fields.items()
            if declared.is_state
            and any(key in entry for entry in records)
            and not self._replay.tracks(key, records)
        ]

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

    instants: tuple[tuple[str, Field], ...]
    parts: tuple[tuple[str, Field], ...]
    """Objects, lists of objects and lists of instants."""
    reverting: tuple[tuple[str, Field], ...]

    @classmethod
    def of(cls, kind: ObjectType) -> _Plan:
        instants, parts, reverting = [], [], []
        for name, declared in kind.fields.items():
            inner = unwrap(declared.type)
            element = unwrap(inner.element) if isinstance(inner, ListType) else inner
            if isinstance(element, ObjectType) or (
                isinstance(inner, ListType) and declared.time in CUT_ROLES
            ):
                parts.append((name, declared))
            elif declared.time in CUT_ROLES:
                instants.append((name, declared))
            if declared.reverts or declared.history:
                reverting.append((name, declared))
        return cls(tuple(instants), tuple(parts), tuple(reverting))


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
            changes[name] = (
                left[-1].get(history.value, GONE) if left else data.get(history.first, GONE)
            )


def _nothing(declared: Field) -> object:
    """Return null where a field may be null, else take the key away."""
    return None if isinstance(declared.type, NullableType) else GONE
