"""
One expression over a small world, by both evaluators, in words that can be compared.

An int is told from the double and the truth that Python finds equal to it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.fast.facts import FastFacts
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    DYN,
    INT,
    PERIOD,
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
from auditor.language.values import (
    Day,
    Duration,
    Failure,
    Listing,
    MapValue,
    Record,
    Timestamp,
    Unknown,
)
from tests.evaluation.fast.faulty import OURS
from tests.evaluation.fast.giving_up import field_names, is_expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.fast.expression import FastExpression
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions
    from auditor.language.values import Value
    from tests.evaluation.fast.faulty import FastPath

PART: Final = ObjectType(
    "things.parts", {"id": Field(STRING, required=True), "done": Field(nullable(BOOL))}
)
THING: Final = ObjectType(
    "things",
    {
        "id": Field(STRING, required=True),
        "n": Field(nullable(INT)),
        "x": Field(nullable(DOUBLE)),
        "s": Field(nullable(STRING)),
        "b": Field(nullable(BOOL)),
        "at": Field(nullable(TIMESTAMP)),
        "on": Field(nullable(DATE)),
        "tags": Field(ListType(STRING)),
        "parts": Field(ListType(PART)),
        "note": Field(DYN),
    },
)
WORLD: Final = ObjectType(
    "world",
    {
        "n": Field(INT),
        "m": Field(INT),
        "maybe": Field(nullable(INT)),
        "x": Field(DOUBLE),
        "y": Field(DOUBLE),
        "s": Field(STRING),
        "t": Field(nullable(STRING)),
        "b": Field(BOOL),
        "c": Field(BOOL),
        "at": Field(TIMESTAMP),
        "later": Field(TIMESTAMP),
        "never": Field(nullable(TIMESTAMP)),
        "on": Field(DATE),
        "ints": Field(ListType(INT)),
        "doubles": Field(ListType(DOUBLE)),
        "texts": Field(ListType(STRING)),
        "truths": Field(ListType(BOOL)),
        "moments": Field(ListType(TIMESTAMP)),
        "dates": Field(ListType(DATE)),
        "lists": Field(ListType(ListType(INT))),
        "labels": Field(MapType(STRING, STRING)),
        "things": Field(ListType(THING)),
        "first": Field(nullable(THING)),
        "left": Field(DYN),
        "right": Field(DYN),
    },
)
AS_OF: Final = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
PERIOD_OF: Final = (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), AS_OF)
HEAD: Final = {
    "time_zone": "Europe/Berlin",
    "calendar": {
        "working_days": ["mon", "tue", "wed", "thu", "fri"],
        "holidays": ["2026-03-05"],
        "hours": {"from": "09:00", "to": "17:00"},
    },
}
UNDECIDED: Final = "undecided"
"""An unknown, an error: what only the exact evaluator says."""
LEFT: Final = "left"
"""What the fast path does not answer."""


def utc(day: int, hour: int = 0, month: int = 3) -> dt.datetime:
    """Return an instant in 2026."""
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def thing(name: str, **fields: Any) -> dict[str, Any]:
    """Return a thing of which everything is known; a field that is ``...`` is left out."""
    known = {
        "n": 1,
        "x": 0.5,
        "s": "a",
        "b": True,
        "at": utc(2),
        "on": dt.date(2026, 3, 2),
        "tags": ["red"],
        "parts": [{"id": "p1", "done": True}],
        "note": {"k": 1},
    }
    return {"id": name, **{k: v for k, v in {**known, **fields}.items() if v is not ...}}


def document(**changes: Any) -> dict[str, Any]:
    """Return a document of which everything is known; a fact that is ``...`` is left out."""
    known = {
        "n": 7,
        "m": 2,
        "maybe": 3,
        "x": 0.5,
        "y": 2.0,
        "s": "a",
        "t": "b",
        "b": True,
        "c": False,
        "at": utc(2),
        "later": utc(9),
        "never": None,
        "on": dt.date(2026, 3, 2),
        "ints": [3, 1, 2],
        "doubles": [0.1, 0.2, 0.3],
        "texts": ["b", "a", "c"],
        "truths": [True, False],
        "moments": [utc(5), utc(1)],
        "dates": [dt.date(2026, 3, 5), dt.date(2026, 3, 1)],
        "lists": [[1], [], [2, 3]],
        "labels": {"a": "1"},
        "things": [
            thing("t1"),
            thing("t2", n=2, s="b", b=False, at=utc(5), tags=[], parts=[]),
            thing("t3", n=None, s=None, b=None, at=None, on=None, x=None),
        ],
        "first": thing("t1"),
        "left": 1,
        "right": "a",
    }
    return {key: fact for key, fact in {**known, **changes}.items() if fact is not ...}


def checked(text: str, functions: Functions) -> CheckedExpr:
    """Check an expression of the small world."""
    types = {name: field.type for name, field in WORLD.fields.items()}
    variables = {**types, "as_of": TIMESTAMP, "period": PERIOD}
    return check(parse(text), variables=variables, functions=functions, text=text)


_FIELDS: Final = frozenset(field_names(WORLD))


class Question:
    """
    One expression.

    Args:
        text: Of the small world.
        functions: What it may call.
        code: The fast path: ours, or a copy with a fault in it.
    """

    def __init__(self, text: str, functions: Functions, code: FastPath = OURS) -> None:
        self.text = text
        self._functions = functions
        self._checked = checked(text, functions)
        self._leave = code.leave.Leave
        self._code: FastExpression | None
        try:
            self._code = code.expression.FastExpression(self._checked, WORLD, functions)
        except code.leave.NotFast:
            self._code = None

    def fast(self, facts: Mapping[str, Any]) -> object:
        """
        Return what the fast path says.

        Any exception but the three on which it gives up comes through: a missing field and a day in an instant's
        place are told from every other missing key and every other misfit.
        """
        if self._code is None:
            return LEFT
        try:
            return of_leaf(self._code.value(_facts(facts)))
        except self._leave as given_up:
            reason = given_up.__context__
            if isinstance(reason, KeyError | TypeError) and not is_expected(reason, _FIELDS):
                raise AssertionError(repr(reason)) from reason
            return LEFT

    def exact(self, facts: Mapping[str, Any]) -> object:
        """Return what the exact evaluator says."""
        given = _facts(facts)
        variables: dict[str, Value] = {
            **{name: given.lift.field(given.context.root, name) for name in WORLD.fields},
            "as_of": given.context.as_of,
            "period": Record(
                {"id": "period", "starts_at": PERIOD_OF[0], "ends_at": AS_OF, "whole": True},
                PERIOD,
                "",
            ),
        }
        evaluator = Evaluator(self._functions, given.lift, given.context)
        return of_value(evaluator.evaluate(self._checked, variables)[0])


def _facts(facts: Mapping[str, Any]) -> FastFacts:
    calendar = WorkingCalendar.from_snapshot({"snapshot": HEAD})
    lift = Lift(Gaps({}), calendar)
    root = Record(dict(facts), WORLD, "")
    return FastFacts(
        document=facts,
        gaps=Gaps({}),
        calendar=calendar,
        as_of=AS_OF,
        period=PERIOD_OF,
        limits=None,
        auditee="hand:apollo",
        context=JudgedContext(calendar, Timestamp.of(AS_OF), root),
        lift=lift,
        longest_text=100,
    )


def of_leaf(value: Any) -> object:
    """Write what generated code computes, and what documents hold."""
    match value:
        case dt.datetime():
            return ("instant", Timestamp.of(value).ns)
        case dt.date():
            return ("day", value.isoformat())
        case dt.timedelta():
            return ("length", value // dt.timedelta(microseconds=1) * 1_000)
        case list():
            return ("list", *map(of_leaf, value))
        case dict():
            return ("map", *sorted((key, of_leaf(part)) for key, part in value.items()))
        case _:
            return (type(value).__name__, repr(value))


def of_value(value: Value) -> object:
    """Write a value of the exact evaluator in the same words."""
    value = plain(value)
    match value:
        case Unknown() | Failure():
            return UNDECIDED
        case Timestamp(ns):
            return ("instant", ns)
        case Duration(ns):
            return ("length", ns)
        case Day(date):
            return ("day", date.isoformat())
        case Listing():
            parts = [of_value(part) for part in value]
            return UNDECIDED if value.is_open or UNDECIDED in parts else ("list", *parts)
        case MapValue():
            pairs = [(key, of_value(part)) for key, part in value.entries.values()]
            return ("map", *sorted(pairs))
        case Record():
            return of_leaf(dict(value.data))
        case _:
            return of_leaf(value)
