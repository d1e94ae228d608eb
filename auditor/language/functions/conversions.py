"""
CEL's conversions: ``int``, ``uint``, ``double``, ``string``, ``bytes``, ``bool``, ``timestamp``, ``duration``.

To these comes ``date``, for calendar days. Texts are read strictly, as Go's ``strconv`` reads them: no
white space, no digits of other scripts, no underscores, all of which Python's ``int`` and ``float`` take.
A double becomes an int by cutting off its fraction, and the two ends of the range are errors, because a
double cannot tell them from what lies beyond.

Source: CEL specification, "List of Standard Definitions"; its conformance suite where the text is silent.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from math import isinf, isnan
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.time_text import (
    format_duration,
    format_timestamp,
    parse_duration,
    parse_timestamp,
)
from auditor.language.values import (
    INT_MAX,
    INT_MIN,
    NS_PER_S,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    UINT_MAX,
    Timestamp,
    Uint,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_UNSIGNED: Final = re.compile(r"[0-9]+")
_DECIMAL: Final = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTHS: Final = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}
_TWO_TO_63: Final = 2.0**63
_TWO_TO_64: Final = 2.0**64
_MAX_DIGITS: Final = 20
_PLAIN_EXPONENTS: Final = range(-4, 6)
"""Powers of ten of the first digit for which a double is written without an exponent."""


def _same(value: T) -> T:
    return value


def _in_int(value: int) -> int:
    if not INT_MIN <= value <= INT_MAX:
        fail("range", "the number does not fit into an int")
    return int(value)  # no longer a Uint


def _in_uint(value: int) -> Uint:
    if not 0 <= value <= UINT_MAX:
        fail("range", "the number does not fit into a uint")
    return Uint(value)


def _int_of_double(value: float) -> int:
    if not -_TWO_TO_63 < value < _TWO_TO_63:  # false for NaN too
        fail("range", "the number does not fit into an int")
    return int(value)


def _uint_of_double(value: float) -> Uint:
    if not 0 <= value < _TWO_TO_64:
        fail("range", "the number does not fit into a uint")
    return Uint(int(value))


def _int_of_text(text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        fail("bad_conversion", "the text is not a whole number")
    return _in_int(_digits(text))


def _uint_of_text(text: str) -> Uint:
    if _UNSIGNED.fullmatch(text) is None:
        fail("bad_conversion", "the text is not an unsigned whole number")
    return _in_uint(_digits(text))


def _digits(text: str) -> int:
    # Python refuses very long texts by a limit of its own; zeros in front count for nothing.
    significant = text.lstrip("+-").lstrip("0") or "0"
    if len(significant) > _MAX_DIGITS:
        fail("range", "the number does not fit into 64 bits")
    return -int(significant) if text.startswith("-") else int(significant)


def _double_of_text(text: str) -> float:
    if _DECIMAL.fullmatch(text) is None:
        fail("bad_conversion", "the text is not a number")
    value = float(text)
    if isinf(value) and text[-1].isdigit():
        fail("range", "the number does not fit into a double")
    return value


def _text_of_double(value: float) -> str:
    """Write the shortest decimal that reads back as *value*, laid out as Go's ``%g`` does."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    number = Decimal(repr(value))
    if not number:
        return "-0" if number.is_signed() else "0"
    number = number.normalize()
    exponent = number.adjusted()
    if exponent in _PLAIN_EXPONENTS:
        return f"{number:f}"
    digits = "".join(map(str, number.as_tuple().digits))
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if number.is_signed() else ''}{mantissa}e{exponent:+03}"


def _text_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        fail("bad_conversion", "the bytes are not UTF-8")


def _bool_of_text(text: str) -> bool:
    if text not in _TRUTHS:
        fail("bad_conversion", "the text is neither true nor false")
    return _TRUTHS[text]


def _timestamp_of_seconds(seconds: int) -> Timestamp:
    ns = seconds * NS_PER_S
    if not TIMESTAMP_MIN_NS <= ns <= TIMESTAMP_MAX_NS:
        fail("range", "the instant lies outside the years 1 to 9999")
    return Timestamp(ns)


def _reading(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Turn a parser's exceptions into CEL's errors."""

    def read(text: str) -> Value:
        try:
            return parse(text)
        except OverflowError as error:
            fail("range", str(error))
        except ValueError as error:
            fail("bad_conversion", str(error))

    return read


def _parse_day(text: str) -> dt.date:
    msg = "the text is not a calendar day such as 2026-03-03"
    if _DAY.fullmatch(text) is None:
        raise ValueError(msg)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(msg) from None


LIBRARY: Final = Library(
    "conversions",
    (
        overload("int(int) -> int", _same, examples=[("int(1)", "1")]),
        overload("int(uint) -> int", _in_int, examples=[("int(42u)", "42")]),
        overload(
            "int(double) -> int",
            _int_of_double,
            examples=[("int(-7.9)", "-7")],
            about="Cuts the fraction off.",
        ),
        overload("int(string) -> int", _int_of_text, examples=[("int('-987')", "-987")]),
        overload(
            "int(timestamp) -> int",
            lambda moment: moment.ns // NS_PER_S,
            examples=[("int(timestamp('2009-02-13T23:31:30Z'))", "1234567890")],
            about="Seconds since 1970-01-01T00:00:00Z.",
        ),
        overload("uint(uint) -> uint", _same, examples=[("uint(1u)", "1u")]),
        overload("uint(int) -> uint", _in_uint, examples=[("uint(1729)", "1729u")]),
        overload(
            "uint(double) -> uint",
            _uint_of_double,
            examples=[("uint(25.5)", "25u")],
            about="Cuts the fraction off.",
        ),
        overload("uint(string) -> uint", _uint_of_text, examples=[("uint('300')", "300u")]),
        overload("double(double) -> double", _same, examples=[("double(5.5)", "5.5")]),
        overload("double(int) -> double", float, examples=[("double(42)", "42.0")]),
        overload("double(uint) -> double", float, examples=[("double(123u)", "123.0")]),
        overload(
            "double(string) -> double",
            _double_of_text,
            examples=[("double('-84.32e7')", "-843200000.0")],
        ),
        overload("string(string) -> string", _same, examples=[("string('hello')", "'hello'")]),
        overload("string(int) -> string", str, examples=[("string(-42)", "'-42'")]),
        overload("string(uint) -> string", str, examples=[("string(9876u)", "'9876'")]),
        overload(
            "string(double) -> string",
            _text_of_double,
            examples=[("string(-4.5e-3)", "'-0.0045'"), ("string(1e21)", "'1e+21'")],
            about="The shortest decimal that reads back as the same number.",
        ),
        overload(
            "string(bool) -> string",
            lambda value: "true" if value else "false",
            examples=[("string(true)", "'true'")],
        ),
        overload(
            "string(bytes) -> string",
            _text_of_bytes,
            examples=[(r"string(b'\303\277')", r"'\u00ff'")],
            about="Reads the bytes as UTF-8.",
        ),
        overload(
            "string(timestamp) -> string",
            format_timestamp,
            examples=[
                ("string(timestamp('2026-03-03T14:00:00.50+01:00'))", "'2026-03-03T13:00:00.5Z'")
            ],
            about="RFC 3339, in UTC.",
        ),
        overload(
            "string(duration) -> string",
            format_duration,
            examples=[("string(duration('1h30m'))", "'5400s'")],
            about="In seconds.",
        ),
        overload(
            "string(date) -> string",
            dt.date.isoformat,
            examples=[("string(date('2026-03-03'))", "'2026-03-03'")],
        ),
        overload("bytes(bytes) -> bytes", _same, examples=[("bytes(b'abc')", "b'abc'")]),
        overload(
            "bytes(string) -> bytes",
            str.encode,
            examples=[("bytes('ÿ')", r"b'\303\277'")],
            about="The text's UTF-8.",
        ),
        overload("bool(bool) -> bool", _same, examples=[("bool(true)", "true")]),
        overload(
            "bool(string) -> bool",
            _bool_of_text,
            examples=[("bool('True')", "true"), ("bool('0')", "false")],
            about="Reads 1, t, T, true, TRUE, True and their opposites.",
        ),
        overload(
            "timestamp(timestamp) -> timestamp",
            _same,
            examples=[
                (
                    "timestamp(timestamp('2026-03-03T14:00:00Z'))",
                    "timestamp('2026-03-03T14:00:00Z')",
                )
            ],
            wants_days=True,
        ),
        overload(
            "timestamp(string) -> timestamp",
            _reading(parse_timestamp),
            examples=[
                ("timestamp('2026-03-03T14:00:00+01:00')", "timestamp('2026-03-03T13:00:00Z')")
            ],
            about="Reads RFC 3339 with an offset and up to nine digits of a second.",
        ),
        overload(
            "timestamp(int) -> timestamp",
            _timestamp_of_seconds,
            examples=[("timestamp(1234567890)", "timestamp('2009-02-13T23:31:30Z')")],
            about="Seconds since 1970-01-01T00:00:00Z.",
        ),
        overload(
            "duration(duration) -> duration",
            _same,
            examples=[("duration(duration('100s'))", "duration('100s')")],
        ),
        overload(
            "duration(string) -> duration",
            _reading(parse_duration),
            examples=[("duration('1h30m')", "duration('5400s')")],
            about="Reads hours, minutes, seconds and fractions of seconds: 1h30m, 1.5s, 20ms.",
        ),
        overload(
            "date(date) -> date",
            _same,
            examples=[("date(date('2026-03-03'))", "date('2026-03-03')")],
        ),
        overload(
            "date(string) -> date",
            _reading(_parse_day),
            examples=[("date('2026-03-03') < date('2026-03-04')", "true")],
            about="Reads a calendar day.",
        ),
    ),
)
