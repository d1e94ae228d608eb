"""
The characters of a YAML scalar are found in its file.

The oracle needs no second reading of the rules: every letter occurs once in a file, so that where a letter
of the text must be found is where the file has that letter.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.scalars import origins
from auditor.documents.yaml import MappingNode, ScalarNode, compose
from auditor.model.errors import DocumentError

# Without those that name escapes.
LETTERS = "abcdefghijklmopqrstvwyzäöüßéèàçñ漢字語😀🚀"
KEY = "K"


def scalar_in(file: str) -> ScalarNode:
    """Return the value of the only key."""
    root = compose(file.encode(), path="f.yaml")
    assert isinstance(root, MappingNode)
    node = root.entries[0][1]
    assert isinstance(node, ScalarNode)
    return node


def place_of(file: str, letter: str) -> tuple[int, int]:
    """Find a letter that occurs once, as a person counts lines and columns."""
    lines = file.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return next(
        (row + 1, line.index(letter) + 1) for row, line in enumerate(lines) if letter in line
    )


@st.composite
def pieces(draw: st.DrawFn, between: list[str]) -> list[str]:
    """Letters, each once, with anything of *between* in front of, between and behind them."""
    count = draw(st.integers(1, len(LETTERS)))
    found = []
    for letter in LETTERS[:count]:
        found += [letter, *draw(st.lists(st.sampled_from(between), max_size=2))]
    return found


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """Write a file with a literal or folded block, with all that a header can say."""
    style, chomping = draw(st.sampled_from("|>")), draw(st.sampled_from(["", "-", "+"]))
    indent = draw(st.integers(1, 5))
    explicit = draw(st.booleans())
    comment = draw(st.sampled_from(["", "  # ABOUT IT"]))
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    words = iter(LETTERS)
    lines = [f"{KEY}: {style}{indent if explicit else ''}{chomping}{comment}"]
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["text", "text", "more", "empty", "spaces"]))
        word = " ".join(next(words) for _ in range(draw(st.integers(1, 3))))
        # Without the explicit indicator the first line with text sets the indentation.
        more = draw(st.integers(1, 3)) if kind == "more" and (explicit or number) else 0
        line = " " * (indent + more) + word + draw(st.sampled_from(["", "  "]))
        if kind == "spaces":
            line = " " * draw(st.integers(0, indent))
        lines.append("" if kind == "empty" else line)
    tail = draw(st.sampled_from(["", ending, f"{ending}{ending}", f"{ending}Z: 1{ending}"]))
    return ending.join(lines) + tail


@st.composite
def flows(draw: st.DrawFn) -> str:
    """Write a file with a plain or quoted scalar, over several lines and with escapes."""
    quote = draw(st.sampled_from(["", "'", '"']))
    between = [" ", "  ", "\t", "\n  ", "\n\n   ", " \n  ", "\r\n ", "\n \t "]
    if quote == "'":
        between += ["''", "#", ": "]
    elif quote:
        between += [
            "\\n",
            "\\\\",
            '\\"',
            "\\x41",
            "\\u00C5",
            "\\U0001F601",
            "\\\n  ",
            " \\\n",
            "\\\n\n ",
            "\\ ",
        ]
    body = "".join(draw(pieces(between)))
    before = draw(st.sampled_from([" ", "\n  ", " &A ", "\n  &A\n  # ABOUT IT\n  "]))
    return f"{KEY}:{before}{quote}{body}{quote}\n"


@given(file=blocks() | flows())
def test_every_letter_is_found(file: str) -> None:
    """Whatever the style, a letter of the text stands where the file has that letter."""
    try:
        node = scalar_in(file)
    except DocumentError:
        return  # some combinations are no YAML, such as a plain scalar before a tab
    for offset, letter in enumerate(node.text):
        if letter in LETTERS:
            place = node.location_at(offset)
            assert (place.line, place.column) == place_of(file, letter)


@given(file=blocks() | flows())
def test_places_follow_the_text(file: str) -> None:
    """Every character has a place, later ones later, and the end is not before the last one."""
    try:
        node = scalar_in(file)
    except DocumentError:
        return
    places = origins(node.source.text, node.start, node.end, node.style, node.text)

    assert len(places) == len(node.text) + 1
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("file", "text", "places"),
    [
        pytest.param("K: ab c\n", "ab c", ["1:4", "1:5", "1:6", "1:7", "1:8"], id="plain"),
        pytest.param("K: a\n   b", "a b", ["1:4", "1:5", "2:4", "2:5"], id="plain-folded-space-is-at-the-line-end"),
        pytest.param("K: a\n\n\n   b", "a\n\nb", ["1:4", "2:1", "3:1", "4:4", "4:5"], id="plain-empty-lines"),
        pytest.param("K: 'a''b'", "a'b", ["1:5", "1:6", "1:8", "1:9"], id="single-quotes"),
        pytest.param('K: "\\u00e9x\\n"', "éx\n", ["1:5", "1:11", "1:12", "1:14"], id="escapes"),
        pytest.param('K: "a \\\n   b"', "a b", ["1:5", "1:6", "2:4", "2:5"], id="escaped-line-break"),
        pytest.param("K: |\n  ab\n   c\n", "ab\n c\n", ["2:3", "2:4", "2:5", "3:3", "3:4", "3:5", "3:5"], id="literal"),
        pytest.param("K: >\n  ab\n  c\n", "ab c\n", ["2:3", "2:4", "2:5", "3:3", "3:4", "3:4"], id="folded"),
        pytest.param("K: >-\n\n  ab\n\n  c", "\nab\nc", ["2:1", "3:3", "3:4", "4:1", "5:3", "5:4"], id="folded-empty-lines"),
        pytest.param("K: |+\n  a\n\n\nZ: 1", "a\n\n\n", ["2:3", "2:4", "3:1", "4:1", "4:1"], id="kept-line-breaks"),
        pytest.param("K: |1\n   a\n", "  a\n", ["2:2", "2:3", "2:4", "2:5", "2:5"], id="indentation-indicator"),
        pytest.param("K: ''", "", ["1:5"], id="empty"),
    ],
)  # fmt: skip
def test_places(file: str, text: str, places: list[str]) -> None:
    """Spaces and line breaks that folding made are where their lines end; so is the end of the text."""
    node = scalar_in(file)

    assert node.text == text
    found = [node.location_at(offset) for offset in range(len(text) + 1)]
    assert [f"{place.line}:{place.column}" for place in found] == places


def test_an_error_in_a_folded_expression_shows_its_own_line() -> None:
    """The line for the caret is the one on which the character stands, not the first of the block."""
    node = scalar_in("that: >\n  a.b == 1\n    && c.d\n  || oops\n")

    offset = node.text.index("oops")

    assert str(node.location_at(offset)) == "f.yaml:4:6"
    assert node.excerpt_at(offset) == "  || oops"
    assert node.excerpt == "that: >"


def test_an_offset_outside_the_text_is_its_nearest_end() -> None:
    """A caller that counts one too far still gets a place."""
    node = scalar_in("K: ab")

    assert str(node.location_at(99)) == "f.yaml:1:6"
    assert str(node.location_at(-1)) == "f.yaml:1:4"
