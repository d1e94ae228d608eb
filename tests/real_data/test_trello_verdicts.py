"""
A recorded Trello board, judged: what it cannot know is never green, and what it does know is right.

The board keeps cards, lists, checklists and its one member, and no move of any card. First it is judged
alone; then with a page of facts that a Delivery Manager adds by hand. Three verdicts are worked out from
the raw recording, independently of the readers.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOARD = "6402f643d23aa9af56b28f4b"
AUDITEE = f"trello:{BOARD}"
CONFIG = f"""\
auditee: "{AUDITEE}"
time_zone: Asia/Shanghai
sources:
  - reader: trello_export
    path: export
    mapping: mapping.yaml
    settings:
      assume_time_zone: UTC
      board: "{BOARD}"
      checklists: {{Task Review: definition_of_done}}
"""
BY_HAND = f"""\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "{AUDITEE}"
  captured_at: 2023-03-10T09:00:00+08:00
  sources: [{{id: hand, kind: manual}}]
  time_zone: Asia/Shanghai
  calendar: {{working_days: [mon, tue, wed, thu, fri], hours: {{from: "09:00", to: "17:00"}}, holidays: []}}
project:
  id: "{AUDITEE}"
  method: kanban
  phase: execution
  exclusion: null
  execution: {{started_at: 2023-03-06T09:00:00+08:00, ended_at: null}}
sprints: []
time_entries: []
meetings:
  - id: retro-1
    kind: retrospective
    held_at: 2023-03-08T15:00:00+08:00
    recorded_at: 2023-03-08T16:00:00+08:00
    no_action_reason: null
actions:
  - id: a-1
    text: Write the limits on the board
    owner: "trello:6402b2c29c6e3811e534618d"
    raised_at: 2023-03-08T15:00:00+08:00
    recorded_at: 2023-03-08T16:00:00+08:00
    due_on: 2023-03-15
    because: [{{kind: meeting, id: retro-1}}]
role_assignments:
  - {{id: r-1, party: dana, role: PM, from: 2023-03-01, to: null}}
parties:
  - {{id: dana, name: Dana, kind: person, accounts: [ACCOUNT]}}
"""


@pytest.fixture
def project(shared: Path, tmp_path: Path) -> Path:
    """Lay out the recording with its mapping, as a delivery repository would."""
    shutil.copytree(shared / "data" / "recorded" / "trello", tmp_path / "export")
    names = {body["name"] for body in bodies(tmp_path, "lists") if body["idBoard"] == BOARD}
    mapping = ["owner: delivery office", "at: 2026-03-02", "types: {issue: task}", "statuses:"]
    mapping += [
        f"  {json.dumps(name, ensure_ascii=False)}: {meaning(name)}" for name in sorted(names)
    ]
    (tmp_path / "mapping.yaml").write_text("\n".join(mapping), encoding="utf-8")
    (tmp_path / "auditor.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def meaning(name: str) -> str:
    """Say what a list of the board means, as its owner would."""
    words = {"Done": "done", "Working": "in_progress", "Testing": "in_review"}
    return next((category for word, category in words.items() if word in name), "todo")


def add_page(project: Path, account: str) -> None:
    """Add the page of facts by hand, on which Dana has an account."""
    page = BY_HAND.replace("ACCOUNT", json.dumps(account))
    (project / "delivery.yaml").write_text(page, encoding="utf-8")
    second = "  - {reader: document, path: delivery.yaml}\n"
    (project / "auditor.yaml").write_text(CONFIG + second, encoding="utf-8")


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
    for line in (project / "export" / f"trello_{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["body"]


def test_alone_the_board_decides_nothing_and_nothing_is_green(project: Path) -> None:
    """Every verdict is inconclusive and names what is missing; the gate is shut."""
    code, run = check(project)

    assert code == 1
    assert {v["outcome"] for v in verdicts(run)} == {"inconclusive"}
    assert all(v["missing"] for v in verdicts(run))


def test_cards_in_progress_do_not_tell_since_when(project: Path) -> None:
    """
    Verdict 1, by hand: cards stand in the list of what is being worked on, and no move was recorded.

    Whether one of them was begun before the recorded start cannot be told.
    """
    lists = {body["id"]: body["name"] for body in bodies(project, "lists")}
    working = [body for body in bodies(project, "cards") if "Working" in lists[body["idList"]]]
    add_page(project, "trello:@123456")
    _, run = check(project)
    found = verdict(run, "work-before-recorded-start")

    assert len(working) > 1
    assert not (project / "export" / "trello_actions.jsonl").exists()
    assert found["outcome"] == "inconclusive"
    assert missing(found)["/change_events"] == "not_collected"


def test_an_action_that_the_member_of_the_board_owns_is_owned(project: Path) -> None:
    """
    Verdict 2, by hand: the one member of the board is called 123456, and the page gives that account to Dana.

    Dana is on the project, so the action has an owner who is, and the retrospective passes.
    """
    members = {(body["id"], body["username"]) for body in bodies(project, "members")}
    add_page(project, "trello:@123456")
    _, run = check(project)
    found = verdict(run, "retrospective-without-owned-actions", "retro-1")

    assert members == {("6402b2c29c6e3811e534618d", "123456")}
    assert found["outcome"] == "pass"
    assert all(not v["missing"] for v in verdicts(run) if v["outcome"] == "pass")


def test_an_action_of_somebody_who_is_not_on_the_project_is_not_owned(project: Path) -> None:
    """Verdict 3, by hand: Dana has another account, so the owner holds no role on the day of the meeting."""
    add_page(project, "trello:@dana")
    _, run = check(project)
    found = verdict(run, "retrospective-without-owned-actions", "retro-1")

    assert found["outcome"] == "fail"
    assert "pass" not in {v["outcome"] for v in verdicts(run)}


def test_an_entry_that_is_done_has_no_time(project: Path) -> None:
    """The raw entries hold no instant, so the snapshot has none, and says why."""
    keys = {
        key
        for body in bodies(project, "check_items")
        for entry in body["checkItems"]
        for key in entry
    }
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "collect", ".", "-o", "snapshot.json"],
        cwd=project,
        capture_output=True,
        check=False,
    )
    snapshot = json.loads((project / "snapshot.json").read_text("utf-8"))
    complete = sum(
        entry["state"] == "complete"
        for body in bodies(project, "check_items")
        if body["idBoard"] == BOARD
        for entry in body["checkItems"]
    )
    items = [item for one in snapshot["checklists"] for item in one["items"]]

    assert done.returncode == 0
    assert keys == {
        "id",
        "name",
        "nameData",
        "pos",
        "state",
        "due",
        "dueReminder",
        "idMember",
        "idChecklist",
    }
    assert sum(item["state"] == "done" for item in items) == complete > 0
    assert not any("at" in item for item in items)
    assert snapshot["snapshot"]["gaps"]["/checklists/*/items/*/at"] == "not_supported"
