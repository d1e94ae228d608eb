"""
Why one policy says what it says: what `auditor explain` does.

Nothing is worked out anew: the same judging makes the verdicts, so an explanation cannot differ from the
report that it explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.model.errors import ErrorGroup, ExitCode, UsageProblem, did_you_mean
from auditor.model.outcome import Outcome
from auditor.usecases.fact_excerpts import Excerpts
from auditor.usecases.judge_inputs import judge_inputs, with_config
from auditor.usecases.onlooker import Onlooker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.excerpt import Excerpt
    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict
    from auditor.usecases.audience import Audience
    from auditor.usecases.judge_inputs import Judged, Request


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict with everything that it rests on."""

    policy: PolicySummary
    result: ResultDocument
    verdict: Verdict
    places: Mapping[str, Location]
    """Of its facts, by pointer."""
    excerpts: tuple[Excerpt, ...] = ()
    """Lines of its snapshot's files with the facts that decided it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdicts of one policy, and how the explaining ended."""

    verdicts: tuple[Explained, ...]
    code: ExitCode


def explain_verdict(request: Request, subject: str | None, audience: Audience) -> Explanation:
    """
    Judge by one policy and collect what its verdicts rest on.

    Args:
        request: What to judge; its choice names one policy.
        subject: Key of the only subject to explain; None for all.
        audience: Told how far it is, and what is wrong with the inputs.

    Raises:
        UsageProblem: There is no such policy or subject.
        ErrorGroup: Nothing can be explained, because an input is broken.
        NothingToAudit: There is no snapshot.
    """
    judged = judge_inputs(with_config(request), Onlooker(audience.progress))
    explained = tuple(_explained(judged))
    if not explained and judged.errors:
        raise ErrorGroup(judged.errors) if len(judged.errors) > 1 else judged.errors[0]
    audience.errors(judged.errors)
    for note in judged.notes:
        audience.note(note)
    if subject is not None:
        explained = _about(subject, explained)
    if judged.run.problems:
        return Explanation(explained, ExitCode.BAD_INPUT)
    if any(one.verdict.outcome is Outcome.ERROR for one in explained):
        return Explanation(explained, ExitCode.POLICY_BROKE)
    return Explanation(explained, ExitCode.OK if explained else ExitCode.NOTHING)


def _explained(judged: Judged) -> Iterator[Explained]:
    excerpts = Excerpts(judged.files)
    for result in judged.run.results:
        pointers = {pointer for verdict in result.verdicts for pointer in _pointers(verdict)}
        places = judged.places.locate(result.auditee, sorted(pointers)) if pointers else {}
        for verdict in result.verdicts:
            policy = judged.run.policy(verdict.policy)
            yield Explained(policy, result, verdict, places, excerpts.of(verdict, places))


def _pointers(verdict: Verdict) -> Iterator[str]:
    """Yield every fact that an explanation names."""
    for facts in (verdict.facts, verdict.missing, *(clause.facts for clause in verdict.clauses)):
        yield from (fact.pointer for fact in facts)
    for because in (verdict.because, *(clause.because for clause in verdict.clauses)):
        if because is not None:
            yield from because.pointers()
            yield from (turn.pointer for way in because.turns for turn in way if turn.pointer)


def _about(subject: str, explained: tuple[Explained, ...]) -> tuple[Explained, ...]:
    wanted = tuple(
        one for one in explained if subject in {one.verdict.subject, one.verdict.subject_name}
    )
    if not wanted:
        known = {one.verdict.subject for one in explained}
        msg = f"no subject is called '{subject}'"
        raise UsageProblem(msg, hint=did_you_mean(subject, known))
    return wanted
