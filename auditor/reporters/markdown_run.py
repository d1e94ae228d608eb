"""
A run as Markdown, for whoever looks at a change or at a build: what is new, what is fixed, what to do.

Whoever opens it reads from the top whether the change may go in, and why not; what was there before stands folded
below. A forge refuses a page that is too long, so findings are left out from the least severe on, and the page
says how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import findings
from auditor.findings.score import FORMULA
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.gate_words import (
    became,
    gate_verdict,
    score_words,
    sorted_out,
    standing_words,
)
from auditor.reporters.markdown_comment import Row, Section
from auditor.reporters.markdown_text import begun, code, code_cell, inline
from auditor.reporters.missing_facts import missing_facts, waits_on
from auditor.reporters.next_steps import next_steps
from auditor.reporters.remarks import FindingPlaces
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.findings.finding import Finding
    from auditor.model.run import Places, Run
    from auditor.reporters.markdown_comment import Room
    from auditor.reporters.missing_facts import MissingFact

WHOLE: Final = "`auditor check -f text` shows everything."
_OPENING: Final = 700
_TEXT: Final = 400
_NAME: Final = 120
_PLACE: Final = 200

_Number = dict[tuple[str, str], int]
"""Pattern and reason of a missing fact to its number in the comment."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What findings are told with."""

    run: Run
    is_alone: bool
    """Whether all findings are of one auditee, which then needs no heading."""
    places: FindingPlaces
    numbers: _Number


def markdown_run(run: Run, places: Places, room: Room) -> str:
    """Return a run as one page of Markdown, which is never longer than there is room for."""
    found = findings(run)
    sorts: dict[Gating, list[Finding]] = {gating: [] for gating in Gating}
    for one in found:
        sorts[run.standing(one.result.auditee, one.verdict).gating].append(one)
    counting = sorts[Gating.COUNTS]
    missing = _missing_of(run, counting)
    told = _Told(
        run,
        len(run.results) == 1,
        FindingPlaces(found, places),
        {(one.pattern, one.reason): number for number, one in enumerate(missing, start=1)},
    )
    head, relaxed, looked_at = _head(run, room)
    ending = _next(run, tuple(counting) or found, room)
    # Each section has its share first, in the order of what matters; the findings that count have all that is left
    # then, and what they do not need goes to whatever had to leave rows out.
    troubles = _troubles(run, room)
    gone = _gone(run, room)
    gaps = _missing(missing, room)
    others = [
        *_not_counting("Known before", sorts[Gating.KNOWN], told, room),
        *_not_counting("Accepted gaps", sorts[Gating.ACCEPTED], told, room),
        *_not_counting("Allowed", sorts[Gating.ALLOWED], told, room),
        *_not_counting("Under the threshold", sorts[Gating.UNDER], told, room),
    ]
    not_used = _list(
        "Not used", [f"{one.name}: {one.reason}" for one in run.not_used], room, is_open=False
    )
    new = _counting(counting, len(found), told, room)
    before, after = [*relaxed, *troubles], [*gone, *gaps, *others, *not_used]
    for section in (*before, *after):
        room.fill(section)
    return "".join(
        [
            head,
            *(map(room.shown, relaxed)),
            looked_at,
            *(map(room.shown, troubles)),
            new,
            *(map(room.shown, after)),
            ending,
        ]
    )


# ----- from the top


def _head(run: Run, room: Room) -> tuple[str, list[Section], str]:
    """Return how the gate ended, what was relaxed for that, and what was looked at."""
    gate = run.gate
    title = (
        f"Audit gate: {gate_verdict(gate, run)}"
        if gate is not None
        else "Audit, not held against a gate"
    )
    parts = [room.take(f"## {title}\n")]
    if not any(result.verdicts for result in run.results):
        parts.append(room.take(f"\n**{inline(wording.nothing_audited(run), _TEXT)}**\n"))
    if gate is not None:
        parts.append(_bare_list(gate.reasons, room))
        asked = "; ".join(inline(rule, _TEXT) for rule in gate.rules[:10])
        against = "" if gate.against is None else f" Told against {inline(gate.against, _NAME)}."
        parts.append(room.take(f"\nAsked for: {asked}.{against}\n"))
    relaxed = _list("Relaxed", run.relaxed, room, is_open=True)
    opening = [*wording.opening(run), ("Score", f"{score_words(run)}; {FORMULA}")]
    lines = (f"- **{label}**: {inline(text, _OPENING)}\n" for label, text in opening)
    looked_at = room.take("\n### What was looked at\n\n" + "".join(lines))
    return "".join(parts), relaxed, looked_at


def _bare_list(texts: Sequence[str], room: Room) -> str:
    return room.take("\n" + "".join(f"- {begun(inline(text, _NAME))}\n" for text in texts[:10]))


def _list(title: str, texts: Sequence[str], room: Room, *, is_open: bool) -> list[Section]:
    """Return a section that is a list; none where it would be empty."""
    if not texts:
        return []
    rows = [Row(f"- {begun(inline(text, _TEXT))}\n") for text in texts]
    section = Section(f"{title} ({len(rows)})", "", rows, len(rows), is_open=is_open)
    return [room.begun(section, room.share)]


def _troubles(run: Run, room: Room) -> list[Section]:
    """Return what no verdict tells: inputs that cannot be read, auditees that were not audited."""
    problems = [
        _row(
            [
                code_cell(str(problem.location or problem.name), _PLACE),
                inline(wording.sentence(problem.message), _TEXT),
                inline(problem.hint or "", _TEXT),
            ]
        )
        for problem in run.problems
    ]
    sections = []
    if problems:
        title = f"{counted(len(problems), 'problem')} with the inputs"
        head = _table("input", "what is wrong", "what to do")
        sections.append(room.begun(Section(title, head, problems, len(problems)), room.share))
    untold = [
        f"{wording.member(run.population, one)}: {wording.NOT_AUDITED}" for one in run.untold()
    ]
    return [*sections, *_list("Not audited", untold, room, is_open=True)]


# ----- findings


def _counting(counting: list[Finding], total: int, told: _Told, room: Room) -> str:
    gate = told.run.gate
    title = "Findings" if gate is None or gate.against is None else "New findings"
    count = str(len(counting))
    if len(counting) < total and (title == "Findings" or not counting):
        title, count = f"{title} that count", f"{count} of {total}"
    title = f"{title} ({count})"
    if not counting:
        return room.take(f"\n### {title}\n\nNone.\n") if _is_whole(told.run) else ""
    head = _table("severity", "finding", "where", "what to do")
    rows = (Row(_finding(one, told), _group(one, told)) for one in counting)
    return room.section(title, head, rows, len(counting), is_open=True)


def _is_whole(run: Run) -> bool:
    """Tell whether everything that was to be audited was, so that no finding means that there is none."""
    return not run.problems and not run.untold() and any(one.verdicts for one in run.results)


def _not_counting(title: str, found: list[Finding], told: _Told, room: Room) -> list[Section]:
    """Return findings that do not gate, folded, each with the reason and who is behind it."""
    if not found:
        return []
    head = _table("severity", "finding", "where", "why it does not count")
    rows = (_not_counted(one, told) for one in found)
    title = f"{title} ({len(found)})"
    return [room.begun(Section(title, head, rows, len(found), is_open=False), room.before)]


def _not_counted(finding: Finding, told: _Told) -> Row:
    why = standing_words(told.run.standing(finding.result.auditee, finding.verdict))
    cells = [_severity(finding), _said(finding), _where(finding, told), inline(why, _TEXT)]
    return Row(_row(cells).text, _group(finding, told))


def _group(finding: Finding, told: _Told) -> str:
    return "" if told.is_alone else inline(wording.auditee(finding.result), _NAME)


def _finding(finding: Finding, told: _Told) -> str:
    verdict = finding.verdict
    if verdict.outcome is Outcome.INCONCLUSIVE:
        waits = sorted({told.numbers[key] for key in waits_on(finding)})
        facts = f"missing {'fact' if len(waits) == 1 else 'facts'}"
        todo = f"supply {facts} {', '.join(map(str, waits))}, below"
    else:
        todo = inline(wording.remedy(finding.policy, verdict), _TEXT)
    if verdict.owner:
        todo = f"{inline(verdict.owner, _NAME)}: {todo}"
    standing = told.run.standing(finding.result.auditee, verdict)
    said = _said(finding)
    if standing.told:
        said += f"<br>{inline(standing_words(standing), _TEXT)}"
    return _row([_severity(finding), said, _where(finding, told), todo]).text


def _severity(finding: Finding) -> str:
    return f"**{finding.policy.severity.value}**<br>{wording.words(finding.verdict.outcome)}"


def _said(finding: Finding) -> str:
    verdict = finding.verdict
    sentence = inline(wording.sentence(verdict.message), _TEXT)
    subject = wording.subject(verdict)
    if not wording.is_whole(finding.result, verdict) and subject not in verdict.message:
        sentence = f"{inline(subject, _NAME)}: {sentence}"
    because = (wording.because(clause) for clause in wording.deciding_clauses(verdict))
    whys = [f"<br>Because: {inline(why, _TEXT)}" for why in because if why]
    title = f"**{inline(wording.sentence(finding.policy.title), _NAME)}**"
    return f"{title}<br>{sentence}{''.join(whys[:1])}<br>{code_cell(verdict.policy, _NAME)}"


def _where(finding: Finding, told: _Told) -> str:
    """Return the line of the fact that says most, or the snapshot where none stands anywhere."""
    place = told.places.first(finding)
    if place is not None:
        return code_cell(f"{place.path}:{place.line}", _PLACE)
    snapshot = finding.result.snapshot_name
    # The folder in which the run was started is no place that anybody could open.
    return code_cell(snapshot, _PLACE) if snapshot.strip("./") else "not recorded"


# ----- what is gone, what is missing, what is next


def _gone(run: Run, room: Room) -> list[Section]:
    """Return what is no finding any more, that of which nobody can say that it is mended first."""
    names = {one.auditee: wording.auditee(one) for one in run.results}
    head = _table("auditee", "policy", "subject", "what was said of it", "now")
    sections = []
    for _, title, gone in sorted_out(run.gate):
        rows = (
            _row(
                [
                    inline(names.get(one.auditee, one.auditee), _NAME),
                    code_cell(one.policy, _NAME),
                    inline(one.subject, _NAME),
                    inline(wording.sentence(one.message), _TEXT),
                    became(one),
                ]
            )
            for one in gone
        )
        section = Section(f"{title} ({len(gone)})", head, rows, len(gone))
        sections.append(room.begun(section, room.share))
    return sections


def _missing_of(run: Run, counting: Iterable[Finding]) -> list[MissingFact]:
    """Return the missing facts that findings which count wait on, the longest queue first."""
    wanted = {id(one.verdict) for one in counting}
    return [
        one
        for one in missing_facts(run)
        if any(id(finding.verdict) in wanted for finding in one.waiting)
    ]


def _missing(missing: Sequence[MissingFact], room: Room) -> list[Section]:
    if not missing:
        return []
    rows = [
        _row(
            [
                str(number),
                inline(one.sentence(), _TEXT),
                code_cell(one.pattern, _NAME),
                one.remedy(),  # words of our own, with commands in them as code
            ]
        )
        for number, one in enumerate(missing, start=1)
    ]
    head = _table("no.", "what is missing", "fact", "how to supply it")
    section = Section(f"Missing facts ({len(rows)})", head, rows, len(rows))
    return [room.begun(section, 2 * room.share)]


def _next(run: Run, found: tuple[Finding, ...], room: Room) -> str:
    steps = [
        f"- {begun(inline(step.text, _TEXT))}"
        + (f" {code(step.command)}" if step.command else "")
        + "\n"
        for step in next_steps(run, found)
    ]
    return room.take("\n### Next\n\n" + "".join(steps))


def _table(*titles: str) -> str:
    return f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"


def _row(cells: Sequence[str]) -> Row:
    return Row(f"| {' | '.join(cells)} |\n")
