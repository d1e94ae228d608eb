"""
Which verdicts somebody has to act on, and which one to read first.

A reader could think that only a fail is a finding. What broke and what could not be decided are findings
too: nothing that is not a pass or not applicable may fall silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.verdict import Verdict

FINDING_OUTCOMES: Final = (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE)
"""What makes a verdict a finding, worst first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict that is neither a pass nor not applicable, with the policy and the auditee it is about."""

    policy: PolicySummary
    result: ResultDocument
    verdict: Verdict

    def rank(self) -> tuple[int, int]:
        """Sort worst first: by outcome (error, fail, inconclusive), then by severity from critical down."""
        return FINDING_OUTCOMES.index(self.verdict.outcome), -self.policy.severity.rank


def findings(run: Run) -> tuple[Finding, ...]:
    """
    Return every finding of a run.

    Returns:
        Worst first; of equal rank by auditee, then by policy, then in the order of the snapshot.
    """
    return tuple(
        sorted(
            _found(run),
            key=lambda finding: (*finding.rank(), finding.result.auditee, finding.policy.id),
        )
    )


def _found(run: Run) -> Iterator[Finding]:
    policies = {policy.id: policy for policy in run.policies}
    for result in run.results:
        for verdict in result.verdicts:
            if verdict.outcome in FINDING_OUTCOMES:
                yield Finding(policies[verdict.policy], result, verdict)
