"""
Expressions as a reader of the documentation sees them: with ways to what they name, and taken apart.

Taken apart is only how an expression is put together ("all of this", "at least one of these"): that much can be
said in words without saying more, or less, than the expression does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.facts.types import DYN, ObjectType, held_type, unwrap
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Select, children
from auditor.reporters.docs.elements import Bullets, Line, Link, Linked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import Type
    from auditor.reporters.docs.places import Places, Spot

_DEEPEST: Final = 6
"""Levels of bullets; what is deeper stays code."""
_EACH: Final = {
    "all": ("For each of ", ":"),
    "exists": ("For at least one of ", ":"),
    "exists_one": ("For exactly one of ", ":"),
    "existsOne": ("For exactly one of ", ":"),
}


class Linker:
    """
    Finds what expressions name.

    Args:
        places: Where everything is told of.
        targets: Kinds of snapshots that the expressions may be about; a fact of the first that has it is meant.
        names: Places of names that are in force beside the facts.
        words: Places of words, by name.
    """

    def __init__(
        self,
        places: Places,
        targets: tuple[str, ...],
        names: Mapping[str, Spot],
        words: Mapping[str, Spot],
    ) -> None:
        self._places = places
        self._targets = targets
        self._names = names
        self._words = words

    def parts(
        self,
        expr: Expr,
        text: str,
        types: Mapping[int, Type] | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> tuple[str | Link, ...]:
        """
        Return the text of an expression with what it names as links.

        Args:
            expr: The expression.
            text: What it was parsed from.
            types: Types of its nodes, where it was checked.
            hidden: Names that are arguments, so that they name no fact.
        """
        return self._cut(self._marks(expr, text, types or {}, hidden), text, 0, len(text))

    def taken_apart(
        self, expr: Expr, text: str, types: Mapping[int, Type] | None = None
    ) -> Bullets | None:
        """Return how an expression is put together; None where it has no parts that stand for themselves."""
        marks = self._marks(expr, text, types or {}, frozenset())
        line, below = self._step(expr, text, marks, 0)
        return None if below is None else Bullets(((line, below),))

    # ----- in words

    def _step(
        self, node: Expr, text: str, marks: list[tuple[int, int, Spot]], depth: int
    ) -> tuple[Line, Bullets | None]:
        def below(*nodes: Expr) -> Bullets:
            return Bullets(tuple(self._step(one, text, marks, depth + 1) for one in nodes))

        def code(one: Expr) -> Linked:
            return Linked(self._flat(marks, text, one.start, one.end))

        if depth < _DEEPEST:
            match node:
                case Call(function="_&&_", args=args):
                    return ("All of this holds:",), below(*args)
                case Call(function="_||_", args=args):
                    return ("At least one of these holds:",), below(*args)
                case Call(function="!_", args=(operand,)) if _has_parts(operand):
                    return ("This does not hold:",), below(operand)
                case Call(function="_?_:_", args=(condition, then, otherwise)):
                    first, second = below(then), below(otherwise)
                    return (
                        "Where ",
                        code(condition),
                        " holds, the first of these, else the second:",
                    ), Bullets((*first.items, *second.items))
                case Comprehension(macro=macro, variables=(name,), args=(body,)) if macro in _EACH:
                    before, after = _EACH[macro]
                    line = (before, code(node.range), ", called ", Linked((name,)), after)
                    return line, below(body)
        return (code(node),), None

    # ----- links

    def _cut(
        self, marks: list[tuple[int, int, Spot]], text: str, start: int, end: int
    ) -> tuple[str | Link, ...]:
        parts: list[str | Link] = []
        at = start
        for first, last, (page, place) in marks:
            if first < at or last > end:
                continue
            parts += [text[at:first], Link(text[first:last], page, place, is_code=True)]
            at = last
        return tuple(part for part in (*parts, text[at:end]) if part)

    def _flat(
        self, marks: list[tuple[int, int, Spot]], text: str, start: int, end: int
    ) -> tuple[str | Link, ...]:
        """Return a part of an expression on one line."""
        return tuple(
            re.sub(r"\s+", " ", part) if isinstance(part, str) else part
            for part in self._cut(marks, text, start, end)
        )

    def _marks(
        self, expr: Expr, text: str, types: Mapping[int, Type], hidden: frozenset[str]
    ) -> list[tuple[int, int, Spot]]:
        found: list[tuple[int, int, Spot]] = []
        pending = [(expr, hidden)]
        while pending:
            node, own = pending.pop()
            found.extend(self._of(node, text, types, own))
            inside = own
            if isinstance(node, Comprehension):
                inside = own | set(node.variables)
                pending.append((node.range, own))
                pending.extend((one, inside) for one in node.args)
                continue
            pending.extend((one, inside) for one in children(node))
        return sorted(found)

    def _of(
        self, node: Expr, text: str, types: Mapping[int, Type], hidden: frozenset[str]
    ) -> Iterator[tuple[int, int, Spot]]:
        places = self._places
        match node:
            case Ident(name=name, absolute=False) if name not in hidden:
                fact = self._fact(name)
                spot = self._names.get(name, fact)
                yield from _mark(text, node.start, name, spot)
            case Select(operand=Ident(name="params"), field=name) if "params" not in hidden:
                spot = self._names.get(f"params.{name}")
                yield from _after(text, node.operand.end, name, spot)
            case Select(operand=operand, field=name):
                record = _record(types.get(operand.id, DYN))
                spot = None
                if record is not None and name in record.fields:
                    spot = self._fact(f"{record.name}.{name}")
                yield from _after(text, operand.end, name, spot)
            case Call(function=name, target=None):
                spot = self._words.get(name) or places.functions.get(name)
                yield from _mark(text, node.start, name, spot)
            case Call(function=name, target=Expr(end=end)):
                yield from _after(text, end, name, places.functions.get(name))
            case Comprehension(macro=name, range=Expr(end=end)):
                yield from _after(text, end, name, places.macros.get(name))
            case _:
                pass

    def _fact(self, key: str) -> Spot | None:
        found = (self._places.field(target, key) for target in self._targets)
        return next((spot for spot in found if spot is not None), None)


def _record(found: Type) -> ObjectType | None:
    held = held_type(found)
    record = unwrap(found if held is None else held)
    return record if isinstance(record, ObjectType) else None


def _mark(text: str, at: int, name: str, spot: Spot | None) -> Iterator[tuple[int, int, Spot]]:
    if spot is not None and text.startswith(name, at):
        yield at, at + len(name), spot


def _after(text: str, at: int, name: str, spot: Spot | None) -> Iterator[tuple[int, int, Spot]]:
    """Mark a name that stands behind a dot."""
    if spot is None:
        return
    match = re.compile(rf"[\s)]*\.\s*\??\s*({re.escape(name)})\b").match(text, at)
    if match is not None:
        yield match.start(1), match.end(1), spot


def _has_parts(node: Expr) -> bool:
    return isinstance(node, Call) and node.function in {"_&&_", "_||_", "_?_:_"}
