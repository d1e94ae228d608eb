"""What a finding counts as follows from its state; a document in which the two disagree is invalid."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from auditor.findings.findings_document import fingerprint

SCHEMA: Final[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas/findings.schema.json").read_bytes()
)
VALIDATOR: Final = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
DOCUMENT: Final = SCHEMA["examples"][0]

MEANING: Final = {
    # State: outcomes, raw, net, whether a decision must be there.
    "resolved": ({"pass"}, "pass", "pass", False),
    "out_of_scope": (
        {"error", "fail", "inconclusive", "pass", "not_applicable"},
        "not_counted",
        "not_counted",
        False,
    ),
    "unknown": ({"error", "inconclusive"}, "unknown", "unknown", False),
    "waived": ({"fail"}, "fail", "waived", True),
    "waiver_weakened": ({"fail"}, "fail", "fail", True),
    "waiver_requested": ({"fail"}, "fail", "fail", True),
    "disputed": ({"fail"}, "fail", "fail", True),
    "accepted_dispute": ({"fail"}, "fail", "waived", True),
    "fix_planned": ({"fail"}, "fail", "fail", True),
    "fix_overdue": ({"fail"}, "fail", "fail", True),
    "reopened": ({"fail"}, "fail", "fail", False),
    "new": ({"fail"}, "fail", "fail", False),
    "open": ({"fail"}, "fail", "fail", False),
}
"""The table of derived states: a request changes no number, a waiver only the net one."""


def with_finding(**changes: object) -> Any:
    """Return the example with other values in its one finding."""
    document = deepcopy(DOCUMENT)
    document["findings"][0].update(changes)
    return document


def test_it_is_a_schema_and_its_example_keeps_it() -> None:
    """The example's fingerprint is that of its key."""
    Draft202012Validator.check_schema(SCHEMA)
    finding = DOCUMENT["findings"][0]

    VALIDATOR.validate(DOCUMENT)
    assert SCHEMA["$id"] == "findings.schema.json"
    assert finding["fingerprint"] == fingerprint(**finding["key"])


def test_every_state_has_its_meaning_here() -> None:
    """No state is in the schema that the table does not know."""
    assert SCHEMA["$defs"]["finding"]["properties"]["state"]["enum"] == list(MEANING)


@pytest.mark.parametrize("state", MEANING)
def test_a_state_decides_what_counts(state: str) -> None:
    """Of all combinations of outcome, raw and net, just those of the table are valid."""
    properties = SCHEMA["$defs"]["finding"]["properties"]
    counts = properties["counts_as"]["properties"]
    valid = {
        (outcome, raw, net)
        for outcome in properties["outcome"]["enum"]
        for raw in counts["raw"]["enum"]
        for net in counts["net"]["enum"]
        if VALIDATOR.is_valid(
            with_finding(state=state, outcome=outcome, counts_as={"raw": raw, "net": net})
        )
    }
    outcomes, raw, net, _ = MEANING[state]

    assert valid == {(outcome, raw, net) for outcome in outcomes}


@pytest.mark.parametrize("state", MEANING)
def test_a_state_that_rests_on_a_decision_names_it(state: str) -> None:
    """A waived finding without a waiver would be hidden by nobody."""
    outcomes, raw, net, is_decided = MEANING[state]
    document = with_finding(
        state=state, outcome=min(outcomes), counts_as={"raw": raw, "net": net}, decisions=[]
    )

    assert VALIDATOR.is_valid(document) is not is_decided


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": True},
        {"needs": "somebody"},
        {"severity": "blocker"},
        {"fingerprint": "7bfff2a3"},
        {"key": {"policy": "blocker-not-escalated", "auditee": "hand:apollo"}},
        {"key": {"policy": "p", "auditee": "a", "subject": "s", "message": "text"}},
        {"decisions": [{"id": "waive-1"}]},
    ],
)
def test_a_finding_is_closed_and_complete(changes: dict[str, object]) -> None:
    """No key is open, none is optional."""
    assert not VALIDATOR.is_valid(with_finding(**changes))


@pytest.mark.parametrize("key", DOCUMENT["findings"][0]["decisions"][0])
def test_no_key_of_a_decision_may_be_missing(key: str) -> None:
    """Who, when, why and until when: a later audit reads it here."""
    document = deepcopy(DOCUMENT)
    del document["findings"][0]["decisions"][0][key]

    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("key", DOCUMENT["findings"][0])
def test_no_key_of_a_finding_may_be_missing(key: str) -> None:
    """Readers need not ask whether a key is there."""
    document = deepcopy(DOCUMENT)
    del document["findings"][0][key]

    assert not VALIDATOR.is_valid(document)
