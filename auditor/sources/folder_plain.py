"""
Turn minutes without front matter into meetings and, where there is no sprints register, into sprints.

Such minutes are weak evidence: what they do not say in a way that can be read is unobserved, even where a
register's silence would mean something. So every field that was not read gets a gap of its own, and where
there are no other meetings their list is not taken for complete.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.folder_records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.types import ObjectType
    from auditor.model.errors import AuditorError
    from auditor.sources.folder_layout import Kinds
    from auditor.sources.folder_minutes import Minutes
    from auditor.sources.folder_registers import Registers

_SPRINTS: Final = "sprints"
_MEETINGS: Final = "meetings"
_OURS: Final = frozenset({"id", "prov", "ext"})


def add_plain_minutes(
    found: Sequence[tuple[str, Minutes]],
    registers: Registers,
    kinds: Kinds,
    problems: list[AuditorError],
) -> None:
    """
    Add the meetings, and the sprints that nobody else lists.

    Args:
        found: Path and content of each file.
        registers: Where they go; all other registers are read.
        kinds: The entities that there are.
        problems: Where contradictions go.
    """
    if not registers.register(_MEETINGS).records:
        # Nobody keeps a record of meetings here: files that happen to be there are not all of them.
        registers.register(_MEETINGS).is_cut = bool(found)
    has_register = _SPRINTS in registers.of
    sprints = _sprints_by_number(registers) if has_register else {}
    for path, minutes in found:
        sprint: str | None = None
        if minutes.sprint is not None and _SPRINTS in kinds.registers:
            if has_register:
                sprint = _listed_sprint(minutes, sprints, problems)
            else:
                sprint = f"sprint-{minutes.sprint}"
                _add_sprint(sprint, path, minutes, registers, kinds.registers[_SPRINTS])
        _add_meeting(sprint, path, minutes, registers, kinds.registers[_MEETINGS])


def _sprints_by_number(registers: Registers) -> dict[int, list[str]]:
    """Find the sprints that are called by nothing but a number."""
    found: dict[int, list[str]] = {}
    for record in registers.of[_SPRINTS].records:
        for text in (record.id, record.data.get("name")):
            number = re.fullmatch(r"(?:.*:)?sprint[ _-]?0*(\d{1,4})", text or "", re.IGNORECASE)
            if number:
                found.setdefault(int(number[1]), []).append(record.id)
    return {number: list(dict.fromkeys(ids)) for number, ids in found.items()}


def _listed_sprint(
    minutes: Minutes, sprints: Mapping[int, list[str]], problems: list[AuditorError]
) -> str | None:
    ids = sprints.get(minutes.sprint or 0, [])
    if len(ids) == 1:
        return ids[0]
    count = "several sprints are" if ids else "no sprint of the register is"
    message = f"the minutes are of sprint {minutes.sprint}, and {count} called so"
    problems.append(minutes.whole.fault(message, hint="name the sprint by its id in front matter"))
    return None


def _add_sprint(
    sprint: str, path: str, minutes: Minutes, registers: Registers, kind: ObjectType
) -> None:
    data: dict[str, Any] = {"id": sprint, "name": f"Sprint {minutes.sprint}"}
    record = Record(minutes.whole, data, file=path, method="parsed")
    if minutes.first and minutes.last and minutes.dates_spot:
        # The days that a sprint was to last are its plan; when it really began and closed is not said.
        for name, day in (("planned_start_at", minutes.first), ("planned_end_at", minutes.last)):
            data[name] = day.isoformat()
            record.spots[name,] = minutes.dates_spot
    _mark_unread(record, kind)
    register = registers.register(_SPRINTS)
    register.records.append(record)
    register.is_read = register.is_cut = True


def _add_meeting(
    sprint: str | None, path: str, minutes: Minutes, registers: Registers, kind: ObjectType
) -> None:
    data: dict[str, Any] = {"id": minutes.name}
    if minutes.kind:
        data["kind"] = minutes.kind
    if sprint:
        data["sprint"] = sprint
    as_written = {"title": minutes.title, "dates_as_written": minutes.dates}
    data["ext"] = {name: text for name, text in as_written.items() if text}
    record = Record(minutes.whole, data, file=path, method="parsed")
    if minutes.dates_spot:
        record.spots["ext", "dates_as_written"] = minutes.dates_spot
    _mark_unread(record, kind)
    register = registers.register(_MEETINGS)
    register.records.append(record)
    register.is_read = True


def _mark_unread(record: Record, kind: ObjectType) -> None:
    record.gaps += [
        ((name,), "unparsed")
        for name in kind.fields
        if name not in record.data and name not in _OURS
    ]
