"""
One policy on all its subjects in one snapshot.

Every policy gives at least one verdict, so that nothing is green because it was never looked at.

Source: LANGUAGE.md, section 2, rules 1, 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from auditor.evaluation.attestations import InForce
from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.fast.engine import is_settled
from auditor.evaluation.scope import Thunk
from auditor.evaluation.subject_judge import EMPTY_OUTCOME, HOLDS, SubjectJudge
from auditor.evaluation.subjects import NoSubjects, Subject, SubjectFinder
from auditor.evaluation.verdicts import Verdicts
from auditor.language.headroom import make_room
from auditor.language.policy_draft import Empty
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from auditor.evaluation.attestations import Standing
    from auditor.evaluation.fast.engine import Watch
    from auditor.evaluation.fast.facts import Decided, FastRun
    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.passes import Passes
    from auditor.evaluation.vouching import Vouching
    from auditor.evaluation.witness import Witness
    from auditor.evaluation.wording import Wording
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Context, Functions
    from auditor.language.values import Value
    from auditor.model.verdict import Verdict


class MakeEvaluator(Protocol):
    """Makes what evaluates the expressions of one subject: that is how an engine is chosen."""

    def __call__(
        self, functions: Functions, lift: Lift, context: Context, *, joins: Joins
    ) -> Evaluator:
        """Return an evaluator over the facts of one snapshot."""
        ...


class JudgePolicy(Protocol):
    """Judges by one policy: `PolicyJudge.judge`, or what stands around it."""

    def __call__(
        self, policy: CompiledPolicy, variables: Mapping[str, Value], /
    ) -> tuple[list[Verdict], int]:
        """Return at least one verdict, and how many subjects lie outside the period."""
        ...


@dataclass(frozen=True, slots=True)
class Quick:
    """The fast path over one snapshot, and what looks over its shoulder."""

    run: FastRun
    watch: Watch


@dataclass(frozen=True, slots=True)
class PolicyJudge:
    """Judges policies over the facts of one snapshot at one instant."""

    functions: Functions
    lift: Lift
    joins: Joins
    context: Context
    witness: Witness
    wording: Wording
    auditee: Subject
    limits: tuple[dt.datetime, dt.datetime] | None
    """The period that the user set: subjects outside of it are only counted."""
    vouching: Vouching
    evaluator: MakeEvaluator = Evaluator
    quick: Quick | None = None
    """The fast path; None where it is not taken."""
    passes: Passes | None = None
    """Shortens the records of passes; None where they are kept whole."""
    explains: bool = True
    """Whether what is no pass is explained."""
    explains_passes: bool = False
    """Whether passes are explained, too."""

    def judge(
        self, policy: CompiledPolicy, variables: Mapping[str, Value]
    ) -> tuple[list[Verdict], int]:
        """Return at least one verdict, and how many subjects lie outside the period."""
        make_room()
        whole = self._verdicts(policy, self.auditee)
        try:
            finder = SubjectFinder(policy, variables, self._evaluator(), self.wording, self.auditee)
            found = finder.find()
        except BudgetExceeded as over:
            return [whole.over_budget(self._told(over, policy, variables))], 0
        if isinstance(found, NoSubjects):
            return [self._in_place(policy, self._nothing(policy, found, whole), variables)], 0
        answers = self.quick.run.decide(policy.summary.id) if self.quick is not None else {}
        judged = [
            self._answered(policy, subject, variables, answers.get(subject.key))
            for subject in found.subjects
        ]
        verdicts = [verdict for verdict in judged if verdict is not None]
        outside = len(judged) - len(verdicts)
        if found.more is not None:
            lead = "There may be more to judge than is recorded."
            verdicts.append(self._in_place(policy, whole.undecided(found.more, lead), variables))
        if not verdicts:
            message = f"Outside the period: {outside} of {outside} subjects."
            verdicts.append(whole.plain(Outcome.NOT_APPLICABLE, message, reason="out_of_period"))
        return verdicts, outside

    def _evaluator(self) -> Evaluator:
        return self.evaluator(self.functions, self.lift, self.context, joins=self.joins)

    def _verdicts(self, policy: CompiledPolicy, subject: Subject) -> Verdicts:
        return Verdicts(policy.summary.id, subject.key, subject.name, self.witness)

    def _answered(
        self,
        policy: CompiledPolicy,
        subject: Subject,
        variables: Mapping[str, Value],
        answer: Decided | None,
    ) -> Verdict | None:
        """Return the verdict on one subject: where the fast path says pass, by its word, else decided exactly."""
        if answer is None or self.quick is None:
            return self._subject(policy, subject, variables)
        watch = self.quick.watch
        if is_settled(answer) and not watch.is_sampled(policy.summary.id, subject.key):
            if answer.outcome != Outcome.PASS.value:
                return None
            passed = self._verdicts(policy, subject).plain(Outcome.PASS, HOLDS)
            return self._brief(policy, replace(passed, at=self.wording.moment(answer.at)))
        verdict = self._subject(policy, subject, variables)
        watch.compare(policy.summary.id, subject.key, answer, verdict)
        return verdict

    def _brief(self, policy: CompiledPolicy, verdict: Verdict) -> Verdict:
        return verdict if self.passes is None else self.passes.brief(policy, verdict)

    def _subject(
        self, policy: CompiledPolicy, subject: Subject, variables: Mapping[str, Value]
    ) -> Verdict | None:
        try:
            return self._judged(policy, subject, variables)
        except BudgetExceeded as over:
            return self._verdicts(policy, subject).over_budget(self._told(over, policy, variables))

    def _judged(
        self, policy: CompiledPolicy, subject: Subject, variables: Mapping[str, Value]
    ) -> Verdict | None:
        evaluator = self._evaluator()
        standing = self.vouching.standing(policy, subject.key)
        names = names_of(policy, subject, variables, standing, evaluator)
        verdicts = self._verdicts(policy, subject)
        judge = SubjectJudge(
            policy,
            names,
            evaluator,
            verdicts,
            self.context,
            self.witness,
            self.wording,
            self.limits,
            self.vouching,
            standing,
            self.explains,
            self.explains_passes,
        )
        verdict = judge.judge()
        if verdict is None:
            return None
        if verdict.outcome is not Outcome.INCONCLUSIVE:
            return self._brief(policy, verdict)
        return self.vouching.in_place(policy, verdict, judge.demanded)

    def _in_place(
        self, policy: CompiledPolicy, verdict: Verdict, variables: Mapping[str, Value]
    ) -> Verdict:
        """Let a word stand in for a list that the source can never show."""
        try:
            return self.vouching.in_place(policy, verdict, lambda: None)
        except BudgetExceeded as over:
            whole = self._verdicts(policy, self.auditee)
            return whole.over_budget(self._told(over, policy, variables))

    def _told(
        self, over: BudgetExceeded, policy: CompiledPolicy, variables: Mapping[str, Value]
    ) -> str:
        """Say where a policy ran out of steps."""
        from auditor.evaluation import over_budget  # noqa: PLC0415 (few runs pay for it)

        period = variables["period"].data
        return over_budget.told(
            over,
            policy,
            self.functions,
            self.context,
            beside={"attestation": list(self.vouching.attestations.shown)},
            instants=(self.context.as_of.to_datetime(), period["starts_at"], period["ends_at"]),
        )

    def _nothing(self, policy: CompiledPolicy, found: NoSubjects, whole: Verdicts) -> Verdict:
        if found.unknown is not None:
            return whole.undecided(found.unknown, "It is not known what there is to judge.")
        if found.failure is not None:
            return whole.broke(found.failure.slug, found.failure.message)
        outcome = EMPTY_OUTCOME[policy.empty or Empty.INCONCLUSIVE]
        verdict = whole.plain(outcome, "There is nothing to judge.", reason="no_subject")
        return replace(verdict, facts=self.witness.facts(found.facts))


def names_of(
    policy: CompiledPolicy,
    subject: Subject,
    variables: Mapping[str, Value],
    standing: Standing | None,
    evaluator: Evaluator,
) -> dict[str, Value]:
    """
    Return what the expressions of a policy can name about one subject.

    Args:
        policy: The policy.
        subject: Brings the names of its ``for``.
        variables: What is the same for all subjects.
        standing: The attestation that the policy asks for.
        evaluator: Computes each ``let`` when it is first read.
    """
    names: dict[str, Value] = {**variables, **subject.names, "attestation": _word(standing)}
    for name, checked in policy.let:
        names[name] = _let(evaluator, checked, names)
    return names


def _word(standing: Standing | None) -> Value:
    """Return the variable ``attestation``: null where none is in force, unknown where that cannot be told."""
    if isinstance(standing, InForce):
        return standing.record
    return None if standing is None else standing.unknown


def _let(evaluator: Evaluator, checked: CheckedExpr, names: Mapping[str, Value]) -> Thunk:
    return Thunk(lambda: evaluator.evaluate(checked, names))
