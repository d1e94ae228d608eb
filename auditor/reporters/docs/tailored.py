"""
Severities, and how it is told what somebody changed of a policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.policy import SEVERITY
from auditor.model.severity import Severity
from auditor.reporters.docs.elements import Badge, Code, Line, Tone, joined

if TYPE_CHECKING:
    from auditor.model.policy import PolicyChange

SEVERITY_TONES: Final[dict[Severity, Tone]] = {
    Severity.LOW: "quiet",
    Severity.MEDIUM: "plain",
    Severity.HIGH: "open",
    Severity.CRITICAL: "bad",
}


def severity_badge(severity: Severity) -> Badge:
    """Return the mark of a severity."""
    return Badge(severity.value, SEVERITY_TONES[severity])


def changed_how(change: PolicyChange) -> str:
    """Say in one word what somebody did to a policy; of a parameter nobody can tell the direction."""
    if change.is_relaxing:
        return "relaxed"
    return "tightened" if change.what == SEVERITY else "changed"


def because(change: PolicyChange) -> Line:
    """Say why, by whom, when and where something was changed."""
    told: list[Line] = []
    if change.reason is not None:
        told.append((f"Why: {change.reason}.".replace("..", "."),))
    if change.by is not None:
        told.append((f"By {change.by} on {change.on}.",))
    told.append(("In ", Code(str(change.location)), "."))
    return joined(told, " ")
