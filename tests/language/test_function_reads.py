"""What functions look up by themselves is said in their signatures, so that nobody has to guess it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import ListType, MapType, ObjectType, ScalarType, unwrap
from auditor.language.functions.records import LIBRARY
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.types import Type

DATED = ("timely", "proven")


def records(kind: Type, seen: set[int]) -> Iterator[ObjectType]:
    """Yield every declared object inside a type, once."""
    match unwrap(kind):
        case ListType(element=inner) | MapType(value=inner):
            yield from records(inner, seen)
        case ObjectType() as found if id(found) not in seen:
            seen.add(id(found))
            yield found
            for field in found.fields.values():
                yield from records(field.type, seen)


def naming_documents() -> set[str]:
    """Return the fields of all schemas that hold ids of documents, except a document's own."""
    models, found = snapshot_models(), set()
    for target in ("project", "unit", "portfolio"):
        for record in records(models[target].root, set()):
            for name, field in record.fields.items():
                kind = unwrap(field.type)
                element = unwrap(kind.element) if isinstance(kind, ListType) else kind
                if isinstance(element, ScalarType) and element.ref == "documents" and name != "id":
                    found.add(name)
    return found


def test_every_field_that_names_evidence_is_told() -> None:
    """A document can prove when a record was written down (C10): each field that may name one is read."""
    for entry in LIBRARY.overloads:
        if entry.name in DATED:
            assert set(entry.reads) == {"recorded_at", "prov", *naming_documents()}


def test_what_is_looked_up_elsewhere_is_told() -> None:
    """Fields that the schema of a project declares."""
    root = snapshot_models()["project"].root
    for entry in functions().all():
        for path in entry.consults:
            entity, _, field = path.partition(".")
            listed = unwrap(root.fields[entity].type)
            assert isinstance(listed, ListType)
            record = unwrap(listed.element)
            assert isinstance(record, ObjectType)
            assert field in record.fields


def test_no_other_function_looks_anything_up() -> None:
    """What gets the whole snapshot, or a record of any type, must say what it reads of it."""
    told = {entry.name for entry in functions().all() if entry.reads or entry.consults}

    assert told == set(DATED)
