"""
How deep and how large an expression is, together with everything that it names.

One expression keeps to the parser's limits, but `let` names and definitions stand on each other: a chain of
them is a deep tree, and a definition that uses another one twice, thirty times over, is a tree without end.
So both are counted here, before anything recursive walks them.

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, children, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.language.cel.checker import Definition

K = TypeVar("K")

MAX_DEPTH: Final = 120
"""Levels of an expression and of all that it names, inside each other; a macro or a name counts twice."""
MAX_PARTS: Final = 100_000
"""Parts of an expression with every definition written out where it is used."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What an expression comes to when its names are written out."""

    depth: int
    parts: int

    @property
    def is_too_large(self) -> bool:
        """Whether it exceeds what the language allows."""
        return self.depth > MAX_DEPTH or self.parts > MAX_PARTS


class Extents:
    """
    Measures expressions.

    Args:
        names: What ``let`` names stand for; None for what cannot be parsed.
        definitions: The ``define`` names.
    """

    def __init__(
        self, names: Mapping[str, Expr | None], definitions: Mapping[str, Definition]
    ) -> None:
        bodies = {("let", name): expr for name, expr in names.items()}
        bodies |= {("define", name): part.expr for name, part in definitions.items()}
        self._known: dict[tuple[str, str], Extent] = {}
        needs = {
            key: {used for part in walk(expr) if (used := _named(part)) in bodies}
            if expr
            else set()
            for key, expr in bodies.items()
        }
        ordered, circular = in_order(needs)
        for key in (*ordered, *circular):
            expr = bodies[key]
            found = self.of(expr) if expr is not None else Extent(0, 0)
            # Names that need each other are an error of their own; until it is mended they count as a chain.
            extra = len(circular) if key in circular else 0
            self._known[key] = Extent(found.depth + extra, found.parts)

    def of(self, expr: Expr) -> Extent:
        """Measure an expression."""
        depths: dict[Expr, int] = {}
        parts = 0
        for node in reversed(list(walk(expr))):
            below = [depths[child] for child in children(node)]
            own = 2 if isinstance(node, Comprehension) else 1
            parts += 1
            used = _named(node)
            found = self._known.get(used) if used is not None else None
            if found is not None:
                below.append(found.depth + 1)
                parts += found.parts if isinstance(node, Call) else 0
            depths[node] = own + max(below, default=0)
        return Extent(depths[expr], parts)


def _named(node: Expr) -> tuple[str, str] | None:
    if isinstance(node, Ident):
        return ("let", node.name)
    if isinstance(node, Call) and node.target is None:
        return ("define", node.function)
    return None


def in_order(needs: Mapping[K, Iterable[K]]) -> tuple[list[K], list[K]]:
    """
    Sort names so that each comes after those that it needs.

    Returns:
        The sorted names, and those that need each other or something that does.
    """
    open_needs = {name: set(used) for name, used in needs.items()}
    wanted_by: dict[K, list[K]] = {}
    for name, used in open_needs.items():
        for other in used:
            wanted_by.setdefault(other, []).append(name)
    ready = deque(name for name, used in open_needs.items() if not used)
    ordered: list[K] = []
    while ready:
        done = ready.popleft()
        ordered.append(done)
        for name in wanted_by.get(done, ()):
            open_needs[name].discard(done)
            if not open_needs[name]:
                ready.append(name)
    placed = set(ordered)
    return ordered, [name for name in needs if name not in placed]
