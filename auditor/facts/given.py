"""
Whether a text says something.

Source: convention C13.
"""

from __future__ import annotations

import unicodedata
from typing import Final

PLACEHOLDERS: Final = frozenset({"tbd", "todo", "n/a", "none", "x", "-", "?"})
"""Texts that stand where somebody had nothing to say. Source: convention C13."""

_BLANK_CATEGORIES: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Fillers that Unicode counts among letters and marks, and that show nothing."""

_SELECTORS: Final = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
"""Variation selectors: they change the character before them and show nothing themselves."""


def given(text: str | None) -> bool:
    """Tell whether *text* is neither blank nor a placeholder such as ``tbd``."""
    if text is None:
        return False
    if text.isascii() and text.isprintable():
        words = text.strip().casefold()  # nothing invisible to look for
        return bool(words) and words not in PLACEHOLDERS
    # Invisible characters go wherever they stand, so that a placeholder cannot hide behind one.
    left = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _is_blank(c))
    words = left.strip().casefold()
    return bool(words) and words not in PLACEHOLDERS


def _is_blank(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in _BLANK_CATEGORIES
        or character in _BLANK_LETTERS
        or any(first <= code <= last for first, last in _SELECTORS)
    )
