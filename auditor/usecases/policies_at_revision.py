"""
The policies of a git revision, as a folder.

What a repository calls its files is not taken on trust: git itself refuses most names that lead elsewhere, and a
repository need not have been made by git. Nothing is written outside the folder that is made for it, and nothing
of the repository is run or checked out.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_BYTES
from auditor.language.vocabulary import PACK_FILE
from auditor.model.errors import InputError, UsageProblem
from auditor.usecases.ask_git import SILENT, GitRefused, ask_git
from auditor.usecases.read_policies import CASES_SUFFIX, SUFFIXES, PolicyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE_MODES: Final = frozenset({"100644", "100755", "100664"})
_MOST_FILES: Final = 10_000
_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ELSEWHERE: Final = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""Characters with which a name is none, or another one, on some system."""
_OUTSIDE: Final = "outside repository"
"""What git says of a place that no revision can have."""


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    """Below the folder of policies."""
    id: str


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
            raise _not_here(shown, refused) from None
        msg = f"'{revision}' has no folder '{directory}'"
        hint = "name the folder of policies in it with --policies, from where you are"
        raise UsageProblem(msg, hint=hint) from None
    entries = list(_entries(listed, shown))
    # The folder keeps its name: of a pack, it is the name of the pack.
    target = into / (
        posixpath.basename(below) if below.strip("./") else (here / below).resolve().name
    )
    target.mkdir(parents=True)
    for entry, data in zip(entries, _contents(here, entries, shown), strict=True):
        _write(target, entry.path, data, shown)
    above = posixpath.normpath(posixpath.join(below, "..", PACK_FILE))
    beside = list(_entries(_listed_words(here, commit, above), shown))
    for data in _contents(here, beside, shown):  # the packs beside it share no words: nothing
        (into / PACK_FILE).write_bytes(data)
    return PolicyFolder(target, shown)


def _commit(revision: str) -> str:
    """Return the full name of the commit, so that nothing that follows can mean another one."""
    found, reason = b"", "there is no folder of that name, and no git revision"
    if not revision.startswith("-"):  # it would be an option of git's
        try:
            found = ask_git(
                Path.cwd(), "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"
            )
        except GitRefused as refused:
            reason += f": {refused.reason}" if refused.reason != SILENT else ""
    text = found.decode("ascii", "replace").strip()
    if not _HASH.fullmatch(text):
        msg = f"'{revision}': {reason}"
        hint = "name a folder of policies, or a branch, tag or commit of the repository that you are in"
        raise UsageProblem(msg, hint=hint)
    return text


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
        raise _not_here(path, refused) from None
    head, tab, _ = listed.partition(b"\t")
    return head + tab + PACK_FILE.encode() if tab else b""


def _entries(listed: bytes, shown: str) -> Iterator[_Entry]:
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
            raise _refused(shown, repr(name)[2:-1], "its name is not UTF-8") from None
        parts = path.split("/")
        if any(part.startswith(".") and part not in {".", ".."} for part in parts):
            continue
        if kind != "blob" or mode not in _FILE_MODES:
            raise _refused(shown, path, "it is a link or a repository of its own")
        lower = path.lower()
        if posixpath.splitext(lower)[1] not in SUFFIXES or lower.endswith(CASES_SUFFIX):
            continue
        if any(part in {"", ".", ".."} or _ELSEWHERE.search(part) for part in parts):
            raise _refused(shown, path, "no file may be called like that")
        count += 1
        if count > _MOST_FILES:
            raise _refused(shown, path, f"there are more than {_MOST_FILES} files")
        yield _Entry(path, object_id)


def _contents(here: Path, entries: list[_Entry], shown: str) -> Iterator[bytes]:
    """Yield what is in the files, asked for in one go by the names of their content."""
    if not entries:
        return
    asked = "".join(f"{entry.id}\n" for entry in entries).encode()
    try:
        # The sizes first: what is too large is not read at all.
        heads = ask_git(here, "cat-file", "--batch-check", given=asked).decode("ascii").splitlines()
        for entry, head in zip(entries, heads, strict=True):
            _, kind, *rest = head.split()
            if kind != "blob":
                raise _not_here(posixpath.join(shown, entry.path))
            if int(rest[0]) > MAX_BYTES:
                reason = f"{rest[0]} bytes are more than the {MAX_BYTES} of one file"
                raise _refused(shown, entry.path, reason)
        answer = ask_git(here, "cat-file", "--batch", given=asked)
    except GitRefused as refused:
        raise _not_here(shown, refused) from None
    at = 0
    for head in heads:
        start = at + len(head) + 1
        size = int(head.split()[2])
        yield answer[start : start + size]
        at = start + size + 1


def _write(target: Path, path: str, data: bytes, shown: str) -> None:
    file = target / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # "x": on a system that tells no capitals apart, two names may be one.
        with file.open("xb") as opened:
            opened.write(data)
    except OSError as error:
        raise _refused(shown, path, (error.strerror or "the system refuses").lower()) from None


def _refused(shown: str, path: str, reason: str) -> InputError:
    msg = f"cannot copy '{shown}/{path}': {reason}"
    return InputError(msg, hint="keep only plain files among the policies")


def _not_here(what: str, refused: GitRefused | None = None) -> InputError:
    """Return that content is named and cannot be read; nothing is fetched, as a fetch runs what settings name."""
    said = f" ({refused.reason})" if refused is not None and refused.reason != SILENT else ""
    msg = f"what is in '{what}' is not in the repository, or git cannot read it{said}"
    hint = "clone the repository whole, without --filter, or fetch what is missing; `git fsck` tells what that is"
    return InputError(msg, hint=hint)
