"""
What the text report says of verdicts that nobody has to act on, in short counts.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import FINDING_OUTCOMES
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.layout import wrap
from auditor.reporters.passes import attested_passes, weak_passes
from auditor.reporters.text_page import COLOURS, bulleted
from auditor.reporters.wording import counted, listed, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.verdict import Verdict
    from auditor.reporters.passes import Judged
    from auditor.reporters.text_page import Paint

_NAMES: Final = 10


def rest(run: Run, paint: Paint) -> Iterator[str]:
    """Yield the lines of the section."""
    verdicts = [(result, verdict) for result in run.results for verdict in result.verdicts]
    counts = run.counts()
    not_due = [one for one in verdicts if one[1].reason == "not_due"]
    plain = counts[Outcome.NOT_APPLICABLE] - len(not_due)
    yield from paint.heading("The rest")
    attested = attested_passes(verdicts)
    apart = f"and {len(attested)} attested, " if attested else ""
    yield from paint.labelled(
        f"{counts[Outcome.PASS] - len(attested)} pass",
        f"{apart}and {plain} not applicable" + _clean(run),
        COLOURS[Outcome.PASS],
    )
    yield from _attested(attested)
    if not_due:
        yield from wrap(_not_due(not_due), indent="  ", hang="    ")
    outside: Counter[str] = Counter()
    for result in run.results:
        outside.update(dict(result.out_of_period))
    if outside.total():
        which = listed([f"{policy} ({outside[policy]})" for policy in sorted(outside)], _NAMES)
        text = f"{counted(outside.total(), 'subject')} out of the period, not judged: {which}"
        yield from wrap(text, indent="  ", hang="    ")
    yield from _weak(verdicts)
    uncut: dict[str, list[str]] = {}
    for result in run.results:
        for field in result.uncut:
            uncut.setdefault(field, []).append(name(result.auditee))
    if uncut:
        yield "  Read as captured, because these fields have no history:"
        texts = (f"{name(field)}: {listed(uncut[field], _NAMES)}" for field in sorted(uncut))
        yield from bulleted(texts, indent="    ")


def _clean(run: Run) -> str:
    clean = [
        wording.auditee(result)
        for result in run.results
        if result.verdicts and not any(result.counts()[outcome] for outcome in FINDING_OUTCOMES)
    ]
    return f"; nothing to do in {listed(clean, _NAMES)}" if clean else ""


def _not_due(not_due: list[tuple[ResultDocument, Verdict]]) -> str:
    text = f"{len(not_due)} not due yet"
    # Instants of auditees in different zones do not sort as text. Of equal ones the first in the run wins.
    dated = [
        (_instant(verdict.due_at, result), verdict.due_at, result, verdict)
        for result, verdict in not_due
        if verdict.due_at
    ]
    if not dated:
        return text
    _, due_at, result, verdict = min(dated, key=lambda one: one[0])
    what = f"{verdict.policy}, {wording.judged(result, verdict)}"
    return f"{text}; the first is due {wording.instant(due_at)}: {what}"


def _instant(due_at: str, result: ResultDocument) -> datetime:
    """Return what sorts: a limit that is known to the day only counts as the beginning of that day."""
    at = datetime.fromisoformat(due_at)
    if at.tzinfo is None:
        return at.replace(tzinfo=datetime.fromisoformat(result.judged_at).tzinfo)
    return at


def _attested(texts: list[str]) -> Iterator[str]:
    if texts:
        yield "  Somebody's word, not a record, makes these green:"
        yield from bulleted(texts[:_NAMES], indent="    ")
        if len(texts) > _NAMES:
            yield f"    and {len(texts) - _NAMES} more"


def _weak(verdicts: Iterable[Judged]) -> Iterator[str]:
    total, texts = weak_passes(verdicts)
    if total:
        rest = "rests" if total == 1 else "rest"
        yield from wrap(f"{total} of the passes {rest} on weak evidence:", indent="  ")
        yield from bulleted(texts, indent="    ")
