"""
Where a path leads once every link in it is followed.

A repository that is judged can hold links: a name that somebody typed in good faith may stand for a file that is
not theirs to write.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from auditor.model.errors import OutputError
from auditor.usecases.shown_name import shown_name

_GIT: Final = ".git"
_SYSTEM: Final = (Path("/dev"), Path("/proc"))
"""Links of the system itself, such as ``/dev/stdout``."""


def led_to(path: Path) -> Path:
    """Return the file that *path* stands for; of links in a circle, one of them."""
    return Path(os.path.realpath(path))


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file, however they are spelled."""
    try:
        return led_to(one) == led_to(other) or one.samefile(other)
    except OSError:
        return False  # at least one of them is not there yet


def stays_below(path: Path, folder: Path) -> bool:
    """Tell whether *path* leads to a place below *folder* that is not git's own."""
    return _is_below(led_to(path), led_to(folder))


def written_to(path: Path) -> Path:
    """
    Return the file that is written for *path*: a link stays a link.

    A path below the current folder may lead to anywhere below it, any other only below the folder that it names.

    Raises:
        OutputError: It leads elsewhere.
        OSError: It leads in a circle.
    """
    typed, target, here = Path(os.path.abspath(path)), led_to(path), led_to(Path())  # noqa: PTH100 - links stay
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target == typed or any(typed.is_relative_to(folder) for folder in _SYSTEM):
        return target
    is_here = typed.is_relative_to(here) and here != Path(here.anchor)
    if not _is_below(target, here if is_here else led_to(path.parent)):
        raise leads_away(path)
    return target


def leads_away(path: Path) -> OutputError:
    """Say that *path* is not written to, and where it leads."""
    shown = shown_name(str(path))
    msg = f"cannot write '{shown}': a link in it leads to '{shown_name(str(led_to(path)))}'"
    return OutputError(msg, hint="remove the link, or name the file itself")


def _is_below(target: Path, folder: Path) -> bool:
    return target.is_relative_to(folder) and not any(
        part.lower() == _GIT for part in target.relative_to(folder).parts
    )
