"""
Read a population: whom an audit must cover.

Without it an audit covers whatever somebody handed in, and a project that is never handed in has no findings.
Who belongs to it depends on the day: members come and go, and both ends are calendar days in the population's
own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor.documents.nodes import node_at
from auditor.documents.yaml import compose
from auditor.facts.instants import parse_instant
from auditor.facts.zones import zone
from auditor.model.errors import ErrorGroup, PopulationError
from auditor.sources import field_rules as rules
from auditor.sources.located_model import validated
from auditor.sources.working_calendar import CalendarText, calendar_model, faults_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from pydantic import BaseModel

    from auditor.documents.yaml import Node
    from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class MemberExclusion:
    """Why a member is not to be audited."""

    kind: str
    reason: str
    by: str
    at: str
    """Instant with its offset, or calendar day, as written."""


@dataclass(frozen=True, slots=True)
class Member:
    """An auditee that an audit must cover."""

    id: str
    name: str
    target: str
    """``project`` or ``unit``."""
    dm: str | None
    """Id or name of the Delivery Manager; None where nobody is named."""
    first_day: str | None
    """First day in scope; None for always. As is `last_day`, which is in scope too."""
    last_day: str | None
    exclusion: MemberExclusion | None
    location: Location

    def to_tree(self) -> dict[str, Any]:
        """Return the member as the portfolio document writes it."""
        left = self.exclusion
        return {
            "id": self.id,
            "name": self.name,
            "target": self.target,
            "dm": self.dm,
            "from": self.first_day,
            "until": self.last_day,
            "exclusion": None
            if left is None
            else {"kind": left.kind, "reason": left.reason, "by": left.by, "at": left.at},
        }


@dataclass(frozen=True, slots=True)
class Covering:
    """What an audit makes of its population, each member once, sorted by id."""

    audited: tuple[Member, ...]
    missing: tuple[Member, ...]
    """In scope, and nothing of them could be judged."""
    excluded: tuple[Member, ...]
    """Would be in scope, and somebody excluded them."""
    not_listed: tuple[str, ...]
    """Ids of auditees that were judged and are not in scope: not members, or not on that day."""

    @property
    def in_scope(self) -> int:
        """How many members the audit had to cover."""
        return len(self.audited) + len(self.missing)


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """A population, as written."""

    id: str
    name: str
    time_zone: str
    calendar: CalendarText | None
    members: tuple[Member, ...]
    """In the order of the file."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the days begin and end on which members come and go."""
        return zone(self.time_zone)

    def covering(self, as_of: datetime | date, judged: Collection[str]) -> Covering:
        """
        Tell who is in scope, who of them was judged, and who was not.

        Args:
            as_of: The judged instant in UTC, or the day.
            judged: Ids of the auditees that were judged.
        """
        members = sorted(self.members, key=lambda member: member.id)
        due = [member for member in members if self.is_listed(member, as_of)]
        excluded = tuple(member for member in due if self.is_excluded(member, as_of))
        in_scope = [member for member in due if member not in excluded]
        return Covering(
            audited=tuple(member for member in in_scope if member.id in judged),
            missing=tuple(member for member in in_scope if member.id not in judged),
            excluded=excluded,
            not_listed=tuple(sorted(set(judged) - {member.id for member in due})),
        )

    def is_listed(self, member: Member, as_of: datetime | date) -> bool:
        """Tell whether *member* belongs to the population at *as_of*, excluded or not."""
        day = self._day(as_of).isoformat()
        return (member.first_day or day) <= day <= (member.last_day or day)

    def is_excluded(self, member: Member, as_of: datetime | date) -> bool:
        """Tell whether *member* was excluded by then; what is decided later does not reach back."""
        if member.exclusion is None:
            return False
        at = parse_instant(member.exclusion.at)
        if isinstance(at, datetime) and isinstance(as_of, datetime):
            return at <= as_of
        return self._day(at) <= self._day(as_of)

    def _day(self, when: datetime | date) -> date:
        return when.astimezone(self.zone).date() if isinstance(when, datetime) else when


def parse_population(data: bytes, *, path: str) -> PopulationFile:
    """
    Read the bytes of a population.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules; each breach with its place.
    """
    root = compose(data, path=path)
    model = validated(population_model(), root, what="a population", kind=PopulationError)
    found = model.model_dump()
    faults = list(_faults(found, root))
    if faults:
        raise ErrorGroup(faults)
    return PopulationFile(
        id=found["id"],
        name=found["name"],
        time_zone=found["time_zone"],
        calendar=None if found["calendar"] is None else CalendarText.of(found["calendar"]),
        members=tuple(
            Member(
                id=one["id"],
                name=one["name"],
                target=one["target"],
                dm=one["dm"],
                first_day=one["from"],
                last_day=one["until"],
                exclusion=None if one["exclusion"] is None else MemberExclusion(**one["exclusion"]),
                location=node_at(root, ("members", position)).location,
            )
            for position, one in enumerate(found["members"])
        ),
    )


def _faults(found: Mapping[str, Any], root: Node) -> Iterator[PopulationError]:
    """Find what is wrong between the parts of a population, each of which is right by itself."""
    if found["calendar"] is not None:
        for step, message, hint in faults_of(found["calendar"]):
            yield _fault(node_at(root, ("calendar", *step)), message, hint)
    first: dict[str, Node] = {}
    for position, member in enumerate(found["members"]):
        node = node_at(root, ("members", position, "id"))
        twin = first.setdefault(member["id"], node)
        if twin is not node:
            message = f"'{member['id']}' is a member twice"
            yield _fault(node, message, f"the other one is {twin.location}; leave one out")
        begin, end = member["from"], member["until"]
        if begin is not None and end is not None and end < begin:
            node = node_at(root, ("members", position, "until"))
            message = f"'{member['id']}' leaves on {end}, before it comes on {begin}"
            yield _fault(node, message, "write the earlier day first")


def _fault(node: Node, message: str, hint: str) -> PopulationError:
    return PopulationError(message, hint=hint, location=node.location, excerpt=node.excerpt)


@cache
def population_model() -> type[BaseModel]:
    """Return the model of a population; ``schemas/population.schema.json`` is derived from it."""
    # Here, not above: a run without a population need not wait for pydantic.
    from pydantic import (  # noqa: PLC0415 - slow to import
        AfterValidator,
        BaseModel,
        ConfigDict,
        Field,
        create_model,
    )

    strict = ConfigDict(extra="forbid", strict=True)
    text = Annotated[str, Field(min_length=1)]
    saying = Annotated[str, AfterValidator(rules.saying)]
    day = Annotated[str, AfterValidator(rules.day), Field(json_schema_extra={"format": "date"})]
    working_calendar = calendar_model()

    class Exclusion(BaseModel):
        """Why a member is not to be audited."""

        model_config = strict

        kind: text = Field(description="Which of the framework's reasons, e.g. advisory_call.")
        reason: saying = Field(description="Why, in words; the reports repeat it.")
        by: saying = Field(description="Who decided it: a person's name.")
        at: Annotated[str, AfterValidator(rules.instant_or_day)] = Field(
            description="When it was decided: an instant with its offset, or a day."
        )

    # `from` is a word of Python's own, so this one is not written as a class.
    member = create_model(
        "Member",
        __config__=strict,
        __doc__="An auditee that an audit must cover.",
        **{  # type: ignore[call-overload]
            "id": (text, Field(description="Id of the project or unit, as its snapshots name it.")),
            "name": (text, Field(description="What people call it.")),
            "target": (
                Literal["project", "unit"],
                Field(default="project", description="Kind of auditee."),
            ),
            "dm": (
                text | None,
                Field(default=None, description="Id or name of the Delivery Manager."),
            ),
            "from": (
                day | None,
                Field(default=None, description="First day in scope; without it always."),
            ),
            "until": (
                day | None,
                Field(default=None, description="Last day in scope; without it for good."),
            ),
            "exclusion": (
                Exclusion | None,
                Field(default=None, description="Why it is not to be audited."),
            ),
        },
    )

    class PopulationModel(BaseModel):
        """Whom an audit must cover."""

        model_config = strict | ConfigDict(title="Population, version 1")

        id: text = Field(description="Id of the population, e.g. acme-delivery.")
        name: text = Field(description="What it is called in reports.")
        time_zone: Annotated[str, AfterValidator(rules.time_zone)] = Field(
            description="IANA zone of the days on which members come and go, e.g. Europe/Berlin."
        )
        calendar: working_calendar | None = Field(  # type: ignore[valid-type]
            default=None, description="Working calendar of what is judged over all members."
        )
        members: list[member] = Field(  # type: ignore[valid-type]
            min_length=1, description="The auditees, in any order."
        )

    return PopulationModel
