"""Equal data have equal bytes, as RFC 8785 writes them."""

from __future__ import annotations

import json
import struct
import sys
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.canonical import (
    MAX_INT,
    NotCanonicalError,
    canonical,
    digest,
    longest_text,
    number,
)

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INT, MAX_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
)


@pytest.mark.parametrize(
    ("bits", "written"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_of_the_rfc(bits: str, written: str) -> None:
    """Appendix B of the RFC."""
    (value,) = struct.unpack(">d", bytes.fromhex(bits))

    assert number(value) == written
    assert canonical([value]) == f"[{written}]".encode()


def test_the_sample_of_the_rfc() -> None:
    """Section 3.2.2: numbers, escapes and names as they are to be written."""
    sample = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }

    assert canonical(sample).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize("value", [1, 1.0], ids=["encoder", "writer"])
def test_keys_are_sorted_by_utf_16_units(value: float) -> None:
    """Section 3.2.3: an emoji comes before U+FB33, though its code point is larger."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    found = list(json.loads(canonical(dict.fromkeys(keys, value))))

    assert found == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_one_and_one_point_zero_are_the_same() -> None:
    """JSON has one kind of number."""
    assert canonical({"a": 1.0}) == canonical({"a": 1}) == b'{"a":1}'


@given(values)
def test_reading_gives_the_same_data_again(value: object) -> None:
    """Nothing is lost but the difference between 1.0 and 1: every number is a double, to the RFC."""
    assert json.loads(canonical(value), parse_int=float) == value


@given(values)
def test_the_canonical_form_of_the_canonical_form_is_itself(value: object) -> None:
    """Storing and loading does not change a digest."""
    once = canonical(value)

    assert canonical(json.loads(once, parse_int=float)) == once


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_themselves(value: float) -> None:
    """The shortest digits are still exact."""
    assert float(number(value)) == value


@pytest.mark.parametrize(
    ("value", "message", "pointer"),
    [
        ({"a": [1, 2**53]}, "an integer beyond 2^53-1", "/a/1"),
        ([-(2**53)], "an integer beyond 2^53-1", "/0"),
        ([float("nan")], "a number that is not finite", "/0"),
        ({"a/b": float("-inf")}, "a number that is not finite", "/a~1b"),
        (["\ud800"], "half a character (a lone surrogate)", "/0"),
        ([{"\ud800": 1}], "half a character (a lone surrogate)", "/0"),
        ([1.0, "\ud800"], "half a character (a lone surrogate)", "/1"),
        ({1: 2}, "a key that is no string", ""),
        ([b"x"], "a bytes, which is no JSON value", "/0"),
    ],
)
def test_what_has_no_canonical_form(value: object, message: str, pointer: str) -> None:
    """Each names the first value that has none."""
    with pytest.raises(NotCanonicalError) as caught:
        canonical(value)

    assert (caught.value.message, caught.value.pointer) == (message, pointer)
    assert isinstance(caught.value, ValueError)


def test_a_digest_names_the_content() -> None:
    """Keys in another order, the same digest."""
    written = b'{"a":[],"b":1}'

    assert digest({"b": 1, "a": []}) == f"sha256:{sha256(written).hexdigest()}"
    assert digest({"a": [], "b": 1}) == digest({"b": 1, "a": []})


@pytest.mark.parametrize("leaf", [1, 1.0], ids=["encoder", "writer"])
def test_depth_is_no_limit(leaf: float) -> None:
    """Deeper than Python could recurse, and the caller deep as well."""
    depth = sys.getrecursionlimit() * 2
    value: Any = leaf
    for _ in range(depth):
        value = [value]

    assert canonical(value) == b"[" * depth + b"1" + b"]" * depth


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_text_is_longer_than_the_longest(texts: list[str]) -> None:
    """Whatever stands in it: quotation marks and backslashes are part of a text."""
    try:
        body = canonical({"texts": texts})
    except NotCanonicalError:
        return  # half a character

    assert longest_text(body) >= max(map(len, texts), default=0)
