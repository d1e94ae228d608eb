"""
A finding that somebody has seen before, as it was then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.model.outcome import Outcome

KNOWN_SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A fail, or a verdict that could not be decided, that is known."""

    auditee: str
    policy: str
    subject: str
    outcome: Outcome
    rules: str
    """``sha256:`` of what the policy demanded: its file, the words that it uses, its parameters and its severity."""
    facts: str
    """``sha256:`` of the facts that it rested on: what they are, how they were seen, which were missing, and why; and what a
    fail says and names."""
    message: str
    """What was said of it, for whoever reads the file."""
