"""
Where the facts of a run are, in the files that it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.findings.recorded_places import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.excerpt import Excerpt
    from auditor.model.location import Location
    from auditor.sources.contract import PlaceIndex
    from auditor.usecases.fact_excerpts import Excerpts


@dataclass(frozen=True, slots=True)
class RunPlaces:
    """Finds the facts of each auditee in the files that they came from."""

    auditees: Mapping[str, PlaceIndex]
    lines: Excerpts

    def locate(self, auditee: str, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one."""
        return self.auditees[auditee].locate(pointers)

    def excerpt(self, location: Location) -> Excerpt | None:
        """Return the line at a place, the value in it marked; None where it cannot be shown."""
        found = self.lines.at(location)
        return found.window(WIDTH) if found is not None else None
