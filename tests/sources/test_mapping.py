"""What a status mapping may say, and how a wrong one is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest

from auditor.model.errors import ConfigError, DocumentError, ErrorGroup
from auditor.sources.mapping import Category, ItemType, mapping_model, read_mapping

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "owner: office\nat: 2026-03-02\n"


def read(text: str) -> dict[str, Any]:
    """Read a mapping file."""
    return read_mapping(text.encode(), path="mapping.yaml")


def test_a_mapping_is_read() -> None:
    """Names are kept as the tool writes them."""
    assert read(HEAD + "statuses: {Open: todo, 已完成: done}\ntypes: {Bug: defect}\n") == {
        "owner": "office",
        "at": "2026-03-02",
        "statuses": {"Open": "todo", "已完成": "done"},
        "types": {"Bug": "defect"},
    }


def test_types_may_be_left_out() -> None:
    """A mapping of statuses alone leaves all types without a meaning."""
    assert read(HEAD + "statuses: {Open: todo, Shut: done}\n")["types"] == {}


def test_a_mapping_that_sends_done_nowhere_is_refused() -> None:
    """Every rule on finished work would hold, because there would be none."""
    with pytest.raises(ConfigError) as caught:
        read(HEAD + "statuses:\n  Open: todo\n  Closed: cancelled\n")

    error = caught.value
    assert str(error.location) == "mapping.yaml:4:3"
    assert error.message == "no status means 'done', so that nothing would ever be done"
    assert error.hint == "name the status in which work is finished, e.g. 'Closed: done'"


def test_names_that_other_yaml_readers_take_for_something_else() -> None:
    """A status may be called On, No or 17:30."""
    names = read(HEAD + "statuses: {On: todo, No: cancelled, 17:30: done}\n")["statuses"]

    assert names == {"On": "todo", "No": "cancelled", "17:30": "done"}


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        pytest.param("statuses: {Done: finished}", "3:18", "'Done' wants one of todo, in_progress, blocked, in_review, done, cancelled; found 'finished'", "known: blocked, cancelled, done, in_progress, in_review, todo", id="no-category"),
        pytest.param("statuses: {Done: don}", "3:18", "'Done' wants one of todo, in_progress, blocked, in_review, done, cancelled; found 'don'", "did you mean 'done'?", id="a-category-misspelt"),
        pytest.param("statuses: {Done: true}", "3:18", "'Done' wants one of todo, in_progress, blocked, in_review, done, cancelled; found true", None, id="a-category-that-is-no-text"),
        pytest.param("statuses: {}", "3:11", "'statuses' is empty", None, id="no-status-at-all"),
        pytest.param("statuses: [Open]", "3:11", "'statuses' wants 'key: value' pairs; found a list", None, id="a-list"),
        pytest.param("statuses: {Open: todo}\nstatus: {}", "4:1", "unknown key 'status'", "did you mean 'statuses'?", id="an-unknown-key"),
        pytest.param("types: {Bug: defect}", "1:1", "'statuses' is missing", "add statuses: ...", id="statuses-missing"),
        pytest.param("statuses: {Open: todo}\ntypes: {Bug: bug}", "4:14", "'Bug' wants one of story, task, defect, epic, spike, change; found 'bug'", "known: change, defect, epic, spike, story, task", id="no-type"),
        pytest.param('statuses: {"\\u00fc": todo, "u\\u0308": done}', "3:11", "'statuses': 'u\u0308' is there twice, spelt with different characters that look alike", None, id="one-name-in-two-spellings"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_with_its_place(
    text: str, place: str, message: str, hint: str | None
) -> None:
    """Each breach has file, line, column and the nearest name."""
    with pytest.raises(ErrorGroup) as caught:
        read(HEAD + text + "\n")

    assert [(str(error.location), error.message, error.hint) for error in caught.value.errors] == [
        (f"mapping.yaml:{place}", message, hint)
    ]


def test_owner_and_day_are_demanded() -> None:
    """All breaches are told at once."""
    with pytest.raises(ErrorGroup) as caught:
        read("owner: ''\nat: 2026-02-30\nstatuses: {Open: todo}\n")

    assert [f"{error.location}: {error.message}" for error in caught.value.errors] == [
        "mapping.yaml:1:8: 'owner' is empty",
        "mapping.yaml:2:5: 'at': the calendar has no day 2026-02-30",
    ]


def test_a_name_given_twice_is_refused() -> None:
    """Of two equal keys neither wins."""
    with pytest.raises(DocumentError, match="'Open' is given twice"):
        read(HEAD + "statuses: {Open: todo, Open: done}\n")


def test_the_meanings_are_those_of_the_snapshot(root: Path) -> None:
    """A category or type that the snapshot does not have could not be kept."""
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    definitions = schema["$defs"]

    assert list(get_args(Category)) == definitions["status_category"]["enum"]
    assert list(get_args(ItemType)) == definitions["work_item"]["properties"]["type"]["enum"]


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/mapping.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "mapping.schema.json",
        **mapping_model().model_json_schema(),
    }
