"""
What does the schema say of the records that a rule is about?

Which of their fields can be demanded, compared or counted, and how they are called in words and in an expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DATE,
    STRING,
    TIMESTAMP,
    ListType,
    NullableType,
    ObjectType,
    ScalarType,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import Field, Type

BOOKKEEPING: Final = ("id", "prov", "ext", "recorded_at")
"""Fields that say how something was recorded, not what."""
OWN: Final = "ext"
"""Field that holds an organisation's own ones."""
_PLURALS: Final = (("ies", "y"), ("yses", "ysis"), ("s", ""))


@dataclass(frozen=True, slots=True)
class Records:
    """A list of the snapshot, its element type, and its names."""

    name: str
    element: ObjectType
    about: str
    one: str
    """What a policy calls one of them."""
    thing: str
    """What a sentence calls one of them."""

    @property
    def things(self) -> str:
        """What a sentence calls all of them."""
        return words(self.name)

    @property
    def fields(self) -> Mapping[str, Field]:
        """What is recorded of one of them."""
        return self.element.fields

    @property
    def birth(self) -> str | None:
        """The field with the instant from which one exists, where it can be asked for."""
        name = self.element.birth
        return name if name is not None and _is_instant(self.fields[name]) else None


def words(name: str) -> str:
    """Return a name of the schema as a sentence has it."""
    return name.replace("_", " ")


def records_of(root: ObjectType) -> dict[str, Records]:
    """Return every list of records of a snapshot by its name, in the order of the schema."""
    return {
        name: _records(name, field.type.element, field.about, root)
        for name, field in root.fields.items()
        if isinstance(field.type, ListType) and isinstance(field.type.element, ObjectType)
    }


def _records(name: str, element: ObjectType, about: str, root: ObjectType) -> Records:
    thing = next(
        (name.removesuffix(end) + single for end, single in _PLURALS if name.endswith(end)), name
    )
    one = thing.rpartition("_")[2]
    if thing == name or one in root.fields:
        one, thing = "record", f"record of {name}"
    return Records(name, element, about, one, words(thing))


def demandable(records: Records) -> dict[str, Field]:
    """Return the fields that one of the records may be known to lack."""
    return {
        name: field
        for name, field in {**records.fields, **own_fields(records)}.items()
        if name not in BOOKKEEPING
        and not field.required
        and (
            isinstance(field.type, (NullableType, ListType))
            or _plain(field) == BOOL
            or is_free_text(field)
        )
    }


def own_fields(records: Records) -> dict[str, Field]:
    """Return what an organisation records of one of the records beside the schema, as ``ext.NAME``."""
    own = records.fields.get(OWN)
    kind = unwrap(own.type) if own is not None else None
    if not isinstance(kind, ObjectType):
        return {}
    return {f"{OWN}.{name}": field for name, field in kind.fields.items()}


def is_free_text(field: Field) -> bool:
    """Whether a field holds words of somebody's own."""
    return _plain(field) == STRING


def instants(records: Records) -> dict[str, Field]:
    """Return what can happen to one of the records: its instants, and those of the lists inside it."""
    found = {name: field for name, field in records.fields.items() if _is_instant(field)}
    for name, field in records.fields.items():
        inner = inner_element(field)
        for part, below in inner.fields.items() if inner is not None else ():
            if _is_instant(below):
                found[f"{name}.{part}"] = below
    return {name: field for name, field in found.items() if field.time == "happened"}


def limits(records: Records, root: ObjectType, target: str) -> dict[str, Field]:
    """Return before what, or from when on, something may have to happen: of the record, or of the auditee."""
    found = {
        name: field
        for name, field in records.fields.items()
        if name not in BOOKKEEPING and (_is_instant(field) or is_day(field))
    }
    auditee = root.fields[target].type
    if isinstance(auditee, ObjectType):
        found |= {f"{target}.{path}": field for path, field in _below(auditee)}
    return found


def _below(auditee: ObjectType) -> Iterator[tuple[str, Field]]:
    for name, field in auditee.fields.items():
        if name not in BOOKKEEPING and _is_instant(field):
            yield name, field
        if isinstance(field.type, ObjectType) and name not in BOOKKEEPING:
            yield from ((f"{name}.{path}", part) for path, part in _below(field.type))


def inner_element(field: Field) -> ObjectType | None:
    """Return what a list inside a record holds, where those are records again."""
    if isinstance(field.type, ListType) and isinstance(field.type.element, ObjectType):
        return field.type.element
    return None


def inner_lists(records: Records) -> dict[str, Field]:
    """Return the lists inside one of the records."""
    return {
        name: field
        for name, field in records.fields.items()
        if isinstance(field.type, ListType) and name not in BOOKKEEPING
    }


def comparable(element: ObjectType) -> dict[str, Field]:
    """Return the fields by which only some of the records can be meant."""
    return {
        name: field
        for name, field in element.fields.items()
        if isinstance(unwrap(field.type), ScalarType)
        and name not in BOOKKEEPING
        and not _is_instant(field)
        and not is_day(field)
    }


def is_day(field: Field) -> bool:
    """Whether a field holds a day that may be absent."""
    return isinstance(field.type, NullableType) and field.type.inner == DATE


def _is_instant(field: Field) -> bool:
    return isinstance(field.type, NullableType) and field.type.inner == TIMESTAMP


def _plain(field: Field) -> Type:
    return unwrap(field.type)
