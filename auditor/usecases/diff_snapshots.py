"""
What changed between two snapshots: what `auditor snapshot diff` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.difference import differences
from auditor.model.errors import ErrorGroup, UsageProblem
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import snapshot_models
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from auditor.facts.difference import Difference
    from auditor.facts.snapshot import SnapshotModels
    from auditor.usecases.audience import Audience
    from auditor.usecases.read_inputs import Loaded


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """Two snapshots and what differs."""

    old: Loaded
    new: Loaded
    differences: tuple[Difference, ...]


def diff_snapshots(
    old: str, new: str, *, captured_at: str | None, audience: Audience
) -> ShownDifference:
    """
    Compare the snapshot that *old* stands for with the one of *new*.

    Raises:
        UsageProblem: A path stands for several snapshots, or the two are of different kinds of auditee.
        NothingToAudit: A path stands for no snapshot.
        ErrorGroup: One cannot be read.
    """
    models = snapshot_models()
    left, right = (_only(path, models, captured_at, audience) for path in (old, new))
    if left.snapshot.target != right.snapshot.target:
        msg = (
            f"'{left.name}' is of a {left.snapshot.target}, '{right.name}' of a"
            f" {right.snapshot.target}"
        )
        raise UsageProblem(msg, hint="compare two snapshots of one kind of auditee")
    if left.snapshot.auditee != right.snapshot.auditee:
        audience.note(
            f"these are two auditees: {left.snapshot.auditee} and {right.snapshot.auditee}"
        )
    return ShownDifference(left, right, tuple(differences(left.snapshot, right.snapshot)))


def _only(path: str, models: SnapshotModels, captured_at: str | None, audience: Audience) -> Loaded:
    inputs = read_inputs([path], models, captured_at=captured_at)
    if inputs.errors:
        raise ErrorGroup(error for _, error in inputs.errors)
    for note in inputs.notes:
        audience.note(note)
    if not inputs.loaded:
        raise no_snapshot([path])
    if len(inputs.loaded) > 1:
        msg = f"'{shown_name(path)}' holds {len(inputs.loaded)} snapshots, one is compared with one"
        raise UsageProblem(msg, hint=f"name one of them, e.g. {inputs.loaded[0].name}")
    return inputs.loaded[0]
