"""
What does a believable record look like that the first cases of a policy can start from?

Only what the rule reads is filled in, beside what every record must have and its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    INT,
    TIMESTAMP,
    ListType,
    MapType,
    ObjectType,
    ScalarType,
    unwrap,
)
from auditor.usecases.authoring.records import words

if TYPE_CHECKING:
    from auditor.facts.types import Field, Type

NAMES: Final = ("name", "title", "text", "description")
"""Fields by which a record is called in a sentence."""
_INSTANT: Final = "2026-03-03T10:00:00+01:00"
_PERSON: Final = "p-dana"
_PEOPLE: Final = "parties"
_ORDINALS: Final = ("First", "Second")


def sample_record(
    element: ObjectType, known: dict[str, Any], thing: str, number: int = 1
) -> dict[str, Any]:
    """
    Make a record.

    Args:
        element: Its type.
        known: Fields that the rule speaks of, with their values; they stay as they are.
        thing: What people call such a record.
        number: Which of several it is, from 1.
    """
    slug = thing.replace(" ", "-")
    made: dict[str, Any] = {"id": f"{slug}-{number}"} if "id" in element.fields else {}
    name = next((field for field in NAMES if field in element.fields), None)
    if name is not None and name not in known:
        made[name] = f"{_ORDINALS[number - 1]} {thing}"
    for field, declared in element.fields.items():
        if declared.required and field not in made and field not in known:
            made[field] = sample_value(field, declared, number)
    return {**made, **known}


def sample_value(name: str, field: Field, number: int = 1) -> Any:  # noqa: ANN401 - any JSON value
    """Make a value of a field that says something."""
    return _value(name, field.type, number)


def _value(name: str, kind: Type, number: int) -> Any:  # noqa: ANN401 - any JSON value
    match unwrap(kind):
        case ListType(element):
            return [_value(name.removesuffix("s"), element, number)]
        case MapType():
            return {}
        case ObjectType() as inner:
            return sample_record(inner, _something(inner, number), words(name), number)
        case ScalarType() as scalar:
            return _scalar(name, scalar, number)
    return None


def _something(inner: ObjectType, number: int) -> dict[str, Any]:
    """Fill in the first field of an object that nothing is required of."""
    if any(field in inner.fields for field in ("id", *NAMES)):
        return {}
    first = next(iter(inner.fields), None)
    return {first: sample_value(first, inner.fields[first], number)} if first is not None else {}


def _scalar(name: str, kind: ScalarType, number: int) -> Any:  # noqa: ANN401 - any JSON value
    if kind.enum:
        return kind.enum[0]
    if kind.ref == _PEOPLE:
        return (_PERSON, "p-omar")[number - 1]
    if kind.ref is not None:
        return f"{words(kind.ref).replace(' ', '-')}-{number}"
    plain: dict[ScalarType, Any] = {
        BOOL: True, INT: 1, DOUBLE: 1.0, DATE: _INSTANT[:10], TIMESTAMP: _INSTANT,
    }  # fmt: skip
    return plain.get(kind, f"{words(name).capitalize()} {number}, as agreed in writing")
