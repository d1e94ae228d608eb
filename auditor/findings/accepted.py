"""
Which undecided verdicts somebody has accepted.

A verdict is accepted only where every fact that it waits on is: with one of them still missing unasked, nobody has
looked at what is open. What fails, and what broke, cannot be accepted at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from auditor.facts.instants import DAY_LENGTH, parse_instant
from auditor.facts.zones import zone
from auditor.findings.fact_patterns import waits_on
from auditor.findings.finding import findings
from auditor.findings.gate import key_of
from auditor.model.outcome import Outcome
from auditor.model.run import NotUsed
from auditor.model.standing import Gating, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.findings.finding import Finding
    from auditor.model.accepted import AcceptedGap
    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.standing import FindingKey


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepted gaps come to in a run."""

    standings: Mapping[FindingKey, Standing]
    """Of the verdicts that they cover."""
    relaxed: tuple[str, ...]
    """One sentence for each gap that is in force."""
    not_used: tuple[NotUsed, ...]
    """Gaps that are over or have not begun, and gaps that nothing waits on any more."""


def accepted(run: Run, gaps: Iterable[AcceptedGap]) -> Acceptance:
    """
    Hold accepted gaps against what a run could not decide.

    Args:
        run: What was judged.
        gaps: In the order in which they are told.
    """
    standings: dict[FindingKey, Standing] = {}
    every = list(dict.fromkeys(gaps))
    in_force: dict[AcceptedGap, None] = {}
    idle: dict[AcceptedGap, str] = {}
    for finding in findings(run):
        if finding.verdict.outcome is not Outcome.INCONCLUSIVE:
            continue
        covering: dict[AcceptedGap, None] = {}
        is_whole = True
        for kind in waits_on(finding.verdict):
            about = [one for one in every if _is_about(one, finding, kind)]
            holding = [one for one in about if _holds(one, run, finding.result)]
            day = _judged_day(run, finding.result)
            idle.update((one, day) for one in about if one not in holding)
            in_force.update(dict.fromkeys(holding))
            if not holding:
                is_whole = False
                continue
            covering[max(holding, key=lambda one: (one.until, one.on, one.by, one.reason))] = None
        if is_whole:
            standings[key_of(finding)] = Standing(Gating.ACCEPTED, _told(covering))
    return Acceptance(
        standings,
        tuple(_relaxed(one) for one in every if one in in_force),
        tuple(
            NotUsed(str(one.location), _unused(one, idle.get(one)))
            for one in every
            if one not in in_force
        ),
    )


def _is_about(gap: AcceptedGap, finding: Finding, kind: tuple[str, str]) -> bool:
    pattern, reason = kind
    return (
        # Where a convention, and no fact, leaves it open there is nothing that could be accepted.
        bool(pattern)
        and gap.fact == pattern
        and gap.gap in {None, reason}
        and (not gap.auditees or finding.result.auditee in gap.auditees)
    )


def _holds(gap: AcceptedGap, run: Run, result: ResultDocument) -> bool:
    """Tell whether a gap is accepted on the judged day, where the auditee is: neither before its time nor after it."""
    return gap.on <= _judged_day(run, result) <= gap.until


def _judged_day(run: Run, result: ResultDocument) -> str:
    """Return the judged day where the auditee is; empty, and so before every other, where there is none."""
    if run.as_of is None:
        return ""
    when = parse_instant(run.as_of)
    local = when.astimezone(zone(result.time_zone)) if isinstance(when, datetime) else when
    return local.isoformat()[:DAY_LENGTH]


def _told(gaps: Iterable[AcceptedGap]) -> str:
    return "; ".join(
        f"accepted until {one.until} by {one.by} on {one.on}: {one.reason} <{one.location}>"
        for one in gaps
    )


def _relaxed(gap: AcceptedGap) -> str:
    return (
        f"relaxed: a missing {gap.shown} is accepted until {gap.until}, by {gap.by} on {gap.on}:"
        f" {gap.reason} <{gap.location}>"
    )


def _unused(gap: AcceptedGap, day: str | None) -> str:
    """Say why a gap covers nothing: on the *day* on which something waits on it, or because nothing does."""
    if day is None:
        return f"nothing waits on the accepted gap {gap.shown}: take it out"
    when = f"begins on {gap.on}" if day < gap.on else f"ended on {gap.until}"
    return f"the accepted gap {gap.shown} {when}; what waits on it counts"
