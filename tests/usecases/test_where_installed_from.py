"""Where an installation comes from is told only where others can get it there, too."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from auditor.usecases.where_installed_from import Origin, host_and_path, origin_of

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder*."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments],  # noqa: S607 - whichever git is there
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://git.acme.example/tools/auditor.git", ("git.acme.example", "tools/auditor")),
        ("https://git.acme.example:8443/a/b/auditor/", ("git.acme.example:8443", "a/b/auditor")),
        ("https://name:secret@git.acme.example/t/a.git", ("git.acme.example", "t/a")),
        ("git@github.com:acme/auditor.git", ("github.com", "acme/auditor")),
        ("ssh://git@github.com/acme/auditor", ("github.com", "acme/auditor")),
        ("../auditor", None),
        ("/srv", None),
        ("auditor.git", None),
        ("file:///tmp/auditor", None),
        ("C:\\auditor", None),
        ("https://git.acme.example/t/a\nrun: rm", None),
        ("https://git.acme.example/t/$(rm)", None),
        ("", None),
    ],
)
def test_addresses(url: str, parts: tuple[str, str] | None) -> None:
    """Names and passwords in an address go no further, and neither does what a shell or YAML would read."""
    assert host_and_path(url) == parts


@pytest.mark.parametrize(
    ("asked", "revision"),
    [("v1.2.0", "v1.2.0"), ("1.2.0rc1", "1.2.0rc1"), ("main", COMMIT), (None, COMMIT)],
)
def test_installed_from_git(asked: str | None, revision: str) -> None:
    """A release keeps its name; a branch moves on, so its commit stands there."""
    info = {"vcs": "git", "commit_id": COMMIT} | ({"requested_revision": asked} if asked else {})

    origin = origin_of({"url": "https://github.com/acme/auditor.git", "vcs_info": info})

    assert origin == Origin("github.com", "acme/auditor", revision)
    assert origin.url == "https://github.com/acme/auditor"


def test_installed_from_a_clone(tmp_path: Path) -> None:
    """What was installed from a folder comes from where the folder was cloned from."""
    folder = tmp_path / "my clone"
    folder.mkdir()
    record = {"url": folder.as_uri(), "dir_info": {}}
    assert origin_of(record) is None

    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "first")
    assert origin_of(record) is None

    git(folder, "remote", "add", "origin", "git@git.acme.example:tools/auditor.git")
    head = git(folder, "rev-parse", "HEAD")
    assert origin_of(record) == Origin("git.acme.example", "tools/auditor", head)

    git(folder, "tag", "stable")
    git(folder, "tag", "v2.0.0")
    assert origin_of(record) == Origin("git.acme.example", "tools/auditor", "v2.0.0")

    (folder / "part").mkdir()
    assert origin_of({"url": (folder / "part").as_uri(), "dir_info": {}}) is None


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"url": "https://files.acme.example/auditor-1.0.tar.gz", "archive_info": {}},
        {"url": "https://github.com/acme/auditor", "vcs_info": {"vcs": "hg", "commit_id": COMMIT}},
        {"url": "https://github.com/acme/auditor", "vcs_info": {"vcs": "git", "commit_id": "x"}},
        {"url": "/srv", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
    ],
)
def test_nobody_can_tell(record: dict[str, object]) -> None:
    """Rather none than a guess."""
    assert origin_of(record) is None
