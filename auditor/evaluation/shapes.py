"""
What kind of value a value is: its type's name, whether it fits a declared type, its wrapping.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.facts.types import (
    DYN,
    NULL,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    ScalarType,
    TypeParameter,
)
from auditor.language.values import (
    Day,
    Duration,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Opaque,
    Optional,
    Record,
    Span,
    Timestamp,
    TypeValue,
    Uint,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from auditor.facts.types import Type


def plain(value: Value) -> Value:
    """Return the value without its mark of resting on no element."""
    return value.value if isinstance(value, Hollow) else value


def hollowed(value: Value) -> Value:
    """Mark a finished value as resting on no element."""
    return value if isinstance(value, Hollow | Unknown | Failure) else Hollow(value)


def type_name(value: Value) -> str:
    """Return the CEL name of the value's type."""
    match value:
        case None:
            name = "null_type"
        case bool():
            name = "bool"
        case Uint():
            name = "uint"
        case int():
            name = "int"
        case float():
            name = "double"
        case str():
            name = "string"
        case bytes():
            name = "bytes"
        case Listing():
            name = "list"
        case MapValue():
            name = "map"
        case _:
            name = _object_name(value)
    return name


def _object_name(value: Value) -> str:
    match value:
        case Timestamp() | Day():
            return "google.protobuf.Timestamp"
        case Duration():
            return "google.protobuf.Duration"
        case TypeValue():
            return "type"
        case Optional():
            return "optional_type"
        case Opaque():
            return value.type
        case Fraction():
            return "ratio"
        case Span():
            return "span"
        case dt.date():
            return "date"
        case Record():
            return value.type.name
        case _:
            return "dyn"


_SCALARS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "double": (float,),
    "string": (str,),
    "bytes": (bytes,),
    "timestamp": (Timestamp, Day),
    "duration": (Duration,),
    "type": (TypeValue,),
    "ratio": (Fraction,),
    "span": (Span,),
    "date": (dt.date,),
    "uint": (Uint,),
}


def fits(value: Value, declared: Type) -> bool:
    """Tell whether a finished value may be passed where *declared* is wanted."""
    match declared:
        case TypeParameter():
            return True
        case NullableType():
            return value is None or fits(value, declared.inner)
        case ListType():
            return isinstance(value, Listing)
        case MapType():
            return isinstance(value, MapValue)
        case ObjectType():
            return isinstance(value, Record) and value.type is declared
        case OpaqueType():
            return type_name(value) == declared.name
        case ScalarType(name="number"):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ScalarType(name="int"):
            return isinstance(value, int) and not isinstance(value, bool | Uint)
        case ScalarType():
            if declared == DYN:
                return True
            if declared == NULL:
                return value is None
            return isinstance(value, _SCALARS[declared.name])
        case _:
            return False
