"""
Which findings were there at a revision of git: those of the same paths, judged there by the same rules.

The revision is judged as of the same instant as what is there now, by the same policies and the same profile, so that
only what somebody changed is new: a thing that fell due meanwhile was due at the revision as well. A delivery folder,
which its history dates, speaks up to that instant in either state; a source that dates itself keeps its date. Nothing
is checked out, and nothing of the repository is run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_BYTES
from auditor.facts.instants import parse_instant
from auditor.findings.known import known_findings
from auditor.model.errors import InputError, RevisionProblem
from auditor.usecases.ask_git import GitRefused, ask_git
from auditor.usecases.files_at_revision import (
    ELSEWHERE,
    FILE_MODES,
    MOST_FILES,
    Entry,
    commit_of,
    contents,
    write_entry,
)
from auditor.usecases.instants import AsOf
from auditor.usecases.judge_inputs import judge_inputs
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.known import KnownFinding
    from auditor.model.run import Run
    from auditor.usecases.judge_inputs import Request

_NO_REPOSITORY: Final = "not a git repository"
"""What git says where there is none."""
_ABBREVIATED: Final = 12
_UNSHALLOW: Final = (
    "fetch the whole history: `fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab, or"
    " `git fetch --unshallow`"
)


@dataclass(frozen=True, slots=True)
class Since:
    """What is known of a revision."""

    known: tuple[KnownFinding, ...]
    against: str
    """The revision, for a reader."""
    notes: tuple[str, ...]
    """Of which paths nothing is known, and why."""


def known_since(request: Request, revision: str, run: Run) -> Since:
    """
    Judge the paths of a request as they were.

    Args:
        request: What was judged.
        revision: As git knows it: a branch, a tag, a commit, ``main~3``.
        run: What came of it.

    Raises:
        RevisionProblem: There is no such revision, or no git.
        InputError: It holds what cannot be copied.
    """
    notes: list[str] = []
    commits: dict[str, None] = {}
    with TemporaryDirectory(prefix="auditor-") as folder:
        copied = []
        for place, typed in enumerate(request.paths):
            found = _copied(Path(typed), shown_name(typed), revision, Path(folder) / str(place))
            if isinstance(found, str):
                notes.append(found)
            else:
                commit, path = found
                commits[commit] = None
                copied.append(str(path))
        known = _judged(replace(request, paths=tuple(copied)), run, notes) if copied else ()
    named = ", ".join(commit[:_ABBREVIATED] for commit in commits)
    return Since(
        known, f"{revision} ({named})" if named not in {"", revision} else revision, tuple(notes)
    )


def _judged(request: Request, run: Run, notes: list[str]) -> tuple[KnownFinding, ...]:
    if run.as_of is None:
        return ()
    newest = max(
        (datetime.fromisoformat(result.captured_at) for result in run.results), default=None
    )
    judged = judge_inputs(
        replace(
            request,
            as_of=AsOf(run.as_of, parse_instant(run.as_of)),
            captured_at=request.captured_at or (newest.isoformat() if newest else None),
            tells_controls=False,
        )
    )
    if judged.run.problems and not run.problems:
        count = len(judged.run.problems)
        notes.append(
            f"at the revision {count} {'input' if count == 1 else 'inputs'} could not be read:"
            " of these nothing is known, and what is found in them counts"
        )
    return known_findings(judged.run)


def _copied(path: Path, shown: str, revision: str, into: Path) -> tuple[str, Path] | str:
    """
    Copy a path as it was.

    Returns:
        The commit and the copy; or why nothing is known of the path.
    """
    path = path.resolve()
    here = path if path.is_dir() else path.parent
    try:
        top = Path(ask_git(here, "rev-parse", "--show-toplevel").decode().removesuffix("\n"))
    except GitRefused as refused:
        if _NO_REPOSITORY in refused.reason:
            return _unknown(shown, "is in no git repository")
        raise _no_answer(revision, refused) from None
    commit = _commit(here, revision)
    if not path.is_relative_to(top.resolve()):
        return _unknown(shown, "is outside the repository")
    below = path.relative_to(top.resolve()).as_posix()
    try:
        listed = ask_git(here, "ls-tree", "-r", "-z", "-l", "--full-tree", commit, *_limited(below))
    except GitRefused as refused:
        raise _no_answer(revision, refused) from None
    entries = list(_entries(listed, below, revision))
    if not entries:
        return _unknown(shown, f"was not there at {revision}")
    # The copy keeps its name, because a folder can be called by it.
    target = into / path.name
    target.parent.mkdir(parents=True)
    where = f"{revision}:{below}"
    for entry, data in zip(entries, contents(here, entries, where), strict=True):
        if entry.path:
            write_entry(target, entry.path, data, where)
        else:
            write_entry(into, path.name, data, where)
    return commit, target


def _limited(below: str) -> tuple[str, ...]:
    return () if below == "." else ("--", below)


def _commit(here: Path, revision: str) -> str:
    try:
        commit = commit_of(here, revision)
        if commit is not None:
            return commit
        is_shallow = ask_git(here, "rev-parse", "--is-shallow-repository").strip() == b"true"
    except GitRefused as refused:
        raise _no_answer(revision, refused) from None
    if is_shallow:
        msg = f"'{revision}' is not in this clone, which holds only the newest part of the history"
        raise RevisionProblem(msg, hint=_UNSHALLOW)
    msg = f"there is no git revision '{revision}'"
    hint = "name a branch, tag or commit that is fetched: origin/main"
    raise RevisionProblem(msg, hint=hint)


def _no_answer(revision: str, refused: GitRefused) -> RevisionProblem:
    msg = f"what was there at '{revision}' cannot be told: {refused.reason}"
    return RevisionProblem(msg, hint="see that git can read the repository")


def _unknown(shown: str, why: str) -> str:
    return f"{shown} {why}: nothing in it is known, and every finding counts"


def _entries(listed: bytes, below: str, revision: str) -> Iterator[Entry]:
    """Yield the plain files; what cannot be copied is left out, so that what is found in it counts."""
    count = 0
    for line in listed.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        if not tab:
            continue
        mode, kind, object_id, size = head.decode("ascii").split()
        try:
            path = name.decode()
        except UnicodeDecodeError:
            continue
        if kind != "blob" or mode not in FILE_MODES or int(size) > MAX_BYTES:
            continue
        relative = PurePosixPath(path).relative_to(below) if below != "." else PurePosixPath(path)
        if any(part in {"..", ".git"} or ELSEWHERE.search(part) for part in path.split("/")):
            continue
        count += 1
        if count > MOST_FILES:
            msg = f"'{revision}' has more than {MOST_FILES} files there"
            raise InputError(msg, hint="name the folder of the facts, not the whole repository")
        yield Entry("" if path == below else relative.as_posix(), object_id)
