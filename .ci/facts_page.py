"""
Write the field reference, ``docs/facts.md``, as Markdown.

Each entity is a table of its fields. A record that units and projects have alike is described once, where it
comes first; what is inside a field stands below it with a dotted name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.field_reference import TITLES, Entity, FieldRow, entities, provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def page(schemas: Mapping[str, Json]) -> str:
    """Return the page for the schemas of all targets."""
    contents: list[str] = []
    parts: list[str] = []
    known: dict[str, str] = {}
    for target, schema in schemas.items():
        title = TITLES[target]
        contents.append(f"\n**{title}**\n")
        parts.append(f"\n## {title}\n\n{schema['description'].partition(' Annotations:')[0]}\n")
        for entity in entities(target, schema, known):
            anchor = _anchor(entity.heading)
            contents.append(f"- [`{entity.name}`](#{anchor}) {entity.about}")
            parts.append(_entity(entity))
    about, rows = provenance(schemas["project"])
    beside = [f"\n## `prov` of every record\n\n{about}\n", *_table(rows)]
    return "\n".join([_INTRODUCTION, "## Contents", *contents, *beside, *parts])


def _entity(entity: Entity) -> str:
    lines = [f"### {entity.heading}\n"]
    if entity.record is None:
        kind = f"{entity.type[0].upper()}{entity.type[1:]}."
        return "\n".join([*lines, f"{entity.about} {kind}\n"])
    lines.append(entity.record)
    if entity.same_as:
        there = entity.same_as
        return "\n".join([*lines, f"\nThe fields are those of [{there}](#{_anchor(there)}).\n"])
    return "\n".join([*lines, "", *_table(entity.rows), ""])


def _table(rows: Iterable[FieldRow]) -> Iterator[str]:
    head = ("Field", "Type", "What it says", "Key left out", "At an earlier instant")
    yield f"| {' | '.join(head)} |"
    yield "|---|---|---|---|---|"
    for row in rows:
        if row.same_as:
            there = row.same_as
            yield f"| `{row.path}` | as in [{there}](#{_anchor(there)}) | | | |"
        else:
            cells = (f"`{row.path}`", row.type, row.about, row.left_out, row.cut)
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _anchor(heading: str) -> str:
    return heading.lower().replace(": ", "-").replace(" ", "-")
