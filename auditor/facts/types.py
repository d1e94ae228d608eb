"""
The types that facts and expressions have.

One vocabulary for the schema and for the language: a schema is read into these once, and the checker
computes with the same objects. An object type is a CEL *message*: its fields are declared, and a field
that is missing from the data is unobserved, not absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

TimeRole = Literal["happened", "recorded", "planned"]


class Type:
    """Any type; equal types compare equal."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ScalarType(Type):
    """A type without parts, by its CEL name; a string may be an enumeration or the id of an entity."""

    name: str
    enum: tuple[str, ...] | None = None
    ref: str | None = None
    """The entity whose id this string is (``x-ref``), e.g. ``parties``."""

    def __str__(self) -> str:
        if self.ref:
            return f"id of {self.ref}"
        return self.name


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list of one element type."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """A map: plain CEL, without declared fields."""

    key: Type
    value: Type

    def __str__(self) -> str:
        return f"map({self.key}, {self.value})"


@dataclass(frozen=True, slots=True)
class NullableType(Type):
    """A value, or null: known to be absent. Never nested."""

    inner: Type

    def __str__(self) -> str:
        return f"{self.inner}?"


@dataclass(frozen=True, slots=True)
class TypeParameter(Type):
    """A variable of a generic signature, such as ``T`` in ``list(T).flatten()``."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class OpaqueType(Type):
    """A type whose parts cannot be selected, by its CEL name, with the types that it is about."""

    name: str
    parameters: tuple[Type, ...] = ()

    def __str__(self) -> str:
        name = self.name.removesuffix("_type")
        return f"{name}({', '.join(map(str, self.parameters))})" if self.parameters else name


@dataclass(frozen=True, slots=True)
class History:
    """Where a record itself keeps the earlier values of a field (``x-history``)."""

    list: str
    """Sibling list of dated changes, in order."""
    value: str
    """Field of a change that holds the new value."""
    first: str | None = None
    """Sibling field that holds the value before every change; None where there was none before the first."""


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of an object."""

    type: Type
    required: bool = False
    """True when the shaper guarantees the key, so that it is never unobserved."""
    time: TimeRole | None = None
    """What a cut does with this instant (``x-time``)."""
    default: object = None
    """What the shaper fills in for a missing key; only meaningful when `has_default`."""
    has_default: bool = False
    about: str = ""
    is_state: bool = False
    """Whether it can change without a trace in its own record (``x-state``): only change events set it back."""
    is_latest: bool = False
    """Whether this instant is the newest of a series (``x-latest``): nothing tells the one before it."""
    reverts: tuple[tuple[str, str | None], ...] = ()
    """Instants beside this field, or in an object beside it (``execution.started_at``), and what the field
    was before each of them (``x-reverts``)."""
    history: History | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ObjectType(Type):
    """A declared object. Two object types are the same only if they are one object in memory."""

    name: str
    """Path of the entity, e.g. ``blockers`` or ``blockers.escalations``."""
    fields: Mapping[str, Field] = field(repr=False)
    birth: str | None = None
    """Field with the instant from which a record exists (``x-birth``); None where a cut never drops it."""

    def __str__(self) -> str:
        return self.name


DYN: Final = ScalarType("dyn")
ERROR: Final = ScalarType("error")
NULL: Final = ScalarType("null_type")
BOOL: Final = ScalarType("bool")
INT: Final = ScalarType("int")
UINT: Final = ScalarType("uint")
DOUBLE: Final = ScalarType("double")
STRING: Final = ScalarType("string")
BYTES: Final = ScalarType("bytes")
TIMESTAMP: Final = ScalarType("timestamp")
DURATION: Final = ScalarType("duration")
TYPE: Final = ScalarType("type")
FREE: Final = TypeParameter("dyn")
"""Of what an empty literal holds: nothing yet, so it becomes whatever stands beside it."""
IP: Final = OpaqueType("net.IP")
CIDR: Final = OpaqueType("net.CIDR")
NUMBER: Final = ScalarType("number")
"""An int, a uint or a double, where a function takes any of them."""
DATE: Final = ScalarType("date")
RATIO: Final = ScalarType("ratio")
SPAN: Final = ScalarType("span")

PERIOD: Final = ObjectType(
    "period",
    {
        "id": Field(
            STRING, required=True, about="`2026-W36`, `2026-09`, `2026-Q3` or `2026-09-01`."
        ),
        "starts_at": Field(TIMESTAMP, required=True, about="First instant."),
        "ends_at": Field(TIMESTAMP, required=True, about="Last instant, inclusive."),
        "whole": Field(BOOL, required=True, about="Whether the calendar unit lies wholly inside."),
    },
)
"""A stretch of local time: a day, a week, a month, a quarter, or the period of an audit."""


_OPTIONAL: Final = "optional_type"


def nullable(inner: Type) -> Type:
    """Wrap *inner* so that it may be null; dyn, null and nullable types already may."""
    is_wrapped = isinstance(inner, NullableType) or inner in {DYN, FREE, NULL}
    return inner if is_wrapped else NullableType(inner)


def unwrap(wrapped: Type) -> Type:
    """Return the type without its null."""
    return wrapped.inner if isinstance(wrapped, NullableType) else wrapped


def optional(inner: Type) -> OpaqueType:
    """Return the type of a value that may be left out: CEL's ``optional_type``."""
    return OpaqueType(_OPTIONAL, (inner,))


def held_type(found: Type) -> Type | None:
    """Return what an optional holds if it holds anything; None for a type that is no optional."""
    if isinstance(found, OpaqueType) and found.name == _OPTIONAL:
        return found.parameters[0]
    return None
