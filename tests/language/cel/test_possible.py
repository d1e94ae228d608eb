"""What is left of a value once some questions about it are answered."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from auditor.language.cel.possible import IS_NULL, Possible, Question, constant_of, one_of
from auditor.language.values import Duration, Timestamp, Uint, Value


def asked(sign: str, *values: Value) -> Question:
    """Ask a question about constants."""
    return Question(sign, frozenset(c for c in map(constant_of, values) if c is not None))


@pytest.mark.parametrize(
    ("value", "same"),
    [
        pytest.param(1, 1.0, id="a whole number and a fraction"),
        pytest.param(1, Uint(1), id="with and without a sign"),
        pytest.param(0.9, Fraction(9, 10), id="a share by its decimal spelling"),
    ],
)
def test_numbers_of_all_types_are_of_one_kind(value: Value, same: Value) -> None:
    """They can be compared with each other."""
    assert constant_of(value) == constant_of(same)


@pytest.mark.parametrize(
    ("value", "other"),
    [(1, "1"), (True, 1), ("a", b"a"), (dt.date(2026, 3, 3), "2026-03-03"), (Timestamp(1), Duration(1))],
)  # fmt: skip
def test_kinds_are_told_apart(value: Value, other: Value) -> None:
    """What is never equal is no one constant."""
    assert constant_of(value) != constant_of(other)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), [1]])
def test_what_has_no_order_is_no_constant(value: Value) -> None:
    """Nothing can be concluded from it."""
    assert constant_of(value) is None


@pytest.mark.parametrize(
    ("answers", "is_nothing"),
    [
        pytest.param([("in", [1], True), ("in", [2], True)], True, id="1 and 2"),
        pytest.param([("in", [1, 2], True), ("in", [2, 3], True)], False, id="2"),
        pytest.param([("in", [1, 2], True), ("in", [1], False), ("in", [2], False)], True, id="neither of two"),
        pytest.param([(">", [5], True), ("<", [3], True)], True, id="above 5 and below 3"),
        pytest.param([(">", [5], True), ("<", [6], True)], False, id="between 5 and 6"),
        pytest.param([(">=", [5], True), ("<=", [5], True)], False, id="5"),
        pytest.param([(">=", [5], True), ("<", [5], True)], True, id="at least 5 and below it"),
        pytest.param([(">=", [5], True), ("<=", [5], True), ("in", [5], False)], True, id="5 and not 5"),
        pytest.param([(">", [5], True), (">", [7], True), ("<", [6], True)], True, id="the tighter limit counts"),
        pytest.param([(">", [5], False), ("in", [6], True)], True, id="not above 5, and 6"),
        pytest.param([("in", [4, 6], True), (">", [5], True), ("in", [4], True)], True, id="one of 4 and 6 above 5"),
        pytest.param([("in", ["a"], True), (">", [5], True)], False, id="a text and a number say nothing together"),
        pytest.param([("<", [b"b"], True), (">", ["a"], True)], False, id="nor do two limits of two kinds"),
        pytest.param([("in", [True], False), ("in", [False], False)], False, id="nobody said that it is one of two"),
    ],
)  # fmt: skip
def test_answers_leave_a_value_or_none(
    *, answers: list[tuple[str, list[Value], bool]], is_nothing: bool
) -> None:
    """Of a value of which nothing else is known, and which is not null."""
    left = Possible(null=False)
    for sign, values, truth in answers:
        left = left.answered(asked(sign, *values), truth=truth)

    assert left.is_nothing is is_nothing


def test_of_whole_numbers_none_lies_between_two_neighbours() -> None:
    """More than 5 is 6 or more, and a fraction is none."""
    above = Possible(null=False, whole=True).answered(asked(">", 5), truth=True)

    assert above.answered(asked("<", 6), truth=True).is_nothing
    assert not above.answered(asked("<", 6.5), truth=True).is_nothing
    assert above.answered(asked("in", 6.5), truth=True).is_nothing


def test_null_is_none_of_the_values() -> None:
    """Being different from all of them leaves null; being one of them does not."""
    severity = one_of([("text", "low"), ("text", "high")], null=True)
    neither = severity.answered(asked("in", "low", "high"), truth=False)

    assert neither.is_null
    assert not neither.is_nothing
    assert neither.answered(IS_NULL, truth=False).is_nothing
    assert (
        severity.answered(asked("in", "low"), truth=True).answered(IS_NULL, truth=True).is_nothing
    )


def test_this_or_that_is_either() -> None:
    """Of two ranges nothing is kept."""
    one, other = (Possible(null=False, values=frozenset({("number", n)})) for n in (1, 2))

    assert one.either(other) == Possible(
        null=False, values=frozenset({("number", 1), ("number", 2)})
    )
    assert one.either(Possible(null=True)) == Possible(null=True)
