"""
Every verdict with its reason, one line each: what ``--verbose`` tells.

Passes, too: who asks for this wants to know why something is green. Lines are plain text; whoever shows them
sends them through `foreign_text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.wording import name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Run
    from auditor.model.verdict import Verdict


def judged_lines(run: Run) -> Iterator[str]:
    """Yield for each auditee what was judged, then each verdict on it, in the order of the run."""
    policies = {policy.id: policy for policy in run.policies}
    for result in run.results:
        yield (
            f"{name(result.snapshot_name)}: {name(result.auditee)}, captured {result.captured_at},"
            f" judged at {result.judged_at}, {result.snapshot_digest}"
        )
        for verdict in result.verdicts:
            what = f"{verdict.policy}, {wording.judged(result, verdict)}"
            why = reason(policies[verdict.policy], verdict)
            yield f"{wording.words(verdict.outcome)}: {what}: {why}"


def reason(policy: PolicySummary, verdict: Verdict) -> str:
    """Say why a verdict is what it is, in one or two plain sentences."""
    if verdict.outcome is Outcome.PASS:
        return _why_green(policy, verdict)
    told = wording.sentence(verdict.message)
    because = verdict.because
    if verdict.outcome is not Outcome.NOT_APPLICABLE or because is None:
        return told
    place = because.steps[0].place if because.steps else None
    where = f" <{place}>" if place is not None else ""
    return f"{told} The condition{where} does not hold: {wording.sentence(because.sentence)}"


def _why_green(policy: PolicySummary, verdict: Verdict) -> str:
    if verdict.attested is not None:
        return wording.sentence(verdict.message)
    told = _what_holds(policy, verdict)
    return f"{told} Weakest evidence: {verdict.grade}." if verdict.grade is not None else told


def _what_holds(policy: PolicySummary, verdict: Verdict) -> str:
    counted = "which the policy counts as a pass"
    if verdict.reason == "no_subject":
        return f"There is nothing to judge, {counted}."
    hollow = sum(clause.vacuous for clause in verdict.clauses)
    if hollow and hollow == len(verdict.clauses):
        return f"There is nothing to look at, {counted}."
    if hollow:
        holding = len(verdict.clauses) - hollow
        return (
            f"Of {len(verdict.clauses)} demands {holding} {'holds' if holding == 1 else 'hold'};"
            f" for {hollow} there is nothing to look at, {counted}."
        )
    demands = len(policy.clauses)
    return "The one demand holds." if demands == 1 else f"All {demands} demands hold."
