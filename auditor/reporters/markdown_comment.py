"""
A comment beside a change, or the summary of a build, as long as there is room for it.

A forge refuses what is too long as a whole, so what matters most gets its room first, and a line says how
much is left out. No table ends in the middle of a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COMMENT: Final = 65_536
"""Characters that a comment on GitHub may have."""
_KEPT: Final = 3_000
"""For the lines that say how much is left out, of sections for which there is no room any more, too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, or one line of a list, with its line end."""

    text: str
    group: str = ""
    """The heading under which it stands, ready Markdown; empty for none."""


class Room:
    """
    What a page has room for.

    Args:
        limit: How long it may be.
        whole: The sentence that says where everything is.
        kind: What it is called.
        measure: How the forge that shows it counts its length; characters unless it is said.
    """

    def __init__(
        self,
        limit: int,
        *,
        whole: str,
        kind: str = "comment",
        measure: Callable[[str], int] = len,
    ) -> None:
        self._left = limit - _KEPT
        self._whole = whole
        self._kind = kind
        self._measure = measure
        self.share: Final = limit // 16
        """The most for a section that is no table of findings: whatever their number is, findings have most of the room."""
        self.before: Final = limit // 11
        """The most for a section of findings that do not count."""

    def take(self, text: str) -> str:
        """Return *text*, for which there must be room."""
        self._left -= self._measure(text)
        return text

    def section(
        self,
        title: str,
        head: str,
        rows: Iterable[Row],
        count: int,
        *,
        is_open: bool,
        most: int | None = None,
    ) -> str:
        """
        Return as many of *rows* as there is room for.

        Args:
            title: Ready Markdown.
            head: Of each table, two lines; empty for a list.
            rows: The most important first; those that there is no room for are not asked for. Those of one group
                stand together, where the first of them is.
            count: How many there are.
            is_open: Whether it is shown without being asked for.
            most: How much it may take of those that are left; None for all.
        """
        begin, end = (
            (f"\n### {title}\n", "")
            if is_open
            else (f"\n<details><summary>{title}</summary>\n", "\n</details>\n")
        )
        room = min(self._left, most if most is not None else self._left) - len(begin) - len(end)
        groups: dict[str, list[str]] = {}
        shown = 0
        for row in rows:
            cost = self._measure(row.text)
            if row.group not in groups:
                cost += self._measure(_group(row.group, head, []))
            if cost > room:
                break
            room -= cost
            shown += 1
            groups.setdefault(row.group, []).append(row.text)
        note = self._left_out(count - shown)
        if not groups:
            return note and f"\n{title}: {note}"
        tables = "".join(_group(name, head, texts) for name, texts in groups.items())
        self.take(begin + tables + end)
        return f"{begin}{tables}{note and chr(10) + note}{end}"

    def _left_out(self, count: int) -> str:
        if not count:
            return ""
        return f"**{counted(count, 'row')} left out**: a {self._kind} has no room for more. {self._whole}\n"


def _group(name: str, head: str, texts: Iterable[str]) -> str:
    # A blank line is what makes a forge read Markdown inside HTML.
    heading = f"\n#### {name}\n" if name else ""
    return f"{heading}\n{head}{''.join(texts)}"
