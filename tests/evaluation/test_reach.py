"""``reachable``: what an id leads to, and where that cannot be told."""

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
from tests.evaluation.small_world import HOLE, task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

LEADS = "t.id == 'a' ? ['b', 'c'] : t.id == 'b' ? ['d'] : t.id == 'd' ? ['a', 'x'] : []"


def found(
    evaluated: Evaluated, ends: str, tasks: list[Any], start: str = "'a'", **gaps: str
) -> Any:
    """Evaluate over tasks with these ids."""
    return evaluated(f"tasks.reachable(t, t.id, {ends}, {start})", {"tasks": tasks}, gaps)[0]


def test_the_start_and_what_it_leads_to_the_nearest_first(evaluated: Evaluated) -> None:
    """Circles end, and an id that is not in the list is reached all the same."""
    value = found(evaluated, LEADS, [task(name) for name in "abcd"])

    assert list(value) == ["a", "b", "c", "d", "x"]
    assert not value.is_open


def test_a_start_that_is_not_in_the_list_leads_nowhere(evaluated: Evaluated) -> None:
    """It reaches itself alone; of a list that was cut short nobody can say that."""
    assert list(found(evaluated, LEADS, [task("b")], "'z'")) == ["z"]

    cut = evaluated(
        f"tasks.reachable(t, t.id, {LEADS}, 'z')", {"tasks": [task("b")]}, {"/tasks": "truncated"}
    )[0]
    assert list(cut) == ["z"]
    assert cut.rest is not None


NAMES = "abcdef"
graphs = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3), max_size=6
)


def closure(ends: Mapping[str, list[str]], start: str) -> set[str]:
    """Return what a node leads to, by looking until nothing is new."""
    reached = {start}
    while True:
        more = {end for name in reached for end in ends.get(name, ())} - reached
        if not more:
            return reached
        reached |= more


@given(graphs, st.sampled_from(NAMES))
def test_it_is_everything_that_can_be_reached(
    functions: Functions, ends: dict[str, list[str]], start: str
) -> None:
    """By brute force over small graphs; each once."""
    nodes = "[{}]".format(", ".join(f"{{'id': '{n}', 'to': {to}}}" for n, to in ends.items()))
    checked = check(
        parse(f"{nodes}.reachable(n, n.id, n.to, '{start}')"), variables={}, functions=functions
    )
    value, _ = Evaluator(functions, Lift()).evaluate(checked, {})

    assert isinstance(value, Listing)
    assert set(value) == closure(ends, start)
    assert len(list(value)) == len(set(value))


class TestOpen:
    """What is reached over what is known is certain; the rest may belong."""

    MAYBE = "t.id == 'a' ? ['b'] : t.id == 'b' ? (t.done == true ? ['c'] : []) : []"

    def test_successors_that_nobody_knows_leave_it_open(self, evaluated: Evaluated) -> None:
        """What comes before them is certain."""
        value = found(evaluated, self.MAYBE, [task("a"), task("b", done=HOLE), task("c")])

        assert list(value) == ["a", "b"]
        assert value.rest is not None

    def test_what_is_not_known_off_the_way_does_not_matter(self, evaluated: Evaluated) -> None:
        """Only ids that are reached are asked."""
        value = found(evaluated, self.MAYBE, [task("a"), task("b", done=HOLE), task("c")], "'c'")

        assert list(value) == ["c"]
        assert not value.is_open

    def test_an_id_that_may_not_be_there_leads_on_only_perhaps(self, evaluated: Evaluated) -> None:
        """Its successors may belong."""
        text = (
            "tasks.filter(t, t.done == true).reachable(t, t.id, t.id == 'a' ? ['b'] : ['c'], 'a')"
        )
        value = evaluated(text, {"tasks": [task("a", done=True), task("b", done=HOLE)]})[0]

        assert isinstance(value, Listing)
        assert [(item.value, item.doubt is None) for item in value.items] == [
            ("a", True),
            ("b", True),
            ("c", False),
        ]

    def test_an_id_that_nobody_knows_may_be_any(self, evaluated: Evaluated) -> None:
        """Every arrow may lead there."""
        value = evaluated(
            "tasks.reachable(t, t.done == true ? 'a' : 'b', ['c'], 'a')",
            {"tasks": [task("a", done=HOLE)]},
        )[0]

        assert isinstance(value, Unknown)

    @pytest.mark.parametrize(
        ("key", "is_open"), [("t.done == true ? 'a' : 'b'", True), ("t.id", False)]
    )
    def test_what_was_not_read_may_lead_on_from_the_same_id(
        self, evaluated: Evaluated, *, key: str, is_open: bool
    ) -> None:
        """Several elements may be about one id, arrows of a graph for example; only their own ids are unique."""
        value = evaluated(
            f"tasks.reachable(t, {key}, [], 'a')",
            {"tasks": [task("a", done=True)]},
            {"/tasks": "truncated"},
        )[0]

        assert (list(value), value.rest is not None) == (["a"], is_open)

    def test_a_start_that_nobody_knows(self, evaluated: Evaluated) -> None:
        """Nothing can be told."""
        value = evaluated(
            "tasks.reachable(t, t.id, ['b'], tasks[0].done == true ? 'a' : 'b')",
            {"tasks": [task("a", done=HOLE)]},
        )[0]

        assert isinstance(value, Unknown)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("tasks.reachable(t, t.points, [], 'a')", "wants a text"),
        ("tasks.reachable(t, t.id, t.id, 'a')", "wants a list of texts"),
        ("tasks.reachable(t, t.id, [], 1)", "wants a text to start from"),
        ("tasks.reachable(t, t.id, [], t.id)", "no variable 't'"),
        ("tasks.reachable(t, t.id, [], null)", "null"),
    ],
)
def test_the_checker_says_what_is_of_no_use(
    evaluated: Evaluated, expression: str, words: str
) -> None:
    """The start is asked for once, outside of the elements."""
    with pytest.raises(CheckErrors) as raised:
        evaluated(expression, {"tasks": []})

    assert any(words in one.message for one in raised.value.diagnostics)


def test_no_type_is_no_way_around_it(functions: Functions) -> None:
    """What only shows when it is evaluated is an error there."""
    checked = check(
        parse("[1].reachable(x, 'a', ['b'], dyn(1))"), variables={}, functions=functions
    )
    value, _ = Evaluator(functions, Lift()).evaluate(checked, {})

    assert isinstance(value, Failure)
