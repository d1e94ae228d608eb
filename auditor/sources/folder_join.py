"""
Join the records of all files into the lists of a snapshot.

One record may be spread over files: an action is agreed on in minutes and followed up in a register. Its
parts are joined by id, field by field; where two parts fill a field differently, both places are reported
and the fact is unobserved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.documents.faults import shortened
from auditor.documents.pointer import join, resolve, split
from auditor.model.errors import InputError
from auditor.sources.folder_registers import ACTIONS
from auditor.sources.merge_records import Joiner, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.types import ObjectType
    from auditor.model.errors import AuditorError
    from auditor.sources.folder_records import Record
    from auditor.sources.folder_registers import Register
    from auditor.sources.merge_records import Conflict


@dataclass(slots=True)
class Joined:
    """The lists of a snapshot."""

    lists: dict[str, list[Any]] = field(default_factory=dict)
    records: dict[tuple[str, str], list[Record]] = field(default_factory=dict)
    """Entity and index to the parts of that record."""
    gaps: dict[str, str] = field(default_factory=dict)


def join_registers(
    registers: Mapping[str, Register],
    kinds: Mapping[str, ObjectType],
    problems: list[AuditorError],
) -> Joined:
    """
    Join what all files say.

    Args:
        registers: Entity to its records, whose provenance is stamped.
        kinds: Entities and the types of their records, in the order of the schema.
        problems: Where contradictions go.
    """
    joined = Joined()
    for entity, kind in kinds.items():
        register = registers.get(entity)
        if register is None:
            continue
        if register.is_read or register.records:
            _join(entity, kind, register.records, joined, problems)
            if register.is_cut:
                joined.gaps[join(entity)] = "truncated"
        elif register.is_cut:
            joined.gaps[join(entity)] = "unparsed"
    return joined


def _join(
    entity: str,
    kind: ObjectType,
    records: Sequence[Record],
    joined: Joined,
    problems: list[AuditorError],
) -> None:
    joiner = Joiner()
    parts = [Part(number, "", [record.data]) for number, record in enumerate(records)]
    made = joiner.records(join(entity), kind, parts, first_names=frozenset())
    for index, value in enumerate(made):
        place = join(entity, index)
        own = [records[part.draft] for part in joiner.origins[place]]
        joined.records[entity, str(index)] = own
        for path, reason in (gap for record in own for gap in record.gaps):
            if reason == "truncated" or not _has(value, join(*path)):
                joined.gaps[place + join(*path)] = reason
        if entity == ACTIONS:
            made[index] = _with_meetings(value, own)
    for conflict in joiner.conflicts:
        joined.gaps[conflict.pointer] = "truncated" if conflict.is_record_lost else "unparsed"
        problems.append(_problem(conflict, records))
    joined.lists[entity] = made


def _has(value: Any, pointer: str) -> bool:  # noqa: ANN401 - a record
    try:
        resolve(value, pointer)
    except LookupError:
        return False
    return True


def _with_meetings(action: dict[str, Any], parts: Sequence[Record]) -> dict[str, Any]:
    """Say of an action which meetings agreed on it, and when, unless it is said already."""
    made = dict(action)
    for part in parts:
        meeting = part.meeting
        if meeting is None:
            continue
        reason = {"kind": "meeting", "id": meeting.id}
        because = made.get("because", [])
        if reason not in because:
            made["because"] = [*because, reason]
        for name, said in (("raised_at", "held_at"), ("recorded_at", "recorded_at")):
            if name not in made and said in meeting.data:
                made[name] = meeting.data[said]
                part.spots[name,] = meeting.spots.get((said,), meeting.spot)
    return made


def _problem(conflict: Conflict, records: Sequence[Record]) -> InputError:
    effect = "record" if conflict.is_record_lost else "fact"
    message = (
        f"two places contradict each other on {conflict.what}: {_told(conflict.one, records)} and "
        f"{_told(conflict.other, records)}; the {effect} is left out"
    )
    location = _spot(conflict.other, records).location
    return InputError(message, hint="correct one of them", location=location)


def _told(part: Part, records: Sequence[Record]) -> str:
    place = _spot(part, records).location
    if isinstance(part.value, (dict, list)):
        shown = "something else" if part.value else "nothing"
    else:
        shown = "none" if part.value is None else f"'{shortened(str(part.value))}'"
    return f"{shown} ({place.path}:{place.line})"


def _spot(part: Part, records: Sequence[Record]) -> Any:  # noqa: ANN401 - a Spot
    record = records[part.draft]
    return record.spots.get(tuple(split(part.pointer)[1:]), record.spot)
