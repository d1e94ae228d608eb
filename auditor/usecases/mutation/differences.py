"""
Do two versions of a policy say different things of a snapshot, and how much would a case make of it?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.reporters.foreign_text import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditor.model.verdict import Verdict

_LONGEST = 160
"""Characters of a message that are told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two versions say differently of one subject."""

    weight: int
    """0 for the outcome, and more for what is only seen by a case that looks closely."""
    what: str
    """What differs: the outcome, the reason, a demand, the message, the facts."""
    subject: str
    written: str
    """What the policy as it is written says."""
    changed: str
    """What the changed one says."""


def difference(written: Sequence[Verdict], changed: Sequence[Verdict]) -> Difference | None:
    """Return the weightiest difference between the verdicts of two versions; None where there is none."""
    old, new = ({verdict.subject: verdict for verdict in one} for one in (written, changed))
    subjects = sorted({*old, *new})
    for weight, (what, told) in enumerate(_ASPECTS):
        for subject in subjects:
            first, second = (_told(one.get(subject), told) for one in (old, new))
            if first != second:
                return Difference(weight, what, subject, first, second)
    return None


def _told(verdict: Verdict | None, told: Callable[[Verdict], str]) -> str:
    return "no verdict" if verdict is None else told(verdict)


def _outcome(verdict: Verdict) -> str:
    return verdict.outcome.value


def _reason(verdict: Verdict) -> str:
    return f"{verdict.outcome.value} ({verdict.reason or 'no reason'})"


def _demands(verdict: Verdict) -> str:
    return ", ".join(f"{one.clause}: {one.outcome.value}" for one in verdict.clauses) or "none"


def _message(verdict: Verdict) -> str:
    return cut(" ".join([verdict.message, *(one.message for one in verdict.clauses)]), _LONGEST)


def _facts(verdict: Verdict) -> str:
    named = sorted({fact.pointer for fact in (*verdict.facts, *verdict.missing)})
    return cut(", ".join(named) or "none", _LONGEST)


_ASPECTS = (
    ("outcome", _outcome),
    ("reason", _reason),
    ("demands", _demands),
    ("message", _message),
    ("facts", _facts),
)
"""What an expectation can name, the weightiest first."""
