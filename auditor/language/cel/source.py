"""
Where an expression's text is wrong.

Offsets count characters of the expression's own text; whoever read the expression out of a file turns
them into that file's lines (a folded YAML block has other lines than the text that comes out of it).
`place` and `excerpt` are for texts that stand alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.errors import Instead

_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


class CelSyntaxError(Exception):
    """
    One thing that is wrong with an expression's text.

    Args:
        slug: Stable id of the fact, e.g. ``unclosed-bracket``.
        message: What is wrong, in one lower-case clause without a full stop.
        offset: Character that is to blame; for something unclosed, its opening.
        end: Offset after the last character that is to blame; one character where it is left out.
        hint: What to write instead. None when there is honestly nothing to propose.
        instead: What stands there and what to write for it, where only one thing can be meant.
    """

    def __init__(
        self,
        slug: str,
        message: str,
        offset: int,
        *,
        end: int | None = None,
        hint: str | None = None,
        instead: Instead | None = None,
    ) -> None:
        super().__init__(message)
        self.slug = slug
        self.message = message
        self.offset = offset
        self.end = offset + 1 if end is None else end
        self.hint = hint
        self.instead = instead


class CelSyntaxErrors(Exception):
    """Everything that was found wrong with one expression: at least one error, in order of place."""

    def __init__(self, text: str, errors: Iterable[CelSyntaxError]) -> None:
        self.text = text
        self.errors: tuple[CelSyntaxError, ...] = tuple(
            sorted(errors, key=lambda error: (error.offset, error.message))
        )
        super().__init__("; ".join(error.message for error in self.errors))


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of the character at *offset*, both counted from 1."""
    line, start = 1, 0
    for found in _LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return line, offset - start + 1


def excerpt(text: str, offset: int) -> str:
    """Return the line that holds the character at *offset*, without its line break."""
    line, column = place(text, offset)
    del line
    start = offset - column + 1
    following = _LINE_BREAK.search(text, start)
    return text[start : following.start() if following else len(text)]
