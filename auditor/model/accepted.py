"""
A fact that nobody records, and somebody has accepted for a time that it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class AcceptedGap:
    """Somebody's decision that a kind of fact may be missing."""

    fact: str
    """JSON Pointer with ``*`` for every index."""
    gap: str | None
    """The way in which it may be missing: a gap reason; None for every way."""
    auditees: tuple[str, ...]
    """Empty for all."""
    reason: str
    by: str
    on: str
    """Calendar day, as is `until`."""
    until: str
    """The last day on which it holds, where the auditee is."""
    location: Location

    @property
    def shown(self) -> str:
        """What is accepted, in a few words."""
        text = f"{self.fact} ({self.gap})" if self.gap is not None else self.fact
        return f"{text} in {', '.join(self.auditees)}" if self.auditees else text
