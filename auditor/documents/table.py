"""
Read CSV with a header row, each record with the line on which it begins.

A record is not a line: a quoted cell may hold line breaks. A record that does not fit the header is left out
and reported; the others are still read, and the caller must not take what is left for the whole.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.documents.source import Source, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.errors import DocumentError
    from auditor.model.location import Location

_CELL: Final = re.compile(r'(?:"(?:[^"]|"")*+"|[^,\r\n]*)')
_BAD_QUOTE: Final = (
    "a quote that has no end, or text behind its end; nothing from here on was read",
    'write a double quote inside a quoted cell as ""',
)
_TOO_LONG: Final = (
    "a cell too long to be read; nothing from here on was read",
    "check that every quote has its end",
)


@dataclass(slots=True, eq=False)
class Row:
    """One record."""

    line: int
    """The line on which it begins."""
    cells: dict[str, str]
    """Header to text, one for every header; an empty cell is the empty string."""


@dataclass(slots=True, eq=False)
class Table:
    """A CSV file."""

    source: Source = field(repr=False)
    header_line: int
    header: tuple[str, ...]
    """Names of the columns, stripped of white space; empty for a file without any text."""
    rows: tuple[Row, ...]
    faults: tuple[DocumentError, ...]
    """Records that could not be read, in the order of the file."""

    def cell(self, row: Row | None, column: str | None = None) -> Cell:
        """Return the spot of *row* (None: of the header), or of its cell in *column*."""
        return Cell(self, row.line if row else self.header_line, column)


@dataclass(frozen=True, slots=True)
class Cell:
    """A spot in a table; it is searched for when somebody asks."""

    table: Table = field(repr=False)
    line: int
    column: str | None

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.table.source.location(*self._span())

    def fault(self, message: str, *, hint: str | None = None) -> DocumentError:
        """Return the error that *message* is, placed here."""
        return self.table.source.fault(message, self._span()[0], hint=hint)

    def _span(self) -> tuple[int, int | None]:
        source = self.table.source
        first = start = source.starts[self.line - 1]
        for name in self.table.header if self.column is not None else ():
            found = _CELL.match(source.text, start)
            end = found.end() if found else start
            if name == self.column:
                return start, end
            start = end + 1
        return first, None


def parse_csv(data: bytes, *, path: str) -> Table:
    """
    Read comma-separated values (RFC 4180).

    Records without any text are skipped: spreadsheets leave them behind.

    Raises:
        DocumentError: The file is no text, or its header cannot be used.
    """
    source = decode(data, path=path)
    header: tuple[str, ...] = ()
    header_line = 1
    rows: list[Row] = []
    faults: list[DocumentError] = []
    for line, cells in _records(source, faults):
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header, header_line = _header(source, line, cells), line
        elif len(cells) != len(header):
            message = f"{_count(len(cells), 'cell')}, the header has {len(header)}"
            hint = "put a cell that holds a comma in double quotes"
            faults.append(source.fault(message, source.starts[line - 1], hint=hint))
        else:
            rows.append(Row(line, dict(zip(header, cells, strict=True))))
    return Table(source, header_line, header, tuple(rows), tuple(faults))


def _records(source: Source, faults: list[DocumentError]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its first line; a quote that is wrong ends the reading."""
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            start = source.starts[min(line, len(source.starts)) - 1]
            message, hint = _TOO_LONG if "larger than" in str(error) else _BAD_QUOTE
            faults.append(source.fault(message, start, hint=hint))
            return
        yield line, cells
        line = reader.line_num + 1


def _header(source: Source, line: int, cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    start = source.starts[line - 1]
    if len(names) == 1 and (wrong := next((mark for mark in ";\t|" if mark in names[0]), None)):
        shown = "a tab" if wrong == "\t" else f"'{wrong}'"
        message = f"the columns are separated by {shown}, want commas"
        raise source.fault(message, start, hint="export the table as comma-separated values")
    if "" in names:
        message = f"column {names.index('') + 1} has no name"
        raise source.fault(message, start, hint="name the column, or remove it")
    for place, name in enumerate(names):
        if name in names[:place]:
            message = f"the column '{name}' is there twice"
            raise source.fault(message, start, hint="rename or remove one of the two")
    return names


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
