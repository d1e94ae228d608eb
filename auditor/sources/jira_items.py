"""
Turn Jira's issues, sprints and worklogs into records of the snapshot.

Three things that are easily read wrong: Jira overwrites a sprint's planned start with the real one when the
sprint is started; an agile issue hides the sprints that are over in `closedSprints`; a missing field was
not asked for, while a null one is known to be empty. Descriptions, comments and the texts of worklogs are
free text about people and stay in Jira.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.sources.json_values import native_id, number, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Row

FILLED: Final[Mapping[str, frozenset[str]]] = {
    "project": frozenset({"id", "key", "name"}),
    "parties": frozenset({"id", "name", "kind", "accounts"}),
    "sprints": frozenset(
        {
            "id",
            "name",
            "goal",
            "planned_start_at",
            "planned_end_at",
            "started_at",
            "closed_at",
            "state",
        }
    ),
    "work_items": frozenset(
        {"id", "key", "url", "type", "title", "status", "owners", "parent", "sprints", "due_on"}
        | {
            "created_at",
            "resolved_at",
            "last_touched_at",
            "labels",
            "flagged",
            "reporter",
            "priority",
        }
    ),
    "links": frozenset({"id", "from", "to", "kind"}),
    "time_entries": frozenset({"id", "item", "party", "seconds", "started_at", "recorded_at"}),
    "change_events": frozenset({"id", "item", "field", "from", "to", "native", "at", "by"}),
}
"""Per entity the fields that Jira can fill; of the others the snapshot says that it cannot."""

_LONGEST_ID: Final = 18
"""Digits of the longest id that is ordered as a number; Jira's are 64-bit."""

_STATES: Final = {"future": "planned", "active": "active", "closed": "closed"}


def work_item(row: Row, notes: Notes) -> dict[str, Any]:
    """Make the work item of an issue."""
    fields = row.body["fields"]
    key = text(row.body, "key")
    item: dict[str, Any] = {"id": notes.id(row.id)}
    if key is not None:
        item["key"] = key
        if row.site is not None:
            item["url"] = f"https://{row.site}/browse/{key}"
    native_type = text(fields, "issuetype", "name")
    if native_type is not None:
        notes.put_meaning(item, "type", kind="types", native=native_type, row=row)
    title = text(fields, "summary")
    if title is not None:
        item["title"] = title
    native_status = text(fields, "status", "name")
    if native_status is not None:
        item["status"] = {"native": native_status}
        notes.put_meaning(
            item, "status", "category", kind="statuses", native=native_status, row=row
        )
    if "assignee" in fields:
        owner = notes.party(fields["assignee"], row)
        item["owners"] = [] if owner is None else [owner]
    parent = native_id(fields, "parent", "id") or native_id(fields, "epic", "id")
    if parent is not None or "parent" in fields or "epic" in fields:
        item["parent"] = None if parent is None else notes.id(parent)
    sprints = {sprint_id for sprint_id, _ in sprints_of(fields)}
    if sprints or "sprint" in fields or "closedSprints" in fields:
        item["sprints"] = [notes.id(sprint_id) for sprint_id in sorted(sprints, key=by_number)]
    notes.put_day(item, "due_on", fields, "duedate", row)
    notes.put_instant(item, "created_at", fields, "created", row)
    notes.put_instant(item, "resolved_at", fields, "resolutiondate", row)
    notes.put_instant(item, "last_touched_at", fields, "updated", row)
    if isinstance(fields.get("labels"), list):
        item["labels"] = [label for label in fields["labels"] if isinstance(label, str)]
    if isinstance(fields.get("flagged"), bool):
        item["flagged"] = fields["flagged"]
    if "priority" in fields:
        priority = text(fields, "priority", "name")
        item["priority"] = None if priority is None else {"native": priority}
    if "reporter" in fields:
        item["reporter"] = notes.party(fields["reporter"], row)
    notes.party(fields.get("creator"), row)
    item["prov"] = notes.prov(row)
    return item


def sprints_of(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return id and body of every sprint that an issue names, open, closed or in the custom field."""
    found = [fields.get("sprint"), *records(fields, "closedSprints")]
    for name, value in fields.items():
        # The custom field's number differs from site to site; its form does not.
        if name.startswith("customfield_") and isinstance(value, list):
            found += [item for item in records(value) if "boardId" in item and "state" in item]
    for sprint in found:
        sprint_id = native_id(sprint, "id")
        if isinstance(sprint, dict) and sprint_id is not None:
            yield sprint_id, sprint


def sprint(sprint_id: str, body: Mapping[str, Any], row: Row, notes: Notes) -> dict[str, Any]:
    """Make a sprint from its own record or from what an issue says of it."""
    made: dict[str, Any] = {"id": notes.id(sprint_id)}
    name = text(body, "name")
    if name is not None:
        made["name"] = name
    if "goal" in body:
        made["goal"] = text(body, "goal")
    if "state" not in body:
        made["prov"] = notes.prov(row)
        return made
    native_state = text(body, "state") or ""
    state = _STATES.get(native_state.lower())
    if state is None:
        notes.leave_out(made, "state")
        notes.problem(f"state '{native_state}' of sprint {sprint_id} is not known", row)
    else:
        made["state"] = state
        _put_sprint_dates(made, state, body, row, notes)
    made["prov"] = notes.prov(row)
    return made


def _put_sprint_dates(
    made: dict[str, Any], state: str, body: Mapping[str, Any], row: Row, notes: Notes
) -> None:
    if state == "planned":
        # A sprint that was not started has these by its nature: Jira leaves out what nobody filled in.
        made |= {"planned_start_at": None, "planned_end_at": None, "started_at": None}
        notes.put_instant(made, "planned_start_at", body, "startDate", row)
    elif "activatedDate" in body:
        notes.put_instant(made, "planned_start_at", body, "startDate", row)
        notes.put_instant(made, "started_at", body, "activatedDate", row)
    else:
        notes.put_instant(made, "started_at", body, "startDate", row)
        notes.leave_out(made, "planned_start_at", reason="not_supported")
    notes.put_instant(made, "planned_end_at", body, "endDate", row)
    if state == "closed":
        notes.put_instant(made, "closed_at", body, "completeDate", row)
    else:
        made["closed_at"] = None


def time_entry(
    entry_id: str, body: Mapping[str, Any], item: str, row: Row, notes: Notes
) -> dict[str, Any]:
    """Make a time entry from a worklog; one that was changed later counts as written down then."""
    entry: dict[str, Any] = {"id": notes.id(entry_id), "item": notes.id(item)}
    party = notes.party(body.get("author"), row)
    if party is not None:
        entry["party"] = party
    seconds = number(body, "timeSpentSeconds")
    if seconds is not None and seconds >= 0:
        entry["seconds"] = seconds
    notes.put_instant(entry, "started_at", body, "started", row)
    notes.put_instant(
        entry, "recorded_at", body, "updated" if text(body, "updated") else "created", row
    )
    entry["prov"] = notes.prov(row)
    return entry


def by_number(native: str) -> tuple[int, str]:
    """Order native ids as numbers, where they are."""
    is_number = native.isascii() and native.isdecimal() and len(native) <= _LONGEST_ID
    return (int(native), native) if is_number else (-1, native)
