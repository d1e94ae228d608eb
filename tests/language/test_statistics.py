"""The middle and the rank of numbers and of lengths of time (convention C15)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.types import BOOL, DOUBLE, DURATION, DYN, INT, STRING, ListType, NullableType
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.functions.statistics import LIBRARY
from auditor.language.registry import Functions
from auditor.language.values import (
    Cause,
    Duration,
    EvaluationFailure,
    Hollow,
    Item,
    Listing,
    Uint,
    Undecided,
    Unknown,
)

HOUR = 3_600_000_000_000
FUNCTIONS = Functions([LIBRARY])
IMPLEMENTATIONS = {entry.name: entry.implementation for entry in LIBRARY.overloads}


def median(*members: Any) -> Any:
    """Take the middle of a list."""
    return IMPLEMENTATIONS["median"](Listing.of(members))


def percentile(share: str, *members: Any) -> Any:
    """Take the member at a rank."""
    return IMPLEMENTATIONS["percentile"](Listing.of(members), Fraction(share))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param([7], 7.0, id="one"),
        pytest.param([9, 1, 5], 5.0, id="odd"),
        pytest.param([1, 2], 1.5, id="mean-of-the-middle-two"),
        pytest.param([4, 1, 3, 100], 3.5, id="even"),
        pytest.param([0.1, 0.2], 0.15, id="exact-on-the-decimal-spelling"),
        pytest.param([0.1, 0.7], 0.4, id="not-0.39999999999999997"),
        pytest.param([Uint(1), Uint(2)], 1.5, id="uint"),
        pytest.param([Fraction(1, 3), Fraction(2, 3)], Fraction(1, 2), id="ratio"),
        pytest.param([Duration(HOUR), Duration(4 * HOUR)], Duration(5 * HOUR // 2), id="duration"),
        pytest.param([Duration(0), Duration(-3)], Duration(-2), id="half-a-nanosecond-goes-down"),
        pytest.param([2**53 + 1, 2**53 + 3], float(2**53 + 2), id="rounded-once"),
    ],
)
def test_the_median_is_the_middle(members: list[Any], expected: Any) -> None:
    """Of an even count the mean of the middle two."""
    found = median(*members)

    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("share", "expected"),
    [("0", 1), ("1/100", 1), ("1/4", 1), ("26/100", 2), ("1/2", 2), ("3/4", 3), ("76/100", 4), ("1", 4)],
)  # fmt: skip
def test_a_percentile_is_the_nearest_rank(share: str, expected: int) -> None:
    """A member, never something between two."""
    assert percentile(share, 3, 1, 4, 2) == expected


@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=12),
    st.fractions(0, 1, max_denominator=12),
    st.integers(-5, 5),
)
def test_a_percentile_within_a_limit_says_that_so_many_are(
    members: list[int], share: Fraction, limit: int
) -> None:
    """At least that share of all, by cross-multiplication."""
    found = IMPLEMENTATIONS["percentile"](Listing.of(members), share)
    kept = sum(member <= limit for member in members)

    if share > 0:
        assert (found <= limit) == (kept >= share * len(members))
    assert found in members


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9))
def test_as_many_lie_above_the_median_as_below(members: list[int]) -> None:
    """And the order in the list does not matter."""
    found = median(*members)

    assert sum(m < found for m in members) <= len(members) / 2
    assert sum(m > found for m in members) <= len(members) / 2
    assert found == median(*reversed(members))


def test_nothing_has_no_middle() -> None:
    """Null; and whatever is said of it is vacuous where the list had no element before its filters."""
    filtered = Listing((), grounded=True)

    assert IMPLEMENTATIONS["median"](filtered) is None
    assert IMPLEMENTATIONS["percentile"](filtered, Fraction(1, 2)) is None
    assert median() == Hollow(None) or isinstance(median(), Hollow)
    assert isinstance(percentile("1/2"), Hollow)


def test_an_unknown_member_leaves_the_middle_open() -> None:
    """With the fact that is missing."""
    cause = Cause("/changes/1/closed_at", "unobserved")
    values = Listing((Item(1), Item(Unknown(frozenset({cause})))))

    with pytest.raises(Undecided) as caught:
        IMPLEMENTATIONS["median"](values)
    assert caught.value.causes == {cause}


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([1, Duration(1)], id="numbers-and-lengths"),
        pytest.param(["a"], id="texts"),
        pytest.param([True, False], id="truths"),
        pytest.param([None], id="null"),
        pytest.param([float("nan")], id="no-number"),
        pytest.param([float("inf")], id="without-end"),
    ],
)
def test_what_has_no_order_is_an_error(members: list[Any]) -> None:
    """Only reached through dyn: the checker refuses it before."""
    with pytest.raises(EvaluationFailure):
        median(*members)


@pytest.mark.parametrize("share", ["-1/100", "101/100"])
def test_a_share_beyond_all_is_an_error(share: str) -> None:
    """There is no member at 101 %."""
    with pytest.raises(EvaluationFailure):
        percentile(share, 1, 2)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("xs.median()", {"int": "double?", "double": "double?", "duration": "duration?", "dyn": "dyn"}),
        ("xs.percentile(90 %)", {"int": "int?", "double": "double?", "duration": "duration?", "dyn": "dyn"}),
    ],
)  # fmt: skip
def test_the_result_may_be_null(expression: str, expected: dict[str, str]) -> None:
    """So the checker asks for a guard; of members of any type it knows nothing."""
    for member in (INT, DOUBLE, DURATION, DYN):
        variables = {"xs": ListType(member)}
        checked = check(parse(expression), variables=variables, functions=FUNCTIONS)
        assert str(checked.type) == expected[str(member)]


@pytest.mark.parametrize("member", [STRING, BOOL, NullableType(INT)])
def test_members_without_a_middle_are_refused(member: Any) -> None:
    """Before anything runs; nulls are left out with ``map(x, x.n != null, x.n)``."""
    with pytest.raises(CheckErrors):
        check(parse("xs.median()"), variables={"xs": ListType(member)}, functions=FUNCTIONS)
