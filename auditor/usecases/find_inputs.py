"""
What the paths of a command line stand for: snapshot files, and folders that a reader turns into one.

Names and first bytes decide here; no document is parsed but ``auditor.yaml``. A JSON or YAML file
that is passed over inside a folder is listed, so that a typo does not become silence.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from auditor.model.errors import AuditorError, InputError, NothingToAudit, UsageProblem
from auditor.plugins.entry_points import READERS, load, names
from auditor.sources.contract import Reader, SourceFiles
from auditor.usecases.read_config import CONFIG_FILE, read_config, unreadable
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.sources.config import Config

_CASES: Final = ".cases.yaml"
"""How the names of files end that hold the cases of a policy."""
_GLIMPSE: Final = 4096

DELIVERY: Final = "delivery"
"""The folder of a repository in which facts are kept; what lies beside it is nobody's business here."""

ATTESTATIONS: Final = "attestations"
"""The folder of a delivery folder in which every file is one of attestations."""

DOCUMENT_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file or folder that one snapshot is to come from."""

    name: str
    """As the user would type it."""
    path: Path
    reader: Reader | None
    """Who claims it; None for a folder whose ``auditor.yaml`` says who reads what."""
    files: tuple[str, ...] = ()
    """Of a folder: the files in it that are read, by POSIX path, sorted."""
    is_named: bool = True
    """Whether the user named it, rather than a folder that it lies in."""
    config: Config | None = None
    """What its ``auditor.yaml`` says."""

    def paths(self) -> list[Path]:
        """Return every file that is read for it."""
        own = [self.path / CONFIG_FILE] if self.config else []
        return [*own, *(self.path / below for below in self.files)] if self.files else [self.path]


@dataclass(slots=True)
class Inputs:
    """What was found, in the order of the paths and of the names in each."""

    found: list[Found] = field(default_factory=list)
    attestations: list[Found] = field(default_factory=list)
    """Files of attestations, by the folder that they lie in; others are told by what is in them."""
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the input, and why it cannot be used."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """Name of a file or folder, and why it is no input."""


def reader_called(name: str) -> Reader:
    """
    Return an installed reader.

    Raises:
        UsageProblem: There is none of that name, or it is no reader.
    """
    offered = load(READERS, name)
    reader = offered() if isinstance(offered, type) else offered
    if not isinstance(reader, Reader):
        msg = f"the reader '{name}' is no reader"
        raise UsageProblem(msg)
    return reader


def find_inputs(paths: Iterable[str]) -> Inputs:
    """
    Find what *paths* stand for.

    A file stands for itself. A folder is a source when a reader claims it or its ``auditor.yaml`` names
    sources; otherwise the files and folders in it are looked at in turn. What is found twice, because it
    and its folder are named, is there once.
    """
    inputs = Inputs()
    for typed in dict.fromkeys(paths):
        _Search(inputs).look(Path(typed), shown_name(typed), is_named=True)
    inputs.attestations = _once(inputs.attestations)
    beside = {one.name for one in inputs.attestations}
    inputs.found = [one for one in _once(inputs.found) if one.name not in beside]
    return inputs


def _once(found: Iterable[Found]) -> list[Found]:
    once: dict[str, Found] = {}
    for one in found:
        if one.is_named or one.name not in once:
            once[one.name] = one
    return list(once.values())


class _Search:
    """One walk, below one path."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def look(self, path: Path, name: str, *, is_named: bool) -> None:
        try:
            if path.is_dir():
                self._folder(path, name, is_named=is_named)
            elif path.is_file():
                self._file(path, name, is_named=is_named)
            else:
                self._refuse(path, name)
        except OSError as error:
            self._inputs.errors.append((name, unreadable(name, error)))
        except AuditorError as error:
            self._inputs.errors.append((name, error))

    def _refuse(self, path: Path, name: str) -> None:
        if path.is_symlink():
            error = InputError(f"'{name}' is a link that leads nowhere", hint="mend or remove it")
        elif path.exists():
            hint = "save its content in a file first"
            error = InputError(f"'{name}' is neither a file nor a folder", hint=hint)
        else:
            error = InputError(f"there is no file or folder '{name}'", hint="check the spelling")
        self._inputs.errors.append((name, error))

    def _file(self, path: Path, name: str, *, is_named: bool) -> None:
        if not is_named and path.suffix.lower() not in DOCUMENT_SUFFIXES:
            return  # a note beside the snapshots; nobody could take it for one
        if not is_named and path.name.endswith(_CASES):
            # Attestations may stand in it, and snapshots: those of the cases, and nobody's word.
            self._inputs.passed_over.append((name, "it holds the cases of a policy"))
            return
        source = SourceFiles(name, Glimpses(path.parent, (path.name,)), is_folder=False)
        reader = claimant(source)
        if reader is None:
            if is_named:
                known = ", ".join(names(READERS))
                msg = f"no reader knows what '{name}' is"
                hint = f"name a snapshot (.json, .yaml) or a folder; readers: {known}"
                self._inputs.errors.append((name, InputError(msg, hint=hint)))
            else:
                self._inputs.passed_over.append((name, "no reader knows what it is"))
            return
        self._inputs.found.append(Found(name, path, reader, is_named=is_named))

    def _folder(self, path: Path, name: str, *, is_named: bool) -> None:
        if path.is_symlink() and not is_named:
            self._inputs.passed_over.append((name, "links to folders are not followed"))
            return
        if path.suffix.lower() in DOCUMENT_SUFFIXES:
            msg = f"'{name}' is a folder, its name says that it is a file"
            self._inputs.errors.append(
                (name, InputError(msg, hint="rename it, or name what is in it"))
            )
            return
        config = None
        if (path / CONFIG_FILE).is_file():
            config = read_config(path / CONFIG_FILE, _below(name, CONFIG_FILE)).config
            if config.sources:
                self._set_attestations_aside(path, name)
                files = _files_of(path, config)
                self._inputs.found.append(Found(name, path, None, files, is_named, config))
                return
        claimed = claimant(_glimpsed(name, path, (*_files_in(path), *_delivered(path))))
        if claimed is not None:
            is_beside = self._set_attestations_aside(path, name)
            files = files_for(claimed, name, path)
            if is_beside and not files:
                return  # attestations and nothing else
            self._inputs.found.append(Found(name, path, claimed, files, is_named, config))
            return
        for child in sorted(path.iterdir()):
            if not child.name.startswith("."):
                self.look(child, _below(name, child.name), is_named=False)

    def _set_attestations_aside(self, folder: Path, name: str) -> bool:
        """Note the files of attestations of a delivery folder, if any: they are no part of the snapshot."""
        delivered = files_below(folder) if _is_delivery(folder) else _delivered(folder)
        aside = [below for below in delivered if _is_attestations(folder, below)]
        for below in aside:
            shown = _below(name, below)
            if PurePosixPath(below).suffix.lower() in DOCUMENT_SUFFIXES:
                found = Found(shown, folder / below, None, is_named=False)
                self._inputs.attestations.append(found)
            elif PurePosixPath(below).stem.lower() != "readme":
                reason = "attestations are read from .yaml and .json files"
                self._inputs.passed_over.append((shown, reason))
        return bool(aside)


class Glimpses(Mapping[str, bytes]):
    """The beginnings of files, each read when it is looked at: enough to tell what a file is."""

    def __init__(self, folder: Path, files: tuple[str, ...]) -> None:
        self._folder = folder
        self._files = files

    def __getitem__(self, path: str) -> bytes:
        """Read the beginning of a file; one that cannot be read tells nothing, and is reported later."""
        if path not in self._files:
            raise KeyError(path)
        try:
            with (self._folder / path).open("rb") as file:
                return file.read(_GLIMPSE)
        except OSError:
            return b""

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def claimant(source: SourceFiles) -> Reader | None:
    """Return the first reader, by name, that knows what *source* is; each is loaded when it is asked."""
    for name in names(READERS):
        reader = reader_called(name)
        if reader.claims(source):
            return reader
    return None


def _below(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _is_attestations(folder: Path, below: str) -> bool:
    """Whether a file of a repository, or of a delivery folder, is meant to hold attestations."""
    path = PurePosixPath(below)
    if path.parts[0] == DELIVERY:
        path = path.relative_to(DELIVERY)
    elif not _is_delivery(folder):
        return False
    if len(path.parts) == 1:
        return path.stem == ATTESTATIONS and path.suffix.lower() in DOCUMENT_SUFFIXES
    return path.parts[0] == ATTESTATIONS


def _is_delivery(folder: Path) -> bool:
    return folder.resolve().name == DELIVERY


def _without_attestations(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
    return tuple(below for below in files if not _is_attestations(folder, below))


def files_for(reader: Reader, name: str, folder: Path) -> tuple[str, ...]:
    """
    Return the files that *reader* is to have of *folder*: of a repository, only what is delivered.

    Attestations are no part of a snapshot; `find_inputs` sets them aside.
    """
    delivered = _delivered(folder)
    if delivered and reader.claims(_glimpsed(name, folder, delivered)):
        return _without_attestations(folder, delivered)
    return _without_attestations(folder, files_below(folder))


def _files_of(folder: Path, config: Config) -> tuple[str, ...]:
    """Return the files that the sources of an ``auditor.yaml`` want."""
    wanted: set[str] = set()
    for source in config.sources:
        path = folder / source.path
        if source.path == ".":
            wanted.update(_delivered(folder) or files_below(folder))
        elif path.is_dir():
            wanted.update(f"{source.path}/{below}" for below in files_below(path))
        else:
            wanted.update(one for one in (source.path,) if path.exists())
        wanted.update(one for one in (source.mapping,) if one and (folder / one).exists())
    return _without_attestations(folder, sorted(wanted))


def _files_in(folder: Path) -> tuple[str, ...]:
    """List the files of *folder* itself: what lies deeper does not make it a source."""
    return tuple(sorted(path.name for path in folder.iterdir() if _is_wanted(path)))


def _delivered(folder: Path) -> tuple[str, ...]:
    delivery = folder / DELIVERY
    return tuple(f"{DELIVERY}/{below}" for below in files_below(delivery))


def files_below(folder: Path) -> tuple[str, ...]:
    """
    List the files in and below *folder*, hidden ones aside; none where it is no folder.

    Links to folders are not followed: they may lead in a circle. Of what is delivered, a folder in a file's
    place is listed as that file: whoever reads it hears that it is none.

    Raises:
        OSError: A folder cannot be listed; what is in it would be missing in silence.
    """
    found = []
    for path, folders, files in os.walk(folder, onerror=_refuse_unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        misnamed = [name for name in folders if folder.name == DELIVERY and _is_file_name(name)]
        folders[:] = [name for name in folders if name not in misnamed]
        here = Path(path)
        below = PurePosixPath(here.relative_to(folder).as_posix())
        found += [str(below / name) for name in files if _is_wanted(here / name)]
        found += [str(below / name) for name in misnamed]
    return tuple(sorted(found))


def _is_file_name(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in DOCUMENT_SUFFIXES | {".csv"}


def _refuse_unlisted(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _is_wanted(path: Path) -> bool:
    """Whether to read *path*: hidden files are not meant, and a pipe would be waited for."""
    is_special = path.exists() and not path.is_file()
    return not path.name.startswith(".") and not is_special


def _glimpsed(name: str, folder: Path, files: tuple[str, ...]) -> SourceFiles:
    return SourceFiles(name, Glimpses(folder, files), is_folder=True)


def no_snapshot(paths: Iterable[str]) -> NothingToAudit:
    """Say that *paths* hold no snapshot, which is never a success."""
    where = ", ".join(f"'{shown_name(path)}'" for path in paths)
    hint = "name a snapshot, or a folder that holds one; 'auditor collect' makes one"
    return NothingToAudit(f"no snapshot was found in {where}", hint=hint)
