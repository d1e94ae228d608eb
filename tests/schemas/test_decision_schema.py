"""A decision that leaves out what an auditor would ask for is none, by its schema."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

SCHEMA: Final[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas/decision.schema.json").read_bytes()
)
VALIDATOR: Final = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
EXAMPLES: Final = {example["kind"]: example for example in SCHEMA["examples"]}
PERSON: Final = {"id": "u-1", "name": "Ann Lee"}
AT: Final = "2026-10-02T09:00:00Z"
SAID: Final = {"by": PERSON, "at": AT, "text": "Until when?"}
SHA: Final = "sha256:" + "f" * 64
GONE: Final = object()


def changed(kind: str, path: tuple[Any, ...], value: object) -> Any:
    """Return the example of a kind with another value at *path*, or without it."""
    copy = deepcopy(EXAMPLES[kind])
    *before, last = path
    inner = copy
    for step in before:
        inner = inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return copy


def test_it_is_a_schema_and_its_examples_keep_it() -> None:
    """One example of each kind."""
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == "decision.schema.json"
    assert list(EXAMPLES) == SCHEMA["properties"]["kind"]["enum"]
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("waive", ("reason",), "Twenty characters are"),
        ("waive", ("reason",), "r" * 20),
        ("waive", ("reason",), "r" * 4000),
        ("waive", ("approvals",), GONE),
        ("waive", ("starts_on",), "2026-10-05"),
        ("waive", ("renewal",), 2),
        ("waive", ("questions",), [{"asked": SAID}, {"asked": SAID, "replied": SAID}]),
        ("waive", ("end",), {"cause": "expired", "at": AT}),
        ("waive", ("end",), {"cause": "superseded", "at": AT}),
        ("waive", ("end",), {"cause": "void", "at": AT, "text": "A sixth item failed."}),
        ("waive", ("end",), {"cause": "withdrawn", "at": AT, "by": PERSON}),
        ("waive", ("end",), {"cause": "rejected", "at": AT, "by": PERSON, "text": "No."}),
        ("fix", ("approvals",), [{"by": PERSON, "at": AT, "saw": SHA, "text": "Once more."}]),
        ("fix", ("covers", 0, "items"), GONE),
        ("fix", ("covers", 0, "version"), 3),
        ("dispute", ("ruling",), GONE),
        ("dispute", ("ruling",), {"by": PERSON, "at": AT, "word": "refused", "text": "It counts."}),
        ("attest", ("end",), GONE),
        ("attest", ("evidence",), [{"title": "What was said", "text": "All were there."}]),
    ],
)  # fmt: skip
def test_what_the_state_machine_allows_is_valid(
    kind: str, path: tuple[Any, ...], value: object
) -> None:
    """Asked for, approved, prolonged, or ended in each of the ways."""
    VALIDATOR.validate(changed(kind, path, value))


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("waive", ("reasons",), "An unknown key is a slip."),
        ("waive", ("kind",), "ignore"),
        ("waive", ("id",), ""),
        ("waive", ("reason",), "r" * 19),
        ("waive", ("reason",), "r" * 4001),
        ("waive", ("reason",), " " * 30),
        ("waive", ("reason",), GONE),
        ("waive", ("category",), GONE),
        ("waive", ("category",), "Client Constraint"),
        ("waive", ("expires_on",), GONE),
        ("waive", ("expires_on",), None),
        ("waive", ("expires_on",), "2026-02-30"),
        ("waive", ("expires_on",), "2026-10-31T00:00:00Z"),
        ("waive", ("due_on",), "2026-10-31"),
        ("waive", ("compensating_control",), GONE),
        ("waive", ("requested",), GONE),
        ("waive", ("requested", "by"), GONE),
        ("waive", ("requested", "by"), "ann@example.org"),
        ("waive", ("requested", "at"), "2026-10-01T10:40:00"),
        ("waive", ("requested", "at"), "2026-10-01"),
        ("waive", ("approvals", 0, "saw"), GONE),
        ("waive", ("approvals", 0, "saw"), "sha256:1234"),
        ("waive", ("approvals", 0, "by"), GONE),
        ("waive", ("approvals",), []),
        ("waive", ("questions",), [{"replied": SAID}]),
        ("waive", ("renewal",), 3),
        ("waive", ("renewal",), 0),
        ("waive", ("renewal",), GONE),
        ("waive", ("predecessor",), GONE),
        ("waive", ("end",), {"cause": "forgotten", "at": AT}),
        ("waive", ("end",), {"cause": "expired"}),
        ("waive", ("end",), {"cause": "revoked", "at": AT, "by": PERSON}),
        ("waive", ("end",), {"cause": "revoked", "at": AT, "text": "No longer true."}),
        ("waive", ("end",), {"cause": "rejected", "at": AT, "by": PERSON}),
        ("waive", ("end",), {"cause": "withdrawn", "at": AT}),
        ("waive", ("covers",), []),
        ("waive", ("covers",), [{**EXAMPLES["fix"]["covers"][0], "subject": f"s{n}"} for n in range(101)]),
        ("waive", ("covers", 0, "subject"), ""),
        ("waive", ("covers", 0, "evidence"), GONE),
        ("waive", ("covers", 0, "policy_digest"), GONE),
        ("waive", ("covers", 0, "severity"), GONE),
        ("waive", ("covers", 0, "message"), "no text in the key"),
        ("fix", ("owner",), GONE),
        ("fix", ("owner", "name"), GONE),
        ("fix", ("due_on",), GONE),
        ("fix", ("expires_on",), "2026-10-31"),
        ("fix", ("covers", 0, "items"), []),
        ("fix", ("covers", 0, "items", 0, "digest"), GONE),
        ("fix", ("covers", 0, "version"), 0),
        ("dispute", ("category",), "client_constraint"),
        ("dispute", ("category",), GONE),
        ("dispute", ("expires_on",), "2026-10-31"),
        ("dispute", ("ruling", "follow_up"), GONE),
        ("dispute", ("ruling", "word"), "perhaps"),
        ("dispute", ("ruling", "text"), ""),
        ("attest", ("evidence",), GONE),
        ("attest", ("evidence",), []),
        ("attest", ("evidence", 0), {"title": "Nothing shown"}),
        ("attest", ("expires_on",), GONE),
        ("attest", ("schema", "version"), 2),
        ("attest", ("schema", "name"), "waiver"),
    ],
)  # fmt: skip
def test_what_the_state_machine_does_not_allow_is_invalid(
    kind: str, path: tuple[Any, ...], value: object
) -> None:
    """No reason, no end, no person, no evidence, an end without its cause, a third renewal."""
    assert not VALIDATOR.is_valid(changed(kind, path, value))


def test_only_a_critical_waiver_must_say_what_compensates() -> None:
    """It is enough that one of the covered findings is critical."""
    lighter = changed("waive", ("compensating_control",), GONE)
    critical = lighter["covers"][0]
    lighter["covers"] = [{**critical, "severity": "high"}]
    mixed = {**lighter, "covers": [*lighter["covers"], critical]}

    assert VALIDATOR.is_valid(lighter)
    assert not VALIDATOR.is_valid(mixed)


def test_one_finding_is_covered_once() -> None:
    """The same entry twice would count twice."""
    cover = EXAMPLES["waive"]["covers"][0]

    assert not VALIDATOR.is_valid(changed("waive", ("covers",), [cover, cover]))
