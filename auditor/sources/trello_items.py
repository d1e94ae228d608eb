"""
Turn Trello's cards, checklists and actions into records of the snapshot.

The first eight digits of a card's id are the second in which it was made. A board that was made from another
one copies the day of a card's last activity, which then lies before the card itself: such a day says nothing.
A card that was archived keeps its list; whether that means done or dropped, the mapping file says. Trello
tells that an entry of a checklist is done, never when, nor by whom: the member beside it is who should do it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import parse_moment
from auditor.sources.json_values import native_id, number, records, text, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from auditor.sources.label_facts import LabelFacts
    from auditor.sources.notes import Notes
    from auditor.sources.recorded_people import People
    from auditor.sources.recorded_responses import Row

FILLED: Final[Mapping[str, frozenset[str]]] = {
    "project": frozenset({"id", "name"}),
    "parties": frozenset({"id", "name", "kind", "accounts"}),
    "work_items": frozenset(
        {"id", "key", "url", "type", "title", "status", "flagged", "labels", "owners", "priority"}
        | {"due_on", "created_at", "last_touched_at"}
    ),
    "checklists": frozenset({"id", "kind", "items"}),
    "change_events": frozenset({"id", "item", "field", "from", "to", "native", "at", "by"}),
}
"""Per entity the fields that Trello can fill."""

COULD_BE_ASKED: Final = frozenset(
    {"parties", "actions", "blockers", "documents", "issues", "risks", "sprints"}
    | {"work_items.flagged", "work_items.last_touched_by", "work_items.priority"}
    | {"work_items.reopened_count", "work_items.reporter", "work_items.resolved_at"}
    | {"work_items.started_at", "change_events"}
)
"""What Trello knows, or some teams keep in it, and this reader does not ask for."""

CHECKLIST_KINDS: Final = (
    "readiness",
    "definition_of_ready",
    "definition_of_done",
    "acceptance",
    "closure",
    "playbook",
)
"""What a checklist may be for. Source: SNAPSHOT.md."""

_SECONDS: Final = re.compile(r"[0-9a-f]{24}")
_STATES: Final = {"complete": "done", "incomplete": "open"}
ARCHIVED: Final = " (archived)"
"""What the status of an archived card ends with."""


def created_at(native: str) -> str | None:
    """Return the instant that an id of Trello holds, None where it is no such id."""
    if _SECONDS.fullmatch(native) is None:
        return None
    made = dt.datetime.fromtimestamp(int(native[:8], 16), dt.UTC)
    return made.isoformat().replace("+00:00", "Z")


def work_item(
    row: Row,
    lists: Mapping[str, str],
    known_labels: Mapping[str, str],
    *,
    notes: Notes[Row],
    people: People,
    labels: LabelFacts,
    members: Mapping[str, Row],
    day_zone: ZoneInfo | None,
) -> dict[str, Any]:
    """
    Make the work item of a card.

    Args:
        row: The card.
        lists: Names of the lists by id.
        known_labels: Names of the labels by id.
        notes: Takes the problems.
        people: Takes the parties.
        labels: Knows what labels say.
        members: The members of the board by id.
        day_zone: Zone of the auditee's local days.
    """
    body = row.body
    item: dict[str, Any] = {"id": notes.id(row.id)}
    card_number = number(body, "idShort")
    if card_number is not None:
        item["key"] = f"#{card_number}"
    for field, key in (("url", "shortUrl"), ("title", "name")):
        found = text(body, key)
        if found is not None:
            item[field] = found
    names = _labels(body, known_labels)
    if names is not None:
        labels.put(item, names, row)
    labels.put_type(item, None, names, row)
    _put_status(item, lists, row, notes)
    member_ids = body.get("idMembers")
    if isinstance(member_ids, list):
        users = [
            members[one].body if isinstance(one, str) and one in members else {"id": one}
            for one in member_ids
        ]
        people.put_all(item, "owners", users, row)
    _put_due_day(item, row, notes, day_zone)
    made_at = created_at(row.id)
    if made_at is None:
        notes.leave_out(item, "created_at")
    else:
        item["created_at"] = made_at
    notes.put_instant(item, "last_touched_at", body, "dateLastActivity", row)
    touched = item.get("last_touched_at")
    if made_at is not None and touched and parse_moment(touched) < parse_moment(made_at):
        del item["last_touched_at"]
        notes.leave_out(item, "last_touched_at", reason="not_supported")
    item["prov"] = row.prov(notes)
    return item


def checklist(row: Row, kinds: Mapping[str, str], notes: Notes[Row]) -> dict[str, Any]:
    """Make a checklist; *kinds* says by their names what checklists are for."""
    made: dict[str, Any] = {"id": notes.id(row.id)}
    name = text(row.body, "name") or ""
    kind = kinds.get(name)
    if kind is None:
        notes.leave_out(made, "kind", reason="not_collected")
    else:
        made["kind"] = kind
    listed = row.body.get("checkItems")
    if not isinstance(listed, list):
        notes.leave_out(made, "items")
    else:
        made["items"] = []
        for position, entry in enumerate(listed):
            state = _STATES.get(text(entry, "state") or "")
            item: dict[str, Any] = {"text": text(entry, "name")}
            if state is None:
                notes.leave_out(made, "items", str(position), "state")
                notes.problem(f"an entry of checklist {row.id} has no known state", row)
            else:
                item["state"] = state
            made["items"].append(item)
        for field in ("key", "order", "by", "at", "recorded_at", "reason"):
            notes.leave_out(made, "items", "*", field, reason="not_supported")
    made["ext"] = {"name": name, "card": native_id(row.body, "idCard")}
    made["prov"] = row.prov(notes)
    return made


def moved(row: Row, notes: Notes[Row], people: People) -> dict[str, Any] | None:
    """Make the change event of an action that moved a card; None for every other action."""
    before = text(row.body, "data", "listBefore", "name")
    after = text(row.body, "data", "listAfter", "name")
    card = native_id(row.body, "data", "card", "id")
    if text(row.body, "type") != "updateCard" or before is None or after is None or card is None:
        return None
    at = notes.spelt(text(row.body, "date") or "")
    if at is None:
        notes.problem(f"action {row.id} has no instant under 'date'", row)
        return None
    event: dict[str, Any] = {
        "id": notes.id(row.id),
        "item": notes.id(card),
        "field": "status",
        "native": {"from": before, "to": after},
        "at": at,
    }
    for end, native in (("from", before), ("to", after)):
        notes.put_meaning(event, end, kind="statuses", native=native, row=row)
    people.put(event, "by", value_at(row.body, "memberCreator"), row)
    event["prov"] = row.prov(notes)
    return event


def _labels(body: Mapping[str, Any], known: Mapping[str, str]) -> list[str] | None:
    if isinstance(body.get("labels"), list):
        names = [label_name(label) for label in records(body, "labels")]
        return sorted({name for name in names if name})
    ids = body.get("idLabels")
    if isinstance(ids, list) and all(isinstance(one, str) and one in known for one in ids):
        return sorted({known[one] for one in ids})
    return None


def label_name(label: Mapping[str, Any]) -> str | None:
    """Return what a label is called; one without a name is known by its colour."""
    return text(label, "name") or text(label, "color")


def _put_status(
    item: dict[str, Any], lists: Mapping[str, str], row: Row, notes: Notes[Row]
) -> None:
    name = lists.get(text(row.body, "idList") or "")
    if name is None:
        notes.leave_out(item, "status", reason="not_collected")
        notes.problem(f"card {row.id} is in a list that is not in the recording", row)
        return
    native = name + ARCHIVED if row.body.get("closed") is True else name
    item["status"] = {"native": native}
    notes.put_meaning(item, "status", "category", kind="statuses", native=native, row=row)


def _put_due_day(
    item: dict[str, Any], row: Row, notes: Notes[Row], day_zone: ZoneInfo | None
) -> None:
    """Put the local day of the instant until which a card is due."""
    if "due" not in row.body:
        return
    written = row.body["due"]
    if written is None:
        item["due_on"] = None
        return
    spelt = notes.spelt(written) if isinstance(written, str) else None
    if spelt is None:
        notes.leave_out(item, "due_on")
        notes.problem(f"due of {item['id']} is no instant", row)
    elif day_zone is None:
        notes.leave_out(item, "due_on")
        notes.problem(
            f"{item['id']} is due at an instant, and nobody says in which zone its day lies",
            row,
            "give 'time_zone:' in auditor.yaml",
        )
    else:
        local = parse_moment(spelt).astimezone(day_zone)
        item["due_on"] = local.date().isoformat()
