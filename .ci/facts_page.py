"""
Write the field reference, ``docs/facts.md``, from the snapshot schemas.

Each entity is a table of its fields. A record that units and projects have alike is described once, where it
comes first; what is inside a field stands below it with a dotted name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]

_INTRODUCTION: Final = """\
# Facts

What a snapshot can say: every entity and every field that policies may read. This page is made from
`schemas/source` by `python .ci/schemas.py`; [schemas/README.md](../schemas/README.md) says how to change it.

How to read the tables:

- **Type.** `or none`: the value may be `null`, which says that it is known that there is none. An id names the list that it is
  an id of. An instant is written with date, time and offset (`2026-09-18T15:00:00+02:00`); where it is known to the day only, a bare
  day stands in its place.
- **Key left out.** `unknown`: nobody knows, and a verdict that needs the fact is `inconclusive`. A value: leaving the key out says the
  same as writing that value. `not allowed`: the key must be there.
- **At an earlier instant.** What becomes of the field when a snapshot is judged as of an instant before it was captured. Nothing is said
  where the field stays as it is. `replayed`: change events tell what it was; without any it stays, and the report says that it may have
  been otherwise. An instant that lies later is taken away.

An empty list says that there are none; a list that is left out says nothing.

Every record can also say where it comes from, in `prov`, and hold fields of the organisation's own, in `ext`; the tables do not repeat
these two.
"""

_TITLES: Final = {"project": "Project", "unit": "Operating unit", "portfolio": "Portfolio"}
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
_EVERYWHERE: Final = frozenset({"prov", "ext"})
_REFERENCE: Final = "#/$defs/"
_DEFAULTS: Final[Mapping[str, str]] = {
    "None": "none",
    "[]": "empty list",
    "{}": "empty",
    "True": "true",
    "False": "false",
}


def page(schemas: Mapping[str, Json]) -> str:
    """Return the page for the schemas of all targets."""
    contents: list[str] = []
    parts: list[str] = []
    known: dict[str, str] = {}
    for target, schema in schemas.items():
        title = _TITLES[target]
        contents.append(f"\n**{title}**\n")
        parts.append(f"\n## {title}\n\n{schema['description'].partition(' Annotations:')[0]}\n")
        for name, node in schema["properties"].items():
            heading = f"{target}: {name}"
            contents.append(f"- [`{name}`](#{_anchor(heading)}) {node['description']}")
            parts.append(_entity(schema, heading, name, node, known))
    project = schemas["project"]
    provenance = _table(project, project["$defs"]["prov"], {})
    about = project["$defs"]["prov"]["description"]
    beside = [f"\n## `prov` of every record\n\n{about}\n", *provenance]
    return "\n".join([_INTRODUCTION, "## Contents", *contents, *beside, *parts])


def _entity(schema: Json, heading: str, name: str, node: Json, known: dict[str, str]) -> str:
    record = _record(schema, node)
    is_list = node.get("type") == "array"
    lines = [f"### {heading}\n"]
    if record is None:
        return "\n".join([*lines, f"{node['description']} {_sentence(_type(schema, node))}\n"])
    said = [record.get("description", node["description"])]
    if is_list and "x-birth" in record:
        said.append(f"A record exists from its `{record['x-birth']}` on.")
    lines.append(" ".join(said))
    key = repr(record["properties"])
    if key in known and name not in {"snapshot", "project", "unit", "portfolio"}:
        lines.append(f"\nThe fields are those of [{known[key]}](#{_anchor(known[key])}).\n")
        return "\n".join(lines)
    known[key] = heading
    return "\n".join([*lines, "", *_table(schema, record, known), ""])


def _table(schema: Json, record: Json, known: Mapping[str, str]) -> list[str]:
    head = ("Field", "Type", "What it says", "Key left out", "At an earlier instant")
    lines = [f"| {' | '.join(head)} |", "|---|---|---|---|---|"]
    return [*lines, *_rows(schema, record, "", known)]


def _rows(schema: Json, record: Json, path: str, known: Mapping[str, str]) -> Iterator[str]:
    required = record.get("required", ())
    for name, node in record["properties"].items():
        if name in _EVERYWHERE:
            continue
        inner = _record(schema, node)
        cells = (
            f"`{path}{name}`",
            _type(schema, node),
            node.get("description", ""),
            _left_out(name, node, required),
            _cut(node, inner),
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
        if inner is None:
            continue
        below = f"{path}{name}[]." if node.get("type") == "array" else f"{path}{name}."
        there = known.get(repr(inner["properties"]))
        if there:
            yield f"| `{below}…` | as in [{there}](#{_anchor(there)}) | | | |"
        else:
            yield from _rows(schema, inner, below, known)


def _record(schema: Json, node: Json) -> Json | None:
    """Return the closed object that a field holds, alone or in a list."""
    found = _followed(schema, node)
    if found.get("type") == "array":
        found = _followed(schema, found["items"])
    return found if "properties" in found else None


def _followed(schema: Json, node: Json) -> Json:
    """Follow references and the null beside a type."""
    for branch in node.get("anyOf", ()):
        if branch != {"type": "null"} and "format" not in branch:
            return _followed(schema, branch)
    if "$ref" in node:
        return _followed(schema, schema["$defs"][node["$ref"].removeprefix(_REFERENCE)])
    return node


def _is_nullable(node: Json) -> bool:
    kinds = node.get("type")
    return {"type": "null"} in node.get("anyOf", ()) or (
        isinstance(kinds, list) and "null" in kinds
    )


def _type(schema: Json, node: Json) -> str:
    words = _plain_type(schema, node)
    return f"{words} or none" if _is_nullable(node) and words != "anything" else words


def _plain_type(schema: Json, node: Json) -> str:
    if "x-ref" in node:
        return f"id of `{node['x-ref']}`"
    if node.get("$ref", "").endswith("/id"):
        return "id"
    found = _followed(schema, node)
    kind: Any = found.get("type")
    if kind == "array":
        inside = _type(schema, found["items"])
        return f"list of {'records' if inside == 'record' else inside}"
    if "properties" in found:
        return "record"
    if "additionalProperties" in found and "items" not in found:
        return f"map of {_type(schema, found['additionalProperties'])}"
    if isinstance(kind, list):
        kinds = [entry for entry in kind if entry != "null"]
        kind = kinds[0] if len(kinds) == 1 else "anything"
    if "enum" in found:
        return ", ".join(f"`{value}`" for value in found["enum"] if value is not None)
    if "anyOf" in found:
        return "instant"
    words = _FORMATS.get(found.get("format", "")) or _KINDS.get(kind, "anything")
    return words + _limits(found)


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


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _anchor(heading: str) -> str:
    return heading.lower().replace(": ", "-").replace(" ", "-")
