"""
How do our own evaluators judge the facts that the others are given?

The facts are cut to the judged instant once per snapshot, outside of what is measured, as for every contender. *Deciding* is
judging without a word: no sentences are filled in and no facts are described; *describing* is what an audit does.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation import judge as judging
from auditor.evaluation import policy_judge
from auditor.evaluation.fast.plan import FastPlan
from auditor.evaluation.judge import Instants, fast_facts
from auditor.evaluation.judged_facts import judged_facts
from auditor.evaluation.subjects import SubjectFinder, Subjects
from auditor.evaluation.witness import Witness
from auditor.evaluation.wording import Wording
from auditor.language.plan import Sentence
from auditor.model.outcome import Outcome
from benchmarks.engine.timing import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from auditor.evaluation.fast.facts import FastRun
    from auditor.evaluation.subjects import NoSubjects
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import Plan
    from auditor.model.verdict import Fact, Verdict

    Decision = Callable[[], Sequence[Outcome]]

SILENT: Final = Sentence(())


def fast_decisions(policies: Iterable[str], bind: Callable[[], FastRun]) -> dict[str, Decision]:
    """
    Return what decides each policy on the fast path, once its code is bound to the facts of the snapshot.

    Args:
        policies: Their ids.
        bind: Binds the code of all of them; see `binding`.
    """

    def decided(policy: str) -> Prepared:
        def ready() -> Callable[[], object]:
            run = bind()
            return lambda: [Outcome(one.outcome) for one in run.decide(policy).values()]

        return Prepared(ready)

    return {policy: decided(policy) for policy in policies}  # type: ignore[misc]


def freshly(decide: Callable[[], Sequence[str]], bind: Callable[[], FastRun]) -> Decision:
    """Let something else be done before each decision, as before those of the fast path: so that neither is at hand."""

    def ready() -> Callable[[], object]:
        bind()
        return decide

    return Prepared(ready)  # type: ignore[return-value]


def binding(plans: Mapping[str, Plan], snapshot: Snapshot) -> Callable[[], FastRun]:
    """Return what binds the code of all policies to the facts of a snapshot, bounds of their steps included."""
    policies = [policy for plan in plans.values() for policy in plan.policies]
    functions = next(iter(plans.values())).functions
    made = FastPlan(policies, snapshot.root, functions)
    facts = fast_facts(snapshot, Instants(snapshot.captured_at))
    return lambda: made.over(facts)


class _Mute(Witness):
    """Describes nothing."""

    def facts(self, pointers: object) -> tuple[Fact, ...]:
        del pointers
        return ()

    def missing(self, unknowns: object) -> tuple[Fact, ...]:
        del unknowns
        return ()


@contextmanager
def facts_at_hand(snapshot: Snapshot) -> Iterator[None]:
    """Let every judging inside take what is made once per snapshot: its facts, cut, and the names of its records."""
    facts = judged_facts(snapshot, snapshot.captured_at)
    wording = Wording(facts.document, snapshot.zone)
    with (
        _instead(judging, "judged_facts", lambda *_: facts),
        _instead(judging, "Wording", lambda *_: wording),
    ):
        yield


def exact_decision(plan: Plan, snapshot: Snapshot) -> Decision:
    """Return what decides a policy by the exact evaluator, without a word."""
    (policy,) = plan.policies
    clauses = tuple(replace(clause, say=SILENT) for clause in policy.clauses)
    silent = replace(plan, policies=(replace(policy, clauses=clauses),))
    names = vars(judging)

    def decide() -> list[Outcome]:
        names["Witness"] = _Mute
        try:
            return [verdict.outcome for verdict in judged(silent, snapshot)]
        finally:
            names["Witness"] = Witness

    return decide


def exact_description(plan: Plan, snapshot: Snapshot) -> Decision:
    """Return what judges a policy as an audit does, sentences and facts included."""
    return lambda: [verdict.outcome for verdict in judged(plan, snapshot)]


def judged(plan: Plan, snapshot: Snapshot) -> tuple[Verdict, ...]:
    """Judge a snapshot at the instant at which it was captured."""
    instants = Instants(snapshot.captured_at)
    return judging.judge(plan, snapshot, instants, name="measured").verdicts


@contextmanager
def only_failing(plan: Plan, snapshot: Snapshot) -> Iterator[int]:
    """Let every judging inside look only at what fails by *plan*; yields how many subjects that are."""
    failing = {v.subject for v in judged(plan, snapshot) if v.outcome is Outcome.FAIL}

    class Failing(SubjectFinder):
        """Finds the subjects that fail."""

        def find(self) -> Subjects | NoSubjects:
            found = super().find()
            if not isinstance(found, Subjects):
                return found
            return replace(
                found, subjects=tuple(one for one in found.subjects if one.key in failing)
            )

    with _instead(policy_judge, "SubjectFinder", Failing):
        yield len(failing)


@contextmanager
def _instead(module: object, name: str, stand_in: Any) -> Iterator[None]:  # noqa: ANN401 - anything
    names = vars(module)
    original = names[name]
    names[name] = stand_in
    try:
        yield
    finally:
        names[name] = original
