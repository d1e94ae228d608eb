"""
Try expressions and policies on snapshots while they are being written: what `auditor policy try` begins with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model.errors import ErrorGroup
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.trying.trial import Trial
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from auditor.model.errors import AuditorError
    from auditor.usecases.audience import Audience
    from auditor.usecases.instants import AsOf, Period


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user wants to try, on what."""

    paths: tuple[str, ...] = ()
    """Snapshots; none for those of the current folder."""
    policies: tuple[str, ...] = ()
    profile: str | None = None
    policy: str | None = None
    """File or id."""
    as_of: AsOf | None = None
    period: Period | None = None
    captured_at: str | None = None
    """Up to when a source speaks that cannot date itself."""


def begin(wanted: Wanted, audience: Audience) -> tuple[Trial, list[AuditorError]]:
    """
    Read the snapshots and the policies.

    Args:
        wanted: What to try, on what.
        audience: Told what it may want to know of the snapshots.

    Returns:
        The trial, and what could not be read; the rest is tried without it.

    Raises:
        NothingToAudit: There is no snapshot.
        ErrorGroup: None can be read, or no folder of policies.
        UsageProblem: There is no such policy.
    """
    folders = wanted.policies
    if not folders and wanted.policy is not None and Path(wanted.policy).is_file():
        folders = (str(Path(wanted.policy).parent),)
    bench = read_workbench(folders, wanted.profile)
    paths = wanted.paths or (".",)
    inputs = read_inputs(paths, bench.models, captured_at=wanted.captured_at, profile=bench.profile)
    for note in inputs.notes:
        audience.note(note)
    audience.details(f"{name}: not used, {reason}" for name, reason in inputs.passed_over)
    errors = [error for _, error in inputs.errors]
    if not inputs.loaded:
        raise ErrorGroup(errors) if errors else no_snapshot(paths)
    attestations = [filed.record for filed in inputs.attestations]
    trial = Trial(bench, inputs.loaded, attestations, as_of=wanted.as_of, period=wanted.period)
    if wanted.policy is not None:
        trial.choose_policy(wanted.policy)
    return trial, [*bench.errors, *errors]
