"""An index may only ever leave out what is false anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.joins import Joins
from auditor.evaluation.lift import Lift
from auditor.facts.gaps import Gaps
from auditor.facts.types import STRING, Field, ListType, ObjectType, nullable
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.values import Failure, Hollow, Record, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Item, Value

    Evaluated = Callable[..., tuple[Value, Trail]]

HOLE = "(not there)"
LONG = 60
"""More members than a list that is simply looked through."""

THING = ObjectType("things", {"id": Field(STRING, required=True), "owner": Field(nullable(STRING))})
WORLD = ObjectType("world", {"things": Field(ListType(THING))})


def task(name: str, points: object, done: object) -> dict[str, Any]:
    """Make a task; what is HOLE is left out."""
    fields = {"id": name, "points": points, "done": done, "at": None, "on": None, "parts": []}
    return {key: value for key, value in fields.items() if value != HOLE}


def described(value: Value) -> object:
    """Return a value in a form that can be compared."""
    match value:
        case Hollow():
            return ("vacuous", value.value)
        case Unknown():
            return ("unknown", value.causes)
        case Failure():
            return ("error", value.slug)
        case _:
            return value


PREDICATES = [
    "t.done == true",
    "t.points > 2",
    "1 / t.points > 0",
    "t.parts.all(p, p.done == true)",
]
USES = [
    "tasks.exists(t, {p})",
    "!tasks.exists(t, {p})",
    "tasks.filter(t, {p}).all(t, t.done == true)",
    "size(tasks.filter(t, {p})) == 1",
    "tasks.count(t, {p}) == 1",
    "tasks.exists_one(t, {p})",
]


@pytest.mark.parametrize("use", USES)
@given(
    wanted=st.sampled_from(["a", "b", "z"]),
    predicate=st.sampled_from(PREDICATES),
    members=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([0, 1, 5, HOLE]),
            st.sampled_from([True, False, HOLE]),
        ),
        min_size=LONG,
        max_size=LONG,
    ),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_never_changes_an_answer(
    evaluated: Evaluated,
    use: str,
    wanted: str,
    predicate: str,
    members: list[tuple[str, object, object]],
) -> None:
    """The same demand, written so that no index can be used, comes to the same."""
    document = {"tasks": [task(*member) for member in members]}
    guarded = f"t.points != null && {predicate}"

    def run(equality: str) -> object:
        text = use.replace("{p}", f"{equality} && {guarded}")
        return described(evaluated(text, document)[0])

    assert run(f"t.id == '{wanted}'") == run(f"('{wanted}' == t.id || 1 > 2)")


@given(
    points=st.lists(st.sampled_from([None, 0, 1, HOLE]), min_size=LONG, max_size=LONG),
    other=st.sampled_from(["null", "1"]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_text_finds_the_members_without_a_text(
    evaluated: Evaluated, points: list[object], other: str
) -> None:
    """Null, and a number: no text equals them, so an index leaves out every text and nothing else."""
    document = {
        "tasks": [task(f"t{number}", value, done=True) for number, value in enumerate(points)]
    }
    by_index = f"tasks.exists(t, t.points == {other})"
    looked_through = f"tasks.exists(t, (t.points == {other} || 1 > 2))"

    assert described(evaluated(by_index, document)[0]) == described(
        evaluated(looked_through, document)[0]
    )


def test_null_looks_only_at_members_without_a_text(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty members with texts are left out by an index; the three without one are not."""
    owned = [{"id": f"o{number}", "owner": "p1"} for number in range(LONG)]
    free = [{"id": f"f{number}", "owner": None} for number in range(3)]
    looked_at: list[str] = []
    real = Joins.members

    def members(self: Joins, *arguments: Any) -> tuple[Item, ...]:
        found = real(self, *arguments)
        looked_at.extend(item.value.data["id"] for item in found)
        return found

    monkeypatch.setattr(Joins, "members", members)
    lift = Lift(Gaps({}))
    root = Record({"things": owned + free}, WORLD, "")
    text = "things.filter(t, t.owner == null)"
    types = {name: field.type for name, field in WORLD.fields.items()}
    checked = check(parse(text), variables=types, functions=functions, text=text)
    found = Evaluator(functions, lift).evaluate(checked, {"things": lift.field(root, "things")})[0]

    assert [item.value.data["id"] for item in found.items] == ["f0", "f1", "f2"]
    assert looked_at == ["f0", "f1", "f2"]
