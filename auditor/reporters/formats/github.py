"""
A run for a step on GitHub: annotations beside the lines of a change, or the summary of the step.

Profile ``commands`` is for stdout, where GitHub looks for commands. It shows few of a kind; the others stand in the log as text.
Profile ``summary`` is for the file that ``GITHUB_STEP_SUMMARY`` names.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import Finding
from auditor.model.severity import Severity
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.foreign_text import flowing
from auditor.reporters.gate_words import gate_verdict, gone, sorted_out, standing_words
from auditor.reporters.github_commands import MOST_OF_A_KIND, Annotation, annotate
from auditor.reporters.markdown_comment import Room
from auditor.reporters.markdown_run import WHOLE, markdown_run
from auditor.reporters.remarks import Remarks, demands, statements, trouble_statements
from auditor.reporters.troubles import TITLES
from auditor.reporters.wording import counted, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.github_commands import Level
    from auditor.reporters.remarks import Remark

SUMMARY: Final = "summary"
STEP: Final = 1024 * 1024
"""Octets that the summary of a step on GitHub may have; of a longer one it shows nothing."""
_GONE: Final = 20

_BY_SEVERITY: Final[dict[Severity, Level]] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
_BY_GATING: Final[dict[Gating, Level]] = {
    Gating.COUNTS: "error",
    Gating.ALLOWED: "warning",
    Gating.UNDER: "notice",
}


class GitHubReporter:
    """Renders a run for a step on GitHub."""

    media_type = "text/plain; charset=utf-8"
    suffix = ".txt"
    profiles: tuple[str, ...] = ("commands", SUMMARY)
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per line, or the summary as a whole: it is never large."""
        del colour
        if profile == SUMMARY:
            room = Room(STEP, whole=WHOLE, kind="summary", measure=_octets)
            yield markdown_run(run, places, room).encode()
        else:
            for line in _lines(run, Remarks(run, places)):
                yield f"{line}\n".encode()


def _octets(text: str) -> int:
    return len(text.encode())


def _lines(run: Run, remarks: Remarks) -> Iterator[str]:
    for one in run.relaxed:
        yield flowing(sentence(one))
    for label, text in wording.opening(run):
        yield flowing(f"{label}: {text}")
    levels = Counter(_level(one) for one in remarks)
    yield from annotate(map(_annotation, remarks))
    more = [
        f"{count - MOST_OF_A_KIND} more {level}s"
        for level, count in sorted(levels.items())
        if count > MOST_OF_A_KIND
    ]
    if more:
        shown = f"GitHub annotates {MOST_OF_A_KIND} of a kind"
        yield f"{' and '.join(more)} stand above as text: {shown}."
    for gating, count in sorted(remarks.left_out.items()):
        yield f"{counted(count, 'finding')} not shown here: {gating.value}."
    if run.gate is not None:
        yield flowing(f"Gate: {gate_verdict(run.gate, run)}")
        for reason in run.gate.reasons:
            yield f"  {flowing(sentence(reason))}"
    for _, title, every in sorted_out(run.gate):
        yield f"{title}: {len(every)}"
        yield from (f"  {flowing(gone(one))}" for one in every[:_GONE])
        if len(every) > _GONE:
            yield f"  and {len(every) - _GONE} more"


def _level(remark: Remark) -> Level:
    """Return ``error`` for what makes the run red; where nobody asked for a gate, for what is grave."""
    if remark.standing is not None:
        return _BY_GATING[remark.standing.gating]
    if isinstance(remark.about, Finding):
        return _BY_SEVERITY[remark.about.policy.severity]
    return "error"


def _annotation(remark: Remark) -> Annotation:
    about, level = remark.about, _level(remark)
    # Without a place of its own it is said of the step: at the head of a file it would stand in the way.
    place = remark.location if remark.is_placed else None
    if not isinstance(about, Finding):
        return Annotation(level, TITLES[about.kind], tuple(trouble_statements(about)), place)
    outcome = wording.words(about.verdict.outcome)
    title = f"{outcome}, {about.policy.severity.value}: {sentence(about.policy.title)}"
    lines = list(statements(about.result, about.verdict, about.policy, {}))
    lines += [
        f"Required: {name(that)} <{name(str(spot))}>."
        for that, spot in demands(about.policy, about.verdict)
    ]
    if remark.standing is not None and remark.standing.gating is not Gating.COUNTS:
        lines.append(f"It does not count: {standing_words(remark.standing)}.")
    return Annotation(level, title, tuple(lines), place)
