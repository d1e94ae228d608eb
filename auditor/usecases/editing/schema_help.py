"""
What a schema says of one place in a file: which keys and values it can have there, and what they mean.

The schema is read as a description, not as a test: of all that may apply, what helps is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.json import parse_json
from auditor.usecases.show_schema import schema, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.documents.yaml_outline import Path

_WAYS: Final = ("anyOf", "oneOf", "allOf")
_DEEPEST: Final = 40
"""References that are followed."""
EXPRESSION: Final = "expression"
"""What the policy schema calls an expression."""


@dataclass(frozen=True, slots=True)
class SchemaHelp:
    """What is known of a place."""

    about: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys that it can have, each with what it means."""
    values: tuple[str, ...] = ()
    """Values that it can have, where these are few."""
    examples: tuple[Any, ...] = ()
    names: frozenset[str] = frozenset()
    """What the schema calls it: ``expression``."""

    @property
    def is_expression(self) -> bool:
        """Whether an expression stands there."""
        return EXPRESSION in self.names


@cache
def _schema(kind: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = parse_json(schema(kind), path=f"schemas/{kind}")
    return found


def help_at(kind: str, path: Path) -> SchemaHelp:
    """
    Return what the schema of a kind of file says of a place.

    Args:
        kind: The kind, as its schema is called.
        path: Keys and positions from the top of the file.
    """
    if kind not in schemas():
        return SchemaHelp()
    root = _schema(kind)
    names: set[str] = set()
    places = list(_spread(root, root, names, 0))
    for step in path:
        names = set()
        places = [below for place in places for below in _below(root, place, step, names)]
    about = next((text for one in places if (text := one.get("description"))), "")
    keys: dict[str, str] = {}
    values: list[str] = []
    examples: list[Any] = []
    for one in places:
        for key, below in one.get("properties", {}).items():
            keys.setdefault(key, _about(root, below))
        listed = [one["const"]] if "const" in one else one.get("enum", [])
        values += [_written(value) for value in listed if not isinstance(value, (list, dict))]
        if one.get("type") == "boolean":
            values += ["true", "false"]
        examples += one.get("examples", [])
    return SchemaHelp(about, keys, tuple(dict.fromkeys(values)), tuple(examples), frozenset(names))


def _written(value: object) -> str:
    return {None: "null", True: "true", False: "false"}.get(value, str(value))  # type: ignore[call-overload, no-any-return]


def _about(root: Mapping[str, Any], place: Any) -> str:  # noqa: ANN401 - a schema
    found = (one.get("description", "") for one in _spread(root, place, set(), 0))
    return next(filter(None, found), "")


def _spread(
    root: Mapping[str, Any],
    place: Any,  # noqa: ANN401 - a schema
    names: set[str],
    depth: int,
) -> Iterator[Mapping[str, Any]]:
    """Yield a schema, and those that it refers to or is made of."""
    if not isinstance(place, dict) or depth > _DEEPEST:
        return
    yield place
    reference = place.get("$ref", "")
    if reference.startswith("#/"):
        found: Any = root
        for part in reference[2:].split("/"):
            found = found.get(part, {}) if isinstance(found, dict) else {}
        names.add(reference.rpartition("/")[2])
        yield from _spread(root, found, names, depth + 1)
    for way in _WAYS:
        for one in place.get(way, []):
            yield from _spread(root, one, names, depth + 1)


def _below(
    root: Mapping[str, Any], place: Mapping[str, Any], step: str | int, names: set[str]
) -> Iterator[Mapping[str, Any]]:
    if isinstance(step, int):
        prefix = place.get("prefixItems", [])
        listed = prefix[step] if step < len(prefix) else place.get("items")
        yield from _spread(root, listed, names, 0)
    elif step in place.get("properties", {}):
        yield from _spread(root, place["properties"][step], names, 0)
    else:
        yield from _spread(root, place.get("additionalProperties"), names, 0)
