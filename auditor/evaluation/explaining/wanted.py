"""
What an entry of a list would have to be that nobody has recorded: the conditions on it, with all that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.explaining.comparing import INSTANTS, NUMBERS, OPERATORS, mirrored
from auditor.evaluation.shapes import plain
from auditor.evaluation.wording import shortened
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Literal, Select, walk
from auditor.language.values import Failure, Listing, MapValue, Record, Timestamp, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from auditor.evaluation.explaining.frames import Frame, Sight
    from auditor.evaluation.explaining.words import Words

_CONDITIONS: Final = 5
"""Conditions that are told."""


class Wanted:
    """Tells conditions on an entry."""

    def __init__(self, sight: Sight, words: Words) -> None:
        self._sight = sight
        self._words = words

    def told(self, parts: Sequence[Expr], frame: Frame, names: Collection[str]) -> str:
        """
        Return the conditions in words.

        Args:
            parts: The conditions.
            frame: Where they stand.
            names: What stands for the entry there.
        """
        told = [self._condition(part, frame, names) for part in parts[:_CONDITIONS]]
        more = len(parts) - _CONDITIONS
        return ", ".join(told) + (f" and {more} more" if more > 0 else "")

    def _condition(self, part: Expr, frame: Frame, names: Collection[str]) -> str:
        match part:
            case Comprehension(macro="all", range=source, variables=(name,), args=(body,)):
                told = self._of_every(source, name, body, frame, names)
            case Call(function="_!=_", args=(side, Literal(value=None))):
                field = _field(side, names)
                told = f"{field} recorded" if field else None
            case _:
                told = self._compared(part, frame, names)
        return told or shortened(frame.text(part))

    def _compared(self, part: Expr, frame: Frame, names: Collection[str]) -> str | None:
        """Tell a comparison of a field of the entry with what is known."""
        found = _sides(part, names)
        if found is None:
            return None
        field, relation, other = found
        if any(isinstance(one, Ident) and one.name in names for one in walk(other)):
            return None
        return self._bounded(field, relation, [plain(self._sight.value(other, frame))])

    def _of_every(
        self, source: Expr, name: str, body: Expr, frame: Frame, names: Collection[str]
    ) -> str | None:
        """Tell a comparison with every member of another list by the one that asks the most."""
        found = _sides(body, names)
        if found is None:
            return None
        field, relation, other = found
        limits = Comprehension(body.id, body.start, body.end, "map", source, (name,), (other,))
        values = plain(self._sight.value(limits, frame))
        if not isinstance(values, Listing) or values.is_open or not values.items:
            return None
        return self._bounded(field, relation, [plain(value) for value in values])

    def _bounded(self, field: str, relation: str, limits: list[Value]) -> str | None:
        if any(isinstance(one, Unknown | Failure | Listing | Record | MapValue) for one in limits):
            return None
        if relation == "==":
            return f"{field} {self._words.show(limits[0])}" if len(limits) == 1 else None
        is_time = all(isinstance(one, Timestamp) for one in limits)
        is_number = all(
            isinstance(one, int | float) and not isinstance(one, bool) for one in limits
        )
        if not (is_time or is_number):
            return None
        limit = max(limits) if relation.startswith(">") else min(limits)
        words = INSTANTS if is_time else NUMBERS
        told = f"{words[relation]} {self._words.show(limit)}"
        return told if is_time and field == "at" else f"{field} {told}"


def _field(node: Expr, names: Collection[str]) -> str | None:
    """Return the field of the entry that *node* selects."""
    if isinstance(node, Call) and node.function == "dyn":
        return _field(node.args[0], names)
    match node:
        case Select(test=False, operand=Ident(name=name, absolute=False)) if name in names:
            return node.field
        case _:
            return None


def _sides(part: Expr, names: Collection[str]) -> tuple[str, str, Expr] | None:
    """Return the field that a comparison asks for, how, and with what it compares it."""
    match part:
        case Call(function=function, target=None, args=(left, right)):
            relation = "==" if function == "_==_" else OPERATORS.get(function)
        case Call(function=function, target=Expr() as left, args=(right,)):
            relation = OPERATORS.get(function)
        case _:
            return None
    if relation is None:
        return None
    field = _field(left, names)
    if field is not None:
        return field, relation, right
    field = _field(right, names)
    return (field, mirrored(relation), left) if field is not None else None
