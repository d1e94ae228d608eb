"""A delivery folder in git says itself when it was last changed."""

from __future__ import annotations

import os
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest

from auditor.usecases.ask_git import LOCAL
from auditor.usecases.commit_time import Commit, newest_commit

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


def program(repository: Path) -> Path:
    """Write a program that leaves a mark, ``sprung``, when it is run."""
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{repository}/sprung'\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    return trap


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
    trap = program(repository)
    for key in ("core.fsmonitor", "gpg.program", "core.pager", "diff.external"):
        git(repository, "config", key, str(trap))
    git(repository, "config", "log.showSignature", "true")

    assert newest_commit(repository / "apollo") is not None
    assert not (repository / "sprung").exists()


@pytest.mark.parametrize("scope", ["--local", "--worktree"])
@pytest.mark.parametrize("key", ["clean", "process"])
def test_filters_of_the_repository_run_nothing(repository: Path, scope: str, key: str) -> None:
    """Git would read a changed file by the filter that the repository names for it."""
    (repository / "apollo/.gitattributes").write_text("*.csv filter=trap\n", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "three")
    git(repository, "config", "extensions.worktreeConfig", "true")
    trap = program(repository)
    for name in ("trap", "a=b.c"):
        git(repository, "config", scope, f"filter.{name}.{key}", str(trap))
        git(repository, "config", scope, f"filter.{name}.required", "true")
    (repository / "apollo/delivery/risks.csv").write_text("di\n", encoding="utf-8")

    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert not commit.is_clean
    assert not (repository / "sprung").exists()


def test_filters_of_the_user_stay(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the user has set up says what a file holds, as large files are kept; the repository cannot replace it."""
    (repository / "apollo/.gitattributes").write_text("*.csv filter=ours\n", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "three")
    git(repository, "config", "filter.ours.clean", str(program(repository)))
    (repository / "apollo/delivery/risks.csv").write_text("di\n", encoding="utf-8")
    own = tmp_path / "own"
    own.write_text('[filter "ours"]\n\tclean = "echo id; true"\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))

    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert commit.is_clean
    assert not (repository / "sprung").exists()


def test_a_hook_of_another_repository_changes_nothing(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells its hooks where their own repository is; the one that is asked about is the folder's."""
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))

    commit = newest_commit(repository / "apollo")

    assert commit == Commit("2026-03-01T10:00:00+01:00", is_clean=True)


def test_what_git_keeps_to_one_repository_is_dropped() -> None:
    """All that this git lists, but for settings that the user hands over."""
    listed = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"],  # noqa: S607 - as above
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert set(listed) - {"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"} <= LOCAL


def test_hooks_of_the_repository_run_nothing(repository: Path) -> None:
    """Git would tell a hook that it has looked at files whose times are new."""
    program(repository).rename(repository / ".git/hooks/post-index-change")
    file = repository / "apollo/delivery/risks.csv"
    os.utime(file, (1, 1))

    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert commit.is_clean
    assert not (repository / "sprung").exists()


def test_a_repository_within_the_folder_is_not_asked(repository: Path, tmp_path: Path) -> None:
    """It has settings of its own that may name programs, so whether it is clean is not known."""
    inner = tmp_path / "apollo/inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "a.txt").touch()
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "inner")
    git(repository, "add", "apollo/inner")
    git(repository, "commit", "-qm", "three")
    git(inner, "config", "filter.trap.clean", str(program(repository)))
    (inner / ".git/info/attributes").write_text("* filter=trap\n", encoding="utf-8")
    (inner / "a.txt").write_text("x", encoding="utf-8")

    commit = newest_commit(repository / "apollo")

    assert commit is not None
    assert not commit.is_clean
    assert not (repository / "sprung").exists()


def test_a_partial_clone_fetches_nothing(repository: Path, tmp_path: Path) -> None:
    """The repository's settings name the program that fetches what is not here."""
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone, mark = tmp_path / "clone", tmp_path / "sprung"
    git(repository, "clone", "-q", "-n", "--filter=tree:0", repository.as_uri(), str(clone))
    git(clone, "config", "protocol.file.allow", "always")
    git(clone, "config", "remote.origin.uploadpack", f"touch '{mark}'; git-upload-pack")
    (clone / "apollo").mkdir()

    assert newest_commit(clone / "apollo") is None
    assert not mark.exists()
