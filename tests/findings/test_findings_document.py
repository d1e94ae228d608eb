"""What verdicts count as before anybody has decided anything."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.findings.findings_document import findings_document, fingerprint
from auditor.model.outcome import Outcome
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.findings.conftest import Make

AS_OF = "2026-09-30T18:00:00Z"
RESULT = "sha256:" + "a" * 64


def document(make: Make, *outcomes: Outcome, severity: Severity = Severity.MEDIUM) -> Any:
    """Make the findings document of Apollo, with one verdict per outcome."""
    run = make.run_of(*outcomes, severity=severity)
    policies = {policy.id: policy for policy in run.policies}
    return findings_document(run.results[0], policies, as_of=AS_OF, result_digest=RESULT)


def test_the_head_names_what_it_is_made_of(make: Make) -> None:
    """Whom it is about, the instant, and the result document by its digest."""
    assert document(make) == {
        "schema": {"name": "findings", "version": 1},
        "auditee": {"id": "apollo", "name": "apollo", "target": "project"},
        "as_of": AS_OF,
        "result": RESULT,
        "findings": [],
    }


def test_a_fail_without_history_is_open(make: Make) -> None:
    """Nobody knows whether it is new, and nobody has waived it: it fails, raw and net."""
    (finding,) = document(make, Outcome.FAIL, severity=Severity.CRITICAL)["findings"]

    assert finding == {
        "key": {"policy": "late-thing", "auditee": "apollo", "subject": "thing-0"},
        "fingerprint": fingerprint("late-thing", "apollo", "thing-0"),
        "severity": "critical",
        "outcome": "fail",
        "state": "open",
        "counts_as": {"raw": "fail", "net": "fail"},
        "needs": "delivery_manager",
        "message": "A sentence.",
        "decisions": [],
        "gate": None,
        "earlier": [],
    }


@pytest.mark.parametrize(
    ("outcome", "needs"),
    [(Outcome.INCONCLUSIVE, "data_owner"), (Outcome.ERROR, "process_owner")],
)
def test_what_was_not_decided_is_neither_pass_nor_fail(
    make: Make, outcome: Outcome, needs: str
) -> None:
    """A missing fact waits for who has it, a policy that broke for who wrote it."""
    (finding,) = document(make, outcome)["findings"]

    assert (finding["outcome"], finding["state"], finding["needs"]) == (outcome, "unknown", needs)
    assert finding["counts_as"] == {"raw": "unknown", "net": "unknown"}


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.NOT_APPLICABLE])
def test_what_never_failed_is_no_finding(make: Make, outcome: Outcome) -> None:
    """Resolved or out of scope is only what was a finding before, and nothing is known of before."""
    assert document(make, outcome)["findings"] == []


def test_findings_are_in_the_order_of_the_verdicts(make: Make) -> None:
    """Beside the result document they can be read in parallel."""
    outcomes = (Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.FAIL, Outcome.ERROR)
    found = document(make, *outcomes)["findings"]

    assert [one["key"]["subject"] for one in found] == ["thing-0", "thing-2", "thing-3"]


def test_a_fingerprint_is_the_digest_of_the_key() -> None:
    """Anybody can compute it: SHA-256 of the canonical form of the three ids."""
    canonical = '{"auditee":"hand:äpollo","policy":"late-thing","subject":"b/1"}'

    assert fingerprint("late-thing", "hand:äpollo", "b/1") == (
        "sha256:" + sha256(canonical.encode()).hexdigest()
    )


def test_half_a_character_has_a_fingerprint_too() -> None:
    """It is that of the escape that the report shows."""
    assert fingerprint("late-thing", "a\udce9", "b") == fingerprint("late-thing", "a\\udce9", "b")


@given(*[st.tuples(*[st.text(max_size=3)] * 3)] * 2)
def test_two_findings_have_two_fingerprints(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Also where the three ids only look alike when they are put one after the other."""
    assert (fingerprint(*one) == fingerprint(*other)) is (one == other)


@given(st.permutations(["late", "thing", "apollo"]))
def test_the_parts_of_a_key_are_not_mixed_up(parts: list[str]) -> None:
    """A policy named like a subject is another finding."""
    first = fingerprint("late", "thing", "apollo")

    assert (fingerprint(*parts) == first) is (parts == ["late", "thing", "apollo"])


@given(st.lists(st.sampled_from(Outcome), max_size=8), st.sampled_from(Severity))
def test_every_document_keeps_the_schema(
    root: Path, make: Make, outcomes: list[Outcome], severity: Severity
) -> None:
    """Whatever the verdicts are."""
    schema = json.loads((root / "schemas/findings.schema.json").read_bytes())
    made = document(make, *outcomes, severity=severity)

    Draft202012Validator(schema).validate(made)
    assert len(made["findings"]) == sum(
        outcome not in {Outcome.PASS, Outcome.NOT_APPLICABLE} for outcome in outcomes
    )
