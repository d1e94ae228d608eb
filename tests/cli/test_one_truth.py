"""Whatever the format, a run of the demonstration says the same: which verdicts there are, and where their facts stand."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from openpyxl import load_workbook

from auditor.findings.finding import FINDING_OUTCOMES
from tests.cli.conftest import AUDITOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = {outcome.value for outcome in FINDING_OUTCOMES}
FORMATS = {
    "json": "run.json",
    "junit:ci": "ci.xml",
    "sarif:archive": "archive.sarif",
    "sarif:upload": "upload.sarif",
    "oscal:results": "oscal.json",
    "csv:findings": "findings.csv",
    "csv:verdicts": "verdicts.csv",
    "xlsx": "run.xlsx",
    "gitlab": "gitlab.json",
    "known": "known.json",
    "html": "run.html",
}

Key = tuple[str, str, str, str]
"""Auditee, policy, subject, outcome."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demonstration in every format that names its verdicts one by one."""
    folder = tmp_path_factory.mktemp("reports")
    targets = [part for name, file in FORMATS.items() for part in ("-f", f"{name}={folder / file}")]
    subprocess.run(
        [
            AUDITOR, "check", "fixtures/portfolio", "--profile", "fixtures/organisation/profile.yaml",
            "--audits", "fixtures/organisation/audits", "--fail-on", "low", "--quiet", *targets,
        ],
        cwd=ROOT,
        check=False,
        timeout=120,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def truth(reports: Path) -> Counter[Key]:
    """Return the verdicts as the record of the run has them."""
    run = json.loads((reports / "run.json").read_bytes())
    return Counter(
        (entry["auditee"], one["policy"], one["subject"], one["outcome"])
        for entry in run["results"]
        for one in entry["document"]["verdicts"]
    )


def table(rows: Iterator[Mapping[str, Any]]) -> Iterator[Key]:
    """Read rows of verdicts; those of the run's own troubles are of another kind."""
    for row in rows:
        if row["policy"]:
            yield row["auditee_id"], row["policy"], row["subject_key"], row["outcome"]


def csv_rows(file: Path) -> Iterator[Mapping[str, str]]:
    """Read a CSV file."""
    return csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))


def xlsx_rows(file: Path, sheet: str) -> Iterator[Mapping[str, Any]]:
    """Read a sheet, by the names of its columns."""
    rows = load_workbook(file, read_only=True)[sheet].iter_rows(values_only=True)
    head = [str(cell).lower().replace(" ", "_") for cell in next(rows)]
    for row in rows:
        yield dict(zip_longest(head, row))


def sarif(file: Path) -> Iterator[Key]:
    """Read the results of a log."""
    (run,) = json.loads(file.read_bytes())["runs"]
    for one in run["results"]:
        about = one["properties"]
        yield about["auditee"], one["ruleId"], about["subject"], about["outcome"]


def oscal(file: Path) -> Iterator[Key]:
    """Read the observations of assessment results."""
    (result,) = json.loads(file.read_bytes())["assessment-results"]["results"]
    for one in result["observations"]:
        about = {prop["name"]: prop["value"] for prop in one["props"]}
        if "policy" in about:
            # A token of OSCAL's has no underscores.
            outcome = about["outcome"].replace("-", "_")
            yield about["auditee"], about["policy"], about["subject"], outcome


def known(file: Path) -> Iterator[Key]:
    """Read known findings."""
    for one in json.loads(file.read_bytes())["findings"]:
        yield one["auditee"], one["policy"], one["subject"], one["outcome"]


WHOLE: dict[str, Callable[[Path], Iterator[Key]]] = {
    "archive.sarif": sarif,
    "oscal.json": oscal,
    "verdicts.csv": lambda file: table(csv_rows(file)),
    "run.xlsx": lambda file: table(xlsx_rows(file, "verdicts")),
}
OF_FINDINGS: dict[str, Callable[[Path], Iterator[Key]]] = {
    "findings.csv": lambda file: table(csv_rows(file)),
    "run.xlsx": lambda file: table(xlsx_rows(file, "findings")),
}


@pytest.mark.parametrize("name", WHOLE)
def test_every_verdict_is_there_once(reports: Path, truth: Counter[Key], name: str) -> None:
    """With its outcome; none more and none less."""
    assert Counter(WHOLE[name](reports / name)) == truth


@pytest.mark.parametrize("name", OF_FINDINGS)
def test_every_finding_is_there_once(reports: Path, truth: Counter[Key], name: str) -> None:
    """Where a format shows what somebody has to act on, it shows all of it."""
    wanted = {key: count for key, count in truth.items() if key[3] in FINDINGS}

    assert Counter(OF_FINDINGS[name](reports / name)) == wanted


def test_what_can_be_known_is_there_once(reports: Path, truth: Counter[Key]) -> None:
    """All findings but that somebody was not audited, which is never known."""
    wanted = {
        key: count
        for key, count in truth.items()
        if key[3] in FINDINGS and key[1] != "auditee-not-audited"
    }

    assert Counter(known(reports / "known.json")) == wanted


def test_junit_counts_as_the_record_does(reports: Path, truth: Counter[Key]) -> None:
    """From its cases."""
    cases = list(etree.parse(reports / "ci.xml").iterfind(".//testcase"))
    outcomes = Counter(dict.fromkeys(("fail", "pass", "not_applicable"), 0))
    for (_, _, _, outcome), count in truth.items():
        outcomes[outcome] += count

    assert len(cases) == truth.total()
    assert sum(case.find("failure") is not None for case in cases) == outcomes["fail"]
    assert sum(case.find("skipped") is not None for case in cases) == outcomes["not_applicable"]
    assert sum(len(case) == 0 for case in cases) <= outcomes["pass"]


def test_an_upload_has_a_result_for_each_finding(reports: Path, truth: Counter[Key]) -> None:
    """By policy: nothing is known or accepted here."""
    (run,) = json.loads((reports / "upload.sarif").read_bytes())["runs"]

    assert Counter(one["ruleId"] for one in run["results"]) == by_policy(truth)


def by_policy(truth: Counter[Key]) -> Counter[str]:
    """Count the findings of each policy."""
    found = Counter[str]()
    for (_, policy, _, outcome), count in truth.items():
        found[policy] += count if outcome in FINDINGS else 0
    return +found


def test_gitlab_has_an_entry_for_each_finding(reports: Path, truth: Counter[Key]) -> None:
    """By policy: nothing is known or accepted here."""
    found = Counter(one["check_name"] for one in json.loads((reports / "gitlab.json").read_bytes()))

    assert found == by_policy(truth)


def test_a_page_holds_a_row_for_each_verdict(reports: Path, truth: Counter[Key]) -> None:
    """Its script shows rows, and nothing else."""
    page = (reports / "run.html").read_text(encoding="utf-8")
    lots = re.findall(
        r'<script type="application/json" class="rows">(.*?)</script>', page, re.DOTALL
    )

    assert sum(len(json.loads(lot)["rows"]) for lot in lots) == truth.total()


# ----- places


def csv_files(reports: Path) -> set[str]:
    """Return the files that findings point to."""
    return {row["file"] for row in csv_rows(reports / "findings.csv")}


def sarif_files(reports: Path) -> set[str]:
    """Likewise."""
    (run,) = json.loads((reports / "upload.sarif").read_bytes())["runs"]
    return {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in run["results"]
        if "region" in one["locations"][0]["physicalLocation"]
    }


def junit_files(reports: Path) -> set[str]:
    """Likewise."""
    return {
        case.get("file", "") for case in etree.parse(reports / "ci.xml").iterfind(".//testcase")
    }


def gitlab_files(reports: Path) -> set[str]:
    """Likewise."""
    return {one["location"]["path"] for one in json.loads((reports / "gitlab.json").read_bytes())}


@pytest.mark.parametrize("files", [csv_files, sarif_files, junit_files, gitlab_files])
@pytest.mark.parametrize("kind", [".json", ".yaml", ".csv", ".md"])
def test_findings_point_into_every_kind_of_file(
    reports: Path, files: Callable[[Path], set[str]], kind: str
) -> None:
    """JSON and YAML, a row of a register, the front matter of minutes; and to files that there are."""
    found = {name for name in files(reports) if name}

    assert any(name.endswith(kind) for name in found)
    assert [name for name in found if not (ROOT / name).exists()] == []
