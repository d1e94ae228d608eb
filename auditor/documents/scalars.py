"""
What a YAML scalar means, and where each character of its text stands in the file.

Types are those of the YAML 1.2 core schema, not the ones that most YAML libraries still use: ``on``, ``no``,
``17:30``, ``1_000`` and ``2026-03-03`` are strings, and ``0123`` is a hundred and twenty-three.

A scalar's text is not a slice of its file: escapes are replaced, lines are folded, indentation is cut off. An
expression inside such a scalar must still report its errors in the file's lines, so the rules that made the
text are followed here once more, with the offset of each character kept.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Style = Literal["plain", "single", "double", "literal", "folded"]
Value = str | int | float | bool | None

_INT: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NAMES: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_STARTS: Final = frozenset("0123456789+-.")

_BREAKS: Final = "\r\n\x85\u2028\u2029"
_BLANKS: Final = " \t"
_HEADER: Final = re.compile(r"[|>](?P<signs>[-+0-9]*)[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?")
_PROPERTIES: Final = re.compile(r"(?:&\S+(?:\s|#[^\r\n]*)*)?")
_ESCAPES: Final = {
    "0": "\0",
    "a": "\x07",
    "b": "\x08",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\x0b",
    "f": "\x0c",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_CODE_LENGTHS: Final = {"x": 2, "u": 4, "U": 8}


def typed(text: str) -> Value:
    """
    Return what a plain scalar means.

    Raises:
        OverflowError: A number that is not finite: ``.nan``, ``.inf``, ``1e999``.
    """
    if text in _NAMES:
        return _NAMES[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text, base=0)
    if _HEX.fullmatch(text):
        return int(text, base=0)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise OverflowError
        return value
    if _NOT_FINITE.fullmatch(text):
        raise OverflowError
    return text


def is_integer(text: str) -> bool:
    """Tell whether a plain scalar is an integer in any notation."""
    return any(notation.fullmatch(text) for notation in (_INT, _OCTAL, _HEX))


def origins(file: str, start: int, end: int, style: Style, text: str) -> list[int]:
    """
    Find the characters of a scalar's text in its file.

    Args:
        file: Text of the whole file.
        start: Offset of the scalar's node, its anchor included.
        end: Offset after it.
        style: How it is written.
        text: What the parser made of it.

    Returns:
        For each character of *text* the offset of what it was made from, and as the last entry the place
        after them. A space that stands for a line break is at the end of its line.
    """
    start = _after_properties(file, start)
    scan: _Scan
    if style in ("literal", "folded"):
        scan = _Block(file, start, text)
    elif style == "plain":
        scan = _Flow(file, start, end, style)
    else:
        scan = _Flow(file, start + 1, end - 1, style)
    if "".join(scan.chars) != text:
        # Both readings follow one specification; should they ever part, the scalar's start is still true.
        return [start] * (len(text) + 1)
    return [*scan.places, scan.after]


def _after_properties(file: str, start: int) -> int:
    found = _PROPERTIES.match(file, start)
    return found.end() if found else start


class _Scan:
    """Characters as they are read, each with its offset."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.chars: list[str] = []
        self.places: list[int] = []
        self.after = 0

    def emit(self, char: str, place: int, width: int = 1) -> None:
        self.chars.append(char)
        self.places.append(place)
        self.after = place + width

    def after_break(self, place: int) -> int:
        return place + (2 if self.file.startswith("\r\n", place) else 1)

    def normal_break(self, place: int) -> str:
        char = self.file[place]
        return char if char in "\u2028\u2029" else "\n"


class _Flow(_Scan):
    """A plain or quoted scalar: lines are folded, and in double quotes escapes are replaced."""

    def __init__(self, file: str, start: int, end: int, style: Style) -> None:
        super().__init__(file)
        self.after = start
        self.end = end
        place = start
        while place < end:
            char = file[place]
            if char == "\\" and style == "double":
                place = self.escape(place)
            elif char == "'" and style == "single":
                self.emit(char, place, 2)
                place += 2
            elif char in _BLANKS or char in _BREAKS:
                place = self.space(place)
            else:
                self.emit(char, place)
                place += 1

    def escape(self, place: int) -> int:
        name = self.file[place + 1]
        if name in _BREAKS:
            # An escaped line break is nothing at all; the blanks before it stay, those after it go.
            return self.breaks(self.after_break(place + 1))
        width = 2 + _CODE_LENGTHS.get(name, 0)
        if name in _CODE_LENGTHS:
            char = chr(int(self.file[place + 2 : place + width], 16))
        else:
            char = _ESCAPES.get(name, name)
        self.emit(char, place, width)
        return place + width

    def space(self, place: int) -> int:
        behind = self.skip_blanks(place)
        if behind >= self.end or self.file[behind] not in _BREAKS:
            for blank in range(place, behind):
                self.emit(self.file[blank], blank)
            return behind
        line_break = self.normal_break(behind)
        if line_break != "\n":
            self.emit(line_break, behind)
        known = len(self.chars)
        follows = self.breaks(self.after_break(behind))
        if line_break == "\n" and len(self.chars) == known:
            self.emit(" ", place)
        return follows

    def breaks(self, place: int) -> int:
        """Emit the empty lines that follow a line break."""
        place = self.skip_blanks(place)
        while place < self.end and self.file[place] in _BREAKS:
            self.emit(self.normal_break(place), place)
            place = self.skip_blanks(self.after_break(place))
        return place

    def skip_blanks(self, place: int) -> int:
        while place < self.end and self.file[place] in _BLANKS:
            place += 1
        return place


class _Block(_Scan):
    """A literal or folded block."""

    def __init__(self, file: str, start: int, text: str) -> None:
        super().__init__(file)
        header = _HEADER.match(file, start)
        signs = header["signs"] if header else ""
        place = header.end() if header else start
        self.after = place
        if place < len(file) and file[place] in _BREAKS:
            place = self.after_break(place)
        self.indent = self.find_indent(place, text)
        folded = file[start] == ">"
        pending, place, content = self.breaks(place)
        line_break: tuple[str, int] | None = None
        while content - place == self.indent and content < len(file):
            self.emit_breaks(pending)
            leading_blank = file[content] in _BLANKS
            place = content
            while place < len(file) and file[place] not in _BREAKS:
                self.emit(file[place], place)
                place += 1
            if place == len(file):
                line_break, pending = None, []
                break
            line_break = (self.normal_break(place), place)
            pending, place, content = self.breaks(self.after_break(place))
            if content - place != self.indent or content >= len(file):
                break
            if (
                folded
                and line_break[0] == "\n"
                and not leading_blank
                and file[content] not in _BLANKS
            ):
                if not pending:
                    self.emit(" ", line_break[1])
            else:
                self.emit(*line_break)
        end = self.after
        if "-" not in signs and line_break:
            self.emit(*line_break)
            end = line_break[1]
        if "+" in signs and pending:
            self.emit_breaks(pending)
            end = pending[-1][1]
        # The place after a block is the end of its last line: the line after it is another value's.
        self.after = end

    def emit_breaks(self, breaks: list[tuple[str, int]]) -> None:
        for char, place in breaks:
            self.emit(char, place)

    def breaks(self, place: int) -> tuple[list[tuple[str, int]], int, int]:
        """
        Skip empty lines.

        Returns:
            Their breaks, the start of the line after them, and where its content would begin.
        """
        found: list[tuple[str, int]] = []
        while True:
            content = place
            while (
                content < len(self.file)
                and content - place < self.indent
                and self.file[content] == " "
            ):
                content += 1
            if content >= len(self.file) or self.file[content] not in _BREAKS:
                return found, place, content
            found.append((self.normal_break(content), content))
            place = self.after_break(content)

    def find_indent(self, place: int, text: str) -> int:
        """Compare the first line that has content in the text and in the file."""
        content = text.lstrip("\n\u2028\u2029")
        if not content:
            return len(self.file)
        for _ in range(len(text) - len(content)):
            while self.file[place] not in _BREAKS:
                place += 1
            place = self.after_break(place)
        return _leading_spaces(self.file, place) - _leading_spaces(content, 0)


def _leading_spaces(text: str, place: int) -> int:
    spaces = 0
    while place + spaces < len(text) and text[place + spaces] == " ":
        spaces += 1
    return spaces
