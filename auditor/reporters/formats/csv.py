"""
A view of a run as comma-separated values, for spreadsheets and scripts.

RFC 4180: commas, quotes where needed, CRLF. The file begins with a byte order mark, without which Excel takes UTF-8
for the code page of the machine. A cell is one line, so that readers which know no quotes still see one row per line.
What a spreadsheet could take for a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from auditor.reporters.foreign_text import inert
from auditor.reporters.tables.cell_text import neutral, text_of
from auditor.reporters.tables.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.tables.view import Cell

_ROWS: Final = 500
"""Rows that leave in one piece."""
_MARK: Final = "\ufeff"
_LINE: Final = str.maketrans("\n\t", "  ")
_BEGINNINGS: Final = frozenset("=+-@＝＋－＠'\" :")  # noqa: RUF001 - the full-width forms act as well


class CsvReporter:
    """Renders one view of a run as CSV."""

    media_type = "text/csv; charset=utf-8; header=present"
    suffix = ".csv"
    profiles: tuple[str, ...] = tuple(view.name for view in VIEWS)
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render the view that *profile* names, some hundred rows at a time."""
        del colour
        wanted = profile or self.profiles[0]
        view = next(view for view in VIEWS if view.name == wanted)
        buffer = StringIO(newline="")
        writer = csv.writer(buffer)
        buffer.write(_MARK)
        writer.writerow([column.name for column in view.columns])
        rows = view.rows(run, places)
        while batch := list(islice(rows, _ROWS)):
            writer.writerows(map(_cell, row) for row in batch)
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
        if rest := buffer.getvalue():
            yield rest.encode()


@lru_cache(maxsize=1_024, typed=True)  # most cells of a column are alike; 1.0 is not written as 1
def _cell(cell: Cell) -> Cell:
    """Return a cell as it may stand in a line; a number stays one."""
    if isinstance(cell, int | float):
        return cell
    text = text_of(cell, " | ")
    # Most texts need nothing, and these looks tell.
    if text[:1] not in _BEGINNINGS and text.isprintable() and ";" not in text and "##" not in text:
        return text
    return neutral(inert(text.translate(_LINE)))
