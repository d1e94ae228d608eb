"""
One run: a head, and the result documents in auditee order.

Every output format is a pure function of a `Run` and of the places of the facts that it names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from auditor.model.outcome import Outcome
from auditor.model.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.excerpt import Excerpt
    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.standing import FindingKey, GateSummary
    from auditor.model.verdict import Verdict

RUN_SCHEMA_VERSION: Final = 1

NOT_AUDITED: Final = "auditee-not-audited"
"""The policy that judges each member of a population; without it a report says itself who is missing."""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An input that could not be read; the run went on without it."""

    name: str
    slug: str
    message: str
    location: Location | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A snapshot of an auditee for which another one was judged, or an auditee that was left out."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Population:
    """Whom the run was to cover."""

    in_scope: int
    audited: int
    missing: tuple[str, ...] = ()
    excluded: tuple[NotUsed, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """Id of a member, and what people call it."""
    not_listed: tuple[str, ...] = ()
    """Auditees that were judged and are no members."""


@dataclass(frozen=True, slots=True)
class RunProfile:
    """The profile that a run was made with."""

    id: str
    version: str
    digest: str
    """Over its file and all that it names."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a run came to for one control over all auditees."""

    id: str
    state: str
    """``decided``: every verdict of its policies was; ``attested``: and a person vouched for some of them;
    ``part``: some were; ``undecided``: none was; ``no_auditee``: nothing was judged that its policies are
    about; ``not_covered``: no policy serves it."""
    framework: str = ""
    """Id of the framework that demands it; empty, as is all that follows, where no catalogue tells."""
    area: str = ""
    """Pillar, section or principle of the framework."""
    stage: str | None = None
    """Stage of a project's life; None where the framework names none."""
    rule: str = ""
    """What must hold, for a reader."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A text whose controls a run is about."""

    id: str
    version: str
    """Of its catalogue, as is `date`."""
    date: str
    """Calendar day since which this version is in force."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as reports read it."""

    engine: str
    """``auditor`` and its version, and the engine beside it where another one judged, too."""
    as_of: str | None
    """None where nothing could be judged, so that no instant was settled."""
    period: tuple[str, str] | None
    """First and last instant that rules about "the period" speak of; None as for `as_of`."""
    policies: tuple[PolicySummary, ...]
    results: tuple[ResultDocument, ...]
    """Sorted by auditee id."""
    population: Population
    controls: tuple[Control, ...]
    profile: RunProfile | None = None
    only: tuple[str, ...] = ()
    """Ids of the policies that were asked for, where not all of their packs were; such a run audits no pack."""
    problems: tuple[InputProblem, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    relaxed: tuple[str, ...] = ()
    """What was relaxed or changed, by whom, each as one sentence; printed first."""
    frameworks: tuple[Framework, ...] = ()
    """Those of the controls, by id, as far as catalogues tell."""
    gate: GateSummary | None = None
    """What the gate made of the run; None where it was not held against one."""
    standings: Mapping[FindingKey, Standing] = field(default_factory=dict)
    """Where findings stand of which there is more to say than that they are there."""

    def standing(self, auditee: str, verdict: Verdict) -> Standing:
        """Tell where the finding stands that *verdict* on *auditee* is."""
        return self.standings.get((auditee, verdict.policy, verdict.subject), _PLAIN)

    def counts(self) -> dict[Outcome, int]:
        """Count the verdicts by outcome; every outcome has an entry."""
        totals = dict.fromkeys(Outcome, 0)
        for result in self.results:
            for outcome, count in result.counts().items():
                totals[outcome] += count
        return totals

    def untold(self) -> tuple[str, ...]:
        """Return the members that were not audited and have no verdict that says so."""
        told = {
            verdict.subject
            for result in self.results
            for verdict in result.verdicts
            if verdict.policy == NOT_AUDITED
        }
        return tuple(one for one in self.population.missing if one not in told)

    def policy(self, policy_id: str) -> PolicySummary:
        """Return the summary of a policy of this run."""
        return next(policy for policy in self.policies if policy.id == policy_id)

    def head_tree(self, digests: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """
        Return the run head as JSON data.

        Args:
            digests: ``sha256:`` of the canonical form of each result document, and of the findings document
                beside it, in the order of `results`.
        """
        return {
            "schema": {"name": "run", "version": RUN_SCHEMA_VERSION},
            "engine": self.engine,
            "profile": None
            if self.profile is None
            else {
                "id": self.profile.id,
                "version": self.profile.version,
                "digest": self.profile.digest,
            },
            "only": list(self.only),
            "as_of": self.as_of,
            "period": {"from": self.period[0], "to": self.period[1]} if self.period else None,
            "policies": [_policy_tree(policy) for policy in self.policies],
            "population": {
                "in_scope": self.population.in_scope,
                "audited": self.population.audited,
                "missing": list(self.population.missing),
                "excluded": [
                    {"name": left.name, "reason": left.reason} for left in self.population.excluded
                ],
                "not_listed": list(self.population.not_listed),
                "names": dict(self.population.names),
            },
            "frameworks": [
                {"id": one.id, "version": one.version, "date": one.date} for one in self.frameworks
            ],
            "controls": [
                {
                    "id": control.id,
                    "state": control.state,
                    "framework": control.framework,
                    "area": control.area,
                    "stage": control.stage,
                    "rule": control.rule,
                }
                for control in self.controls
            ],
            "gate": _gate_tree(self.gate),
            "totals": {outcome.value: count for outcome, count in self.counts().items()},
            "problems": [
                {
                    "name": problem.name,
                    "slug": problem.slug,
                    "message": problem.message,
                    "location": str(problem.location) if problem.location else None,
                    "hint": problem.hint,
                }
                for problem in self.problems
            ],
            "not_used": [{"name": other.name, "reason": other.reason} for other in self.not_used],
            "relaxed": list(self.relaxed),
            "results": [
                {"auditee": result.auditee, "digest": digest, "findings": findings}
                for result, (digest, findings) in zip(self.results, digests, strict=True)
            ],
        }


_PLAIN: Final = Standing()


class Places(Protocol):
    """Finds facts in the files that they came from."""

    def locate(self, auditee: str, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one; asked once per auditee for all of them."""
        ...

    def excerpt(self, location: Location) -> Excerpt | None:
        """Return the line at a place that `locate` gave, the value in it marked; None where it cannot be shown."""
        ...


def _gate_tree(gate: GateSummary | None) -> dict[str, Any] | None:
    if gate is None:
        return None
    return {
        "code": gate.code,
        "rules": list(gate.rules),
        "reasons": list(gate.reasons),
        "against": gate.against,
        "gone": [
            {
                "auditee": one.auditee,
                "policy": one.policy,
                "subject": one.subject,
                "message": one.message,
                "now": one.now,
            }
            for one in gate.gone
        ],
    }


def _policy_tree(policy: PolicySummary) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "why": policy.why,
        "fix": policy.fix,
        "controls": list(policy.controls),
        "severity": policy.severity.value,
        "pack": policy.pack,
        "target": policy.target,
        "digest": policy.digest,
        "location": str(policy.location),
        "clauses": [
            {"that": clause.that, "location": str(clause.location)} for clause in policy.clauses
        ],
        "params": dict(policy.params),
        "words": policy.words,
        "formerly": list(policy.formerly),
        "changes": [
            {
                "what": change.what,
                "from": change.before,
                "to": change.after,
                "is_relaxing": change.is_relaxing,
                "reason": change.reason,
                "by": change.by,
                "on": change.on,
                "location": str(change.location),
            }
            for change in policy.changes
        ],
    }
