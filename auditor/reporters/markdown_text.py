"""
How foreign text goes into Markdown that a forge shows beside a change.

A forge renders more than Markdown: HTML, names of people that are told about it, numbers of issues that get a link
back, addresses. What would act is escaped, and what a forge looks for in the text that comes out of that is broken
up.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.reporters.foreign_text import cut, flowing

COMMENT: Final = 65_536
"""Characters that a comment on GitHub may have."""

_ACTING: Final = re.compile(r"[&<>|\\`$]|[*_\[\]~!^]|[#@]|://|\bwww\.|\bGH-")
_BREAK: Final = "&#8203;"
"""A place at which nothing is seen, and behind which no name, number or address begins."""


def inline(text: str, limit: int) -> str:
    """Return *text* as one line that stands for itself, in a table or out of it; *limit* characters of it at most."""
    return _ACTING.sub(_harmless, flowing(cut(text, limit)))


def _harmless(match: re.Match[str]) -> str:
    found = match[0]
    if found in "#@":
        return found + _BREAK
    if len(found) > 1:
        return found[:-1] + _BREAK + found[-1]
    # What ends a cell, a tag or a stretch of code does so behind a backslash, too, for some readers.
    return f"&#{ord(found)};" if found in "&<>|\\`$" else f"\\{found}"
