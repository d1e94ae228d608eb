"""Fields and links of recorded issues: what is there is read, what was not asked for is not made up."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.facts.snapshot import SnapshotModel
from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
from auditor.sources.readers.jira_export import JiraExportReader

BOARD = "https://acme.atlassian.net/rest/agile/1.0/board/8/issue?maxResults=50&startAt=0"
MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {"Open": "todo", "Closed": "done"},
    "types": {"Story": "story"},
}


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def read(*fields: dict[str, Any], **settings: object) -> Draft:
    """Read issues 10, 11, ... of one project with these fields, recorded as one page."""
    issues = [
        {
            "id": str(number),
            "key": f"A-{number}",
            "fields": {
                "project": {"id": "1", "key": "A"},
                "issuetype": {"name": "Story"},
                "status": {"name": "Open"},
                **own,
            },
        }
        for number, own in enumerate(fields, 10)
    ]
    body = {"issues": issues, "startAt": 0, "maxResults": 50, "total": len(issues)}
    line = json.dumps({"url": BOARD, "captured_at": "2026-03-03T18:00:00Z", "body": body})
    draft = JiraExportReader().read(
        SourceFiles("export", {"board.jsonl": line.encode()}, is_folder=True),
        ReaderOptions(
            time_zone="Europe/Berlin",
            mapping=MAPPING,
            mapping_name="mapping.yaml",
            settings=settings,
            root=model().root,
        ),
    )
    assert model().read(draft.document).auditee == "jira:1"
    return draft


@pytest.mark.parametrize(
    ("field", "written", "name", "made"),
    [
        ("labels", ["ios", "beta"], "labels", ["ios", "beta"]),
        ("labels", [], "labels", []),
        ("flagged", True, "flagged", True),
        ("priority", {"name": "High", "id": "2"}, "priority", {"native": "High"}),
        ("priority", None, "priority", None),
        ("reporter", {"accountId": "ana"}, "reporter", "jira:ana"),
        ("reporter", None, "reporter", None),
        ("updated", "2026-03-01T10:00:00.000+0100", "last_touched_at", "2026-03-01T10:00:00.000+01:00"),
    ],
)  # fmt: skip
def test_a_field_is_read_where_it_is_there(
    field: str, written: object, name: str, made: object
) -> None:
    """Null is known to be empty; a field that no issue has was not asked for."""
    with_it, without_it = read({field: written}), read({})

    assert with_it.document["work_items"][0][name] == made
    assert name not in without_it.document["work_items"][0]
    assert without_it.document["snapshot"]["gaps"][f"/work_items/*/{name}"] == "not_collected"


def test_a_priority_has_a_rank_where_the_settings_give_it_one() -> None:
    """Its number in Jira is not its order."""
    draft = read({"priority": {"name": "High", "id": "2"}}, priorities={"High": 1})

    assert draft.document["work_items"][0]["priority"] == {"native": "High", "rank": 1}


def test_a_link_leads_from_the_issue_whose_other_end_is_outward() -> None:
    """Both ends name it, under one id."""
    link = {"id": "5", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}}
    draft = read(
        {"issuelinks": [link | {"inwardIssue": {"id": "11", "key": "A-11"}}]},
        {"issuelinks": [link | {"outwardIssue": {"id": "10", "key": "A-10"}}]},
    )
    (relation,) = draft.document["links"]

    assert (relation["from"], relation["to"], relation["kind"]) == ("jira:11", "jira:10", "blocks")
    assert "/links" not in draft.document["snapshot"]["gaps"]


def test_a_link_that_leads_nowhere_is_told() -> None:
    """The list of links is then not complete."""
    draft = read({"issuelinks": [{"id": "5", "type": {"name": "Blocks"}}]})

    assert draft.document["links"] == []
    assert draft.document["snapshot"]["gaps"]["/links"] == "truncated"
    assert [problem.message for problem in draft.problems] == [
        "a link of issue 10 has no id, or leads to no issue"
    ]


def test_links_of_some_issues_alone_are_not_all() -> None:
    """Of the other issue they were not asked for."""
    draft = read({"issuelinks": []}, {})

    assert draft.document["snapshot"]["gaps"]["/links"] == "truncated"
