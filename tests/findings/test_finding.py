"""Findings are everything that is not green, worst first."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from auditor.findings.finding import findings
from auditor.model.outcome import Outcome
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from tests.findings.conftest import Make


def test_findings_come_worst_first(make: Make) -> None:
    """Outcome counts before severity, severity before auditee; a pass is no finding."""
    outcomes = [Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.FAIL, Outcome.ERROR]
    severities = [Severity.LOW, Severity.CRITICAL]
    policies = tuple(make.policy(severity.value, severity=severity) for severity in severities)
    verdicts = [
        make.verdict(outcome, policy=severity.value)
        for severity, outcome in product(severities, outcomes)
    ]
    run = make.run(
        make.result("apollo", *verdicts), make.result("borealis", *verdicts), policies=policies
    )

    found = [
        (finding.verdict.outcome.value, finding.policy.id, finding.result.auditee)
        for finding in findings(run)
    ]

    assert found == list(
        product(["error", "fail", "inconclusive"], ["critical", "low"], ["apollo", "borealis"])
    )


def test_findings_of_one_policy_keep_the_order_of_the_snapshot(make: Make) -> None:
    """Sprint 10 comes after sprint 9, as the source has it, not as text sorts."""
    verdicts = [
        make.verdict(Outcome.FAIL, subject=subject) for subject in ("sprint-9", "sprint-10")
    ]

    found = findings(make.run(make.result("apollo", *verdicts)))

    assert [finding.verdict.subject for finding in found] == ["sprint-9", "sprint-10"]
