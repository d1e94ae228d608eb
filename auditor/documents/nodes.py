"""
A YAML document as nodes that know where they were written.

A node keeps offsets, not places: most are never asked. What an alias names is the same node again, with the
place of its anchor; `data` repeats it, so that no two parts of the data are one object.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditor.documents.scalars import Style, Value, origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.documents.source import Source
    from auditor.model.errors import DocumentError
    from auditor.model.location import Location


@dataclass(slots=True, eq=False)
class _Placed:
    """Anything written somewhere in a file."""

    source: Source = field(repr=False)
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.source.location(self.start, self.end)

    @property
    def excerpt(self) -> str:
        """The source line on which it begins."""
        return self.source.excerpt(self.location.line)

    def fault(self, message: str, *, hint: str | None = None) -> DocumentError:
        """Return the error that *message* is, placed here."""
        return self.source.fault(message, self.start, hint=hint)


@dataclass(slots=True, eq=False)
class ScalarNode(_Placed):
    """One value without parts."""

    text: str
    """As read: unquoted, unescaped, folded; before typing."""
    value: Value
    style: Style
    _origins: list[int] | None = field(default=None, repr=False)

    @property
    def data(self) -> Value:
        """The value."""
        return self.value

    def location_at(self, offset: int) -> Location:
        """Return the place in the file of the character at *offset* of `text`; its length is allowed."""
        return self.source.location(self._place(offset))

    def excerpt_at(self, offset: int) -> str:
        """Return the source line of the character at *offset* of `text`."""
        return self.source.excerpt(self.location_at(offset).line)

    def stretches(self) -> tuple[tuple[int, int, int], ...]:
        """Return the parts of `text` that stand in the file as they read: offset, line and column of each."""
        places = self._places()
        breaks = (
            offset
            for offset, place in enumerate(places[:-1])
            if offset == 0 or place != places[offset - 1] + 1
        )
        found = ((offset, self.source.location(places[offset])) for offset in breaks)
        return tuple((offset, place.line, place.column) for offset, place in found)

    def edited(self, start: int, end: int, new: str) -> ScalarNode:
        """
        Return the node as if *new* were written for a part of it.

        Args:
            start: Where the part begins in `text`.
            end: Offset after its last character.
            new: What is to stand there; all of it has the place of what it replaces.
        """
        places = self._places()
        text = f"{self.text[:start]}{new}{self.text[end:]}"
        moved = [*places[:start], *([places[start]] * len(new)), *places[end:]]
        return replace(self, text=text, value=text, _origins=moved)

    def _place(self, offset: int) -> int:
        return self._places()[max(0, min(offset, len(self.text)))]

    def _places(self) -> list[int]:
        """Return for each character of `text`, and for its end, the offset in the file."""
        if self._origins is None:
            self._origins = origins(self.source.text, self.start, self.end, self.style, self.text)
        return self._origins


@dataclass(slots=True, eq=False)
class SequenceNode(_Placed):
    """A list."""

    items: tuple[Node, ...]

    @property
    def data(self) -> list[Any]:
        """Plain Python data, all of it new."""
        made: list[Any] = _plain(self)
        return made


@dataclass(slots=True, eq=False)
class MappingNode(_Placed):
    """A mapping; its keys are strings, each once."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    _index: dict[str, tuple[ScalarNode, Node]] | None = field(default=None, repr=False)

    def get(self, key: str) -> Node | None:
        """Return the value of *key*."""
        entry = self._entry(key)
        return entry[1] if entry else None

    def get_key(self, key: str) -> ScalarNode | None:
        """Return the node of *key* itself."""
        entry = self._entry(key)
        return entry[0] if entry else None

    def _entry(self, key: str) -> tuple[ScalarNode, Node] | None:
        if self._index is None:
            self._index = {entry[0].text: entry for entry in self.entries}
        return self._index.get(key)

    @property
    def data(self) -> dict[str, Any]:
        """Plain Python data, all of it new."""
        made: dict[str, Any] = _plain(self)
        return made


Node = MappingNode | SequenceNode | ScalarNode


def node_at(root: Node, path: Iterable[str | int]) -> Node:
    """Return the node at *path*, or the nearest one around it where the path leads nowhere."""
    for step in path:
        inner: Node | None = None
        if isinstance(root, MappingNode) and isinstance(step, str):
            inner = root.get(step)
        elif isinstance(root, SequenceNode) and str(step).isdecimal():
            inner = next(iter(root.items[int(step) :]), None)
        if inner is None:
            return root
        root = inner
    return root


def key_at(root: Node, path: Sequence[str | int]) -> Node:
    """Return the node of the key that ends *path*; the nearest node around it where there is none."""
    parent = node_at(root, path[:-1])
    return (parent.get_key(str(path[-1])) if isinstance(parent, MappingNode) else None) or parent


def _plain(root: MappingNode | SequenceNode) -> Any:  # noqa: ANN401 - a dict or a list, as the node is
    """Build plain data without recursion: the caller may be deep already."""
    made: Any = {} if isinstance(root, MappingNode) else []
    work: list[tuple[Node, Any]] = [(root, made)]
    while work:
        node, into = work.pop()
        if isinstance(node, MappingNode):
            for key, child in node.entries:
                into[key.text] = _shell(child, work)
        elif isinstance(node, SequenceNode):
            into.extend(_shell(child, work) for child in node.items)
    return made


def _shell(node: Node, work: list[tuple[Node, Any]]) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(node, ScalarNode):
        return node.value
    shell: Any = {} if isinstance(node, MappingNode) else []
    work.append((node, shell))
    return shell
