"""
Which facts the policies need and which are known: what `auditor snapshot show --coverage` does.

Asked before an audit, it says what will be inconclusive; asked of a new source, what to collect beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.coverage import coverage
from auditor.language.reads import fields_read
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import load_policies, packaged_folder, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.facts.coverage import Coverage
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import CompiledPolicy, Plan
    from auditor.model.errors import AuditorError
    from auditor.usecases.audience import Audience
    from auditor.usecases.read_policies import PolicyChoice, PolicyFolder


@dataclass(frozen=True, slots=True)
class NeededFact:
    """A fact that policies need, what the snapshot knows of it, and whom it is for."""

    coverage: Coverage
    policies: tuple[str, ...]
    """Ids, sorted."""


@dataclass(frozen=True, slots=True)
class ShownCoverage:
    """What one snapshot knows of what is needed."""

    name: str
    snapshot: Snapshot
    policies: int
    """How many policies judge snapshots of this kind."""
    facts: tuple[NeededFact, ...]
    """In the order of the schema."""


def show_coverage(
    paths: Sequence[str],
    folders: Sequence[PolicyFolder],
    choice: PolicyChoice,
    *,
    captured_at: str | None,
    audience: Audience,
) -> tuple[list[ShownCoverage], list[AuditorError]]:
    """
    Hold every snapshot that *paths* stand for against the facts that the chosen policies need.

    Returns:
        The snapshots, and what could not be read.

    Raises:
        NothingToAudit: There is no snapshot.
        UsageProblem: *choice* names a policy or a pack that there is not.
    """
    models = snapshot_models()
    policies = load_policies(folders or [packaged_folder()], choice, models)
    inputs = read_inputs(paths, models, captured_at=captured_at)
    for note in inputs.notes:
        audience.note(note)
    if not inputs.loaded and not inputs.errors:
        raise no_snapshot(paths)
    shown = [
        _shown(one.name, one.snapshot, policies.plan) for one in inputs.loaded if policies.plan
    ]
    return shown, [*policies.errors, *(error for _, error in inputs.errors)]


def _shown(name: str, snapshot: Snapshot, plan: Plan) -> ShownCoverage:
    chosen = [policy for policy in plan.policies if policy.summary.target == snapshot.target]
    readers: dict[str, list[str]] = {}
    for policy in chosen:
        for field in _wanted(policy, snapshot, plan):
            readers.setdefault(field, []).append(policy.summary.id)
    facts = tuple(
        NeededFact(found, tuple(sorted(readers[found.name])))
        for found in coverage(snapshot, readers)
    )
    return ShownCoverage(name, snapshot, len(chosen), facts)


def _wanted(policy: CompiledPolicy, snapshot: Snapshot, plan: Plan) -> frozenset[str]:
    return fields_read([policy], snapshot.root, plan.functions)
