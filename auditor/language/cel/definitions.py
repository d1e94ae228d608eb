"""
What the names in an expression mean: variables, and the ``define`` names of a policy and its packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.types import TYPE, Type
from auditor.language.cel.names import TYPE_NAMES, candidates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.language.cel.ast import Expr
    from auditor.language.cel.narrowing import Path
    from auditor.language.cel.outline import Outline
    from auditor.language.registry import Functions


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A ``define``: a name for an expression with parameters."""

    name: str
    parameters: tuple[str, ...]
    expr: Expr
    text: str
    outline: Outline
    """How large its body is and what it names."""


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """What names mean; the same for an expression and for the definitions that it uses."""

    variables: Mapping[str, Type]
    functions: Functions
    container: str
    definitions: Mapping[str, Definition]
    aliases: Mapping[str, Path]

    def type_of(self, name: str, *, absolute: bool) -> Type | None:
        """Return the type of a global name, the innermost container first; None for none of this name."""
        names = [name] if absolute else candidates(self.container, name)
        for candidate in names:
            if candidate in self.variables:
                return self.variables[candidate]
            if candidate in TYPE_NAMES:
                return TYPE
        return None
