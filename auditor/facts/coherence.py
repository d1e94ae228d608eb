"""
What must hold between the parts of a snapshot, and a JSON Schema cannot say.

Checked on the data as it was read, whole or broken: a wrong type elsewhere must not hide that an id stands
twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import child, join, split
from auditor.facts.gaps import EVERY, TRUNCATED
from auditor.facts.violation import Violation, shown
from auditor.model.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.schema import Shape


def incoherences(shape: Shape, data: Any) -> Iterator[Violation]:  # noqa: ANN401 - any JSON value
    """Yield every breach of a rule between parts."""
    if not isinstance(data, dict):
        return
    head = data.get("snapshot")
    head = head if isinstance(head, dict) else {}
    yield from _auditee(shape, head, data)
    yield from _calendar(head.get("calendar"))
    for name, value in data.items():
        yield from _repeated_ids(join(name), value)
    yield from _repeated_ids("/snapshot/sources", head.get("sources"))
    gaps = head.get("gaps")
    for pointer, reason in gaps.items() if isinstance(gaps, dict) else ():
        fault = _gap_fault(shape, pointer, reason)
        if fault is not None:
            yield Violation(
                child("/snapshot/gaps", pointer), f"a gap for {shown(pointer)}", fault, "gap"
            )


def _auditee(shape: Shape, head: dict[str, Any], data: dict[str, Any]) -> Iterator[Violation]:
    auditee = head.get("auditee")
    for target in shape.fields or ():
        # The entity that the snapshot is of is the one object beside the head that it cannot be without.
        entity = data.get(target)
        is_required = shape.fields is not None and shape.fields[target].is_required
        own = entity.get("id") if is_required and isinstance(entity, dict) else None
        if isinstance(auditee, str) and isinstance(own, str) and auditee != own:
            yield Violation(
                "/snapshot/auditee",
                shown(auditee),
                f"the id of the {target}, {shown(own)}",
                "wrong-auditee",
            )


def _calendar(calendar: object) -> Iterator[Violation]:
    if not isinstance(calendar, dict):
        return
    if calendar.get("working_days") == []:
        yield Violation(
            "/snapshot/calendar/working_days",
            "an empty list",
            "at least one day of the week; leave the key out where it is not known",
            "no-working-day",
        )
    hours = calendar.get("hours")
    opens, closes = (
        (hours.get("from"), hours.get("to")) if isinstance(hours, dict) else (None, None)
    )
    if isinstance(opens, str) and isinstance(closes, str) and closes <= opens:
        yield Violation(
            "/snapshot/calendar/hours/to",
            shown(closes),
            f"a time of the same day after {shown(opens)}",
            "no-office-hour",
        )


def _repeated_ids(pointer: str, records: object) -> Iterator[Violation]:
    first: dict[str, int] = {}
    for place, record in enumerate(records if isinstance(records, list) else ()):
        own = record.get("id") if isinstance(record, dict) else None
        if not isinstance(own, str):
            continue
        if own in first:
            yield Violation(
                join(*split(pointer), place, "id"),
                f"the id {shown(own)} again",
                f"an id of its own; {child(pointer, first[own])} has this one",
                "repeated-id",
            )
        first.setdefault(own, place)


def _gap_fault(shape: Shape, pointer: str, reason: object) -> str | None:
    """Say what a gap should have named; None for a gap that names a declared field."""
    try:
        tokens = split(pointer)
    except ValueError as error:
        return f"a JSON Pointer ({error})"
    is_required = True
    for token in tokens:
        if shape.fields is not None:
            member = shape.fields.get(token)
            if member is None:
                return f"the pointer of a declared field ({did_you_mean(token, shape.fields)})"
            shape, is_required = member.shape, member.is_required
        elif shape.kind == "list" and shape.element is not None:
            if token != EVERY and not token.isdecimal():
                return f"'{EVERY}' or a number in the place of {shown(token)}"
            shape, is_required = shape.element, True
        elif shape.kind in {"map", "anything"}:
            return None
        else:
            return f"the pointer of a declared field (nothing is below {shown(token)})"
    if reason == TRUNCATED:
        return None if shape.kind == "list" else "a list: only a list can be truncated"
    return "a field that may be missing" if is_required else None
