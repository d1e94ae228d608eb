"""
What is to be made of one auditee's verdicts: the findings document that stands beside a result document.

The result document holds what the policies said, and never changes. This one holds what it counts as. A
reader could take a fail that nobody has decided on for "new": whether it is new, reopened or resolved only
earlier audits can tell, so without them it is `open`, and without decisions nothing is ever waived.

Source: REVIEW.md, the derived state of a finding; DESIGN.md, section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.documents.canonical import digest
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.model.outcome import Outcome
from auditor.model.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.standing import FindingKey
    from auditor.model.verdict import Verdict

FINDINGS_SCHEMA_VERSION: Final = 1

_STANDING: Final = {
    # Outcome: state, what it counts as, who has to move.
    Outcome.ERROR: ("unknown", "unknown", "process_owner"),
    Outcome.FAIL: ("open", "fail", "delivery_manager"),
    Outcome.INCONCLUSIVE: ("unknown", "unknown", "data_owner"),
}
"""Neither an error nor an undecided verdict is a pass or a fail: both are a band of their own."""


def findings_document(
    result: ResultDocument,
    policies: Mapping[str, PolicySummary],
    *,
    as_of: str | None,
    result_digest: str,
    standings: Mapping[FindingKey, Standing] | None = None,
) -> dict[str, Any]:
    """
    Make the findings document of one auditee, with neither earlier audits nor decisions.

    Args:
        result: The verdicts.
        policies: By id, every policy that they are of.
        as_of: The instant at which the run judges, RFC 3339; None where the run has none.
        result_digest: ``sha256:`` of the canonical form of *result*.
        standings: What the gate made of the findings; None where they were not held against one.

    Returns:
        JSON data that keeps ``findings.schema.json``; the findings in the order of the verdicts.
    """
    return {
        "schema": {"name": "findings", "version": FINDINGS_SCHEMA_VERSION},
        "auditee": {"id": result.auditee, "name": result.auditee_name, "target": result.target},
        "as_of": as_of,
        "result": result_digest,
        "findings": [
            _finding(result.auditee, verdict, policies[verdict.policy], standings)
            for verdict in result.verdicts
            if verdict.outcome in FINDING_OUTCOMES
        ],
    }


def fingerprint(policy: str, auditee: str, subject: str) -> str:
    """
    Name a finding from run to run, whatever its message or its line.

    Returns:
        ``sha256:`` of the canonical form of ``{auditee, policy, subject}``.
    """
    key = {"policy": policy, "auditee": auditee, "subject": subject}
    # A lone surrogate has no canonical form; written as an escape it has, and reports write it so, too.
    return digest(
        {name: text.encode(errors="backslashreplace").decode() for name, text in key.items()}
    )


def _finding(
    auditee: str,
    verdict: Verdict,
    policy: PolicySummary,
    standings: Mapping[FindingKey, Standing] | None,
) -> dict[str, Any]:
    state, counts_as, needs = _STANDING[verdict.outcome]
    standing = (standings or {}).get((auditee, verdict.policy, verdict.subject), Standing())
    return {
        "key": {"policy": verdict.policy, "auditee": auditee, "subject": verdict.subject},
        "fingerprint": fingerprint(verdict.policy, auditee, verdict.subject),
        "severity": policy.severity.value,
        "outcome": verdict.outcome.value,
        "state": state,
        "counts_as": {"raw": counts_as, "net": counts_as},
        "needs": needs,
        "message": verdict.message,
        "decisions": [],
        "gate": None if standings is None else {"as": standing.gating.value, "told": standing.told},
        "earlier": [{"as_of": one.as_of, "outcome": one.outcome} for one in standing.earlier],
    }
