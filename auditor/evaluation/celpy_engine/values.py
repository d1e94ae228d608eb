"""
How does a value of ours look to cel-python, and one of its own to us?

A fact that nobody recorded, a list that may have more members and an instant that is known only to the day are
errors there: cel-python knows nothing like them. What it has no type for passes through it unopened.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from celpy import celtypes
from celpy.evaluation import CELEvalError

from auditor.language.values import (
    INT_MAX,
    INT_MIN,
    Day,
    Duration,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Record,
    Timestamp,
    Uint,
    Unknown,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from auditor.evaluation.lift import Lift

_NS_PER_MICROSECOND: Final = 1_000
_NO_ANSWER: Final = "no answer"
"""All that an error of ours says inside cel-python: its texts are shown to nobody."""


class Sealed:
    """A value that cel-python has no type for; it can be handed on, and compared with null."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        raise TypeError(_NO_ANSWER)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Facts(celtypes.MapType):
    """A record of the snapshot: cel-python sees a field when it selects it."""

    def __init__(self, record: Record, values: ToCel) -> None:
        super().__init__()
        self.value = record
        self._values = values

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - as celpy declares it
        if key not in self.value.type.fields:
            raise KeyError(key)
        return self._values.field(self.value, str(key))


class Members(celtypes.ListType):
    """A list of ours, so that it is the same list when it comes back."""

    def __init__(self, listing: Listing, values: ToCel) -> None:
        super().__init__(values(part) for part in listing)
        self.value = listing


class ToCel:
    """
    Turns values into cel-python's.

    Args:
        lift: Turns facts into values.
    """

    def __init__(self, lift: Lift) -> None:
        self._lift = lift
        self._lists: dict[str, Members] = {}

    def field(self, record: Record, name: str) -> Any:  # noqa: ANN401 - any value of cel-python
        """Return a field of a record."""
        return self(self._lift.field(record, name))

    def __call__(self, value: Value) -> Any:  # noqa: ANN401, PLR0911 - any value of cel-python; one kind each
        """Return *value* as cel-python has it; an error where it has nothing like it."""
        match value:
            case None:
                return None
            case Hollow():
                return self(value.value)
            case bool():
                return celtypes.BoolType(value)
            case Uint():
                return celtypes.UintType(int(value))
            case int():
                fits = INT_MIN <= value <= INT_MAX
                return celtypes.IntType(value) if fits else error()
            case float():
                return celtypes.DoubleType(value)
            case str():
                return celtypes.StringType(value)
            case bytes():
                return celtypes.BytesType(value)
            case Timestamp() | Duration():
                return _time(value)
            case Listing():
                return self._list(value)
            case MapValue():
                return self._map(value)
            case Record():
                return Facts(value, self)
            case Unknown() | Failure() | Day():
                return error()
            case _:
                return Sealed(value)

    def _list(self, listing: Listing) -> Any:  # noqa: ANN401 - as above
        if listing.is_open:
            return error()
        if not (listing.pointer and self._lift.is_of_snapshot(listing)):
            return Members(listing, self)
        if listing.pointer not in self._lists:
            self._lists[listing.pointer] = Members(listing, self)
        return self._lists[listing.pointer]

    def _map(self, mapping: MapValue) -> Any:  # noqa: ANN401 - as above
        pairs = list(mapping.entries.values())
        if not all(isinstance(key, str) for key, _ in pairs):
            return error()  # to Python, 1 and true are one key
        return celtypes.MapType({celtypes.StringType(key): self(part) for key, part in pairs})


def error() -> CELEvalError:
    """Return an error as cel-python passes it on."""
    return CELEvalError(_NO_ANSWER)


def _time(value: Timestamp | Duration) -> Any:  # noqa: ANN401 - as above
    if value.ns % _NS_PER_MICROSECOND:
        return error()
    if isinstance(value, Timestamp):
        return celtypes.TimestampType(value.to_datetime())
    return celtypes.DurationType(dt.timedelta(microseconds=value.ns // _NS_PER_MICROSECOND))


def from_cel(found: Any) -> Value:  # noqa: ANN401 - any value of cel-python; one kind each
    """
    Return what cel-python came to as a value of ours.

    Raises:
        TypeError: It is an error, or nothing that the language has.
    """
    match found:
        case None:
            return None
        case Facts() | Members() | Sealed():
            return found.value
        case celtypes.BoolType():
            return bool(found)
        case celtypes.UintType():
            return Uint(found)
        case celtypes.IntType():
            return int(found)
        case float():
            return float(found)
        case str():
            return str.__str__(found)
        case bytes():
            return bytes(found)
        case dt.datetime():
            return Timestamp.of(found)
        case dt.timedelta():
            microseconds = found // dt.timedelta(microseconds=1)
            return Duration(microseconds * _NS_PER_MICROSECOND)
        case list():
            return Listing.of([from_cel(part) for part in found])
        case celtypes.MapType():
            return _entries(found)
        case _:
            raise TypeError(_NO_ANSWER)


def _entries(found: celtypes.MapType) -> MapValue:
    entries = {}
    for key, part in found.items():
        ours = from_cel(key)
        identity = map_key(ours)
        if identity is None:
            raise TypeError(_NO_ANSWER)
        entries[identity] = (ours, from_cel(part))
    return MapValue(entries)


def agree(ours: Value, theirs: Value) -> bool:
    """Tell whether both engines came to the same: of one type, and equal; a record of the snapshot is itself."""
    if isinstance(ours, Record) and isinstance(theirs, Record):
        is_one = ours.data is theirs.data or (not ours.pointer and ours.data == theirs.data)
        return is_one and ours.type is theirs.type and ours.pointer == theirs.pointer
    if isinstance(ours, Listing) and isinstance(theirs, Listing):
        is_whole = not ours.is_open and len(ours) == len(theirs)
        return is_whole and all(map(agree, ours, theirs))
    if isinstance(ours, MapValue) and isinstance(theirs, MapValue):
        return ours.entries.keys() == theirs.entries.keys() and all(
            agree(value, theirs.entries[key][1]) for key, (_, value) in ours.entries.items()
        )
    if type(ours) is not type(theirs):
        return False
    return bool(ours == theirs) or (ours != ours and theirs != theirs)  # noqa: PLR0124 - both are NaN
