"""
Find the places of values in JSON text, when somebody asks for them.

Nothing is kept at parse time: one pass over the text serves all pointers of one question, and steps over
what none of them needs at the speed of the parser. The text must have been parsed before, so that it is
known to be well-formed and not too deep.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import split
from auditor.documents.source import Source
from auditor.documents.stack import at_any_depth

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()


class _Wanted:
    """What is asked for below one value."""

    __slots__ = ("members", "pointers")

    def __init__(self) -> None:
        self.members: dict[str, _Wanted] = {}
        self.pointers: list[str] = []


def locate(text: str, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """
    Return line and column, from 1, of the values that *pointers* name.

    Args:
        text: JSON that has been parsed before.
        pointers: JSON Pointers; one that names nothing has no place in the result.
    """
    source = Source("", text)
    places = {
        pointer: source.location(offset) for pointer, offset in offsets(text, pointers).items()
    }
    return {pointer: (place.line, place.column) for pointer, place in places.items()}


def offsets(text: str, pointers: Iterable[str], *, keys: bool = False) -> dict[str, int]:
    """
    Return the offsets of the values that *pointers* name.

    Args:
        text: JSON that has been parsed before.
        pointers: JSON Pointers; one that names nothing has no offset in the result.
        keys: Ask for the key in front of the value, where it has one.
    """
    wanted = _Wanted()
    for pointer in pointers:
        node = wanted
        for token in split(pointer):
            node = node.members.setdefault(token, _Wanted())
        node.pointers.append(pointer)

    def search() -> dict[str, int]:
        found: dict[str, int] = {}
        start = _skip(text, 0)
        _search(text, start, start, wanted, found, keys=keys)
        return found

    return at_any_depth(search)


def _skip(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return space.end() if space else offset


def _value(text: str, offset: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, offset)


def _search(
    text: str, offset: int, key: int, wanted: _Wanted, found: dict[str, int], *, keys: bool
) -> int:
    """Note the places at and below the value at *offset*, and return the offset after it."""
    for pointer in wanted.pointers:
        found[pointer] = key if keys else offset
    opening = text[offset]
    if not wanted.members or opening not in "{[":
        return _value(text, offset)[1]
    closing = "}" if opening == "{" else "]"
    offset = _skip(text, offset + 1)
    count = 0
    while text[offset] != closing:
        start = offset
        name = str(count)
        if opening == "{":
            name, offset = _value(text, offset)
            offset = _skip(text, _skip(text, offset) + 1)
        member = wanted.members.get(name)
        if member is None:
            offset = _value(text, offset)[1]
        else:
            offset = _search(text, offset, start, member, found, keys=keys)
        count += 1
        offset = _skip(text, offset)
        if text[offset] == ",":
            offset = _skip(text, offset + 1)
    return offset + 1
