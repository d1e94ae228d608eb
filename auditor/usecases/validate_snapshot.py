"""
Everything that is wrong with a snapshot, at once: what `auditor snapshot validate` does.

It is the way in that every verb uses, so that what is valid here is valid there; only that here the faults
are the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.model.errors import AuditorError, ErrorGroup, ExitCode
from auditor.sources.contract import ReaderOptions
from auditor.usecases.draft_source import root_for
from auditor.usecases.find_inputs import find_inputs, no_snapshot
from auditor.usecases.load_files import load_files
from auditor.usecases.read_inputs import shaped, shown_files, snapshot_draft
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.facts.snapshot import SnapshotModels
    from auditor.usecases.audience import Audience
    from auditor.usecases.find_inputs import Found


@dataclass(frozen=True, slots=True)
class Validated:
    """What one input came to."""

    name: str
    faults: tuple[AuditorError, ...]
    """Sorted by place; empty for a valid snapshot."""


def validate_snapshots(
    paths: Iterable[str], *, captured_at: str | None, audience: Audience
) -> Iterator[Validated]:
    """
    Validate every snapshot that *paths* stand for, one after the other.

    Raises:
        NothingToAudit: There is none.
    """
    typed = tuple(paths)
    inputs = find_inputs(typed)
    models = snapshot_models()
    is_any = False
    for name, error in inputs.errors:
        is_any = True
        yield Validated(name, (error,))
    for found in inputs.found:
        try:
            faults = _faults(found, models, captured_at, audience)
        except AuditorError as error:
            faults = (error,)
        if faults is not None:
            is_any = True
            yield Validated(found.name, faults)
    if not is_any:
        raise no_snapshot(typed)


def code_of(validated: Iterable[Validated]) -> ExitCode:
    """Return the exit code of a validation."""
    return ExitCode.BAD_INPUT if any(one.faults for one in validated) else ExitCode.OK


def _faults(
    found: Found, models: SnapshotModels, captured_at: str | None, audience: Audience
) -> tuple[AuditorError, ...] | None:
    """Return the faults of *found*; None for a file beside the snapshots that is none."""
    source = load_files(found)
    notes: list[str] = []
    options = ReaderOptions(captured_at=captured_at, root=root_for(found, models))
    draft = snapshot_draft(found, source, options, notes)
    if draft is None:
        return None
    for note in notes:
        audience.note(note)
    try:
        shaped(draft, shown_files(source), models)
    except ErrorGroup as group:
        return (*draft.problems, *group.errors)
    return draft.problems
