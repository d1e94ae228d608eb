"""
What somebody tries expressions and a policy on: snapshots, the names in force, and what an expression comes to.

The facts, the names and the evaluation are those of a run: what is seen here is what a policy would see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.exact import STEP_BUDGET, BudgetExceeded, Evaluator
from auditor.evaluation.explaining.explainer import Explainer
from auditor.evaluation.explaining.reasons import came
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.judged_snapshot import judged_snapshot
from auditor.evaluation.policy_judge import names_of
from auditor.evaluation.scope import Thunk
from auditor.evaluation.shapes import plain
from auditor.evaluation.subjects import NoSubjects, SubjectFinder
from auditor.evaluation.vouching import Vouching
from auditor.language.lone_expression import checked_alone
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_scope import policy_scope, target_scope
from auditor.language.values import Failure, Unknown
from auditor.language.vocabulary import PackWords, is_pack
from auditor.model.errors import UsageProblem, did_you_mean
from auditor.usecases.trying.own_names import SHOWN, OwnNames
from auditor.usecases.trying.written_policy import find_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.evaluation.judged_snapshot import JudgedSnapshot
    from auditor.evaluation.subjects import Subject, Subjects
    from auditor.facts.types import Type
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cel.checker import Definition
    from auditor.language.half_typed import Scope
    from auditor.language.plan import CompiledPolicy
    from auditor.language.text_places import TextPlace
    from auditor.language.values import Value
    from auditor.model.attestation import Attestation
    from auditor.model.errors import AuditorError
    from auditor.model.explanation import Because
    from auditor.model.location import Location
    from auditor.model.result import ResultDocument
    from auditor.usecases.instants import AsOf, Period
    from auditor.usecases.read_inputs import Loaded
    from auditor.usecases.trying.written_policy import WrittenPolicy
    from auditor.usecases.workbench import Workbench

OVER_BUDGET: Final = "budget"
TOO_LONG: Final = "it takes more steps than an expression may take"


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What an expression came to on one snapshot."""

    type: Type
    value: Value
    on: JudgedSnapshot


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why an expression came to what it did."""

    because: Because
    places: Mapping[str, Location]
    """Of the facts that it names, by pointer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """What an explanation has to know of an expression that is tried."""

    let: tuple[tuple[str, CheckedExpr], ...]
    places: tuple[TextPlace, ...] = ()


class Trial:
    """
    Tries expressions, and a policy, on snapshots.

    Args:
        bench: The policies and their words, the contracts of snapshots, the functions.
        snapshots: On which it is tried; at least one.
        attestations: What people vouch for.
        as_of: The judged instant; None for the last one that each snapshot speaks of.
        period: The period, where the user set one.
    """

    def __init__(
        self,
        bench: Workbench,
        snapshots: Sequence[Loaded],
        attestations: Sequence[Attestation] = (),
        *,
        as_of: AsOf | None = None,
        period: Period | None = None,
    ) -> None:
        self.bench = bench
        self.snapshots = tuple(snapshots)
        self.policy: WrittenPolicy | None = None
        self._attestations = tuple(attestations)
        self._as_of = as_of
        self._period = period
        self._position = 0
        self._subject: str | None = None
        self._own = OwnNames()
        self._judged: dict[int, JudgedSnapshot] = {}
        self._found: Subjects | NoSubjects | None = None
        self._scope: Scope | None = None
        self._scopes: dict[str, Scope] = {}
        """What is in force before a subject and the user's own names are known, by target."""

    # ----- on what

    @property
    def loaded(self) -> Loaded:
        """The snapshot that is chosen."""
        return self.snapshots[self._position]

    @property
    def on(self) -> JudgedSnapshot:
        """The chosen snapshot as it is judged."""
        found = self._judged.get(self._position)
        if found is None:
            found = judged_snapshot(
                self.loaded.snapshot, self._instants, self._attestations, self.bench.functions
            )
            self._judged[self._position] = found
        return found

    @property
    def _instants(self) -> Instants:
        snapshot = self.loaded.snapshot
        calendar = snapshot.calendar
        as_of = self._as_of.within(calendar) if self._as_of is not None else snapshot.captured_at
        return Instants(as_of, self._period.within(calendar) if self._period is not None else None)

    def choose_snapshot(self, position: int) -> None:
        """
        Choose a snapshot by its position, from 0.

        Raises:
            UsageProblem: There is none.
        """
        if not 0 <= position < len(self.snapshots):
            msg = f"there is no snapshot {position + 1}"
            raise UsageProblem(msg, hint=f"choose 1 to {len(self.snapshots)}")
        self._position = position
        self._subject = self._found = self._scope = None

    def choose_policy(self, typed: str) -> None:
        """
        Choose the policy whose names are in force.

        Raises:
            UsageProblem: There is no such policy.
            ErrorGroup: It cannot be read.
        """
        self._take(find_policy(self.bench, typed))

    def reread(self) -> bool:
        """Read the policy again; return whether its files have changed."""
        found = self.policy.reread(self.bench) if self.policy is not None else None
        if found is None:
            return False
        subject = self._subject
        self._take(found)
        self._subject = subject
        return True

    def _take(self, policy: WrittenPolicy) -> None:
        self.policy = policy
        self._subject = self._found = self._scope = None
        self._scopes = {}

    @property
    def _compiled(self) -> CompiledPolicy | None:
        """The policy, where it has no fault and judges what the snapshot is of."""
        compiled = self.policy.compiled if self.policy is not None else None
        is_meant = compiled is not None and compiled.summary.target == self.loaded.snapshot.target
        return compiled if is_meant else None

    # ----- subjects

    def subjects(self) -> Subjects | NoSubjects | None:
        """Return the subjects of the policy on the chosen snapshot; None without a policy that judges it."""
        policy, on = self._compiled, self.on
        if policy is not None and self._found is None:
            evaluator = self._evaluator(STEP_BUDGET)
            finder = SubjectFinder(policy, on.named(policy), evaluator, on.wording, on.auditee)
            try:
                self._found = finder.find()
            except BudgetExceeded:
                self._found = NoSubjects(failure=Failure(OVER_BUDGET, TOO_LONG))
        return self._found

    def choose_subject(self, typed: str) -> None:
        """
        Choose the subject whose names are bound, by its number or its key.

        Raises:
            UsageProblem: There is none.
        """
        found = self.subjects()
        subjects = () if found is None or isinstance(found, NoSubjects) else found.subjects
        keys = [subject.key for subject in subjects]
        if typed not in keys and typed.isdecimal() and 1 <= int(typed) <= len(keys):
            typed = keys[int(typed) - 1]
        if typed not in keys:
            msg = f"there is no subject '{typed}'"
            hint = did_you_mean(typed, keys) or ("choose 1 to " + str(len(keys)) if keys else None)
            raise UsageProblem(msg, hint=hint or "choose a policy with subjects first")
        self._subject, self._scope = typed, None

    @property
    def subject(self) -> Subject | None:
        """The subject whose names are bound: the chosen one, or the first; None where there is none."""
        found = self.subjects()
        if found is None or isinstance(found, NoSubjects):
            return None
        chosen = (one for one in found.subjects if one.key == self._subject)
        return next(chosen, found.subjects[0])

    # ----- names

    @property
    def scope(self) -> Scope:
        """The names in force, with their types."""
        if self._scope is None:
            self._scope = self._own.scope(self._before())
        return self._scope

    def define(self, name: str, text: str) -> None:
        """
        Give a name to an expression.

        Raises:
            UsageProblem: It is no name, or one that means something else already.
            ErrorGroup: The expression is wrong.
        """
        self._own.give(name, text, self._before())
        self._scope = None

    def _before(self) -> Scope:
        target = self.loaded.snapshot.target
        policy = self._compiled
        has_subject = policy is None or not policy.subjects or self.subject is not None
        key = f"{target} {has_subject}"
        if key not in self._scopes:
            self._scopes[key] = self._made_scope(target, policy, has_subject=has_subject)
        return self._scopes[key]

    def _made_scope(
        self, target: str, policy: CompiledPolicy | None, *, has_subject: bool
    ) -> Scope:
        bench = self.bench
        if policy is None or self.policy is None:
            scope = target_scope(bench.roots[target], bench.functions)
            return replace(scope, definitions=self._words())
        return policy_scope(
            self.policy.text,
            # Without a subject, neither the names of `for` mean anything nor what may use them.
            "require/0" if has_subject else f"for/{policy.subjects[0][0]}",
            self.policy.words,
            roots=bench.roots,
            functions=bench.functions,
        )

    def _words(self) -> Mapping[str, Definition]:
        """Return the words that are in force without a policy: those that all packs of a folder share."""
        texts = self.bench.texts
        words = PackWords([one for one in texts if is_pack(one)], self.bench.functions, [])
        found: dict[str, Definition] = {}
        for folder in self.bench.folders:
            path = folder.path.resolve().as_posix()
            packs = {one.pack for one in texts if one.folder == path and not is_pack(one)}
            below = PolicyText("", next(iter(packs), ""), b"", path if packs else f"{path}/-")
            found |= {name: word for name, (word, _) in words.of(below).items()}
        return found

    # ----- what it comes to

    def value(self, text: str, *, budget: int = STEP_BUDGET) -> Tried:
        """
        Evaluate an expression on the chosen snapshot.

        Args:
            text: The expression.
            budget: Steps that it may take; where it takes more, its value is a failure that says so.

        Raises:
            ErrorGroup: It is wrong.
        """
        checked = checked_alone(text, self.scope, SHOWN)
        evaluator = self._evaluator(budget)
        names, _ = self._names(evaluator)
        try:
            value, _ = evaluator.evaluate(checked, names)
        except BudgetExceeded:
            value = Failure(OVER_BUDGET, TOO_LONG)
        return Tried(checked.type, value, self.on)

    def why(self, text: str) -> Why | None:
        """
        Explain what an expression comes to.

        Returns:
            None where there is nothing to explain.

        Raises:
            ErrorGroup: It is wrong.
        """
        checked = checked_alone(text, self.scope, SHOWN)
        evaluator = self._evaluator(STEP_BUDGET)
        names, let = self._names(evaluator)
        try:
            value, _ = evaluator.evaluate(checked, names)
        except BudgetExceeded:
            return None
        if not isinstance(plain(value), bool | Unknown | Failure):
            return None  # a number or a text is what it is: there is no demand that could fail
        on, policy = self.on, self._compiled
        written = _Written(let, policy.places if policy is not None else ())
        explainer = Explainer(written, evaluator, names, on.wording, on.witness.original)
        because = explainer.because(checked, SHOWN, came(value))
        if because is None:
            return None
        turned = (turn.pointer for way in because.turns for turn in way if turn.pointer)
        return Why(because, self.loaded.places.locate(sorted({*because.pointers(), *turned})))

    def verdicts(self) -> ResultDocument | None:
        """Judge the chosen snapshot by the policy; None without one that judges it."""
        plan = self.policy.plan if self.policy is not None else None
        if plan is None or self._compiled is None:
            return None
        snapshot = self.loaded.snapshot
        return judge(plan, snapshot, self._instants, self._attestations, name=self.loaded.name)

    @property
    def faults(self) -> tuple[AuditorError, ...]:
        """What is wrong with the policy."""
        return self.policy.errors if self.policy is not None else ()

    def _evaluator(self, budget: int) -> Evaluator:
        on = self.on
        return Evaluator(self.bench.functions, on.lift, on.context, joins=on.joins, budget=budget)

    def _names(
        self, evaluator: Evaluator
    ) -> tuple[dict[str, Value], tuple[tuple[str, CheckedExpr], ...]]:
        """Return the values of all names, and the expressions of those that stand for one."""
        on, policy, subject = self.on, self._compiled, self.subject
        let: list[tuple[str, CheckedExpr]] = []
        if policy is None:
            names = dict(on.variables)
        elif self.policy is None or self.policy.plan is None or subject is None:
            names = on.named(policy)
        else:
            instead = self.policy.plan.attest_instead
            vouching = Vouching(on.words, instead, on.witness, on.wording)
            standing = vouching.standing(policy, subject.key)
            names = names_of(policy, subject, on.named(policy), standing, evaluator)
            let += policy.let
        for name, checked in self._own.checked(self._before()):
            names[name] = _thunk(evaluator, checked, names)
            let.append((name, checked))
        return names, tuple(let)


def _thunk(evaluator: Evaluator, checked: CheckedExpr, names: Mapping[str, Value]) -> Thunk:
    return Thunk(lambda: evaluator.evaluate(checked, names))
