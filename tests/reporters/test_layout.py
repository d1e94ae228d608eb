"""Lines are as wide as a terminal shows them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reporters.foreign_text import flowing
from auditor.reporters.layout import LONGEST, columns, wrap

COMMAND = re.compile(r"^\s*::|##[A-Za-z]*\[")


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("规模", 4), ("e\u0301", 1), ("a\u200db", 2), ("ﾃｽﾄ", 3), ("", 0)],
    ids=["ascii", "chinese takes two", "an accent takes none", "a joiner", "half width", "empty"],
)
def test_columns_are_what_a_terminal_shows(text: str, width: int) -> None:
    """Columns are not characters."""
    assert columns(text) == width


def test_words_flow_into_lines_and_hang() -> None:
    """A line is filled to the last column, and no further."""
    assert wrap("aa bb cc dd", indent="* ", hang="  ", width=7) == ["* aa bb", "  cc dd"]


def test_chinese_text_wraps_by_its_width() -> None:
    """Five wide signs do not fit into nine columns."""
    assert wrap("规模规模规", width=9) == ["规模规模", "规"]


def test_a_long_word_is_broken() -> None:
    """A word wider than the page goes on in the next line."""
    assert wrap("x abcdefgh y", indent=" ", width=5) == [" x", " abcd", " efgh", " y"]


def test_a_line_feed_fakes_no_line() -> None:
    """Text of others stays where it was put."""
    assert wrap("done\nFAIL critical: forged") == ["done FAIL critical: forged"]


def test_no_text_is_still_a_line() -> None:
    """An empty message leaves its indent, so that a list keeps its entries."""
    assert wrap(" \n", indent="* ") == ["* "]


def test_a_command_that_a_break_puts_at_a_start_is_broken_up() -> None:
    """What was harmless inside a line or a word must not become a command in the next line."""
    assert wrap("aaaa ::add-mask::b", width=20) == ["aaaa ::add-mask::b"]
    assert wrap("aaaa ::add-mask::b", width=17) == ["aaaa", r"\x3a:add-mask::b"]
    assert wrap("abcd::e", width=4) == ["abcd", r"\x3a", ":e"]


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(12, 40))
def test_no_line_is_too_wide_or_acts(text: str, width: int) -> None:
    """Whatever the text, the page keeps its width and runs nothing."""
    for line in wrap(text, indent="    ", hang="      ", width=width):
        assert columns(line) <= width
        assert COMMAND.search(line) is None


@given(st.lists(st.text(alphabet="ab规#[]", min_size=1, max_size=8), min_size=1))
def test_no_word_is_lost(words: list[str]) -> None:
    """Where no word is longer than a line, the lines joined are the text."""
    text = flowing(" ".join(words))

    assert " ".join(wrap(text, width=40)) == text


def test_a_megabyte_is_cut_and_says_so() -> None:
    """A text that nobody would read does not become a page that nobody could."""
    lines = wrap("x" * 1_000_000)

    assert lines[-1].endswith(f"({1_000_000 - LONGEST} more characters)")
