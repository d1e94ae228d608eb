"""
A document as data, whose values can be found in its file again.

JSON and YAML look the same from here. Places cost nothing until they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.documents.json import parse_source
from auditor.documents.nodes import MappingNode, Node, SequenceNode
from auditor.documents.places import offsets
from auditor.documents.pointer import index_of, split
from auditor.documents.source import Source, decode
from auditor.documents.yaml import compose_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.location import Location


class Tree:
    """Plain data with a way back to the file."""

    __slots__ = ("_root", "_source", "data", "path")

    def __init__(self, data: Any, source: Source, root: Node | None) -> None:  # noqa: ANN401 - any value
        self.data = data
        """Dicts, lists and scalars; the caller may change them, places stay those of the file."""
        self.path = source.path
        self._source = source
        self._root = root

    def locate(self, pointers: Iterable[str], *, keys: bool = False) -> dict[str, Location]:
        """
        Return the places of the values that *pointers* name, in one pass for all.

        Args:
            pointers: JSON Pointers; one that names nothing in the file has no place in the result.
            keys: Ask for the key in front of the value, where it has one.
        """
        if self._root is None:
            found = offsets(self._source.text, pointers, keys=keys)
            return {pointer: self._source.location(offset) for pointer, offset in found.items()}
        places: dict[str, Location] = {}
        for pointer in pointers:
            node = _find(self._root, split(pointer), keys=keys)
            if node is not None:
                places[pointer] = node.location
        return places

    def excerpt(self, line: int) -> str:
        """Return a line of the file as it is shown with an error."""
        return self._source.excerpt(line)


def parse_tree(data: bytes, *, path: str) -> Tree:
    """
    Parse JSON or YAML.

    Args:
        data: The file.
        path: As the user would type it. ``.json`` is JSON, ``.yaml`` and ``.yml`` are YAML; anything else
            is JSON if it begins like a JSON object or list.

    Raises:
        DocumentError: With the place of what is wrong.
    """
    source = decode(data, path=path)
    suffix = path.rpartition("/")[2].rpartition(".")[2].lower()
    is_json = suffix == "json" or (
        suffix not in {"yaml", "yml"} and source.text.lstrip().startswith(("{", "["))
    )
    if is_json:
        return Tree(parse_source(source), source, None)
    root = compose_source(source)
    return Tree(root.data, source, root)


def _find(root: Node, tokens: list[str], *, keys: bool) -> Node | None:
    node: Node | None = root
    named: Node | None = root
    for token in tokens:
        if isinstance(node, MappingNode):
            named = node.get_key(token)
            node = node.get(token)
        elif isinstance(node, SequenceNode):
            index = index_of(token, len(node.items))
            named = node = None if index is None else node.items[index]
        else:
            return None
    return named if keys else node
