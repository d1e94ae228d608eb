"""
Turn GitLab's issues, merge requests and notes into records of the snapshot.

A merge request is kept as a document that is reviewed and approved, not as an item of the backlog. Approvals
are told by the notes that GitLab itself writes; the same words written by a person are none. Of what people
write only titles are carried, and of a description the issues that it closes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.closing_references import closed_numbers
from auditor.sources.json_values import native_id, number, text, value_at
from auditor.sources.label_facts import label_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.sources.label_facts import LabelFacts
    from auditor.sources.notes import Notes
    from auditor.sources.recorded_people import People
    from auditor.sources.recorded_responses import Row

FILLED: Final[Mapping[str, frozenset[str]]] = {
    "project": frozenset({"id", "key", "name"}),
    "parties": frozenset({"id", "name", "kind", "accounts"}),
    "documents": frozenset(
        {"id", "type", "title", "version", "url", "place", "author", "created_at", "recorded_at"}
    ),
    "approvals": frozenset({"id", "subject", "decision", "by", "at", "recorded_at", "channel"}),
    "work_items": frozenset(
        {"id", "key", "url", "type", "title", "status", "flagged", "labels", "owners", "reporter"}
        | {"priority", "estimate", "severity", "due_on", "created_at", "resolved_at"}
        | {"last_touched_at"}
    ),
}
"""Per entity the fields that GitLab can fill, milestones aside."""

COULD_BE_ASKED: Final = frozenset(
    {
        "parties",
        "actions",
        "blockers",
        "change_events",
        "deliverables",
        "decisions",
        "issues",
        "launches",
    }
    | {
        "links",
        "milestones",
        "risks",
        "sprints",
        "time_entries",
        "work_items.flagged",
        "work_items.parent",
    }
    | {"work_items.priority", "work_items.reopened_count", "work_items.sprints"}
    | {"documents.owner", "documents.reviewed_at", "approvals.requested_at"}
    | {"approvals.subject_version"}
)
"""What GitLab knows, or some teams keep in it, and this reader does not ask for."""

ESTIMATES: Final = ("weight", "time")
"""Where the estimate of an issue stands; the first unless the setting says otherwise."""

_SEVERITIES: Final = {"UNKNOWN": None} | {
    name.upper(): name for name in ("low", "medium", "high", "critical")
}
_BOT: Final = re.compile(r"(?:project|group)_[0-9]{1,18}_bot[0-9a-z_]{0,80}")
"""User names that GitLab gives to access tokens, and to nobody else."""

_DECISIONS: Final = (
    ("approved this merge request", "approved"),
    ("unapproved this merge request", "revoked"),
    ("reset approvals from ", "revoked"),
)
"""How the notes begin that GitLab writes when somebody decides, or when new commits undo a decision."""


def party_kind(user: object) -> str | None:
    """Tell a bot by its name; of all other users GitLab does not say what they are."""
    return "system" if _BOT.fullmatch(text(user, "username") or "") else None


def merge_request_id(native: str) -> str:
    """Spell the id of a merge request: issues and merge requests are counted apart."""
    return f"merge_request:{native}"


def project_path(row: Row) -> str | None:
    """Return the path of the project that an issue or a merge request belongs to."""
    full = text(row.body, "references", "full")
    if full is None:
        return None
    return full.replace("!", "#").rpartition("#")[0] or None


def work_item(
    row: Row, notes: Notes[Row], people: People, labels: LabelFacts, *, estimates: str
) -> dict[str, Any]:
    """Make the work item of an issue; *estimates* says where its estimate stands."""
    body = row.body
    item: dict[str, Any] = {"id": notes.id(row.id)}
    issue_number = number(body, "iid")
    if issue_number is not None:
        item["key"] = f"#{issue_number}"
    for field, key in (("url", "web_url"), ("title", "title")):
        found = text(body, key)
        if found is not None:
            item[field] = found
    names = label_names(body)
    if names is not None:
        labels.put(item, names, row)
    own_type = text(body, "issue_type")
    labels.put_type(item, None if own_type == "issue" else own_type, names, row)
    native = native_status(body)
    if native is not None:
        is_open = native == "opened"
        labels.put_status(item, native, names if is_open else (), row)
    people.put_all(item, "owners", body.get("assignees"), row)
    people.put(item, "reporter", body.get("author"), row)
    _put_estimate(item, body, estimates)
    severity = text(body, "severity")
    if severity in _SEVERITIES:
        # GitLab rates incidents alone: "unknown" is what every other issue has.
        item["severity"] = _SEVERITIES[severity]
    notes.put_day(item, "due_on", body, "due_date", row)
    notes.put_instant(item, "created_at", body, "created_at", row)
    notes.put_instant(item, "resolved_at", body, "closed_at", row)
    notes.put_instant(item, "last_touched_at", body, "updated_at", row)
    item["prov"] = row.prov(notes)
    return item


def native_status(body: Mapping[str, Any]) -> str | None:
    """Name the status of an issue as the mapping file spells it; one that was moved away is not done."""
    state = text(body, "state")
    if state == "closed" and native_id(body, "moved_to_id") is not None:
        return "closed as moved"
    if state == "closed" and text(body, "_links", "closed_as_duplicate_of") is not None:
        return "closed as duplicate"
    return state


def document(
    row: Row, issues: Mapping[int, str], notes: Notes[Row], people: People
) -> dict[str, Any]:
    """Make the document of a merge request; *issues* are the ids of issues by number."""
    body = row.body
    path = project_path(row) or row.request.scope
    made: dict[str, Any] = {
        "id": notes.id(merge_request_id(row.id)),
        "type": "merge request",
        "place": path,
    }
    for field, key in (("title", "title"), ("url", "web_url"), ("version", "sha")):
        found = text(body, key)
        if found is not None:
            made[field] = found
    people.put(made, "author", body.get("author"), row)
    notes.put_instant(made, "created_at", body, "created_at", row)
    if "created_at" in made:
        made["recorded_at"] = made["created_at"]
    closes = sorted(set(closed_numbers(body.get("description"), path)))
    made["ext"] = {
        "number": number(body, "iid"),
        "state": text(body, "state"),
        "merged_at": text(body, "merged_at"),
        "closed_at": text(body, "closed_at"),
        "closes": [notes.id(issues[found]) for found in closes if found in issues],
        "closes_not_recorded": [f"#{found}" for found in closes if found not in issues],
    }
    made["prov"] = row.prov(notes)
    return made


def decision(row: Row) -> str | None:
    """Return what a note decided, None for one that decides nothing."""
    if value_at(row.body, "system") is not True:
        return None
    written = text(row.body, "body") or ""
    return next((meant for begins, meant in _DECISIONS if written.startswith(begins)), None)


def approval(row: Row, notes: Notes[Row], people: People) -> dict[str, Any] | None:
    """Make the approval of a note that decides; None where it does not say what on."""
    subject = native_id(row.body, "noteable_id")
    meant = decision(row)
    if subject is None or meant is None:
        notes.problem(f"note {row.id} does not say which merge request it is of", row)
        return None
    made: dict[str, Any] = {
        "id": notes.id(row.id),
        "subject": notes.id(merge_request_id(subject)),
        "decision": meant,
        "channel": "GitLab approval",
    }
    people.put(made, "by", row.body.get("author"), row)
    notes.put_instant(made, "at", row.body, "created_at", row)
    if "at" in made:
        # GitLab writes down by itself when somebody decides: nobody types the instant later.
        made["recorded_at"] = made["at"]
    made["prov"] = row.prov(notes)
    return made


def _put_estimate(item: dict[str, Any], body: Mapping[str, Any], estimates: str) -> None:
    if estimates == "weight":
        weight = number(body, "weight")
        if weight is not None and weight >= 0:
            item["estimate"] = {"value": weight, "unit": "points"}
        elif "weight" in body and body["weight"] is None:
            item["estimate"] = None
        return
    seconds = number(body, "time_stats", "time_estimate")
    if seconds is not None and seconds >= 0:
        # GitLab keeps no estimate as 0.
        item["estimate"] = {"value": seconds, "unit": "seconds"} if seconds else None
