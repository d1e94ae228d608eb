"""Workbooks that spreadsheets open as what they are: text, numbers and dates, and nothing that acts."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from auditor.model.outcome import Outcome
from auditor.reporters import workbook
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.xlsx import XlsxReporter
from auditor.reporters.tables.cell_text import LONGEST
from auditor.reporters.tables.view import Kind
from auditor.reporters.tables.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from auditor.model.run import Run
    from auditor.reporters.tables.view import View
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = XlsxReporter()
SHEETS = ["run", "findings", "verdicts", "controls", "projects"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=[view.name for view in VIEWS])


def opened(data: bytes) -> Workbook:
    """Open a workbook as a script does."""
    return load_workbook(io.BytesIO(data))


def cells(book: Workbook) -> Iterator[Cell]:
    """Yield every cell that holds something."""
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet, each cell under the title of its column."""
    head, *others = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in others]


def made(make: Make, *verdicts: Any, **changes: Any) -> Workbook:
    """Open the workbook of a run of some verdicts on Apollo."""
    return opened(make.render(REPORTER, make.run(make.result(*verdicts), **changes)))


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format; it has no profiles, because every view is a sheet."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ()


def test_one_sheet_per_view(make: Make, portfolio: Run) -> None:
    """The run first, because what was relaxed is to be read before anything else."""
    assert opened(make.render(REPORTER, portfolio)).sheetnames == SHEETS


@EVERY_VIEW
def test_every_cell_comes_back(make: Make, portfolio: Run, places: FixedPlaces, view: View) -> None:
    """What a script reads is what the view says: lists as lines, instants as dates, no text as no cell."""
    sheet = opened(make.render(REPORTER, portfolio, places))[view.name]
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    wanted = [
        tuple(as_read(cell, column.kind) for cell, column in zip(row, view.columns, strict=True))
        for row in view.rows(portfolio, places)
    ]

    assert [cell.value for cell in sheet[1]] == [column.title for column in view.columns]
    assert found == wanted


def as_read(cell: Any, kind: Kind) -> Any:
    """Return what a reader of a workbook finds for a cell of a view."""
    if isinstance(cell, tuple):
        cell = "\n".join(cell)
    if cell and kind is Kind.INSTANT:
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    return None if cell == "" else cell


def test_a_script_counts_as_we_do(make: Make, portfolio: Run) -> None:
    """Rows by outcome are the numbers of the run, in both sheets that have them."""
    book = opened(make.render(REPORTER, portfolio))
    ours = portfolio.counts()
    verdicts = [row for row in rows(book["verdicts"]) if row["Kind"] == "verdict"]
    findings = [row for row in rows(book["findings"]) if row["Kind"] == "finding"]

    assert Counter(row["Outcome"] for row in verdicts) == {
        outcome.value: count for outcome, count in ours.items()
    }
    assert len(findings) == ours[Outcome.FAIL] + ours[Outcome.ERROR] + ours[Outcome.INCONCLUSIVE]
    assert sum(row["Fail"] or 0 for row in rows(book["projects"])) == ours[Outcome.FAIL]


def test_sheets_can_be_filtered_and_keep_their_head(make: Make, portfolio: Run) -> None:
    """The filter spans all rows; head and first columns stay; the same is repeated on printed pages."""
    book = opened(make.render(REPORTER, portfolio))

    for sheet in book:
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes is not None
        assert str(sheet.freeze_panes).endswith("2")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert all(cell.alignment.wrap_text for cell in sheet[1])
        assert all(one.width >= 7 for one in sheet.column_dimensions.values())


@pytest.mark.parametrize(
    ("instant", "value", "shown"),
    [
        pytest.param(
            "2026-09-15T09:20:00+02:00",
            datetime(2026, 9, 15, 9, 20),  # noqa: DTZ001 - a cell has no zone
            '" +02:00"',
            id="an offset",
        ),
        pytest.param(
            "2026-07-14T23:59:59.999999Z",
            datetime(2026, 7, 14, 23, 59, 59),  # noqa: DTZ001 - a cell has no zone
            ':ss" UTC"',
            id="seconds, and parts of them",
        ),
        pytest.param("2026-09-15", "2026-09-15", "", id="a bare day is a text"),
        pytest.param(
            "1899-12-31T00:00:00Z", "1899-12-31T00:00:00Z", "", id="a day that no sheet knows"
        ),
    ],
)
def test_an_instant_is_a_date_that_tells_its_zone(
    make: Make, instant: str, value: object, shown: str
) -> None:
    """In the zone of the project, so that it reads as it does in every other report."""
    sheet = made(make, make.verdict(due_at=instant))["verdicts"]
    (cell,) = (cell for cell in sheet[2] if sheet.cell(1, cell.column or 0).value == "Due at")

    assert cell.value == value
    assert cell.number_format.endswith(shown) or shown == ""
    assert (cell.data_type == "d") is (shown != "")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", '"=1"', "\uff1d1",
        "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1","x")', "{=1}", "http://127.0.0.1",
        "mailto:a@b.c", "internal:run!A1", "#REF!", "1e9", "0012", "TRUE", "2026-09-15",
    ],
)  # fmt: skip
def test_text_is_never_anything_else(make: Make, text: str) -> None:
    """No formula, no link, no number, no date, no error: nobody's ids become sums."""
    data = make.render(REPORTER, make.hostile(text))
    book = opened(data)
    parts = ZipFile(io.BytesIO(data))

    assert {cell.data_type for cell in cells(book)} <= {"s", "n", "d", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells(book))
    assert not any(b"<f" in parts.read(name) for name in parts.namelist() if "sheet" in name)
    assert "hyperlink" not in " ".join(parts.namelist())
    for view in VIEWS:
        for column, cell in zip(view.columns, book[view.name][3], strict=True):
            if column.kind in {Kind.TEXT, Kind.LIST}:
                assert cell.value is None or isinstance(cell.value, str), column.name


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "'=1", "\uff1d1"])
def test_a_formula_stays_text_when_somebody_edits_it(make: Make, text: str) -> None:
    """The cell has the spreadsheet's own mark for text, and the text as it was written."""
    book = made(make, make.verdict(message=text), make.verdict(subject="plain", message="1 = 1"))
    marked = {cell.value: cell.quotePrefix for cell in cells(book) if cell.value in {text, "1 = 1"}}

    assert marked == {text: True, "1 = 1": False}


@pytest.mark.parametrize(
    "text",
    ["<r><t>x</t></r>", "<r></wrong></r>", "]]>", "a & b", "&lt;", " both ends ", "a\nb", "a\n"],
)
def test_markup_is_text(make: Make, text: str) -> None:
    """What looks like a part of the file comes back as it was written."""
    sheet = made(make, make.verdict(Outcome.FAIL, owner=text, subject_name=text))["findings"]

    assert rows(sheet)[0]["Subject"] == text


def test_an_escape_of_the_format_is_text(make: Make) -> None:
    """``_x0041_`` is what somebody wrote, not the letter A: its line is escaped as the format has it."""
    data = make.render(REPORTER, make.run(make.result(make.verdict(message="_x0041_ and _x_"))))

    sheet = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet3.xml").decode()
    assert "<t>_x005F_x0041_ and _x_</t>" in sheet


def test_hostile_text_stays_text(make: Make, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: well-formed, counted right, visible, bounded."""
    data = make.render(REPORTER, make.hostile(hostile_text))
    parts = ZipFile(io.BytesIO(data))
    for name in parts.namelist():
        etree.fromstring(parts.read(name))
    book = opened(data)

    found = [row["Outcome"] for row in rows(book["verdicts"]) if row["Kind"] == "verdict"]
    assert Counter(found) == {
        "fail": 2, "error": 1, "inconclusive": 2, "not_applicable": 1, "pass": 1,
    }  # fmt: skip
    acting = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for cell in cells(book):
        assert acting.search(str(cell.value)) is None
        assert len(str(cell.value).encode("utf-16-le")) // 2 <= 32_767


def test_a_cell_fits_a_cell_of_excel(make: Make) -> None:
    """A file with a longer one is called broken; characters beyond the first plane take two units."""
    book = made(make, make.verdict(Outcome.FAIL, subject="😀" * 20_000))
    (cell,) = (
        cell
        for cell in book["findings"][2]
        if "😀" in str(cell.value)[:1] and len(str(cell.value)) > 200
    )

    assert str(cell.value)[: LONGEST - 100] == "😀" * (LONGEST - 100)
    assert len(str(cell.value).encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize(("count", "shown", "last"), [(9, 9, "s8"), (10, 9, None)])
def test_what_has_no_place_in_a_sheet_is_told(
    make: Make, monkeypatch: pytest.MonkeyPatch, count: int, shown: int, last: str | None
) -> None:
    """A sheet ends after a million rows; the last row says how many are missing, and where they are."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    sheet = made(make, *(make.verdict(subject=f"s{index}") for index in range(count)))["verdicts"]
    found = rows(sheet)

    assert len(found) == shown
    if last is None:
        assert found[-1]["Kind"] == (
            "… 2 more rows have no place in a sheet; they are in csv:verdicts"
        )
    else:
        assert found[-1]["Subject key"] == last


def test_a_sheet_ends_before_its_archive_becomes_too_large(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long rows fill a part of 2 GiB before there are a million of them."""
    monkeypatch.setattr(workbook, "MOST_BYTES", 100_000)
    sheet = made(make, *(make.verdict(subject=f"s{index}") for index in range(2_000)))["verdicts"]
    found = rows(sheet)

    assert str(found[-1]["Kind"]).startswith(f"… {2_001 - len(found)} more rows")


def test_the_workbook_is_made_when_the_run_was_judged(make: Make) -> None:
    """No clock is read; a run without an instant says the first day that an archive can hold."""
    nothing = make.run(as_of="none", period=("none", "none"), policies=())

    assert made(make, make.verdict()).properties.created == datetime(2026, 9, 30, 16, 0)  # noqa: DTZ001 - as read
    assert opened(make.render(REPORTER, nothing)).properties.created == datetime(1980, 1, 1)  # noqa: DTZ001 - as read


def test_the_archive_tells_nothing_of_the_machine(make: Make, portfolio: Run) -> None:
    """No time and no system: the same run is the same bytes."""
    data = make.render(REPORTER, portfolio)

    for part in ZipFile(io.BytesIO(data)).infolist():
        assert part.date_time == (1980, 1, 1, 0, 0, 0)
        assert part.create_system == 0
    assert make.render(REPORTER, portfolio) == data


def test_a_long_run_leaves_piece_by_piece(make: Make) -> None:
    """Neither rows nor file are held until the end: pieces are small, and the first comes early."""
    verdicts = [
        make.verdict(subject=f"s{index}", message=f"{index * 7919 % 104_729:x}" * 20)
        for index in range(20_000)
    ]
    run = make.run(make.result(*verdicts))
    pieces = list(REPORTER.render(run, make.places(), profile=None, colour=False))

    assert len(pieces) > 10
    assert max(map(len, pieces)) < 200_000
