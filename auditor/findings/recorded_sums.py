"""
Where the head of a recorded run says something else than its documents.

The documents are named by digest, the head is not: what it sums up is summed up again. Whoever writes a whole new
record can still write what they like; that is what a ledger is for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.findings.assemble import PORTFOLIO
from auditor.findings.finding import FINDING_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FINDINGS: Final = frozenset(outcome.value for outcome in FINDING_OUTCOMES)
_COUNTS: Final = "counts"


def contradictions(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """
    Yield pointer and message of everything in which a run contradicts itself.

    Args:
        run: Data that keeps ``run.schema.json``, with its documents.
    """
    totals: Counter[str] = Counter()
    auditees = 0
    counting = False
    severities = {policy["id"]: policy["severity"] for policy in run["policies"]}
    for place, entry in enumerate(run["results"]):
        document, found = entry["document"], entry["findings_document"]["findings"]
        auditees += document["auditee"]["target"] != PORTFOLIO
        totals.update(verdict["outcome"] for verdict in document["verdicts"])
        wanted = [
            (verdict["policy"], verdict["subject"], verdict["outcome"])
            for verdict in document["verdicts"]
            if verdict["outcome"] in _FINDINGS
        ]
        # A pass is among them where an earlier audit knew it as a finding.
        listed = [
            (one["key"]["policy"], one["key"]["subject"], one["outcome"])
            for one in found
            if one["outcome"] in _FINDINGS
        ]
        if listed != wanted:
            pointer = join("results", place, "findings_document", "findings")
            yield pointer, "these are not the findings among the verdicts"
        for number, one in enumerate(found):
            if severities.get(one["key"]["policy"]) != one["severity"]:
                pointer = join("results", place, "findings_document", "findings", number)
                yield pointer, "its severity is not that of its policy"
            counting |= one["gate"] is not None and one["gate"]["as"] == _COUNTS
    if dict(totals) != {key: count for key, count in run["totals"].items() if count}:
        yield "/totals", "these are not the sums of the verdicts"
    people = run["population"]
    if people["audited"] + len(people["not_listed"]) != auditees:
        yield (
            "/population",
            f"it tells of another number of auditees than the {auditees} with results",
        )
    gate = run["gate"]
    if gate is not None and gate["code"] == 0 and (counting or run["problems"] or gate["reasons"]):
        yield "/gate/code", "it is green, and something counts"
    if gate is not None and gate["code"] != 0 and not gate["reasons"]:
        yield "/gate/reasons", "it is red, and there is no reason"
