"""Of minutes without front matter, what can be read is read and the rest is unknown."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.source import Source
from auditor.facts.schema import read_types
from auditor.facts.snapshot import SnapshotModel
from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
from auditor.sources.folder_minutes import Minutes, read_minutes, refuse_disorder
from auditor.sources.readers.folder import FolderReader

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.facts.types import ObjectType
    from auditor.model.errors import DocumentError


@pytest.fixture(scope="session")
def schema(root: Path) -> dict[str, Any]:
    """Return the schema of project snapshots."""
    loaded: dict[str, Any] = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def snapshot_type(schema: dict[str, Any]) -> ObjectType:
    """Return the type of project snapshots."""
    return read_types(schema)


def folder(files: dict[str, str], root: ObjectType) -> Draft:
    """Read a delivery folder without a project file."""
    data = {f"delivery/{path}": text.encode() for path, text in sorted(files.items())}
    options = ReaderOptions(
        captured_at="2026-09-30T00:00:00Z", time_zone="UTC", auditee="a", root=root
    )
    return FolderReader().read(SourceFiles("x", data, is_folder=True), options)


def minutes_of(text: str, name: str = "sprint-7") -> tuple[Minutes, list[str]]:
    """Read one file: what was read, and the messages."""
    problems: list[DocumentError] = []
    read = read_minutes(name, Source("m.md", text), problems)
    return read, [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("8/03/22 - 8/16/22", "2022-08-03", "2022-08-16"),
        ("**12/24/2020 - 01/05/2021**", "2020-12-24", "2021-01-05"),
        ("** 09/29/2021 - 10/12/2021 **", "2021-09-29", "2021-10-12"),
        ("3/30/22-4/12/22\r", "2022-03-30", "2022-04-12"),
        ("5-22-2024 - 6-4-2024", "2024-05-22", "2024-06-04"),
        ("**9/29/2020 \u2013 10/12/2020**", "2020-09-29", "2020-10-12"),
        ("13.04.2026 to 26.04.2026", "2026-04-13", "2026-04-26"),
        ("2026-09-01 - 2026-09-14", "2026-09-01", "2026-09-14"),
        ("5/5/2026 - 5/5/2026", "2026-05-05", "2026-05-05"),
    ],
)
def test_a_line_of_two_days_is_read(line: str, first: str, last: str) -> None:
    """Where only one order of day and month makes two days of the calendar, that is the one."""
    read, messages = minutes_of(f"# Sprint 7\n\n{line}\nText\n")

    assert messages == []
    assert (str(read.first), str(read.last)) == (first, last)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1/06/2020 - 01/19/2021", "'1/06/2020 - 01/19/2021' are 380 days, a sprint has a month or less"),
        ("12/22/2021 - 1/4/2021", "'12/22/2021 - 1/4/2021' ends before it begins"),
        ("8/14/202 - 8/27/2024", "'8/14/202 - 8/27/2024' are not two days of the calendar"),
        ("2/30/2026 - 3/13/2026", "'2/30/2026 - 3/13/2026' are not two days of the calendar"),
        ("03/02/2026 - 05/02/2026", "'03/02/2026 - 05/02/2026' can be read in more than one way"),
        ("2026-09-01 - 14/9/2026", "'2026-09-01 - 14/9/2026' are not two days of the calendar"),
        ("1/13/2026 - 1/26/2026\n1/14/2026 - 1/27/2026", "more than one line with a first and a last day"),
    ],
)  # fmt: skip
def test_days_that_contradict_themselves_are_reported(line: str, message: str) -> None:
    """The text is kept as it is written; no day is taken from it."""
    read, messages = minutes_of(f"# Sprint 7\n{line}\n")

    assert messages == [message]
    assert (read.first, read.last) == (None, None)
    assert read.dates == line.partition("\n")[0]


@pytest.mark.parametrize(
    "text", ["", "Sprint 7 went from 1/1 to 1/14.", "* fixed 1613/12/10)", "on 1/13/2026"]
)
def test_days_in_running_text_are_not_read(text: str) -> None:
    """Only a line that holds nothing else says which days are meant."""
    read, messages = minutes_of(text)

    assert (read.dates, messages) == (None, [])


@pytest.mark.parametrize(
    ("name", "heading", "kind"),
    [
        ("Sprint-Review/sprint-53-summary", "Sprint 53", "review"),
        ("sprint_7_retro", "", "retrospective"),
        ("retrospectives/2026-09-14", "", "retrospective"),
        ("stand-up-2026-09-01", "", "standup"),
        ("Stand Ups/1", "", "standup"),
        ("daily", "", "standup"),
        ("pm-review-3", "", "pm_review"),
        ("post-project", "", "post_project"),
        ("sprint-53-summary", "Sprint 53 Review", "review"),
        ("sprint-53-summary", "Sprint 53 Summary", None),
        ("review-and-retro", "", None),
        ("previews/1", "", None),
    ],
)
def test_the_kind_is_in_the_names(name: str, heading: str, kind: str | None) -> None:
    """Names of folders and file first, then the heading; two kinds are none."""
    read, _ = minutes_of(f"# {heading}\n", name)

    assert read.kind == kind


@pytest.mark.parametrize(
    ("name", "heading", "sprint", "messages"),
    [
        ("sprint-53-summary", "Sprint 53 Summary", 53, []),
        ("Sprint_5", "Retro", 5, []),
        ("x", "sprint-100-summary", 100, []),
        ("x", "Summary", None, []),
        ("sprint-7", "Sprint 8", None, ["the file's name and heading are of different sprints (7 and 8)"]),
    ],
)  # fmt: skip
def test_the_sprint_is_a_number(
    name: str, heading: str, sprint: int | None, messages: list[str]
) -> None:
    """Of the file's name or the heading; if they differ, it is neither."""
    read, said = minutes_of(f"# {heading}\n", name)

    assert (read.sprint, said) == (sprint, messages)


def test_sprints_that_do_not_follow_each_other_lose_their_days() -> None:
    """One of the two is wrong, and nobody here knows which; those around them keep theirs."""
    days = [
        (1, "1/13/2026 - 1/26/2026"),
        (2, "1/27/2026 - 2/9/2026"),
        (3, "1/27/2026 - 2/9/2026"),
        (5, "2/20/2026 - 3/5/2026"),
    ]
    all_minutes = [
        minutes_of(f"# Sprint {number}\n{line}\n", f"{number}")[0] for number, line in days
    ]
    problems: list[DocumentError] = []

    refuse_disorder(all_minutes, problems)

    assert [each.first for each in all_minutes] == [
        dt.date(2026, 1, 13), None, None, dt.date(2026, 2, 20),
    ]  # fmt: skip
    (problem,) = problems
    assert problem.message == (
        "sprint 3 begins with '1/27/2026 - 2/9/2026', sprint 2 with '1/27/2026 - 2/9/2026' "
        "(m.md:2): one of them is wrong"
    )


def test_a_sprint_of_the_register_is_meant_where_it_is_called_so(snapshot_type: ObjectType) -> None:
    """By id or name; a register is complete, so none is added to it."""
    draft = folder(
        {
            "sprints.csv": "id,name\njira:1,Sprint 07\nsprint-8,\njira:9,Sprint 9\nx,sprint-9\n",
            "meetings/retro-sprint-7.md": "# Retro\n1/13/2026 - 1/26/2026\n",
            "meetings/retro-sprint-8.md": "# Retro\n",
            "meetings/retro-sprint-9.md": "# Retro\n",
            "meetings/retro-sprint-10.md": "# Retro\n",
        },
        snapshot_type,
    )

    found = {record["id"]: record.get("sprint") for record in draft.document["meetings"]}
    assert found == {
        "retro-sprint-7": "jira:1",
        "retro-sprint-8": "sprint-8",
        "retro-sprint-9": None,
        "retro-sprint-10": None,
    }
    assert len(draft.document["sprints"]) == 4
    assert "planned_start_at" not in draft.document["sprints"][0]
    assert "/sprints" not in draft.document["snapshot"]["gaps"]
    assert [problem.message for problem in draft.problems] == [
        "the minutes are of sprint 10, and no sprint of the register is called so",
        "the minutes are of sprint 9, and several sprints are called so",
    ]


def test_all_that_is_not_read_is_unknown(snapshot_type: ObjectType) -> None:
    """Even where a register's silence would mean something, as for the reason why there was no action."""
    draft = folder({"meetings/retro.md": "# Retro\nWe talked.\n"}, snapshot_type)

    unread = {
        pointer.removeprefix("/meetings/0/"): reason
        for pointer, reason in draft.document["snapshot"]["gaps"].items()
        if pointer.startswith("/meetings/0/")
    }
    known = {"id", "kind", "prov", "ext"}
    meeting = snapshot_type.fields["meetings"].type.element.fields  # type: ignore[attr-defined]
    assert unread == dict.fromkeys(set(meeting) - known, "unparsed")
    assert draft.document["meetings"][0]["prov"]["method"] == "parsed"


def test_plain_minutes_alone_are_not_all_meetings(snapshot_type: ObjectType) -> None:
    """Where somebody keeps a record of meetings, a note among them does not make it incomplete."""
    plain = {"meetings/retro.md": "# Retro\n"}
    kept = {"meetings/review.md": "---\nkind: review\n---\n"}

    gaps = [
        folder(files, snapshot_type).document["snapshot"]["gaps"].get("/meetings")
        for files in (plain, {**plain, **kept})
    ]

    assert gaps == ["truncated", None]


@pytest.fixture(scope="module")
def draft(shared: Path, snapshot_type: ObjectType) -> Draft:
    """Read the whole folder as it is."""
    kept = shared / "data/sprint_reviews/Sprint-Review"
    files = {f"meetings/Sprint-Review/{path.name}": path.read_text() for path in kept.glob("*.md")}
    return folder(files, snapshot_type)


class TestRealFiles:
    """Sprint reviews that a public project kept as plain Markdown; each expectation was read off the file."""

    def test_each_file_is_a_review_of_its_sprint(self, draft: Draft) -> None:
        """104 files and a README; every one says its sprint's number."""
        meetings = draft.document["meetings"]

        assert len(meetings) == 104
        assert {record["kind"] for record in meetings} == {"review"}
        missing = {28, 29, 30}
        assert sorted(int(record["sprint"].removeprefix("sprint-")) for record in meetings) == [
            number for number in range(1, 108) if number not in missing
        ]
        assert not any("held_at" in record for record in meetings)

    @pytest.mark.parametrize(
        ("sprint", "written", "days"),
        [
            (5, ("Sprint_5.md", 2, "9/29/2020 \u2013 10/12/2020"), ("2020-09-29", "2020-10-12")),
            (
                11,
                ("Sprint_11_Summary.md", 2, "12/24/2020 - 01/05/2021"),
                ("2020-12-24", "2021-01-05"),
            ),
            (
                27,
                ("sprint-27-summary.md", 2, "08/03/2021 - 08/17/2021"),
                ("2021-08-03", "2021-08-17"),
            ),
            (
                34,
                ("sprint-34-summary.md", 3, "11/10/2021 - 11/23/2021"),
                ("2021-11-10", "2021-11-23"),
            ),
            (40, ("sprint-40-summary.md", 2, "2/2/22 - 2/15/2022"), ("2022-02-02", "2022-02-15")),
            (44, ("Sprint_44_Summary.md", 2, "3/30/22-4/12/22"), ("2022-03-30", "2022-04-12")),
            (66, ("sprint-66-summary.md", 3, "2/01/23-2/14/23"), ("2023-02-01", "2023-02-14")),
            (
                100,
                ("sprint-100-summary.md", 2, "5-22-2024 - 6-4-2024"),
                ("2024-05-22", "2024-06-04"),
            ),
            (2, ("Sprint_2_Summary.md", None, None), (None, None)),
            (12, ("Sprint-12-Summary.md", 2, "1/06/2020 - 01/19/2021"), (None, None)),
            (106, ("sprint-106-summary.md", 3, "8/14/202 - 8/27/2024"), (None, None)),
        ],
    )
    def test_the_days_are_those_in_the_text(
        self,
        draft: Draft,
        sprint: int,
        written: tuple[str, int | None, str | None],
        days: tuple[str | None, str | None],
    ) -> None:
        """As the plan of the sprint, and as written beside the meeting."""
        index, record = next(
            (index, record)
            for index, record in enumerate(draft.document["sprints"])
            if record["id"] == f"sprint-{sprint}"
        )
        meeting = draft.document["meetings"][index]
        file, line, text = written
        path = f"delivery/meetings/Sprint-Review/{file}"

        assert meeting["prov"]["locator"] == f"{path}:1"
        assert meeting["ext"].get("dates_as_written") == text
        assert (record.get("planned_start_at"), record.get("planned_end_at")) == days
        assert "started_at" not in record
        assert "closed_at" not in record
        if line is not None:
            pointer = f"/meetings/{index}/ext/dates_as_written"
            found = draft.places.locate([pointer])[pointer]
            assert (found.path, found.line) == (f"x/{path}", line)

    def test_what_contradicts_itself_is_reported(self, draft: Draft) -> None:
        """Each by its file and line; the days of all sprints concerned are unknown."""
        found = [
            (
                problem.location.path.rpartition("/")[2],
                problem.location.line,
                problem.message.rpartition("' ")[2],
            )
            for problem in draft.problems
            if problem.location
        ]

        assert found == [
            ("Sprint-12-Summary.md", 2, "are 380 days, a sprint has a month or less"),
            ("sprint-106-summary.md", 3, "are not two days of the calendar"),
            ("sprint-18-summary.md", 2, "(x/delivery/meetings/Sprint-Review/sprint-17-summary.md:2): one of them is wrong"),
            ("sprint-37-summary.md", 2, "ends before it begins"),
            ("sprint-38-summary.md", 2, "(x/delivery/meetings/Sprint-Review/sprint-36-summary.md:2): one of them is wrong"),
        ]  # fmt: skip
        undated = {
            int(record["id"].removeprefix("sprint-"))
            for record in draft.document["sprints"]
            if "planned_start_at" not in record
        }
        assert undated == {1, 2, 3, 4, 12, 17, 18, 36, 37, 38, 106}

    def test_the_lists_are_not_complete(self, draft: Draft, schema: dict[str, Any]) -> None:
        """Neither the meetings nor the sprints are all that there were, and actions nobody lists."""
        gaps = draft.document["snapshot"]["gaps"]

        assert (gaps["/meetings"], gaps["/sprints"]) == ("truncated", "truncated")
        assert gaps["/actions"] == "not_collected"
        snapshot = SnapshotModel.from_schema(schema).read(draft.document)
        assert "no_action_reason" not in snapshot.document["meetings"][0]
