"""
How much of what somebody wants to know a snapshot knows.

A fact is a leaf of the snapshot's type: ``/sprints/*/started_at``. It is wanted where its entity and its
field are; it is known in a record where its key is there, null and empty included: the source was asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import join
from auditor.facts.gaps import EVERY
from auditor.facts.types import ListType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from auditor.facts.snapshot import Snapshot
    from auditor.facts.types import Type


@dataclass(frozen=True, slots=True)
class Unobserved:
    """A way in which a fact is not known."""

    pattern: str
    """What is missing: the fact itself, or something that it is part of."""
    reason: str
    count: int
    """How often."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a snapshot knows of one fact."""

    pattern: str
    """JSON Pointer with ``*`` for every record: ``/sprints/*/started_at``."""
    name: str
    """As `auditor.language.reads.fields_read` names it: ``sprints.started_at``."""
    known: int
    """Records that say it."""
    unobserved: tuple[Unobserved, ...]
    """Why the others do not; the most frequent first."""
    sources: tuple[str, ...]
    """Ids of the sources that the known ones are from, sorted."""
    is_open: bool
    """Whether there are more records than were read, or it is not even known whether there are any."""

    @property
    def state(self) -> str:
        """``known`` in every record, ``part`` of them, ``unknown`` in all; ``none``: there is no record."""
        if self.known and (self.unobserved or self.is_open):
            return "part"
        if self.unobserved or self.is_open:
            return "unknown"
        return "known" if self.known else "none"


def coverage(snapshot: Snapshot, wanted: Collection[str]) -> list[Coverage]:
    """
    Say what *snapshot* knows of the *wanted* facts.

    Args:
        snapshot: The facts, its gaps applied.
        wanted: Names of fields and of top-level keys; those of entities that contain a wanted field too.

    Returns:
        One entry for every wanted leaf, in the order of the schema.
    """
    found = []
    for tokens, name in _leaves(snapshot.root, (), wanted):
        count = _Count(snapshot)
        count.visit(snapshot.document, tokens, ())
        found.append(count.coverage(join(*tokens), name))
    return found


def _leaves(
    kind: ObjectType, path: tuple[str, ...], wanted: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield pattern, as tokens, and name of every wanted leaf below a declared object."""
    for field, declared in kind.fields.items():
        name = f"{kind.name}.{field}" if path else field
        if name not in wanted:
            continue
        here = (*path, field)
        inner: Type = unwrap(declared.type)
        below = here
        while isinstance(inner, ListType) and isinstance(unwrap(inner.element), ObjectType):
            inner, below = unwrap(inner.element), (*below, EVERY)
        deeper = list(_leaves(inner, below, wanted)) if isinstance(inner, ObjectType) else []
        yield from deeper or [(here, name)]


class _Count:
    """Counts in how many records a fact is known, and why it is not in the others."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._gaps = snapshot.gaps
        head = snapshot.document["snapshot"]
        self._only = [str(source["id"]) for source in head.get("sources", ())]
        self._known = 0
        self._unobserved: Counter[tuple[str, str]] = Counter()
        self._sources: set[str] = set()
        self._is_open = False

    def visit(
        self,
        node: Any,  # noqa: ANN401 - any fact
        left: tuple[str, ...],
        done: tuple[str, ...],
        source: str | None = None,
    ) -> None:
        """Go down from *node*, which stands at *done*, along the tokens that are *left*."""
        if node is None and left:
            return  # known to be absent, and all of it with it
        if isinstance(node, dict):
            source = _source(node) or source
        if not left:
            self._known += 1
            self._sources.update([source] if source else self._only)
            return
        head, rest = left[0], left[1:]
        if head == EVERY:
            self._is_open |= self._gaps.is_truncated(join(*done))
            for position, element in enumerate(node):
                self.visit(element, rest, (*done, str(position)), source)
        elif head in node:
            self.visit(node[head], rest, (*done, head), source)
        else:
            pattern = join(*(EVERY if token.isdecimal() else token for token in done), head)
            self._unobserved[pattern, self._gaps.reason_for(join(*done, head))] += 1
            self._is_open |= EVERY in rest

    def coverage(self, pattern: str, name: str) -> Coverage:
        """Return what was counted."""
        ways = [Unobserved(*way, count) for way, count in self._unobserved.items()]
        ways.sort(key=lambda way: (-way.count, way.pattern, way.reason))
        return Coverage(
            pattern, name, self._known, tuple(ways), tuple(sorted(self._sources)), self._is_open
        )


def _source(record: Mapping[str, Any]) -> str | None:
    prov = record.get("prov")
    named = prov.get("source") if isinstance(prov, dict) else None
    return named if isinstance(named, str) else None
