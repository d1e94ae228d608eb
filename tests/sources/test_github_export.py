"""What recorded answers of GitHub become, on recordings that are made here, a few lines each."""

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
from auditor.sources.readers.github_export import GitHubExportReader

API = "https://api.github.com/repos/acme/shop"
ALL = "state=all&page=1&per_page=100"
ISSUES, PULLS = f"{API}/issues?{ALL}", f"{API}/pulls?{ALL}"
EVENTS = f"{API}/issues/events?page=1&per_page=100"
MILESTONES = f"{API}/milestones?{ALL}"
READ_AT = "2026-03-03T18:00:00Z"
MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {
        "open": "todo",
        "closed": "done",
        "closed as completed": "done",
        "closed as not_planned": "cancelled",
        "doing": "in_progress",
        "milestone open": "in_progress",
        "milestone closed": "done",
    },
    "types": {"bug": "defect", "feature": "story"},
}
ANA = {"id": 1, "login": "ana", "type": "User"}
BEA = {"id": 2, "login": "bea", "type": "User"}
BOT = {"id": 3, "login": "ci[bot]", "type": "Bot"}

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
        "number": number,
        "title": "Log in",
        "html_url": f"https://github.com/acme/shop/issues/{number}",
        "state": "open",
        "state_reason": None,
        "labels": [{"name": "bug"}],
        "assignees": [ANA],
        "user": BEA,
        "milestone": None,
        "created_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-02T10:00:00Z",
        "closed_at": None,
        "body": "<script>alert(1)</script>",
        **fields,
    }


def pull(number: int = 7, /, **fields: object) -> dict[str, Any]:
    """Make a pull request."""
    return {
        "id": 2000 + number,
        "number": number,
        "title": "Fix the log-in",
        "html_url": f"https://github.com/acme/shop/pull/{number}",
        "state": "open",
        "user": BEA,
        "head": {"sha": "c0ffee"},
        "base": {"repo": {"id": 99}},
        "created_at": "2026-03-02T08:00:00Z",
        "closed_at": None,
        "merged_at": None,
        "body": "Fixes #5",
        "milestone": None,
        **fields,
    }


def review(number: int = 50, /, **fields: object) -> dict[str, Any]:
    """Make a review that approves."""
    return {
        "id": number,
        "user": ANA,
        "state": "APPROVED",
        "commit_id": "c0ffee",
        "submitted_at": "2026-03-02T09:00:00Z",
        **fields,
    }


def reviews_of(number: int) -> str:
    """Return the address of the reviews of a pull request."""
    return f"{API}/pulls/{number}/reviews?per_page=100"


def event(number: int, kind: str, /, **fields: object) -> dict[str, Any]:
    """Make an event of issue 5."""
    about = {"id": 1005, "number": 5}
    at = "2026-03-02T11:00:00Z"
    return {"id": number, "event": kind, "actor": ANA, "issue": about, "created_at": at, **fields}


def whole() -> list[str]:
    """Record a repository of which everything was asked for."""
    return [
        *recorded(ISSUES, issue()),
        *recorded(PULLS, pull()),
        *recorded(reviews_of(7), review()),
        *recorded(EVENTS, event(70, "labeled", label={"name": "bug"})),
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
    draft = GitHubExportReader().read(source, replace(usual, **changes))
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
    """Everything was asked for and answered, so nothing is truncated and no problem is told."""
    draft = read(whole())

    assert isinstance(GitHubExportReader(), Reader)
    assert "truncated" not in gaps(draft).values()
    assert draft.problems == ()
    assert draft.document["milestones"] == []
    assert draft.document["snapshot"]["captured_at"] == READ_AT
    assert draft.document["snapshot"]["sources"][0]["completeness"] == "complete"


def test_an_issue_becomes_a_work_item() -> None:
    """Every fact of an issue, and no word of its description."""
    item = only(read(whole()), "work_items")

    assert {key: value for key, value in item.items() if key != "prov"} == {
        "id": "github:1005",
        "key": "#5",
        "url": "https://github.com/acme/shop/issues/5",
        "type": "defect",
        "title": "Log in",
        "status": {"native": "open", "category": "todo"},
        "labels": ["bug"],
        "owners": ["github:1"],
        "reporter": "github:2",
        "created_at": "2026-03-01T10:00:00Z",
        "resolved_at": None,
        "last_touched_at": "2026-03-02T10:00:00Z",
    }


def test_a_record_stands_on_its_line_and_names_its_address() -> None:
    """The place is file and line; the address has no query, which may hold a token."""
    draft = read([*recorded(f"{ISSUES}&access_token=s3cret", issue()), *whole()])
    item = only(draft, "work_items")
    place = draft.places.locate(["/work_items/0/title"])["/work_items/0/title"]

    assert item["prov"]["locator"] == f"all.jsonl:1 {API}/issues"
    assert (place.path, place.line) == ("export/all.jsonl", 1)
    assert "s3cret" not in json.dumps(draft.document)


def test_a_pull_request_is_a_document_and_no_item() -> None:
    """GitHub lists it among the issues too; it is kept once, with the issue that it closes."""
    as_issue = issue(7, pull_request={"url": f"{API}/pulls/7"})
    draft = read([*recorded(ISSUES, issue(), as_issue), *whole()[1:]])
    document = only(draft, "documents")

    assert [item["key"] for item in draft.document["work_items"]] == ["#5"]
    assert (document["id"], document["type"]) == ("github:pull:2007", "pull request")
    assert document["version"] == "c0ffee"
    assert document["ext"]["closes"] == ["github:1005"]


@pytest.mark.parametrize(
    ("body", "closes", "unknown"),
    [
        ("Fixes #5", ["github:1005"], []),
        ("closes: https://github.com/acme/shop/issues/5", ["github:1005"], []),
        ("Resolves acme/shop#5, fix #6", ["github:1005"], ["#6"]),
        ("fixes other/repo#5", [], []),
        ("see #5", [], []),
        ("prefixes #5", [], []),
        (None, [], []),
    ],
)
def test_closing_words_name_the_issues_that_are_closed(
    body: str | None, closes: list[str], unknown: list[str]
) -> None:
    """Only GitHub's own words count, and only issues of this repository."""
    lines = [*whole()[:1], *recorded(PULLS, pull(body=body)), *whole()[2:]]
    found = only(read(lines), "documents")["ext"]

    assert (found["closes"], found["closes_not_recorded"]) == (closes, unknown)


@pytest.mark.parametrize(
    ("state", "decisions"),
    [
        ("APPROVED", ["approved"]),
        ("CHANGES_REQUESTED", ["rejected"]),
        ("COMMENTED", []),
        ("PENDING", []),
    ],
)
def test_a_review_decides_what_its_state_says(state: str, decisions: list[str]) -> None:
    """Approvals are of the pull request, in the version of the reviewed commit."""
    lines = [*whole()[:2], *recorded(reviews_of(7), review(state=state)), *whole()[3:]]
    found = read(lines).document["approvals"]

    assert [approval["decision"] for approval in found] == decisions
    assert all(approval["subject"] == "github:pull:2007" for approval in found)
    assert all(approval["subject_version"] == "c0ffee" for approval in found)
    assert all(approval["at"] == "2026-03-02T09:00:00Z" for approval in found)
    assert all(approval["recorded_at"] == approval["at"] for approval in found)


def test_of_a_dismissed_review_nobody_knows_when_it_was_revoked() -> None:
    """The instant of the review is not that of its dismissal."""
    lines = [*whole()[:2], *recorded(reviews_of(7), review(state="DISMISSED")), *whole()[3:]]
    draft = read(lines)
    approval = only(draft, "approvals")

    assert approval["decision"] == "revoked"
    assert not {"by", "at", "recorded_at"} & approval.keys()
    assert gaps(draft)["/approvals/*/at"] == "not_collected"


def test_the_event_of_a_dismissal_tells_what_was_revoked_when_and_by_whom() -> None:
    """Then both decisions are known."""
    dismissal = event(
        71,
        "review_dismissed",
        actor=BEA,
        issue={"id": 1007, "number": 7, "pull_request": {}},
        dismissed_review={"review_id": 50, "state": "approved"},
    )
    lines = [
        *whole()[:2],
        *recorded(reviews_of(7), review(state="DISMISSED")),
        *recorded(EVENTS, dismissal),
    ]
    found = read(lines).document["approvals"]

    assert [(one["decision"], one["by"], one["at"]) for one in found] == [
        ("approved", "github:1", "2026-03-02T09:00:00Z"),
        ("revoked", "github:2", "2026-03-02T11:00:00Z"),
    ]


def test_a_review_of_an_unknown_state_is_a_problem() -> None:
    """It might have been an approval: the list is open."""
    lines = [*whole()[:2], *recorded(reviews_of(7), review(state="MAYBE")), *whole()[3:]]
    draft = read(lines)

    assert gaps(draft)["/approvals"] == "truncated"
    assert [problem.message for problem in draft.problems] == [
        "state 'MAYBE' of review 50 is not known"
    ]


def test_a_bot_is_a_system_and_an_organisation_is_none_either() -> None:
    """What they do, no person did."""
    org = {"id": 4, "login": "acme", "type": "Organization"}
    lines = [*recorded(ISSUES, issue(user=BOT, assignees=[ANA, org])), *whole()[1:]]
    kinds = {party["id"]: party["kind"] for party in read(lines).document["parties"]}

    assert kinds["github:3"] == "system"
    assert kinds["github:4"] == "organisation"
    assert kinds["github:1"] == "person"


def test_a_deleted_user_is_nobody_that_is_known() -> None:
    """GitHub calls all of them ghost: they are not one person, and not no one."""
    ghost = {"id": 10137, "login": "ghost", "type": "User"}
    lines = [*recorded(ISSUES, issue(user=None, assignees=[ghost])), *whole()[1:]]
    draft = read(lines)
    item = only(draft, "work_items")

    assert not {"owners", "reporter"} & item.keys()
    assert gaps(draft)["/work_items/*/reporter"] == "not_supported"
    assert "github:10137" not in {party["id"] for party in draft.document["parties"]}


def test_a_user_name_that_two_users_had_is_an_account_of_neither() -> None:
    """Parties that share an account are taken for one human."""
    lines = [*recorded(ISSUES, issue(user={**BEA, "login": "ana"})), *whole()[1:]]
    draft = read([line.replace('"login": "bea"', '"login": "ana"') for line in lines])
    accounts = {party["id"]: party["accounts"] for party in draft.document["parties"]}

    assert accounts == {"github:1": ["github:1"], "github:2": ["github:2"]}


@pytest.mark.parametrize(
    ("fields", "native", "category"),
    [
        ({"state": "closed", "state_reason": "completed"}, "closed as completed", "done"),
        ({"state": "closed", "state_reason": "not_planned"}, "closed as not_planned", "cancelled"),
        ({"state": "closed"}, "closed", "done"),
        ({"state": "open", "state_reason": "reopened"}, "open", "todo"),
        ({"labels": [{"name": "doing"}]}, "doing", "in_progress"),
        ({"state": "closed", "labels": [{"name": "doing"}]}, "closed", "done"),
    ],
)
def test_the_mapping_says_what_a_status_is(
    fields: dict[str, Any], native: str, category: str
) -> None:
    """Labels that it names count while the issue is open, and no longer."""
    item = only(read([*recorded(ISSUES, issue(**fields)), *whole()[1:]]), "work_items")

    assert item["status"] == {"native": native, "category": category}


def test_labels_that_are_not_told_leave_open_what_they_could_say() -> None:
    """An export of some fields only: neither the type of all issues nor the status of an open one is known."""
    partial = issue()
    del partial["labels"]
    draft = read([*recorded(ISSUES, partial), *whole()[1:]])
    item = only(draft, "work_items")

    assert "type" not in item
    assert item["status"] == {"native": "open"}
    assert gaps(draft)["/work_items/*/type"] == "not_collected"
    assert gaps(draft)["/work_items/*/status/category"] == "not_collected"


def test_labels_that_contradict_each_other_leave_the_type_open() -> None:
    """Neither is believed, and the place is told."""
    both = [{"name": "bug"}, {"name": "feature"}]
    draft = read([*recorded(ISSUES, issue(labels=both)), *whole()[1:]])

    assert "type" not in only(draft, "work_items")
    assert gaps(draft)["/work_items/*/type"] == "unparsed"
    assert [problem.message for problem in draft.problems] == [
        "labels 'bug' and 'feature' contradict each other on github:1005"
    ]


def test_priority_and_impediment_come_from_labels_that_the_settings_name() -> None:
    """Without the settings nobody asked; with them an issue without such a label has none."""
    labels = [{"name": "P1"}, {"name": "stuck"}]
    lines = [*recorded(ISSUES, issue(labels=labels), issue(6)), *whole()[1:]]
    settings = {"priorities": {"P1": 1, "P2": 2}, "flags": ["stuck"]}
    first, second = read(lines, settings=settings).document["work_items"]
    without = read(lines)

    assert (first["priority"], first["flagged"]) == ({"native": "P1", "rank": 1}, True)
    assert (second["priority"], second["flagged"]) == (None, False)
    assert gaps(without)["/work_items/*/priority"] == "not_collected"
    assert gaps(without)["/work_items/*/flagged"] == "not_collected"


def test_who_assigned_stands_beside_who_was_assigned() -> None:
    """In an event of an assignment GitHub writes the assigned user as the actor."""
    assigned = event(71, "assigned", actor=ANA, assignee=ANA, assigner=BEA)
    found = only(read([*whole()[:3], *recorded(EVENTS, assigned)]), "change_events")

    assert (found["field"], found["from"], found["to"]) == ("owners", None, "github:1")
    assert found["by"] == "github:2"


def test_events_become_changes() -> None:
    """Closing and opening are statuses, labels are labels, and other events are none."""
    events = [
        event(71, "closed", state_reason="not_planned"),
        event(72, "reopened", created_at="2026-03-02T12:00:00Z"),
        event(73, "unlabeled", label={"name": "bug"}, created_at="2026-03-02T13:00:00Z"),
        event(74, "mentioned", created_at="2026-03-02T14:00:00Z"),
    ]
    mapping = {**MAPPING, "statuses": {**MAPPING["statuses"]}}
    del mapping["statuses"]["doing"]
    draft = read([*whole()[:3], *recorded(EVENTS, *events)], mapping=mapping)
    closed, reopened, unlabelled = draft.document["change_events"]

    assert (closed["field"], closed["from"], closed["to"]) == ("status", "todo", "cancelled")
    assert closed["native"] == {"from": "open", "to": "closed as not_planned"}
    assert reopened["to"] == "todo"
    assert "from" not in reopened
    assert (unlabelled["field"], unlabelled["from"], unlabelled["to"]) == ("labels", "bug", None)


def test_where_labels_are_statuses_no_event_tells_what_was_before() -> None:
    """The label puts the issue in progress; closing it ended nobody knows which status."""
    events = [
        event(71, "labeled", label={"name": "doing"}),
        event(72, "closed", created_at="2026-03-02T12:00:00Z"),
    ]
    draft = read([*whole()[:3], *recorded(EVENTS, *events)])
    label, begun, closed = draft.document["change_events"]

    assert (label["field"], label["to"]) == ("labels", "doing")
    assert (begun["field"], begun["to"]) == ("status", "in_progress")
    assert "from" not in begun
    assert closed["to"] == "done"
    assert "from" not in closed


def test_a_milestone_that_was_closed_is_delivered_if_the_mapping_says_so() -> None:
    """The day is the one that GitHub wrote, whatever zone one reads it in."""
    closed = {
        "id": 8,
        "title": "v1",
        "state": "closed",
        "due_on": "2026-02-28T08:00:00Z",
        "closed_at": "2026-03-01T09:00:00Z",
    }
    lines = [*whole()[:4], *recorded(MILESTONES, closed)]
    milestone = only(read(lines), "milestones")

    assert milestone["status"] == "delivered"
    assert milestone["due_on"] == "2026-02-28"
    assert milestone["delivered_at"] == "2026-03-01T09:00:00Z"


def test_a_milestone_whose_state_is_not_mapped_is_not_delivered() -> None:
    """Closing may as well mean that it was given up."""
    closed = {"id": 8, "title": "v1", "state": "closed", "closed_at": "2026-03-01T09:00:00Z"}
    mapping = {**MAPPING, "statuses": {"open": "todo"}}
    draft = read([*whole()[:4], *recorded(MILESTONES, {**closed, "due_on": None})], mapping=mapping)
    milestone = only(draft, "milestones")

    assert not {"status", "delivered_at"} & milestone.keys()
    assert "status 'milestone closed' is not in the mapping" in {p.message for p in draft.problems}


def test_a_milestone_whose_state_is_not_told_may_be_delivered() -> None:
    """That it was not is nothing that anybody was asked."""
    draft = read([*whole()[:4], *recorded(MILESTONES, {"id": 8, "title": "v1", "due_on": None})])

    assert not {"status", "delivered_at"} & only(draft, "milestones").keys()
    assert gaps(draft)["/milestones/*/delivered_at"] == "not_collected"


def test_milestones_are_sprints_where_the_setting_says_so() -> None:
    """GitHub keeps no start of them, and events name them by title."""
    sprint = {"id": 8, "title": "Sprint 1", "state": "open", "due_on": None, "closed_at": None}
    lines = [
        *recorded(ISSUES, issue(milestone=sprint)),
        *whole()[1:3],
        *recorded(EVENTS, event(71, "milestoned", milestone={"title": "Sprint 1"})),
        *recorded(MILESTONES, sprint),
    ]
    draft = read(lines, settings={"milestones": "sprints"})

    assert only(draft, "sprints")["id"] == "github:8"
    assert gaps(draft)["/sprints/*/started_at"] == "not_supported"
    assert gaps(draft)["/sprints/*/state"] == "not_supported"
    assert only(draft, "work_items")["sprints"] == ["github:8"]
    assert only(draft, "change_events")["to"] == "github:8"
    assert "milestones" not in draft.document


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (recorded(f"{API}/issues?page=1&per_page=100", issue()), "work_items"),
        (recorded(f"{API}/issues?{ALL}&labels=bug", issue()), "work_items"),
        (recorded(f"{API}/issues?state=all&page=2&per_page=100", issue()), "work_items"),
        (recorded(f"{API}/issues?state=all&per_page=1", issue()), "work_items"),
        (recorded(f"{API}/issues/5", issue()), "work_items"),
        ([*recorded(ISSUES, issue()), "{broken"], "work_items"),
        (recorded(ISSUES, issue(), {"number": 6}), "work_items"),
        (recorded(ISSUES, issue(), at="2026-03-01T18:00:00Z"), "work_items"),
        (recorded(ISSUES, issue(state="closed")), "change_events"),
        (recorded(ISSUES, issue(7, pull_request={}), issue(8, pull_request={})), "documents"),
        (recorded(ISSUES), "work_items"),
    ],
    ids=[
        "open ones only",
        "filtered",
        "first page missing",
        "last page full",
        "one issue",
        "broken line",
        "no id",
        "read early",
        "closed without an event",
        "pull request missing",
        "events of an issue that is not there",
    ],
)
def test_a_list_that_may_lack_a_part_is_truncated(lines: list[str], name: str) -> None:
    """Whatever shows that something is missing."""
    assert gaps(read([*lines, *whole()[1:]]))[f"/{name}"] == "truncated"


def test_approvals_and_documents_may_be_kept_elsewhere_too() -> None:
    """A baseline is signed on paper: what GitHub holds is not all, unless somebody says that it is."""
    found = gaps(read(whole(), settings={"complete": []}))

    assert found["/approvals"] == "truncated"
    assert found["/documents"] == "truncated"
    assert "/work_items" not in found


def test_reviews_that_were_asked_of_some_pull_requests_only_are_truncated() -> None:
    """The other pull request may have been approved."""
    lines = [*whole()[:1], *recorded(PULLS, pull(), pull(8)), *whole()[2:]]

    assert gaps(read(lines))["/approvals"] == "truncated"
    assert "/documents" not in gaps(read(lines))


def test_what_was_not_asked_for_is_not_there() -> None:
    """An empty list would claim that there are none."""
    draft = read([*recorded(ISSUES, issue()), *recorded(PULLS)], auditee="github:99")

    assert draft.document["documents"] == []
    for name in ("approvals", "change_events", "milestones"):
        assert name not in draft.document
        assert gaps(draft)[f"/{name}"] == "not_collected"
    assert gaps(draft)["/meetings"] == "not_supported"
    assert gaps(draft)["/project/execution"] == "not_supported"


def test_a_record_that_is_told_twice_is_there_once_as_read_last() -> None:
    """A list that was asked for again tells the newer state."""
    later = recorded(ISSUES, issue(title="Log out"), at="2026-03-03T19:00:00Z")
    draft = read([*later, *whole()])

    assert only(draft, "work_items")["title"] == "Log out"
    assert draft.document["snapshot"]["captured_at"] == "2026-03-03T19:00:00Z"
    assert draft.problems == ()


def test_two_answers_of_one_instant_that_differ_are_believed_where_they_agree() -> None:
    """Neither title is taken, and the problem names both places."""
    draft = read([*recorded(ISSUES, issue(title="Log out")), *whole()])
    (problem,) = draft.problems

    assert "title" not in only(draft, "work_items")
    assert problem.message == "issue 1005 is told differently at export/all.jsonl:1: title"


def test_a_milestone_of_another_repository_is_not_this_one_s() -> None:
    """It is told once, however many issues name it."""
    foreign = {"id": 8, "title": "v1", "url": "https://api.github.com/repos/x/y/milestones/1"}
    lines = [*recorded(ISSUES, issue(milestone=foreign), issue(6, milestone=foreign))]
    draft = read([*lines, *whole()[1:]])

    assert draft.document["milestones"] == []
    assert gaps(draft)["/milestones"] == "truncated"
    assert [problem.message for problem in draft.problems] == [
        "issue 1005 and 1 more name a milestone of another repository"
    ]


def test_of_several_repositories_one_has_to_be_chosen() -> None:
    """Numbers mean different things in each, so nothing is guessed."""
    other = [line.replace("acme/shop", "acme/till") for line in recorded(ISSUES, issue())]
    with pytest.raises(ConfigError, match=r"2 GitHub repositories: acme/shop \(4\), acme/till"):
        read([*whole(), *other])
    draft = read([*whole(), *other], settings={"repository": "acme/shop"})

    assert draft.document["project"]["key"] == "acme/shop"
    with pytest.raises(ConfigError, match="nothing of 'acme/shp' is in export"):
        read(whole(), settings={"repository": "acme/shp"})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"repo": "acme/shop"}, "github_export has no setting 'repo'"),
        ({"milestones": "epics"}, "'milestones' wants one of milestones, sprints, for export"),
        ({"priorities": {"P1": "high"}}, "'priorities' wants names of the source"),
        (
            {"complete": ["work_items"]},
            "'complete' wants a list of approvals, checklists, documents",
        ),
        ({"flags": 3}, "'flags' wants a list of texts"),
    ],
)
def test_a_setting_that_cannot_be_used_is_an_error(settings: dict[str, Any], message: str) -> None:
    """It is never passed over."""
    with pytest.raises(ConfigError) as error:
        read(whole(), settings=settings)

    assert error.value.message.startswith(message)
    assert error.value.hint


def test_a_time_without_a_zone_wants_one() -> None:
    """It is read in the zone that the settings assume, and the snapshot says so."""
    lines = [line.replace(READ_AT, "2026-03-03 18:00:00") for line in whole()]
    with pytest.raises(ConfigError, match="names no time zone"):
        read(lines, time_zone=None)
    draft = read(lines, settings={"assume_time_zone": "UTC"})

    assert draft.document["snapshot"]["captured_at"] == "2026-03-03T18:00:00+00:00"
    assert draft.document["snapshot"]["assumptions"][:1] == [
        "github: times that name no time zone are read in UTC"
    ]


def test_what_is_not_used_is_counted() -> None:
    """No response vanishes in silence."""
    comments = recorded(f"{API}/issues/comments?page=1", {"id": 1}, {"id": 2})
    review_comment = recorded(reviews_of(7), review(51, state="COMMENTED"))
    other = [line.replace("acme/shop", "acme/till") for line in recorded(ISSUES, issue())]
    draft = read(
        [*whole(), *comments, *review_comment, *other], settings={"repository": "acme/shop"}
    )

    assert draft.document["snapshot"]["assumptions"] == [
        "github: approvals are said to be kept nowhere else",
        "github: documents are said to be kept nowhere else",
        "github: of GitHub repositories, acme/till is not used (1 records)",
        "github: 2 records of 'issues/comments' not used",
        "github: of 2 records of the kind 'review', 1 say nothing that is kept",
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"url": "https://acme.atlassian.net/rest/api/3/issue/1", "body": {"id": 1}}',
        '{"url": 7, "body": {}}',
        '{"body": {}}',
        '"text"',
        "[1]",
    ],
)
def test_a_line_that_is_no_answer_of_github_is_a_problem(line: str) -> None:
    """It is told with its place, and every list may lack what it was."""
    draft = read([*whole(), line])
    (problem,) = draft.problems

    assert problem.location is not None
    assert problem.location.line == len(whole()) + 1
    assert gaps(draft)["/work_items"] == "truncated"


def test_a_recording_of_nothing_is_an_error() -> None:
    """An empty file is no empty repository."""
    with pytest.raises(InputError, match="no record of GitHub is in export"):
        read([])


@pytest.mark.parametrize(
    ("data", "is_claimed"),
    [
        (b'{"url": "https://api.github.com/repos/a/b/issues", "body": {}}', True),
        (b'{"url": "https://ghe.example.org/api/v3/repos/a/b/issues", "body": {}}', True),
        (b'{"url": "https://gitlab.com/api/v4/projects/1/issues", "body": {}}', False),
        (b'{"url": "https://api.trello.com/1/boards/a/cards", "body": {}}', False),
        (b'{"text": "https://api.github.com/repos/a/b/issues"}', False),
        (b"", False),
    ],
)
def test_it_claims_recordings_of_github_alone(data: bytes, is_claimed: bool) -> None:  # noqa: FBT001 - a case
    """By the address that the first line asked; in a mixed folder it claims nothing."""
    reader = GitHubExportReader()
    one = SourceFiles("export", {"a.jsonl": data}, is_folder=True)
    mixed = SourceFiles("export", {"a.jsonl": data, "b.jsonl": b"{}"}, is_folder=True)

    assert reader.claims(one) is is_claimed
    assert not reader.claims(mixed)
    assert not reader.claims(SourceFiles("export", {"a.json": data}, is_folder=True))


def test_the_order_of_the_lines_changes_no_byte() -> None:
    """Save for the places, which are where the lines are."""
    lines = [*recorded(ISSUES, issue(), issue(6), issue(12)), *whole()[1:]]
    one, other = (read(order).document for order in (lines, [*reversed(lines)]))

    for name in ("work_items", "documents", "approvals", "change_events", "parties"):
        kept = [
            [{key: value for key, value in record.items() if key != "prov"} for record in listed]
            for listed in (one[name], other[name])
        ]
        assert json.dumps(kept[0]) == json.dumps(kept[1])


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
    makers = (issue(), pull(), review(), event(70, "closed"), event(70, "labeled"), {"id": 8})
    urls = (ISSUES, PULLS, reviews_of(7), EVENTS, EVENTS, MILESTONES)
    position = data.draw(st.integers(0, len(makers) - 1))
    body = dict(makers[position])
    fields = st.sampled_from(
        sorted({*body, "milestone", "label", "dismissed_review", "pull_request"})
    )
    for field in data.draw(st.lists(fields, max_size=3)):
        body[field] = data.draw(JUNK)
    lines = [*whole(), *recorded(urls[position], body, at="2026-03-03T19:00:00Z")]
    try:
        draft = read(
            lines, settings={"milestones": data.draw(st.sampled_from(["milestones", "sprints"]))}
        )
    except AuditorError:
        return
    assert draft.document["project"]["id"]
