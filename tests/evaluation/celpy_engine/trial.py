"""One expression, put to both engines over a small world."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.celpy_engine.engine import CelPython
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    MapType,
    ObjectType,
    nullable,
)
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.plan import CompiledClause, CompiledPolicy, Plan, Sentence
from auditor.language.portability import obstacles
from auditor.language.values import Record, Timestamp
from auditor.model.location import Location
from auditor.model.policy import PolicySummary
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.celpy_engine.engine import Answer, CelEvaluator
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions
    from auditor.language.values import Value

PART: Final = ObjectType("tasks.parts", {"done": Field(nullable(BOOL))})
TASK: Final = ObjectType(
    "tasks",
    {
        "id": Field(STRING, required=True),
        "title": Field(nullable(STRING)),
        "points": Field(nullable(INT)),
        "size": Field(INT),
        "score": Field(nullable(DOUBLE)),
        "share": Field(DOUBLE),
        "done": Field(nullable(BOOL)),
        "open": Field(BOOL),
        "at": Field(nullable(TIMESTAMP)),
        "due": Field(TIMESTAMP),
        "on": Field(nullable(DATE)),
        "tags": Field(ListType(STRING)),
        "counts": Field(ListType(INT)),
        "parts": Field(ListType(PART)),
    },
)
WORLD: Final = ObjectType(
    "world",
    {
        "tasks": Field(ListType(TASK)),
        "first": Field(TASK),
        "maybe": Field(nullable(TASK)),
        "names": Field(MapType(STRING, STRING)),
        "any": Field(DYN),
        "zero": Field(DOUBLE),
    },
)


def moment(day: int, hour: int = 0) -> dt.datetime:
    """Return an instant in March 2026."""
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def task(name: str, **fields: Any) -> dict[str, Any]:
    """Make a task of which everything is recorded."""
    return {
        "id": name,
        "title": None,
        "points": 3,
        "size": 5,
        "score": 0.5,
        "share": 0.25,
        "done": True,
        "open": False,
        "at": moment(2),
        "due": moment(9),
        "on": dt.date(2026, 3, 4),
        "tags": ["red", "blue"],
        "counts": [3, 1, 2],
        "parts": [{"done": True}],
        **fields,
    }


def world(**fields: Any) -> dict[str, Any]:
    """Make a document of the small world of which everything is recorded."""
    return {
        "tasks": [task("a"), task("b", done=None, points=None)],
        "first": task("first"),
        "maybe": None,
        "names": {"de": "Anna", "es": "Inés"},
        "any": {"n": 1},
        "zero": 0.0,
        **fields,
    }


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one expression."""

    slugs: tuple[str, ...]
    """Of what is reported of it."""
    ours: Value
    theirs: Answer
    agreed: Value
    """What the second engine's evaluator gives: our value, or an unknown that says why not."""


def checked_in_world(text: str, functions: Functions) -> CheckedExpr:
    """Check an expression with the types of the small world."""
    types = {name: field.type for name, field in WORLD.fields.items()}
    return check(parse(text), variables=types, functions=functions, text=text)


def tried(
    text: str,
    functions: Functions,
    document: Mapping[str, Any] | None = None,
    gaps: Mapping[str, str] | None = None,
) -> Trial:
    """Evaluate *text* by both engines."""
    checked = checked_in_world(text, functions)
    policy = policy_of(checked)
    evaluator, variables = over(policy, functions, document or world(), gaps)
    ours = evaluator.evaluate(checked_in_world(text, functions), variables)[0]
    theirs = evaluator.ask(policy, checked, variables)
    slugs = tuple(one.slug for one in obstacles(checked, functions))
    return Trial(slugs, ours, theirs, evaluator.evaluate(checked, variables)[0])


def policy_of(checked: CheckedExpr) -> CompiledPolicy:
    """Make a policy with one demand."""
    summary = PolicySummary(
        id="trial",
        title="",
        why="",
        fix="",
        controls=(),
        severity=Severity.LOW,
        pack="trial",
        target="project",
        digest="",
        location=Location("trial.yaml", 1),
        clauses=(),
        params=(),
    )
    return CompiledPolicy(
        summary=summary,
        params=(),
        subjects=(),
        key=None,
        at=None,
        scope=None,
        when=None,
        due=None,
        owner=None,
        let=(),
        clauses=(CompiledClause(checked, Sentence(()), None),),
        empty=None,
        attest=None,
        effective=(None, None),
    )


def over(
    policy: CompiledPolicy,
    functions: Functions,
    document: Mapping[str, Any],
    gaps: Mapping[str, str] | None = None,
) -> tuple[CelEvaluator, dict[str, Value]]:
    """Return the second engine's evaluator for a policy, and the variables of a document."""
    head = {"time_zone": "Europe/Berlin", "calendar": {}}
    calendar = WorkingCalendar.from_snapshot({"snapshot": head})
    lift = Lift(Gaps(gaps or {}), calendar)
    root = Record(dict(document), WORLD, "")
    variables = {name: lift.field(root, name) for name in WORLD.fields}
    engine = CelPython(Plan((policy,), functions))
    context = JudgedContext(calendar, Timestamp.of(moment(20)), root)
    return engine.evaluator(functions, lift, context), variables
