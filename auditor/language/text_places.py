"""
Where in its file the text of an expression stands, so that a part of it can be shown there.

A text that comes out of a folded YAML block has other lines than its file. It is kept as a few stretches, each
of which stands in the file as it reads, and so is small enough to be kept with a plan.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where one expression is written."""

    name: str
    """What it is in its policy: ``require/0``, ``when``, ``due``, ``let/<name>``, ``define/<name>``."""
    path: str
    stretches: tuple[tuple[int, int, int], ...]
    """Of each stretch: its first character in the text, from 0, and the line and column of that, from 1."""

    def at(self, offset: int) -> Location:
        """Return the place of the character at *offset* of the text."""
        position = bisect_right(self.stretches, offset, key=lambda stretch: stretch[0]) - 1
        first, line, column = self.stretches[max(0, position)]
        return Location(self.path, line, column + offset - first)
