"""
Where the facts of a case are written: in the case itself, or in the snapshot that it starts from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.nodes import node_at
from auditor.documents.pointer import split
from auditor.evaluation.attestations import ENTITY
from auditor.evaluation.case_changes import change
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup
from auditor.model.tailoring import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.evaluation.case_changes import ChangedBase
    from auditor.language.cases import Case
    from auditor.model.location import Location
    from auditor.usecases.read_cases import CasesBeside


class CasePlaces:
    """
    Finds what a case says in the files that say it.

    Args:
        beside: The file of the case, with the base.
        case: A case whose changes can be made.
    """

    def __init__(self, beside: CasesBeside, case: Case) -> None:
        self._beside = beside
        self._case = case
        self._changed: ChangedBase = change(case, beside.base)

    def locate(self, pointers: Iterable[str]) -> dict[str, Location]:
        """Return the place of each fact, or of the record that lacks it; none where only the whole snapshot is left."""
        found = {pointer: self.written(pointer) for pointer in pointers}
        return {pointer: one.location for pointer, one in found.items() if one is not None}

    def in_base(self, pointer: str) -> str | None:
        """Return what the base calls a value; None for what the case itself says."""
        origin = self._changed.origin(pointer)
        return None if origin.keys else origin.pointer

    def written(self, pointer: str) -> Written | None:
        """Return the spot where a value of the snapshot, or what is nearest around it, is written."""
        origin = self._changed.origin(pointer)
        if origin.keys:
            return self._case.at(*origin.keys)
        tokens = split(origin.pointer)
        if tokens[:1] == [ENTITY]:
            return self._attested(tokens)
        return self._in_base(origin.pointer)

    def _attested(self, tokens: list[str]) -> Written | None:
        own = self._case.node.get(ENTITY)
        file = self._beside.file
        root = self._case.node if own is not None or file is None else file.node
        node = node_at(root, tokens)
        return None if node is root else Written(node.location, node.excerpt)

    def _in_base(self, pointer: str) -> Written | None:
        beside = self._beside
        if beside.tree is not None:
            ways = [pointer]
            while ways[-1].count("/") > 1:
                ways.append(ways[-1].rpartition("/")[0])
            known = beside.tree.locate(ways)
            place = next((known[way] for way in ways if way in known), None)
            return None if place is None else Written(place, beside.tree.excerpt(place.line))
        root = beside.file.node.get("base") if beside.file is not None else None
        if root is None:
            return None
        node = node_at(root, split(pointer))
        return None if node is root else Written(node.location, node.excerpt)


def placed_in(beside: CasesBeside, case: Case, error: AuditorError) -> Iterator[AuditorError]:
    """Say in which case something went wrong, and where it is written; what is wrong with the base is told once."""
    for one in error.errors if isinstance(error, ErrorGroup) else (error,):
        location, excerpt = one.location, one.excerpt
        whose, message = f"case '{case.name}'", one.message
        if location is None and one.pointer is not None:
            places = CasePlaces(beside, case)
            spot, called = places.written(one.pointer), places.in_base(one.pointer)
            if spot is not None:
                location, excerpt = spot.location, spot.excerpt
            if called is not None:
                whose, message = "the base", message.replace(one.pointer, called, 1)
        yield ConfigError(
            f"{whose}: {message}",
            hint=one.hint,
            location=location or case.location,
            excerpt=excerpt,
            slug="config-cases",
        )
