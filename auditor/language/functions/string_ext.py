"""
CEL's extension for texts. Positions count characters, from zero.

White space is what Unicode calls so, upper and lower case is that of ASCII alone. What would grow beyond the
longest string of a document is an error before it is made.

Source: CEL specification, conformance suite "string_ext"; cel-go, extension "strings".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_STRING
from auditor.language.failures import fail
from auditor.language.nesting import known, weight
from auditor.language.registry import Library, overload
from auditor.language.values import Hollow, Listing

if TYPE_CHECKING:
    from auditor.language.values import Value

_WHITE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's White_Space. Source: Unicode Character Database, PropList."""
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER: Final = str.maketrans(_CAPITALS, _CAPITALS.lower())
_UPPER: Final = str.maketrans(_CAPITALS.lower(), _CAPITALS)
_QUOTED: Final = str.maketrans(
    {
        "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v",
        "\\": r"\\", '"': r"\"",
    }
)  # fmt: skip
_COST: Final = 2
_MADE: Final = 20
"""Steps of a new element of a list: what it takes in memory."""


def _fits(length: int) -> None:
    if length > MAX_STRING:
        fail("too_long", "the text grows beyond what a document may hold")


def _place(text: str, position: int) -> int:
    if not 0 <= position <= len(text):
        fail("index_range", "the position is outside the text")
    return position


def _char_at(text: str, position: int) -> str:
    return text[_place(text, position) :][:1]


def _index_of(text: str, part: str, start: int = 0) -> int:
    return text.find(part, _place(text, start))


def _last_index_of(text: str, part: str, start: int | None = None) -> int:
    last = len(text) if start is None else _place(text, start)
    return text.rfind(part, 0, last + len(part))


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else _place(text, end)
    if _place(text, start) > last:
        fail("index_range", "a part of a text does not end before it begins")
    return text[start:last]


def _replace(text: str, part: str, by: str, count: int = -1) -> str:
    found = text.count(part)
    if count >= 0:
        found = min(found, count)
    _fits(len(text) + found * (len(by) - len(part)))
    return text.replace(part, by, found)


def _split(text: str, separator: str, limit: int = -1) -> Listing:
    if limit == 0:
        return Listing.of([])
    if separator:
        return Listing.of(text.split(separator, limit - 1 if limit > 0 else -1))
    whole = len(text) if limit < 0 else min(limit - 1, len(text))
    rest = [text[whole:]] if whole < len(text) else []
    return Listing.of([*text[:whole], *rest])


def _join(parts: Listing, separator: str = "") -> Value:
    members = known(parts)
    if not all(isinstance(member, str) for member in members):
        fail("no_overload", "only texts can be joined")
    _fits(sum(map(len, members)) + len(separator) * max(len(members) - 1, 0))
    joined = separator.join(members)
    return joined if parts.grounded else Hollow(joined)


def _quote(text: str) -> str:
    quoted = text.translate(_QUOTED)
    _fits(len(quoted) + 2)
    return f'"{quoted}"'


def _format(text: str, values: Listing) -> str:
    from auditor.language.text_format import format_text  # noqa: PLC0415 (few policies pay for it)

    return format_text(text, values)


def _pieces(text: str, separator: str, _limit: int = -1) -> int:
    return (text.count(separator) + 1) * _MADE


LIBRARY: Final = Library(
    "string_ext",
    (
        overload(
            "string.charAt(int) -> string",
            _char_at,
            about="The character at a position; empty right behind the last one.",
            examples=[("'tacocat'.charAt(3)", "'o'"), ("'tacocat'.charAt(7)", "''")],
        ),
        overload(
            "string.indexOf(string) -> int",
            _index_of,
            about="Where a text first begins in this one; -1 if nowhere.",
            examples=[("'hello mellow'.indexOf('ello')", "1")],
        ),
        overload(
            "string.indexOf(string, int) -> int",
            _index_of,
            about="The same from a position on.",
            examples=[("'hello mellow'.indexOf('ello', 2)", "7")],
        ),
        overload(
            "string.lastIndexOf(string) -> int",
            _last_index_of,
            about="Where a text last begins in this one; -1 if nowhere.",
            examples=[("'hello mellow'.lastIndexOf('ello')", "7")],
        ),
        overload(
            "string.lastIndexOf(string, int) -> int",
            _last_index_of,
            about="The same up to a position.",
            examples=[("'hello mellow'.lastIndexOf('ello', 6)", "1")],
        ),
        overload(
            "string.substring(int) -> string",
            _substring,
            about="The text from a position on.",
            examples=[("'tacocat'.substring(4)", "'cat'")],
        ),
        overload(
            "string.substring(int, int) -> string",
            _substring,
            about="The text from the first position up to, but without, the second.",
            examples=[("'tacocat'.substring(0, 4)", "'taco'")],
        ),
        overload(
            "string.lowerAscii() -> string",
            lambda text: text.translate(_LOWER),
            about="The letters A to Z in lower case.",
            examples=[("'TacoCÆt'.lowerAscii()", "'tacocÆt'")],
        ),
        overload(
            "string.upperAscii() -> string",
            lambda text: text.translate(_UPPER),
            about="The letters a to z in upper case.",
            examples=[("'tacoCæt'.upperAscii()", "'TACOCæT'")],
        ),
        overload(
            "string.trim() -> string",
            lambda text: text.strip(_WHITE),
            about="The text without white space before and behind it.",
            examples=[(r"'  \ttrim\n  '.trim()", "'trim'")],
        ),
        overload(
            "string.reverse() -> string",
            lambda text: text[::-1],
            about="The characters from the last to the first.",
            examples=[("'gums'.reverse()", "'smug'")],
        ),
        overload(
            "string.replace(string, string) -> string",
            _replace,
            cost=_COST,
            about="Every occurrence of the first text replaced by the second.",
            examples=[("'hello hello'.replace('he', 'we')", "'wello wello'")],
        ),
        overload(
            "string.replace(string, string, int) -> string",
            _replace,
            cost=_COST,
            about="The first occurrences replaced, up to a number; below zero all.",
            examples=[("'hello hello'.replace('he', 'we', 1)", "'wello hello'")],
        ),
        overload(
            "string.split(string) -> list(string)",
            _split,
            cost=_COST,
            size=_pieces,
            about="The parts between the separators; without a separator the characters.",
            examples=[
                ("'a,b,c'.split(',')", "['a', 'b', 'c']"),
                ("'abc'.split('')", "['a', 'b', 'c']"),
            ],
        ),
        overload(
            "string.split(string, int) -> list(string)",
            _split,
            cost=_COST,
            size=_pieces,
            about="At most so many parts, the last one with the rest; below zero all.",
            examples=[("'a,b,c'.split(',', 2)", "['a', 'b,c']"), ("'a,b,c'.split(',', 0)", "[]")],
        ),
        overload(
            "list(string).join() -> string",
            _join,
            cost=_COST,
            about="The texts one behind another.",
            examples=[("['x', 'y'].join()", "'xy'")],
        ),
        overload(
            "list(string).join(string) -> string",
            _join,
            cost=_COST,
            about="The texts with a separator between them.",
            examples=[("['x', 'y'].join('-')", "'x-y'")],
        ),
        overload(
            "strings.quote(string) -> string",
            _quote,
            cost=_COST,
            about="The text in double quotes, with escapes for what would not print.",
            examples=[(r"""strings.quote('a "b"\n')""", r"""'"a \\"b\\"\\n"'""")],
        ),
        overload(
            "string.format(list(dyn)) -> string",
            _format,
            cost=_COST,
            size=lambda _, values: weight(values),
            about=(
                "The text with the values in its places: %s anything, %d %b %o %x %X whole numbers, "
                "%f %e numbers (%.2f with a precision), %% a percent sign."
            ),
            examples=[
                ("'%s took %d of %.1f'.format(['Mia', 3, 4.25])", "'Mia took 3 of 4.2'"),
                ("'%s'.format([[1, {'b': null, 'a': true}]])", "'[1, {a: true, b: null}]'"),
            ],
        ),
    ),
    "The extension *strings* of CEL, version 5 of cel-go; a position behind the end is an error, as in the conformance suite.",
)
