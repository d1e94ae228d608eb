"""
How rows become a workbook of SpreadsheetML (``.xlsx``), row by row.

The libraries for it take forty times as long as JSON for a large run, and keep its rows in memory or in files of their
own. What a report needs is little: sheets of text, numbers and dates with a head that stays, a filter and widths. Each
piece leaves when it is full; no cell is a formula, because none is ever written.

Source: ECMA-376, part 1, 18.2, 18.3 and 18.8; part 2 for the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from auditor.reporters.foreign_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, the head included."""
MOST_BYTES: Final = 2_000_000_000
"""Of one sheet before it is packed: beyond 2 GiB its archive would be of a kind that not every reader knows."""

_CHUNK: Final = 1 << 16
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a reader would take for an escaped character."""
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DAY_0: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - days are counted in whatever zone a cell tells
_DAY_SECONDS: Final = 86_400
_FIRST_YEAR: Final = "1901"
"""Excel knows no day before 1900, and counts that year wrong."""

(_TEXT, _HEAD, _NUMBER_HEAD, _FORMULA, _COUNT, _SHARE, _TOLD_COUNT, _TOLD_SHARE, _DATES) = range(9)
"""Looks of cells, by their index among the formats; those of dates follow, one for each way to write an instant."""
_PAGE: Final = 260
"""Characters that are printed side by side on one page at most; a wider sheet goes on beside it."""
_LINE_POINTS: Final = 15
_MOST_LINES: Final = 6
"""Lines of text that a row shows at most; the rest is there when somebody opens the cell."""


@dataclass(frozen=True, slots=True)
class Written:
    """A cell as it is written, all but its place."""

    xml: str
    """Empty for an empty cell, which is not written."""
    lines: int = 1
    """Lines that it takes in the width of its column."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a head, and the rows below it."""

    name: str
    """Letters only, so that it needs no quotes anywhere."""
    columns: tuple[tuple[str, int, bool], ...]
    """Title, width in characters, and whether numbers stand below it."""
    frozen: int
    """Columns that stay when a reader moves to the right, one at least; the head always stays."""
    rows: Iterator[tuple[Written, ...]]
    elsewhere: str
    """Where the rows are that a sheet has no place for."""


@dataclass(slots=True)
class Cells:
    """Writes the cells of one workbook, and knows the looks that they need."""

    _dates: dict[str, int] = field(default_factory=dict)

    def text(self, text: str, width: int, *, is_formula: bool = False) -> Written:
        """Write a text; one that could be taken for a formula gets the mark that it is none."""
        if not text:
            return Written("")
        shown = escape(_ESCAPED.sub("_x005F_", visible(text)))
        kept = ' xml:space="preserve"' if shown != shown.strip() else ""
        looks = _FORMULA if is_formula else _TEXT
        lines = sum(1 + len(line) // (width + 2) for line in text[:2_000].split("\n"))
        return Written(f' s="{looks}" t="inlineStr"><is><t{kept}>{shown}</t></is></c>', lines)

    def count(self, number: int, *, is_told: bool = False) -> Written:
        """Write a whole number; one that is told among texts stands like them."""
        looks = _TOLD_COUNT if is_told else _COUNT
        return Written(f' s="{looks}"><v>{number}</v></c>')

    def share(self, number: float, *, is_told: bool = False) -> Written:
        """Write a number with one decimal, likewise."""
        looks = _TOLD_SHARE if is_told else _SHARE
        return Written(f' s="{looks}"><v>{number!r}</v></c>')

    def instant(self, text: str, width: int) -> Written:
        """Write an RFC 3339 instant as a date that shows its offset; what is none, as text."""
        match = _INSTANT.fullmatch(text)
        if match is None or text < _FIRST_YEAR:
            return self.text(text, width)
        day, time, offset = match.groups()
        seconds = "" if time.endswith(":00") else ":ss"
        code = f'yyyy\\-mm\\-dd hh:mm{seconds}" {"UTC" if offset == "Z" else offset}"'
        looks = self._dates.setdefault(code, _DATES + len(self._dates))
        passed = datetime.fromisoformat(f"{day}T{time}") - _DAY_0
        days = passed.days + passed.seconds / _DAY_SECONDS
        return Written(f' s="{looks}"><v>{days!r}</v></c>')

    def styles(self) -> str:
        """Return the part that tells what the looks are."""
        top = '<alignment vertical="top" wrapText="1"/>'
        plain = 'fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"'
        codes = ["0.0", *self._dates]
        own = "".join(
            f'<numFmt numFmtId="{164 + index}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
            for index, code in enumerate(codes)
        )
        numbered = "".join(
            f'<xf numFmtId="{164 + index}" {plain} applyNumberFormat="1">'
            '<alignment horizontal="left" vertical="top"/></xf>'
            for index in range(1, len(codes))
        )
        head = (
            '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"'
            ' applyAlignment="1"><alignment horizontal="{}" vertical="center" wrapText="1"/></xf>'
        )
        numbers = "".join(
            f'<xf numFmtId="{code}" {plain} applyNumberFormat="1">'
            f'<alignment horizontal="{side}" vertical="top"/></xf>'
            for side in ("right", "left")
            for code in (1, 164)
        )
        return (
            f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(codes)}">{own}</numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
            '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font>'
            '</fonts><fills count="3"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
            '<fgColor rgb="FF1F3A5F"/><bgColor indexed="64"/></patternFill></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{_DATES + len(self._dates)}">'
            f'<xf numFmtId="0" {plain}>{top}</xf>{head.format("left")}{head.format("right")}'
            f'<xf numFmtId="0" {plain} quotePrefix="1">{top}</xf>{numbers}'
            f"{numbered}</cellXfs>"
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        )


class _Sink:
    """Takes what an archive writes until somebody takes it along."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing, as `close` does: nothing lies behind."""

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data


def workbook(sheets: Iterable[Sheet], cells: Cells, *, title: str, made_at: str) -> Iterator[bytes]:
    """
    Write a workbook.

    Args:
        sheets: In the order of their tabs. Their rows are asked for one by one.
        cells: What made the cells of the rows.
        title: What the properties of the document say.
        made_at: RFC 3339 in UTC: no clock is read, so that the same rows are the same bytes.

    Yields:
        The next bytes of the file, some ten thousand at a time.
    """
    sink = _Sink()
    named = list(sheets)
    ranges = []
    # What cannot seek gets no sizes before the parts: they stand behind them, as the format of archives has it.
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        _part(archive, "[Content_Types].xml", _content_types(len(named)))
        _part(archive, "_rels/.rels", _package_relations())
        _part(archive, "docProps/core.xml", _properties(title, made_at))
        for number, sheet in enumerate(named, start=1):
            rows = 0
            with archive.open(_info(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                for piece, rows in _sheet(sheet):  # noqa: B007 - the last count is the sheet's
                    part.write(piece.encode())
                    if data := sink.taken():
                        yield data
            ranges.append((sheet, rows))
        _part(archive, "xl/workbook.xml", _book(ranges))
        _part(archive, "xl/_rels/workbook.xml.rels", _book_relations(len(named)))
        _part(archive, "xl/styles.xml", cells.styles())
    yield sink.taken()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(
        name
    )  # as if written on the first day that an archive can hold, on no system in particular
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0
    return info


def _part(archive: ZipFile, name: str, text: str) -> None:
    with archive.open(_info(name), "w") as part:
        part.write(text.encode())


def _sheet(sheet: Sheet) -> Iterator[tuple[str, int]]:
    """Yield the part of a sheet, each piece with the number of rows so far."""
    letters = [_letter(index) for index in range(len(sheet.columns))]
    yield _sheet_begin(sheet, letters), 1
    held: list[str] = []
    size = total = 0
    number = 1
    for row in sheet.rows:
        number += 1
        if number == MOST_ROWS or total > MOST_BYTES:
            # The last row that there is a place for tells of the others, unless it is the last of all.
            others = sum(1 for _ in sheet.rows)
            if others:
                told = f"… {others + 1} more rows have no place in a sheet; they are in {sheet.elsewhere}"
                row = (Cells().text(told, len(told)),)  # noqa: PLW2901 - it takes the place of the row
        xml = _row(number, letters, row)
        held.append(xml)
        size += len(xml)
        if size > _CHUNK:
            yield "".join(held), number
            total += size
            held.clear()
            size = 0
    last = f"{letters[-1]}{number}"
    pages = 1 + sum(width for _, width, _ in sheet.columns) // _PAGE
    held.append(
        f'</sheetData><autoFilter ref="A1:{last}"/>'
        '<printOptions gridLines="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="landscape" fitToWidth="{pages}" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )
    yield "".join(held), number


def _row(number: int, letters: list[str], row: tuple[Written, ...]) -> str:
    lines = min(max(cell.lines for cell in row), _MOST_LINES)
    cells = "".join(
        f'<c r="{letter}{number}"{cell.xml}'
        for letter, cell in zip(letters, row, strict=False)
        if cell.xml
    )
    return f'<row r="{number}" ht="{lines * _LINE_POINTS}" customHeight="1">{cells}</row>'


def _sheet_begin(sheet: Sheet, letters: list[str]) -> str:
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>'
        for index, (_, width, _) in enumerate(sheet.columns, start=1)
    )
    heads = "".join(
        f'<c r="{letter}1" s="{_NUMBER_HEAD if is_number else _HEAD}" t="inlineStr">'
        f"<is><t>{escape(title)}</t></is></c>"
        for letter, (title, _, is_number) in zip(letters, sheet.columns, strict=True)
    )
    corner = f"{_letter(sheet.frozen)}2"
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane xSplit="{sheet.frozen}" ySplit="1"'
        f' topLeftCell="{corner}" activePane="bottomRight" state="frozen"/><selection pane="bottomRight"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{_LINE_POINTS}"/><cols>{columns}</cols>'
        f'<sheetData><row r="1" ht="24" customHeight="1">{heads}</row>'
    )


def _letter(index: int) -> str:
    """Return the letters of a column, counted from 0."""
    first, second = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _content_types(sheets: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{parts}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _package_relations() -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>'
    )


def _properties(title: str, made_at: str) -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made_at}</dcterms:created></cp:coreProperties>'
    )


def _book(sheets: list[tuple[Sheet, int]]) -> str:
    tabs = "".join(
        f'<sheet name="{sheet.name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, (sheet, _) in enumerate(sheets, start=1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">'
        f"{sheet.name}!$A$1:${_letter(len(sheet.columns) - 1)}${rows}</definedName>"
        for index, (sheet, rows) in enumerate(sheets)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'
        f"{sheet.name}!$A:${_letter(sheet.frozen - 1)},{sheet.name}!$1:$1</definedName>"
        for index, (sheet, _) in enumerate(sheets)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView activeTab="0"/>'
        f"</bookViews><sheets>{tabs}</sheets><definedNames>{filters}{titles}</definedNames></workbook>"
    )


def _book_relations(sheets: int) -> str:
    tabs = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{tabs}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )
