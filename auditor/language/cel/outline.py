"""
How large an expression is by itself, and which names it leaves to be written out.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, children


@dataclass(frozen=True, slots=True)
class Outline:
    """An expression by itself, and where it names something; measured once."""

    depth: int
    parts: int
    uses: tuple[tuple[int, tuple[str, str], bool], ...]
    """For each name: the levels above it, what it names, and whether it is written out there (a call)."""

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """Everything that is named."""
        return frozenset(name for _, name, _ in self.uses)


def outline(expr: Expr) -> Outline:
    """Measure an expression by itself, without recursion."""
    deepest = parts = 0
    uses = []
    pending = [(expr, 0)]
    while pending:
        node, above = pending.pop()
        level = above + (2 if isinstance(node, Comprehension) else 1)
        deepest, parts = max(deepest, level), parts + 1
        named = _named(node)
        if named is not None:
            uses.append((level, named, isinstance(node, Call)))
        pending.extend((child, level) for child in children(node))
    return Outline(deepest, parts, tuple(uses))


def _named(node: Expr) -> tuple[str, str] | None:
    if isinstance(node, Ident):
        return ("let", node.name)
    if isinstance(node, Call) and node.target is None:
        return ("define", node.function)
    return None
