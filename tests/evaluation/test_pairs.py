"""Macros with two variables, over lists that are whole, open or empty, and over maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.evaluation.exact import evaluate
from auditor.language.cel.parser import parse
from auditor.language.values import Cause, Failure, Hollow, Unknown
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

OPEN = {"/tasks": "truncated"}
"""Gaps that leave the list of tasks open."""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tasks.exists(i, t, t.id == 'a')", "True"),
        ("tasks.exists(i, t, t.id == 'b')", "unknown"),
        ("tasks.exists(i, t, i == 0)", "unknown"),
        ("tasks.all(i, t, t.id == 'b')", "False"),
        ("tasks.all(i, t, i == 0)", "unknown"),
        ("tasks.existsOne(i, t, t.id == 'a')", "unknown"),
        ("tasks.transformList(i, t, t.id).exists(x, x == 'a')", "True"),
        ("size(tasks.transformList(i, t, t.id)) == 1", "unknown"),
        ("0 in tasks.transformMap(i, t, t.id)", "unknown"),
        ("'a' in tasks.transformMapEntry(i, t, {t.id: 1})", "unknown"),
    ],
)
def test_nobody_knows_a_position_in_an_open_list(
    evaluated: Evaluated, expression: str, expected: str
) -> None:
    """What does not ask for it is decided as ever."""
    value, _ = evaluated(expression, {"tasks": [task("a")]}, OPEN)

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tasks.filter(t, t.points == 1).exists(i, t, i == 1)", "unknown"),
        ("tasks.filter(t, t.points == 1).exists(i, t, t.id == 'a')", "True"),
        ("tasks.transformList(i, t, t.points == 1, i).exists(n, n == 0)", "True"),
        ("tasks.transformList(i, t, t.points == 1, i).exists(n, n == 1)", "unknown"),
        ("1 in tasks.transformMap(i, t, t.points == 1, t.id)", "unknown"),
        ("1 in tasks.transformMap(i, t, t.id == 'b', t.points)", "True"),
        ("tasks.transformMap(i, t, t.id == 'b', t.points)[1] == 1", "unknown"),
    ],
)
def test_an_unobserved_field_leaves_open_what_it_could_change(
    evaluated: Evaluated, expression: str, expected: str
) -> None:
    """A member that may belong, an entry that may belong, an entry whose value is not known."""
    value, _ = evaluated(expression, {"tasks": [task("a"), task("b", points=HOLE)]})

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{'a': 1, 'b': 2}.transformList(k, v, v > 1, k) == ['b']", "True"),
        ("['a', 'b'].transformMap(i, x, x) == {0: 'a', 1: 'b'}", "True"),
        ("['a', 'b'].transformMapEntry(i, x, {x: i}) == {'a': 0, 'b': 1}", "True"),
        ("['a', 'b'].transformMapEntry(i, x, i > 0, {x: i}) == {'b': 1}", "True"),
        ("{'a': 1}.transformMapEntry(k, v, {}) == {}", "True"),
        ("['a', 'a'].transformMapEntry(i, x, {x: i}) == {}", "error"),
        ("[1].transformMapEntry(i, x, dyn(x)) == {}", "error"),
        ("[other].transformMapEntry(i, x, {x: i}) == {}", "unknown"),
        ("{'a': other}.exists(k, v, k == 'a')", "True"),
        ("{'a': other}.exists(k, v, v)", "unknown"),
        ("[1, 2].transformMap(i, x, x / i) == {}", "error"),
        ("dyn(1).all(i, x, true)", "error"),
        ("[3, 4].all(i, x, [5].all(j, y, i < 2 && j == 0 && x < y))", "True"),
        ("[[1], [2]].all(i, x, x.all(x, y, x == 0 && y == i + 1))", "True"),
    ],
)
def test_lists_and_maps(evaluated: Evaluated, expression: str, expected: str) -> None:
    """Positions count from 0; one key twice is an error; inner names hide outer ones."""
    value, _ = evaluated(expression, {"tasks": []})

    assert shape_of(value) == expected


def test_a_report_names_the_member_and_not_its_position(evaluated: Evaluated) -> None:
    """The counter-examples of ``all`` are what they are with one variable."""
    _, trail = evaluated("tasks.all(i, t, t.points == 9)", {"tasks": [task("a"), task("b")]})

    assert [record.data["id"] for record in trail.failing] == ["a", "b"]
    assert trail.facts == ["/tasks/0/points", "/tasks/1/points"]


def test_a_report_names_the_key_of_an_entry(evaluated: Evaluated) -> None:
    """Of a map the key says which entry it is."""
    _, trail = evaluated("{'a': 1, 'b': 2}.all(k, v, v > 1)", {"tasks": []})

    assert trail.failing == ["a"]


def test_without_the_checker_the_meaning_is_the_same(functions: Functions) -> None:
    """What is wrong is an error when it is evaluated."""
    for text in ("cel.index(0)", "1.transformMap(i, x, x)", "[1].transformMapEntry(i, x, x)"):
        assert isinstance(evaluate(parse(text), variables={}, functions=functions), Failure)


FIELDS = st.fixed_dictionaries(
    {"points": st.sampled_from([None, 1, 9, HOLE]), "done": st.sampled_from([True, False, HOLE])}
)
PREDICATES = (
    "t.points == 1",
    "t.done == true",
    "t.points == 9 || t.done == true",
    "t.points / 0 == 1",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(FIELDS, max_size=4),
    st.booleans(),
    st.sampled_from(("all", "exists", "exists_one")),
    st.sampled_from(PREDICATES),
)
def test_a_position_that_is_not_used_changes_nothing(
    evaluated: Evaluated,
    fields: list[dict[str, Any]],
    is_open: bool,  # noqa: FBT001 - drawn by hypothesis
    macro: str,
    predicate: str,
) -> None:
    """With one variable or two: the same value, the same causes, the same facts."""
    document = {"tasks": [task(str(number), **given) for number, given in enumerate(fields)]}
    gaps = OPEN if is_open else {}
    guarded = predicate if "/" not in predicate else f"t.points != null && {predicate}"
    one, one_trail = evaluated(f"tasks.{macro}(t, {guarded})", document, gaps)
    two, two_trail = evaluated(f"tasks.{macro}(i, t, {guarded})", document, gaps)

    assert _comparable(one) == _comparable(two)
    assert one_trail.facts == two_trail.facts


def _comparable(value: Value) -> object:
    match value:
        case Hollow():
            return ("vacuous", value.value)
        case Failure():
            return ("error", value.slug)
        case _:
            return value


def test_the_causes_of_an_unknown_position_are_those_of_the_list(evaluated: Evaluated) -> None:
    """The missing fact is the list's unread rest."""
    value, _ = evaluated("tasks.transformMap(i, t, t.id)", {"tasks": [task("a")]}, OPEN)

    assert value == Unknown(frozenset({Cause("/tasks", "truncated")}))
