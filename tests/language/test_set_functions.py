"""CEL's extension for sets: its documentation's examples, and three-valued answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.exact import evaluate
from auditor.evaluation.shapes import plain
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.functions import sets
from auditor.language.registry import Functions
from auditor.language.values import Cause, Hollow, Item, Listing, Unknown

FUNCTIONS = Functions([sets.LIBRARY])
UNOBSERVED = Unknown(frozenset({Cause("/a", "unobserved")}))
TRUNCATED = Unknown(frozenset({Cause("/b", "truncated")}))


def answer(function: str, left: Listing, right: Listing) -> Any:
    """Ask a question of two lists."""
    tree = parse(f"sets.{function}(left, right)")
    return evaluate(tree, variables={"left": left, "right": right}, functions=FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sets.contains([], [])", True),
        ("sets.contains([], [1])", False),
        ("sets.contains([1, 2, 3, 4], [2, 3])", True),
        ("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])", True),
        ("sets.contains(['a'], ['a', 'b'])", False),
        ("sets.contains([[1], null], [null, [1.0]])", True),
        ("sets.contains([1], [true])", False),
        ("sets.equivalent([], [])", True),
        ("sets.equivalent([1], [1, 1])", True),
        ("sets.equivalent([1], [1u, 1.0])", True),
        ("sets.equivalent([1, 2, 3], [3u, 2.0, 1])", True),
        ("sets.equivalent([1, 2], [1])", False),
        ("sets.equivalent([1], [1, 2])", False),
        ("sets.intersects([1], [])", False),
        ("sets.intersects([1], [1, 2])", True),
        ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", True),
        ("sets.intersects(['a', 'b'], ['c'])", False),
    ],
)
def test_sets_are_what_the_documentation_says(text: str, expected: object) -> None:
    """Its own examples, checked and evaluated."""
    checked = check(parse(text), variables={}, functions=FUNCTIONS)

    assert plain(evaluate(checked, variables={}, functions=FUNCTIONS)) is expected


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_texts_are_compared_as_python_compares_sets(left: list[str], right: list[str]) -> None:
    """The quick way and the slow one are the same: a number in both lists takes the slow one."""
    one, other = set(left), set(right)
    for extra in ([], [7]):
        lists = Listing.of([*left, *extra]), Listing.of([*right, *extra])
        assert plain(answer("contains", *lists)) is (other <= one)
        assert plain(answer("equivalent", *lists)) is (other == one)
        assert plain(answer("intersects", *lists)) is bool(extra or one & other)


@pytest.mark.parametrize(
    ("function", "left", "right", "expected"),
    [
        ("contains", [1, UNOBSERVED], [1], True),
        ("contains", [1, UNOBSERVED], [2], UNOBSERVED),
        ("contains", [1], [UNOBSERVED], UNOBSERVED),
        ("contains", [1], [UNOBSERVED, 2], False),
        ("intersects", [1, UNOBSERVED], [1], True),
        ("intersects", [1, UNOBSERVED], [2], UNOBSERVED),
        ("equivalent", [1, UNOBSERVED], [1], UNOBSERVED),
        ("equivalent", [1, UNOBSERVED], [2, 3, 1], UNOBSERVED),
        ("equivalent", [UNOBSERVED, 5], [1], False),
    ],
)
def test_what_is_not_known_decides_nothing(
    function: str, left: list[Any], right: list[Any], expected: object
) -> None:
    """Unless the known members settle the question."""
    found = answer(function, Listing.of(left), Listing.of(right))

    assert found == expected if isinstance(expected, Unknown) else found is expected


@pytest.mark.parametrize("function", ["contains", "equivalent", "intersects"])
def test_an_open_list_is_undecided(function: str) -> None:
    """What was not read could hold anything."""
    unread = Listing((Item(1),), TRUNCATED)

    assert answer(function, unread, Listing.of([1])) == TRUNCATED
    assert answer(function, Listing.of([1]), unread) == TRUNCATED


@pytest.mark.parametrize(
    ("function", "left", "right", "is_vacuous"),
    [
        ("contains", [1], [], True),
        ("contains", [], [1], False),
        ("equivalent", [], [], True),
        ("equivalent", [1], [], False),
        ("intersects", [1], [], True),
        ("intersects", [1], [2], False),
    ],
)
def test_what_is_said_of_nothing_is_vacuous(
    function: str, left: list[Any], right: list[Any], *, is_vacuous: bool
) -> None:
    """As with ``all`` and ``exists``."""
    found = answer(function, Listing.of(left), Listing.of(right))

    assert isinstance(found, Hollow) is is_vacuous
