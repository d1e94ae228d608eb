"""
Which members of a long list a predicate needs to look at.

``change_events.filter(e, e.item == blocker.id && ...)`` is how policies follow an id. A member whose field
holds another text is false whatever the rest of the ``&&`` says (false absorbs unknown and error alike),
so an index may leave it out. A member whose field is not known is never left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.evaluation.shapes import plain
from auditor.language.cel.ast import Call, Expr, Ident, Literal, Select, walk
from auditor.language.values import Listing, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.lift import Lift
    from auditor.language.cel.ast import Comprehension
    from auditor.language.values import Item, Value

_FEW: Final = 32
"""Members up to which a list is simply looked through."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Positions of a list's members by the text in one of their fields."""

    positions: dict[str, list[int]]
    others: list[int]
    """Members whose field is unknown or no text."""

    def select(self, source: Listing, text: str) -> tuple[Item, ...]:
        """Return the members that may hold *text*, in order."""
        wanted = sorted([*self.positions.get(text, ()), *self.others])
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
        if len(source.items) <= _FEW or not lift.is_of_snapshot(source):
            return source.items
        join = _join(node)
        if join is None:
            return source.items
        field, other = join
        text = plain(evaluate(other))
        if not isinstance(text, str):
            return source.items
        return self._index(source, field).select(source, text)

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


def _join(node: Comprehension) -> tuple[str, Expr] | None:
    """Find ``x.field == other`` among what must hold, where *other* does not depend on ``x``."""
    body, variable = node.args[0], node.variables[0]
    demands = body.args if isinstance(body, Call) and body.function == "_&&_" else (body,)
    for demand in demands:
        if isinstance(demand, Call) and demand.function == "_==_":
            left, right = demand.args
            for side, other in ((left, right), (right, left)):
                field = _field_of(side, variable)
                if field is not None and _is_free_of(other, variable):
                    return field, other
    return None


def _field_of(node: Expr, variable: str) -> str | None:
    match node:
        case Select(test=False, operand=Ident(name=name, absolute=False)) if name == variable:
            return node.field
        case _:
            return None


def _is_free_of(node: Expr, variable: str) -> bool:
    """Whether an expression is a constant or a path that does not begin with the macro's variable."""
    return all(
        isinstance(part, Literal | Select) or (isinstance(part, Ident) and part.name != variable)
        for part in walk(node)
    )
