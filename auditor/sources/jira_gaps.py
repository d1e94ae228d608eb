"""
What a Jira recording does not say.

Every list of the snapshot that Jira cannot fill is named as a gap: an empty list would claim that there are
no risks and that no meeting was held. A list that may have lost a part is `truncated`. That is so when
a line could not be read, when a request has a further page, when a history or worklog speaks of an issue
that is not there, and when the list was read long before the rest: a snapshot claims to know everything up
to the instant at which it was captured.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.types import ListType, MapType, ObjectType, unwrap
from auditor.sources.jira_items import FILLED
from auditor.sources.jira_records import is_cut_off, number, value_at
from auditor.sources.jira_selection import read_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Kind, Page, Recording
    from auditor.sources.jira_selection import Part, Selection

_COULD_BE_ASKED: Final = frozenset({"actions", "blockers", "documents", "risks"})
"""What some teams keep in Jira, each in its own way, and this reader does not ask for."""

_NO_FACTS: Final = frozenset({"prov", "ext"})

STAGGER: Final = dt.timedelta(hours=24)
"""How long a collection may take. A list that was read earlier may lack what came since."""


def unknown_entities(document: Mapping[str, Any], root: ObjectType) -> dict[str, str]:
    """Name every entity, and every field of the known ones, that Jira cannot fill."""
    gaps: dict[str, str] = {}
    for name, declared in root.fields.items():
        if name in _NO_FACTS or name == "snapshot" or declared.has_default:
            continue
        kind = unwrap(declared.type)
        if isinstance(kind, MapType):
            continue
        if name not in document:
            gaps[join(name)] = "not_collected" if name in _COULD_BE_ASKED else "not_supported"
            continue
        element = kind.element if isinstance(kind, ListType) else kind
        if isinstance(element, ObjectType) and document[name]:
            path = (name, "*") if isinstance(kind, ListType) else (name,)
            for field, about in element.fields.items():
                if field not in FILLED[name] | _NO_FACTS and not about.has_default:
                    gaps[join(*path, field)] = "not_supported"
    return gaps


def incomplete_lists(
    chosen: Selection, recording: Recording, captured_at: dt.datetime, notes: Notes
) -> dict[str, str]:
    """Tell of each list that Jira can fill whether it is missing or may have lost a part."""
    pages: dict[Kind, list[Page]] = defaultdict(list)
    for page in chosen.pages:
        pages[page.request.kind].append(page)
    hurt = {kind for kind in pages if is_cut_off(pages[kind])} | recording.damaged | chosen.lost
    gaps: dict[str, str] = {}
    bodies = [part.body for part in chosen.issues.values()]
    is_late = _was_read_early(chosen.issues, captured_at, notes)
    issues_lost = bool("issue" in hurt or chosen.strangers or is_late)
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
            "sprint" in hurt or _sprints_lost(chosen, captured_at, notes),
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


def _was_read_early(parts: Mapping[str, Part], captured_at: dt.datetime, notes: Notes) -> bool:
    read = [read_instant(part.row, notes) for part in parts.values()]
    return any(at is not None and captured_at - at > STAGGER for at in read)


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
        or _was_read_early(own, captured_at, notes)
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
