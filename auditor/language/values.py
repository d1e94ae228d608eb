"""
The values of the exact evaluator.

Facts stay plain dicts and lists with Python leaves; what an expression computes with is one of these.
Unknowns, errors and open lists are values, so that a deciding operand can absorb them. A reader could
take ``bool`` or ``int`` at face value: a truth that rests on no element is wrapped in `Hollow`.

    null None · bool bool · int int (64 bits) · uint Uint · double float · string str · bytes bytes
    timestamp Timestamp | Day · duration Duration · date datetime.date · ratio Fraction · span Span
    list Listing · map Mapping_ · declared object Record · type TypeValue · optional Optional ·
    of a library Opaque · Unknown · Failure · Hollow
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import ObjectType

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
UINT_MAX: Final = 2**64 - 1
NS_PER_S: Final = 1_000_000_000
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
TIMESTAMP_MIN_NS: Final = -62_135_596_800 * NS_PER_S
TIMESTAMP_MAX_NS: Final = 253_402_300_799 * NS_PER_S + 999_999_999
DURATION_MAX_NS: Final = 2**63 - 1


class Uint(int):
    """An unsigned integer; a type of its own, equal to an int of the same number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant, in nanoseconds since 1970-01-01T00:00:00Z."""

    ns: int

    @classmethod
    def of(cls, moment: dt.datetime) -> Timestamp:
        """Convert an aware datetime, exactly."""
        delta = moment - _EPOCH
        return cls(((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1_000)

    def to_datetime(self) -> dt.datetime:
        """Return the UTC datetime; what is finer than a microsecond is cut off."""
        return _EPOCH + dt.timedelta(microseconds=self.ns // 1_000)


@dataclass(frozen=True, slots=True)
class Day:
    """
    An instant that is known only to its local day: it lies between `first` and `last`, both inclusive.

    Also what comes of counting time on from one, and a limit that an unobserved calendar may move.
    """

    date: dt.date
    first: Timestamp
    last: Timestamp
    pointer: str = ""
    """Where the day stands in the snapshot, for the reason of an unknown."""
    reason: str = "day_precision"
    """Why it is not known more exactly; of a limit, perhaps the gap reason of an unobserved calendar."""

    @property
    def cause(self) -> Cause:
        """Why a comparison that falls between `first` and `last` is unknown."""
        return Cause(self.pointer, self.reason)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A signed length of elapsed time, in nanoseconds."""

    ns: int


@dataclass(frozen=True, slots=True)
class Span:
    """A length that may need a calendar: ``24 hours``, ``2 working days``."""

    amount: int
    unit: str
    """One of minutes, hours, days, weeks, working hours, working days."""

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type as a value, by its CEL name."""

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """One reason why something is unknown."""

    pointer: str
    """JSON Pointer of the fact in the snapshot; empty when a convention, not a fact, is the cause."""
    reason: str
    """A gap reason of SNAPSHOT.md, ``unobserved``, ``day_precision``, or the text of ``undecided``."""
    is_refusal: bool = False
    """Whether no fact is missing, but an answer of the engine that was asked for."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the facts do not tell, with the facts that would."""

    causes: frozenset[Cause]


@dataclass(frozen=True, slots=True)
class Failure:
    """An evaluation error as a value; `message` names no value of the snapshot."""

    slug: str
    message: str
    node: int = -1
    """Id of the expression node that failed."""


class EvaluationFailure(Exception):
    """What an implementation raises where CEL has an error; the evaluator turns it into a `Failure`."""

    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug
        self.message = message


class Undecided(Exception):
    """What an implementation raises where the facts do not decide; it becomes an `Unknown`."""

    def __init__(self, causes: frozenset[Cause]) -> None:
        super().__init__()
        self.causes = causes


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A declared object of the snapshot: plain data, its type and its place."""

    data: Mapping[str, Any]
    type: ObjectType
    pointer: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A member of a list."""

    value: Value
    doubt: Unknown | None = None
    """Why it may not belong (its filter was unknown); None for a certain member."""
    facts: tuple[str, ...] = ()
    """Pointers of the facts for which a filter let it through."""


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """
    A list, perhaps open.

    `rest` says that unread members may follow. `grounded` is false when the list had no element before
    its filters: what is then said of it is vacuous.
    """

    items: tuple[Item, ...]
    rest: Unknown | None = None
    grounded: bool = True
    pointer: str = ""
    """Of the list of the snapshot from which it was drawn; empty for a list that an expression made up."""
    missed: tuple[str, ...] = ()
    """Facts about the members that a filter nearly let through."""

    @classmethod
    def of(cls, values: list[Value] | tuple[Value, ...], *, pointer: str = "") -> Listing:
        """Make a closed list."""
        return cls(tuple(Item(v) for v in values), None, bool(values), pointer)

    @property
    def is_open(self) -> bool:
        """Whether membership is not fully known."""
        return self.rest is not None or any(item.doubt for item in self.items)

    def __iter__(self) -> Iterator[Value]:
        return (item.value for item in self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class MapValue:
    """A CEL map; keys are bool, int, Uint or str, and ``1``, ``1u`` and ``1.0`` name one entry."""

    entries: Mapping[tuple[str, Any], tuple[Value, Value]] = field(default_factory=dict)
    """By `map_key`: the key as it was written, and the value."""
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Optional:
    """A value that may be left out; what it holds is finished, never unknown and never an error."""

    has_value: bool = False
    value: Value = None
    """What it holds; null may be held, too."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of a type that one function library brings: told apart by its key, written as its text."""

    type: str
    """CEL name of the type."""
    key: tuple[int, ...]
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Hollow:
    """A value that rests on no element: a vacuous truth, the size of a list that never had members."""

    value: Value


Value: TypeAlias = Any
"""One of the classes above or a plain Python leaf; ``Any`` because mypy cannot say it without noise."""

__all__ = [
    "Cause",
    "Day",
    "Duration",
    "EvaluationFailure",
    "Failure",
    "Fraction",
    "Hollow",
    "Item",
    "Listing",
    "MapValue",
    "Opaque",
    "Optional",
    "Record",
    "Span",
    "Timestamp",
    "TypeValue",
    "Uint",
    "Undecided",
    "Unknown",
    "Value",
    "map_key",
]


def map_key(key: Value) -> tuple[str, Any] | None:
    """
    Return the identity of a map key, or None for a value that cannot be one.

    Numbers of any type share an identity when they are equal, as CEL's heterogeneous look-up demands.
    """
    match key:
        case bool():
            return ("bool", key)
        case int():
            return ("number", int(key))
        case float():
            return ("number", int(key)) if key.is_integer() else ("number", key)
        case str():
            return ("string", key)
        case _:
            return None
