"""
What random expressions are asked of: the product's own schema, words, parameters and functions.

A question is an expression with the ``let`` names before it, which is answered for the facts of one snapshot.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.joins import Joins
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.evaluation.scope import Thunk
from auditor.evaluation.trail import Trail
from auditor.facts.types import (
    BOOL,
    DOUBLE,
    INT,
    PERIOD,
    RATIO,
    SPAN,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    Type,
)
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.policy_draft import PolicyText
from auditor.language.values import MapValue, Record, Span, Timestamp, Value, map_key
from auditor.language.vocabulary import PackWords
from auditor.usecases.read_policies import functions, packaged_folder, snapshot_models
from tests.differential.documents import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.snapshot import Snapshot, SnapshotModel, SnapshotModels
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cel.definitions import Definition
    from auditor.language.registry import Functions
    from auditor.model.errors import AuditorError

PARAMS: Final[dict[str, tuple[Type, Value]]] = {
    "limit": (INT, 2),
    "share": (RATIO, Fraction(9, 10)),
    "factor": (DOUBLE, 0.5),
    "role": (STRING, "DM"),
    "words": (ListType(STRING), ("approved", "DM", "v1")),
    "strict": (BOOL, True),
    "patience": (SPAN, Span(2, "working days")),
}
"""Parameters of the policy that all expressions stand in: type and value."""

AS_OF: Final = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
BEGIN: Final = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

WORDS: Final = b"""\
title: Words of random expressions
about: Words with arguments of their own, one of which uses another.
define:
  larger(a, b): "a > b ? a : b"
  twice(n): larger(n, n + n)
  openAt(xs, at): "xs.filter(x, x.raised_at.by(at) && !x.resolved_at.by(at))"
  lastWord(about, at): approvals.filter(a, a.subject == about && a.at.by(at)).latest(a, a.at)
  known(x, x0): "x != null && x0"
"""


@dataclass(frozen=True)
class World:
    """Everything that does not change from question to question."""

    models: SnapshotModels
    functions: Functions
    variables: Mapping[str, Type]
    definitions: Mapping[str, Definition]

    @property
    def model(self) -> SnapshotModel:
        """The contract of the snapshots of projects."""
        return self.models["project"]


@cache
def world() -> World:
    """Return the one world."""
    models = snapshot_models()
    known = functions()
    declared = models["project"].root.fields
    variables: dict[str, Type] = {name: declared[name].type for name in ENTITIES}
    variables |= {
        "as_of": TIMESTAMP,
        "period": PERIOD,
        "params": ObjectType(
            "params", {name: Field(kind, required=True) for name, (kind, _) in PARAMS.items()}
        ),
    }
    folder = packaged_folder().path
    texts = [
        PolicyText("policies/pack.yaml", "", (folder / "pack.yaml").read_bytes(), ""),
        PolicyText("policies/random/pack.yaml", "random", WORDS, "random"),
    ]
    errors: list[AuditorError] = []
    words = PackWords(texts, known, errors).of(PolicyText("", "random", b"", "random"))
    assert not errors, errors
    return World(models, known, variables, {name: word for name, (word, _) in words.items()})


# ----- questions


@dataclass(frozen=True)
class Question:
    """A checked expression, with the ``let`` names that it may use, in order."""

    text: str
    checked: CheckedExpr
    let: tuple[tuple[str, CheckedExpr], ...] = ()

    def __str__(self) -> str:
        names = "".join(f"let {name}: {checked.text}\n" for name, checked in self.let)
        return f"{names}{self.text}"


def ask(text: str, let: tuple[tuple[str, str], ...] = ()) -> Question:
    """
    Check an expression and the ``let`` names before it.

    Raises:
        CelSyntaxErrors, CheckErrors: One of them is wrong.
    """
    known = world()
    variables = dict(known.variables)
    names: list[tuple[str, CheckedExpr]] = []
    for name, body in let:
        names.append((name, _checked(body, variables, known)))
        variables[name] = names[-1][1].type
    return Question(text, _checked(text, variables, known), tuple(names))


def _checked(text: str, variables: Mapping[str, Type], known: World) -> CheckedExpr:
    return check(
        parse(text),
        variables=variables,
        functions=known.functions,
        text=text,
        definitions=known.definitions,
    )


# ----- answers


def exactly(question: Question, snapshot: Snapshot, budget: int = 200_000) -> Value:
    """
    Answer with the exact evaluator.

    Raises:
        BudgetExceeded: It takes more steps than *budget*.
    """
    known = world()
    root = Record(snapshot.document, snapshot.root, "")
    lift = Lift(snapshot.gaps, snapshot.calendar)
    context = JudgedContext(snapshot.calendar, Timestamp.of(AS_OF), root)
    evaluator = Evaluator(known.functions, lift, context, joins=Joins(), budget=budget)
    names: dict[str, Value] = {
        name: Thunk(lambda name=name: (lift.field(root, name), Trail()))  # type: ignore[misc]
        for name in known.variables
        if name in snapshot.root.fields
    }
    names |= {"as_of": context.as_of, "period": _period(), "params": _params(lift)}
    for name, checked in question.let:
        names[name] = Thunk(lambda checked=checked: evaluator.evaluate(checked, names))  # type: ignore[misc]
    return evaluator.evaluate(question.checked, names)[0]


def _period() -> Record:
    data = {"id": "period", "starts_at": BEGIN, "ends_at": AS_OF, "whole": True}
    return Record(data, PERIOD, "")


def _params(lift: Lift) -> MapValue:
    entries: dict[tuple[str, Any], tuple[Value, Value]] = {}
    for name, (kind, value) in PARAMS.items():
        found = lift.value(list(value), kind, "") if isinstance(value, tuple) else value
        entries[map_key(name) or ("", name)] = (name, found)
    return MapValue(entries)
