"""
What would a good engineer write instead of a policy? Nine of the shipped policies in plain Python.

Each function is one policy: a pass over the shaped facts with an index where one helps, leaving early where
the answer is clear. It returns subject and outcome of every verdict, as the policy does with its own
parameters, or declines (see `ground`). No sentence, no witness, no place in a file: only the outcome.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.calendar import CalendarGap
from benchmarks.engine.escalation import blocker_not_escalated, high_risk_not_escalated
from benchmarks.engine.ground import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Declined,
    People,
    in_scope,
    in_time,
    instant,
    says_something,
    started,
)
from benchmarks.engine.rhythm import pm_review_missed_in_week, stand_up_missed_in_sprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from auditor.model.outcome import Outcome
    from benchmarks.engine.ground import Facts, Outcomes, Record

GRACE: Final = timedelta(days=14)
LEAST_SHARE_PERCENT: Final = 80
REPLANS_THAT_COUNT: Final = 2
DELIVERABLE_TYPES: Final = frozenset({"story", "defect", "change"})


def execution_before_dm_sign_off(facts: Facts) -> Outcomes:
    """SEEF-PLN-04."""
    document = facts.document
    start = started(facts)
    if not in_scope(facts) or start is None:
        return [(facts.auditee, NOT_APPLICABLE)]
    baseline = None
    for one in document["baselines"]:
        effective = one["effective_at"]
        if (
            effective is not None
            and effective <= start
            and (baseline is None or effective >= baseline["effective_at"])
        ):
            baseline = one
    if baseline is None:
        return [(facts.auditee, FAIL)]
    people = People(facts)
    words = [a for a in document["approvals"] if _counts(a, baseline, start, document, people)]
    if not words:
        return [(facts.auditee, FAIL)]
    word = words[0]
    for one in words:
        if one["at"] >= word["at"]:
            word = one
    if not _approves(word, start):
        return [(facts.auditee, FAIL)]
    if in_time(facts, word, word["at"]):
        return [(facts.auditee, PASS)]
    refusals = [a["at"] for a in words if not _approves(a, start)]
    for one in words:
        if (
            _approves(one, start)
            and in_time(facts, one, one["at"])
            and all(at < one["at"] for at in refusals)
        ):
            return [(facts.auditee, PASS)]
    raise Declined


def _counts(
    approval: Record, baseline: Record, start: datetime, document: Mapping[str, Any], people: People
) -> bool:
    """Tell whether an approval is a word of the DM on the very baseline, before the start."""
    if (
        approval["subject"] != baseline["id"]
        or approval["subject_version"] != baseline["version"]
        or approval["at"] is None
        or approval["at"] > start
    ):
        return False
    digest = approval["subject_sha256"]
    if digest is not None and baseline["content_sha256"] not in {None, digest}:
        return False
    at, principal = approval["at"], approval["on_behalf_of"]
    if people.held(approval["by"], "DM", at):
        return True
    return people.held(principal, "DM", at) and people.delegated(document, approval, "DM")


def _approves(approval: Record, start: datetime) -> bool:
    decision = approval["decision"]
    if decision != "conditional":
        return bool(decision == "approved")
    closed = [condition["closed_at"] for condition in approval["conditions"]]
    return bool(closed) and all(at is not None and at <= start for at in closed)


def allocation_over_capacity(facts: Facts) -> Outcomes:
    """SEEF-PRI-05."""
    document = facts.document
    if not document["sprints"]:
        return [(facts.auditee, NOT_APPLICABLE)]
    applies = in_scope(facts) and document["project"]["method"] != "kanban"
    others = {p["id"] for p in document["parties"] if p["kind"] != "person"}
    figures: dict[str, dict[str, list[Record]]] = {}
    for one in document["allocations"]:
        if one["party"] not in others:
            if one["sprint"] is None:
                raise Declined  # by days, and nobody knows how much of it falls into which sprint
            figures.setdefault(one["sprint"], {}).setdefault(one["party"], []).append(one)
    found = []
    for sprint in document["sprints"]:
        people = figures.get(sprint["id"])
        if (
            not applies
            or people is None
            or sprint["state"] == "cancelled"
            or sprint["started_at"] is None
        ):
            found.append((sprint["id"], NOT_APPLICABLE))
        else:
            found.append((sprint["id"], _within_capacity(facts, people)))
    return found


def _within_capacity(facts: Facts, people: dict[str, list[Record]]) -> Outcome:
    is_open = False
    for taken in people.values():
        newest = _newest(taken) if len(taken) > 1 else taken
        work, capacity = newest[0]["allocated_s"], newest[0]["available_s"]
        for one in newest:
            if one["allocated_s"] != work or one["available_s"] != capacity:
                work = None  # two figures that differ: nobody knows which one holds
        if work is None or capacity is None:
            is_open = True
        elif work > capacity:
            return FAIL
        elif not all(in_time(facts, one, one["captured_at"]) for one in newest):
            is_open = True
    if is_open:
        raise Declined
    return PASS


def _newest(taken: list[Record]) -> list[Record]:
    known = [instant(one["captured_at"]) for one in taken if one["captured_at"] is not None]
    last = max(known, default=None)
    return [one for one in taken if one["captured_at"] is None or one["captured_at"] == last]


def retrospective_without_owned_actions(facts: Facts) -> Outcomes:
    """SEEF-IMP-02."""
    document, as_of = facts.document, facts.as_of
    held = [
        m
        for m in document["meetings"]
        if m["kind"] == "retrospective" and m["held_at"] is not None and m["held_at"] <= as_of
    ]
    if not held:
        return [(facts.auditee, NOT_APPLICABLE)]
    if not in_scope(facts):
        return [(m["id"], NOT_APPLICABLE) for m in held]
    agreed: dict[str, list[Record]] = {}
    for action in document["actions"]:
        for meeting in {b["id"] for b in action["because"] if b["kind"] == "meeting"}:
            agreed.setdefault(meeting, []).append(action)
    people = People(facts)
    found = []
    for retro in held:
        mine = agreed.get(retro["id"], ())
        if says_something(retro["no_action_reason"]):
            outcome = PASS
        elif not mine or not all(_is_owned(a, retro["held_at"], people) for a in mine):
            outcome = FAIL
        elif any(in_time(facts, a, a["raised_at"]) for a in mine):
            outcome = PASS
        else:
            raise Declined
        found.append((retro["id"], outcome))
    return found


def _is_owned(action: Record, at: datetime, people: People) -> bool:
    return (
        action["due_on"] is not None
        and action["owner"] is not None
        and says_something(action["text"])
        and people.on_project(action["owner"], at)
    )


def work_before_recorded_start(facts: Facts) -> Outcomes:
    """SEEF-ADP-04."""
    document = facts.document
    start = started(facts)
    if not in_scope(facts):
        return [(facts.auditee, NOT_APPLICABLE)]
    if start is None and document["project"]["phase"] != "planning":
        return [(facts.auditee, FAIL)]
    has_begun = False
    for sprint in document["sprints"]:
        at = sprint["started_at"]
        if at is not None:
            has_begun = True
            if start is None or at < start:
                return [(facts.auditee, FAIL)]
    deliverable = {
        item["id"]
        for item in document["work_items"]
        if item["type"] in DELIVERABLE_TYPES
        or (item["type"] != "spike" and item["deliverable"] is not None)
    }
    for entry in document["time_entries"]:
        at = entry["started_at"]
        if at is not None and entry["item"] in deliverable:
            has_begun = True
            if start is None or at < start:
                return [(facts.auditee, FAIL)]
    for event in document["change_events"]:
        if (
            event["field"] == "status"
            and event["to"] == "in_progress"
            and event["item"] in deliverable
        ):
            has_begun = True
            if start is None or event["at"] < start:
                return [(facts.auditee, FAIL)]
    return [(facts.auditee, PASS if has_begun else NOT_APPLICABLE)]


def retrospective_actions_not_done(facts: Facts) -> Outcomes:
    """SEEF-IMP-03."""
    document, calendar, as_of = facts.document, facts.calendar, facts.as_of
    if not in_scope(facts):
        return [(facts.auditee, NOT_APPLICABLE)]
    retrospectives = {m["id"] for m in document["meetings"] if m["kind"] == "retrospective"}
    agreed = [
        action
        for action in document["actions"]
        if any(b["kind"] == "meeting" and b["id"] in retrospectives for b in action["because"])
    ]
    originals: dict[tuple[Any, ...], str] = {}
    due = []
    for action in agreed:
        twin = _twin(action)
        originals[twin] = min(action["id"], originals.get(twin, action["id"]))
        day = _due_on(action)
        if day is not None and calendar.day_end(day) <= as_of:
            due.append((action, day))
    if not due:
        return [(facts.auditee, NOT_APPLICABLE)]
    counted = done = proven = 0
    is_late = False
    for action, day in due:
        is_done = action["done_at"] is not None and action["done_at"] <= as_of
        if originals[_twin(action)] == action["id"]:
            counted += 1
            if is_done:
                done += 1
                proven += in_time(facts, action, action["raised_at"])
        if not is_done and action["status"] != "cancelled":
            is_late = is_late or calendar.day_end(day + GRACE) < as_of
    least = counted * LEAST_SHARE_PERCENT
    if is_late or done * 100 < least:
        return [(facts.auditee, FAIL)]
    if proven * 100 < least:
        raise Declined
    return [(facts.auditee, PASS)]


def _twin(action: Record) -> tuple[Any, ...]:
    raised = action["raised_at"]
    return action["text"], raised and instant(raised), action["owner"], action["due_on"]


def _due_on(action: Record) -> date | None:
    """Return the latest re-planned date; a third re-plan and later ones do not count."""
    replans = action["replans"]
    if not replans:
        return action["due_on"]  # type: ignore[no-any-return]
    if len(replans) > 1:
        replans = sorted(replans, key=lambda replan: instant(replan["at"]))
    return replans[min(len(replans), REPLANS_THAT_COUNT) - 1]["to"]  # type: ignore[no-any-return]


RULES: Final[dict[str, Callable[[Facts], Outcomes]]] = {
    "execution-before-dm-sign-off": execution_before_dm_sign_off,
    "allocation-over-capacity": allocation_over_capacity,
    "blocker-not-escalated": blocker_not_escalated,
    "high-risk-not-escalated": high_risk_not_escalated,
    "retrospective-without-owned-actions": retrospective_without_owned_actions,
    "work-before-recorded-start": work_before_recorded_start,
    "stand-up-missed-in-sprint": stand_up_missed_in_sprint,
    "retrospective-actions-not-done": retrospective_actions_not_done,
    "pm-review-missed-in-week": pm_review_missed_in_week,
}
"""By the policy's id."""


def decide(policy: str, facts: Facts) -> Outcomes | None:
    """Return what a policy comes to; None where its rule declines."""
    if not facts.is_whole:
        return None
    try:
        return RULES[policy](facts)
    except (Declined, KeyError, TypeError, ValueError, CalendarGap):
        return None
