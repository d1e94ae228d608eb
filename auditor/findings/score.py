"""
How well auditees keep the controls, as a share.

Controls are counted by auditee, never verdicts: six hundred work items do not outvote one signature. A control
that could not be decided is due like every other one, so nobody scores better by recording less. What somebody
accepted for a time is not due as long as that lasts: it is left out of the net score, and never counted as kept.

Source: DESIGN.md, section 6; docs/decisions/0022.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import FINDING_OUTCOMES
from auditor.model.outcome import Outcome, combine
from auditor.model.standing import Gating

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.run import Run

FORMULA: Final = "raw = kept / due; net = kept / (due - accepted); controls counted by auditee"


@dataclass(frozen=True, slots=True)
class Score:
    """A score over some controls of some auditees. Additive."""

    kept: int = 0
    """Controls, by auditee, of which every verdict is a pass or not applicable, and one at least a pass."""
    failed: int = 0
    """Of which a verdict is a fail, or a policy broke."""
    undecided: int = 0
    """Of which a verdict could not be decided, and none fails."""
    accepted: int = 0
    """Of the failed and undecided ones, those of which every finding is accepted."""

    def __add__(self, other: Score) -> Score:
        return Score(
            self.kept + other.kept,
            self.failed + other.failed,
            self.undecided + other.undecided,
            self.accepted + other.accepted,
        )

    @property
    def due(self) -> int:
        """Controls, by auditee, that apply."""
        return self.kept + self.failed + self.undecided

    @property
    def raw(self) -> float | None:
        """Percent, rounded down to a tenth, so that 100 means all; None where nothing is due."""
        return _percent(self.kept, self.due)

    @property
    def net(self) -> float | None:
        """Likewise, without what is accepted."""
        return _percent(self.kept, self.due - self.accepted)


def _percent(part: int, whole: int) -> float | None:
    return part * 1000 // whole / 10 if whole else None


class Scores:
    """
    The scores of a run.

    Args:
        run: What was judged.
    """

    def __init__(self, run: Run) -> None:
        policies = {policy.id: policy for policy in run.policies}
        self._cells: dict[tuple[str, str], Score] = {}
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        for result in run.results:
            outcomes: defaultdict[str, set[Outcome]] = defaultdict(set)
            counting: set[str] = set()
            for verdict in result.verdicts:
                is_finding = verdict.outcome in FINDING_OUTCOMES
                standing = run.standing(result.auditee, verdict) if is_finding else None
                for control in policies[verdict.policy].controls:
                    outcomes[control].add(verdict.outcome)
                    if standing is not None and standing.gating is not Gating.ACCEPTED:
                        counting.add(control)
            for control, found in outcomes.items():
                outcome = combine(found)
                key = (result.auditee, control)
                self._outcomes[key] = outcome
                self._cells[key] = _of(outcome, is_accepted=control not in counting)

    def outcome(self, auditee: str, control: str) -> Outcome | None:
        """Return what a control came to for an auditee; None where nothing was judged."""
        return self._outcomes.get((auditee, control))

    def of(self, auditees: Iterable[str], controls: Iterable[str]) -> Score:
        """Return the score of some auditees over some controls."""
        wanted = list(controls)
        cells = (self._cells.get((one, control)) for one in auditees for control in wanted)
        return sum((cell for cell in cells if cell is not None), Score())

    @cached_property
    def total(self) -> Score:
        """The score over everything."""
        return sum(self._cells.values(), Score())


def _of(outcome: Outcome, *, is_accepted: bool) -> Score:
    match outcome:
        case Outcome.PASS:
            return Score(kept=1)
        case Outcome.FAIL | Outcome.ERROR:
            return Score(failed=1, accepted=int(is_accepted))
        case Outcome.INCONCLUSIVE:
            return Score(undecided=1, accepted=int(is_accepted))
        case Outcome.NOT_APPLICABLE:
            return Score()
