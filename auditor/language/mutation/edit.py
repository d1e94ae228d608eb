"""
One small change to the text of an expression, and what the expression is read with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.types import DYN

if TYPE_CHECKING:
    from auditor.documents.nodes import ScalarNode
    from auditor.facts.types import Type
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checked import Instance

Kinds = Mapping[str, str]
"""For a text without an enumeration another text of its kind: ``{'DM': 'PO'}``."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of an expression's text, and what is to stand in its place."""

    operator: str
    start: int
    end: int
    new: str
    was: str
    """What was changed, as it is told."""
    now: str
    """What it became; empty where it was left out."""
    mark: tuple[int, int]
    """The characters that are shown as changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An expression where it is written, and what the checker found out about it."""

    node: ScalarNode
    expr: Expr
    types: Mapping[int, Type]
    instances: Mapping[int, Instance]

    def text(self, node: Expr) -> str:
        """Return what is written for *node*; brackets around it are not its own."""
        return self.node.text[node.start : node.end]

    def type(self, node: Expr) -> Type:
        """Return the type of *node*."""
        return self.types.get(node.id, DYN)
