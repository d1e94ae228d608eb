"""What CEL's operators and standard functions do, called without an evaluator; and their examples, with one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.exact import evaluate
from auditor.evaluation.shapes import type_name
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.functions import conversions, standard, strings, time_fields
from auditor.language.registry import Functions, Library
from auditor.language.values import (
    DURATION_MAX_NS,
    INT_MAX,
    INT_MIN,
    NS_PER_S,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    UINT_MAX,
    Duration,
    EvaluationFailure,
    Timestamp,
    Uint,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.language.registry import Overload
    from auditor.language.values import Value

LIBRARIES: Final = (
    standard.LIBRARY,
    conversions.LIBRARY,
    strings.LIBRARY,
    time_fields.LIBRARY,
)
OVERLOADS: Final = {entry.signature: entry for library in LIBRARIES for entry in library.overloads}
INTS: Final = st.one_of(
    st.integers(INT_MIN, INT_MAX), st.sampled_from((INT_MIN, INT_MIN + 1, -1, 0, 1, INT_MAX))
)
UINTS: Final = st.one_of(st.integers(0, UINT_MAX), st.sampled_from((0, 1, UINT_MAX))).map(Uint)


def call(signature: str, *arguments: Value) -> Value:
    """Call the overload with this signature."""
    return OVERLOADS[signature].implementation(*arguments)


def slug(signature: str, *arguments: Value) -> str:
    """Return the kind of error that a call comes to."""
    with pytest.raises(EvaluationFailure) as caught:
        call(signature, *arguments)
    return caught.value.slug


def same(expected: Value, found: Value) -> bool:
    """Whether two values are one, in type and in sign, NaN included."""
    return type(expected) is type(found) and repr(expected) == repr(found)


# ----- arithmetic


@pytest.mark.parametrize(
    ("sign", "exact"),
    [
        pytest.param("+", lambda a, b: a + b, id="sum"),
        pytest.param("-", lambda a, b: a - b, id="difference"),
        pytest.param("*", lambda a, b: a * b, id="product"),
    ],
)
@given(left=INTS, right=INTS)
def test_int_arithmetic_is_exact_or_an_error(
    sign: str, exact: Callable[[int, int], int], left: int, right: int
) -> None:
    """An int never wraps round."""
    signature = f"_{sign}_(int, int) -> int"
    expected = exact(left, right)

    if INT_MIN <= expected <= INT_MAX:
        assert call(signature, left, right) == expected
    else:
        assert slug(signature, left, right) == "overflow"


@pytest.mark.parametrize(
    ("sign", "exact"),
    [
        pytest.param("+", lambda a, b: a + b, id="sum"),
        pytest.param("-", lambda a, b: a - b, id="difference"),
        pytest.param("*", lambda a, b: a * b, id="product"),
    ],
)
@given(left=UINTS, right=UINTS)
def test_uint_arithmetic_is_exact_or_an_error(
    sign: str, exact: Callable[[int, int], int], left: Uint, right: Uint
) -> None:
    """A uint never wraps round and stays a uint."""
    signature = f"_{sign}_(uint, uint) -> uint"
    expected = exact(int(left), int(right))

    if 0 <= expected <= UINT_MAX:
        assert same(Uint(expected), call(signature, left, right))
    else:
        assert slug(signature, left, right) == "overflow"


@given(left=INTS, right=INTS.filter(bool))
def test_division_is_towards_zero(left: int, right: int) -> None:
    """Quotient and remainder are those of 64-bit machines, not Python's."""
    quotient = math.trunc(Fraction(left, right))

    if quotient > INT_MAX:  # the smallest int by -1
        assert slug("_/_(int, int) -> int", left, right) == "overflow"
        assert slug("_%_(int, int) -> int", left, right) == "overflow"
        return
    assert call("_/_(int, int) -> int", left, right) == quotient
    assert call("_%_(int, int) -> int", left, right) == left - quotient * right


@pytest.mark.parametrize("sign", ["/", "%"])
def test_division_by_zero_is_an_error(sign: str) -> None:
    """Whole numbers cannot be divided by zero."""
    assert slug(f"_{sign}_(int, int) -> int", 1, 0) == "division_by_zero"
    assert slug(f"_{sign}_(uint, uint) -> uint", Uint(1), Uint(0)) == "division_by_zero"


def test_uint_division_stays_a_uint() -> None:
    """Quotient and remainder of two uints are uints."""
    assert same(Uint(8), call("_/_(uint, uint) -> uint", Uint(42), Uint(5)))
    assert same(Uint(2), call("_%_(uint, uint) -> uint", Uint(42), Uint(5)))


@given(left=UINTS, right=UINTS.filter(bool))
def test_uint_quotient_and_remainder_make_up_the_dividend(left: Uint, right: Uint) -> None:
    """Also above the greatest int: a uint has 64 bits of its own."""
    quotient = call("_/_(uint, uint) -> uint", left, right)
    remainder = call("_%_(uint, uint) -> uint", left, right)

    assert remainder < right
    assert quotient * right + remainder == left


@pytest.mark.parametrize(
    ("left", "right", "quotient"),
    [
        (1.0, 4.0, 0.25),
        (1.0, 0.0, math.inf),
        (-1.0, 0.0, -math.inf),
        (1.0, -0.0, -math.inf),
        (math.inf, 0.0, math.inf),
        (0.0, 0.0, math.nan),
        (math.nan, 0.0, math.nan),
        (math.inf, math.inf, math.nan),
    ],
)
def test_doubles_divide_as_ieee_754_says(left: float, right: float, quotient: float) -> None:
    """Division by zero is infinite or not a number, never an exception."""
    assert same(quotient, call("_/_(double, double) -> double", left, right))


@given(left=st.floats(), right=st.floats())
def test_doubles_never_fail(left: float, right: float) -> None:
    """No operation on doubles is an error."""
    for sign in "+-*/":
        assert isinstance(call(f"_{sign}_(double, double) -> double", left, right), float)


def test_negation() -> None:
    """The smallest int has no opposite."""
    assert call("-_(int) -> int", INT_MAX) == -INT_MAX
    assert slug("-_(int) -> int", INT_MIN) == "overflow"
    assert same(-0.0, call("-_(double) -> double", 0.0))


def test_texts_do_not_grow_beyond_a_document() -> None:
    """Doubling a text again and again ends in an error, not in all the memory."""
    long = "x" * (8 * 1024 * 1024)

    assert call("_+_(string, string) -> string", long, "") == long
    assert slug("_+_(string, string) -> string", long, "x") == "too_long"
    assert slug("_+_(bytes, bytes) -> bytes", long.encode(), b"x") == "too_long"


@pytest.mark.parametrize(
    ("signature", "left", "right"),
    [
        ("_+_(timestamp, duration) -> timestamp", Timestamp(TIMESTAMP_MAX_NS), Duration(1)),
        ("_+_(duration, timestamp) -> timestamp", Duration(-1), Timestamp(TIMESTAMP_MIN_NS)),
        ("_-_(timestamp, duration) -> timestamp", Timestamp(TIMESTAMP_MIN_NS), Duration(1)),
        ("_+_(duration, duration) -> duration", Duration(DURATION_MAX_NS), Duration(1)),
        ("_-_(duration, duration) -> duration", Duration(-DURATION_MAX_NS - 1), Duration(1)),
        (
            "_-_(timestamp, timestamp) -> duration",
            Timestamp(TIMESTAMP_MAX_NS),
            Timestamp(TIMESTAMP_MIN_NS),
        ),
    ],
)
def test_time_out_of_range_is_an_error(signature: str, left: Value, right: Value) -> None:
    """An instant keeps to the years 1 to 9999, a length of time to 64 bits of nanoseconds."""
    assert slug(signature, left, right) == "overflow"


# ----- ordering


def order(left: Value, right: Value) -> dict[str, bool]:
    """Return what the four ordering operators say of two values."""
    return {
        sign: call(f"_{sign}_({type_name(left)}, {type_name(right)}) -> bool", left, right)
        for sign in ("<", "<=", ">", ">=")
    }


LESS: Final = {"<": True, "<=": True, ">": False, ">=": False}
EQUAL: Final = {"<": False, "<=": True, ">": False, ">=": True}
GREATER: Final = {"<": False, "<=": False, ">": True, ">=": True}
NEITHER: Final = dict.fromkeys(LESS, False)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(-1, Uint(0), LESS, id="an int below every uint"),
        pytest.param(1, Uint(2**63), LESS, id="a uint beyond every int"),
        pytest.param(INT_MAX, 2.0**63, EQUAL, id="an int meets a double as a double"),
        pytest.param(2**53 + 1, 2.0**53, EQUAL, id="also where doubles have gaps"),
        pytest.param(Uint(UINT_MAX), 2.0**64, EQUAL, id="so does a uint"),
        pytest.param(1, 1.5, LESS, id="an int and a double"),
        pytest.param(math.inf, INT_MAX, GREATER, id="infinity above every int"),
        pytest.param(math.nan, 1, NEITHER, id="NaN has no place in the order"),
        pytest.param("\uffff", "\U00010000", LESS, id="texts by code point"),
        pytest.param("a", "a\u0301", LESS, id="texts are not normalised"),
        pytest.param(b"\x7f", b"\x80", LESS, id="bytes by value"),
        pytest.param(False, True, LESS, id="false before true"),
        pytest.param(dt.date(2026, 3, 3), dt.date(2026, 3, 4), LESS, id="days"),
        pytest.param(Fraction(9, 10), 0.9, EQUAL, id="a ratio meets a double by its spelling"),
        pytest.param(0.1, Fraction(1, 10), EQUAL, id="from either side"),
        pytest.param(Fraction(1, 3), 0.3333333333333333, GREATER, id="exactly"),
        pytest.param(Fraction(3, 2), 1, GREATER, id="a ratio and an int"),
        pytest.param(Uint(2), Fraction(2), EQUAL, id="a uint and a ratio"),
        pytest.param(Fraction(1), math.inf, LESS, id="infinity above every ratio"),
        pytest.param(Fraction(1), math.nan, NEITHER, id="NaN and a ratio"),
    ],
)
def test_order(left: Value, right: Value, expected: dict[str, bool]) -> None:
    """Numbers of any type have one order, and so do texts, bytes, truths and days."""
    assert order(left, right) == expected


@given(st.floats(allow_nan=False), INTS)
def test_order_is_the_same_from_either_side(double: float, number: int) -> None:
    """``a < b`` says what ``b > a`` says."""
    one, other = order(double, number), order(number, double)

    assert (one["<"], one["<="], one[">"], one[">="]) == (
        other[">"],
        other[">="],
        other["<"],
        other["<="],
    )


# ----- conversions


@pytest.mark.parametrize(
    ("signature", "argument", "expected"),
    [
        ("int(double) -> int", -7.9, -7),
        ("int(double) -> int", 9223372036854774784.0, 9223372036854774784),
        ("int(uint) -> int", Uint(INT_MAX), INT_MAX),
        ("int(string) -> int", "+0042", 42),
        ("int(string) -> int", "-9223372036854775808", INT_MIN),
        ("int(string) -> int", "0" * 5_000 + "7", 7),
        ("int(timestamp) -> int", Timestamp(-1), -1),
        ("uint(double) -> uint", -0.0, Uint(0)),
        ("uint(string) -> uint", "18446744073709551615", Uint(UINT_MAX)),
        ("double(string) -> double", "1.", 1.0),
        ("double(string) -> double", "-.5E1", -5.0),
        ("double(string) -> double", "-Infinity", -math.inf),
        ("double(string) -> double", "NaN", math.nan),
        ("double(string) -> double", "1e-400", 0.0),
        ("string(bool) -> string", True, "true"),
        ("string(bytes) -> string", b"\xc3\xbf", "ÿ"),
        ("bytes(string) -> bytes", "ÿ", b"\xc3\xbf"),
        ("bool(string) -> bool", "T", True),
        ("bool(string) -> bool", "0", False),
        ("timestamp(int) -> timestamp", -1, Timestamp(-NS_PER_S)),
        ("date(string) -> date", "2026-03-03", dt.date(2026, 3, 3)),
    ],
)
def test_conversions(signature: str, argument: Value, expected: Value) -> None:
    """A value that fits is converted exactly."""
    assert same(expected, call(signature, argument))


@pytest.mark.parametrize(
    ("signature", "argument", "expected"),
    [
        ("int(uint) -> int", Uint(2**63), "range"),
        ("int(double) -> int", 2.0**63, "range"),
        ("int(double) -> int", -(2.0**63), "range"),
        ("int(double) -> int", math.nan, "range"),
        ("int(string) -> int", "9223372036854775808", "range"),
        ("int(string) -> int", "9" * 5_000, "range"),
        ("uint(int) -> uint", -1, "range"),
        ("uint(double) -> uint", -0.5, "range"),
        ("uint(double) -> uint", 2.0**64, "range"),
        ("uint(double) -> uint", math.nan, "range"),
        ("double(string) -> double", "1e400", "range"),
        ("timestamp(int) -> timestamp", 253_402_300_800, "range"),
        ("timestamp(string) -> timestamp", "0000-01-01T00:00:00Z", "range"),
        ("duration(string) -> duration", "320000000000s", "range"),
        ("int(string) -> int", "", "bad_conversion"),
        ("int(string) -> int", " 1", "bad_conversion"),
        ("int(string) -> int", "1_000", "bad_conversion"),
        ("int(string) -> int", "0x1", "bad_conversion"),
        ("int(string) -> int", "\u0661", "bad_conversion"),
        ("int(string) -> int", "1\n", "bad_conversion"),
        ("uint(string) -> uint", "+1", "bad_conversion"),
        ("double(string) -> double", "1_0.0", "bad_conversion"),
        ("double(string) -> double", ".", "bad_conversion"),
        ("double(string) -> double", "1e", "bad_conversion"),
        ("bool(string) -> bool", "tRUE", "bad_conversion"),
        ("string(bytes) -> string", b"\xff", "bad_conversion"),
        ("string(bytes) -> string", b"\xed\xa0\x80", "bad_conversion"),
        ("timestamp(string) -> timestamp", "now", "bad_conversion"),
        ("duration(string) -> duration", "1 day", "bad_conversion"),
        ("date(string) -> date", "2026-02-29", "bad_conversion"),
        ("date(string) -> date", "20260303", "bad_conversion"),
    ],
)
def test_conversions_that_fail(signature: str, argument: Value, expected: str) -> None:
    """What does not fit, or is written in any other way, is an error."""
    assert slug(signature, argument) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (123.456, "123.456"),
        (-0.0045, "-0.0045"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (100000.0, "100000"),
        (1000000.0, "1e+06"),
        (1234567.5, "1.2345675e+06"),
        (6.02214e23, "6.02214e+23"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_doubles_are_written_as_the_reference_implementation_does(value: float, text: str) -> None:
    """A double is written as Go's ``%g`` writes it."""
    assert call("string(double) -> string", value) == text


@given(st.floats(allow_nan=False))
def test_doubles_survive_being_written_and_read(value: float) -> None:
    """The text of a double reads back as the same number."""
    text = call("string(double) -> string", value)

    assert same(value, call("double(string) -> double", text))


@given(INTS)
def test_ints_survive_being_written_and_read(value: int) -> None:
    """The text of an int reads back as the same number."""
    assert call("int(string) -> int", call("string(int) -> string", value)) == value


@pytest.mark.parametrize("name", ["int", "uint", "double", "bool", "timestamp", "duration", "date"])
@given(text=st.text())
def test_messages_never_quote_a_value(name: str, text: str) -> None:
    """What stands in a snapshot does not get into an error's text."""
    with pytest.raises(EvaluationFailure) as caught:
        call(f"{name}(string) -> {name}", f"\u2022{text}")

    assert "\u2022" not in caught.value.message


# ----- texts


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        pytest.param("banana", "nan", True, id="anywhere in the text"),
        pytest.param("banana", "^nan", False, id="unless anchored"),
        pytest.param("", "", True, id="nothing matches nothing"),
        pytest.param("É", "(?i)é", True, id="letters of any script, in either case"),
        pytest.param("🐱😀😀", "(a|😀){2}", True, id="characters, not bytes"),
        pytest.param("a\nb", "a.b", False, id="a point is no line break"),
    ],
)
def test_matches(text: str, pattern: str, expected: bool) -> None:  # noqa: FBT001 (a table's column)
    """A pattern looks for itself in the text."""
    assert call("string.matches(string) -> bool", text, pattern) is expected
    assert call("matches(string, string) -> bool", text, pattern) is expected


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "a{1001}", "[z-a]", "*"])
def test_patterns_that_re2_refuses(pattern: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A wrong pattern, or one that needs back-tracking, is an error; RE2 itself prints nothing."""
    assert slug("string.matches(string) -> bool", "a", pattern) == "bad_pattern"
    assert capfd.readouterr().err == ""


def test_patterns_take_linear_time() -> None:
    """A pattern that would take a back-tracking engine for ever is answered."""
    assert call("string.matches(string) -> bool", "a" * 50_000 + "!", "^(a+)+$") is False


# ----- parts of time

MOMENT: Final = Timestamp.of(dt.datetime(2009, 2, 13, 23, 31, 30, 250_000, dt.UTC))


@pytest.mark.parametrize(
    ("name", "in_utc", "place", "there"),
    [
        ("getFullYear", 2009, "UTC", 2009),
        ("getMonth", 1, "+11:00", 1),
        ("getDayOfYear", 43, "US/Central", 43),
        ("getDayOfMonth", 12, "Australia/Sydney", 13),
        ("getDate", 13, "Australia/Sydney", 14),
        ("getDayOfWeek", 5, "+00:30", 6),
        ("getHours", 23, "02:00", 1),
        ("getMinutes", 31, "Asia/Kathmandu", 16),
        ("getSeconds", 30, "-00:00", 30),
        ("getMilliseconds", 250, "-12:00", 250),
    ],
)
def test_parts_of_an_instant(name: str, in_utc: int, place: str, there: int) -> None:
    """Parts are those of the local time, in UTC where no place is named."""
    assert call(f"timestamp.{name}() -> int", MOMENT) == in_utc
    assert call(f"timestamp.{name}(string) -> int", MOMENT, place) == there


def test_sunday_is_day_zero() -> None:
    """Weeks begin on Sunday."""
    sunday = Timestamp.of(dt.datetime(2026, 3, 1, tzinfo=dt.UTC))

    assert call("timestamp.getDayOfWeek() -> int", sunday) == 0


def test_clock_changes_are_kept() -> None:
    """Berlin is an hour ahead of UTC in winter and two in summer."""
    winter = Timestamp.of(dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC))
    summer = Timestamp.of(dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC))

    assert call("timestamp.getHours(string) -> int", winter, "Europe/Berlin") == 1
    assert call("timestamp.getHours(string) -> int", summer, "Europe/Berlin") == 3


def test_an_instant_before_the_epoch_is_not_cut_upwards() -> None:
    """A nanosecond before 1970 is in 1969, in its last millisecond."""
    assert call("timestamp.getFullYear() -> int", Timestamp(-1)) == 1969
    assert call("timestamp.getMilliseconds() -> int", Timestamp(-1)) == 999


@pytest.mark.parametrize("place", ["", "Local", "localtime", "../UTC", "+2:00", "+24:00", "02:60"])
def test_places_that_do_not_exist(place: str) -> None:
    """A place is an IANA time zone or an offset, and never the machine's own."""
    assert slug("timestamp.getHours(string) -> int", MOMENT, place) == "bad_time_zone"


def test_local_time_out_of_range_is_an_error() -> None:
    """No local time lies outside the years 1 to 9999."""
    first, last = Timestamp(TIMESTAMP_MIN_NS), Timestamp(TIMESTAMP_MAX_NS)

    assert slug("timestamp.getFullYear(string) -> int", first, "-01:00") == "range"
    assert slug("timestamp.getFullYear(string) -> int", last, "+01:00") == "range"


@pytest.mark.parametrize(
    ("ns", "hours", "minutes", "seconds", "milliseconds"),
    [
        pytest.param(3_730_500_000_000, 1, 62, 3_730, 500, id="forwards"),
        pytest.param(-3_730_500_000_000, -1, -62, -3_730, -500, id="backwards, towards zero"),
        pytest.param(-1, 0, 0, 0, 0, id="less than the unit"),
    ],
)
def test_parts_of_a_length(
    ns: int, hours: int, minutes: int, seconds: int, milliseconds: int
) -> None:
    """Hours, minutes and seconds are totals; milliseconds are what is left of a second."""
    length = Duration(ns)

    assert call("duration.getHours() -> int", length) == hours
    assert call("duration.getMinutes() -> int", length) == minutes
    assert call("duration.getSeconds() -> int", length) == seconds
    assert call("duration.getMilliseconds() -> int", length) == milliseconds


# ----- examples


@pytest.mark.parametrize("entry", OVERLOADS.values(), ids=OVERLOADS)
def test_examples_are_true(entry: Overload) -> None:
    """Every form of a function has an example, which calls that form and comes to what it says."""
    calls: list[int] = []

    def counted(*arguments: Value) -> Value:
        calls.append(1)
        return entry.implementation(*arguments)

    observed = Library("observed", (replace(entry, implementation=counted),))
    functions = Functions(
        [
            observed,
            *(
                Library(library.name, tuple(e for e in library.overloads if e is not entry))
                for library in LIBRARIES
            ),
        ]
    )
    assert entry.examples
    for example in entry.examples:
        calls.clear()
        found = evaluate(
            check(parse(example.expression), variables={}, functions=functions),
            variables={},
            functions=functions,
        )
        assert calls, example.expression
        expected = evaluate(parse(example.equals), variables={}, functions=functions)
        assert same(expected, found), example.expression


def test_signatures_are_unique() -> None:
    """No two forms have the same receiver and parameters."""
    forms = [
        (entry.name, entry.receiver, entry.parameters)
        for library in LIBRARIES
        for entry in library.overloads
    ]

    assert len(forms) == len(set(forms))
