"""
SEEF-MON-04 by hand: was a blocker, or a risk that was high, resolved or escalated in time?

Apart from the other rules because both stand on the history of what they judge: what its severity was at an
instant, and which severities it had until its deadline.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from benchmarks.engine.ground import (
    CLOCKS_DIFFER,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Declined,
    in_scope,
    in_time,
    instant,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from auditor.model.outcome import Outcome
    from benchmarks.engine.ground import Facts, Outcomes, Record

LIMIT: Final = timedelta(hours=24)
SCORE: Final = 12
HIGH: Final = frozenset({"high", "critical"})


def blocker_not_escalated(facts: Facts) -> Outcomes:
    """SEEF-MON-04, of blockers."""
    blockers = facts.document["blockers"]
    if not blockers:
        return [(facts.auditee, NOT_APPLICABLE)]
    if not in_scope(facts):
        return [(blocker["id"], NOT_APPLICABLE) for blocker in blockers]
    history = _history(facts, "severity")
    workflow = _Workflow(facts)
    return [
        (
            one["id"],
            workflow.outcome(one, instant(one["raised_at"]), None, history.get(one["id"], ())),
        )
        for one in blockers
    ]


def high_risk_not_escalated(facts: Facts) -> Outcomes:
    """SEEF-MON-04, of risks, from when they first were high."""
    risks = facts.document["risks"]
    if not risks:
        return [(facts.auditee, NOT_APPLICABLE)]
    if not in_scope(facts):
        return [(risk["id"], NOT_APPLICABLE) for risk in risks]
    severities, scores = _history(facts, "severity"), _history(facts, "score")
    workflow = _Workflow(facts)
    found = []
    for risk in risks:
        history = severities.get(risk["id"], ())
        since = _high_since(risk, history, scores.get(risk["id"], ()))
        outcome = NOT_APPLICABLE
        if since is not None:
            outcome = workflow.outcome(risk, instant(risk["raised_at"]), since, history)
        found.append((risk["id"], outcome))
    return found


def _high_since(
    risk: Record, severities: Iterable[Record], scores: Iterable[Record]
) -> datetime | None:
    raised = instant(risk["raised_at"])
    change = _next_change(severities, raised)
    if (change["from"] if change else risk["severity"]) in HIGH:
        return raised
    change = _next_change(scores, raised)
    if _reaches(change["from"] if change else risk["score"]):
        return raised
    rises = [e["at"] for e in severities if e["to"] in HIGH]
    rises += [e["at"] for e in scores if _reaches(e["to"])]
    return min(rises, default=None)


def _reaches(score: float | str | None) -> bool:
    return score is not None and float(score) >= SCORE


def _history(facts: Facts, field: str) -> dict[str, list[Record]]:
    """Return the changes of a field, by what it was of."""
    found: dict[str, list[Record]] = {}
    for event in facts.document["change_events"]:
        if event["field"] == field:
            found.setdefault(event["item"], []).append(event)
    return found


def _next_change(changes: Iterable[Record], at: datetime) -> Record | None:
    """Return the first change after an instant; of two at once, the later in the list."""
    found = None
    for event in changes:
        if event["at"] > at and (found is None or event["at"] <= found["at"]):
            found = event
    return found


class _Workflow:
    """
    The escalation workflow of a project.

    Args:
        facts: The facts of the project.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._levels: dict[str, int] | None = None

    def outcome(
        self,
        record: Record,
        raised: datetime,
        since: datetime | None,
        history: Iterable[Record],
    ) -> Outcome:
        """Judge a record that was raised, or became high (*since*), and had these severities."""
        begin = raised if since is None else since
        deadline = begin + LIMIT
        is_open = False
        resolved = record["resolved_at"]
        if resolved is not None and resolved <= deadline:
            if resolved >= raised - CLOCKS_DIFFER:
                return PASS
            is_open = True
        needed = 0
        for step in record["escalations"]:
            at, level = step["at"], step["level"]
            if at is None or at > deadline or level is None:
                continue
            needed = needed or self._needed(record, begin, deadline, history)
            if level >= needed:
                if at >= raised - CLOCKS_DIFFER and in_time(self._facts, step, at, record):
                    return PASS
                is_open = True
        if self._facts.as_of < deadline:
            return NOT_APPLICABLE  # not due
        if is_open:
            raise Declined
        return FAIL

    def _needed(
        self, record: Record, begin: datetime, end: datetime, history: Iterable[Record]
    ) -> int:
        """Return the highest level that the workflow names for a severity that the record had."""
        change = _next_change(history, end)
        had = {e["from"] for e in history if begin < e["at"] <= end}
        had.add(change["from"] if change else record["severity"])
        had.discard(None)
        levels = self._by_severity()
        if not had or not had.issubset(levels):
            raise Declined
        return max(levels[severity] for severity in had)

    def _by_severity(self) -> dict[str, int]:
        if self._levels is None:
            self._levels = {}
            for step in self._facts.document["standards"]["escalation"]:
                severity, level = step["severity"], step["level"]
                self._levels[severity] = max(level, self._levels.get(severity, level))
        return self._levels
