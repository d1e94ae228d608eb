"""
Findings in Markdown, for whoever reads them beside a change or a build.

What is the same for many findings is said once: a policy with its fix, then a row for each thing that breaks it. Every piece is a
paragraph or a row of a table and ends with its line end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from auditor.findings.changes import told
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.gate_words import gate_verdict, score_words, standing_words
from auditor.reporters.markdown_text import inline
from auditor.reporters.missing_facts import missing_facts
from auditor.reporters.next_steps import next_steps
from auditor.reporters.remarks import demands, trouble_statements
from auditor.reporters.troubles import troubles
from auditor.reporters.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.findings.finding import Finding
    from auditor.model.policy import PolicySummary
    from auditor.model.run import Run
    from auditor.reporters.remarks import FindingPlaces

ROWS_HEAD: Final = "| What | What is wrong | Where |\n|---|---|---|\n"
MISSING_HEAD: Final = "| Missing fact | Who waits on it | How to supply it |\n|---|---|---|\n"

_NAME: Final = 160
_TEXT: Final = 600
_NAMES: Final = 10


class Group(NamedTuple):
    """Findings of one policy that came to the same."""

    outcome: Outcome
    policy: PolicySummary
    found: tuple[Finding, ...]


def groups(found: Iterable[Finding]) -> tuple[Group, ...]:
    """Group findings by outcome and policy, in the order in which each comes first."""
    together: dict[tuple[Outcome, str], list[Finding]] = {}
    for one in found:
        together.setdefault((one.verdict.outcome, one.policy.id), []).append(one)
    return tuple(
        Group(outcome, some[0].policy, tuple(some)) for (outcome, _), some in together.items()
    )


def opening(run: Run) -> Iterator[str]:
    """Yield what was relaxed, and the lines that every report begins with."""
    for one in run.relaxed:
        yield f"> {inline(wording.sentence(one), _TEXT)}\n\n"
    for label, text in wording.opening(run):
        yield f"**{label}:** {inline(text, _TEXT * 2)}\n\n"
    yield f"**Score:** {inline(score_words(run), _TEXT)}\n\n"


def gate(run: Run) -> Iterator[str]:
    """Yield how the gate ended, what it asked for and why it is red; nothing of a run without one."""
    if run.gate is None:
        return
    yield f"**Gate:** {inline(gate_verdict(run.gate), _TEXT)}\n\n"
    for label, sentences in (("asked for", run.gate.rules), ("because", run.gate.reasons)):
        yield from (f"- {label}: {inline(wording.sentence(one), _TEXT)}\n" for one in sentences)
    if run.gate.against is not None:
        mended = counted(len(run.gate.gone), "finding")
        yield f"- against {inline(wording.name(run.gate.against), _TEXT)}: {mended} mended\n"
    if run.gate.rules or run.gate.reasons or run.gate.against is not None:
        yield "\n"


def trouble_rows(run: Run) -> Iterator[str]:
    """Yield what no verdict tells, as items of a list."""
    for one in troubles(run):
        place = f" ({inline(str(one.location), _NAME)})" if one.location else ""
        yield f"- {inline(' '.join(trouble_statements(one)), _TEXT)}{place}\n"


def title(group: Group) -> str:
    """Return the heading of a group: ``fail, high: Execution began before … (2)``."""
    what = f"{wording.words(group.outcome)}, {group.policy.severity.value}"
    name = inline(wording.sentence(group.policy.title), _NAME)
    return f"{what}: {name} ({len(group.found)})"


def about(group: Group) -> str:
    """Return what holds for all findings of a group: the policy, what was changed of it, the demands, the fix."""
    policy, first = group.policy, group.found[0]
    lines = [f"{inline(listed([policy.id, *policy.controls], _NAMES), _TEXT)}"]
    lines += [f"Changed: {inline(told(change), _TEXT)}" for change in policy.changes]
    places = dict.fromkeys(
        str(place) for one in group.found for _, place in demands(policy, one.verdict)
    )
    lines.append(f"Required at {inline(listed(list(places), _NAMES), _TEXT)}")
    if group.outcome is not Outcome.INCONCLUSIVE:
        lines.append(f"**Fix:** {inline(wording.remedy(policy, first.verdict), _TEXT)}")
    return "  \n".join(lines) + "\n\n"


def rows(group: Group, places: FindingPlaces, run: Run) -> Iterator[str]:
    """Yield a row of `ROWS_HEAD` for each finding of a group."""
    for one in group.found:
        place = places.first(one)
        cells = (
            inline(wording.judged(one.result, one.verdict), 2 * _NAME),
            inline(" ".join(_wrong(one, run)), _TEXT),
            inline(str(place) if place else wording.name(one.result.snapshot_name), 2 * _NAME),
        )
        yield f"| {' | '.join(cells)} |\n"


def missing_rows(run: Run) -> tuple[str, ...]:
    """Return a row of `MISSING_HEAD` for each kind of fact that verdicts wait on, the longest queue first."""
    found = []
    for fact in missing_facts(run):
        policies = list(dict.fromkeys(one.policy.id for one in fact.waiting))
        cells = (fact.sentence(), listed(policies, _NAMES), fact.remedy())
        found.append(f"| {' | '.join(inline(cell, _TEXT) for cell in cells)} |\n")
    return tuple(found)


def steps(run: Run, found: tuple[Finding, ...]) -> str:
    """Return what to do next."""
    lines = []
    for step in next_steps(run, found):
        command = f" <code>{inline(step.command, _TEXT)}</code>" if step.command else ""
        lines.append(f"- {inline(step.text, _TEXT)}{command}\n")
    return "".join(lines)


def not_counted(run: Run, found: Iterable[Finding]) -> str:
    """Say how many findings do not count at the gate, by why; empty where all do, or there was no gate."""
    if run.gate is None:
        return ""
    counts: dict[Gating, int] = {}
    for one in found:
        gating = run.standing(one.result.auditee, one.verdict).gating
        counts[gating] = counts.get(gating, 0) + 1
    kinds = [
        f"{counts[gating]} {gating.value.replace('_', ' ')}"
        for gating in Gating
        if gating is not Gating.COUNTS and gating in counts
    ]
    total = counted(sum(counts.values()), "finding")
    return f"Of {total} do not count at the gate: {', '.join(kinds)}.\n\n" if kinds else ""


def _wrong(one: Finding, run: Run) -> Iterator[str]:
    verdict = one.verdict
    yield wording.sentence(verdict.message)
    for clause in wording.deciding_clauses(verdict):
        if clause.message != verdict.message:
            yield wording.sentence(clause.message)
        if why := wording.because(clause):
            yield why
    if verdict.owner:
        yield f"To act: {wording.name(verdict.owner)}."
    standing = run.standing(one.result.auditee, verdict)
    if run.gate is not None and standing.gating is not Gating.COUNTS:
        yield f"({standing_words(standing)})"
