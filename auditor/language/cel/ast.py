"""
The tree of an expression.

Every node knows where it stands in its expression. Operators are calls under CEL's own names
(``_&&_``, ``_[_]``, ``_?_:_`` …); chains of ``&&``, ``||`` and ``+`` are one call with many arguments,
so that a long chain is no deep tree. Macros are kept as `Comprehension`, not expanded into folds: the
exact evaluator needs to know that it looks at an ``all`` to treat an open list rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """A node; `start` and `end` are character offsets in the expression's text, `id` is unique in it."""

    id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Expr):
    """A constant: null, bool, int, uint, double, string, bytes, or a ratio (``90 %``)."""

    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Ident(Expr):
    """A name; with a leading dot (`absolute`) it is looked up at the root, past macro variables."""

    name: str
    absolute: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Select(Expr):
    """A field, ``operand.field``, or ``has(operand.field)`` when `test` is set."""

    operand: Expr
    field: str
    test: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Call(Expr):
    """A function, operator or method; `target` is the receiver of a method."""

    function: str
    target: Expr | None
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ListExpr(Expr):
    """A list literal: ``[a, b]``; an element whose position is in `optional` may be left out (``[?a]``)."""

    elements: tuple[Expr, ...]
    optional: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MapExpr(Expr):
    """A map literal: ``{k: v}``; an entry whose position is in `optional` may be left out (``{?k: v}``)."""

    entries: tuple[tuple[Expr, Expr], ...]
    optional: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StructExpr(Expr):
    """A message literal: ``name.of.Type{field: value}``."""

    type_name: str
    entries: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension(Expr):
    """
    A macro that binds names: ``range.all(x, p)``, ``range.latest(x, x.at)``, ``range.all(i, x, p)``.

    `macro` is the macro's name, `variables` the names it binds (of two the first is the position or the
    key), `args` what is evaluated per element (``map(x, p, t)`` has two). An optional's ``optMap`` and
    ``optFlatMap`` and ``cel.bind(x, range, ...)`` are of this kind: their one element is *range*'s value.
    """

    macro: str
    range: Expr
    variables: tuple[str, ...]
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Block(Expr):
    """
    Values with numbers, and what is made of them: ``cel.block([a, b], cel.index(0) + cel.index(1))``.

    Each slot can use those before it; ``cel.index(n)`` is the `Ident` that `slot_name` gives.
    """

    slots: tuple[Expr, ...]
    body: Expr


def slot_name(position: int) -> str:
    """Return the name of a block's slot, which no text can spell."""
    return f"@index{position}"


def children(node: Expr) -> tuple[Expr, ...]:
    """Return the direct sub-expressions in source order."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return (node.target, *node.args) if node.target is not None else node.args
        case ListExpr():
            return node.elements
        case MapExpr():
            return tuple(part for entry in node.entries for part in entry)
        case StructExpr():
            return tuple(value for _, value in node.entries)
        case Comprehension():
            return (node.range, *node.args)
        case Block():
            return (*node.slots, node.body)
        case _:
            return ()


def walk(node: Expr) -> Iterator[Expr]:
    """Yield *node* and everything below it, parents first, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))
