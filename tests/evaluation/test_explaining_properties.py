"""What an explanation claims holds for any expression: the facts that it names decide, its boundaries turn."""

from __future__ import annotations

import datetime as dt
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.explaining.explainer import Explainer
from auditor.evaluation.explaining.reasons import came
from auditor.evaluation.lift import Lift
from auditor.evaluation.wording import Wording
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.instants import parse_moment
from auditor.facts.types import BOOL, INT, STRING, TIMESTAMP, Field, ObjectType
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.values import Record
from auditor.model.explanation import Came
from auditor.usecases.read_policies import functions

if TYPE_CHECKING:
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy
    from auditor.language.values import Value
    from auditor.model.explanation import Because

FIELDS: Final = {
    **dict.fromkeys("abc", Field(BOOL)),
    **dict.fromkeys("nm", Field(INT)),
    **dict.fromkeys("sz", Field(STRING)),
    **dict.fromkeys("tu", Field(TIMESTAMP)),
}
TINY: Final = ObjectType("tiny", FIELDS)
FUNCTIONS: Final = functions()
CALENDAR: Final = WorkingCalendar.from_snapshot({"snapshot": {"time_zone": "UTC", "calendar": {}}})
POLICY: Final = cast("CompiledPolicy", SimpleNamespace(let=(), places=()))

numbers = st.integers(-3, 3)
words = st.sampled_from(["x", "y", ""])
moments = st.integers(0, 5).map(lambda hour: dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC))
records = st.fixed_dictionaries(
    {
        **dict.fromkeys("abc", st.booleans()),
        **dict.fromkeys("nm", numbers),
        **dict.fromkeys("sz", words),
        **dict.fromkeys("tu", moments),
    }
)
order = st.sampled_from(["<", "<=", ">", ">="])
comparisons = st.one_of(
    st.builds("r.n {} {}".format, order, numbers),
    st.builds("{} {} r.m".format, numbers, order),
    st.builds("r.n {} r.m".format, order),
    st.builds("r.t {} r.u".format, order),
    st.builds("r.t.{}(r.u)".format, st.sampled_from(["by", "before", "after"])),
    st.builds("timestamp('2026-03-01T02:00:00Z').{}(r.u)".format, st.sampled_from(["by", "after"])),
    st.builds("r.s {} '{}'".format, st.sampled_from(["==", "!="]), words),
    st.just("r.s == r.z"),
    st.just("r.s in ['x', 'y']"),
    st.sampled_from(["r.a", "r.b", "r.c"]),
)
atoms = st.one_of(comparisons, st.just("r.n + r.m > 1"), st.just("r.s + r.z == 'xy'"))
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("cel.bind(x, {}, x || {})".format, inner, inner),
    ),
    max_leaves=8,
)


def checked(text: str) -> CheckedExpr:
    """Check an expression over the one record."""
    return check(parse(text), variables={"r": TINY}, functions=FUNCTIONS, text=text)


def run(expression: CheckedExpr, record: dict[str, Any]) -> tuple[Value, Because]:
    """Return what it comes to, and why."""
    evaluator = Evaluator(FUNCTIONS, Lift(Gaps({}), CALENDAR))
    names = {"r": Record(record, TINY, "/r")}
    value, _ = evaluator.evaluate(expression, names)
    wording = Wording({}, ZoneInfo("UTC"))
    explainer = Explainer(POLICY, evaluator, names, wording, str)
    because = explainer.because(expression, "require/0", came(value))
    assert because is not None
    return value, because


def named(because: Because) -> set[str]:
    """Return the fields that an explanation names."""
    return {pointer.removeprefix("/r/") for pointer in because.pointers()}


@settings(max_examples=300, deadline=None)
@given(text=expressions, record=records, other=records)
def test_what_is_not_named_cannot_change_the_verdict(
    text: str, record: dict[str, Any], other: dict[str, Any]
) -> None:
    """Any other value of every other fact leaves it as it is: that is what "decided" means."""
    expression = checked(text)
    value, because = run(expression, record)
    changed = {**other, **{field: record[field] for field in named(because)}}

    assert run(expression, changed)[0] is value


@settings(max_examples=300, deadline=None)
@given(text=comparisons, record=records)
def test_the_boundary_turns_the_comparison(text: str, record: dict[str, Any]) -> None:
    """Set the fact to it, and the comparison comes out the other way."""
    expression = checked(text)
    value, because = run(expression, record)
    ((turn,),) = because.turns
    if not turn.has_boundary:
        return
    field = turn.pointer.removeprefix("/r/")
    at = FIELDS[field].type == TIMESTAMP
    boundary = parse_moment(cast("str", turn.boundary)) if at else turn.boundary

    assert run(expression, {**record, field: boundary})[0] is not value


@settings(max_examples=100, deadline=None)
@given(text=expressions, record=records)
def test_a_way_names_what_is_otherwise(text: str, record: dict[str, Any]) -> None:
    """A sentence, at least one step, and each part of a way in words."""
    _, because = run(checked(text), record)

    assert because.sentence.endswith(".")
    assert because.steps
    assert all(turn.what and turn.wanted for way in because.turns for turn in way)


def cost(expression: CheckedExpr, names: dict[str, Value]) -> int:
    """Return the steps that an expression takes."""
    for budget in count(1):
        evaluator = Evaluator(FUNCTIONS, Lift(Gaps({}), CALENDAR), budget=budget)
        try:
            evaluator.evaluate(expression, names)
        except BudgetExceeded:
            continue
        return budget
    raise AssertionError


def test_explaining_takes_nothing_of_the_budget_of_the_judging() -> None:
    """Ten times the cost of an expression is enough for it ten times, with an explanation in between."""
    record = {"a": True, "b": False, "c": True, "n": 1, "m": 2, "s": "x", "z": "y"}
    expression = checked("(r.a && r.n > 5 || r.b) && [1, 2, 3].exists(k, k == r.n)")
    names = {"r": Record(record, TINY, "/r")}
    steps = cost(expression, names)
    evaluator = Evaluator(FUNCTIONS, Lift(Gaps({}), CALENDAR), budget=10 * steps)
    explainer = Explainer(POLICY, evaluator, names, Wording({}, ZoneInfo("UTC")), str)

    first, _ = evaluator.evaluate(expression, names)
    because = explainer.because(expression, "require/0", Came.FALSE)
    others = {evaluator.evaluate(expression, names)[0] for _ in range(9)}

    assert first is False
    assert others == {False}
    assert because is not None


def test_where_its_own_budget_ends_there_is_no_explanation() -> None:
    """What is left after the judging is all that it may take."""
    names = {"r": Record({"n": 1, "m": 2}, TINY, "/r")}
    expression = checked("r.n > r.m")
    evaluator = Evaluator(FUNCTIONS, Lift(), budget=cost(expression, names))
    evaluator.evaluate(expression, names)
    explainer = Explainer(POLICY, evaluator, names, Wording({}, ZoneInfo("UTC")), str)

    assert explainer.because(expression, "require/0", Came.FALSE) is None


@settings(max_examples=200, deadline=None)
@given(text=expressions, record=records)
def test_what_is_remembered_is_what_is_evaluated(text: str, record: dict[str, Any]) -> None:
    """Each step tells the truth that its part has by itself."""
    expression = checked(text)
    value, because = run(expression, record)

    assert value in {True, False}
    for step in (one for first in because.steps for one in first.walk()):
        if step.text.startswith("r.") and "x" not in step.text:
            assert run(checked(step.text), record)[0] is (step.came is Came.TRUE)


def test_constants_are_told_as_what_the_policy_says() -> None:
    """There is no fact to name."""
    names = {"r": Record({}, TINY, "/r")}
    evaluator = Evaluator(FUNCTIONS, Lift())
    explainer = Explainer(POLICY, evaluator, names, Wording({}, ZoneInfo("UTC")), str)

    for text in ("false", "!true", "true && false", "false || false"):
        because = explainer.because(checked(text), "require/0", Came.FALSE)
        assert because is not None
        assert because.sentence == "The policy says so, whatever the facts are."
        assert len(because.steps) == 1


def test_what_another_engine_took_it_for_is_not_explained_by_this_one() -> None:
    """A reason for something else would mislead."""
    names = {"r": Record({"n": 1}, TINY, "/r")}
    explainer = Explainer(
        POLICY, Evaluator(FUNCTIONS, Lift()), names, Wording({}, ZoneInfo("UTC")), str
    )

    assert explainer.because(checked("r.n > 2"), "require/0", Came.UNKNOWN) is None
