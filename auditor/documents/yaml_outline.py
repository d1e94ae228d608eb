"""
What stands where in a YAML file that is still being written.

The parser refuses a file as soon as one bracket is open; whoever types needs help just then. So keys and values are
found here by lines and indentation alone, and nothing is ever refused. Where a file is YAML, both agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.documents.scalars import Style

Path = tuple[str | int, ...]
"""Keys, and positions in lists from 0, from the top of the file."""

_KEY: Final = re.compile(
    r"""(?P<text>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\r\n]|'')*'|[^\s\[\]{},#&*!|>'"%@`-](?:[^:#\r\n]|:(?=\S)|(?<=\S)\#)*?
    |-(?=\S)(?:[^:#\r\n]|:(?=\S))*?)[ \t]*:(?=[ \t\r\n]|$)""",
    re.VERBOSE,
)
_FLOW_KEY: Final = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\[\]{},#:"'](?:[^\[\]{},:\r\n]|:(?=[^\s,\[\]{}]))*?)[ \t]*:(?=[\s,\[\]{}]|$)"""
)
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*[ \t]*")
_BLOCK: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:\#[^\r\n]*)?(?=\r|\n|$)")
_DEEPEST: Final = 60
"""Lists and mappings inside each other that are followed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of a mapping or of a list, or a word that may become one."""

    path: Path
    key: tuple[int, int] | None
    """Where its key stands; None for an element of a list."""
    value: tuple[int, int]
    """Where its text stands, without quotes; of a list or mapping an empty stretch before it."""
    room: tuple[int, int]
    """The stretch in which a cursor is in its value."""
    style: Style | None
    """None for a list or mapping, and for a word without a colon."""
    column: int | None
    """Indentation of its key, from 0; None for an element, and inside brackets."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that goes by indentation."""

    column: int
    path: Path
    is_list: bool
    last: str | int = ""


class _Outliner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.frames: list[_Frame] = []
        self.slots: list[Slot] = []

    def run(self) -> list[Slot]:
        while self.at < len(self.text):
            before = self.at
            self._line()
            if self.at <= before:  # whatever it is, the next line is another chance
                self.at = self._next_line(before)
        return self.slots

    # ----- lines

    def _end_of_line(self, offset: int) -> int:
        ends = [end for sign in "\r\n" if (end := self.text.find(sign, offset)) >= 0]
        return min(ends, default=len(self.text))

    def _next_line(self, offset: int) -> int:
        end = self._end_of_line(offset)
        if self.text.startswith("\r\n", end):
            return end + 2
        return min(end + 1, len(self.text))

    def _content(self, offset: int) -> int:
        """Return the offset of what stands on a line behind its blanks."""
        while offset < len(self.text) and self.text[offset] in " \t":
            offset += 1
        return offset

    def _is_blank(self, offset: int) -> bool:
        """Whether nothing, or a comment, stands from *offset* to the end of the line."""
        return offset >= len(self.text) or self.text[offset] in "\r\n#"

    def _line(self) -> None:
        start = self.at
        first = self._content(start)
        is_mark = first == start and self.text.startswith(("---", "...", "%"), start)
        if self._is_blank(first) or is_mark:
            self.at = self._next_line(start)
            return
        self._entry(first, first - start)

    # ----- by indentation

    def _entry(self, offset: int, column: int) -> None:
        """Read what begins at *offset*, *column* characters into its line."""
        is_element = self.text[offset] == "-" and (
            offset + 1 >= len(self.text) or self.text[offset + 1] in " \t\r\n"
        )
        key = None if is_element else _KEY.match(self.text, offset)
        while self.frames and (
            self.frames[-1].column > column
            or (self.frames[-1].is_list and self.frames[-1].column == column and not is_element)
        ):
            self.frames.pop()
        if is_element:
            self._element(offset, column)
        elif key is not None:
            self._pair(key, column)
        elif self.frames and self.frames[-1].column == column and not self.frames[-1].is_list:
            self._word(offset, column)
        elif not self.frames:
            self._word(offset, column)
            self.frames.append(_Frame(column, (), is_list=False))
        else:
            # The value stands on a line of its own.
            self._value(offset, self._here(), None, self.frames[-1].column)

    def _here(self) -> Path:
        if not self.frames:
            return ()
        return (*self.frames[-1].path, self.frames[-1].last)

    def _element(self, offset: int, column: int) -> None:
        top = self.frames[-1] if self.frames else None
        if top is None or not top.is_list or top.column != column:
            top = _Frame(column, self._here(), is_list=True, last=-1)
            self.frames.append(top)
        top.last = int(top.last) + 1
        content = self._content(offset + 1)
        nested = self.text[content : content + 1]
        is_nested = _KEY.match(self.text, content) is not None or (
            nested == "-" and self.text[content + 1 : content + 2] in {" ", "\t", ""}
        )
        if is_nested and not self._is_blank(content) and len(self.frames) < _DEEPEST:
            self.slots.append(
                Slot(self._here(), None, (content, content), (offset + 1, content), None, None)
            )
            self._entry(content, column + content - offset)
        else:
            self._value(content, self._here(), None, column, room=offset + 1)

    def _pair(self, key: re.Match[str], column: int) -> None:
        top = self.frames[-1] if self.frames else None
        if top is None or top.column < column:
            top = _Frame(column, self._here(), is_list=False)
            self.frames.append(top)
        top.last = _name(key[1])
        self._value(
            self._content(key.end()), self._here(), key.span(1), column, key_column=column,
            room=key.end(),
        )  # fmt: skip

    def _word(self, offset: int, column: int) -> None:
        """Keep a word that stands where a key belongs."""
        end = self._end_of_line(offset)
        word = self.text[offset:end].rstrip()
        span = (offset, offset + len(word))
        path = (*self.frames[-1].path, word) if self.frames else (word,)
        self.slots.append(Slot(path, span, (span[1], span[1]), (span[1], span[1]), None, column))
        self.at = self._next_line(end) if end < len(self.text) else end

    def _value(
        self,
        offset: int,
        path: Path,
        key: tuple[int, int] | None,
        column: int,
        *,
        key_column: int | None = None,
        room: int | None = None,
    ) -> None:
        """Read the value that begins at *offset*, in an entry that begins *column* characters into its line."""
        begin = offset if room is None else room
        while found := _PROPERTY.match(self.text, offset):
            offset = found.end()
        sign = self.text[offset : offset + 1]
        end_of_line = self._end_of_line(offset)
        if self._is_blank(offset):
            style: Style | None = "plain"
            value = (offset, offset) if sign != "#" else (begin, begin)
            after, end = self._next_line(offset), end_of_line if sign != "#" else offset
        elif found := _BLOCK.match(self.text, offset):
            style = "literal" if sign == "|" else "folded"
            first = self._next_line(found.end())
            after = self._block_end(first, column)
            value = (first, after)
            begin, end = first, after
        elif sign in "[{":
            self.slots.append(Slot(path, key, (offset, offset), (begin, offset), None, key_column))
            self.at = self._next_line(self._flow(offset, path, column, 0))
            return
        elif sign in "\"'":
            style = "double" if sign == '"' else "single"
            close, is_closed = self._quoted(offset, column)
            value = (offset + 1, close)
            end = close
            begin = offset + 1
            after = self._next_line(close + is_closed)
        else:
            style = "plain"
            close = self._plain(offset, column)
            value = (offset, close)
            end = self._content(close)
            after = self._next_line(close)
        self.slots.append(Slot(path, key, value, (begin, end), style, key_column))
        self.at = after

    def _block_end(self, first: int, column: int) -> int:
        """Return where the lines end that are indented further than *column*, blank ones among them."""
        at = first
        while at < len(self.text):
            content = self._content(at)
            is_empty = content >= len(self.text) or self.text[content] in "\r\n"
            if not is_empty and content - at <= column:
                return at
            at = self._next_line(at)
        return at

    def _quoted(self, offset: int, column: int) -> tuple[int, bool]:
        """Return where a text in quotes ends, and whether it is closed."""
        sign, at, line_end = self.text[offset], offset + 1, self._end_of_line(offset)
        while at < len(self.text):
            found = self.text[at]
            if found == "\\" and sign == '"':
                at += 2
                continue
            if found == sign:
                if sign == "'" and self.text.startswith("''", at):
                    at += 2
                    continue
                return at, True
            if found in "\r\n":
                line = self._next_line(at)
                content = self._content(line)
                is_blank = content >= len(self.text) or self.text[content] in "\r\n"
                if not is_blank and content - line <= column:
                    return line_end, False
                at = line
                continue
            at += 1
        return line_end, False

    def _plain(self, offset: int, column: int) -> int:
        """Return where a plain text ends: before a comment, or a line that is indented no further."""
        end = self._plain_in_line(offset)
        while not self._is_comment_at(end):
            line = self._next_line(self._end_of_line(end))
            content = self._content(line)
            while content < len(self.text) and self.text[content] in "\r\n":
                line = self._next_line(line)
                content = self._content(line)
            if line >= len(self.text) or self._is_blank(content) or content - line <= column:
                break
            if _KEY.match(self.text, content):
                break
            end = self._plain_in_line(content)
        return end

    def _is_comment_at(self, offset: int) -> bool:
        return self.text[self._content(offset) : self._content(offset) + 1] == "#"

    def _plain_in_line(self, offset: int) -> int:
        line = self.text[offset : self._end_of_line(offset)]
        comment = re.search(r"(?<=[ \t])\#", line)
        if comment is not None:
            line = line[: comment.start()]
        return offset + len(line.rstrip(" \t"))

    # ----- in brackets

    def _skip(self, offset: int, column: int) -> int | None:
        """Step over blanks, lines and comments; None where the brackets were given up for the next entry."""
        while offset < len(self.text):
            sign = self.text[offset]
            if sign in " \t":
                offset += 1
            elif sign == "#" and self.text[offset - 1] in " \t\r\n":
                offset = self._end_of_line(offset)
            elif sign in "\r\n":
                line = self._next_line(offset)
                content = self._content(line)
                is_blank = self._is_blank(content)
                if not is_blank and content - line <= column and self.text[content] not in "]}":
                    return None
                offset = line
            else:
                return offset
        return None

    def _flow(self, offset: int, path: Path, column: int, depth: int) -> int:
        """Read a list or mapping in brackets, and return the offset behind it."""
        is_list, close = self.text[offset] == "[", "]" if self.text[offset] == "[" else "}"
        at, index, is_fresh = offset + 1, 0, True
        while True:
            begin = at
            found = self._skip(at, column)
            stop = self._end_of_line(begin) if found is None else found
            if found is None or self.text[found] in ",]}":
                if is_fresh:
                    self._hole(path, index, is_list=is_list, span=(begin, stop))
                if found is None:
                    return stop
                if self.text[found] != ",":
                    return found + 1 if self.text[found] == close or depth == 0 else found
                at, index, is_fresh = found + 1, index + 1, True
            else:
                at = self._flow_entry(found, begin, (path, index), column, depth, is_list=is_list)
                at, is_fresh = max(at, found + 1), False

    def _hole(self, path: Path, index: int, *, is_list: bool, span: tuple[int, int]) -> None:
        """Keep the place where another element or key may be written."""
        begin = min(self._content(span[0]), span[1])
        if is_list:
            self.slots.append(Slot((*path, index), None, (begin, begin), span, "plain", None))
        else:
            self.slots.append(
                Slot((*path, ""), span, (span[1], span[1]), (span[1], span[1]), None, None)
            )

    def _flow_entry(
        self, offset: int, begin: int, place: tuple[Path, int], column: int, depth: int, *, is_list: bool
    ) -> int:  # fmt: skip
        path, index = place
        key = None if is_list else _FLOW_KEY.match(self.text, offset)
        if key is not None:
            here: Path = (*path, _name(key[1]))
            value = self._content(key.end())
            return self._flow_value(value, here, key.span(1), column, depth, room=key.end())
        if is_list:
            return self._flow_value(offset, (*path, index), None, column, depth, room=begin)
        end = max(self._flow_plain(offset), offset + 1)
        word = self.text[offset:end].rstrip()
        span = (offset, offset + len(word))
        self.slots.append(Slot((*path, word), span, (end, end), (end, end), None, None))
        return end

    def _flow_value(
        self, offset: int, path: Path, key: tuple[int, int] | None, column: int, depth: int, *, room: int
    ) -> int:  # fmt: skip
        while found := _PROPERTY.match(self.text, offset):
            offset = found.end()
        sign = self.text[offset : offset + 1]
        if sign and sign in "[{" and depth < _DEEPEST:
            self.slots.append(Slot(path, key, (offset, offset), (room, offset), None, None))
            return self._flow(offset, path, column, depth + 1)
        if sign and sign in "\"'":
            close, is_closed = self._quoted(offset, column)
            style: Style = "double" if sign == '"' else "single"
            span = (offset + 1, close)
            self.slots.append(Slot(path, key, span, span, style, None))
            return close + is_closed
        end = self._flow_plain(offset)
        text_end = offset + len(self.text[offset:end].rstrip())
        self.slots.append(Slot(path, key, (offset, text_end), (room, end), "plain", None))
        return max(end, offset)

    def _flow_plain(self, offset: int) -> int:
        at = offset
        while at < len(self.text) and self.text[at] not in ",[]{}\r\n":
            if self.text[at] == "#" and self.text[at - 1] in " \t":
                break
            at += 1
        return at


def _name(written: str) -> str:
    """Return a key as it reads."""
    if written.startswith('"'):
        return re.sub(r"\\(.)", r"\1", written[1:-1])
    if written.startswith("'"):
        return written[1:-1].replace("''", "'")
    return written


def outline(text: str) -> list[Slot]:
    """Return what stands in *text*, in its order."""
    return _Outliner(text).run()
