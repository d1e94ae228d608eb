"""
What the gate makes of one finding, and what became of it in earlier runs.

A reader could take a finding that does not gate for one that is no longer there. It is: whatever its standing
is, its verdict stays what it was, and every format shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FindingKey = tuple[str, str, str]
"""Auditee, policy, subject: what makes it the same finding from run to run."""


class Gating(StrEnum):
    """Why a finding counts at the gate, or does not."""

    COUNTS = "counts"
    """It ends the run red."""
    UNDER = "under_threshold"
    """Its severity is lower than what gates."""
    ALLOWED = "allowed"
    """So many of its severity are allowed, and it is one of them."""
    KNOWN = "known"
    """It is listed as known, or was there before the change that is looked at, and has not changed since."""
    ACCEPTED = "accepted"
    """It could not be decided, and somebody accepted by name and for a time that the facts are missing."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run said of a finding."""

    as_of: str
    """The instant that the run judged, RFC 3339."""
    outcome: str
    """One of the outcomes that are findings; ``none`` where the run had no such finding."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one finding stands."""

    gating: Gating = Gating.COUNTS
    told: str = ""
    """Why it does not count, in one clause, with who is behind it; of one that counts, why what is known or accepted
    does not cover it, else empty."""
    earlier: tuple[Earlier, ...] = ()
    """The newest last."""


@dataclass(frozen=True, slots=True)
class GoneFinding:
    """A finding that was known, or there before, and is none any more."""

    auditee: str
    policy: str
    subject: str
    message: str
    """What was said of it then."""
    now: str = "none"
    """``pass`` or ``not_applicable``; ``none`` where there is nothing there any more that could be judged."""


@dataclass(frozen=True, slots=True)
class GateSummary:
    """What a gate made of a run."""

    code: int
    """The exit code."""
    rules: tuple[str, ...]
    """What was asked for, each as one sentence: ``findings from low on``."""
    reasons: tuple[str, ...]
    """Why it is red, each as one sentence; empty where it is green."""
    against: str | None = None
    """What counts as new is told against this: a file of known findings, a git revision. None: everything counts."""
    gone: tuple[GoneFinding, ...] = ()
    """What was known and is no finding any more, sorted by auditee, policy and subject."""
