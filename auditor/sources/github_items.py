"""
Turn GitHub's issues, pull requests and reviews into records of the snapshot.

GitHub lists every pull request among the issues as well. A pull request is no item of the backlog: nobody
estimates or assigns it, and rules on items would find fault with each. It is kept as a document that is
reviewed and approved, in the version of its last commit. What people wrote stays in GitHub, titles excepted;
of a description only the issues that it closes are read.
"""

from __future__ import annotations

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
    "approvals": frozenset(
        {"id", "subject", "subject_version", "decision", "by", "at", "recorded_at", "channel"}
    ),
    "work_items": frozenset(
        {"id", "key", "url", "type", "title", "status", "flagged", "labels", "owners", "reporter"}
        | {"priority", "created_at", "resolved_at", "last_touched_at"}
    ),
    "change_events": frozenset({"id", "item", "field", "from", "to", "native", "at", "by"}),
}
"""Per entity the fields that GitHub can fill, milestones aside."""

COULD_BE_ASKED: Final = frozenset(
    {
        "parties",
        "actions",
        "blockers",
        "deliverables",
        "decisions",
        "issues",
        "launches",
        "links",
        "risks",
    }
    | {"milestones"}
    | {"work_items.flagged", "work_items.parent", "work_items.priority"}
    | {"work_items.reopened_count", "work_items.started_at", "documents.owner"}
    | {"documents.readers", "documents.reviewed_at", "approvals.requested_at"}
)
"""What some teams keep in GitHub, each in its own way, and this reader does not ask for."""

_DECISIONS: Final = {"APPROVED": "approved", "CHANGES_REQUESTED": "rejected"}
_NO_DECISIONS: Final = frozenset({"COMMENTED", "PENDING"})
KINDS: Final = {"User": "person", "Bot": "system", "Organization": "organisation"}


def party_kind(user: object) -> str | None:
    """Tell what kind of party a user of GitHub is."""
    return KINDS.get(text(user, "type") or "")


def pull_id(native: str) -> str:
    """Spell the id of a pull request: issues and pull requests are counted apart, with the same numbers."""
    return f"pull:{native}"


def is_pull(body: object) -> bool:
    """Tell whether an issue is a pull request."""
    return isinstance(value_at(body, "pull_request"), dict)


def native_status(state: str, reason: str | None) -> str:
    """Name the status of an issue as the mapping file spells it."""
    return f"{state} as {reason}" if reason and state == "closed" else state


def work_item(row: Row, notes: Notes[Row], people: People, labels: LabelFacts) -> dict[str, Any]:
    """Make the work item of an issue."""
    body = row.body
    item: dict[str, Any] = {"id": notes.id(row.id)}
    issue_number = number(body, "number")
    if issue_number is not None:
        item["key"] = f"#{issue_number}"
    for field, key in (("url", "html_url"), ("title", "title")):
        found = text(body, key)
        if found is not None:
            item[field] = found
    names = label_names(body)
    if names is not None:
        labels.put(item, names, row)
    labels.put_type(item, text(body, "type", "name"), names, row)
    state = text(body, "state")
    if state is not None:
        native = native_status(state, text(body, "state_reason"))
        labels.put_status(item, native, names if state == "open" else (), row)
    people.put_all(item, "owners", body.get("assignees"), row)
    people.put(item, "reporter", body.get("user"), row)
    notes.put_instant(item, "created_at", body, "created_at", row)
    notes.put_instant(item, "resolved_at", body, "closed_at", row)
    notes.put_instant(item, "last_touched_at", body, "updated_at", row)
    item["prov"] = row.prov(notes)
    return item


def document(
    row: Row, issues: Mapping[int, str], notes: Notes[Row], people: People
) -> dict[str, Any]:
    """Make the document of a pull request; *issues* are the ids of issues by number."""
    body = row.body
    made: dict[str, Any] = {
        "id": notes.id(pull_id(row.id)),
        "type": "pull request",
        "place": row.request.scope,
    }
    for field, keys in (
        ("title", ("title",)),
        ("url", ("html_url",)),
        ("version", ("head", "sha")),
    ):
        found = text(body, *keys)
        if found is not None:
            made[field] = found
    people.put(made, "author", body.get("user"), row)
    notes.put_instant(made, "created_at", body, "created_at", row)
    if "created_at" in made:
        made["recorded_at"] = made["created_at"]
    closes = sorted(set(closed_numbers(body.get("body"), row.request.scope)))
    made["ext"] = {
        "number": number(body, "number"),
        "state": "merged" if text(body, "merged_at") else text(body, "state"),
        "merged_at": text(body, "merged_at"),
        "closed_at": text(body, "closed_at"),
        "closes": [notes.id(issues[found]) for found in closes if found in issues],
        "closes_not_recorded": [f"#{found}" for found in closes if found not in issues],
    }
    made["prov"] = row.prov(notes)
    return made


def approvals(
    row: Row, pull: str, dismissal: Row | None, notes: Notes[Row], people: People
) -> list[dict[str, Any]] | None:
    """
    Make the approvals of a review.

    Args:
        row: The review.
        pull: Id of the pull request.
        dismissal: The event that dismissed it, where it is known.
        notes: Takes the problems.
        people: Takes the parties.

    Returns:
        None for a review of a state that is not known; nothing for one that decides nothing. Of a dismissed
        one GitHub tells when it was given, and only the event what it had decided, when it was dismissed and
        by whom.
    """
    state = (text(row.body, "state") or "").upper()
    if state in _NO_DECISIONS:
        return []
    if state in _DECISIONS:
        return [_decision(row, row.id, pull, _DECISIONS[state], notes=notes, people=people)]
    if state != "DISMISSED":
        notes.problem(f"state '{state[:40]}' of review {row.id} is not known", row)
        return None
    made = []
    if dismissal is None:
        revoked = _decision(row, row.id, pull, "revoked", notes=notes, people=people)
        for field in ("by", "at", "recorded_at"):
            revoked.pop(field, None)
            notes.leave_out(revoked, field, reason="not_collected")
        return [revoked]
    before = (text(dismissal.body, "dismissed_review", "state") or "").upper()
    if before in _DECISIONS:
        made.append(_decision(row, row.id, pull, _DECISIONS[before], notes=notes, people=people))
    revoked = _decision(row, f"{row.id}:dismissed", pull, "revoked", notes=notes, people=people)
    people.put(revoked, "by", dismissal.body.get("actor"), dismissal)
    notes.put_instant(revoked, "at", dismissal.body, "created_at", dismissal)
    revoked.pop("recorded_at", None)
    if "at" in revoked:
        revoked["recorded_at"] = revoked["at"]
    return [*made, revoked]


def review_number(row: Row) -> int | None:
    """Return the number of the pull request that a review is of."""
    return int(row.request.of) if row.request.of else None


def dismissed(row: Row) -> str | None:
    """Return the id of the review that an event dismissed."""
    return native_id(value_at(row.body, "dismissed_review"), "review_id")


def _decision(
    row: Row, own_id: str, pull: str, decision: str, *, notes: Notes[Row], people: People
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": notes.id(own_id),
        "subject": notes.id(pull),
        "decision": decision,
        "channel": "GitHub review",
    }
    version = text(row.body, "commit_id")
    if version is not None:
        made["subject_version"] = version
    people.put(made, "by", row.body.get("user"), row)
    notes.put_instant(made, "at", row.body, "submitted_at", row)
    if "at" in made:
        # GitHub writes down by itself when somebody decides: nobody types the instant later.
        made["recorded_at"] = made["at"]
    made["prov"] = row.prov(notes)
    return made
