"""
What do hand-written rules stand on: the facts they are given, and the conventions that several share?

Everything here speaks of facts that are wholly recorded. Where one is missing, is known only to the day or was
written down too late, a rule declines: the missing key is a `KeyError`, the day beside an instant a `TypeError`,
and the rest is said with `Declined`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.gaps import TRUNCATED
from auditor.facts.given import PLACEHOLDERS, given
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.judged_facts import JudgedFacts
    from auditor.facts.calendar import WorkingCalendar
    from auditor.facts.snapshot import Snapshot

Record = dict[str, Any]
Outcomes = list[tuple[str, Outcome]]
"""Subject and outcome of each verdict, in the order of the policy's."""

PASS: Final = Outcome.PASS
FAIL: Final = Outcome.FAIL
NOT_APPLICABLE: Final = Outcome.NOT_APPLICABLE

CLOCKS_DIFFER: Final = timedelta(minutes=5)
WORKING_DAYS_TO_WRITE_DOWN: Final = 5
SURELY_IN_TIME: Final = timedelta(days=4)
"""Less than five working days wherever clocks change, so that most entries need no calendar."""
TRUSTED: Final = frozenset({"api", "export"})
PROOFS: Final = ("document", "evidence", "guideline", "minutes")
"""Fields that name documents."""
DELIVERY: Final = frozenset({"design", "development", "qa", "integration"})
SUPPORT_S: Final = 14_400
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)


class Declined(Exception):
    """A fact is missing, known only to the day, or was written down too late: this is for the exact evaluator."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule is given: the same shaped facts as every other contender."""

    auditee: str
    document: Mapping[str, Any]
    as_of: datetime
    calendar: WorkingCalendar
    is_whole: bool
    """False where a list was cut short."""

    @classmethod
    def of(cls, snapshot: Snapshot, judged: JudgedFacts) -> Facts:
        """Take what a rule needs from a snapshot and its facts at the judged instant."""
        gaps = snapshot.document["snapshot"]["gaps"]
        return cls(
            snapshot.auditee,
            judged.document,
            judged.at,
            snapshot.calendar,
            TRUNCATED not in gaps.values(),
        )


def instant(value: datetime | date) -> datetime:
    """Return *value*, if it is known better than to the day."""
    if isinstance(value, datetime):
        return value
    raise Declined


def started(facts: Facts) -> datetime | None:
    """Return the recorded start of execution."""
    execution = facts.document["project"]["execution"]
    return None if execution is None else execution["started_at"]


def says_something(text: str | None) -> bool:
    """Tell whether a text is neither blank nor a placeholder (C13); plain letters need no look at each."""
    if text is not None and text.isascii() and text.isprintable():
        words = text.strip(" ").lower()
        return bool(words) and words not in PLACEHOLDERS
    return given(text)


def in_scope(facts: Facts) -> bool:
    """Tell whether no valid exclusion exempts the project (C16)."""
    project = facts.document["project"]
    exclusion = project["exclusion"]
    if exclusion is None:
        return True
    kind = exclusion["kind"]
    if kind not in {"advisory_call", "support_under_4h", "non_delivery"}:
        return True
    if not says_something(exclusion["reason"]):
        return True
    if kind != "support_under_4h":
        return not DELIVERY.isdisjoint(project["engagements"])
    left, as_of = SUPPORT_S, facts.as_of
    for entry in facts.document["time_entries"]:
        started = entry["started_at"]
        if started is not None and started <= as_of:
            left -= entry["seconds"]
            if left <= 0:
                return True
    return False


class People:
    """
    Who held which role (C11), looked up by party and role.

    Args:
        facts: The facts of the project.
    """

    def __init__(self, facts: Facts) -> None:
        self._calendar = facts.calendar
        document = facts.document
        self.others = {p["id"] for p in document["parties"] if p["kind"] != "person"}
        """Teams, organisations and systems."""
        self._roles: dict[str, list[tuple[str, datetime, datetime]]] = {}
        for role in document["role_assignments"]:
            term = self._term(role)
            if term is not None:
                self._roles.setdefault(role["party"], []).append((role["role"], *term))

    def held(self, party: str | None, role: str, at: datetime) -> bool:
        """Tell whether a person held a role at an instant."""
        if party is None or party in self.others:
            return False
        return any(
            name == role and begin <= at <= end for name, begin, end in self._roles.get(party, ())
        )

    def on_project(self, party: str, at: datetime) -> bool:
        """Tell whether a person held any role at an instant."""
        if party in self.others:
            return False
        return any(begin <= at <= end for _, begin, end in self._roles.get(party, ()))

    def delegated(self, document: Mapping[str, Any], approval: Record, role: str) -> bool:
        """Tell whether a delegation of a role covers an approval on behalf of somebody (C12)."""
        principal, delegate, at = approval["on_behalf_of"], approval["by"], approval["at"]
        if delegate is None or delegate in self.others:
            return False
        for one in document["delegations"]:
            if one["from_party"] == principal and one["to_party"] == delegate:
                term = self._term(one)
                if term and one["role"] == role and term[0] <= at <= term[1]:
                    return True
        return False

    def _term(self, record: Record) -> tuple[datetime, datetime] | None:
        """Return the first and the last instant of a record with days; None where it never began."""
        first, last = record["from"], record["to"]
        if first is None:
            return None
        calendar = self._calendar
        return calendar.day_start(first), END if last is None else calendar.day_end(last)


def in_time(facts: Facts, record: Record, at: datetime | None, outer: Record | None = None) -> bool:
    """
    Tell whether it is shown that *record* was written down in time (C10).

    Args:
        facts: Everything, for the documents that prove an entry.
        record: With ``recorded_at``, or with a provenance of its own or in *outer*.
        at: When it happened.
        outer: The record that it stands in.
    """
    if at is None:
        return True
    at = instant(at)
    if "recorded_at" in record:
        recorded = record["recorded_at"]
        if recorded is not None:
            delay = recorded - at
            if delay < -CLOCKS_DIFFER:
                return False
            if delay <= SURELY_IN_TIME or recorded <= _deadline(facts, at):
                return True
    else:
        prov = record["prov"] if "prov" in record else outer.get("prov") if outer else None
        if prov is not None and prov.get("method") in TRUSTED:
            return True
    return _is_proven(facts, record, at)


def _is_proven(facts: Facts, record: Record, at: datetime) -> bool:
    """Tell whether a document that a record names was made in time."""
    named: set[str] = set()
    for name in PROOFS:
        value = record.get(name)
        if value is not None:
            named.update(value if isinstance(value, list) else [value])
    if not named:
        return False
    deadline = _deadline(facts, at)
    for document in facts.document.get("documents", ()):
        if document["id"] in named:
            created = document["created_at"]
            if created is not None and created <= deadline:
                return True
    return False


def _deadline(facts: Facts, at: datetime) -> datetime:
    return facts.calendar.add(at, WORKING_DAYS_TO_WRITE_DOWN, "working days")
