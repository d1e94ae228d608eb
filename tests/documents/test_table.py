"""CSV is read with the lines on which records begin, and nothing is taken for more than it is."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.table import parse_csv, parse_wide_csv
from auditor.model.errors import DocumentError

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


def test_records_know_the_line_on_which_they_begin() -> None:
    """A quoted line break makes a record longer than a line; empty records are skipped."""
    table = parse_csv(
        b'\xef\xbb\xbfid, text \r\n1,"two\r\nlines"\r\n,\r\n\r\n2,"a ""b"", c"\r\n', path="r.csv"
    )

    assert table.header == ("id", "text")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"id": "1", "text": "two\r\nlines"}),
        (6, {"id": "2", "text": 'a "b", c'}),
    ]
    assert table.faults == ()


def test_cells_are_located() -> None:
    """A cell behind quoted commas and line breaks has the line and column that an editor shows."""
    table = parse_csv(b'a,b,c\n"x,\ny",2,3\n', path="r.csv")
    (row,) = table.rows

    assert str(table.cell(None, "c").location) == "r.csv:1:5"
    assert str(table.cell(row).location) == "r.csv:2:1"
    assert str(table.cell(row, "a").location) == "r.csv:2:1"
    assert str(table.cell(row, "b").location) == "r.csv:3:4"
    assert str(table.cell(row, "c").location) == "r.csv:3:6"
    assert str(table.cell(row, "nothing").location) == "r.csv:2:1"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n"])
def test_a_file_without_text_has_no_header(data: bytes) -> None:
    """That is an empty table, not an error."""
    table = parse_csv(data, path="r.csv")

    assert (table.header, table.rows) == ((), ())


def test_a_header_alone_is_an_empty_table() -> None:
    """The columns are known, records are none."""
    table = parse_csv(b"id,text\n", path="r.csv")

    assert (table.header, table.rows) == (("id", "text"), ())


def test_a_ragged_record_is_reported_and_the_others_are_read() -> None:
    """Too many cells, too few: each with its line."""
    table = parse_csv(b"a,b\n1\n2,3\n4,5,6\n", path="r.csv")

    assert [row.cells for row in table.rows] == [{"a": "2", "b": "3"}]
    assert [(str(fault.location), fault.message) for fault in table.faults] == [
        ("r.csv:2:1", "1 cell, the header has 2"),
        ("r.csv:4:1", "3 cells, the header has 2"),
    ]


@pytest.mark.parametrize("bad", ['"open', '"a"b'])
def test_a_bad_quote_ends_the_reading(bad: str) -> None:
    """What stood before is kept, and the rest is known to be missing."""
    table = parse_csv(f"a,b\n1,2\n{bad},3\n4,5\n".encode(), path="r.csv")

    assert [row.cells for row in table.rows] == [{"a": "1", "b": "2"}]
    (fault,) = table.faults
    assert str(fault.location) == "r.csv:3:1"
    assert fault.message.startswith("a quote that has no end")


def test_a_cell_too_long_ends_the_reading() -> None:
    """The csv module's own limit is one located error as well."""
    table = parse_csv(b"a,b\n" + b"x" * 200_000 + b",1\n", path="r.csv")

    assert [fault.message for fault in table.faults] == [
        "a cell too long to be read; nothing from here on was read"
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b,a\n", "the column 'a' is there twice"),
        (b"a, a \n", "the column 'a' is there twice"),
        (b"a,,b\n", "column 2 has no name"),
        (b"a;b;c\n1;2;3\n", "the columns are separated by ';', want commas"),
        (b"a\tb\n", "the columns are separated by a tab, want commas"),
        (b"a,\xff\n", "byte 0xff is not UTF-8"),
    ],
)
def test_a_header_that_cannot_be_used_is_an_error(data: bytes, message: str) -> None:
    """Nothing below it could be read."""
    with pytest.raises(DocumentError) as caught:
        parse_csv(data, path="r.csv")

    assert caught.value.message == message


@given(st.lists(st.tuples(cells, cells, cells), max_size=5))
def test_reads_what_the_csv_module_writes(records: list[tuple[str, str, str]]) -> None:
    """Every cell comes back, and is found where it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *records])

    table = parse_csv(out.getvalue().encode(), path="r.csv")

    kept = [record for record in records if any(cell.strip() for cell in record)]
    assert [tuple(row.cells.values()) for row in table.rows] == kept
    for row in table.rows:
        for name in "abc":
            place = table.cell(row, name).location
            offset = table.source.starts[place.line - 1] + place.column - 1
            quoted = row.cells[name].replace('"', '""')
            assert table.source.text.startswith(f'"{quoted}"', offset)


# ----- Headers that repeat


def test_columns_of_one_name_are_all_kept() -> None:
    """A tool repeats a header for each value; what people keep may not (see `parse_csv`)."""
    table = parse_wide_csv(b"\xef\xbb\xbfid,Sprint, Sprint ,,Sprint\n1,a,,x,b\n", path="r.csv")
    (row,) = table.rows

    assert table.header == ("id", "Sprint", "Sprint", "", "Sprint")
    assert table.columns("Sprint") == (1, 2, 4)
    assert table.columns("sprint") == ()
    assert (row.line, row.cells) == (2, ("1", "a", "", "x", "b"))


def test_cells_of_repeated_columns_are_located() -> None:
    """Each by the number of its column, behind quoted commas and line breaks."""
    table = parse_wide_csv(b'a,b,b\n"x,\ny",2,3\n', path="r.csv")
    (row,) = table.rows

    assert str(table.location(None, 2)) == "r.csv:1:5"
    assert str(table.location(row)) == "r.csv:2:1"
    assert str(table.location(row, 1)) == "r.csv:3:4"
    assert str(table.location(row, 2)) == "r.csv:3:6"


def test_a_ragged_record_of_a_wide_table_is_reported() -> None:
    """It would put values under the wrong headers."""
    table = parse_wide_csv(b"a,b,b\n1,2\n1,2,3\n", path="r.csv")

    assert [row.line for row in table.rows] == [3]
    assert [str(fault.location) for fault in table.faults] == ["r.csv:2:1"]


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=5))
def test_wide_records_are_read_as_they_were_written(records: list[list[str]]) -> None:
    """Python's writer and our reader agree, whatever the cells hold."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", "id"], *records])
    table = parse_wide_csv(file.getvalue().encode(), path="r.csv")

    wanted = [tuple(record) for record in records if any(cell.strip() for cell in record)]
    assert [row.cells for row in table.rows] == wanted
