"""
Which attestation is in force at the judged instant, and why none is.

A record says who vouches; whether that person may is asked of the register of roles. The last word of
those who may counts: a word that somebody else gives later cannot take it away, and an older one that
still runs does not come back when the last one has expired.

Source: LANGUAGE.md, section 2, rule 9; conventions C2, C9, C10 and C11.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.evaluation.equality import merge
from auditor.evaluation.exact import Evaluator
from auditor.evaluation.shapes import plain
from auditor.facts.gaps import UNOBSERVED
from auditor.facts.types import DYN, STRING, TIMESTAMP, ScalarType
from auditor.language import intervals
from auditor.language.attestation import ATTESTATION
from auditor.language.values import (
    TIMESTAMP_MAX_NS,
    Cause,
    EvaluationFailure,
    Failure,
    Record,
    Timestamp,
    Undecided,
    Unknown,
)
from auditor.model.verdict import Attested

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.wording import Wording
    from auditor.facts.snapshot import Snapshot
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.intervals import Instant
    from auditor.language.registry import Context, Functions
    from auditor.language.values import Span, Value
    from auditor.model.attestation import Attestation

ENTITY: Final = "attestations"
"""First step of the pointers of attestations, beside the top-level keys of the snapshot."""

ATTESTED: Final = "attested"
"""How a fact of an attestation was obtained."""

_HELD: Final = (
    "role_assignments.exists(r, r.party == by && r.role == role"
    " && r.from.begins().by(at) && !r.to.ends().before(at))"
    " && !parties.exists(p, p.id == by && p.kind != 'person')"
)
"""Whether somebody held a role on the local day of an instant; a team never vouches. Source: C11."""

_REGISTERS: Final = frozenset({"role_assignments", "parties"})
_PARTY: Final = ScalarType("string", ref="parties")
_IN_TIME: Final = "timely(attestation, attestation.at, span('5 working days'))"
"""Source: C10."""

_END: Final = Timestamp(TIMESTAMP_MAX_NS)


@dataclass(frozen=True, slots=True)
class InForce:
    """An attestation that is in force."""

    record: Record
    """The variable ``attestation``."""
    attested: Attested
    facts: tuple[str, ...]
    """What says that it is: of the record, and of the register of roles."""
    late: Unknown | None = None
    """Why it was perhaps not written down in time, so that it cannot make a verdict green."""


@dataclass(frozen=True, slots=True)
class NotInForce:
    """Why none is."""

    slug: str
    why: str
    """A clause for a sentence, e.g. ``that of Dana Weiss expired on 2026-03-31``."""
    facts: tuple[str, ...] = ()
    record: str = ""
    """Pointer of the one that came nearest; empty where there is none."""
    unknown: Unknown | None = None
    """What would tell, where it cannot be told."""


Standing = InForce | NotInForce


@dataclass(frozen=True, slots=True)
class _Role:
    """Which role the register gives somebody: None for none, `Unknown` where it does not tell."""

    held: str | Unknown | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    """A record with its place among those of the auditee."""

    record: Attestation
    pointer: str
    at: Instant

    @property
    def first(self) -> Timestamp:
        return intervals.bounds(self.at)[0]

    @property
    def last(self) -> Timestamp:
        return intervals.bounds(self.at)[1]

    def says(self) -> tuple[object, ...]:
        """Return what is said; who says it, and when, is not part of that."""
        return self.record.statement, self.record.documents, self.record.expires_on

    def facts(self, *fields: str) -> tuple[str, ...]:
        return tuple(f"{self.pointer}/{field}" for field in fields)


def auditee_ids(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the id of the auditee and those by which it was known before."""
    return (snapshot.auditee, *snapshot.document["snapshot"].get("formerly", ()))


def attestations_of(
    ids: Iterable[str], attestations: Iterable[Attestation]
) -> tuple[Attestation, ...]:
    """
    Return the attestations of one auditee, in the order given.

    The position of each is its number in pointers: ``/attestations/0/by``.

    Args:
        ids: Of the auditee, former ones included.
        attestations: Of any auditees.
    """
    known = set(ids)
    return tuple(one for one in attestations if one.auditee in known)


class Attestations:
    """
    The attestations of one auditee at the judged instant.

    Args:
        ids: Of the auditee, former ones included.
        records: As `attestations_of` returns them.
        functions: What expressions may call.
        lift: Turns facts into values.
        joins: Shared by all evaluations over the snapshot.
        context: Calendar, judged instant and root.
        wording: Names people and instants.
    """

    def __init__(
        self,
        ids: Iterable[str],
        records: Sequence[Attestation],
        *,
        functions: Functions,
        lift: Lift,
        joins: Joins,
        context: Context,
        wording: Wording,
    ) -> None:
        self._ids = frozenset(ids)
        self._functions = functions
        self._lift = lift
        self._joins = joins
        self._context = context
        self._wording = wording
        self._checked: tuple[CheckedExpr, CheckedExpr] | None = None
        self.shown: list[dict[str, Any]] = [
            {
                "control": record.control,
                "by": record.by,
                "at": record.at,
                "recorded_at": record.recorded_at,
                "expires_on": record.expires_on,
                "statement": record.statement,
                "documents": [{"id": one.id, "version": one.version} for one in record.documents],
                "prov": {"method": ATTESTED, **_locator(record)},
            }
            for record in records
        ]
        """The records as data, by their numbers: what the witness of a verdict finds at their pointers."""
        self._words: dict[tuple[str, str | None], list[_Word]] = {}
        """By control and subject; no subject is the auditee as a whole."""
        for number, record in enumerate(records):
            pointer = join(ENTITY, number)
            word = _Word(record, pointer, self._instant(record.at, f"{pointer}/at"))
            subject = None if record.subject in self._ids else record.subject
            self._words.setdefault((record.control, subject), []).append(word)

    def standing(
        self, controls: Iterable[str], subject: str, by: Sequence[str], valid_for: Span
    ) -> Standing:
        """
        Find the attestation that is in force, or say why none is.

        Args:
            controls: Any of which it may be about.
            subject: Key of what is judged; the auditee's id for the whole.
            by: Roles that may vouch, the most fitting one first.
            valid_for: How long a word holds at most.

        Raises:
            BudgetExceeded: The register of roles takes more steps than the language allows.
        """
        about = None if subject in self._ids else subject
        words = [
            word
            for control in sorted(set(controls))
            for word in self._words.get((control, about), ())
        ]
        if not words:
            return NotInForce("not_attested", "none was given")
        given = [word for word in words if word.first <= self._context.as_of]
        if not given:
            return self._not_yet(min(words, key=lambda word: word.first))
        given.sort(key=lambda word: word.last, reverse=True)
        # One for all: what they take together counts against one budget.
        evaluator = Evaluator(self._functions, self._lift, self._context, joins=self._joins)
        holders: list[tuple[_Word, _Role]] = []
        for word in given:
            if holders and word.last < holders[0][0].first:
                break  # what is older than the last word does not matter
            role = self._role(evaluator, word, by)
            if role.held is not None:
                holders.append((word, role))
        if not holders:
            return self._without_role(given[0], by)
        return self._last(evaluator, holders, valid_for)

    def _last(
        self, evaluator: Evaluator, holders: Sequence[tuple[_Word, _Role]], valid_for: Span
    ) -> Standing:
        """Choose among the words that are all the last ones, or may be: they must say the same."""
        certain = [holder for holder in holders if isinstance(holder[1].held, str)]
        if len({word.says() for word, _ in certain}) > 1:
            return self._differ([word for word, _ in certain])
        # Of those that say the same the one that was written down first, whatever its file is called.
        word, role = min(certain or holders, key=lambda holder: self._recorded(holder[0]))
        unknown = role.held if isinstance(role.held, Unknown) else Unknown(frozenset())
        if len({word.says() for word, _ in holders}) > 1:
            unknown = merge(*(found.held for _, found in holders))
        if word.last > self._context.as_of:
            precision = Cause(f"{word.pointer}/at", "day_precision")
            unknown = merge(unknown, Unknown(frozenset({precision})))
        if unknown.causes:
            return self._untold(word, unknown)
        return self._until(evaluator, word, role, valid_for)

    def _recorded(self, word: _Word) -> tuple[Timestamp, str]:
        recorded = self._instant(word.record.recorded_at, "")
        return intervals.bounds(recorded)[0], word.record.by

    def _until(self, evaluator: Evaluator, word: _Word, role: _Role, valid_for: Span) -> Standing:
        """Tell whether the last word of those who may vouch still holds."""
        calendar = self._context.calendar
        ends: list[Instant] = []
        with suppress(EvaluationFailure):  # so long that no calendar has the last day
            ends.append(intervals.add(word.at, valid_for, calendar))
        if word.record.expires_on is not None:
            ends.append(Timestamp.of(calendar.day_end(word.record.expires_on)))
        unknown: list[Unknown] = []
        for one in sorted(ends, key=lambda end: intervals.bounds(end)[0]):
            try:
                if not intervals.is_by(self._context.as_of, one):
                    return self._expired(word, intervals.bounds(one)[1])
            except Undecided as undecided:
                unknown.append(Unknown(undecided.causes))
        if unknown:
            return self._untold(word, merge(*unknown))
        end = min((intervals.bounds(one)[0] for one in ends), default=_END)
        return self._in_force(evaluator, word, role, end)

    def _in_force(self, evaluator: Evaluator, word: _Word, role: _Role, end: Timestamp) -> InForce:
        number = int(word.pointer.rpartition("/")[2])
        data = {**self.shown[number], "role": role.held, "expires_at": end.to_datetime()}
        self.shown[number] = data  # what a clause reads of it is shown right after
        record = Record(data, ATTESTATION, word.pointer)
        _, timely = self._expressions()
        recorded = data["recorded_at"]
        if intervals.bounds(self._instant(recorded, ""))[0] > self._context.as_of:
            data = {**data, "recorded_at": None}  # nobody had written it down yet
        dated = {"attestation": Record(data, ATTESTATION, word.pointer)}
        value = self._evaluate(evaluator, timely, dated)[0]
        at = word.record.at
        return InForce(
            record,
            Attested(
                by=self._wording.show(word.record.by),
                role=str(role.held),
                at=self._wording.rfc3339(at) if isinstance(at, dt.datetime) else at.isoformat(),
                until=self._wording.rfc3339(end.to_datetime()),
            ),
            (*word.facts("by", "at", "expires_on"), *role.facts),
            value if isinstance(value, Unknown) else None,
        )

    # ----- why none is in force

    def _not_yet(self, word: _Word) -> NotInForce:
        why = f"that of {self._who(word)} is dated {self._when(word)}, after the judged instant"
        return NotInForce("attestation_not_yet", why, word.facts("by", "at"), word.pointer)

    def _without_role(self, word: _Word, by: Sequence[str]) -> NotInForce:
        who, when = self._who(word), self._when(word)
        why = f"{who}, who gave one on {when}, did not hold {' or '.join(by)} that day"
        return NotInForce("attestation_without_role", why, word.facts("by", "at"), word.pointer)

    def _expired(self, word: _Word, end: Timestamp) -> NotInForce:
        day = self._context.calendar.local_day(end.to_datetime())
        why = f"that of {self._who(word)} expired on {day.isoformat()}"
        facts = word.facts("by", "at", "expires_on")
        return NotInForce("attestation_expired", why, facts, word.pointer)

    def _differ(self, words: Sequence[_Word]) -> NotInForce:
        why = f"{len(words)} that differ were given at the same time, {self._when(words[0])}"
        facts = tuple(fact for word in words for fact in word.facts("by", "at"))
        return NotInForce("attestations_differ", why, facts, words[0].pointer)

    def _untold(self, word: _Word, unknown: Unknown) -> NotInForce:
        why = f"it cannot be told whether the attestation of {self._who(word)} counts"
        return NotInForce("unobserved", why, word.facts("by", "at"), word.pointer, unknown)

    def _who(self, word: _Word) -> str:
        return self._wording.show(word.record.by)

    def _when(self, word: _Word) -> str:
        return self._wording.show(word.at)

    # ----- the facts of the snapshot

    def _role(self, evaluator: Evaluator, word: _Word, by: Sequence[str]) -> _Role:
        """Tell which of the roles the person held; the first that is certain."""
        held, _ = self._expressions()
        unknown: list[Unknown] = []
        for role in by:
            names = {"by": word.record.by, "role": role, "at": word.at}
            value, facts = self._evaluate(evaluator, held, names)
            if value is True:
                return _Role(role, facts)
            if isinstance(value, Failure):
                value = Unknown(frozenset({Cause("", value.message)}))
            if isinstance(value, Unknown):
                unknown.append(value)
        return _Role(merge(*unknown) if unknown else None)

    def _evaluate(
        self, evaluator: Evaluator, checked: CheckedExpr, names: Mapping[str, Value]
    ) -> tuple[Value, tuple[str, ...]]:
        registers = {name: self._register(name) for name in sorted(_REGISTERS)}
        value, trail = evaluator.evaluate(checked, {**registers, **names})
        return plain(value), tuple(dict.fromkeys(trail.facts))

    def _register(self, name: str) -> Value:
        root = self._context.root
        if name in root.type.fields:
            return self._lift.field(root, name)
        return Unknown(frozenset({Cause(join(name), UNOBSERVED)}))  # this kind of snapshot has none

    def _expressions(self) -> tuple[CheckedExpr, CheckedExpr]:
        """Check the conventions against the type of this snapshot, once."""
        if self._checked is None:
            # Few snapshots have attestations, and a kept plan needs neither of them.
            from auditor.language.cel.checker import check  # noqa: PLC0415
            from auditor.language.cel.parser import parse  # noqa: PLC0415

            fields = self._context.root.type.fields
            registers = {name: fields[name].type for name in sorted(_REGISTERS & fields.keys())}
            names = {"by": _PARTY, "role": STRING, "at": TIMESTAMP}
            known = {**dict.fromkeys(_REGISTERS, DYN), **registers}
            held, timely = (
                check(parse(text), variables=variables, functions=self._functions, text=text)
                for text, variables in (
                    (_HELD, {**known, **names}),
                    (_IN_TIME, {"attestation": ATTESTATION}),
                )
            )
            self._checked = held, timely
        return self._checked

    def _instant(self, moment: dt.datetime | dt.date, pointer: str) -> Instant:
        found: Instant = self._lift.value(moment, TIMESTAMP, pointer)
        return found


def _locator(record: Attestation) -> dict[str, str]:
    place = record.place
    return {} if place is None else {"locator": f"{place.path}:{place.line}"}
