"""
What is judged, and what the exact evaluator says of every subject in it.

The exact outcome comes out of a run itself: an engine that claims to have an answer for every subject makes the
run decide each of them exactly, and hands over what that came to.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from auditor.evaluation import cases as cases_module
from auditor.evaluation.fast.facts import Decided
from auditor.evaluation.fast.plan import FastPlan
from auditor.evaluation.judge import fast_facts, judge
from auditor.evaluation.wording import Wording
from auditor.model.outcome import Outcome
from auditor.usecases import test_policies as policy_cases
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pytest

    from auditor.evaluation.fast.facts import FastFacts
    from auditor.evaluation.judge import Instants
    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict

UNKNOWN: Final = "unknown"
"""What is inconclusive for want of a fact: the fast path never says so."""


class Said(NamedTuple):
    """What one of the evaluators says of one subject."""

    outcome: str
    at: str | None = None
    """The subject's instant, told of a pass only."""


Outcomes = dict[str, dict[str, Said]]
"""By policy and subject."""


class Difference(NamedTuple):
    """An answer of the fast path that is not the exact one."""

    where: str
    policy: str
    subject: str
    fast: Said
    exact: Said


@dataclass(frozen=True, eq=False)
class Matter:
    """One snapshot, judged at one instant by some policies."""

    name: str
    plan: Plan
    snapshot: Snapshot
    instants: Instants
    attestations: Sequence[Attestation] = ()
    exact: Outcomes = field(default_factory=dict)
    """What the exact evaluator says of each subject."""

    def facts(self) -> FastFacts:
        """Return what the fast path is run over."""
        return fast_facts(self.snapshot, self.instants)


class _EverySubject(dict[str, Decided]):
    """Has an answer for whoever is asked about."""

    def get(self, key: str, default: object = None) -> Any:
        """Return an answer that says nothing, so that the subject is decided exactly."""
        del key, default
        return Decided("", None)


class Asked:
    """Stands where the fast path does, and takes down what the exact evaluator says."""

    def __init__(self) -> None:
        self.outcomes: Outcomes = defaultdict(dict)

    def over(self, *_: object) -> Asked:
        """Stand in for a run."""
        return self

    def watch(self, _: str) -> Asked:
        """Stand in for what looks over its shoulder."""
        return self

    def decide(self, policy: str) -> _EverySubject:
        """Claim an answer for every subject."""
        self.outcomes[policy] = {}
        return _EverySubject()

    def is_sampled(self, *_: object) -> bool:
        """Let everything be decided again."""
        return True

    def compare(self, policy: str, subject: str, _: Decided, verdict: Verdict | None) -> None:
        """Take down what was decided."""
        self.outcomes[policy][subject] = _said(verdict)


def _said(verdict: Verdict | None) -> Said:
    if verdict is None:
        return Said("out_of_period")
    if verdict.reason == "not_due":
        return Said("not_due")
    if verdict.outcome is Outcome.INCONCLUSIVE and (verdict.missing or verdict.reason != "vacuous"):
        return Said(UNKNOWN)
    return Said(verdict.outcome.value, verdict.at if verdict.outcome is Outcome.PASS else None)


def exact_outcomes(matter: Matter) -> Outcomes:
    """Return what the exact evaluator says of every subject."""
    asked = Asked()
    judge(
        matter.plan,
        matter.snapshot,
        matter.instants,
        matter.attestations,
        name=matter.name,
        fast=asked,  # type: ignore[arg-type]
    )
    return dict(asked.outcomes)


def fast_outcomes(
    plan: FastPlan, matter: Matter, policies: Iterable[str], facts: FastFacts | None = None
) -> Outcomes:
    """Return what the fast path says; what is not in it, it leaves."""
    given = matter.facts() if facts is None else facts
    run = plan.over(given)
    wording = Wording(given.document, matter.snapshot.zone)
    return {
        policy: {
            subject: Said(
                answer.outcome,
                wording.moment(answer.at) if answer.outcome == Outcome.PASS.value else None,
            )
            for subject, answer in run.decide(policy).items()
        }
        for policy in policies
    }


def differences(matter: Matter, fast: Outcomes) -> Iterator[Difference]:
    """Yield every answer that is not the exact one; nobody asks about a subject that the exact one does not find."""
    for policy, answers in fast.items():
        for subject, exact in matter.exact.get(policy, {}).items():
            answer = answers.get(subject)
            if answer is not None and answer != exact:
                yield Difference(matter.name, policy, subject, answer, exact)


class FastPlans:
    """Fast paths, each made once."""

    def __init__(self, models: SnapshotModels) -> None:
        self._models = models
        self._made: dict[tuple[int, str], FastPlan] = {}
        self._kept: list[Plan] = []

    def of(self, plan: Plan, target: str) -> FastPlan:
        """Return the fast path of the policies of one target."""
        key = id(plan), target
        if key not in self._made:
            self._kept.append(plan)  # so that no other plan is found under its number
            self._made[key] = made(plan, target, self._models)
        return self._made[key]


def made(plan: Plan, target: str, models: SnapshotModels) -> FastPlan:
    """Return a new fast path of the policies of one target."""
    policies = [policy for policy in plan.policies if policy.summary.target == target]
    return FastPlan(policies, models[target].root, plan.functions)


def matters_of_cases(patch: pytest.MonkeyPatch) -> list[Matter]:
    """Run every case of the packaged policies, and return what they judge with what comes of it."""
    found: list[Matter] = []

    def noted(
        plan: Plan,
        snapshot: Snapshot,
        instants: Instants,
        attestations: Iterable[Attestation] = (),
        *,
        name: str,
        **_: Any,
    ) -> ResultDocument:
        asked, words = Asked(), tuple(attestations)
        fast: Any = asked
        result = judge(plan, snapshot, instants, words, name=name, fast=fast)
        policy = plan.policies[0].summary.id
        outcomes = dict(asked.outcomes)
        found.append(Matter(f"{policy}: {name}", plan, snapshot, instants, words, outcomes))
        return result

    with patch.context() as inside:
        inside.setattr(cases_module, "judge", noted)
        policy_cases.test_policies(read_workbench(), ())
    return found


def answered(fast: Mapping[str, Mapping[str, Said]], exact: Outcomes) -> int:
    """Return how many subjects the fast path has an answer for."""
    return sum(len(set(fast.get(policy, ())) & set(found)) for policy, found in exact.items())
