"""
The bytes of an input.

A file that is wanted and cannot be read is named among the others, and is an error for whoever looks into
it: a reader that can do without it reports it, and for all other readers it spoils the whole input. A part
of a source is never taken for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from auditor.documents.limits import MAX_BYTES
from auditor.model.errors import InputError
from auditor.sources.contract import SourceFiles
from auditor.usecases.read_config import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.usecases.find_inputs import Found


class Files(Mapping[str, bytes]):
    """The bytes of files by their paths; of one that cannot be read, the error that says why."""

    def __init__(self, known: Mapping[str, bytes | InputError]) -> None:
        self._known = known

    def __getitem__(self, path: str) -> bytes:
        """
        Return the bytes of a file.

        Raises:
            InputError: It cannot be read.
        """
        data = self._known[path]
        if isinstance(data, InputError):
            raise data
        return data

    def __contains__(self, path: object) -> bool:
        """Tell whether there is such a file, readable or not."""
        return path in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def files_in(files: Mapping[str, bytes], folder: str) -> Files:
    """Return those of *files* that lie below *folder*, by their paths from there."""
    prefix = f"{folder}/"
    known: dict[str, bytes | InputError] = {}
    for path in files:
        if path.startswith(prefix):
            try:
                known[path.removeprefix(prefix)] = files[path]
            except InputError as error:
                known[path.removeprefix(prefix)] = error
    return Files(known)


def readable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those of *files* that can be read."""
    found = {}
    for path in files:
        with suppress(InputError):
            found[path] = files[path]
    return found


def load_files(found: Found) -> SourceFiles:
    """
    Read the bytes of *found*.

    Raises:
        InputError: It is one file, and that cannot be read or is too large.
    """
    is_folder = found.path.is_dir()
    paths = found.files if is_folder else (found.path.name,)
    folder = found.path if is_folder else found.path.parent
    known: dict[str, bytes | InputError] = {}
    source = SourceFiles(found.name, Files(known), is_folder)
    for below in paths:
        try:
            known[below] = bytes_of(folder / below, source.shown(below))
        except InputError as error:
            if not is_folder:
                raise
            known[below] = error
    return source


def bytes_of(path: Path, shown: str) -> bytes:
    """
    Read one file.

    Raises:
        InputError: The system does not let us, or it is too large.
    """
    try:
        _refuse_large(path.stat().st_size, shown)
        return path.read_bytes()
    except OSError as error:
        raise unreadable(shown, error) from None


def regular_bytes(path: Path, shown: str, read: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
    """
    Read one file that others wrote, or named: a pipe would be waited for, and a device may have no end.

    Args:
        path: The file.
        shown: What it is called in messages.
        read: Gives its bytes: what an editor has of it that is not saved yet, on the disk or not.

    Raises:
        InputError: The system does not let us, it is no file, or it is too large.
    """
    try:
        with suppress(FileNotFoundError):
            refuse_endless(path, shown)
        return read(path)
    except OSError as error:
        raise unreadable(shown, error) from None
    except ValueError:  # a NUL, or half a character
        msg = f"'{shown}' is no name that a file can have"
        raise InputError(msg, hint="check the spelling") from None


def refuse_endless(path: Path, shown: str) -> None:
    """
    Refuse what is no file, before it is read.

    Raises:
        InputError: It is a pipe or a device, or too large.
        OSError: It is not there, or the system does not let us look.
    """
    status = path.stat()
    if not (S_ISREG(status.st_mode) or S_ISDIR(status.st_mode)):
        msg = f"'{shown}' is neither a file nor a folder"
        raise InputError(msg, hint="save its content in a file first")
    _refuse_large(status.st_size, shown)


def _refuse_large(size: int, shown: str) -> None:
    if size > MAX_BYTES:
        msg = f"'{shown}' has {size} bytes, more than the {MAX_BYTES} that one file may have"
        raise InputError(msg, hint="split it, or leave out what no policy reads")
