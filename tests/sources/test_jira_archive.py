"""What bare issues and sprints of Jira become: on archives that are made here, a few lines each."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import AuditorError, ConfigError, InputError
from auditor.model.location import Location
from auditor.sources.contract import Draft, Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.jira_archive import JiraArchiveReader

MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {"Open": "todo", "Closed": "done"},
    "types": {"Bug": "defect"},
}
ANA = {"key": "ana", "name": "ana", "displayName": "Ana", "timeZone": "Europe/Berlin"}
SPRINT: dict[str, Any] = {
    "id": 7,
    "state": "closed",
    "name": "Sprint 7",
    "startDate": "2026-02-02T08:00:00.000Z",
    "endDate": "2026-02-13T16:00:00.000Z",
    "completeDate": "2026-02-16T09:30:00.000Z",
}


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def issue(
    number: int = 10, /, *, without: tuple[str, ...] = (), **fields: object
) -> dict[str, Any]:
    """Make an issue as an archive keeps it, without some of the fields."""
    known = {
        "project": {"id": "1", "key": "A", "name": "Apollo"},
        "issuetype": {"name": "Bug"},
        "status": {"name": "Closed", "statusCategory": {"key": "new"}},
        "summary": "Log in",
        "assignee": ANA,
        "reporter": ANA,
        "priority": {"name": "None", "id": "6"},
        "labels": ["ios"],
        "flagged": False,
        "created": "2026-02-01T10:00:00.000+0000",
        "updated": "2026-02-20T10:00:00.000+0000",
        "resolutiondate": "2026-02-12T10:00:00.000+0000",
        "issuelinks": [],
        "closedSprints": [SPRINT],
        "description": "a long text",
        "comment": {"comments": [{"body": "…"}]},
        **fields,
    }
    kept = {name: value for name, value in known.items() if name not in without}
    return {"id": str(number), "key": f"A-{number}", "fields": kept}


def packed(*records: object) -> bytes:
    """Pack records one a line; what is no record stands there as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    return gzip.compress("\n".join(lines).encode())


def read(*records: object, **options: object) -> Draft:
    """Read records as the one packed file of an archive."""
    return read_files({"issues.jsonl.gz": packed(*records)}, **options)


def read_files(files: dict[str, bytes], **options: object) -> Draft:
    """Read the files of an archive with the schema at hand, as every run does."""
    usual = ReaderOptions(
        captured_at="2026-03-01T00:00:00Z",
        time_zone="Europe/Berlin",
        mapping=MAPPING,
        mapping_name="mapping.yaml",
        root=model().root,
    )
    changes: dict[str, Any] = options
    source = SourceFiles("archive", files, is_folder=True)
    return JiraArchiveReader().read(source, replace(usual, **changes))


def gaps(draft: Draft) -> dict[str, str]:
    """Return the gaps of a draft."""
    found: dict[str, str] = draft.document["snapshot"]["gaps"]
    return found


def told(problem: AuditorError) -> str:
    """Return a problem with its place, as a person reads it."""
    return f"{problem.location}: {problem.message}"


# ----- What is read


def test_it_is_a_reader() -> None:
    """The class keeps the contract that the registration promises."""
    assert isinstance(JiraArchiveReader(), Reader)


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        pytest.param("a.jsonl.gz", packed(issue()), True, id="packed-issues"),
        pytest.param("a.ndjson.gz", packed(issue())[:300], True, id="the-beginning-of-packed-issues"),
        pytest.param("a.jsonl.gz", packed({"id": 1}), False, id="packed-records-of-something-else"),
        pytest.param("a.jsonl.gz", b"no gzip", False, id="no-gzip"),
        pytest.param("a.jsonl", json.dumps(issue()).encode(), False, id="issues-that-are-not-packed"),
    ],
)  # fmt: skip
def test_packed_issues_are_claimed(path: str, data: bytes, expected: bool) -> None:  # noqa: FBT001 - a case
    """By what is in the file: the names of archives tell nothing."""
    source = SourceFiles("archive", {path: data, "README.md": b"x"}, is_folder=True)

    assert JiraArchiveReader().claims(source) is expected


def test_an_issue_becomes_a_work_item() -> None:
    """With every field that it has, by the mapping and never by the category of Jira."""
    (item,) = read(issue()).document["work_items"]

    assert item == {
        "id": "jira:10",
        "key": "A-10",
        "type": "defect",
        "title": "Log in",
        "status": {"native": "Closed", "category": "done"},
        "owners": ["jira:ana"],
        "reporter": "jira:ana",
        "priority": {"native": "None"},
        "labels": ["ios"],
        "flagged": False,
        "sprints": ["jira:7"],
        "created_at": "2026-02-01T10:00:00.000+00:00",
        "resolved_at": "2026-02-12T10:00:00.000+00:00",
        "last_touched_at": "2026-02-20T10:00:00.000+00:00",
        "prov": {"source": "jira", "locator": "issues.jsonl.gz:1", "method": "export"},
    }


def test_a_sprint_of_an_issue_is_read() -> None:
    """Its start stands over the planned one, which is not known any more; of a goal it says nothing."""
    draft = read(issue())
    (sprint,) = draft.document["sprints"]

    assert {key: value for key, value in sprint.items() if key != "prov"} == {
        "id": "jira:7",
        "name": "Sprint 7",
        "state": "closed",
        "started_at": "2026-02-02T08:00:00.000Z",
        "planned_end_at": "2026-02-13T16:00:00.000Z",
        "closed_at": "2026-02-16T09:30:00.000Z",
    }
    assert gaps(draft)["/sprints/*/planned_start_at"] == "not_supported"
    assert gaps(draft)["/sprints/*/goal"] == "not_collected"


def test_a_sprint_of_a_list_stands_where_it_is_written() -> None:
    """Each sprint of the list has a line of its own; sprints that nobody started are planned."""
    listed = json.dumps([SPRINT, {"id": 8, "state": "future", "name": "Later"}], indent=1)
    draft = read_files({"i.jsonl.gz": packed(issue()), "sprints.json": listed.encode()})

    assert [(sprint["id"], sprint["state"]) for sprint in draft.document["sprints"]] == [
        ("jira:7", "closed"),
        ("jira:8", "planned"),
    ]
    later = next(n for n, line in enumerate(listed.splitlines(), 1) if '"id": 8' in line) - 1
    assert draft.places.locate(["/sprints/1/name"]) == {
        "/sprints/1/name": Location("archive/sprints.json", later, 2)
    }


def test_lines_that_are_not_packed_are_read_too() -> None:
    """Somebody may have unpacked the archive."""
    draft = read_files({"issues.jsonl": json.dumps(issue()).encode(), "README.md": b"text"})

    assert [item["key"] for item in draft.document["work_items"]] == ["A-10"]


def test_the_snapshot_keeps_its_contract() -> None:
    """What the reader makes can be judged; the source names the digest of the packed file."""
    data = packed(issue(), issue(11, assignee=None))
    draft = read_files({"issues.jsonl.gz": data})

    assert model().read(draft.document).auditee == "jira:1"
    (source,) = draft.document["snapshot"]["sources"]
    assert (source["kind"], source["rows"], source["completeness"]) == (
        "jira_archive",
        3,
        "truncated",
    )
    assert len(source["raw"]) == 1


def test_an_issue_without_an_assignee_has_no_owner() -> None:
    """Null says that nobody is; a field that is not there says nothing."""
    document = read(issue(), issue(11, assignee=None), issue(12, without=("assignee",))).document

    assert [item.get("owners") for item in document["work_items"]] == [["jira:ana"], [], None]


# ----- What is not known


def test_without_histories_there_are_no_events_rather_than_none() -> None:
    """An archive of issues never asked for them."""
    draft = read(issue())

    assert not {"change_events", "time_entries", "blockers"} & draft.document.keys()
    assert {gaps(draft)[f"/{name}"] for name in ("change_events", "time_entries", "blockers")} == {
        "not_collected"
    }


def test_the_lists_are_open_until_somebody_vouches_for_them() -> None:
    """Nothing in an archive says what was asked for; who says so is written down."""
    open_lists = {"/work_items", "/sprints", "/links"}

    by_itself = read(issue())
    assert {
        pointer for pointer, reason in gaps(by_itself).items() if reason == "truncated"
    } == open_lists
    assert by_itself.document["snapshot"]["assumptions"] == []

    vouched = read(issue(), settings={"complete": ["work_items", "sprints"]})
    assert "truncated" not in gaps(vouched).values()
    assert vouched.document["snapshot"]["assumptions"] == [
        "jira: nothing is missing from sprints and work_items, as the settings say"
    ]


def test_nobody_can_vouch_for_damage() -> None:
    """A line that cannot be read is missing, whatever the settings say."""
    draft = read(issue(), "{", settings={"complete": ["work_items", "sprints"]})

    assert gaps(draft)["/work_items"] == "truncated"


def test_a_field_that_no_issue_has_was_not_asked_for() -> None:
    """It is named as a gap, while a field that some have is known for those."""
    draft = read(issue(), issue(11, without=("priority",)))

    assert gaps(draft)["/work_items/*/due_on"] == "not_collected"
    assert gaps(draft)["/work_items/*/priority/rank"] == "not_supported"
    assert "/work_items/*/priority" not in gaps(draft)


def test_a_status_that_the_mapping_sends_nowhere_has_no_category() -> None:
    """It is reported with its place, and no other name or category of Jira stands in for it."""
    draft = read(issue(), issue(11, status={"name": "Resolved", "statusCategory": {"key": "done"}}))

    assert [item["status"].get("category") for item in draft.document["work_items"]] == [
        "done",
        None,
    ]
    assert gaps(draft)["/work_items/1/status/category"] == "unparsed"
    assert [told(problem) for problem in draft.problems] == [
        "archive/issues.jsonl.gz:2:1: status 'Resolved' is not in the mapping"
    ]


def test_priorities_have_a_rank_where_somebody_gives_them_one() -> None:
    """Jira's priorities are names; which of two is the higher one nobody guesses."""
    draft = read(
        issue(priority={"name": "High"}),
        issue(11, priority=None),
        issue(12, priority={"name": "Odd"}),
        settings={"priorities": {"High": 2}},
    )

    assert [item["priority"] for item in draft.document["work_items"]] == [
        {"native": "High", "rank": 2},
        None,
        {"native": "Odd"},
    ]


def test_links_are_read_once_each() -> None:
    """Both issues name a link; Jira's own kinds are known, others only by the settings."""
    blocks = {"id": "5", "type": {"name": "Blocks"}}
    odd = {"id": "6", "type": {"name": "Gantt"}, "outwardIssue": {"id": "99"}}
    lines = (
        issue(issuelinks=[blocks | {"outwardIssue": {"id": "11"}}]),
        issue(11, issuelinks=[blocks | {"inwardIssue": {"id": "10"}}, odd]),
    )

    by_itself = read(*lines)
    assert [(link["id"], link["from"], link["to"], link.get("kind")) for link in by_itself.document["links"]] == [
        ("jira:5", "jira:10", "jira:11", "blocks"),
        ("jira:6", "jira:11", "jira:99", None),
    ]  # fmt: skip
    assert gaps(by_itself)["/links/1/kind"] == "not_collected"

    told_kind = read(*lines, settings={"links": {"Gantt": "depends"}})
    assert [link["kind"] for link in told_kind.document["links"]] == ["blocks", "depends"]


# ----- What must be said


def test_an_archive_that_nobody_dates_is_refused() -> None:
    """Neither the newest change in it nor the clock is the instant up to which it speaks."""
    with pytest.raises(ConfigError) as caught:
        read(issue(), captured_at=None)

    assert caught.value.message == "nothing in archive says when the archive was made"
    assert caught.value.hint is not None
    assert "--captured-at" in caught.value.hint


def test_an_instant_before_the_newest_change_is_refused() -> None:
    """What the issue was like at that instant is not in the archive."""
    with pytest.raises(ConfigError) as caught:
        read(issue(), issue(11, updated="2026-03-05T10:00:00.000+0100"))

    assert told(caught.value) == (
        "archive/issues.jsonl.gz:2:1: captured_at is 2026-03-01T00:00:00Z, and this issue was changed "
        "at 2026-03-05T10:00:00.000+01:00"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"compleet": "x"}, "jira_archive has no setting 'compleet'"),
        ({"complete": ["risks"]}, "'complete' wants names of lists, found 'risks', for archive"),
        ({"projects": ["B"]}, "no issue belongs to the Jira project 'B'"),
        (
            {"links": {"Gantt": "after"}},
            "'links' wants names of the source, each with one of blocks, depends, duplicates, relates, tests, for archive",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_an_error(settings: dict[str, Any], message: str) -> None:
    """It is told, not ignored."""
    with pytest.raises(ConfigError) as caught:
        read(issue(), settings=settings)

    assert caught.value.message == message


def test_issues_of_several_projects_want_a_choice() -> None:
    """Nobody guesses whose snapshot it is."""
    other = issue(11, project={"id": "2", "key": "B", "name": "Bravo"})
    with pytest.raises(ConfigError, match="the issues belong to 2 Jira projects: A, B"):
        read(issue(), other)

    assert read(issue(), other, settings={"projects": "B"}).document["project"]["name"] == "Bravo"
    assert read(issue(), other, auditee="x").document["project"]["id"] == "x"


# ----- What is damaged or contradicts itself


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("{", "want a key in double quotes, found the end of the file", id="no-json"),
        pytest.param("[]", "a line holds a list, want one JSON object", id="a-list"),
        pytest.param("5", "neither an issue nor a sprint of Jira: it has no id", id="a-number"),
        pytest.param('{"id": "1", "name": "x"}', "1 is neither an issue, which has fields, nor a sprint, which has a state", id="something-else"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_told_and_the_others_are_read(
    line: str, message: str
) -> None:
    """With its line in the unpacked file; blank lines are none."""
    draft = read("", line, issue())

    assert [item["key"] for item in draft.document["work_items"]] == ["A-10"]
    assert [(str(p.location).rsplit(":", 1)[0], p.message) for p in draft.problems] == [
        ("archive/issues.jsonl.gz:2", message)
    ]
    assert gaps(draft)["/work_items"] == "truncated"


def test_an_archive_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    """The damage is told, and no list is complete."""
    data = packed(*(issue(number, summary=f"{number:x}" * 40) for number in range(10, 4000)))
    draft = read_files(
        {"issues.jsonl.gz": data[: len(data) // 2]}, settings={"complete": "work_items"}
    )

    assert 0 < len(draft.document["work_items"]) < 3990
    assert [problem.message for problem in draft.problems] == [
        "the gzip file was cut off; what came behind is missing"
    ]
    assert gaps(draft)["/work_items"] == "truncated"


def test_files_without_any_record_are_an_error() -> None:
    """Nothing is never a snapshot; what is damaged is pointed at."""
    with pytest.raises(InputError) as caught:
        read_files({"issues.jsonl.gz": b"no gzip", "sprints.json": b"[]"})

    assert told(caught.value) == "archive/issues.jsonl.gz:1:1: no record of Jira is in archive"


def test_an_issue_that_is_told_twice_in_the_same_way_counts_once() -> None:
    """Free text, which is not read, may differ."""
    draft = read_files(
        {"a.jsonl.gz": packed(issue()), "b.jsonl.gz": packed(issue(description="shorter"))}
    )

    assert (len(draft.document["work_items"]), draft.problems) == (1, ())


def test_an_issue_that_is_told_in_two_ways_is_not_believed() -> None:
    """Nothing tells which of the two is the newer one."""
    draft = read_files(
        {"a.jsonl.gz": packed(issue(), issue(11)), "b.jsonl.gz": packed(issue(summary="Sign in"))},
        settings={"complete": "work_items"},
    )

    assert [item["key"] for item in draft.document["work_items"]] == ["A-11"]
    assert gaps(draft)["/work_items"] == "truncated"
    assert [told(problem) for problem in draft.problems] == [
        "archive/b.jsonl.gz:1:1: issue 10 is told otherwise in archive/a.jsonl.gz:1; it is left out"
    ]


def test_a_sprint_that_is_told_in_two_ways_loses_what_is_in_dispute() -> None:
    """What both agree on is kept."""
    path = "archive/issues.jsonl.gz"
    later = SPRINT | {"completeDate": "2026-02-17T09:30:00.000Z"}
    draft = read(issue(), issue(11, closedSprints=[later]))
    (sprint,) = draft.document["sprints"]

    assert sprint["planned_end_at"] == "2026-02-13T16:00:00.000Z"
    assert "closed_at" not in sprint
    assert [told(problem) for problem in draft.problems] == [
        f"{path}:2:1: completeDate of sprint 7 is told otherwise in {path}:1; the fact is left out"
    ]


def test_the_order_of_lines_changes_nothing_but_places() -> None:
    """The same archive, packed by somebody else, is the same snapshot."""
    lines = [issue(12), issue(10), issue(11, assignee=None)]

    def bare(draft: Draft) -> dict[str, Any]:
        return {
            name: [{key: record[key] for key in record if key != "prov"} for record in records]
            for name, records in draft.document.items()
            if isinstance(records, list)
        }

    assert bare(read(*lines)) == bare(read(*reversed(lines)))


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [5], {"id": 5}, [{"id": []}]])
def test_no_form_of_a_field_breaks_the_reader(value: object) -> None:
    """A hostile archive gives a snapshot with gaps, or an error; never a traceback."""
    for field in issue()["fields"]:
        if field != "project":
            changed: dict[str, Any] = {field: value}
            draft = read(issue(**changed))
            assert model().read(draft.document).auditee == "jira:1"
