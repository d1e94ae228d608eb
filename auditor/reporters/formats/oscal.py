"""
A run in NIST's Open Security Controls Assessment Language, release 1.2.1.

Profile ``results`` is what was found: an observation for each verdict, a finding for each that says something of a
control, a risk for each that somebody has to act on. The others are what it refers to, and what is planned on it:
``poam``, ``catalog``, ``component`` and ``plan``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.reporters.oscal.catalog import catalog
from auditor.reporters.oscal.component import component
from auditor.reporters.oscal.plan import plan
from auditor.reporters.oscal.poam import poam
from auditor.reporters.oscal.results import results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run


class OscalReporter:
    """Renders a run as one of five OSCAL documents."""

    media_type = "application/oscal+json"
    suffix = ".json"
    profiles: tuple[str, ...] = ("results", "poam", "catalog", "component", "plan")
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per auditee and kind of entry."""
        del colour
        match profile:
            case "poam":
                return poam(run, places)
            case "catalog":
                return catalog(run)
            case "component":
                return component(run)
            case "plan":
                return plan(run)
        return results(run, places)
