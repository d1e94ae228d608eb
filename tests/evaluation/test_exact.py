"""Unknowns, errors, vacuity and open lists, as LANGUAGE.md (sections 2 to 4) defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.lift import Lift
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.parser import parse
from auditor.language.values import Cause, Failure, Hollow, Listing, Unknown
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

ATOMS = {
    "true": "true",
    "false": "false",
    "unknown": "other",
    "error": "1 / 0 == 1",
    "vacuous true": "tasks.all(t, t.done == true)",
    "vacuous false": "tasks.exists(t, t.done == true)",
}


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        ("false", "&&", "unknown", "False"),
        ("unknown", "&&", "false", "False"),
        ("error", "&&", "false", "False"),
        ("true", "||", "error", "True"),
        ("unknown", "||", "true", "True"),
        ("true", "&&", "unknown", "unknown"),
        ("false", "||", "unknown", "unknown"),
        ("error", "&&", "unknown", "unknown"),
        ("unknown", "||", "error", "unknown"),
        ("true", "&&", "error", "error"),
        ("vacuous true", "&&", "true", "vacuous True"),
        ("vacuous true", "||", "true", "True"),
        ("vacuous true", "||", "false", "vacuous True"),
        ("vacuous false", "&&", "false", "False"),
        ("vacuous false", "&&", "true", "vacuous False"),
        ("vacuous false", "||", "false", "vacuous False"),
        ("vacuous true", "&&", "vacuous true", "vacuous True"),
    ],
)
def test_logic_absorbs_and_marks(
    evaluated: Evaluated, left: str, operator: str, right: str, expected: str
) -> None:
    """A deciding operand absorbs what is not known; a vacuous one leaves its mark by duality."""
    value, _ = evaluated(f"({ATOMS[left]}) {operator} ({ATOMS[right]})", {"tasks": []})

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "tasks", "expected"),
    [
        ("tasks.all(t, t.done == true)", [], "vacuous True"),
        ("!tasks.exists(t, t.done == true)", [], "vacuous True"),
        ("!tasks.exists(t, t.done == true)", [task("a", done=False)], "True"),
        ("tasks.filter(t, t.points == 9).all(t, t.done == true)", [], "vacuous True"),
        ("tasks.filter(t, t.points == 9).all(t, t.done == true)", [task("a")], "True"),
        ("size(tasks.filter(t, t.points == 9)) <= 3", [], "vacuous True"),
        ("size(tasks.filter(t, t.points == 9)) <= 3", [task("a")], "True"),
        ("tasks.filter(t, t.points == 9).exists(t, t.done == true)", [task("a")], "False"),
        ("tasks.all(t, t.parts.all(p, p.done == true))", [task("a"), task("b")], "vacuous True"),
        (
            "tasks.all(t, t.parts.all(p, p.done == true))",
            [task("a"), task("b", parts=[{"done": True}])],
            "True",
        ),
        ("tasks.count(t, t.done == true) == 0", [], "vacuous True"),
        ("tasks.latest(t, t.at) == null", [], "vacuous True"),
        ("tasks.latest(t, t.at) == null", [task("a")], "True"),
    ],
)
def test_a_truth_that_rests_on_no_element_is_vacuous(
    evaluated: Evaluated, expression: str, tasks: list[Any], expected: str
) -> None:
    """The table of LANGUAGE.md, section 2, rule 7."""
    value, _ = evaluated(expression, {"tasks": tasks})

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "fact", "expected"),
    [
        ("t.done == null", None, "True"),
        ("has(t.done)", None, "False"),
        ("t.done == null", HOLE, "unknown"),
        ("has(t.done)", HOLE, "unknown"),
        ("has(t.parts)", [], "False"),
    ],
)
def test_null_is_absent_and_a_missing_key_is_unknown(
    evaluated: Evaluated, expression: str, fact: object, expected: str
) -> None:
    """The table of LANGUAGE.md, section 3."""
    field = "parts" if "parts" in expression else "done"
    value, _ = evaluated(f"tasks.all(t, {expression})", {"tasks": [task("a", **{field: fact})]})

    assert shape_of(value) == expected


def test_a_field_of_null_is_null(evaluated: Evaluated) -> None:
    """Selecting from what is known to be absent is not an error."""
    value, _ = evaluated("tasks.latest(t, t.at).id == null", {"tasks": [task("a")]})

    assert shape_of(value) == "True"


def test_an_unknown_names_the_fact_and_the_reason_of_its_gap(evaluated: Evaluated) -> None:
    """What would decide is known exactly, so that somebody can supply it."""
    gaps = {"/tasks/*/done": "not_supported"}
    value, _ = evaluated("tasks.all(t, t.done == true)", {"tasks": [task("a", done=HOLE)]}, gaps)

    assert value == Unknown(frozenset({Cause("/tasks/0/done", "not_supported")}))


class TestOpenLists:
    """LANGUAGE.md, section 4."""

    TRUNCATED: ClassVar = {"/tasks": "truncated"}

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("tasks.exists(t, t.id == 'a')", "True"),
            ("tasks.exists(t, t.id == 'z')", "unknown"),
            ("tasks.all(t, t.id == 'a')", "False"),
            ("tasks.all(t, t.points == 1)", "unknown"),
            ("size(tasks) == 2", "unknown"),
            ("tasks.count(t, t.points == 1) == 2", "unknown"),
            ("tasks.sum(t, 1) == 2", "unknown"),
            ("tasks[0].id == 'a'", "unknown"),
            ("tasks.latest(t, t.at) == null", "unknown"),
            ("tasks == tasks", "unknown"),
            ("tasks.sumReaches(t, 5, 10)", "True"),
            ("tasks.sumReaches(t, 5, 11)", "unknown"),
            ("tasks.sumReaches(t, t.id == 'a' ? -1 : 99, 10)", "unknown"),
            ("tasks.filter(t, false).sumReaches(t, 5, 0)", "unknown"),
            ("tasks.map(t, t.id).exists(i, i == 'b')", "True"),
            ("'z' in tasks.map(t, t.id)", "unknown"),
        ],
    )
    def test_an_unread_rest_leaves_open_what_it_could_change(
        self, evaluated: Evaluated, expression: str, expected: str
    ) -> None:
        """A truncated list decides only what no further member could change."""
        value, _ = evaluated(expression, {"tasks": [task("a"), task("b")]}, self.TRUNCATED)

        assert shape_of(value) == expected

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            # b may belong: its filter is unknown.
            ("tasks.filter(t, t.done == true).exists(t, t.id == 'a')", "True"),
            ("tasks.filter(t, t.done == true).exists(t, t.id == 'b')", "unknown"),
            ("tasks.filter(t, t.done == true).all(t, t.points == 1)", "True"),
            ("tasks.filter(t, t.done == true).all(t, t.id == 'a')", "unknown"),
            ("tasks.filter(t, t.done == true).all(t, t.id == 'b')", "False"),
            ("size(tasks.filter(t, t.done == true)) == 2", "unknown"),
            ("tasks.filter(t, t.done == true).count(t, t.id == 'a') == 1", "True"),
            ("tasks.filter(t, t.done == true).sum(t, t.id == 'b' ? 0 : 5) == 5", "True"),
            ("tasks.filter(t, t.done == true).exists_one(t, t.points == 1)", "unknown"),
            ("tasks.filter(t, t.done == true).sumReaches(t, 1, 1)", "True"),
            ("tasks.filter(t, t.done == true).sumReaches(t, 1, 2)", "unknown"),
            ("tasks.filter(t, t.done == true).sumReaches(t, 1, 3)", "False"),
            ("tasks.filter(t, t.done == true).sumReaches(t, t.id == 'b' ? -1 : 1, 1)", "unknown"),
            (
                "tasks.filter(t, t.done == true).sumReaches(t, t.id == 'b' ? 1 / 0 : 1, 9)",
                "unknown",
            ),
        ],
    )
    def test_a_member_that_may_belong_counts_only_where_it_could_change_the_answer(
        self, evaluated: Evaluated, expression: str, expected: str
    ) -> None:
        """A doubtful member is neither in nor out."""
        value, _ = evaluated(expression, {"tasks": [task("a"), task("b", done=HOLE)]})

        assert shape_of(value) == expected


class TestLatest:
    """The winner is decided only if nothing that is not known could beat it."""

    def latest(self, evaluated: Evaluated, tasks: list[dict[str, Any]]) -> str:
        """Return the id of the latest task, or what it comes to instead."""
        value, _ = evaluated("tasks.latest(t, t.at).id", {"tasks": tasks})
        return value if isinstance(value, str) else shape_of(value)

    def test_of_equals_the_later_in_the_list_wins(
        self, evaluated: Evaluated, utc: Callable[..., dt.datetime]
    ) -> None:
        """Two records of the same instant: the one written later."""
        tasks = [task("a", at=utc(3)), task("b", at=utc(3)), task("c", at=utc(2))]

        assert self.latest(evaluated, tasks) == "b"

    def test_a_null_key_takes_no_part(
        self, evaluated: Evaluated, utc: Callable[..., dt.datetime]
    ) -> None:
        """What never happened is not the latest."""
        assert self.latest(evaluated, [task("a", at=utc(3)), task("b", at=None)]) == "a"

    def test_an_unobserved_key_could_win(
        self, evaluated: Evaluated, utc: Callable[..., dt.datetime]
    ) -> None:
        """A record without its instant leaves the question open."""
        assert self.latest(evaluated, [task("a", at=utc(3)), task("b", at=HOLE)]) == "unknown"

    def test_a_day_decides_on_another_day_only(
        self, evaluated: Evaluated, utc: Callable[..., dt.datetime]
    ) -> None:
        """Convention C2: a day is an interval."""
        day = utc(3).date()

        assert self.latest(evaluated, [task("a", at=utc(3, 9)), task("b", at=day)]) == "unknown"
        assert self.latest(evaluated, [task("a", at=utc(2, 9)), task("b", at=day)]) == "b"
        assert self.latest(evaluated, [task("a", at=utc(5, 9)), task("b", at=day)]) == "a"


def test_comparisons_with_a_day_are_unknown_inside_it(
    evaluated: Evaluated, utc: Callable[..., dt.datetime]
) -> None:
    """Convention C2, for every ordering."""
    document = {"tasks": [task("a", at=utc(3).date())]}
    inside, before, after = (f"timestamp('2026-03-0{d}T12:00:00Z')" for d in (3, 2, 4))

    def outcome(operator: str, instant: str) -> str:
        guard = f"tasks.all(t, t.at != null && t.at {operator} {instant})"
        return shape_of(evaluated(guard, document)[0])

    assert [outcome(op, inside) for op in ("<", "<=", ">", ">=", "==")] == ["unknown"] * 5
    assert [outcome(op, after) for op in ("<", "<=", ">", ">=")] == [
        "True",
        "True",
        "False",
        "False",
    ]
    assert [outcome(op, before) for op in ("<", "<=", ">", ">=")] == [
        "False",
        "False",
        "True",
        "True",
    ]


class TestWitness:
    """Only what decided a value is left in its trail."""

    def test_a_false_all_keeps_its_counter_examples(self, evaluated: Evaluated) -> None:
        """Members that satisfy the demand decide nothing."""
        tasks = [task("a"), task("b", points=5), task("c")]
        _, trail = evaluated("tasks.all(t, t.points == 1)", {"tasks": tasks})

        assert trail.facts == ["/tasks/1/points"]
        assert [member.data["id"] for member in trail.failing] == ["b"]

    def test_a_true_exists_keeps_its_hit(self, evaluated: Evaluated) -> None:
        """One witness is enough, with what let it through a filter."""
        tasks = [task("a"), task("b", points=5)]
        expression = "tasks.filter(t, t.done == true).exists(t, t.points == 5)"
        _, trail = evaluated(expression, {"tasks": tasks})

        assert trail.facts == ["/tasks/1/points", "/tasks/1/done"]

    def test_a_false_exists_keeps_its_near_misses(self, evaluated: Evaluated) -> None:
        """Of all that it looked at, the members that came nearest."""
        tasks = [task("a", done=False), task("b", points=2), task("c", done=False)]
        expression = "tasks.exists(t, t.done == true && t.points == 5)"
        _, trail = evaluated(expression, {"tasks": tasks})

        assert trail.facts == ["/tasks/1/points"]

    def test_a_false_exists_without_a_near_miss_names_the_list(self, evaluated: Evaluated) -> None:
        """Where many members come equally near, none of them is news."""
        _, trail = evaluated("tasks.exists(t, t.points == 5)", {"tasks": [task(c) for c in "abcd"]})

        assert trail.facts == ["/tasks"]

    def test_a_deciding_operand_is_kept_alone(self, evaluated: Evaluated) -> None:
        """The other side of a false && does not matter."""
        document = {"tasks": [task("a")], "flag": True, "other": False}
        _, trail = evaluated(
            "tasks.all(t, t.points == 1) && tasks.all(t, t.done == false)", document
        )

        assert trail.facts == ["/tasks/0/done"]

    def test_an_empty_list_is_itself_the_fact(self, evaluated: Evaluated) -> None:
        """Nothing was there: the list that is empty says so."""
        _, trail = evaluated("tasks.exists(t, t.done == true)", {"tasks": []})

        assert trail.facts == ["/tasks"]


def test_sums_are_exact_on_the_decimal_spelling(evaluated: Evaluated) -> None:
    """Ten tenths are one, whatever binary floats say."""
    value, _ = evaluated("[0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1].sum(x, x) == 1.0", {})

    assert value is True


def test_the_budget_ends_an_evaluation(functions: Functions) -> None:
    """Limits belong to the language: the same step on every machine."""
    expr = CheckedExpr(parse("[1,2,3].all(a, [1,2,3].all(b, [1,2,3].all(c, a < 9)))"), "")

    with pytest.raises(BudgetExceeded):
        Evaluator(functions, Lift(), budget=50).evaluate(expr, {})


@given(
    st.recursive(
        st.sampled_from(sorted(ATOMS)), lambda inner: st.tuples(inner, inner), max_leaves=6
    )
)
def test_negation_is_dual(tree: object) -> None:
    """`!(a && b)` and `!a || !b` agree in truth, unknown, error and vacuity, however they nest."""
    from auditor.language.functions.standard import LIBRARY  # noqa: PLC0415
    from auditor.language.registry import Functions as Table  # noqa: PLC0415

    values: dict[str, Any] = {
        "true": True,
        "false": False,
        "unknown": Unknown(frozenset({Cause("/x", "unobserved")})),
        "error": Failure("broken", "broken"),
        "vacuous true": Hollow(value=True),
        "vacuous false": Hollow(value=False),
    }
    names = {name.replace(" ", "_"): value for name, value in values.items()}

    def text(node: Any, *, negated: bool) -> str:
        if isinstance(node, str):
            name = f"v_{node.replace(' ', '_')}"
            return f"!{name}" if negated else name
        left, right = (text(part, negated=negated) for part in node)
        return f"({left} {'||' if negated else '&&'} {right})"

    def run(expression: str) -> str:
        variables = {f"v_{name}": value for name, value in names.items()}
        evaluator = Evaluator(Table([LIBRARY]), Lift())
        return shape_of(evaluator.evaluate(CheckedExpr(parse(expression), ""), variables)[0])

    assert run(f"!({text(tree, negated=False)})") == run(text(tree, negated=True))


def test_lists_keep_the_unknown_of_one_member(evaluated: Evaluated) -> None:
    """A hole in one member does not hide what the others decide."""
    tasks = [task("a", points=HOLE), task("b", points=7)]
    value, _ = evaluated("7 in tasks.map(t, t.points)", {"tasks": tasks})

    assert value is True
    assert isinstance(evaluated("tasks.map(t, t.points)", {"tasks": tasks})[0], Listing)
