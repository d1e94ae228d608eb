"""
One policy on one subject: `at`, `when`, `require`, `due`, in this order.

Source: LANGUAGE.md, section 2, rules 3 to 9.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.attestations import NotInForce
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import plain, type_name
from auditor.evaluation.verdicts import Verdicts, waits_on, why_unknown
from auditor.evaluation.witness import weakest
from auditor.language.policy_draft import Empty
from auditor.language.values import Day, Failure, Hollow, Record, Timestamp, Unknown, Value
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome, combine
from auditor.model.verdict import ClauseVerdict, Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.attestations import Standing
    from auditor.evaluation.exact import Evaluator
    from auditor.evaluation.trail import Trail
    from auditor.evaluation.vouching import Vouching
    from auditor.evaluation.witness import Witness
    from auditor.evaluation.wording import Wording
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledClause, CompiledPolicy, Sentence
    from auditor.language.registry import Context
    from auditor.model.verdict import Fact

EMPTY_OUTCOME: Final = {
    Empty.PASS: Outcome.PASS,
    Empty.FAIL: Outcome.FAIL,
    Empty.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    Empty.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_NOTHING: Final = "There is nothing to look at."
_HOLDS: Final = "This holds."
HOLDS: Final = "Everything that is demanded holds."
"""What a pass says."""
_CAME: Final = {
    Outcome.FAIL: Came.FALSE,
    Outcome.INCONCLUSIVE: Came.UNKNOWN,
    Outcome.ERROR: Came.ERROR,
}
"""What a condition came to, by what the verdict or the clause is that comes from it."""
_SHORT: Final = 5
"""Steps in which it is told why a policy does not apply."""
_OPEN: Final = frozenset({Outcome.FAIL, Outcome.INCONCLUSIVE})


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause's verdict, with what made it undecided."""

    verdict: ClauseVerdict
    unknown: Unknown | None = None
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectJudge:
    """Judges one subject by one policy."""

    policy: CompiledPolicy
    names: Mapping[str, Value]
    """Every variable: facts, parameters, subject and ``let`` names."""
    evaluator: Evaluator
    verdicts: Verdicts
    context: Context
    witness: Witness
    wording: Wording
    limits: tuple[dt.datetime, dt.datetime] | None
    """The period that the user set."""
    vouching: Vouching
    standing: Standing | None
    """The attestation that the policy asks for, or why none is in force."""
    explains: bool = True
    """Whether somebody asks why it is what it is."""
    explains_passes: bool = False
    """Whether somebody asks why what holds does hold."""

    def judge(self) -> Verdict | None:
        """
        Return the verdict; None where the subject lies outside the period.

        Raises:
            BudgetExceeded: The policy takes more steps than the language allows.
        """
        at = self._value(self.policy.at) if self.policy.at is not None else None
        if at is not None and not isinstance(at, Timestamp | Day | Unknown | Failure):
            at = Failure("no_overload", f"'at' must be an instant, not a {type_name(at)}")
        if isinstance(at, Failure):
            return self.verdicts.broke(at.slug, at.message)
        inside = self._is_inside(at)
        if inside is False:
            return None
        verdict, part = self._stopped_by_when()
        if verdict is None and isinstance(inside, Unknown):
            verdict = self.verdicts.undecided(inside, "It is not known when this happened.")
        if verdict is None:
            verdict = self._demanded()
        verdict = self._explained(verdict, part)
        return replace(verdict, at=self._shown(at), missing=self._placed(verdict.missing))

    # ----- why

    def _explained(self, verdict: Verdict, stopped_by: str | None) -> Verdict:
        """
        Add why it is what it is, when all that is to be judged has been: explaining decides nothing.

        Args:
            verdict: As it was decided.
            stopped_by: The condition that it comes from; None for the demands.
        """
        if not self.explains or (verdict.outcome is Outcome.PASS and not self.explains_passes):
            return verdict
        if not (verdict.clauses or stopped_by):
            return verdict
        from auditor.evaluation.explaining.explainer import Explainer  # noqa: PLC0415 - passes need none

        explainer = Explainer(
            self.policy, self.evaluator, self.names, self.wording, self.witness.original
        )
        deciding: list[str] = []
        if stopped_by is not None:
            condition = getattr(self.policy, stopped_by)
            expected = _CAME.get(verdict.outcome, Came.FALSE)
            because = explainer.because(condition, stopped_by, expected, _SHORT)
            verdict = replace(verdict, because=because)
            deciding += explainer.pointers
        clauses = []
        for clause in verdict.clauses:
            if clause.outcome is not Outcome.PASS or self.explains_passes:
                that = self.policy.clauses[clause.clause].that
                expected = Came.TRUE if clause.vacuous else _CAME.get(clause.outcome, Came.TRUE)
                because = explainer.because(that, f"require/{clause.clause}", expected)
                if verdict.reason == "not_due" and because is not None:
                    because = replace(because, steps=(), turns=())  # nobody has to act on it yet
                elif clause.outcome is verdict.outcome:
                    deciding += explainer.pointers
                clause = replace(clause, because=because)  # noqa: PLW2901 - the same one, explained
            clauses.append(clause)
        verdict = replace(verdict, clauses=tuple(clauses))
        if not deciding or verdict.grade is Grade.ATTESTED:
            return verdict
        return replace(verdict, grade=weakest(self.witness.facts(deciding)))

    def _placed(self, missing: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Let what a convention leaves open point at the subject's own record: it names no fact."""
        record = self._record()
        if record is None:
            return missing
        return tuple(
            fact if fact.pointer else replace(fact, pointer=self.witness.original(record.pointer))
            for fact in missing
        )

    def _record(self) -> Record | None:
        """Return the subject's record, if it is one of the snapshot's."""
        names = [name for name, _ in self.policy.subjects]
        bound = self.names[names[-1]] if names else None
        record = plain(bound.value if isinstance(bound, Bound) else bound)
        return record if isinstance(record, Record) and record.pointer else None

    def _value(self, checked: CheckedExpr) -> Value:
        return plain(self.evaluator.evaluate(checked, self.names)[0])

    def _is_inside(self, at: Value) -> bool | Unknown:
        """Tell whether the subject's instant lies in the user's period and in the policy's own life."""
        since, until = self.policy.effective
        if isinstance(at, Unknown):
            return at if self.limits is not None or since or until else True
        calendar = self.context.calendar
        moment = at if isinstance(at, Timestamp | Day) else self.context.as_of
        first, last = (moment.first, moment.last) if isinstance(moment, Day) else (moment, moment)
        begins, ends = first.to_datetime(), last.to_datetime()
        if since is not None and ends < calendar.day_start(dt.date.fromisoformat(since)):
            return False
        if until is not None and begins > calendar.day_end(dt.date.fromisoformat(until)):
            return False
        if self.limits is None or not isinstance(at, Timestamp | Day):
            return True
        return ends >= self.limits[0] and begins <= self.limits[1]

    def _stopped_by_when(self) -> tuple[Verdict | None, str | None]:
        """Return the verdict where the policy does not apply, or where that cannot be told, and what says so."""
        stopped = self._stopped_by(
            self.policy.scope, "excluded", "A valid exclusion exempts from it."
        )
        if stopped is not None:
            return stopped, "scope"
        stopped = self._stopped_by(
            self.policy.when, "when_false", "The policy does not apply here."
        )
        return stopped, "when" if stopped is not None else None

    def _stopped_by(
        self, condition: CheckedExpr | None, reason: str, sentence: str
    ) -> Verdict | None:
        if condition is None:
            return None
        value, trail = self.evaluator.evaluate(condition, self.names)
        applies = _truth(plain(value), "'when'")
        if isinstance(applies, Unknown):
            lead = "It cannot be told whether the policy applies."
            return self.verdicts.undecided(applies, lead)
        if isinstance(applies, Failure):
            return self.verdicts.broke(applies.slug, applies.message)
        if applies:
            return None
        facts = self.witness.facts(trail.facts)
        verdict = self.verdicts.plain(Outcome.NOT_APPLICABLE, sentence, reason=reason)
        return replace(verdict, facts=facts, grade=weakest(facts))

    def _demanded(self) -> Verdict:
        verdict = self._vouched()
        if verdict.outcome in _OPEN and self.policy.due is not None:
            verdict = self._with_due(self.policy.due, verdict)
        if verdict.outcome in _OPEN and self.policy.owner is not None:
            owner = self._value(self.policy.owner)
            if owner is not None and not isinstance(owner, Unknown | Failure):
                verdict = replace(verdict, owner=self.wording.show(owner))
        return verdict

    def _vouched(self) -> Verdict:
        """Return what the demands come to, where a person must vouch with the word that is in force."""
        attest, standing = self.policy.attest, self.standing
        if attest is None or standing is None:
            return self._required()
        if isinstance(standing, NotInForce):
            return self.vouching.without(attest, self.verdicts, standing)
        verdict = self._required() if self.policy.clauses else self.verdicts.plain(Outcome.PASS, "")
        return self.vouching.with_word(verdict, self.verdicts, standing)

    def demanded(self) -> Verdict:
        """Return what the demands come to, whatever is not known of their instants or their scope."""
        return self._required()

    # ----- clauses

    def _required(self) -> Verdict:
        clauses = [self._clause(index, c) for index, c in enumerate(self.policy.clauses)]
        outcome = combine(clause.verdict.outcome for clause in clauses)
        deciding = [clause for clause in clauses if clause.verdict.outcome is outcome]
        missing: tuple[Fact, ...] = ()
        if outcome is Outcome.INCONCLUSIVE:
            unknown = [clause.unknown for clause in clauses if clause.unknown is not None]
            missing = self.witness.missing(unknown)
        shown = (
            clauses
            if outcome is Outcome.PASS
            else [c for c in clauses if c.verdict.outcome is not Outcome.PASS]
        )
        facts = tuple(dict.fromkeys(fact for c in shown for fact in c.verdict.facts))
        slug = next((clause.slug for clause in deciding if clause.slug is not None), None)
        message = _message(outcome, [clause.verdict for clause in deciding], missing)
        return replace(
            self.verdicts.plain(outcome, message, reason=slug),
            clauses=tuple(clause.verdict for clause in clauses),
            facts=facts,
            missing=missing,
            grade=weakest(facts),
        )

    def _own(self) -> tuple[Fact, ...]:
        """Return the subject's id: where nothing else has a place, the finding is about the record itself."""
        record = self._record()
        if record is None or "id" not in record.data:
            return ()
        return self.witness.facts([f"{record.pointer}/id"])

    def _clause(self, index: int, clause: CompiledClause) -> _Clause:
        value, trail = self.evaluator.evaluate(clause.that, self.names)
        holds = _truth(plain(value), "a demand")
        facts = self.witness.facts(trail.facts)
        if isinstance(holds, Failure):
            message = f"The policy broke: {holds.message}."
            broke = ClauseVerdict(index, Outcome.ERROR, message, facts=facts)
            return _Clause(broke, slug=holds.slug)
        if isinstance(holds, Unknown):
            message = f"It cannot be decided. {waits_on(self.witness.missing([holds]))}"
            undecided = ClauseVerdict(index, Outcome.INCONCLUSIVE, message, facts=facts)
            return _Clause(undecided, unknown=holds, slug=why_unknown(holds))
        if holds is False:
            failing = tuple(dict.fromkeys(self.wording.show(part) for part in trail.failing))
            if not any("/" in fact.pointer[1:] for fact in facts):
                facts = (*self._own(), *facts)
            say = self._say(clause.say, trail)
            return _Clause(ClauseVerdict(index, Outcome.FAIL, say, failing=failing, facts=facts))
        if isinstance(value, Hollow):
            outcome = EMPTY_OUTCOME[clause.empty or Empty.INCONCLUSIVE]
            # A sentence that fits nothing at all says what is wrong only where that counts as a fail.
            say = self._say(clause.say, trail) if outcome is Outcome.FAIL else _NOTHING
            vacuous = ClauseVerdict(index, outcome, say, vacuous=True, facts=facts)
            return _Clause(vacuous, slug="vacuous")
        return _Clause(ClauseVerdict(index, Outcome.PASS, _HOLDS, facts=facts))

    def _say(self, sentence: Sentence, trail: Trail) -> str:
        """Fill in a sentence; what a hole comes to never changes an outcome."""
        parts = []
        for part in sentence.parts:
            if isinstance(part, str):
                parts.append(part)
            elif part is None:
                parts.append(self.wording.listed(trail.failing) or "none")
            else:
                parts.append(self.wording.show(self._value(part)))
        return " ".join("".join(parts).split())

    # ----- due

    def _with_due(self, due: CheckedExpr, verdict: Verdict) -> Verdict:
        """Turn a verdict that is not yet due into `not_applicable`."""
        until = self._value(due)
        if isinstance(until, Failure):
            return self.verdicts.broke(until.slug, until.message)
        if isinstance(until, Unknown):
            return self.verdicts.undecided(until, "It cannot be told whether it is due.")
        if not isinstance(until, Timestamp | Day):
            return self.verdicts.broke("null_due", "the instant until which it is not due is null")
        first, last = (until.first, until.last) if isinstance(until, Day) else (until, until)
        due_at = self._shown(until)
        if self.context.as_of < first:
            message = f"Not due until {self.wording.show(until)}."
            return replace(
                verdict,
                outcome=Outcome.NOT_APPLICABLE,
                reason="not_due",
                message=message,
                due_at=due_at,
                missing=(),
            )
        if isinstance(until, Day) and self.context.as_of < last:
            unclear = Unknown(frozenset({until.cause}))
            return self.verdicts.undecided(unclear, "It cannot be told whether it is due.")
        return replace(verdict, due_at=due_at)

    def _shown(self, at: Value) -> str | None:
        if isinstance(at, Timestamp):
            return self.wording.moment(at.to_datetime())
        return self.wording.moment(at.date) if isinstance(at, Day) else None


def _truth(value: Value, what: str) -> bool | Unknown | Failure:
    """Return *value*, or the error that it is no truth value: nothing else counts as false."""
    if isinstance(value, bool | Unknown | Failure):
        return value
    return Failure("no_overload", f"{what} must be true or false, not a {type_name(value)}")


def _message(outcome: Outcome, deciding: list[ClauseVerdict], missing: tuple[Fact, ...]) -> str:
    if outcome is Outcome.PASS:
        return HOLDS
    if outcome is Outcome.NOT_APPLICABLE:
        return _NOTHING
    if outcome is Outcome.INCONCLUSIVE:
        nothing = "There is nothing to look at, and the policy does not count that as a pass."
        return f"It cannot be decided. {waits_on(missing)}" if missing else nothing
    return " ".join(dict.fromkeys(clause.message for clause in deciding))
