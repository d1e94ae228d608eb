"""
What was assessed, in which controls: the auditees as inventory items, and the selection of controls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.reporters import wording
from auditor.reporters.oscal.document import outcome_word
from auditor.reporters.oscal.findings import auditee_uuid
from auditor.reporters.oscal.values import Tree, id_prop, kept, line, prop, reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.reporters.oscal.controls import Reviewed


def auditees(run: Run, *, is_planned: bool = False) -> Iterator[Tree]:
    """
    Yield the auditees as inventory items, and the members that nobody could audit.

    Args:
        run: Whose they are.
        is_planned: Whether to leave out what came of it.
    """
    known = set()
    for result in run.results:
        known.add(result.auditee)
        yield _auditee(result, is_planned=is_planned)
    for member in run.population.missing:
        if member not in known:
            yield {
                "uuid": auditee_uuid(member),
                "description": line(wording.member(run.population, member)),
                "props": [id_prop("auditee", member), prop("audited", "no")],
            }


def _auditee(result: ResultDocument, *, is_planned: bool) -> Tree:
    props = [id_prop("auditee", result.auditee), prop("target", result.target)]
    snapshot = reference(result.snapshot_name)
    if not is_planned:
        props += [
            prop("audited", "yes"),
            prop("snapshot", result.snapshot_name),
            prop("snapshot-digest", result.snapshot_digest),
            prop("captured-at", result.captured_at),
            prop("judged-at", result.judged_at),
            prop("time-zone", result.time_zone),
            *(
                prop(f"verdicts-{outcome_word(outcome)}", str(count))
                for outcome, count in result.counts().items()
            ),
            *(
                prop("out-of-period", f"{policy}: {count}")
                for policy, count in result.out_of_period
            ),
            *(prop("without-history", field) for field in result.uncut),
        ]
    return kept(
        {
            "uuid": auditee_uuid(result.auditee),
            "description": line(wording.auditee(result)),
            "props": props,
            "links": [{"href": snapshot, "rel": "snapshot"}]
            if snapshot and not is_planned
            else None,
        }
    )


def reviewed_controls(reviewed: Reviewed) -> Tree:
    """Return the selection of controls and of their objectives; one is always there."""
    return {
        "control-selections": [
            {"include-controls": [{"control-id": control} for control in reviewed.controls]}
        ],
        "control-objective-selections": [
            {"include-objectives": [{"objective-id": named} for named in reviewed.objectives]}
        ],
    }
