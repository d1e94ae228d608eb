"""
The recorded board: 33 issues, 30 sprints, 279 histories on their own, 30 worklogs, Chinese status names.

What is expected is counted here once more, from the raw lines and in another way: with plain loops over
the fields as Jira writes them, and by the native names that the mapping file was written for.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import ConfigError
from auditor.model.location import Location
from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
from auditor.sources.mapping import read_mapping
from auditor.sources.readers.jira_export import JiraExportReader

if TYPE_CHECKING:
    from pathlib import Path

SITE = "example.atlassian.net"
BEGUN = {"In Development", "In Progress", "开发中", "发布中"}
"""Native names that the mapping file calls in_progress."""


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    """Return the folder of the recording."""
    return shared / "data/recorded/jira"


@pytest.fixture(scope="module")
def model(root: Path) -> SnapshotModel:
    """Return the contract of a project snapshot."""
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


@pytest.fixture(scope="module")
def mapping(root: Path) -> dict[str, Any]:
    """Return what the board's names mean."""
    path = "tests/data/board-mapping.yaml"
    return read_mapping((root / path).read_bytes(), path=path)


def read(folder: Path, model: SnapshotModel, mapping: dict[str, Any], **settings: object) -> Draft:
    """Read the whole folder, as a user would."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return JiraExportReader().read(
        SourceFiles("jira", files, is_folder=True),
        ReaderOptions(
            auditee="jira:board-8",
            time_zone="Asia/Shanghai",
            mapping=mapping,
            mapping_name="board-mapping.yaml",
            settings={"assume_time_zone": "UTC", "site": SITE, **settings},
            root=model.root,
        ),
    )


@pytest.fixture(scope="module")
def draft(folder: Path, model: SnapshotModel, mapping: dict[str, Any]) -> Draft:
    """Return the board as it was read."""
    return read(folder, model, mapping)


@pytest.fixture(scope="module")
def document(draft: Draft) -> dict[str, Any]:
    """Return the facts of the board."""
    return draft.document


def bodies(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the bare responses of one file."""
    lines = (folder / f"jira_api_{name}.jsonl").read_text().splitlines()
    return [json.loads(line)["body"] for line in lines]


def changes(folder: Path, field: str) -> list[tuple[str, dict[str, Any]]]:
    """Return instant and item of every recorded change of a field of Jira's."""
    histories = [h for issue in bodies(folder, "issues") for h in issue["changelog"]["histories"]]
    histories += bodies(folder, "issue_changelogs")
    return [(h["created"], i) for h in histories for i in h["items"] if i["field"] == field]


def instant(text: str) -> datetime:
    """Read an instant with or without a colon in its offset, as Python 3.11 does."""
    return datetime.fromisoformat(text)


def test_it_keeps_the_contract(draft: Draft, model: SnapshotModel) -> None:
    """The board is a snapshot by the schema, and every name in it is mapped."""
    assert draft.problems == ()
    assert model.read(draft.document).auditee == "jira:board-8"


def test_all_of_one_site_and_nothing_of_the_other_is_there(document: dict[str, Any]) -> None:
    """33 issues; 30 sprints of board 8 and the one that only issues of board 93 name; 30 worklogs."""
    assert {name: len(document[name]) for name in ("work_items", "sprints", "time_entries")} == {
        "work_items": 33,
        "sprints": 31,
        "time_entries": 30,
    }


def test_the_two_sites_in_the_folder_are_not_mixed(
    folder: Path, model: SnapshotModel, mapping: dict[str, Any]
) -> None:
    """22 issues of the folder come from a Jira whose ids mean other things."""
    with pytest.raises(ConfigError, match=r"from 2 Jira sites: 3\.81\.151\.94:8080 \(22\)"):
        read(folder, model, mapping, site=None)


def test_statuses_are_mapped_by_name(document: dict[str, Any], folder: Path) -> None:
    """30 issues are completed, though Jira's category of five of them is `new`; three are to do."""
    wrong = [
        body["key"]
        for body in bodies(folder, "issues")
        if body["fields"]["status"]["name"] == "已完成"
        and body["fields"]["status"]["statusCategory"]["key"] == "new"
    ]

    assert Counter(item["status"]["category"] for item in document["work_items"]) == {
        "done": 30,
        "todo": 3,
    }
    assert len(wrong) == 5


def test_types_are_mapped_by_name(document: dict[str, Any]) -> None:
    """8 故事 and 2 Story, 8 任务, 12 子任务 and a Test Execution, one 缺陷, one Epic."""
    assert Counter(item["type"] for item in document["work_items"]) == {
        "story": 8 + 2,
        "task": 8 + 12 + 1,
        "defect": 1,
        "epic": 1,
    }


def test_the_first_sprint_start(document: dict[str, Any], folder: Path) -> None:
    """Every sprint of board 8 is closed, so each `startDate` is a real start; the first is in June 2020."""
    first = min(body["startDate"] for body in bodies(folder, "sprints"))

    assert min(sprint["started_at"] for sprint in document["sprints"]) == first
    assert first == "2020-06-12T00:38:51.882Z"


def test_sprints_that_were_closed_late(document: dict[str, Any], folder: Path) -> None:
    """Planned end and close are kept apart: 15 of the 30 sprints were closed after it."""
    late = {
        f"jira:{body['id']}"
        for body in bodies(folder, "sprints")
        if instant(body["completeDate"]) > instant(body["endDate"])
    }

    closed = [sprint for sprint in document["sprints"] if sprint["state"] == "closed"]
    assert (len(closed), len(late)) == (30, 15)
    assert late == {
        sprint["id"]
        for sprint in closed
        if instant(sprint["closed_at"]) > instant(sprint["planned_end_at"])
    }


def test_the_first_move_into_progress(document: dict[str, Any], folder: Path) -> None:
    """EE-26 (10088) went from To Do to In Development at 08:44:27 on the first sprint's first day."""
    moves = [at for at, item in changes(folder, "status") if item["toString"] in BEGUN]

    event = next(
        event
        for event in document["change_events"]
        if event["field"] == "status" and event["to"] == "in_progress"
    )
    assert instant(event["at"]) == min(instant(at) for at in moves)
    assert event["at"] == "2020-06-12T08:44:27.184+08:00"
    assert (event["item"], event["from"], event["native"]) == (
        "jira:10088",
        "todo",
        {"from": "To Do", "to": "In Development"},
    )


def test_moves_into_progress_are_all_there(document: dict[str, Any], folder: Path) -> None:
    """As many status changes lead to a category as lead to one of its native names."""
    moves = [item for _, item in changes(folder, "status")]

    events = [event for event in document["change_events"] if event["field"] == "status"]
    assert len(events) == len(moves) == 165 + 10
    assert sum(event["to"] == "in_progress" for event in events) == sum(
        item["toString"] in BEGUN for item in moves
    )
    assert sum(event["to"] == "done" for event in events) == sum(
        item["toString"] in {"Closed", "已完成"} for item in moves
    )


def test_other_changes_are_counted_by_field(document: dict[str, Any], folder: Path) -> None:
    """One event a change; of a sprint field one a sprint that came or went."""
    came_or_went = 0
    for _, item in changes(folder, "Sprint"):
        before, after = (
            {part.strip() for part in (item[end] or "").split(",")} - {""} for end in ("from", "to")
        )
        came_or_went += len(before ^ after)

    counts = Counter(event["field"] for event in document["change_events"])
    parents = ("Parent", "Epic Link", "IssueParentAssociation")
    assert counts == {
        "status": len(changes(folder, "status")),
        "sprints": came_or_went,
        "owners": len(changes(folder, "assignee")),
        "parent": sum(len(changes(folder, name)) for name in parents),
        "type": len(changes(folder, "issuetype")),
        "priority": len(changes(folder, "priority")),
    }


def test_histories_of_absent_issues_are_kept(document: dict[str, Any]) -> None:
    """The 279 separate histories are of three issues that the board's list does not hold."""
    known = {item["id"] for item in document["work_items"]}

    absent = {event["item"] for event in document["change_events"]} - known
    assert absent <= {"jira:13383", "jira:13491", "jira:13954"}
    assert absent


def test_the_first_time_entry(document: dict[str, Any], folder: Path) -> None:
    """Worklog 10006 on EE-14 (10076): ten hours dated nine days before they were written down."""
    first = min(bodies(folder, "worklogs"), key=lambda body: instant(body["started"]))

    entry = min(document["time_entries"], key=lambda entry: instant(entry["started_at"]))
    assert entry["id"] == f"jira:{first['id']}" == "jira:10006"
    assert {key: entry[key] for key in ("item", "seconds", "started_at", "recorded_at")} == {
        "item": "jira:10076",
        "seconds": 36000,
        "started_at": "2020-06-06T04:59:00.000+08:00",
        "recorded_at": "2020-06-15T16:59:51.302+08:00",
    }


def test_worklogs_are_counted_once(document: dict[str, Any], folder: Path) -> None:
    """Six worklogs are recorded twice, in their issue and on their own."""
    embedded = [
        w for body in bodies(folder, "issues") for w in body["fields"]["worklog"]["worklogs"]
    ]
    apart = bodies(folder, "worklogs")

    assert len(embedded) == 6
    assert {worklog["id"] for worklog in embedded} <= {worklog["id"] for worklog in apart}
    assert sum(entry["seconds"] for entry in document["time_entries"]) == sum(
        worklog["timeSpentSeconds"] for worklog in apart
    )


def test_captured_at_is_that_of_the_newest_response_used(document: dict[str, Any]) -> None:
    """The histories were read last, on 1 August; the list of statuses, read later, gives no fact."""
    head = document["snapshot"]

    assert head["captured_at"] == "2022-08-01T06:58:36.604+00:00"
    assert head["assumptions"] == ["jira: times that name no time zone are read in UTC"]


def test_what_the_board_cannot_say(document: dict[str, Any]) -> None:
    """Nothing here is an empty list: each list is known, open, or named with its reason."""
    gaps = document["snapshot"]["gaps"]
    by_reason: dict[str, set[str]] = {}
    for pointer, reason in gaps.items():
        by_reason.setdefault(reason, set()).add(pointer)

    # Issues and sprints were read on 23 June, five weeks before the rest; the histories and worklogs
    # of issues that are not there show that the lists of issues, events and entries are not whole.
    assert by_reason["truncated"] == {
        "/work_items",
        "/sprints",
        "/links",
        "/change_events",
        "/time_entries",
    }
    # What the board was not asked for, among it the fields in which a site may keep its estimates.
    assert {pointer for pointer in by_reason["not_collected"] if pointer.count("/") == 1} == {
        "/actions",
        "/blockers",
        "/documents",
        "/risks",
    }
    assert "/work_items/*/estimate" in by_reason["not_collected"]
    assert {
        "/approvals",
        "/baselines",
        "/delegations",
        "/meetings",
        "/project/execution",
        "/project/phase",
        "/role_assignments",
        "/snapshot/calendar",
        "/sprints/*/planned_start_at",
        "/standards",
        "/work_items/*/deliverable",
    } <= by_reason["not_supported"]
    assert set(by_reason) == {"truncated", "not_collected", "not_supported"}


def test_a_fact_is_found_in_the_recording(draft: Draft, folder: Path) -> None:
    """The first move into progress stands in the line of EE-26."""
    lines = (folder / "jira_api_issues.jsonl").read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if json.loads(text)["body"]["key"] == "EE-26")
    position = next(
        n
        for n, event in enumerate(draft.document["change_events"])
        if event["id"] == "jira:10716:0"
    )

    pointer = f"/change_events/{position}/at"
    assert draft.places.locate([pointer]) == {pointer: Location("jira/jira_api_issues.jsonl", line)}


def test_no_free_text_is_carried(document: dict[str, Any], folder: Path) -> None:
    """Titles are; descriptions, comments and what they were changed to are not."""
    texts = {body["fields"].get("description") for body in bodies(folder, "issues")}
    texts |= {item["toString"] for _, item in changes(folder, "description")}
    long = [text for text in texts if text and len(text) > 40]

    carried = json.dumps(document, ensure_ascii=False)
    assert long
    assert not [text for text in long if text in carried]


def test_one_project_alone_is_known_better(
    folder: Path, model: SnapshotModel, mapping: dict[str, Any]
) -> None:
    """Of project EE the sprints were all read with the issues, so their list is whole."""
    document = read(folder, model, mapping, projects=["10003"]).document

    assert document["snapshot"]["captured_at"] == "2022-06-23T13:38:52.217+00:00"
    assert (len(document["work_items"]), len(document["sprints"])) == (30, 30)
    gaps = document["snapshot"]["gaps"]
    assert {pointer for pointer, reason in gaps.items() if reason == "truncated"} == {
        "/work_items",
        "/links",
        "/change_events",
        "/time_entries",
    }


def test_an_issue_by_itself_is_read(shared: Path, model: SnapshotModel) -> None:
    """Issues that somebody saved one by one have no recording around them, and no list of sprints."""
    folder = shared / "data/jira_issues/testdata"
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    names = {"Backlog": "todo", "Selected for Development": "todo", "In Progress": "in_progress", "Done": "done"}  # fmt: skip

    draft = JiraExportReader().read(
        SourceFiles("testdata", files, is_folder=True),
        ReaderOptions(
            captured_at="2022-06-01T00:00:00Z",
            time_zone="Etc/UTC",
            mapping={"owner": "x", "at": "2022-01-01", "statuses": names, "types": {"Story": "story", "Bug": "defect"}},
            root=model.root,
        ),
    )  # fmt: skip

    assert len(draft.document["work_items"]) == len(files)
    # Some of them were asked for without their worklogs.
    assert draft.document["snapshot"]["gaps"]["/time_entries"] == "truncated"
    assert draft.document["snapshot"]["gaps"]["/sprints"] == "truncated"
    assert model.read(draft.document).auditee == "jira:10000"
