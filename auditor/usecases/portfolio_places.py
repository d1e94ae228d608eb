"""
Where the facts of a portfolio document are: in the files that they were taken from.

The document itself is no file. A fact of an auditee is in that auditee's snapshot, a member in the
population, a past audit in the file that holds the run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.documents.pointer import index_of, join, split
from auditor.findings.portfolio import AUDITS, POPULATION
from auditor.findings.portfolio_facts import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.findings.portfolio import PortfolioLists
    from auditor.model.location import Location
    from auditor.sources.contract import PlaceIndex


@dataclass(frozen=True, slots=True)
class PortfolioPlaces:
    """Finds the facts of one portfolio document; a `PlaceIndex`."""

    lists: PortfolioLists
    """What the document holds."""
    auditees: Mapping[str, PlaceIndex]
    """Of each auditee's snapshot."""
    members: Sequence[Location]
    """Of each member, in the order of the document."""
    audits: Sequence[Location]
    """Of each past audit, in the order of the document."""

    def locate(self, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one; each snapshot is asked once."""
        found: dict[str, Location] = {}
        wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for pointer in pointers:
            name, *below = split(pointer) or [""]
            if name in {POPULATION, AUDITS}:
                places = self.members if name == POPULATION else self.audits
                if below and (place := index_of(below[0], len(places))) is not None:
                    found[pointer] = places[place]
            elif below:
                self._ask(pointer, name, below, wanted)
        for auditee, asked in wanted.items():
            known = self.auditees[auditee].locate(sorted(set(asked.values())))
            found |= {
                pointer: known[original] for pointer, original in asked.items() if original in known
            }
        return found

    def _ask(
        self, pointer: str, name: str, below: list[str], wanted: dict[str, dict[str, str]]
    ) -> None:
        """Note what the snapshot of an auditee is to be asked for."""
        for target, listed in LISTS.items():
            parts = self.lists.of(target) if listed == name else ()
            place = index_of(below[0], len(parts))
            if place is not None:
                original = parts[place].original(join(*below[1:]))
                if original is not None:
                    wanted[parts[place].auditee][pointer] = original
