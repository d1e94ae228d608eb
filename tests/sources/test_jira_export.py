"""What recorded Jira responses become, on recordings that are made here, a few lines each."""

from __future__ import annotations

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
from auditor.sources.instants import rewritten
from auditor.sources.readers.jira_export import JiraExportReader

SITE = "https://acme.atlassian.net"
ISSUES = f"{SITE}/rest/agile/1.0/board/8/issue?maxResults=50&startAt=0"
SPRINTS = f"{SITE}/rest/agile/1.0/board/8/sprint?maxResults=50&startAt=0"
READ_AT = "2026-03-03T18:00:00+00:00"
MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {"Open": "todo", "Doing": "in_progress", "已完成": "done"},
    "types": {"Story": "story"},
}
ANA = {"accountId": "ana-1", "displayName": "Ana", "accountType": "atlassian"}
BOT = {"accountId": "bot-1", "displayName": "Robot", "accountType": "app"}


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def recorded(url: str, *bodies: object, at: str = READ_AT) -> list[str]:
    """Write each body as a line of a recording."""
    return [json.dumps({"url": url, "captured_at": at, "body": body}) for body in bodies]


def issue(number: int = 10, /, **fields: object) -> dict[str, Any]:
    """Make an issue as the agile API answers with it; `histories` are those of its changelog."""
    histories = fields.pop("histories", ())
    listed = list(histories) if isinstance(histories, (list, tuple)) else []
    return {
        "id": str(number),
        "key": f"A-{number}",
        "fields": {
            "project": {"id": "1", "key": "A", "name": "Apollo"},
            "issuetype": {"name": "Story"},
            "status": {"name": "Open", "statusCategory": {"key": "done"}},
            "summary": "Log in",
            "assignee": ANA,
            "epic": None,
            "sprint": None,
            "duedate": None,
            "created": "2026-03-01T10:00:00.000+0800",
            "resolutiondate": None,
            "description": "a long text",
            "worklog": {"total": 0, "worklogs": []},
            **fields,
        },
        "changelog": {"total": len(listed), "histories": listed},
    }


def history(
    number: int, *items: dict[str, Any], at: str = "2026-03-02T09:00:00.000+0000"
) -> dict[str, Any]:
    """Make a history of one click."""
    return {"id": str(number), "author": ANA, "created": at, "items": list(items)}


def change(
    field: str,
    old: str | None,
    new: str | None,
    *,
    ids: tuple[str | None, str | None] = (None, None),
) -> dict[str, Any]:
    """Make a changed field; *ids* are what Jira keeps beside the shown texts."""
    return {"field": field, "from": ids[0], "fromString": old, "to": ids[1], "toString": new}


def sprint(number: int = 7, /, **fields: object) -> dict[str, Any]:
    """Make a sprint that was closed."""
    return {
        "id": number,
        "name": f"Sprint {number}",
        "goal": "",
        "state": "closed",
        "originBoardId": 8,
        "startDate": "2026-02-02T08:00:00.000Z",
        "endDate": "2026-02-13T16:00:00.000Z",
        "completeDate": "2026-02-16T09:30:00.000Z",
        **fields,
    }


def read(*lines: str, **options: object) -> Draft:
    """Read lines as one file of a folder."""
    source = SourceFiles("export", {"board.jsonl": "\n".join(lines).encode()}, is_folder=True)
    return read_files(source, **options)


def read_files(source: SourceFiles, **options: object) -> Draft:
    """Read files with the schema at hand, as every run does."""
    usual = ReaderOptions(
        time_zone="Europe/Berlin", mapping=MAPPING, mapping_name="mapping.yaml", root=model().root
    )
    changes: dict[str, Any] = options
    return JiraExportReader().read(source, replace(usual, **changes))


def whole_board(*issues: dict[str, Any]) -> list[str]:
    """Write a recording in which nothing is missing."""
    return recorded(ISSUES, *issues) + recorded(SPRINTS, sprint())


def told(problem: AuditorError) -> str:
    """Return a problem with its place, as a person reads it."""
    return f"{problem.location}: {problem.message}"


# ----- The head


def test_it_is_a_reader() -> None:
    """The class keeps the contract that the registration promises."""
    assert isinstance(JiraExportReader(), Reader)


@pytest.mark.parametrize(
    ("name", "path", "data", "expected"),
    [
        pytest.param("x", "jira_issues.jsonl", b"", True, id="a-file-called-after-jira"),
        pytest.param("Jira", "issues.ndjson", b"", True, id="a-folder-called-after-jira"),
        pytest.param("x", "a.jsonl", recorded(ISSUES, {})[0].encode(), True, id="a-recording-by-its-content"),
        pytest.param("x", "a.jsonl", b'{"url": "https://gitlab.example/api/v4/x"}', False, id="of-another-tool"),
        pytest.param("jira", "delivery/project.yaml", b"", False, id="no-json-lines"),
    ],
)  # fmt: skip
def test_it_claims_recordings_of_jira(name: str, path: str, data: bytes, *, expected: bool) -> None:
    """JSON Lines are claimed by their name or by how they begin."""
    assert JiraExportReader().claims(SourceFiles(name, {path: data}, is_folder=True)) is expected


def test_the_snapshot_keeps_its_contract() -> None:
    """What the reader makes is a snapshot by the schema."""
    snapshot = model().read(read(*whole_board(issue())).document)

    assert (snapshot.auditee, snapshot.name) == ("jira:1", "Apollo")


def test_captured_at_is_that_of_the_newest_response() -> None:
    """The newest response that became a fact says up to when the board is known."""
    later = recorded(SPRINTS, sprint(), at="2026-03-03T19:00:00+01:00")
    earlier = recorded(ISSUES, issue(), at="2026-03-03T17:59:00+00:00")
    unused = recorded(f"{SITE}/rest/api/2/status", {"id": "1"}, at="2027-01-01T00:00:00Z")

    head = read(*later, *earlier, *unused).document["snapshot"]

    assert head["captured_at"] == "2026-03-03T19:00:00+01:00"


def test_a_time_without_a_zone_needs_somebody_to_say_it() -> None:
    """Without an assumed zone there is no instant; that of a commit, say, would claim too much."""
    lines = recorded(ISSUES, issue(), at="2022-06-23 10:43:19.866")

    with pytest.raises(ConfigError) as caught:
        read(*lines, time_zone=None, captured_at=READ_AT)

    assert told(caught.value) == (
        "export/board.jsonl:1:1: captured_at '2022-06-23 10:43:19.866' names no time zone"
    )
    assert "assume_time_zone" in str(caught.value.hint)


def test_an_assumed_zone_is_recorded() -> None:
    """The assumption stands in the snapshot, so that a reader can doubt it."""
    lines = recorded(ISSUES, issue(), at="2022-06-23 10:43:19.866")

    head = read(*lines, settings={"assume_time_zone": "Asia/Shanghai"}).document["snapshot"]

    assert head["captured_at"] == "2022-06-23T10:43:19.866+08:00"
    assert head["assumptions"] == ["jira: times that name no time zone are read in Asia/Shanghai"]
    assert head["time_zone"] == "Europe/Berlin"


def test_no_assumption_is_recorded_where_none_was_needed() -> None:
    """A zone that nobody used is not listed."""
    head = read(*whole_board(issue()), settings={"assume_time_zone": "UTC"}).document["snapshot"]

    assert head["assumptions"] == []


def test_bare_issues_take_the_instant_that_is_given() -> None:
    """An issue without a recording around it cannot say when it was read."""
    source = SourceFiles(
        "A-10.json", {"A-10.json": json.dumps(issue(), indent=1).encode()}, is_folder=False
    )

    draft = read_files(source, captured_at=READ_AT)

    assert draft.document["snapshot"]["captured_at"] == READ_AT
    assert draft.document["work_items"][0]["prov"] == {
        "source": "jira", "locator": "A-10.json:1", "method": "export",
    }  # fmt: skip
    with pytest.raises(ConfigError, match="says when it was read"):
        read_files(source)


def test_the_source_is_described() -> None:
    """The head tells what was asked, when, and whether everything came."""
    head = read(*whole_board(issue()), mapping_sha256="sha256:00").document["snapshot"]

    assert [(one["id"], one["kind"], one["tool"], one["query"]) for one in head["sources"]] == [
        ("jira", "jira_export", "Jira acme.atlassian.net", "board/8/issue, board/8/sprint")
    ]
    assert head["sources"][0]["rows"] == 2
    assert head["sources"][0]["completeness"] == "complete"
    assert head["mapping"] == {
        "file": "mapping.yaml", "sha256": "sha256:00", "owner": "office", "at": "2026-03-02",
    }  # fmt: skip


# ----- Whom it is about


def test_issues_of_two_projects_need_a_choice() -> None:
    """The reader does not guess which project is the auditee."""
    other = issue(11, project={"id": "2", "key": "B"})

    with pytest.raises(ConfigError, match="belong to 2 Jira projects: A, B"):
        read(*whole_board(issue(), other))


def test_projects_are_chosen_by_key() -> None:
    """A chosen project leaves the issues of all others out, with their histories."""
    other = issue(
        11,
        histories=[history(1, change("status", "Open", "Doing"))],
        project={"id": "2", "key": "B"},
    )

    document = read(*whole_board(issue(), other), settings={"projects": ["A"]}).document

    assert document["project"]["id"] == "jira:1"
    assert [item["id"] for item in document["work_items"]] == ["jira:10"]
    assert document["change_events"] == []
    assert "/work_items" not in document["snapshot"]["gaps"]


def test_two_projects_may_be_judged_as_one() -> None:
    """With an auditee of its own, the board has no name that one project could give."""
    other = issue(11, project={"id": "2", "key": "B", "name": "Borea"})

    project = read(*whole_board(issue(), other), auditee="jira:board-8").document["project"]

    assert {"id": project["id"], **{key: project.get(key) for key in ("key", "name")}} == {
        "id": "jira:board-8", "key": None, "name": None,
    }  # fmt: skip


def test_two_sites_need_a_choice() -> None:
    """The ids of two Jira sites mean different things."""
    elsewhere = recorded("https://other.example/rest/agile/1.0/board/3/issue", issue(10))

    with pytest.raises(ConfigError) as caught:
        read(*whole_board(issue()), *elsewhere)
    draft = read(*whole_board(issue()), *elsewhere, settings={"site": "acme.atlassian.net"})

    assert caught.value.message == (
        "the records come from 2 Jira sites: acme.atlassian.net (2), other.example (1)"
    )
    assert [item["prov"]["locator"] for item in draft.document["work_items"]] == ["board.jsonl:1"]


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        pytest.param({"sit": "x"}, "jira_export has no setting 'sit'", "did you mean 'site'?", id="unknown"),
        pytest.param({"site": 5}, "'site' wants a text, for export", "write 'site: NAME'", id="no-text"),
        pytest.param({"projects": [5]}, "'projects' wants a list of texts, for export", "write 'projects: [ONE, TWO]'", id="no-list"),
        pytest.param({"projects": "AA"}, "no issue belongs to the Jira project 'AA'", "did you mean 'A'?", id="no-such-project"),
        pytest.param({"site": "acme.atlasian.net"}, "no record comes from the Jira site 'acme.atlasian.net'", "did you mean 'acme.atlassian.net'?", id="no-such-site"),
        pytest.param({"assume_time_zone": "Asia/Shanghay"}, "no time zone is called 'Asia/Shanghay'; did you mean 'Asia/Shanghai'?", None, id="no-such-zone"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_an_error(
    settings: dict[str, Any], message: str, hint: str | None
) -> None:
    """A typo must not switch anything off."""
    with pytest.raises(ConfigError) as caught:
        read(*whole_board(issue()), settings=settings)

    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_files_without_jira_are_refused() -> None:
    """A recording of nothing is no snapshot of an empty project."""
    with pytest.raises(InputError, match="no record of Jira is in export"):
        read(*recorded(f"{SITE}/rest/api/2/status", {"id": "1", "name": "Open"}))


# ----- Records


def test_an_issue_becomes_a_work_item() -> None:
    """Every fact of the record is Jira's own; text about people stays behind."""
    own = issue(
        parent={"id": "9"}, resolutiondate="2026-03-03T12:00:00.000-0330", duedate="2026-03-20",
        sprint={"id": 8, "state": "active", "boardId": 8}, closedSprints=[{"id": 7, "state": "closed"}],
    )  # fmt: skip

    item = read(*whole_board(own)).document["work_items"][0]

    assert item == {
        "id": "jira:10",
        "key": "A-10",
        "url": "https://acme.atlassian.net/browse/A-10",
        "type": "story",
        "title": "Log in",
        "status": {"native": "Open", "category": "todo"},
        "owners": ["jira:ana-1"],
        "parent": "jira:9",
        "sprints": ["jira:7", "jira:8"],
        "due_on": "2026-03-20",
        "created_at": "2026-03-01T10:00:00.000+08:00",
        "resolved_at": "2026-03-03T12:00:00.000-03:30",
        "prov": {"source": "jira", "locator": "board.jsonl:1", "method": "export", "captured_at": READ_AT},
    }  # fmt: skip


def test_null_is_known_and_missing_is_not() -> None:
    """A null assignee is nobody; an assignee that was not asked for is unobserved."""
    unasked = issue(11)
    for field in ("assignee", "epic", "sprint", "duedate", "resolutiondate"):
        del unasked["fields"][field]

    known, unknown = read(*whole_board(issue(assignee=None), unasked)).document["work_items"]

    absent: dict[str, object] = {
        "owners": [],
        "parent": None,
        "sprints": [],
        "due_on": None,
        "resolved_at": None,
    }
    assert {field: known[field] for field in absent} == absent
    assert not absent.keys() & unknown.keys()


def test_the_category_comes_from_the_mapping_alone() -> None:
    """Jira's own statusCategory says done; the mapping says todo."""
    item = read(*whole_board(issue())).document["work_items"][0]

    assert item["status"] == {"native": "Open", "category": "todo"}


def test_an_unmapped_status_is_unobserved_and_reported() -> None:
    """The name and where it occurred are told once, and nothing is guessed."""
    moved = history(1, change("status", "Open", "Waiting"))
    waiting = [
        issue(n, status={"name": "Waiting"}, histories=[moved] if n == 11 else []) for n in (11, 12)
    ]

    draft = read(*whole_board(issue(10), *waiting))

    first, second, third = draft.document["work_items"]
    assert (first["status"]["category"], second["status"], third["status"]) == (
        "todo", {"native": "Waiting"}, {"native": "Waiting"},
    )  # fmt: skip
    event = draft.document["change_events"][0]
    assert (event["from"], event["native"]["to"], "to" in event) == ("todo", "Waiting", False)
    gaps = draft.document["snapshot"]["gaps"]
    assert {pointer for pointer, reason in gaps.items() if reason == "unparsed"} == {
        "/work_items/1/status/category", "/work_items/2/status/category", "/change_events/*/to",
    }  # fmt: skip
    assert [(told(problem), problem.hint) for problem in draft.problems] == [
        (
            "export/board.jsonl:2:1: status 'Waiting' is not in the mapping",
            "add it under statuses in mapping.yaml; also in export/board.jsonl:3",
        )
    ]
    model().read(draft.document)


def test_without_a_mapping_no_status_means_anything() -> None:
    """One problem says so, with the names that a mapping would need."""
    draft = read(*whole_board(issue()), mapping=None)

    assert draft.document["snapshot"]["gaps"]["/work_items/*/status/category"] == "unparsed"
    assert [(told(problem), problem.hint) for problem in draft.problems] == [
        (
            "export/board.jsonl:1:1: there is no mapping for this source, so what its statuses and types mean is not known",
            "write a mapping file with statuses: Open",
        )
    ]


def test_a_status_is_found_however_its_characters_are_composed() -> None:
    """Two spellings of one name in Unicode are one name."""
    mapping = MAPPING | {"statuses": {"Pr\u00fcfung": "in_review"}}

    item = read(*whole_board(issue(status={"name": "Pru\u0308fung"})), mapping=mapping).document[
        "work_items"
    ][0]

    assert item["status"]["category"] == "in_review"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {},
            {"state": "closed", "started_at": "2026-02-02T08:00:00.000Z", "planned_end_at": "2026-02-13T16:00:00.000Z", "closed_at": "2026-02-16T09:30:00.000Z"},
            id="closed-its-start-date-is-the-real-one",
        ),
        pytest.param(
            {"state": "active", "completeDate": None},
            {"state": "active", "started_at": "2026-02-02T08:00:00.000Z", "planned_end_at": "2026-02-13T16:00:00.000Z", "closed_at": None},
            id="active",
        ),
        pytest.param(
            {"state": "future"},
            {"state": "planned", "planned_start_at": "2026-02-02T08:00:00.000Z", "started_at": None, "planned_end_at": "2026-02-13T16:00:00.000Z", "closed_at": None},
            id="future-its-start-date-is-a-plan",
        ),
        pytest.param(
            {"activatedDate": "2026-02-03T10:00:00.000+0100"},
            {"state": "closed", "planned_start_at": "2026-02-02T08:00:00.000Z", "started_at": "2026-02-03T10:00:00.000+01:00", "planned_end_at": "2026-02-13T16:00:00.000Z", "closed_at": "2026-02-16T09:30:00.000Z"},
            id="both-starts-where-jira-keeps-both",
        ),
    ],
)  # fmt: skip
def test_the_dates_of_a_sprint(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """Jira writes the real start over the planned one when the sprint is started."""
    made = read(*recorded(ISSUES, issue()), *recorded(SPRINTS, sprint(**fields))).document[
        "sprints"
    ]

    shown = {key: value for key, value in made[0].items() if key == "state" or key.endswith("_at")}
    assert [shown] == [expected]
    assert made[0]["goal"] is None


def test_a_sprint_that_was_never_closed_properly_has_no_close() -> None:
    """A closed sprint without a completion date closed at some time that nobody knows."""
    body = sprint()
    del body["completeDate"]

    made = read(*recorded(ISSUES, issue()), *recorded(SPRINTS, body)).document["sprints"][0]

    assert "closed_at" not in made


def test_a_worklog_becomes_a_time_entry_once() -> None:
    """The same worklog in the issue and on its own is one entry, as it was read last."""
    old = {"id": "5", "issueId": "10", "author": ANA, "started": "2026-03-02T09:00:00.000+0100", "created": "2026-03-02T10:00:00.000+0100", "timeSpentSeconds": 60}  # fmt: skip
    new = old | {"timeSpentSeconds": 7200, "updated": "2026-03-03T10:00:00.000+0100"}
    own = issue(worklog={"total": 1, "worklogs": [old]})

    entries = read(
        *whole_board(own),
        *recorded(f"{SITE}/rest/api/2/issue/10/worklog", new, at="2026-03-03T18:01:00Z"),
    ).document["time_entries"]

    assert entries == [
        {
            "id": "jira:5",
            "item": "jira:10",
            "party": "jira:ana-1",
            "seconds": 7200,
            "started_at": "2026-03-02T09:00:00.000+01:00",
            "recorded_at": "2026-03-03T10:00:00.000+01:00",
            "prov": {"source": "jira", "locator": "board.jsonl:3", "method": "export", "captured_at": "2026-03-03T18:01:00Z"},
        }
    ]  # fmt: skip


def test_whoever_is_named_becomes_a_party() -> None:
    """People and apps are told apart, and an address is one more account."""
    own = issue(reporter={**ANA, "emailAddress": "ana@acme.example"}, assignee=BOT)

    parties = read(*whole_board(own)).document["parties"]

    assert [{key: party[key] for key in ("id", "name", "kind", "accounts")} for party in parties] == [
        {"id": "jira:ana-1", "name": "Ana", "kind": "person", "accounts": ["jira:ana-1", "ana@acme.example"]},
        {"id": "jira:bot-1", "name": "Robot", "kind": "organisation", "accounts": ["jira:bot-1"]},
    ]  # fmt: skip


# ----- History


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(
            change("status", "Open", "已完成", ids=("1", "2")),
            [{"field": "status", "from": "todo", "to": "done", "native": {"from": "Open", "to": "已完成"}}],
            id="status-by-category-with-the-native-names",
        ),
        pytest.param(
            change("Sprint", "One, Two", "Two, Three", ids=("7, 8", "8, 9")),
            [{"field": "sprints", "from": "jira:7", "to": None}, {"field": "sprints", "from": None, "to": "jira:9"}],
            id="sprints-one-by-one",
        ),
        pytest.param(
            change("assignee", None, "Ana", ids=(None, "ana-1")),
            [{"field": "owners", "from": None, "to": "jira:ana-1"}],
            id="assignee",
        ),
        pytest.param(
            change("duedate", "9/Mar/26", None, ids=("2026-03-09", None)),
            [{"field": "due_on", "from": "2026-03-09", "to": None}],
            id="due-date",
        ),
        pytest.param(
            change("priority", "Medium", "High", ids=("3", "2")),
            [{"field": "priority", "from": "Medium", "to": "High", "native": {"from": "Medium", "to": "High"}}],
            id="priority-by-its-native-name",
        ),
        pytest.param(
            change("Epic Link", None, "A-2", ids=(None, "12")),
            [{"field": "parent", "from": None, "to": "jira:12"}],
            id="epic",
        ),
        pytest.param(
            change("issuetype", "Bug", "Story", ids=("1", "2")),
            [{"field": "type", "to": "story", "native": {"from": "Bug", "to": "Story"}}],
            id="type-of-which-one-name-is-not-mapped",
        ),
        pytest.param(change("description", "secret", "text"), [], id="free-text-is-not-carried"),
    ],
)  # fmt: skip
def test_a_change_becomes_events(item: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    """Only fields that a policy can ask for are carried, in our own words."""
    events = read(*whole_board(issue(histories=[history(31, item)]))).document["change_events"]

    assert [
        {
            key: value
            for key, value in event.items()
            if key not in {"id", "item", "at", "by", "prov"}
        }
        for event in events
    ] == expected
    assert all(event["item"] == "jira:10" and event["by"] == "jira:ana-1" for event in events)
    assert len({event["id"] for event in events}) == len(events)


def test_a_history_counts_once_and_in_the_order_of_time() -> None:
    """The same history in the issue and on its own is one; the file's order does not matter."""
    first = history(31, change("status", "Open", "Doing"), at="2026-03-02T09:00:00.000+0800")
    second = history(32, change("status", "Doing", "已完成"), at="2026-03-02T02:00:00.000+0000")
    apart = recorded(
        f"{SITE}/rest/api/3/issue/10/changelog?maxResults=100&startAt=0", first, second
    )

    events = read(*whole_board(issue(histories=[second])), *apart).document["change_events"]

    assert [(event["id"], event["at"]) for event in events] == [
        ("jira:31:0", "2026-03-02T09:00:00.000+08:00"),
        ("jira:32:0", "2026-03-02T02:00:00.000+00:00"),
    ]


def test_a_change_at_no_known_time_is_no_event() -> None:
    """It is reported, and the list of events has lost something."""
    draft = read(
        *whole_board(issue(histories=[history(31, change("status", "Open", "Doing"), at="soon")]))
    )

    assert draft.document["change_events"] == []
    assert draft.document["snapshot"]["gaps"]["/change_events"] == "truncated"
    assert [told(problem) for problem in draft.problems] == [
        "export/board.jsonl:1:1: history 31 has no instant under 'created'"
    ]


# ----- What is not known


def test_what_jira_cannot_know_is_a_gap() -> None:
    """No list is empty because Jira was never asked for it, and each gap says why."""
    document = read(*whole_board(issue())).document

    made = {
        "snapshot",
        "project",
        "parties",
        "sprints",
        "work_items",
        "change_events",
        "time_entries",
    }
    assert set(document) == made
    assert (document["change_events"], document["time_entries"]) == ([], [])
    gaps = document["snapshot"]["gaps"]
    assert {pointer for pointer, reason in gaps.items() if reason == "not_collected"} == {
        *("/documents", "/blockers", "/risks", "/actions", "/links"),
        *("/work_items/*/estimate", "/work_items/*/remaining", "/work_items/*/severity"),
        *("/work_items/*/flagged", "/work_items/*/labels", "/work_items/*/last_touched_at"),
        *("/work_items/*/last_touched_by", "/work_items/*/priority", "/work_items/*/reporter"),
        "/work_items/*/reopened_count",
    }
    assert {reason for reason in gaps.values() if reason != "not_collected"} == {"not_supported"}
    assert {
        *("/snapshot/calendar", "/project/client", "/project/execution", "/project/phase"),
        *("/parties/*/joined_at", "/sprints/*/planned_start_at", "/work_items/*/deliverable"),
        *("/work_items/*/started_at", "/role_assignments", "/delegations", "/baselines"),
        *("/approvals", "/meetings", "/standards"),
    } <= gaps.keys()


def test_every_entity_of_the_schema_is_made_or_named_as_a_gap() -> None:
    """An entity that the schema learns must not look like one that the project has none of."""
    document = read(*recorded(ISSUES, issue())).document

    gaps = document["snapshot"]["gaps"]
    assert [
        name for name in model().root.fields if name not in document and f"/{name}" not in gaps
    ] == ["ext"]


@pytest.mark.parametrize(
    ("lines", "truncated"),
    [
        pytest.param(whole_board(issue()), set(), id="nothing-where-all-is-there"),
        pytest.param(
            [*whole_board(issue()), "{broken"],
            {"/work_items", "/sprints", "/change_events", "/time_entries"},
            id="all-that-a-broken-line-may-have-held",
        ),
        pytest.param(
            recorded(ISSUES.replace("=50", "=1"), issue()) + recorded(SPRINTS, sprint()),
            {"/work_items", "/change_events", "/time_entries"},
            id="a-page-that-is-full-and-the-last-recorded",
        ),
        pytest.param(
            recorded(ISSUES.replace("=50", "=1"), issue())
            + recorded(ISSUES.replace("=50", "=1").replace("At=0", "At=1"), issue(11))
            + recorded(ISSUES.replace("=50", "=1").replace("At=0", "At=2"), {"issues": [], "total": 2})
            + recorded(SPRINTS, sprint()),
            set(),
            id="nothing-where-the-next-page-is-there-and-empty",
        ),
        pytest.param(
            recorded(ISSUES, {"startAt": 0, "maxResults": 50, "total": 2, "issues": [issue()]})
            + recorded(SPRINTS, {"isLast": True, "values": [sprint()]}),
            {"/work_items", "/change_events", "/time_entries"},
            id="a-page-that-counts-more-than-it-holds",
        ),
        pytest.param(
            recorded(ISSUES, issue() | {"changelog": {"total": 2, "histories": [history(1)]}})
            + recorded(SPRINTS, sprint()),
            {"/change_events"},
            id="a-history-that-counts-more-than-it-holds",
        ),
        pytest.param(
            recorded(ISSUES, issue(worklog={"total": 21, "worklogs": []})) + recorded(SPRINTS, sprint()),
            {"/time_entries"},
            id="worklogs-of-which-the-first-twenty-came",
        ),
        pytest.param(
            whole_board(issue())
            + recorded(f"{SITE}/rest/api/3/issue/99/changelog?maxResults=100&startAt=0", history(1)),
            {"/work_items", "/change_events", "/time_entries"},
            id="a-history-of-an-issue-that-is-not-there",
        ),
        pytest.param(
            recorded(ISSUES, issue(sprint=sprint(8, state="active"))),
            {"/sprints"},
            id="sprints-that-only-issues-name",
        ),
        pytest.param(
            recorded(ISSUES, issue()) + recorded(SPRINTS, sprint(), at="2026-03-02T17:59:59Z"),
            {"/sprints"},
            id="a-list-read-more-than-a-day-before-the-rest",
        ),
        pytest.param(
            recorded(ISSUES, issue()) + recorded(SPRINTS, sprint(), at="2026-03-02T18:00:00Z"),
            set(),
            id="nothing-where-it-was-a-day",
        ),
    ],
)  # fmt: skip
def test_a_list_that_lost_a_part_is_truncated(lines: list[str], truncated: set[str]) -> None:
    """A list that was cut short is never taken for a complete one."""
    document = read(*lines).document

    gaps = document["snapshot"]["gaps"]
    assert {pointer for pointer, reason in gaps.items() if reason == "truncated"} == truncated
    model().read(document)


def test_lists_that_were_never_asked_for_are_not_collected() -> None:
    """Issues without changelog and worklog say nothing of either."""
    bare = issue()
    del bare["changelog"], bare["fields"]["worklog"]

    document = read(*recorded(ISSUES, bare)).document

    assert {
        name for name in ("sprints", "change_events", "time_entries") if name in document
    } == set()
    assert {
        document["snapshot"]["gaps"][f"/{name}"] for name in ("sprints", "change_events", "time_entries")
    } == {"not_collected"}  # fmt: skip


# ----- Bad input


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("{broken", "export/board.jsonl:3:2: want a key in double quotes, found 'broken'", id="no-json"),
        pytest.param('{"a": 1, "a": 2}', "export/board.jsonl:3:10: key 'a' is given twice, first in line 3", id="a-key-twice"),
        pytest.param('{"a": NaN}', "export/board.jsonl:3:7: NaN is no finite number", id="nan"),
        pytest.param("5", "export/board.jsonl:3:1: want one JSON object a line", id="a-number"),
        pytest.param("[]", "export/board.jsonl:3:1: a line holds a list, want one JSON object", id="a-list"),
        pytest.param(recorded(ISSUES, {"key": "A-1"})[0], "export/board.jsonl:3:1: this issue has no id", id="an-issue-without-an-id"),
        pytest.param(recorded(ISSUES, {"id": "1", "fields": 5})[0], "export/board.jsonl:3:1: issue 1 has no fields", id="an-issue-without-fields"),
        pytest.param("[" * 100, "export/board.jsonl:3:65: more than 64 lists and mappings inside each other", id="nesting"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_a_problem(line: str, expected: str) -> None:
    """It is named by file and line, and the other lines are still read."""
    draft = read(*whole_board(issue()), line)

    assert [told(problem) for problem in draft.problems] == [expected]
    assert len(draft.document["work_items"]) == 1


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [5], {"id": 5}, [{"id": []}]], ids=repr)
def test_no_form_of_a_field_breaks_the_reader(value: object) -> None:
    """Whatever stands where Jira writes something else, the result keeps the contract."""
    fields = ("status", "issuetype", "assignee", "reporter", "parent", "epic", "sprint", "closedSprints", "worklog", "project", "summary", "customfield_1")  # fmt: skip
    for field in fields:
        draft = read(*whole_board(issue(**{field: value})), auditee="jira:1")
        model().read(draft.document)
    for field in ("changelog", "key"):
        model().read(read(*whole_board(issue() | {field: value}), auditee="jira:1").document)
    for field in ("name", "goal", "state", "startDate", "completeDate", "activatedDate"):
        lines = recorded(ISSUES, issue()) + recorded(SPRINTS, sprint(**{field: value}))
        model().read(read(*lines).document)
    for field in ("author", "created", "items"):
        model().read(read(*whole_board(issue(histories=[history(1) | {field: value}]))).document)


def test_an_instant_that_is_none_is_unobserved() -> None:
    """The field is left out with its reason, and the problem names it."""
    draft = read(*whole_board(issue(created="yesterday")))

    assert "created_at" not in draft.document["work_items"][0]
    assert draft.document["snapshot"]["gaps"]["/work_items/*/created_at"] == "unparsed"
    assert [told(problem) for problem in draft.problems] == [
        "export/board.jsonl:1:1: created of jira:10 is no instant: 'yesterday'"
    ]


# ----- Places and sameness


def test_a_fact_stands_where_its_record_stands() -> None:
    """A pointer leads to the line of the export; the head of the snapshot stands in no line."""
    draft = read(
        *whole_board(
            issue(10), issue(11, histories=[history(1, change("status", "Open", "Doing"))])
        )
    )

    wanted = ["/work_items/1/status/category", "/change_events/0", "/sprints/0/state", "/project/name", "/snapshot/gaps"]  # fmt: skip
    assert draft.places.locate(wanted) == {
        "/work_items/1/status/category": Location("export/board.jsonl", 2),
        "/change_events/0": Location("export/board.jsonl", 2),
        "/sprints/0/state": Location("export/board.jsonl", 3),
        "/project/name": Location("export/board.jsonl", 1),
    }


def test_the_order_of_lines_and_files_changes_nothing_but_places() -> None:
    """Two exports of the same board give the same facts."""
    lines = whole_board(
        issue(9, histories=[history(5, change("status", "Open", "Doing"))]),
        issue(10, histories=[history(4, change("status", "Open", "Doing"))]),
        issue(11),
    )

    def facts(document: object) -> object:
        if isinstance(document, dict):
            return {
                key: facts(value)
                for key, value in document.items()
                if key not in {"locator", "raw"}
            }
        return [facts(value) for value in document] if isinstance(document, list) else document

    assert facts(read(*lines).document) == facts(read(*reversed(lines)).document)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2020-06-12T08:13:13.360+0800", "2020-06-12T08:13:13.360+08:00", id="no-colon"),
        pytest.param("2020-06-12T00:38:51.882Z", "2020-06-12T00:38:51.882Z", id="as-it-was"),
        pytest.param("2020-06-12 00:38:51+00:00", "2020-06-12T00:38:51+00:00", id="a-space"),
        pytest.param("2020-06-12 00:38:51", None, id="no-offset"),
        pytest.param("2020-02-30T00:38:51Z", None, id="no-such-day"),
        pytest.param("2020-06-12", None, id="a-day"),
        pytest.param("12/Jun/20 8:13 AM", None, id="something-else"),
    ],
)  # fmt: skip
def test_instants_are_spelt_anew(written: str, expected: str | None) -> None:
    """Digits and offset stay Jira's own; only the spelling changes."""
    assert rewritten(written) == expected
