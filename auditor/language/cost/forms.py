"""
The forms that a value may have, with what bounds each, before anything is evaluated.

A `Size` is all the forms that a value may have; none at all is null, or a value that there never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.facts.types import ListType, MapType, ObjectType, ScalarType, unwrap
from auditor.language.cost.growth import Growth, number, quantity

if TYPE_CHECKING:
    from auditor.facts.types import Type

_ID: Final = 16
"""Characters of the id of a calendar unit."""

TEXT: Final = quantity("text")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a value; a plain one is a number, a truth, or anything else without parts."""


@dataclass(frozen=True, slots=True)
class Text(Form):
    """A text or bytes."""

    length: Growth


@dataclass(frozen=True, slots=True)
class Whole(Form):
    """A whole number of which the largest value is known."""

    most: int


@dataclass(frozen=True, slots=True)
class Moment(Form):
    """An instant or day."""

    days_beyond: int | None
    """By how many days it can lie outside those that stand in the snapshot; None where nothing tells."""
    stretch: int | None = None
    """The most days of the stretch of the calendar of which it is the first or last instant."""
    paths: frozenset[str] = frozenset()
    """Fields of the snapshot of which it is one, perhaps moved; the judged instant and the period count always."""


@dataclass(frozen=True, slots=True)
class Length(Form):
    """A span of so many calendar days at most."""

    days: int


@dataclass(frozen=True, slots=True)
class Listed(Form):
    """A list."""

    members: Growth
    element: Size
    path: str = ""
    """Where it stands in the snapshot as it is; empty for a list that an expression made."""
    origin: str = ""
    """Path of one list of records of the snapshot from which all members come, each once; empty for none."""


@dataclass(frozen=True, slots=True)
class Mapped(Form):
    """A map; `named` are the values of keys that are known."""

    members: Growth
    key: Size
    value: Size
    named: tuple[tuple[str, Size], ...] = ()


@dataclass(frozen=True, slots=True)
class Fields(Form):
    """A declared record of the snapshot."""

    type: ObjectType
    path: str


@dataclass(frozen=True, slots=True)
class Made(Form):
    """A record that an expression made."""

    fields: tuple[tuple[str, Size], ...]
    """By name, sorted."""


@dataclass(frozen=True, slots=True)
class Held(Form):
    """An optional."""

    inner: Size


@dataclass(frozen=True, slots=True)
class Anything(Form):
    """Data of any form with so many values inside, texts so long at most."""

    inside: Growth
    length: Growth


Size = tuple[Form, ...]

PLAIN: Final[Size] = (Form(),)
NONE: Final[Size] = ()


def text(length: Growth | int) -> Size:
    """Return the size of a text."""
    return (Text(number(length) if isinstance(length, int) else length),)


def listed(members: Growth | int, element: Size) -> Size:
    """Return the size of a list that an expression makes."""
    return (Listed(number(members) if isinstance(members, int) else members, element),)


def declared(found: Type, path: str) -> Size:
    """Return the size of a fact of a declared type at a path of the snapshot."""
    found = unwrap(found)
    match found:
        case ObjectType():
            return (Fields(found, path),)
        case ListType():
            is_records = isinstance(unwrap(found.element), ObjectType)
            element = declared(found.element, path if is_records else f"{path}.*")
            origin = path if is_records else ""
            return (Listed(quantity("members", path), element, path, origin),)
        case MapType():
            value = declared(found.value, f"{path}.*")
            return (Mapped(quantity("members", path), text(TEXT), value),)
        case ScalarType(name="string", enum=tuple() as enum):
            return text(max(map(len, enum), default=0))
        case ScalarType(name="string" | "bytes"):
            return text(TEXT)
        case ScalarType(name="timestamp" | "date"):
            return (Moment(0, None, frozenset({path})),)
        case ScalarType(name="bool" | "int" | "uint" | "double" | "number" | "ratio" | "duration"):
            return PLAIN
        case _:
            return (Anything(quantity("members", f"{path}.**"), TEXT),)


def stretch(days_beyond: int | None, days: int | None, paths: frozenset[str] = frozenset()) -> Size:
    """
    Return the size of a stretch of the calendar.

    Args:
        days_beyond: By how many days what was asked about can lie outside the snapshot's instants.
        days: How many it has at most; None for the period of a run, which the snapshot's instants include.
        paths: Fields of the instants that were asked about.
    """
    beyond = None if days_beyond is None else days_beyond + (days or 0)
    edge: Size = (Moment(beyond, days, paths),)
    fields = (("ends_at", edge), ("id", text(_ID)), ("starts_at", edge), ("whole", PLAIN))
    return (Made(fields),)
