"""
How text becomes lines of a page that is at most so many columns wide.

Columns are what a terminal shows, not characters: Chinese signs take two, combining marks none. Every line
is made here and goes through `foreign_text` on its way, so no caller can forget it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from auditor.reporters.foreign_text import cut, flowing, inert

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 100
LONGEST: Final = 4_000
"""Characters of one text that are laid out; who writes a megabyte into a name gets no megabyte of page."""

_NARROW_MARKS: Final = frozenset({"Mn", "Me", "Cf"})


def columns(text: str) -> int:
    """Return how many columns a terminal needs for *text*."""
    if text.isascii():
        return len(text)
    return sum(map(_columns_of, text))


def wrap(text: str, *, indent: str = "", hang: str | None = None, width: int = WIDTH) -> list[str]:
    """
    Break *text* into lines.

    Args:
        text: Anything; white space of every kind is one space, so that a line feed cannot fake a line.
        indent: What the first line begins with.
        hang: What the others begin with; as *indent* when None.
        width: Columns, the indent included. A longer word is broken.

    Returns:
        At least one line, none of which a CI system executes.
    """
    later = indent if hang is None else hang
    lines: list[str] = []
    line, used = indent, columns(indent)
    is_empty = True
    for word in flowing(cut(text, LONGEST)).split(" "):
        if not is_empty and used + 1 + columns(word) <= width:
            line, used = f"{line} {word}", used + 1 + columns(word)
            continue
        if not is_empty:
            lines.append(line)
            line, used = later, columns(later)
        # What stood inside a line or a word now begins a line.
        rest = inert(word)
        while used + columns(rest) > width:
            head = _head(rest, width - used)
            lines.append(line + head)
            rest = inert(rest[len(head) :])
            line, used = later, columns(later)
        line, used, is_empty = line + rest, used + columns(rest), False
    lines.append(line)
    return lines


def table(rows: Sequence[Sequence[str]], *, indent: str = "") -> list[str]:
    """
    Lay out *rows*, each of as many cells, in columns as wide as their widest cell.

    Returns:
        One line per row, however long: a cell that is broken could not be copied.
    """
    shown = [[flowing(cut(cell, LONGEST)) for cell in row] for row in rows]
    widths = [max(map(columns, cells)) for cells in zip(*shown, strict=True)]
    return [
        inert(
            indent
            + "  ".join(
                f"{cell}{' ' * (width - columns(cell))}"
                for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )
        for row in shown
    ]


def _head(word: str, room: int) -> str:
    """Return the longest beginning of *word* that fits; at least one character, so that there is an end."""
    used = 0
    for index, character in enumerate(word):
        used += _columns_of(character)
        if used > room and index:
            return word[:index]
    return word


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in _NARROW_MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
