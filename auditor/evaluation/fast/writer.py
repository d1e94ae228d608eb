"""
What the pieces of generated code ask of the one who writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from auditor.evaluation.fast import code
    from auditor.evaluation.fast.module import Module
    from auditor.evaluation.fast.node import Node


class Block(Protocol):
    """A block of statements under way."""

    @property
    def statements(self) -> code.Block:
        """The statements, in order."""
        ...


class Writer(Protocol):
    """A function under way."""

    module: Module
    """Where names and further functions go."""

    @property
    def here(self) -> code.Block:
        """The statements of the block under way."""
        ...

    def space(
        self, level: int | None = None, variable: str = "", *, is_loop: bool = False
    ) -> AbstractContextManager[Block]:
        """Write into a block of its own."""
        ...

    def add(self, statement: ast.stmt) -> None:
        """Add a statement to the block under way."""
        ...

    def named(self, value: ast.expr) -> str:
        """Return the variable that holds *value*, a new one where it is not one already."""
        ...

    def emit(self, node: Node) -> ast.expr:
        """Return an expression for *node*, after the statements that it needs."""
        ...

    def branch(self, node: Node) -> tuple[code.Block, ast.expr]:
        """Write *node* into a block of its own."""
        ...

    def where(self, node: Node, *, holds: bool, then: Callable[[], None]) -> None:
        """Write *then* into the place where *node* holds, or does not."""
        ...

    def is_kept(self, node: Node) -> bool:
        """Tell whether a loop around, on which *node* does not depend, would compute it again and again."""
        ...
