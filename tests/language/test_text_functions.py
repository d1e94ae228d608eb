"""CEL's extensions for texts, numbers, addresses and Base64, beyond the conformance suites: edges and sizes."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.limits import MAX_STRING
from auditor.evaluation.exact import BudgetExceeded, evaluate
from auditor.evaluation.shapes import plain
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.functions import (
    conversions,
    encoders,
    math_ext,
    network,
    standard,
    string_ext,
)
from auditor.language.registry import Functions
from auditor.language.values import (
    Cause,
    Day,
    Failure,
    Hollow,
    Item,
    Listing,
    Timestamp,
    Uint,
    Unknown,
)

FUNCTIONS = Functions(
    [
        standard.LIBRARY,
        conversions.LIBRARY,
        string_ext.LIBRARY,
        math_ext.LIBRARY,
        encoders.LIBRARY,
        network.LIBRARY,
    ]
)
UNOBSERVED = Unknown(frozenset({Cause("/a", "unobserved")}))
TRUNCATED = Unknown(frozenset({Cause("/b", "truncated")}))


def value_of(expression: str, **variables: Any) -> Any:
    """Evaluate an expression over given values."""
    found = evaluate(parse(expression), variables=variables, functions=FUNCTIONS)
    return list(found) if isinstance(found, Listing) else found


def slug_of(expression: str, **variables: Any) -> str:
    """Return the kind of error that an expression comes to."""
    found = value_of(expression, **variables)
    assert isinstance(found, Failure)
    return found.slug


# ----- texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'abc'.indexOf('', 3)", 3),
        ("'abc'.indexOf('c', 3)", -1),
        ("'abc'.lastIndexOf('', 2)", 2),
        ("'aXbX'.lastIndexOf('X', 1)", 1),
        ("'abc'.split('')", ["a", "b", "c"]),
        ("'abc'.split('', 2)", ["a", "bc"]),
        ("'abc'.split('', 9)", ["a", "b", "c"]),
        ("''.split('')", []),
        ("''.split(',')", [""]),
        ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
        ("'a,b'.split(',', 0)", []),
        ("'abc'.replace('', '-')", "-a-b-c-"),
        ("'abc'.replace('', '-', 2)", "-a-bc"),
        ("'aaa'.replace('a', 'b', -1)", "bbb"),
        (r"'\u180etext\u200b'.trim()", "\u180etext\u200b"),
        (r"'\u001ctext\u0085'.trim()", "\x1ctext"),
        ("'ÄÖé'.lowerAscii()", "ÄÖé"),
        ("'%d'.format([2.5])", "2.5"),
        ("'%d %s'.format([1e21, 3.0])", "1000000000000000000000 3"),
        ("'%s'.format([-0.0])", "-0"),
        ("'%x %o %b'.format([-30, -8, true])", "-1e -10 1"),
        ("'%.0f|%.2e'.format([0.5, 12345u])", "0|1.23e+04"),
        ("'%e'.format([1e-300])", "1.000000e-300"),
        ("'%s'.format([date('2026-03-03')])", "2026-03-03"),
        ("'%s'.format([ip('::1')])", "::1"),
        ("''.format([])", ""),
    ],
)
def test_texts_at_their_edges(text: str, expected: object) -> None:
    """What Go's library does where the suite has no case."""
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("'abc'.charAt(-1)", "index_range"),
        ("'abc'.charAt(4)", "index_range"),
        ("'abc'.substring(-1)", "index_range"),
        ("'abc'.substring(4)", "index_range"),
        ("'abc'.indexOf('a', -1)", "index_range"),
        ("'%'.format([])", "bad_format"),
        ("'%q'.format([1])", "bad_format"),
        ("'%.2d'.format([1])", "bad_format"),
        ("'%.101f'.format([1.0])", "bad_format"),
        ("'%.99999f'.format([1.0])", "bad_format"),
        ("'%s'.format([])", "format_values"),
        ("'%s'.format([1, 2])", "format_values"),
        ("'%d'.format([true])", "format_type"),
        ("'%x'.format([true])", "format_type"),
        ("'%f'.format(['1'])", "format_type"),
        ("'%s'.format([1 / 0])", "division_by_zero"),
        ("dyn([1]).join()", "no_overload"),
    ],
)
def test_texts_that_cannot_be_made_are_errors(text: str, slug: str) -> None:
    """Positions outside, clauses that do not exist, values that do not fit."""
    assert slug_of(text) == slug


@given(st.text("aXé"), st.text("aX", min_size=1, max_size=2))
def test_what_is_split_can_be_joined(text: str, separator: str) -> None:
    """Nothing is lost between the parts."""
    assert value_of("t.split(s).join(s)", t=text, s=separator) == text


@pytest.mark.parametrize("call", ["xs.join(',')", "'%s'.format(xs)"])
def test_a_part_that_is_unknown_leaves_the_text_undecided(call: str) -> None:
    """So does an unread rest."""
    assert value_of(call, xs=Listing.of([UNOBSERVED])) == UNOBSERVED
    assert value_of(call, xs=Listing((Item("a"),), TRUNCATED)) == TRUNCATED


def test_a_day_is_no_instant_to_be_written() -> None:
    """It could be any instant of it, inside another list, too."""
    day = Day(Timestamp(0).to_datetime().date(), Timestamp(0), Timestamp(5), "/at")

    found = value_of("'%s'.format([xs])", xs=Listing.of([day]))

    assert found == Unknown(frozenset({day.cause}))


def test_what_is_joined_of_nothing_rests_on_nothing() -> None:
    """As the size of such a list does."""
    found = value_of("xs.join()", xs=Listing.of([]))

    assert isinstance(found, Hollow)
    assert plain(found) == ""


@pytest.mark.parametrize(
    "call",
    [
        "long.replace('a', long)",
        "long.replace('', long)",
        "[long, long].join(wide)",
        "'%s%s%s'.format([wide, wide, wide])",
        "'%s'.format([[wide, wide, wide]])",
        "'%x'.format([base])",
        "strings.quote(base)",
        "base64.encode(octets)",
    ],
)
def test_no_text_grows_beyond_a_document(call: str) -> None:
    """It is an error before the memory is taken."""
    found = slug_of(
        call,
        long="a" * 5_000,
        wide="b" * (MAX_STRING - 1),
        base='"' * (MAX_STRING // 2 + 2),
        octets=b"x" * MAX_STRING,
    )

    assert found == "too_long"


def test_lists_that_stand_in_each_other_many_times_are_not_written() -> None:
    """Thirty lists in memory, 10**30 members in the text."""
    nested = Listing.of([1] * 10)
    for _ in range(29):
        nested = Listing.of([nested] * 10)

    with pytest.raises(BudgetExceeded):
        value_of("'%s'.format([xs])", xs=nested)


def test_more_parts_than_the_budget_allows_are_given_up() -> None:
    """They are paid for before they are made."""
    with pytest.raises(BudgetExceeded):
        value_of("long.split('')", long="a" * MAX_STRING)


def test_lists_deeper_than_a_document_are_not_written() -> None:
    """The language's own limit, not Python's."""
    nested = Listing.of([1])
    for _ in range(5_000):
        nested = Listing.of([nested])

    assert slug_of("'%s'.format([xs])", xs=nested) == "too_deep"


# ----- Base64


@given(st.binary())
def test_base64_is_read_back(octets: bytes) -> None:
    """With its padding and without."""
    written = value_of("base64.encode(b)", b=octets)

    assert written == b64encode(octets).decode()
    assert value_of("base64.decode(t)", t=written) == octets
    assert value_of("base64.decode(t)", t=written.rstrip("=")) == octets


@pytest.mark.parametrize("text", ["a", "aGVsbG8==", "aGVs=bG8", "aGVs bG8=", "====", "_-8=", "é"])
def test_what_is_no_base64_is_an_error(text: str) -> None:
    """Padding in the wrong place or number, letters of another alphabet."""
    assert slug_of("base64.decode(t)", t=text) == "bad_conversion"


# ----- numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("math.round(0.49999999999999994)", 0.0),
        ("math.round(2.5)", 3.0),
        ("math.round(1.0 / 0.0)", float("inf")),
        ("math.ceil(-1.0 / 0.0)", float("-inf")),
        ("math.sqrt(81)", 9.0),
        ("math.sqrt(985.25)", 31.388692231439016),
        ("math.isNaN(math.sqrt(-15))", True),
        ("math.isNaN(math.sign(0.0 / 0.0))", True),
        ("math.bitShiftLeft(1, 63)", -(2**63)),
        ("math.bitShiftRight(-1, 0)", -1),
        ("math.bitShiftLeft(1u, 63)", Uint(2**63)),
        ("math.bitAnd(-1, -2)", -2),
        ("math.greatest(9007199254740993, 9007199254740992.0)", 9007199254740993),
        ("math.least(1, 1.0, 1u)", 1),
    ],
)
def test_numbers_at_their_edges(text: str, expected: object) -> None:
    """Halves, infinities, the last bit, integers that no double holds."""
    checked = check(parse(text), variables={}, functions=FUNCTIONS)
    found = evaluate(checked, variables={}, functions=FUNCTIONS)

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("math.abs(-9223372036854775807 - 1)", "overflow"),
        ("math.greatest([])", "empty_list"),
        ("math.greatest(dyn('a'))", "no_overload"),
        ("math.greatest(dyn(true), 1)", "no_overload"),
        ("math.greatest(dyn([1, 'a']))", "no_overload"),
        ("math.least(0.0 / 0.0, 1.0)", "no_order"),
        ("math.bitShiftRight(1, -1)", "shift_range"),
    ],
)
def test_numbers_that_do_not_exist_are_errors(text: str, slug: str) -> None:
    """Where the checker could not tell."""
    assert slug_of(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("math.greatest('a', 1)", "no-overload"),
        ("math.greatest([true])", "no-overload"),
        ("math.greatest()", "no-overload"),
        ("math.ceil(1)", "no-overload"),
        ("math.least(1, 50 %)", "no-overload"),
        ("ip('::1') == '::1'", "never-equal"),
        ("ip('::1') < ip('::2')", "no-overload"),
    ],
)
def test_the_checker_refuses_what_is_no_number(text: str, slug: str) -> None:
    """And what is no text or address."""
    with pytest.raises(CheckErrors) as refused:
        check(parse(text), variables={}, functions=FUNCTIONS)

    assert [diagnostic.slug for diagnostic in refused.value.diagnostics] == [slug]


def test_a_number_that_is_unknown_leaves_the_greatest_undecided() -> None:
    """In a list as beside another one."""
    assert value_of("math.greatest(xs)", xs=Listing.of([1, UNOBSERVED])) == UNOBSERVED
    assert value_of("math.greatest(x, 1, 2)", x=UNOBSERVED) == UNOBSERVED


# ----- addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("isIP('010.0.0.1')", False),
        ("isIP('1.2.3')", False),
        ("isIP('::1%eth0')", False),
        ("isIP('')", False),
        (r"isIP('\u0660.0.0.1')", False),
        ("isCIDR('10.0.0.0')", False),
        ("isCIDR('10.0.0.0/08')", False),
        ("isCIDR('10.0.0.0/+8')", False),
        ("isCIDR('10.0.0.0/8/8')", False),
        ("isCIDR('::/128')", True),
        ("isCIDR('::ffff:c0a8:1/100')", False),
        ("ip('::ffff:c0a8:1').family()", 4),
        ("ip('10.0.0.1').isGlobalUnicast()", True),
        ("ip('127.0.0.1').isGlobalUnicast()", False),
        ("ip('fe80::1').isGlobalUnicast()", False),
        ("ip('224.0.0.5').isLinkLocalMulticast()", True),
        ("ip('ff02::1').isLinkLocalMulticast()", True),
        ("ip('ff05::1').isLinkLocalMulticast()", False),
        ("cidr('0.0.0.0/0').containsIP('255.1.2.3')", True),
        ("cidr('::/0').containsIP('1.2.3.4')", False),
        ("cidr('10.0.0.5/32').containsIP('10.0.0.4')", False),
        ("cidr('10.0.0.0/9').containsCIDR('10.0.0.0/8')", False),
        ("cidr('10.1.0.0/16') == cidr('10.1.2.3/16')", False),
        ("ip('10.0.0.1') in [ip('10.0.0.2'), ip('10.0.0.1')]", True),
        ("string(cidr('10.1.2.3/16').masked())", "10.1.0.0/16"),
    ],
)
def test_addresses_at_their_edges(text: str, expected: object) -> None:
    """Spellings that other readers take, and ranges of every length."""
    checked = check(parse(text), variables={}, functions=FUNCTIONS)

    assert evaluate(checked, variables={}, functions=FUNCTIONS) == expected


def test_a_very_long_text_is_no_address() -> None:
    """Without being read to its end."""
    assert value_of("isIP(t)", t="1" * MAX_STRING) is False
    assert value_of("isCIDR(t)", t="10.0.0.0/" + "1" * 5_000) is False
