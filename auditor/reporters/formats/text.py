"""
A run as a Delivery Manager reads it.

From the top: what was relaxed, what was covered, what could not be read, what is wrong and how to mend it,
what nobody recorded, the rest in short counts, and what to do next. Nothing that is not green is left out
in silence: what is shortened says by how much, and ``results.json`` has it whole.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.findings.finding import FINDING_OUTCOMES, Finding, findings
from auditor.model.outcome import Outcome
from auditor.reporters import gate_words, wording
from auditor.reporters.layout import WIDTH, columns, wrap
from auditor.reporters.missing_facts import MissingFact, missing_facts, waits_on
from auditor.reporters.next_steps import Step, next_steps
from auditor.reporters.text_page import BOLD, COLOURS, Paint, bulleted
from auditor.reporters.text_rest import rest
from auditor.reporters.wording import counted, listed, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.model.location import Location
    from auditor.model.result import ResultDocument
    from auditor.model.run import InputProblem, Places, Run
    from auditor.model.standing import GateSummary
    from auditor.model.verdict import ClauseVerdict, Fact, Verdict


_SUBJECTS_IN_FULL: Final = 10
"""Subjects of one policy that are shown with their facts; the others get their sentence alone."""
_FACTS: Final = 12
_NAMES: Final = 10

_Numbers = dict[tuple[str, str], int]
"""Pattern and reason of a missing fact to its number in the report."""


class TextReporter:
    """Renders a run for a terminal or a build log."""

    media_type = "text/plain; charset=utf-8"
    suffix = ".txt"
    profiles: tuple[str, ...] = ()
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per section and auditee."""
        del profile
        for section in _sections(run, places, Paint(is_on=colour)):
            yield ("\n".join(section) + "\n").encode()


def _sections(run: Run, places: Places, paint: Paint) -> Iterator[list[str]]:
    found = findings(run)
    missing = missing_facts(run)
    numbers = {(fact.pattern, fact.reason): number for number, fact in enumerate(missing, start=1)}
    if run.relaxed:
        yield [*bulleted(map(wording.sentence, run.relaxed), mark="!"), ""]
    yield list(_opening(run, paint))
    if run.problems:
        yield list(_problems(run.problems, paint))
    if run.untold():
        yield list(_not_audited(run, paint))
    if run.not_used:
        yield list(_not_used(run, paint))
    located: dict[str, Mapping[str, Location]] = {}
    for result, theirs in _by_auditee(found):
        pointers = {fact.pointer: None for one in theirs for fact in _all_facts(one.verdict)}
        known = places.locate(result.auditee, list(pointers)) if pointers else {}
        located[result.auditee] = known
        yield list(_auditee(run, theirs, numbers, known, paint))
    if missing:
        yield list(_missing(missing, located, paint))
    if any(result.verdicts for result in run.results):
        yield list(rest(run, paint))
    if run.gate is not None:
        yield list(_gate(run, run.gate, paint))
    yield list(_next(run, found))


def _opening(run: Run, paint: Paint) -> Iterator[str]:
    for label, text in wording.opening(run):
        yield from paint.labelled(f"{label:<10}", text, BOLD, indent="")
    if run.as_of is not None and run.period is not None:
        begin, end = map(wording.instant, run.period)
        judged = (
            f"as of {wording.instant(run.as_of)}, by {name(run.engine)};"
            f" where rules speak of the period: {begin} to {end}"
        )
        yield from paint.labelled(f"{'Judged':<10}", judged, BOLD, indent="")
    if run.profile is not None:
        used = f"{name(run.profile.id)}, version {name(run.profile.version)}, {run.profile.digest}"
        yield from paint.labelled(f"{'Profile':<10}", used, BOLD, indent="")
    if run.gate is not None:
        why = ", ".join(run.gate.reasons) or "nothing counts"
        text = f"{gate_words.gate_verdict(run.gate, run)}: {why}"
        yield from paint.labelled(f"{'Gate':<10}", text, BOLD, indent="")
    if not any(result.verdicts for result in run.results):
        yield ""
        yield from (
            paint(line, COLOURS[Outcome.ERROR]) for line in wrap(wording.nothing_audited(run))
        )


def _problems(problems: Iterable[InputProblem], paint: Paint) -> Iterator[str]:
    listed_problems = list(problems)
    yield from paint.heading(f"{counted(len(listed_problems), 'problem')} with the inputs")
    for problem in listed_problems:
        label = f"error[{problem.slug}]"
        text = f"{name(problem.name)}: {wording.sentence(problem.message)}"
        yield from paint.labelled(label, text, COLOURS[Outcome.ERROR])
        if problem.location:
            yield from wrap(f"--> {name(str(problem.location))}", indent="    ", hang="        ")
        if problem.hint:
            hint = f"= help: {wording.sentence(problem.hint)}"
            yield from wrap(hint, indent="    ", hang="      ")


def _not_audited(run: Run, paint: Paint) -> Iterator[str]:
    yield from paint.heading("Not audited")
    for auditee in run.untold():
        text = f"{wording.member(run.population, auditee)}: {wording.NOT_AUDITED}"
        yield from paint.labelled("MISSING", text, COLOURS[Outcome.FAIL])


def _not_used(run: Run, paint: Paint) -> Iterator[str]:
    yield from paint.heading("Not used")
    yield from bulleted(f"{name(other.name)}: {name(other.reason)}" for other in run.not_used)


def _by_auditee(found: Iterable[Finding]) -> Iterator[tuple[ResultDocument, list[Finding]]]:
    """Group findings by auditee, the auditee with the worst finding first."""
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        groups.setdefault(finding.result.auditee, []).append(finding)
    for theirs in groups.values():
        yield theirs[0].result, theirs


def _auditee(
    run: Run,
    theirs: list[Finding],
    numbers: _Numbers,
    located: Mapping[str, Location],
    paint: Paint,
) -> Iterator[str]:
    result = theirs[0].result
    counts = Counter(finding.verdict.outcome for finding in theirs)
    sums = ", ".join(
        f"{counts[outcome]} {wording.words(outcome)}"
        for outcome in FINDING_OUTCOMES
        if counts[outcome]
    )
    yield from paint.heading(f"{wording.auditee(result)}: {sums}")
    captured, judged = wording.instant(result.captured_at), wording.instant(result.judged_at)
    instants = (
        f"captured and judged at {judged}"
        if captured == judged
        else f"captured {captured}, judged at {judged}"
    )
    yield from wrap(f"{name(result.snapshot_name)}, {instants}", indent="  ", hang="    ")
    for _, alike in groupby(theirs, key=lambda one: (one.rank(), one.policy.id)):
        group = list(alike)
        yield ""
        if group[0].verdict.outcome is Outcome.INCONCLUSIVE:
            yield from _undecided(run, group, numbers, located, paint)
        else:
            yield from _explained(run, group, located, paint)


def _head(group: list[Finding], paint: Paint) -> Iterator[str]:
    policy, outcome = group[0].policy, group[0].verdict.outcome
    label = wording.words(outcome).upper()
    text = f"{policy.severity.value}: {wording.sentence(policy.title)}"
    yield from paint.labelled(label, text, COLOURS[outcome])
    ids = listed([policy.id, *policy.controls], _NAMES)
    subjects = f", {len(group)} subjects" if len(group) > 1 else ""
    yield from wrap(ids + subjects, indent="    ")
    for change in policy.changes:
        text = f"changed: {wording.sentence(told(change))}"
        yield from wrap(text, indent="    ", hang="      ")


def _is_whole(group: list[Finding]) -> bool:
    """Tell whether the group is about the auditee itself, so that its subject needs no naming."""
    return len(group) == 1 and wording.is_whole(group[0].result, group[0].verdict)


def _explained(
    run: Run, group: list[Finding], located: Mapping[str, Location], paint: Paint
) -> Iterator[str]:
    yield from _head(group, paint)
    indent = "    "
    for number, finding in enumerate(group):
        verdict = finding.verdict
        if not _is_whole(group):
            yield from wrap(f"* {wording.subject(verdict)}", indent="    ", hang="      ")
            indent = "      "
        if verdict.owner:
            yield from wrap(f"To act: {name(verdict.owner)}", indent=indent)
        clauses = wording.deciding_clauses(verdict)
        if number >= _SUBJECTS_IN_FULL:
            for text in [clause.message for clause in clauses] or [verdict.message]:
                yield from wrap(wording.sentence(text), indent=indent)
        elif clauses:
            yield from _clauses(clauses, verdict, located, indent)
        else:
            yield from wrap(wording.sentence(verdict.message), indent=indent)
            yield from _facts(verdict.facts, located, indent + "  ")
        yield from _standing(run, [finding], indent)
    fix = f"Fix: {wording.remedy(group[0].policy, group[0].verdict)}"
    yield from wrap(fix, indent="    ", hang="         ")


def _clauses(
    clauses: Iterable[ClauseVerdict],
    verdict: Verdict,
    located: Mapping[str, Location],
    indent: str,
) -> Iterator[str]:
    shown: set[str] = set()
    inner = indent + "  "
    for clause in clauses:
        yield from wrap(wording.sentence(clause.message), indent=indent)
        if why := wording.because(clause):
            yield from wrap(f"Because: {why}", indent=indent, hang=inner)
        if clause.failing:
            text = f"fails for: {listed(clause.failing, _NAMES)}"
            yield from wrap(text, indent=inner, hang=inner + "  ")
        fresh = [fact for fact in clause.facts if fact.pointer not in shown]
        shown.update(fact.pointer for fact in fresh)
        yield from _facts(fresh, located, inner)
    if not shown:
        yield from _facts(verdict.facts, located, inner)


def _facts(facts: Iterable[Fact], located: Mapping[str, Location], indent: str) -> Iterator[str]:
    every = list(facts)
    for fact in every[:_FACTS]:
        yield from wrap(wording.fact_line(fact, located), indent=indent, hang=indent + "  ")
    if len(every) > _FACTS:
        yield f"{indent}and {counted(len(every) - _FACTS, 'more fact')}"


def _undecided(
    run: Run,
    group: list[Finding],
    numbers: _Numbers,
    located: Mapping[str, Location],
    paint: Paint,
) -> Iterator[str]:
    yield from _head(group, paint)
    if len(group) == 1:
        message = wording.sentence(group[0].verdict.message)
        subject = "" if _is_whole(group) else f"{wording.subject(group[0].verdict)}: "
        yield from wrap(subject + message, indent="    ")
    else:
        subjects = listed([wording.subject(one.verdict) for one in group], _NAMES)
        yield from wrap(subjects, indent="    ")
    gaps = {fact.pointer: fact for one in group for fact in one.verdict.missing}
    standing = [fact for fact in gaps.values() if wording.fact_place(fact, located)]
    yield from _facts(standing, located, "      ")
    waits = sorted({numbers[key] for one in group for key in waits_on(one)})
    yield from wrap(
        f"Waits on missing {'fact' if len(waits) == 1 else 'facts'} "
        + ", ".join(f"[{number}]" for number in waits),
        indent="    ",
    )
    yield from _standing(run, group, "    ")


def _missing(
    missing: Iterable[MissingFact], located: Mapping[str, Mapping[str, Location]], paint: Paint
) -> Iterator[str]:
    yield from paint.heading("Missing facts")
    for number, fact in enumerate(missing, start=1):
        label = f"[{number}]"
        yield from paint.labelled(label, fact.sentence(), COLOURS[Outcome.INCONCLUSIVE])
        indent = " " * (3 + len(label))
        if fact.pattern:
            yield from wrap(f"fact: {name(fact.pattern)} ({name(fact.reason)})", indent=indent)
        if first := _first_place(fact, located):
            yield from wrap(f"first: {first}", indent=indent, hang=indent + "  ")
        policies = Counter(one.policy.id for one in fact.waiting).most_common()
        auditees = Counter(wording.auditee(one.result) for one in fact.waiting).most_common()
        for text in (
            f"asked by: {listed([f'{policy} ({count})' for policy, count in policies], _NAMES)}",
            f"verdicts: {listed([f'{count} in {auditee}' for auditee, count in auditees], _NAMES)}",
        ):
            yield from wrap(text, indent=indent, hang=indent + "  ")
        yield from wrap(f"to supply: {fact.remedy()}", indent=indent, hang=indent + "  ")


def _first_place(missing: MissingFact, located: Mapping[str, Mapping[str, Location]]) -> str:
    """Return the first of the missing facts that stands somewhere, with its place; empty where none does."""
    for finding, fact in missing.gaps():
        if place := wording.fact_place(fact, located[finding.result.auditee]):
            return f"{wording.fact_name(fact.pointer)} <{place}>"
    return ""


def _gate(run: Run, gate: GateSummary, paint: Paint) -> Iterator[str]:
    yield from paint.heading("Gate")
    idle = gate_words.let_be(run)
    open_or_green = Outcome.INCONCLUSIVE if idle else Outcome.PASS
    colour = COLOURS[Outcome.FAIL if gate.reasons else open_or_green]
    why = ", ".join(gate.reasons) or "nothing counts"
    yield from paint.labelled(f"{gate_words.gate_verdict(gate, run)}:", why, colour)
    yield from bulleted(gate.rules)
    yield from wrap(f"Score: {gate_words.score_words(run)}", indent="  ", hang="    ")
    if idle:
        yield from wrap(f"Do not count: {idle}", indent="  ", hang="    ")
    if gate.gone:
        yield "  Known, and no finding any more:"
        yield from bulleted(map(gate_words.gone, gate.gone[:_NAMES]), indent="    ")
        if len(gate.gone) > _NAMES:
            yield f"    and {len(gate.gone) - _NAMES} more"


def _standing(run: Run, group: Iterable[Finding], indent: str) -> Iterator[str]:
    """Say of findings what the gate makes of them, and what earlier runs said; of many alike, once."""
    texts: Counter[str] = Counter()
    for one in group:
        standing = run.standing(one.result.auditee, one.verdict)
        if text := gate_words.mark(standing):
            texts[f"Gate: {text}"] += 1
        if text := gate_words.before(standing.earlier):
            texts[f"Before: {text}"] += 1
    for text, count in texts.items():
        times = f" ({count} times)" if count > 1 else ""
        yield from wrap(text + times, indent=indent, hang=indent + "  ")


def _next(run: Run, found: tuple[Finding, ...]) -> Iterator[str]:
    yield ""
    for number, step in enumerate(next_steps(run, found)):
        yield from _step(step, indent="      " if number else "Next: ")


def _step(step: Step, *, indent: str) -> Iterator[str]:
    *lines, last = wrap(step.text, indent=indent, hang="        ")
    yield from lines
    whole = f"{last} {step.command}" if step.command else last
    if columns(whole) <= WIDTH:
        yield whole
    else:
        # A command that is broken cannot be pasted: it may be wider than the page.
        yield last
        yield f"        {step.command}"


def _all_facts(verdict: Verdict) -> Iterator[Fact]:
    yield from verdict.facts
    yield from verdict.missing
    for clause in verdict.clauses:
        yield from clause.facts
