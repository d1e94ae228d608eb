"""
How names are looked up: containers, and the names of types.

Source: CEL specification, "Name Resolution".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import CIDR, IP
from auditor.language.cel.ast import Call, Expr, Ident, Select

if TYPE_CHECKING:
    from collections.abc import Container

    from auditor.language.registry import Functions

TYPE_NAMES: Final = frozenset(
    {
        "bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "optional_type", "string", "type",
        "uint", "google.protobuf.Timestamp", "google.protobuf.Duration", IP.name, CIDR.name,
    }
)  # fmt: skip
"""Names that stand for a type where no variable takes them."""

BUILT_INS: Final = frozenset({"dyn", "has", "notSupported", "size", "type"})
"""Functions that the evaluator has itself, because no ordinary signature can express them."""


def candidates(container: str, name: str) -> list[str]:
    """List the full names that *name* may mean inside *container*, the innermost first."""
    parts = container.split(".") if container else []
    return [".".join([*parts[:n], name]) for n in range(len(parts), 0, -1)] + [name]


def namespaced(node: Call, functions: Functions, hidden: Container[str]) -> str | None:
    """
    Return the full name of the function that a call means which is written like a method's: ``math.abs(x)``.

    Args:
        node: The call.
        functions: What may be called.
        hidden: Macro variables and parameters in force; what begins with one is no namespace.

    Returns:
        None where the call is a method's, or a function's without a namespace.
    """
    parts = [node.function]
    current: Expr | None = node.target
    while isinstance(current, Select) and not current.test:
        parts.append(current.field)
        current = current.operand
    if not isinstance(current, Ident) or current.name not in functions.namespaces:
        return None
    if current.name in hidden and not current.absolute:
        return None
    name = ".".join([current.name, *reversed(parts)])
    return name if functions.is_function(name) else None
