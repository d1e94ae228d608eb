"""
Random snapshots of a project, and what is left of one when facts are taken away.

A snapshot is written from the product's own schema, for the entities that the random expressions speak of.
Ids come from small pools, so that records refer to one another; instants and numbers, too, so that some are
equal. What leaves here is what a reader would hand on: JSON values, not yet shaped.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from auditor.documents.pointer import join
from auditor.facts.schema import element_of, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from auditor.facts.schema import Member, Shape

ENTITIES: Final = (
    "project", "parties", "role_assignments", "delegations", "documents", "baselines", "approvals",
    "change_requests", "checklists", "expectations", "sprints", "allocations", "work_items",
    "change_events", "time_entries", "deliverables", "blockers", "risks", "risk_log", "meetings",
    "actions", "metrics", "standards", "tools",
)  # fmt: skip
"""What a random snapshot holds beside its head."""

_ID_POOL: Final = 4
INSTANTS: Final = (
    "2026-03-02T09:00:00+01:00", "2026-03-02T09:00:00Z", "2026-03-03T12:00:00+01:00",
    "2026-03-03T11:00:00Z", "2026-03-06T17:00:00+01:00", "2026-03-06T16:59:59.999999+01:00",
    "2026-03-09T08:00:00+01:00", "2026-03-29T01:30:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00+02:00",
    "2026-03-20T10:15:30.25+01:00", "2025-12-31T23:30:00Z",
)  # fmt: skip
DAYS: Final = ("2026-03-02", "2026-03-03", "2026-03-06", "2026-03-09", "2026-03-29", "2026-04-01")
CAPTURED: Final = "2026-04-02T18:00:00+02:00"
_TEXTS: Final = (
    "DM", "PM", "approved", "v1", "v2", "tbd", " ", "Ä", "日本", "🙂", "e\u0301", "1", "2026-03-03", "scope",
    "NaN", "{x}", "'\"\\", "long " * 60,
)  # fmt: skip
_INTS: Final = (0, 1, 2, 3, 5, -1, 3600, 28800)
_HUGE: Final = (2**53 - 1, 1 - 2**53)
"""The largest whole numbers that a snapshot may hold."""
_DOUBLES: Final = (0.1, 0.2, 0.3, 0.5, 1.0, 2.5, -1.0, 3, 0, 1e15, 1e-9)


@dataclass(frozen=True)
class Knobs:
    """How a random snapshot is; shares of all places where it can be so."""

    holes: float = 0.0
    nulls: float = 0.2
    truncated: float = 0.0
    days: float = 0.0
    empty: float = 0.2
    huge: float = 0.02
    longest: int = 4
    mark: str = ""
    """What every free text begins with."""


KNOWN: Final = Knobs()
"""Everything is known."""
HOLED: Final = Knobs(holes=0.06, truncated=0.04, days=0.05)
"""Some is not."""


class Writer:
    """Writes random snapshots of one schema."""

    def __init__(self, shape: Shape, random: Random, knobs: Knobs) -> None:
        self._shape = shape
        self._random = random
        self._knobs = knobs

    def write(self) -> dict[str, Any]:
        """Return a snapshot."""
        members = fields_of(self._shape)
        document: dict[str, Any] = {"snapshot": self._head()}
        for name in ENTITIES:
            if name == "project" or not self._chance(self._knobs.holes):
                document[name] = self._value(members[name].shape, name)
        document["project"]["id"] = document["snapshot"]["auditee"]
        if self._knobs.truncated:
            gaps = document["snapshot"]["gaps"]
            for place in lists(self._shape, document):
                if self._chance(self._knobs.truncated):
                    gaps[join(*place)] = "truncated"
        return document

    def _head(self) -> dict[str, Any]:
        calendar = {
            "working_days": ["mon", "tue", "wed", "thu", "fri"],
            "hours": {"from": "09:00", "to": "17:00"},
            "holidays": self._some(("2026-03-09", "2026-04-03")),
        }
        head = {
            "schema": {"name": "project", "version": 1},
            "auditee": "project-1",
            "captured_at": CAPTURED,
            "time_zone": self._pick(("Europe/Berlin", "UTC", "America/New_York")),
            "gaps": {},
            "calendar": {k: v for k, v in calendar.items() if not self._chance(self._knobs.holes)},
        }
        if self._chance(self._knobs.holes):
            del head["calendar"]
        return head

    # ----- choices

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, choices: tuple[Any, ...]) -> Any:
        return choices[self._random.randrange(len(choices))]

    def _some(self, choices: tuple[Any, ...]) -> list[Any]:
        return [choice for choice in choices if self._chance(0.5)]

    # ----- values

    def _value(self, shape: Shape, entity: str) -> Any:
        if shape.is_nullable and self._chance(self._knobs.nulls):
            return None
        match shape.kind:
            case "object":
                return self._object(shape, entity)
            case "list":
                return self._list(shape, entity)
            case "map":
                return {
                    key: self._value(element_of(shape), entity) for key in self._some(("a", "b"))
                }
            case _:
                return self._scalar(shape)

    def _scalar(self, shape: Shape) -> Any:
        if shape.enum is not None:
            return self._pick(shape.enum)
        match shape.kind:
            case "moment":
                return self._pick(INSTANTS)
            case "instant":
                return self._pick(DAYS if self._chance(self._knobs.days) else INSTANTS)
            case "day":
                return self._pick(DAYS)
            case "local-time":
                return "09:00"
            case "time-zone":
                return "Europe/Berlin"
            case "boolean":
                return self._chance(0.5)
            case "integer":
                return self._bounded(_HUGE if self._chance(self._knobs.huge) else _INTS, shape)
            case "number":
                return self._bounded(_DOUBLES, shape)
            case "anything":
                return self._pick((1, "x", None, True, 0.1, [1, "a"], {"a": 1, "b": [None]}))
            case _:
                return self._text(shape)

    def _bounded(self, choices: tuple[Any, ...], shape: Shape) -> Any:
        low = shape.minimum if shape.minimum is not None else min(choices)
        high = shape.maximum if shape.maximum is not None else max(choices)
        return self._pick(tuple(choice for choice in choices if low <= choice <= high) or (low,))

    def _text(self, shape: Shape) -> str:
        if shape.ref is not None:
            return f"{shape.ref}-{self._random.randrange(_ID_POOL + 1)}"
        if self._chance(0.2):
            return f"{self._pick(ENTITIES)}-{self._random.randrange(_ID_POOL)}"
        return f"{self._knobs.mark}{self._pick(_TEXTS)}"

    def _object(self, shape: Shape, entity: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, member in fields_of(shape).items():
            if name == "prov" and self._chance(0.7):
                continue
            can_lack = not member.is_required
            if can_lack and self._chance(self._knobs.holes):
                continue
            if member.has_default and self._chance(0.5):
                continue
            made[name] = self._value(member.shape, entity)
        return made

    def _list(self, shape: Shape, entity: str) -> list[Any]:
        if self._chance(self._knobs.empty):
            return []
        element = element_of(shape)
        longest = self._knobs.longest if element.kind == "object" else 3
        made = [self._value(element, entity) for _ in range(1 + self._random.randrange(longest))]
        if element.kind == "object" and "id" in fields_of(element):
            for place, record in enumerate(made):
                record["id"] = f"{fields_of(element)['id'].shape.ref or entity}-{place}"
        return made


# ----- taking away

BY_CONVENTION: Final = frozenset({"recorded_at", "prov", "snapshot"})
"""What a convention says the absence of counts as; it is no fact that may be taken away like any other."""


def lists(shape: Shape, data: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every list that can be truncated."""
    for place, member in fields(shape, data, ()):
        if member.shape.kind == "list" and isinstance(at(data, place), list):
            yield place


def fields(
    shape: Shape, data: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Member]]:
    """Yield every field of a document, with what the schema says of it."""
    if shape.kind == "list" and isinstance(data, list):
        for index, part in enumerate(data):
            yield from fields(element_of(shape), part, (*path, index))
    elif shape.kind == "object" and isinstance(data, dict):
        members = fields_of(shape)
        for name, value in data.items():
            if name not in BY_CONVENTION:
                yield (*path, name), members[name]
                yield from fields(members[name].shape, value, (*path, name))


def at(data: Any, place: tuple[str | int, ...]) -> Any:
    """Return what stands in a place."""
    for token in place:
        data = data[token]
    return data


def poorer(shape: Shape, document: dict[str, Any], random: Random, share: float) -> dict[str, Any]:
    """
    Take facts away: fields become unobserved, lists end early, instants are known only to their day.

    Args:
        shape: The schema.
        document: A snapshot of which everything is known.
        random: Chooses what is taken.
        share: How much of what can be taken.
    """
    made = deepcopy(document)
    gaps: dict[str, str] = made["snapshot"]["gaps"]
    zone = ZoneInfo(made["snapshot"]["time_zone"])
    _without(shape, made, (), _Taking(random, share, zone, gaps))
    if random.random() < share:
        del made["snapshot"]["calendar"]
    return made


@dataclass(frozen=True)
class _Taking:
    """What decides about what is taken away."""

    random: Random
    share: float
    zone: ZoneInfo
    gaps: dict[str, str]

    def takes(self) -> bool:
        return self.random.random() < self.share


def _without(shape: Shape, data: Any, path: tuple[str | int, ...], taking: _Taking) -> None:
    if shape.kind == "list" and isinstance(data, list):
        for index, part in enumerate(data):
            _without(element_of(shape), part, (*path, index), taking)
    elif shape.kind == "object" and isinstance(data, dict):
        for name, member in fields_of(shape).items():
            if name in data and name not in BY_CONVENTION:
                _field_without(member, data, (*path, name), taking)


def _field_without(
    member: Member, record: dict[str, Any], place: tuple[str | int, ...], taking: _Taking
) -> None:
    name, value = str(place[-1]), record[str(place[-1])]
    if not member.is_required and not member.has_default and taking.takes():
        del record[name]
        return
    if (
        member.shape.kind == "instant"
        and isinstance(value, str)
        and "T" in value
        and taking.takes()
    ):
        local = dt.datetime.fromisoformat(value).astimezone(taking.zone)
        record[name] = local.date().isoformat()
    elif member.shape.kind == "list" and isinstance(value, list) and taking.takes():
        del value[taking.random.randrange(len(value) + 1) :]
        taking.gaps[join(*place)] = "truncated"
    _without(member.shape, record[name], place, taking)
