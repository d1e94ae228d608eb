"""A snapshot file is read as it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.model.errors import AuditorError, ConfigError, DocumentError, InputError, SnapshotError
from auditor.sources.contract import Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.document import DocumentReader

SNAPSHOT = {
    "snapshot": {"auditee": "a", "captured_at": "2026-09-30T18:00:00Z"},
    "project": {"id": "a"},
}


def file(name: str, text: str | bytes) -> SourceFiles:
    """Return a source of one file, in a folder that the user typed."""
    data = text if isinstance(text, bytes) else text.encode()
    return SourceFiles(f"snapshots/{name}", {name: data}, is_folder=False)


def test_json_and_yaml_are_read_as_they_are() -> None:
    """Nothing is added, nothing is typed anew, and values are found again."""
    text = json.dumps(SNAPSHOT, indent=1)

    for name in ("a.json", "a.yaml"):
        draft = DocumentReader().read(file(name, text), ReaderOptions())

        assert draft.document == SNAPSHOT
        assert draft.problems == ()
        place = draft.places.locate(["/snapshot/captured_at"])["/snapshot/captured_at"]
        assert str(place) == f"snapshots/{name}:4:18"


def test_it_is_a_reader_of_single_files() -> None:
    """JSON and YAML by their suffixes, no folders."""
    reader = DocumentReader()

    assert isinstance(reader, Reader)
    assert [
        reader.claims(SourceFiles("x", {name: b""}, is_folder=is_folder))
        for name, is_folder in (
            ("a.json", False), ("a.YAML", False), ("a.yml", False), ("a.jsonl", False), ("a.json", True),
        )
    ] == [True, True, True, False, False]  # fmt: skip


def test_what_the_head_leaves_out_the_user_may_say() -> None:
    """The zone is then an assumption, and told as one."""
    options = ReaderOptions(captured_at="2026-09-30T18:00:00Z", time_zone="Asia/Tokyo", auditee="a")

    draft = DocumentReader().read(file("a.yaml", "snapshot: {assumptions: [x]}"), options)

    assert draft.document == {
        "snapshot": {
            "auditee": "a",
            "captured_at": "2026-09-30T18:00:00Z",
            "time_zone": "Asia/Tokyo",
            "assumptions": [
                "x",
                "the time zone Asia/Tokyo is assumed, snapshots/a.yaml names none",
            ],
        }
    }


def test_the_file_outranks_the_user() -> None:
    """Options fill in, they do not replace."""
    text = json.dumps({"snapshot": {"captured_at": "x", "time_zone": "y", "auditee": "a"}})
    options = ReaderOptions(captured_at="2026-09-30T18:00:00Z", time_zone="Asia/Tokyo", auditee="a")

    draft = DocumentReader().read(file("a.json", text), options)

    assert draft.document == json.loads(text)


def test_another_auditee_than_asked_for_is_an_error() -> None:
    """One of the two names is wrong."""
    with pytest.raises(SnapshotError, match="the snapshot is of 'a', 'b' is asked for") as caught:
        DocumentReader().read(file("a.json", json.dumps(SNAPSHOT)), ReaderOptions(auditee="b"))

    assert str(caught.value.location) == "snapshots/a.json:1:26"


@pytest.mark.parametrize(
    ("text", "kind", "place", "message"),
    [
        ("[1]", SnapshotError, "1:1", "want a snapshot as keys and values, found a list"),
        ("# x", SnapshotError, "1:1", "want a snapshot as keys and values, found nothing"),
        ("- 1\n- 2", SnapshotError, "1:1", "want a snapshot as keys and values, found a list"),
        ("x", SnapshotError, "1:1", "want a snapshot as keys and values, found one value"),
        ("a: 1\na: 2", DocumentError, "2:1", "key 'a' is given twice, first in line 1"),
        ("[" * 100, DocumentError, "1:65", "more than 64 lists and mappings inside each other"),
        (b"\xff", DocumentError, "1:1", "byte 0xff is not UTF-8"),
    ],
)
def test_what_is_no_snapshot_is_an_error(
    text: str | bytes, kind: type[AuditorError], place: str, message: str
) -> None:
    """With its place, as the user would type it."""
    with pytest.raises(kind) as caught:
        DocumentReader().read(file("a.yaml", text), ReaderOptions())

    assert (str(caught.value.location), caught.value.message) == (
        f"snapshots/a.yaml:{place}",
        message,
    )


def test_a_head_of_a_wrong_shape_is_left_to_the_schema() -> None:
    """Everything that breaks the schema is reported together."""
    options = ReaderOptions(captured_at="x", time_zone="UTC", auditee="a")
    texts: list[Any] = [{"snapshot": [1]}, {"snapshot": {"assumptions": 7}}, {}]

    for text in texts:
        DocumentReader().read(file("a.json", json.dumps(text)), options)


def test_a_setting_or_a_second_file_is_an_error() -> None:
    """Neither is passed over in silence."""
    with pytest.raises(ConfigError, match="document has no settings, found 'id'"):
        DocumentReader().read(file("a.json", "{}"), ReaderOptions(settings={"id": "x"}))
    with pytest.raises(InputError, match="'x' holds 2 files, a snapshot is one"):
        DocumentReader().read(
            SourceFiles("x", {"a.json": b"{}", "b.json": b"{}"}, is_folder=True), ReaderOptions()
        )
