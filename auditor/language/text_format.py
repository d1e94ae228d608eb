"""
``text.format(values)``: texts with places for values, as C's printf has them.

The clauses are ``%s`` (anything), ``%d``, ``%b``, ``%o``, ``%x``, ``%X`` (whole numbers; the hexadecimal ones
take texts and bytes, too), ``%f`` and ``%e`` (numbers, with a precision as in ``%.2f``) and ``%%``. There is no
locale. A text without a place for every value is an error, and so is one with too many places.

Source: CEL specification, conformance suite "string_ext"; cel-go, extension "strings", version 5.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from math import isinf, isnan
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_STRING
from auditor.language.failures import fail
from auditor.language.nesting import known_exactly, refuse_deeper
from auditor.language.time_text import format_duration, format_timestamp
from auditor.language.values import (
    Duration,
    Listing,
    MapValue,
    Opaque,
    Span,
    Timestamp,
    TypeValue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.language.values import Value

_CLAUSE: Final = re.compile(r"%(?:\.([0-9]{1,4}))?(.)?", re.DOTALL)
_PRECISION: Final = 6
_FINEST: Final = 100
"""The largest precision, as in version 5 of the extension."""
_WHOLE_CLAUSES: Final = {"b": "b", "o": "o", "x": "x", "X": "X"}


def format_text(template: str, values: Listing) -> str:
    """
    Fill the places of *template*.

    Raises:
        EvaluationFailure: A clause is unknown, a value does not fit it, or their numbers differ.
        Undecided: A value is not known.
    """
    members = known_exactly(values)
    pieces: list[str] = []
    used = length = end = 0
    for clause in _CLAUSE.finditer(template):
        precision, letter = clause.groups()
        pieces.append(template[end : clause.start()])
        end = clause.end()
        if letter == "%" and precision is None:
            pieces.append("%")
        else:
            write = _writer(letter, precision)
            if used == len(members):
                fail("format_values", "the text has more places than there are values")
            pieces.append(write(members[used], MAX_STRING - length))
            used += 1
        length += sum(map(len, pieces[-2:]))
        _check(length)
    if used < len(members):
        fail("format_values", "there are more values than the text has places")
    _check(length + len(template) - end)
    return "".join(pieces) + template[end:]


def _check(length: int) -> None:
    if length > MAX_STRING:
        fail("too_long", "the text grows beyond what a document may hold")


def _writer(letter: str | None, precision: str | None) -> Callable[[Value, int], str]:
    """Return what writes a value for a clause, given the characters that are left."""
    if letter in {"f", "e"}:
        digits = _PRECISION if precision is None else int(precision)
        if digits > _FINEST:
            fail("bad_format", "a precision is larger than any number needs")
        return lambda value, _: _point(value, f".{digits}{letter}")
    if precision is not None:
        fail("bad_format", "only %f and %e have a precision")
    if letter == "s":
        return _any
    if letter == "d":
        return lambda value, _: _decimal(value)
    if letter in _WHOLE_CLAUSES:
        return lambda value, _: _whole(value, letter)
    return fail("bad_format", "a % is followed by s, d, f, e, b, o, x, X or another %")


def _special(value: Value) -> str | None:
    """Write what is no finite number; None for one that is."""
    if isnan(value):
        return "NaN"
    return None if not isinf(value) else "Infinity" if value > 0 else "-Infinity"


def _double(value: float) -> str:
    """Write the shortest decimal that reads back as *value*, without an exponent."""
    shown = f"{Decimal(repr(value)):f}"
    return _special(value) or (shown.rstrip("0").rstrip(".") if "." in shown else shown)


def _decimal(value: Value) -> str:
    match value:
        case bool():
            pass
        case int():
            return str(int(value))
        case float():
            return _double(value)
    return fail("format_type", "%d writes numbers only")


def _point(value: Value, how: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail("format_type", "%f and %e write numbers only")
    number = float(value)
    return _special(number) or format(number, how)


def _whole(value: Value, letter: str) -> str:
    if letter in "xX" and isinstance(value, str | bytes):
        octets = value.encode() if isinstance(value, str) else value
        _check(2 * len(octets))
        return octets.hex().upper() if letter == "X" else octets.hex()
    if not isinstance(value, int) or (isinstance(value, bool) and letter != "b"):
        fail("format_type", f"%{letter} does not write values of this type")
    return format(int(value), letter)


# ----- %s


def _any(value: Value, room: int) -> str:
    pieces: list[str] = []
    for piece in _parts(value):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            _check(MAX_STRING + 1)
    return "".join(pieces)


def _parts(value: Value, level: int = 0) -> Iterator[str]:
    refuse_deeper(level)
    match value:
        case Listing():
            yield "["
            for place, part in enumerate(known_exactly(value)):
                yield ", " if place else ""
                yield from _parts(part, level + 1)
            yield "]"
        case MapValue():
            yield "{"
            entries = [("".join(_parts(key)), part) for key, part in value.entries.values()]
            members = known_exactly(part for _, part in entries)
            written = sorted(zip((key for key, _ in entries), members, strict=True), key=_first)
            for place, (key, part) in enumerate(written):
                yield f", {key}: " if place else f"{key}: "
                yield from _parts(part, level + 1)
            yield "}"
        case _:
            yield _scalar(value)


def _first(entry: tuple[str, Value]) -> str:
    return entry[0]


def _scalar(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(int(value))
        case float():
            return _double(value)
        case str():
            return value
        case bytes():
            return value.decode("utf-8", "replace")
        case Timestamp():
            return format_timestamp(value)
        case Duration():
            return format_duration(value)
    return _of_its_own(value)


def _of_its_own(value: Value) -> str:
    match value:
        case TypeValue(name):
            return name
        case Opaque():
            return value.text
        case Span():
            return str(value)
        case dt.date():
            return value.isoformat()
    return fail("format_type", "%s does not write values of this type")
