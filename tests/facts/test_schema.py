"""Types follow from the schema, and a schema outside the subset is refused."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.facts.schema import element_of, fields_of, read_shape, read_types
from auditor.facts.types import (
    DATE,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    History,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    unwrap,
)


def closed(**properties: Any) -> dict[str, Any]:
    """Write a closed object."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def type_of(node: dict[str, Any], **definitions: Any) -> Type:
    """Return the type of a field."""
    return read_types({**closed(x=node), "$defs": definitions}).fields["x"].type


def records(root: ObjectType, entity: str) -> ObjectType:
    """Return the type of an entity's records."""
    listed = root.fields[entity].type
    assert isinstance(listed, ListType)
    assert isinstance(listed.element, ObjectType)
    return listed.element


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        pytest.param({"type": "string"}, STRING, id="string"),
        pytest.param({"type": "integer"}, INT, id="integer"),
        pytest.param({"type": "number"}, DOUBLE, id="number"),
        pytest.param({"type": "string", "format": "date-time"}, TIMESTAMP, id="moment"),
        pytest.param(
            {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
            TIMESTAMP,
            id="instant",
        ),
        pytest.param({"type": "string", "format": "date"}, DATE, id="day"),
        pytest.param(
            {"type": ["string", "null"], "format": "date"}, NullableType(DATE), id="nullable-day"
        ),
        pytest.param(
            {"anyOf": [{"type": "integer"}, {"type": "null"}]}, NullableType(INT), id="any-of-null"
        ),
        pytest.param(
            {"type": "string", "enum": ["a", "b"]}, ScalarType("string", ("a", "b")), id="enum"
        ),
        pytest.param(
            {"type": ["string", "null"], "enum": ["a", None]},
            NullableType(ScalarType("string", ("a",))),
            id="nullable-enum",
        ),
        pytest.param(
            {"type": "string", "x-ref": "parties"}, ScalarType("string", ref="parties"), id="id"
        ),
        pytest.param(
            {"type": "array", "items": {"type": "string"}}, ListType(STRING), id="list"
        ),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "integer"}},
            MapType(STRING, INT),
            id="typed-map",
        ),
        pytest.param(
            {
                "type": ["null", "boolean", "integer", "number", "string", "array", "object"],
                "items": {"$ref": "#/$defs/x"},
                "additionalProperties": {"$ref": "#/$defs/x"},
            },
            DYN,
            id="every-type-is-free",
        ),
    ],
)  # fmt: skip
def test_a_node_has_its_type(node: dict[str, Any], expected: Type) -> None:
    """Each form of the subset has one type."""
    assert type_of(node) == expected


def test_what_stands_beside_a_reference_belongs_to_its_place() -> None:
    """Two fields may share a definition and name different entities."""
    identity = {"type": "string", "minLength": 1}
    node = {"$ref": "#/$defs/id", "x-ref": "sprints"}

    assert type_of(node, id=identity) == ScalarType("string", ref="sprints")


def test_a_shared_definition_is_one_type(schema: dict[str, Any]) -> None:
    """So that what two entities have in common can be passed to one function."""
    root = read_types(schema)
    blocker, risk = records(root, "blockers"), records(root, "risks")

    assert blocker.fields["prov"].type is risk.fields["prov"].type
    assert blocker.fields["escalations"].type == risk.fields["escalations"].type


def test_objects_are_named_by_their_path(schema: dict[str, Any]) -> None:
    """A definition that several entities share goes by its own name."""
    root = read_types(schema)
    names = [
        str(root.fields["project"].type),
        str(records(root, "blockers")),
        str(records(records(root, "actions"), "replans")),
        str(records(records(root, "blockers"), "escalations")),
    ]

    assert names == ["project", "blockers", "actions.replans", "escalation"]


def test_annotations_are_read(schema: dict[str, Any]) -> None:
    """Time roles, births, defaults and ways back reach the types."""
    action = records(read_types(schema), "actions")

    assert action.birth == "raised_at"
    assert action.fields["done_at"].time == "happened"
    assert action.fields["recorded_at"].time == "recorded"
    assert (action.fields["replans"].has_default, action.fields["replans"].default) == (True, [])
    assert (action.fields["id"].required, action.fields["text"].required) == (True, False)
    assert action.fields["status"].reverts == (("done_at", "open"),)
    assert action.fields["due_on"].history == History("replans", "to", "first_due_on")
    assert action.fields["owner"].is_state


@pytest.mark.parametrize(
    ("node", "complaint"),
    [
        pytest.param({"type": "string", "pattern": "^a"}, "pattern is outside", id="keyword"),
        pytest.param({"type": "object"}, "an object is closed", id="open-object"),
        pytest.param(
            {**closed(a={"type": "string"}), "required": ["b"]}, "an object is closed", id="required"
        ),
        pytest.param({"format": "date"}, "'type' is missing", id="no-type"),
        pytest.param({"type": "string", "format": "email"}, "no type follows", id="format"),
        pytest.param({"type": ["string", "integer"]}, "several types", id="several-types"),
        pytest.param({"$ref": "#/$defs/nowhere"}, "names no definition", id="reference"),
        pytest.param(
            {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "one type and null", id="union"
        ),
    ],
)  # fmt: skip
def test_a_schema_outside_the_subset_is_refused(node: dict[str, Any], complaint: str) -> None:
    """A keyword that is silently ignored would be a check that nobody makes."""
    with pytest.raises(ValueError, match=complaint):
        type_of(node)


def test_a_definition_inside_itself_is_refused() -> None:
    """Types are finite."""
    node = {"$ref": "#/$defs/tree"}

    with pytest.raises(ValueError, match="contains itself"):
        type_of(node, tree=closed(below=node))


def test_the_root_is_an_object() -> None:
    """Its fields are the variables of expressions."""
    with pytest.raises(ValueError, match="is an object"):
        read_types({"type": "string"})


def test_parts_of_scalars_are_refused() -> None:
    """Only lists and maps have elements, only objects have fields."""
    shape = read_shape({"type": "string"})

    with pytest.raises(ValueError, match="neither a list nor a map"):
        element_of(shape)
    with pytest.raises(ValueError, match="is no object"):
        fields_of(shape)


def every_field(kind: Type, path: str) -> list[tuple[str, ObjectType, str]]:
    """List the declared fields below a type, with the object that declares each."""
    inner = unwrap(kind)
    if isinstance(inner, ListType):
        return every_field(inner.element, path)
    if not isinstance(inner, ObjectType):
        return []
    found = []
    for name, field in inner.fields.items():
        found.append((f"{path}/{name}", inner, name))
        found.extend(every_field(field.type, f"{path}/{name}"))
    return found


def test_every_field_of_the_contract_is_described(schema: dict[str, Any]) -> None:
    """The field reference is made of these sentences."""
    bare = [
        path for path, owner, name in every_field(read_types(schema), "") if not owner.fields[name].about
    ]  # fmt: skip

    assert bare == []


def test_names_tell_types(schema: dict[str, Any]) -> None:
    """`_at` is an instant, `_on` a calendar day, `_s` seconds (SNAPSHOT.md, rule 9)."""
    ending = {"_at": TIMESTAMP, "_on": DATE, "_s": INT}
    wrong = [
        path
        for path, owner, name in every_field(read_types(schema), "")
        if unwrap(owner.fields[name].type) != ending.get(name[-3:], ending.get(name[-2:], unwrap(owner.fields[name].type)))
    ]  # fmt: skip

    assert wrong == []


def test_annotations_name_what_exists(schema: dict[str, Any]) -> None:
    """A birth is an instant of the record, a reference an entity, a way back a sibling."""
    root = read_types(schema)
    known = {*root.fields, "sources"}
    fields = every_field(root, "")
    for path, owner, name in fields:
        field = owner.fields[name]
        kind = unwrap(field.type)
        element = unwrap(kind.element) if isinstance(kind, ListType) else kind
        if isinstance(element, ScalarType) and element.ref:
            assert element.ref in known, path
        assert all(instant.split(".")[0] in owner.fields for instant, _ in field.reverts), path
        if field.history:
            assert {field.history.list, field.history.first} <= set(owner.fields), path
    births = [owner.fields[owner.birth].time for _, owner, _ in fields if owner.birth is not None]
    assert set(births) == {"happened"}


def test_every_instant_of_a_record_has_a_role(schema: dict[str, Any]) -> None:
    """Without one a cut would leave it as it is, and tell the future."""
    without = [
        path
        for path, owner, name in every_field(read_types(schema), "")
        if unwrap(owner.fields[name].type) == TIMESTAMP
        and owner.fields[name].time is None
        and not path.startswith("/snapshot/")
        and owner.name != "prov"
    ]

    assert without == []
