"""
When a delivery folder in git was last changed, by its own history.

That is what a folder can say about itself without anybody's word. The history is asked, never the clock
and never the dates of files, which a checkout sets to the time of the checkout. Without git, or outside
a repository, nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.usecases.ask_git import GitRefused, ask_git

if TYPE_CHECKING:
    from pathlib import Path


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
    return Commit(at, _ask(folder, "status", "--porcelain", "--", ".") == "")


def _ask(folder: Path, *question: str) -> str | None:
    try:
        return ask_git(folder, *question).decode().strip()
    except (GitRefused, UnicodeDecodeError):
        return None
