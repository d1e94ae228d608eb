"""What a file of attestations may say, and how a wrong one is told."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from auditor.documents.yaml import parse_yaml
from auditor.model.attestation import Attestation, AttestedDocument
from auditor.model.errors import AttestationError, DocumentError, ErrorGroup
from auditor.sources.attestations import (
    FiledAttestation,
    attestation_model,
    holds_attestations,
    parse_attestations,
)

if TYPE_CHECKING:
    from pathlib import Path

ONE = """\
attestation:
  control: SEEF-IMP-09
  auditee: "hand:apollo"
  subject: null
  by: p-dana
  role: DM
  at: 2026-07-06T10:00:00+02:00
  recorded_at: 2026-07-06
  expires_on: 2027-01-31
  statement: It is in the checklist.
  documents:
    - {id: readiness-checklist, version: "4"}
"""
LEAST: dict[str, Any] = {
    "control": "X-1",
    "auditee": "hand:apollo",
    "by": "p-dana",
    "at": "2026-07-06T10:00:00+02:00",
    "recorded_at": "2026-07-06T10:00:00+02:00",
    "expires_on": None,
    "statement": "It holds.",
}


def parse(text: str, path: str = "a.yaml") -> tuple[FiledAttestation, ...]:
    """Read a file."""
    return parse_attestations(text.encode(), path=path)


@pytest.mark.parametrize("statement", ["tbd", " ", "n/a"])
def test_a_statement_that_says_nothing_is_no_word(statement: str) -> None:
    """Nobody vouches with a placeholder (C13)."""
    with pytest.raises(ErrorGroup) as caught:
        parse(json.dumps({"attestation": {**LEAST, "statement": statement}}))

    assert [error.message for error in caught.value.errors] == [
        f"'statement': '{statement}' says nothing"
    ]


def test_every_key_is_read() -> None:
    """One record, in our types."""
    (filed,) = parse(ONE)

    assert filed.record == Attestation(
        control="SEEF-IMP-09",
        auditee="hand:apollo",
        by="p-dana",
        at=dt.datetime(2026, 7, 6, 8, tzinfo=dt.UTC),
        recorded_at=dt.date(2026, 7, 6),
        expires_on=dt.date(2027, 1, 31),
        statement="It is in the checklist.",
        documents=(AttestedDocument("readiness-checklist", "4"),),
    )
    assert filed.record.role == "DM"
    assert str(filed.record.place) == "a.yaml:2:3"


def test_a_list_keeps_its_order_and_places() -> None:
    """Each record can be found again, field by field."""
    records = [LEAST, {**LEAST, "control": "X-2", "documents": [{"id": "d", "version": "1"}]}]
    found = parse(json.dumps({"attestations": records}, indent=1), "a.json")

    assert [(one.record.control, one.pointer) for one in found] == [
        ("X-1", "/attestations/0"),
        ("X-2", "/attestations/1"),
    ]
    place = found[1].places.locate(["/attestations/1/documents/0/version"])
    assert [str(one) for one in place.values()] == ["a.json:23:17"]


def test_what_may_be_left_out() -> None:
    """No document, no role, the auditee as a whole."""
    (filed,) = parse(json.dumps({"attestation": LEAST}))

    assert (filed.record.documents, filed.record.role, filed.record.subject) == ((), None, None)
    assert filed.record.expires_on is None


@pytest.mark.parametrize("text", ["A \\ud83d\\ude00 b", "\\\\ud83d", "tab\\tslash\\/"])
def test_json_may_escape_as_json_does(text: str) -> None:
    """A character in two halves, and what only looks like one."""
    document = json.dumps({"attestation": {**LEAST, "statement": "?"}}).replace("?", text)
    (filed,) = parse(document, "a.json")

    assert filed.record.statement == json.loads(f'"{text}"')


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        pytest.param({"contrl": "X"}, "unknown key 'contrl'", "did you mean 'control'?", id="unknown-key"),
        pytest.param({"control": ""}, "'control' is empty", None, id="no-control"),
        pytest.param({"by": 5}, "'by' wants a text; found 5", None, id="no-text"),
        pytest.param({"at": "2026-07-06T10:00:00"}, "'at': the offset from UTC is missing, e.g. +01:00 or Z", None, id="no-offset"),
        pytest.param({"at": None}, "'at' wants a text; found nothing", None, id="no-instant"),
        pytest.param({"recorded_at": "soon"}, "'recorded_at': an instant is written like 2026-03-03T14:00:00+01:00", None, id="not-a-time"),
        pytest.param({"expires_on": "2026-02-30"}, "'expires_on': the calendar has no day 2026-02-30", None, id="no-such-day"),
        pytest.param({"expires_on": "2026-07-06T10:00:00Z"}, "'expires_on': a day is written as year, month and day, e.g. 2026-03-03", None, id="an-instant-is-no-day"),
        pytest.param({"statement": ""}, "'statement' is empty", None, id="says-nothing"),
        pytest.param({"documents": [{"id": "d"}]}, "'version' is missing", "add version: ...", id="no-version"),
        pytest.param({"documents": [{"id": "d", "version": 4}]}, "'version' wants a text; found 4", None, id="a-version-is-a-text"),
        pytest.param({"documents": None}, "'documents' wants a list; found nothing", None, id="no-list"),
    ],
)  # fmt: skip
def test_a_wrong_record_is_told(change: dict[str, Any], message: str, hint: str | None) -> None:
    """Each breach with its place, as an error of its own kind."""
    with pytest.raises(ErrorGroup) as caught:
        parse(json.dumps({"attestations": [{**LEAST, **change}]}))

    (error,) = caught.value.errors
    assert isinstance(error, AttestationError)
    assert (error.message, error.hint, error.slug) == (message, hint, "attestation")
    assert error.location is not None
    assert error.excerpt is not None


@pytest.mark.parametrize("key", sorted(LEAST))
def test_no_key_of_the_least_may_be_missing(key: str) -> None:
    """Whoever does not know when it expires writes null."""
    record = {name: value for name, value in LEAST.items() if name != key}
    with pytest.raises(ErrorGroup) as caught:
        parse(json.dumps({"attestation": record}))

    assert [error.message for error in caught.value.errors] == [f"'{key}' is missing"]


@pytest.mark.parametrize(
    "text", ["{}", "attestation: null", "attestation: null\nattestations: null", f"{ONE}attestations: []"]
)  # fmt: skip
def test_a_file_holds_one_or_several(text: str) -> None:
    """Neither, or both, is a mistake."""
    with pytest.raises(ErrorGroup) as caught:
        parse(text)

    assert [error.message for error in caught.value.errors] == [
        "a file of attestations: it wants either 'attestation' or 'attestations'"
    ]


def test_a_register_without_an_entry_is_no_fault() -> None:
    """Nobody has vouched for anything yet."""
    assert parse("attestations: []\n") == ()


def test_broken_files_are_told_as_such() -> None:
    """Before anything is looked at."""
    with pytest.raises(DocumentError):
        parse("attestation: {", "a.yaml")
    with pytest.raises(DocumentError):
        parse('{"attestation": {},}', "a.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ONE, True, id="one"),
        pytest.param("attestations: []", True, id="several"),
        pytest.param("attestations: 5", True, id="a-wrong-one"),
        pytest.param("snapshot: {}\nattestations: []", False, id="a-snapshot"),
        pytest.param("attest: []", False, id="another-key"),
        pytest.param("- attestation", False, id="a-list"),
        pytest.param("attestation: {", False, id="cannot-be-parsed"),
        pytest.param("note: an attestation", False, id="the-word-alone"),
    ],
)
def test_a_file_of_attestations_is_known_by_its_top_key(text: str, *, expected: bool) -> None:
    """And never mistaken for a snapshot, nor a snapshot for one."""
    assert holds_attestations(text.encode(), path="a.yaml") is expected


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/attestation.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "attestation.schema.json",
        **attestation_model().model_json_schema(),
    }


def test_an_editor_accepts_what_the_program_reads(root: Path) -> None:
    """And refuses a file that holds neither or both."""
    schema = json.loads((root / "schemas/attestation.schema.json").read_text())
    validator = Draft202012Validator(schema)

    assert validator.is_valid(parse_yaml(ONE.encode(), path="a.yaml"))
    assert validator.is_valid({"attestations": [LEAST]})
    assert not validator.is_valid({})
    assert not validator.is_valid({"attestation": LEAST, "attestations": []})


def test_every_key_is_documented(root: Path) -> None:
    """The page has a row for each key of a record, and for nothing else."""
    page = (root / "docs/attestations.md").read_text(encoding="utf-8")
    keys = set(attestation_model().model_json_schema()["$defs"]["Record"]["properties"])

    rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert rows == keys


def test_the_shown_example_is_read(root: Path) -> None:
    """A reader who copies it has a file that counts as one."""
    page = (root / "docs/attestations.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    assert example.startswith("# yaml-language-server: $schema=")
    assert [one.record.control for one in parse(example)] == ["SEEF-IMP-09"]
