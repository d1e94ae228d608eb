"""
Read CSV with a header row, each record with the line on which it begins.

A record is not a line: a quoted cell may hold line breaks. A record that does not fit the header is left out
and reported; the others are still read, and the caller must not take what is left for the whole.

A table that people keep has each column once. One that a tool writes may repeat a header, once for each value
that a record has at most; it is read by `parse_wide_csv`, which drops none of them.
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
        header = self.table.header
        place = header.index(self.column) if self.column in header else None
        return _span(self.table.source, self.line, place)


@dataclass(slots=True, eq=False)
class WideRow:
    """One record of a table whose headers may repeat."""

    line: int
    """The line on which it begins."""
    cells: tuple[str, ...]
    """Text by position of the column."""


@dataclass(slots=True, eq=False)
class WideTable:
    """A CSV file whose headers may repeat."""

    source: Source = field(repr=False)
    header_line: int
    header: tuple[str, ...]
    """Names of the columns, stripped of white space; a column without a name has the empty one."""
    rows: tuple[WideRow, ...]
    faults: tuple[DocumentError, ...]
    """Records that could not be read, in the order of the file."""

    def columns(self, name: str) -> tuple[int, ...]:
        """Return the positions of all columns that are called *name*."""
        return tuple(place for place, header in enumerate(self.header) if header == name)

    def location(self, row: WideRow | None, column: int | None = None) -> Location:
        """Return the place of *row* (None: of the header), or of its cell in *column*."""
        line = row.line if row else self.header_line
        return self.source.location(*_span(self.source, line, column))


def _span(source: Source, line: int, column: int | None) -> tuple[int, int | None]:
    """Return where a record begins, or where its cell begins and ends."""
    start = source.starts[line - 1]
    if column is None:
        return start, None
    for _ in range(column):
        found = _CELL.match(source.text, start)
        start = (found.end() if found else start) + 1
    found = _CELL.match(source.text, start)
    return start, found.end() if found else start


def parse_csv(data: bytes, *, path: str) -> Table:
    """
    Read comma-separated values (RFC 4180).

    Records without any text are skipped: spreadsheets leave them behind.

    Raises:
        DocumentError: The file is no text, or its header cannot be used.
    """
    wide = parse_wide_csv(data, path=path)
    _refuse_unnamed(wide)
    header = wide.header
    rows = tuple(Row(row.line, dict(zip(header, row.cells, strict=True))) for row in wide.rows)
    return Table(wide.source, wide.header_line, header, rows, wide.faults)


def parse_wide_csv(data: bytes, *, path: str) -> WideTable:
    """
    Read comma-separated values (RFC 4180) whose headers may repeat, or be empty.

    Records without any text are skipped.

    Raises:
        DocumentError: The file is no text, or its columns are not separated by commas.
    """
    source = decode(data, path=path)
    header: tuple[str, ...] = ()
    header_line = 1
    rows: list[WideRow] = []
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
            rows.append(WideRow(line, tuple(cells)))
    return WideTable(source, header_line, header, tuple(rows), tuple(faults))


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
    return names


def _refuse_unnamed(table: WideTable) -> None:
    """Refuse columns that could not be told from each other."""
    names, start = table.header, table.source.starts[table.header_line - 1]
    if "" in names:
        message = f"column {names.index('') + 1} has no name"
        raise table.source.fault(message, start, hint="name the column, or remove it")
    for place, name in enumerate(names):
        if name in names[:place]:
            message = f"the column '{name}' is there twice"
            raise table.source.fault(message, start, hint="rename or remove one of the two")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
