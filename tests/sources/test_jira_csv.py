"""What CSV exports of Jira become: on exports that are made here, a few rows each, with every trap."""

from __future__ import annotations

import csv
import io
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
from auditor.model.location import Location
from auditor.sources.contract import Draft, Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.jira_csv import JiraCsvReader

MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2026-03-02",
    "statuses": {"To Do": "todo", "Done": "done"},
    "types": {"Story": "story"},
}
USUAL = {
    "Summary": "Log in",
    "Issue key": "A-10",
    "Issue id": "10",
    "Issue Type": "Story",
    "Status": "Done",
    "Project key": "A",
    "Project name": "Apollo",
    "Priority": "Medium",
    "Assignee": "Ana",
    "Assignee Id": "acc-ana",
    "Reporter": "Ana",
    "Reporter Id": "acc-ana",
    "Created": "21/Dec/22 3:31 PM",
    "Updated": "22/Dec/22 9:00 AM",
    "Resolved": "22/Dec/22 9:00 AM",
    "Due date": "23/Dec/22 12:00 AM",
}


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def table(
    *rows: dict[str, str], more: tuple[str, ...] = (), without: tuple[str, ...] = ()
) -> bytes:
    """
    Write an export with a byte order mark.

    Args:
        rows: What differs from `USUAL`; under `*` the cells of the columns *more*.
        more: Further headers, which may repeat.
        without: Usual headers that are not there.
    """
    header = [name for name in USUAL if name not in without]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*header, *more])
    for row in rows or ({},):
        cells = [{**USUAL, **row}[name] for name in header]
        rest = json.loads(row.get("*", "[]"))
        writer.writerow([*cells, *rest, *[""] * (len(more) - len(rest))])
    return out.getvalue().encode("utf-8-sig")


def cells(*texts: str) -> str:
    """Spell the cells of the further columns for `table`."""
    return json.dumps(texts)


def read(data: bytes, **options: object) -> Draft:
    """Read one file."""
    return read_files({"issues.csv": data}, **options)


def read_files(files: dict[str, bytes], **options: object) -> Draft:
    """Read files with the schema at hand, as every run does."""
    usual = ReaderOptions(
        captured_at="2023-01-15T00:00:00Z",
        time_zone="Europe/Berlin",
        mapping=MAPPING,
        mapping_name="mapping.yaml",
        root=model().root,
    )
    changes: dict[str, Any] = options
    return JiraCsvReader().read(
        SourceFiles("export", files, is_folder=True), replace(usual, **changes)
    )


def items(draft: Draft) -> list[dict[str, Any]]:
    """Return the work items of a draft."""
    found: list[dict[str, Any]] = draft.document["work_items"]
    return found


def gaps(draft: Draft) -> dict[str, str]:
    """Return the gaps of a draft."""
    found: dict[str, str] = draft.document["snapshot"]["gaps"]
    return found


def told(draft: Draft) -> list[str]:
    """Return the problems with their lines, as a person reads them."""
    return [f"{str(p.location).rpartition(':')[0]}: {p.message}" for p in draft.problems]


# ----- What is read


def test_it_is_a_reader() -> None:
    """The class keeps the contract that the registration promises."""
    assert isinstance(JiraCsvReader(), Reader)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.csv": table()}, True),
        ({"a.CSV": table(), "README.md": b"x"}, True),
        ({"a.csv": table(), "blockers.csv": b"id,description\n"}, False),
        ({"a.csv": b"Summary\nIssue key\n"}, False),
        ({"a.txt": table()}, False),
        ({}, False),
    ],
)
def test_exports_are_claimed_by_their_header(files: dict[str, bytes], expected: bool) -> None:  # noqa: FBT001 - a case
    """A folder with other tables in it is not one of exports."""
    assert JiraCsvReader().claims(SourceFiles("x", files, is_folder=True)) is expected


def test_an_issue_becomes_a_work_item() -> None:
    """With all that its row says, times in the zone that was assumed."""
    (item,) = items(read(table()))

    assert item == {
        "id": "jira:10",
        "key": "A-10",
        "type": "story",
        "title": "Log in",
        "status": {"native": "Done", "category": "done"},
        "owners": ["jira:acc-ana"],
        "reporter": "jira:acc-ana",
        "priority": {"native": "Medium"},
        "due_on": "2022-12-23",
        "created_at": "2022-12-21T15:31:00+01:00",
        "resolved_at": "2022-12-22T09:00:00+01:00",
        "last_touched_at": "2022-12-22T09:00:00+01:00",
        "prov": {"source": "jira", "locator": "issues.csv:2", "method": "export"},
    }


def test_the_snapshot_keeps_its_contract() -> None:
    """What the reader makes can be judged."""
    draft = read(table(more=("Sprint", "Sprint")))

    assert model().read(draft.document).auditee == "jira:A"
    assert draft.document["project"]["name"] == "Apollo"
    assert [party["id"] for party in draft.document["parties"]] == ["jira:acc-ana"]
    assert draft.document["snapshot"]["sources"][0]["kind"] == "jira_csv"


def test_an_empty_cell_is_known_to_be_empty_and_a_missing_column_is_not() -> None:
    """What was not exported was not asked for."""
    empty = {"Assignee": "", "Assignee Id": "", "Priority": "", "Due date": "", "Resolved": ""}
    (item,) = items(read(table(empty)))
    assert [item[field] for field in ("owners", "priority", "due_on", "resolved_at")] == [
        [], None, None, None,
    ]  # fmt: skip

    draft = read(table(without=("Due date", "Assignee", "Assignee Id", "Priority")))
    assert not {"due_on", "owners", "priority"} & items(draft)[0].keys()
    assert {gaps(draft)[f"/work_items/*/{name}"] for name in ("due_on", "owners", "priority")} == {
        "not_collected"
    }


def test_headers_are_known_in_any_case() -> None:
    """Releases of Jira differ in it."""
    data = table().replace(b"Due date", b"Due Date").replace(b"Issue Type", b"Issue type")

    assert (items(read(data))[0]["due_on"], items(read(data))[0]["type"]) == ("2022-12-23", "story")


def test_an_export_without_numbers_goes_by_keys() -> None:
    """The key is then the natural one; the number of a row never is."""
    draft = read(table({}, {"Issue key": "A-11"}, without=("Issue id", "Project key")))

    assert [item["id"] for item in items(draft)] == ["jira:A-10", "jira:A-11"]
    assert draft.document["project"]["id"] == "jira:A"


def test_numbers_that_contradict_each_other_are_none() -> None:
    """The key stands in; without one the row is nobody's."""
    more = ("Issue id", "Issue key")
    by_key, nobody = cells("11", "A-10"), cells("11", "A-11")

    assert items(read(table({"*": by_key}, more=more)))[0]["id"] == "jira:A-10"
    assert told(read(table({}, {"Issue id": "10", "*": nobody}, more=more))) == [
        "export/issues.csv:3: this row has neither an issue id nor a key"
    ]


def test_a_row_without_number_and_key_is_left_out() -> None:
    """And told: the list of items is not complete, whoever vouches for it."""
    draft = read(
        table({"Issue key": "", "Issue id": ""}, {}), settings={"complete": ["work_items"]}
    )

    assert [item["id"] for item in items(draft)] == ["jira:10"]
    assert told(draft) == ["export/issues.csv:2: this row has neither an issue id nor a key"]
    assert gaps(draft)["/work_items"] == "truncated"


# ----- Headers that repeat


def test_three_sprint_columns_are_the_sprints_of_one_issue() -> None:
    """In their order, by their names, of which nothing else is known."""
    draft = read(
        table(
            {"*": cells("W2 Sprint 1", "W2 Sprint 2", "")},
            {"Issue id": "11", "*": cells("W2 Sprint 2", "", "W2 Sprint 3")},
            {"Issue id": "12"},
            more=("Sprint", "Sprint", "Sprint"),
        )
    )

    assert [item["sprints"] for item in items(draft)] == [
        ["jira:sprint:W2 Sprint 1", "jira:sprint:W2 Sprint 2"],
        ["jira:sprint:W2 Sprint 2", "jira:sprint:W2 Sprint 3"],
        [],
    ]
    assert [(sprint["id"], sprint["name"]) for sprint in draft.document["sprints"]] == [
        (f"jira:sprint:W2 Sprint {number}", f"W2 Sprint {number}") for number in (1, 2, 3)
    ]
    assert {"state", "started_at", "closed_at"}.isdisjoint(draft.document["sprints"][0])
    assert {
        gaps(draft)[f"/sprints/*/{field}"]
        for field in ("goal", "planned_start_at", "planned_end_at", "started_at", "closed_at", "state")
    } == {"not_supported"}  # fmt: skip
    assert gaps(draft)["/sprints"] == "truncated"


def test_a_known_list_keeps_every_column() -> None:
    """Labels come one a column, or several in one with spaces between them."""
    draft = read(table({"*": cells("ios", "", "beta ios")}, more=("Labels", "Labels", "Labels")))

    assert items(draft)[0]["labels"] == ["ios", "beta"]


def test_columns_of_one_value_that_agree_are_one() -> None:
    """An empty one agrees with any."""
    draft = read(table({"*": cells("", "Log in")}, more=("Summary", "Summary")))

    assert (items(draft)[0]["title"], told(draft)) == ("Log in", [])


def test_columns_of_one_value_that_differ_are_not_believed() -> None:
    """Of two columns called Status nobody knows which is meant: the fact is unobserved and told."""
    draft = read(table({"*": cells("To Do")}, {"Issue id": "11"}, more=("Status",)))

    assert [item.get("status", {}).get("category") for item in items(draft)] == [None, "done"]
    assert gaps(draft)["/work_items/0/status"] == "unparsed"
    assert told(draft) == [
        "export/issues.csv:2: the columns 'Status' hold different values for 10; none is taken"
    ]
    assert draft.problems[0].location is not None
    assert draft.problems[0].location.column > 1


def test_columns_that_no_fact_is_made_of_can_be_kept() -> None:
    """By their headers, every value of a repeated one in its place; nothing is lost."""
    draft = read(
        table(
            {"*": cells("red", "x", "blue")},
            more=("Custom field (Team)", "Custom field (Other)", "Custom field (Team)"),
        ),
        settings={"keep": ["Custom field (Team)"]},
    )

    assert items(draft)[0]["ext"] == {"Custom field (Team)": ["red", "blue"]}
    assert model().read(draft.document).auditee == "jira:A"


# ----- Cells


def test_text_over_several_lines_moves_the_lines_of_the_rows_behind_it() -> None:
    """A place is that of the line on which a row begins."""
    draft = read(
        table(
            {"*": cells('one\r\ntwo, "three"\r\nfour')},
            {"Issue id": "11"},
            more=("Description",),
        )
    )

    assert [item["prov"]["locator"] for item in items(draft)] == ["issues.csv:2", "issues.csv:5"]
    assert draft.places.locate(["/work_items/1/title"]) == {
        "/work_items/1/title": Location("export/issues.csv", 5)
    }


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x.example","y")', "<b onload=alert(1)>x</b>", "+1", "@SUM(A1)", "\u202egnirts"],
)  # fmt: skip
def test_markup_and_formulas_are_text(text: str) -> None:
    """A cell is kept as it is, and nothing is done with it."""
    assert items(read(table({"Summary": text})))[0]["title"] == text


def test_free_text_of_people_is_not_carried() -> None:
    """Descriptions, comments and attachments stay in Jira."""
    more = ("Description", "Comment", "Comment", "Attachment")
    draft = read(table({"*": cells("secret", "secret", "secret", "secret")}, more=more))

    assert "secret" not in json.dumps(draft.document)


def test_nobody_is_an_owner_called_unassigned() -> None:
    """Some releases write the word; with an account id it is somebody's name."""
    assert items(read(table({"Assignee": "Unassigned", "Assignee Id": ""})))[0]["owners"] == []
    assert items(read(table({"Assignee": "Unassigned"})))[0]["owners"] == ["jira:acc-ana"]


def test_people_go_by_account_else_by_name() -> None:
    """Two accounts of one name are two people; a Server has no account ids."""
    two = table({}, {"Issue id": "11", "Assignee Id": "acc-ana-2"})
    assert [item["owners"] for item in items(read(two))] == [["jira:acc-ana"], ["jira:acc-ana-2"]]

    draft = read(table(without=("Assignee Id", "Reporter Id")))
    assert items(draft)[0]["owners"] == ["jira:Ana"]
    assert [party["name"] for party in draft.document["parties"]] == ["Ana"]


def test_a_parent_is_named_by_number_or_key() -> None:
    """Of a sub-task it is the parent, not the epic of its parent."""
    draft = read(
        table(
            {"*": cells("11", "")},
            {"Issue id": "11", "Issue key": "A-11", "*": cells("", "A-12")},
            {"Issue id": "12", "Issue key": "A-12", "*": cells("", "")},
            {"Issue id": "13", "Issue key": "A-13", "*": cells("11", "A-99")},
            {"Issue id": "14", "Issue key": "A-14", "*": cells("", "A-99")},
            more=("Parent", "Custom field (Epic Link)"),
        )
    )

    assert [item["parent"] for item in items(draft)] == [
        "jira:11",
        "jira:12",
        None,
        "jira:11",
        "jira:A-99",
    ]


def test_links_lead_the_way_that_their_column_says() -> None:
    """The same link from both ends is one; a kind that Jira does not ship needs a setting."""
    more = ("Outward issue link (Blocks)", "Inward issue link (Blocks)", "Outward issue link (Blocks)", "Outward issue link (Gantt)")  # fmt: skip
    data = table(
        {"*": cells("A-11", "", "A-99")},
        {"Issue id": "11", "Issue key": "A-11", "*": cells("", "A-10", "", "A-10")},
        more=more,
    )
    draft = read(data)

    assert [(link["from"], link["to"], link.get("kind")) for link in draft.document["links"]] == [
        ("jira:10", "jira:11", "blocks"),
        ("jira:10", "jira:A-99", "blocks"),
        ("jira:11", "jira:10", None),
    ]
    by_setting = read(data, settings={"links": {"Gantt": "depends"}})
    assert by_setting.document["links"][2]["kind"] == "depends"


def test_the_flag_is_read() -> None:
    """Whatever the site calls an impediment."""
    draft = read(
        table({"*": cells("Impediment")}, {"Issue id": "11"}, more=("Custom field (Flagged)",))
    )

    assert [item["flagged"] for item in items(draft)] == [True, False]


def test_ranks_are_numbered_in_the_order_of_the_backlog() -> None:
    """Jira keeps the order as a text; ranks of two buckets cannot be compared."""
    ids = ("10", "11", "12")

    def ranked(*ranks: str) -> list[Any]:
        rows = [{"Issue id": own, "*": cells(rank)} for own, rank in zip(ids, ranks, strict=True)]
        draft = read(table(*rows, more=("Custom field (Rank)",)))
        return [item["priority"].get("rank") for item in items(draft)]

    assert ranked("0|i001nb:", "0|hzzzxd:", "0|i001nb:i") == [2, 1, 3]
    assert ranked("0|i001nb:", "1|hzzzxd:", "0|i001nb:i") == [None, None, None]


# ----- Estimates


POINTS = "Custom field (Story Points)"
OTHER_POINTS = "Custom field (Story point estimate)"


@pytest.mark.parametrize(
    ("more", "filled", "estimate"),
    [
        pytest.param((POINTS,), ("3.0",), {"value": 3, "unit": "points"}, id="points"),
        pytest.param((POINTS, OTHER_POINTS), ("", "0.5"), {"value": 0.5, "unit": "points"}, id="the-field-that-is-filled-in"),
        pytest.param(("Original estimate",), ("3600",), {"value": 3600, "unit": "seconds"}, id="time"),
        pytest.param((POINTS, POINTS), ("", "5"), {"value": 5, "unit": "points"}, id="two-fields-of-one-name"),
        pytest.param((POINTS, OTHER_POINTS), ("", ""), None, id="nobody-estimated"),
    ],
)  # fmt: skip
def test_estimates_have_their_unit(
    more: tuple[str, ...], filled: tuple[str, ...], estimate: object
) -> None:
    """They are read from the field of Jira's own that is filled in."""
    draft = read(table({"*": cells(*filled)}, more=more))

    assert (items(draft)[0]["estimate"], told(draft)) == (estimate, [])


def test_without_a_column_of_estimates_none_is_known() -> None:
    """Rather than none being there."""
    draft = read(table())

    assert "estimate" not in items(draft)[0]
    assert gaps(draft)["/work_items/*/estimate"] == "not_collected"


def test_two_fields_of_estimates_want_a_choice() -> None:
    """By which of the two a team plans is not in the file; nothing is taken until it is said."""
    data = table({"*": cells("3", "7200")}, {"Issue id": "11"}, more=(POINTS, "Original estimate"))
    draft = read(data)

    assert all("estimate" not in item for item in items(draft))
    assert gaps(draft)["/work_items/*/estimate"] == "unparsed"
    assert told(draft) == [
        f"export/issues.csv:2: estimates stand in '{POINTS}' and 'Original estimate'"
    ]

    chosen = read(data, settings={"estimate": "Original estimate"})
    assert [item["estimate"] for item in items(chosen)] == [
        {"value": 7200, "unit": "seconds"},
        None,
    ]


@pytest.mark.parametrize("setting", ["estimate", "keep"])
def test_a_setting_that_names_no_column_is_an_error(setting: str) -> None:
    """A misspelt header would look like a field that nobody filled in."""
    with pytest.raises(ConfigError, match=f"there is no column 'Points', which '{setting}' names"):
        read(table(), settings={setting: "Points"})


def test_two_fields_of_one_name_that_differ_are_no_estimate() -> None:
    """Which of the two the team plans by nobody knows; the row is told."""
    draft = read(table({"*": cells("3", "5")}, {"Issue id": "11"}, more=(POINTS, POINTS)))

    assert [item.get("estimate", "unknown") for item in items(draft)] == ["unknown", None]
    assert gaps(draft)["/work_items/0/estimate"] == "unparsed"
    assert told(draft) == [
        f"export/issues.csv:2: the columns '{POINTS}' hold different values for 10; none is taken"
    ]


def test_time_is_time_however_its_header_is_written() -> None:
    """Releases of Jira differ in the case of headers."""
    draft = read(
        table({"*": cells("3600")}, more=("Original Estimate",)),
        settings={"estimate": "Original Estimate"},
    )

    assert items(draft)[0]["estimate"] == {"value": 3600, "unit": "seconds"}


@pytest.mark.parametrize("text", ["3,5", "-1", "nan", "1e9", "five", "=3", "1_000", "\u0663"])
def test_an_amount_that_is_no_number_is_unobserved(text: str) -> None:
    """It is told, with its row."""
    draft = read(table({"*": cells(text)}, {"Issue id": "11", "*": cells("5")}, more=(POINTS,)))

    assert "estimate" not in items(draft)[0]
    assert gaps(draft)["/work_items/0/estimate"] == "unparsed"
    assert told(draft) == [f"export/issues.csv:2: {POINTS} of jira:10 is no amount: '{text}'"]


def test_what_is_left_is_read_in_seconds() -> None:
    """An empty cell says that nobody told."""
    draft = read(table({"*": cells("1800")}, {"Issue id": "11"}, more=("Remaining Estimate",)))

    assert [item["remaining"] for item in items(draft)] == [
        {"value": 1800, "unit": "seconds"},
        None,
    ]


# ----- Times


def test_what_had_to_be_assumed_is_recorded() -> None:
    """The zone, the order of the dates and the century."""
    assert read(table()).document["snapshot"]["assumptions"] == [
        "jira: times that name no time zone are read in Europe/Berlin",
        "jira: dates are read as day, month, year, as Jira writes them unless it is told otherwise",
        "jira: years of two digits are of 2000 to 2099",
    ]


def test_the_zone_of_the_export_may_be_another_than_that_of_the_project() -> None:
    """Whoever exported it may sit elsewhere."""
    draft = read(table(), settings={"assume_time_zone": "Asia/Kolkata"})

    assert items(draft)[0]["created_at"] == "2022-12-21T15:31:00+05:30"
    assert draft.document["snapshot"]["time_zone"] == "Europe/Berlin"


def numeric(*created: str) -> bytes:
    """Write an export of a site that spells its months as numbers."""
    rows = [
        {"Issue id": str(n), "Created": text, "Updated": "", "Resolved": "", "Due date": ""}
        for n, text in enumerate(created, 10)
    ]
    return table(*rows)


def test_days_and_months_that_could_be_either_are_not_read() -> None:
    """It is told once, at the first such date, and every date is unobserved."""
    draft = read(numeric("3/4/2022 10:00", "5/6/2022 10:00"))

    assert all("created_at" not in item for item in items(draft))
    assert gaps(draft)["/work_items/*/created_at"] == "unparsed"
    assert told(draft) == [
        "export/issues.csv:2: nothing shows in which order dates such as '3/4/2022 10:00' are written, so none is read"
    ]
    assert draft.problems[0].hint is not None
    assert "date_order" in draft.problems[0].hint


def test_a_thirteenth_shows_the_order_of_all_dates() -> None:
    """In any row, and in any file of the export."""
    one = read(numeric("03/04/2022 10:00", "13/04/2022 10:00"))
    assert items(one)[0]["created_at"] == "2022-04-03T10:00:00+02:00"

    other = numeric("x", "04/13/2022 10:00").replace(b",10,", b",20,").replace(b",11,", b",21,")
    two = read_files({"a.csv": numeric("03/04/2022 10:00"), "b.csv": other})
    assert items(two)[0]["created_at"] == "2022-03-04T10:00:00+01:00"


def test_a_setting_tells_the_order() -> None:
    """A date that breaks it is told by itself."""
    draft = read(numeric("03/04/2022 10:00", "04/13/2022 10:00"), settings={"date_order": "dmy"})

    assert items(draft)[0]["created_at"] == "2022-04-03T10:00:00+02:00"
    assert gaps(draft)["/work_items/1/created_at"] == "unparsed"
    assert told(draft) == [
        "export/issues.csv:3: created of jira:11 is no date in the order day, month, year: '04/13/2022 10:00'"
    ]
    with pytest.raises(ConfigError, match="'date_order' wants one of"):
        read(table(), settings={"date_order": "american"})


def test_a_due_date_with_a_time_of_day_is_no_day() -> None:
    """A zone has moved it, and nobody knows from which day."""
    draft = read(table({"Due date": "22/Dec/22 11:00 PM"}))

    assert "due_on" not in items(draft)[0]
    assert gaps(draft)["/work_items/*/due_on"] == "unparsed"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"captured_at": None}, "nothing in export says when the export was made"),
        ({"time_zone": None}, "the times in export name no time zone"),
        (
            {"captured_at": "2022-12-22T07:59:00Z"},
            "captured_at is 2022-12-22T07:59:00Z, and this issue was changed at 2022-12-22T09:00:00+01:00",
        ),
    ],
)
def test_what_nobody_says_is_asked_for(options: dict[str, Any], message: str) -> None:
    """No clock is asked, and no zone guessed."""
    with pytest.raises(ConfigError) as caught:
        read(table(), **options)

    assert caught.value.message == message
    assert caught.value.hint is not None


# ----- What is not known


def test_an_export_has_no_history() -> None:
    """No change, meeting or role is an empty list because an export cannot hold it."""
    draft = read(table())

    assert not {"change_events", "time_entries", "sprints", "links"} & draft.document.keys()
    assert gaps(draft)["/change_events"] == "not_supported"
    assert {gaps(draft)[f"/{name}"] for name in ("time_entries", "sprints", "links")} == {
        "not_collected"
    }
    assert [name for name in model().root.fields if name not in draft.document and f"/{name}" not in gaps(draft)] == ["ext"]  # fmt: skip


def test_the_list_of_issues_is_open_until_somebody_vouches_for_it() -> None:
    """An export holds what a filter found."""
    assert gaps(read(table()))["/work_items"] == "truncated"
    assert "/work_items" not in gaps(read(table(), settings={"complete": "work_items"}))


def test_a_status_that_the_mapping_sends_nowhere_has_no_category() -> None:
    """The column Status Category, which a site may have set in a hurry, does not stand in for it."""
    draft = read(table({"Status": "Shipped", "*": cells("Done")}, more=("Status Category",)))

    assert items(draft)[0]["status"] == {"native": "Shipped"}
    assert gaps(draft)["/work_items/*/status/category"] == "unparsed"
    assert told(draft) == ["export/issues.csv:2: status 'Shipped' is not in the mapping"]


# ----- What is damaged


def test_a_file_that_is_no_export_is_told() -> None:
    """The others are read, and the list is not taken for complete."""
    draft = read_files(
        {"a.csv": table(), "b.csv": b"id,text\n1,x\n", "notes.txt": b"x"},
        settings={"complete": "work_items"},
    )

    assert len(items(draft)) == 1
    assert told(draft) == [
        "export/b.csv:1: no export of Jira: there is no column 'Issue key' or 'Issue id'"
    ]
    assert gaps(draft)["/work_items"] == "truncated"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(table() + b"1,2\n", "2 cells, the header has 16", id="a-ragged-row"),
        pytest.param(table() + b'"x', "a quote that has no end, or text behind its end; nothing from here on was read", id="an-open-quote"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told(data: bytes, message: str) -> None:
    """With its line; the rows before it are kept."""
    draft = read(data)

    assert (len(items(draft)), told(draft)) == (1, [f"export/issues.csv:3: {message}"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"Summary;Issue key\nx;A-1\n", "no record of Jira is in export", id="semicolons"),
        pytest.param(b"", "no record of Jira is in export", id="nothing"),
        pytest.param(table().splitlines()[0], "no record of Jira is in export", id="a-header-alone"),
        pytest.param("Samenvatting,Sleutel\nx,A-1\n".encode("utf-16"), "no record of Jira is in export", id="another-encoding"),
    ],
)  # fmt: skip
def test_files_without_any_issue_are_an_error(data: bytes, message: str) -> None:
    """Nothing is never a snapshot."""
    with pytest.raises(InputError) as caught:
        read(data)

    assert caught.value.message == message


def test_an_issue_in_two_files_counts_once_or_not_at_all() -> None:
    """The pages of an export may overlap; if they differ, nothing tells which is the newer one."""
    same = read_files({"a.csv": table(), "b.csv": table()})
    assert (len(items(same)), told(same)) == (1, [])

    differ = read_files(
        {"a.csv": table({}, {"Issue id": "11"}), "b.csv": table({"Summary": "Sign in"})}
    )
    assert [item["id"] for item in items(differ)] == ["jira:11"]
    assert told(differ) == [
        "export/b.csv:2: issue 10 is told otherwise in export/a.csv:2; it is left out"
    ]


@given(st.lists(st.lists(st.text(max_size=8), min_size=20, max_size=20), min_size=1, max_size=3))
def test_no_cells_break_the_reader(rows: list[list[str]]) -> None:
    """A hostile file gives a snapshot with gaps, or an error; never a traceback."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = [name for name in USUAL if name not in {"Issue id", "Project key"}]
    more = ("Sprint", "Sprint", "Labels", POINTS, "Status", "Parent")
    writer.writerow(["Issue id", "Project key", *names, *more])
    for number, row in enumerate(rows):
        writer.writerow([str(number), "A", *row])
    try:
        draft = read(out.getvalue().encode())
    except AuditorError:
        return
    assert model().read(draft.document).auditee == "jira:A"
