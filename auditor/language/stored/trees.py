"""
The tree of an expression as data: its nodes one after the other, each after those below it.

A node names those below it by their position in that list, so nothing is nested, however deep the tree is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    StructExpr,
    walk,
)
from auditor.language.cel.syntax_errors import MAX_NESTING, MAX_NODES
from auditor.language.stored.shapes import PlanDataError, Shape, Shapes, items
from auditor.language.stored.values import VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, type[Expr]]] = {
    "literal": Literal,
    "ident": Ident,
    "select": Select,
    "call": Call,
    "list": ListExpr,
    "map": MapExpr,
    "struct": StructExpr,
    "macro": Comprehension,
    "block": Block,
}
"""Every kind of node by its name in the data; its fields are those of its class."""

_MAX_HEIGHT: Final = 2 * MAX_NESTING
"""The parser counts brackets; what it makes of them is no more than twice as deep."""

_NAMES: Final = {cls: name for name, cls in KINDS.items()}


class Trees:
    """Writes and reads trees; one at a time."""

    def __init__(self) -> None:
        self._positions: dict[int, int] = {}
        self._made: list[Expr] = []
        self._heights: list[int] = []
        self._height = 0
        self._used: set[int] = set()
        node = Shape(Expr, int, self._position, self._below)
        shapes = Shapes({"Expr": node, "Value": VALUE})
        self._fields = {name: shapes.fields(cls) for name, cls in KINDS.items()}

    def write(self, expr: Expr) -> list[Any]:
        """
        Write a tree.

        Raises:
            PlanDataError: It has a node of a kind that is not known here, or one in two places.
        """
        self._positions = {}
        written: list[Any] = []
        for node in reversed(list(walk(expr))):
            name = _NAMES.get(type(node))
            if name is None or id(node) in self._positions:
                msg = f"a {type(node).__name__} cannot be written"
                raise PlanDataError(msg)
            parts = [shape.write(getattr(node, key)) for key, shape in self._fields[name]]
            self._positions[id(node)] = len(written)
            written.append([name, *parts])
        return written

    def read(self, data: Any) -> Expr:  # noqa: ANN401 - any JSON value
        """
        Read a tree.

        Raises:
            PlanDataError: It is none, or is larger or deeper than an expression can be.
        """
        self._made, self._heights, self._used = [], [], set()
        nodes = items(data)
        ids = set()
        for entry in nodes:
            name, *parts = items(entry) or [None]
            fields = self._fields.get(name) if isinstance(name, str) else None
            if fields is None or len(parts) != len(fields):
                msg = "this is no node"
                raise PlanDataError(msg)
            self._height = 0
            read = [shape.read(part) for (_, shape), part in zip(fields, parts, strict=True)]
            node = KINDS[name](*read)
            ids.add(node.id)
            self._made.append(node)
            self._heights.append(self._height + 1)
        count = len(nodes)
        is_tree = len(self._used) == count - 1 and len(ids) == count
        if not is_tree or count > MAX_NODES or self._heights[-1] > _MAX_HEIGHT:
            msg = "this is no tree"
            raise PlanDataError(msg)
        return self._made[-1]

    def _position(self, node: Expr) -> int:
        position = self._positions.get(id(node))
        if position is None:
            msg = f"a {type(node).__name__} has nodes below it that `children` does not tell"
            raise PlanDataError(msg)
        return position

    def _below(self, data: Any) -> Expr:  # noqa: ANN401 - any JSON value
        """Return a node that was read before, and has no other place yet."""
        if type(data) is not int or not 0 <= data < len(self._made) or data in self._used:
            msg = "this is no node that may stand here"
            raise PlanDataError(msg)
        self._used.add(data)
        self._height = max(self._height, self._heights[data])
        return self._made[data]
