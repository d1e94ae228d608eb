"""
A recorded GitHub repository, judged: what it cannot know is never green, and what it does know is right.

The recording holds 41 of the issues and 49 pull requests with the reviews of three, and the newest events,
which are of other issues. First it is judged alone; then with a page of facts that a Delivery Manager adds
by hand. Three verdicts are worked out from the raw recording, independently of the readers.
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

AUDITEE = "github:134018330"
REPOSITORY = "person-15b0d3ac/ants"
CONFIG = f"""\
auditee: "{AUDITEE}"
time_zone: Asia/Shanghai
sources:
  - reader: github_export
    path: export
    mapping: mapping.yaml
    settings: {{repository: {REPOSITORY}}}
"""
MAPPING = """\
owner: delivery office
at: 2026-03-02
statuses:
  open: todo
  pending development: in_progress
  closed: done
  closed as completed: done
  closed as not_planned: cancelled
types: {bug: defect, enhancement: story, question: task}
"""
BY_HAND = f"""\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "{AUDITEE}"
  captured_at: 2022-06-13T23:59:00+08:00
  sources: [{{id: hand, kind: manual}}]
  time_zone: Asia/Shanghai
  calendar: {{working_days: [mon, tue, wed, thu, fri], hours: {{from: "09:00", to: "17:00"}}, holidays: []}}
project:
  id: "{AUDITEE}"
  method: kanban
  phase: execution
  exclusion: null
  execution: {{started_at: 2022-03-01T09:00:00+08:00, ended_at: null}}
work_items:
  - {{id: "github:1127816236", type: defect}}
sprints: []
time_entries: []
baselines:
  - id: "github:pull:325179595"
    version: 2950e919e72eb230b2b12f797f379ca6f04fe80c
    effective_at: 2019-10-08T09:00:00+08:00
role_assignments:
  - {{id: r-1, party: dana, role: DM, from: 2019-01-01, to: null}}
parties:
  - {{id: dana, name: Dana, kind: person, accounts: ["github:@person-15b0d3ac"]}}
delegations: []
"""
RECORDED_START = dt.datetime(2022, 3, 1, 1, 0, tzinfo=dt.UTC)
"""09:00 in Shanghai, as BY_HAND says."""


@pytest.fixture
def project(shared: Path, tmp_path: Path) -> Path:
    """Lay out the recording with its mapping, as a delivery repository would."""
    shutil.copytree(shared / "data" / "recorded" / "github", tmp_path / "export")
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
    for line in (project / "export" / f"github_api_{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["body"]


def instant(text: str) -> dt.datetime:
    """Read an instant as GitHub writes it."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def test_alone_the_repository_decides_nothing_and_nothing_is_green(project: Path) -> None:
    """Every verdict is inconclusive and names what is missing."""
    _, run = check(project)

    assert {v["outcome"] for v in verdicts(run)} == {"inconclusive"}
    assert all(v["missing"] for v in verdicts(run))


def test_alone_the_sign_off_waits_on_the_start_of_execution(project: Path) -> None:
    """Verdict 1, by hand: no field of any recorded issue or pull request holds a start of execution."""
    keys = {
        key
        for name in ("issues", "pull_requests")
        for body in bodies(project, name)
        for key in body
    }
    _, run = check(project)
    found = verdict(run, "execution-before-dm-sign-off")

    assert not any("start" in key for key in keys)
    assert found["outcome"] == "inconclusive"
    assert missing(found)["/project/execution"] == "not_supported"


def test_an_item_that_a_label_put_in_progress_before_the_recorded_start_is_found(
    with_page: Path,
) -> None:
    """
    Verdict 2, by hand: of all recorded events, those that gave an issue the label "pending development".

    There is one, of 9 February 2022, three weeks before the start that was written down. Its issue is not
    in the recording, only its events are; the page says that it is a defect.
    """
    moved = {
        (body["issue"]["id"], body["created_at"])
        for body in bodies(with_page, "events")
        if body["event"] == "labeled"
        and body["label"]["name"] == "pending development"
        and instant(body["created_at"]) < RECORDED_START
    }
    _, run = check(with_page)
    found = verdict(run, "work-before-recorded-start")

    assert moved == {(1127816236, "2022-02-09T15:00:46Z")}
    assert found["outcome"] == "fail"
    assert [clause["outcome"] for clause in found["clauses"]][3] == "fail"
    assert len(found["clauses"][3]["failing"]) == 1


def test_a_change_that_was_requested_signs_nothing_off_and_a_later_word_may_be_missing(
    with_page: Path,
) -> None:
    """
    Verdict 3, by hand: the DM's only recorded word on the version in force is a request for changes.

    Reviews that only comment are no words. Of 49 pull requests the reviews of three were asked for, so a
    word on this very one by another way cannot be ruled out: it is neither green nor red.
    """
    words = {
        (body["state"], body["commit_id"])
        for body in bodies(with_page, "pull_request_reviews")
        if body["_links"]["pull_request"]["href"].endswith("/pulls/53")
        and body["state"] != "COMMENTED"
        and body["user"]["login"] == "person-15b0d3ac"
    }
    asked = {
        body["_links"]["pull_request"]["href"] for body in bodies(with_page, "pull_request_reviews")
    }
    there = {body["id"] for body in bodies(with_page, "pull_requests")}
    _, run = check(with_page)
    found = verdict(run, "execution-before-dm-sign-off")

    assert {state for state, _ in words} == {"CHANGES_REQUESTED"}
    assert "2950e919e72eb230b2b12f797f379ca6f04fe80c" in {commit for _, commit in words}
    assert (len(asked), len(there)) == (3, 49)
    assert found["outcome"] == "inconclusive"
    assert missing(found)["/approvals"] == "truncated"


def test_what_the_recording_contradicts_is_told(project: Path) -> None:
    """One pull request was recorded twice with two titles, and 41 issues name a foreign milestone."""
    titles = {body["title"] for body in bodies(project, "pull_requests") if body["number"] == 4}
    foreign = {
        body["id"]
        for body in bodies(project, "issues")
        if "/repos/apache/" in body["milestone"]["url"]
    }
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "check", "."],
        cwd=project,
        capture_output=True,
        check=False,
    )
    told = done.stderr.decode()

    assert len(titles) == 2
    assert len(foreign) == 41
    assert done.returncode == 4
    assert "issue 344340088 and 40 more name a milestone of another repository" in told
    assert "pull request 203756736 is told differently" in told


def test_nothing_that_was_not_decided_is_green(with_page: Path) -> None:
    """A pass would have to rest on facts that are all there: none does."""
    _, run = check(with_page)

    assert "pass" not in {v["outcome"] for v in verdicts(run)}
    assert all(v["missing"] for v in verdicts(run) if v["outcome"] == "inconclusive")
