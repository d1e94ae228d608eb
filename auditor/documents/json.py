"""
Read JSON strictly, fast, and with a place for every error.

The standard scanner does the work; what it lets pass is refused here: duplicate keys, NaN, numbers that
overflow, lone surrogates, nesting that would reach Python's own recursion limit. Looking for the place of
an error costs nothing until there is one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

from auditor.documents import faults
from auditor.documents.limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES, MAX_STRING
from auditor.documents.source import Source, decode
from auditor.documents.stack import at_any_depth

if TYPE_CHECKING:
    from auditor.model.errors import DocumentError

_STRING: Final = r'"(?:[^"\\]*+(?:\\.[^"\\]*+)*+)(?P<closed>")?'
_TOKEN: Final = re.compile(rf"(?P<string>{_STRING})|(?P<mark>[\[\]{{}},:])", re.DOTALL)
_NUMBER_OR_NAME: Final = re.compile(r"[-+.\w]+")
_COLON: Final = re.compile(r"[ \t\r\n]*:")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_STRUCTURE: Final = b'"[]{}'
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(_STRUCTURE))
_AS_SQUARE: Final = bytes.maketrans(b"{}", b"[]")


class _Refused(Exception):
    """The scanner met something that standard JSON has not; `_place_refused` finds out where."""


def parse_json(data: bytes, *, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """
    Parse one JSON document.

    Returns:
        Plain dicts, lists, strings, numbers, booleans and None; no lone surrogates, no NaN, no infinity.

    Raises:
        DocumentError: With the place of what is wrong.
    """
    return parse_source(decode(data, path=path))


def parse_source(source: Source) -> Any:  # noqa: ANN401 - any JSON value
    """Parse a JSON document that is already text."""
    text = source.text
    data = text.encode()
    if _needs_count(data):
        _count(source)
    decoder = _CAREFUL if _may_overflow(data) else _FAST
    try:
        value = at_any_depth(lambda: decoder.decode(text))
    except json.JSONDecodeError as error:
        raise _syntax_fault(source, error) from None
    except _Refused:
        raise _place_refused(source) from None
    if _SURROGATE.search(text):
        _refuse_lone_surrogates(source)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused
    return made


def _refuse_constant(_: str) -> NoReturn:
    raise _Refused


def _float(written: str) -> float:
    value = float(written)
    if value in (_INFINITY, -_INFINITY):
        raise _Refused
    return value


def _int(written: str) -> int:
    if len(written) > MAX_DIGITS:
        raise _Refused
    return int(written)


_INFINITY: Final = float("inf")
_FAST: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
_CAREFUL: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_refuse_constant,
    parse_float=_float,
    parse_int=_int,
)
_NUMBERS: Final = bytes(
    ord("0") if byte in b"0123456789" else ord("e") if byte in b"eE" else ord(" ")
    for byte in range(256)
)
_LONGEST_SAFE: Final = 300  # a double has 308 digits before its point


def _may_overflow(data: bytes) -> bool:
    """Tell whether a number may be too large; True may be a false alarm, such as a digest in hex."""
    shapes = data.translate(_NUMBERS)
    return b"0e" in shapes or b"0" * _LONGEST_SAFE in shapes


def _needs_count(data: bytes) -> bool:
    """Tell, at the speed of a few copies, whether a limit may be broken; True may be a false alarm."""
    if len(data) > MAX_STRING:
        return True
    if data.count(b",") + data.count(b"[") + data.count(b"{") >= MAX_NODES:
        return True
    # What is left are brackets, all square, in which each replacement takes away the innermost level.
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"").translate(_AS_SQUARE, _NOT_STRUCTURE)
    # `""` is an empty string or the seam of two: either way what remains is quoted as before.
    bare = bare.replace(b'""', b"")
    if b'"' in bare:
        bare = re.sub(rb'"[^"]*"?', b"", bare)
    for _ in range(MAX_DEPTH):
        if not bare:
            return False
        bare = bare.replace(b"[]", b"")
    return bool(bare)


def _count(source: Source) -> None:
    """Count depth, values and the length of strings, and refuse the first that is over its limit."""
    depth = 0
    nodes = 1
    for token in _TOKEN.finditer(source.text):
        mark = token["mark"]
        if mark is None:
            if token.end() - token.start() - 2 > MAX_STRING:
                raise faults.string_too_long(source, token.start(), token.end() - token.start() - 2)
            continue
        if mark in "[{":
            depth += 1
            nodes += 1
            if depth > MAX_DEPTH:
                raise faults.too_deep(source, token.start())
        elif mark in "]}":
            depth -= 1
        elif mark == ",":
            nodes += 1
        if nodes > MAX_NODES:
            raise faults.too_many(source, token.start())


def _place_refused(source: Source) -> DocumentError:
    """Find the first thing that a hook refused; the text is well-formed up to there."""
    open_keys: list[dict[str, int] | None] = []
    text = source.text
    before = 0
    for token in _TOKEN.finditer(text):
        fault = _number_fault(source, before, token.start())
        if fault:
            return fault
        before = token.end()
        mark = token["mark"]
        if mark == "{":
            open_keys.append({})
        elif mark == "[":
            open_keys.append(None)
        elif mark in {"]", "}"}:
            open_keys.pop()
        elif mark is None and open_keys and (seen := open_keys[-1]) is not None:
            if not _COLON.match(text, before):
                continue
            key = json.loads(token[0])
            if key in seen:
                line = source.location(seen[key]).line
                return faults.duplicate_key(source, token.start(), key, line)
            seen[key] = token.start()
    fault = _number_fault(source, before, len(text))
    if fault is None:
        message = "a hook of the JSON scanner refused what nothing here finds"
        raise AssertionError(message)
    return fault


def _number_fault(source: Source, start: int, end: int) -> DocumentError | None:
    """Look at the number or constant between two tokens."""
    found = _NUMBER_OR_NAME.search(source.text, start, end)
    if found is None:
        return None
    written = found[0]
    if written.endswith(("NaN", "Infinity")):
        return faults.not_finite(source, found.start(), written)
    if written.lstrip("-").isdigit():
        over = len(written) > MAX_DIGITS
        return faults.too_many_digits(source, found.start(), written) if over else None
    try:
        value = float(written)
    except ValueError:
        return None
    return faults.not_finite(source, found.start(), written) if abs(value) == _INFINITY else None


def _refuse_lone_surrogates(source: Source) -> None:
    for token in _TOKEN.finditer(source.text):
        if token["string"] is None or not _SURROGATE.search(token[0]):
            continue
        high: tuple[int, int, int] | None = None
        for escape in _ESCAPE.finditer(source.text, token.start(), token.end()):
            code = int(escape[1], 16) if escape[1] else 0
            is_low = 0xDC00 <= code <= 0xDFFF  # noqa: PLR2004 - the low half, by Unicode
            if high is not None:
                start, end, half = high
                high = None
                if is_low and escape.start() == end:
                    continue
                raise faults.lone_surrogate(source, start, half)
            if is_low:
                raise faults.lone_surrogate(source, escape.start(), code)
            if 0xD800 <= code <= 0xDBFF:  # noqa: PLR2004 - the high half, by Unicode
                high = (escape.start(), escape.end(), code)
        if high is not None:
            raise faults.lone_surrogate(source, high[0], high[2])


def _syntax_fault(source: Source, error: json.JSONDecodeError) -> DocumentError:
    """Say in our words what the scanner found; its own differ between releases of Python."""
    text, offset = source.text, error.pos
    found = _found(text, offset)
    comma = _comma_before(text, offset)
    if not text.strip(" \t\r\n"):
        return source.fault("the file is empty, want a JSON value", 0)
    if error.msg.startswith("Illegal trailing comma"):
        comma = offset
    elif found not in {"']'", "'}'"}:
        comma = -1
    if comma >= 0:
        return source.fault("a comma with nothing after it", comma, hint="remove the comma")
    for start, message, hint in _SYNTAX:
        if error.msg.startswith(start):
            hints = {
                "'''": "JSON strings stand in double quotes",
                "'/'": "JSON has no comments",
                "'#'": "JSON has no comments",
            }
            return source.fault(message.format(found=found), offset, hint=hints.get(found, hint))
    return source.fault(f"cannot be read as JSON, found {found}", offset)


_SYNTAX: Final = (
    ("Expecting value", "want a value, found {found}", None),
    ("Expecting property name", "want a key in double quotes, found {found}", None),
    ("Expecting ':'", "want ':' after the key, found {found}", None),
    ("Expecting ','", "want ',' or the end of the list or object, found {found}", None),
    ("Unterminated string", "this string has no end", "close it with a double quote"),
    ("Invalid control", "a line break or control character in a string", "write it as an escape such as \\n"),
    ("Invalid \\escape", "no such escape in JSON", "write a backslash as \\\\"),
    ("Invalid \\u", "\\u wants four hexadecimal digits", None),
    ("Extra data", "want the end of the file, found {found}", "one file holds one JSON value"),
)  # fmt: skip


def _found(text: str, offset: int) -> str:
    if offset >= len(text):
        return "the end of the file"
    word = _NUMBER_OR_NAME.match(text, offset)
    return f"'{faults.shortened(word[0] if word else text[offset])}'"


def _comma_before(text: str, offset: int) -> int:
    before = text[:offset].rstrip(" \t\r\n")
    return len(before) - 1 if before.endswith(",") else -1
