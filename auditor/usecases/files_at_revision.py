"""
Read files of a git revision, without checking anything out.

What a repository calls its files is not taken on trust: git itself refuses most names that lead elsewhere, and a
repository need not have been made by git. Nothing is written outside the folder that is made for it, and nothing
of the repository is run.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_BYTES
from auditor.model.errors import InputError
from auditor.usecases.ask_git import SILENT, GitRefused, ask_git

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILE_MODES: Final = frozenset({"100644", "100755", "100664"})
MOST_FILES: Final = 10_000
ELSEWHERE: Final = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""Characters with which a name is none, or another one, on some system."""
_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a revision."""

    path: str
    """Below the folder that it was asked for, POSIX."""
    id: str
    """Of what is in it."""


def commit_of(here: Path, revision: str) -> str | None:
    """
    Return the full name of the commit, so that nothing that follows can mean another one.

    Args:
        here: A folder in the repository.
        revision: As git knows it: a branch, a tag, a commit, ``main~3``.

    Raises:
        GitRefused: It does not say why there is none, or there is no git.
    """
    if revision.startswith("-"):  # it would be an option of git's
        return None
    try:
        found = ask_git(here, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except GitRefused as refused:
        if refused.reason == SILENT:
            return None
        raise
    text = found.decode("ascii", "replace").strip()
    return text if _HASH.fullmatch(text) else None


def contents(here: Path, entries: Sequence[Entry], shown: str) -> Iterator[bytes]:
    """
    Yield what is in the files, asked for in one go by the names of their content.

    Raises:
        InputError: Something is not in the repository, or too large.
    """
    if not entries:
        return
    asked = "".join(f"{entry.id}\n" for entry in entries).encode()
    try:
        # The sizes first: what is too large is not read at all.
        heads = ask_git(here, "cat-file", "--batch-check", given=asked).decode("ascii").splitlines()
        for entry, head in zip(entries, heads, strict=True):
            _, kind, *rest = head.split()
            if kind != "blob":
                raise not_here(posixpath.join(shown, entry.path))
            if int(rest[0]) > MAX_BYTES:
                reason = f"{rest[0]} bytes are more than the {MAX_BYTES} of one file"
                raise refused_file(shown, entry.path, reason)
        answer = ask_git(here, "cat-file", "--batch", given=asked)
    except GitRefused as refused:
        raise not_here(shown, refused) from None
    at = 0
    for head in heads:
        start = at + len(head) + 1
        size = int(head.split()[2])
        yield answer[start : start + size]
        at = start + size + 1


def write_entry(target: Path, path: str, data: bytes, shown: str) -> None:
    """
    Write a file below *target*, which nothing was written to before.

    Raises:
        InputError: Another one has its name, or the system does not let us.
    """
    file = target / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # "x": on a system that tells no capitals apart, two names may be one.
        with file.open("xb") as opened:
            opened.write(data)
    except OSError as error:
        raise refused_file(shown, path, (error.strerror or "the system refuses").lower()) from None


def refused_file(shown: str, path: str, reason: str) -> InputError:
    """Say that a file of a revision cannot be copied."""
    msg = f"cannot copy '{shown}/{path}': {reason}"
    return InputError(msg, hint="keep only plain files of an ordinary size there")


def not_here(what: str, refused: GitRefused | None = None) -> InputError:
    """Return that content is named and cannot be read; nothing is fetched, as a fetch runs what settings name."""
    said = f" ({refused.reason})" if refused is not None and refused.reason != SILENT else ""
    msg = f"what is in '{what}' is not in the repository, or git cannot read it{said}"
    hint = "clone the repository whole, without --filter, or fetch what is missing; `git fsck` tells what that is"
    return InputError(msg, hint=hint)
