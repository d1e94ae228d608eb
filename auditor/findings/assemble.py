"""
How the result documents of a run become one `Run`.

Everything is put in an order that does not depend on how it was made: folder order, workers and hash
seeds must not show in a report. A reader could take a control for decided because some verdict of its
policies was a pass: it is decided only when every one of them, over all auditees, was decided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.model.run import Control, Framework, Population, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.model.catalogue import Catalogue
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import InputProblem, NotUsed, RunProfile

_DECIDED: Final = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE})
PORTFOLIO: Final = "portfolio"
"""Target of the document about all auditees, which is none of them."""

_NO_INSTANT: Final = "none"
"""What callers may say instead of an instant; no report may show it as one."""


def assemble(
    *,
    policies: Iterable[PolicySummary],
    results: Iterable[ResultDocument],
    as_of: str | None,
    period: tuple[str, str] | None,
    engine: str,
    population: Population | None = None,
    problems: Iterable[InputProblem] = (),
    not_used: Iterable[NotUsed] = (),
    relaxed: Iterable[str] = (),
    profile: RunProfile | None = None,
    only: Iterable[str] = (),
    catalogue: Iterable[str] = (),
    catalogues: Iterable[Catalogue] = (),
) -> Run:
    """
    Put a run together.

    Args:
        policies: Every policy of the plan, once; those of which nothing was judged are left out.
        results: One document per auditee, in any order.
        as_of: RFC 3339; None or ``none`` where nothing could be judged.
        period: First and last instant, RFC 3339; None or two times ``none`` as for *as_of*.
        engine: ``auditor`` and its version.
        population: Whom the run was to cover; None when it was to cover just the auditees that it found.
        problems: Inputs that could not be read.
        not_used: Snapshots that were left aside, with the reason.
        relaxed: What was relaxed, by whom, in the order to be printed.
        profile: What the run was made with.
        only: The policies that somebody asked for, where not all of their packs were wanted.
        catalogue: Controls that were in scope whether or not a policy serves them.
        catalogues: What tells more of controls than their ids.

    Raises:
        ValueError: Two documents are about one auditee, so that one would count twice.
    """
    by_id = {policy.id: policy for policy in policies}
    documents = tuple(sorted(results, key=lambda result: result.auditee))
    twice = [left.auditee for left, right in pairwise(documents) if left.auditee == right.auditee]
    if twice:
        msg = f"more than one result document for {', '.join(dict.fromkeys(twice))}"
        raise ValueError(msg)
    judged = {document.target for document in documents}
    audited = sum(document.target != PORTFOLIO for document in documents)
    everyone = Population(in_scope=audited, audited=audited)
    known = list(catalogues)
    controls = tuple(_told(control, known) for control in _controls(by_id, documents, catalogue))
    return Run(
        engine=engine,
        as_of=None if as_of == _NO_INSTANT else as_of,
        period=None if period == (_NO_INSTANT, _NO_INSTANT) else period,
        policies=tuple(
            by_id[policy_id]
            for policy_id in sorted(by_id)
            if by_id[policy_id].target in judged or not documents
        ),
        results=documents,
        population=population or everyone,
        controls=controls,
        frameworks=_frameworks(controls, known),
        problems=tuple(sorted(problems, key=_problem_order)),
        not_used=tuple(sorted(not_used, key=lambda other: (other.name, other.reason))),
        relaxed=tuple(relaxed),
        profile=profile,
        only=tuple(sorted(set(only))),
    )


def _controls(
    policies: Mapping[str, PolicySummary],
    documents: Sequence[ResultDocument],
    catalogue: Iterable[str],
) -> tuple[Control, ...]:
    outcomes: defaultdict[str, set[Outcome]] = defaultdict(set)
    attested: set[str] = set()
    for document in documents:
        for verdict in document.verdicts:
            for control in policies[verdict.policy].controls:
                outcomes[control].add(verdict.outcome)
                if verdict.attested is not None:
                    attested.add(control)
    targets = {document.target for document in documents}
    served: set[str] = set()
    idle: set[str] = set()
    for policy in policies.values():
        (served if policy.target in targets or not documents else idle).update(policy.controls)
    return tuple(
        Control(
            control,
            _state(outcomes[control], is_attested=control in attested)
            if control in served
            else ("no_auditee" if control in idle else "not_covered"),
        )
        for control in sorted(served.union(idle, catalogue))
    )


def _told(control: Control, catalogues: Iterable[Catalogue]) -> Control:
    """Return *control* with what its catalogue says of it."""
    for one in catalogues:
        for known in one.controls:
            if known.id == control.id:
                return replace(
                    control,
                    framework=one.framework,
                    area=known.area,
                    stage=known.stage,
                    rule=known.rule,
                )
    return control


def _frameworks(
    controls: Iterable[Control], catalogues: Iterable[Catalogue]
) -> tuple[Framework, ...]:
    used = {control.framework for control in controls}
    found = {one.framework: one for one in catalogues if one.framework in used}
    return tuple(Framework(name, found[name].version, found[name].date) for name in sorted(found))


def _state(outcomes: set[Outcome], *, is_attested: bool) -> str:
    decided = outcomes & _DECIDED
    if not decided:
        return "undecided"
    if decided != outcomes:
        return "part"
    return "attested" if is_attested else "decided"


def _problem_order(problem: InputProblem) -> tuple[str, int, int, str, str]:
    place = problem.location
    if place is None:
        return problem.name, 0, 0, problem.slug, problem.message
    return place.path, place.line, place.column, problem.slug, problem.message
