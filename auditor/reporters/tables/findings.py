"""
What somebody has to act on, one finding per row, with all that it takes to act.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.findings.finding import Finding, findings
from auditor.findings.findings_document import fingerprint
from auditor.findings.telling_facts import facts_to_place, facts_to_show
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.gate_words import before
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.tables.cell_text import key
from auditor.reporters.tables.untold import untold
from auditor.reporters.tables.view import Column, Kind, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.run import Control, Places, Run
    from auditor.model.verdict import Fact, Verdict
    from auditor.reporters.tables.view import Row

_FACTS: Final = 50
_NAMES: Final = 100

_COLUMNS: Final = (
    Column(
        "kind",
        "finding; or, of what has no verdict, input (cannot be read), auditee (not audited) or run"
        " (nothing was audited).",
        width=9,
    ),
    Column("severity", "What a broken rule weighs: low, medium, high or critical.", width=10),
    Column(
        "outcome",
        "fail, inconclusive (a fact is missing) or error (the policy broke); error for what has no"
        " verdict.",
        width=13,
    ),
    Column("auditee", "Name of the project, or of the input.", width=24),
    Column("subject", "What was judged: a sprint, a risk, or the project itself.", width=28),
    Column("sentence", "What is wrong; one sentence for each demand that fails.", width=60),
    Column("because", "By how much it was missed, of each demand that fails.", Kind.LIST, 40),
    Column(
        "to_act",
        "Who must act. Where the policy names nobody: on a fail the Delivery Manager, on what is not"
        " decided whoever keeps the records, on an error whoever keeps the policy.",
        width=18,
    ),
    Column("fix", "How to mend it, or how to supply what is missing.", Kind.LIST, 50),
    Column("due_at", "When it was due.", Kind.INSTANT, 24),
    Column("waits_on", "The missing facts that would decide it.", Kind.LIST, 40),
    Column("file", "File of the fact that says most about it.", width=36),
    Column("line", "Line of that fact, from 1.", Kind.NUMBER, 7),
    Column("column", "Column of that fact, in characters from 1.", Kind.NUMBER, 9),
    Column("facts", "The facts that decided it, each with its value and place.", Kind.LIST, 60),
    Column("fails_for", "The counter-examples by name.", Kind.LIST, 30),
    Column("policy", "Id of the policy.", width=30),
    Column("title", "What is wrong where the policy fails.", width=40),
    Column("clause", "Where the demands stand that decided it.", Kind.LIST, 40),
    Column("controls", "The controls that the policy serves.", Kind.LIST, 16),
    Column("frameworks", "The frameworks that demand them.", Kind.LIST, 14),
    Column("areas", "Their pillars, sections or principles.", Kind.LIST, 18),
    Column("stages", "Their stages of a project's life.", Kind.LIST, 14),
    Column("pack", "The pack that the policy is from.", width=10),
    Column(
        "gate",
        "What the gate makes of it: counts, under_threshold, allowed, known or accepted; empty where"
        " there was no gate.",
        width=12,
    ),
    Column("gate_told", "Why it does not count, and who is behind that.", width=30),
    Column("earlier", "What earlier runs said of it, the newest last.", Kind.LIST, 24),
    Column("judged_at", "The instant to which the facts were looked at.", Kind.INSTANT, 24),
    Column(
        "evidence",
        "The weakest way in which a deciding fact was obtained: api, export, parsed, manual, attested.",
        width=10,
    ),
    Column(
        "reason",
        "Why it is no plain fail: unobserved, budget, the name of an error or of a problem.",
        width=16,
    ),
    Column("changed", "What was changed of the policy for this run, by whom.", Kind.LIST, 40),
    Column("auditee_id", "Id of the project.", width=18),
    Column("subject_key", "Key of the subject, which stays when it gets another name.", width=18),
    Column("snapshot", "File or folder that was judged.", width=36),
    Column("fingerprint", "Names the finding from run to run.", width=30),
)


def _rows(run: Run, places: Places) -> Iterator[Row]:
    for one in untold(run):
        place = one.location
        cells = {
            "kind": one.kind,
            "outcome": Outcome.ERROR.value,
            "auditee": wording.name(one.name),
            "auditee_id": one.id,
            "sentence": one.sentence,
            "fix": (one.fix,),
            "file": place.path if place else "",
            "line": place.line if place else None,
            "column": place.column if place else None,
            "reason": one.reason,
        }
        yield tuple(cells.get(column.name, "") for column in _COLUMNS)
    controls = {control.id: control for control in run.controls}
    shared = {policy.id: _shared(policy, controls) for policy in run.policies}
    theirs: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings(run):
        theirs[finding.result.auditee].append(finding)
    for result in run.results:
        found = theirs[result.auditee]
        pointers = {pointer: None for one in found for pointer in facts_to_place(one.verdict)}
        located = places.locate(result.auditee, list(pointers)) if pointers else {}
        for finding in found:
            yield _row(run, finding, shared[finding.policy.id], located)


def _shared(policy: PolicySummary, controls: Mapping[str, Control]) -> Row:
    """Return the cells from ``controls`` to ``pack``, which all findings of a policy share."""
    served = [controls[control] for control in policy.controls if control in controls]
    return (
        policy.controls,
        _each(one.framework for one in served),
        _each(one.area for one in served),
        _each(one.stage or "" for one in served),
        policy.pack,
    )


def _each(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _row(run: Run, finding: Finding, shared: Row, located: Mapping[str, Location]) -> Row:
    policy, result, verdict = finding.policy, finding.result, finding.verdict
    standing = run.standing(result.auditee, verdict)
    clauses = wording.deciding_clauses(verdict)
    place = _place(verdict, located)
    return (
        "finding",
        policy.severity.value,
        verdict.outcome.value,
        wording.name(result.auditee_name or result.auditee),
        wording.subject(verdict),
        wording.sentence(verdict.message),
        tuple(filter(None, map(wording.because, clauses))),
        wording.to_act(verdict),
        _fix(policy, verdict),
        verdict.due_at,
        _facts(verdict.missing, located),
        place.path if place else None,
        place.line if place else None,
        place.column if place else None,
        _facts(verdict.facts, located),
        _few([wording.name(name) for clause in clauses for name in clause.failing], _NAMES),
        policy.id,
        wording.sentence(policy.title),
        tuple(str(policy.clauses[clause.clause].location) for clause in clauses)
        or (str(policy.location),),
        *shared,
        standing.gating.value if run.gate is not None else None,
        wording.name(standing.told) if run.gate is not None else None,
        tuple(before((one,)) for one in standing.earlier),
        result.judged_at,
        verdict.grade.value if verdict.grade else None,
        verdict.reason,
        tuple(told(change) for change in policy.changes),
        result.auditee,
        key(verdict.subject),
        result.snapshot_name,
        fingerprint(verdict.policy, result.auditee, verdict.subject),
    )


def _place(verdict: Verdict, located: Mapping[str, Location]) -> Location | None:
    places = (located.get(pointer) for pointer in facts_to_show(verdict))
    return next((place for place in places if place is not None), None)


def _fix(policy: PolicySummary, verdict: Verdict) -> tuple[str, ...]:
    if verdict.outcome is not Outcome.INCONCLUSIVE:
        return (wording.remedy(policy, verdict),)
    reasons = [fact.reason or "unobserved" for fact in verdict.missing]
    return tuple(dict.fromkeys(map(how_to_supply, reasons)))


def _facts(facts: Sequence[Fact], located: Mapping[str, Location]) -> tuple[str, ...]:
    lines = [wording.fact_line(fact, located) for fact in facts[:_FACTS]]
    return _few(lines, _FACTS, len(facts))


def _few(texts: list[str], limit: int, count: int | None = None) -> tuple[str, ...]:
    """Return the first *limit* of *count* texts, and how many more there are."""
    more = (len(texts) if count is None else count) - limit
    return (*texts[:limit], *([f"and {more} more"] if more > 0 else []))


FINDINGS: Final = View(
    "findings", "a finding: a fail, an undecided verdict, an error", _COLUMNS, _rows
)
