"""
What the page says of one verdict, ready to be written.

Only text and flags: the template arranges them, and nothing here is markup. A finding is told whole, a pass or what
does not apply in one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.findings_document import fingerprint
from auditor.findings.telling_facts import excerpts
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.missing_facts import how_to_supply, waits_on
from auditor.reporters.report_page.keys import owner
from auditor.reporters.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.findings.finding import Finding
    from auditor.model.excerpt import Excerpt
    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.run import Places
    from auditor.model.standing import Standing
    from auditor.model.verdict import ClauseVerdict, Fact, Verdict

_FACTS: Final = 12
_NAMES: Final = 20

STANDINGS: Final = {
    Gating.COUNTS: "counts at the gate",
    Gating.UNDER: "under the threshold",
    Gating.ALLOWED: "within an allowance",
    Gating.KNOWN: "known",
    Gating.ACCEPTED: "accepted gap",
}
"""Where a finding stands, in the words of the page."""


class Kind(IntEnum):
    """What a verdict is for a reader, in the order of the list."""

    ERROR = 0
    FAIL = 1
    INCONCLUSIVE = 2
    NOT_DUE = 3
    ATTESTED = 4
    """A pass that rests on a person's word."""
    WEAK = 5
    """A pass that rests on what somebody typed."""
    PASS = 6
    NOT_APPLICABLE = 7

    @property
    def label(self) -> str:
        """In the words of the page."""
        return _LABELS[self]

    @property
    def look(self) -> str:
        """The class of its colours; the label says the same."""
        return _LOOKS[self]


_LABELS: Final = {
    Kind.ERROR: "error",
    Kind.FAIL: "fail",
    Kind.INCONCLUSIVE: "inconclusive",
    Kind.NOT_DUE: "not due yet",
    Kind.ATTESTED: "pass, attested",
    Kind.WEAK: "pass, weak evidence",
    Kind.PASS: "pass",
    Kind.NOT_APPLICABLE: "not applicable",
}
_LOOKS: Final = {
    Kind.ERROR: "broken",
    Kind.FAIL: "bad",
    Kind.INCONCLUSIVE: "open",
    Kind.NOT_DUE: "quiet",
    Kind.ATTESTED: "good",
    Kind.WEAK: "good",
    Kind.PASS: "good",
    Kind.NOT_APPLICABLE: "quiet",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: its name, its value and its place; empty is what is not known."""

    name: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Demand:
    """One clause that made the verdict what it is."""

    sentence: str
    because: str
    that: str
    place: str
    failing: str


@dataclass(frozen=True, slots=True)
class Card:
    """One verdict."""

    id: str
    """Of a finding, the same from run to run; empty for what is none."""
    kind: Kind
    title: str
    severity: str
    subject: str
    """Empty where the project itself was judged."""
    project: str
    policy: str
    controls: str
    sentences: tuple[str, ...]
    note: str = ""
    owner: str = ""
    standing: str = ""
    told: str = ""
    """Why it does not count at the gate."""
    earlier: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    facts: tuple[Line, ...] = ()
    more_facts: str = ""
    missing: tuple[Line, ...] = ()
    more_missing: str = ""
    supply: tuple[str, ...] = ()
    fix: str = ""
    why: str = ""
    changes: tuple[str, ...] = ()

    @property
    def is_finding(self) -> bool:
        """Whether somebody has to act on it."""
        return self.kind <= Kind.INCONCLUSIVE

    def words(self) -> Iterator[str]:
        """Yield the texts in which a search looks that the policy and the project do not have."""
        yield self.subject
        yield from self.sentences
        yield self.note
        for line in (*self.facts, *self.missing):
            yield f"{line.name} {line.value} {line.place}"


def kind_of(verdict: Verdict) -> Kind:
    """Tell what a verdict is for a reader."""
    match verdict.outcome:
        case Outcome.ERROR:
            return Kind.ERROR
        case Outcome.FAIL:
            return Kind.FAIL
        case Outcome.INCONCLUSIVE:
            return Kind.INCONCLUSIVE
        case Outcome.PASS if verdict.attested is not None:
            return Kind.ATTESTED
        case Outcome.PASS:
            return Kind.WEAK if verdict.grade in wording.WEAK_GRADES else Kind.PASS
        case Outcome.NOT_APPLICABLE:
            return Kind.NOT_DUE if verdict.reason == "not_due" else Kind.NOT_APPLICABLE


def card(
    judged: Finding, standing: Standing | None, located: Mapping[str, Location], places: Places
) -> Card:
    """
    Say one verdict.

    Args:
        judged: The verdict, whatever its outcome, with its policy and auditee.
        standing: What the gate made of it; None where it is no finding, or was held against none.
        located: Where its facts are.
        places: Of the run.
    """
    result, verdict, policy = judged.result, judged.verdict, judged.policy
    kind = kind_of(verdict)
    project = wording.auditee(result)
    subject = "" if wording.is_whole(result, verdict) else wording.subject(verdict)
    title, controls = wording.sentence(policy.title), listed(policy.controls, _NAMES)
    if verdict.outcome not in FINDING_OUTCOMES:
        return Card(
            "", kind, title, policy.severity.value, subject, project, policy.id, controls,
            (wording.sentence(verdict.message),), note=_note(verdict),
        )  # fmt: skip
    clauses = wording.deciding_clauses(verdict)
    demands = tuple(_demand(clause, policy) for clause in clauses)
    missing = {fact.pointer for fact in verdict.missing}
    facts = tuple(fact for fact in verdict.facts if fact.pointer not in missing)
    is_open = verdict.outcome is Outcome.INCONCLUSIVE
    return Card(
        fingerprint(policy.id, result.auditee, verdict.subject).removeprefix("sha256:")[:16],
        kind,
        title,
        policy.severity.value,
        subject,
        project,
        policy.id,
        controls,
        tuple(dict.fromkeys(demand.sentence for demand in demands))
        or (wording.sentence(verdict.message),),
        note=_note(verdict),
        owner=owner(verdict),
        standing="" if standing is None else STANDINGS[standing.gating],
        told=wording.sentence(standing.told) if standing is not None and standing.told else "",
        earlier=_earlier(standing) if standing is not None else (),
        demands=demands,
        excerpts=excerpts(verdict, located, places),
        facts=_lines(facts, located),
        more_facts=_more(facts),
        missing=_lines(verdict.missing, located),
        more_missing=_more(verdict.missing),
        supply=_supply(judged) if is_open else (),
        fix="" if is_open else wording.remedy(policy, verdict),
        why=wording.sentence(policy.why),
        changes=tuple(wording.sentence(told(change)) for change in policy.changes),
    )


def _demand(clause: ClauseVerdict, policy: PolicySummary) -> Demand:
    asked = policy.clauses[clause.clause]
    return Demand(
        wording.sentence(clause.message),
        wording.because(clause),
        wording.sentence(asked.that),
        wording.name(str(asked.location)),
        listed(clause.failing, _NAMES) if clause.failing else "",
    )


def _note(verdict: Verdict) -> str:
    """Say what a reader of the sentence should know besides it."""
    if verdict.attested is not None:
        return f"attested by {wording.voucher(verdict.attested)}"
    if verdict.outcome is Outcome.PASS:
        return f"evidence: {verdict.grade.value}" if verdict.grade else ""
    if verdict.due_at and (verdict.reason == "not_due" or verdict.outcome in FINDING_OUTCOMES):
        return f"due {wording.instant(verdict.due_at)}"
    if verdict.outcome is Outcome.NOT_APPLICABLE and verdict.reason:
        return wording.name(verdict.reason.replace("_", " "))
    return ""


def _earlier(standing: Standing) -> tuple[str, ...]:
    """Return what earlier runs said, the newest last."""
    return tuple(
        f"{wording.instant(one.as_of)}: "
        + ("no finding" if one.outcome == "none" else wording.name(one.outcome.replace("_", " ")))
        for one in standing.earlier
    )


def _supply(judged: Finding) -> tuple[str, ...]:
    """Return how to supply what a verdict waits on, each way once."""
    return tuple(dict.fromkeys(how_to_supply(reason) for _, reason in waits_on(judged)))


def _lines(facts: Iterable[Fact], located: Mapping[str, Location]) -> tuple[Line, ...]:
    return tuple(
        Line(
            wording.fact_name(fact.pointer),
            wording.fact_value(fact),
            wording.fact_place(fact, located),
        )
        for fact in tuple(facts)[:_FACTS]
    )


def _more(facts: tuple[Fact, ...]) -> str:
    return f"and {counted(len(facts) - _FACTS, 'more fact')}" if len(facts) > _FACTS else ""
