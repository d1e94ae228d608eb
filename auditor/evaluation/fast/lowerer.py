"""
What the rules for calls and macros ask of the one who makes nodes of expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.fast.node import Node, Nodes
    from auditor.facts.types import Type
    from auditor.language.cel.ast import Expr
    from auditor.language.registry import Functions


class Lowerer(Protocol):
    """An expression under way."""

    @property
    def nodes(self) -> Nodes:
        """Makes nodes."""
        ...

    @property
    def functions(self) -> Functions:
        """What may be called."""
        ...

    @property
    def local(self) -> Mapping[str, Node]:
        """The variables of macros and the parameters of a definition."""
        ...

    @property
    def depth(self) -> int:
        """The number of loops around."""
        ...

    def node(self, expr: Expr) -> Node:
        """Return the node of a part of the expression."""
        ...

    def constant(self, value: Any) -> Node:  # noqa: ANN401 - any leaf
        """Return the node of a leaf."""
        ...

    def type_of(self, node: Expr) -> Type:
        """Return the type that the checker found."""
        ...

    def inside(self, local: Mapping[str, Node], *, deeper: int = 0) -> Lowerer:
        """Return the same with further *local* names, inside *deeper* more loops."""
        ...
