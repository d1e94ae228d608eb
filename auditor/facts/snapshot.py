"""
Turn parsed data into a snapshot that can be judged.

Everything that a snapshot must go through on its way in happens here, in this order: its digest (of the
data as it was read), the shape, the rules between its parts, its gaps. Nothing is checked again later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from auditor.documents.canonical import NotCanonicalError, canonical, longest_text, named
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.coherence import incoherences
from auditor.facts.gaps import Gaps, apply
from auditor.facts.schema import read_shape, types_of
from auditor.facts.shape import ShapeFault, Shaper
from auditor.facts.validate import violations
from auditor.facts.violation import shown
from auditor.model.errors import ErrorGroup, SnapshotError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from auditor.facts.schema import Shape
    from auditor.facts.types import ObjectType

TARGETS: Final = ("project", "unit", "portfolio")
"""Kinds of auditee. Each has a schema of its own, and its head entity is called like it."""


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
    longest_text: int
    """Characters of its longest text, or a few more."""


@dataclass(frozen=True, slots=True)
class SnapshotModel:
    """The contract of one kind of snapshot; made once, used for every snapshot of that kind."""

    target: str
    """Kind of auditee that it is of, one of `TARGETS`."""
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
        target = schema["properties"]["snapshot"]["properties"]["schema"]["properties"]["name"]
        return cls(target["enum"][0], schema, types_of(shape), shape, Shaper(shape))

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
            body = canonical(raw)
        except (ShapeFault, NotCanonicalError):
            self._refuse(raw)
        if any(True for _ in incoherences(self.shape, raw)):
            self._refuse(raw)
        head = document["snapshot"]
        gaps = Gaps(head["gaps"])
        document = apply(document, gaps)
        calendar = WorkingCalendar.from_snapshot(document)
        auditee = document[self.target]
        return Snapshot(
            auditee=head["auditee"],
            name=auditee.get("name") or auditee["id"],
            target=self.target,
            captured_at=head["captured_at"],
            zone=calendar.zone,
            calendar=calendar,
            document=document,
            root=self.root,
            gaps=gaps,
            digest=named(body),
            longest_text=longest_text(body),
        )

    def _refuse(self, raw: Any) -> NoReturn:  # noqa: ANN401 - any JSON value
        found = violations(self.schema, raw)
        if not found:
            msg = "the shaper refuses a document in which the schema finds no fault"
            raise RuntimeError(msg)
        raise ErrorGroup(violation.to_error() for violation in found)


class SnapshotModels(Mapping[str, SnapshotModel]):
    """
    The contracts of all kinds of snapshot, by target; each is read when it is first asked for.

    Args:
        load: Returns the JSON Schema of a target.
        stamp: Returns a text that is never the same for other contracts.
    """

    def __init__(
        self,
        load: Callable[[str], Mapping[str, Any]],
        stamp: Callable[[], str] | None = None,
    ) -> None:
        self._load = load
        self._stamp = stamp
        self._known: dict[str, SnapshotModel] = {}

    def __getitem__(self, target: str) -> SnapshotModel:
        if target not in TARGETS:
            raise KeyError(target)
        if target not in self._known:
            self._known[target] = SnapshotModel.from_schema(self._load(target))
        return self._known[target]

    def __iter__(self) -> Iterator[str]:
        return iter(TARGETS)

    def __len__(self) -> int:
        return len(TARGETS)

    def stamp(self) -> str | None:
        """Return what tells these contracts from all others; None where nobody says."""
        return self._stamp() if self._stamp is not None else None

    def read(self, raw: Any) -> Snapshot:  # noqa: ANN401 - any JSON value
        """
        Check and shape parsed data of the kind that its head names.

        Raises:
            ErrorGroup: It breaks the contract, or names no kind that there is; see `SnapshotModel.read`.
        """
        return self.of(raw).read(raw)

    def of(self, raw: Any) -> SnapshotModel:  # noqa: ANN401 - any JSON value
        """
        Return the contract that parsed data says it keeps; that of a project where it says nothing.

        Raises:
            ErrorGroup: It names a kind that there is not.
        """
        named = raw
        for key in ("snapshot", "schema", "name"):
            named = named.get(key) if isinstance(named, dict) else None
        if not isinstance(named, str):
            return self["project"]  # whose schema says what is missing
        if named not in TARGETS:
            message = f"/snapshot/schema/name: there is no kind of snapshot called {shown(named)}"
            raise ErrorGroup(
                [
                    SnapshotError(
                        message,
                        hint=did_you_mean(named, TARGETS),
                        pointer="/snapshot/schema/name",
                    )
                ]
            )
        return self[named]


@dataclass(frozen=True, slots=True)
class Roots(Mapping[str, "ObjectType"]):
    """The types of the documents of all kinds of snapshot, by target; each is read when it is asked for."""

    models: SnapshotModels

    def __getitem__(self, target: str) -> ObjectType:
        return self.models[target].root

    def __iter__(self) -> Iterator[str]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)
