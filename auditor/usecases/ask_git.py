"""
Ask git about a repository, without letting the repository have a say in what is run.

A repository's own settings may name programs, and what it lacks may be fetched from elsewhere; nothing of that
happens here.
"""

from __future__ import annotations

import os
import subprocess
from shutil import which
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TIMEOUT_S: Final = 20

_HARMLESS: Final = (
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "log.showSignature=false",
    "-c", "protocol.allow=never",
    "--no-optional-locks",
    "--no-replace-objects",
)  # fmt: skip
"""
Without programs that a question could start, transports for what is not here, and objects that stand for others;
and nothing is written.
"""

_APART: Final = {
    "GIT_ALLOW_PROTOCOL": ":",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""
What the settings of a repository cannot undo, as they can ``protocol.allow``: of a partial clone git would fetch
what is not here, by a program that those settings name. The list of protocols names none. Git's own words are
the same everywhere.
"""

LOCAL: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""
What ``git rev-parse --local-env-vars`` lists: git sets these for its hooks, and they would have it answer for the
repository of the hook, wherever it is asked. Settings that the user hands over by the environment stay
(``GIT_CONFIG_COUNT`` and ``GIT_CONFIG_PARAMETERS``), as git keeps them when it goes into another repository: they
say, for one, whose folders it trusts.
"""

_FILTERING: Final = frozenset({"status"})
"""Questions for which git may read files by a filter, which is a program."""
_OWN: Final = frozenset({"local", "worktree"})
"""Where a repository's own settings come from."""

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
    settings = {} if question[0] not in _FILTERING else _without_filters(folder)
    return _answer(folder, question, given, settings)


def _without_filters(folder: Path) -> dict[str, str]:
    """Return settings without the programs by which the repository would have its files read; those of the user stay."""
    question = ("config", "--show-scope", "--includes", "-z", "--get-regexp", r"^filter\.")
    try:
        listed = _answer(folder, question, b"", {}).decode("utf-8", "surrogateescape")
    except GitRefused as refused:
        if refused.reason == SILENT:  # there is none
            return {}
        raise
    scopes, values = listed.split("\0")[:-1:2], listed.split("\0")[1::2]
    kept: dict[str, str] = {}
    named: dict[str, None] = {}
    for scope, setting in zip(scopes, values, strict=True):
        key, _, value = setting.partition("\n")
        if scope in _OWN:
            named[key] = None
        else:
            kept[key] = value
    # Git itself has just taken it for a number.
    first = int(os.environ.get("GIT_CONFIG_COUNT") or 0)  # noqa: TID251 - counts on from the user's settings
    settings = {"GIT_CONFIG_COUNT": str(first + len(named))}
    for position, key in enumerate(named, first):
        value = "false" if key.endswith(".required") else ""
        settings[f"GIT_CONFIG_KEY_{position}"] = key
        settings[f"GIT_CONFIG_VALUE_{position}"] = kept.get(key, value)
    return settings


def _answer(
    folder: Path, question: Sequence[str], given: bytes, settings: Mapping[str, str]
) -> bytes:
    git = which("git")
    if git is None:
        reason = "git is not installed"
        raise GitRefused(reason)
    inherited = {name: value for name, value in os.environ.items() if name not in LOCAL}  # noqa: TID251 - git's own, which says where the user's settings are
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed command; the folder is its working directory
            [git, *_HARMLESS, "--no-pager", *question],
            cwd=folder,
            env={**inherited, **_APART, **settings},
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
