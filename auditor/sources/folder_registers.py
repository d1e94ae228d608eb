"""
Read the registers of a delivery folder: YAML lists and CSV tables of records, and logs that belong to others.

An empty register says "there are none". A register that could only be read in part says less than it seems
to: its list is marked, so that nobody takes what is left for everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from auditor.documents.table import parse_csv
from auditor.documents.yaml import compose
from auditor.model.errors import InputError
from auditor.sources.folder_records import Record
from auditor.sources.folder_values import UNREAD, Columns, Values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import ObjectType
    from auditor.model.errors import AuditorError
    from auditor.sources.contract import SourceFiles
    from auditor.sources.folder_layout import Log
    from auditor.sources.folder_records import Spot

ACTIONS = "actions"


@dataclass(slots=True)
class Register:
    """All that the files of one entity say."""

    records: list[Record] = field(default_factory=list)
    is_cut: bool = False
    """Whether something of it could not be read."""
    is_read: bool = False
    """Whether anything of it could be."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record of a log, and to whom it belongs."""

    record: Record
    entity: str | None
    parent: str | None
    spot: Spot


class Registers:
    """
    Reads registers one after the other.

    Args:
        source: The files.
        kinds: Entities and the types of their records.
        problems: Where problems go.
    """

    def __init__(
        self, source: SourceFiles, kinds: Mapping[str, ObjectType], problems: list[AuditorError]
    ) -> None:
        self._source = source
        self._kinds = kinds
        self._problems = problems
        self.values = Values(problems)
        self.of: dict[str, Register] = {}

    def register(self, entity: str) -> Register:
        """Return the register of *entity*, a new one where there is none yet."""
        return self.of.setdefault(entity, Register())

    def read(self, entity: str, path: str) -> None:
        """Read one file."""
        register = self.register(entity)
        try:
            if path.lower().endswith(".csv"):
                self._table(entity, path, register)
            else:
                self._list(entity, path, register)
        except InputError as error:
            self._problems.append(error)
            register.is_cut = True

    def _table(self, entity: str, path: str, register: Register) -> None:
        table = parse_csv(self._source.files[path], path=self._source.shown(path))
        self._problems.extend(table.faults)
        register.is_read = True
        register.is_cut |= bool(table.faults)
        columns = Columns(table, self._kinds[entity], self.values)
        for row in table.rows:
            record = Record(table.cell(row), file=path)
            if columns.read(row, record):
                register.records.append(record)
            else:
                register.is_cut = True

    def _list(self, entity: str, path: str, register: Register) -> None:
        root = compose(self._source.files[path], path=self._source.shown(path))
        for node in _items(root):
            if self.record(entity, node, path) is None:
                register.is_cut = True
        register.is_read = True

    def record(
        self, entity: str, node: Node, path: str, given: Mapping[str, Any] | None = None
    ) -> Record | None:
        """
        Read one record and add it to its register.

        Args:
            entity: What it is.
            node: What is written.
            path: Of its file.
            given: Fields that are known without being written.

        Returns:
            None where it could not be read; the problem is noted.
        """
        record = Record(node, file=path)
        if not isinstance(node, MappingNode):
            self.values.report(node, f"want a record of {entity} as keys and values")
            return None
        others = frozenset({ACTIONS}) if self._has_actions(entity) else frozenset()
        data = self.values.members(
            node, self._kinds[entity], (), record, given=given, others=others
        )
        if data is UNREAD:
            return None
        record.data = data
        self.register(entity).records.append(record)
        if others:
            self._actions_of(node, record, path)
        return record

    def _has_actions(self, entity: str) -> bool:
        return entity == "meetings" and ACTIONS in self._kinds

    def _actions_of(self, node: MappingNode, meeting: Record, path: str) -> None:
        """Read the actions that minutes list; a meeting that lists none says nothing of them."""
        listed = node.get(ACTIONS)
        if listed is None:
            return
        meeting.lists_actions = True
        if not isinstance(listed, SequenceNode):
            hint = "write [] where the meeting led to none"
            self.values.report(listed, "want a list of actions", hint)
            self.register(ACTIONS).is_cut = True
            return
        for item in listed.items:
            action = self.record(ACTIONS, item, path)
            if action is None:
                self.register(ACTIONS).is_cut = True
            else:
                action.meeting = meeting

    def attach(self, log: Log, paths: list[str]) -> None:
        """Read a log and put each of its records into the record that it belongs to."""
        covered: set[str] = set()
        is_cut = False
        entries: list[_Entry] = []
        for path in paths:
            try:
                known, is_whole = self._log_entries(log, path, entries)
            except InputError as error:
                self._problems.append(error)
                known, is_whole = {entity for _, entity in log.parents}, False
            covered |= known
            is_cut |= not is_whole
        parents = {
            (entity, record.id): record
            for entity in sorted(covered)
            # Reversed: of several records with one id the first takes the log's.
            for record in reversed(self.register(entity).records)
        }
        own = {
            (entity, record.id)
            for entity in covered
            for record in self.register(entity).records
            if log.field in record.data
        }
        for entry in entries:
            is_cut |= not self._attach_one(log, entry, parents, own)
        for key, record in parents.items():
            if key not in own:
                record.data.setdefault(log.field, [])
                if is_cut:
                    record.gaps.append(((log.field,), "truncated"))

    def _attach_one(
        self,
        log: Log,
        entry: _Entry,
        parents: Mapping[tuple[str, str], Record],
        own: set[tuple[str, str]],
    ) -> bool:
        """Put one record where it belongs; False where nobody knows where that is."""
        if entry.entity is None or entry.parent is None:
            columns = " or ".join(f"'{column}'" for column, _ in log.parents)
            self.values.report(entry.spot, f"want the id of its record in one of {columns}")
            return False
        key = (entry.entity, entry.parent)
        record = parents.get(key)
        if record is None:
            self.values.report(
                entry.spot, f"no record of {entry.entity} has the id '{entry.parent}'"
            )
            return False
        if key in own:
            message = f"'{entry.parent}' lists its {log.field} itself"
            self.values.report(entry.spot, message, "keep them in one place")
            record.gaps.append(((log.field,), "truncated"))
            return True
        listed: list[Any] = record.data.setdefault(log.field, [])
        place = (log.field, str(len(listed)))
        listed.append(entry.record.data)
        record.spots[place] = entry.record.spot
        record.spots |= {(*place, *path): spot for path, spot in entry.record.spots.items()}
        record.gaps += [((*place, *path), reason) for path, reason in entry.record.gaps]
        return True

    def _log_entries(self, log: Log, path: str, into: list[_Entry]) -> tuple[set[str], bool]:
        """Read one file of a log: which entities it speaks of, and whether all of it was read."""
        if path.lower().endswith(".csv"):
            return self._table_entries(log, path, into)
        root = compose(self._source.files[path], path=self._source.shown(path))
        entries = [self._node_entry(log, node) for node in _items(root)]
        into += [entry for entry in entries if entry]
        return {entity for _, entity in log.parents}, None not in entries

    def _table_entries(self, log: Log, path: str, into: list[_Entry]) -> tuple[set[str], bool]:
        columns = dict(log.parents)
        table = parse_csv(self._source.files[path], path=self._source.shown(path))
        self._problems.extend(table.faults)
        given = [column for column in columns if column in table.header]
        reader = Columns(table, log.element, self.values, frozenset(columns))
        is_whole = not table.faults
        for row in table.rows:
            record = Record(table.cell(row), file=path)
            if not reader.read(row, record):
                is_whole = False
                continue
            named = [column for column in given if row.cells[column].strip()]
            column = named[0] if len(named) == 1 else None
            parent = row.cells[column].strip() if column else None
            spot = table.cell(row, column)
            into.append(_Entry(record, columns[column] if column else None, parent, spot))
        return {columns[column] for column in given}, is_whole

    def _node_entry(self, log: Log, node: Node) -> _Entry | None:
        columns = dict(log.parents)
        record = Record(node)
        if not isinstance(node, MappingNode):
            self.values.report(node, f"want a record of {log.field} as keys and values")
            return None
        data = self.values.members(node, log.element, (), record, others=frozenset(columns))
        if data is UNREAD:
            return None
        record.data = data
        named = [
            (column, key)
            for column in columns
            if isinstance(key := node.get(column), ScalarNode) and key.value is not None
        ]
        if len(named) != 1:
            return _Entry(record, None, None, node)
        ((column, key),) = named
        return _Entry(record, columns[column], key.text, key)


def _items(root: Node) -> Iterator[Node]:
    """Yield the records of a file: those of a list, or the one that the file is."""
    if isinstance(root, SequenceNode):
        yield from root.items
    elif not isinstance(root, ScalarNode) or root.value is not None:
        yield root
