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


class Section:
    """
    Rows under a title, as many as it was given room for.

    Args:
        title: Ready Markdown.
        head: Of each table, two lines; empty for a list.
        rows: The most important first; those that there is no room for are not asked for. Those of one group stand
            together, where the first of them is.
        count: How many there are.
        is_open: Whether it is shown without being asked for.
    """

    def __init__(
        self, title: str, head: str, rows: Iterable[Row], count: int, *, is_open: bool = True
    ) -> None:
        self.title: Final = title
        self.left_out = count
        """How many rows it had no room for so far."""
        self._head = head
        self._rows = iter(rows)
        self._next: Row | None = None
        self._groups: dict[str, list[str]] = {}
        self._begin, self._end = (
            (f"\n### {title}\n", "")
            if is_open
            else (f"\n<details><summary>{title}</summary>\n", "\n</details>\n")
        )

    def grow(self, room: int, measure: Callable[[str], int]) -> int:
        """Take rows up to the first that there is no *room* for; return how much of it that takes."""
        taken = 0
        while (row := self._next or next(self._rows, None)) is not None:
            self._next = row
            cost = measure(row.text)
            if row.group not in self._groups:
                cost += measure(_group(row.group, self._head, []))
            if not self._groups:
                cost += measure(self._begin + self._end)
            if taken + cost > room:
                break
            taken += cost
            self._groups.setdefault(row.group, []).append(row.text)
            self.left_out -= 1
            self._next = None
        return taken

    def text(self, note: str) -> str:
        """Return it with a *note* at its end; empty where it has no row."""
        if not self._groups:
            return ""
        groups = (_group(name, self._head, texts) for name, texts in self._groups.items())
        return f"{self._begin}{''.join(groups)}{note}{self._end}"


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
            title: As of a `Section`, and so are the others.
            head: Of each table.
            rows: The most important first.
            count: How many there are.
            is_open: Whether it is shown without being asked for.
            most: How much it may take of what is left; None for all.
        """
        return self.shown(self.begun(Section(title, head, rows, count, is_open=is_open), most))

    def begun(self, section: Section, most: int | None = None) -> Section:
        """Give *section* its room, *most* of what is left or all of it; `fill` may give it more."""
        room = self._left if most is None else min(self._left, most)
        self._left -= section.grow(room, self._measure)
        return section

    def fill(self, section: Section) -> None:
        """Give *section* what it needs of all that is left, once every other one has its share."""
        self.begun(section)

    def shown(self, section: Section) -> str:
        """Return *section* as it stands on the page, and how many rows are left out of it."""
        note = self._left_out(section.left_out)
        text = section.text(note and f"\n{note}")
        return text or (note and f"\n{section.title}: {note}")

    def _left_out(self, count: int) -> str:
        if not count:
            return ""
        return f"**{counted(count, 'row')} left out**: a {self._kind} has no room for more. {self._whole}\n"


def _group(name: str, head: str, texts: Iterable[str]) -> str:
    # A blank line is what makes a forge read Markdown inside HTML.
    heading = f"\n#### {name}\n" if name else ""
    return f"{heading}\n{head}{''.join(texts)}"
