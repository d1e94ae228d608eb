"""
Which file of a delivery folder holds what.

A file that nobody reads is a fact that nobody hears of, so a name that looks like a register and is none is
a problem, not something to pass over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from auditor.facts.types import ListType, MapType, ObjectType, unwrap
from auditor.model.errors import DocumentError, did_you_mean
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.facts.types import Type
    from auditor.sources.contract import SourceFiles

FOLDER: Final = "delivery"
TARGETS: Final = ("project", "unit")
"""Kinds of auditee that a folder can be of; the file that says so is called like it."""
MEETINGS: Final = "meetings"
_HEAD: Final = "snapshot"
_YAML: Final = frozenset({"yaml", "yml"})
_TABLES: Final = frozenset({"csv"})
_NOT_READ: Final = frozenset({"json", "jsonl", "tsv", "xls", "xlsx", "ods", "toml", "txt"})
"""Suffixes under which people keep registers elsewhere."""


@dataclass(frozen=True, slots=True)
class Log:
    """Records that belong to other records: a list of objects inside an entity, kept in a file of its own."""

    field: str
    element: ObjectType
    parents: tuple[tuple[str, str], ...]
    """Column and entity of those that they may belong to: ``("blocker", "blockers")``."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a delivery folder can hold, read off the snapshot's type."""

    registers: dict[str, ObjectType]
    """Entities with many records, in the order of the schema."""
    singles: dict[str, Type]
    """Entities that are one object."""
    logs: dict[str, Log]
    target: str
    """The entity that the folder is of."""


@dataclass(slots=True)
class Layout:
    """The files of one folder, sorted by what they hold; each is a path below the source."""

    head: list[str] = field(default_factory=list)
    """What should be one file: ``project.yaml``, ``unit.yaml``."""
    registers: dict[str, list[str]] = field(default_factory=dict)
    singles: dict[str, list[str]] = field(default_factory=dict)
    logs: dict[str, list[str]] = field(default_factory=dict)
    minutes: list[tuple[str, str]] = field(default_factory=list)
    """Path, and the path below ``meetings/`` without its suffix, which names the meeting."""
    problems: list[DocumentError] = field(default_factory=list)

    def used(self) -> list[str]:
        """Return every file that is read, sorted."""
        groups: list[Iterable[str]] = [self.head, (path for path, _ in self.minutes)]
        for named in (self.registers, self.singles, self.logs):
            groups.extend(named.values())
        return sorted(path for group in groups for path in group)


def kinds_of(root: ObjectType) -> Kinds:
    """Derive from the type of a snapshot which registers there can be."""
    registers: dict[str, ObjectType] = {}
    singles: dict[str, Type] = {}
    target = target_of(root)
    for name, member in root.fields.items():
        kind = unwrap(member.type)
        if isinstance(kind, ListType) and isinstance(kind.element, ObjectType):
            registers[name] = kind.element
        elif isinstance(kind, (ObjectType, MapType)) and name not in {_HEAD, target}:
            singles[name] = kind
    return Kinds(registers, singles, _logs(registers), target)


def _logs(registers: dict[str, ObjectType]) -> dict[str, Log]:
    logs: dict[str, Log] = {}
    for entity, record in registers.items():
        for name, member in record.fields.items():
            kind = unwrap(member.type)
            if not isinstance(kind, ListType) or not isinstance(kind.element, ObjectType):
                continue
            known = logs.get(name)
            if name in registers or (known and known.element is not kind.element):
                continue  # one name for two kinds of record: such lists are written inside their records
            parents = (*(known.parents if known else ()), (entity.removesuffix("s"), entity))
            logs[name] = Log(name, kind.element, parents)
    return logs


def target_of(root: ObjectType) -> str:
    """Return the entity that snapshots of this type are of."""
    return next(target for target in TARGETS if target in root.fields)


def head_files(target: str) -> tuple[str, ...]:
    """Return the names that the file about the auditee itself can have."""
    return tuple(f"{target}.{suffix}" for suffix in sorted(_YAML))


def folder_target(files: Iterable[str]) -> str:
    """
    Tell what kind of auditee a delivery folder is of.

    Args:
        files: Paths below the repository or below its delivery folder.
    """
    known = {path.removeprefix(f"{FOLDER}/") for path in files}
    found = (target for target in TARGETS if known.intersection(head_files(target)))
    return next(found, TARGETS[0])


def base_of(source: SourceFiles) -> str:
    """Return what stands before every path that is meant: the folder itself may have been named."""
    prefix = f"{FOLDER}/"
    return prefix if any(path.startswith(prefix) for path in source.files) else ""


def layout_of(source: SourceFiles, kinds: Kinds) -> Layout:
    """Sort the files of *source*."""
    layout = Layout()
    base = base_of(source)
    for path in sorted(source.files):
        below = path.removeprefix(base)
        parts = below.split("/")
        if path.startswith(base) and not any(part.startswith(".") for part in parts):
            _place(layout, kinds, path, parts, source.shown(path))
    return layout


def _place(layout: Layout, kinds: Kinds, path: str, parts: list[str], shown: str) -> None:
    stem, _, suffix = parts[-1].rpartition(".")
    suffix = suffix.lower()
    is_nested = len(parts) > 1
    name = parts[0] if is_nested else stem
    is_data = suffix in _YAML | _TABLES
    if name == MEETINGS and name in kinds.registers and is_nested and suffix == "md":
        if stem.lower() != "readme":
            layout.minutes.append((path, "/".join([*parts[1:-1], stem])))
    elif name == kinds.target and not is_nested and suffix in _YAML:
        layout.head.append(path)
    elif name in kinds.registers and is_data:
        layout.registers.setdefault(name, []).append(path)
    elif name in kinds.logs and is_data and not is_nested:
        layout.logs.setdefault(name, []).append(path)
    elif name in kinds.singles and suffix in _YAML and not is_nested:
        layout.singles.setdefault(name, []).append(path)
    else:
        layout.problems.extend(_misplaced(kinds, name, suffix, shown, is_nested=is_nested))


def _misplaced(
    kinds: Kinds, name: str, suffix: str, shown: str, *, is_nested: bool
) -> list[DocumentError]:
    """Say what is wrong with a file that is not read; most files beside the registers are just that."""
    known = {kinds.target, *kinds.registers, *kinds.singles, *kinds.logs}
    place = Location(shown, 1)
    if name in known and (suffix in _YAML | _TABLES | _NOT_READ):
        message = (
            f"'{name}' is not read from a .{suffix} file {'here' if is_nested else ''}".rstrip()
        )
        one_object = name == kinds.target or name in kinds.singles
        hint = f"write {name}.yaml" if one_object else f"write {name}.yaml or {name}.csv"
        return [DocumentError(message, hint=hint, location=place)]
    near = get_close_matches(name, sorted(known), n=1)
    if suffix in _YAML | _TABLES and (near or not is_nested):
        message = f"no register is called '{name}'"
        return [DocumentError(message, hint=did_you_mean(name, known), location=place)]
    return []
