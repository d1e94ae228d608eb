"""
The text of one file, and where each of its characters stands.

A byte order mark is no character of the text: editors hide it, so it moves no column. Lines end as an
editor sees them (LF, CR LF or CR), whatever else the format inside takes for a line break.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

from auditor.documents.limits import MAX_BYTES, MAX_EXCERPT
from auditor.model.errors import DocumentError
from auditor.model.location import Location

_LINE_END: Final = re.compile(r"\r\n?|\n")


class Source:
    """Text with the places of its characters; lines are found when the first place is asked for."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offsets at which lines start; the first is 0."""
        if self._starts is None:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        return self._starts

    def location(self, offset: int, end: int | None = None) -> Location:
        """
        Return the place of the character at *offset*.

        Args:
            offset: From 0; the length of the text is the place after its last character.
            end: Offset after the marked text; counts only where it stands on the same line.
        """
        line = bisect_right(self.starts, offset)
        start = self.starts[line - 1]
        # `end` on the next line's first column would be a mark over the line break: leave it out.
        marked = end is not None and end > offset and bisect_right(self.starts, end) == line
        end_column = end - start + 1 if marked and end is not None else None
        return Location(self.path, line, offset - start + 1, end_column)

    def line_text(self, line: int) -> str:
        """Return a whole line, from 1, without its line break; empty where there is no such line."""
        if not 1 <= line <= len(self.starts):
            return ""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def excerpt(self, line: int) -> str:
        """Return a line as it is shown with an error: cut off where it is too long to be read."""
        text = self.line_text(line)
        return text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1] + "…"

    def fault(self, message: str, offset: int, *, hint: str | None = None) -> DocumentError:
        """Return the error that *message* is, placed at *offset*."""
        location = self.location(offset)
        # A caret far beyond the cut end of a line would point at nothing.
        excerpt = self.excerpt(location.line) if location.column < MAX_EXCERPT else None
        return DocumentError(message, hint=hint, location=location, excerpt=excerpt)


def decode(data: bytes, *, path: str) -> Source:
    """
    Read *data* as UTF-8 text.

    Raises:
        DocumentError: More than `MAX_BYTES`, another encoding, or a NUL, which no text file has.
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes are more than the {MAX_BYTES} that one file may have"
        raise DocumentError(
            message, hint="split the file, or leave out what no policy reads", location=_top(path)
        )
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        message = "the file is UTF-16, want UTF-8"
        raise DocumentError(message, hint="save it as UTF-8", location=_top(path))
    body = data.removeprefix(BOM_UTF8)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        before = Source(path, body[: error.start].decode())
        message = f"byte 0x{body[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        raise before.fault(message, len(before.text), hint=hint) from None
    source = Source(path, text)
    if (nul := text.find("\0")) >= 0:
        message = "a NUL character, which no text file has"
        hint = "check that the file was not cut off or mixed up with a binary one"
        raise source.fault(message, nul, hint=hint)
    return source


def _top(path: str) -> Location:
    return Location(path, 1)
