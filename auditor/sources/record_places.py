"""
Where the records of a draft stand in the files that they were made from.

A fact inside a record stands where the record stands: one line of an export holds all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.pointer import join, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.location import Location


class RecordPlaces:
    """
    Finds a fact by the nearest record around it.

    Args:
        places: Pointer of each record, such as ``/work_items/3``, to its place.
    """

    def __init__(self, places: Mapping[str, Location]) -> None:
        self._places = dict(places)

    def locate(self, pointers: Iterable[str]) -> dict[str, Location]:
        """Return the place of each pointer that lies in a known record."""
        found: dict[str, Location] = {}
        for pointer in pointers:
            tokens = split(pointer)
            for length in range(len(tokens), 0, -1):
                place = self._places.get(join(*tokens[:length]))
                if place is not None:
                    found[pointer] = place
                    break
        return found
