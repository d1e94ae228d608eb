"""
Every control of a run over all auditees, one per row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from auditor.findings.score import Scores
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.tables.untold import untold
from auditor.reporters.tables.view import Column, Kind, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.tables.view import Row

SCORE: Final = (
    Column("kept", "Controls that are kept, counted by auditee.", Kind.NUMBER, 8),
    Column("due", "Controls that apply, counted by auditee.", Kind.NUMBER, 8),
    Column(
        "accepted",
        "Of the due ones that are not kept, those of which every finding is accepted.",
        Kind.NUMBER,
        10,
    ),
    Column("score_raw", "Kept of due.", Kind.PERCENT, 10),
    Column("score_net", "Kept of what is due and not accepted.", Kind.PERCENT, 10),
)

_COLUMNS: Final = (
    Column(
        "kind",
        "control; or, of what has no verdict, input (cannot be read), auditee (not audited) or run"
        " (nothing was audited).",
        width=10,
    ),
    Column("control", "Id of the control, or name of what has no verdict.", width=18),
    Column("framework", "The framework that demands it.", width=16),
    Column("area", "Pillar, section or principle.", width=22),
    Column("stage", "Stage of a project's life.", width=16),
    Column(
        "state",
        "decided, attested (and a person vouched for some of it), part (some of it was decided),"
        " undecided, no_auditee, not_covered (no policy serves it); error for what has no verdict.",
        width=12,
    ),
    Column("rule", "What must hold; of what has no verdict, what is wrong.", width=60),
    Column("policies", "The policies of the run that serve it.", Kind.LIST, 36),
    *(
        Column(
            outcome.value,
            f"Auditees for which it came to {wording.words(outcome)}.",
            Kind.NUMBER,
            14,
        )
        for outcome in Outcome
    ),
    *SCORE,
)


def _rows(run: Run, places: Places) -> Iterator[Row]:
    del places
    for one in untold(run):
        cells = {
            "kind": one.kind,
            "control": wording.name(one.name),
            "state": Outcome.ERROR.value,
            "rule": one.sentence,
        }
        yield tuple(cells.get(column.name, "") for column in _COLUMNS)
    scores = Scores(run)
    serving: defaultdict[str, list[str]] = defaultdict(list)
    for policy in run.policies:
        for control_id in policy.controls:
            serving[control_id].append(policy.id)
    auditees = [result.auditee for result in run.results]
    for control in run.controls:
        came = Counter(scores.outcome(auditee, control.id) for auditee in auditees)
        score = scores.of(auditees, [control.id])
        yield (
            "control",
            control.id,
            control.framework,
            control.area,
            control.stage,
            control.state,
            control.rule and wording.sentence(control.rule),
            tuple(serving[control.id]),
            *(came[outcome] for outcome in Outcome),
            score.kept,
            score.due,
            score.accepted,
            score.raw,
            score.net,
        )


CONTROLS: Final = View("controls", "a control, over all auditees", _COLUMNS, _rows)
