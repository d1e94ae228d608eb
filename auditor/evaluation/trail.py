"""
Which facts and which elements decided a value.

While an expression is evaluated, each fact that is read is noted. A logical operator or a macro then
keeps only the notes of the operands that decided it, so what is left at the end is the witness.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.language.values import Value


@dataclass(slots=True)
class Trail:
    """Notes of one evaluation."""

    facts: list[str] = field(default_factory=list)
    """Pointers in the order in which they were read; may repeat."""
    reached: int = 0
    """How many operands of a false ``&&`` held all the same: how near a miss it was."""
    failing: list[Value] = field(default_factory=list)
    """Elements that decided a macro: the counter-examples of a false ``all``, the hits of an ``exists``."""

    def extend(self, others: Iterable[Trail]) -> None:
        """Take over the notes of the operands that decided."""
        for other in others:
            self.facts.extend(other.facts)
            self.failing.extend(other.failing)
