"""
A line of a file, and the part of it that is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a file, or the part of a long one around what is meant."""

    location: Location
    """With its `end_column`: where what is meant begins and ends in the file."""
    text: str
    first: int = 1
    """Column of the file at which `text` begins."""

    def parts(self) -> tuple[str, str, str]:
        """Return what stands before what is meant, what is meant, and what stands behind it."""
        begin = self.location.column - self.first
        end = (self.location.end_column or self.location.column + 1) - self.first
        return self.text[:begin], self.text[begin:end], self.text[end:]

    def window(self, width: int) -> Excerpt:
        """Return at most *width* characters of it, with what is meant among them."""
        if len(self.text) <= width:
            return self
        begin = self.location.column - self.first
        start = max(0, min(begin - width // 4, len(self.text) - width))
        return Excerpt(self.location, self.text[start : start + width], self.first + start)
