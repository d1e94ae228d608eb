"""``cycles``: which ids lead back to themselves, and where that cannot be told (LANGUAGE.md, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.values import Failure, Listing, Unknown
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]


def arrows(**ends: list[str]) -> str:
    """Write an expression for the successors of each task, by its id; an unnamed one has none."""
    chain = " : ".join(f"t.id == '{name}' ? {to}" for name, to in ends.items())
    return f"{chain} : []" if chain else "[]"


def knots(evaluated: Evaluated, ids: str, **ends: list[str]) -> list[list[str]]:
    """Return the knots among tasks with these ids."""
    tasks = [task(name) for name in ids]
    found, _ = evaluated(f"tasks.cycles(t, t.id, {arrows(**ends)})", {"tasks": tasks})
    assert not found.is_open
    assert not any(knot.is_open for knot in found)
    return [list(knot) for knot in found]


@pytest.mark.parametrize(
    ("ids", "ends", "expected"),
    [
        pytest.param("abc", {"a": ["b"], "b": ["c"]}, [], id="a-line"),
        pytest.param("abc", {"a": ["b", "c"], "b": ["c"]}, [], id="two-ways-to-one-end"),
        pytest.param("abc", {"a": ["b"], "b": ["c"], "c": ["a"]}, [["a", "b", "c"]], id="a-circle"),
        pytest.param("cab", {"a": ["b"], "b": ["c"], "c": ["a"]}, [["c", "a", "b"]], id="from-the-first-in-the-list"),
        pytest.param("ab", {"a": ["a"]}, [["a"]], id="itself"),
        pytest.param("abcd", {"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b"], ["c", "d"]], id="two-circles"),
        pytest.param("abc", {"a": ["b"], "b": ["a", "c"], "c": ["b"]}, [["a", "b", "c"]], id="circles-that-touch-are-one-knot"),
        pytest.param("abc", {"a": ["b", "x"], "b": ["x"]}, [], id="an-end-that-is-not-in-the-list"),
        pytest.param("abcd", {"a": ["b"], "b": ["c"], "c": ["b"], "d": ["a"]}, [["b", "c"]], id="what-leads-into-a-circle-is-not-in-it"),
        pytest.param("aba", {"a": ["b"], "b": ["a"]}, [["a", "b"]], id="an-id-twice-is-one"),
        pytest.param("", {}, [], id="nothing"),
    ],
)  # fmt: skip
def test_what_leads_back_to_itself_is_one_knot(
    evaluated: Evaluated, ids: str, ends: dict[str, list[str]], expected: list[list[str]]
) -> None:
    """Once, from its first member on, in the order of its arrows."""
    assert knots(evaluated, ids, **ends) == expected


NAMES = "abcdef"
graphs = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3), max_size=6
)


def reachable(ends: Mapping[str, list[str]], name: str) -> set[str]:
    """Return what a node leads to, by looking."""
    found: set[str] = set()
    pending = list(ends.get(name, ()))
    while pending:
        following = pending.pop()
        if following in ends and following not in found:
            found.add(following)
            pending.extend(ends[following])
    return found


@given(graphs)
def test_a_knot_is_all_that_lead_to_each_other(
    functions: Functions, ends: dict[str, list[str]]
) -> None:
    """By brute force over small graphs."""
    found = _evaluated(functions, ends)

    together = {
        frozenset({other for other in reachable(ends, name) if name in reachable(ends, other)})
        for name in ends
        if name in reachable(ends, name)
    }
    assert {frozenset(knot) for knot in found} == together
    assert [len(knot) for knot in found] == [len(set(knot)) for knot in found]


def _evaluated(functions: Functions, ends: Mapping[str, list[str]]) -> Listing:
    nodes = "[{}]".format(", ".join(f"{{'id': '{n}', 'to': {to}}}" for n, to in ends.items()))
    expr = parse(f"{nodes}.cycles(n, n.id, n.to)")
    checked = check(expr, variables={}, functions=functions)
    found, _ = Evaluator(functions, Lift()).evaluate(checked, {})
    assert isinstance(found, Listing)
    return found


def test_a_knot_of_many_circles_takes_few_steps(functions: Functions) -> None:
    """Everything leads to everything: the circles are more than atoms, the knot is one."""
    names = [f"n{n}" for n in range(40)]
    found = _evaluated(functions, dict.fromkeys(names, names))

    assert [set(knot) for knot in found] == [set(names)]


def test_a_long_circle_is_found_without_recursion(functions: Functions) -> None:
    """In the order of its arrows."""
    count = 600
    found = _evaluated(functions, {f"n{n}": [f"n{(n + 1) % count}"] for n in range(count)})

    assert [list(knot) for knot in found] == [[f"n{n}" for n in range(count)]]


class TestOpen:
    """A circle that is there is there whatever else comes; what may be added leaves it open."""

    def found(
        self, evaluated: Evaluated, ends: str, tasks: list[Any], *, is_truncated: bool = False
    ) -> Listing:
        """Evaluate with successors that may depend on what is not known."""
        gaps = {"/tasks": "truncated"} if is_truncated else {}
        value, _ = evaluated(f"tasks.cycles(t, t.id, {ends})", {"tasks": tasks}, gaps)
        assert isinstance(value, Listing)
        return value

    UNKNOWN_B = "t.id == 'a' ? ['b'] : t.id == 'b' ? (t.done == true ? ['a'] : []) : []"

    def test_unknown_successors_may_close_a_circle(self, evaluated: Evaluated) -> None:
        """Nobody can say that there is none."""
        found = self.found(evaluated, self.UNKNOWN_B, [task("a"), task("b", done=HOLE)])

        assert (list(found), found.rest is not None) == ([], True)

    def test_an_unknown_that_nothing_leads_to_from_there_may_only_lead_to_itself(
        self, evaluated: Evaluated
    ) -> None:
        """C is known to lead nowhere, so the circle of a and b stays as it is."""
        ends = "t.id == 'a' ? ['b'] : t.id == 'b' ? ['a'] : t.done == true ? ['c'] : []"
        found = self.found(evaluated, ends, [task("a"), task("b"), task("c", done=HOLE)])

        assert [list(knot) for knot in found] == [["a", "b"]]
        assert found.rest is not None

    def test_a_certain_circle_may_be_larger(self, evaluated: Evaluated) -> None:
        """It is one, and nobody knows of how many."""
        ends = "t.id == 'a' ? ['b', 'c'] : t.id == 'b' ? ['a'] : t.done == true ? ['a'] : []"
        found = self.found(evaluated, ends, [task("a"), task("b"), task("c", done=HOLE)])

        (knot,) = found
        assert (list(knot), knot.rest is not None) == (["a", "b"], True)

    def test_an_element_that_may_not_belong_closes_no_circle_for_certain(
        self, evaluated: Evaluated
    ) -> None:
        """Here b may not be there."""
        found, _ = evaluated(
            "tasks.filter(t, t.done == true).cycles(t, t.id, t.id == 'a' ? ['b'] : ['a'])",
            {"tasks": [task("a"), task("b", done=HOLE)]},
        )

        assert (list(found), found.rest is not None) == ([], True)

    def test_a_successor_that_may_not_be_one(self, evaluated: Evaluated) -> None:
        """It leaves open only the circle that it could close."""
        ends = "t.id == 'a' ? ['b'] : ['a', 'c'].filter(s, s == 'c' || t.done == true)"
        found = self.found(evaluated, ends, [task("a"), task("b", done=HOLE)])

        assert (list(found), found.rest is not None) == ([], True)

    def test_of_a_truncated_list_the_circles_that_are_there_are_certain(
        self, evaluated: Evaluated
    ) -> None:
        """And others may be."""
        ends = arrows(a=["b"], b=["a"])
        found = self.found(evaluated, ends, [task("a"), task("b")], is_truncated=True)

        assert [(list(knot), knot.is_open) for knot in found] == [(["a", "b"], False)]
        assert found.rest is not None

    def test_what_leads_out_of_a_truncated_list_may_come_back(self, evaluated: Evaluated) -> None:
        """Through elements that nobody has read."""
        ends = arrows(a=["b"], b=["a", "z"])
        found = self.found(evaluated, ends, [task("a"), task("b")], is_truncated=True)

        assert [(list(knot), knot.is_open) for knot in found] == [(["a", "b"], True)]

    def test_what_was_not_read_may_lead_back_from_the_same_id(self, evaluated: Evaluated) -> None:
        """Where an element is an arrow, another one with the same id may close a larger circle."""
        found, _ = evaluated(
            "tasks.cycles(t, t.done == true ? 'a' : 'b', ['a'])",
            {"tasks": [task("x", done=True)]},
            {"/tasks": "truncated"},
        )

        assert isinstance(found, Listing)
        assert [(list(knot), knot.is_open) for knot in found] == [(["a"], True)]

    def test_an_unknown_id_leaves_everything_open(self, evaluated: Evaluated) -> None:
        """Any arrow may lead there."""
        value, _ = evaluated(
            "tasks.cycles(t, t.points == 1 ? 'a' : 'b', ['a'])",
            {"tasks": [task("a"), task("b", points=HOLE)]},
        )

        assert isinstance(value, Unknown)


def test_no_circle_among_no_elements_is_vacuous(evaluated: Evaluated) -> None:
    """Nothing was looked at."""
    for question in ("size({}) == 0", "!{}.exists(c, true)"):
        value, _ = evaluated(question.format("tasks.cycles(t, t.id, [])"), {"tasks": []})
        assert shape_of(value) == "vacuous True"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("tasks.cycles(t, t.points, [])", "wants a text"),
        ("tasks.cycles(t, t.id, t.id)", "wants a list of texts"),
        ("tasks.cycles(t, t.id, [1])", "wants a list of texts"),
        ("tasks.cycles(t, t.id, t.done == true ? ['a'] : null)", "may be null"),
    ],
)
def test_arguments_are_checked(evaluated: Evaluated, expression: str, message: str) -> None:
    """An id and the ids that it leads to."""
    with pytest.raises(CheckErrors) as caught:
        evaluated(expression, {"tasks": []})

    assert message in " ".join(fault.message for fault in caught.value.diagnostics)


def test_null_leads_nowhere(evaluated: Evaluated) -> None:
    """So one parent, or none, can be written as a list of one."""
    found, _ = evaluated(
        "tasks.cycles(t, t.id, [t.id == 'a' ? 'b' : null])", {"tasks": [task("a"), task("b")]}
    )

    assert list(found) == []


def test_a_successor_that_is_no_text_is_an_error(evaluated: Evaluated) -> None:
    """Where dyn hid it from the checker."""
    found, _ = evaluated("tasks.cycles(t, t.id, dyn([1]))", {"tasks": [task("a")]})

    assert isinstance(found, Failure)
