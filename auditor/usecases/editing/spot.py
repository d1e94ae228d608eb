"""
The place in an open file at which a cursor stands, and what can be said of it at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from auditor.documents.yaml_cursor import Cursor, cursor_at
from auditor.documents.yaml_outline import Slot, outline
from auditor.language.template import TemplateFault, split_template
from auditor.usecases.editing.schema_help import SchemaHelp, help_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DOUBLE: Final = re.compile(r"\\(.)", re.DOTALL)
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in its file: what stands where in one stands there in the other."""

    text: str
    start: int
    """Where it begins in the file."""
    cursor: int
    """Where the cursor is in it."""


@dataclass(frozen=True)
class Spot:
    """A cursor in an open file."""

    path: Path
    kind: str
    """What the file is; see `kind_of`."""
    text: str
    offset: int
    """The cursor: before the character of this number, from 0."""

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """What stands in the file."""
        return outline(self.text)

    @cached_property
    def cursor(self) -> Cursor | None:
        """The key or value that the cursor is in."""
        return cursor_at(self.text, self.slots, self.offset)

    @cached_property
    def help(self) -> SchemaHelp:
        """What the schema says of the value that the cursor is in, or of the key."""
        return help_at(self.kind, self.cursor.path if self.cursor else ())

    @property
    def written(self) -> str:
        """What stands in the key or value."""
        return "" if self.cursor is None else self.text[self.cursor.start : self.cursor.end]

    @property
    def is_say(self) -> bool:
        """Whether the cursor is in a sentence with expressions in it."""
        path = self.cursor.path if self.cursor else ()
        return self.kind == "policy" and path[:1] == ("require",) and path[-1] == "say"

    @cached_property
    def expression(self) -> Written | None:
        """The expression that the cursor is in."""
        cursor = self.cursor
        if cursor is None or cursor.is_key or not cursor.start <= self.offset:
            return None
        path = cursor.path
        is_own = (self.kind, path) == ("policy", ("for",)) or (
            self.kind == "pack" and len(path) == 2 and path[0] == "define"  # noqa: PLR2004 - and its name
        )
        text = _unquoted(self.written, cursor.style)
        at = min(self.offset - cursor.start, len(text))
        if self.is_say:
            return _hole(text, cursor.start, at)
        if self.help.is_expression or is_own:
            return Written(text, cursor.start, at)
        return None

    def word(self) -> tuple[str, int, int]:
        """Return the word under the cursor, and where it begins and ends in the file."""
        for found in _WORD.finditer(self.text, max(0, self.offset - 200), self.offset + 200):
            if found.start() <= self.offset <= found.end():
                return found[0], found.start(), found.end()
        return "", self.offset, self.offset


def _unquoted(text: str, style: str | None) -> str:
    """Return a text as it reads, each character where it stands: an escape becomes a blank and its character."""
    if style == "double":
        return _DOUBLE.sub(r" \1", text)
    return text.replace("''", " '") if style == "single" else text


def _hole(text: str, start: int, at: int) -> Written | None:
    """Return the expression around *at* in a sentence."""
    opened = _opening(text, at)
    if opened is None:
        return None
    end = len(text)
    try:
        parts = split_template(text[opened:])
    except TemplateFault:
        # The brace is not closed yet; what follows is the rest of the sentence.
        end = at
    else:
        first = parts[0]
        end = opened + 1 + len(first.text) if not isinstance(first, str) else at
    return Written(text[opened + 1 : end], start + opened + 1, at - opened - 1)


def _opening(text: str, at: int) -> int | None:
    """Return where the brace stands that opens the expression around *at*."""
    position = 0
    while position < at:
        if text[position] in "{}" and text[position : position + 2] == text[position] * 2:
            position += 2
            continue
        if text[position] == "{":
            try:
                parts = split_template(text[position:])
            except TemplateFault:
                return position
            first = parts[0]
            if isinstance(first, str):
                return None
            end = position + 2 + len(first.text)
            if at < end:
                return position
            position = end
        else:
            position += 1
    return None
