"""
Where this installation of auditor comes from, for those who are to install the same one.

pip notes it down beside the package. What was installed from a folder comes from where git cloned that folder from.
An address that only this machine can reach, or that is no plain one, is none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from auditor.usecases.ask_git import GitRefused, ask_git

if TYPE_CHECKING:
    from collections.abc import Mapping

_RECORD: Final = "direct_url.json"
"""Source: PEP 610."""
_ADDRESS: Final = re.compile(
    r"(?:https://|ssh://)?(?:[\w.~%:-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?)[/:](?P<path>[\w./-]+?)(?:\.git)?/?",
    re.ASCII,
)
_RELEASE: Final = re.compile(r"v?\d+(\.\d+)+[\w.-]*", re.ASCII)
"""A name that stays with what it names; a branch does not, so the commit stands for it."""
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """A repository of auditor, and what of it is installed."""

    host: str
    path: str
    """As in ``organisation/auditor``."""
    revision: str

    @property
    def url(self) -> str:
        """The address that anybody can clone from, without its ending."""
        return f"https://{self.host}/{self.path}"


def where_installed_from() -> Origin | None:
    """Return where this installation comes from, or None where nobody else could get it."""
    try:
        text = distribution("auditor").read_text(_RECORD)
    except PackageNotFoundError:
        return None
    return origin_of(json.loads(text)) if text else None


def origin_of(record: Mapping[str, object]) -> Origin | None:
    """Return what pip's *record* of an installation says, with what git says of a folder in it."""
    url = str(record.get("url"))
    match record.get("vcs_info"):
        case {"vcs": "git", "commit_id": str(commit), **more}:
            return _origin(url, str(more.get("requested_revision")), commit)
    parts = urlsplit(url)
    if parts.scheme == "file" and "dir_info" in record:
        return _of_clone(Path(unquote(parts.path)))
    return None


def _of_clone(folder: Path) -> Origin | None:
    try:
        if Path(ask_git(folder, "rev-parse", "--show-toplevel").decode().strip()) != folder:
            return None
        url = ask_git(folder, "config", "--get", "remote.origin.url").decode().strip()
        commit = ask_git(folder, "rev-parse", "HEAD").decode().strip()
        tags = ask_git(folder, "tag", "--points-at", "HEAD").decode().split()
    except (GitRefused, UnicodeDecodeError):
        return None
    return _origin(url, next(filter(_RELEASE.fullmatch, tags), ""), commit)


def _origin(url: str, name: str, commit: str) -> Origin | None:
    address = host_and_path(url)
    if address is None or not _COMMIT.fullmatch(commit):
        return None
    return Origin(*address, name if _RELEASE.fullmatch(name) else commit)


def host_and_path(url: str) -> tuple[str, str] | None:
    """Return the parts of an address of git, ``git@host:path`` being one too; None for any other text."""
    found = _ADDRESS.fullmatch(url)
    return (found["host"], found["path"].strip("/")) if found else None
