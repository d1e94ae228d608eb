"""
Open the tables that we write with the programs that others open them with: openpyxl and LibreOffice.

Two kinds of runs: the demonstration, whose counts have to be those of ``results.json``, and hostile ones, in which a
text that a spreadsheet could take for something else stands wherever text of others can stand. In all of them every
cell has to hold what we wrote, and none may be a formula or a link. LibreOffice is installed where it is missing.
"""

from __future__ import annotations

import csv
import json
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lxml import etree
from openpyxl import load_workbook

from auditor.reporters.formats.csv import CsvReporter
from auditor.reporters.formats.xlsx import XlsxReporter
from auditor.reporters.tables.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
INSTALL = (
    ("apt-get", "-qq", "update"),
    ("apt-get", "-qq", "install", "-y", "--no-install-recommends", "libreoffice-calc"),
)
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "'=1+1", '"=1+1"', "\uff1d1+1",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1/","x")', "x;=1+1", "http://127.0.0.1/",
    "<r><t>x</t></r>", "<script>alert(1)</script>", "]]>", "##[error]x", "::set-output name=a::b", "\x1b[31m",
    "\u202egnp.exe", "a\ud800b", "0012", "1e9", "1-2", "TRUE", "\U0001f600", "a,b\r\nc\td", " ", "x y\n" * 5_000,
)  # fmt: skip
FLAT = "{urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, OFFICE = (
    f"{FLAT}table:1.0}}",
    f"{FLAT}text:1.0}}",
    f"{FLAT}office:1.0}}",
)


def office(folder: Path, *arguments: str | Path) -> None:
    """Run LibreOffice without a window, with settings of its own; its output lands in *folder*."""
    settings = f"-env:UserInstallation={(folder / 'settings').as_uri()}"
    command = ["soffice", "--headless", "--norestore", settings, *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=600, cwd=folder)


def said(element: etree._Element) -> str:
    """Return the text of a paragraph of LibreOffice."""
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", "1"))
        elif child.tag == f"{TEXT}tab":
            text += "\t"
        elif child.tag == f"{TEXT}line-break":
            text += "\n"
        elif child.tag.startswith(TEXT):
            text += said(child)
        text += child.tail or ""
    return text


def sheets(path: Path) -> tuple[dict[str, list[list[str]]], list[str]]:
    """Return the cells of each sheet as LibreOffice shows them, empty ones at the ends left out, and what acts."""
    tree = etree.parse(path, etree.XMLParser(huge_tree=True))
    acting = [
        f"{path.stem}: {element.tag.rpartition('}')[2]} {element.get(f'{TABLE}formula', '')}"
        for element in tree.iter(f"{TABLE}table-cell", f"{TEXT}a")
        if element.tag == f"{TEXT}a" or element.get(f"{TABLE}formula") is not None
    ]
    found: dict[str, list[list[str]]] = {}
    for table in tree.iter(f"{TABLE}table"):
        rows = found.setdefault(table.get(f"{TABLE}name"), [])
        for row in table.iter(f"{TABLE}table-row"):
            cells: list[str] = []
            for cell in row.iter(f"{TABLE}table-cell"):
                shown = "\n".join(said(line) for line in cell.iter(f"{TEXT}p"))
                cells += [shown] * int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            if any(cells):
                rows.append(trimmed(cells))
    return found, acting


def trimmed(cells: list[str]) -> list[str]:
    """Leave the empty cells at the end out."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def counts(rows: list[list[str]]) -> Counter[str]:
    """Count the verdicts of a sheet by outcome."""
    kind, outcome = (
        [title.lower() for title in rows[0]].index(name) for name in ("kind", "outcome")
    )
    return Counter(row[outcome] for row in rows[1:] if row[kind] == "verdict")


def read(path: Path) -> list[list[str]]:
    """Read a CSV as a script does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [trimmed(row) for row in csv.reader(file, strict=True)]


def openpyxl_faults(path: Path, ours: Counter[str] | None) -> Iterator[str]:
    """Open a workbook with openpyxl; yield what does not hold."""
    book = load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    for cell in cells:
        if cell.data_type == "f" or cell.hyperlink is not None:
            yield f"openpyxl: {path.name}: {cell.coordinate} acts: {cell.value!r}"
    rows = [[str(cell or "") for cell in row] for row in book["verdicts"].values]
    seen = counts(rows)
    if ours is not None:
        print("openpyxl", path.name, dict(seen), f"{len(cells)} cells", flush=True)
        if seen != ours:
            yield f"openpyxl counts {dict(seen)} in {path.name}, the run {dict(ours)}"


def render_hostile(folder: Path) -> None:
    """Write tables of hostile runs: the workbook, and the two files with the most texts of others."""
    make = runpy.run_path(str(ROOT / "tests/reporters/conftest.py"))["Make"]()
    for number, text in enumerate(FORMULAS):
        run = make.hostile(text)
        (folder / f"hostile{number}.xlsx").write_bytes(make.render(XlsxReporter(), run))
        for profile in ("findings", "verdicts"):
            pieces = CsvReporter().render(run, make.places(), profile=profile, colour=False)
            (folder / f"hostile{number}-{profile}.csv").write_bytes(b"".join(pieces))


def render_demo(folder: Path) -> Counter[str]:
    """Write tables of the demonstration; return its counts."""
    formats = [f"csv:{view.name}={folder}/demo-{view.name}.csv" for view in VIEWS]
    formats += [f"xlsx={folder}/demo.xlsx", f"json={folder}/results.json"]
    command = [BIN / "auditor", "check", *DEMO, "--fail-on", "never", "--quiet"]
    for one in formats:
        command += ["-f", one]
    subprocess.run(command, check=True, cwd=ROOT)
    totals = json.loads((folder / "results.json").read_bytes())["totals"]
    return Counter({outcome: number for outcome, number in totals.items() if number})


def office_faults(folder: Path, ours: Counter[str]) -> Iterator[str]:
    """Open everything with LibreOffice; yield what does not hold."""
    books, tables = sorted(folder.glob("*.xlsx")), sorted(folder.glob("*.csv"))
    office(folder, "--convert-to", "fods", *books)
    for book in books:
        found, acting = sheets(book.with_suffix(".fods"))
        yield from acting
        if list(found) != ["run", "findings", "verdicts", "controls", "projects"]:
            yield f"LibreOffice finds the sheets {list(found)} in {book.name}"
        if book.stem == "demo":
            print("LibreOffice", book.name, dict(counts(found["verdicts"])), flush=True)
            if counts(found["verdicts"]) != ours:
                yield f"LibreOffice counts {dict(counts(found['verdicts']))} in {book.name}"
    # As it opens a file by itself: what it takes for a formula then is one. That it would is tried first.
    trial = folder / "trial.csv"
    trial.write_text("a\r\n=1+1\r\n", encoding="utf-8")
    office(folder, "--convert-to", "fods", trial, *tables)
    if not sheets(trial.with_suffix(".fods"))[1]:
        yield "LibreOffice takes no formula for one: nothing is known of ours"
    for table in tables:
        yield from sheets(table.with_suffix(".fods"))[1]
    # Every column as text: what it reads is what a script reads.
    most = max(len(view.columns) for view in VIEWS)
    as_text = "/".join(f"{column}/2" for column in range(1, most + 1))
    office(folder, f"--infilter=CSV:44,34,76,1,{as_text}", "--convert-to", "fods", *tables)
    same = 0
    for table in tables:
        found, acting = sheets(table.with_suffix(".fods"))
        yield from acting
        (rows,) = found.values()
        same += rows == read(table)
        if rows != read(table):
            yield f"LibreOffice reads other cells than Python in {table.name}"
        if table.stem == "demo-verdicts":
            print("LibreOffice", table.name, dict(counts(rows)), flush=True)
            if counts(rows) != ours:
                yield f"LibreOffice counts {dict(counts(rows))} in {table.name}"
    print(f"LibreOffice {same} of {len(tables)} CSV files: the same cells as Python's csv")
    office(folder, "--convert-to", "pdf", folder / "demo.xlsx")
    size = (folder / "demo.pdf").stat().st_size
    print(f"LibreOffice demo.pdf {size} bytes", flush=True)


def main() -> int:
    """Check everything; return the number of things that do not hold."""
    if shutil.which("soffice") is None:
        for command in INSTALL:
            subprocess.run(command, check=True, capture_output=True)
    faults: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        ours = render_demo(folder)
        render_hostile(folder)
        seen = counts(read(folder / "demo-verdicts.csv"))
        print("csv demo-verdicts.csv", dict(seen), flush=True)
        if seen != ours:
            faults.append(f"a script counts {dict(seen)}, the run {dict(ours)}")
        for book in sorted(folder.glob("*.xlsx")):
            faults += openpyxl_faults(book, ours if book.stem == "demo" else None)
        faults += office_faults(folder, ours)
        print(f"{len(FORMULAS)} hostile texts, each wherever text of others can stand")
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
