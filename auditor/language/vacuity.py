"""
Could a truth of this expression rest on no element?

If so, somebody must have said what that counts as: the checker demands ``empty``. The answer errs on the
side of asking. Source: LANGUAGE.md, section 2, rule 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    Literal,
    Select,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPARISONS: Final = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"})
_COUNTED: Final = frozenset({"count", "sum", "latest", "earliest"})
_COUNTED_CALLS: Final = frozenset({"size", "median", "percentile", "first", "last"})


class Vacuity:
    """
    Looks for vacuous truths.

    Args:
        names: What ``let`` names stand for.
        definitions: Bodies of the ``define`` names.
    """

    def __init__(self, names: Mapping[str, Expr], definitions: Mapping[str, Expr]) -> None:
        self._names = names
        self._definitions = definitions
        self._found: dict[tuple[Expr, bool | None], bool] = {}
        """What is known of a node, so that names which use each other often are looked at once."""

    def possible(self, node: Expr, *, truth: bool = True) -> bool:
        """Tell whether *node* can be *truth* without resting on any element."""
        key = (node, truth)
        if key not in self._found:
            self._found[key] = False  # while it is looked at, for names that need each other
            self._found[key] = self._possible(node, truth=truth)
        return self._found[key]

    def _possible(self, node: Expr, *, truth: bool) -> bool:
        match node:
            case Comprehension(macro="all"):
                return truth
            case Comprehension(macro="exists" | "exists_one"):
                return not truth
            case Comprehension(macro="sumReaches"):
                return True
            case Comprehension(macro="bind" | "optMap" | "optFlatMap") | Block():
                # What is bound is not followed to where its name is used.
                *bound, body = children(node)
                return self.possible(body, truth=truth) or any(map(self._carries, bound))
            case Call(function="!_"):
                return self.possible(node.args[0], truth=not truth)
            case Call(function="_&&_" | "_||_"):
                return any(self.possible(argument, truth=truth) for argument in node.args)
            case Call(function="_?_:_"):
                return any(self.possible(argument, truth=truth) for argument in node.args[1:])
            case Call() if node.function in _COMPARISONS:
                return any(self._carries(argument) for argument in node.args)
            case Ident() if node.name in self._names:
                return self.possible(self._names[node.name], truth=truth)
            case Call() if node.target is None and node.function in self._definitions:
                body = self._definitions[node.function]
                return self.possible(body, truth=truth) or any(map(self._carries, node.args))
            case Call():
                return self._counted(node) or any(map(self._carries, children(node)))
            case _:
                return self._counted(node)

    def _carries(self, node: Expr) -> bool:
        """Tell whether what is made of a value may rest on no element because the value does."""
        return self._counted(node) or any(self.possible(node, truth=t) for t in (True, False))

    def _counted(self, node: Expr) -> bool:
        """Tell whether a value is drawn from how many elements there are."""
        key = (node, None)
        if key not in self._found:
            self._found[key] = False
            self._found[key] = self._is_counted(node)
        return self._found[key]

    def _is_counted(self, node: Expr) -> bool:
        match node:
            case Comprehension(macro="bind" | "optMap" | "optFlatMap") | Block():
                return any(map(self._counted, children(node)))
            case Comprehension():
                return node.macro in _COUNTED
            case Call(function="_[?_]"):
                # Of a list, none may mean that there are no elements; a text is a map's key.
                key = node.args[1]
                is_key = isinstance(key, Literal) and isinstance(key.value, str)
                return not is_key or self._counted(node.args[0])
            case Call() if node.function in _COUNTED_CALLS:
                return True
            case Call() if node.target is None and node.function in self._definitions:
                return any(map(self._counted, (self._definitions[node.function], *node.args)))
            case Ident():
                return node.name in self._names and self._counted(self._names[node.name])
            case Select() | Call():
                return any(self._counted(part) for part in children(node))
            case _:
                return False
