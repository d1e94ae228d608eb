"""
When a delivery folder in git was last changed, by its own history.

That is what a folder can say about itself without anybody's word. The history is asked, never the clock
and never the dates of files, which a checkout sets to the time of the checkout. Without git, or outside
a repository, nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.usecases.ask_git import GitRefused, ask_git

if TYPE_CHECKING:
    from pathlib import Path

_REPOSITORY: Final = "160000"
"""Mode of a repository of its own within the folder: it has settings of its own, so it is not asked."""
_STATUS: Final = (
    "status",
    "--porcelain",
    "--no-renames",
    "--ignore-submodules=dirty",
    "--untracked-files=normal",
    "--",
    ".",
)
"""Whatever the repository says should be shown of it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The newest commit that touched a folder."""

    at: str
    """RFC 3339, with the committer's offset."""
    is_clean: bool
    """Whether the folder holds just what was committed."""


def newest_commit(folder: Path) -> Commit | None:
    """Return the newest commit that touched *folder*, or None where git cannot tell."""
    at = _ask(folder, "log", "-1", "--format=%cI", "--", ".")
    if not at:
        return None
    return Commit(at, _is_clean(folder))


def _is_clean(folder: Path) -> bool:
    """Return whether the folder holds just what was committed; where that cannot be told, it does not."""
    staged = _ask(folder, "ls-files", "--stage", "--", ".")
    if staged is None or any(line.startswith(_REPOSITORY) for line in staged.splitlines()):
        return False
    return _ask(folder, *_STATUS) == ""


def _ask(folder: Path, *question: str) -> str | None:
    try:
        return ask_git(folder, *question).decode().strip()
    except (GitRefused, UnicodeDecodeError):
        return None
