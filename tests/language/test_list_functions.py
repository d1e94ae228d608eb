"""CEL's extension for lists: what its documentation says, and what is open, unknown or too large."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.exact import BudgetExceeded, evaluate
from auditor.evaluation.shapes import plain
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.functions import conversions, lists, optionals, standard
from auditor.language.registry import Functions
from auditor.language.values import Cause, Failure, Hollow, Item, Listing, Unknown

FUNCTIONS = Functions([standard.LIBRARY, conversions.LIBRARY, lists.LIBRARY, optionals.LIBRARY])
UNOBSERVED = Unknown(frozenset({Cause("/a", "unobserved")}))
TRUNCATED = Unknown(frozenset({Cause("/b", "truncated")}))


def value_of(text: str, **variables: Any) -> Any:
    """Evaluate an expression that was not checked, over given values."""
    return evaluate(parse(text), variables=variables, functions=FUNCTIONS)


def members(found: Any) -> Any:
    """Return lists as lists of Python."""
    found = plain(found)
    return [members(part) for part in found] if isinstance(found, Listing) else found


def slugs(text: str) -> set[str]:
    """Return what the checker has against an expression."""
    with pytest.raises(CheckErrors) as refused:
        check(parse(text), variables={}, functions=FUNCTIONS)
    return {diagnostic.slug for diagnostic in refused.value.diagnostics}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3, 4].slice(1, 3)", [2, 3]),
        ("[1, 2, 3, 4].slice(2, 4)", [3, 4]),
        ("[1, 2].slice(0, 0)", []),
        ("[1, [2, 3], [4]].flatten()", [1, 2, 3, 4]),
        ("[1, [2, [3, 4]]].flatten()", [1, 2, [3, 4]]),
        ("[1, 2, [], [], [3, 4]].flatten()", [1, 2, 3, 4]),
        ("[].flatten()", []),
        ("[1, [2, [3, [4]]]].flatten(0)", [1, [2, [3, [4]]]]),
        ("[1, [2, [3, [4]]]].flatten(2)", [1, 2, 3, [4]]),
        ("[1, [2, [3, [4]]]].flatten(3)", [1, 2, 3, 4]),
        ("[1, 2, 3].flatten(1)", [1, 2, 3]),
        ("dyn([1, 2, 3]).flatten()", [1, 2, 3]),
        ("[1, 2, 2, 3, 3, 3].distinct()", [1, 2, 3]),
        ("['b', 'b', 'c', 'a', 'c'].distinct()", ["b", "c", "a"]),
        ("[1, 'b', 2, 'b'].distinct()", [1, "b", 2]),
        ("[1, 1.0, 2, 2u].distinct()", [1, 2]),
        ("[[1], [1.0], [2]].distinct()", [[1], [2]]),
        ("[true, 1, null, null].distinct()", [True, 1, None]),
        ("lists.range(5)", [0, 1, 2, 3, 4]),
        ("lists.range(0)", []),
        ("lists.range(-3)", []),
        ("[5, 3, 1, 2].reverse()", [2, 1, 3, 5]),
        ("[].reverse()", []),
        ("[3, 2, 1].sort()", [1, 2, 3]),
        ("['b', 'c', 'a'].sort()", ["a", "b", "c"]),
        ("[true, false].sort()", [False, True]),
        ("[].sort()", []),
        ("[1, 2, 3].last().value()", 3),
        ("[1, 2, 3].first().value()", 1),
        ("[].last().orValue('test')", "test"),
        ("[].first().hasValue()", False),
    ],
)
def test_lists_are_what_the_documentation_says(text: str, expected: object) -> None:
    """Its own examples, checked and evaluated."""
    checked = check(parse(text), variables={}, functions=FUNCTIONS)

    assert members(evaluate(checked, variables={}, functions=FUNCTIONS)) == expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("[1, 2].slice(-1, 1)", "index_range"),
        ("[1, 2].slice(2, 1)", "index_range"),
        ("[1, 2].slice(0, 3)", "index_range"),
        ("[1, [2]].flatten(-1)", "flatten_depth"),
        ("[1, 'b'].sort()", "no_overload"),
        ("[1, 1u].sort()", "no_overload"),
        ("[[1, 2, 3]].sort()", "no_overload"),
        ("[null].sort()", "no_overload"),
        ("[0.0 / 0.0, 1.0].sort()", "no_overload"),
    ],
)
def test_what_cannot_be_cut_or_sorted_is_an_error(text: str, slug: str) -> None:
    """Where the checker could not tell, or was not asked."""
    found = value_of(text)

    assert isinstance(found, Failure)
    assert found.slug == slug


@pytest.mark.parametrize("text", ["[[1]].sort()", "[1, 2].flatten()", "[{'a': 1}].sort()"])
def test_the_checker_knows_what_has_an_order_and_levels(text: str) -> None:
    """It is told before anything is evaluated."""
    assert slugs(text) == {"no-overload"}


@given(st.lists(st.integers(-5, 5)))
def test_sorting_keeps_every_member(numbers: list[int]) -> None:
    """As many of each as before, none before a smaller one."""
    assert members(value_of("xs.sort()", xs=Listing.of(numbers))) == sorted(numbers)


@pytest.mark.parametrize(
    "call",
    ["slice(0, 1)", "distinct()", "reverse()", "sort()", "first()", "last()"],
)
def test_an_open_list_is_undecided(call: str) -> None:
    """What was not read could stand anywhere."""
    found = value_of(f"xs.{call}", xs=Listing((Item(1), Item(2)), TRUNCATED))

    assert found == TRUNCATED


@pytest.mark.parametrize("call", ["distinct()", "sort()", "last()"])
def test_a_member_that_is_unknown_leaves_it_undecided(call: str) -> None:
    """It could equal the other or come before it; the last one itself is unknown."""
    assert value_of(f"xs.{call}", xs=Listing.of([1, UNOBSERVED])) == UNOBSERVED


def test_a_member_that_is_unknown_elsewhere_does_not_matter() -> None:
    """The first one is known, and a part without the unknown one is."""
    values = Listing.of([1, UNOBSERVED])

    assert plain(value_of("xs.first().value()", xs=values)) == 1
    assert members(value_of("xs.slice(0, 1)", xs=values)) == [1]


def test_flattening_keeps_what_is_open() -> None:
    """Members in doubt stay in doubt, an unread rest stays unread, on every level."""
    inner = [Listing((Item(1), Item(2, UNOBSERVED))), Listing((Item(3),), TRUNCATED)]
    for text, values in (("xs.flatten()", inner), ("xs.flatten(2)", [Listing.of(inner)])):
        found = value_of(text, xs=Listing.of(values))

        assert [(item.value, item.doubt) for item in found.items] == [
            (1, None),
            (2, UNOBSERVED),
            (3, None),
        ]
        assert found.rest == TRUNCATED


def test_a_list_in_it_that_is_unknown_is_an_unread_rest() -> None:
    """Its members may follow."""
    found = value_of("xs.flatten()", xs=Listing.of([Listing.of([1]), UNOBSERVED]))

    assert (members(found), found.rest) == ([1], UNOBSERVED)


@pytest.mark.parametrize(
    "text", ["xs.flatten()", "xs.flatten(1)", "xs.flatten().reverse()", "xs.flatten().distinct()"]
)
def test_lists_without_any_element_are_ungrounded(text: str) -> None:
    """Nobody has a measure: what is said of every measure is vacuous."""
    assert value_of(text, xs=Listing.of([Listing.of([]), Listing.of([])])).grounded is False


def test_the_first_of_what_never_was_is_vacuous() -> None:
    """And that of a list whose members a filter took away is not."""
    assert isinstance(value_of("xs.first().hasValue()", xs=Listing.of([])), Hollow)
    assert value_of("xs.first().hasValue()", xs=Listing((), grounded=True)) is False


def test_a_huge_range_is_given_up_before_it_is_made() -> None:
    """It is paid for first."""
    with pytest.raises(BudgetExceeded):
        value_of("lists.range(9223372036854775807)")


def test_flattening_lists_that_stand_in_each_other_many_times_is_given_up() -> None:
    """Thirty lists in memory, 10**30 members."""
    nested = Listing.of([1] * 10)
    for _ in range(29):
        nested = Listing.of([nested] * 10)

    with pytest.raises(BudgetExceeded):
        value_of("xs.flatten(30)", xs=nested)


def test_lists_deeper_than_a_document_are_not_walked() -> None:
    """The language's own limit, not Python's."""
    nested = Listing.of([1])
    for _ in range(5_000):
        nested = Listing.of([nested])

    found = value_of("xs.flatten(9223372036854775807)", xs=nested)

    assert isinstance(found, Failure)
    assert found.slug == "too_deep"
