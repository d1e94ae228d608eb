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

from auditor.language.cel.outline import Outline, outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.language.cel.ast import Expr
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
    Measures expressions with everything that they name.

    Args:
        names: What ``let`` names stand for; None for what cannot be parsed.
        definitions: The ``define`` names.
    """

    def __init__(
        self, names: Mapping[str, Expr | None], definitions: Mapping[str, Definition]
    ) -> None:
        outlines = {("let", name): outline(expr) for name, expr in names.items() if expr}
        outlines |= {("define", name): part.outline for name, part in definitions.items()}
        self._known: dict[tuple[str, str], Extent] = {}
        needs = {key: found.names & outlines.keys() for key, found in outlines.items()}
        ordered, circular = in_order(needs)
        for key in (*ordered, *circular):
            found = self._written_out(outlines[key])
            # Names that need each other are an error of their own; until it is mended they count as a chain.
            extra = len(circular) if key in circular else 0
            self._known[key] = Extent(found.depth + extra, found.parts)

    def of(self, expr: Expr) -> Extent:
        """Measure an expression."""
        return self._written_out(outline(expr))

    def _written_out(self, own: Outline) -> Extent:
        depth, parts = own.depth, own.parts
        for level, name, is_call in own.uses:
            found = self._known.get(name)
            if found is not None:
                depth = max(depth, level + found.depth + 1)
                parts += found.parts if is_call else 0
        return Extent(depth, parts)


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
