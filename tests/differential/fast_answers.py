"""
What the fast path answers to questions, and where the exact evaluator says otherwise.

The fast path decides policies, so each question becomes one: a truth is its demand, a text or a number the
key of its only subject. Many questions go into one piece of generated code, as many policies do in a plan,
so that what they share is shared here, too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import BudgetExceeded
from auditor.evaluation.fast.expression import FastExpression
from auditor.evaluation.fast.facts import FastFacts
from auditor.evaluation.fast.leave import Leave, NotFast
from auditor.evaluation.fast.plan import FastPlan
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.types import BOOL
from auditor.language.plan import CompiledClause, CompiledPolicy, Sentence
from auditor.language.policy_draft import Empty
from auditor.language.values import (
    Day,
    Duration,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Record,
    Timestamp,
    Unknown,
)
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicySummary
from tests.differential.world import AS_OF, BEGIN, PARAMS, Question, ask, exactly, world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.facts.snapshot import Snapshot
    from auditor.language.values import Value

BUDGET: Final = 200_000
UNDECIDED: Final = "undecided"
"""What the exact evaluator comes to where the fast path must give up: an unknown, an error, no end."""


@dataclass(frozen=True)
class Difference:
    """A question that the fast path answered, and not as the exact evaluator does."""

    question: Question
    snapshot: Snapshot
    fast: str
    exact: str

    def __str__(self) -> str:
        return f"fast: {self.fast}, exact: {self.exact}\n{self.question}"


class FastAnswers:
    """
    The fast path over some questions.

    Args:
        questions: Of truths, texts and whole numbers.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        policies = [_policy(f"q{number}", question) for number, question in enumerate(questions)]
        self._plan = FastPlan(policies, world().model.root, world().functions)

    @property
    def left_out(self) -> dict[str, str]:
        """Questions for which no code is generated, with the reason."""
        return self._plan.left_out

    def answers(self, snapshot: Snapshot) -> dict[int, str]:
        """Return what the fast path says, by the question's place; what is not in it, it leaves."""
        run = self._plan.over(facts_of(snapshot))
        found: dict[int, str] = {}
        for number, question in enumerate(self.questions):
            try:
                decided = run.decide(f"q{number}")
            except Exception as error:  # noqa: BLE001 - whatever it is, generated code may not let it out
                found[number] = f"raised {type(error).__name__}"
                continue
            is_truth = question.checked.type == BOOL
            for key, answer in decided.items():
                found[number] = answer.outcome if is_truth else f"key {key}"
        return found

    def differences(self, snapshot: Snapshot) -> Iterator[Difference]:
        """Yield every answer that is not the exact one."""
        for number, said in self.answers(snapshot).items():
            question = self.questions[number]
            meant = exact_answer(question, snapshot)
            if said != meant:
                yield Difference(question, snapshot, said, meant)


def facts_of(snapshot: Snapshot) -> FastFacts:
    """Return a snapshot as generated code reads it."""
    lift = Lift(snapshot.gaps, snapshot.calendar)
    root = Record(snapshot.document, snapshot.root, "")
    return FastFacts(
        document=snapshot.document,
        gaps=snapshot.gaps,
        calendar=snapshot.calendar,
        as_of=AS_OF,
        period=(BEGIN, AS_OF),
        limits=None,
        auditee=snapshot.auditee,
        context=JudgedContext(snapshot.calendar, Timestamp.of(AS_OF), root),
        lift=lift,
        longest_text=snapshot.longest_text,
    )


def exact_answer(question: Question, snapshot: Snapshot) -> str:
    """Return what the exact evaluator comes to, in the words of the fast path."""
    try:
        value = exactly(question, snapshot, BUDGET)
    except BudgetExceeded:
        return UNDECIDED
    if isinstance(plain(value), Unknown | Failure):
        return UNDECIDED
    if question.checked.type == BOOL:
        return _of_truth(value)
    return f"key {plain(value)}"


def _of_truth(value: Value) -> str:
    if plain(value) is False:
        return Outcome.FAIL.value
    return Outcome.INCONCLUSIVE.value if isinstance(value, Hollow) else Outcome.PASS.value


def _policy(name: str, question: Question) -> CompiledPolicy:
    is_truth = question.checked.type == BOOL
    demand = question.checked if is_truth else ask("true").checked
    return CompiledPolicy(
        summary=_summary(name),
        params=tuple(
            (key, Listing.of(list(value)) if isinstance(value, tuple) else value)
            for key, (_, value) in PARAMS.items()
        ),
        subjects=() if is_truth else (("it", ask("['only']").checked),),
        key=None if is_truth else question.checked,
        at=None,
        scope=None,
        when=None,
        due=None,
        owner=None,
        let=question.let,
        clauses=(CompiledClause(demand, Sentence(()), Empty.INCONCLUSIVE),),
        empty=Empty.INCONCLUSIVE,
        attest=None,
        effective=(None, None),
    )


def _summary(name: str) -> PolicySummary:
    return PolicySummary(
        id=name,
        title="",
        why="",
        fix="",
        controls=(),
        severity="low",  # type: ignore[arg-type]
        pack="",
        target="project",
        digest="",
        location=Location("", 1),
        clauses=(),
        params=(),
        changes=(),
    )


# ----- values of any type


class GaveUp:
    """What is said where a question is left to the exact evaluator."""


def fast_value(question: Question, snapshot: Snapshot) -> object:
    """Return what the fast path says an expression without ``let`` names is worth, in words; or `GaveUp`."""
    if (
        snapshot.gaps.truncated()
    ):  # a plan looks whether the lists that were cut short are read at all
        return GaveUp()
    try:
        code = FastExpression(question.checked, world().model.root, world().functions)
        return _of_leaf(code.value(facts_of(snapshot)))
    except (Leave, NotFast):
        return GaveUp()
    except Exception as error:  # noqa: BLE001 - as above
        return f"raised {type(error).__name__}"


def exact_value(question: Question, snapshot: Snapshot) -> object:
    """Return what the exact evaluator says it is worth, in the same words."""
    try:
        return _of_value(exactly(question, snapshot, BUDGET))
    except BudgetExceeded:
        return UNDECIDED


def _of_leaf(value: Any) -> object:
    match value:
        case dt.datetime():
            return ("instant", Timestamp.of(value).ns)
        case dt.timedelta():
            return ("length", value // dt.timedelta(microseconds=1) * 1_000)
        case list() | tuple() if not hasattr(value, "_fields"):
            return ("list", *map(_of_leaf, value))
        case dict():
            return ("map", *sorted((key, _of_leaf(part)) for key, part in value.items()))
        case _:
            return (type(value).__name__, repr(value))


def _of_value(value: Value) -> object:
    value = plain(value)
    match value:
        case Unknown() | Failure():
            return UNDECIDED
        case Timestamp(ns):
            return ("instant", ns)
        case Duration(ns):
            return ("length", ns)
        case Day(date):
            return (type(date).__name__, repr(date))
        case Listing():
            return UNDECIDED if value.is_open else ("list", *map(_of_value, value))
        case MapValue():
            pairs = [(key, _of_value(part)) for key, part in value.entries.values()]
            return ("map", *sorted(pairs, key=repr))
        case Record():
            return _of_leaf(dict(value.data))
        case _:
            return (type(value).__name__, repr(value))
