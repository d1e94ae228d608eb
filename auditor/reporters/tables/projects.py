"""
Every auditee of a run, one per row, those that were not audited included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings.score import Scores
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.tables.controls import SCORE
from auditor.reporters.tables.untold import untold
from auditor.reporters.tables.view import Column, Kind, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.tables.view import Cell, Row

_COLUMNS: Final = (
    Column(
        "kind",
        "audited, not_audited, excluded; input for one that cannot be read, run where nothing was audited.",
        width=13,
    ),
    Column("auditee", "Name of the project, or of the input.", width=30),
    Column("auditee_id", "Its id.", width=24),
    Column("target", "What it is: a project, a unit, the portfolio.", width=12),
    Column("sentence", "Why it was not audited, or what is wrong with the input.", width=50),
    *(
        Column(outcome.value, f"Verdicts that came to {wording.words(outcome)}.", Kind.NUMBER, 14)
        for outcome in Outcome
    ),
    Column("attested", "Of the passes, those that rest on a person's word.", Kind.NUMBER, 10),
    *SCORE,
    Column("captured_at", "When the snapshot was taken.", Kind.INSTANT, 24),
    Column("judged_at", "The instant to which its facts were looked at.", Kind.INSTANT, 24),
    Column("time_zone", "Its zone.", width=18),
    Column("snapshot", "File or folder that was judged.", width=40),
    Column("snapshot_digest", "Digest of what was judged.", width=30),
)


def _rows(run: Run, places: Places) -> Iterator[Row]:
    del places
    called = dict(run.population.names)
    for one in untold(run):
        if one.kind != "auditee":
            yield _left(one.kind, one.name, "", one.sentence)
    for member in run.population.missing:
        yield _left("not_audited", called.get(member, member), member, wording.NOT_AUDITED)
    for other in run.population.excluded:
        reason = wording.sentence(other.reason)
        yield _left("excluded", called.get(other.name, other.name), other.name, reason)
    scores = Scores(run)
    controls = [control.id for control in run.controls]
    for result in run.results:
        counts = result.counts()
        score = scores.of([result.auditee], controls)
        yield (
            "audited",
            wording.name(result.auditee_name or result.auditee),
            result.auditee,
            result.target,
            "",
            *(counts[outcome] for outcome in Outcome),
            result.attested(),
            score.kept,
            score.due,
            score.accepted,
            score.raw,
            score.net,
            result.captured_at,
            result.judged_at,
            result.time_zone,
            result.snapshot_name,
            result.snapshot_digest,
        )


def _left(kind: str, name: str, auditee: str, sentence: str) -> Row:
    """Return the row of what has no verdicts; its counts are empty, which is not 0."""
    cells: dict[str, Cell] = {
        "kind": kind,
        "auditee": wording.name(name),
        "auditee_id": auditee,
        "sentence": sentence,
    }
    return tuple(cells.get(column.name, "") for column in _COLUMNS)


PROJECTS: Final = View("projects", "an auditee, audited or not", _COLUMNS, _rows)
