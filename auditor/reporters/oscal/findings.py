"""
Verdicts as OSCAL tells them: what was observed, what it says of a control, and what is at risk.

A finding is satisfied or not, nothing else. A verdict that could not be decided, and a policy that broke, are not
satisfied, for a reason of their own. What does not apply says nothing of a control: it is observed, and no finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.findings_document import fingerprint
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.oscal.controls import controls_of, objective_id
from auditor.reporters.oscal.document import origin, outcome_word
from auditor.reporters.oscal.values import (
    NAMESPACE,
    Tree,
    id_prop,
    instant,
    kept,
    line,
    place_props,
    prop,
    prose,
    reference,
    uuid,
)
from auditor.reporters.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import Places, Run
    from auditor.model.standing import Standing
    from auditor.model.verdict import Fact, Verdict

_FACTS: Final = 50
_NAMES: Final = 100
_STATUS: Final = {Gating.ACCEPTED: "deviation-approved"}
"""Status of a risk by what the gate makes of the finding; all others are open."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it is about, and what it is known by."""

    run: Run
    result: ResultDocument
    policy: PolicySummary
    verdict: Verdict
    key: str
    """The finding's fingerprint; of the second of two that share it, with its number."""

    @property
    def is_finding(self) -> bool:
        """Whether somebody has to act on it."""
        return self.verdict.outcome in FINDING_OUTCOMES

    @property
    def standing(self) -> Standing:
        """Where it stands at the gate."""
        return self.run.standing(self.result.auditee, self.verdict)

    def name(self) -> str:
        """Say which policy was held against what."""
        return f"{self.policy.id}: {wording.judged(self.result, self.verdict)}"

    def observation_uuid(self) -> str:
        """Return the id of what was observed: another one for other facts or another instant."""
        return uuid("observation", self.key, self.result.snapshot_digest, self.result.judged_at)

    def risk_uuid(self) -> str:
        """Return the id of the risk, the same from run to run."""
        return uuid("risk", self.key)

    def finding_uuids(self) -> list[tuple[str, str]]:
        """Return each control that the verdict is about, and the id of the finding, the same from run to run."""
        return [
            (control, uuid("finding", self.key, control)) for control in controls_of(self.policy)
        ]


def judged(run: Run, *, findings_only: bool = False) -> Iterator[list[Judged]]:
    """Yield the verdicts of each auditee, or those of them that somebody has to act on."""
    policies = {policy.id: policy for policy in run.policies}
    for result in run.results:
        seen: Counter[tuple[str, bytes]] = Counter()
        batch = []
        for verdict in result.verdicts:
            # As the fingerprint has it, in which a lone surrogate is an escape.
            same = verdict.policy, verdict.subject.encode(errors="backslashreplace")
            seen[same] += 1
            if findings_only and verdict.outcome not in FINDING_OUTCOMES:
                continue
            key = fingerprint(verdict.policy, result.auditee, verdict.subject)
            if seen[same] > 1:
                key += f" {seen[same]}"
            batch.append(Judged(run, result, policies[verdict.policy], verdict, key))
        yield batch


def auditee_uuid(auditee: str) -> str:
    """Return the id of an auditee as an inventory item, the same in every document."""
    return uuid("auditee", auditee)


def observations(run: Run, places: Places, *, findings_only: bool = False) -> Iterator[Tree]:
    """Yield an observation for each verdict; asks once per auditee for the places of its findings' facts."""
    for batch in judged(run, findings_only=findings_only):
        pointers = {
            fact.pointer: None
            for one in batch
            if one.is_finding
            for fact in (*one.verdict.facts, *one.verdict.missing)
        }
        located = places.locate(batch[0].result.auditee, list(pointers)) if pointers else {}
        yield from (_observation(one, located) for one in batch)


def _observation(one: Judged, located: Mapping[str, Location]) -> Tree:
    result, verdict = one.result, one.verdict
    evidence = [_evidence(fact, located) for fact in verdict.facts[:_FACTS]]
    evidence += [_evidence(fact, located) for fact in verdict.missing[:_FACTS]]
    left = sum(max(0, len(facts) - _FACTS) for facts in (verdict.facts, verdict.missing))
    remarks = [f"and {counted(left, 'more fact')}"] if left else []
    methods = ["TEST"]
    if verdict.attested is not None:
        methods.append("INTERVIEW")
        remarks.append(f"attested by {wording.voucher(verdict.attested)}")
    return kept(
        {
            "uuid": one.observation_uuid(),
            "title": line(one.name()),
            "description": line(wording.sentence(verdict.message)),
            "props": _observed_props(one),
            "links": _clause_links(one),
            "methods": methods,
            "types": ["finding" if one.is_finding else "control-objective"],
            "origins": origin(),
            "subjects": [{"subject-uuid": auditee_uuid(result.auditee), "type": "inventory-item"}],
            "relevant-evidence": evidence,
            "collected": instant(result.captured_at, instant(one.run.as_of)),
            "remarks": prose(remarks) if remarks else None,
        }
    )


def _props(one: Judged) -> list[Tree]:
    """Return what an observation and the finding that rests on it have in common."""
    policy, verdict = one.policy, one.verdict
    return [
        prop("outcome", outcome_word(verdict.outcome)),
        prop("severity", policy.severity.value),
        id_prop("policy", policy.id),
        prop("policy-digest", policy.digest),
        id_prop("auditee", one.result.auditee),
        id_prop("subject", verdict.subject),
    ]


def _observed_props(one: Judged) -> list[Tree]:
    verdict = one.verdict
    told = {
        "reason": verdict.reason,
        "at": verdict.at,
        "due-at": verdict.due_at,
        "grade": verdict.grade,
        "attested-until": verdict.attested.until if verdict.attested else None,
    }
    return [*_props(one), *(prop(name, text) for name, text in told.items() if text)]


def _finding_props(one: Judged) -> list[Tree]:
    props = _props(one)
    if one.verdict.owner:
        props.append(prop("owner", one.verdict.owner))
    if one.is_finding:
        props.append(prop("fingerprint", one.key.partition(" ")[0]))
        props += _standing_props(one)
    return props


def _standing_props(one: Judged) -> list[Tree]:
    if one.run.gate is None:
        return []
    standing = one.standing
    props = [prop("gate", standing.gating.value.replace("_", "-"))]
    if standing.told:
        props.append(prop("gate-reason", standing.told))
    props += [prop("earlier", f"{was.as_of} {was.outcome}") for was in standing.earlier]
    return props


def _clause_links(one: Judged) -> list[Tree]:
    """Return the demands of the policy that decided, each with its place."""
    links = []
    for clause in wording.deciding_clauses(one.verdict) if one.is_finding else ():
        demand = one.policy.clauses[clause.clause]
        if href := reference(demand.location):
            links.append({"href": href, "rel": "policy-clause", "text": line(demand.that)})
    return links


def _evidence(fact: Fact, located: Mapping[str, Location]) -> Tree:
    place = located.get(fact.pointer)
    props = [prop("pointer", fact.pointer), prop("state", fact.state)]
    if fact.reason:
        props.append(prop("reason", fact.reason))
    if fact.grade:
        props.append(prop("grade", fact.grade.value))
    if fact.source:
        props.append(prop("source", fact.source))
    if place is not None:
        props += place_props(place)
    return kept(
        {
            "href": reference(place) if place is not None else None,
            "description": line(_fact_line(fact, located)),
            "props": props,
        }
    )


def _fact_line(fact: Fact, located: Mapping[str, Location]) -> str:
    text = f"{wording.fact_name(fact.pointer)}: {wording.fact_value(fact)}"
    place = wording.fact_place(fact, located)
    return f"{text}, in {place}" if place else text


def findings(run: Run, *, findings_only: bool = False) -> Iterator[Tree]:
    """Yield a finding for each verdict and control, save where a policy does not apply."""
    for batch in judged(run, findings_only=findings_only):
        for one in batch:
            if one.verdict.outcome is not Outcome.NOT_APPLICABLE:
                yield from (_finding(one, *named) for named in one.finding_uuids())


def _finding(one: Judged, control: str, named: str) -> Tree:
    verdict = one.verdict
    is_pass = verdict.outcome is Outcome.PASS
    return kept(
        {
            "uuid": named,
            "title": line(one.name()),
            "description": line(_said(verdict)),
            "props": _finding_props(one),
            "origins": origin(),
            "target": {
                "type": "objective-id",
                "target-id": objective_id(control, one.policy.id),
                "status": {
                    "state": "satisfied" if is_pass else "not-satisfied",
                    "reason": outcome_word(verdict.outcome),
                },
            },
            "related-observations": [{"observation-uuid": one.observation_uuid()}],
            "related-risks": [{"risk-uuid": one.risk_uuid()}] if one.is_finding else None,
            "remarks": prose(_details(one)) if one.is_finding else None,
        }
    )


def _said(verdict: Verdict) -> str:
    text = wording.sentence(verdict.message)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        return f"inconclusive: {text}"
    if verdict.outcome is Outcome.ERROR:
        return f"the policy broke: {text}"
    return text


def _details(one: Judged) -> Iterator[str]:
    """Say what decided, what is waited for and how to mend it."""
    verdict, policy = one.verdict, one.policy
    yield wording.sentence(policy.title)
    for change in policy.changes:
        yield f"changed: {told(change)}"
    for clause in wording.deciding_clauses(verdict):
        yield wording.sentence(clause.message)
        if why := wording.because(clause):
            yield f"because: {why}"
        demand = policy.clauses[clause.clause]
        yield f"required: {demand.that} at {demand.location}"
        if clause.failing:
            yield f"fails for: {listed(clause.failing, _NAMES)}"
    if verdict.owner:
        yield f"to act: {wording.name(verdict.owner)}"
    yield from _remedies(one)


def _remedies(one: Judged) -> Iterator[str]:
    if one.verdict.outcome is not Outcome.INCONCLUSIVE:
        yield f"fix: {wording.remedy(one.policy, one.verdict)}"
        return
    for fact in one.verdict.missing[:_FACTS]:
        yield f"waits on: {wording.fact_name(fact.pointer)}: {wording.fact_value(fact)}"
    reasons = [fact.reason or "unobserved" for fact in one.verdict.missing]
    for reason in dict.fromkeys(reasons or [one.verdict.reason or "unobserved"]):
        yield f"to supply ({reason.replace('_', ' ')}): {how_to_supply(reason)}"


def risks(run: Run) -> Iterator[Tree]:
    """Yield a risk for each verdict that somebody has to act on."""
    for batch in judged(run, findings_only=True):
        yield from map(_risk, batch)


def _risk(one: Judged) -> Tree:
    policy = one.policy
    return {
        "uuid": one.risk_uuid(),
        "title": line(one.name()),
        "description": line(_said(one.verdict)),
        "statement": line(wording.sentence(policy.why)),
        "props": [prop("outcome", outcome_word(one.verdict.outcome)), *_standing_props(one)],
        "status": _STATUS.get(one.standing.gating, "open"),
        "origins": origin(),
        "characterizations": [
            {
                "origin": origin()[0],
                "facets": [
                    {"name": "severity", "system": NAMESPACE, "value": policy.severity.value}
                ],
            }
        ],
        "remediations": [
            {
                "uuid": uuid("remediation", one.key),
                "lifecycle": "recommendation",
                "title": "What to do",
                "description": prose(_remedies(one)),
            }
        ],
        "related-observations": [{"observation-uuid": one.observation_uuid()}],
    }
