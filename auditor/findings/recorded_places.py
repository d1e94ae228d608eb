"""
Where the facts of a recorded run stand, as data and back.

The places of an auditee's findings, and the lines that say most about them, stand beside its documents in
``results.json``: whoever renders the run again has neither snapshot nor source at hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.telling_facts import excerpts, facts_to_place
from auditor.model.excerpt import Excerpt
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.result import ResultDocument
    from auditor.model.run import Places

WIDTH: Final = 240
"""Characters of a line that are kept: a minified document is one line of megabytes."""


def places_tree(result: ResultDocument, places: Places) -> dict[str, Any]:
    """Return the places of one auditee's findings as JSON data, as they stand in ``results.json``."""
    found = [verdict for verdict in result.verdicts if verdict.outcome in FINDING_OUTCOMES]
    wanted = dict.fromkeys(pointer for verdict in found for pointer in facts_to_place(verdict))
    located = places.locate(result.auditee, list(wanted)) if wanted else {}
    lines = dict.fromkeys(
        excerpt for verdict in found for excerpt in excerpts(verdict, located, places)
    )
    return {
        "facts": {pointer: str(place) for pointer, place in located.items()},
        "lines": [
            {
                "place": str(one.location),
                "end": one.location.end_column,
                "first": one.first,
                "text": one.text,
            }
            for one in lines
        ],
    }


class RecordedPlaces:
    """
    The places of a recorded run.

    Args:
        trees: What `places_tree` returned, by auditee.
    """

    def __init__(self, trees: Mapping[str, Mapping[str, Any]]) -> None:
        self._facts = {auditee: tree["facts"] for auditee, tree in trees.items()}
        self._lines: dict[Location, Excerpt] = {}
        for tree in trees.values():
            for line in tree["lines"]:
                place = place_of(line["place"])
                marked = replace(place, end_column=line["end"])
                self._lines[place] = Excerpt(marked, line["text"], line["first"])

    def locate(self, auditee: str, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one."""
        known = self._facts.get(auditee, {})
        return {pointer: place_of(known[pointer]) for pointer in pointers if pointer in known}

    def excerpt(self, location: Location) -> Excerpt | None:
        """Return the line at a place, the value in it marked; None where none was kept."""
        return self._lines.get(location)


def place_of(text: str) -> Location:
    """Read a place as `Location` writes it; a path may hold colons."""
    path, line, column = text.rsplit(":", 2)
    return Location(path, int(line), int(column))
