"""
What one policy says of one subject, and the facts that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from auditor.model.explanation import Because
    from auditor.model.outcome import Outcome


class Grade(StrEnum):
    """How a fact was obtained, from the strongest to the weakest."""

    API = "api"
    EXPORT = "export"
    PARSED = "parsed"
    MANUAL = "manual"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the snapshot that decided something."""

    pointer: str
    """JSON Pointer in the snapshot; ``/attestations/<n>/...`` in the attestations of the auditee."""
    state: Literal["known", "absent", "unobserved"]
    shown: str
    """The value as a person reads it: an instant in the project's zone, a name for an id; "not recorded"."""
    reason: str | None = None
    """Of an unobserved fact: its gap reason, ``unobserved`` where the source did not say."""
    grade: Grade | None = None
    source: str | None = None
    """Where the record came from (``prov``): a file and line of a delivery folder, a CSV row, a URL."""


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """What one clause of a policy came to."""

    clause: int
    """Index in the policy's ``require``, from 0."""
    outcome: Outcome
    message: str
    """The clause's ``say``, filled in; for an error, what broke."""
    vacuous: bool = False
    failing: tuple[str, ...] = ()
    """The counter-examples by name."""
    facts: tuple[Fact, ...] = ()
    because: Because | None = None
    """What decided it, step by step; of a clause that holds there is none."""


@dataclass(frozen=True, slots=True)
class Attested:
    """Who vouches for a pass, and until when."""

    by: str
    """Name of the person."""
    role: str
    """The role that the register of roles gives the person on the day of the word."""
    at: str
    """RFC 3339 in the auditee's zone; a bare day where only the day is known."""
    until: str
    """Last instant on which the word holds, RFC 3339 in the auditee's zone."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One policy on one subject. Immutable; what it counts as after decisions is derived elsewhere."""

    policy: str
    subject: str
    """Key of the subject; the auditee's id where the whole is judged."""
    subject_name: str
    """What a person calls the subject."""
    outcome: Outcome
    message: str
    """One plain sentence."""
    reason: str | None = None
    """Slug of why it is not a plain pass or fail: ``when_false``, ``no_subject``, ``vacuous``, ``not_due``,
    ``out_of_period``, ``unobserved``, ``not_portable``, ``budget``, or the slug of an evaluation error."""
    at: str | None = None
    """The subject's instant, RFC 3339 in the auditee's zone."""
    due_at: str | None = None
    clauses: tuple[ClauseVerdict, ...] = ()
    facts: tuple[Fact, ...] = ()
    """The witness: what decided the verdict, over all clauses, in the order of the snapshot."""
    missing: tuple[Fact, ...] = ()
    """The unobserved facts that would decide it; not empty for every ``inconclusive``."""
    owner: str | None = None
    """Who must act, where the policy says."""
    grade: Grade | None = None
    """The weakest grade among the facts that decided it."""
    attested: Attested | None = None
    """Of a pass that rests on a person's word: whose, and until when. Such passes are counted apart."""
    because: Because | None = None
    """Why the policy does not apply, or why that cannot be told; of demands each clause says it itself."""
