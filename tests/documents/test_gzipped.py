"""Packed files are read line by line, and never further than the limits."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents import gzipped
from auditor.documents.gzipped import gzip_beginning, gzip_lines
from auditor.model.errors import DocumentError


def read(data: bytes) -> tuple[list[tuple[int, bytes]], DocumentError | None]:
    """Return the lines that can be read, and the error that ends them."""
    found: list[tuple[int, bytes]] = []
    try:
        for line in gzip_lines(data, path="a.jsonl.gz"):
            found.append(line)  # noqa: PERF402 - what came before the error counts
    except DocumentError as error:
        return found, error
    return found, None


def told(error: DocumentError | None) -> str:
    """Return an error with its place."""
    return "none" if error is None else f"{error.location}: {error.message}"


@given(st.lists(st.binary(max_size=9).filter(lambda line: b"\n" not in line), max_size=9))
def test_lines_come_back_with_their_numbers(lines: list[bytes]) -> None:
    """Whatever the lines hold; a last line feed begins no line."""
    packed = gzip.compress(b"".join(line + b"\n" for line in lines))

    assert read(packed) == (list(enumerate(lines, 1)), None)


def test_a_last_line_without_a_line_feed_is_a_line() -> None:
    """Some writers leave it out."""
    assert read(gzip.compress(b"one\ntwo")) == ([(1, b"one"), (2, b"two")], None)


def test_several_parts_are_one_file() -> None:
    """As gzip joins them, a line across the seam included; zeros behind the end are filling."""
    packed = gzip.compress(b"one\ntw") + gzip.compress(b"o\n") + b"\0" * 512

    assert read(packed) == ([(1, b"one"), (2, b"two")], None)


def test_a_line_longer_than_a_piece_is_read_whole() -> None:
    """Pieces end anywhere."""
    line = b"x" * 3_000_000

    assert read(gzip.compress(line + b"\nlast\n")) == ([(1, line), (2, b"last")], None)


def test_a_file_that_unpacks_to_too_much_ends_at_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lines before the limit were read; the rest is never unpacked."""
    monkeypatch.setattr(gzipped, "MAX_UNPACKED", 3 * 1024 * 1024)
    lines, error = read(gzip.compress(b"x\n" * 50_000_000))

    assert len(lines) == 3 * 1024 * 1024 // 2
    assert told(error) == (
        f"a.jsonl.gz:{len(lines) + 1}:1: unpacks to more than the 3145728 bytes that one file may have"
    )


def test_a_line_that_never_ends_is_given_up() -> None:
    """A few kilobytes of packed zeros are one line of any length."""
    lines, error = read(gzip.compress(b"one\n" + b"\0" * 100_000_000))

    assert lines == [(1, b"one")]
    assert told(error) == (
        "a.jsonl.gz:2:1: a line of more than 8388608 bytes; nothing from here on was read"
    )


def test_a_file_that_was_cut_off_is_told() -> None:
    """What could be unpacked was read."""
    packed = gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))
    lines, error = read(packed[: len(packed) // 2])

    assert 0 < len(lines) < 100_000
    assert [line for _, line in lines[:-1]] == [b"%d" % number for number in range(len(lines) - 1)]
    assert told(error) == "a.jsonl.gz:1:1: the gzip file was cut off; what came behind is missing"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"id": 1}\n', id="not-packed-at-all"),
        pytest.param(gzip.compress(b"one\n") + b"garbage", id="garbage-behind-the-end"),
        pytest.param(gzip.compress(b"one\n")[:-8] + b"\1" * 8, id="a-wrong-checksum"),
    ],
)
def test_a_damaged_file_is_told(data: bytes) -> None:
    """No damage is taken for the end."""
    assert told(read(data)[1]) == (
        "a.jsonl.gz:1:1: is no gzip file, or a damaged one; nothing from here on was read"
    )


def test_nothing_is_an_empty_file() -> None:
    """No byte, no line, no error; so is a packed nothing."""
    assert read(b"") == ([], None)
    assert read(gzip.compress(b"")) == ([], None)


def test_the_beginning_can_be_looked_at() -> None:
    """The beginning of the packed file suffices, and no more is unpacked than is asked for."""
    packed = gzip.compress(b'{"key": 1}' * 100_000)

    assert gzip_beginning(packed[:200], 10) == b'{"key": 1}'
    assert gzip_beginning(b"no gzip", 10) == b""
