"""
The one spelling of a document: equal data, equal bytes, so that a digest can name it.

The standard encoder spells almost everything as RFC 8785 wants it and is many times faster than Python
code, so it is used wherever it does: no number that the two spell differently, no key that they sort
differently (it sorts by code point, the RFC by UTF-16 unit).

Source: RFC 8785 (JCS); numbers as ECMA-262 ``Number::toString``.
"""

from __future__ import annotations

import json
from hashlib import sha256
from math import isfinite
from typing import Any, Final

from auditor.documents.pointer import walk

MAX_INT: Final = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly. Source: RFC 7493, section 2.2."""

_SAME_FROM: Final = 1e-4
_SAME_BELOW: Final = 1e16
"""Between these, Python spells a number that is not whole as ECMAScript does."""

_FIXED_UP_TO: Final = 21
_FIXED_FROM: Final = -6


class NotCanonicalError(ValueError):
    """Data that has no canonical form."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(f"{message} at {pointer!r}")
        self.message = message
        self.pointer = pointer
        """JSON Pointer of the first value that has none."""


def canonical(data: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """
    Return the canonical form of *data*.

    Raises:
        NotCanonicalError: A ValueError: NaN, an infinity, an integer beyond 2^53-1, a lone surrogate, a key
            that is no string, or something that is no JSON value.
    """
    try:
        return (_dump(data) if _is_plain(data) else _write(data)).encode()
    except UnicodeEncodeError:
        raise _fault(data) from None


def digest(data: Any) -> str:  # noqa: ANN401 - any JSON value
    """
    Name *data* by its content.

    Returns:
        ``sha256:`` and 64 hex digits, of the canonical form.

    Raises:
        NotCanonicalError: A ValueError: *data* has no canonical form.
    """
    return named(canonical(data))


def named(body: bytes) -> str:
    """Name a canonical form by its digest: ``sha256:`` and 64 hex digits."""
    return f"sha256:{sha256(body).hexdigest()}"


def longest_text(body: bytes) -> int:
    """
    Return how long the longest text in a canonical form is, or a little more.

    Args:
        body: A canonical form.

    Returns:
        Bytes of the longest stretch between quotation marks, those inside of texts apart; no text has more characters.
    """
    return max(map(len, body.replace(b'\\"', b"  ").split(b'"')))


def number(value: float) -> str:
    """
    Spell a finite double as ECMAScript does.

    Source:
        ECMA-262, Number::toString; RFC 8785, section 3.2.2.3.
    """
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    # Python's repr gives the shortest digits that read back as the same double, as ECMAScript demands.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.digits times ten to the power of `point`.
    point = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= _FIXED_UP_TO:
        return f"{sign}{digits}{'0' * (point - count)}"
    if 0 < point <= _FIXED_UP_TO:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _FIXED_FROM < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _is_plain(data: Any) -> bool:  # noqa: ANN401 - any JSON value
    """
    Tell whether the standard encoder gives the canonical form.

    Raises:
        NotCanonicalError: There is none.
    """
    plain = True
    work = [data]
    while work:
        value = work.pop()
        kind = type(value)
        if kind is str or value is None or kind is bool:
            continue
        if kind is dict:
            for key in value:
                if type(key) is not str:
                    raise _fault(data)
                # Only from here on do code points and UTF-16 units sort differently.
                plain = plain and (key.isascii() or max(key) < "\ud800")
            work.extend(value.values())
        elif kind is list or kind is tuple:
            work.extend(value)
        elif kind is int:
            if not -MAX_INT <= value <= MAX_INT:
                raise _fault(data)
        elif kind is float:
            if not isfinite(value):
                raise _fault(data)
            plain = plain and _SAME_FROM <= abs(value) < _SAME_BELOW and value % 1 != 0
        else:
            raise _fault(data)
    return plain


def _dump(data: Any) -> str:  # noqa: ANN401 - any JSON value
    try:
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        # The caller is deep already; what follows does not recurse.
        return _write(data)


def _write(data: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write what the standard encoder cannot, without recursion."""
    out: list[str] = []
    # Values to write and, as tuples of one, text to copy: no value is a tuple when it gets here.
    work: list[Any] = [_listed(data)]
    while work:
        value = work.pop()
        if type(value) is tuple:
            out.append(value[0])
        elif type(value) is dict:
            out.append("{")
            work.append(("}",))
            names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
            for place, name in reversed(list(enumerate(names))):
                work.append(_listed(value[name]))
                work.append((f"{',' if place else ''}{_quoted(name)}:",))
        elif type(value) is list:
            out.append("[")
            work.append(("]",))
            for place, member in reversed(list(enumerate(value))):
                work.append(_listed(member))
                if place:
                    work.append((",",))
        elif type(value) is float:
            out.append(number(value))
        else:
            out.append(_quoted(value))
    return "".join(out)


def _listed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return list(value) if type(value) is tuple else value


def _quoted(value: str | int | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fault(data: Any) -> NotCanonicalError:  # noqa: ANN401 - any JSON value
    """Find the first value that has no canonical form."""
    for pointer, value in walk(data):
        if reason := _reason(value):
            return NotCanonicalError(reason, pointer)
    message = "a value without a canonical form was seen but not found again"
    raise AssertionError(message)


def _reason(value: Any) -> str | None:  # noqa: ANN401 - anything
    kind = type(value)
    if kind is dict and any(type(key) is not str for key in value):
        return "a key that is no string"
    if kind is str or kind is dict:
        text = value if kind is str else "".join(value)
        broken = any("\ud800" <= char <= "\udfff" for char in text)
        return "half a character (a lone surrogate)" if broken else None
    if kind is int:
        return None if -MAX_INT <= value <= MAX_INT else "an integer beyond 2^53-1"
    if kind is float:
        return None if isfinite(value) else "a number that is not finite"
    if value is None or kind in (bool, list, tuple):
        return None
    return f"a {kind.__name__}, which is no JSON value"
