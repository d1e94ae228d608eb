"""
The portfolio document: all that portfolio policies judge, made like a snapshot.

It is data of our own making and goes through the same door as every snapshot: schema, shape, cut. Which
facts of the auditees are in it follows from what the policies read; a key that none of them reads is left
out, and would count as unobserved.

Source: SNAPSHOT.md, "Portfolio"; DESIGN.md, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join, split
from auditor.facts.types import ListType, ObjectType, unwrap
from auditor.findings.portfolio_facts import LISTS, NOT_COLLECTED, Wanted, pruned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from auditor.findings.portfolio_facts import AuditeePart

POPULATION: Final = "population"
AUDITS: Final = "audits"

_CALENDAR: Final = "calendar"


@dataclass(frozen=True, slots=True)
class PortfolioHead:
    """Which portfolio a document is of."""

    id: str
    name: str
    time_zone: str
    as_of: datetime
    """The instant that the run judges, in UTC."""
    calendar: Mapping[str, Any] | None = None
    """As the head of a snapshot writes one; None where nobody says."""


@dataclass(frozen=True, slots=True)
class PortfolioLists:
    """Who and what a document speaks of, each sorted as it is in the document."""

    population: tuple[Mapping[str, Any], ...] | None = None
    """Members, as the document writes them; None where no population is named."""
    auditees: tuple[AuditeePart, ...] = ()
    audits: tuple[Mapping[str, Any], ...] | None = None
    """Past audits, as the document writes them; None where nobody says which there are."""
    audit_gaps: Mapping[str, str] = field(default_factory=dict)
    """Why facts of past audits are unobserved, by pointer into the document."""

    def of(self, target: str) -> tuple[AuditeePart, ...]:
        """Return the auditees of one kind."""
        return tuple(part for part in self.auditees if part.target == target)


def auditee_kind(root: ObjectType, target: str) -> ObjectType:
    """Return the type of the document's records of auditees of one kind."""
    listed = unwrap(root.fields[LISTS[target]].type)
    kind = unwrap(listed.element) if isinstance(listed, ListType) else listed
    if not isinstance(kind, ObjectType):
        msg = f"the portfolio's {LISTS[target]} are no list of records"
        raise TypeError(msg)
    return kind


def portfolio_document(
    head: PortfolioHead, lists: PortfolioLists, root: ObjectType, wanted: Wanted
) -> dict[str, Any]:
    """
    Put the document together.

    Args:
        head: Which portfolio, as of when.
        lists: What it speaks of.
        root: Type of the document.
        wanted: Which fields are filled; top-level lists of which no field is read are left out.

    Returns:
        JSON data that keeps ``snapshot-portfolio.schema.json``.
    """
    filled: dict[str, Any] = {}
    gaps: dict[str, str] = {}
    for name, records in ((POPULATION, lists.population), (AUDITS, lists.audits)):
        if name not in wanted.read:
            continue
        if records is None:
            gaps[join(name)] = NOT_COLLECTED
        else:
            filled[name] = pruned(list(records), root.fields[name].type, wanted)
    if AUDITS in filled:
        gaps |= _read_of(lists.audit_gaps, root, wanted)
    for target, name in LISTS.items():
        if name not in wanted.read:
            continue
        parts = lists.of(target)
        filled[name] = [part.tree for part in parts]
        for place, part in enumerate(parts):
            gaps |= {join(name, place) + below: reason for below, reason in part.gaps.items()}
    return {
        "snapshot": {
            "schema": {"name": "portfolio", "version": 1},
            "auditee": head.id,
            "captured_at": head.as_of.isoformat(),
            "time_zone": head.time_zone,
            **_calendar(head, root),
            "gaps": gaps,
        },
        "portfolio": {"id": head.id, "name": head.name},
        **filled,
    }


def _read_of(gaps: Mapping[str, str], root: ObjectType, wanted: Wanted) -> dict[str, str]:
    """Leave out the gaps of facts that are not filled anyway."""
    return {
        pointer: reason
        for pointer, reason in gaps.items()
        if wanted.names(root.fields[AUDITS].type, split(pointer)[1:])
    }


def _calendar(head: PortfolioHead, root: ObjectType) -> dict[str, Any]:
    """Return the calendar as the schema knows one: a population may say more of it."""
    kind = root.fields["snapshot"].type
    known = kind.fields[_CALENDAR].type if isinstance(kind, ObjectType) else None
    if head.calendar is None or not isinstance(known, ObjectType):
        return {}
    return {_CALENDAR: {key: part for key, part in head.calendar.items() if key in known.fields}}
