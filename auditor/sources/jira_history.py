"""
Turn Jira's histories into change events.

A history is one click of one person and may change several fields. A sprint field holds all sprints of an
issue as one text, so a change of it is taken apart into the sprints that came and went. Of a status the
event holds the category, and the native names beside it; Jira may have renamed the status since, and the
history keeps the name of that time. Only fields that a policy can ask for are carried; no free text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.sources.jira_items import by_number
from auditor.sources.json_values import native_id, records, text
from auditor.sources.notes import is_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Row

_FIELDS: Final[Mapping[str, str]] = {
    "status": "status",
    "issuetype": "type",
    "assignee": "owners",
    "priority": "priority",
    "duedate": "due_on",
    "Sprint": "sprints",
    "Parent": "parent",
    "Epic Link": "parent",
    "IssueParentAssociation": "parent",
    "Flagged": "flagged",
}
"""Jira's name of a field to the name that the event gives it."""


def change_events(
    body: Mapping[str, Any], history_id: str, item: str, row: Row, notes: Notes
) -> list[dict[str, Any]] | None:
    """
    Make the events of one history.

    Returns:
        One event or more per change that is carried; None where the history has no instant, because
        a change at no known time is no event.
    """
    at = notes.spelt(text(body, "created") or "")
    if at is None:
        notes.problem(f"history {history_id} has no instant under 'created'", row)
        return None
    made: list[dict[str, Any]] = []
    by = notes.party(body.get("author"), row)
    for position, change in enumerate(records(body, "items")):
        field = _FIELDS.get(text(change, "field") or "")
        if field is None:
            continue
        for suffix, values in _values(field, change, row, notes):
            event: dict[str, Any] = {
                "id": notes.id(f"{history_id}:{position}{suffix}"),
                "item": notes.id(item),
                "field": field,
                **values,
            }
            if field in {"status", "type"}:
                _put_meanings(event, change, row, notes)
            event["at"] = at
            if by is not None:
                event["by"] = by
            event["prov"] = notes.prov(row)
            made.append(event)
    return made


def _values(
    field: str, change: Mapping[str, Any], row: Row, notes: Notes
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return per event what its id ends with and its values before and after."""
    old, new = native_id(change, "from"), native_id(change, "to")
    shown = {"from": text(change, "fromString"), "to": text(change, "toString")}
    match field:
        case "sprints":
            before, after = _ids(old), _ids(new)
            for sprint_id in sorted(before - after, key=by_number):
                yield f":-{sprint_id}", {"from": notes.id(sprint_id), "to": None}
            for sprint_id in sorted(after - before, key=by_number):
                yield f":+{sprint_id}", {"from": None, "to": notes.id(sprint_id)}
        case "owners":
            yield (
                "",
                {
                    "from": old and notes.account(old, shown["from"], row),
                    "to": new and notes.account(new, shown["to"], row),
                },
            )
        case "parent":
            yield "", {"from": old and notes.id(old), "to": new and notes.id(new)}
        case "due_on":
            yield (
                "",
                {
                    end: day
                    for end, day in (("from", old), ("to", new))
                    if day is None or is_day(day)
                },
            )
        case "status" | "type":
            yield "", {"native": shown}
        case _:
            yield "", {**shown, "native": shown}


def _put_meanings(event: dict[str, Any], change: Mapping[str, Any], row: Row, notes: Notes) -> None:
    kind = "statuses" if event["field"] == "status" else "types"
    for end, key in (("from", "fromString"), ("to", "toString")):
        native = text(change, key)
        if native is None:
            event[end] = None
        else:
            notes.put_meaning(event, end, kind=kind, native=native, row=row)


def _ids(written: str | None) -> set[str]:
    return {part.strip() for part in (written or "").split(",") if part.strip()}
