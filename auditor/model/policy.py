"""
What a run says about the policies that it used: enough to read a verdict without the policy file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.model.location import Location
    from auditor.model.severity import Severity


@dataclass(frozen=True, slots=True)
class ClauseSummary:
    """One demand of a policy."""

    that: str
    """The expression, as written."""
    location: Location


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """A policy as reports name it."""

    id: str
    title: str
    why: str
    fix: str
    controls: tuple[str, ...]
    severity: Severity
    pack: str
    target: str
    digest: str
    """``sha256:`` of the policy's file."""
    location: Location
    clauses: tuple[ClauseSummary, ...]
    params: tuple[tuple[str, str], ...]
    """Name and value in force, as shown to a reader, in the order of the file."""
