"""
Turn parsed data into a snapshot that can be judged.

Everything that a snapshot must go through on its way in happens here, in this order: its digest (of the
data as it was read), the shape, the rules between its parts, its gaps. Nothing is checked again later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from auditor.documents.canonical import NotCanonicalError, digest
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.coherence import incoherences
from auditor.facts.gaps import Gaps, apply
from auditor.facts.schema import read_shape, types_of
from auditor.facts.shape import ShapeFault, Shaper
from auditor.facts.validate import violations
from auditor.model.errors import ErrorGroup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from auditor.facts.schema import Shape
    from auditor.facts.types import ObjectType


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of one auditee, ready to be judged."""

    auditee: str
    name: str
    """What a person calls the auditee; its id where it has no name."""
    target: str
    """Kind of auditee, e.g. ``project``."""
    captured_at: datetime
    """In UTC."""
    zone: ZoneInfo
    calendar: WorkingCalendar
    document: dict[str, Any] = field(repr=False)
    """Shaped, with every value taken away that a gap names. Shared: never to be changed."""
    root: ObjectType = field(repr=False)
    gaps: Gaps
    digest: str
    """``sha256:`` of the canonical form of the data as it was read."""


@dataclass(frozen=True, slots=True)
class SnapshotModel:
    """The contract of one kind of snapshot; made once, used for every snapshot of that kind."""

    schema: Mapping[str, Any]
    root: ObjectType
    """Type of the document, whose fields are the variables of expressions."""
    shape: Shape
    shaper: Shaper

    @classmethod
    def from_schema(cls, schema: Mapping[str, Any]) -> SnapshotModel:
        """
        Read the contract.

        Raises:
            ValueError: The schema lies outside the subset that types are derived from; a bug of ours.
        """
        shape = read_shape(schema)
        return cls(schema, types_of(shape), shape, Shaper(shape))

    def read(self, raw: Any) -> Snapshot:  # noqa: ANN401 - any JSON value
        """
        Check and shape parsed data.

        Args:
            raw: As a reader made it or a file holds it; it is not changed.

        Raises:
            ErrorGroup: It breaks the contract; a `SnapshotError` with its `pointer` for each breach. The
                caller knows the file and adds the places.
        """
        try:
            document = self.shaper.shape(raw)
            named = digest(raw)
        except (ShapeFault, NotCanonicalError):
            self._refuse(raw)
        if any(True for _ in incoherences(self.shape, raw)):
            self._refuse(raw)
        head = document["snapshot"]
        gaps = Gaps(head["gaps"])
        document = apply(document, gaps)
        calendar = WorkingCalendar.from_snapshot(document)
        project = document["project"]
        return Snapshot(
            auditee=head["auditee"],
            name=project.get("name") or project["id"],
            target=head["schema"]["name"],
            captured_at=head["captured_at"],
            zone=calendar.zone,
            calendar=calendar,
            document=document,
            root=self.root,
            gaps=gaps,
            digest=named,
        )

    def _refuse(self, raw: Any) -> NoReturn:  # noqa: ANN401 - any JSON value
        found = violations(self.schema, raw)
        if not found:
            msg = "the shaper refuses a document in which the schema finds no fault"
            raise RuntimeError(msg)
        raise ErrorGroup(violation.to_error() for violation in found)
