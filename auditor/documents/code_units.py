"""
Places in a text as editors count them: lines from 0, and in a line the units of an encoding.

An editor says ``character 5`` and means five units of UTF-16, in which an emoji is two; some agree on UTF-8 or
UTF-32 instead. Lines end where `auditor.documents.source` ends them, and nowhere else: a line separator inside a
text is a character like any other.

Source: Language Server Protocol 3.17, "Position".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from auditor.documents.source import Source

if TYPE_CHECKING:
    from auditor.model.location import Location

    Encoding = Literal["utf-8", "utf-16", "utf-32"]

    Place = tuple[int, int]
    """Line and character."""

_UTF_8_STEPS: Final = (0x80, 0x800, 0x10000)
"""The first characters that take two bytes, three, four."""
_ASTRAL: Final = 0x10000
"""The first character that takes two units of UTF-16."""


class EditorText:
    """
    A text, and the places of its characters as an editor counts them.

    Args:
        text: The text.
        encoding: Whose units are counted.
    """

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self.text = text
        self.source = Source("", text)
        self._encoding = encoding
        self._is_plain = encoding == "utf-32" or text.isascii()

    @property
    def lines(self) -> int:
        """How many lines there are; the one behind the last line break counts."""
        return len(self.source.starts)

    def offset(self, place: Place) -> int:
        """Return the offset of a place; one behind the end of its line, or of the text, is that end."""
        line, units = max(0, place[0]), max(0, place[1])
        if line >= self.lines:
            return len(self.text)
        start = self.source.starts[line]
        content = self.source.line_text(line + 1)
        if self._is_plain:
            return start + min(units, len(content))
        for index, sign in enumerate(content):
            if units <= 0:
                return start + index
            units -= self._units(sign)
        return start + len(content)

    def place(self, offset: int) -> Place:
        """Return the place of the character at *offset*; the length of the text is allowed."""
        found = self.source.location(max(0, min(offset, len(self.text))))
        return self._place(found.line, found.column)

    def mark(self, location: Location) -> tuple[Place, Place]:
        """Return where the marked text begins and ends; one that has no end goes on to the end of its line."""
        line = min(location.line, self.lines)
        content = self.source.line_text(line)
        column = min(location.column, len(content) + 1)
        end = len(content.rstrip()) + 1 if location.end_column is None else location.end_column
        end = max(min(end, len(content) + 1), column)
        return self._place(line, column), self._place(line, end)

    def replaced(self, first: Place, last: Place, text: str) -> EditorText:
        """Return the text with what stands between two places replaced."""
        start, end = self.offset(first), self.offset(last)
        new = f"{self.text[:start]}{text}{self.text[max(start, end) :]}"
        return EditorText(new, self._encoding)

    def _place(self, line: int, column: int) -> Place:
        if self._is_plain:
            return line - 1, column - 1
        before = self.source.line_text(line)[: column - 1]
        return line - 1, sum(map(self._units, before))

    def _units(self, sign: str) -> int:
        code = ord(sign)
        if self._encoding == "utf-8":
            return 1 + sum(code >= step for step in _UTF_8_STEPS)
        return 2 if self._encoding == "utf-16" and code >= _ASTRAL else 1
