"""What is wrong with a catalogue is wrong for an editor and for the program alike."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from auditor.language.catalogue import parse_catalogue
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import AuditorError

FILE: Final = Path(__file__).resolve().parents[2] / "schemas" / "catalogue.schema.json"
SCHEMA: Final[dict[str, Any]] = json.loads(FILE.read_bytes())
VALIDATOR: Final = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
DOCUMENT: Final[dict[str, Any]] = {
    "framework": "house",
    "version": 2026.1,
    "date": "2026-11-21",
    "controls": [
        {
            "id": "HOUSE-A-01",
            "area": "Order",
            "stage": "At the end",
            "target": "project",
            "decided": "by attestation",
            "attest": {"by": ["DM"], "valid_for": "365 days"},
            "rule": "Things have a place.",
            "edges": ["two places"],
            "parameters": {"limit": "24 hours", "score": 12, "kinds": ["a"]},
            "house_rule": "The text says little.",
        },
        {
            "id": "HOUSE-A-02",
            "area": "Order",
            "target": "unit",
            "decided": "automatically",
            "rule": "Nothing lies about.",
            "edges": [],
        },
    ],
}
MISSING: Final = object()


def is_read(document: Any) -> bool:
    """Tell whether the program takes a document; JSON is YAML."""
    text = PolicyText("home/catalogue.yaml", "home", json.dumps(document).encode())
    try:
        parse_catalogue(text)
    except AuditorError:
        return False
    return True


def spoilt(path: tuple[Any, ...], value: object) -> Any:
    """Return a copy with another value at *path*, or without it."""
    copy = deepcopy(DOCUMENT)
    inner: Any = copy
    *before, last = path
    for step in before:
        inner = inner[step]
    if value is MISSING:
        del inner[last]
    else:
        inner[last] = value
    return copy


def test_a_full_document_is_right_for_both() -> None:
    """The document that the other test spoils, and what the schema shows as an example."""
    for document in (DOCUMENT, *SCHEMA["examples"]):
        assert (VALIDATOR.is_valid(document), is_read(document)) == (True, True)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("framework",), MISSING),
        (("framework",), " "),
        (("author",), "me"),
        (("version",), MISSING),
        (("version",), None),
        (("date",), "soon"),
        (("date",), "2026-02-30"),
        (("controls",), []),
        (("controls",), {}),
        (("controls", 0), "HOUSE-A-01"),
        (("controls", 0, "id"), MISSING),
        (("controls", 0, "id"), "house-a-01"),
        (("controls", 0, "id"), "HOUSE"),
        (("controls", 0, "area"), MISSING),
        (("controls", 0, "aera"), "Order"),
        (("controls", 0, "stage"), ""),
        (("controls", 0, "target"), "programme"),
        (("controls", 0, "decided"), "by hand"),
        (("controls", 0, "decided"), MISSING),
        (("controls", 0, "decided"), "automatically"),
        (("controls", 0, "attest"), MISSING),
        (("controls", 0, "attest"), "DM"),
        (("controls", 0, "attest", "by"), []),
        (("controls", 0, "attest", "by"), "DM"),
        (("controls", 0, "attest", "valid_for"), MISSING),
        (("controls", 0, "attest", "valid_for"), "ever"),
        (("controls", 0, "attest", "asks"), ["it"]),
        (("controls", 0, "rule"), MISSING),
        (("controls", 0, "rule"), "\n"),
        (("controls", 0, "rule"), ["Things"]),
        (("controls", 0, "edges"), MISSING),
        (("controls", 0, "edges"), "two places"),
        (("controls", 0, "edges"), ["two places", "two places"]),
        (("controls", 0, "edges"), [""]),
        (("controls", 0, "parameters"), ["limit"]),
        (("controls", 0, "parameters"), {"1st": 1}),
        (("controls", 0, "parameters", "limit"), None),
        (("controls", 0, "parameters", "limit"), {"default": 1}),
        (("controls", 0, "house_rule"), ""),
    ],
)
def test_what_is_wrong_is_wrong_for_both(path: tuple[Any, ...], value: object) -> None:
    """No slip is marked in the editor only, or found by the program only."""
    document = spoilt(path, value)

    assert (VALIDATOR.is_valid(document), is_read(document)) == (False, False)
