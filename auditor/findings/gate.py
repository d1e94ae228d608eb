"""
With which exit code a run ends, and which findings are to blame.

A reader could think that ``--fail-on never`` makes every run green. It only says that findings do not
matter: an input that could not be read, a policy that broke and a run that judged nothing still show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.findings.assemble import PORTFOLIO
from auditor.findings.finding import Finding, findings
from auditor.model.errors import ExitCode
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from auditor.model.run import Run
    from auditor.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Gate:
    """What a gate makes of a run."""

    code: ExitCode
    findings: tuple[Finding, ...]
    """Fails and inconclusive verdicts of policies at or over the gate, worst first."""
    broken: tuple[Finding, ...]
    """Verdicts of policies that broke, whatever their severity."""


def gate(run: Run, fail_on: Severity | None) -> Gate:
    """
    Hold a run against the severity from which findings count.

    An auditee of the population that was not audited counts like a finding of the highest severity: it
    has no verdict, so nothing else would tell.

    Args:
        run: What was judged.
        fail_on: The lowest severity that gates; None for ``never``.

    Source:
        DESIGN.md, section 5: of several codes 4 comes before 5, and 5 before 1.
    """
    found = findings(run)
    broken = tuple(one for one in found if one.verdict.outcome is Outcome.ERROR)
    gated = tuple(
        one
        for one in found
        if one.verdict.outcome is not Outcome.ERROR
        and fail_on is not None
        and one.policy.severity.rank >= fail_on.rank
    )
    if run.problems:
        code = ExitCode.BAD_INPUT
    elif not any(result.verdicts for result in run.results):
        code = ExitCode.NOTHING
    elif broken:
        code = ExitCode.POLICY_BROKE
    elif gated or (run.population.missing and fail_on is not None):
        code = ExitCode.GATED
    elif all(result.target == PORTFOLIO for result in run.results):
        code = (
            ExitCode.NOTHING
        )  # that nobody was looked at is no success, whoever was to be left out
    else:
        code = ExitCode.OK
    return Gate(code, gated, broken)
