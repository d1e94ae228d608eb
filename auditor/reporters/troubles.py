"""
What went wrong with a run as a whole, for formats that are lists of findings.

No verdict tells of an input that could not be read, of a member that nobody audited, or of a run that judged nothing. A
list without them would look shorter than it is, and an empty one like success.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.model.run import NOT_AUDITED
from auditor.reporters import wording
from auditor.reporters.wording import name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.location import Location
    from auditor.model.run import Run

NOTHING_AUDITED: Final = "nothing-audited"

TITLES: Final = {
    "input-unreadable": "An input could not be read",
    NOT_AUDITED: "An auditee of the population was not audited",
    NOTHING_AUDITED: "Nothing was audited",
}
"""What each kind of trouble is called."""

REMEDIES: Final = {
    "input-unreadable": "Mend the input where the message points, and run the audit again.",
    NOT_AUDITED: "Give a snapshot of the auditee, or record in the population that it is no member.",
    NOTHING_AUDITED: "Name a folder or a file that holds a snapshot.",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that no verdict tells."""

    kind: str
    """A key of `TITLES`."""
    subject: str
    """What it is about: a file or folder, the id of an auditee; empty for the run itself."""
    message: str
    """One sentence."""
    location: Location | None = None
    hint: str = ""


def troubles(run: Run) -> Iterator[Trouble]:
    """Yield what is wrong with *run* as a whole, the worst first."""
    if not any(result.verdicts for result in run.results):
        yield Trouble(NOTHING_AUDITED, "", wording.nothing_audited(run))
    for problem in run.problems:
        yield Trouble(
            "input-unreadable",
            problem.name,
            f"{name(problem.name)}: {sentence(problem.message)}",
            problem.location,
            sentence(problem.hint) if problem.hint else "",
        )
    for auditee in run.untold():
        member = wording.member(run.population, auditee)
        yield Trouble(NOT_AUDITED, auditee, f"{member}: {wording.NOT_AUDITED}")
