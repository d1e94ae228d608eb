"""Places as editors count them lead to the same characters and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.code_units import EditorText
from auditor.model.location import Location

if TYPE_CHECKING:
    from auditor.documents.code_units import Encoding

ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]
TEXTS = st.text(alphabet="ab é😀\u2028\x85\n", max_size=40)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_units_of_an_encoding(encoding: Encoding, character: int) -> None:
    """An emoji is four bytes, two units of UTF-16, one character."""
    text = EditorText("a\né😀x", encoding)

    assert text.place(4 + 1) == (1, character)
    assert text.offset((1, character)) == 5


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_there_and_back(text: str, encoding: Encoding) -> None:
    """Every character has a place that leads back to it."""
    made = EditorText(text, encoding)

    assert [made.offset(made.place(at)) for at in range(len(text) + 1)] == list(
        range(len(text) + 1)
    )


@given(TEXTS, st.integers(0, 40), st.integers(0, 40), TEXTS, st.sampled_from(ENCODINGS))
def test_replaced(text: str, one: int, other: int, new: str, encoding: Encoding) -> None:
    """What stands between two places is replaced, and nothing else."""
    first, last = sorted((min(one, len(text)), min(other, len(text))))
    made = EditorText(text, encoding)

    replaced = made.replaced(made.place(first), made.place(last), new)

    assert replaced.text == text[:first] + new + text[last:]


@pytest.mark.parametrize(
    ("place", "offset"),
    [((0, 99), 2), ((1, 99), 6), ((2, 0), 8), ((99, 0), 9), ((-1, -1), 0)],
)
def test_place_beyond_the_text(place: tuple[int, int], offset: int) -> None:
    """One behind the end of its line is that end, whatever ends the line; one behind the text is its end."""
    assert EditorText("ab\rcd\r\n\nx"[:2] + "\r" + "xyz" + "\r\n" + "x").offset(place) == offset


def test_only_line_breaks_end_lines() -> None:
    """A line separator, a form feed and a next line are characters of their line."""
    text = EditorText("a\u2028b\x0cc\x85d\ne")

    assert text.lines == 2
    assert text.place(8) == (1, 0)


@pytest.mark.parametrize(
    ("location", "marked"),
    [
        (Location("", 1, 3, 5), ((0, 3), (0, 5))),
        (Location("", 1, 3), ((0, 3), (0, 6))),
        (Location("", 2, 1), ((1, 0), (1, 0))),
        (Location("", 9, 9, 99), ((1, 0), (1, 0))),
    ],
    ids=["to its end", "to the end of the line", "empty line", "beyond the text"],
)
def test_marked_text(location: Location, marked: object) -> None:
    """What is marked without an end goes on to the last letter of its line."""
    assert EditorText("😀abcd  \n").mark(location) == marked
