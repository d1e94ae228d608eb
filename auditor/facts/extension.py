"""
Type the fields of an organisation's own, so that its policies are checked like all others.

An extension is a map from entity to the JSON Schema of its ``ext``, in the subset that `auditor.facts.schema`
reads, without references. A keyword outside it is refused: one that is silently ignored would be a check that
nobody makes. Names are those that an expression can say: ``item.ext.cost_centre``.

Source: SNAPSHOT.md, rule 10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from auditor.documents.pointer import child, join
from auditor.facts.violation import shown
from auditor.model.errors import ConfigError, ErrorGroup, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from auditor.documents.tree import Tree

Json = dict[str, Any]

EXT: Final = "ext"
"""Field of every record that holds the organisation's own; of a document, its entities."""

_REFERENCE: Final = "#/$defs/"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_LARGEST: Final = 2**53
"""Beyond it a limit is not kept exactly by every reader of JSON."""

_INSTANT: Final = [{"format": "date-time"}, {"format": "date"}]
_FORMATS: Final = ("date-time", "date", "local-time", "time-zone")
_TIMES: Final = ("happened", "recorded", "planned")
_ABOUT: Final = ("description", "title")
_KEYWORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("enum", "format", "anyOf", "minLength", "x-time", "x-ref"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "boolean": (),
    "array": ("items",),
    "object": ("properties", "required", "additionalProperties"),
}
"""Per type the keywords that may stand beside ``type``, ``description``, ``title`` and ``default``."""


class ExtensionError(ConfigError):
    """An organisation's schema of its own fields that cannot be used."""

    slug = "extension"


@dataclass(frozen=True, slots=True)
class Extension:
    """Types of fields of an organisation's own."""

    fields: Mapping[str, Json]
    """Entity to the schema of its ``ext``: closed, within the subset."""


class _Fault(Exception):
    def __init__(self, pointer: str, message: str, hint: str, *, at_key: bool = False) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message
        self.hint = hint
        self.at_key = at_key


def extensible(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entities of a snapshot schema whose ``ext`` can be typed, in its order."""
    return tuple(
        name
        for name, node in schema["properties"].items()
        if name == EXT or EXT in _holder(schema, node).get("properties", {})
    )


def read_extension(tree: Tree, entities: Collection[str]) -> Extension:
    """
    Read an organisation's extension.

    Args:
        tree: The file.
        entities: What can be extended, of all kinds of snapshot (see `extensible`).

    Raises:
        ErrorGroup: All that is wrong with it, each with its place.
    """
    if not isinstance(tree.data, dict):
        message = f"an extension is a map from entity to schema, found {shown(tree.data)}"
        raise ErrorGroup([_located(tree, _Fault("", message, "write 'work_items: {...}'"))])
    reader = _Reader(entities)
    fields: dict[str, Json] = {}
    for name, node in tree.data.items():
        try:
            if name not in entities:
                _refuse_key("", name, entities, f"no entity is called {shown(name)}")
            fields[name] = reader.extension(node, join(name))
        except _Fault as fault:
            reader.faults.append(fault)
    if reader.faults:
        raise ErrorGroup(_located(tree, fault) for fault in reader.faults)
    return Extension(fields)


def with_extension(schema: Mapping[str, Any], extension: Extension) -> Json:
    """
    Return a snapshot schema in which the extension types ``ext``.

    Entities that this kind of snapshot does not have are passed over.
    """
    properties = dict(schema["properties"])
    definitions = dict(schema.get("$defs", {}))
    for name, own in extension.fields.items():
        node = properties.get(name)
        if node is None:
            continue
        if name == EXT:
            properties[name] = _typed(node, own)
            continue
        key = _definition(node)
        if key is None:
            properties[name] = _replaced(node, own)
        else:
            definitions[key] = _replaced(definitions[key], own)
    return {**schema, "properties": properties, "$defs": definitions}


def _definition(node: Mapping[str, Any]) -> str | None:
    """Return the name of the definition that an entity's node leads to; None where it holds its fields itself."""
    for part in _parts(node):
        if "$ref" in part:
            return str(part["$ref"]).removeprefix(_REFERENCE)
    return None


def _parts(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node and what it wraps: the elements of a list, the type beside null."""
    yield node
    if "items" in node:
        yield from _parts(node["items"])
    for branch in node.get("anyOf", ()):
        yield from _parts(branch)


def _holder(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object that an entity's records are."""
    key = _definition(node)
    if key is not None:
        found: Mapping[str, Any] = schema["$defs"][key]
        return found
    return next((part for part in _parts(node) if "properties" in part), node)


def _replaced(node: Mapping[str, Any], own: Json) -> Json:
    """Return an object with its ``ext`` typed, whatever wraps it."""
    if "properties" in node:
        properties = node["properties"]
        return {**node, "properties": {**properties, EXT: _typed(properties[EXT], own)}}
    if "items" in node:
        return {**node, "items": _replaced(node["items"], own)}
    branches = [_replaced(b, own) if "properties" in b else b for b in node.get("anyOf", ())]
    return {**node, "anyOf": branches}


def _typed(node: Mapping[str, Any], own: Json) -> Json:
    return {"description": node["description"], **own}


class _Reader:
    """Reads one entity's schema into the form that the rest of the program knows."""

    def __init__(self, entities: Collection[str]) -> None:
        self._entities = entities
        self.faults: list[_Fault] = []

    def extension(self, node: object, pointer: str) -> Json:
        """Read the schema of a whole ``ext``."""
        made = self._node(node, pointer)
        if made["type"] != "object" or "properties" not in made:
            message = "the schema of an entity's fields is that of an object with properties"
            raise _Fault(pointer, message, "write 'type: object' and 'properties: {...}'")
        return made

    def _node(self, node: object, pointer: str) -> Json:
        if not isinstance(node, dict):
            message = f"a schema is an object, found {shown(node)}"
            raise _Fault(pointer, message, "write e.g. {type: string}")
        kind, is_nullable = self._type(node, pointer)
        allowed = (*_ABOUT, "type", "default", *_KEYWORDS[kind])
        for keyword in node:
            if keyword not in allowed:
                message = f"{shown(keyword)} cannot be said of {_article(kind)} here"
                _refuse_key(pointer, keyword, allowed, message)
        made: Json = {"type": kind}
        for keyword in _ABOUT:
            if keyword in node:
                made[keyword] = _text(node[keyword], child(pointer, keyword))
        if kind == "object":
            made |= self._object(node, pointer)
        elif kind == "array":
            if "items" not in node:
                raise _Fault(pointer, "'items' is missing", "say what the list holds")
            made["items"] = self._node(node["items"], child(pointer, "items"))
        elif kind == "string":
            made |= self._string(node, pointer)
            if "enum" in node:
                place = child(pointer, "enum")
                made["enum"] = _values(node["enum"], place, is_nullable=is_nullable)
        else:
            made |= _limits(node, pointer)
        if "default" in node:
            place = child(pointer, "default")
            made["default"] = _default(node["default"], made, place, is_nullable=is_nullable)
        return _with_null(made) if is_nullable else made

    def _type(self, node: Mapping[str, Any], pointer: str) -> tuple[str, bool]:
        """Return the type and whether the value may be null."""
        if "type" not in node:
            known = ", ".join(_KEYWORDS)
            raise _Fault(pointer, "'type' is missing", f"write one of {known}")
        given = node["type"]
        listed = given if isinstance(given, list) else [given]
        others = [entry for entry in listed if entry != "null"]
        if len(others) != 1 or len(listed) > len(others) + 1:
            message = "a value has one type, or one type and null"
            raise _Fault(child(pointer, "type"), message, "write e.g. [string, 'null']")
        if not isinstance(others[0], str) or others[0] not in _KEYWORDS:
            message = f"no type is called {shown(others[0])}"
            hint = did_you_mean(str(others[0]), _KEYWORDS)
            raise _Fault(child(pointer, "type"), message, hint)
        return others[0], len(listed) > len(others)

    def _object(self, node: Mapping[str, Any], pointer: str) -> Json:
        values = node.get("additionalProperties", False)
        if "properties" not in node:
            if not isinstance(values, dict):
                hint = "list its 'properties', or say in 'additionalProperties' what each value is"
                raise _Fault(pointer, "an object says what is in it", hint)
            place = child(pointer, "additionalProperties")
            return {"additionalProperties": self._node(values, place)}
        if values is not False:
            message = "an object is closed: it has the properties that it lists"
            hint = "leave 'additionalProperties' out"
            raise _Fault(child(pointer, "additionalProperties"), message, hint)
        below = child(pointer, "properties")
        if not isinstance(node["properties"], dict):
            raise _Fault(below, "'properties' maps names to schemas", "write 'name: {type: ...}'")
        properties: Json = {}
        for name, part in node["properties"].items():
            if not _NAME.fullmatch(name):
                message = f"{shown(name)} is no name that an expression can say"
                hint = "use letters, digits and '_', e.g. cost_centre"
                raise _Fault(child(below, name), message, hint, at_key=True)
            try:
                properties[name] = self._node(part, child(below, name))
            except _Fault as fault:
                self.faults.append(fault)
                properties[name] = {}
        required = node.get("required", [])
        place = child(pointer, "required")
        if not isinstance(required, list):
            raise _Fault(place, "'required' is a list of names", "write [name, ...]")
        for name in required:
            if not isinstance(name, str) or name not in properties:
                message = f"{shown(name)} is required and not among the properties"
                raise _Fault(place, message, did_you_mean(str(name), properties))
        return {"additionalProperties": False, "required": required, "properties": properties}

    def _string(self, node: Mapping[str, Any], pointer: str) -> Json:
        made: Json = {}
        if "format" in node:
            made["format"] = _one_of(node["format"], _FORMATS, child(pointer, "format"))
        if "anyOf" in node:
            if node["anyOf"] != _INSTANT or "format" in node:
                message = (
                    "'anyOf' stands for an instant that may be a bare day, and for nothing else"
                )
                hint = "write anyOf: [{format: date-time}, {format: date}], or leave it out"
                raise _Fault(child(pointer, "anyOf"), message, hint)
            made["anyOf"] = _INSTANT
        if "x-time" in node:
            if "anyOf" not in node and node.get("format") != "date-time":
                message = "only an instant has a part in time"
                raise _Fault(child(pointer, "x-time"), message, "leave 'x-time' out")
            made["x-time"] = _one_of(node["x-time"], _TIMES, child(pointer, "x-time"))
        if "x-ref" in node:
            made["x-ref"] = _one_of(node["x-ref"], self._entities, child(pointer, "x-ref"))
        if "minLength" in node:
            made["minLength"] = _whole(node["minLength"], child(pointer, "minLength"))
        if "enum" in node and made.keys() & {"format", "anyOf"}:
            raise _Fault(pointer, "a text has either a format or a list of values", "keep one")
        return made


def _with_null(node: Json) -> Json:
    """Return a schema that allows null as well, in the form that `auditor.facts.schema` reads."""
    if node["type"] != "object" and "anyOf" not in node:
        return {**node, "type": [node["type"], "null"]}
    outer = (*_ABOUT, "default", "x-time")
    beside: Json = {key: node[key] for key in outer if key in node}
    inner = {key: value for key, value in node.items() if key not in beside}
    return {**beside, "anyOf": [inner, {"type": "null"}]}


def _default(default: object, node: Json, pointer: str, *, is_nullable: bool) -> object:
    """Check a default: null, a plain value of the type, or an empty list or map."""
    kind = node["type"]
    if default is None and is_nullable:
        return None
    if kind == "array" and default == []:
        return []
    if kind == "object" and "properties" not in node and default == {}:
        return {}
    match kind, default:
        case "boolean", bool():
            return default
        case (("integer" | "number"), int() | float()) if not isinstance(default, bool):
            low, high = node.get("minimum", default), node.get("maximum", default)
            is_kind = kind == "number" or isinstance(default, int)
            if is_kind and low <= default <= high:
                return default if kind == "integer" else float(default)
        case "string", str() if not node.keys() & {"format", "anyOf"}:
            is_long = len(default) >= node.get("minLength", 0)
            if is_long and default in node.get("enum", [default]):
                return default
        case _:
            pass
    message = f"{shown(default)} is no default of this field"
    raise _Fault(pointer, message, "write null, a plain value of its type, or [] for a list")


def _limits(node: Mapping[str, Any], pointer: str) -> Json:
    limits = {
        key: _whole(node[key], child(pointer, key), lowest=None)
        for key in ("minimum", "maximum")
        if key in node
    }
    if len(limits) > 1 and limits["minimum"] > limits["maximum"]:
        message = "the minimum is above the maximum"
        raise _Fault(child(pointer, "minimum"), message, "exchange them")
    return limits


def _values(values: object, pointer: str, *, is_nullable: bool) -> list[str | None]:
    """Check the values of an enumeration; null is one of them exactly where the field may be null."""
    texts = [value for value in values if value is not None] if isinstance(values, list) else []
    if not texts or not all(isinstance(text, str) for text in texts) or len({*texts}) < len(texts):
        message = "'enum' lists one text or more, each once"
        raise _Fault(pointer, message, "write [open, closed]")
    return [*texts, None] if is_nullable else texts


def _whole(value: object, pointer: str, *, lowest: int | None = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise _Fault(pointer, f"a limit is a whole number, found {shown(value)}", "write e.g. 1")
    if lowest is not None and value < lowest:
        raise _Fault(pointer, f"a length is not below {lowest}", "write e.g. 1")
    return value


def _text(value: object, pointer: str) -> str:
    if not isinstance(value, str):
        raise _Fault(pointer, f"a text is wanted, found {shown(value)}", "put it in quotes")
    return value


def _one_of(value: object, known: Collection[str], pointer: str) -> str:
    if not isinstance(value, str) or value not in known:
        message = f"{shown(value)} is none of the names that may stand here"
        raise _Fault(pointer, message, did_you_mean(str(value), known))
    return value


def _refuse_key(pointer: str, key: str, known: Collection[str], message: str) -> NoReturn:
    raise _Fault(child(pointer, key), message, did_you_mean(key, known), at_key=True)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aio" else f"a {kind}"


def _located(tree: Tree, fault: _Fault) -> ExtensionError:
    """Return a fault as an error with its place in the file."""
    place = tree.locate([fault.pointer], keys=fault.at_key).get(fault.pointer)
    return ExtensionError(
        fault.message,
        hint=fault.hint,
        location=place,
        excerpt=tree.excerpt(place.line) if place else None,
        pointer=fault.pointer,
    )
