"""
Make milestones, or sprints, of the milestones that a repository keeps.

Some teams plan their sprints as milestones: the setting says so. A milestone that was closed is delivered
only if the mapping file says that closing means that. Neither tool records when a sprint was begun.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.json_values import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.sources.notes import Notes
    from auditor.sources.recorded_responses import Row

KINDS: Final = ("milestones", "sprints")
"""What milestones may be kept as; the first unless the setting says otherwise."""

FILLED: Final[Mapping[str, frozenset[str]]] = {
    "milestones": frozenset({"id", "name", "status", "due_on", "delivered_at"}),
    "sprints": frozenset(
        {"id", "name", "planned_start_at", "planned_end_at", "closed_at", "state"}
    ),
}
"""The fields that are filled."""

_STATUSES: Final = {
    "todo": "planned",
    "in_progress": "in_progress",
    "blocked": "in_progress",
    "in_review": "in_progress",
    "done": "delivered",
    "cancelled": "cancelled",
}
"""Category of the mapping file to the status of a milestone."""


def milestone(native: str, body: Mapping[str, Any], row: Row, notes: Notes[Row]) -> dict[str, Any]:
    """Make a milestone of GitHub or GitLab."""
    made = _named(native, body, notes)
    _put_day(made, "due_on", body, "due_on", "due_date", row=row, notes=notes)
    state = text(body, "state")
    meaning = None if state is None else notes.meant("statuses", f"milestone {state}", row)
    if meaning is None:
        notes.leave_out(made, "status", reason="not_collected" if state is None else "unparsed")
    else:
        made["status"] = _STATUSES[meaning]
    if state is None:
        notes.leave_out(made, "delivered_at", reason="not_collected")
    elif state != "closed" or made.get("status") == "cancelled":
        made["delivered_at"] = None
    elif made.get("status") == "delivered" and "closed_at" in body:
        notes.put_instant(made, "delivered_at", body, "closed_at", row)
    else:
        notes.leave_out(made, "delivered_at", reason="not_supported")
    made["prov"] = notes.prov(row)
    return made


def sprint(
    native: str, body: Mapping[str, Any], row: Row, notes: Notes[Row], *, captured: dt.datetime
) -> dict[str, Any]:
    """Make a sprint of a milestone."""
    made = _named(native, body, notes)
    start = _put_day(made, "planned_start_at", body, "start_date", row=row, notes=notes)
    _put_day(made, "planned_end_at", body, "due_on", "due_date", row=row, notes=notes)
    state = text(body, "state")
    if state is None:
        notes.leave_out(made, "state", reason="not_collected")
        notes.leave_out(made, "closed_at", reason="not_collected")
    elif state == "closed":
        made["state"] = "closed"
        if "closed_at" in body:
            notes.put_instant(made, "closed_at", body, "closed_at", row)
        else:
            notes.leave_out(made, "closed_at", reason="not_supported")
    else:
        made["closed_at"] = None
        if start is None:
            notes.leave_out(made, "state", reason="not_supported")
        else:
            today = captured.astimezone(notes.zone or dt.UTC).date().isoformat()
            made["state"] = "planned" if start > today else "active"
    made["prov"] = notes.prov(row)
    return made


def _named(native: str, body: Mapping[str, Any], notes: Notes[Row]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": notes.id(native)}
    name = text(body, "title")
    if name is not None:
        made["name"] = name
    return made


def _put_day(
    made: dict[str, Any],
    field: str,
    body: Mapping[str, Any],
    *keys: str,
    row: Row,
    notes: Notes[Row],
) -> str | None:
    """Put a day; GitHub writes one as an instant on it, whose time of day nobody chose."""
    key = next((key for key in keys if key in body), None)
    if key is None:
        notes.leave_out(made, field, reason="not_supported")
        return None
    written = body[key]
    day = written.partition("T")[0] if isinstance(written, str) else written
    notes.put_day(made, field, {key: day}, key, row)
    return made.get(field)
