"""
How names are looked up: containers, and the names of types.

Source: CEL specification, "Name Resolution".
"""

from __future__ import annotations

from typing import Final

TYPE_NAMES: Final = frozenset(
    {
        "bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type", "uint",
        "google.protobuf.Timestamp", "google.protobuf.Duration",
    }
)  # fmt: skip
"""Names that stand for a type where no variable takes them."""

BUILT_INS: Final = frozenset({"dyn", "has", "notSupported", "size", "type"})
"""Functions that the evaluator has itself, because no ordinary signature can express them."""


def candidates(container: str, name: str) -> list[str]:
    """List the full names that *name* may mean inside *container*, the innermost first."""
    parts = container.split(".") if container else []
    return [".".join([*parts[:n], name]) for n in range(len(parts), 0, -1)] + [name]
