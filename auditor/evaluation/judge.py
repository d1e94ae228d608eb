"""
What a plan says of one snapshot at one instant.

A pure function: the same plan, facts and instants give the same result document, on any machine. Whatever
could not be decided comes out as something that is not green.

Source: LANGUAGE.md, section 2; DESIGN.md, sections 4 and 8.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.evaluation.attestations import ENTITY, Attestations, attestations_of, auditee_ids
from auditor.evaluation.exact import Evaluator
from auditor.evaluation.joins import Joins
from auditor.evaluation.judged_facts import judged_facts
from auditor.evaluation.lift import Lift
from auditor.evaluation.passes import Passes
from auditor.evaluation.policy_judge import PolicyJudge, Quick
from auditor.evaluation.scope import Thunk
from auditor.evaluation.subjects import Subject
from auditor.evaluation.trail import Trail
from auditor.evaluation.vouching import Vouching
from auditor.evaluation.witness import Witness
from auditor.evaluation.wording import Wording
from auditor.facts.types import PERIOD
from auditor.language.values import MapValue, Record, Timestamp, map_key
from auditor.model.result import ResultDocument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.evaluation.fast.engine import FastEngine
    from auditor.evaluation.fast.facts import FastFacts
    from auditor.evaluation.judged_facts import JudgedFacts
    from auditor.evaluation.passes import ReadLists
    from auditor.evaluation.policy_judge import MakeEvaluator
    from auditor.facts.calendar import WorkingCalendar
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import CompiledPolicy, Plan
    from auditor.language.values import Value
    from auditor.model.attestation import Attestation
    from auditor.model.verdict import Verdict

PERIOD_DAYS: Final = 91
"""Length of a period that nobody set (convention C7)."""


@dataclass(frozen=True, slots=True)
class Instants:
    """When is judged, and about which span of time."""

    as_of: dt.datetime
    period: tuple[dt.datetime, dt.datetime] | None = None
    """First and last instant, only where the user set them: then they also limit the subjects."""


@dataclass(frozen=True, slots=True)
class JudgedContext:
    """What functions may know beside their arguments."""

    calendar: WorkingCalendar
    as_of: Timestamp
    root: Record


def judged_period(snapshot: Snapshot, instants: Instants) -> tuple[dt.datetime, dt.datetime]:
    """Return the period that rules speak of: the one that was set, or the 91 local days that end now."""
    if instants.period is not None:
        return instants.period
    judged_at = min(instants.as_of, snapshot.captured_at)
    last = snapshot.calendar.local_day(judged_at)
    return (snapshot.calendar.day_start(last - dt.timedelta(days=PERIOD_DAYS - 1)), judged_at)


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
    explains_passes: bool = False,
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
        explains_passes: Say of passes, too, why they are what they are.
    """
    facts = judged_facts(snapshot, instants.as_of)
    judged_at, document, view, gaps = facts.at, facts.document, facts.view, facts.gaps
    wording = Wording(document, snapshot.zone)
    root = Record(document, snapshot.root, "")
    lift = Lift(gaps, snapshot.calendar)
    context = JudgedContext(snapshot.calendar, Timestamp.of(judged_at), root)
    period = judged_period(snapshot, instants)
    variables: dict[str, Value] = {
        **{field: _fact(lift, root, field) for field in snapshot.root.fields},
        "as_of": context.as_of,
        "period": Record(
            {"id": "period", "starts_at": period[0], "ends_at": period[1], "whole": True},
            PERIOD,
            "",
        ),
    }
    ids, joins = auditee_ids(snapshot), Joins()
    words = Attestations(
        ids,
        attestations_of(ids, attestations),
        functions=plan.functions,
        lift=lift,
        joins=joins,
        context=context,
        wording=wording,
    )
    beside = {ENTITY: words.shown}
    witness = Witness(
        {**document, **beside}, {**snapshot.document, **beside}, view.original, gaps, wording
    )
    judged = PolicyJudge(
        functions=plan.functions,
        lift=lift,
        joins=joins,
        context=context,
        witness=witness,
        wording=wording,
        vouching=Vouching(words, plan.attest_instead, witness, wording),
        auditee=Subject(snapshot.auditee, snapshot.name),
        limits=instants.period,
        evaluator=evaluator,
        quick=None if fast is None else _quick(fast, snapshot, instants, facts, lift),
        passes=None if lists is None else Passes(document, snapshot.root, lists),
        explains_passes=explains_passes,
    )
    verdicts: list[Verdict] = []
    outside: list[tuple[str, int]] = []
    for policy in plan.policies:
        if policy.summary.target == snapshot.target:
            found, left_out = judged.judge(policy, {**variables, "params": _params(policy)})
            verdicts.extend(found)
            if left_out:
                outside.append((policy.summary.id, left_out))
    return ResultDocument(
        auditee=snapshot.auditee,
        auditee_name=snapshot.name,
        target=snapshot.target,
        snapshot_digest=snapshot.digest,
        snapshot_name=name,
        captured_at=wording.rfc3339(snapshot.captured_at),
        judged_at=wording.rfc3339(judged_at),
        time_zone=snapshot.zone.key,
        verdicts=tuple(verdicts),
        out_of_period=tuple(outside),
        uncut=view.uncut,
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


def _fact(lift: Lift, root: Record, field: str) -> Thunk:
    """Make a variable of a top-level fact, lifted when it is first read."""
    return Thunk(lambda: (lift.field(root, field), Trail()))


def _params(policy: CompiledPolicy) -> MapValue:
    return MapValue({map_key(name) or ("", name): (name, value) for name, value in policy.params})
