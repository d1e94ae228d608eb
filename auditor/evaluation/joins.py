"""
Which members of a long list a predicate needs to look at.

``change_events.filter(e, e.item == blocker.id && ...)`` is how policies follow an id. A member whose field
holds another text is false whatever the rest of the ``&&`` says (false absorbs unknown and error alike),
so an index may leave it out. A member whose field is not known is never left out. Which condition counts is
told in `auditor.language.cel.joins`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.evaluation.shapes import plain
from auditor.language.cel.joins import FEW, joined_field
from auditor.language.values import Failure, Listing, Record, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.lift import Lift
    from auditor.language.cel.ast import Comprehension, Expr
    from auditor.language.values import Item, Value


@dataclass(frozen=True, slots=True)
class _Index:
    """Positions of a list's members by the text in one of their fields."""

    positions: dict[str, list[int]]
    others: list[int]
    """Members whose field is unknown or no text."""

    def select(self, source: Listing, value: Value) -> tuple[Item, ...]:
        """Return the members whose field may equal a finished value, in order: a text equals nothing but a text."""
        same = self.positions.get(value, ()) if isinstance(value, str) else ()
        wanted = sorted([*same, *self.others])
        return tuple(source.items[position] for position in wanted)


class Joins:
    """What has been indexed in one snapshot; a list of the snapshot is one object for a whole judgement."""

    def __init__(self) -> None:
        self._indexes: dict[tuple[int, str], tuple[Listing, _Index]] = {}
        self._texts: dict[int, tuple[Listing, frozenset[str] | None]] = {}

    def members(
        self, node: Comprehension, source: Listing, lift: Lift, evaluate: Callable[[Expr], Value]
    ) -> tuple[Item, ...]:
        """
        Return the members of *source* for which the first argument of *node* may not be false.

        Args:
            node: A macro.
            source: The list that it goes through.
            lift: Knows which lists are the snapshot's own.
            evaluate: Evaluates what the field is compared with, without leaving notes.
        """
        if len(source.items) <= FEW or not lift.is_of_snapshot(source):
            return source.items
        join = joined_field(node)
        if join is None:
            return source.items
        field, other = join
        value = plain(evaluate(other))
        if isinstance(value, Unknown | Failure):
            return source.items
        return self._index(source, field).select(source, value)

    def texts(self, source: Listing) -> frozenset[str] | None:
        """Return the members of a closed list of nothing but texts; None for any other list."""
        known = self._texts.get(id(source))
        if known is None:
            plain_texts = not source.is_open and all(isinstance(part, str) for part in source)
            known = (source, frozenset(source) if plain_texts else None)
            self._texts[id(source)] = known
        return known[1]

    def _index(self, source: Listing, field: str) -> _Index:
        known = self._indexes.get((id(source), field))
        if known is None:
            positions: dict[str, list[int]] = {}
            others: list[int] = []
            for position, item in enumerate(source.items):
                value = item.value
                text = value.data.get(field) if isinstance(value, Record) else None
                if isinstance(text, str):
                    positions.setdefault(text, []).append(position)
                else:
                    others.append(position)
            known = (source, _Index(positions, others))
            self._indexes[id(source), field] = known
        return known[1]
