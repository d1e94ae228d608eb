"""
Judge what the paths of a command line stand for: the part that `check` and `explain` share.

Every instant is settled here: which one a run judges, which snapshot of an auditee is used for it, what
the period is. Nothing that goes wrong with one input keeps the others from being judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from auditor.evaluation.fast.engine import EngineDifference
from auditor.evaluation.judge import Instants, judge
from auditor.findings.assemble import assemble
from auditor.findings.changes import relaxed
from auditor.model.errors import AuditorError, ErrorGroup, NothingToAudit
from auditor.model.run import InputProblem, NotUsed, RunProfile
from auditor.usecases.attested_places import AttestedPlaces, filed_for, unused_attestations
from auditor.usecases.choose_engine import AUTO, SAMPLE, choose_engine
from auditor.usecases.choose_snapshots import choose, late_records
from auditor.usecases.cover_population import Coverage
from auditor.usecases.fact_excerpts import Excerpts
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.judge_portfolio import PORTFOLIO, JudgedPortfolio, judge_portfolio
from auditor.usecases.onlooker import NOBODY
from auditor.usecases.read_catalogues import read_catalogues
from auditor.usecases.read_config import config_above
from auditor.usecases.read_inputs import ReadInputs, read_inputs
from auditor.usecases.read_organisation import Organisation, read_organisation
from auditor.usecases.read_policies import (
    LoadedPolicies,
    PolicyChoice,
    PolicyFolder,
    load_policies,
    named_folder,
    packaged_folder,
    read_texts,
    snapshot_models,
)
from auditor.usecases.run_instants import NO_INSTANT, newest, shown_period
from auditor.usecases.run_places import RunPlaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.model.catalogue import Catalogue
    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.tailoring import Written
    from auditor.sources.contract import PlaceIndex
    from auditor.usecases.choose_engine import Engine
    from auditor.usecases.instants import AsOf, Period
    from auditor.usecases.onlooker import Onlooker
    from auditor.usecases.plan_cache import PlanCache
    from auditor.usecases.read_config import FoundConfig
    from auditor.usecases.read_inputs import Loaded


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked to be judged, by what, as of when."""

    paths: tuple[str, ...]
    policies: tuple[str, ...] = ()
    """Folders as typed; empty for those that come with the program and those that ``auditor.yaml`` adds."""
    choice: PolicyChoice = field(default_factory=PolicyChoice)
    as_of: AsOf | None = None
    """None for the newest instant that a snapshot speaks of."""
    period: Period | None = None
    captured_at: str | None = None
    profile: str | None = None
    """File of the organisation's profile, as are `population` and `audits`."""
    population: str | None = None
    audits: str | None = None
    """A recorded run, or a folder of them."""
    config: FoundConfig | None = None
    """The ``auditor.yaml`` that holds for the run."""
    cache: PlanCache | None = None
    """Where compiled plans are kept; None for nowhere."""
    config_error: AuditorError | None = None
    """What is wrong with it; the run goes on without it, and cannot end well."""
    engine: str = AUTO
    """One of `choose_engine.ENGINES`."""
    cross_check: str = SAMPLE
    """One of `choose_engine.CROSS_CHECKS`."""
    keeps_passes: bool = False
    """Whether verdicts that pass are wanted with everything that they rest on."""
    tells_controls: bool = False
    """Whether the run is to say of controls what their catalogues say."""


def with_config(request: Request) -> Request:
    """Add the ``auditor.yaml`` that is found upward from the first path."""
    try:
        return replace(request, config=config_above(request.paths[0]))
    except AuditorError as error:
        return replace(request, config_error=error)


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, and what the user must hear beside it."""

    run: Run
    places: RunPlaces
    errors: tuple[AuditorError, ...]
    notes: tuple[str, ...]
    files: tuple[Path, ...]
    """What it was read from, and must not be written over."""
    organisation: Organisation
    """What the organisation says."""
    packs: tuple[str, ...]
    """Those of which policies were there to judge by, whether or not there was something for them."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Everything that was read, before anything is judged."""

    request: Request
    models: SnapshotModels
    organisation: Organisation
    plan: Plan | None
    """None where no policy is left."""
    inputs: ReadInputs
    errors: tuple[tuple[str, AuditorError], ...]
    """Name of the input, and what is wrong with it."""


def judge_inputs(
    request: Request,
    onlooker: Onlooker = NOBODY,
    *,
    before: Callable[[Organisation], None] | None = None,
) -> Judged:
    """
    Read, choose and judge.

    A run is made even where nothing could be judged: a report that says so must replace the last one.

    Args:
        request: What to judge.
        onlooker: Follows it.
        before: Is told what the organisation says, before anything is judged by it.

    Raises:
        UsageProblem: The request names something that there is not.
    """
    inputs = _Inputs(request, onlooker)
    if before is not None:
        before(inputs.organisation)
    return inputs.judged(policy_folders(request))


def judge_versions(
    request: Request,
    versions: Sequence[tuple[PolicyFolder, PolicyChoice]],
    onlooker: Onlooker = NOBODY,
) -> Iterator[Judged]:
    """
    Judge the same facts at the same instants by one version of policies after the other.

    Args:
        request: What is judged; its own policies are not looked at.
        versions: Folders of policies, and what is wanted of each.
        onlooker: Follows it.

    Raises:
        UsageProblem: The request names something that there is not.
    """
    inputs = _Inputs(request, onlooker)
    for folder, choice in versions:
        yield inputs.judged([folder], choice)


class _Inputs:
    """What is judged, read once."""

    def __init__(self, request: Request, onlooker: Onlooker) -> None:
        models = snapshot_models()
        with onlooker.part("reading the profile, the population and past audits"):
            organisation = read_organisation(
                models,
                profile=request.profile,
                population=request.population,
                audits=request.audits,
            )
        profile = organisation.profile
        if profile is not None and profile.extension is not None:
            models = snapshot_models(profile.extension)
        self._request, self._models, self.organisation = request, models, organisation
        self._read: ReadInputs | None = None
        self._onlooker = onlooker

    def judged(self, folders: Sequence[PolicyFolder], choice: PolicyChoice | None = None) -> Judged:
        """Judge by what *choice*, or the request, wants of *folders*."""
        request, organisation, models = self._request, self.organisation, self._models
        if choice is not None:
            request = replace(request, choice=choice)
        profile = organisation.profile
        policies = LoadedPolicies(None)
        if not organisation.is_profile_broken:
            raised = request.config.config.severities if request.config else None
            with self._onlooker.part("reading the policies"):
                policies = load_policies(
                    folders,
                    request.choice,
                    models,
                    profile=profile,
                    raised=raised,
                    gated=_gated(request),
                    cache=request.cache,
                )
        # A slip in the name of a policy is told before everything is read.
        if self._read is None:
            with self._onlooker.part("reading the inputs"):
                self._read = read_inputs(
                    request.paths,
                    models,
                    captured_at=request.captured_at,
                    profile=profile,
                    progress=self._onlooker.progress,
                )
        ours = (*([request.config_error] if request.config_error else ()), *policies.errors)
        errors = [
            *organisation.errors,
            *((_file_of(error), error) for error in ours),
            *self._read.errors,
        ]
        return _judge(
            _Gathered(request, models, organisation, policies.plan, self._read, tuple(errors)),
            self._onlooker,
        )


def policy_folders(request: Request) -> list[PolicyFolder]:
    """Return the folders of policies of *request*; what is judged can add to them, never leave one out."""
    if request.policies:
        return [named_folder(typed) for typed in request.policies]
    added = request.config.policy_folders() if request.config else ()
    return [
        packaged_folder(),
        *(replace(named_folder(str(path)), is_added=True) for path in added),
    ]


def _gated(request: Request) -> dict[str, Written]:
    """Return the packs for which ``auditor.yaml`` tightens the gate, but its own where they are not judged by."""
    if request.config is None:
        return {}
    named = dict(request.config.config.packs_at)
    if named and request.policies:
        added = [named_folder(str(path)) for path in request.config.policy_folders()]
        own = {text.pack for text in read_texts(added)[0]}
        named = {pack: at for pack, at in named.items() if pack not in own}
    return named


def _judge(gathered: _Gathered, onlooker: Onlooker) -> Judged:
    request, inputs, plan = gathered.request, gathered.inputs, gathered.plan
    as_of = request.as_of or newest(inputs.loaded)
    choice = choose(inputs.loaded, as_of)
    covering = Coverage.of(gathered.organisation.population, as_of, choice.judged)
    chosen = [one for one in choice.judged if one.snapshot.auditee not in covering.excluded]
    errors = [*gathered.errors, *choice.conflicts]
    engine = choose_engine(
        request.engine,
        plan,
        cross_check=request.cross_check,
        keeps_passes=request.keeps_passes,
    )
    with onlooker.part("preparing the snapshots"):
        results = _results(gathered, chosen, as_of, engine, onlooker)
    places: dict[str, PlaceIndex] = {
        one.snapshot.auditee: AttestedPlaces(
            one.places, filed_for(one.snapshot, inputs.attestations)
        )
        for one in chosen
    }
    pairs = list(zip(chosen, results, strict=False))
    with onlooker.part("preparing the portfolio"):
        portfolio = _portfolio(gathered, pairs, as_of, engine, errors, onlooker=onlooker)
    documents = [*results, *([portfolio.result] if portfolio else ())]
    if portfolio is not None:
        places[portfolio.result.auditee] = portfolio.places
    unread = {name for name, _ in inputs.errors} - {one.name for one in inputs.loaded}
    unread -= inputs.beside
    lost = sorted({*unread, *(auditee for auditee, _ in choice.conflicts)})
    organisation = gathered.organisation
    profile = organisation.profile
    with onlooker.part("reading the catalogues"):
        catalogues = _catalogues(request)
    late = list(late_records(chosen))
    run = assemble(
        policies=plan.summaries if plan else (),
        results=documents,
        as_of=as_of.text if as_of else NO_INSTANT,
        period=shown_period(request.period, as_of),
        engine=engine.shown,
        population=covering.populated(results, lost),
        only=request.choice.ids,
        profile=None
        if profile is None
        else RunProfile(profile.profile.id, profile.profile.version, profile.digest),
        relaxed=relaxed(plan.summaries if plan else (), profile.profile if profile else None),
        problems=problems_of(errors),
        catalogues=catalogues,
        not_used=[
            *choice.not_used,
            *late,
            *covering.not_used,
            *(NotUsed(name, reason) for name, reason in _passed_over(gathered)),
            *unused_attestations(
                inputs.attestations, [one.snapshot for one in chosen], plan, results
            ),
        ],
    )
    said = [error for _, error in errors]
    if not errors and (nothing := _nothing(gathered)) is not None:
        said.append(nothing)
    files = (*organisation.files, *inputs.files)
    found = RunPlaces(places, Excerpts(files))
    packs = tuple(sorted({summary.pack for summary in plan.summaries})) if plan else ()
    notes = (*inputs.notes, *(f"{one.name}: {one.reason}" for one in late))
    return Judged(run, found, tuple(said), notes, files, organisation=organisation, packs=packs)


def _catalogues(request: Request) -> Sequence[Catalogue]:
    """Read what is told of controls; a catalogue that cannot be read is told by `policy lint`, and judges nothing."""
    if not request.tells_controls:
        return ()
    # Of one framework the first catalogue counts: an organisation's own before the one that comes along.
    return read_catalogues([*policy_folders(request), packaged_folder()]).catalogues


def _passed_over(gathered: _Gathered) -> Iterator[tuple[str, str]]:
    yield from gathered.inputs.passed_over
    audits = gathered.organisation.audits
    yield from audits.passed_over if audits is not None else ()


def _results(
    gathered: _Gathered,
    chosen: Sequence[Loaded],
    as_of: AsOf | None,
    engine: Engine,
    onlooker: Onlooker,
) -> list[ResultDocument]:
    plan, period = gathered.plan, gathered.request.period
    if plan is None or as_of is None:
        return []
    attested = [filed.record for filed in gathered.inputs.attestations]
    results = []
    for one in onlooker.progress(chosen, "judging snapshots", total=len(chosen)):
        calendar = one.snapshot.calendar
        instants = Instants(as_of.within(calendar), period.within(calendar) if period else None)
        results.append(
            judge(
                plan,
                one.snapshot,
                instants,
                attested,
                name=one.name,
                evaluator=engine.evaluator,
                fast=engine.fast,
                lists=engine.lists,
                explains_passes=engine.lists is None,
                timed=onlooker.timed,
            )
        )
    return results


def _portfolio(
    gathered: _Gathered,
    audited: list[tuple[Loaded, ResultDocument]],
    as_of: AsOf | None,
    engine: Engine,
    errors: list[tuple[str, AuditorError]],
    *,
    onlooker: Onlooker,
) -> JudgedPortfolio | None:
    """Judge the portfolio in a second pass; a population that cannot be one is added to *errors*."""
    plan, organisation = gathered.plan, gathered.organisation
    if plan is None or as_of is None:
        return None
    if organisation.population is None and all(
        one.snapshot.captured_at >= as_of.within(one.snapshot.calendar) for one, _ in audited
    ):
        return None  # nobody has said what the portfolio is, and no snapshot is old
    try:
        return judge_portfolio(
            plan,
            audited,
            model=gathered.models[PORTFOLIO],
            as_of=as_of,
            period=gathered.request.period,
            population=organisation.population,
            audits=organisation.audits,
            attestations=[filed.record for filed in gathered.inputs.attestations],
            name=organisation.population_name or PORTFOLIO,
            engine=engine,
            timed=onlooker.timed,
        )
    except EngineDifference:
        raise  # a fault of ours, not of the population
    except AuditorError as error:
        errors.append((organisation.population_name, error))
        return None


def _nothing(gathered: _Gathered) -> NothingToAudit | None:
    """Say why there is nothing to judge, where nothing is broken."""
    if gathered.plan is None:
        hint = "name a folder of policies with --policies"
        return NothingToAudit("no policy was found", hint=hint)
    return None if gathered.inputs.loaded else no_snapshot(gathered.request.paths)


def problems_of(errors: Iterable[tuple[str, AuditorError]]) -> list[InputProblem]:
    """Return what a report says about inputs that could not be read; the same fault once."""
    found: dict[InputProblem, None] = {}
    for name, error in errors:
        for one in error.errors if isinstance(error, ErrorGroup) else (error,):
            found[InputProblem(name, one.slug, one.message, one.location, one.hint)] = None
    return list(found)


def _file_of(error: AuditorError) -> str:
    """Return the file that a problem with the policies or with ``auditor.yaml`` is about."""
    one = error.errors[0] if isinstance(error, ErrorGroup) else error
    return one.location.path if one.location else "policies"
