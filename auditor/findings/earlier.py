"""
What earlier runs said of a finding.

A run that judged an auditee by the pack of a policy and has no such finding says so: the finding was not there. A run
that did not judge it says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import parse_instant
from auditor.findings.finding import findings
from auditor.findings.findings_document import fingerprint
from auditor.findings.gate import key_of
from auditor.model.standing import Earlier, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.findings.finding import Finding
    from auditor.model.run import Run

    Past = Mapping[str, Any]

NONE: Final = "none"
"""The outcome of a run that has no such finding."""


def with_earlier(run: Run, past: Iterable[Past]) -> Run:
    """
    Tell of each finding what the runs before this one said of it.

    Args:
        run: What was judged.
        past: Recorded runs as a portfolio document writes them, in any order.
    """
    if run.as_of is None:
        return run
    now = _instant(run.as_of)
    before = sorted(
        (one for one in past if "findings" in one and _instant(one["as_of"]) < now),
        key=lambda one: (_instant(one["as_of"]), one["id"]),
    )
    outcomes = [
        {found["fingerprint"]: found["outcome"] for found in one["findings"]} for one in before
    ]
    standings = dict(run.standings)
    for finding in findings(run):
        told = tuple(
            Earlier(one["as_of"], outcome)
            for one, known in zip(before, outcomes, strict=True)
            if (outcome := _outcome(finding, one, known)) is not None
        )
        if told:
            key = key_of(finding)
            standings[key] = replace(standings.get(key, Standing()), earlier=told)
    return replace(run, standings=standings)


def _outcome(finding: Finding, past: Past, known: Mapping[str, str]) -> str | None:
    """Return what a run said of a finding; None where it did not look at it."""
    auditee, policy, subject = key_of(finding)
    for name in (policy, *finding.policy.formerly):
        outcome = known.get(fingerprint(name, auditee, subject))
        if outcome is not None:
            return outcome
    was_judged = any(one["auditee"] == auditee for one in past["judged"])
    return NONE if was_judged and finding.policy.pack in past["packs"] else None


def _instant(text: str) -> datetime:
    """Return what sorts; a bare day is its end."""
    when = parse_instant(text)
    if isinstance(when, datetime):
        return when.astimezone(UTC)
    return _end_of(when)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)
