"""
The reference of everything that a snapshot can say: each entity and each field, in words.

Told from the schema, so that it is told of an organisation's own fields as well. Both ``docs/facts.md`` and the
pages of `auditor policy docs` are made from it. Code stands between backticks, as in Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.extension import EXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]

TITLES: Final = {"project": "Project", "unit": "Operating unit", "portfolio": "Portfolio"}
"""What each kind of snapshot is about."""
_KINDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}
_FORMATS: Final = {
    "date": "day",
    "date-time": "instant to the second",
    "local-time": "time of day",
    "time-zone": "IANA time zone",
}
_PROV: Final = "prov"
_WHOLE: Final = frozenset({"snapshot", "project", "unit", "portfolio"})
"""Entities that are told in full in every kind of snapshot."""
_REFERENCE: Final = "#/$defs/"
_DEFAULTS: Final[Mapping[str, str]] = {
    "None": "none",
    "[]": "empty list",
    "{}": "empty",
    "True": "true",
    "False": "false",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field, or a record whose fields are told elsewhere."""

    path: str
    """From the record of its entity: ``escalations[].at``."""
    key: str
    """As `auditor.language.reads` names it: ``blockers.escalations.at``."""
    type: str = ""
    about: str = ""
    left_out: str = ""
    """What it means that the key is left out."""
    cut: str = ""
    """What becomes of it at an earlier instant; empty where it stays."""
    is_own: bool = False
    """Whether it is a field of the organisation's own."""
    same_as: str = ""
    """Heading of the entity that tells the fields of this record; empty for a field."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A top-level key of a snapshot."""

    target: str
    name: str
    about: str
    """One sentence: what the key is."""
    record: str | None
    """What its records are; None for a plain value."""
    type: str
    rows: tuple[FieldRow, ...] = ()
    same_as: str = ""
    """Heading of the entity whose fields it has; empty where they are told here."""

    @property
    def heading(self) -> str:
        """What it is called in all of the reference."""
        return f"{self.target}: {self.name}"


def entities(target: str, schema: Json, known: dict[str, str]) -> list[Entity]:
    """
    Return all entities of a kind of snapshot.

    Args:
        target: The kind.
        schema: Its schema.
        known: Headings of records that were told before, to which this adds its own.
    """
    told = _Teller(schema, known)
    return [told.entity(target, name, node) for name, node in schema["properties"].items()]


def provenance(schema: Json) -> tuple[str, tuple[FieldRow, ...]]:
    """Return what is said of the ``prov`` of a record, and its fields."""
    record = schema["$defs"][_PROV]
    return record["description"], tuple(_Teller(schema, {}).rows(record, _PROV))


class _Teller:
    def __init__(self, schema: Json, known: dict[str, str]) -> None:
        self._schema = schema
        self._known = known

    def entity(self, target: str, name: str, node: Json) -> Entity:
        record = self._record(node)
        kind, about = self._type(node), node["description"]
        if record is None:
            return Entity(target, name, about, None, kind)
        said = [str(record.get("description", about))]
        if node.get("type") == "array" and "x-birth" in record:
            said.append(f"A record exists from its `{record['x-birth']}` on.")
        found = Entity(target, name, about, " ".join(said), kind)
        key = repr(record["properties"])
        if key in self._known and name not in _WHOLE:
            return Entity(target, name, about, found.record, kind, same_as=self._known[key])
        self._known[key] = found.heading
        rows = tuple(self.rows(record, self._name(node, name), is_own=name == EXT))
        return Entity(target, name, about, found.record, kind, rows)

    def rows(
        self, record: Json, name: str, path: str = "", *, is_own: bool = False
    ) -> Iterator[FieldRow]:
        """Yield the fields of a record, and below each those of the records that it holds."""
        required = record.get("required", ())
        for key, node in record["properties"].items():
            inner = self._record(node)
            if key == _PROV or (key == EXT and inner is None):
                continue
            own = is_own or key == EXT
            yield FieldRow(
                f"{path}{key}",
                f"{name}.{key}",
                self._type(node),
                node.get("description", ""),
                _left_out(key, node, required),
                _cut(node, inner),
                own,
            )
            if inner is None:
                continue
            below = f"{path}{key}[]." if node.get("type") == "array" else f"{path}{key}."
            there = self._known.get(repr(inner["properties"]))
            inside = self._name(node, f"{name}.{key}")
            if there:
                yield FieldRow(f"{below}…", f"{inside}.…", same_as=there)
            else:
                yield from self.rows(inner, inside, below, is_own=own)

    def _name(self, node: Json, name: str) -> str:
        """Return the name of the type of a record; one that several entities share has its own."""
        found = node
        while "$ref" not in found:
            branches = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
            inner = found.get("items") or (branches[0] if branches else None)
            if inner is None:
                return name
            found = inner
        key = str(found["$ref"]).removeprefix(_REFERENCE)
        return key if self._schema["$defs"][key].get("x-shared") else name

    def _record(self, node: Json) -> Json | None:
        """Return the closed object that a field holds, alone or in a list."""
        found = self._followed(node)
        if found.get("type") == "array":
            found = self._followed(found["items"])
        return found if "properties" in found else None

    def _followed(self, node: Json) -> Json:
        """Follow references and the null beside a type."""
        for branch in node.get("anyOf", ()):
            if branch != {"type": "null"} and "format" not in branch:
                return self._followed(branch)
        if "$ref" in node:
            return self._followed(self._schema["$defs"][node["$ref"].removeprefix(_REFERENCE)])
        return node

    def _type(self, node: Json) -> str:
        words = self._plain_type(node)
        return f"{words} or none" if _is_nullable(node) and words != "anything" else words

    def _plain_type(self, node: Json) -> str:
        if "x-ref" in node:
            return f"id of `{node['x-ref']}`"
        if node.get("$ref", "").endswith("/id"):
            return "id"
        found = self._followed(node)
        kind: Any = found.get("type")
        if kind == "array":
            inside = self._type(found["items"])
            return f"list of {'records' if inside == 'record' else inside}"
        if "properties" in found:
            return "record"
        if "additionalProperties" in found and "items" not in found:
            return f"map of {self._type(found['additionalProperties'])}"
        if isinstance(kind, list):
            kinds = [entry for entry in kind if entry != "null"]
            kind = kinds[0] if len(kinds) == 1 else "anything"
        if "enum" in found:
            return ", ".join(f"`{value}`" for value in found["enum"] if value is not None)
        if "anyOf" in found:
            return "instant"
        words = _FORMATS.get(found.get("format", "")) or _KINDS.get(kind, "anything")
        return words + _limits(found)


def _is_nullable(node: Json) -> bool:
    kinds = node.get("type")
    return {"type": "null"} in node.get("anyOf", ()) or (
        isinstance(kinds, list) and "null" in kinds
    )


def _limits(node: Json) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f" {low} to {high}" if low != high else f" {low}"
    return f" from {low}" if low is not None else ""


def _left_out(name: str, node: Json, required: object) -> str:
    if isinstance(required, (list, tuple)) and name in required:
        return "not allowed"
    if "default" in node:
        default = str(node["default"])
        return _DEFAULTS.get(default, f"`{default}`")
    return "unknown"


def _cut(node: Json, record: Json | None) -> str:
    """Say in words what a cut at an earlier instant does."""
    said = []
    time = node.get("x-time")
    if record is not None and "x-birth" in record:
        said.append(f"left out where `{record['x-birth']}` is later")
    if time in {"happened", "recorded"}:
        is_known = _is_nullable(node) and not node.get("x-latest")
        is_list = node.get("type") == "array"
        said.append(f"if later: {'left out' if is_list else 'none' if is_known else 'unknown'}")
    elif time == "planned":
        said.append("stays, it is a plan")
    for instant, value in node.get("x-reverts", {}).items():
        before = "none" if value is None else f"`{value}`"
        said.append(f"{before} before `{instant}`")
    history = node.get("x-history")
    if history:
        said.append(f"told by `{history['list']}`")
    if node.get("x-state"):
        said.append("replayed")
    return "; ".join(said)
