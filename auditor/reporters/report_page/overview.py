"""
The tables of the page: what a run came to by project and control, what nobody recorded, what to look at twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.passes import attested_passes, weak_passes
from auditor.reporters.report_page.cards import STANDINGS
from auditor.reporters.report_page.heat_map import percent
from auditor.reporters.report_page.keys import address
from auditor.reporters.wording import counted, listed, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.findings.score import Score, Scores
    from auditor.model.run import Run
    from auditor.reporters.report_page.keys import Keys

_NAMES: Final = 10
_LISTED: Final = 50

_STATES: Final = {
    "decided": "decided",
    "attested": "decided, in part by somebody's word",
    "part": "decided in part",
    "undecided": "not decided",
    "no_auditee": "about nothing that was judged",
    "not_covered": "not covered by a policy",
}
_STATE_LOOKS: Final = {"decided": "good", "attested": "good", "part": "open", "undecided": "open"}


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that nobody recorded."""

    statement: str
    waiting: int
    link: str
    fact: str
    asked_by: str
    in_projects: str
    supply: str
    first: str
    """One of the missing facts that stands somewhere, with its place; empty where none does."""


@dataclass(frozen=True, slots=True)
class ControlRow:
    """What a run came to for one control."""

    id: str
    framework: str
    area: str
    stage: str
    rule: str
    state: str
    look: str
    result: str


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What a run came to for one project."""

    label: str
    link: str
    target: str
    counts: tuple[tuple[str, int, str], ...]
    """Outcome, number of verdicts, and their link."""
    raw: str
    net: str
    judged: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list under a heading, with a link to the verdicts that it names."""

    heading: str
    lines: tuple[str, ...]
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the bar of a score."""

    look: str
    label: str
    count: int
    begin: int
    """Thousandths of the bar, as is `width`."""
    width: int


def bands(score: Score) -> tuple[Band, ...]:
    """Return the bar of a score: kept, failed, not decided."""
    parts = (("good", "kept", score.kept), ("bad", "failed", score.failed))
    found, begin = [], 0
    for look, label, count in (*parts, ("open", "not decided", score.undecided)):
        width = round(1000 * count / score.due) if score.due else 0
        found.append(Band(look, label, count, begin, width))
        begin += width
    return tuple(found)


def gaps(keys: Keys, placed: Mapping[tuple[str, str], str]) -> Iterator[Gap]:
    """
    Yield the missing facts, the longest queue first.

    Args:
        keys: Of the page.
        placed: One missing fact with its place, by the pattern and the reason of those like it.
    """
    for fact, way in zip(keys.missing, keys.gaps, strict=True):
        policies = Counter(one.policy.id for one in fact.waiting).most_common()
        auditees = Counter(wording.auditee(one.result) for one in fact.waiting).most_common()
        yield Gap(
            way.label,
            len(fact.waiting),
            address(gap=way.key),
            f"{name(fact.pattern)} ({name(fact.reason)})" if fact.pattern else name(fact.reason),
            listed([f"{policy} ({count})" for policy, count in policies], _NAMES),
            listed([f"{auditee} ({count})" for auditee, count in auditees], _NAMES),
            fact.remedy(),
            placed.get((fact.pattern, fact.reason), ""),
        )


def control_rows(run: Run, scores: Scores) -> Iterator[ControlRow]:
    """Yield the controls in the order of the run."""
    auditees = [result.auditee for result in run.results]
    for control in run.controls:
        score = scores.of(auditees, [control.id])
        yield ControlRow(
            name(control.id),
            name(control.framework.upper()),
            name(control.area),
            name(control.stage or ""),
            wording.sentence(control.rule) if control.rule else "",
            _STATES.get(control.state, control.state),
            _STATE_LOOKS.get(control.state, "quiet"),
            _told(score),
        )


def project_rows(run: Run, keys: Keys, scores: Scores) -> Iterator[ProjectRow]:
    """Yield the auditees in the order of the run."""
    every = [control.id for control in run.controls]
    for result, way in zip(run.results, keys.projects, strict=True):
        score = scores.of([result.auditee], every)
        counts = result.counts()
        yield ProjectRow(
            way.label,
            address(project=way.key),
            name(result.target),
            tuple(
                (wording.words(one), counts[one], address(project=way.key, show=one.value))
                for one in Outcome
            ),
            percent(score.raw),
            percent(score.net),
            wording.instant(result.judged_at),
            name(result.snapshot_name),
        )


def second_looks(run: Run) -> Iterator[Listing]:
    """Yield what is green, or not judged, and deserves a second look all the same."""
    verdicts = [(result, verdict) for result in run.results for verdict in result.verdicts]
    if attested := attested_passes(verdicts):
        heading = f"{counted(len(attested), 'pass rests', 'passes rest')} on somebody's word"
        yield Listing(heading, _first(attested), address(show="attested"), "Show them in the list")
    total, weak = weak_passes(verdicts)
    if total:
        heading = f"{counted(total, 'pass rests', 'passes rest')} on weak evidence"
        yield Listing(heading, _first(weak), address(show="weak"), "Show them in the list")
    not_due = sum(verdict.reason == "not_due" for _, verdict in verdicts)
    if not_due:
        heading = f"{counted(not_due, 'verdict is', 'verdicts are')} not due yet"
        yield Listing(heading, (), address(show="not_due"), "Show them in the list")
    outside: Counter[str] = Counter()
    uncut: dict[str, list[str]] = {}
    for result in run.results:
        outside.update(dict(result.out_of_period))
        for field in result.uncut:
            uncut.setdefault(field, []).append(name(result.auditee))
    if outside.total():
        heading = f"{counted(outside.total(), 'subject')} out of the period, not judged"
        yield Listing(heading, tuple(f"{policy}: {outside[policy]}" for policy in sorted(outside)))
    if uncut:
        lines = [f"{name(field)}: {listed(uncut[field], _NAMES)}" for field in sorted(uncut)]
        yield Listing("Read as captured, because these fields have no history", _first(lines))


def not_counting(run: Run) -> tuple[tuple[str, int, str], ...]:
    """Count the findings that do not count at the gate, by why: words, number, link."""
    counts = Counter(standing.gating for standing in run.standings.values())
    return tuple(
        (STANDINGS[one], counts[one], address(standing=one.value))
        for one in Gating
        if one is not Gating.COUNTS and counts[one]
    )


def _told(score: Score) -> str:
    if not score.due:
        return "nothing is due"
    parts = [f"{score.kept} of {score.due} kept ({percent(score.raw)} %)"]
    parts += [f"{score.failed} failed"] if score.failed else []
    parts += [f"{score.undecided} not decided"] if score.undecided else []
    parts += [f"{score.accepted} accepted"] if score.accepted else []
    return ", ".join(parts)


def _first(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _LISTED
    return (*lines[:_LISTED], *([f"and {more} more"] if more > 0 else []))
