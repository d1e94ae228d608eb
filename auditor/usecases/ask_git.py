"""
Ask git about a repository, without letting the repository have a say in what is run.

A repository's own settings may name programs, and what it lacks may be fetched from elsewhere; nothing of that
happens here.
"""

from __future__ import annotations

import subprocess
from shutil import which
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_TIMEOUT_S: Final = 20

_HARMLESS: Final = (
    "-c", "core.fsmonitor=false",
    "-c", "log.showSignature=false",
    "-c", "protocol.allow=never",
    "--no-replace-objects",
)  # fmt: skip
"""Programs that a question could start, transports for what is not here, and objects that stand for others."""


SILENT: Final = "git refuses"
"""The reason where git says none."""


class GitRefused(Exception):
    """
    Git gave no answer.

    Args:
        reason: Why, in a few words; what git says itself is for those who know it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ask_git(folder: Path, *question: str, given: bytes = b"") -> bytes:
    """
    Return git's answer.

    Args:
        folder: Where it is asked.
        question: A command of git with its arguments.
        given: What it reads from its standard input.

    Raises:
        GitRefused: There is no git, it refuses, or it takes too long.
    """
    git = which("git")
    if git is None:
        reason = "git is not installed"
        raise GitRefused(reason)
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed command; the folder is its working directory
            [git, *_HARMLESS, "--no-pager", *question],
            cwd=folder,
            input=given,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        reason = f"git did not answer within {_TIMEOUT_S} seconds"
        raise GitRefused(reason) from None
    except (OSError, ValueError) as error:
        reason = f"git cannot be started: {error}"
        raise GitRefused(reason) from None
    if answer.returncode != 0:
        said = answer.stderr.decode("utf-8", "replace").strip()
        raise GitRefused(said.rpartition("fatal: ")[2] or SILENT)
    return answer.stdout
