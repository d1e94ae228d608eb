"""
Everything that is wrong with a snapshot, at once: what `auditor snapshot validate` does.

It is the way in that every verb uses, so that what is valid here is valid there; only that here the faults
are the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.references import dangling
from auditor.model.errors import AuditorError, ErrorGroup, ExitCode
from auditor.sources.contract import ReaderOptions
from auditor.usecases.draft_source import root_for
from auditor.usecases.find_inputs import find_inputs, no_snapshot
from auditor.usecases.load_files import load_files
from auditor.usecases.read_inputs import shaped, shown_files, snapshot_draft
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.facts.references import Dangling
    from auditor.facts.snapshot import SnapshotModels
    from auditor.model.location import Location
    from auditor.usecases.audience import Audience
    from auditor.usecases.find_inputs import Found


@dataclass(frozen=True, slots=True)
class Validated:
    """What one input came to."""

    name: str
    faults: tuple[AuditorError, ...]
    """Sorted by place; empty for a valid snapshot."""
    dangling: tuple[tuple[Dangling, Location | None], ...] = ()
    """Ids of a valid snapshot that name nothing, each with its place."""


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
            validated = _validated(found, models, captured_at, audience)
        except AuditorError as error:
            validated = Validated(found.name, (error,))
        if validated is not None:
            is_any = True
            yield validated
    if not is_any:
        raise no_snapshot(typed)


def code_of(validated: Iterable[Validated]) -> ExitCode:
    """Return the exit code of a validation."""
    return ExitCode.BAD_INPUT if any(one.faults for one in validated) else ExitCode.OK


def _validated(
    found: Found, models: SnapshotModels, captured_at: str | None, audience: Audience
) -> Validated | None:
    """Return what *found* came to; None for a file beside the snapshots that is none."""
    source = load_files(found)
    notes: list[str] = []
    options = ReaderOptions(captured_at=captured_at, root=root_for(found, models))
    draft = snapshot_draft(found, source, options, notes)
    if draft is None:
        return None
    for note in notes:
        audience.note(note)
    try:
        snapshot = shaped(draft, shown_files(source), models)
    except ErrorGroup as group:
        return Validated(found.name, (*draft.problems, *group.errors))
    loose = list(dangling(snapshot))
    places = draft.places.locate(one.pointer for one in loose) if loose else {}
    told = tuple((one, places.get(one.pointer)) for one in loose)
    return Validated(found.name, draft.problems, told)
