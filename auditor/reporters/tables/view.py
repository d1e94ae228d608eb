"""
What a view is: named columns, and rows that are made one by one.

A format decides how a cell is written; what stands in it is decided here, once for all formats.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.model.run import Places, Run

Cell = str | int | float | tuple[str, ...] | None
"""None and no text both are an empty cell; a tuple is a list of short texts."""
Row = tuple[Cell, ...]


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    LIST = "list of texts"
    NUMBER = "whole number"
    PERCENT = "percent, with one decimal"
    INSTANT = "instant"
    """RFC 3339 with its offset, in the zone of the project; a bare day where only the day is known."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view."""

    name: str
    """As the first row of a CSV spells it: a program may rely on it."""
    meaning: str
    """One sentence, for the documentation and for whoever points at the head of a sheet's column."""
    kind: Kind = Kind.TEXT
    width: int = 16
    """Characters that a sheet shows side by side."""

    @property
    def title(self) -> str:
        """What a person reads at the head of a column."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a run."""

    name: str
    about: str
    """What one row is."""
    columns: tuple[Column, ...]
    rows: Callable[[Run, Places], Iterator[Row]]
    """Each with a cell for every column; places are asked for once per auditee."""
