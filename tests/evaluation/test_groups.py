"""``groupBy``: elements by what they have in common, and which group nobody can tell (LANGUAGE.md, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.wording import record_name
from auditor.facts.zones import zone
from auditor.language.cel.checker import CheckErrors
from auditor.language.values import Failure, Listing
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]

BY_POINTS = "groupBy(t, t.points == 1 ? 'one' : t.points == 2 ? 'two' : 'many')"
DONE = f"tasks.filter(t, t.done == true).{BY_POINTS}"


def groups(found: Value) -> list[tuple[str, list[str]]]:
    """Return keys and ids of the members; those that may not belong with a question mark."""
    assert isinstance(found, Listing)
    return [
        (
            record.value.data["key"] + "?" * (record.doubt is not None),
            [part.value.data["id"] + "?" * (part.doubt is not None) for part in record.value.data["items"].items],
        )
        for record in found.items
    ]  # fmt: skip


def test_groups_stand_in_the_order_of_first_appearance(evaluated: Evaluated) -> None:
    """And so do their members."""
    tasks = [task("a", points=2), task("b", points=1), task("c", points=2), task("d", points=9)]
    found, _ = evaluated(f"tasks.{BY_POINTS}", {"tasks": tasks})

    assert groups(found) == [("two", ["a", "c"]), ("one", ["b"]), ("many", ["d"])]
    assert not found.is_open


def test_no_element_is_no_group(evaluated: Evaluated) -> None:
    """What is said of every group is then vacuous."""
    value, _ = evaluated(f"tasks.{BY_POINTS}.all(g, size(g.items) < 9)", {"tasks": []})

    assert shape_of(value) == "vacuous True"


def test_a_member_that_may_belong_may_belong_to_its_group(evaluated: Evaluated) -> None:
    """A group of nothing else may not be there."""
    tasks = [task("a"), task("b", done=HOLE), task("c", points=2, done=HOLE)]
    found, _ = evaluated(DONE, {"tasks": tasks})

    assert groups(found) == [("one", ["a", "b?"]), ("two?", ["c?"])]
    assert found.rest is None


def test_an_unknown_key_may_be_any(evaluated: Evaluated) -> None:
    """Its element may belong to every group, in its place, and to one more."""
    tasks = [task("a"), task("b", points=HOLE), task("c"), task("d", points=2)]
    found, _ = evaluated(f"tasks.{BY_POINTS}", {"tasks": tasks})

    assert groups(found) == [("one", ["a", "b?", "c"]), ("two", ["b?", "d"])]
    assert found.rest is not None


def test_an_unread_rest_may_add_to_every_group(evaluated: Evaluated) -> None:
    """And bring others."""
    found, _ = evaluated(f"tasks.{BY_POINTS}", {"tasks": [task("a")]}, {"/tasks": "truncated"})

    assert groups(found) == [("one", ["a"])]
    assert found.rest is not None
    assert next(iter(found)).data["items"].rest is not None


def test_the_order_of_two_groups_may_be_unknown(evaluated: Evaluated) -> None:
    """Then nobody can say which comes first; that both are there stays certain."""
    tasks = [task("a", done=HOLE), task("b", points=2), task("c")]
    found, _ = evaluated(DONE, {"tasks": tasks})

    assert groups(found) == [("one", ["a?", "c"]), ("two", ["b"])]
    assert found.rest is not None
    first, _ = evaluated(f"{DONE}[0].key == 'one'", {"tasks": tasks})
    assert shape_of(first) == "unknown"
    both, _ = evaluated(f"{DONE}.exists(g, g.key == 'two')", {"tasks": tasks})
    assert both is True


def test_a_doubtful_member_after_a_certain_one_leaves_the_order_alone(evaluated: Evaluated) -> None:
    """The group stands where its first certain member put it."""
    tasks = [task("a"), task("b", done=HOLE), task("c", points=2)]
    found, _ = evaluated(DONE, {"tasks": tasks})

    assert groups(found) == [("one", ["a", "b?"]), ("two", ["c"])]
    assert not found.is_open


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("tasks.groupBy(t, t.points)", "wants a text"),
        ("tasks.groupBy(t, t.points == 1 ? 'one' : null)", "may be null"),
        ("tasks.groupBy(t, t.id)[0].item", "has no field"),
        ("tasks.groupBy(t, t.id).all(g, g.items.all(t, t.idd == 'a'))", "has no field"),
    ],
)
def test_groups_are_checked(evaluated: Evaluated, expression: str, message: str) -> None:
    """A group has a key and items, which keep the type of the elements."""
    with pytest.raises(CheckErrors) as caught:
        evaluated(expression, {"tasks": []})

    assert message in " ".join(fault.message for fault in caught.value.diagnostics)


def test_a_key_that_is_no_text_is_an_error(evaluated: Evaluated) -> None:
    """Where dyn hid it from the checker; an element that may not belong breaks nothing for certain."""
    found, _ = evaluated("tasks.groupBy(t, dyn(t.points))", {"tasks": [task("a")]})
    doubtful, _ = evaluated(
        "tasks.filter(t, t.done == true).groupBy(t, dyn(t.points))",
        {"tasks": [task("a", done=HOLE)]},
    )

    assert isinstance(found, Failure)
    assert shape_of(doubtful) == "unknown"


def test_the_witness_of_a_group_is_what_put_its_members_there(evaluated: Evaluated) -> None:
    """So that "three of one kind" can be looked up."""
    tasks: list[dict[str, Any]] = [task("a"), task("b", points=2), task("c")]
    value, trail = evaluated(f"tasks.{BY_POINTS}.all(g, size(g.items) < 2)", {"tasks": tasks})

    assert value is False
    assert {"/tasks/0/points", "/tasks/2/points"} <= set(trail.facts)
    assert "/tasks/1/points" not in trail.facts


def test_a_group_is_called_by_its_key() -> None:
    """As the subject of a policy, for example."""
    assert record_name({"key": "p-dana", "items": []}, zone("UTC")) == "p-dana"
