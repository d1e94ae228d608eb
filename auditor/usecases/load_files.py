"""
The bytes of an input.

A file that is wanted and cannot be read spoils the whole input: a part of a source is never taken for all
of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.limits import MAX_BYTES
from auditor.model.errors import InputError
from auditor.sources.contract import SourceFiles
from auditor.usecases.read_config import unreadable

if TYPE_CHECKING:
    from auditor.usecases.find_inputs import Found


def load_files(found: Found) -> SourceFiles:
    """
    Read the bytes of *found*.

    Raises:
        InputError: A file cannot be read, or is too large.
    """
    is_folder = found.path.is_dir()
    paths = found.files if is_folder else (found.path.name,)
    folder = found.path if is_folder else found.path.parent
    files: dict[str, bytes] = {}
    source = SourceFiles(found.name, files, is_folder)
    for below in paths:
        path = folder / below
        shown = source.shown(below)
        try:
            if (size := path.stat().st_size) > MAX_BYTES:
                msg = (
                    f"'{shown}' has {size} bytes, more than the {MAX_BYTES} that one file may have"
                )
                raise InputError(msg, hint="split it, or leave out what no policy reads")
            files[below] = path.read_bytes()
        except OSError as error:
            raise unreadable(shown, error) from None
    return source
