"""
Read every YAML file of the product: nodes with places, YAML 1.2 core types, no surprises.

The parser of PyYAML is used for its events only. Its own resolver knows YAML 1.1, where ``on`` is true and
``17:30`` is 1050; its composer recurses, expands alias bombs and lets the last of two equal keys win.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from auditor.documents import faults
from auditor.documents.limits import (
    MAX_ALIAS_NODES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    MAX_STRING,
)
from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from auditor.documents.scalars import Style, Value, is_integer, typed
from auditor.documents.source import Source, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import yaml

    from auditor.model.errors import DocumentError

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "compose", "parse_yaml"]

_STYLES: Final[dict[str | None, Style]] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_CONTROL: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_YAML_1_2: Final = (1, 2)


def compose(data: bytes, *, path: str) -> Node:
    """
    Parse one YAML document into nodes.

    Returns:
        The root; for an empty file a null scalar.

    Raises:
        DocumentError: With the place of what is wrong.
    """
    return compose_source(decode(data, path=path))


def parse_yaml(data: bytes, *, path: str) -> Any:  # noqa: ANN401 - any YAML value
    """
    Parse one YAML document into plain Python data.

    Raises:
        DocumentError: With the place of what is wrong.
    """
    return compose(data, path=path).data


def compose_source(source: Source, end: int | None = None) -> Node:
    """Parse a YAML document that is already text; only what stands before *end*, where that is given."""
    text = source.text if end is None else source.text[:end]
    if control := _CONTROL.search(text):
        message = f"the invisible character U+{ord(control[0]):04X}"
        hint = 'remove it, or write it as an escape in double quotes ("\\u0007")'
        raise source.fault(message, control.start(), hint=hint)
    return _Composer(source, text).compose()


class _Mark(Protocol):
    index: int


class _Event(Protocol):
    """An event of the parser; each kind has those attributes that it needs."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str
    """None where there is none, save on an alias."""
    tag: str | None
    value: str
    style: str | None
    version: tuple[int, int] | None


def _events(source: Source, text: str) -> Iterator[_Event]:
    """Yield the parser's events; its errors become ours."""
    # Here, not above: importing PyYAML costs more than reading a small file.
    import yaml  # noqa: PLC0415 - only where YAML is read
    from yaml.reader import ReaderError  # noqa: PLC0415 - with it

    try:
        loader = (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)(text)
        while True:
            event = loader.get_event()
            yield cast("_Event", event)
            if isinstance(event, yaml.StreamEndEvent):
                return
    except yaml.MarkedYAMLError as error:
        raise _syntax_fault(source, error) from None
    except ReaderError as error:
        message = "a character that YAML does not allow"
        raise source.fault(message, error.position) from None


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("anchor", "entries", "items", "key", "seen", "start")

    def __init__(self, start: int, anchor: str | None, *, is_mapping: bool) -> None:
        self.start = start
        self.anchor = anchor
        self.items: list[Node] = []
        self.entries: list[tuple[ScalarNode, Node]] = []
        self.seen: dict[str, int] | None = {} if is_mapping else None
        self.key: ScalarNode | None = None


class _Composer:
    """Builds nodes from events with a stack of its own, counting as it goes."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.alias_nodes = 0
        self.root: Node | None = None

    def compose(self) -> Node:
        handlers: dict[str, Callable[[_Event], None]] = {
            "ScalarEvent": self.scalar,
            "MappingStartEvent": self.start,
            "SequenceStartEvent": self.start,
            "MappingEndEvent": self.end,
            "SequenceEndEvent": self.end,
            "AliasEvent": self.alias,
            "DocumentStartEvent": self.document,
        }
        for event in _events(self.source, self.text):
            handler = handlers.get(type(event).__name__)
            if handler:
                handler(event)
        if self.root is None:
            self.root = ScalarNode(self.source, 0, 0, "", None, "plain")
        return self.root

    def document(self, event: _Event) -> None:
        if event.version and event.version != _YAML_1_2:
            message = f"%YAML {event.version[0]}.{event.version[1]}, files are read as YAML 1.2"
            raise self.source.fault(message, event.start_mark.index, hint="remove the directive")
        if self.root is not None:
            message = "a second document, one file holds one"
            hint = "put it in a file of its own"
            raise self.source.fault(message, event.start_mark.index, hint=hint)

    def scalar(self, event: _Event) -> None:
        offset = event.start_mark.index
        self.refuse_tag(event, offset)
        text, style = event.value, _STYLES[event.style]
        if len(text) > MAX_STRING:
            raise faults.string_too_long(self.source, offset, len(text))
        if not text.isascii():
            self.refuse_surrogates(text, offset)
        value = self.typed(text, offset) if style == "plain" else text
        node = ScalarNode(self.source, offset, event.end_mark.index, text, value, style)
        self.add(node, event.anchor)

    def typed(self, text: str, offset: int) -> Value:
        if len(text) > MAX_DIGITS and is_integer(text):
            raise faults.too_many_digits(self.source, offset, text)
        try:
            return typed(text)
        except OverflowError:
            raise faults.not_finite(self.source, offset, text) from None

    def refuse_surrogates(self, text: str, offset: int) -> None:
        for char in text:
            if "\ud800" <= char <= "\udfff":
                raise faults.lone_surrogate(self.source, offset, ord(char))

    def refuse_tag(self, event: _Event, offset: int) -> None:
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag {faults.shortened(shown)}, want plain values"
            raise self.source.fault(
                message, offset, hint="put the value in quotes to make it a string"
            )

    def start(self, event: _Event) -> None:
        offset = event.start_mark.index
        self.refuse_tag(event, offset)
        self.refuse_complex_key(offset)
        if len(self.stack) >= MAX_DEPTH:
            raise faults.too_deep(self.source, offset)
        is_mapping = type(event).__name__ == "MappingStartEvent"
        self.stack.append(_Open(offset, event.anchor, is_mapping=is_mapping))

    def end(self, event: _Event) -> None:
        done = self.stack.pop()
        end = event.end_mark.index
        node: Node
        if done.seen is None:
            node = SequenceNode(self.source, done.start, end, tuple(done.items))
        else:
            node = MappingNode(self.source, done.start, end, tuple(done.entries))
        self.add(node, done.anchor)

    def alias(self, event: _Event) -> None:
        offset = event.start_mark.index
        name = event.anchor
        self.refuse_complex_key(offset)
        if any(part.anchor == name for part in self.stack):
            message = f"the alias *{name} stands inside what it names"
            raise self.source.fault(message, offset, hint="write the value out")
        node = self.anchors.get(name)
        if node is None:
            message = f"the alias *{name} names nothing before it"
            hint = f"mark a value with &{name}, or put the text in quotes"
            raise self.source.fault(message, offset, hint=hint)
        self.count_alias(node, offset)
        self.add(node, None)

    def count_alias(self, root: Node, offset: int) -> None:
        """Count what an alias repeats, to the limit and no further."""
        work = [(root, len(self.stack))]
        while work:
            node, depth = work.pop()
            self.alias_nodes += 1
            if self.alias_nodes > MAX_ALIAS_NODES:
                message = f"aliases repeat more than {MAX_ALIAS_NODES} values"
                raise self.source.fault(message, offset, hint="write the values out, or drop them")
            if isinstance(node, ScalarNode):
                continue
            if depth >= MAX_DEPTH:
                raise faults.too_deep(self.source, offset)
            children = (
                (child for _, child in node.entries)
                if isinstance(node, MappingNode)
                else iter(node.items)
            )
            work.extend((child, depth + 1) for child in children)

    def add(self, node: Node, anchor: str | None) -> None:
        """Put a complete node where it belongs."""
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.stack:
            self.count(node)
            self.root = node
            return
        parent = self.stack[-1]
        if parent.seen is None:
            self.count(node)
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self.as_key(node, parent.seen)
        else:
            self.count(node)
            parent.entries.append((parent.key, node))
            parent.key = None

    def count(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise faults.too_many(self.source, node.start)

    def as_key(self, node: Node, seen: dict[str, int]) -> ScalarNode:
        if not isinstance(node, ScalarNode):
            raise _complex_key(self.source, node.start)
        if node.style == "plain" and node.text == "<<":
            message = "the merge key '<<', which YAML 1.2 does not have"
            raise self.source.fault(message, node.start, hint="write the keys out")
        if not isinstance(node.value, str):
            shown = faults.shortened(node.text) if node.text else "nothing"
            message = f"a key must be a string, found {shown}"
            hint = f'put it in quotes: "{shown}"' if node.text else "write the key before the ':'"
            raise self.source.fault(message, node.start, hint=hint)
        if node.text in seen:
            first = self.source.location(seen[node.text]).line
            raise faults.duplicate_key(self.source, node.start, node.text, first)
        seen[node.text] = node.start
        return node

    def refuse_complex_key(self, offset: int) -> None:
        """Refuse a list, mapping or alias where a key is wanted."""
        if self.stack and self.stack[-1].seen is not None and self.stack[-1].key is None:
            raise _complex_key(self.source, offset)


def _complex_key(source: Source, offset: int) -> DocumentError:
    message = "a key must be a string, found a list, a mapping or an alias"
    return source.fault(message, offset, hint="put text that begins with '[', '{' or '*' in quotes")


def _syntax_fault(source: Source, error: yaml.MarkedYAMLError) -> DocumentError:
    """Say in our words what the parser found."""
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(source.text)) if mark else 0
    problem = (error.problem or error.context or "").rstrip(".")
    if source.text.startswith("\t", offset) or "tab character" in problem:
        message = "a tab, which YAML does not allow here"
        return source.fault(message, offset, hint="indent with spaces")
    if "unexpected end of stream" in problem and error.context_mark:
        message = "the text that begins here has no closing quote"
        return source.fault(message, error.context_mark.index, hint=None)
    for wanted, message, hint in _SYNTAX:
        if re.search(wanted, problem):
            found = faults.shortened(source.text[offset : offset + 1].strip())
            shown = f"'{found}'" if found else "the end of the line"
            return source.fault(message.format(found=shown), offset, hint=hint)
    return source.fault(f"cannot be read as YAML ({problem})", offset)


_SYNTAX: Final = (
    (
        "mapping values are not allowed",
        "a ':' where no key can stand",
        "put text that holds ': ' in quotes, or check the indentation",
    ),
    (
        "unexpected ':'",
        "a ':' without a space after it",
        "write 'key: value'",
    ),
    (
        "cannot start any token",
        "plain text cannot begin with {found}",
        "put the text in quotes",
    ),
    (
        "expected ',' or '[]}]'",
        "want ',' or the closing bracket, found {found}",
        "close the bracket, or put the text in quotes",
    ),
    (
        "could not find expected ':'",
        "want ':' after the key above",
        "write 'key: value', or check the indentation",
    ),
    (
        "did not find expected key|expected <block end>",
        "want a key at the indentation of those above, found {found}",
        "check the indentation, and put a value in quotes as a whole that only begins with a quote, '[' or '{'",
    ),
    (
        "did not find expected '-' indicator",
        "want '- ' for the next element of the list, found {found}",
        "check the indentation",
    ),
    (
        "block sequence entries are not allowed|sequence entries are not allowed",
        "a list cannot begin here",
        "begin it on a line of its own",
    ),
    (
        "did not find expected node content|expected the node content",
        "want a value, found {found}",
        "close every '[' and '{', and put text that begins with a special character in quotes",
    ),
    (
        "expected whitespace or line break",
        "what begins with '!' is read as a tag, not as text",
        "put the whole value in quotes",
    ),
    (
        "unknown escape character",
        "no such escape in double quotes",
        "write a backslash as \\\\, or use single quotes",
    ),
    (
        "expected <document start>|expected '<document start>'",
        "want the end of the file, found {found}",
        "check the indentation",
    ),
    (
        "invalid Unicode character escape code",
        "an escape that is half a character (a lone surrogate) or none",
        "write the character itself",
    ),
)  # fmt: skip
