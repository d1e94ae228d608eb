"""
What a run says about the policies that it used: enough to read a verdict without the policy file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.model.location import Location
    from auditor.model.severity import Severity

SEVERITY: Final = "severity"
"""`PolicyChange.what` of a changed severity."""


@dataclass(frozen=True, slots=True)
class ClauseSummary:
    """One demand of a policy."""

    that: str
    """The expression, as written."""
    location: Location


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What somebody changed of a policy for this run."""

    what: str
    """``severity``, or ``params.`` and the name of a parameter."""
    before: str
    """As a reader sees it, as is `after`."""
    after: str
    is_relaxing: bool
    """Whether the severity was lowered. Whether another parameter asks for more or for less, nobody knows."""
    location: Location
    """Where it was changed."""
    reason: str | None = None
    """None where none is asked for: a delivery repository that raises a severity binds only itself."""
    by: str | None = None
    on: str | None = None
    """Calendar day."""

    @property
    def is_raising(self) -> bool:
        """Whether the severity was raised."""
        return self.what == SEVERITY and not self.is_relaxing


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
    changes: tuple[PolicyChange, ...] = ()
    """What in it is not as its file says, in the order in which it was changed."""
    words: str | None = None
    """``sha256:`` of the shared words that it uses, as they are defined: who changes one of them changes what the
    policy demands. None where it uses none."""
    formerly: tuple[str, ...] = ()
    """Ids that it had before."""
