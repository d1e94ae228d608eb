"""
An archive of a public tracker, judged: 5,716 issues and 377 sprints, without histories or the word of anybody.

What it cannot know is never green, and what it does know is right: figures and verdicts are worked out here
from the raw files, independently of the readers. First it is judged alone; then with a page of facts that
a Delivery Manager could have added by hand.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ISSUES = "issues_in_any_sprint.jsonl.gz"
SPRINTS = "sprints_derived.json"
AUDITEE = "jira:archive"
CONFIG = f"""\
auditee: "{AUDITEE}"
time_zone: America/Los_Angeles
captured_at: 2021-11-18T00:00:00Z
sources:
  - reader: jira_archive
    path: archive
    mapping: mapping.yaml
"""
BY_HAND = f"""\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "{AUDITEE}"
  captured_at: 2021-11-18T00:00:00Z
  sources: [{{id: hand, kind: manual}}]
  time_zone: America/Los_Angeles
  calendar: {{working_days: [mon, tue, wed, thu, fri], hours: {{from: "09:00", to: "17:00"}}, holidays: []}}
project:
  id: "{AUDITEE}"
  method: scrum
  phase: execution
  engagements: [development]
  execution: {{started_at: 2012-12-01T00:00:00Z, ended_at: null}}
"""
RECORDED_START = dt.datetime(2012, 12, 1, tzinfo=dt.UTC)
WATCHED = 7
"""Sprint of which stand-ups are written down by hand: 19 to 29 December 2012, a Wednesday to a Saturday."""

PACIFIC = ZoneInfo("America/Los_Angeles")


def lay_out(folder: Path, shared: Path, root: Path) -> Path:
    """Lay out the archive with its mapping, as a delivery repository would."""
    (folder / "archive").mkdir()
    for name in (ISSUES, SPRINTS):
        shutil.copy(shared / "data/jira_archive" / name, folder / "archive" / name)
    shutil.copy(root / "tests/data/archive-mapping.yaml", folder / "mapping.yaml")
    (folder / "auditor.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def check(folder: Path) -> tuple[int, dict[str, Any]]:
    """Judge the folder by all policies; return the exit code and the run."""
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


def instant(text: str) -> dt.datetime:
    """Read an instant as Jira writes it."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


@pytest.fixture(scope="module")
def sprints(shared: Path) -> list[dict[str, Any]]:
    """Return the raw sprints."""
    text = (shared / "data/jira_archive" / SPRINTS).read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def issues(shared: Path) -> list[dict[str, Any]]:
    """Return the raw issues."""
    with gzip.open(shared / "data/jira_archive" / ISSUES) as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def alone(
    shared: Path, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, dict[str, Any]]:
    """Judge the archive by itself."""
    return check(lay_out(tmp_path_factory.mktemp("alone"), shared, root))


@pytest.fixture(scope="module")
def helped(
    shared: Path, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, dict[str, Any]]:
    """Judge it with a start of execution, a calendar and the stand-ups of one sprint, all written by hand."""
    folder = lay_out(tmp_path_factory.mktemp("helped"), shared, root)
    days = [day for day in days_of(19, 29) if day.weekday() < 5][1:]
    meetings = [
        f'  - {{id: "hand:{day}", kind: standup, sprint: "jira:{WATCHED}",'
        f" held_at: {day}T10:00:00-08:00, recorded_at: {day}T10:30:00-08:00}}"
        for day in days
    ]
    assert [day.day for day in days] == [20, 21, 24, 25, 26, 27, 28]
    page = "\n".join([BY_HAND + "meetings:", *meetings, ""])
    (folder / "delivery.yaml").write_text(page, encoding="utf-8")
    (folder / "auditor.yaml").write_text(
        CONFIG + "  - {reader: document, path: delivery.yaml}\n", encoding="utf-8"
    )
    return check(folder)


def days_of(first: int, last: int) -> Iterator[dt.date]:
    """Yield days of December 2012."""
    return (dt.date(2012, 12, day) for day in range(first, last + 1))


@pytest.fixture(scope="module")
def document(shared: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Collect the snapshot of the archive, and have it validated."""
    folder = lay_out(tmp_path_factory.mktemp("collected"), shared, root)
    for arguments in (["collect", ".", "-o", "made.json"], ["snapshot", "validate", "made.json"]):
        subprocess.run([sys.executable, "-m", "auditor", *arguments], cwd=folder, check=True)
    made: dict[str, Any] = json.loads((folder / "made.json").read_text("utf-8"))
    return made


# ----- Figures that are known of the archive


def test_every_issue_and_sprint_is_read(
    document: dict[str, Any], issues: list[dict[str, Any]], sprints: list[dict[str, Any]]
) -> None:
    """Each once, by its own id; 377 sprints, of which two were never started and one is still open."""
    assert {item["id"] for item in document["work_items"]} == {f"jira:{i['id']}" for i in issues}
    assert {sprint["id"] for sprint in document["sprints"]} == {f"jira:{s['id']}" for s in sprints}
    assert (len(document["work_items"]), len(document["sprints"])) == (5716, 377)
    states = [sprint["state"] for sprint in document["sprints"]]
    assert {state: states.count(state) for state in set(states)} == {
        "closed": 374,
        "planned": 2,
        "active": 1,
    }


def test_sprints_that_closed_late_are_those_of_the_raw_file(
    document: dict[str, Any], sprints: list[dict[str, Any]]
) -> None:
    """215 of the 374 closed sprints were closed more than a day after their planned end."""
    day = dt.timedelta(days=1)
    late = {
        sprint["id"]
        for sprint in document["sprints"]
        if sprint["state"] == "closed"
        and instant(sprint["closed_at"]) - instant(sprint["planned_end_at"]) > day
    }

    assert late == {
        f"jira:{s['id']}"
        for s in sprints
        if s["state"] == "closed" and instant(s["completeDate"]) - instant(s["endDate"]) > day
    }
    assert len(late) == 215


def test_no_sprint_has_a_goal_and_nobody_claims_that_there_was_none(
    document: dict[str, Any], sprints: list[dict[str, Any]]
) -> None:
    """No sprint of the archive speaks of a goal: none is known, and none is known to be absent."""
    assert not any("goal" in sprint for sprint in sprints)
    assert not any("goal" in sprint for sprint in document["sprints"])
    assert document["snapshot"]["gaps"]["/sprints/*/goal"] == "not_collected"


def test_issues_of_sprints_without_an_assignee_have_no_owner(
    document: dict[str, Any], issues: list[dict[str, Any]]
) -> None:
    """184 issues were in a sprint and are nobody's; the archive says so with a null."""
    unowned = {
        item["id"] for item in document["work_items"] if item["sprints"] and item["owners"] == []
    }

    assert unowned == {f"jira:{i['id']}" for i in issues if i["fields"]["assignee"] is None}
    assert len(unowned) == 184


def test_nothing_is_done_by_its_name(document: dict[str, Any]) -> None:
    """The tracker counts Resolved as done; the mapping, which has an owner, does not."""
    done = {item["status"]["native"] for item in document["work_items"] if item["status"]["category"] == "done"}  # fmt: skip

    assert done == {"Closed"}
    assert document["snapshot"]["mapping"]["owner"] == "delivery office"


def test_a_fact_is_found_in_the_archive(document: dict[str, Any], shared: Path) -> None:
    """The line of an issue is that of the unpacked file, the line of a sprint that of its list."""
    with gzip.open(shared / "data/jira_archive" / ISSUES, "rt", encoding="utf-8") as file:
        line = next(n for n, text in enumerate(file, 1) if json.loads(text)["id"] == "61660")
    item = next(item for item in document["work_items"] if item["id"] == "jira:61660")
    listed = (shared / "data/jira_archive" / SPRINTS).read_text("utf-8").splitlines()
    sprint = next(sprint for sprint in document["sprints"] if sprint["id"] == "jira:10")

    assert item["prov"]["locator"] == f"{ISSUES}:{line}"
    # The brace of the record stands one line above its id.
    opening = listed.index('"id": 10,')
    assert sprint["prov"]["locator"] == f"{SPRINTS}:{opening}"


# ----- Verdicts


def test_alone_nothing_is_green(alone: tuple[int, dict[str, Any]]) -> None:
    """Every verdict is inconclusive and names what is missing, or of a sprint that nobody started."""
    code, run = alone
    found = verdicts(run)

    assert code == 1
    assert {one["outcome"] for one in found} == {"inconclusive", "not_applicable"}
    assert all(one["missing"] for one in found if one["outcome"] == "inconclusive")


def test_alone_the_sign_off_waits_on_the_start_of_execution(
    alone: tuple[int, dict[str, Any]], issues: list[dict[str, Any]]
) -> None:
    """Verdict 1, by hand: no field of any issue or of its project holds a start of execution."""
    keys = {key for i in issues for key in (*i["fields"], *i["fields"]["project"])}
    (found,) = verdicts(alone[1], "execution-before-dm-sign-off")

    assert not any("start" in key.lower() for key in keys)
    assert found["outcome"] == "inconclusive"
    assert [(fact["pointer"], fact["reason"]) for fact in found["missing"]] == [
        ("/project/execution", "not_supported")
    ]


def test_sprints_that_began_before_the_recorded_start_are_found(
    helped: tuple[int, dict[str, Any]], sprints: list[dict[str, Any]]
) -> None:
    """Verdict 2, by hand: the sprints whose `startDate` lies before 1 December 2012, of which there are three."""
    early = {
        s["name"] for s in sprints if "startDate" in s and instant(s["startDate"]) < RECORDED_START
    }
    (found,) = verdicts(helped[1], "work-before-recorded-start")

    assert early == {"Release 3.0.0", "2012 Sprint 23", "2012 Sprint 24"}
    assert found["outcome"] == "fail"
    assert (found["clauses"][1]["outcome"], set(found["clauses"][1]["failing"])) == ("fail", early)


def test_only_the_sprint_with_a_stand_up_on_each_day_passes(
    helped: tuple[int, dict[str, Any]], sprints: list[dict[str, Any]]
) -> None:
    """
    Verdict 3, by hand: stand-ups are written down for each working day of sprint 7 after its first.

    No other sprint passes, because the page holds all meetings that there were; the first one fails, and one
    that was never started is not judged. The list of sprints is open, so the project as a whole is not decided.
    """
    found = {one["subject"]: one["outcome"] for one in verdicts(helped[1], "stand-up-missed-in-sprint")}  # fmt: skip
    (watched,) = (s for s in sprints if s["id"] == WATCHED)

    assert instant(watched["startDate"]).astimezone(PACIFIC).date() == dt.date(2012, 12, 19)
    assert instant(watched["completeDate"]).astimezone(PACIFIC).date() == dt.date(2012, 12, 29)
    assert {own for own, outcome in found.items() if outcome == "pass"} == {f"jira:{WATCHED}"}
    assert found["jira:3"] == "fail"
    assert {found[f"jira:{s['id']}"] for s in sprints if s["state"] == "future"} == {
        "not_applicable"
    }
    assert found[AUDITEE] == "inconclusive"
