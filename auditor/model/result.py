"""
One auditee's verdicts under one plan: the unit of evaluation, caching, storage and proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from auditor.model.explanation import Because, Step, Turn
    from auditor.model.verdict import Attested, ClauseVerdict, Fact, Verdict

RESULT_SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ResultDocument:
    """What a plan says of one snapshot."""

    auditee: str
    auditee_name: str
    target: str
    snapshot_digest: str
    """``sha256:`` of the canonical form of the snapshot."""
    snapshot_name: str
    """File or folder, as the user would type it from the place the run was started in."""
    captured_at: str
    judged_at: str
    """The earlier of ``as_of`` and ``captured_at``, in the auditee's zone."""
    time_zone: str
    verdicts: tuple[Verdict, ...]
    """In policy order, then in the order of the subjects in the snapshot."""
    out_of_period: tuple[tuple[str, int], ...] = ()
    """Per policy, how many subjects were not judged because they lie outside the period."""
    uncut: tuple[str, ...] = ()
    """Fields that have no history and could not be set back to the judged instant."""

    def to_tree(self) -> dict[str, Any]:
        """
        Return the document as JSON data, ready for its canonical form.

        Passes are kept whole here: the exact evaluator has their witness anyway.
        """
        return {
            "schema": {"name": "result", "version": RESULT_SCHEMA_VERSION},
            "auditee": {"id": self.auditee, "name": self.auditee_name, "target": self.target},
            "snapshot": {
                "digest": self.snapshot_digest,
                "name": self.snapshot_name,
                "captured_at": self.captured_at,
                "judged_at": self.judged_at,
                "time_zone": self.time_zone,
                "uncut": list(self.uncut),
            },
            "out_of_period": dict(self.out_of_period),
            "verdicts": [verdict_tree(verdict) for verdict in self.verdicts],
        }

    def counts(self) -> dict[Outcome, int]:
        """Count the verdicts by outcome; every outcome has an entry."""
        counts = dict.fromkeys(Outcome, 0)
        for verdict in self.verdicts:
            counts[verdict.outcome] += 1
        return counts

    def attested(self) -> int:
        """Count the passes that rest on a person's word; they are among the passes of `counts`."""
        return sum(verdict.attested is not None for verdict in self.verdicts)


def verdict_tree(verdict: Verdict) -> dict[str, Any]:
    """Return one verdict as JSON data, as it stands in a result document."""
    return {
        "policy": verdict.policy,
        "subject": verdict.subject,
        "subject_name": verdict.subject_name,
        "outcome": verdict.outcome.value,
        "message": verdict.message,
        "reason": verdict.reason,
        "at": verdict.at,
        "due_at": verdict.due_at,
        "owner": verdict.owner,
        "clauses": [_clause_tree(clause) for clause in verdict.clauses],
        "witness": [_fact_tree(fact) for fact in verdict.facts],
        "missing": [_fact_tree(fact) for fact in verdict.missing],
        "grade": verdict.grade.value if verdict.grade else None,
        "attested": _attested_tree(verdict.attested),
        "because": _because_tree(verdict.because),
    }


def _attested_tree(attested: Attested | None) -> dict[str, Any] | None:
    if attested is None:
        return None
    return {
        "by": attested.by,
        "role": attested.role,
        "at": attested.at,
        "until": attested.until,
    }


def _clause_tree(clause: ClauseVerdict) -> dict[str, Any]:
    return {
        "clause": clause.clause,
        "outcome": clause.outcome.value,
        "message": clause.message,
        "vacuous": clause.vacuous,
        "failing": list(clause.failing),
        "witness": [fact.pointer for fact in clause.facts],
        "because": _because_tree(clause.because),
    }


def _because_tree(because: Because | None) -> dict[str, Any] | None:
    if because is None:
        return None
    return {
        "sentence": because.sentence,
        "has_margin": because.has_margin,
        "steps": [_step_tree(step) for step in because.steps],
        "turns": [[_turn_tree(turn) for turn in way] for way in because.turns],
    }


def _step_tree(step: Step) -> dict[str, Any]:
    return {
        "came": step.came.value,
        "text": step.text,
        "says": step.says,
        "place": str(step.place) if step.place is not None else None,
        "facts": list(step.facts),
        "steps": [_step_tree(below) for below in step.steps],
    }


def _turn_tree(turn: Turn) -> dict[str, Any]:
    return {
        "what": turn.what,
        "wanted": turn.wanted,
        "pointer": turn.pointer or None,
        "boundary": {"value": turn.boundary} if turn.has_boundary else None,
    }


def _fact_tree(fact: Fact) -> dict[str, Any]:
    return {
        "pointer": fact.pointer,
        "state": fact.state,
        "shown": fact.shown,
        "reason": fact.reason,
        "grade": fact.grade.value if fact.grade else None,
        "source": fact.source,
    }
