"""
A checked expression: the tree, what the checker found out about it, and the text it came from.

The tree itself is never changed; types and resolved definitions stand beside it, by node id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.facts.types import DYN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.types import Type
    from auditor.language.cel.ast import Expr


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A ``define`` as one call uses it: its parameters' names and its body, checked with their types."""

    parameters: tuple[str, ...]
    body: CheckedExpr


@dataclass(frozen=True, slots=True, eq=False)
class CheckedExpr:
    """An expression that can be evaluated."""

    expr: Expr
    text: str
    types: Mapping[int, Type] = field(default_factory=dict)
    """Type of each node, by node id; a node that is not listed is dyn."""
    instances: Mapping[int, Instance] = field(default_factory=dict)
    """Definition behind each call of one, by node id."""

    @property
    def type(self) -> Type:
        """The type of the whole."""
        return self.types.get(self.expr.id, DYN)
