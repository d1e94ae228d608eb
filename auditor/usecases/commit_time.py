"""
When a delivery folder in git was last changed, by its own history.

That is what a folder can say about itself without anybody's word. The history is asked, never the clock
and never the dates of files, which a checkout sets to the time of the checkout. Without git, or outside
a repository, nothing is known.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from shutil import which
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_TIMEOUT_S: Final = 20

_HARMLESS: Final = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
"""A repository's own settings may name programs to run; these two would be run by the questions below."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The newest commit that touched a folder."""

    at: str
    """RFC 3339, with the committer's offset."""
    is_clean: bool
    """Whether the folder holds just what was committed."""


def newest_commit(folder: Path) -> Commit | None:
    """Return the newest commit that touched *folder*, or None where git cannot tell."""
    git = which("git")
    if git is None:
        return None
    at = _ask(git, folder, "log", "-1", "--format=%cI", "--", ".")
    if not at:
        return None
    return Commit(at, _ask(git, folder, "status", "--porcelain", "--", ".") == "")


def _ask(git: str, folder: Path, *question: str) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed command; the folder is its working directory
            [git, *_HARMLESS, "--no-pager", *question],
            cwd=folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
