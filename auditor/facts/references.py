"""
Ids that name nothing.

A record may name another that the snapshot does not hold. That is no breach of the contract: half of all
exports leave somebody out. It is worth a look all the same, since who is not registered holds no role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import join
from auditor.facts.types import ListType, ObjectType, ScalarType, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.snapshot import Snapshot
    from auditor.facts.types import Type


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference to a record that is not there."""

    pointer: str
    entity: str
    """Where it should be."""
    id: str


def dangling(snapshot: Snapshot) -> Iterator[Dangling]:
    """
    Yield every id of an entity whose records are all known and do not have it, in document order.

    An entity that nobody collected, or of which a part was read, may hold the record: nothing is told.
    """
    known: dict[str, frozenset[str]] = {}
    for entity, field in snapshot.root.fields.items():
        records = snapshot.document.get(entity)
        if not isinstance(unwrap(field.type), ListType) or not isinstance(records, list):
            continue
        if not snapshot.gaps.is_truncated(join(entity)):
            known[entity] = frozenset(record["id"] for record in records if "id" in record)
    yield from _below(snapshot.root, snapshot.document, (), known)


def _below(
    declared: Type,
    value: Any,  # noqa: ANN401 - any fact
    path: tuple[str, ...],
    known: dict[str, frozenset[str]],
) -> Iterator[Dangling]:
    kind = unwrap(declared)
    if isinstance(kind, ObjectType) and isinstance(value, dict):
        for name, field in kind.fields.items():
            if name in value:
                yield from _below(field.type, value[name], (*path, name), known)
    elif isinstance(kind, ListType) and isinstance(value, list):
        for position, element in enumerate(value):
            yield from _below(kind.element, element, (*path, str(position)), known)
    elif isinstance(kind, ScalarType) and kind.ref in known and isinstance(value, str):
        is_own = path[-1] == "id" and path[0] == kind.ref
        if not is_own and value not in known[kind.ref]:
            yield Dangling(join(*path), kind.ref, value)
