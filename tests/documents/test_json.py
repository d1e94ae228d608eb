"""JSON is read strictly, and every refusal names its place."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.json import parse_json
from auditor.documents.limits import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_NODES
from auditor.model.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
)


def refused(data: bytes) -> DocumentError:
    """Return the error that *data* gives."""
    with pytest.raises(DocumentError) as caught:
        parse_json(data, path="a/b.json")
    return caught.value


def at_depth(depth: int, call: Callable[[], Any]) -> Any:
    """Call with *depth* frames below."""
    return at_depth(depth - 1, call) if depth else call()


@given(value=values, is_ascii=st.booleans())
def test_reads_what_the_standard_library_writes(value: object, is_ascii: bool) -> None:  # noqa: FBT001
    """Any value comes back as it was written, escaped or not."""
    data = json.dumps(value, ensure_ascii=is_ascii).encode()

    assert parse_json(data, path="x.json") == value


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        pytest.param(b'{"a": 1,\n "a": 2}', (2, 2), "key 'a' is given twice, first in line 1", id="duplicate-key"),
        pytest.param(b'{"a": {"b": 1}, "b": 2, "a": 3}', (1, 25), "key 'a' is given twice, first in line 1", id="same-key-elsewhere-is-none"),
        pytest.param(b'{"\\u0061": 1, "a": 2}', (1, 15), "key 'a' is given twice, first in line 1", id="duplicate-behind-escape"),
        pytest.param(b"[1, NaN]", (1, 5), "NaN is no finite number", id="nan"),
        pytest.param(b"[-Infinity]", (1, 2), "-Infinity is no finite number", id="infinity"),
        pytest.param(b"[1e999]", (1, 2), "1e999 is no finite number", id="overflow"),
        pytest.param(b'["\\ud800"]', (1, 3), "\\ud800 is half a character (a lone surrogate)", id="high-surrogate"),
        pytest.param(b'["x\\udc00\\ud800"]', (1, 4), "\\udc00 is half a character (a lone surrogate)", id="low-surrogate-first"),
        pytest.param(b'["\\ud83d\\ud83d\\ude00"]', (1, 3), "\\ud83d is half a character (a lone surrogate)", id="high-before-a-pair"),
        pytest.param(b'{"a": "\xff"}', (1, 8), "byte 0xff is not UTF-8", id="not-utf-8"),
        pytest.param("[é,\xff".encode("latin-1"), (1, 2), "byte 0xe9 is not UTF-8", id="latin-1"),
        pytest.param(b'["a\x00b"]', (1, 4), "a NUL character, which no text file has", id="nul"),
        pytest.param(b"\xff\xfe[\x00]\x00", (1, 1), "the file is UTF-16, want UTF-8", id="utf-16"),
        pytest.param(b"", (1, 1), "the file is empty, want a JSON value", id="empty"),
        pytest.param(b" \n ", (1, 1), "the file is empty, want a JSON value", id="blank"),
        pytest.param(b"[1,\n]", (1, 3), "a comma with nothing after it", id="comma-before-bracket"),
        pytest.param(b'{"a": 1,}', (1, 8), "a comma with nothing after it", id="comma-before-brace"),
        pytest.param(b"{'a': 1}", (1, 2), "want a key in double quotes, found '''", id="single-quotes"),
        pytest.param(b'{"a" 1}', (1, 6), "want ':' after the key, found '1'", id="no-colon"),
        pytest.param(b'{"a":}', (1, 6), "want a value, found '}'", id="no-value"),
        pytest.param(b"[1 true]", (1, 4), "want ',' or the end of the list or object, found 'true'", id="no-comma"),
        pytest.param(b"[1", (1, 3), "want ',' or the end of the list or object, found the end of the file", id="cut-off"),
        pytest.param(b'["abc', (1, 2), "this string has no end", id="open-string"),
        pytest.param(b'["a\nb"]', (1, 4), "a line break or control character in a string", id="line-break"),
        pytest.param(b'["\\q"]', (1, 3), "no such escape in JSON", id="escape"),
        pytest.param(b"1 2", (1, 3), "want the end of the file, found '2'", id="two-values"),
        pytest.param(b"\xef\xbb\xbf[x]", (1, 2), "want a value, found 'x'", id="bom-moves-no-column"),
        pytest.param('["é😀", x]'.encode(), (1, 8), "want a value, found 'x'", id="columns-count-characters"),
        pytest.param(b"[\r\n1,\r\n]", (2, 2), "a comma with nothing after it", id="windows-lines"),
    ],
)  # fmt: skip
def test_refuses(data: bytes, place: tuple[int, int], message: str) -> None:
    """What is wrong is named where it stands, in characters of the file as an editor shows it."""
    error = refused(data)

    assert error.message == message
    assert error.location is not None
    assert (error.location.path, error.location.line, error.location.column) == ("a/b.json", *place)


def test_a_byte_order_mark_is_no_character() -> None:
    """Editors on Windows write one; it is not part of the value."""
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', path="x.json") == {"a": 1}


def test_pairs_of_surrogates_are_characters() -> None:
    """Two halves in the right order are one character, next to an escaped backslash too."""
    assert parse_json(b'["\\ud83d\\ude00", "\\\\ud800"]', path="x.json") == ["😀", "\\ud800"]


@pytest.mark.parametrize("opening", ["[", '{"a": ', '[{"a": '], ids=["lists", "objects", "both"])
def test_depth_over_the_limit_is_refused_where_it_begins(opening: str) -> None:
    """The first bracket over the limit is the place, however deep the rest goes and whether it ends or not."""
    levels = opening.count("[") + opening.count("{")
    error = refused((opening * 100_000).encode())

    assert error.message == "more than 64 lists and mappings inside each other"
    assert error.location is not None
    brackets = (MAX_DEPTH // levels) * len(opening) + 1
    assert error.location.column == brackets


@pytest.mark.parametrize("caller", [0, 200, sys.getrecursionlimit() - 200])
def test_depth_up_to_the_limit_is_read_whatever_the_callers_depth(caller: int) -> None:
    """Python's recursion limit is never met: not by a caller that is close to it itself."""
    data = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    value = at_depth(caller, lambda: parse_json(data, path="x.json"))

    for _ in range(MAX_DEPTH - 1):
        (value,) = value
    assert value == []


def test_brackets_in_strings_are_no_depth() -> None:
    """Only structure counts, whatever strings hold."""
    text = '[{"\\\\' * 100

    assert parse_json(json.dumps([text, '"', text]).encode(), path="x.json") == [text, '"', text]


def test_a_string_over_the_limit_is_refused() -> None:
    """Fifty million characters are one located error, without the characters in it."""
    error = refused(b'{"note": "' + b"x" * 50_000_000 + b'"}')

    assert error.message == "a string of 50000000 characters, at most 8388608 are read"
    assert error.location is not None
    assert error.location.column == 10
    assert error.excerpt is not None
    assert len(error.excerpt) == 400


def test_a_file_over_the_limit_is_refused() -> None:
    """The size is looked at before anything else."""
    error = refused(b" " * (MAX_BYTES + 1))

    assert error.message == "67108865 bytes are more than the 67108864 that one file may have"


def test_too_many_values_are_refused() -> None:
    """Values are counted, not bytes."""
    error = refused(b"[" + b"1," * MAX_NODES + b"1]")

    assert error.message == "more than 2000000 values"


@pytest.mark.parametrize("digits", [MAX_DIGITS + 1, 5_000])
def test_an_integer_with_too_many_digits_is_refused(digits: int) -> None:
    """Python's own limit can be set from outside and is never met."""
    error = refused(b"[1, " + b"7" * digits + b"]")

    assert error.message == f"an integer of {digits} digits, at most 640 are read"
    assert error.location is not None
    assert error.location.column == 5


def test_a_long_integer_is_read() -> None:
    """Up to the limit, digits are exact."""
    assert parse_json(b"9" * MAX_DIGITS, path="x.json") == 10**MAX_DIGITS - 1
