"""
Which ``let`` names an expression uses, and in which order they can be computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.ast import Call, Expr, Ident, walk
from auditor.language.extent import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.language.cel.checker import Definition


def names_in(expressions: Iterable[Expr]) -> set[str]:
    """Return all names in *expressions*, whatever they mean there."""
    return {part.name for expr in expressions for part in walk(expr) if isinstance(part, Ident)}


class LetNames:
    """
    The names of one policy.

    Args:
        bodies: What each name stands for, in the order of the file; None for what cannot be parsed.
        definitions: The ``define`` names, whose bodies may use ``let`` names, too.
    """

    def __init__(
        self, bodies: Mapping[str, Expr | None], definitions: Mapping[str, Definition]
    ) -> None:
        self._bodies = bodies
        self._definitions = definitions
        self.cycle: tuple[str, ...] = ()
        """Names that need each other, once `in_order` has found some."""

    def reachable(self, roots: Iterable[Expr]) -> frozenset[str]:
        """Return the names that *roots* use, directly or through others."""
        found: set[str] = set()
        pending = list(roots)
        while pending:
            direct = self._direct(pending.pop()) - found
            found |= direct
            pending.extend(body for name in direct if (body := self._bodies[name]) is not None)
        return frozenset(found)

    def in_order(self) -> list[str]:
        """Sort the names so that each comes after those that it uses; a cycle keeps its order."""
        ordered, left = in_order({name: self._direct(body) for name, body in self._bodies.items()})
        self.cycle = tuple(left)
        return [*ordered, *left]

    def _direct(self, expr: Expr | None) -> set[str]:
        """Return the names in an expression and in the definitions that it calls."""
        found: set[str] = set()
        called: set[str] = set()
        pending: list[tuple[Expr, tuple[str, ...]]] = [(expr, ())] if expr is not None else []
        while pending:
            body, parameters = pending.pop()
            for part in walk(body):
                if isinstance(part, Ident) and part.name in parameters:
                    continue  # a parameter of a definition hides the name that the policy gives
                if isinstance(part, Ident) and part.name in self._bodies:
                    found.add(part.name)
                elif isinstance(part, Call) and part.target is None and part.function not in called:
                    called.add(part.function)
                    definition = self._definitions.get(part.function)
                    if definition is not None:
                        pending.append((definition.expr, definition.parameters))
        return found
