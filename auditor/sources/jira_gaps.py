"""
What a Jira recording does not say.

Every list of the snapshot that Jira cannot fill is named as a gap: an empty list would claim that there are
no risks and that no meeting was held. A list that may have lost a part is `truncated`. That is so when
a line could not be read, when a request has a further page, when a history or worklog speaks of an issue
that is not there, and when the list was read long before the rest: a snapshot claims to know everything up
to the instant at which it was captured.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.types import ListType, ObjectType, unwrap
from auditor.sources.jira_records import is_cut_off
from auditor.sources.json_values import number, value_at
from auditor.sources.recorded_draft import was_read_early

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Kind, Page, Recording
    from auditor.sources.jira_selection import Part, Selection

COULD_BE_ASKED: Final = frozenset(
    {"parties", "actions", "blockers", "documents", "risks"}
    | {f"work_items.{field}" for field in ("estimate", "remaining", "severity")}
    | {"work_items.reopened_count", "work_items.last_touched_by"}
)
"""What some teams keep in Jira, each in its own way, and this reader does not ask for."""

_IN_PRIORITY: Final = ("rank", "score")
"""What Jira's priority has not: it is a name, and which of two is the higher one the site decides."""


def incomplete_lists(
    chosen: Selection,
    recording: Recording,
    captured_at: dt.datetime,
    notes: Notes,
    *,
    vouched: Collection[str] | None,
) -> dict[str, str]:
    """
    Tell of each list that Jira can fill whether it is missing or may have lost a part.

    Args:
        chosen: What the snapshot is made of.
        recording: Everything that was read.
        captured_at: Up to when the snapshot speaks.
        notes: Knows how instants are spelt.
        vouched: Lists that somebody says to be complete, where no request tells; None where requests do.
    """
    pages: dict[Kind, list[Page]] = defaultdict(list)
    for page in chosen.pages:
        pages[page.request.kind].append(page)
    hurt = {kind for kind in pages if is_cut_off(pages[kind])} | recording.damaged | chosen.lost
    gaps: dict[str, str] = {}
    bodies = [part.body for part in chosen.issues.values()]
    is_late = was_read_early([part.row for part in chosen.issues.values()], captured_at, notes)
    issues_lost = bool("issue" in hurt or chosen.strangers or is_late)
    issues_lost |= vouched is not None and "work_items" not in vouched
    sprints_lost = (
        _sprints_lost(chosen, captured_at, notes) if vouched is None else "sprints" not in vouched
    )
    is_whole = {
        "history": _is_whole(chosen, chosen.histories, pages["history"], "changelog"),
        "worklog": _is_whole(chosen, chosen.worklogs, pages["worklog"], "fields", "worklog"),
    }
    has_histories = bool(chosen.histories) or any("changelog" in body for body in bodies)
    has_worklogs = bool(chosen.worklogs) or any("worklog" in body["fields"] for body in bodies)
    for name, is_known, is_cut in (
        ("work_items", bool(chosen.issues or pages["issue"]), issues_lost),
        (
            "sprints",
            bool(chosen.sprints or pages["sprint"]),
            "sprint" in hurt or sprints_lost,
        ),
        (
            "links",
            any("issuelinks" in body["fields"] for body in bodies),
            issues_lost
            or "link" in hurt
            or not all("issuelinks" in body["fields"] for body in bodies),
        ),
        (
            "change_events",
            has_histories,
            issues_lost or "history" in hurt or not is_whole["history"],
        ),
        (
            "time_entries",
            has_worklogs,
            issues_lost or "worklog" in hurt or not is_whole["worklog"],
        ),
    ):
        if not is_known:
            gaps[join(name)] = "not_collected"
        elif is_cut:
            gaps[join(name)] = "truncated"
    return gaps


def absent_fields(
    lists: Mapping[str, list[dict[str, Any]]],
    filled: Mapping[str, Collection[str]],
    root: ObjectType,
) -> dict[str, str]:
    """Name the fields that could be filled and that no record has: nobody asked for them."""
    gaps: dict[str, str] = {}
    for name, records in lists.items():
        listed = unwrap(root.fields[name].type)
        kind = unwrap(listed.element) if isinstance(listed, ListType) else listed
        fields = kind.fields if isinstance(kind, ObjectType) else {}
        absent = set(filled[name]) - {"id"}.union(*records) if records else set()
        gaps |= {
            join(name, "*", field): "not_collected"
            for field in sorted(absent & fields.keys())
            if not fields[field].has_default
        }
    rated = [item["priority"] for item in lists.get("work_items", ()) if item.get("priority")]
    gaps |= {
        join("work_items", "*", "priority", part): "not_supported"
        for part in _IN_PRIORITY
        if rated and not any(part in priority for priority in rated)
    }
    return gaps


def _sprints_lost(chosen: Selection, captured_at: dt.datetime, notes: Notes) -> bool:
    """A board's sprints are all known only if they were asked for; issues name just their own."""
    asked = {
        page.request.board
        for page in chosen.pages
        if page.request.kind == "sprint" and page.request.page_size
    }
    boards = {part.row.request.board for part in chosen.issues.values() if part.row.request}
    own = {native: part for native, part in chosen.sprints.items() if part.row.kind == "sprint"}
    return (
        not asked
        or not boards - {None} <= asked
        or len(own) < len(chosen.sprints)
        or was_read_early([part.row for part in own.values()], captured_at, notes)
    )


def _is_whole(
    chosen: Selection, parts: Mapping[str, Part], pages: list[Page], *embedded: str
) -> bool:
    """Tell whether of every issue everything is here: by its own count, or since it was asked for apart."""
    asked = {page.request.issue for page in pages}
    known = Counter(part.issue for part in parts.values())
    for native, part in chosen.issues.items():
        total = number(part.body, *embedded, "total")
        is_embedded = total is not None and known[native] >= total
        if not is_embedded and not {native, value_at(part.body, "key")} & asked:
            return False
    return True
