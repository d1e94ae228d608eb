"""The schemas of policies, packs and cases know the keys and words that the program knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from auditor.documents.yaml import parse_yaml
from auditor.language import cases, catalogue, policy_keys
from auditor.language.policy_draft import Empty
from auditor.language.policy_parser import PARAM_TYPES
from auditor.language.spans import UNITS, parse_span
from auditor.model.catalogue import Decided
from auditor.model.outcome import Outcome
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("policy", "cases", "pack", "catalogue")
SCHEMAS: Final[dict[str, Any]] = {
    kind: json.loads((ROOT / f"schemas/{kind}.schema.json").read_bytes()) for kind in KINDS
}
VALIDATORS: Final = {
    kind: Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for kind, schema in SCHEMAS.items()
}


def kind_of(path: Path) -> str:
    """Tell by its name what a file under ``policies/`` is."""
    if path.name in {"pack.yaml", "catalogue.yaml"}:
        return path.stem
    return "cases" if path.name.endswith(".cases.yaml") else "policy"


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema(kind: str) -> None:
    """It is valid for the draft that it names, is named as its file, and its examples keep it."""
    schema = SCHEMAS[kind]
    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == f"{kind}.schema.json"
    assert schema["examples"]
    for example in schema["examples"]:
        VALIDATORS[kind].validate(example)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.relative_to(ROOT).as_posix())
        for path in sorted((ROOT / "policies").rglob("*.yaml"))
    ],
)
def test_every_shipped_file_keeps_its_schema(path: Path) -> None:
    """Policies, cases and packs, as they are written."""
    document = parse_yaml(path.read_bytes(), path=path.name)

    assert [e.message for e in VALIDATORS[kind_of(path)].iter_errors(document)] == []


@pytest.mark.parametrize(
    ("kind", "pointer", "keys"),
    [
        ("policy", (), policy_keys.POLICY_KEYS),
        ("policy", ("$defs", "clause"), policy_keys.CLAUSE_KEYS),
        ("policy", ("$defs", "param"), policy_keys.PARAM_KEYS),
        ("policy", ("properties", "attest"), policy_keys.ATTEST_KEYS),
        ("policy", ("properties", "effective"), policy_keys.EFFECTIVE_KEYS),
        ("pack", (), policy_keys.PACK_KEYS),
        ("catalogue", (), catalogue.CATALOGUE_KEYS),
        ("catalogue", ("$defs", "control"), catalogue.CONTROL_KEYS),
        ("catalogue", ("$defs", "control", "properties", "attest"), catalogue.VOUCHING_KEYS),
        ("cases", (), cases.FILE_KEYS),
        ("cases", ("$defs", "case"), cases.CASE_KEYS),
        ("cases", ("$defs", "case", "properties", "period"), cases.PERIOD_KEYS),
        ("cases", ("$defs", "expectation"), cases.EXPECT_KEYS),
    ],
)
def test_schema_and_program_know_the_same_keys(
    kind: str, pointer: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    """No key is offered and then refused, and none is taken and then marked as wrong."""
    schema = SCHEMAS[kind]
    for step in pointer:
        schema = schema[step]

    assert sorted(schema["properties"]) == sorted(keys)
    assert schema["additionalProperties"] is False


def closed(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema of an object whose keys are listed."""
    inner = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict) and "additionalProperties" in schema:
        yield schema
    if isinstance(schema, dict | list):
        for part in inner:
            yield from closed(part)


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_can_explain_every_key(kind: str) -> None:
    """Each key has a description of its own."""
    described = 0
    for schema in closed(SCHEMAS[kind]):
        for key, part in schema.get("properties", {}).items():
            assert part["description"].strip(), key
            described += 1

    assert described >= 5


@pytest.mark.parametrize(
    ("pointer", "kind", "words"),
    [
        (("properties", "severity"), "policy", Severity),
        (("properties", "target"), "policy", policy_keys.TARGETS),
        (("$defs", "control", "properties", "target"), "catalogue", policy_keys.TARGETS),
        (("$defs", "control", "properties", "decided"), "catalogue", Decided),
        (("$defs", "empty"), "policy", Empty),
        (("$defs", "param", "properties", "type"), "policy", PARAM_TYPES),
        (("$defs", "expectation", "properties", "outcome"), "cases", Outcome),
    ],
)
def test_schema_and_program_know_the_same_words(
    pointer: tuple[str, ...], kind: str, words: Any
) -> None:
    """An enumeration is written twice and must be the same twice."""
    schema = SCHEMAS[kind]
    for step in pointer:
        schema = schema[step]

    assert sorted(schema["enum"]) == sorted(str(word) for word in words)


def test_schema_and_program_demand_the_same_keys() -> None:
    """Also what must be there."""
    control = SCHEMAS["catalogue"]["$defs"]["control"]
    assert sorted(SCHEMAS["policy"]["required"]) == sorted(policy_keys.REQUIRED_KEYS)
    assert sorted(SCHEMAS["catalogue"]["required"]) == sorted(catalogue.CATALOGUE_KEYS)
    assert sorted(control["required"]) == sorted(catalogue.CONTROL_REQUIRED)


@pytest.mark.parametrize(
    "text",
    [
        *(f"3 {unit}" for unit in UNITS),
        *(f"1 {unit.removesuffix('s')}" for unit in UNITS),
        "  24   working  hours ",
        "24 hors",
        "24hours",
        "hours",
        "1234567890 days",
        "2 working weeks",
        "365",
    ],
)
def test_a_span_is_the_same_for_both(text: str) -> None:
    """The pattern knows the units of the language."""
    schema = {"$ref": "#/$defs/span", "$defs": SCHEMAS["policy"]["$defs"]}

    assert Draft202012Validator(schema).is_valid(text) is (parse_span(text) is not None)
