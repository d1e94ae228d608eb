"""
What a name stands for while an expression is evaluated.

Macro variables and the parameters of a ``define`` are local; everything else is global and may be a
`Thunk`, so that a ``let`` that is never used is never evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.language.values import Value

NOTHING: Final[Any] = object()
"""No such name; None is a value."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The element that a local name stands for, with the facts for which a filter let it through."""

    value: Value
    facts: tuple[str, ...] = ()


Locals = dict[str, Bound]
"""Macro variables and parameters of a definition, by name."""


class Thunk:
    """A ``let``: computed at most once, when it is first read, with a trail of its own."""

    __slots__ = ("_compute", "_done")

    def __init__(self, compute: Callable[[], tuple[Value, Trail]]) -> None:
        self._compute = compute
        self._done: tuple[Value, Trail] | None = None

    @property
    def is_done(self) -> bool:
        """Whether it has been computed."""
        return self._done is not None

    def force(self) -> tuple[Value, Trail]:
        """Return the value and the facts behind it."""
        if self._done is None:
            value, trail = self._compute()
            self._done = (value, Trail(list(dict.fromkeys(trail.facts))))
        return self._done
