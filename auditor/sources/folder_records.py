"""
Records as they stand in the files of a delivery folder, on their way into a snapshot.

A record's index in the snapshot is known only when all files were read and joined. Until then everything
that is known of it is kept by its path inside the record: the spot of each field, and what could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from auditor.documents.pointer import split
from auditor.facts.types import ObjectType
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.facts.types import Type
    from auditor.model.errors import DocumentError

Path = tuple[str, ...]
"""Keys and indices inside a record."""


class Spot(Protocol):
    """Something written in a file: a node of YAML, a cell of CSV."""

    @property
    def location(self) -> Location:
        """Where it is written."""
        ...

    def fault(self, message: str, *, hint: str | None = None) -> DocumentError:
        """Return the error that *message* is, placed here."""
        ...


@dataclass(slots=True, eq=False)
class Record:
    """One record of one file; several may become one in the snapshot."""

    spot: Spot
    data: dict[str, Any] = field(default_factory=dict)
    spots: dict[Path, Spot] = field(default_factory=dict)
    gaps: list[tuple[Path, str]] = field(default_factory=list)
    """What could not be read, and the reason as the snapshot's ``gaps`` spell it."""
    file: str = ""
    """Path below the source."""
    meeting: Record | None = None
    """Of an action in minutes: the meeting that agreed on it."""
    lists_actions: bool = False
    """Of a meeting: whether its minutes say which actions it led to."""

    method: Literal["manual", "parsed"] = "manual"
    """How its facts were obtained, as ``prov`` says it."""

    @property
    def id(self) -> str:
        """The natural key."""
        return str(self.data["id"])

    def stamp(self, kind: Type, *, source: str, captured_at: str) -> None:
        """Say in the record where it comes from; what its author said of that stays."""
        if isinstance(kind, ObjectType) and "prov" in kind.fields:
            own = {
                "source": source,
                "locator": f"{self.file}:{self.spot.location.line}",
                "method": self.method,
                "captured_at": captured_at,
            }
            self.data["prov"] = {**own, **self.data.get("prov", {})}


class FolderPlaces:
    """
    Finds facts in the files of a delivery folder.

    Args:
        head: What ``project.yaml`` says, by paths from the root of the snapshot; None without such a file.
        singles: Entities that are one object.
        records: Entity and index to the records that were joined into that one.
        files: Entity to the first file of its register, as the user would type it.
    """

    def __init__(
        self,
        head: Record | None,
        singles: Mapping[str, Record],
        records: Mapping[tuple[str, str], Sequence[Record]],
        files: Mapping[str, str],
    ) -> None:
        self._head = head
        self._singles = singles
        self._records = records
        self._files = files

    def locate(self, pointers: Iterable[str]) -> dict[str, Location]:
        """Return the place of each pointer; what was derived stands where its record does."""
        found: dict[str, Location] = {}
        for pointer in pointers:
            place = self._place(split(pointer))
            if place is not None:
                found[pointer] = place
        return found

    def _place(self, tokens: list[str]) -> Location | None:
        if len(tokens) > 1 and (records := self._records.get((tokens[0], tokens[1]))):
            return _nearest(records, tuple(tokens[2:]))
        if tokens and tokens[0] in self._singles:
            return _nearest([self._singles[tokens[0]]], tuple(tokens[1:]))
        if len(tokens) == 1 and tokens[0] in self._files:
            return Location(self._files[tokens[0]], 1)
        spot = self._head.spots.get(tuple(tokens)) if self._head else None
        return spot.location if spot else None


def _nearest(records: Sequence[Record], path: Path) -> Location:
    for length in range(len(path), 0, -1):
        for record in records:
            spot = record.spots.get(path[:length])
            if spot:
                return spot.location
    return records[0].spot.location
