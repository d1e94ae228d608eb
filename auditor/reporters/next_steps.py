"""
What to do after a run, and the command that does it.

A run does not know the options that it was started with, so a command says its path and its policy only.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

from auditor.findings.assemble import PORTFOLIO
from auditor.model.outcome import Outcome
from auditor.reporters.foreign_text import flowing
from auditor.reporters.layout import LONGEST
from auditor.reporters.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.findings.finding import Finding
    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.verdict import Verdict

_WHY: Final = "why, with the same options:"


class Step(NamedTuple):
    """One thing to do."""

    text: str
    command: str = ""
    """Ready for a shell; empty where no command does it."""


def next_steps(run: Run, found: tuple[Finding, ...]) -> list[Step]:
    """Return what to do next, the most urgent first; at least one thing."""
    steps = []
    if run.problems:
        steps.append(Step("mend the inputs named above"))
    if run.population.missing:
        steps.append(Step(f"give a snapshot of {listed(run.population.missing, 3)}"))
    judged = [result for result in run.results if result.verdicts]
    if not judged and not run.problems:
        steps.append(Step("name a folder or a file that holds a snapshot:", "auditor check PATH"))
    elif found:
        # What broke is for whoever keeps the policy; the reader begins with what is wrong in a project.
        fails = [one for one in found if one.verdict.outcome is Outcome.FAIL]
        command = _explain((one.result, one.verdict) for one in (*fails, *found))
        if command:
            steps.append(Step(_WHY, command))
        elif not steps:
            steps.append(Step("see to the findings above: each says how"))
    elif not steps:
        nothing = "nothing has to be done"
        command = _explain((result, result.verdicts[0]) for result in judged)
        steps.append(Step(f"{nothing}; {_WHY}", command) if command else Step(nothing))
    return steps


def _explain(verdicts: Iterable[tuple[ResultDocument, Verdict]]) -> str:
    """
    Return the command that says why, of the first verdict for which there is one; empty where there is none.

    There is none for a path that cannot be shown as it is, nor where all auditees are judged together: the portfolio
    has no snapshot of its own.
    """
    for result, verdict in verdicts:
        path = shlex.quote(result.snapshot_name)
        if result.target != PORTFOLIO and len(path) <= LONGEST and flowing(path) == path:
            return f"auditor explain {path} {verdict.policy}"
    return ""
