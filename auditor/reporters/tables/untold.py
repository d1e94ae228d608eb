"""
What has no verdict and must not fall silent in a table.

Inputs that could not be read, auditees that nobody audited, a run that judged nothing: these are the first rows of every view.
Their kind tells them from what is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from auditor.model.run import NOT_AUDITED
from auditor.reporters import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.location import Location
    from auditor.model.run import Run


class Untold(NamedTuple):
    """One thing of which no verdict tells."""

    kind: str
    """``input``, ``auditee`` or ``run``."""
    name: str
    """What people call it; empty for the run itself."""
    id: str
    reason: str
    """Slug."""
    sentence: str
    location: Location | None = None
    fix: str = ""


def untold(run: Run) -> Iterator[Untold]:
    """Yield everything of which no verdict tells."""
    for problem in run.problems:
        yield Untold(
            "input",
            problem.name,
            "",
            problem.slug,
            wording.sentence(problem.message),
            problem.location,
            wording.sentence(problem.hint) if problem.hint else "",
        )
    called = dict(run.population.names)
    for auditee in run.untold():
        sentence = f"not audited: {wording.NOT_AUDITED}"
        yield Untold("auditee", called.get(auditee, auditee), auditee, NOT_AUDITED, sentence)
    yield from nothing(run)


def nothing(run: Run) -> Iterator[Untold]:
    """Yield that nothing was judged, where that is so."""
    if not any(result.verdicts for result in run.results):
        yield Untold("run", "", "", "nothing-audited", wording.nothing_audited(run))
