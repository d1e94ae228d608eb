"""
One snapshot at one instant, with all that expressions over it share: facts, variables, names, words of people.

Whoever evaluates an expression over a snapshot begins here, so that what is tried and what is judged cannot differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.evaluation.attestations import ENTITY, Attestations, attestations_of, auditee_ids
from auditor.evaluation.joins import Joins
from auditor.evaluation.judged_facts import judged_facts
from auditor.evaluation.lift import Lift
from auditor.evaluation.scope import Thunk
from auditor.evaluation.subjects import Subject
from auditor.evaluation.trail import Trail
from auditor.evaluation.witness import Witness
from auditor.evaluation.wording import Wording
from auditor.facts.types import PERIOD
from auditor.language.values import MapValue, Record, Timestamp, map_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.evaluation.judged_facts import JudgedFacts
    from auditor.facts.calendar import WorkingCalendar
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions
    from auditor.language.values import Value
    from auditor.model.attestation import Attestation

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


@dataclass(frozen=True, slots=True, eq=False)
class JudgedSnapshot:
    """A snapshot as it is judged at an instant."""

    snapshot: Snapshot
    facts: JudgedFacts
    context: JudgedContext
    wording: Wording
    lift: Lift
    joins: Joins
    words: Attestations
    """What people vouch for."""
    witness: Witness
    variables: Mapping[str, Value]
    """What every expression can name: the facts, `as_of` and `period`."""

    @property
    def auditee(self) -> Subject:
        """The auditee as a subject."""
        return Subject(self.snapshot.auditee, self.snapshot.name)

    def named(self, policy: CompiledPolicy) -> dict[str, Value]:
        """Return what the expressions of a policy can name before its subjects are known."""
        params = {map_key(name) or ("", name): (name, value) for name, value in policy.params}
        return {**self.variables, "params": MapValue(params)}


def judged_period(snapshot: Snapshot, instants: Instants) -> tuple[dt.datetime, dt.datetime]:
    """Return the period that rules speak of: the one that was set, or the 91 local days that end now."""
    if instants.period is not None:
        return instants.period
    judged_at = min(instants.as_of, snapshot.captured_at)
    last = snapshot.calendar.local_day(judged_at)
    return (snapshot.calendar.day_start(first_day(last)), judged_at)


def first_day(last: dt.date) -> dt.date:
    """Return the first of the 91 days that end with *last*; in the year 1 there are as many as there are."""
    return dt.date.fromordinal(max(last.toordinal() - (PERIOD_DAYS - 1), 1))


def judged_snapshot(
    snapshot: Snapshot,
    instants: Instants,
    attestations: Iterable[Attestation],
    functions: Functions,
) -> JudgedSnapshot:
    """
    Cut a snapshot to an instant, and make what expressions over it share.

    Args:
        snapshot: Shaped facts.
        instants: The instant, and a period if the user set one. A snapshot is never judged at an instant that
            it does not know of: the earlier of ``as_of`` and its ``captured_at`` counts.
        attestations: Of any auditees, always in the same order; those of this one are numbered in it.
        functions: What expressions may call.
    """
    facts = judged_facts(snapshot, instants.as_of)
    document, view, gaps = facts.document, facts.view, facts.gaps
    wording = Wording(document, snapshot.zone)
    root = Record(document, snapshot.root, "")
    lift = Lift(gaps, snapshot.calendar)
    context = JudgedContext(snapshot.calendar, Timestamp.of(facts.at), root)
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
        functions=functions,
        lift=lift,
        joins=joins,
        context=context,
        wording=wording,
    )
    beside = {ENTITY: words.shown}
    witness = Witness(
        {**document, **beside}, {**snapshot.document, **beside}, view.original, gaps, wording
    )
    return JudgedSnapshot(snapshot, facts, context, wording, lift, joins, words, witness, variables)


def _fact(lift: Lift, root: Record, field: str) -> Thunk:
    """Make a variable of a top-level fact, lifted when it is first read."""
    return Thunk(lambda: (lift.field(root, field), Trail()))
