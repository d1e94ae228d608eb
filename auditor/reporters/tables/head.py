"""
What a run says of itself before anything else: what was relaxed, the three opening lines, score and gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings.score import FORMULA, Scores
from auditor.reporters import wording
from auditor.reporters.gate_words import gate_verdict, gone
from auditor.reporters.tables.untold import untold
from auditor.reporters.tables.view import Column, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.model.standing import GateSummary
    from auditor.reporters.tables.view import Row

_COLUMNS: Final = (
    Column("what", "What is told; the same word again where there is more of it.", width=22),
    Column("told", "What there is to say.", width=120),
)


def _rows(run: Run, places: Places) -> Iterator[Row]:
    del places
    for text in run.relaxed:
        yield "relaxed", wording.sentence(text)
    for label, text in wording.opening(run):
        yield label.lower(), text
    for one in untold(run):
        told = f"{wording.name(one.name)}: {one.sentence}" if one.name else one.sentence
        at = f" <{one.location}>" if one.location else ""
        help_ = f"; help: {one.fix}" if one.fix else ""
        yield one.kind, f"{told}{at}{help_}"
    yield from _score(run)
    if run.gate is not None:
        yield from _gate(run.gate, run)
    yield "engine", run.engine
    if run.as_of is not None:
        yield "as of", wording.instant(run.as_of)
    if run.period is not None:
        yield "the period, in rules", " to ".join(map(wording.instant, run.period))
    if run.profile is not None:
        profile = run.profile
        yield "profile", f"{profile.id}, version {profile.version}, {profile.digest}"
    for policy in run.only:
        yield "only", policy
    for framework in run.frameworks:
        yield "framework", f"{framework.id}, version {framework.version} of {framework.date}"
    for other in run.not_used:
        yield "not used", f"{wording.name(other.name)}: {wording.sentence(other.reason)}"


def _score(run: Run) -> Iterator[Row]:
    total = Scores(run).total
    yield "score raw", "none" if total.raw is None else total.raw
    yield "score net", "none" if total.net is None else total.net
    yield "score", FORMULA
    yield "kept", total.kept
    yield "due", total.due
    yield "accepted", total.accepted


def _gate(gate: GateSummary, run: Run) -> Iterator[Row]:
    yield "gate", gate_verdict(gate, run)
    for rule in gate.rules:
        yield "gate asks", wording.sentence(rule)
    for reason in gate.reasons:
        yield "gate says", wording.sentence(reason)
    if gate.against is not None:
        yield "compared with", gate.against
    for one in gate.gone:
        yield "no finding any more", gone(one)


HEAD: Final = View("run", "one thing that is told of the run", _COLUMNS, _rows)
