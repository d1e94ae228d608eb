"""
Turn the events of GitHub's issues and pull requests into change events.

Who was assigned stands under `actor` in an event, who did it under `assigner`. An event names a milestone by
its title alone. Which status an issue had before a label gave it another one is told by no event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.sources.github_items import native_status
from auditor.sources.json_values import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.sources.label_facts import LabelFacts
    from auditor.sources.notes import Notes
    from auditor.sources.recorded_people import People
    from auditor.sources.recorded_responses import Row


def change_events(
    row: Row,
    item: str,
    *,
    sprints: Mapping[str, str],
    notes: Notes[Row],
    people: People,
    labels: LabelFacts,
) -> list[dict[str, Any]] | None:
    """
    Make the change events of one event.

    Args:
        row: The event.
        item: Id of the issue or pull request.
        sprints: Ids of the milestones that are kept as sprints, by title.
        notes: Takes the problems.
        people: Takes the parties.
        labels: Knows what labels say.

    Returns:
        None where the event has no instant, or speaks of something that is not known.
    """
    kind = text(row.body, "event") or ""
    at = notes.spelt(text(row.body, "created_at") or "")
    if at is None:
        notes.problem(f"event {row.id} has no instant under 'created_at'", row)
        return None
    if kind in {"milestoned", "demilestoned"} and sprints:
        title = text(row.body, "milestone", "title")
        if title not in sprints:
            notes.problem(f"event {row.id} names the unknown milestone '{(title or '')[:40]}'", row)
            return None
    made = []
    by_key = "assigner" if kind in {"assigned", "unassigned"} else "actor"
    actor = row.body.get(by_key) or row.body.get("actor")
    for suffix, field, change in _changes(kind, row, sprints, people, labels):
        event: dict[str, Any] = {"id": notes.id(f"{row.id}{suffix}"), "item": notes.id(item)}
        event["field"] = field
        if field == "status":
            _put_statuses(event, change, row, notes, has_labels=labels.has_statuses)
        else:
            event |= change
        event["at"] = at
        people.put(event, "by", actor, row)
        event["prov"] = row.prov(notes)
        made.append(event)
    return made


def _changes(
    kind: str, row: Row, sprints: Mapping[str, str], people: People, labels: LabelFacts
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield what ends the id, the field, and its value before and after."""
    match kind:
        case "closed" | "reopened":
            closed = native_status("closed", text(row.body, "state_reason"))
            ends = ("open", closed) if kind == "closed" else (None, "open")
            yield "", "status", {"from": ends[0], "to": ends[1]}
        case "assigned" | "unassigned":
            party = people.party(row.body.get("assignee"), row)
            if party is not None:
                yield "", "owners", _moved(party, is_in=kind == "assigned")
        case "labeled" | "unlabeled":
            name = text(row.body, "label", "name")
            if name is not None:
                change = _moved(name, is_in=kind == "labeled")
                yield "", "labels", change
                if name in labels.flags:
                    yield ":flagged", "flagged", {**change, "native": change}
                if labels.is_status(name):
                    yield ":status", "status", change
        case "milestoned" | "demilestoned" if sprints:
            sprint = sprints[text(row.body, "milestone", "title") or ""]
            yield "", "sprints", _moved(sprint, is_in=kind == "milestoned")
        case _:
            return


def _moved(value: str, *, is_in: bool) -> dict[str, Any]:
    return {"from": None, "to": value} if is_in else {"from": value, "to": None}


def _put_statuses(
    event: dict[str, Any],
    change: Mapping[str, str | None],
    row: Row,
    notes: Notes[Row],
    *,
    has_labels: bool,
) -> None:
    event["native"] = {end: native for end, native in change.items() if native is not None}
    for end, native in change.items():
        if native is None or (native == "open" and has_labels):
            # What it was, or became, the labels said that it had then.
            notes.leave_out(event, end, reason="not_supported")
        else:
            notes.put_meaning(event, end, kind="statuses", native=native, row=row)
