"""
The words in which every format speaks of a run.

What is said here is said once: the three lines that open a report, how a fact and its place are written,
how an instant reads. Foreign text is shortened here and made harmless where it is written (`layout`,
`xml_text`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import split
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.model.outcome import Outcome
from auditor.model.severity import Severity
from auditor.model.verdict import Grade
from auditor.reporters.foreign_text import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import NotUsed, Population, Run
    from auditor.model.verdict import Attested, ClauseVerdict, Fact, Verdict

_NOTHING_MATCHED: Final = "Nothing was audited: no policy or no snapshot matched."
_NOTHING_READ: Final = "Nothing was audited: what it takes cannot be read."
NOT_AUDITED: Final = "no usable snapshot was given"
NO_SENTENCE: Final = "the policy says nothing about it"

SEVERITY_MEANINGS: Final = {
    Severity.LOW: "hygiene",
    Severity.MEDIUM: "to be put right in the course of the work",
    Severity.HIGH: "to be put right now",
    Severity.CRITICAL: "harm that nobody would notice in time",
}
"""What each severity says, for whoever has to choose one."""

_NAME: Final = 160
_SENTENCE: Final = 2_000
_NOTHING_SHOWN: Final = "not recorded"
"""How the judging shows a fact of which it knows no value, whatever the reason is."""
_WAYS_TO_MISS: Final = {
    "attestation_expired": "has expired",
    "attestation_not_yet": "not yet given",
    "attestation_without_role": "by somebody without the role",
    "attestations_differ": "contradicts another one",
    "day_precision": "known only to the day",
    "no_history": "known only as it was at the capture",
    "no_permission": "may not be read",
    "not_collected": "was not collected",
    "not_supported": "is not kept by the source",
    "not_listed": "not listed for every day that counts",
    "recorded_before_it_happened": "dated before what it records",
    "recorded_late": "recorded too late to count",
    "truncated": "cut short: not all of it was read",
    "unobserved": "is not recorded",
    "unparsed": "could not be read",
}
_TO_ACT: Final = {
    Outcome.ERROR: "whoever keeps the policy",
    Outcome.FAIL: "the Delivery Manager",
    Outcome.INCONCLUSIVE: "whoever keeps the records",
}
"""Who has to move where the policy names nobody."""
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.\d+)?(?=[Z+-])|(:\d\d)(?:\.\d+)?)(.*)"
)

_PLACED: Final = re.compile(r"(.+?):(\d+)(?::\d+)?")

WEAK_GRADES: Final = frozenset({Grade.MANUAL, Grade.ATTESTED})
"""Evidence that somebody typed or vouched for: a pass that rests on it is listed."""


def nothing_audited(run: Run) -> str:
    """Say that nothing was judged, and whether there was nothing, or nothing that could be read."""
    return _NOTHING_READ if run.problems else _NOTHING_MATCHED


def words(outcome: Outcome) -> str:
    """Return an outcome as a person writes it."""
    return outcome.value.replace("_", " ")


def name(text: str) -> str:
    """Return a name, not longer than a name may be on a page."""
    return cut(text, _NAME)


def sentence(text: str) -> str:
    """Return a message, not longer than a person would read; a blank one says that it is blank."""
    return cut(text, _SENTENCE) if text.strip() else NO_SENTENCE


def instant(text: str) -> str:
    """Write an RFC 3339 instant for a person: ``2026-09-30 18:00 +02:00``; seconds only if there are any, and no parts of them."""
    match = _INSTANT.fullmatch(text)
    if not match:
        return text
    day, minute, seconds, offset = match.groups()
    return f"{day} {minute}{seconds or ''} {'UTC' if offset == 'Z' else offset}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun: ``1 verdict``, ``2 verdicts``."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def listed(items: Sequence[str], limit: int) -> str:
    """Join names, the first *limit* of them, and say how many more there are."""
    shown = ", ".join(map(name, items[:limit]))
    more = len(items) - limit
    return f"{shown} and {more} more" if more > 0 else shown


def tally(counts: Mapping[Outcome, int]) -> str:
    """Write the outcomes that occur: ``2 fail, 1 inconclusive, 12 pass``."""
    parts = [f"{counts[outcome]} {words(outcome)}" for outcome in Outcome if counts[outcome]]
    return ", ".join(parts) or "no verdict"


def opening(run: Run) -> tuple[tuple[str, str], ...]:
    """
    Return the three lines that every report begins with, each as a label and a text.

    Source:
        DESIGN.md, section 6.
    """
    return (
        ("Population", _population(run)),
        ("Controls", _controls(run)),
        ("Verdicts", _verdicts(run)),
    )


def auditee(result: ResultDocument) -> str:
    """Return the auditee's name with its id, or the id alone where it has no other name."""
    if result.auditee_name in {"", result.auditee}:
        return name(result.auditee)
    return f"{name(result.auditee_name)} ({name(result.auditee)})"


def member(people: Population, auditee_id: str) -> str:
    """Return what people call a member of the population, with its id; the id alone where nobody says."""
    called = dict(people.names).get(auditee_id, auditee_id)
    return name(called) if called == auditee_id else f"{name(called)} ({name(auditee_id)})"


def subject(verdict: Verdict) -> str:
    """Return what a person calls the subject, its key where it has no name."""
    return name(verdict.subject_name or verdict.subject)


def is_whole(result: ResultDocument, verdict: Verdict) -> bool:
    """Tell whether a verdict is about the auditee itself, so that its subject needs no naming."""
    return verdict.subject == result.auditee


def judged(result: ResultDocument, verdict: Verdict) -> str:
    """Return what was judged and where: ``Sprint 7 in Apollo (hand:apollo)``."""
    whole = auditee(result)
    return whole if is_whole(result, verdict) else f"{subject(verdict)} in {whole}"


def voucher(attested: Attested) -> str:
    """Say whose word a pass rests on: ``Dana Weiss (DM) on 2026-03-31 10:00 +02:00, until …``."""
    who = f"{name(attested.by)} ({name(attested.role)})"
    return f"{who} on {instant(attested.at)}, until {instant(attested.until)}"


def deciding_clauses(verdict: Verdict) -> tuple[ClauseVerdict, ...]:
    """Return the clauses that made the verdict what it is; none where no clause was reached."""
    if verdict.outcome in {Outcome.ERROR, Outcome.FAIL}:
        wanted = {Outcome.ERROR, Outcome.FAIL}
    else:
        wanted = {verdict.outcome}
    return tuple(clause for clause in verdict.clauses if clause.outcome in wanted)


def because(clause: ClauseVerdict) -> str:
    """Return by how much a demand fails, as one sentence; empty where the facts beside it say it all."""
    if clause.outcome is not Outcome.FAIL or clause.because is None:
        return ""
    return cut(clause.because.sentence, _SENTENCE) if clause.because.has_margin else ""


def remedy(policy: PolicySummary, verdict: Verdict) -> str:
    """Say how to mend what is wrong; a broken policy is nothing that a project can mend."""
    if verdict.outcome is not Outcome.ERROR:
        return sentence(policy.fix)
    broken = [clause.clause for clause in verdict.clauses if clause.outcome is Outcome.ERROR]
    place = policy.clauses[broken[0]].location if broken else policy.location
    return f"mend the policy at {name(str(place))}: it must not break, whatever the facts are"


def to_act(verdict: Verdict) -> str:
    """Return who has to act on a verdict: whom the policy names, else who that is; empty where nobody has to."""
    if verdict.outcome not in FINDING_OUTCOMES:
        return ""
    return name(verdict.owner) if verdict.owner else _TO_ACT[verdict.outcome]


def fact_name(pointer: str) -> str:
    """Write a JSON Pointer as a path: ``approvals[2].decision``."""
    path = ""
    for token in split(pointer):
        if token.isdecimal() or token == "*":  # noqa: S105 - the token of a path
            path += f"[{token}]"
        else:
            path += f".{token}" if path else token
    return name(path) or "the snapshot"


def fact_value(fact: Fact) -> str:
    """Write what is known of a fact; of one that is missing, in which way it is."""
    if fact.state != "unobserved":
        return name(fact.shown)
    reason = fact.reason or "unobserved"
    way = _WAYS_TO_MISS.get(reason)
    if fact.shown != _NOTHING_SHOWN:
        return f"{name(fact.shown)} ({way or name(reason.replace('_', ' '))})"
    return way or f"not known ({name(reason.replace('_', ' '))})"


def fact_place(fact: Fact, places: Mapping[str, Location]) -> str:
    """
    Write where a fact stands: the record it came from first, then the file that was judged.

    Returns:
        Empty where neither is known.
    """
    place = places.get(fact.pointer)
    parts = [fact.source] if fact.source else []
    # A delivery folder's record is its own source: the finer of the two says it all.
    if place is not None:
        parts = [part for part in parts if not _says(place, part)]
        parts.append(str(place))
    return ", ".join(map(name, parts))


def fact_line(fact: Fact, places: Mapping[str, Location]) -> str:
    """Write a fact with its value and its place: ``risks[0].owner: Ann <risks.csv:2:7>``."""
    place = fact_place(fact, places)
    text = f"{fact_name(fact.pointer)}: {fact_value(fact)}"
    return f"{text} <{place}>" if place else text


def _says(place: Location, source: str) -> bool:
    """Tell whether *place* names the file and line of *source*, which may be told from another folder."""
    match = _PLACED.fullmatch(source)
    path, line = match.groups() if match else (source, None)
    if path == place.path:
        return True
    return place.path.endswith(f"/{path}") and line in {None, str(place.line)}


def _population(run: Run) -> str:
    people = run.population
    text = f"{people.in_scope} in scope, {people.audited} audited, {len(people.missing)} missing"
    if people.missing:
        text += f": {listed([member(people, one) for one in people.missing], 10)};"
    else:
        text += ","
    text += f" {len(people.excluded)} excluded"
    if people.excluded:
        text += f": {'; '.join(_left_out(people, other) for other in people.excluded)}"
    if people.not_listed:
        text += f"; judged beside it, no members: {listed(list(people.not_listed), 10)}"
    return text


def _left_out(people: Population, other: NotUsed) -> str:
    return f"{member(people, other.name)} because {name(other.reason)}"


def _controls(run: Run) -> str:
    def those(state: str) -> list[str]:
        return [control.id for control in run.controls if control.state == state]

    def some(label: str, ids: list[str]) -> str:
        return f"{len(ids)} {label} ({listed(ids, 10)})" if ids else f"0 {label}"

    decided = len(those("decided"))
    attested = those("attested")
    others = (
        *([some("attested", attested)] if attested else []),
        some("in part", those("part")),
        some("not decided", those("undecided")),
        some("not covered", those("not_covered")),
        *([some("about nothing that was judged", idle)] if (idle := those("no_auditee")) else []),
    )
    return f"of {len(run.controls)}: {decided} decided, {', '.join(others)}"


def _verdicts(run: Run) -> str:
    counts = run.counts()
    total = sum(counts.values())
    attested = sum(result.attested() for result in run.results)
    counted_apart = {outcome: f"{counts[outcome]} {words(outcome)}" for outcome in Outcome}
    if attested:
        passes = f"{counts[Outcome.PASS] - attested} {words(Outcome.PASS)}"
        counted_apart[Outcome.PASS] = f"{passes} + {attested} attested"
    sums = " + ".join(counted_apart.values())
    policies = counted(len(run.policies), "policy", "policies")
    subjects = len(
        {(result.auditee, verdict.subject) for result in run.results for verdict in result.verdicts}
    )
    return (
        f"{total}, one per policy and subject ({policies}, {counted(subjects, 'subject')}) = {sums}"
    )
