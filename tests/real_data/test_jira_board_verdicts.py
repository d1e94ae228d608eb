"""
A recorded Jira board, judged: what it cannot know is never green, and what it does know is right.

The board keeps sprints, items, histories and booked time, and no role, approval, meeting, blocker or
start of execution. First it is judged alone; then with a page of facts that a Delivery Manager adds by
hand. Three verdicts are worked out from the raw recording, independently of the readers.
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

AUDITEE = "jira:board-8"
CONFIG = f"""\
auditee: "{AUDITEE}"
time_zone: Asia/Shanghai
sources:
  - reader: jira_export
    path: export
    mapping: mapping.yaml
    settings: {{site: example.atlassian.net, assume_time_zone: UTC}}
"""
BY_HAND = f"""\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "{AUDITEE}"
  captured_at: 2022-08-01T15:00:00+08:00
  sources: [{{id: hand, kind: manual}}]
  time_zone: Asia/Shanghai
project:
  id: "{AUDITEE}"
  method: scrum
  phase: execution
  execution: {{started_at: 2020-06-12T12:00:00+08:00, ended_at: null}}
meetings: []
"""
IN_PROGRESS = frozenset(
    {"In Progress", "In Development", "\u5f00\u53d1\u4e2d", "\u53d1\u5e03\u4e2d"}
)
"""The board's names for work under way; the last two are "in development" and "being released"."""

COUNTED_TYPES = frozenset({"\u6545\u4e8b", "\u7f3a\u9677", "Story", "Bug"})
"""Its names for stories and defects."""

RECORDED_START = dt.datetime(2020, 6, 12, 4, 0, tzinfo=dt.UTC)
"""12:00 in Shanghai, as BY_HAND says."""


@pytest.fixture
def board(shared: Path, root: Path, tmp_path: Path) -> Path:
    """Lay out the recording with its mapping, as a delivery repository would."""
    shutil.copytree(shared / "data" / "recorded" / "jira", tmp_path / "export")
    shutil.copy(root / "tests" / "data" / "board-mapping.yaml", tmp_path / "mapping.yaml")
    (tmp_path / "auditor.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def check(board: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run `auditor check` in the board's folder; return its exit code and the run."""
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "check", ".", "-f", "json", *arguments],
        cwd=board,
        capture_output=True,
        check=False,
    )
    run: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, run


def verdicts(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the verdicts of the one auditee."""
    (result,) = run["results"]
    found: list[dict[str, Any]] = result["document"]["verdicts"]
    return found


def verdict(run: dict[str, Any], policy: str) -> dict[str, Any]:
    """Return the one verdict of a policy on the whole project."""
    (found,) = [v for v in verdicts(run) if v["policy"] == policy]
    return found


def bodies(board: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the recorded answers of one kind, from the site of the board."""
    for line in (board / "export" / f"jira_api_{name}.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["url"].startswith("https://example.atlassian.net/"):
            yield record["body"]


def instant(text: str) -> dt.datetime:
    """Read an instant as Jira writes it."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def test_alone_the_board_decides_nothing_and_nothing_is_green(board: Path) -> None:
    """Every verdict is inconclusive and names what is missing; the gate is shut."""
    code, run = check(board, "--fail-on", "low")

    assert code == 1
    assert {v["outcome"] for v in verdicts(run)} == {"inconclusive"}
    assert all(v["missing"] for v in verdicts(run))


def test_alone_the_sign_off_waits_on_the_start_of_execution(board: Path) -> None:
    """
    Verdict 1, by hand: no field of any recorded issue or project holds a start of execution.

    So it cannot even be told whether the control applies, and exactly that is missing.
    """
    keys = {key for body in bodies(board, "projects") for key in body}
    _, run = check(board)
    found = verdict(run, "execution-before-dm-sign-off")

    assert not any("start" in key.lower() for key in keys)
    assert found["outcome"] == "inconclusive"
    assert [(f["pointer"], f["reason"]) for f in found["missing"]] == [
        ("/project/execution", "not_supported")
    ]


def test_sprints_that_began_before_the_recorded_start_are_found(board: Path) -> None:
    """
    Verdict 2, by hand: of all recorded sprints, those with a `startDate` before 04:00 UTC on 12 June 2020.

    EE Sprint 7 started at 2020-06-12T00:38:51Z, three hours before the start that was written down.
    """
    early = {
        s["name"] for s in bodies(board, "sprints") if instant(s["startDate"]) < RECORDED_START
    }
    (board / "delivery.yaml").write_text(BY_HAND, encoding="utf-8")
    (board / "auditor.yaml").write_text(
        CONFIG + "  - {reader: document, path: delivery.yaml}\n", encoding="utf-8"
    )
    code, run = check(board)
    found = verdict(run, "work-before-recorded-start")
    clause = found["clauses"][1]

    assert early == {"EE Sprint 7"}
    assert code == 1
    assert found["outcome"] == "fail"
    assert (clause["outcome"], set(clause["failing"])) == ("fail", early)


def test_items_that_moved_before_the_recorded_start_are_found(board: Path) -> None:
    """
    Verdict 3, by hand: status changes into an in-progress status before the recorded start.

    Only stories and defects count: the board names no deliverables, so a task is undecided.
    """
    moved = {
        issue["id"]
        for issue in bodies(board, "issues")
        if issue["fields"]["issuetype"]["name"] in COUNTED_TYPES
        for history in issue["changelog"]["histories"]
        for item in history["items"]
        if item["field"] == "status"
        and item["toString"] in IN_PROGRESS
        and instant(history["created"]) < RECORDED_START
    }
    (board / "delivery.yaml").write_text(BY_HAND, encoding="utf-8")
    (board / "auditor.yaml").write_text(
        CONFIG + "  - {reader: document, path: delivery.yaml}\n", encoding="utf-8"
    )
    _, run = check(board)
    clause = verdict(run, "work-before-recorded-start")["clauses"][3]

    assert len(moved) == 3
    assert clause["outcome"] == "fail"
    assert len(clause["failing"]) == len(moved)
