"""Runs of a few verdicts, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.findings.assemble import assemble
from auditor.model.location import Location
from auditor.model.policy import PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.severity import Severity
from auditor.model.verdict import Verdict

if TYPE_CHECKING:
    from auditor.model.outcome import Outcome
    from auditor.model.run import InputProblem, NotUsed, Population, Run


class Make:
    """Makes the parts of a run; only what decides has to be said."""

    def policy(
        self,
        policy_id: str = "late-thing",
        *controls: str,
        severity: Severity = Severity.MEDIUM,
        target: str = "project",
    ) -> PolicySummary:
        """Make a policy that serves *controls*."""
        return PolicySummary(
            id=policy_id,
            title="A thing was late",
            why="Late things cost trust.",
            fix="Do it in time.",
            controls=controls or ("TST-01",),
            severity=severity,
            pack="seef",
            target=target,
            digest="sha256:" + "0" * 64,
            location=Location(f"policies/seef/{policy_id}.yaml", 1),
            clauses=(),
            params=(),
        )

    def verdict(
        self, outcome: Outcome, policy: str = "late-thing", subject: str = "thing"
    ) -> Verdict:
        """Make a verdict without a witness."""
        return Verdict(policy, subject, subject, outcome, "A sentence.")

    def result(self, auditee: str, *verdicts: Verdict, target: str = "project") -> ResultDocument:
        """Make a result document."""
        instant = "2026-09-30T18:00:00Z"
        return ResultDocument(
            auditee=auditee,
            auditee_name=auditee,
            target=target,
            snapshot_digest="sha256:" + "0" * 64,
            snapshot_name=f"{auditee}.yaml",
            captured_at=instant,
            judged_at=instant,
            time_zone="UTC",
            verdicts=verdicts,
        )

    def run(
        self,
        *results: ResultDocument,
        policies: tuple[PolicySummary, ...] | None = None,
        population: Population | None = None,
        problems: tuple[InputProblem, ...] = (),
        not_used: tuple[NotUsed, ...] = (),
        relaxed: tuple[str, ...] = (),
        catalogue: tuple[str, ...] = (),
        as_of: str | None = "2026-09-30T18:00:00Z",
        period: tuple[str, str] | None = ("2026-07-02T00:00:00Z", "2026-09-30T18:00:00Z"),
    ) -> Run:
        """Assemble a run of the policy ``late-thing``, unless others are given."""
        return assemble(
            policies=(self.policy(),) if policies is None else policies,
            results=results,
            as_of=as_of,
            period=period,
            engine="auditor 0.1.0",
            population=population,
            problems=problems,
            not_used=not_used,
            relaxed=relaxed,
            catalogue=catalogue,
        )

    def run_of(self, *outcomes: Outcome, severity: Severity = Severity.MEDIUM) -> Run:
        """Assemble a run with one verdict per outcome, all of one policy of *severity*."""
        verdicts = [
            self.verdict(outcome, subject=f"thing-{index}")
            for index, outcome in enumerate(outcomes)
        ]
        return self.run(
            self.result("apollo", *verdicts), policies=(self.policy(severity=severity),)
        )


@pytest.fixture(scope="session")
def make() -> Make:
    """Return the maker of parts of runs."""
    return Make()
