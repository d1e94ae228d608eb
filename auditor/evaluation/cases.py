"""
Does a policy do what its cases say?

A case runs one policy on one changed snapshot through the same judge as an audit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditor.documents.canonical import canonical
from auditor.documents.pointer import remove_at, set_at
from auditor.evaluation.attestations import ENTITY
from auditor.evaluation.exact import Evaluator
from auditor.evaluation.judge import Instants, judge
from auditor.facts.instants import parse_instant
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup
from auditor.model.outcome import Outcome
from auditor.sources.attestations import SEVERAL, parse_attestations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditor.evaluation.policy_judge import MakeEvaluator
    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.language.cases import Case, Expectation
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to."""

    case: Case
    differences: tuple[str, ...]
    """Each expectation that was not met, in words; none for a case that passes."""
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True, eq=False)
class PreparedCase:
    """A case with its snapshot read: it can be judged by one version of its policy after the other."""

    case: Case
    snapshot: Snapshot
    instants: Instants
    attestations: tuple[Attestation, ...]


def prepare_case(
    case: Case,
    base: Any,  # noqa: ANN401 - any snapshot
    models: SnapshotModels,
) -> PreparedCase:
    """
    Change the snapshot as a case says, and read it.

    Args:
        case: The case.
        base: The base snapshot, as plain data; it is not changed.
        models: Read snapshots.

    Raises:
        ErrorGroup: The changed snapshot or an attestation breaks its schema, or a change names no place.
        ConfigError: An instant of the case is none.
    """
    document, attestations = _changed(case, base)
    snapshot = models.read(document)
    calendar = snapshot.calendar
    as_of = _instant(case.as_of, case, calendar.day_end) if case.as_of else snapshot.captured_at
    period = None
    if case.period is not None:
        first, last = case.period
        period = (
            _instant(first, case, calendar.day_start),
            _instant(last, case, calendar.day_end),
        )
    return PreparedCase(case, snapshot, Instants(as_of, period), attestations)


def judge_case(
    prepared: PreparedCase, plan: Plan, *, evaluator: MakeEvaluator = Evaluator
) -> CaseResult:
    """
    Judge a case, and hold what came out against what it expects.

    Args:
        prepared: The case.
        plan: A plan with the one policy, compiled with the case's parameters.
        evaluator: Makes what evaluates the expressions of one subject.
    """
    case = prepared.case
    result = judge(
        plan,
        prepared.snapshot,
        prepared.instants,
        prepared.attestations,
        name=case.name,
        evaluator=evaluator,
    )
    differences = [
        difference
        for expectation in case.expect
        for difference in _differences(expectation, result.verdicts)
    ]
    return CaseResult(case, tuple(differences), result.verdicts)


def _instant(text: str, case: Case, bound: Callable[[dt.date], dt.datetime]) -> dt.datetime:
    """Read an instant of a case; a bare day stands for its first or last instant where the auditee is."""
    try:
        found = parse_instant(text)
    except ValueError as error:
        message = f"'{text}' is no instant: {error}"
        hint = "write a day or an RFC 3339 instant"
        raise ConfigError(message, hint=hint, location=case.location, slug="config-cases") from None
    return found if isinstance(found, dt.datetime) else bound(found)


def _changed(case: Case, base: Any) -> tuple[Any, tuple[Attestation, ...]]:  # noqa: ANN401 - any snapshot
    """Return the snapshot and the attestations of a case; in its pointers the two are one document."""
    document = {**base, ENTITY: list(case.attestations)} if isinstance(base, dict) else base
    try:
        for pointer, value in case.changes:
            document = set_at(document, pointer, value)
        for pointer in case.removals:
            document = remove_at(document, pointer)
    except (LookupError, ValueError) as error:
        problem: AuditorError = ConfigError(
            f"the case changes something that is not there: {error}",
            hint="write a JSON Pointer into the base snapshot, e.g. /blockers/0/raised_at",
            location=case.location,
            slug="config-cases",
        )
        raise ErrorGroup([problem]) from error
    if not isinstance(document, dict):
        return document, ()
    records = document.get(ENTITY, [])
    snapshot = {key: value for key, value in document.items() if key != ENTITY}
    return snapshot, _attestations(records, case)


def _attestations(records: Any, case: Case) -> tuple[Attestation, ...]:  # noqa: ANN401 - any value
    """Read the attestations of a case; they have no file of their own, so their place is the case's."""
    if not records:
        return ()
    try:
        filed = parse_attestations(canonical({SEVERAL: records}), path=case.location.path)
    except AuditorError as error:
        for one in error.errors if isinstance(error, ErrorGroup) else (error,):
            one.location, one.excerpt = case.location, None
        raise
    return tuple(replace(one.record, place=case.location) for one in filed)


def _differences(expected: Expectation, verdicts: Sequence[Verdict]) -> list[str]:
    found = [v for v in verdicts if expected.subject in {None, v.subject}]
    if not found:
        subjects = ", ".join(verdict.subject for verdict in verdicts)
        return [f"no verdict on '{expected.subject}'; there are verdicts on {subjects}"]
    if len(found) > 1:
        subjects = ", ".join(verdict.subject for verdict in found)
        return [f"the case must say which subject it means: {subjects}"]
    verdict = found[0]
    differences = []
    if verdict.outcome is not expected.outcome:
        differences.append(
            f"expected {expected.outcome} for '{verdict.subject}', got {verdict.outcome}: "
            f"{verdict.message}"
        )
    differences.extend(_clause_differences(expected, verdict))
    text = " ".join(
        [verdict.message, *(c.message for c in verdict.clauses if c.outcome is not Outcome.PASS)]
    )
    differences.extend(
        f"the message does not say '{word}': {verdict.message}"
        for word in expected.says
        if word not in text
    )
    named = {fact.pointer for fact in (*verdict.facts, *verdict.missing)}
    differences.extend(
        f"{pointer} is not among the facts: {', '.join(sorted(named)) or 'none'}"
        for pointer in expected.witness
        if pointer not in named
    )
    if expected.reason is not None and verdict.reason != expected.reason:
        differences.append(f"expected the reason '{expected.reason}', got '{verdict.reason}'")
    return differences


def _clause_differences(expected: Expectation, verdict: Verdict) -> list[str]:
    if expected.clause is None:
        return []
    for clause in verdict.clauses:
        if clause.clause == expected.clause:
            if clause.outcome is expected.outcome:
                return []
            return [f"clause {clause.clause} is {clause.outcome}, not {expected.outcome}"]
    return [f"there is no clause {expected.clause}"]
