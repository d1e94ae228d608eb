"""
Turn the links between Jira's issues into relations of work items.

Each of the two issues names the link, under one id; which of them it starts at, the side says on which the
other one stands. What a kind of link means is said by the name that Jira itself ships, or by the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.sources.jira_items import by_number
from auditor.sources.json_values import native_id, records, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Row
    from auditor.sources.jira_selection import Selection

KINDS: Final[dict[str, str]] = {
    "Blocks": "blocks",
    "Duplicate": "duplicates",
    "Relates": "relates",
}
"""Kinds of link that Jira ships, to ours; another kind means what the settings say."""

MEANINGS: Final = frozenset({"blocks", "depends", "relates", "duplicates", "tests"})


def links(
    chosen: Selection, kinds: Mapping[str, str], notes: Notes
) -> list[tuple[dict[str, Any], Row]]:
    """Make a relation of each link, each once, in the order of Jira's numbers."""
    made: dict[str, tuple[dict[str, Any], Row]] = {}
    for issue, part in chosen.issues.items():
        for link in records(part.body, "fields", "issuelinks"):
            own_id = native_id(link, "id")
            outward = native_id(link, "outwardIssue", "id")
            other = outward or native_id(link, "inwardIssue", "id")
            if own_id is None or other is None:
                notes.problem(f"a link of issue {issue} has no id, or leads to no issue", part.row)
                chosen.lost.add("link")
            elif own_id not in made:
                start, end = (issue, other) if outward else (other, issue)
                relation = {
                    "id": notes.id(own_id),
                    "from": notes.id(start),
                    "to": notes.id(end),
                    "prov": notes.prov(part.row),
                }
                kind = kinds.get(text(link, "type", "name") or "")
                if kind is None:
                    notes.leave_out(relation, "kind", reason="not_collected")
                else:
                    relation["kind"] = kind
                made[own_id] = (relation, part.row)
    return [made[own_id] for own_id in sorted(made, key=by_number)]
