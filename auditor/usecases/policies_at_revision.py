"""
The policies of a git revision, as a folder.

What a repository calls its files is not taken on trust: git itself refuses most names that lead elsewhere, and a
repository need not have been made by git. Nothing is written outside the folder that is made for it, and nothing
of the repository is run or checked out.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import PACK_FILE
from auditor.model.errors import UsageProblem
from auditor.usecases.ask_git import GitRefused, ask_git
from auditor.usecases.files_at_revision import (
    ELSEWHERE,
    FILE_MODES,
    MOST_FILES,
    Entry,
    commit_of,
    contents,
    not_here,
    refused_file,
    write_entry,
)
from auditor.usecases.read_policies import CASES_SUFFIX, SUFFIXES, PolicyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTSIDE: Final = "outside repository"
"""What git says of a place that no revision can have."""


def policies_at(revision: str, directory: str, into: Path) -> PolicyFolder:
    """
    Copy the policies of a revision of the repository that the program was started in.

    Args:
        revision: As git knows it: a branch, a tag, a commit, ``main~3``.
        directory: The folder of policies in the revision, from where the program was started.
        into: An empty folder.

    Raises:
        UsageProblem: There is no such revision, or no such folder in it.
        InputError: It holds what cannot be copied.
    """
    below = posixpath.normpath(directory.replace("\\", "/"))
    commit = _commit(revision)
    tree = f"{commit}:./{below if below != '.' else ''}"
    here = Path.cwd()
    shown = f"{revision}:{below}"
    try:
        listed = ask_git(here, "ls-tree", "-r", "-z", "--full-tree", tree)
    except GitRefused as refused:
        if _is_folder(here, commit, below):
            raise not_here(shown, refused) from None
        msg = f"'{revision}' has no folder '{directory}'"
        hint = "name the folder of policies in it with --policies, from where you are"
        raise UsageProblem(msg, hint=hint) from None
    entries = list(_entries(listed, shown))
    # The folder keeps its name: of a pack, it is the name of the pack.
    target = into / (
        posixpath.basename(below) if below.strip("./") else (here / below).resolve().name
    )
    target.mkdir(parents=True)
    for entry, data in zip(entries, contents(here, entries, shown), strict=True):
        write_entry(target, entry.path, data, shown)
    above = posixpath.normpath(posixpath.join(below, "..", PACK_FILE))
    beside = list(_entries(_listed_words(here, commit, above), shown))
    for data in contents(here, beside, shown):  # the packs beside it share no words: nothing
        (into / PACK_FILE).write_bytes(data)
    return PolicyFolder(target, shown)


def _commit(revision: str) -> str:
    reason = "there is no folder of that name, and no git revision"
    try:
        found = commit_of(Path.cwd(), revision)
    except GitRefused as refused:
        found, reason = None, f"{reason}: {refused.reason}"
    if found is None:
        msg = f"'{revision}': {reason}"
        hint = "name a folder of policies, or a branch, tag or commit of the repository that you are in"
        raise UsageProblem(msg, hint=hint)
    return found


def _is_folder(here: Path, commit: str, below: str) -> bool:
    """Return whether the commit has a folder there, or one above it of which nobody can tell what it holds."""
    if Path(below).is_absolute():
        return False
    try:
        return ask_git(here, "ls-tree", "-d", commit, "--", below) != b""
    except GitRefused as refused:
        return _OUTSIDE not in refused.reason


def _listed_words(here: Path, commit: str, path: str) -> bytes:
    """List the words that stand beside a pack as if they stood in it; nothing where there are none."""
    try:
        listed = ask_git(here, "ls-tree", commit, "--", path)
    except GitRefused as refused:
        if _OUTSIDE in refused.reason:
            return b""
        raise not_here(path, refused) from None
    head, tab, _ = listed.partition(b"\t")
    return head + tab + PACK_FILE.encode() if tab else b""


def _entries(listed: bytes, shown: str) -> Iterator[Entry]:
    """Yield the files that are policies or words; whatever is none of them and no file at all is refused."""
    count = 0
    for line in listed.split(b"\0"):
        if not line:
            continue
        head, _, name = line.partition(b"\t")
        mode, kind, object_id = head.decode("ascii").split()
        try:
            path = name.decode()
        except UnicodeDecodeError:
            raise refused_file(shown, repr(name)[2:-1], "its name is not UTF-8") from None
        parts = path.split("/")
        if any(part.startswith(".") and part not in {".", ".."} for part in parts):
            continue
        if kind != "blob" or mode not in FILE_MODES:
            raise refused_file(shown, path, "it is a link or a repository of its own")
        lower = path.lower()
        if posixpath.splitext(lower)[1] not in SUFFIXES or lower.endswith(CASES_SUFFIX):
            continue
        if any(part in {"", ".", ".."} or ELSEWHERE.search(part) for part in parts):
            raise refused_file(shown, path, "no file may be called like that")
        count += 1
        if count > MOST_FILES:
            raise refused_file(shown, path, f"there are more than {MOST_FILES} files")
        yield Entry(path, object_id)
