"""
Read the source of the snapshot schemas.

A field is a line such as ``owner: id? of parties; state | Who sees to it.`` The notation is explained in ``schemas/README.md``. What a reader would get wrong: "like" copies the fields of
another definition to its place, so that the copy is a type of its own, named by its path; a plain name refers
to the definition, which all its places share.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Json = dict[str, Any]

BUILT_IN: Final[Mapping[str, Json]] = {
    "id": {
        "description": "Source and native immutable id, e.g. jira:10042.",
        "type": "string",
        "minLength": 1,
    },
    "moment": {
        "description": "An instant to the second or finer, RFC 3339 with an offset.",
        "type": "string",
        "format": "date-time",
    },
    "instant": {
        "description": "An instant, RFC 3339 with an offset; a bare day stands for that whole local day.",
        "type": "string",
        "anyOf": [{"format": "date-time"}, {"format": "date"}],
    },
    "anything": {
        "description": "Any JSON value.",
        "type": ["null", "boolean", "integer", "number", "string", "array", "object"],
        "items": {"$ref": "#/$defs/anything"},
        "additionalProperties": {"$ref": "#/$defs/anything"},
    },
}
"""Definitions that the notation itself refers to."""

_SCALARS: Final[Mapping[str, Json]] = {
    "text": {"type": "string"},
    "name": {"type": "string", "minLength": 1},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "local-time": {"type": "string", "format": "local-time"},
    "time-zone": {"type": "string", "format": "time-zone"},
    "seconds": {"type": "integer", "minimum": 0},
    "count": {"type": "integer", "minimum": 0},
    "ratio": {"type": "number", "minimum": 0, "maximum": 1},
}
_TIMES: Final = ("happened", "recorded", "planned")
_WORD: Final = re.compile(r"([a-z_-]+)([!?]?)(?: (-?\d+)\.\.(-?\d+)?)?")
_ID: Final = re.compile(r"id([!?]?)(?: of (\w+))?")
_OBJECT: Final = re.compile(r"(object|entity|record of (\w+))([!?]?)")
_REVERT: Final = re.compile(r"was (\S+) before (\S+)")
_HISTORY: Final = re.compile(r"history (\w+)\.(\w+)(?: after (\w+))?")
_LIKE: Final = re.compile(r"like (\w+)(?: without (.+))?")
_PROV: Final = "prov | Where the record comes from."
_EXT: Final = "ext | Fields of the organisation's own."
_NULL: Final[Json] = {"type": "null"}


@dataclass(slots=True)
class Document:
    """The schema of one target, as its source describes it."""

    target: str
    title: str
    description: str
    fields: Json


@dataclass(slots=True)
class _Line:
    """What stands before and after the bar of a line."""

    type: str
    notes: list[str]
    about: str

    @classmethod
    def of(cls, text: str) -> _Line:
        spec, bar, about = text.partition(" | ")
        kind, *notes = spec.split("; ")
        return cls(kind, notes, about if bar else "")

    def note(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the note of a form, where there is one."""
        return next((found for note in self.notes if (found := pattern.fullmatch(note))), None)


class Source:
    """
    The definitions and documents of all source files.

    Args:
        folder: Where they are.
    """

    def __init__(self, folder: Path) -> None:
        self.documents: dict[str, Document] = {}
        self._lines: dict[str, Any] = {}
        for path in sorted(folder.glob("*.yaml")):
            content = parse_yaml(path.read_bytes(), path=path.name)
            if "document" in content:
                document = Document(**content["document"])
                self.documents[document.target] = document
            for name, definition in content.get("definitions", {}).items():
                if name in self._lines or name in BUILT_IN:
                    msg = f"{path.name}: '{name}' is defined twice"
                    raise ValueError(msg)
                self._lines[name] = definition

    def schema(self, target: str) -> Json:
        """Return the JSON Schema of a target, with the definitions that it uses."""
        document = self.documents[target]
        maker = _Maker(self._lines, target)
        root = maker.object({"is": "object", "fields": document.fields}, _Line.of("object"))
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"snapshot-{target}.schema.json",
            "title": document.title,
            "description": document.description,
            **root,
            "$defs": maker.definitions(root),
        }


class _Maker:
    """Makes the JSON Schema nodes of one target."""

    def __init__(self, lines: Mapping[str, Any], target: str) -> None:
        self._lines = lines
        self._target = target

    def definitions(self, root: Json) -> Json:
        """Return every definition that *root* leads to, in the order of the source."""
        found: Json = {}
        pending = list(_references(root))
        while pending:
            name = pending.pop()
            if name in found:
                continue
            found[name] = BUILT_IN[name] if name in BUILT_IN else self._definition(name)
            pending.extend(_references(found[name]))
        _refuse_circles(found)
        uses = Counter(_references([root, found]))
        return {
            # Told here, so that whoever reads the schema need not count.
            name: {**found[name], "x-shared": True} if uses[name] > 1 else found[name]
            for name in (*BUILT_IN, *self._lines)
            if name in found
        }

    def object(self, source: Mapping[str, Any], line: _Line) -> Json:
        """Return a closed object without its description."""
        matched = _OBJECT.fullmatch(line.type.removeprefix("list of "))
        if matched is None:
            msg = f"'{line.type}' has fields and is no object"
            raise ValueError(msg)
        fields, birth = self._fields(source, line)
        if matched[2]:
            own_id = f"id! of {matched[2]} | Source and native immutable id."
            fields = {"id": own_id, **{k: v for k, v in fields.items() if k != "id"}}
        if matched[1] != "object":
            fields = {**fields, "prov": _PROV, "ext": _EXT}
        made: Json = {"type": "object", "additionalProperties": False}
        if required := [key for key, value in fields.items() if _is_required(value)]:
            made["required"] = required
        if birth:
            made["x-birth"] = birth
        made["properties"] = {key: self.field(value) for key, value in fields.items()}
        return made

    def field(self, source: str | Mapping[str, Any]) -> Json:
        """Return the node of a field, its description and annotations included."""
        text = source if isinstance(source, str) else source["is"]
        line = _Line.of(text.replace("{target}", self._target))
        if not isinstance(source, str) or line.note(_LIKE):
            made = self._inline({} if isinstance(source, str) else source, line)
        else:
            made = self._type(line.type)
        return {"description": line.about, **made, **_annotations(line)}

    def _definition(self, name: str) -> Json:
        if name not in self._lines:
            msg = f"'{name}' is defined nowhere"
            raise ValueError(msg)
        return self.field(self._lines[name])

    def _inline(self, source: Mapping[str, Any], line: _Line) -> Json:
        made = self.object(source, line)
        if line.type.startswith("list of "):
            return {"type": "array", "items": made}
        return {"anyOf": [made, _NULL]} if line.type.endswith("?") else made

    def _fields(self, source: Mapping[str, Any], line: _Line) -> tuple[Json, str | None]:
        """Return the fields of an object, copied ones included, and its birth."""
        birth = next((n.removeprefix("birth ") for n in line.notes if n.startswith("birth ")), None)
        if like := line.note(_LIKE):
            model = self._lines[like[1]]
            copied, born = self._fields(model, _Line.of(model["is"]))
            left_out = (like[2] or "").split(", ")
            fields = {key: value for key, value in copied.items() if key not in left_out}
            birth = birth or born
            last = {key: fields.pop(key) for key in ("recorded_at",) if key in fields}
            return {**fields, **source.get("fields", {}), **last}, birth
        return source.get("fields", {}), birth

    def _type(self, text: str) -> Json:
        if text.startswith("list of "):
            items = self._type(text.removeprefix("list of "))
            time = {"x-time": items.pop("x-time")} if "x-time" in items else {}
            return {"type": "array", "items": items, **time}
        if text.startswith("map of "):
            values = self._type(text.removeprefix("map of "))
            return {"type": "object", "additionalProperties": values}
        if text.startswith("one of "):
            values = text.removeprefix("one of ").rstrip("!?").split(", ")
            return _marked({"type": "string", "enum": values}, text[-1])
        if matched := _ID.fullmatch(text):
            plain: Json = {"type": ["string", "null"], "minLength": 1}
            made = plain if matched[1] == "?" else {"$ref": "#/$defs/id"}
            return {**made, "x-ref": matched[2]} if matched[2] else made
        return self._word(text)

    def _word(self, text: str) -> Json:
        matched = _WORD.fullmatch(text)
        if matched is None:
            msg = f"'{text}' is no type"
            raise ValueError(msg)
        name, mark, low, high = matched.groups()
        if name in _SCALARS:
            limits = {"minimum": low, "maximum": high}
            ends = {key: int(end) for key, end in limits.items() if end is not None}
            return _marked({**_SCALARS[name], **ends}, mark)
        if name in _TIMES:
            return {**_marked({"$ref": "#/$defs/instant"}, mark), "x-time": name}
        if mark == "?" and name in self._lines and isinstance(self._lines[name], str):
            # An enumeration: its values and null stand in one list, where editors offer them.
            return _marked(self._type(_Line.of(self._lines[name]).type), mark)
        return _marked({"$ref": f"#/$defs/{name}"}, mark)


def _is_required(source: str | Mapping[str, Any]) -> bool:
    kind = _Line.of(source if isinstance(source, str) else source["is"]).type
    return not kind.startswith(("list of ", "map of ")) and "!" in kind


def _marked(node: Json, mark: str) -> Json:
    """Return a node that may be null where the mark says so."""
    if mark != "?":
        return node
    if "$ref" in node:
        return {"anyOf": [node, _NULL]}
    made = {**node, "type": [node["type"], "null"]}
    return {**made, "enum": [*node["enum"], None]} if "enum" in node else made


def _annotations(line: _Line) -> Json:
    made: Json = {}
    reverts: dict[str, str | None] = {}
    for note in line.notes:
        word, _, value = note.partition(" ")
        if word == "default":
            try:
                made["default"] = json.loads(value)
            except ValueError:
                made["default"] = value
        elif word in {"state", "latest"} and not value:
            made[f"x-{word}"] = True
        elif revert := _REVERT.fullmatch(note):
            reverts[revert[2]] = None if revert[1] == "null" else revert[1]
        elif history := _HISTORY.fullmatch(note):
            names = ("list", "value", "first")
            parts = zip(names, history.groups(), strict=True)
            made["x-history"] = {key: part for key, part in parts if part is not None}
        elif word not in {"birth", "like"}:
            msg = f"'{note}' is no note"
            raise ValueError(msg)
    return {**made, "x-reverts": reverts} if reverts else made


def _refuse_circles(definitions: Json) -> None:
    """Refuse a definition that contains itself: types are finite."""
    inside = {name: set(_references(node)) for name, node in definitions.items()}
    inside["anything"] = set()  # save the one that is any JSON
    while ends := {name for name, names in inside.items() if not names & inside.keys()}:
        inside = {name: names for name, names in inside.items() if name not in ends}
    if inside:
        msg = f"definitions contain themselves: {', '.join(sorted(inside))}"
        raise ValueError(msg)


def _references(node: object) -> Iterable[str]:
    """Yield the names of all definitions that a node refers to."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].removeprefix("#/$defs/")
        for below in node.values():
            yield from _references(below)
    elif isinstance(node, list):
        for below in node:
            yield from _references(below)
