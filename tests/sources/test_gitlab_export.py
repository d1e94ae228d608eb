"""What recorded answers of GitLab become, on recordings that are made here, a few lines each."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import AuditorError, ConfigError, InputError
from auditor.sources.contract import Draft, Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.gitlab_export import GitLabExportReader

API = "https://gitlab.example.org/api/v4/projects/77"
PAGE = "page=1&per_page=100"
ISSUES, MERGES = f"{API}/issues?{PAGE}", f"{API}/merge_requests?{PAGE}"
MILESTONES = f"{API}/milestones?{PAGE}"
READ_AT = "2026-03-03T18:00:00Z"
MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {
        "opened": "todo",
        "closed": "done",
        "closed as moved": "cancelled",
        "workflow::blocked": "blocked",
        "milestone active": "in_progress",
        "milestone closed": "done",
    },
    "types": {"issue": "task", "Bug": "defect"},
}
ANA = {"id": 1, "username": "ana", "name": "Ana"}
BEA = {"id": 2, "username": "bea", "name": "Bea"}
SPRINT = {
    "id": 8,
    "title": "20.03",
    "state": "closed",
    "start_date": "2026-02-02",
    "due_date": "2026-02-13",
}

COMPLETE = ["approvals", "documents"]
"""The lists that are kept nowhere else, as most recordings here have it."""


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def recorded(url: str, *bodies: object, at: str = READ_AT) -> list[str]:
    """Write each body as a line of a recording; without any, one line with an empty list."""
    listed: tuple[object, ...] = bodies or ([],)
    return [json.dumps({"url": url, "captured_at": at, "body": body}) for body in listed]


def issue(number: int = 5, /, **fields: object) -> dict[str, Any]:
    """Make an issue."""
    return {
        "id": 1000 + number,
        "iid": number,
        "project_id": 77,
        "title": "Log in",
        "description": "<b>long</b>",
        "state": "opened",
        "labels": [],
        "milestone": None,
        "assignees": [ANA],
        "author": BEA,
        "issue_type": "issue",
        "severity": "UNKNOWN",
        "weight": 3,
        "time_stats": {"time_estimate": 7200, "total_time_spent": 60},
        "due_date": "2026-03-20",
        "created_at": "2026-03-01T10:00:00.000Z",
        "updated_at": "2026-03-02T10:00:00.000Z",
        "closed_at": None,
        "moved_to_id": None,
        "web_url": f"https://gitlab.example.org/acme/shop/-/issues/{number}",
        "references": {"full": f"acme/shop#{number}"},
        **fields,
    }


def merge_request(number: int = 7, /, **fields: object) -> dict[str, Any]:
    """Make a merge request."""
    return {
        "id": 2000 + number,
        "iid": number,
        "project_id": 77,
        "title": "Fix the log-in",
        "description": "Closes #5",
        "state": "merged",
        "sha": "c0ffee",
        "author": BEA,
        "created_at": "2026-03-02T08:00:00.000Z",
        "merged_at": "2026-03-02T12:00:00.000Z",
        "closed_at": None,
        "web_url": f"https://gitlab.example.org/acme/shop/-/merge_requests/{number}",
        "references": {"full": f"acme/shop!{number}"},
        **fields,
    }


def notes_of(number: int, query: str = PAGE) -> str:
    """Return the address of the notes of a merge request."""
    return f"{API}/merge_requests/{number}/notes?{query}"


def note(number: int, body: str, /, **fields: object) -> dict[str, Any]:
    """Make a note that GitLab itself wrote on merge request 7."""
    at = f"2026-03-02T09:00:{number % 60:02}.000Z"
    about = {"noteable_id": 2007, "noteable_iid": 7}
    return (
        {"id": number, "body": body, "system": True, "author": ANA, "created_at": at}
        | about
        | fields
    )


def whole() -> list[str]:
    """Record a project of which everything was asked for."""
    return [
        *recorded(ISSUES, issue()),
        *recorded(MERGES, merge_request()),
        *recorded(notes_of(7), note(30, "approved this merge request")),
        *recorded(MILESTONES),
    ]


def read(lines: list[str], **options: object) -> Draft:
    """Read lines as one file of a folder, and hold the draft against the schema."""
    source = SourceFiles("export", {"all.jsonl": "\n".join(lines).encode()}, is_folder=True)
    usual = ReaderOptions(
        time_zone="Europe/Berlin", mapping=MAPPING, mapping_name="mapping.yaml", root=model().root
    )
    changes: dict[str, Any] = options
    changes["settings"] = {"complete": COMPLETE, **changes.get("settings", {})}
    draft = GitLabExportReader().read(source, replace(usual, **changes))
    model().read(draft.document)
    return draft


def gaps(draft: Draft) -> dict[str, str]:
    """Return the gaps of a draft."""
    found: dict[str, str] = draft.document["snapshot"]["gaps"]
    return found


def only(draft: Draft, name: str) -> dict[str, Any]:
    """Return the one record of a list."""
    (record,) = draft.document[name]
    found: dict[str, Any] = record
    return found


def test_a_whole_recording_has_no_open_list() -> None:
    """Everything was asked for and answered."""
    draft = read(whole())

    assert isinstance(GitLabExportReader(), Reader)
    assert "truncated" not in gaps(draft).values()
    assert draft.problems == ()
    assert draft.document["project"]["id"] == "gitlab:77"
    assert draft.document["project"]["key"] == "acme/shop"


def test_an_issue_becomes_a_work_item() -> None:
    """Every fact of an issue, and no word of its description."""
    item = only(read(whole()), "work_items")

    assert {key: value for key, value in item.items() if key != "prov"} == {
        "id": "gitlab:1005",
        "key": "#5",
        "url": "https://gitlab.example.org/acme/shop/-/issues/5",
        "type": "task",
        "title": "Log in",
        "status": {"native": "opened", "category": "todo"},
        "labels": [],
        "owners": ["gitlab:1"],
        "reporter": "gitlab:2",
        "estimate": {"value": 3, "unit": "points"},
        "severity": None,
        "due_on": "2026-03-20",
        "created_at": "2026-03-01T10:00:00.000Z",
        "resolved_at": None,
        "last_touched_at": "2026-03-02T10:00:00.000Z",
    }


@pytest.mark.parametrize(
    ("fields", "setting", "estimate"),
    [
        ({}, "time", {"value": 7200, "unit": "seconds"}),
        ({"time_stats": {"time_estimate": 0}}, "time", None),
        ({"weight": None}, "weight", None),
        ({"weight": 0}, "weight", {"value": 0, "unit": "points"}),
    ],
)
def test_an_estimate_is_where_the_setting_says(
    fields: dict[str, Any], setting: str, estimate: object
) -> None:
    """GitLab keeps no time estimate as 0, and no weight as null."""
    lines = [*recorded(ISSUES, issue(**fields)), *whole()[1:]]

    assert only(read(lines, settings={"estimates": setting}), "work_items")["estimate"] == estimate


@pytest.mark.parametrize(
    ("fields", "native", "category"),
    [
        ({"state": "closed"}, "closed", "done"),
        ({"state": "closed", "moved_to_id": 4}, "closed as moved", "cancelled"),
        ({"labels": ["workflow::blocked"]}, "workflow::blocked", "blocked"),
        ({"state": "closed", "labels": ["workflow::blocked"]}, "closed", "done"),
    ],
)
def test_the_mapping_says_what_a_status_is(
    fields: dict[str, Any], native: str, category: str
) -> None:
    """An issue that was moved away is closed and not done; a label of a closed one is left over."""
    item = only(read([*recorded(ISSUES, issue(**fields)), *whole()[1:]]), "work_items")

    assert item["status"] == {"native": native, "category": category}


def test_a_merge_request_is_a_document() -> None:
    """With the version of its last commit and the issues that it closes."""
    document = only(read(whole()), "documents")

    assert (document["id"], document["type"]) == ("gitlab:merge_request:2007", "merge request")
    assert (document["version"], document["place"]) == ("c0ffee", "acme/shop")
    assert document["ext"]["closes"] == ["gitlab:1005"]


def test_an_issue_of_another_project_is_not_closed_here() -> None:
    """The address says which project it is of."""
    address = "Closes https://gitlab.example.org/acme/till/-/issues/5 and closes acme/till#5"
    own = "Closing https://gitlab.example.org/acme/shop/-/issues/5"
    for description, closes in ((address, []), (own, ["gitlab:1005"])):
        lines = [
            *whole()[:1],
            *recorded(MERGES, merge_request(description=description)),
            *whole()[2:],
        ]
        assert only(read(lines), "documents")["ext"]["closes"] == closes


def test_approvals_are_what_gitlab_itself_noted() -> None:
    """Approved, taken back, approved again; and undone by new commits."""
    notes = [
        note(30, "approved this merge request"),
        note(31, "unapproved this merge request"),
        note(32, "approved this merge request"),
        note(33, "reset approvals from @ana by pushing to the branch", author=BEA),
        note(34, "assigned to @ana"),
    ]
    lines = [*whole()[:2], *recorded(notes_of(7), *notes), *whole()[3:]]
    found = read(lines).document["approvals"]

    assert [one["decision"] for one in found] == ["approved", "revoked", "approved", "revoked"]
    assert [one["by"] for one in found] == ["gitlab:1", "gitlab:1", "gitlab:1", "gitlab:2"]
    assert {one["subject"] for one in found} == {"gitlab:merge_request:2007"}
    assert found[0]["at"] == found[0]["recorded_at"] == "2026-03-02T09:00:30.000Z"


def test_a_person_who_writes_the_same_words_approves_nothing() -> None:
    """Anybody can write a comment."""
    forged = note(30, "approved this merge request", system=False)
    lines = [*whole()[:2], *recorded(notes_of(7), forged, note(31, "merged")), *whole()[3:]]
    draft = read(lines)

    assert draft.document["approvals"] == []
    assert "/approvals" not in gaps(draft)


def test_notes_without_those_of_gitlab_itself_say_nothing_of_approvals() -> None:
    """They were asked for without them; where there are some nevertheless, they were not left out."""
    query = f"{PAGE}&system=false"
    human = note(30, "looks good", system=False)
    without = [*whole()[:2], *recorded(notes_of(7, query), human), *whole()[3:]]
    with_own = [
        *whole()[:2],
        *recorded(notes_of(7, query), human, note(31, "merged")),
        *whole()[3:],
    ]

    assert gaps(read(without))["/approvals"] == "truncated"
    assert "/approvals" not in gaps(read(with_own))


def test_an_approval_of_a_merge_request_that_is_not_there_is_kept() -> None:
    """It is a fact, and it proves that merge requests are missing."""
    stranger = note(31, "approved this merge request", noteable_id=2009, noteable_iid=9)
    draft = read([*whole(), *recorded(notes_of(9), stranger)])

    assert draft.document["approvals"][1]["subject"] == "gitlab:merge_request:2009"
    assert gaps(draft)["/documents"] == "truncated"
    assert gaps(draft)["/approvals"] == "truncated"


def test_milestones_are_sprints_where_the_setting_says_so() -> None:
    """When one was really begun or closed GitLab does not know; an active one is begun by its day."""
    coming = {**SPRINT, "id": 9, "state": "active", "start_date": "2026-03-04"}
    running = {**SPRINT, "id": 10, "state": "active", "start_date": "2026-03-03"}
    lines = [
        *recorded(ISSUES, issue(milestone=SPRINT)),
        *whole()[1:3],
        *recorded(MILESTONES, SPRINT, coming, running),
    ]
    draft = read(lines, settings={"milestones": "sprints"})
    states = {one["id"]: one["state"] for one in draft.document["sprints"]}
    first = next(one for one in draft.document["sprints"] if one["id"] == "gitlab:8")

    assert states == {"gitlab:8": "closed", "gitlab:9": "planned", "gitlab:10": "active"}
    assert (first["planned_start_at"], first["planned_end_at"]) == ("2026-02-02", "2026-02-13")
    assert gaps(draft)["/sprints/*/started_at"] == "not_supported"
    assert "closed_at" not in first
    assert only(draft, "work_items")["sprints"] == ["gitlab:8"]


def test_a_sprint_whose_state_is_not_told_may_be_closed() -> None:
    """Neither that it goes on nor that it never ended is known."""
    partial = {key: value for key, value in SPRINT.items() if key != "state"}
    draft = read([*whole()[:3], *recorded(MILESTONES, partial)], settings={"milestones": "sprints"})

    assert not {"state", "closed_at"} & only(draft, "sprints").keys()
    assert gaps(draft)["/sprints/*/state"] == "not_collected"
    assert gaps(draft)["/sprints/*/closed_at"] == "not_collected"


def test_labels_that_are_not_told_leave_open_what_they_could_say() -> None:
    """An export of some fields only: neither the type of all issues nor the status of an open one is known."""
    partial = issue(state="opened")
    del partial["labels"]
    draft = read([*recorded(ISSUES, partial), *whole()[1:]])
    item = only(draft, "work_items")

    assert "type" not in item
    assert item["status"] == {"native": "opened"}


def test_a_closed_milestone_has_no_known_day_of_delivery() -> None:
    """GitLab tells that it was closed, not when."""
    draft = read([*whole()[:3], *recorded(MILESTONES, SPRINT)])
    milestone = only(draft, "milestones")

    assert (milestone["status"], milestone["due_on"]) == ("delivered", "2026-02-13")
    assert "delivered_at" not in milestone
    assert gaps(draft)["/milestones/*/delivered_at"] == "not_supported"


def test_milestones_that_only_issues_name_are_not_all() -> None:
    """Those without an issue are missing."""
    lines = [*recorded(ISSUES, issue(milestone=SPRINT)), *whole()[1:3]]

    assert gaps(read(lines))["/milestones"] == "truncated"


def test_nobody_is_known_to_be_a_person_save_that_tokens_are_none() -> None:
    """GitLab does not say who is a bot; the names of tokens are its own."""
    token = {"id": 3, "username": "project_77_bot_ab12", "name": "deploy"}
    lines = [*recorded(ISSUES, issue(author=token)), *whole()[1:]]
    draft = read(lines)
    kinds = {party["id"]: party.get("kind") for party in draft.document["parties"]}

    assert kinds["gitlab:3"] == "system"
    assert kinds["gitlab:1"] is None
    assert gaps(draft)["/parties/0/kind"] == "not_supported"


@pytest.mark.parametrize(
    "lines",
    [
        recorded(f"{API}/issues?{PAGE}&labels=Bug", issue()),
        recorded(f"{API}/issues?{PAGE}&state=opened", issue()),
        recorded(f"{API}/issues?page=2&per_page=100", issue()),
        recorded(f"{API}/issues?page=1&per_page=1", issue()),
        recorded(ISSUES, issue(), at="2026-03-01T18:00:00Z"),
        [*recorded(ISSUES, issue()), "{broken"],
    ],
    ids=["filtered", "open ones only", "first page missing", "last page full", "early", "broken"],
)
def test_a_list_that_may_lack_a_part_is_truncated(lines: list[str]) -> None:
    """Whatever shows that something is missing."""
    assert gaps(read([*lines, *whole()[1:]]))["/work_items"] == "truncated"


def test_what_was_not_asked_for_is_not_there() -> None:
    """An empty list would claim that there are none."""
    draft = read(recorded(ISSUES, issue()))

    for name in ("approvals", "documents", "milestones", "change_events", "time_entries"):
        assert name not in draft.document
        assert gaps(draft)[f"/{name}"] == "not_collected"
    assert gaps(draft)["/meetings"] == "not_supported"


def test_of_several_projects_one_has_to_be_chosen() -> None:
    """Nothing is guessed."""
    other = [line.replace("projects/77", "projects/78") for line in recorded(ISSUES, issue())]
    with pytest.raises(ConfigError, match=r"2 GitLab projects: 77 \(3\), 78 \(1\)"):
        read([*whole(), *other])

    chosen = read([*whole(), *other], settings={"project": "78"})
    assert chosen.document["snapshot"]["sources"][0]["rows"] == 1
    assert "documents" not in chosen.document


def test_a_recording_of_nothing_is_an_error() -> None:
    """An empty file is no empty project."""
    with pytest.raises(InputError, match="no record of GitLab is in export"):
        read([])


def test_it_claims_recordings_of_gitlab_alone() -> None:
    """By the address that the first line asked."""
    reader = GitLabExportReader()
    for url, is_claimed in (
        (ISSUES, True),
        ("https://host.example.org/gitlab/api/v4/projects/a%2Fb/issues", True),
        ("https://api.github.com/repos/a/b/issues", False),
        ("https://acme.atlassian.net/rest/api/3/issue/1", False),
    ):
        data = recorded(url, issue())[0].encode()
        source = SourceFiles("export", {"a.jsonl": data}, is_folder=True)
        assert reader.claims(source) is is_claimed


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(data=st.data())
def test_no_shape_of_a_record_is_a_traceback(data: st.DataObject) -> None:
    """Whatever stands in a field, what comes of it keeps the schema, or is an error of ours."""
    makers = (issue(), merge_request(), note(30, "approved this merge request"), SPRINT)
    urls = (ISSUES, MERGES, notes_of(7), MILESTONES)
    position = data.draw(st.integers(0, len(makers) - 1))
    body = dict(makers[position])
    for field in data.draw(
        st.lists(st.sampled_from(sorted({*body, "milestone", "_links"})), max_size=3)
    ):
        body[field] = data.draw(JUNK)
    lines = [*whole(), *recorded(urls[position], body, at="2026-03-03T19:00:00Z")]
    kinds = st.sampled_from(["milestones", "sprints"])
    try:
        draft = read(lines, settings={"milestones": data.draw(kinds)})
    except AuditorError:
        return
    assert draft.document["project"]["id"]
