"""An index may only ever leave out what is false anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.language.values import Failure, Hollow, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

HOLE = "(not there)"
LONG = 60
"""More members than a list that is simply looked through."""


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
