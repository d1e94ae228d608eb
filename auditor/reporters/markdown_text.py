"""
How foreign text goes into Markdown that a forge shows beside a change.

A forge renders more than Markdown: HTML, names of people that are told about it, numbers of issues that get a link
back, addresses. What would act is escaped, and what a forge looks for in the text that comes out of that is broken
up.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.reporters.foreign_text import cut, flowing, visible

_ACTING: Final = re.compile(r"[&<>|\\`$]|[*_\[\]~!^]|[#@]|://|\bwww\.|\bGH-")
TICKS: Final = re.compile(r"`+")
_AT_START: Final = re.compile(r"^(\s*(?=[-+=>])|\s*\d+(?=[.)]))(.)")
_SPLITS_CODE: Final = re.compile(r"[|\\`]|##|::")
_BREAK: Final = "&#8203;"
"""A place at which nothing is seen, and behind which no name, number or address begins."""


def inline(text: str, limit: int) -> str:
    """Return *text* as one line that stands for itself, in a table or out of it; *limit* characters of it at most."""
    return _ACTING.sub(_harmless, flowing(cut(text, limit)))


def begun(text: str) -> str:
    """Return a line that begins a block, where more characters are marks: of a list, a rule, a heading, a quotation."""
    return _AT_START.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """Return a text as a piece of code, whatever backticks are in it; empty for a blank one."""
    plain = " ".join(visible(text).split())
    longest = max((len(run) for run in TICKS.findall(plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if plain[:1] == "`" or plain[-1:] == "`" else ""
    return f"{fence}{pad}{plain}{pad}{fence}" if plain else ""


def code_cell(text: str, limit: int) -> str:
    """Return *text* as a piece of code in a table, *limit* characters of it at most."""
    if _SPLITS_CODE.search(text):
        # Before a bar a backslash counts, and behind one there is no way to write it in code.
        return inline(text, limit)
    return code(cut(text, limit))


def _harmless(match: re.Match[str]) -> str:
    found = match[0]
    if found in "#@":
        return found + _BREAK
    if len(found) > 1:
        return found[:-1] + _BREAK + found[-1]
    # What ends a cell, a tag or a stretch of code does so behind a backslash, too, for some readers.
    return f"&#{ord(found)};" if found in "&<>|\\`$" else f"\\{found}"
