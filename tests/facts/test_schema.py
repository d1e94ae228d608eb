"""Types follow from the schema, and a schema outside the subset is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.schema import element_of, fields_of, read_shape, read_types
from auditor.facts.types import (
    DATE,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    History,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    tree = type_of(node, tree=closed(below=node))
    assert isinstance(tree, ObjectType)

    with pytest.raises(ValueError, match="contains itself"):
        assert tree.fields


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


@pytest.fixture(scope="module")
def contracts(root: Path) -> dict[str, ObjectType]:
    """Return the types of the documents of all targets."""
    found = {}
    for target in ("project", "unit", "portfolio"):
        text = (root / "schemas" / f"snapshot-{target}.schema.json").read_text(encoding="utf-8")
        found[target] = read_types(json.loads(text))
    return found


@pytest.fixture(params=["project", "unit", "portfolio"])
def contract(request: pytest.FixtureRequest, contracts: dict[str, ObjectType]) -> ObjectType:
    """Return the type of the documents of each target in turn."""
    return contracts[request.param]


def record_in(kind: Type) -> ObjectType | None:
    """Return the object that a field holds, alone or in a list."""
    inner = unwrap(kind)
    inner = unwrap(inner.element) if isinstance(inner, ListType) else inner
    return inner if isinstance(inner, ObjectType) else None


def every_field(kind: ObjectType, path: str = "") -> Iterator[tuple[str, ObjectType, str]]:
    """Yield the declared fields below a type, with the object that declares each."""
    for name, field in kind.fields.items():
        yield f"{path}/{name}", kind, name
        below = record_in(field.type)
        if below is not None:
            yield from every_field(below, f"{path}/{name}")


def scalar_of(field: Field) -> Type:
    """Return what a field holds, alone or in a list."""
    kind = unwrap(field.type)
    return unwrap(kind.element) if isinstance(kind, ListType) else kind


def test_every_field_of_the_contract_is_described(contract: ObjectType) -> None:
    """The field reference is made of these sentences."""
    bare = [path for path, owner, name in every_field(contract) if not owner.fields[name].about]

    assert bare == []


def test_descriptions_are_sentences(contract: ObjectType) -> None:
    """An editor shows them as they are."""
    odd = {
        about
        for _, owner, name in every_field(contract)
        if not (about := owner.fields[name].about).endswith((".", ".)")) or about[0].islower()
    }

    assert odd == set()


def test_names_tell_types(contract: ObjectType) -> None:
    """`_at` is an instant, `_on` a calendar day, `_s` seconds (SNAPSHOT.md, rule 9)."""
    ending = {"_at": TIMESTAMP, "_on": DATE, "_s": INT}
    wrong = []
    for path, owner, name in every_field(contract):
        found = scalar_of(owner.fields[name])
        if found != ending.get(name[-3:], ending.get(name[-2:], found)):
            wrong.append(path)

    assert wrong == []


def test_instants_are_named_for_what_they_are(contract: ObjectType) -> None:
    """An instant that does not end in `_at` is one of the few that rule 9 of SNAPSHOT.md lets be."""
    bare = {"at", "moved_to", "as_of"}
    ends = {"project.holds", "projects.project.holds", "snapshot.window"}
    parts = {"baselines.parts_recorded"}
    odd = [
        path
        for path, owner, name in every_field(contract)
        if scalar_of(owner.fields[name]) == TIMESTAMP
        and not (name.endswith("_at") or name in bare or owner.name in ends | parts)
    ]

    assert odd == []


def test_annotations_name_what_exists(
    contract: ObjectType, contracts: dict[str, ObjectType]
) -> None:
    """A birth is an instant of the record, a reference an entity, a way back a sibling."""
    fields = list(every_field(contract))
    # What has ids: entities, and lists of records inside them.
    known = {
        name
        for root in contracts.values()  # a portfolio repeats records of projects that name others
        for _, owner, name in every_field(root)
        if record_in(owner.fields[name].type)
    }
    for path, owner, name in fields:
        field = owner.fields[name]
        found = scalar_of(field)
        if isinstance(found, ScalarType) and found.ref:
            assert found.ref in known, path
        assert {instant.split(".")[0] for instant, _ in field.reverts} <= set(owner.fields), path
        if field.history:
            named = {field.history.list, field.history.first} - {None}
            assert named <= set(owner.fields), path
        if field.is_latest:
            assert (found, field.time) == (TIMESTAMP, "happened"), path
    births = {owner.fields[owner.birth].time for _, owner, _ in fields if owner.birth is not None}
    assert births == {"happened"}


def test_every_instant_of_a_record_has_a_role(contract: ObjectType) -> None:
    """Without one a cut would leave it as it is, and tell the future."""
    of_the_auditor = {"/projects/captured_at", "/projects/judged_at"}
    of_the_auditor |= {path.replace("project", "unit") for path in of_the_auditor}
    without = [
        path
        for path, owner, name in every_field(contract)
        if scalar_of(owner.fields[name]) == TIMESTAMP
        and owner.fields[name].time is None
        and not path.startswith("/snapshot/")
        and owner.name != "prov"
    ]

    assert set(without) <= of_the_auditor


def test_every_record_says_where_it_comes_from(contract: ObjectType) -> None:
    """And may carry fields of the organisation's own (SNAPSHOT.md, rules 8 and 10)."""
    made_by_the_auditor = {"portfolio", "population", "projects", "units", "audits"}
    records = {
        name: record
        for name, field in contract.fields.items()
        if name != "snapshot" and (record := record_in(field.type)) is not None
    }
    bare = {name for name, record in records.items() if not {"prov", "ext"} <= set(record.fields)}

    assert bare in (set(), made_by_the_auditor)


def test_an_instant_that_a_person_typed_has_its_entry_beside_it(contract: ObjectType) -> None:
    """Evidence entered late shows as the difference (SNAPSHOT.md, rule 3)."""
    holders: dict[str, ObjectType] = {}
    for path, owner, _ in every_field(contract):
        if not path.startswith(("/snapshot/", "/population/", "/projects/", "/units/", "/audits/")):
            holders[path.rpartition("/")[0]] = owner
    without = set()
    for path, owner in holders.items():
        outer = [record for place, record in holders.items() if f"{path}/".startswith(f"{place}/")]
        typed = [n for n, f in owner.fields.items() if f.time == "happened" and n != "captured_at"]
        if typed and not any("recorded_at" in record.fields for record in outer):
            without.add(owner.name)

    # Made by tools, each at the time that it speaks of.
    assert without <= {"change_events", "links"}
