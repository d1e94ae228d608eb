"""A delivery folder becomes a snapshot that says what the files say, and no more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.schema import read_types
from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup
from auditor.sources.contract import Draft, Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.folder import FolderReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditor.facts.types import ObjectType

    Read = Callable[..., Draft]

PROJECT = """\
captured_at: 2026-09-30T18:00:00Z
time_zone: Europe/Berlin
project:
  id: hand:apollo
"""


@pytest.fixture(scope="session")
def schema(root: Path) -> dict[str, Any]:
    """Return the schema of project snapshots."""
    loaded: dict[str, Any] = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def snapshot_type(schema: dict[str, Any]) -> ObjectType:
    """Return the type of project snapshots."""
    return read_types(schema)


@pytest.fixture
def read(snapshot_type: ObjectType) -> Read:
    """Read files of a delivery folder, given by their names in it."""

    def read_files(files: dict[str, str | bytes] | None = None, **options: Any) -> Draft:
        given: dict[str, str | bytes] = {"project.yaml": PROJECT, **(files or {})}
        data = {
            f"delivery/{path}": text if isinstance(text, bytes) else text.encode()
            for path, text in sorted(given.items())
            if text != ABSENT
        }
        source = SourceFiles("apollo", data, is_folder=True)
        return FolderReader().read(source, ReaderOptions(root=snapshot_type, **options))

    return read_files


ABSENT = "(no such file)"


def gaps(draft: Draft, *below: str) -> dict[str, str]:
    """Return the gaps at and below some pointers."""
    found = draft.document["snapshot"]["gaps"]
    return {pointer: reason for pointer, reason in found.items() if pointer.startswith(below)}


def told(draft: Draft) -> list[tuple[str, str]]:
    """Return place and message of every problem."""
    return [(str(problem.location), problem.message) for problem in draft.problems]


def place(draft: Draft, pointer: str) -> str:
    """Return where a fact stands, below the folder."""
    return str(draft.places.locate([pointer])[pointer]).removeprefix("apollo/delivery/")


def without_prov(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records without the provenance that each has."""
    return [{key: value for key, value in record.items() if key != "prov"} for record in records]


def test_the_documented_example_is_read_as_documented(
    example: dict[str, str], snapshot_type: ObjectType, schema: dict[str, Any]
) -> None:
    """The example of docs/delivery-folder.md has no problem, and makes what the page says."""
    files = {path: text.encode() for path, text in sorted(example.items())}

    draft = FolderReader().read(
        SourceFiles("apollo", files, is_folder=True), ReaderOptions(root=snapshot_type)
    )

    assert told(draft) == []
    counts = {name: len(value) for name, value in draft.document.items() if isinstance(value, list)}
    assert counts == {
        "parties": 2, "role_assignments": 2, "baselines": 1, "approvals": 1, "sprints": 1,
        "blockers": 1, "risks": 0, "meetings": 3, "actions": 1,
    }  # fmt: skip
    assert len(draft.document["blockers"][0]["escalations"]) == 1
    (action,) = draft.document["actions"]
    assert (action["status"], action["owner"]) == ("done", "grace")
    assert action["because"] == [{"kind": "meeting", "id": "2026-09-14-retrospective"}]
    missing = set(snapshot_type.fields) - {"snapshot", "project", "ext", *counts}
    assert {"work_items", "change_events", "standards"} <= missing
    assert draft.document["snapshot"]["gaps"] == dict.fromkeys(
        (f"/{name}" for name in sorted(missing)), "not_collected"
    )
    snapshot = SnapshotModel.from_schema(schema).read(draft.document)
    assert snapshot.auditee == "hand:apollo"


def test_the_page_names_every_register(root: Path, snapshot_type: ObjectType) -> None:
    """A register that the schema gains must be on the page too."""
    page = (root / "docs/delivery-folder.md").read_text()
    documented = page[page.index("Registers are named") : page.index("Their fields are")]

    listed = {
        name for name, field in snapshot_type.fields.items() if str(field.type).startswith("list(")
    }

    assert set(re.findall(r"`(\w+)`", documented)) == listed


def test_the_page_names_every_thing_that_there_is_once(
    root: Path, snapshot_type: ObjectType
) -> None:
    """What is no list has a file of its own as well, and the page says how it is called."""
    page = (root / "docs/delivery-folder.md").read_text()
    documented = page[page.index("Of some things") : page.index("Each is a YAML file")]

    single = {
        name for name, field in snapshot_type.fields.items() if "list(" not in str(field.type)
    }

    assert set(re.findall(r"`(\w+)`", documented)) == single - {"snapshot", "project"}


def test_it_is_a_reader_of_delivery_folders() -> None:
    """The folder around `delivery/` is claimed, and a folder that is called so itself."""
    reader = FolderReader()

    assert isinstance(reader, Reader)
    claimed = {
        (name, path, is_folder): reader.claims(SourceFiles(name, {path: b""}, is_folder=is_folder))
        for name, path, is_folder in (
            ("apollo", "delivery/blockers.csv", True),
            ("apollo/delivery", "project.yaml", True),
            ("apollo", "project.yaml", True),
            ("apollo", "notes/delivery/project.yaml", True),
            ("delivery", "project.yaml", False),
        )
    }
    assert list(claimed.values()) == [True, True, False, False, False]


def test_a_folder_that_is_named_itself_reads_the_same(
    read: Read, snapshot_type: ObjectType
) -> None:
    """Only the names of the files differ."""
    files = {"project.yaml": PROJECT.encode(), "risks.csv": b"id\nR-1\n"}
    itself = FolderReader().read(
        SourceFiles("x/delivery", files, is_folder=True), ReaderOptions(root=snapshot_type)
    )

    around = read({"risks.csv": "id\nR-1\n"})

    assert without_prov(itself.document["risks"]) == without_prov(around.document["risks"])
    assert itself.document["risks"][0]["prov"]["locator"] == "risks.csv:2"
    assert around.document["risks"][0]["prov"]["locator"] == "delivery/risks.csv:2"


class TestWhatIsThere:
    """Empty is none, absent is unknown."""

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("blockers.yaml", ""),
            ("blockers.yaml", "# none so far\n"),
            ("blockers.yaml", "[]\n"),
            ("blockers.yml", "---\n"),
            ("blockers.csv", ""),
            ("blockers.csv", "id,description\n"),
            ("blockers.csv", "id,description\n,\n"),
        ],
    )
    def test_an_empty_register_says_that_there_are_none(
        self, read: Read, name: str, text: str
    ) -> None:
        """However it is empty."""
        draft = read({name: text})

        assert draft.document["blockers"] == []
        assert gaps(draft, "/blockers") == {}
        assert told(draft) == []

    def test_an_absent_register_says_nothing(self, read: Read) -> None:
        """Its list is no list, and the gap says why."""
        draft = read()

        assert "blockers" not in draft.document
        assert gaps(draft, "/blockers", "/standards") == {
            "/blockers": "not_collected",
            "/standards": "not_collected",
        }

    def test_the_author_may_know_better_why(self, read: Read) -> None:
        """A gap in `project.yaml` gives the reason of an absent register."""
        draft = read({"project.yaml": PROJECT + "gaps: {/work_items: no_permission}\n"})

        assert gaps(draft, "/work_items") == {"/work_items": "no_permission"}

    def test_the_author_cannot_declare_complete_what_is_not(self, read: Read) -> None:
        """What the files show outweighs what somebody says of them."""
        draft = read(
            {
                "project.yaml": PROJECT + "gaps: {/risks: not_supported}\n",
                "risks.csv": "id\n\nR-1,too many\nR-2\n",
            }
        )

        assert gaps(draft, "/risks") == {"/risks": "truncated"}


class TestHead:
    """Whose facts, up to when, in which zone."""

    def test_the_head_is_that_of_the_file(self, read: Read) -> None:
        """Ids, instant and zone as written, with their places."""
        draft = read()
        head = draft.document["snapshot"]

        assert head["schema"] == {"name": "project", "version": 1}
        assert (head["auditee"], head["captured_at"], head["time_zone"]) == (
            "hand:apollo", "2026-09-30T18:00:00Z", "Europe/Berlin",
        )  # fmt: skip
        assert place(draft, "/snapshot/time_zone") == "project.yaml:2:12"
        assert place(draft, "/project/id") == "project.yaml:4:7"

    def test_what_the_file_leaves_out_the_user_may_say(self, read: Read) -> None:
        """The zone is then an assumption, and told as one."""
        draft = read(
            {"project.yaml": "project: {id: a}"},
            captured_at="2026-09-30T18:00:00Z",
            time_zone="Asia/Tokyo",
        )
        head = draft.document["snapshot"]

        assert (head["captured_at"], head["time_zone"]) == ("2026-09-30T18:00:00Z", "Asia/Tokyo")
        assert head["assumptions"] == ["the time zone Asia/Tokyo is assumed, apollo names none"]

    def test_the_file_outranks_the_user(self, read: Read) -> None:
        """Options fill in, they do not replace."""
        draft = read(captured_at="2020-01-01T00:00:00Z", time_zone="Asia/Tokyo")
        head = draft.document["snapshot"]

        assert (head["captured_at"], head["time_zone"]) == ("2026-09-30T18:00:00Z", "Europe/Berlin")
        assert "assumptions" not in head

    def test_without_a_file_the_user_says_everything(self, read: Read) -> None:
        """Minutes alone can be a source."""
        draft = read(
            {"project.yaml": ABSENT, "risks.csv": "id\n"},
            auditee="a",
            captured_at="2026-09-30T18:00:00Z",
            time_zone="UTC",
        )

        assert draft.document["project"] == {"id": "a"}
        assert draft.document["snapshot"]["auditee"] == "a"

    def test_nothing_is_guessed(self, read: Read) -> None:
        """All that is missing is said at once, and what is wrong elsewhere as well."""
        with pytest.raises(ErrorGroup) as caught:
            read({"project.yaml": ABSENT, "risks.csv": "id,colour\nR-1,red\n"})

        assert [error.message for error in caught.value.errors] == [
            "nothing says in which time zone the days of 'apollo' are",
            "nothing says up to which instant 'apollo' speaks",
            "nothing says which project 'apollo' is of",
            "no column 'colour' in risks",
        ]

    @pytest.mark.parametrize(
        ("text", "where", "message"),
        [
            ("project: [", "1:11", "want a value, found the end of the line"),
            ("- a", "1:1", "want keys and values, with 'project' among them"),
            (PROJECT + "  nmae: x\n", "5:3", "'nmae' is no field of project"),
            (PROJECT + "colour: x\n", "5:1", "'colour' is no key of project.yaml"),
            (PROJECT + "auditee: x\n", "5:1", "'auditee' is no key of project.yaml"),
            (PROJECT + "  method: waterfall\n", "5:11", "'waterfall' is none of scrum, kanban, hybrid"),
            ("project: {name: x}", "1:10", "'id' is missing in project"),
            ("project: x", "1:10", "want the project as keys and values"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_has_its_place(
        self, read: Read, text: str, where: str, message: str
    ) -> None:
        """Whether the rest can be read or not."""
        try:
            problems: tuple[AuditorError, ...] = read({"project.yaml": text}).problems
        except ErrorGroup as group:
            problems = group.errors

        found = [problem for problem in problems if problem.location]
        assert [(str(one.location), one.message) for one in found] == [
            (f"apollo/delivery/project.yaml:{where}", message)
        ]

    def test_another_auditee_than_asked_for_is_an_error(self, read: Read) -> None:
        """One of the two names is wrong, and nobody here knows which."""
        with pytest.raises(ErrorGroup) as caught:
            read(auditee="jira:10042")

        assert caught.value.errors[0].message == (
            "the project is 'hand:apollo' here, 'jira:10042' is asked for"
        )

    def test_two_files_for_the_project_are_a_problem(self, read: Read) -> None:
        """The first is read."""
        draft = read({"project.yml": PROJECT.replace("apollo", "gemini")})

        assert draft.document["project"]["id"] == "hand:apollo"
        assert [message for _, message in told(draft)] == [
            "apollo/delivery/project.yml and apollo/delivery/project.yaml both describe the project"
        ]

    def test_an_unknown_setting_is_an_error(self, read: Read) -> None:
        """A typing mistake in auditor.yaml is not silence."""
        with pytest.raises(ConfigError, match="folder has no setting 'idd'"):
            read(settings={"idd": "x"})

    def test_the_source_is_described(self, read: Read) -> None:
        """Its id, what was read of it, and digests of the files."""
        draft = read({"risks.csv": "id\nR-1\n"}, settings={"id": "hand"})
        (source,) = draft.document["snapshot"]["sources"]

        assert (source["id"], source["kind"], source["rows"]) == ("hand", "folder", 1)
        assert source["completeness"] == "complete"
        assert len(source["raw"]) == 2
        assert draft.document["risks"][0]["prov"] == {
            "source": "hand",
            "locator": "delivery/risks.csv:2",
            "method": "manual",
            "captured_at": "2026-09-30T18:00:00Z",
        }


class TestYaml:
    """Registers as YAML."""

    def test_the_schema_says_how_a_value_is_read(self, read: Read) -> None:
        """A version is text, whatever it looks like; a level is a number."""
        draft = read(
            {
                "baselines.yaml": "- {id: 7, version: 1.10, content_sha256: null}\n",
                "standards.yaml": "version: on\nescalation: [{severity: high, level: 2, role: no}]\n",
            }
        )

        assert without_prov(draft.document["baselines"]) == [
            {"id": "7", "version": "1.10", "content_sha256": None}
        ]
        assert draft.document["standards"]["version"] == "on"
        assert draft.document["standards"]["escalation"] == [
            {"severity": "high", "level": 2, "role": "no"}
        ]
        assert told(draft) == []

    def test_fields_have_their_own_places(self, read: Read) -> None:
        """Down to elements of lists inside a record, and what is derived stands with its record."""
        draft = read(
            {
                "blockers.yaml": (
                    "- id: B-1\n"
                    "  escalations:\n"
                    "    - {at: 2026-09-01, to: ada}\n"
                    "    - {at: 2026-09-02, to: grace}\n"
                )
            }
        )

        assert place(draft, "/blockers") == "blockers.yaml:1:1"
        assert place(draft, "/blockers/0") == "blockers.yaml:1:3"
        assert place(draft, "/blockers/0/id") == "blockers.yaml:1:7"
        assert place(draft, "/blockers/0/escalations/1/to") == "blockers.yaml:4:28"
        assert place(draft, "/blockers/0/prov/locator") == "blockers.yaml:1:3"
        assert "/risks/0" not in draft.places.locate(["/risks/0", "/risks", "/nothing"])

    def test_a_register_may_be_spread_over_files(self, read: Read) -> None:
        """In a folder of its name, in YAML and CSV, one record or many to a file."""
        draft = read(
            {
                "risks/a.yaml": "id: R-1\n",
                "risks/later/b.yml": "- id: R-2\n- id: R-3\n",
                "risks/c.csv": "id\nR-4\n",
                "risks.csv": "id\nR-5\n",
            }
        )

        assert [record["id"] for record in draft.document["risks"]] == [
            "R-5", "R-1", "R-4", "R-2", "R-3",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "where", "message", "left"),
        [
            ("- {id: R-1}\n- {description: x}\n", "2:3", "'id' is missing in risks", ["R-1"]),
            ("- {id: R-1}\n- {id: }\n", "2:8", "want the id of risks, found nothing", ["R-1"]),
            ("- {id: R-1}\n- R-2\n", "2:3", "want a record of risks as keys and values", ["R-1"]),
            ("- {id: [R-1]}\n", "1:8", "want the id of risks, found a list", []),
            ("R-1", "1:1", "want a record of risks as keys and values", []),
        ],
    )
    def test_a_record_that_cannot_be_read_opens_its_list(
        self, read: Read, text: str, where: str, message: str, left: list[str]
    ) -> None:
        """It is reported, the others stay, and the list is known to lack something."""
        draft = read({"risks.yaml": text})

        assert told(draft) == [(f"apollo/delivery/risks.yaml:{where}", message)]
        assert [record["id"] for record in draft.document["risks"]] == left
        assert gaps(draft, "/risks") == {"/risks": "truncated"}

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("severity: urgent", "'urgent' is none of low, medium, high, critical"),
            ("probability: 'two'", "want a whole number, found text in quotes"),
            ("probability: two", "want a whole number, found 'two'"),
            ("score: many", "want a number, found 'many'"),
            ("raised_at: 3.3.2026", "'3.3.2026' is no instant"),
            ("raised_at: 2026-02-30", "'2026-02-30' is no instant"),
            ("review_on: 2026-09-01T10:00:00Z", "'2026-09-01T10:00:00Z' is no day"),
            ("owner: ''", "an id cannot be empty"),
            ("owner: {a: b}", "want the id of parties, found keys and values"),
            ("escalations: none", "want a list, found one value"),
            ("escalations: ~", "want a list, found nothing"),
            ("class: null", "want text, found nothing"),
            ("ext: [a]", "want keys and values, found a list"),
        ],
    )
    def test_a_value_that_cannot_be_read_is_unknown(
        self, read: Read, field: str, message: str
    ) -> None:
        """The record stays, without that field, and the gap says that something was there."""
        draft = read({"risks.yaml": f"- {{id: R-1, {field}}}\n"})

        name = field.partition(":")[0]
        column = len("- {id: R-1, ") + len(f"{name}: ") + 1
        assert told(draft) == [(f"apollo/delivery/risks.yaml:1:{column}", message)]
        assert without_prov(draft.document["risks"]) == [{"id": "R-1"}]
        assert gaps(draft, "/risks") == {f"/risks/0/{name}": "unparsed"}

    def test_an_element_that_cannot_be_read_opens_the_list_inside(self, read: Read) -> None:
        """Only that list, not the register."""
        draft = read(
            {"blockers.yaml": "- {id: B, escalations: [{level: x}, {level: 2, tto: a}, 3]}"}
        )

        assert [message for _, message in told(draft)] == [
            "want a whole number, found 'x'",
            "'tto' is no field of escalation",
            "want keys and values, found one value",
        ]
        assert draft.document["blockers"][0]["escalations"] == [{}, {"level": 2}]
        assert gaps(draft, "/blockers") == {
            "/blockers/0/escalations": "truncated",
            "/blockers/0/escalations/0/level": "unparsed",
        }

    def test_a_misspelt_key_is_a_problem(self, read: Read) -> None:
        """With the key that was probably meant."""
        draft = read({"risks.yaml": "- {id: R-1, serverity: high}\n"})

        (problem,) = draft.problems
        assert (str(problem.location), problem.message, problem.hint) == (
            "apollo/delivery/risks.yaml:1:13",
            "'serverity' is no field of risks",
            "did you mean 'severity'?",
        )

    @pytest.mark.parametrize(
        "data", ["- {id: R-1", "- id: a\n  id: b\n", "- \xff", b"\xff", b"\0", "[" * 100]
    )
    def test_a_file_that_cannot_be_read_is_unparsed(self, read: Read, data: str | bytes) -> None:
        """One problem, the register is unknown, everything else is read."""
        bad = data.encode("latin-1") if isinstance(data, str) else data

        draft = read({"risks.yaml": bad, "blockers.csv": "id\nB-1\n"})

        assert len(draft.problems) == 1
        assert "risks" not in draft.document
        assert gaps(draft, "/risks", "/blockers") == {"/risks": "unparsed"}
        assert [record["id"] for record in draft.document["blockers"]] == ["B-1"]

    def test_with_other_files_of_the_register_it_is_truncated(self, read: Read) -> None:
        """What was read stays."""
        draft = read({"risks/a.yaml": "- {", "risks/b.yaml": "- id: R-2\n"})

        assert [record["id"] for record in draft.document["risks"]] == ["R-2"]
        assert gaps(draft, "/risks") == {"/risks": "truncated"}

    def test_standards_are_one_object(self, read: Read) -> None:
        """With provenance and gaps of their own."""
        draft = read({"standards.yaml": "version: 2\nescalation:\n  - {severity: high}\n"})

        assert draft.document["standards"]["prov"]["locator"] == "delivery/standards.yaml:1"
        assert place(draft, "/standards/version") == "standards.yaml:1:10"
        assert told(draft) == [
            ("apollo/delivery/standards.yaml:3:5", "'level' is missing in standards.escalation")
        ]
        assert gaps(draft, "/standards") == {"/standards/escalation": "truncated"}


class TestCsv:
    """Registers as CSV."""

    def test_cells_become_what_the_schema_wants(self, read: Read) -> None:
        """Numbers, nulls, lists, objects, fields of one's own."""
        draft = read(
            {
                "work_items.csv": (
                    "id,title,status.native,status.category,owners,due_on,type,ext.cost.centre\n"
                    'W-1,"A, b",Doing,in_progress,ada; grace,2026-09-01,story,17\n'
                    "W-2,,,,,,,\n"
                ),
                "risks.csv": "id,probability,score,review_on\nR-1, 3 ,2.5,\n",
            }
        )

        assert without_prov(draft.document["work_items"]) == [
            {
                "id": "W-1", "title": "A, b", "owners": ["ada", "grace"], "due_on": "2026-09-01",
                "status": {"native": "Doing", "category": "in_progress"}, "type": "story",
                "ext": {"cost.centre": "17"},
            },
            {"id": "W-2", "title": None, "status": {"native": None}, "owners": [], "due_on": None},
        ]  # fmt: skip
        assert without_prov(draft.document["risks"]) == [
            {"id": "R-1", "probability": 3, "score": 2.5, "review_on": None}
        ]
        assert told(draft) == []

    def test_cells_have_their_own_places(self, read: Read) -> None:
        """Line and column, behind a cell with a line break too."""
        draft = read({"risks.csv": 'id,description,owner\nR-1,"two\nlines",ada\nR-2,x,grace\n'})

        assert place(draft, "/risks/0") == "risks.csv:2:1"
        assert place(draft, "/risks/0/owner") == "risks.csv:3:8"
        assert place(draft, "/risks/1/owner") == "risks.csv:4:7"
        assert draft.document["risks"][1]["prov"]["locator"] == "delivery/risks.csv:4"

    def test_a_value_that_cannot_be_read_is_unknown(self, read: Read) -> None:
        """The cell is the place, and the row stays."""
        draft = read({"risks.csv": "id,raised_at,probability\nR-1,3.3.2026,2\nR-2,2026-03-03,x\n"})

        assert told(draft) == [
            ("apollo/delivery/risks.csv:2:5", "'3.3.2026' is no instant"),
            ("apollo/delivery/risks.csv:3:16", "want a whole number, found 'x'"),
        ]
        assert gaps(draft, "/risks") == {
            "/risks/0/raised_at": "unparsed",
            "/risks/1/probability": "unparsed",
        }
        assert "raised_at" not in draft.document["risks"][0]

    @pytest.mark.parametrize(
        ("rows", "where", "message"),
        [
            ("R-1,x\n,y\n", "3:1", "'id' is missing in risks"),
            ("R-1,x\nR-2\n", "3:1", "1 cell, the header has 2"),
            ('R-1,x\n"R-2,y\n', "3:1", "a quote that has no end"),
        ],
    )
    def test_a_row_that_cannot_be_read_opens_its_list(
        self, read: Read, rows: str, where: str, message: str
    ) -> None:
        """A row number is never an id."""
        draft = read({"risks.csv": "id,description\n" + rows})

        ((found, said),) = told(draft)
        assert found == f"apollo/delivery/risks.csv:{where}"
        assert said.startswith(message)
        assert [record["id"] for record in draft.document["risks"]] == ["R-1"]
        assert gaps(draft, "/risks") == {"/risks": "truncated"}

    @pytest.mark.parametrize(
        ("column", "message"),
        [
            ("serverity", "no column 'serverity' in risks"),
            ("prov.methd", "no column 'prov.methd' in risks"),
            ("description.de", "no column 'description.de' in risks"),
            ("escalations", "'escalations' does not fit into one cell"),
            ("prov", "'prov' does not fit into one cell"),
        ],
    )
    def test_a_column_that_cannot_be_used_is_a_problem(
        self, read: Read, column: str, message: str
    ) -> None:
        """It is left out, the others are read."""
        draft = read({"risks.csv": f"id,{column}\nR-1,x\n"})

        assert told(draft) == [("apollo/delivery/risks.csv:1:4", message)]
        assert without_prov(draft.document["risks"]) == [{"id": "R-1"}]

    def test_a_header_that_cannot_be_used_makes_the_file_unread(self, read: Read) -> None:
        """Semicolons are what some spreadsheets write."""
        draft = read({"risks.csv": "id;description\nR-1;x\n"})

        assert told(draft) == [
            ("apollo/delivery/risks.csv:1:1", "the columns are separated by ';', want commas")
        ]
        assert gaps(draft, "/risks") == {"/risks": "unparsed"}


class TestJoin:
    """One record in several places."""

    def test_fields_are_put_together(self, read: Read) -> None:
        """And each is found where it stands."""
        draft = read(
            {"risks.csv": "id,owner\nR-1,ada\n", "risks/more.yaml": "- {id: R-1, severity: high}\n"}
        )

        assert without_prov(draft.document["risks"]) == [
            {"id": "R-1", "owner": "ada", "severity": "high"}
        ]
        assert place(draft, "/risks/0/owner") == "risks.csv:2:5"
        assert place(draft, "/risks/0/severity") == "risks/more.yaml:1:23"
        assert told(draft) == []

    def test_the_same_row_twice_counts_once(self, read: Read) -> None:
        """It says nothing new."""
        draft = read({"risks.csv": "id,owner\nR-1,ada\nR-1,ada\n"})

        assert len(draft.document["risks"]) == 1
        assert told(draft) == []

    def test_a_contradiction_is_reported_and_nobody_believed(self, read: Read) -> None:
        """Both places are named, and the fact is unknown."""
        draft = read({"risks.csv": "id,owner,severity\nR-1,ada,high\nR-1,grace,high\n"})

        ((where, message),) = told(draft)
        assert where == "apollo/delivery/risks.csv:3:5"
        assert message == (
            "two places contradict each other on owner of risks 'R-1': 'ada' "
            "(apollo/delivery/risks.csv:2) and 'grace' (apollo/delivery/risks.csv:3); "
            "the fact is left out"
        )
        assert without_prov(draft.document["risks"]) == [{"id": "R-1", "severity": "high"}]
        assert gaps(draft, "/risks") == {"/risks/0/owner": "unparsed"}

    def test_a_contradiction_about_what_must_be_there_loses_the_record(self, read: Read) -> None:
        """Nothing is left of an approval of two things at once; the list is open."""
        draft = read({"approvals.csv": "id,subject\na,x\na,y\nb,z\n"})

        assert [record["id"] for record in draft.document["approvals"]] == ["b"]
        assert gaps(draft, "/approvals") == {"/approvals": "truncated"}
        assert draft.problems[0].message.endswith("the record is left out")

    def test_one_file_may_know_what_another_could_not_say(self, read: Read) -> None:
        """A value that could not be read is no gap where the same record has it elsewhere."""
        draft = read(
            {
                "risks.csv": "id,raised_at\nR-1,soon\n",
                "risks/b.yaml": "- {id: R-1, raised_at: 2026-09-01}",
            }
        )

        assert draft.document["risks"][0]["raised_at"] == "2026-09-01"
        assert gaps(draft, "/risks") == {}
        assert len(draft.problems) == 1


class TestLogs:
    """Records that belong to other records."""

    def test_escalations_go_to_their_blockers_and_risks(self, read: Read) -> None:
        """Those that the log does not name were not escalated."""
        draft = read(
            {
                "blockers.csv": "id\nB-1\nB-2\n",
                "risks.yaml": "- id: R-1\n- id: R-2\n",
                "escalations.csv": (
                    "blocker,risk,at,level\n"
                    "B-2,,2026-09-01,1\n"
                    ",R-1,2026-09-02,1\n"
                    "B-2,,2026-09-03,2\n"
                ),
            }
        )

        assert [record["escalations"] for record in draft.document["blockers"]] == [
            [],
            [{"at": "2026-09-01", "level": 1}, {"at": "2026-09-03", "level": 2}],
        ]
        assert [record["escalations"] for record in draft.document["risks"]] == [
            [{"at": "2026-09-02", "level": 1}],
            [],
        ]
        assert place(draft, "/blockers/1/escalations/1/at") == "escalations.csv:4:6"
        assert gaps(draft, "/blockers", "/risks") == {}
        assert told(draft) == []

    def test_a_table_without_a_column_says_nothing_of_those_records(self, read: Read) -> None:
        """A log of blockers is no log of risks."""
        draft = read(
            {
                "blockers.csv": "id\nB-1\n",
                "risks.csv": "id\nR-1\n",
                "escalations.csv": "blocker,at\n",
            }
        )

        assert draft.document["blockers"][0]["escalations"] == []
        assert "escalations" not in draft.document["risks"][0]

    def test_a_yaml_log(self, read: Read) -> None:
        """The same, with keys."""
        draft = read(
            {
                "actions.yaml": "- id: A-1\n- id: A-2\n",
                "replans.yaml": "- {action: A-1, at: 2026-09-01, to: 2026-09-09, reason: ill}\n",
            }
        )

        assert [record["replans"] for record in draft.document["actions"]] == [
            [{"at": "2026-09-01", "to": "2026-09-09", "reason": "ill"}],
            [],
        ]
        assert place(draft, "/actions/0/replans/0/reason") == "replans.yaml:1:57"

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("B-9,,2026-09-01", "no record of blockers has the id 'B-9'"),
            (",,2026-09-01", "want the id of its record in one of 'blocker' or 'risk' or 'issue'"),
            (
                "B-1,R-1,2026-09-01",
                "want the id of its record in one of 'blocker' or 'risk' or 'issue'",
            ),
            ("B-1,2026-09-01", "2 cells, the header has 3"),
        ],
    )
    def test_a_row_that_belongs_to_nobody_known_opens_all_lists(
        self, read: Read, row: str, message: str
    ) -> None:
        """It may have been anybody's."""
        draft = read(
            {
                "blockers.csv": "id\nB-1\n",
                "risks.csv": "id\nR-1\n",
                "escalations.csv": f"blocker,risk,at\n{row}\n",
            }
        )

        assert [said for _, said in told(draft)] == [message]
        assert gaps(draft, "/blockers", "/risks") == {
            "/blockers/0/escalations": "truncated",
            "/risks/0/escalations": "truncated",
        }

    def test_a_value_that_cannot_be_read_is_that_value_alone(self, read: Read) -> None:
        """The others are still known."""
        draft = read(
            {"blockers.csv": "id\nB-1\n", "escalations.csv": "blocker,at,level\nB-1,soon,1\n"}
        )

        assert draft.document["blockers"][0]["escalations"] == [{"level": 1}]
        assert gaps(draft, "/blockers") == {"/blockers/0/escalations/0/at": "unparsed"}

    def test_a_log_that_cannot_be_read_opens_all_lists(self, read: Read) -> None:
        """Nothing is known to be complete."""
        draft = read({"blockers.csv": "id\nB-1\n", "escalations.yaml": "- {"})

        assert draft.document["blockers"][0]["escalations"] == []
        assert gaps(draft, "/blockers") == {"/blockers/0/escalations": "truncated"}

    def test_a_record_keeps_its_list_in_one_place(self, read: Read) -> None:
        """Not in the record and in the log."""
        draft = read(
            {
                "blockers.yaml": "- {id: B-1, escalations: [{level: 1}]}\n- {id: B-2}\n",
                "escalations.csv": "blocker,level\nB-1,2\n",
            }
        )

        assert [said for _, said in told(draft)] == ["'B-1' lists its escalations itself"]
        assert draft.document["blockers"][0]["escalations"] == [{"level": 1}]
        assert draft.document["blockers"][1]["escalations"] == []
        assert gaps(draft, "/blockers") == {"/blockers/0/escalations": "truncated"}


class TestMinutes:
    """Meetings as Markdown with front matter."""

    RETRO = """\
---
kind: retrospective
held_at: 2026-09-14T15:00:00+02:00
recorded_at: 2026-09-15
actions:
  - id: A-1
    text: Ask
    owner: ada
  - {id: A-2, raised_at: 2026-09-13, because: [{kind: sprint, id: s-1}]}
---
# Retrospective
"""

    def test_a_meeting_is_named_by_its_file(self, read: Read) -> None:
        """The path below `meetings/`, or the id that it gives itself."""
        draft = read(
            {
                "meetings/retros/2026-09-14.md": self.RETRO,
                "meetings/x.md": "---\nid: M-7\nkind: review\n---\n",
            }
        )

        assert [(record["id"], record["kind"]) for record in draft.document["meetings"]] == [
            ("retros/2026-09-14", "retrospective"),
            ("M-7", "review"),
        ]
        assert place(draft, "/meetings/0/held_at") == "meetings/retros/2026-09-14.md:3:10"
        prov = draft.document["meetings"][0]["prov"]
        assert prov["locator"] == "delivery/meetings/retros/2026-09-14.md:2"
        assert prov["method"] == "manual"

    def test_actions_go_into_the_one_list(self, read: Read) -> None:
        """With the meeting as their reason, and its times unless they have their own."""
        draft = read({"meetings/r.md": self.RETRO})

        assert without_prov(draft.document["actions"]) == [
            {
                "id": "A-1", "text": "Ask", "owner": "ada",
                "because": [{"kind": "meeting", "id": "r"}],
                "raised_at": "2026-09-14T15:00:00+02:00", "recorded_at": "2026-09-15",
            },
            {
                "id": "A-2", "raised_at": "2026-09-13",
                "because": [{"kind": "sprint", "id": "s-1"}, {"kind": "meeting", "id": "r"}],
                "recorded_at": "2026-09-15",
            },
        ]  # fmt: skip
        assert "actions" not in draft.document["meetings"][0]
        assert place(draft, "/actions/0/owner") == "meetings/r.md:8:12"
        assert place(draft, "/actions/0/raised_at") == "meetings/r.md:3:10"
        assert gaps(draft, "/actions", "/meetings") == {}
        assert told(draft) == []

    def test_a_register_follows_actions_up(self, read: Read) -> None:
        """What the register adds is one record with what the minutes say."""
        draft = read(
            {"meetings/r.md": self.RETRO, "actions.csv": "id,status\nA-1,done\nA-3,open\n"}
        )

        assert [
            (record["id"], record.get("status"), [each["id"] for each in record.get("because", [])])
            for record in draft.document["actions"]
        ] == [("A-1", "done", ["r"]), ("A-3", "open", []), ("A-2", None, ["s-1", "r"])]

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            pytest.param({}, "not_collected", id="no-minutes-no-register"),
            pytest.param({"meetings/a.md": "---\nkind: review\n---\n"}, "not_collected", id="minutes-that-do-not-say"),
            pytest.param({"meetings/a.md": "---\nkind: review\nactions: []\n---\n"}, None, id="minutes-that-say-none"),
            pytest.param({"meetings/a.md": RETRO, "meetings/b.md": "---\nkind: review\n---\n"}, "truncated", id="minutes-of-which-one-does-not-say"),
            pytest.param({"meetings/b.md": "---\nkind: review\n---\n", "actions.csv": "id\n"}, None, id="a-register-says-the-rest"),
            pytest.param({"meetings.csv": "id,kind\nm,review\n", "actions.csv": ""}, None, id="registers-alone"),
            pytest.param({"meetings/a.md": RETRO, "meetings/b.md": "# Retro\n"}, "truncated", id="plain-minutes-do-not-say"),
            pytest.param({"meetings/a.md": RETRO, "meetings/b.md": "---\nkind: [\n---\n"}, "truncated", id="minutes-that-cannot-be-read"),
            pytest.param({"meetings/a.md": "---\nactions: x\n---\n", "actions.csv": "id\n"}, "truncated", id="actions-that-cannot-be-read"),
            pytest.param({"meetings/a.md": "---\nactions: [{text: x}]\n---\n"}, "truncated", id="an-action-without-an-id"),
            pytest.param({"actions.yaml": "- ["}, "unparsed", id="a-register-that-cannot-be-read"),
        ],
    )  # fmt: skip
    def test_whether_all_actions_are_known(
        self, read: Read, files: dict[str, str | bytes], expected: str | None
    ) -> None:
        """A meeting without the key says nothing of actions; a register says the rest."""
        draft = read(files)

        assert gaps(draft, "/actions").get("/actions") == expected
        assert ("actions" in draft.document) == (expected in {None, "truncated"})

    def test_minutes_that_cannot_be_read_open_the_list(self, read: Read) -> None:
        """The file and its line are named, the other meetings stay."""
        draft = read(
            {"meetings/a.md": "---\nkind: review\n---\n", "meetings/b.md": "---\nkind: x: y\n---\n"}
        )

        assert told(draft) == [
            ("apollo/delivery/meetings/b.md:2:8", "a ':' where no key can stand")
        ]
        assert [record["id"] for record in draft.document["meetings"]] == ["a"]
        assert gaps(draft, "/meetings") == {"/meetings": "truncated"}

    def test_a_missing_id_is_an_error_with_its_line(self, read: Read) -> None:
        """An action is never called after its position."""
        draft = read({"meetings/r.md": "---\nactions:\n  - text: Ask\n---\n"})

        assert told(draft) == [("apollo/delivery/meetings/r.md:3:5", "'id' is missing in actions")]

    def test_a_readme_is_no_meeting(self, read: Read) -> None:
        """Nor is Markdown that lies elsewhere."""
        draft = read({"meetings/README.md": "# How we meet", "notes.md": "# Notes", "a.txt": "x"})

        assert "meetings" not in draft.document
        assert told(draft) == []


class TestNames:
    """Files that are called otherwise."""

    @pytest.mark.parametrize(
        ("path", "message", "hint"),
        [
            ("blokers.csv", "no register is called 'blokers'", "did you mean 'blockers'?"),
            ("blokers/a.yaml", "no register is called 'blokers'", "did you mean 'blockers'?"),
            (
                "risks.json",
                "'risks' is not read from a .json file",
                "write risks.yaml or risks.csv",
            ),
            (
                "risks.xlsx",
                "'risks' is not read from a .xlsx file",
                "write risks.yaml or risks.csv",
            ),
            ("project.csv", "'project' is not read from a .csv file", "write project.yaml"),
            ("standards.csv", "'standards' is not read from a .csv file", "write standards.yaml"),
        ],
    )
    def test_what_looks_like_a_register_is_a_problem(
        self, read: Read, path: str, message: str, hint: str
    ) -> None:
        """A typing mistake does not hide a register."""
        (problem,) = read({path: "id\n"}).problems

        assert (str(problem.location), problem.message, problem.hint) == (
            f"apollo/delivery/{path}:1:1", message, hint,
        )  # fmt: skip

    @pytest.mark.parametrize(
        "path", ["scratch/a.yaml", ".hidden.yaml", ".git/risks.csv", "logo.png"]
    )
    def test_what_does_not_is_passed_over(self, read: Read, path: str) -> None:
        """People keep other things beside the registers."""
        assert told(read({path: "id\n"})) == []


@pytest.fixture(scope="session")
def example(root: Path) -> dict[str, str]:
    """Return the files of the documented example."""
    page = (root / "docs/delivery-folder.md").read_text()
    return dict(re.findall(r"^```\w+ (delivery/\S+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))


@given(data=st.data())
def test_whatever_happens_to_the_files_every_problem_has_its_place(
    example: dict[str, str], snapshot_type: ObjectType, data: st.DataObject
) -> None:
    """No slip of a finger ends in anything but errors with file and line."""
    files = dict(example)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(files)))
        start = data.draw(st.integers(0, len(files[path])))
        length = data.draw(st.sampled_from([0, 0, 1, 5]))
        slip = data.draw(st.sampled_from(["", "\n", " ", '"', "'", ",", ";", ": ", "- ", "{", "]", "~", "7", "---\n", "&a ", "*a", "\t", "\0"]))  # fmt: skip
        files[path] = files[path][:start] + slip + files[path][start + length :]
    source = SourceFiles(
        "apollo", {path: text.encode() for path, text in files.items()}, is_folder=True
    )

    try:
        problems: tuple[AuditorError, ...] = (
            FolderReader().read(source, ReaderOptions(root=snapshot_type)).problems
        )
    except ErrorGroup as group:
        problems = tuple(
            error for error in group.errors if not error.message.startswith("nothing says")
        )

    assert all(problem.location for problem in problems)


def test_the_order_of_the_files_does_not_matter(snapshot_type: ObjectType) -> None:
    """The same files give the same snapshot, however they are handed over."""
    files = {
        "delivery/project.yaml": PROJECT.encode(),
        "delivery/risks.csv": b"id,colour\nR-1,x\n",
        "delivery/risks/b.yaml": b"- id: R-2\n",
        "delivery/meetings/a.md": TestMinutes.RETRO.encode(),
    }
    drafts = [
        FolderReader().read(
            SourceFiles("apollo", dict(order), is_folder=True), ReaderOptions(root=snapshot_type)
        )
        for order in (files.items(), reversed(files.items()))
    ]

    assert json.dumps(drafts[0].document) == json.dumps(drafts[1].document)
    assert told(drafts[0]) == told(drafts[1])


def test_every_snapshot_keeps_the_schema(read: Read, schema: dict[str, Any]) -> None:
    """Problems in the files never make a snapshot that cannot be judged."""
    draft = read(
        {
            "risks.yaml": "- {id: R-1, severity: urgent, probability: x, escalations: [1, {level: y}]}\n- {}\n",
            "blockers.csv": "id,severity\nB-1,extreme\nB-1,low\n,\n,x\n",
            "escalations.csv": "blocker,at\nB-9,2026-09-01\n",
            "meetings/a.md": "---\nkind: party\nactions: [{id: A, because: [{kind: x}]}, 7]\n---\n",
            "meetings/b.md": "# Sprint 3 Review\n13/13/2026 - 14/14/2026\n",
            "standards.yaml": "escalation: [{level: 1}]\ncolour: red\n",
            "approvals.csv": "id,subject\na,x\na,y\n",
        }
    )

    assert draft.problems
    SnapshotModel.from_schema(schema).read(draft.document)
