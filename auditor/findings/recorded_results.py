"""
A recorded run, from JSON data back to a `Run`: what `Run.head_tree` and `ResultDocument.to_tree` wrote.

The data keeps its schemas when it comes here. A reader could expect a run that is equal to the one that was
recorded: it says the same, but for lone surrogates, which JSON holds as escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.findings.recorded_places import place_of
from auditor.model.explanation import Because, Came, Step, Turn
from auditor.model.outcome import Outcome
from auditor.model.policy import ClauseSummary, PolicyChange, PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.run import (
    Control,
    Framework,
    InputProblem,
    NotUsed,
    Population,
    Run,
    RunProfile,
)
from auditor.model.severity import Severity
from auditor.model.standing import Earlier, GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Attested, ClauseVerdict, Fact, Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.standing import FindingKey

    Tree = Mapping[str, Any]


def run_of(tree: Tree) -> Run:
    """
    Return a recorded run.

    Args:
        tree: Data that keeps ``run.schema.json``, with the documents in it.
    """
    profile, period = tree["profile"], tree["period"]
    return Run(
        engine=tree["engine"],
        as_of=tree["as_of"],
        period=(period["from"], period["to"]) if period else None,
        policies=tuple(_policy(one) for one in tree["policies"]),
        results=tuple(_result(entry["document"]) for entry in tree["results"]),
        population=_population(tree["population"]),
        controls=tuple(_control(one) for one in tree["controls"]),
        profile=RunProfile(**profile) if profile else None,
        only=tuple(tree["only"]),
        problems=tuple(_problem(one) for one in tree["problems"]),
        not_used=tuple(NotUsed(**one) for one in tree["not_used"]),
        relaxed=tuple(tree["relaxed"]),
        frameworks=tuple(Framework(**one) for one in tree["frameworks"]),
        gate=_gate(tree["gate"]),
        standings=dict(_standings(tree)),
    )


def _policy(tree: Tree) -> PolicySummary:
    return PolicySummary(
        id=tree["id"],
        title=tree["title"],
        why=tree["why"],
        fix=tree["fix"],
        controls=tuple(tree["controls"]),
        severity=Severity(tree["severity"]),
        pack=tree["pack"],
        target=tree["target"],
        digest=tree["digest"],
        location=place_of(tree["location"]),
        clauses=tuple(
            ClauseSummary(one["that"], place_of(one["location"])) for one in tree["clauses"]
        ),
        params=tuple(tree["params"].items()),
        changes=tuple(_change(one) for one in tree["changes"]),
        words=tree["words"],
        formerly=tuple(tree["formerly"]),
    )


def _change(tree: Tree) -> PolicyChange:
    return PolicyChange(
        what=tree["what"],
        before=tree["from"],
        after=tree["to"],
        is_relaxing=tree["is_relaxing"],
        location=place_of(tree["location"]),
        reason=tree["reason"],
        by=tree["by"],
        on=tree["on"],
    )


def _population(tree: Tree) -> Population:
    return Population(
        in_scope=tree["in_scope"],
        audited=tree["audited"],
        missing=tuple(tree["missing"]),
        excluded=tuple(NotUsed(**one) for one in tree["excluded"]),
        names=tuple(tree["names"].items()),
        not_listed=tuple(tree["not_listed"]),
    )


def _control(tree: Tree) -> Control:
    return Control(
        tree["id"],
        tree["state"],
        framework=tree["framework"],
        area=tree["area"],
        stage=tree["stage"],
        rule=tree["rule"],
    )


def _problem(tree: Tree) -> InputProblem:
    place = tree["location"]
    return InputProblem(
        tree["name"],
        tree["slug"],
        tree["message"],
        location=place_of(place) if place is not None else None,
        hint=tree["hint"],
    )


def _gate(tree: Tree | None) -> GateSummary | None:
    if tree is None:
        return None
    return GateSummary(
        code=tree["code"],
        rules=tuple(tree["rules"]),
        reasons=tuple(tree["reasons"]),
        against=tree["against"],
        gone=tuple(GoneFinding(**one) for one in tree["gone"]),
    )


def _standings(tree: Tree) -> Iterator[tuple[FindingKey, Standing]]:
    for entry in tree["results"]:
        for found in entry["findings_document"]["findings"]:
            key, gating = found["key"], found["gate"] or {"as": Gating.COUNTS, "told": ""}
            earlier = tuple(Earlier(one["as_of"], one["outcome"]) for one in found["earlier"])
            standing = Standing(Gating(gating["as"]), gating["told"], earlier)
            if standing != Standing():
                yield (key["auditee"], key["policy"], key["subject"]), standing


# ----- result documents


def _result(tree: Tree) -> ResultDocument:
    auditee, snapshot = tree["auditee"], tree["snapshot"]
    return ResultDocument(
        auditee=auditee["id"],
        auditee_name=auditee["name"],
        target=auditee["target"],
        snapshot_digest=snapshot["digest"],
        snapshot_name=snapshot["name"],
        captured_at=snapshot["captured_at"],
        judged_at=snapshot["judged_at"],
        time_zone=snapshot["time_zone"],
        verdicts=tuple(_verdict(one) for one in tree["verdicts"]),
        out_of_period=tuple(tree["out_of_period"].items()),
        uncut=tuple(snapshot["uncut"]),
    )


def _verdict(tree: Tree) -> Verdict:
    facts = tuple(_fact(one) for one in tree["witness"])
    missing = tuple(_fact(one) for one in tree["missing"])
    known = {fact.pointer: fact for fact in (*facts, *missing)}
    return Verdict(
        policy=tree["policy"],
        subject=tree["subject"],
        subject_name=tree["subject_name"],
        outcome=Outcome(tree["outcome"]),
        message=tree["message"],
        reason=tree["reason"],
        at=tree["at"],
        due_at=tree["due_at"],
        clauses=tuple(_clause(one, known) for one in tree["clauses"]),
        facts=facts,
        missing=missing,
        owner=tree["owner"],
        grade=Grade(tree["grade"]) if tree["grade"] else None,
        attested=Attested(**tree["attested"]) if tree["attested"] else None,
        because=_because(tree["because"]),
    )


def _fact(tree: Tree) -> Fact:
    return Fact(
        tree["pointer"],
        tree["state"],
        tree["shown"],
        reason=tree["reason"],
        grade=Grade(tree["grade"]) if tree["grade"] else None,
        source=tree["source"],
    )


def _clause(tree: Tree, facts: Mapping[str, Fact]) -> ClauseVerdict:
    return ClauseVerdict(
        clause=tree["clause"],
        outcome=Outcome(tree["outcome"]),
        message=tree["message"],
        vacuous=tree["vacuous"],
        failing=tuple(tree["failing"]),
        # Of a demand that holds beside one that does not, only the names of its facts were kept.
        facts=tuple(
            facts.get(pointer) or Fact(pointer, "known", "") for pointer in tree["witness"]
        ),
        because=_because(tree["because"]),
    )


def _because(tree: Tree | None) -> Because | None:
    if tree is None:
        return None
    return Because(
        tree["sentence"],
        tuple(_step(one) for one in tree["steps"]),
        tuple(tuple(_turn(one) for one in way) for way in tree["turns"]),
        has_margin=tree["has_margin"],
    )


def _step(tree: Tree) -> Step:
    place = tree["place"]
    return Step(
        Came(tree["came"]),
        tree["text"],
        tree["says"],
        place_of(place) if place is not None else None,
        tuple(tree["facts"]),
        tuple(_step(one) for one in tree["steps"]),
    )


def _turn(tree: Tree) -> Turn:
    boundary = tree["boundary"]
    return Turn(
        tree["what"],
        tree["wanted"],
        tree["pointer"] or "",
        boundary["value"] if boundary is not None else None,
        has_boundary=boundary is not None,
    )
