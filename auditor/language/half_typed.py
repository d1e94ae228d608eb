"""
What is known of the types in an expression that is still being written.

Each value is cut out and checked alone, with the variables of the macros that are open around it. Where nothing
can be said of one, its type is dyn: whoever writes is helped as far as it goes, and never told that it is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.facts.types import DYN, Type, unwrap
from auditor.language.cel.ast import Comprehension, Ident
from auditor.language.cel.checker import likely_type
from auditor.language.cel.macro_types import PER_ELEMENT, bound_types
from auditor.language.cel.macros import MACROS, OF_OPTIONAL, PAIRED
from auditor.language.cel.narrowing import NONE
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors
from auditor.language.extent import Extents
from auditor.language.half_written import read_half
from auditor.language.headroom import make_room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.language.cel.checker import Definition
    from auditor.language.cel.narrowing import Path
    from auditor.language.half_written import HalfWritten, OpenBracket
    from auditor.language.registry import Functions

ONE_NAME: Final[Mapping[str, str]] = {
    name: macro for (name, _), macro in {**MACROS, **OF_OPTIONAL}.items()
}
"""Macros that bind one name: as they are written, and as the tree calls them."""
TWO_NAMES: Final[Mapping[str, str]] = {name: macro for (name, _), macro in PAIRED.items()}
"""Macros that can bind two names."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The names in force where an expression stands."""

    variables: Mapping[str, Type]
    functions: Functions
    definitions: Mapping[str, Definition]
    """The words: what ``define`` names."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What a variable means, where something says it."""
    known: frozenset[Path] = NONE
    """Paths that a guard before the expression has shown not to be null."""
    aliases: Mapping[str, Path] = field(default_factory=dict)
    """Names that stand for a path, so that a guard on either guards both."""


class HalfTyped:
    """
    Tells types in a half-written expression.

    Args:
        half: The expression, as far as it can be read.
        scope: The names in force in it.
    """

    def __init__(self, half: HalfWritten, scope: Scope) -> None:
        make_room()
        self._half = half
        self._scope = scope
        self._extents = Extents({}, scope.definitions)

    def bound_at(self, position: int) -> dict[str, Type]:
        """Return the variables of the macros that are open before a token, and their types."""
        bound: dict[str, Type] = {}
        for bracket in self._half.open_brackets(position):
            bound |= self._bound_by(bracket, bound)
        return bound

    def value_before(self, end: int, bound: Mapping[str, Type]) -> Type | None:
        """Return the type of the value whose last token stands before *end*; None where there is none."""
        first = self._half.operand(end - 1)
        return None if first is None else self.type_of(first, end - 1, bound)

    def type_of(self, first: int, last: int, bound: Mapping[str, Type]) -> Type:
        """Return the type of what stands from one token to another."""
        if last < first:
            return DYN
        try:
            expr = parse(self._half.source(first, last))
        except CelSyntaxErrors:
            return DYN
        if self._extents.of(expr).is_too_large:
            return DYN
        scope = self._scope
        return likely_type(
            expr,
            variables=scope.variables,
            functions=scope.functions,
            definitions=scope.definitions,
            bound=bound,
        )

    def opens_macro(self, bracket: OpenBracket) -> bool:
        """Whether a bracket holds the names and the body of a macro."""
        half, name = self._half, bracket.at - 1
        if not half.is_sign(bracket.at, "(") or not half.is_name(name):
            return False
        if half.dot_before(name) is None:
            return False
        called = half.tokens[name].text
        return called in ONE_NAME or called in TWO_NAMES or self._is_bind(bracket)

    def _is_bind(self, bracket: OpenBracket) -> bool:
        half, name = self._half, bracket.at - 1
        return (
            half.is_name(name, "bind")
            and half.is_sign(name - 1, ".")
            and half.is_name(name - 2, "cel")
        )

    def _bound_by(self, bracket: OpenBracket, outer: Mapping[str, Type]) -> dict[str, Type]:
        """Return what a bracket binds at the part that is open in it."""
        if not self.opens_macro(bracket):
            return {}
        half, commas = self._half, bracket.commas
        if self._is_bind(bracket):
            names = self._names(bracket, 1)
            if names is None or len(commas) < 2:  # noqa: PLR2004 - behind the name and its value
                return {}
            return {names[0]: self.type_of(commas[0] + 1, commas[1] - 1, outer)}
        called = half.tokens[bracket.at - 1].text
        names, macro = self._names(bracket, 2), TWO_NAMES.get(called)
        if names is None or macro is None:
            names, macro = self._names(bracket, 1), ONE_NAME.get(called)
        if names is None or macro is None:
            return {}
        if len(commas) - len(names) >= PER_ELEMENT.get(macro, len(commas)):
            return {}  # a limit is no matter of the elements
        dot = half.dot_before(bracket.at - 1)
        source = None if dot is None else self.value_before(dot, outer)
        node = Comprehension(0, 0, 0, macro, Ident(0, 0, 0, ""), tuple(names), ())
        found, _ = bound_types(node, unwrap(source or DYN), "")
        return dict(zip(names, found, strict=True))

    def _names(self, bracket: OpenBracket, number: int) -> Sequence[str] | None:
        """Return the first parts of a bracket, where they are complete and are names."""
        if len(bracket.commas) < number:
            return None
        names = []
        before = bracket.at
        for comma in bracket.commas[:number]:
            if comma != before + 2 or not self._half.is_name(before + 1):
                return None
            names.append(self._half.tokens[before + 1].text)
            before = comma
        return names if len(set(names)) == number else None


def likely_type_of(text: str, scope: Scope) -> Type:
    """Return the type of a whole expression, whatever is wrong with it; dyn where nothing is known."""
    half = read_half(text)
    return HalfTyped(half, scope).type_of(0, len(half.tokens) - 1, {})
