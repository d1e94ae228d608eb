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
        first = next((one for one in found if one.verdict.outcome is Outcome.FAIL), found[0])
        steps.append(Step(_WHY, _explain(first.result, first.verdict)))
    elif not steps:
        why = f"nothing has to be done; {_WHY}"
        steps.append(Step(why, _explain(judged[0], judged[0].verdicts[0])))
    return steps


def _explain(result: ResultDocument, verdict: Verdict) -> str:
    """
    Return the command that says why.

    ``PATH`` stands for a path that cannot be shown as it is, and for those of all auditees where the portfolio
    is judged: it has no file of its own.
    """
    path = shlex.quote(result.snapshot_name)
    is_shown = result.target != PORTFOLIO and len(path) <= LONGEST and flowing(path) == path
    shown = path if is_shown else "PATH"
    return f"auditor explain {shown} {verdict.policy}"
