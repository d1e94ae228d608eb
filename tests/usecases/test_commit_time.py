"""A delivery folder in git says itself when it was last changed."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest

from auditor.usecases.commit_time import newest_commit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str, at: str = "2026-01-01T00:00:00+00:00") -> None:
    """Run git with a fixed author and time."""
    subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git the tests' user has
        cwd=folder,
        check=True,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(folder),
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2020-01-01T00:00:00+00:00",
            "GIT_COMMITTER_DATE": at,
        },
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with a delivery folder, touched by the first of two commits."""
    git(tmp_path, "init", "-q")
    (tmp_path / "apollo" / "delivery").mkdir(parents=True)
    (tmp_path / "apollo" / "delivery" / "risks.csv").write_text("id\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one", at="2026-03-01T10:00:00+01:00")
    (tmp_path / "other.txt").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "two", at="2026-04-01T10:00:00+02:00")
    return tmp_path


def test_newest_commit_that_touched_the_folder(repository: Path) -> None:
    """A later commit elsewhere says nothing about the folder; the committer's time counts, with its offset."""
    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert commit.at == "2026-03-01T10:00:00+01:00"
    assert commit.is_clean


def test_uncommitted_changes_are_told(repository: Path) -> None:
    """What is not committed has no time."""
    (repository / "apollo" / "delivery" / "new.csv").touch()

    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert not commit.is_clean


def test_folder_outside_git(tmp_path: Path) -> None:
    """Without history nothing is known."""
    assert newest_commit(tmp_path) is None


def test_folder_without_commits(tmp_path: Path) -> None:
    """A repository without commits has no history either."""
    git(tmp_path, "init", "-q")

    assert newest_commit(tmp_path) is None


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git nothing is known, and nothing breaks."""
    monkeypatch.setenv("PATH", str(repository))

    assert newest_commit(repository / "apollo") is None


def test_settings_of_the_repository_run_nothing(repository: Path) -> None:
    """A repository that is judged must not have programs of its own run by asking for a time."""
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "gpg.program", "core.pager", "diff.external"):
        git(repository, "config", key, str(trap))
    git(repository, "config", "log.showSignature", "true")

    assert newest_commit(repository / "apollo") is not None
    assert not (repository / "sprung").exists()
