"""
Read values as the snapshot's type wants them, from YAML nodes and CSV cells.

The type decides, not the spelling: a version written ``1.10`` is the text "1.10" wherever the schema wants
text. What does not fit is reported with its place and left out, with a gap; nothing is bent until it fits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.faults import shortened
from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from auditor.documents.scalars import typed
from auditor.facts.instants import parse_day, parse_instant
from auditor.facts.types import ListType, MapType, NullableType, ObjectType, ScalarType, unwrap
from auditor.model.errors import AuditorError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.documents.table import Row, Table
    from auditor.facts.types import Type
    from auditor.sources.folder_records import Path, Record, Spot

UNREAD: Final = object()
"""In the place of a value that could not be read; the problem is noted."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_BOOLEANS: Final = {"true": True, "false": False}
_SEPARATOR: Final = ";"


class _Unfit(Exception):
    """A value that is not what its type wants."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Values:
    """Reads values and collects what is wrong with them."""

    def __init__(self, problems: list[AuditorError]) -> None:
        self._problems = problems

    def report(self, spot: Spot, message: str, hint: str | None = None) -> None:
        """Note a problem."""
        self._problems.append(spot.fault(message, hint=hint))

    def node(self, node: Node, kind: Type, path: Path, into: Record) -> Any:  # noqa: ANN401 - a fact
        """
        Read a node.

        Args:
            node: What is written.
            kind: What is wanted.
            path: Of the value inside its record.
            into: The record, for the spots and gaps below the value.

        Returns:
            Plain data, or `UNREAD`.
        """
        into.spots[path] = node
        try:
            return self._node(node, kind, path, into)
        except _Unfit as unfit:
            self.report(node, unfit.message, unfit.hint)
            return UNREAD

    def _node(self, node: Node, kind: Type, path: Path, into: Record) -> Any:  # noqa: ANN401 - a fact
        is_null = isinstance(node, ScalarNode) and node.style == "plain" and node.value is None
        if is_null and isinstance(kind, NullableType):
            return None
        wanted = unwrap(kind)
        if is_null and wanted != _FREE:
            hint = "leave the key out if the value is not known"
            if _is_list(wanted):
                hint = "write [] for a list that is known to be empty"
            message = f"want {_named(wanted)}, found nothing"
            raise _Unfit(message, hint)
        match wanted:
            case ObjectType():
                return self.members(_as(MappingNode, node, wanted), wanted, path, into)
            case ListType():
                return self._elements(_as(SequenceNode, node, wanted), wanted, path, into)
            case MapType():
                return _as(MappingNode, node, wanted).data
            case ScalarType("dyn"):
                return node.data
            case ScalarType():
                scalar = _as(ScalarNode, node, wanted)
                return scalar_of(scalar.text, wanted, is_quoted=scalar.style != "plain")
        message = f"want {_named(wanted)}"
        raise _Unfit(message)

    def _elements(self, node: SequenceNode, kind: ListType, path: Path, into: Record) -> list[Any]:
        values: list[Any] = []
        for item in node.items:
            value = self.node(item, kind.element, (*path, str(len(values))), into)
            if value is UNREAD:
                into.gaps.append((path, "truncated"))
            else:
                values.append(value)
        return values

    def members(
        self,
        node: MappingNode,
        kind: ObjectType,
        path: Path,
        into: Record,
        *,
        given: Mapping[str, Any] | None = None,
        others: frozenset[str] = frozenset(),
    ) -> Any:  # noqa: ANN401 - a dict or UNREAD
        """
        Read an object.

        Args:
            node: What is written.
            kind: What is wanted.
            path: Of the object inside its record; empty for the record itself.
            into: The record.
            given: Fields that are known without being written.
            others: Keys that somebody else reads.

        Returns:
            A dict, or `UNREAD` where it lacks what it cannot be without.
        """
        made: dict[str, Any] = dict(given or {})
        for key, child in node.entries:
            member = kind.fields.get(key.text)
            if member is None:
                if key.text not in others:
                    hint = did_you_mean(key.text, {*kind.fields, *others})
                    self.report(key, f"'{key.text}' is no field of {kind}", hint)
                continue
            below = (*path, key.text)
            value = self.node(child, member.type, below, into)
            if value is not UNREAD:
                made[key.text] = value
            elif member.required:
                return UNREAD  # said already what is wrong
            else:
                into.gaps.append((below, "unparsed"))
        for name, member in kind.fields.items():
            if member.required and name not in made:
                self.report(node, f"'{name}' is missing in {kind}")
                return UNREAD
        return made


class Columns:
    """
    The columns of a table, held against the type of its records.

    Args:
        table: The table.
        kind: Type of a record.
        values: Where problems go.
        others: Columns that somebody else reads.
    """

    def __init__(
        self, table: Table, kind: ObjectType, values: Values, others: frozenset[str] = frozenset()
    ) -> None:
        self._table = table
        self._kind = kind
        self._values = values
        self._paths: dict[str, tuple[Path, tuple[Type, ...]]] = {}
        for column in table.header:
            if column not in others:
                self._resolve(column, {*others})

    def _resolve(self, column: str, others: set[str]) -> None:
        kinds: list[Type] = []
        kind: Type = self._kind
        path: list[str] = []
        tokens = column.split(".")
        for position, name in enumerate(tokens):
            inner = unwrap(kind)
            if isinstance(inner, MapType):
                # What is free in form takes the rest of the name as its key.
                path.append(".".join(tokens[position:]))
                kinds.append(inner.value)
                break
            if not isinstance(inner, ObjectType) or name not in inner.fields:
                known = inner.fields if isinstance(inner, ObjectType) else ()
                hint = did_you_mean(name, {*known, *others} if position == 0 else known)
                message = f"no column '{column}' in {self._kind}"
                self._values.report(self._table.cell(None, column), message, hint)
                return
            kind = inner.fields[name].type
            path.append(name)
            kinds.append(kind)
        last = unwrap(kinds[-1])
        is_cell = isinstance(last, ScalarType) or (
            isinstance(last, ListType) and isinstance(last.element, ScalarType)
        )
        if not is_cell:
            hint = "name its parts, as in 'status.category', or keep its records in a file of their own"
            message = f"'{column}' does not fit into one cell"
            self._values.report(self._table.cell(None, column), message, hint)
            return
        self._paths[column] = (tuple(path), tuple(kinds))

    def read(self, row: Row, into: Record) -> bool:
        """Read a row; False where it lacks what a record cannot be without."""
        empty: dict[Path, bool] = {}
        for column, (path, kinds) in self._paths.items():
            text = row.cells[column].strip()
            cell = self._table.cell(row, column)
            into.spots[path] = cell
            value = self._cell(text, kinds[-1], cell)
            for length in range(1, len(path)):
                parent = path[:length]
                is_null = isinstance(kinds[length - 1], NullableType)
                empty[parent] = empty.get(parent, is_null) and not text
            if value is UNREAD:
                into.gaps.append((path, "unparsed"))
            elif value is not _LEFT_OUT:
                _put(into.data, path, value)
        for parent, is_empty in empty.items():
            if is_empty:
                _put(into.data, parent, None)
        return self._is_complete(row, into)

    def _is_complete(self, row: Row, into: Record) -> bool:
        for name, member in self._kind.fields.items():
            if member.required and name not in into.data:
                if not any(path == (name,) for path, _ in into.gaps):
                    self._values.report(
                        self._table.cell(row), f"'{name}' is missing in {self._kind}"
                    )
                return False
        return True

    def _cell(self, text: str, kind: Type, cell: Spot) -> Any:  # noqa: ANN401 - a fact
        wanted = unwrap(kind)
        try:
            if isinstance(wanted, ListType) and isinstance(wanted.element, ScalarType):
                parts = (part.strip() for part in text.split(_SEPARATOR))
                return [scalar_of(part, wanted.element) for part in parts if part]
            if not text:
                return None if isinstance(kind, NullableType) else _LEFT_OUT
            if isinstance(wanted, ScalarType):
                return scalar_of(text, wanted)
        except _Unfit as unfit:
            self._values.report(cell, unfit.message, unfit.hint)
        return UNREAD


_LEFT_OUT: Final = object()
"""An empty cell of a field that cannot be null: it says nothing."""


def _put(data: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401 - a fact
    for key in path[:-1]:
        inner = data.setdefault(key, {})
        if not isinstance(inner, dict):
            return  # the object around it is known to be null
        data = inner
    data[path[-1]] = value


def scalar_of(text: str, kind: ScalarType, *, is_quoted: bool = False) -> Any:  # noqa: ANN401 - a fact
    """
    Read one value.

    Raises:
        _Unfit: It is not what *kind* wants.
    """
    if is_quoted and kind.name in {"int", "double", "bool"}:
        message = f"want {_named(kind)}, found text in quotes"
        raise _Unfit(message, "remove the quotes")
    match kind.name:
        case "int":
            if not _INTEGER.fullmatch(text):
                raise _Unfit(_not(text, kind))
            return int(text)
        case "double":
            return _number(text, kind)
        case "bool":
            if text.lower() not in _BOOLEANS:
                raise _Unfit(_not(text, kind), "write true or false")
            return _BOOLEANS[text.lower()]
        case "timestamp" | "date":
            try:
                (parse_instant if kind.name == "timestamp" else parse_day)(text)
            except ValueError as error:
                message = (
                    f"'{shortened(text)}' is no {'instant' if kind.name == 'timestamp' else 'day'}"
                )
                raise _Unfit(message, str(error)) from None
            return text
    return _text(text, kind)


def _text(text: str, kind: ScalarType) -> str:
    if kind.enum is not None and text not in kind.enum:
        message = f"'{shortened(text)}' is none of {', '.join(kind.enum)}"
        raise _Unfit(message, did_you_mean(text, kind.enum))
    if kind.ref and not text:
        message = "an id cannot be empty"
        raise _Unfit(message, "write null where there is none")
    return text


def _number(text: str, kind: ScalarType) -> float:
    try:
        value = typed(text)
    except OverflowError:
        value = None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise _Unfit(_not(text, kind))


def _not(text: str, kind: ScalarType) -> str:
    return f"want {_named(kind)}, found '{shortened(text)}'"


_FREE: Final = ScalarType("dyn")
_NAMES: Final = {
    "int": "a whole number",
    "double": "a number",
    "bool": "true or false",
    "timestamp": "an instant",
    "date": "a day",
    "string": "text",
}


def _named(kind: Type) -> str:
    if isinstance(kind, ScalarType):
        return f"the {kind}" if kind.ref else _NAMES.get(kind.name, str(kind))
    return "a list" if _is_list(kind) else "keys and values"


def _is_list(kind: Type) -> bool:
    return isinstance(kind, ListType)


def _as(wanted: type[Any], node: Node, kind: Type) -> Any:  # noqa: ANN401 - a node of the class wanted
    if isinstance(node, wanted):
        return node
    found = {MappingNode: "keys and values", SequenceNode: "a list"}.get(type(node), "one value")
    message = f"want {_named(kind)}, found {found}"
    raise _Unfit(message)
