"""
Read the ``delivery/`` folder of a repository: registers, minutes and a head, joined into one snapshot.

A register that is there and empty says "there are none"; a register that is not there says nothing. What
cannot be read is reported with its line, and the list that it belongs to is never taken for complete.
The layout is described in docs/delivery-folder.md.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.front_matter import split
from auditor.documents.nodes import ScalarNode
from auditor.documents.pointer import join
from auditor.documents.yaml import compose
from auditor.facts.types import ObjectType, unwrap
from auditor.model.errors import (
    AuditorError,
    ConfigError,
    DocumentError,
    ErrorGroup,
    InputError,
    did_you_mean,
)
from auditor.sources.contract import Draft
from auditor.sources.folder_head import HEAD, Head, HeadReading
from auditor.sources.folder_join import Joined, join_registers
from auditor.sources.folder_layout import (
    FOLDER,
    MEETINGS,
    TARGETS,
    base_of,
    head_files,
    kinds_of,
    layout_of,
)
from auditor.sources.folder_minutes import Minutes, read_minutes, refuse_disorder
from auditor.sources.folder_plain import add_plain_minutes
from auditor.sources.folder_records import FolderPlaces, Record
from auditor.sources.folder_registers import ACTIONS, Registers
from auditor.sources.folder_values import UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.sources.contract import ReaderOptions, SourceFiles


class FolderReader:
    """Reader of delivery folders."""

    name = "folder"
    settings: Final = ("id",)
    """Keys of its own in ``auditor.yaml``: the id under which records name this source."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether there is a ``delivery/`` folder, or the folder itself is called so."""
        if not source.is_folder:
            return False
        itself = source.name.rpartition("/")[2] == FOLDER
        return (itself and _has_head(source)) or bool(base_of(source))

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the folder.

        Raises:
            ErrorGroup: Nothing says whose facts these are, up to which instant or in which zone.
            ConfigError: A setting is not known.
            InputError: It holds nothing that is kept as a delivery folder is.
        """
        for setting in options.settings:
            if setting not in self.settings:
                message = f"{self.name} has no setting '{setting}'"
                hint = did_you_mean(setting, self.settings)
                raise ConfigError(message, hint=hint, pointer=join("settings", setting))
        if not _is_delivered(source):
            message = f"there is no folder '{FOLDER}' in '{source.name}'"
            hint = f"keep the records in {FOLDER}/, minutes of meetings in {FOLDER}/{MEETINGS}/"
            raise InputError(message, hint=hint)
        if options.root is None:
            message = "a delivery folder is read by the type of the snapshot"
            raise TypeError(message)
        return _Reading(source, options, options.root).draft()


def _is_delivered(source: SourceFiles) -> bool:
    """Whether *source* holds a delivery folder or is one, by its name or by the file that only these have."""
    is_one = source.name.rpartition("/")[2] == FOLDER or _has_head(source)
    return is_one or bool(base_of(source))


def _has_head(source: SourceFiles) -> bool:
    """Whether the file about the auditee itself lies at the top of *source*."""
    return any(name in source.files for target in TARGETS for name in head_files(target))


class _Reading:
    """One reading of one folder."""

    def __init__(self, source: SourceFiles, options: ReaderOptions, root: ObjectType) -> None:
        self.source = source
        self.options = options
        self.root = root
        self.source_id = str(options.settings.get("id", FolderReader.name))
        self.kinds = kinds_of(root)
        self.layout = layout_of(source, self.kinds)
        self.problems: list[AuditorError] = list(self.layout.problems)
        self.registers = Registers(source, self.kinds.registers, self.problems)
        self.singles: dict[str, Record] = {}
        self.gaps: dict[str, str] = {}

    def draft(self) -> Draft:
        """Read all files, then join them: what is wrong in any of them is known by then."""
        for entity, paths in self.layout.registers.items():
            for path in paths:
                self.registers.read(entity, path)
        self._minutes()
        for name, paths in self.layout.logs.items():
            self.registers.attach(self.kinds.logs[name], paths)
        for name, paths in self.layout.singles.items():
            for path in paths:
                self._single(name, path)
        self._weigh_actions()
        head = HeadReading(self.source, self.options, self.root, self.registers.values).read(
            self.layout.head, self.problems
        )
        if head is None:
            raise ErrorGroup(self.problems)
        self._stamp(head)
        joined = join_registers(self.registers.of, self.kinds.registers, self.problems)
        document = self._document(head, joined)
        problems = tuple(sorted(self.problems, key=AuditorError.sort_key))
        return Draft(document, self._places(head, joined), problems)

    def _minutes(self) -> None:
        plain: list[tuple[str, Minutes]] = []
        contradictions: list[DocumentError] = []
        for path, name in self.layout.minutes:
            try:
                parted = split(self.source.files[path], path=self.source.shown(path))
            except InputError as error:
                self.problems.append(error)
                self._lose_minutes()
                continue
            node = parted.front_matter
            if node is None:
                plain.append((path, read_minutes(name, parted.source, contradictions)))
            elif self.registers.record(MEETINGS, node, path, given={"id": name}) is None:
                self._lose_minutes()
            else:
                self.registers.register(MEETINGS).is_read = True
        refuse_disorder([minutes for _, minutes in plain], contradictions)
        self.problems += contradictions
        add_plain_minutes(plain, self.registers, self.kinds, self.problems)

    def _lose_minutes(self) -> None:
        """A file that cannot be read may have held a meeting and its actions."""
        self.registers.register(MEETINGS).is_cut = True
        self.registers.register(ACTIONS).is_cut = True

    def _weigh_actions(self) -> None:
        """Tell whether all actions are known: by a register of theirs, or because all minutes list them."""
        actions = self.registers.register(ACTIONS)
        if actions.is_read:
            return
        meetings = self.registers.register(MEETINGS)
        listing = [meeting.lists_actions for meeting in meetings.records]
        actions.is_read = any(listing)
        actions.is_cut |= meetings.is_cut or not all(listing)
        if not actions.is_read and ACTIONS not in self.layout.registers:
            del self.registers.of[ACTIONS]

    def _single(self, name: str, path: str) -> None:
        pointer = join(name)
        shown = self.source.shown(path)
        try:
            node = compose(self.source.files[path], path=shown)
        except InputError as error:
            self.problems.append(error)
            self.gaps[pointer] = "unparsed"
            return
        record = Record(node, file=path)
        if name in self.singles:
            self.registers.values.report(node, f"'{name}' is described in another file already")
            return
        if isinstance(node, ScalarNode) and node.value is None:
            self.singles[name] = record  # nothing but its existence is known
            return
        data = self.registers.values.node(node, self.kinds.singles[name], (), record)
        if data is UNREAD:
            self.gaps[pointer] = "unparsed"
            return
        record.data = data
        self.singles[name] = record
        self.gaps |= {pointer + join(*path_in): reason for path_in, reason in record.gaps}

    def _stamp(self, head: Head) -> None:
        captured_at = head.captured_at
        for entity, register in self.registers.of.items():
            for record in register.records:
                record.stamp(
                    self.kinds.registers[entity], source=self.source_id, captured_at=captured_at
                )
        for name, record in self.singles.items():
            record.stamp(self.kinds.singles[name], source=self.source_id, captured_at=captured_at)
        if head.record is not None:
            target = self.kinds.target
            auditee = Record(head.record.spots[target,], head.auditee, file=head.record.file)
            auditee.stamp(
                unwrap(self.root.fields[target].type),
                source=self.source_id,
                captured_at=captured_at,
            )

    def _document(self, head: Head, joined: Joined) -> dict[str, Any]:
        snapshot = {
            "schema": {"name": self.kinds.target, "version": 1},
            "auditee": head.auditee["id"],
            **head.snapshot,
        }
        document: dict[str, Any] = {HEAD: snapshot, self.kinds.target: head.auditee}
        missing: dict[str, str] = {}
        for name in self.root.fields:
            if name in joined.lists:
                document[name] = joined.lists[name]
            elif name in self.singles:
                document[name] = self.singles[name].data
            elif name in self.kinds.registers or isinstance(
                self.kinds.singles.get(name), ObjectType
            ):
                missing[join(name)] = "not_collected"
        # What the files show to be incomplete, their author cannot declare complete.
        gaps = {**missing, **head.gaps, **self.gaps, **joined.gaps}
        snapshot["gaps"] = dict(sorted(gaps.items()))
        snapshot["sources"] = [self._source_entry(joined)]
        return document

    def _source_entry(self, joined: Joined) -> dict[str, Any]:
        return {
            "id": self.source_id,
            "kind": FolderReader.name,
            "rows": sum(len(records) for records in joined.lists.values()),
            "completeness": "truncated" if self.problems else "complete",
            "raw": [digest for path in self.layout.used() for digest in self._digest(path)],
        }

    def _digest(self, path: str) -> Iterator[str]:
        """Yield the digest of a file; none of one that cannot be read, which is a problem already."""
        with suppress(InputError):
            yield f"sha256:{sha256(self.source.files[path]).hexdigest()}"

    def _places(self, head: Head, joined: Joined) -> FolderPlaces:
        files = {
            entity: records[0].file
            for (entity, index), records in joined.records.items()
            if index == "0"
        } | {entity: paths[0] for entity, paths in self.layout.registers.items()}
        shown = {entity: self.source.shown(path) for entity, path in files.items()}
        return FolderPlaces(head.record, self.singles, joined.records, shown)
