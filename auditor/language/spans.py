"""
Lengths that may need a calendar, as policies write them: ``24 hours``, ``2 working days``.

Source: LANGUAGE.md, section 5.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.language.values import Span

UNITS: Final = ("minutes", "hours", "days", "weeks", "working hours", "working days")
_SPAN: Final = re.compile(r"\s*(\d{1,9})\s+((?:working\s+)?[a-z]+)\s*")
_MEANT: Final = re.compile(
    r"\s*[\w.,-]*\s*(?:working\s+|business\s+)?(?:minute|hour|day|week)s?\s*", re.IGNORECASE
)


def parse_span(text: str) -> Span | None:
    """Read a span; None where the text is none. One of a unit may be written without its s."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    unit = " ".join(match[2].split())
    plural = unit if unit.endswith("s") else f"{unit}s"
    return Span(int(match[1]), plural) if plural in UNITS else None


def reads_like_span(text: str) -> bool:
    """Whether a text that is no span was probably meant for one: ``three days``, ``1.5 hours``."""
    return _MEANT.fullmatch(text) is not None and parse_span(text) is None


_SIZES: Final = {
    "minutes": ("elapsed", 1),
    "hours": ("elapsed", 60),
    "days": ("days", 1),
    "weeks": ("days", 7),
    "working hours": ("working hours", 1),
    "working days": ("working days", 1),
}


def size_of(span: Span) -> tuple[str, int]:
    """Return the kind of a span and its size in it; only spans of one kind can be ordered without a calendar."""
    kind, factor = _SIZES[span.unit]
    return kind, span.amount * factor
