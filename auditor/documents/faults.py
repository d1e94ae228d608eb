"""
What the readers of JSON and YAML refuse alike, one function per fact.

The text names what was found and what is wanted, so that JSON and YAML speak with one voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES, MAX_STRING

if TYPE_CHECKING:
    from auditor.documents.source import Source
    from auditor.model.errors import DocumentError


def too_deep(source: Source, offset: int) -> DocumentError:
    """Refuse nesting over the limit."""
    return source.fault(
        f"more than {MAX_DEPTH} lists and mappings inside each other",
        offset,
        hint="flatten the document",
    )


def too_many(source: Source, offset: int) -> DocumentError:
    """Refuse more values than one document may have."""
    return source.fault(f"more than {MAX_NODES} values", offset, hint="split the document")


def string_too_long(source: Source, offset: int, length: int) -> DocumentError:
    """Refuse a string over the limit."""
    return source.fault(
        f"a string of {length} characters, at most {MAX_STRING} are read",
        offset,
        hint="keep long texts in files of their own and name them here",
    )


def not_finite(source: Source, offset: int, written: str) -> DocumentError:
    """Refuse NaN, infinity and numbers that overflow."""
    return source.fault(
        f"{shortened(written)} is no finite number",
        offset,
        hint="leave the key out if the value is not known, write null if there is none",
    )


def too_many_digits(source: Source, offset: int, written: str) -> DocumentError:
    """Refuse an integer that nothing can compute with."""
    return source.fault(
        f"an integer of {len(written.lstrip('+-'))} digits, at most {MAX_DIGITS} are read",
        offset,
        hint="put it in quotes if it is an id",
    )


def duplicate_key(source: Source, offset: int, key: str, first_line: int) -> DocumentError:
    """Refuse the second of two equal keys."""
    return source.fault(
        f"key '{shortened(key)}' is given twice, first in line {first_line}",
        offset,
        hint="keep one of the two",
    )


def lone_surrogate(source: Source, offset: int, code: int) -> DocumentError:
    """Refuse half a character."""
    return source.fault(
        f"\\u{code:04x} is half a character (a lone surrogate)",
        offset,
        hint="write the character itself, or both halves",
    )


def shortened(text: str, limit: int = 40) -> str:
    """Return *text* as a message can quote it."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
