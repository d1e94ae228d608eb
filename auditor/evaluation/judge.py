"""
What a plan says of one snapshot at one instant.

A pure function: the same plan, facts and instants give the same result document, on any machine. Whatever
could not be decided comes out as something that is not green.

Source: LANGUAGE.md, section 2; DESIGN.md, sections 4 and 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.judged_facts import judged_facts
from auditor.evaluation.judged_snapshot import (
    Instants,
    JudgedContext,
    first_day,
    judged_period,
    judged_snapshot,
)
from auditor.evaluation.lift import Lift
from auditor.evaluation.passes import Passes
from auditor.evaluation.policy_judge import PolicyJudge, Quick
from auditor.evaluation.vouching import Vouching
from auditor.language.values import Record, Timestamp
from auditor.model.result import ResultDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from auditor.evaluation.fast.engine import FastEngine
    from auditor.evaluation.fast.facts import FastFacts
    from auditor.evaluation.judged_facts import JudgedFacts
    from auditor.evaluation.passes import ReadLists
    from auditor.evaluation.policy_judge import JudgePolicy, MakeEvaluator
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.verdict import Verdict

__all__ = ["Instants", "JudgedContext", "fast_facts", "first_day", "judge", "judged_period"]


def judge(
    plan: Plan,
    snapshot: Snapshot,
    instants: Instants,
    attestations: Iterable[Attestation] = (),
    *,
    name: str,
    evaluator: MakeEvaluator = Evaluator,
    fast: FastEngine | None = None,
    lists: ReadLists | None = None,
    explains: bool = True,
    explains_passes: bool = False,
    timed: Callable[[PolicyJudge], JudgePolicy] | None = None,
) -> ResultDocument:
    """
    Judge one snapshot by every policy of its target.

    Args:
        plan: The policies.
        snapshot: Shaped facts.
        instants: The judged instant, and a period if the user set one. A snapshot is never judged at an
            instant that it does not know of: the earlier of ``as_of`` and its ``captured_at`` counts.
        attestations: Of any auditees, always in the same order; those of this one are numbered in it.
        name: What the user calls the snapshot: its file or folder.
        evaluator: Makes what evaluates the expressions of one subject.
        fast: The fast path, which may answer in its place; None where it may not.
        lists: What policies read, where only a short record is kept of each pass; None where all of it is.
        explains: Say of what is no pass why it is what it is; False where nobody reads it, and grades may
            be those of all facts.
        explains_passes: Say of passes, too, why they are what they are.
        timed: Stands around the judging by each policy, for whoever wants to know how long it takes.
    """
    found = judged_snapshot(snapshot, instants, attestations, plan.functions)
    facts, lift, wording = found.facts, found.lift, found.wording
    judged = PolicyJudge(
        functions=plan.functions,
        lift=lift,
        joins=found.joins,
        context=found.context,
        witness=found.witness,
        wording=wording,
        vouching=Vouching(found.words, plan.attest_instead, found.witness, wording),
        auditee=found.auditee,
        limits=instants.period,
        evaluator=evaluator,
        quick=None if fast is None else _quick(fast, snapshot, instants, facts, lift),
        passes=None if lists is None else Passes(facts.document, snapshot.root, lists),
        explains=explains,
        explains_passes=explains_passes,
    )
    judge_policy = judged.judge if timed is None else timed(judged)
    verdicts: list[Verdict] = []
    outside: list[tuple[str, int]] = []
    for policy in plan.policies:
        if policy.summary.target == snapshot.target:
            told, left_out = judge_policy(policy, found.named(policy))
            verdicts.extend(told)
            if left_out:
                outside.append((policy.summary.id, left_out))
    return ResultDocument(
        auditee=snapshot.auditee,
        auditee_name=snapshot.name,
        target=snapshot.target,
        snapshot_digest=snapshot.digest,
        snapshot_name=name,
        captured_at=wording.rfc3339(snapshot.captured_at),
        judged_at=wording.rfc3339(facts.at),
        time_zone=snapshot.zone.key,
        verdicts=tuple(verdicts),
        out_of_period=tuple(outside),
        uncut=facts.view.uncut,
    )


def fast_facts(
    snapshot: Snapshot,
    instants: Instants,
    facts: JudgedFacts | None = None,
    lift: Lift | None = None,
) -> FastFacts:
    """
    Return what the fast path is run over.

    Args:
        snapshot: What is judged.
        instants: When, and about which time.
        facts: Its facts as they are judged; None to cut them here.
        lift: Of these facts; None for a new one.
    """
    from auditor.evaluation.fast.facts import FastFacts  # noqa: PLC0415 - not every run takes it

    judged = judged_facts(snapshot, instants.as_of) if facts is None else facts
    root = Record(judged.document, snapshot.root, "")
    return FastFacts(
        document=judged.document,
        gaps=judged.gaps,
        calendar=snapshot.calendar,
        as_of=judged.at,
        period=judged_period(snapshot, instants),
        limits=instants.period,
        auditee=snapshot.auditee,
        context=JudgedContext(snapshot.calendar, Timestamp.of(judged.at), root),
        lift=Lift(judged.gaps, snapshot.calendar) if lift is None else lift,
        longest_text=snapshot.longest_text,
    )


def _quick(
    fast: FastEngine, snapshot: Snapshot, instants: Instants, facts: JudgedFacts, lift: Lift
) -> Quick | None:
    """Return the fast path over the facts; None where it does not pay."""
    wanted = fast_facts(snapshot, instants, facts, lift)
    run = fast.over(snapshot.target, snapshot.root, wanted)
    return None if run is None else Quick(run, fast.watch(snapshot.digest))
