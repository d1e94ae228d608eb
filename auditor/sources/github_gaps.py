"""
What a recording of GitHub does not say.

A list may look whole and not be: what other records speak of proves it. An event of an issue that is not
there, a review of a pull request that is not there, a pull request whose reviews nobody asked for, and
something that is closed without an event of its closing each say that a list lacks a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.sources.github_items import is_pull
from auditor.sources.json_values import number, text, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.sources.recorded_responses import Recording, Row


def issue_numbers(rows: Mapping[str, Row]) -> dict[int, str]:
    """Return the ids of issues or pull requests by their numbers."""
    found = {number(row.body, "number"): own_id for own_id, row in rows.items()}
    return {known: own_id for known, own_id in found.items() if known is not None}


def strangers(chosen: Recording, issues: Mapping[str, Row], pulls: Mapping[str, Row]) -> set[str]:
    """Return which of the kinds of records are not all there, since others speak of missing ones."""
    numbers = {"issue": set(issue_numbers(issues)), "pull request": set(issue_numbers(pulls))}
    missing: set[str] = set()
    for row in issues.values():
        if is_pull(row.body) and number(row.body, "number") not in numbers["pull request"]:
            missing.add("pull request")
    for row in chosen.rows:
        about = value_at(row.body, "issue")
        if row.request.kind == "event" and isinstance(about, dict):
            kind = "pull request" if is_pull(about) else "issue"
            if number(about, "number") not in numbers[kind]:
                missing.add(kind)
        is_review = row.request.kind == "review" and row.request.of
        if is_review and int(row.request.of) not in numbers["pull request"]:
            missing.add("pull request")
    return missing


def reviews_lost(chosen: Recording, pulls: Mapping[str, Row]) -> bool:
    """Tell whether a pull request is there whose reviews nobody asked for."""
    asked = {int(request.of) for request in chosen.asked("review") if request.of}
    return not set(issue_numbers(pulls)) <= asked


def events_lost(chosen: Recording, issues: Mapping[str, Row], pulls: Mapping[str, Row]) -> bool:
    """Tell whether something is closed without an event of its closing, or its events were not asked for."""
    of_all = any(not request.of for request in chosen.asked("event"))
    asked = {int(request.of) for request in chosen.asked("event") if request.of}
    closings = {
        number(row.body, "issue", "number") or _number_of(row)
        for row in chosen.rows
        if row.request.kind == "event" and text(row.body, "event") in {"closed", "merged"}
    }
    for row in [*issues.values(), *pulls.values()]:
        own = number(row.body, "number")
        if own is None or (not of_all and own not in asked):
            return True
        if text(row.body, "state") == "closed" and own not in closings:
            return True
    return False


def _number_of(row: Row) -> int | None:
    return int(row.request.of) if row.request.of else None
