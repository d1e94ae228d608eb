r"""
CEL's extension for patterns: find, find all, replace.

Patterns are RE2. A pattern to find with has at most one group that captures; where it has one, what the group
took is found, and nothing where it took nothing. A replacement names groups as ``\1`` to ``\9``, the whole
match as ``\0``, and a backslash as two; it is checked even where nothing is to be replaced.

Source: cel-go, extension "regex".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_STRING
from auditor.language.failures import fail
from auditor.language.patterns import matches, pattern
from auditor.language.registry import Library, overload
from auditor.language.values import Listing, Optional

if TYPE_CHECKING:
    from auditor.language.patterns import Pattern
    from auditor.language.values import Value

_COST: Final = 10
_EACH: Final = 5
"""Steps of a match."""
_DIGITS: Final = frozenset("0123456789")
_REFERENCE: Final = re.compile(r"\\(.?)", re.DOTALL)


def _finder(expression: str) -> Pattern:
    compiled = pattern(expression)
    if compiled.groups > 1:
        fail("pattern_groups", "the pattern has more than one group that captures")
    return compiled


def _extract(text: str, expression: str) -> Optional:
    compiled = _finder(expression)
    match = compiled.search(text)
    found = None if match is None else match.group(compiled.groups)
    if found is None or (compiled.groups and not found):
        return Optional()
    return Optional(has_value=True, value=found)


def _extract_all(text: str, expression: str) -> Listing:
    compiled = _finder(expression)
    found = [match.group(compiled.groups) for match in matches(compiled, text)]
    return Listing.of(
        [part for part in found if part or (part is not None and not compiled.groups)]
    )


def _template(replacement: str, groups: int) -> list[str | int]:
    """Split a replacement into texts and numbers of groups."""
    parts: list[str | int] = []
    for position, part in enumerate(_REFERENCE.split(replacement)):
        if position % 2 == 0 or part == "\\":
            parts.append(part)
        elif part not in _DIGITS:
            fail("bad_replacement", "in a replacement a digit or a backslash follows a backslash")
        elif int(part) > groups:
            fail("bad_replacement", "the replacement names a group that the pattern does not have")
        else:
            parts.append(int(part))
    return parts


def _replace(text: str, expression: str, replacement: str, count: int = -1) -> str:
    compiled = pattern(expression)
    template = _template(replacement, compiled.groups)
    pieces: list[str] = []
    end = length = 0
    for number, match in enumerate(matches(compiled, text) if count else ()):
        if number == count:
            break
        start, after = match.span()
        pieces.append(text[end:start])
        pieces += [part if isinstance(part, str) else match.group(part) or "" for part in template]
        length += start - end + sum(map(len, pieces[-len(template) :]))
        if length > MAX_STRING:
            break
        end = after
    if length + len(text) - end > MAX_STRING:
        fail("too_long", "the text grows beyond what a document may hold")
    return "".join(pieces) + text[end:]


def _most(text: str, *_: Value) -> int:
    """Count the steps for a match at every character."""
    return (len(text) + 1) * _EACH


LIBRARY: Final = Library(
    "regex",
    (
        overload(
            "regex.extract(string, string) -> optional(string)",
            _extract,
            cost=_COST,
            about="The first match of the pattern, or of its one group; RE2's syntax.",
            examples=[
                ("regex.extract('hello world', 'hello(.*)')", "optional.of(' world')"),
                ("regex.extract('HELLO', 'hello')", "optional.none()"),
            ],
        ),
        overload(
            "regex.extractAll(string, string) -> list(string)",
            _extract_all,
            cost=_COST,
            size=_most,
            about="Every match of the pattern, or of its one group; RE2's syntax.",
            examples=[
                (r"regex.extractAll('id:123, id:456', 'id:\\d+')", "['id:123', 'id:456']"),
                (r"regex.extractAll('id:123, id:456', 'id:(\\d+)')", "['123', '456']"),
                ("regex.extractAll('id:123', 'none')", "[]"),
            ],
        ),
        overload(
            "regex.replace(string, string, string) -> string",
            _replace,
            cost=_COST,
            size=_most,
            about=r"Replaces every match of the pattern; \1 to \9 stand for its groups.",
            examples=[(r"regex.replace('foo bar', '(fo)o (ba)r', '\\2 \\1')", "'ba fo'")],
        ),
        overload(
            "regex.replace(string, string, string, int) -> string",
            _replace,
            cost=_COST,
            size=_most,
            about="Replaces the first matches, up to a number; below zero all.",
            examples=[
                ("regex.replace('banana', 'a', 'x', 2)", "'bxnxna'"),
                ("regex.replace('banana', 'a', 'x', 0)", "'banana'"),
            ],
        ),
    ),
    "The extension *regex* of CEL, as cel-go documents it (version 0, the only one).",
)
