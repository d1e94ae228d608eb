"""
A generator with a fault in it is found out: something that it answers is not what the exact evaluator says.

Every fault runs over what shows it: expressions, small policies, and the cases of the packaged policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.evaluation.fast import test_expressions
from tests.evaluation.fast.corpus import differences, fast_outcomes
from tests.evaluation.fast.expressions import LEFT, Question
from tests.evaluation.fast.faults import FAULTS
from tests.evaluation.fast.faulty import OURS, Fault, installed
from tests.evaluation.fast.giving_up import field_names, is_expected, nothing_hidden
from tests.evaluation.fast.small_policies import TIGHT, over_budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.registry import Functions
    from tests.evaluation.fast.corpus import Matter
    from tests.evaluation.fast.faulty import FastPath

RATHER_MANY = 20


class Corpus:
    """
    What every fault is tried on.

    Args:
        models: The contracts of snapshots.
        functions: What expressions may call.
        plan: The packaged policies.
        cases: What their cases judge.
        small: Small projects before small policies.
    """

    def __init__(
        self,
        models: SnapshotModels,
        functions: Functions,
        plan: Plan,
        cases: Sequence[Matter],
        small: Sequence[Matter],
    ) -> None:
        self._models = models
        self._functions = functions
        self._plan = plan
        own = {policy.summary.id: repr(policy.params) for policy in plan.policies}
        self._cases = [
            (matter, matter.facts())
            for matter in cases
            if repr(matter.plan.policies[0].params) == own[matter.plan.policies[0].summary.id]
        ]
        self._small = [(matter, matter.facts()) for matter in small]
        self._tight = over_budget(models, functions)
        self._documents: Mapping[str, dict[str, Any]] = test_expressions.DOCUMENTS
        self._exact = {
            (question.text, name): question.exact(facts)
            for question in map(self._question, test_expressions.EXPRESSIONS)
            for name, facts in self._documents.items()
        }
        self._fields = {
            target: frozenset(field_names(models[target].root))
            for target in ("project", "unit", "portfolio")
        }

    def _question(self, text: str, code: FastPath = OURS) -> Question:
        return Question(text, self._functions, code)

    def findings(self, code: FastPath) -> Iterator[str]:
        """Yield what the fast path answers otherwise than the exact evaluator, and on what it must not give up."""
        yield from self._of_expressions(code)
        yield from self._of_policies(code, self._small[0][0].plan, self._small, "small policies")
        yield from self._of_policies(code, self._plan, self._cases, "cases")
        yield from self._over_budget(code)

    def _of_expressions(self, code: FastPath) -> Iterator[str]:
        for text in test_expressions.EXPRESSIONS:
            question = self._question(text, code)
            for name, facts in self._documents.items():
                try:
                    said = question.fast(facts)
                except Exception as error:  # noqa: BLE001 - whatever it is, generated code may not let it out
                    yield f"expressions: {text} over {name}: {error!r}"
                    continue
                if said not in (LEFT, self._exact[text, name]):
                    yield f"expressions: {text} over {name}: {said}, not {self._exact[text, name]}"

    def _of_policies(
        self, code: FastPath, plan: Plan, matters: Sequence[tuple[Matter, Any]], where: str
    ) -> Iterator[str]:
        made = {
            target: code.plan.FastPlan(
                [policy for policy in plan.policies if policy.summary.target == target],
                self._models[target].root,
                plan.functions,
            )
            for target in ("project", "unit", "portfolio")
        }
        for matter, facts in matters:
            target = matter.snapshot.target
            try:
                fast = fast_outcomes(made[target], matter, matter.exact, facts)
            except Exception as error:  # noqa: BLE001 - as above
                yield f"{where}: {matter.name}: {error!r}"
                continue
            for difference in differences(matter, fast):
                yield f"{where}: {difference}"
            yield from self._misfits(code, made[target], matter, facts, where)

    def _misfits(
        self, code: FastPath, made: Any, matter: Matter, facts: Any, where: str
    ) -> Iterator[str]:
        with nothing_hidden(code):
            run = made.over(facts)
            for policy in matter.exact:
                try:
                    run.decide(policy)
                except (KeyError, TypeError) as raised:
                    if not is_expected(raised, self._fields[matter.snapshot.target]):
                        yield f"{where}: {matter.name}: {raised!r}"

    def _over_budget(self, code: FastPath) -> Iterator[str]:
        """Yield what is answered though its steps do not last."""
        matter = self._tight
        made = code.plan.FastPlan(
            matter.plan.policies, self._models["project"].root, matter.plan.functions
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(code.budget, "STEP_BUDGET", TIGHT)
            for difference in differences(matter, fast_outcomes(made, matter, matter.exact)):
                yield f"budget: {difference}"


@pytest.fixture(scope="module")
def corpus(
    models: SnapshotModels,
    functions: Functions,
    plan: Plan,
    cases: list[Matter],
    small: list[Matter],
) -> Corpus:
    """Return what every fault is tried on, with the exact outcomes worked out once."""
    return Corpus(models, functions, plan, cases, small)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found_out(fault: Fault, corpus: Corpus) -> None:
    """At least one answer is not the exact one, or something comes out that must not."""
    with installed(fault) as code:
        assert next(corpus.findings(code), None) is not None


def test_there_are_rather_many() -> None:
    """Every fault once, of every part of the generator."""
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= RATHER_MANY
    assert {fault.module for fault in FAULTS} >= {
        "code", "constants", "emitter", "hollow", "indexes", "joins", "loops", "lowering_calls",
        "lowering_loops", "plan", "policy_code", "runtime",
    }  # fmt: skip


def test_a_copy_without_a_fault_is_not_found_out(corpus: Corpus) -> None:
    """The control: what is found out above is the fault."""
    nothing = Fault("nothing", "plan", "class FastPlan:", "class FastPlan:")
    with installed(nothing) as code:
        assert code.plan.FastPlan is not OURS.plan.FastPlan
        assert list(corpus.findings(code)) == []
