"""
A recorded GitLab project, judged: what it cannot know is never green, and what it does know is right.

The project keeps issues, merge requests, notes and milestones, and plans its sprints as milestones. First it
is judged alone; then with a page of facts that a Delivery Manager adds by hand. Three verdicts are worked
out from the raw recording, independently of the readers.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AUDITEE = "gitlab:12345678"
CONFIG = f"""\
auditee: "{AUDITEE}"
time_zone: Europe/Berlin
sources:
  - reader: gitlab_export
    path: export
    mapping: mapping.yaml
    settings: {{assume_time_zone: UTC, milestones: sprints}}
"""
MAPPING = """\
owner: delivery office
at: 2026-03-02
statuses: {opened: todo, closed: done, closed as moved: cancelled}
types: {issue: task, Enhancement: story}
"""
BY_HAND = f"""\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "{AUDITEE}"
  captured_at: 2022-08-24T18:00:00+02:00
  sources: [{{id: hand, kind: manual}}]
  time_zone: Europe/Berlin
  calendar: {{working_days: [mon, tue, wed, thu, fri], hours: {{from: "09:00", to: "17:00"}}, holidays: []}}
project:
  id: "{AUDITEE}"
  method: scrum
  phase: execution
  exclusion: null
  execution: {{started_at: 2019-06-18T09:00:00+02:00, ended_at: null}}
sprints:
  - {{id: "gitlab:887728", started_at: 2019-06-18T09:00:00+02:00}}
meetings: []
baselines:
  - id: "gitlab:merge_request:15869219"
    version: "1"
    effective_at: 2019-02-01T09:00:00+01:00
role_assignments:
  - {{id: r-1, party: dana, role: DM, from: 2019-01-01, to: null}}
parties:
  - {{id: dana, name: Dana, kind: person, accounts: ["gitlab:@person-7c1b876c"]}}
delegations: []
"""


@pytest.fixture
def project(shared: Path, tmp_path: Path) -> Path:
    """Lay out the recording with its mapping, as a delivery repository would."""
    shutil.copytree(shared / "data" / "recorded" / "gitlab", tmp_path / "export")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "auditor.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def with_page(project: Path) -> Path:
    """Add the page of facts by hand."""
    (project / "delivery.yaml").write_text(BY_HAND, encoding="utf-8")
    second = "  - {reader: document, path: delivery.yaml}\n"
    (project / "auditor.yaml").write_text(CONFIG + second, encoding="utf-8")
    return project


def check(project: Path) -> tuple[int, dict[str, Any]]:
    """Run `auditor check` in the project's folder; return its exit code and the run."""
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "check", ".", "-f", "json", "--fail-on", "low"],
        cwd=project,
        capture_output=True,
        check=False,
    )
    run: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, run


def verdicts(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the verdicts of the framework that this project follows."""
    (result,) = run["results"]
    found: list[dict[str, Any]] = result["document"]["verdicts"]
    return found


def verdict(run: dict[str, Any], policy: str, subject: str = AUDITEE) -> dict[str, Any]:
    """Return the one verdict of a policy on a subject."""
    (found,) = [v for v in verdicts(run) if (v["policy"], v["subject"]) == (policy, subject)]
    return found


def missing(found: dict[str, Any]) -> dict[str, str]:
    """Return what a verdict lacks, with the reasons."""
    return {fact["pointer"]: fact["reason"] for fact in found["missing"]}


def bodies(project: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the recorded answers of one kind."""
    for line in (project / "export" / f"gitlab_api_{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["body"]


def test_alone_the_project_decides_nothing_and_nothing_is_green(project: Path) -> None:
    """Every verdict is inconclusive and names what is missing; the gate is shut."""
    code, run = check(project)

    assert code == 1
    assert {v["outcome"] for v in verdicts(run)} == {"inconclusive"}
    assert all(v["missing"] for v in verdicts(run))


def test_alone_the_sign_off_waits_on_the_start_of_execution(project: Path) -> None:
    """
    Verdict 1, by hand: no field of any recorded issue or merge request holds a start of execution.

    The only start that is there is that of a milestone, which is the plan of a sprint.
    """
    keys = {
        key
        for name in ("issues", "merge_requests")
        for body in bodies(project, name)
        for key in body
    }
    _, run = check(project)
    found = verdict(run, "execution-before-dm-sign-off")

    assert not any("start" in key for key in keys)
    assert found["outcome"] == "inconclusive"
    assert missing(found)["/project/execution"] == "not_supported"


def test_a_sprint_without_a_stand_up_fails_on_each_of_its_working_days(with_page: Path) -> None:
    """
    Verdict 2, by hand: milestone 19.12 ran from 18 June to its due day, and no meeting was held.

    Its last day is the recorded due day, since GitLab does not know when it was closed. The day on which it
    began is exempt, and so are the weekends.
    """
    (milestone,) = {
        json.dumps(body["milestone"])
        for body in bodies(with_page, "issues")
        if body["milestone"] and body["milestone"]["id"] == 887728
    }
    last = dt.date.fromisoformat(json.loads(milestone)["due_date"])
    second = dt.date(2019, 6, 19)
    days = [second + dt.timedelta(days=count) for count in range((last - second).days + 1)]
    working = [day.isoformat() for day in days if day.isoweekday() <= 5]
    code, run = check(with_page)
    found = verdict(run, "stand-up-missed-in-sprint", "gitlab:887728")

    assert code == 1
    assert len(working) == 10
    assert found["outcome"] == "fail"
    assert [clause["failing"] for clause in found["clauses"]] == [working]


def test_a_sprint_of_which_nobody_wrote_down_the_start_is_undecided(with_page: Path) -> None:
    """Milestones have a planned start alone; whether others are missing is not known either."""
    ids = {body["milestone"]["id"] for body in bodies(with_page, "issues") if body["milestone"]}
    _, run = check(with_page)

    for own_id in sorted(ids - {887728}):
        found = verdict(run, "stand-up-missed-in-sprint", f"gitlab:{own_id}")
        assert found["outcome"] == "inconclusive"
        assert set(missing(found).values()) == {"not_supported"}
    assert missing(verdict(run, "stand-up-missed-in-sprint"))["/sprints"] == "truncated"


def test_an_approval_of_an_unknown_version_signs_nothing_off(with_page: Path) -> None:
    """
    Verdict 3, by hand: the DM approved merge request 37, took it back and approved it again.

    Her last word before the start is an approval. But no note says which version of it she saw, and of 18
    merge requests the notes of three were recorded: another word may be missing. So it is not green.
    """
    words = [
        (body["created_at"], body["body"])
        for body in bodies(with_page, "merge_request_notes")
        if body["system"] and body["noteable_id"] == 15869219
    ]
    asked = {body["noteable_iid"] for body in bodies(with_page, "merge_request_notes")}
    there = {body["iid"] for body in bodies(with_page, "merge_requests")}
    _, run = check(with_page)
    found = verdict(run, "execution-before-dm-sign-off")

    assert [text.split()[0] for _, text in sorted(words)] == ["approved", "unapproved", "approved"]
    assert there & asked == {1, 3, 4}
    assert len(there) == 18
    assert found["outcome"] == "inconclusive"
    assert missing(found)["/approvals"] == "truncated"


def test_nothing_that_was_not_decided_is_green(with_page: Path) -> None:
    """A pass would have to rest on facts that are all there: none does."""
    _, run = check(with_page)

    assert "pass" not in {v["outcome"] for v in verdicts(run)}
    assert all(v["missing"] for v in verdicts(run) if v["outcome"] == "inconclusive")
