"""The shaper accepts what the schema accepts, and gives every fact its type."""

from __future__ import annotations

import ast
import copy
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.facts.instants import BareDay
from auditor.facts.schema import read_shape
from auditor.facts.shape import ShapeFault, Shaper
from auditor.facts.types import (
    DATE,
    DYN,
    TIMESTAMP,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
)
from auditor.facts.validate import validator, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel

EVERYTHING = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string"},
        "count": {"type": "integer"},
        "share": {"type": ["number", "null"]},
        "flag": {"type": "boolean"},
        "moment": {"type": "string", "format": "date-time"},
        "instants": {
            "type": "array",
            "items": {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
        },
        "day": {"type": ["string", "null"], "format": "date"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "list": {"type": "array", "items": {"type": "string"}, "default": []},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "maybe": {
            "type": "array",
            "items": {
                "anyOf": [
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 5}},
                    },
                    {"type": "null"},
                ]
            },
        },
        "free": {"$ref": "#/$defs/anything"},
    },
    "$defs": {
        "anything": {
            "type": ["null", "boolean", "integer", "number", "string", "array", "object"],
            "items": {"$ref": "#/$defs/anything"},
            "additionalProperties": {"$ref": "#/$defs/anything"},
        }
    },
}
"""One field of each kind that the contract does not have."""


def shaped(data: dict[str, Any]) -> dict[str, Any]:
    """Shape data of the schema above."""
    return Shaper(read_shape(EVERYTHING)).shape(data)


def accepts(shaper: Shaper, data: Any) -> bool:
    """Tell whether the shaper takes a document."""
    try:
        shaper.shape(data)
    except ShapeFault:
        return False
    return True


# ----- what comes out


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({"count": 3}, 3, id="int"),
        pytest.param({"count": 3.0}, 3, id="whole-float-becomes-int"),
        pytest.param({"count": -0.0}, 0, id="negative-zero-becomes-int"),
        pytest.param({"count": 2**63 - 1}, 2**63 - 1, id="largest-int"),
        pytest.param({"share": 3}, 3.0, id="int-becomes-float"),
        pytest.param({"share": 0.5}, 0.5, id="float"),
        pytest.param({"share": None}, None, id="null"),
        pytest.param({"flag": True}, True, id="bool"),
        pytest.param({"day": "2026-03-03"}, dt.date(2026, 3, 3), id="day"),
        pytest.param(
            {"moment": "2026-03-03T14:00:00+01:00"},
            dt.datetime(2026, 3, 3, 13, tzinfo=dt.UTC),
            id="moment-in-utc",
        ),
        pytest.param(
            {"instants": ["2026-03-03", "2026-03-03T14:00:00Z"]},
            [BareDay(2026, 3, 3), dt.datetime(2026, 3, 3, 14, tzinfo=dt.UTC)],
            id="a-bare-day-stays-a-day-where-an-instant-is-declared",
        ),
        pytest.param({"counts": {"a": 1.0}}, {"a": 1}, id="values-of-a-map"),
        pytest.param({"maybe": [{"n": 2.0}, None]}, [{"n": 2}, None], id="object-or-null"),
        pytest.param({"free": {"a": [1, 1.0]}}, {"a": [1, 1.0]}, id="undeclared-data-is-left-alone"),
    ],
)  # fmt: skip
def test_a_fact_gets_its_declared_type(found: dict[str, Any], expected: object) -> None:
    """By the schema, not by its spelling."""
    value = next(iter(shaped(found).values()))

    assert (value, repr(value)) == (expected, repr(expected))


def test_instants_share_one_zone() -> None:
    """Comparing datetimes of differing zones is many times slower."""
    found = shaped({"moment": "2026-03-03T14:00:00+05:30", "instants": ["2026-03-03T14:00:00Z"]})

    assert found["moment"].tzinfo is found["instants"][0].tzinfo is dt.UTC


def test_defaults_are_filled_and_not_shared() -> None:
    """Two records never hold the same list."""
    first, second = shaped({}), shaped({})

    assert first == {"list": [], "kind": "a"}
    assert first["list"] is not second["list"]


def test_a_given_value_outranks_the_default() -> None:
    """Whatever it is."""
    assert shaped({"list": ["x"], "kind": "b"}) == {"list": ["x"], "kind": "b"}


def test_the_document_that_went_in_stays_as_it_was(snapshot_of: Callable[..., Any], model: SnapshotModel) -> None:  # fmt: skip
    """A base of many cases is read many times."""
    raw = snapshot_of(
        risks=[{"id": "r1", "score": 3, "raised_at": "2026-03-03", "escalations": [{"level": 1.0}]}]
    )
    before = copy.deepcopy(raw)

    model.shaper.shape(raw)

    assert repr(raw) == repr(before)


# ----- what is refused


@pytest.mark.parametrize(
    "found",
    [
        pytest.param({"count": True}, id="a-truth-is-no-int"),
        pytest.param({"share": False}, id="a-truth-is-no-number"),
        pytest.param({"flag": 1}, id="an-int-is-no-truth"),
        pytest.param({"count": 1.5}, id="a-broken-number-is-no-int"),
        pytest.param({"count": "1"}, id="text-is-no-int"),
        pytest.param({"count": 2**63}, id="too-large-for-64-bits"),
        pytest.param({"count": -(2**63) - 1}, id="too-small-for-64-bits"),
        pytest.param({"count": 1e30}, id="a-whole-float-too-large-for-64-bits"),
        pytest.param({"share": 10**400}, id="an-int-beyond-any-double"),
        pytest.param({"share": float("inf")}, id="infinite"),
        pytest.param({"share": float("nan")}, id="not-a-number"),
        pytest.param({"free": [{"a": 2**63}]}, id="too-large-in-undeclared-data"),
        pytest.param({"free": float("inf")}, id="infinite-in-undeclared-data"),
        pytest.param({"count": None}, id="null-where-none-may-be"),
        pytest.param({"text": 1}, id="an-int-is-no-text"),
        pytest.param({"day": "2026-03-03T00:00:00Z"}, id="an-instant-is-no-day"),
        pytest.param({"moment": "2026-03-03"}, id="a-day-is-no-moment"),
        pytest.param({"moment": 20260303}, id="a-number-is-no-moment"),
        pytest.param({"instants": ["2026-03-03 14:00"]}, id="a-loose-instant"),
        pytest.param({"kind": "A"}, id="outside-the-enum"),
        pytest.param({"list": {}}, id="an-object-is-no-list"),
        pytest.param({"counts": []}, id="a-list-is-no-object"),
        pytest.param({"maybe": [{"n": 0}]}, id="under-the-minimum"),
        pytest.param({"maybe": [{"n": 6}]}, id="over-the-maximum"),
        pytest.param({"knid": "a"}, id="an-unknown-key"),
        pytest.param([], id="no-object"),
        pytest.param(None, id="nothing"),
    ],
)
def test_refuses(found: Any) -> None:
    """And the schema refuses it too."""
    assert not accepts(Shaper(read_shape(EVERYTHING)), found)
    assert not validator(EVERYTHING).is_valid(found)


def test_undeclared_data_is_nested_only_so_deep() -> None:
    """By our own counter, before Python's."""
    deep: list[Any] = []
    for _ in range(70):
        deep = [deep]

    assert not accepts(Shaper(read_shape(EVERYTHING)), {"free": deep})


# ----- how the code is made


def test_the_generated_code_holds_nothing_of_the_schema() -> None:
    """A key of a schema is never code, whatever it looks like."""
    key = "x']; raise SystemExit #"
    shaper = Shaper(
        read_shape(
            {
                "type": "object",
                "additionalProperties": False,
                "required": [key],
                "properties": {key: {"type": "string", "enum": ["quit()"], "default": "exit()"}},
            }
        )
    )

    assert shaper.shape({key: "quit()"}) == {key: "quit()"}
    assert "x'" not in shaper.source()
    assert "quit" not in shaper.source()


def test_the_generated_code_is_made_of_few_kinds_of_nodes(model: SnapshotModel) -> None:
    """No import, no attribute but the harmless ones, no literal but small ones."""
    tree = ast.parse(model.shaper.source())
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    kinds = {type(node).__name__ for node in ast.walk(tree)}

    assert attributes <= {"__class__", "copy", "is_integer", "items", "append"}
    assert constants <= {None}
    assert kinds <= {
        "Module", "FunctionDef", "arguments", "arg", "If", "For", "Raise", "Return", "Assign", "Expr",
        "Name", "Load", "Store", "Constant", "Attribute", "Subscript", "Call", "Compare", "Is", "IsNot",
        "In", "NotIn", "Eq", "Lt", "LtE", "Gt", "UnaryOp", "Not", "ListComp", "comprehension", "IfExp",
        "List", "Dict", "Tuple",
    }  # fmt: skip


# ----- the oracle

JUNK = [
    None, True, False, 0, 1, -1, 1.0, 1.5, 3.0, 6, 2**63, -(2**63), 10**30, 1e300, "", " ", "1", "true", "null",
    "project", "open", "Open", "high", "mon", "jira:1", "2026-03-03", "2026-02-30", "2026-03-03T14:00:00Z",
    "2026-03-03T14:00:00", "2026-03-03T14:00:60Z", "2026-03-03t14:00:00.5z", "2026-03-03 14:00:00Z",
    "2026-03-03T24:00:00Z", "0000-01-01T00:00:00Z", "09:00", "9:00", "Europe/Berlin", "Mars/Olympus", [], [None],
    [1], ["a"], {}, {"id": "x"}, {"a": {"b": [1, None, 2**63]}},
]  # fmt: skip
"""Values that are right in one place and nearly right in another."""


Values = st.SearchStrategy[Any]

STAMPS = st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2040, 1, 1))  # noqa: DTZ001 - the offset is drawn apart
MOMENTS = st.builds(
    lambda stamp, offset: f"{stamp:%Y-%m-%dT%H:%M:%S}{offset}",
    STAMPS,
    st.sampled_from(["Z", "+00:00", "+02:00", "-07:30"]),
)
DAYS = STAMPS.map(lambda stamp: f"{stamp:%Y-%m-%d}")
FREE: Values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
TEXTS: dict[str, Values] = {
    "date-time": MOMENTS,
    "date": DAYS,
    "local-time": st.sampled_from(["00:00", "09:00", "23:59"]),
    "time-zone": st.sampled_from(["Europe/Berlin", "UTC", "Pacific/Auckland"]),
}


class Maker:
    """Makes strategies for values that a schema accepts, from the schema itself and not from our reading of it."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.known: dict[str, Values] = {"anything": FREE}

    def document(self) -> Values:
        """Return documents with a head, a project and one more entity."""
        entities = self.schema["properties"]
        heads = {key: self.values(entities[key]) for key in ("snapshot", "project")}
        others = [key for key in entities if key not in heads]
        return st.sampled_from(others).flatmap(
            lambda key: st.fixed_dictionaries({**heads, key: self.values(entities[key])})
        )

    def values(self, node: dict[str, Any]) -> Values:
        """Return values of a node."""
        if "$ref" in node:
            name = node["$ref"].removeprefix("#/$defs/")
            if name not in self.known:
                self.known[name] = self.values(self.schema["$defs"][name])
            return self.known[name]
        if node.get("anyOf") == [{"format": "date-time"}, {"format": "date"}]:
            return MOMENTS | DAYS
        if "anyOf" in node:
            return st.one_of([self.values(branch) for branch in node["anyOf"]])
        types = [node["type"]] if isinstance(node["type"], str) else node["type"]
        return st.one_of([self.plain(node, kind) for kind in types])

    def plain(self, node: dict[str, Any], kind: str) -> Values:
        """Return values of one JSON type."""
        if kind != "null" and "enum" in node:
            return st.sampled_from([value for value in node["enum"] if value is not None])
        low, high = node.get("minimum", -(2**53)), node.get("maximum", 2**53)
        match kind:
            case "null":
                return st.none()
            case "object":
                return self.objects(node)
            case "array":
                return st.lists(self.values(node["items"]), max_size=2)
            case "integer":
                return st.integers(low, high) | st.integers(low, min(high, 2**40)).map(float)
            case "number":
                low, high = max(low, -100), min(high, 100)
                return st.integers(low, high) | st.floats(low, high)
            case "boolean":
                return st.booleans()
            case _:
                return TEXTS.get(node.get("format", ""), st.text(min_size=1, max_size=4))

    def objects(self, node: dict[str, Any]) -> Values:
        """Return objects with all that is required and some of the rest."""
        if "properties" not in node:
            keys = st.text(max_size=3)
            return st.dictionaries(keys, self.values(node["additionalProperties"]), max_size=2)
        parts = {key: self.values(sub) for key, sub in node["properties"].items()}
        required = set(node.get("required", ()))
        return st.fixed_dictionaries(
            {key: part for key, part in parts.items() if key in required},
            optional={key: part for key, part in parts.items() if key not in required},
        )


def mutated(data: st.DataObject, document: Any) -> Any:
    """Return the document with one value replaced, taken out or put in at some place."""
    document = copy.deepcopy(document)
    holders = [document]
    for holder in holders:
        members = holder.values() if isinstance(holder, dict) else holder
        holders.extend(member for member in members if isinstance(member, (dict, list)) and member)
    holder = data.draw(st.sampled_from(holders))
    place = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))  # fmt: skip
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            holder[place] = data.draw(st.sampled_from(JUNK))
        case "remove":
            del holder[place]
        case _ if isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["idd", "ext", "prov", "at", "status"]))] = data.draw(
                st.sampled_from(JUNK)
            )
        case _:
            holder.append(data.draw(st.sampled_from(JUNK)))
    return document


@pytest.fixture(scope="module")
def made(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return random documents of the contract."""
    return Maker(schema).document()


SEARCH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SEARCH
@given(data=st.data())
def test_a_document_of_the_schema_is_accepted_and_typed(
    data: st.DataObject, made: st.SearchStrategy[Any], model: SnapshotModel
) -> None:
    """Every leaf comes out as a value of its declared type, and no fact is lost."""
    document = data.draw(made)

    assert validator(model.schema).is_valid(document)
    assert ill_typed(model.shaper.shape(document), document, model.root, "") == []


@SEARCH
@given(data=st.data())
def test_the_shaper_accepts_exactly_what_the_schema_accepts(
    data: st.DataObject, made: st.SearchStrategy[Any], model: SnapshotModel
) -> None:
    """`jsonschema`, with the same formats and number types, is the oracle."""
    document = mutated(data, data.draw(made))
    is_valid = validator(model.schema).is_valid(document)

    assert accepts(model.shaper, document) is is_valid
    assert is_valid or violations(model.schema, document)


def ill_typed(found: Any, raw: Any, declared: Type, path: str) -> list[str]:
    """List the places where a shaped fact is not what its type and its spelling say."""
    if isinstance(declared, NullableType):
        return [] if found is None and raw is None else ill_typed(found, raw, declared.inner, path)
    match declared:
        case ObjectType():
            wrong = []
            for name, field in declared.fields.items():
                if name in raw:
                    wrong += ill_typed(found[name], raw[name], field.type, f"{path}/{name}")
                elif (name in found) is not field.has_default:
                    wrong.append(f"{path}/{name}")
            return wrong
        case ListType():
            pairs = list(zip(found, raw, strict=True))
            return [w for i, (f, r) in enumerate(pairs) for w in ill_typed(f, r, declared.element, f"{path}/{i}")]  # fmt: skip
        case MapType():
            return [w for key in raw for w in ill_typed(found[key], raw[key], declared.value, f"{path}/{key}")]  # fmt: skip
        case ScalarType():
            is_right = found == raw if declared == DYN else is_of(found, raw, declared)
            return [] if is_right else [path]
        case _:
            return [path]


def is_of(found: object, raw: object, declared: Type) -> bool:
    """Tell whether a leaf is the value that its text names."""
    if declared == TIMESTAMP and type(found) is dt.datetime:
        return found.tzinfo is dt.UTC and found == dt.datetime.fromisoformat(str(raw))
    if declared in {TIMESTAMP, DATE}:
        wanted = BareDay if declared == TIMESTAMP else dt.date
        return type(found) is wanted and found.isoformat() == raw
    kind = {"int": int, "double": float, "bool": bool}.get(str(declared), str)
    return type(found) is kind and found == raw
