"""
What a condition tells about null: the paths that cannot be null where it is true, or where it is false.

A path is a variable and the fields selected from it. Where ``a.b.c`` is known not to be null, neither
are ``a.b`` and ``a``, because a field of null is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import DYN, FREE, NULL, MapType, NullableType, unwrap
from auditor.language.cel.ast import Call, Expr, Ident, ListExpr, Literal, Select

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from auditor.facts.types import Type

Path = tuple[str, ...]
NONE: Final[frozenset[Path]] = frozenset()

_FALSE_FOR_NULL: Final = frozenset({"by", "before", "after", "within"})
"""Methods that are false when their receiver is null."""
_GIVEN_FALSE_FOR_NULL: Final = frozenset({"given"})
"""Functions that are false when their argument is null."""


def path_of(node: Expr, aliases: Mapping[str, Path], *, absolute: bool = False) -> Path | None:
    """
    Return the path that *node* names, with names that stand for a path replaced by it.

    A name with a leading dot looks past macro variables, so it is no path of theirs: None, unless *absolute*.
    """
    fields: list[str] = []
    current = node
    while isinstance(current, Select) and not current.test:
        fields.append(current.field)
        current = current.operand
    if not isinstance(current, Ident) or (current.absolute and not absolute):
        return None
    root = aliases.get(current.name, (current.name,))
    return (*root, *reversed(fields))


def visible(aliases: Mapping[str, Path], names: Container[str]) -> dict[str, Path]:
    """Return the aliases that are left where *names* mean something else: macro variables, parameters."""
    return {
        alias: path
        for alias, path in aliases.items()
        if alias not in names and path[0] not in names
    }


def prefixes(path: Path) -> frozenset[Path]:
    """Return the path and every path it goes through."""
    return frozenset(path[:n] for n in range(1, len(path) + 1))


class Narrowing:
    """
    Reads conditions.

    Args:
        aliases: Names that stand for a path, such as ``let`` names.
        type_of: Tells the type found for a node; what is compared with something that never is null
            cannot be null itself.
    """

    def __init__(self, aliases: Mapping[str, Path], type_of: Callable[[Expr], Type]) -> None:
        self._aliases = aliases
        self._type_of = type_of

    def when(self, node: Expr, *, truth: bool) -> frozenset[Path]:
        """Return the paths that are not null where *node* is *truth*."""
        match node:
            case Select(test=True):
                path = path_of(
                    Select(node.id, node.start, node.end, node.operand, node.field), self._aliases
                )
                if not truth or path is None:
                    return NONE
                # In a map, which declares nothing, `has` of a null is true.
                is_map = isinstance(unwrap(self._type_of(node.operand)), MapType)
                return prefixes(path[:-1] if is_map else path)
            case Call():
                return self._call(node, truth=truth)
            case _:
                return NONE

    def _call(self, node: Call, *, truth: bool) -> frozenset[Path]:
        if node.function == "!_":
            return self.when(node.args[0], truth=not truth)
        if node.function in {"_&&_", "_||_"}:
            parts = [self.when(argument, truth=truth) for argument in node.args]
            every = truth == (node.function == "_&&_")
            return frozenset().union(*parts) if every else frozenset.intersection(*parts)
        if node.function == "_==_":
            return self._equality(node, holds=truth)
        if node.function == "_!=_":
            return self._equality(node, holds=not truth)
        if not truth:
            return NONE
        if node.function == "@in":
            return self._member(node)
        if node.function == "hasValue":
            return self._held(node)
        if node.target is not None and node.function in _FALSE_FOR_NULL:
            return self._paths(node.target)
        if node.target is None and node.function in _GIVEN_FALSE_FOR_NULL:
            return self._paths(node.args[0])
        return NONE

    def _held(self, node: Call) -> frozenset[Path]:
        """Read ``x.?f.hasValue()`` as ``has(x.f)``."""
        match node.target:
            case Call(function="_?._", args=(operand, Literal(value=str(name)))):
                return self.when(
                    Select(node.id, node.start, node.end, operand, name, test=True), truth=True
                )
            case _:
                return NONE

    def _equality(self, node: Call, *, holds: bool) -> frozenset[Path]:
        left, right = node.args
        for one, other in ((left, right), (right, left)):
            if isinstance(other, Literal) and other.value is None:
                return NONE if holds else self._paths(one)
            if holds and not self._may_be_null(other):
                return self._paths(one)
        return NONE

    def _member(self, node: Call) -> frozenset[Path]:
        needle, haystack = node.args
        if isinstance(haystack, ListExpr) and not any(
            self._may_be_null(element) for element in haystack.elements
        ):
            return self._paths(needle)
        return NONE

    def _may_be_null(self, node: Expr) -> bool:
        found = self._type_of(node)
        return isinstance(found, NullableType) or found in {DYN, FREE, NULL}

    def _paths(self, node: Expr) -> frozenset[Path]:
        path = path_of(node, self._aliases)
        return prefixes(path) if path else NONE
