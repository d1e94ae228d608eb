"""
The second pass of a run: judge the portfolio, once all its auditees are judged.

Portfolio policies look at the results of the auditees, at who should have been audited, and at past audits.
Without a population nobody has said what the portfolio is: then only snapshots that are too old are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.judged_facts import judged_facts
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.zones import zone
from auditor.findings.portfolio import (
    PortfolioHead,
    PortfolioLists,
    auditee_kind,
    portfolio_document,
)
from auditor.findings.portfolio_facts import Wanted, auditee_part
from auditor.language.reads import fields_read
from auditor.model.errors import PopulationError
from auditor.model.outcome import Outcome
from auditor.usecases.choose_engine import EXACT, choose_engine
from auditor.usecases.portfolio_places import PortfolioPlaces

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from auditor.evaluation.policy_judge import JudgePolicy, PolicyJudge
    from auditor.facts.snapshot import SnapshotModel
    from auditor.findings.portfolio_facts import AuditeePart
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.result import ResultDocument
    from auditor.sources.population import PopulationFile
    from auditor.usecases.choose_engine import Engine
    from auditor.usecases.instants import AsOf, Period
    from auditor.usecases.read_audits import PastAudits
    from auditor.usecases.read_inputs import Loaded

PORTFOLIO: Final = "portfolio"
"""The target, and what a portfolio is called that nobody has named."""

STALE: Final = "snapshot-stale"
"""The one portfolio policy that needs no population."""

_NO_ZONE: Final = "UTC"


@dataclass(frozen=True, slots=True)
class JudgedPortfolio:
    """What came of the second pass."""

    result: ResultDocument
    places: PortfolioPlaces
    document: dict[str, Any]
    """The portfolio document as it was judged, plain JSON data; `result` names its digest."""


def judge_portfolio(
    plan: Plan,
    audited: Sequence[tuple[Loaded, ResultDocument]],
    *,
    model: SnapshotModel,
    as_of: AsOf,
    period: Period | None = None,
    population: PopulationFile | None = None,
    audits: PastAudits | None = None,
    attestations: Iterable[Attestation] = (),
    name: str = PORTFOLIO,
    engine: Engine | None = None,
    timed: Callable[[PolicyJudge], JudgePolicy] | None = None,
) -> JudgedPortfolio | None:
    """
    Judge the portfolio by the portfolio policies of *plan*.

    Args:
        plan: Every policy of the run.
        audited: The snapshots that were judged, with what the run said of them.
        model: The contract of portfolio documents.
        as_of: The instant that the run judges.
        period: What the user set.
        population: Who is to be audited; None where nobody named one.
        audits: The past runs; None where nobody said which there are.
        attestations: Those of any auditees, as the auditees were judged with.
        name: What the user calls the population: its file.
        engine: What evaluates the policies; None for the exact evaluator.
        timed: As `judge` takes it.

    Returns:
        None where there is nothing to say: no portfolio policy, or no population and no old snapshot.

    Raises:
        PopulationError: The population has the id of an auditee, so that one result would hide the other.
    """
    ids = {policy.id for policy in plan.summaries if policy.target == PORTFOLIO}
    chosen = plan.select(ids if population is not None else ids & {STALE})
    if not chosen.policies or (population is None and not audited):
        return None
    wanted = Wanted(fields_read(chosen.policies, model.root, plan.functions))
    calendar = WorkingCalendar(zone(_zone(population, audited)))
    head = PortfolioHead(
        id=_id(population, {loaded.snapshot.auditee for loaded, _ in audited}),
        name=population.name if population is not None else "Portfolio",
        time_zone=calendar.zone.key,
        as_of=as_of.within(calendar),
        calendar=population.calendar.parts()
        if population is not None and population.calendar is not None
        else None,
    )
    members = sorted(population.members if population else (), key=lambda member: member.id)
    runs = audits.runs if audits is not None else []
    lists = PortfolioLists(
        population=tuple(member.to_tree() for member in members) if population else None,
        auditees=_parts(plan, audited, as_of, model, wanted),
        audits=tuple(run.tree for run in runs) if audits is not None else None,
        audit_gaps=audits.gaps() if audits is not None else {},
    )
    document = portfolio_document(head, lists, model.root, wanted)
    snapshot = model.read(document)
    span = period.within(snapshot.calendar) if period is not None else None
    instants = Instants(head.as_of, span)
    engine = engine or choose_engine(EXACT, chosen)
    result = judge(
        chosen,
        snapshot,
        instants,
        attestations,
        name=name,
        evaluator=engine.evaluator,
        fast=engine.fast,
        lists=engine.lists,
        explains_passes=engine.lists is None,
        timed=timed,
    )
    if population is None and not _is_any_stale(result):
        return None
    places = PortfolioPlaces(
        lists,
        {loaded.snapshot.auditee: loaded.places for loaded, _ in audited},
        [member.location for member in members],
        [run.place for run in runs],
    )
    return JudgedPortfolio(result, places, document)


def _parts(
    plan: Plan,
    audited: Iterable[tuple[Loaded, ResultDocument]],
    as_of: AsOf,
    model: SnapshotModel,
    wanted: Wanted,
) -> tuple[AuditeePart, ...]:
    policies = {policy.id: policy for policy in plan.summaries}
    parts = []
    for loaded, result in sorted(audited, key=lambda pair: pair[0].snapshot.auditee):
        snapshot = loaded.snapshot
        facts = judged_facts(snapshot, as_of.within(snapshot.calendar))
        kind = auditee_kind(model.root, snapshot.target)
        parts.append(auditee_part(snapshot, facts, result, policies, kind=kind, wanted=wanted))
    return tuple(parts)


def _id(population: PopulationFile | None, taken: Collection[str]) -> str:
    """Return what the portfolio goes by; no auditee may go by the same."""
    if population is not None:
        if population.id in taken:
            msg = f"the population is called '{population.id}', and so is one of its auditees"
            raise PopulationError(msg, hint="give the population an id of its own")
        return population.id
    name = PORTFOLIO
    while name in taken:
        name = f"{name}-{PORTFOLIO}"
    return name


def _zone(
    population: PopulationFile | None, audited: Iterable[tuple[Loaded, ResultDocument]]
) -> str:
    """Return the portfolio's zone: without a population that of all its auditees, if they have one."""
    if population is not None:
        return population.time_zone
    zones = {loaded.snapshot.zone.key for loaded, _ in audited}
    return zones.pop() if len(zones) == 1 else _NO_ZONE


def _is_any_stale(result: ResultDocument) -> bool:
    return any(verdict.outcome is not Outcome.PASS for verdict in result.verdicts)
