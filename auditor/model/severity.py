"""
How much a broken rule matters.

The order is part of the contract: ``--fail-on medium`` gates medium, high and critical.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What a finding weighs, from hygiene to harm that nobody would notice in time."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position from 0 (low) to 3 (critical)."""
        return list(Severity).index(self)
