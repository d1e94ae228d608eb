"""
How a text becomes a cell that a spreadsheet only shows.

A spreadsheet takes a cell for a formula by its first character, whoever wrote it. An apostrophe in front is what
spreadsheets themselves use to say "this is text": it can be seen and taken away again. European ones part a line at
semicolons even where commas are meant, so that a formula could begin in the middle of a cell: there, too.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.reporters.foreign_text import flowing, visible

if TYPE_CHECKING:
    from auditor.reporters.tables.view import Cell

LONGEST: Final = 16_000
"""Characters of a cell. Excel holds 32,767 UTF-16 units, of which one character takes up to two."""

_ACTS: Final = r"""(?=[\s'"]*[=+\-@\t\r＝＋－＠])"""  # noqa: RUF001 - the full-width forms act as well
_AT_START: Final = re.compile(_ACTS)
_AT_START_OR_SEMICOLON: Final = re.compile(rf"(^|;){_ACTS}")


def text_of(cell: Cell, separator: str) -> str:
    """Return what stands in a cell as text that can be shown, not longer than a cell may be."""
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, tuple):
        text = separator.join(cell)
    else:
        text = "" if cell is None else str(cell)
    if text.isprintable() and len(text) <= LONGEST:
        return text
    shown = visible(text[:LONGEST])
    missing = len(text[LONGEST:]) + len(shown[LONGEST:])
    return f"{shown[:LONGEST]} … ({missing} more characters)" if missing else shown


def key(text: str) -> str:
    """
    Return a key as a cell that can be matched by.

    Returns:
        The key itself where it can stand as it is, else what can be shown of it and a digest of the whole: two keys
        that differ still do.
    """
    shown = flowing(text[: LONGEST + 1])
    if shown == text and len(text) <= LONGEST:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{shown[: LONGEST - 100]} ~{digest[:8]}"


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take *text* for a formula, or would once its quotes are gone."""
    return _AT_START.match(text) is not None


def neutral(text: str) -> str:
    """
    Put an apostrophe before whatever a spreadsheet could take for a formula.

    Returns:
        Text of one line. Who takes away the first apostrophe wherever it stands before such a beginning has the text
        again: beginnings that have one of their own get another.
    """
    return _AT_START_OR_SEMICOLON.sub(r"\1'", text)
