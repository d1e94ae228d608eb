"""Tasks of the small world, and words for truth values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.language.values import Failure, Hollow, Unknown

if TYPE_CHECKING:
    from auditor.language.values import Value

HOLE: Final = object()
"""What is left out: an unobserved fact."""


def task(name: str, **fields: Any) -> dict[str, Any]:
    """Make a task; a field that is HOLE is left out."""
    known = {"points": 1, "done": True, "at": None, "on": None, "parts": [], **fields}
    return {"id": name, **{k: v for k, v in known.items() if v is not HOLE}}


def shape_of(value: Value) -> str:
    """Name a truth value as the tables of the language page do."""
    match value:
        case Hollow():
            return f"vacuous {value.value}"
        case Unknown():
            return "unknown"
        case Failure():
            return "error"
        case _:
            return str(value)
