"""
A page of Markdown that grows as long as there is room for it.

A forge cuts off what is too long, or shows nothing of it. So what has to be looked at first comes first, tables are filled
row by row, and the last line says how many rows there was no room for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT: Final = 600
"""Octets for closing what is open, and for the line that says how much is left out."""


class MarkdownPage:
    """
    Markdown of a limited length.

    Args:
        limit: Octets in UTF-8 that it may have; a forge that counts characters counts no more of them.
        reason: Why there is no room for more, and where everything is.
    """

    def __init__(self, limit: int, reason: str) -> None:
        self._parts: list[str] = []
        self._room = limit - _KEPT
        self._reason = reason
        self._left_out = 0

    def add(self, text: str) -> bool:
        """Add *text* if there is room for all of it."""
        size = len(text.encode())
        if size > self._room:
            return False
        self._room -= size
        self._parts.append(text)
        return True

    def table(
        self, title: str, head: str, rows: Iterable[str], count: int, *, is_open: bool = True
    ) -> None:
        """
        Add as many rows as there is room for.

        Args:
            title: Markdown of its heading; where the table is folded up, HTML.
            head: What stands above the rows.
            rows: Each with its line end; those that there is no room for are not asked for.
            count: How many there are.
            is_open: Whether they show without being asked for.
        """
        if is_open:
            opening, closing = f"\n### {title}\n\n{head}", ""
        else:
            # The blank line is what makes a forge read Markdown inside HTML.
            opening = f"\n<details><summary>{title}</summary>\n\n{head}"
            closing = "\n</details>\n"
        coming = iter(rows)
        self._room -= len(closing)
        # Once something is left out nothing follows: what comes later weighs less.
        if self._left_out or not self.add(opening + next(coming, "")):
            self._room += len(closing)
            self._left_out += count
            return
        count -= 1
        for row in coming:
            if not self.add(row):
                break
            count -= 1
        self._left_out += count
        self._parts.append(closing)

    def text(self) -> str:
        """Return the page; its last line says how much is left out, if anything is."""
        if self._left_out:
            rows = counted(self._left_out, "row")
            self._parts.append(f"\n**{rows} left out**: {self._reason}\n")
        return "".join(self._parts)
