"""
Native CSV exports of two small boards, judged: no history, no dates of sprints, local times without a zone.

What they cannot know is never green, and what they do know is right: figures and verdicts are worked out here
from the raw cells, independently of the readers. First the boards are judged alone; then with a page of facts
that a Delivery Manager could have added by hand.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

THREE = "export_three_sprint_columns"
WIDE = "export_wide"
AUDITEES = {THREE: "jira:W2", WIDE: "jira:TES"}
CONFIG = """\
time_zone: Europe/Amsterdam
sources:
  - reader: jira_csv
    path: export.csv
    mapping: mapping.yaml
    captured_at: {captured_at}
"""
CAPTURED = {THREE: "2023-01-15T20:30:00+01:00", WIDE: "2025-09-22T20:00:00+02:00"}
BY_HAND = """\
snapshot:
  schema: {name: project, version: 1}
  auditee: "jira:W2"
  captured_at: 2023-01-15T20:30:00+01:00
  sources: [{id: hand, kind: manual}]
  time_zone: Europe/Amsterdam
  calendar: {working_days: [mon, tue, wed, thu, fri], hours: {from: "09:00", to: "17:00"}, holidays: []}
project:
  id: "jira:W2"
  method: scrum
  phase: execution
  engagements: [development]
  execution: {started_at: 2022-11-21T09:00:00+01:00, ended_at: null}
sprints:
  - {id: "jira:sprint:W2 Sprint 1", state: closed, started_at: 2022-11-16T13:00:00+01:00, closed_at: 2022-11-23T12:00:00+01:00}
  - {id: "jira:sprint:W2 Sprint 2", state: closed, started_at: 2022-11-23T13:00:00+01:00, closed_at: 2022-11-25T12:00:00+01:00}
meetings:
  - {id: "hand:1", kind: standup, held_at: 2022-11-24T09:30:00+01:00, recorded_at: 2022-11-24}
  - {id: "hand:2", kind: standup, held_at: 2022-11-25T09:30:00+01:00, recorded_at: 2022-11-25}
"""


def lay_out(folder: Path, shared: Path, root: Path, name: str) -> Path:
    """Lay out an export with its mapping, as a delivery repository would."""
    shutil.copy(shared / f"data/jira_csv/{name}.csv", folder / "export.csv")
    shutil.copy(root / "tests/data/csv-mapping.yaml", folder / "mapping.yaml")
    text = CONFIG.format(captured_at=CAPTURED[name])
    (folder / "auditor.yaml").write_text(text, encoding="utf-8")
    return folder


def check(folder: Path) -> tuple[int, dict[str, Any]]:
    """Judge the folder; return the exit code and the run."""
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "check", ".", "-f", "json", "--pack", "seef"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    run: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, run


def verdicts(run: dict[str, Any], policy: str | None = None) -> list[dict[str, Any]]:
    """Return the verdicts of the one auditee, of one policy or of all."""
    (result,) = run["results"]
    found: list[dict[str, Any]] = result["document"]["verdicts"]
    return [one for one in found if policy in {None, one["policy"]}]


def collected(folder: Path) -> dict[str, Any]:
    """Collect the snapshot, and have it validated."""
    for arguments in (["collect", ".", "-o", "made.json"], ["snapshot", "validate", "made.json"]):
        subprocess.run([sys.executable, "-m", "auditor", *arguments], cwd=folder, check=True)
    made: dict[str, Any] = json.loads((folder / "made.json").read_text("utf-8"))
    return made


def raw(shared: Path, name: str) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of an export, as Python's own reader gives them."""
    with (shared / f"data/jira_csv/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def column(header: list[str], rows: list[list[str]], name: str) -> list[str]:
    """Return the cells of the first column of that name."""
    return [row[header.index(name)] for row in rows]


def spelt(cell: str) -> dt.datetime:
    """Read a time as these exports write it."""
    return dt.datetime.strptime(cell, "%d/%b/%y %I:%M %p")  # noqa: DTZ007 - the export names no zone


# ----- Figures


@pytest.mark.parametrize("name", [THREE, WIDE])
def test_every_issue_is_read(shared: Path, root: Path, tmp_path: Path, name: str) -> None:
    """With its owner, its dates and its sprints, each as the cells have them."""
    header, rows = raw(shared, name)
    sprint_columns = [n for n, title in enumerate(header) if title == "Sprint"]
    document = collected(lay_out(tmp_path, shared, root, name))
    items = {item["id"].removeprefix("jira:"): item for item in document["work_items"]}

    assert document["project"]["id"] == AUDITEES[name]
    assert sorted(items) == sorted(column(header, rows, "Issue id"))
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        item = items[cells["Issue id"]]
        assert item["key"] == cells["Issue key"]
        assert item["owners"] == [f"jira:{own}" for own in [cells["Assignee Id"]] if own]
        assert item["status"]["native"] == cells["Status"]
        assert item["sprints"] == sorted(f"jira:sprint:{row[n]}" for n in sprint_columns if row[n])
        for field, title in (("created_at", "Created"), ("resolved_at", "Resolved")):
            told = item[field] and dt.datetime.fromisoformat(item[field]).replace(tzinfo=None)
            assert told == (spelt(cells[title]) if cells[title] else None)
        due = cells["Due date"]
        assert item["due_on"] == (spelt(due).date().isoformat() if due else None)


def test_figures_that_were_counted_by_hand(shared: Path, root: Path, tmp_path: Path) -> None:
    """Of the 26 issues 14 are nobody's, 9 are done, 13 belong to one of three epics, one was in three sprints."""
    items = collected(lay_out(tmp_path, shared, root, THREE))["work_items"]

    assert len(items) == 26
    assert sum(item["owners"] == [] for item in items) == 14
    assert sum(item["status"]["category"] == "done" for item in items) == 9
    epics = {item["id"] for item in items if item["type"] == "epic"}
    assert (len(epics), sum(item["parent"] in epics for item in items)) == (3, 13)
    assert [item["key"] for item in items if len(item["sprints"]) == 3] == ["W2-17"]
    assert all(item["estimate"] is None for item in items)


def test_the_category_of_the_export_decides_nothing(
    shared: Path, root: Path, tmp_path: Path
) -> None:
    """Jira calls the ten issues of the backlog In Progress; the mapping, which has an owner, does not."""
    header, rows = raw(shared, THREE)
    pairs = list(
        zip(column(header, rows, "Status"), column(header, rows, "Status Category"), strict=True)
    )
    items = collected(lay_out(tmp_path, shared, root, THREE))["work_items"]

    assert pairs.count(("Backlog", "In Progress")) == 10
    assert {item["status"]["category"] for item in items if item["status"]["native"] == "Backlog"} == {"todo"}  # fmt: skip


def test_what_had_to_be_assumed_is_in_the_snapshot(
    shared: Path, root: Path, tmp_path: Path
) -> None:
    """Zone, order and century; a description of two lines moved the rows behind it."""
    document = collected(lay_out(tmp_path, shared, root, WIDE))
    lines = (shared / f"data/jira_csv/{WIDE}.csv").read_text("utf-8-sig").splitlines()
    last = document["work_items"][0]

    assert document["snapshot"]["assumptions"] == [
        "jira: times that name no time zone are read in Europe/Amsterdam",
        "jira: dates are read as day, month, year, as Jira writes them unless it is told otherwise",
        "jira: years of two digits are of 2000 to 2099",
    ]
    assert len(lines) > 1 + len(document["work_items"])
    line = int(last["prov"]["locator"].rpartition(":")[2])
    assert f",{last['key']}," in lines[line - 1]


# ----- Verdicts


@pytest.mark.parametrize("name", [THREE, WIDE])
def test_alone_an_export_decides_nothing_and_nothing_is_green(
    shared: Path, root: Path, tmp_path: Path, name: str
) -> None:
    """Every verdict is inconclusive and names what is missing; the gate is shut."""
    code, run = check(lay_out(tmp_path, shared, root, name))

    assert code == 1
    assert {one["outcome"] for one in verdicts(run)} == {"inconclusive"}
    assert all(one["missing"] for one in verdicts(run))


def test_alone_the_sign_off_waits_on_the_start_of_execution(
    shared: Path, root: Path, tmp_path: Path
) -> None:
    """Verdict 1, by hand: the one column of starts is that of single issues, and no cell of it is filled."""
    header, rows = raw(shared, THREE)
    starts = [title for title in header if "start" in title.lower()]
    _, run = check(lay_out(tmp_path, shared, root, THREE))
    (found,) = verdicts(run, "execution-before-dm-sign-off")

    assert starts == ["Custom field (Start date)"]
    assert set(column(header, rows, starts[0])) == {""}
    assert found["outcome"] == "inconclusive"
    assert [(fact["pointer"], fact["reason"]) for fact in found["missing"]] == [
        ("/project/execution", "not_supported")
    ]


@pytest.fixture
def helped(shared: Path, root: Path, tmp_path: Path) -> dict[str, Any]:
    """Judge an export with the dates of two of its four sprints, and all stand-ups, written by hand."""
    folder = lay_out(tmp_path, shared, root, THREE)
    (folder / "delivery.yaml").write_text(BY_HAND, encoding="utf-8")
    with (folder / "auditor.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {reader: document, path: delivery.yaml}\n")
    return check(folder)[1]


def test_a_sprint_that_began_before_the_recorded_start_is_found(helped: dict[str, Any]) -> None:
    """
    Verdict 2, by hand: of the two sprints with dates, the first began on 16 November, five days too early.

    It is known by the name that the export has, and two sprints without dates could not make it better.
    """
    (found,) = verdicts(helped, "work-before-recorded-start")

    assert found["outcome"] == "fail"
    assert found["clauses"][1]["outcome"] == "fail"
    assert set(found["clauses"][1]["failing"]) == {"W2 Sprint 1"}


def test_stand_ups_are_judged_where_a_sprint_has_dates(
    helped: dict[str, Any], shared: Path
) -> None:
    """
    Verdict 3, by hand: the second sprint had a stand-up on each of its two days after the first, the 24th and 25th.

    The first one had none from the 17th to the 23rd; of the other two sprints nobody knows the days.
    """
    header, rows = raw(shared, THREE)
    named = {row[n] for row in rows for n, title in enumerate(header) if title == "Sprint"} - {""}
    found = {one["subject"]: one["outcome"] for one in verdicts(helped, "stand-up-missed-in-sprint")}  # fmt: skip

    assert named == {f"W2 Sprint {number}" for number in (1, 2, 3, 4)}
    assert found == {
        "jira:sprint:W2 Sprint 1": "fail",
        "jira:sprint:W2 Sprint 2": "pass",
        "jira:sprint:W2 Sprint 3": "inconclusive",
        "jira:sprint:W2 Sprint 4": "inconclusive",
        "jira:W2": "inconclusive",
    }
