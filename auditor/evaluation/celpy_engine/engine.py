"""
What does cel-python say of a policy, where it can be asked?

Each condition of a policy (``for``, ``key``, ``at``, ``when``, ``due`` and every demand) is put to both engines.
Only an answer on which they agree counts; anything else is unknown, and says of which expression and why. So
nothing is green by this engine that is not green by ours, and everything that only ours knows (which facts decided,
what rests on nothing, what nobody recorded) stays known. What a verdict *says* is ours alone.

Source: LANGUAGE.md, section 7; ADR 0016.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import celpy

from auditor.evaluation.celpy_engine.translation import COUNTED, Translation, translate
from auditor.evaluation.celpy_engine.values import ToCel, agree, error, from_cel
from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.scope import Bound, Thunk
from auditor.evaluation.shapes import plain
from auditor.language.values import Cause, Failure, Listing, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import lark

    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.trail import Trail
    from auditor.language.cel.ast import Call
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy, Plan
    from auditor.language.registry import Context, Functions

NAME: Final = "cel-python"

MOST_ELEMENTS: Final = 50_000
"""Elements that macros may go through for one subject; cel-python takes a tenth of a millisecond or more for each."""

_FRAMES: Final = 20_000
"""Python frames that the deepest tree takes (see `portability.MAX_LEVELS`), with room to spare."""


class _TooLong(Exception):
    """The macros of one subject go through more elements than are counted out to them."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One condition of a policy."""

    policy: CompiledPolicy
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What cel-python came to: a value, or why there is none."""

    value: Value = None
    refusal: str | None = None
    doubt: str | None = None
    """Why it may answer otherwise than our own engine."""


class CelPython:
    """
    The second engine, for the policies of one plan.

    Args:
        plan: The policies.
    """

    name: Final = f"{NAME} {version(NAME)}"

    def __init__(self, plan: Plan) -> None:
        # Its log quotes values of the snapshot.
        logging.getLogger("celpy").addHandler(logging.NullHandler())
        logging.getLogger("celpy").propagate = False
        limit = sys.getrecursionlimit()
        self._environment = celpy.Environment()
        # It sets a limit of its own for the whole process. The deepest tree that it is asked needs more, and
        # nothing that is under way may find less.
        sys.setrecursionlimit(max(limit, _FRAMES))
        self._functions = plan.functions
        self._questions = {
            checked: _Question(policy, label)
            for policy in plan.policies
            for label, checked in _conditions(policy)
        }
        self._lets = {policy.summary.id: dict(policy.let) for policy in plan.policies}
        self._programs: dict[CheckedExpr, tuple[Translation, lark.Tree[Any]]] = {}

    def evaluator(
        self,
        functions: Functions,
        lift: Lift,
        context: Context | None = None,
        *,
        joins: Joins | None = None,
    ) -> CelEvaluator:
        """Return what evaluates the expressions of one subject."""
        return CelEvaluator(self, functions, lift, context, joins=joins)

    def question(self, checked: CheckedExpr) -> _Question | None:
        """Return which condition an expression is; None for a name, or for a part of a sentence."""
        return self._questions.get(checked)

    def let(self, policy: CompiledPolicy, name: str) -> CheckedExpr | None:
        """Return what a name of a policy stands for; None for what is no ``let``."""
        return self._lets[policy.summary.id].get(name)

    def program(self, checked: CheckedExpr) -> tuple[Translation, lark.Tree[Any]]:
        """Return an expression as cel-python has read it."""
        if checked not in self._programs:
            translation = translate(checked, self._functions)
            tree = self._environment.compile(translation.text)
            self._programs[checked] = (translation, tree)
        return self._programs[checked]

    def run(
        self, tree: lark.Tree[Any], functions: dict[str, Any], variables: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - any value of cel-python
        """Evaluate what cel-python has read, by its interpreter: its other runner breaks on has()."""
        return self._environment.program(tree, functions).evaluate(variables)


def _conditions(policy: CompiledPolicy) -> Iterator[tuple[str, CheckedExpr]]:
    yield from ((f"'for {name}'", checked) for name, checked in policy.subjects)
    others = {
        "'key'": policy.key,
        "'at'": policy.at,
        "the scope": policy.scope,
        "'when'": policy.when,
        "'due'": policy.due,
    }
    yield from ((label, checked) for label, checked in others.items() if checked is not None)
    for position, clause in enumerate(policy.clauses, start=1):
        yield f"demand {position}", clause.that


class CelEvaluator(Evaluator):
    """Our own evaluator, whose answers to conditions count where cel-python agrees."""

    def __init__(
        self,
        engine: CelPython,
        functions: Functions,
        lift: Lift,
        context: Context | None,
        *,
        joins: Joins | None,
    ) -> None:
        super().__init__(functions, lift, context, joins=joins)
        self._engine = engine
        self._ours = Evaluator(functions, lift, context, joins=joins)
        """Runs our functions for cel-python, on a budget of its own."""
        self._to_cel = ToCel(lift)
        self._elements = MOST_ELEMENTS
        self._answers: dict[CheckedExpr, Answer] = {}
        """Of the ``let`` names, each asked once."""

    def evaluate(self, checked: CheckedExpr, variables: Mapping[str, Value]) -> tuple[Value, Trail]:
        """Evaluate by our own rules; of a condition on which cel-python does not agree nothing is known."""
        value, trail = super().evaluate(checked, variables)
        question = self._engine.question(checked)
        if question is None or isinstance(value, Unknown | Failure):
            return value, trail
        answer = self.ask(question.policy, checked, variables)
        if answer.refusal is None and agree(plain(value), answer.value):
            return value, trail
        is_open = isinstance(found := plain(value), Listing) and found.is_open
        why = _OPEN if is_open else answer.refusal or answer.doubt or _OTHERWISE
        cause = Cause("", f"an answer of {NAME} to {question.label}: {why}", is_refusal=True)
        return Unknown(frozenset({cause})), trail

    def ask(
        self, policy: CompiledPolicy, checked: CheckedExpr, variables: Mapping[str, Value]
    ) -> Answer:
        """Put an expression to cel-python; its own words for what went wrong are shown to nobody."""
        translation, tree = self._engine.program(checked)
        values = {name: error() for name in translation.blocked}
        values |= {name: self._to_cel(value) for name, value in translation.constants.items()}
        doubts = [one.message for one in translation.obstacles]
        for name, meant in translation.variables.items():
            let = self._engine.let(policy, meant)
            if let is None:
                values[name] = self._to_cel(_given(variables.get(meant, _UNDECLARED)))
                continue
            answer = self._named(policy, let, variables)
            values[name] = error() if answer.refusal is not None else self._to_cel(answer.value)
            doubts += [said for said in (answer.refusal, answer.doubt) if said is not None]
        functions = {name: self._function(call) for name, call in translation.calls.items()}
        try:
            found = self._engine.run(tree, {**functions, COUNTED: self._counted}, values)
            return Answer(from_cel(found), doubt=doubts[0] if doubts else None)
        except (_TooLong, BudgetExceeded):
            return Answer(refusal="it would take too long")
        except Exception:  # noqa: BLE001 - whatever goes wrong in there, it has no answer
            return Answer(refusal=doubts[0] if doubts else _BROKE)

    def _named(
        self, policy: CompiledPolicy, let: CheckedExpr, variables: Mapping[str, Value]
    ) -> Answer:
        if let not in self._answers:
            self._answers[let] = self.ask(policy, let, variables)
        return self._answers[let]

    def _function(self, call: Call) -> Any:  # noqa: ANN401 - a function of cel-python's values
        """Return a function of ours as cel-python calls it."""

        def function(*given: Any) -> Any:  # noqa: ANN401 - as above
            value = plain(self._ours.apply(call, [from_cel(part) for part in given]))
            return self._to_cel(value)

        return function

    def _counted(self, found: Any) -> Any:  # noqa: ANN401 - as above
        """Count the elements of a list before a macro goes through it."""
        self._elements -= len(found) if isinstance(found, list | dict) else 0
        if self._elements < 0:
            raise _TooLong
        return found


_BROKE: Final = "it ends in an error on these facts"
_OPEN: Final = "it knows no list that may have more members than are recorded"
_OTHERWISE: Final = "it answers otherwise than auditor's own engine"
_UNDECLARED: Final = Failure("undeclared_name", "no such name")


def _given(found: Value) -> Value:
    """Return the value of a variable."""
    if isinstance(found, Thunk):
        return found.force()[0]
    return found.value if isinstance(found, Bound) else found
