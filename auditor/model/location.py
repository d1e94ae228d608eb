"""
Where something stands in a file.

Lines and columns count from 1, columns in characters, so that an editor jumps to the right spot.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A spot in a text file, as a person names it: ``path:line:column``."""

    path: str
    """As the user would type it; never an absolute path of the machine in a result."""
    line: int
    column: int = 1
    end_column: int | None = None
    """First column after the marked text, on the same line; None marks one character."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
