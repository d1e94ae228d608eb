"""
Does a policy do what its cases say?

A case runs one policy on one changed snapshot through the same judge as an audit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.evaluation.case_changes import change
from auditor.evaluation.exact import Evaluator
from auditor.evaluation.judge import Instants, judge
from auditor.facts.instants import parse_instant
from auditor.model.errors import ConfigError
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditor.evaluation.policy_judge import MakeEvaluator
    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.language.cases import Case, Expectation
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.location import Location
    from auditor.model.tailoring import Written
    from auditor.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that was not met."""

    differences: tuple[str, ...]
    """In words."""
    expected: Expectation | None = None
    """None for a case that could not be judged at all."""
    found: tuple[Verdict, ...] = ()
    """The verdict that it is about; where it is about none of them, or says too little, all that came out."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to."""

    case: Case
    unmet: tuple[Unmet, ...]
    """None for a case that passes."""
    verdicts: tuple[Verdict, ...] = ()
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where the facts of what was not met are written; empty where nobody looked into the files."""

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.unmet

    @property
    def differences(self) -> tuple[str, ...]:
        """What is not as expected, in words."""
        return tuple(text for one in self.unmet for text in one.differences)


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
    changed = change(case, base)
    snapshot = models.read(changed.snapshot)
    calendar = snapshot.calendar
    as_of = snapshot.captured_at
    if case.as_of is not None:
        as_of = _instant(case.as_of, case.at("as_of"), calendar.day_end)
    period = None
    if case.period is not None:
        first, last = case.period
        period = (
            _instant(first, case.at("period", "from"), calendar.day_start),
            _instant(last, case.at("period", "to"), calendar.day_end),
        )
    return PreparedCase(case, snapshot, Instants(as_of, period), changed.attestations)


def judge_case(
    prepared: PreparedCase,
    plan: Plan,
    *,
    evaluator: MakeEvaluator = Evaluator,
    explains: bool = True,
) -> CaseResult:
    """
    Judge a case, and hold what came out against what it expects.

    Args:
        prepared: The case.
        plan: A plan with the one policy, compiled with the case's parameters.
        evaluator: Makes what evaluates the expressions of one subject.
        explains: Say why the verdicts are what they are; no expectation rests on it.
    """
    unmet, verdicts = _held(prepared, plan, evaluator, explains=explains)
    if explains and any(verdict.outcome is Outcome.PASS for one in unmet for verdict in one.found):
        # Somebody asks now why it passed, which nobody wants to know of the others.
        unmet, verdicts = _held(prepared, plan, evaluator, explains_passes=True)
    return CaseResult(prepared.case, unmet, verdicts)


def _held(
    prepared: PreparedCase,
    plan: Plan,
    evaluator: MakeEvaluator,
    *,
    explains: bool = True,
    explains_passes: bool = False,
) -> tuple[tuple[Unmet, ...], tuple[Verdict, ...]]:
    verdicts = judge(
        plan,
        prepared.snapshot,
        prepared.instants,
        prepared.attestations,
        name=prepared.case.name,
        evaluator=evaluator,
        explains=explains,
        explains_passes=explains_passes,
    ).verdicts
    held = (_against(expected, verdicts) for expected in prepared.case.expect)
    return tuple(one for one in held if one.differences), verdicts


def _instant(text: str, at: Written, bound: Callable[[dt.date], dt.datetime]) -> dt.datetime:
    """Read an instant of a case; a bare day stands for its first or last instant where the auditee is."""
    try:
        found = parse_instant(text)
    except ValueError as error:
        message = f"'{text}' is no instant: {error}"
        raise ConfigError(
            message,
            hint="write a day or an RFC 3339 instant",
            location=at.location,
            excerpt=at.excerpt,
            slug="config-cases",
        ) from None
    return found if isinstance(found, dt.datetime) else bound(found)


def _against(expected: Expectation, verdicts: Sequence[Verdict]) -> Unmet:
    found = [v for v in verdicts if expected.subject in {None, v.subject}]
    if len(found) == 1:
        return Unmet(tuple(_differences(expected, found[0])), expected, (found[0],))
    if not verdicts:
        differences = ("there is no verdict at all",)
    elif not found:
        differences = (f"there is no verdict on '{expected.subject}'",)
    else:
        differences = ("the case must say which subject it means",)
    return Unmet(differences, expected, tuple(verdicts))


def _differences(expected: Expectation, verdict: Verdict) -> list[str]:
    differences = []
    if verdict.outcome is not expected.outcome:
        differences.append(
            f"expected {expected.outcome} for '{verdict.subject}', got {verdict.outcome}"
        )
    differences.extend(_clause_differences(expected, verdict))
    text = " ".join(
        [verdict.message, *(c.message for c in verdict.clauses if c.outcome is not Outcome.PASS)]
    )
    differences.extend(
        f"the message does not say '{word}'" for word in expected.says if word not in text
    )
    named = {fact.pointer for fact in (*verdict.facts, *verdict.missing)}
    differences.extend(
        f"{pointer} is not among the facts: {', '.join(sorted(named)) or 'none'}"
        for pointer in expected.witness
        if pointer not in named
    )
    if expected.reason is not None and verdict.reason != expected.reason:
        got = f"'{verdict.reason}'" if verdict.reason else "none"
        differences.append(f"expected the reason '{expected.reason}', got {got}")
    return differences


def _clause_differences(expected: Expectation, verdict: Verdict) -> list[str]:
    if expected.clause is None:
        return []
    for clause in verdict.clauses:
        if clause.clause == expected.clause:
            if clause.outcome is expected.outcome:
                return []
            return [f"clause {clause.clause} is {clause.outcome}, not {expected.outcome}"]
    known = ", ".join(str(clause.clause) for clause in verdict.clauses) or "none"
    return [f"there is no clause {expected.clause}; the clauses of the verdict: {known}"]
