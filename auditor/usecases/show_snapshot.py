"""
What a snapshot holds, in a page: what `auditor snapshot show` does.

A count of zero and a count that nobody knows are different facts, and are told apart here as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import join, split
from auditor.facts.gaps import EVERY
from auditor.facts.types import ListType
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.snapshot import Snapshot
    from auditor.model.errors import AuditorError
    from auditor.usecases.audience import Audience


@dataclass(frozen=True, slots=True)
class ShownGap:
    """What is not known of one record, or of many alike."""

    pattern: str
    """Pointer, with ``*`` for the positions in which many differ."""
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A snapshot's head and counts."""

    name: str
    """File or folder."""
    snapshot: Snapshot
    counts: tuple[tuple[str, int], ...]
    """Entity and how many records of it there are, in the order of the schema."""
    unobserved: tuple[tuple[str, str], ...]
    """Entity that is not recorded, and why."""
    truncated: tuple[str, ...]
    """Entities of which only a part was read."""
    gaps: tuple[ShownGap, ...]
    """What else is not known, sorted."""

    @property
    def head(self) -> Mapping[str, Any]:
        """The snapshot's head, shaped."""
        head: Mapping[str, Any] = self.snapshot.document["snapshot"]
        return head


def show_snapshots(
    paths: Sequence[str], *, captured_at: str | None, audience: Audience
) -> tuple[list[Shown], list[AuditorError]]:
    """
    Read every snapshot that *paths* stand for, and count what is in it.

    Returns:
        The snapshots, and what could not be read.

    Raises:
        NothingToAudit: There is neither.
    """
    inputs = read_inputs(paths, snapshot_models(), captured_at=captured_at)
    for note in inputs.notes:
        audience.note(note)
    audience.details(f"{name}: not used, {reason}" for name, reason in inputs.passed_over)
    if not inputs.loaded and not inputs.errors:
        raise no_snapshot(paths)
    shown = [_shown(one.name, one.snapshot) for one in inputs.loaded]
    return shown, [error for _, error in inputs.errors]


def _shown(name: str, snapshot: Snapshot) -> Shown:
    entities = [
        entity for entity, field in snapshot.root.fields.items() if isinstance(field.type, ListType)
    ]
    document, gaps = snapshot.document, snapshot.gaps
    unobserved = tuple(
        (entity, gaps.reason_for(f"/{entity}")) for entity in entities if entity not in document
    )
    truncated = tuple(entity for entity in entities if gaps.is_truncated(f"/{entity}"))
    told = {f"/{entity}" for entity in (*truncated, *(entity for entity, _ in unobserved))}
    said: Mapping[str, str] = document["snapshot"].get("gaps", {})
    return Shown(
        name=name,
        snapshot=snapshot,
        counts=tuple((entity, len(document[entity])) for entity in entities if entity in document),
        unobserved=unobserved,
        truncated=truncated,
        gaps=_alike({pointer: why for pointer, why in said.items() if pointer not in told}),
    )


def _alike(gaps: Mapping[str, str]) -> tuple[ShownGap, ...]:
    """Put gaps together that differ by positions in lists alone; those of every record stay as written."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for pointer, reason in gaps.items():
        tokens = split(pointer)
        pattern = join(*(EVERY if token.isdecimal() else token for token in tokens))
        groups.setdefault((pattern, reason, EVERY in tokens), []).append(pointer)
    shown = [
        ShownGap(pointers[0] if len(pointers) == 1 else pattern, reason, len(pointers))
        for (pattern, reason, _), pointers in groups.items()
    ]
    return tuple(sorted(shown, key=lambda gap: (gap.pattern, gap.reason, gap.count)))
