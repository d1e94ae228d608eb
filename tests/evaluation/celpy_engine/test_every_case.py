"""Every case of every policy by the second engine: the exact verdict, or an inconclusive one, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation import cases
from auditor.evaluation.celpy_engine.engine import CelPython
from auditor.evaluation.judge import judge
from auditor.model.outcome import Outcome
from auditor.usecases.list_policies import list_policies
from auditor.usecases.read_policies import PolicyChoice
from auditor.usecases.test_policies import test_policies as run_cases
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import Plan
    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict

POLICIES = [policy.id for policy in list_policies([], PolicyChoice())[0]]


@dataclass(slots=True)
class BothEngines:
    """Judges as the cases do, and by cel-python beside it."""

    pairs: list[tuple[Verdict, Verdict | None]] = field(default_factory=list)
    """What cel-python gives, and our own verdict on the same subject."""
    _engines: dict[int, tuple[Plan, CelPython]] = field(default_factory=dict)

    def judge(
        self,
        plan: Plan,
        snapshot: Snapshot,
        instants: Any,
        attestations: Any,
        *,
        name: str,
        **_: Any,
    ) -> ResultDocument:
        """Judge by both engines, and return what our own says."""
        if id(plan) not in self._engines:
            self._engines[id(plan)] = (plan, CelPython(plan))
        engine = self._engines[id(plan)][1]
        ours = judge(plan, snapshot, instants, attestations, name=name)
        theirs = judge(
            plan, snapshot, instants, attestations, name=name, evaluator=engine.evaluator
        )
        own = {verdict.subject: verdict for verdict in ours.verdicts}
        self.pairs += [(verdict, own.get(verdict.subject)) for verdict in theirs.verdicts]
        return ours


@pytest.mark.parametrize("policy", POLICIES)
def test_verdicts_are_the_exact_ones_or_inconclusive(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Never a pass, a fail or an error that the exact engine does not give.

    And where nothing is reported of an expression, cel-python does not answer otherwise.
    """
    both = BothEngines()
    monkeypatch.setattr(cases, "judge", both.judge)

    run_cases(read_workbench(), (policy,))

    assert both.pairs
    reasons = {fact.reason or "" for theirs, _ in both.pairs for fact in theirs.missing}
    assert not [reason for reason in reasons if "answers otherwise than" in reason]
    for theirs, ours in both.pairs:
        if ours is not None and theirs.outcome is ours.outcome:
            continue
        # What is not known of a subject that is not due yet is not due, too (LANGUAGE.md, section 2, rule 6).
        is_waiting = theirs.reason == "not_due"
        assert theirs.outcome is Outcome.INCONCLUSIVE or is_waiting, (theirs, ours)
        assert theirs.reason == "not_portable" or is_waiting, (theirs, ours)


def test_what_both_agree_on_reads_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, witness and places of a decided verdict are those of our own engine."""
    both = BothEngines()
    monkeypatch.setattr(cases, "judge", both.judge)

    run_cases(read_workbench(), ("stand-up-missed-in-kanban",))

    decided = [(theirs, ours) for theirs, ours in both.pairs if theirs.reason != "not_portable"]
    assert {theirs.outcome for theirs, _ in decided} >= {Outcome.PASS, Outcome.FAIL}
    assert all(theirs == ours for theirs, ours in decided)
