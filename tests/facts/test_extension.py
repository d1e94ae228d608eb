"""An organisation's own fields have types, and a wrong schema of them says where and why."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.documents.tree import parse_tree
from auditor.facts.extension import (
    Extension,
    ExtensionError,
    extensible,
    read_extension,
    with_extension,
)
from auditor.facts.snapshot import SnapshotModel
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    unwrap,
)
from auditor.facts.validate import validator, violations
from auditor.model.errors import ErrorGroup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Raw = dict[str, Any]

WHOLE = """\
work_items:
  type: object
  required: [cost_centre]
  properties:
    cost_centre: {type: string, minLength: 1, description: Who pays.}
    audited: {type: boolean, default: false}
    effort: {type: number, minimum: 0, default: 1}
    band: {type: [string, 'null'], enum: [low, high], default: null}
    checked_at: {type: [string, 'null'], anyOf: [{format: date-time}, {format: date}], x-time: happened}
    until: {type: string, format: date}
    payer: {type: string, x-ref: parties}
    tags: {type: array, items: {type: string}, default: []}
    shares: {type: object, additionalProperties: {type: integer}}
    contract:
      type: [object, 'null']
      properties: {number: {type: integer, minimum: 1, maximum: 9}}
project:
  type: object
  properties: {region: {type: string, enum: [north, south]}}
strategy:
  type: object
  properties: {sponsor: {type: string}}
"""
"""One field of each form; the last entity is one of units."""


@pytest.fixture(scope="module")
def entities(schema: Raw) -> set[str]:
    """Return what can be extended."""
    return {*extensible(schema), "strategy"}


@pytest.fixture(scope="module")
def extended(schema: Raw, entities: set[str]) -> SnapshotModel:
    """Return the contract with the extension above."""
    extension = read_extension(parse_tree(WHOLE.encode(), path="ext.yaml"), entities)
    return SnapshotModel.from_schema(with_extension(schema, extension))


def ext_of(root: ObjectType, entity: str) -> ObjectType:
    """Return the type of an entity's own fields."""
    kind: Type = unwrap(root.fields[entity].type)
    record = kind.element if isinstance(kind, ListType) else kind
    assert isinstance(record, ObjectType)
    found = record.fields["ext"].type
    assert isinstance(found, ObjectType)
    return found


def test_every_record_can_be_extended(schema: Raw) -> None:
    """And so can the document itself; the head cannot."""
    assert {"project", "work_items", "standards", "risk_log", "ext"} <= set(extensible(schema))
    assert "snapshot" not in extensible(schema)


def test_fields_have_the_types_of_their_schema(extended: SnapshotModel) -> None:
    """As if they stood in the contract itself."""
    own = ext_of(extended.root, "work_items")
    types = {name: field.type for name, field in own.fields.items() if name != "contract"}

    assert types == {
        "cost_centre": STRING,
        "audited": BOOL,
        "effort": DOUBLE,
        "band": NullableType(ScalarType("string", ("low", "high"))),
        "checked_at": NullableType(TIMESTAMP),
        "until": DATE,
        "payer": ScalarType("string", ref="parties"),
        "tags": ListType(STRING),
        "shares": MapType(STRING, INT),
    }
    contract = unwrap(own.fields["contract"].type)
    assert isinstance(contract, ObjectType)
    assert (contract.name, contract.fields["number"].type) == ("work_items.ext.contract", INT)
    assert own.fields["checked_at"].time == "happened"
    assert (own.fields["cost_centre"].required, own.fields["cost_centre"].about) == (True, "Who pays.")  # fmt: skip


def test_other_entities_keep_fields_free_in_form(extended: SnapshotModel) -> None:
    """An extension speaks of the entities that it names, and the rest of a record stays as it is."""
    kind = extended.root.fields["risks"].type
    assert isinstance(kind, ListType)
    assert isinstance(kind.element, ObjectType)

    assert isinstance(kind.element.fields["ext"].type, MapType)
    assert "severity" in kind.element.fields


def test_the_schema_that_went_in_stays_as_it_was(schema: Raw, entities: set[str]) -> None:
    """It may be extended by another profile."""
    before = json.dumps(schema)
    extension = read_extension(parse_tree(WHOLE.encode(), path="ext.yaml"), entities)
    with_extension(schema, extension)

    assert json.dumps(schema) == before


def test_own_fields_are_shaped(extended: SnapshotModel, snapshot_of: Callable[..., Raw]) -> None:
    """Instants, numbers and defaults, like all others."""
    own = {"cost_centre": "c", "effort": 2, "checked_at": "2026-03-03T12:00:00Z", "until": "2026-03-04"}  # fmt: skip
    raw = snapshot_of(work_items=[{"id": "i", "ext": own}])

    assert extended.read(raw).document["work_items"][0]["ext"] == {
        "cost_centre": "c",
        "effort": 2.0,
        "checked_at": dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),
        "until": dt.date(2026, 3, 4),
        "audited": False,
        "band": None,
        "tags": [],
    }


@pytest.mark.parametrize(
    ("own", "is_sound"),
    [
        pytest.param({"cost_centre": "c"}, True, id="what-is-required"),
        pytest.param({"cost_centre": "c", "band": None, "contract": None}, True, id="null-where-allowed"),
        pytest.param({"cost_centre": "c", "checked_at": None}, True, id="no-instant"),
        pytest.param({"cost_centre": "c", "checked_at": "2026-03-03"}, True, id="a-bare-day"),
        pytest.param({"cost_centre": "c", "contract": {"number": 9}}, True, id="an-object"),
        pytest.param({}, False, id="nothing-of-what-is-required"),
        pytest.param({"cost_centre": ""}, False, id="empty"),
        pytest.param({"cost_centre": "c", "colour": "red"}, False, id="unknown"),
        pytest.param({"cost_centre": "c", "band": "middle"}, False, id="no-value-of-the-list"),
        pytest.param({"cost_centre": "c", "contract": {"number": 10}}, False, id="over-the-limit"),
        pytest.param({"cost_centre": "c", "shares": {"a": "1"}}, False, id="wrong-in-a-map"),
    ],
)  # fmt: skip
def test_shaper_and_oracle_agree(
    extended: SnapshotModel, snapshot_of: Callable[..., Raw], own: Raw, is_sound: bool  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """What the generated code accepts is what the schema says, and every fault is named."""
    raw = snapshot_of(work_items=[{"id": "i", "ext": own}])

    assert validator(extended.schema).is_valid(raw) is is_sound
    assert (violations(extended.schema, raw) == []) is is_sound
    if is_sound:
        extended.read(raw)
    else:
        with pytest.raises(ErrorGroup):
            extended.read(raw)


def test_own_entities_can_be_typed(schema: Raw, snapshot_of: Callable[..., Raw]) -> None:
    """The `ext` of the document holds entities of the organisation's own."""
    text = b"ext: {type: object, properties: {vans: {type: array, items: {type: object, properties: {id: {type: string}}}}}}"  # fmt: skip
    extension = read_extension(parse_tree(text, path="ext.yaml"), extensible(schema))
    model = SnapshotModel.from_schema(with_extension(schema, extension))

    assert model.read(snapshot_of(ext={"vans": [{"id": "v"}]})).document["ext"]["vans"]
    with pytest.raises(ErrorGroup):
        model.read(snapshot_of(ext={"cars": []}))


def test_no_extension_changes_nothing(schema: Raw) -> None:
    """A profile need not have one."""
    assert with_extension(schema, Extension({})) == schema


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        pytest.param("[]", (1, 1), "is a map from entity to schema, found an empty list", "work_items", id="no-map"),
        pytest.param("work_itms: {}", (1, 1), "no entity is called 'work_itms'", "did you mean 'work_items'?", id="entity"),
        pytest.param("risks: 5", (1, 8), "a schema is an object, found the number 5", "type: string", id="no-schema"),
        pytest.param("risks: {type: string}", (1, 8), "is that of an object with properties", "properties", id="no-object"),
        pytest.param("risks: {properties: {}}", (1, 8), "'type' is missing", "write one of", id="no-type"),
        pytest.param("risks:\n  type: objct", (2, 9), "no type is called 'objct'", "did you mean 'object'?", id="type"),
        pytest.param("risks:\n  type: [string, integer]", (2, 9), "one type, or one type and null", "[string, 'null']", id="types"),
        pytest.param("risks:\n  type: object\n  pattern: x", (3, 3), "'pattern' cannot be said of an object", "known:", id="keyword"),
        pytest.param("risks:\n  type: object\n  propertys: {}", (3, 3), "cannot be said", "did you mean 'properties'?", id="keyword-with-the-nearest"),
        pytest.param("risks:\n  type: object\n  $ref: '#/x'", (3, 3), "'$ref' cannot be said", "known:", id="reference"),
        pytest.param("risks:\n  type: object\n  additionalProperties: true\n  properties: {}", (3, 25), "an object is closed", "leave", id="open"),
        pytest.param("risks:\n  type: object\n  required: [b]\n  properties: {a: {type: boolean}}", (3, 13), "'b' is required", "known: a", id="required"),
        pytest.param("risks:\n  type: object\n  properties:\n    cost-centre: {type: string}", (4, 5), "no name that an expression can say", "cost_centre", id="name"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: string, format: email}", (4, 31), "'email' is none of", "known: date", id="format"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: string, x-ref: partys}", (4, 30), "'partys' is none of", "did you mean 'parties'?", id="entity-of-an-id"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: string, x-time: happened}", (4, 31), "only an instant", "leave", id="time"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: integer, default: x}", (4, 33), "'x' is no default", "plain value", id="default"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: string, format: date, default: '2026-01-01'}", (4, 46), "is no default", "plain value", id="default-of-a-day"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: integer, minimum: 3, maximum: 1}", (4, 33), "the minimum is above", "exchange", id="limits"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: number, minimum: 0.5}", (4, 32), "a limit is a whole number", "e.g. 1", id="limit"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: string, enum: []}", (4, 29), "lists one text or more", "[open", id="enum"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: array}", (4, 8), "'items' is missing", "holds", id="items"),
        pytest.param("risks:\n  type: object\n  properties:\n    a: {type: object}", (4, 8), "says what is in it", "properties", id="empty-object"),
    ],
)  # fmt: skip
def test_a_wrong_extension_says_where_and_what_to_do(
    entities: set[str], text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    """A keyword that is silently ignored would be a check that nobody makes."""
    with pytest.raises(ErrorGroup) as caught:
        read_extension(parse_tree(text.encode(), path="ext.yaml"), entities)
    (error,) = caught.value.errors

    assert isinstance(error, ExtensionError)
    assert message in error.message
    assert hint in (error.hint or "")
    assert error.location is not None
    assert (error.location.path, error.location.line, error.location.column) == ("ext.yaml", *place)
    assert error.excerpt == text.splitlines()[place[0] - 1]


def test_all_faults_are_told_at_once(entities: set[str]) -> None:
    """One correction should not uncover the next."""
    text = b"risks: {type: object, properties: {a: {type: strng}, b: {}}}\nissus: {}\n"
    with pytest.raises(ErrorGroup) as caught:
        read_extension(parse_tree(text, path="ext.yaml"), entities)

    assert [error.pointer for error in caught.value.errors] == [
        "/risks/properties/a/type",
        "/risks/properties/b",
        "/issus",
    ]


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-1, 1) | st.text(max_size=2)
WORDS = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "enum",
        "format",
        "anyOf",
        "default",
        "required",
        "minimum",
        "maximum",
        "minLength",
        "additionalProperties",
        "x-time",
        "x-ref",
        "a",
        "$ref",
    ]
)
VALUES = SCALARS | st.sampled_from(
    ["string", "object", "array", "integer", "number", "null", "date", "date-time", "happened"]
)
NODES = st.recursive(
    VALUES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=5),
    max_leaves=12,
)
OBJECTS = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(st.just("a"), NODES)}
)


@settings(max_examples=300)
@given(data=st.fixed_dictionaries({"risks": OBJECTS | NODES}))
def test_whatever_is_written_is_used_or_refused(schema: Raw, entities: set[str], data: Raw) -> None:
    """Never a traceback; and what is used keeps to the subset."""
    tree = parse_tree(json.dumps(data).encode(), path="ext.json")
    try:
        extension = read_extension(tree, entities)
    except ErrorGroup:
        return
    model = SnapshotModel.from_schema(with_extension(schema, extension))

    assert ext_of(model.root, "risks").fields.keys() == data["risks"]["properties"].keys()
    assert model.shaper.source()


def test_json_is_read_like_yaml(entities: set[str]) -> None:
    """Both are the same data."""
    data = parse_tree(WHOLE.encode(), path="ext.yaml").data
    tree = parse_tree(json.dumps(data).encode(), path="ext.json")
    from_yaml = read_extension(parse_tree(WHOLE.encode(), path="ext.yaml"), entities)

    assert read_extension(tree, entities) == from_yaml


def test_the_published_schema_takes_what_is_read(root: Path) -> None:
    """An editor marks what the program refuses."""
    text = (root / "schemas/extension.schema.json").read_text(encoding="utf-8")
    published = Draft202012Validator(json.loads(text))
    example = re.search(r"```yaml\n(.*?)```", (root / "docs/extension.md").read_text(), re.DOTALL)
    assert example is not None
    wrong = b"risks: {type: object, properties: {a: {type: string, pattern: x}}}"

    assert published.is_valid(parse_tree(WHOLE.encode(), path="ext.yaml").data)
    assert published.is_valid(parse_tree(example[1].encode(), path="ext.yaml").data)
    assert not published.is_valid(parse_tree(wrong, path="ext.yaml").data)


def test_the_example_of_the_page_is_sound(root: Path, schema: Raw) -> None:
    """People copy it."""
    example = re.search(r"```yaml\n(.*?)```", (root / "docs/extension.md").read_text(), re.DOTALL)
    assert example is not None
    extension = read_extension(parse_tree(example[1].encode(), path="ext.yaml"), extensible(schema))

    assert sorted(extension.fields) == ["ext", "work_items"]
