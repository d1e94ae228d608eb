"""
What a number's text stands for.

None means that the number does not fit its type. Lengths are looked at before Python converts, because
its own limit on digits raises, and an exponent could ask for a fraction of any size.
"""

from __future__ import annotations

from fractions import Fraction
from math import isinf
from typing import Final

from auditor.language.values import INT_MAX, INT_MIN, UINT_MAX, Uint

_MAX_DIGITS: Final = 32


def integer(text: str) -> int | None:
    """Read ``7``, ``-7``, ``0x1f``, ``007``."""
    value = _whole(text)
    return value if value is not None and INT_MIN <= value <= INT_MAX else None


def unsigned(text: str) -> Uint | None:
    """Read ``7u``, ``0x1FU``."""
    value = _whole(text[:-1])
    return Uint(value) if value is not None and value <= UINT_MAX else None


def double(text: str) -> float | None:
    """Read ``1.5``, ``-2e3``; what is smaller than the smallest double is zero."""
    value = float(text)
    return None if isinf(value) else value


def ratio(text: str) -> Fraction | None:
    """Read the number before a ``%`` as the exact fraction that it is per cent."""
    digits = text.lstrip("-")
    if digits.isdigit() or digits.startswith("0x"):
        value = integer(text)
        return None if value is None else Fraction(value, 100)
    if len(text) > _MAX_DIGITS or "e" in text.lower():
        return None
    return Fraction(text) / 100


def _whole(text: str) -> int | None:
    digits = text.lstrip("-")
    base = 16 if digits.startswith("0x") else 10
    digits = digits.removeprefix("0x").lstrip("0") or "0"
    if len(digits) > _MAX_DIGITS:
        return None
    value = int(digits, base)
    return -value if text.startswith("-") else value
