"""CSV that spreadsheets and scripts read alike, and that does nothing there."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.outcome import Outcome
from auditor.model.verdict import Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.csv import CsvReporter
from auditor.reporters.tables.cell_text import LONGEST, neutral
from auditor.reporters.tables.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = CsvReporter()
EVERY_PROFILE = pytest.mark.parametrize("profile", REPORTER.profiles)

FORMULAS = {
    "equals": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "line feed": "\n=1+1",
    "space": "  =1+1",
    "apostrophe": "'=1+1",
    "quote": '"=1+1"',
    "quotes and spaces": " ' \"=1+1",
    "no-break space": "\xa0=1+1",
    "full-width equals": "＝1+1",  # noqa: RUF001 - what is tested
    "full-width plus": "＋1",  # noqa: RUF001 - what is tested
    "full-width minus": "－1",  # noqa: RUF001 - what is tested
    "full-width at": "＠SUM(A1)",  # noqa: RUF001 - what is tested
    "a command": "=cmd|' /C calc'!A0",
    "a link": '=HYPERLINK("http://127.0.0.1/?leak="&A1,"Error: click")',
    "behind a semicolon": "x;=1+1",
    "behind a semicolon and a quote": 'x";"=1+1',
}
"""Texts that some spreadsheet would reckon. Source: OWASP, CSV Injection, and the separators of Europe."""
ACTS = re.compile(r"""(?:^|;)[\s"]*[=+\-@\t\r＝＋－＠]""")  # noqa: RUF001 - the full-width forms


def restored(text: str) -> str:
    """Take away what was put before a formula, as the documentation says."""
    return re.sub(r"""(^|;)'(?=[\s'"]*[=+\-@\t\r＝＋－＠])""", r"\1", text)  # noqa: RUF001 - see above


def render(run: Run, make: Make, profile: str | None, places: FixedPlaces | None = None) -> bytes:
    """Render a view in one piece."""
    return b"".join(REPORTER.render(run, places or make.places(), profile=profile, colour=False))


def read(data: bytes) -> list[dict[str, str]]:
    """Read a document as a script does."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format; its default view is what somebody has to act on."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ("findings", "verdicts", "controls", "projects", "run")


def test_the_whole_document(
    make: Make, portfolio: Run, places: FixedPlaces, golden: Callable[[str, bytes], None]
) -> None:
    """The findings of a run with every outcome are written as in the golden file."""
    golden("portfolio.csv", make.render(REPORTER, portfolio, places))


@EVERY_PROFILE
def test_it_keeps_rfc_4180(make: Make, portfolio: Run, profile: str) -> None:
    """Every line ends with CRLF and has as many cells as the first; no cell holds a line end."""
    text = render(portfolio, make, profile).decode("utf-8-sig")
    lines = text.split("\r\n")

    assert lines.pop() == ""
    assert "\n" not in "".join(lines)
    assert "\r" not in "".join(lines)
    assert len({len(row) for row in csv.reader(lines, strict=True)}) == 1


def test_excel_is_told_the_encoding(make: Make, portfolio: Run) -> None:
    """It takes UTF-8 without a mark for the code page of the machine."""
    data = render(portfolio, make, None)

    assert data.startswith(b"\xef\xbb\xbfkind,severity,")
    assert data.count(b"\xef\xbb\xbf") == 1


@EVERY_PROFILE
def test_every_cell_comes_back(
    make: Make, portfolio: Run, places: FixedPlaces, profile: str
) -> None:
    """What a script reads is what the view says: numbers as digits, lists parted by bars."""
    view = next(view for view in VIEWS if view.name == profile)
    wanted = [
        [" | ".join(cell) if isinstance(cell, tuple) else str(cell if cell is not None else "") for cell in row]
        for row in view.rows(portfolio, places)
    ]  # fmt: skip

    found = read(render(portfolio, make, profile, places))

    assert [[restored(cell) for cell in row.values()] for row in found] == wanted


def test_a_script_counts_as_we_do(make: Make, portfolio: Run) -> None:
    """Rows by outcome are the numbers of the run; what has no verdict is of another kind, and an error."""
    found = read(render(portfolio, make, "verdicts"))
    ours = {outcome.value: count for outcome, count in portfolio.counts().items()}

    assert Counter(row["outcome"] for row in found if row["kind"] == "verdict") == ours
    assert [(row["kind"], row["outcome"]) for row in found if row["kind"] != "verdict"] == [
        ("input", "error"),
        ("auditee", "error"),
    ]


@pytest.mark.parametrize("text", FORMULAS.values(), ids=list(FORMULAS))
def test_a_formula_is_text(make: Make, text: str) -> None:
    """Wherever text of others stands, no spreadsheet finds a beginning that it would reckon."""
    for profile in REPORTER.profiles:
        for row in read(render(make.hostile(text), make, profile)):
            for name, cell in row.items():
                assert ACTS.search(cell) is None, (name, cell)


@pytest.mark.parametrize("text", FORMULAS.values(), ids=list(FORMULAS))
def test_what_was_done_to_a_formula_is_seen_and_can_be_undone(text: str) -> None:
    """An apostrophe, and nothing else."""
    assert neutral(text) != text
    assert neutral(text).replace("'", "") == text.replace("'", "")
    assert restored(neutral(text)) == text


@given(st.text(alphabet="=+-@＝;'\" \tab1", max_size=12))  # noqa: RUF001 - the full-width form
def test_every_text_can_be_restored(text: str) -> None:
    """No two texts become the same cell."""
    assert restored(neutral(text)) == text


@pytest.mark.parametrize("text", ["a=b", "Sprint 7 - done", "10:00 +02:00", "x; y", "it's", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Signs in the middle of a text do nothing."""
    assert neutral(text) == text


def test_numbers_stay_numbers(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """Lines, counts and shares can be reckoned with."""
    (row,) = (
        row
        for row in read(render(portfolio, make, "findings", places))
        if row["sentence"].startswith("Raised")
    )
    whole = {row["what"]: row["told"] for row in read(render(portfolio, make, "run"))}

    assert (int(row["line"]), int(row["column"])) == (58, 16)
    assert float(whole["score raw"]) <= 100


@EVERY_PROFILE
def test_hostile_text_stays_text(make: Make, profile: str, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: one line per row, visible, inert, bounded."""
    shown = render(make.hostile(hostile_text), make, profile).decode("utf-8-sig")
    found = read(shown.encode())

    assert len(shown.split("\r\n")) == len(found) + 2
    assert (
        re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) is None
    )
    assert re.search(r"^\s*::|##[A-Za-z]*\[", shown, re.MULTILINE) is None
    assert all(len(cell) < 2 * LONGEST for row in found for cell in row.values())
    if profile == "verdicts":
        assert Counter(row["outcome"] for row in found if row["kind"] == "verdict") == {
            "fail": 2, "error": 1, "inconclusive": 2, "not_applicable": 1, "pass": 1,
        }  # fmt: skip


def test_what_was_hidden_is_visible(make: Make) -> None:
    """Sanitised is not dropped."""
    verdict = make.verdict(Outcome.FAIL, message="a\x00b\ud800c\ufffed\u202e\ne\tf")
    (row,) = read(render(make.run(make.result(verdict)), make, None))

    assert row["sentence"] == r"a\x00b\ud800c\ufffed\u202e e f"


def test_a_cell_fits_a_cell_of_excel(make: Make) -> None:
    """Excel breaks a longer one over several rows; characters beyond the first plane take two units."""
    facts = tuple(Fact(f"/{index}", "known", "😀" * 999, source="😀" * 999) for index in range(50))
    verdict = make.verdict(Outcome.FAIL, facts=facts, subject="\u202e" * 20_000)
    (row,) = read(render(make.run(make.result(verdict)), make, None))

    assert row["facts"].endswith(" more characters)")
    for cell in row.values():
        assert len(cell.encode("utf-16-le")) // 2 <= 32_767


def test_a_long_run_leaves_piece_by_piece(make: Make) -> None:
    """No more than some hundred rows are held at a time, and none is lost."""
    verdicts = [make.verdict(subject=f"s{index}") for index in range(1_201)]
    run = make.run(make.result(*verdicts))
    pieces = list(REPORTER.render(run, make.places(), profile="verdicts", colour=False))

    assert [piece.count(b"\r\n") for piece in pieces] == [501, 500, 201]
