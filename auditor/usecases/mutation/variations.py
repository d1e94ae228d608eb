"""
Small changes to the snapshot of a case: what might tell a policy from a changed one.

An instant moves to another one that the case speaks of, to a second past it and a second before it; a word of an
enumeration becomes each other one; a list is emptied; a fact is absent, or was not observed. Only fields that the
policy reads are changed.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from auditor.documents.pointer import child
from auditor.facts.instants import parse_instant
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    ListType,
    NullableType,
    ObjectType,
    ScalarType,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from auditor.facts.types import Field
    from auditor.language.cases import Case

_NEAR: Final = 4
"""How many instants that are near are tried in the place of one."""
_SECOND: Final = dt.timedelta(seconds=1)
_DAY: Final = dt.timedelta(days=1)
_QUARTER: Final = dt.timedelta(days=91)
_NOTHING: Final = object()
"""Stands for a key that is taken away."""
_HEAD: Final = "snapshot"
"""What a snapshot says of itself; nothing of it is a fact of the auditee."""


@dataclass(frozen=True, slots=True)
class Variation:
    """A case with one more change."""

    case: Case
    origin: int
    """Position of the case that it was made of."""
    pointer: str
    """What was changed; empty for the judged instant and the period."""
    field: str
    """Name of the changed field."""
    value: Any
    """What it became; None where it was taken away, too."""
    order: int
    """Puts the variations of all cases into an order in which no case and no kind of change comes first."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the snapshots of the cases have to offer."""

    root: ObjectType
    read: frozenset[str]
    """Names of the fields that the policy reads: ``entity.field``, or the top-level key."""


def variations(
    case: Case,
    origin: int,
    document: Mapping[str, Any],
    facts: Facts,
    *,
    moments: Sequence[dt.datetime],
    names: Container[str] | None = None,
) -> Iterator[Variation]:
    """
    Yield a case with one more change, in no particular order.

    Args:
        case: The case; its expectations are left out.
        origin: Its position.
        document: Its snapshot, as plain data.
        facts: What can be changed.
        moments: Instants that the policy arrives at, such as the end of a time limit.
        names: Fields that are to be changed; None for all that the policy reads.
    """
    fields = list(_fields(facts, document))
    known = sorted({moment for *_, value, _ in fields for moment in _instants(value)})
    values: dict[str, list[Any]] = {}
    for _, name, value, _ in fields:
        if isinstance(value, str) and value not in values.setdefault(name, []):
            values[name].append(value)
    for pointer, name, value, declared in fields:
        if names is not None and name not in names:
            continue
        near = {*moments, *_nearest(value, known)}
        others = list(_others(value, declared, sorted(near), values.get(name, ())))
        if not declared.required and value is not _NOTHING:
            others.append(_NOTHING)
        for other in others:
            yield _variation(case, origin, pointer, name, other)
    for moment in sorted({*moments, *_nearest(document[_HEAD].get("captured_at"), known)}):
        for as_of in (moment, moment - _SECOND):
            shown = as_of.isoformat()
            changed = replace(case, as_of=shown, expect=())
            yield Variation(changed, origin, "", "as_of", shown, _order(origin, "as_of", shown))
    for moment in sorted(moments):
        first, last = moment.date() + _DAY, moment.date() + _QUARTER
        period = (first.isoformat(), last.isoformat())
        changed = replace(case, period=period, expect=())
        order = _order(origin, "period", period)
        yield Variation(changed, origin, "", "period", None, order)


def _variation(case: Case, origin: int, pointer: str, name: str, value: Any) -> Variation:  # noqa: ANN401 - any JSON value
    changes = tuple(pair for pair in case.changes if pair[0] != pointer)
    if value is _NOTHING:
        # What a case sets itself is not set, and then perhaps taken away from the base.
        changed = replace(case, removals=(*case.removals, pointer), expect=())
    else:
        changed = replace(case, changes=(*changes, (pointer, value)), expect=())
    shown = None if value is _NOTHING else [value]
    order = _order(origin, pointer, shown)
    return Variation(changed, origin, pointer, name, value if shown else None, order)


def _order(origin: int, pointer: str, shown: Any) -> int:  # noqa: ANN401 - any JSON value
    return crc32(json.dumps([origin, pointer, shown], sort_keys=True).encode())


# ----- what can be changed


def _fields(facts: Facts, document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Field]]:
    """Yield pointer, name, value and declaration of every field that is read; also of those that are missing."""
    pending: list[tuple[str, Any, ObjectType]] = [("", document, facts.root)]
    while pending:
        above, record, kind = pending.pop()
        for name, declared in kind.fields.items():
            if not above and name == _HEAD:
                continue
            pointer, value = child(above, name), record.get(name, _NOTHING)
            key = name if kind is facts.root else f"{kind.name}.{name}"
            if key in facts.read:
                yield pointer, name, value, declared
            pending.extend(_below(pointer, value, unwrap(declared.type)))


def _below(pointer: str, value: Any, kind: object) -> Iterator[tuple[str, Any, ObjectType]]:  # noqa: ANN401 - any JSON value
    if isinstance(kind, ObjectType) and isinstance(value, dict):
        yield pointer, value, kind
    elif isinstance(kind, ListType) and isinstance(value, list):
        for at, element in enumerate(value):
            yield from _below(child(pointer, at), element, unwrap(kind.element))


# ----- what it can become


def _others(
    value: Any,  # noqa: ANN401 - any JSON value
    declared: Field,
    moments: Iterable[dt.datetime],
    values: Iterable[str],
) -> Iterator[Any]:
    kind = unwrap(declared.type)
    others: Iterable[Any] = ()
    if kind == TIMESTAMP:
        others = (
            near.isoformat()
            for moment in moments
            for near in (moment, moment + _SECOND, moment - _SECOND)
        )
    elif kind == DATE:
        days = sorted({moment.date() for moment in moments})
        others = (near.isoformat() for day in days for near in (day, day + _DAY, day - _DAY))
    elif isinstance(kind, ScalarType) and kind.enum:
        others = kind.enum
    elif kind == BOOL:
        others = (True, False)
    elif kind in {INT, DOUBLE}:
        number = value if isinstance(value, int | float) else 0
        others = (number + 1, number - 1, 0, number * 2)
    elif isinstance(kind, ScalarType) and kind.name == STRING.name:
        others = (*values, "another")
    elif isinstance(value, list) and value:
        others = ([], value[1:], value[:-1])
    yield from (other for other in others if other != value)
    if isinstance(declared.type, NullableType) and value is not None:
        yield None


def _nearest(value: Any, known: Sequence[dt.datetime]) -> list[dt.datetime]:  # noqa: ANN401 - any JSON value
    """Return an instant and those next to it; the first ones where there is none."""
    own = next(_instants(value), None)
    if own is None:
        return list(known[:_NEAR])
    return nsmallest(_NEAR, known, key=lambda other: (abs(other - own), other))


def _instants(value: Any) -> Iterator[dt.datetime]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str):
        return
    try:
        found = parse_instant(value)
    except ValueError:
        return
    if isinstance(found, dt.datetime):
        yield found
