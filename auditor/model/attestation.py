"""
A person's dated word that a control holds.

A reader could take an attestation for a fact. It is what somebody says: whether it counts at an instant
(who held which role that day, how long it is good for) is for the judging to find out.

Source: SNAPSHOT.md, "attestations"; LANGUAGE.md, section 2, rule 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class AttestedDocument:
    """A document in the version that the attestation is about."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """One record. Two that differ only in their place, or in the role that is shown, say the same."""

    control: str
    auditee: str
    by: str
    """Id of a party of the auditee's snapshot."""
    at: dt.datetime | dt.date
    """When the word was given, in UTC; a bare day where only the day is known."""
    recorded_at: dt.datetime | dt.date
    """When it was written down, likewise."""
    expires_on: dt.date | None
    """Last day on which it holds, at the longest; None where only the policy limits it."""
    statement: str
    documents: tuple[AttestedDocument, ...] = ()
    subject: str | None = None
    """Key of the one subject that it is about; None for the auditee as a whole."""
    role: str | None = field(default=None, compare=False)
    """As written on the record; it proves nothing."""
    place: Location | None = field(default=None, compare=False)
    """Where the record stands."""
