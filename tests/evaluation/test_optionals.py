"""Optionals over facts that are there, absent, or not observed, as docs/decisions/0011 says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.wording import Wording
from auditor.facts.zones import zone
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.vacuity import Vacuity
from auditor.language.values import Cause, Failure, Hollow, Listing, Optional, Unknown
from tests.evaluation.conftest import WORLD
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.registry import Functions
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

OPEN = {"/tasks": "truncated"}
"""Gaps that leave the list of tasks open."""


def told(value: Value) -> str:
    """Write what an optional holds."""
    match value:
        case Hollow():
            return f"vacuous {told(value.value)}"
        case Optional(has_value=False):
            return "nothing"
        case Optional():
            return f"holds {value.value}"
        case _:
            return shape_of(value)


@pytest.mark.parametrize(
    ("expression", "facts", "expected"),
    [
        pytest.param("tasks[0].?points", {"points": 7}, "holds 7", id="a value"),
        pytest.param("tasks[0].?points", {"points": None}, "nothing", id="known absent"),
        pytest.param("tasks[0].?points", {"points": HOLE}, "unknown", id="unobserved"),
        pytest.param("tasks[0].?parts", {"parts": []}, "nothing", id="a list without elements"),
        pytest.param("{'a': null}.?a", {}, "holds None", id="null in plain data is a value"),
        pytest.param("{'a': 1}.?b", {}, "nothing", id="no such key in plain data"),
        pytest.param("{'a': other}.?a", {}, "unknown", id="an unknown entry"),
        pytest.param("dyn(1).?a", {}, "error", id="a number has no fields"),
        pytest.param("tasks[?0].points", {"points": 7}, "holds 7", id="a field of an optional"),
        pytest.param("tasks[?0].points", {"points": None}, "nothing", id="an absent one"),
        pytest.param("tasks[?0].points", {"points": HOLE}, "unknown", id="an unobserved one"),
        pytest.param("tasks[?1].points", {}, "nothing", id="a field of nothing"),
        pytest.param("tasks[?1]", {}, "nothing", id="no such position"),
        pytest.param("{'a': 1}[?'b']", {}, "nothing", id="no such key"),
        pytest.param("[other][?0]", {}, "unknown", id="an unknown element"),
        pytest.param("tasks[?other ? 0 : 1]", {}, "unknown", id="an unknown position"),
        pytest.param("dyn(tasks)[?'a']", {}, "error", id="no position at all"),
        pytest.param("has(tasks[?0].points)", {"points": 7}, "True", id="has"),
        pytest.param("has(tasks[?0].points)", {"points": None}, "False", id="has, absent"),
        pytest.param("has(tasks[?0].points)", {"points": HOLE}, "unknown", id="has, unobserved"),
        pytest.param("has(tasks[?1].points)", {}, "False", id="has, of nothing"),
        pytest.param("optional.of(other)", {}, "unknown", id="of an unknown"),
        pytest.param("optional.of(tasks[0].at)", {"at": None}, "holds None", id="of null"),
        pytest.param("optional.of(1 / 0)", {}, "error", id="of an error"),
        pytest.param("optional.ofNonZeroValue(tasks[0].points)", {"points": 0}, "nothing", id="0"),
        pytest.param(
            "optional.ofNonZeroValue(optional.none()).hasValue()", {}, "True", id="an optional"
        ),
        pytest.param("optional.ofNonZeroValue(false)", {}, "nothing", id="false"),
        pytest.param("optional.ofNonZeroValue(true)", {}, "holds True", id="true"),
        pytest.param("optional.ofNonZeroValue(duration('0s'))", {}, "nothing", id="no time"),
    ],
)
def test_what_an_optional_holds(
    evaluated: Evaluated, expression: str, facts: dict[str, Any], expected: str
) -> None:
    """It holds a declared field exactly where ``has()`` is true; what is not known stays unknown."""
    value, _ = evaluated(expression, {"tasks": [task("a", **facts)]})

    assert told(value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("optional.of(1).orValue(1 / 0) == 1", "True"),
        ("optional.none().orValue(1 / 0) == 1", "error"),
        ("optional.of(1).orValue(other ? 1 : 2) == 1", "True"),
        ("optional.none().orValue(other ? 1 : 2) == 1", "unknown"),
        ("optional.of(1).or(optional.of(1 / 0)).value() == 1", "True"),
        ("optional.of(other).or(optional.of(true)).value()", "unknown"),
        ("optional.none().value() == 1", "error"),
        ("optional.none().optMap(x, 1 / 0).hasValue()", "False"),
        ("optional.of(1).optMap(x, x / 0).hasValue()", "error"),
        ("optional.of(1).optMap(x, other).hasValue()", "unknown"),
        ("optional.of(1).optFlatMap(x, optional.none()).hasValue()", "False"),
        ("dyn(1).optMap(x, x).hasValue()", "error"),
        ("optional.of(1).optFlatMap(x, dyn(x)).hasValue()", "error"),
        ("dyn(1).orValue(2) == 1", "error"),
        ("optional.of(dyn([1])) == optional.of(dyn([1.0]))", "True"),
        ("optional.of(dyn(null)) == optional.none()", "False"),
        ("dyn(optional.of(1)) == 1", "False"),
        ("type(optional.none()) == optional_type", "True"),
        ("[?dyn(1)] == [1]", "error"),
        ("{?'a': dyn(1)} == {'a': 1}", "error"),
        ("{?'a': optional.of(1), 'a': 2} == {'a': 1}", "error"),
        ("[?optional.of(1), 2, ?optional.none()] == [1, 2]", "True"),
        ("[optional.of(1), optional.none()].unwrapOpt() == [1]", "True"),
        ("optional.unwrap([dyn(1)]) == [1]", "error"),
    ],
)
def test_what_is_made_of_an_optional(evaluated: Evaluated, expression: str, expected: str) -> None:
    """The other value is looked at only where there is none; wrong kinds are errors."""
    value, _ = evaluated(expression, {"tasks": []})

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[?optional.of(other)].all(x, x)", "unknown"),
        ("[?optional.of(other), false].all(x, x)", "False"),
        ("size([?optional.of(other)]) < 2", "unknown"),
        ("[optional.of(other)].unwrapOpt().all(x, x)", "unknown"),
        ("'a' in {?'a': optional.of(other), 'b': 1}", "unknown"),
        ("[?optional.none()].all(x, x)", "vacuous True"),
        ("[?optional.none(), true].all(x, x)", "True"),
    ],
)
def test_a_member_that_may_be_left_out(
    evaluated: Evaluated, expression: str, expected: str
) -> None:
    """Where it is unknown the list is open, and the map unknown."""
    value, _ = evaluated(expression, {"tasks": []})

    assert shape_of(value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tasks[?0].hasValue()", "vacuous False"),
        ("!tasks[?0].hasValue()", "vacuous True"),
        ("tasks[?0].points.orValue(0) <= 3", "vacuous True"),
        ("tasks[?0].optMap(t, t.id).or(optional.of('b')).hasValue()", "vacuous True"),
        ("optional.of(tasks.all(t, t.points == 9)).value()", "vacuous True"),
        ("optional.of(1).optMap(x, tasks.all(t, t.points == x)).value()", "vacuous True"),
        ("cel.bind(n, size(tasks), n <= 3)", "vacuous True"),
        ("cel.block([size(tasks)], cel.index(0) <= 3)", "vacuous True"),
        ("cel.bind(held, tasks.all(t, t.points == 9), held)", "vacuous True"),
        ("tasks.all(i, t, i < 0)", "vacuous True"),
        ("!tasks.exists(i, t, i == 0)", "vacuous True"),
        ("size(tasks.transformList(i, t, i)) <= 3", "vacuous True"),
        ("tasks.all(t, t.points == 9) == true", "vacuous True"),
        ("cel.bind(n, 1, n <= 3)", "True"),
        ("{'a': 1}.?b.hasValue()", "False"),
        ("{'a': 1}[?'b'].hasValue()", "False"),
    ],
)
def test_what_rests_on_no_element(evaluated: Evaluated, expression: str, expected: str) -> None:
    """A member that is missing because there is none at all is vacuous; the checker asks about it."""
    value, _ = evaluated(expression, {"tasks": []})
    vacuity = Vacuity({}, {})
    possible = [vacuity.possible(parse(expression), truth=truth) for truth in (True, False)]

    assert shape_of(value) == expected
    assert any(possible) == expected.startswith("vacuous")


def test_a_filter_that_lets_nothing_through_is_not_vacuous(evaluated: Evaluated) -> None:
    """Each member was looked at."""
    text = "tasks.filter(t, t.points == 9)[?0].hasValue()"
    value, _ = evaluated(text, {"tasks": [task("a")]})

    assert value is False


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("tasks[?0].hasValue()", "unknown"), ("tasks[?9].hasValue()", "unknown")],
)
def test_a_position_in_an_open_list_is_unknown(
    evaluated: Evaluated, expression: str, expected: str
) -> None:
    """What was not read may stand before it."""
    value, _ = evaluated(expression, {"tasks": [task("a")]}, OPEN)

    assert shape_of(value) == expected


def test_an_optional_may_hold_an_open_list(evaluated: Evaluated) -> None:
    """It is there; a witness in it decides, and its size does not."""
    gaps = {"/tasks/0/parts": "truncated"}
    document = {"tasks": [task("a", parts=[{"done": True}])]}
    found = "tasks[0].?parts.orValue([]).exists(p, p.done == true)"

    assert evaluated("tasks[0].?parts.hasValue()", document, gaps)[0] is True
    assert evaluated(found, document, gaps)[0] is True
    assert shape_of(evaluated("tasks[0].?parts.value().size() < 9", document, gaps)[0]) == "unknown"


def test_a_list_of_which_nothing_was_read_may_be_there(evaluated: Evaluated) -> None:
    """``has()`` of it is unknown, and so is the optional."""
    value, _ = evaluated("tasks[0].?parts", {"tasks": [task("a")]}, {"/tasks/0/parts": "truncated"})

    assert value == Unknown(frozenset({Cause("/tasks/0/parts", "truncated")}))


def test_a_day_stays_a_day_in_an_optional(evaluated: Evaluated, utc: Callable[..., Any]) -> None:
    """Whether it was by an instant of that day is unknown; of a later one it is known."""
    document = {"tasks": [task("a", at=utc(5).date())]}
    text = "optional.of(tasks[0].at).value().by(timestamp('2026-03-0{}T12:00:00Z'))"

    assert shape_of(evaluated(text.format(5), document)[0]) == "unknown"
    assert evaluated(text.format(7), document)[0] is True


def test_facts_are_noted_where_they_are_read(evaluated: Evaluated) -> None:
    """A bound value counts where its name is used, and an optional field as a plain one."""
    document = {"tasks": [task("a", points=None)]}

    assert evaluated("tasks[0].?points.hasValue()", document)[1].facts == ["/tasks/0/points"]
    assert evaluated("cel.bind(x, tasks[0].points, x == 1)", document)[1].facts == [
        "/tasks/0/points"
    ]
    assert evaluated("cel.bind(x, tasks[0].points, 1 == 1)", document)[1].facts == []
    assert evaluated("cel.block([tasks[0].points], 1 == 1)", document)[1].facts == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cel.bind(x, 1 / 0, true)", "True"),
        ("cel.bind(x, 1 / 0, x == 1)", "error"),
        ("cel.bind(x, other, true)", "True"),
        ("cel.bind(x, other, x)", "unknown"),
        ("cel.bind(x, other, x || true)", "True"),
        ("cel.bind(x, 1, cel.bind(x, x + 1, x)) == 2", "True"),
        ("cel.block([1 / 0], true)", "True"),
        ("cel.block([1 / 0, cel.index(0)], cel.index(1) == 1)", "error"),
        ("cel.block([other], cel.index(0) || true)", "True"),
        (
            "cel.block([1], [2].all(x, cel.block([x], cel.index(0) == 2) && cel.index(0) == 1))",
            "True",
        ),
    ],
)
def test_what_is_bound_matters_where_it_is_used(
    evaluated: Evaluated, expression: str, expected: str
) -> None:
    """As with ``let``."""
    value, _ = evaluated(expression, {"tasks": []})

    assert shape_of(value) == expected


def test_a_long_chain_of_slots_is_not_deep(evaluated: Evaluated) -> None:
    """Each slot stands on the one before it; nothing is evaluated inside of another one."""
    slots = ", ".join(["1", *(f"cel.index({n}) + 1" for n in range(700))])

    assert evaluated(f"cel.block([{slots}], cel.index(700))", {"tasks": []})[0] == 701


def test_values_that_are_too_deep_are_an_error_when_they_are_compared(evaluated: Evaluated) -> None:
    """Slots and macros can build what no text and no document may nest."""
    slots = ", ".join(["[1]", *(f"[cel.index({n})]" for n in range(900))])
    block = f"cel.block([{slots}], cel.index(900) == cel.index(899))"
    wrapped = "[1]" + (".map(x, " + "[" * 40 + "x" + "]" * 40 + ")") * 15

    for text in (block, f"{wrapped} == {wrapped}", f"{wrapped} in [{wrapped}]"):
        value, _ = evaluated(text, {"tasks": []})

        assert isinstance(value, Failure)
        assert value.slug == "too_deep"


@pytest.mark.parametrize(
    ("expression", "slug"),
    [
        ("tasks[0].?nope.hasValue()", "unknown-field"),
        ("tasks[?0].nope.hasValue()", "unknown-field"),
        ("flag.?nope.hasValue()", "no-field"),
        ("[?1]", "not-optional"),
        ("{?'a': 1}", "not-optional"),
        ("optional.of(1) == 1", "never-equal"),
        ("optional.of(1) == optional.of('a')", "never-equal"),
        ("tasks[?0].points + 1", "no-overload"),
        ("tasks[?'a']", "no-overload"),
        ("optional.of(1).orValue('a') == 'a'", None),
        ("optional.of(1) && true", "not-bool"),
        ("tasks[0].?points.orValue(null) + 1", "unguarded-null"),
        ("tasks[0].?points.orValue(0) + 1", None),
        ("tasks.all(t, t.?points.hasValue() && t.points + 1 == 2)", None),
        ("tasks.all(t, t.?points.hasValue() || t.points + 1 == 2)", "unguarded-null"),
        ("tasks.all(t, t.?points.optMap(p, p > 1).orValue(false))", None),
        ("tasks[0].?at.value() < tasks[0].?at.value()", None),
        ("optional.of(tasks[0].points).value() + 1", "unguarded-null"),
        ("tasks.optMap(t, t)", "no-overload"),
        ("optional.of(1).optFlatMap(x, x)", "wrong-element"),
        ("tasks.transformMapEntry(i, t, i)", "wrong-element"),
        ("tasks.transformList(i, t, i, t)", "not-bool"),
        ("tasks.transformMap(i, t, 'a', t)", "not-bool"),
        ("tasks.all(i, t, i == 'a')", "never-equal"),
        ("flag.all(i, t, true)", "unguarded-null"),
        ("cel.bind(x, 1, x == 'a')", "never-equal"),
        ("cel.bind(x, tasks[0].points, x + 1)", "unguarded-null"),
        ("cel.bind(x, tasks[0].points, x != null && x + 1 == 2)", None),
        ("cel.index(0)", "undeclared-name"),
        ("cel.block([cel.index(0)], 1)", "undeclared-name"),
        ("cel.block([1, 'a'], cel.index(0) == cel.index(1))", "never-equal"),
        ("cel.block([1], cel.index(1))", "undeclared-name"),
        ("optional.off(1)", "unknown-function"),
        ("[1] + dyn([2]) == [1, 2]", None),
        ("[1] + 2 == [1, 2]", "no-overload"),
        ("optional.of(1, 2)", "no-overload"),
        ("[1].all(optional, optional.of(1).hasValue())", "unknown-function"),
    ],
)
def test_what_the_checker_says(functions: Functions, expression: str, slug: str | None) -> None:
    """Optionals are a type of their own: nothing takes one for what it holds."""
    types = {name: field.type for name, field in WORLD.fields.items()}
    found: set[str] = set()
    try:
        check(parse(expression), variables=types, functions=functions, text=expression)
    except CheckErrors as refused:
        found = {diagnostic.slug for diagnostic in refused.diagnostics}

    assert found >= ({slug} if slug else set())
    assert bool(found) == bool(slug)


def test_a_slot_is_named_as_it_is_written(functions: Functions) -> None:
    """A message shows nothing that no text can spell."""
    text = "cel.block([1], cel.index(7) == name)"
    with pytest.raises(CheckErrors) as refused:
        check(parse(text), variables={}, functions=functions, text=text)

    messages = [diagnostic.message for diagnostic in refused.value.diagnostics]
    assert messages[0] == "no variable 'cel.index(7)' is declared"
    assert not any("@" in f"{found.message}{found.hint}" for found in refused.value.diagnostics)


def test_what_a_literal_leaves_open_its_neighbour_decides(functions: Functions) -> None:
    """An empty list takes the type of what stands beside it; alone its elements are of any type."""
    shown = {
        text: str(check(parse(text), variables={}, functions=functions).type)
        for text in ("[]", "[[], [1]]", "[{}, {'a': 1}]", "[optional.none(), optional.of('a')]")
    }

    assert shown == {
        "[]": "list(dyn)",
        "[[], [1]]": "list(list(int))",
        "[{}, {'a': 1}]": "list(map(string, int))",
        "[optional.none(), optional.of('a')]": "list(optional(string))",
    }


def test_a_sentence_shows_what_an_optional_holds() -> None:
    """A report needs no word for the wrapping."""
    wording = Wording({}, zone("Europe/Berlin"))

    assert wording.show(Optional(has_value=True, value=True)) == "yes"
    assert wording.show(Optional()) == "none"


def test_errors_are_values(evaluated: Evaluated) -> None:
    """An optional that holds nothing has no value, and says so."""
    value, _ = evaluated("optional.none().value()", {"tasks": []})

    assert isinstance(value, Failure)
    assert (value.slug, value.message) == ("no_value", "the optional holds no value")


def test_members_that_hold_something_keep_their_order(evaluated: Evaluated) -> None:
    """What holds nothing leaves no trace."""
    text = "[optional.of(3), optional.none(), optional.of(1)].unwrapOpt()"
    value, _ = evaluated(text, {"tasks": []})

    assert isinstance(value, Listing)
    assert list(value) == [3, 1]
