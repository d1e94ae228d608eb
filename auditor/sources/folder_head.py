"""
Read ``project.yaml`` or ``unit.yaml``: the head of the snapshot and the auditee itself.

Whose facts these are, up to which instant and in which zone cannot be left open: without them nothing else
in the folder can be judged. They are never guessed, only taken from the file or from what the user says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.nodes import MappingNode
from auditor.documents.pointer import join
from auditor.documents.yaml import compose
from auditor.facts.types import ObjectType, unwrap
from auditor.model.errors import InputError, did_you_mean
from auditor.sources.folder_layout import FOLDER, target_of
from auditor.sources.folder_records import Record
from auditor.sources.folder_values import UNREAD

if TYPE_CHECKING:
    from auditor.documents.nodes import Node
    from auditor.model.errors import AuditorError
    from auditor.sources.contract import ReaderOptions, SourceFiles
    from auditor.sources.folder_values import Values

HEAD: Final = "snapshot"
_DERIVED: Final = frozenset({"schema", "auditee", "sources", "mapping"})
"""Keys of the head that nobody writes into the file."""


@dataclass(slots=True)
class Head:
    """What the file and the options say."""

    record: Record | None = None
    """The file, with the spots of its values by their paths from the root of the snapshot."""
    snapshot: dict[str, Any] = field(default_factory=dict)
    auditee: dict[str, Any] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    """By pointer: what could not be read, and what the file itself says to be missing."""

    @property
    def captured_at(self) -> str:
        """The instant up to which the folder speaks."""
        return str(self.snapshot["captured_at"])


class HeadReading:
    """
    One reading of the head.

    Args:
        source: The files.
        options: What the user says.
        root: Type of the snapshot.
        values: Where problems go.
    """

    def __init__(
        self, source: SourceFiles, options: ReaderOptions, root: ObjectType, values: Values
    ) -> None:
        self._source = source
        self._options = options
        self._root = root
        self._values = values
        self._head = Head()
        self._target = target_of(root)

    def read(self, paths: list[str], problems: list[AuditorError]) -> Head | None:
        """Read the file, if there is one; None where the head stays incomplete: *problems* say why."""
        for other in paths[1:]:
            shown = self._source.shown(other)
            message = f"{shown} and {self._source.shown(paths[0])} both describe the {self._target}"
            problems.append(InputError(message, hint="keep one of the two"))
        before = len(problems)
        if paths:
            try:
                self._file(paths[0])
            except InputError as error:
                problems.append(error)
                return None
        is_broken = len(problems) > before and not self._head.auditee
        problems += [] if is_broken else self._missing()
        is_complete = {"captured_at", "time_zone"} <= set(self._head.snapshot)
        return self._head if is_complete and self._head.auditee else None

    def _file(self, path: str) -> None:
        root = compose(self._source.files[path], path=self._source.shown(path))
        record = self._head.record = Record(root, file=path)
        if not isinstance(root, MappingNode):
            self._values.report(root, f"want keys and values, with '{self._target}' among them")
            return
        kind = unwrap(self._root.fields[HEAD].type)
        fields = kind.fields if isinstance(kind, ObjectType) else {}
        known = {self._target, *fields} - _DERIVED
        for key, node in root.entries:
            if key.text == self._target:
                self._auditee(node, record)
            elif key.text not in known:
                hint = did_you_mean(key.text, known)
                self._values.report(key, f"'{key.text}' is no key of {self._target}.yaml", hint)
            else:
                value = self._values.node(node, fields[key.text].type, (HEAD, key.text), record)
                if value is UNREAD:
                    record.gaps.append(((HEAD, key.text), "unparsed"))
                else:
                    self._head.snapshot[key.text] = value
        self._head.gaps = {join(*path): reason for path, reason in record.gaps}
        self._head.gaps |= self._head.snapshot.pop("gaps", {})

    def _auditee(self, node: Node, record: Record) -> None:
        kind = unwrap(self._root.fields[self._target].type)
        if not isinstance(node, MappingNode) or not isinstance(kind, ObjectType):
            self._values.report(node, f"want the {self._target} as keys and values")
            return
        record.spots[self._target,] = node
        asked = self._options.auditee
        given = {} if asked is None else {"id": asked}
        made = self._values.members(node, kind, (self._target,), record, given=given)
        if made is UNREAD:
            return
        if asked is not None and made["id"] != asked:
            message = f"the {self._target} is '{made['id']}' here, '{asked}' is asked for"
            self._values.report(record.spots[self._target, "id"], message, "make the two agree")
            return
        self._head.auditee = made

    def _missing(self) -> list[AuditorError]:
        """Fill in what the options know, and say what nobody does."""
        options, head = self._options, self._head
        name = self._source.name
        file = f"{FOLDER}/{self._target}.yaml"
        missing: list[AuditorError] = []
        if not head.auditee and options.auditee is not None:
            head.auditee = {"id": options.auditee}
        if not head.auditee:
            message = f"nothing says which {self._target} '{name}' is of"
            missing.append(InputError(message, hint=f"write {self._target}: {{id: ...}} in {file}"))
        if "captured_at" not in head.snapshot:
            if options.captured_at is None:
                message = f"nothing says up to which instant '{name}' speaks"
                missing.append(
                    InputError(
                        message,
                        hint=f"commit the folder to git, write captured_at in {file}, or give --captured-at",
                    )
                )
            else:
                head.snapshot["captured_at"] = options.captured_at
        if "time_zone" not in head.snapshot:
            if options.time_zone is None:
                message = f"nothing says in which time zone the days of '{name}' are"
                missing.append(
                    InputError(message, hint=f"write time_zone in {file}, e.g. Europe/Berlin")
                )
            else:
                told = f"the time zone {options.time_zone} is assumed, {name} names none"
                head.snapshot["time_zone"] = options.time_zone
                head.snapshot["assumptions"] = [*head.snapshot.get("assumptions", []), told]
        return missing
