"""
What one snapshot says that another does not.

Compared are facts, not spellings: an instant equals itself under another offset, the order of records with
ids means nothing, and a fact that nobody knows differs from one that is known to be absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from auditor.documents.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.snapshot import Snapshot

Kind = Literal["added", "removed", "changed"]
_HEAD: Final = "snapshot"
_PROVENANCE: Final = "prov"
"""Where a fact comes from is none itself."""


class Unobserved:
    """Stands for a fact that is not known, with the reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Difference:
    """A record or a field in which two snapshots differ."""

    kind: Kind
    entity: str
    """Top-level key."""
    record: str | None
    """Id of the record; None where the entity is one object or has no ids."""
    data: Mapping[str, Any]
    """The record itself, the newer one where there are two; empty where *record* is None."""
    field: str | None
    """Below the record, its parts joined by ``.``; None where the whole record is new or gone."""
    old: Any = None
    new: Any = None
    """Shaped values, or `Unobserved`."""


def differences(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Yield what differs, entity by entity in the order of the schema, records in that of their ids."""
    for entity in old.root.fields:
        if entity == _HEAD:
            continue
        before = old.document.get(entity, _reason(old, entity))
        after = new.document.get(entity, _reason(new, entity))
        yield from _Entity(entity, old, new).compare(before, after)
        was_open, is_open = (one.gaps.is_truncated(join(entity)) for one in (old, new))
        if was_open != is_open:
            states = (
                "more than was read" if is_open else "all of it" for is_open in (was_open, is_open)
            )
            yield Difference("changed", entity, None, {}, "extent", *states)


def _reason(snapshot: Snapshot, *path: str) -> Unobserved:
    return Unobserved(snapshot.gaps.reason_for(join(*path)))


@dataclass(frozen=True, slots=True)
class _Entity:
    entity: str
    old: Snapshot
    new: Snapshot

    def compare(self, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401 - any fact
        """Compare an entity as a whole, or its records one by one."""
        if _has_ids(before) and _has_ids(after):
            olds = {record["id"]: (place, record) for place, record in enumerate(before)}
            news = {record["id"]: (place, record) for place, record in enumerate(after)}
            for key in sorted({*olds, *news}):
                yield from self._record(key, olds.get(key), news.get(key))
        else:
            yield from self._fields(
                (None, {}), (), (before, after), ((self.entity,), (self.entity,))
            )

    def _record(
        self,
        key: str,
        before: tuple[int, Mapping[str, Any]] | None,
        after: tuple[int, Mapping[str, Any]] | None,
    ) -> Iterator[Difference]:
        if before is None or after is None:
            kind: Kind = "added" if before is None else "removed"
            _, data = after or before or (0, {})
            yield Difference(kind, self.entity, key, data, None)
            return
        places = ((self.entity, str(before[0])), (self.entity, str(after[0])))
        yield from self._fields((key, after[1]), (), (before[1], after[1]), places)

    def _fields(
        self,
        record: tuple[str | None, Mapping[str, Any]],
        path: tuple[str, ...],
        values: tuple[Any, Any],
        places: tuple[tuple[str, ...], tuple[str, ...]],
    ) -> Iterator[Difference]:
        before, after = values
        if isinstance(before, dict) and isinstance(after, dict):
            for field in sorted({*before, *after} - {_PROVENANCE}):
                old_place, new_place = ((*place, field) for place in places)
                old = before[field] if field in before else _reason(self.old, *old_place)
                new = after[field] if field in after else _reason(self.new, *new_place)
                yield from self._fields(record, (*path, field), (old, new), (old_place, new_place))
        elif not _same(before, after):
            yield Difference("changed", self.entity, *record, ".".join(path) or None, before, after)


def _same(before: Any, after: Any) -> bool:  # noqa: ANN401 - any fact
    if isinstance(before, Unobserved) and isinstance(after, Unobserved):
        return before.reason == after.reason
    return type(before) is type(after) and before == after


def _has_ids(records: Any) -> bool:  # noqa: ANN401 - any fact
    return isinstance(records, list) and all(
        isinstance(record, dict) and "id" in record for record in records
    )
