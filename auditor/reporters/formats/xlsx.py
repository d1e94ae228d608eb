"""
A run as a workbook for Excel, LibreOffice and their like: one sheet per view.

Text is text, whoever wrote it: no cell is a formula or a link, and what begins like a formula has a spreadsheet's own
mark for "this is text", so that it stays one when somebody edits it. Instants are real dates in the zone of the
project, with the offset shown in the cell.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from auditor.reporters.tables.cell_text import is_formula, text_of
from auditor.reporters.tables.head import HEAD
from auditor.reporters.tables.view import Kind
from auditor.reporters.tables.views import VIEWS
from auditor.reporters.workbook import Cells, Sheet, Written, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.tables.view import Cell, View

_SHEETS: Final = (HEAD, *(view for view in VIEWS if view is not HEAD))
_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.PERCENT})
_UNDATED: Final = "1980-01-01T00:00:00Z"
"""When a workbook says that it was made, where a run has no instant."""


class XlsxReporter:
    """Renders all views of a run as the sheets of a workbook."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"
    profiles: tuple[str, ...] = ()
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, some hundred rows at a time."""
        del profile, colour
        cells = Cells()
        sheets = (_sheet(view, run, places, cells) for view in _SHEETS)
        yield from workbook(sheets, cells, title="Audit", made_at=_made_at(run))


def _sheet(view: View, run: Run, places: Places, cells: Cells) -> Sheet:
    writers = [_writer(cells, column.kind, column.width) for column in view.columns]
    return Sheet(
        view.name,
        tuple((column.title, column.width, column.kind in _NUMBERS) for column in view.columns),
        _frozen(view),
        (
            tuple(write(cell) for write, cell in zip(writers, row, strict=True))
            for row in view.rows(run, places)
        ),
        elsewhere=f"csv:{view.name}",
    )


def _writer(cells: Cells, kind: Kind, width: int) -> Callable[[Cell], Written]:
    """Return what writes the cells of a column; it remembers some, because most of a column are alike."""

    @lru_cache(maxsize=256, typed=True)
    def write(cell: Cell) -> Written:
        if isinstance(cell, int):
            return cells.count(cell, is_told=kind is Kind.TEXT)
        if isinstance(cell, float):
            return cells.share(cell, is_told=kind is Kind.TEXT)
        text = text_of(cell, "\n")
        if kind is Kind.INSTANT:
            return cells.instant(text, width)
        return cells.text(text, width, is_formula=is_formula(text))

    return write


def _frozen(view: View) -> int:
    """Return how many columns stay when a reader moves to the right: up to the one that names what a row is about."""
    names = [column.name for column in view.columns]
    return next(names.index(name) + 1 for name in ("auditee", "control", "what") if name in names)


def _made_at(run: Run) -> str:
    """Return the instant that was judged: the same run makes the same workbook, whenever it is written."""
    if run.as_of is None:
        return _UNDATED
    made = datetime.fromisoformat(run.as_of).astimezone(UTC).replace(microsecond=0)
    return made.isoformat().replace("+00:00", "Z")
