"""What is decided although something is not known stays so, whatever it turns out to be (LANGUAGE.md, 4)."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import BOOL, INT, STRING, TIMESTAMP, Field, ListType, ObjectType, nullable
from auditor.facts.zones import zone
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.values import Record
from tests.evaluation.small_world import HOLE, task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.registry import Functions

TASK = ObjectType(
    "tasks",
    {
        "id": Field(STRING, required=True),
        "points": Field(INT),
        "done": Field(BOOL),
        "at": Field(nullable(TIMESTAMP)),
    },
)
ROOT = ObjectType("world", {"tasks": Field(ListType(TASK))})

DAYS = (dt.date(2026, 3, 3), dt.date(2026, 3, 5), dt.date(2026, 3, 11))
INSTANTS = tuple(dt.datetime(d.year, d.month, d.day, 12, tzinfo=dt.UTC) for d in DAYS)
MAY_BE: dict[str, tuple[Any, ...]] = {"points": (1, 2), "done": (True, False), "at": (None, *INSTANTS)}  # fmt: skip

KEPT = "tasks.filter(t, t.done)"
WEEKS = f"{KEPT}.weekly(t, t.at, t.points)"
GROUPS = f"{KEPT}.groupBy(t, t.points == 1 ? 'one' : 'two')"
LEADS = "t.points == 1 ? ['a', 'b'] : t.done ? ['c'] : ['a']"
KNOTS = f"{KEPT}.cycles(t, t.id, {LEADS})"
QUESTIONS = (
    f"{WEEKS}.exists(w, w.value == 2)",
    f"{WEEKS}.all(w, w.value == 1)",
    f"size({WEEKS}) == 2",
    f"{WEEKS}.windows(2).exists(pair, pair[0].value == pair[1].value)",
    f"{KEPT}.daily(t, t.at, t.points).exists(d, d.id == '2026-03-05')",
    f"{GROUPS}.exists(g, size(g.items) >= 2)",
    f"{GROUPS}.all(g, g.items.exists(t, t.id == 'b'))",
    f"size({GROUPS}) == 2",
    f"size({GROUPS}) > 0 && {GROUPS}[0].key == 'two'",
    f"{GROUPS}.exists(g, g.key == 'one')",
    f"size({KNOTS}) == 0",
    f"{KNOTS}.exists(k, 'a' in k && 'b' in k)",
    f"{KNOTS}.all(k, size(k) == 1)",
    f"{KNOTS}.exists(k, k[0] == 'b')",
    f"{KEPT}.sumReaches(t, t.points, 3)",
    f"{KEPT}.map(t, t.points).median() == 1.5",
    f"{KEPT}.map(t, t.points).percentile(50 %) == 1",
)


def tasks(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Make a task with holes, and perhaps a day in the place of an instant."""
    fields = {
        key: st.sampled_from((*values, HOLE, *(DAYS if key == "at" else ())))
        for key, values in MAY_BE.items()
    }
    return st.fixed_dictionaries(fields).map(lambda chosen: {"name": name, **chosen})


def completions(document: list[dict[str, Any]], *, is_truncated: bool) -> Iterator[list[Any]]:
    """Yield what may be the case: every hole filled, every day at two hours, one more task or none."""
    more: list[Any] = [None]
    if is_truncated:
        more.extend(product(MAY_BE["points"], (True,), (INSTANTS[1], INSTANTS[2])))
    options = [[_may_be(key, one[key]) for key in MAY_BE] for one in document]
    for chosen in product(*(product(*parts) for parts in options)):
        for extra in more:
            rows = [(one["name"], *row) for one, row in zip(document, chosen, strict=True)]
            rows.extend([("c", *extra)] if extra else [])
            yield [task(name, **dict(zip(MAY_BE, row, strict=True))) for name, *row in rows]


def _may_be(key: str, value: Any) -> tuple[Any, ...]:
    if value is HOLE:
        return MAY_BE[key]
    if type(value) is dt.date:
        hours = (dt.time(11), dt.time(13))
        return tuple(dt.datetime.combine(value, hour, dt.UTC) for hour in hours)
    return (value,)


def answer(functions: Functions, question: str, rows: list[Any], *, is_truncated: bool) -> Any:
    """Evaluate one question over one document."""
    calendar = WorkingCalendar(zone("Europe/Berlin"))
    lift = Lift(Gaps({"/tasks": "truncated"} if is_truncated else {}), calendar)
    types = {"tasks": ROOT.fields["tasks"].type}
    checked = check(parse(question), variables=types, functions=functions, text=question)
    root = Record({"tasks": rows}, ROOT, "")
    value, _ = Evaluator(functions, lift).evaluate(checked, {"tasks": lift.field(root, "tasks")})
    return plain(value)


@pytest.mark.parametrize("question", QUESTIONS)
@settings(max_examples=40)
@given(st.data())
def test_a_decided_answer_holds_whatever_comes(
    functions: Functions, question: str, data: st.DataObject
) -> None:
    """True and false are never taken back by filling a hole or reading on."""
    names = data.draw(st.lists(st.sampled_from("ab"), unique=True, max_size=2))
    document = [data.draw(tasks(name)) for name in names]
    is_truncated = data.draw(st.booleans())
    rows = [
        task(one["name"], **{key: value for key, value in one.items() if key != "name"})
        for one in document
    ]
    found = answer(functions, question, rows, is_truncated=is_truncated)
    if not isinstance(found, bool):
        return
    for filled in completions(document, is_truncated=is_truncated):
        assert answer(functions, question, filled, is_truncated=False) is found, filled


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_answered_both_ways(functions: Functions, question: str) -> None:
    """So that the test above compares something."""
    documents = completions(
        [{"name": name, **dict.fromkeys(MAY_BE, HOLE)} for name in "ab"], is_truncated=False
    )
    found = {answer(functions, question, rows, is_truncated=False) for rows in documents}

    assert {True, False} <= {value for value in found if isinstance(value, bool)}
