"""What holds of every schema, whoever wrote it: editors and validators of others must be able to use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from auditor.documents.json import parse_json

FOLDER: Final = Path(__file__).resolve().parents[2] / "schemas"
FILES: Final = sorted(FOLDER.glob("*.json"))
BESIDE: Final = {path.name for path in FILES}


def references(schema: Any) -> set[str]:
    """Return every reference in a schema."""
    if isinstance(schema, dict):
        own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(references(part) for part in schema.values()))
    if isinstance(schema, list):
        return set().union(*(references(part) for part in schema))
    return set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_schema_says_what_it_is(path: Path) -> None:
    """Draft 2020-12, named as its file, with a title and a description; no key is given twice."""
    schema = parse_json(path.read_bytes(), path=path.name)
    Draft202012Validator.check_schema(schema)

    assert path.name.endswith(".schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == path.name
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_schema_needs_nothing_from_elsewhere(path: Path) -> None:
    """What it refers to is in itself, or in a file beside it: no editor has to ask the network."""
    schema = parse_json(path.read_bytes(), path=path.name)

    for reference in references(schema):
        file, _, pointer = reference.partition("#")
        assert not file or file in BESIDE, reference
        target = parse_json((FOLDER / file).read_bytes(), path=file) if file else schema
        for step in pointer.split("/")[1:]:
            target = target[step.replace("~1", "/").replace("~0", "~")]


def test_the_page_lists_every_schema() -> None:
    """A schema that nobody finds is of no use; a line about one that is gone is worse."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| \[?`([a-z-]+\.schema\.json)`", page, re.MULTILINE)) == BESIDE
