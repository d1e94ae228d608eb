"""
Read a snapshot's JSON Schema: the one place that knows the subset of JSON Schema that it is written in.

The subset is what types can be derived from: closed objects, arrays, typed maps, scalars with an ``enum``
or a ``format``, ``null`` beside one other type, ``$ref`` into ``$defs``, and a few limits. Anything else in
a schema raises `ValueError`: a keyword that is silently ignored would be a check that nobody makes.

A `Shape` is a node of the schema with its references followed; a `Type` is what expressions know of it.
Both are shared wherever the schema shares a definition, so that one entity has one type. The members of an
object are read when they are first asked for: a project that has no risks does not pay for what a risk is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from auditor.facts.types import (
    BOOL,
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
    ObjectType,
    ScalarType,
    Type,
    nullable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.facts.types import TimeRole

Kind = Literal[
    "object", "map", "list", "string", "integer", "number", "boolean", "anything",
    "moment", "instant", "day", "local-time", "time-zone",
]  # fmt: skip

_FORMATS: Final[Mapping[str, Kind]] = {
    "date-time": "moment",
    "date": "day",
    "local-time": "local-time",
    "time-zone": "time-zone",
}
_PLAIN: Final[Mapping[str, Kind]] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
}
_SCALARS: Final[Mapping[str, Type]] = {
    "string": STRING,
    "integer": INT,
    "number": DOUBLE,
    "boolean": BOOL,
    "anything": DYN,
    "moment": TIMESTAMP,
    "instant": TIMESTAMP,
    "day": DATE,
    "local-time": STRING,
    "time-zone": STRING,
}
_EVERY_TYPE: Final = frozenset(
    {"null", "boolean", "integer", "number", "string", "array", "object"}
)
_INSTANT_FORMATS: Final = [{"format": "date-time"}, {"format": "date"}]
_REFERENCE: Final = "#/$defs/"

_ANNOTATIONS: Final = frozenset(
    {
        "description", "title", "default", "$schema", "$id", "$defs",
        "x-time", "x-ref", "x-state", "x-latest", "x-reverts", "x-history",
    }
)  # fmt: skip
"""Keywords that belong to the place of use: they override those of the definition behind a ``$ref``."""

_STRUCTURE: Final = frozenset(
    {
        "type", "properties", "required", "additionalProperties", "items", "anyOf", "$ref",
        "enum", "format", "minLength", "minimum", "maximum", "x-birth", "x-shared",
    }
)  # fmt: skip


class Deferred:
    """
    The members of an object, read when they are first asked for.

    Args:
        read: Reads them.
    """

    __slots__ = ("_known", "_read")

    def __init__(self, read: Callable[[], Mapping[str, Member]]) -> None:
        self._read = read
        self._known: Mapping[str, Member] | None = None

    def __call__(self) -> Mapping[str, Member]:
        """Return them."""
        if self._known is None:
            self._known = self._read()
        return self._known


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A node of the schema, with its references followed."""

    kind: Kind
    name: str
    """Path of the entity, e.g. ``blockers``; of a definition that several entities share, its own name."""
    is_nullable: bool = False
    enum: tuple[str, ...] | None = None
    min_length: int = 0
    minimum: int | None = None
    maximum: int | None = None
    members: Deferred | None = None
    """Of an object: what `fields` returns."""
    element: Shape | None = None
    """Of a list its element, of a map its values."""
    birth: str | None = None
    ref: str | None = None
    body: object = None
    """What two uses of one definition share; the identity of the object, whatever its place of use adds."""

    @property
    def fields(self) -> Mapping[str, Member] | None:
        """Of an object: its members in the order of the schema."""
        return None if self.members is None else self.members()


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A field of an object shape."""

    shape: Shape
    is_required: bool
    has_default: bool
    default: Any
    time: TimeRole | None
    is_state: bool
    is_latest: bool
    reverts: tuple[tuple[str, str | None], ...]
    history: History | None
    about: str


def read_shape(schema: Mapping[str, Any]) -> Shape:
    """
    Read a schema.

    Raises:
        ValueError: It uses something outside the subset; the message names the place in the schema. What is
            wrong inside an object comes up when its members are first asked for.
    """
    return _Reader(schema).shape(schema, "snapshot document")


def read_types(schema: Mapping[str, Any]) -> ObjectType:
    """
    Derive the types that expressions see.

    Returns:
        The type of the document; its fields are the snapshot's top-level keys.

    Raises:
        ValueError: The schema uses something outside the subset, or its root is no object.
    """
    return types_of(read_shape(schema))


def types_of(shape: Shape) -> ObjectType:
    """Derive the types from a schema that was read before."""
    root = _Types().type(shape)
    if not isinstance(root, ObjectType):
        msg = "the root of a snapshot schema is an object"
        raise ValueError(msg)  # noqa: TRY004 - the schema is wrong, not the type of an argument
    return root


class _Reader:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = schema.get("$defs", {})
        self._known: dict[str, Shape] = {}
        self._open: list[str] = []

    def shape(self, node: Mapping[str, Any], name: str) -> Shape:
        """Follow references and the null beside a type, then read what is left."""
        _refuse_unknown(node, name)
        if "$ref" in node:
            return _annotated(self._definition(node, name), node)
        branches = node.get("anyOf")
        if branches is not None and branches != _INSTANT_FORMATS:
            return _annotated(replace(self._beside_null(branches, name), is_nullable=True), node)
        return _annotated(self._plain(node, name), node)

    def _definition(self, node: Mapping[str, Any], name: str) -> Shape:
        reference = node["$ref"]
        extra = sorted(set(node) & _STRUCTURE - {"$ref"})
        key = str(reference).removeprefix(_REFERENCE)
        if extra or key not in self._definitions:
            msg = f"{name}: '$ref': {reference!r} names no definition, or stands beside {extra}"
            raise ValueError(msg)
        if key in self._open:
            msg = f"{name}: definition '{key}' contains itself"
            raise ValueError(msg)
        if key not in self._known:
            self._open.append(key)
            definition = self._definitions[key]
            own_name = key if definition.get("x-shared", False) else name
            self._known[key] = self.shape(definition, own_name)
            self._open.pop()
        return self._known[key]

    def _beside_null(self, branches: list[Mapping[str, Any]], name: str) -> Shape:
        others = [branch for branch in branches if branch != {"type": "null"}]
        if len(others) != 1 or len(branches) != 2:  # noqa: PLR2004 - a type and null
            msg = f"{name}: 'anyOf' may join only one type and null"
            raise ValueError(msg)
        return self.shape(others[0], name)

    def _plain(self, node: Mapping[str, Any], name: str) -> Shape:
        types = node.get("type")
        listed = [types] if isinstance(types, str) else list(types or [])
        others = [entry for entry in listed if entry != "null"]
        if len(others) > 1:
            below = node.get("items")
            if set(listed) != _EVERY_TYPE or not below or node.get("additionalProperties") != below:
                msg = f"{name}: several types stand for anything only if all do, at every level"
                raise ValueError(msg)
            # What is below is free, and read as plain CEL.
            return Shape("anything", name, is_nullable=True, body=node)
        if not others:
            msg = f"{name}: 'type' is missing"
            raise ValueError(msg)
        shape = Shape("anything", name, is_nullable="null" in listed, body=node)
        if others[0] == "object":
            return self._object(node, shape)
        kind = _FORMATS.get(node.get("format", "")) or _PLAIN.get(others[0])
        if node.get("anyOf") == _INSTANT_FORMATS:
            kind = "instant"
        if kind is None or ("format" in node and node["format"] not in _FORMATS):
            msg = f"{name}: no type follows from {others[0]!r} with format {node.get('format')!r}"
            raise ValueError(msg)
        enum = node.get("enum")
        return replace(
            shape,
            kind=kind,
            enum=None if enum is None else tuple(entry for entry in enum if entry is not None),
            min_length=node.get("minLength", 0),
            minimum=node.get("minimum"),
            maximum=node.get("maximum"),
            element=self.shape(node["items"], name) if kind == "list" else None,
        )

    def _object(self, node: Mapping[str, Any], shape: Shape) -> Shape:
        values = node.get("additionalProperties")
        if isinstance(values, dict) and "properties" not in node:
            return replace(shape, kind="map", element=self.shape(values, f"{shape.name}.*"))
        properties: Mapping[str, Any] = node.get("properties", {})
        required = set(node.get("required", ()))
        if values is not False or not required <= set(properties):
            msg = f"{shape.name}: an object is closed ('additionalProperties': false) and declares what it requires"
            raise ValueError(msg)
        # The root's members are the entities themselves: they go by their own names.
        prefix = "" if "$schema" in node else f"{shape.name}."
        path = tuple(self._open)

        def members() -> Mapping[str, Member]:
            outer, self._open = self._open, list(path)
            try:
                return {
                    key: self._member(sub, f"{prefix}{key}", is_required=key in required)
                    for key, sub in properties.items()
                }
            finally:
                self._open = outer

        return replace(shape, kind="object", members=Deferred(members), birth=node.get("x-birth"))

    def _member(self, node: Mapping[str, Any], name: str, *, is_required: bool) -> Member:
        history = node.get("x-history")
        return Member(
            shape=self.shape(node, name),
            is_required=is_required,
            has_default="default" in node,
            default=node.get("default"),
            time=cast("TimeRole | None", node.get("x-time")),
            is_state=node.get("x-state", False),
            is_latest=node.get("x-latest", False),
            reverts=tuple(node.get("x-reverts", {}).items()),
            history=None if history is None else History(**history),
            about=node.get("description", ""),
        )


def _refuse_unknown(node: Mapping[str, Any], name: str) -> None:
    unknown = sorted(set(node) - _ANNOTATIONS - _STRUCTURE)
    if unknown:
        msg = f"{name}: {', '.join(unknown)} is outside the subset that types are derived from"
        raise ValueError(msg)


def _annotated(shape: Shape, node: Mapping[str, Any]) -> Shape:
    return replace(shape, ref=node["x-ref"]) if "x-ref" in node else shape


class _DeferredObject(ObjectType):
    """An object type whose fields are derived when they are first asked for; from then on it is like any other."""

    __slots__ = ("_field", "_shape")

    _field: Callable[[Member], Field]
    _shape: Shape

    def __init__(self, shape: Shape, field: Callable[[Member], Field]) -> None:
        object.__setattr__(self, "name", shape.name)
        object.__setattr__(self, "birth", shape.birth)
        object.__setattr__(self, "_shape", shape)
        object.__setattr__(self, "_field", field)

    def __getattr__(self, name: str) -> Mapping[str, Field]:
        """Fill in the fields: Python asks here for what is not there yet."""
        if name != "fields":
            raise AttributeError(name)
        fields = {key: self._field(member) for key, member in fields_of(self._shape).items()}
        object.__setattr__(self, "fields", fields)
        return fields


class _Types:
    def __init__(self) -> None:
        self._objects: dict[int, ObjectType] = {}

    def type(self, shape: Shape) -> Type:
        """Derive the type of a shape; objects of one definition give one type."""
        plain = self._not_null(shape)
        return nullable(plain) if shape.is_nullable else plain

    def _not_null(self, shape: Shape) -> Type:
        match shape.kind:
            case "object":
                return self._object(shape)
            case "list":
                return ListType(self.type(element_of(shape)))
            case "map":
                return MapType(STRING, self.type(element_of(shape)))
            case "string":
                return ScalarType("string", enum=shape.enum, ref=shape.ref)
            case kind:
                return _SCALARS[kind]

    def _object(self, shape: Shape) -> ObjectType:
        # By the node that was read, which outlives this: two copies of one shape are one type.
        known = self._objects.get(id(shape.body))
        if known is None:
            known = _DeferredObject(shape, self._field)
            self._objects[id(shape.body)] = known
        return known

    def _field(self, member: Member) -> Field:
        return Field(
            self.type(member.shape),
            required=member.is_required,
            time=member.time,
            default=member.default,
            has_default=member.has_default,
            about=member.about,
            is_state=member.is_state,
            is_latest=member.is_latest,
            reverts=member.reverts,
            history=member.history,
        )


def element_of(shape: Shape) -> Shape:
    """Return what a list or a map holds."""
    if shape.element is None:
        msg = f"{shape.name} is neither a list nor a map"
        raise ValueError(msg)
    return shape.element


def fields_of(shape: Shape) -> Mapping[str, Member]:
    """Return the members of an object."""
    if shape.fields is None:
        msg = f"{shape.name} is no object"
        raise ValueError(msg)
    return shape.fields
