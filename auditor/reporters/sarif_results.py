"""
Verdicts as the results of a SARIF log.

An undecided verdict is ``open`` and a broken policy is for a person to ``review``: neither passes. Both have the level
``none``, which is the only one that the standard allows for what is no ``fail``; how grave they would be, their property
``severity`` says.

Source: SARIF 2.1.0, sections 3.27.9 (kind), 3.27.10 (level) and 3.27.23 (suppressions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.telling_facts import excerpts, facts_to_place
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters.foreign_text import visible
from auditor.reporters.remarks import demands, first_place, statements
from auditor.reporters.sarif_log import SOURCE_ROOT, artifact, place, text
from auditor.reporters.sarif_rules import LEVELS
from auditor.reporters.wording import fact_line, name, sentence, voucher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import Places, Run
    from auditor.model.standing import Standing
    from auditor.model.verdict import Fact, Verdict
    from auditor.reporters.remarks import Fingerprints

FINGERPRINT: Final = "auditorFinding/v1"
"""Key of the fingerprint; a change of what goes into it is a new version here."""

_KINDS: Final = {
    Outcome.ERROR: "review",
    Outcome.FAIL: "fail",
    Outcome.INCONCLUSIVE: "open",
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "notApplicable",
}
_FACTS: Final = 20
_SUPPRESSING: Final = frozenset({Gating.KNOWN, Gating.ACCEPTED})


def verdict_results(
    run: Run,
    result: ResultDocument,
    places: Places,
    rules: Mapping[str, tuple[int, PolicySummary]],
    names: Fingerprints,
) -> Iterator[dict[str, Any]]:
    """
    Yield a result for every verdict on an auditee, in the order of its document.

    Args:
        run: What the document is of.
        result: The document.
        places: Of its facts; asked once.
        rules: Of each policy its position among the rules.
        names: Keeps the results of a log apart.
    """
    found = [one for one in result.verdicts if one.outcome in FINDING_OUTCOMES]
    wanted = dict.fromkeys(pointer for one in found for pointer in facts_to_place(one))
    located = places.locate(result.auditee, list(wanted)) if wanted else {}
    for verdict in result.verdicts:
        index, policy = rules[verdict.policy]
        is_finding = verdict.outcome in FINDING_OUTCOMES
        known = located if is_finding else {}
        shown: dict[str, Any] = {
            "ruleId": policy.id,
            "ruleIndex": index,
            "kind": _KINDS[verdict.outcome],
            "level": LEVELS[policy.severity] if verdict.outcome is Outcome.FAIL else "none",
            "message": text(" ".join(_message(result, verdict, policy, known))),
            "locations": [_location(result, verdict, known, places)],
        }
        if is_finding:
            shown["relatedLocations"] = _related(verdict, policy, known)
            if run.gate is not None:
                standing = run.standing(result.auditee, verdict)
                shown["suppressions"] = _suppressions(standing)
        shown["partialFingerprints"] = {
            FINGERPRINT: names.of(policy.id, result.auditee, verdict.subject)
        }
        yield shown | {"properties": _properties(run, result, verdict, policy)}


def _message(
    result: ResultDocument,
    verdict: Verdict,
    policy: PolicySummary,
    located: Mapping[str, Location],
) -> Iterator[str]:
    yield from statements(result, verdict, policy, located)
    if verdict.attested is not None:
        yield f"Attested by {voucher(verdict.attested)}."


def _location(
    result: ResultDocument, verdict: Verdict, located: Mapping[str, Location], places: Places
) -> dict[str, Any]:
    """Return where the fact stands that says most, and what was judged."""
    spot = first_place(verdict, located)
    if spot is None:
        found: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": artifact(result.snapshot_name, SOURCE_ROOT)}
        }
    else:
        shown = {one.location.path: one for one in reversed(excerpts(verdict, located, places))}
        excerpt = shown.get(spot.path)
        is_there = excerpt is not None and (excerpt.location.line, excerpt.location.column) == (
            spot.line,
            spot.column,
        )
        found = place(spot, base=SOURCE_ROOT, excerpt=excerpt if is_there else None)
    subject = visible(name(verdict.subject_name or verdict.subject))
    whole = f"{name(result.auditee)}/{name(verdict.subject)}"
    return found | {
        "logicalLocations": [
            {"name": subject, "fullyQualifiedName": visible(whole), "kind": "object"}
        ]
    }


def _related(
    verdict: Verdict, policy: PolicySummary, located: Mapping[str, Location]
) -> list[dict[str, Any]]:
    """Return where the other facts stand, and the demands; a viewer leads to each."""
    facts: dict[str, Fact] = {one.pointer: one for one in (*verdict.facts, *verdict.missing)}
    spots = [
        place(Location(spot.path, spot.line, spot.column), base=SOURCE_ROOT)
        | {"message": text(fact_line(fact, {}))}
        for fact in list(facts.values())[:_FACTS]
        if (spot := located.get(fact.pointer)) is not None
    ]
    # A policy may come with the program, so nobody can say what its path starts from.
    spots += [
        place(spot) | {"message": text(f"Required: {sentence(that)}")}
        for that, spot in demands(policy, verdict)
    ]
    return [{"id": number} | spot for number, spot in enumerate(spots, start=1)]


def _suppressions(standing: Standing) -> list[dict[str, Any]]:
    """Return why a finding is not held against anybody; nothing where it is."""
    if standing.gating not in _SUPPRESSING:
        return []
    why = visible(sentence(standing.told)) if standing.told else standing.gating.value
    return [{"kind": "external", "status": "accepted", "justification": why}]


def _properties(
    run: Run, result: ResultDocument, verdict: Verdict, policy: PolicySummary
) -> dict[str, Any]:
    texts = {
        "outcome": verdict.outcome.value,
        "severity": policy.severity.value,
        "reason": verdict.reason,
        "auditee": result.auditee,
        "subject": verdict.subject,
        "judgedAt": result.judged_at,
        "at": verdict.at,
        "dueAt": verdict.due_at,
        "owner": verdict.owner,
        "evidence": verdict.grade.value if verdict.grade else None,
    }
    bag: dict[str, Any] = {
        key: visible(name(value)) for key, value in texts.items() if value is not None
    }
    if verdict.outcome in FINDING_OUTCOMES:
        standing = run.standing(result.auditee, verdict)
        if run.gate is not None:
            bag["gate"] = standing.gating.value
            if standing.told:
                bag["gateTold"] = visible(sentence(standing.told))
        if standing.earlier:
            bag["earlier"] = [
                {"asOf": one.as_of, "outcome": one.outcome} for one in standing.earlier
            ]
    return bag
