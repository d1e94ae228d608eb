"""
Why can something that the schema has not be an answer to the question of a shape?

"There is no such field" would be wrong of a field that a person reads in the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import DATE, TIMESTAMP, ListType, NullableType, ScalarType, unwrap
from auditor.usecases.authoring.records import BOOKKEEPING, inner_element

if TYPE_CHECKING:
    from auditor.facts.types import Field, ObjectType
    from auditor.usecases.authoring.records import Records

_HOW_RECORDED = "says how it was recorded, not what"


def why_no_field(blank: str, name: str, records: Records, first: str | None) -> str | None:
    """
    Return why a field cannot be what a blank asks for.

    Args:
        blank: ``field``, ``first`` or ``second``.
        name: What was answered: a field, or one inside a list of the record (``escalations.level``).
        records: Whose field it is.
        first: What has to happen, where that is known.

    Returns:
        None where there is no such field.
    """
    field = _field(name, records)
    if field is None:
        return None
    if name.rpartition(".")[2] in BOOKKEEPING:
        return _HOW_RECORDED
    if blank == "field":
        return "can never be known to be missing"
    if name == first:
        return "is what has to happen itself"
    return _why_no_instant(blank, field)


def why_not_chosen_by(name: str, element: ObjectType | None) -> str | None:
    """Return why records cannot be chosen by a field; None where there is no such field."""
    field = element.fields.get(name) if element is not None else None
    if field is None:
        return None
    if name in BOOKKEEPING:
        return _HOW_RECORDED
    kind = unwrap(field.type)
    if isinstance(kind, ListType):
        return "is a list, and this takes a single value"
    return "is an instant or a day" if kind in {DATE, TIMESTAMP} else "is a record of its own"


def _field(name: str, records: Records) -> Field | None:
    path, dot, part = name.partition(".")
    field = records.fields.get(path)
    if field is None or not dot:
        return field
    inner = inner_element(field)
    return inner.fields.get(part) if inner is not None else None


def _why_no_instant(blank: str, field: Field) -> str:
    kind = unwrap(field.type)
    if isinstance(kind, ListType):
        return "is a list, and this takes a single instant"
    if kind == DATE and blank == "first":
        return "is a day, and this takes an instant"
    if not isinstance(kind, ScalarType) or kind not in {DATE, TIMESTAMP}:
        return "is no instant"
    if not isinstance(field.type, NullableType):
        return "is always there"
    if field.time == "planned" and blank == "first":
        return "says what was planned, not what happened"
    return "stands in a list inside the record, and this takes a single instant"
