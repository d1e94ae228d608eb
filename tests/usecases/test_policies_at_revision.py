"""The policies of a git revision are copied as they are, and nothing that a repository says leads elsewhere."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import InputError, UsageProblem
from auditor.usecases.policies_at_revision import policies_at

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git as somebody without settings."""
    who = {
        f"GIT_{role}_{part}": "x@y"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git the tests' user has
        cwd=folder,
        input=given,
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", **who},
    )
    return done.stdout.decode().strip()


def commit(folder: Path, name: str) -> None:
    """Commit everything, under a tag."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", name)
    git(folder, "tag", name)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a repository with a pack of one policy, and words of it and beside it."""
    folder = tmp_path / "repository"
    pack = folder / "policies" / "ours"
    pack.mkdir(parents=True)
    (pack / "rule.yaml").write_bytes(b"id: rule\r\n")
    (pack / "rule.cases.yaml").write_text("policy: rule\n", encoding="utf-8")
    (pack / "pack.yaml").write_text("title: ours\n", encoding="utf-8")
    (pack.parent / "pack.yaml").write_text("title: all\n", encoding="utf-8")
    (pack / "notes.md").write_text("x", encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "v1")
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_it_held_then_and_nothing_since(repository: Path, tmp_path: Path) -> None:
    """Policies and words, byte for byte; no cases, no notes, no change that is not committed."""
    (repository / "policies/ours/rule.yaml").write_text("id: changed\n", encoding="utf-8")

    found = policies_at("v1", "policies", tmp_path / "out")

    assert found.shown == "v1:policies"
    assert files(found.path) == {
        "ours/rule.yaml": b"id: rule\r\n",
        "ours/pack.yaml": b"title: ours\n",
        "pack.yaml": b"title: all\n",
    }


@pytest.mark.usefixtures("repository")
def test_one_pack_comes_with_the_words_beside_it(tmp_path: Path) -> None:
    """Under its own name, which is that of the pack."""
    found = policies_at("main", "policies/ours/", tmp_path / "out")

    assert found.path.name == "ours"
    assert (found.path.parent / "pack.yaml").read_bytes() == b"title: all\n"


def test_from_where_you_are(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is that of the directory in which the command is typed, as everywhere."""
    monkeypatch.chdir(repository / "policies")

    here = policies_at("v1", ".", tmp_path / "here")
    above = policies_at("v1", "../policies/ours", tmp_path / "above")

    assert set(files(here.path)) == {"ours/rule.yaml", "ours/pack.yaml", "pack.yaml"}
    assert here.path.name == "policies"
    assert set(files(above.path)) == {"rule.yaml", "pack.yaml"}


@pytest.mark.parametrize(
    ("revision", "directory", "said"),
    [
        ("v9", "policies", "'v9': there is no folder of that name, and no git revision"),
        ("--help", "policies", "'--help': there is no folder"),
        ("-O/x", "policies", "'-O/x': there is no folder"),
        ("v1\0", "policies", "there is no folder"),
        ("v1:policies", "policies", "there is no folder of that name"),
        ("", "policies", "there is no folder"),
        ("v1", "rules", "'v1' has no folder 'rules'"),
        ("v1", "policies/ours/rule.yaml", "has no folder"),
        ("v1", "../..", "has no folder"),
        ("v1", "/etc", "has no folder"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_there_is_not(revision: str, directory: str, said: str, tmp_path: Path) -> None:
    """A slip is told as what it is, and no text becomes an option of git's."""
    with pytest.raises(UsageProblem) as caught:
        policies_at(revision, directory, tmp_path / "out")

    assert said in caught.value.message


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no revisions."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UsageProblem, match="no git revision"):
        policies_at("main", "policies", tmp_path / "out")


def hostile(folder: Path, mode: str, name: bytes) -> None:
    """Commit a tree with an entry that git would not make, under the tag ``bad``."""
    content = git(folder, "hash-object", "-w", "--stdin", given=b"id: x\n")
    entry = mode.encode() + b" " + name + b"\0" + bytes.fromhex(content)
    pack = git(folder, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", given=entry)
    above = b"40000 policies\0" + bytes.fromhex(pack)
    root = git(folder, "hash-object", "-w", "-t", "tree", "--stdin", given=above)
    git(folder, "tag", "bad", git(folder, "commit-tree", root, "-m", "bad"))


@pytest.mark.parametrize(
    ("mode", "name", "said"),
    [
        pytest.param("100644", b"../out.yaml", "no file may be called", id="up"),
        pytest.param("100644", b"a/../../out.yaml", "no file may be called", id="up, inside"),
        pytest.param("100644", b"/etc/out.yaml", "no file may be called", id="absolute"),
        pytest.param("100644", b"a\\..\\out.yaml", "no file may be called", id="backslash"),
        pytest.param("100644", b"c:out.yaml", "no file may be called", id="drive"),
        pytest.param("100644", b"a\nb.yaml", "no file may be called", id="line feed"),
        pytest.param("100644", b"a\xffb.yaml", "its name is not UTF-8", id="bytes"),
        pytest.param("120000", b"link.yaml", "it is a link", id="link"),
        pytest.param("120000", b"folder", "it is a link", id="link to a folder"),
        pytest.param("160000", b"module", "it is a link or a repository of its own", id="module"),
        pytest.param("100644", b"x" * 300 + b".yaml", "file name too long", id="too long"),
    ],
)
def test_names_that_lead_elsewhere(
    mode: str, name: bytes, said: str, repository: Path, tmp_path: Path
) -> None:
    """They are refused by name, and nothing is written outside."""
    hostile(repository, mode, name)
    before = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}

    with pytest.raises(InputError, match="cannot copy 'bad:policies/") as caught:
        policies_at("bad", "policies", tmp_path / "out")

    written = {path for path in tmp_path.rglob("*") if ".git" not in path.parts} - before
    assert said in caught.value.message
    assert all(path.is_relative_to(tmp_path / "out") for path in written)


def test_what_is_hidden_is_nobodys_business(repository: Path, tmp_path: Path) -> None:
    """As in a folder."""
    hostile(repository, "120000", b".hidden.yaml")

    assert files(policies_at("bad", "policies", tmp_path / "out").path) == {}


def test_programs_that_a_repository_names_are_not_run(repository: Path, tmp_path: Path) -> None:
    """Its settings are its own; here it is only read."""
    ran = tmp_path / "ran"
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external"):
        git(repository, "config", key, f"touch {ran}")
    (repository / ".gitattributes").write_text("*.yaml filter=f diff=f\n", encoding="utf-8")
    for key in ("filter.f.smudge", "diff.f.textconv"):
        git(repository, "config", key, f"touch {ran}")

    policies_at("v1", "policies", tmp_path / "out")

    assert not ran.exists()


def partial_clone(repository: Path, clone: Path) -> Path:
    """Clone *repository* without the content of its files; fetching that runs a trap, whose mark is returned."""
    git(repository, "config", "uploadpack.allowFilter", "true")
    source = repository.as_uri()
    git(clone.parent, "clone", "-q", "--no-checkout", "--filter=blob:none", source, str(clone))
    mark = clone.parent / "sprung"
    for key, value in (
        ("protocol.file.allow", "always"),
        ("remote.origin.uploadpack", f"touch '{mark}'; git-upload-pack"),
    ):
        git(clone, "config", key, value)
    return mark


def test_the_trap_of_a_partial_clone_springs(repository: Path, tmp_path: Path) -> None:
    """Git that is asked without care runs it; the tests that see it not run would else prove nothing."""
    mark = partial_clone(repository, tmp_path / "clone")

    git(tmp_path / "clone", "cat-file", "blob", "v1:policies/pack.yaml")

    assert mark.exists()


def test_nothing_is_fetched(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of a repository name the program that fetches; what is not here is not asked for."""
    mark = partial_clone(repository, tmp_path / "clone")
    monkeypatch.chdir(tmp_path / "clone")

    with pytest.raises(InputError, match="is not in the repository") as refused:
        policies_at("v1", "policies", tmp_path / "out")

    assert "fetch" in str(refused.value.hint)
    assert not mark.exists()


def test_the_content_of_a_file_is_not_here(repository: Path, tmp_path: Path) -> None:
    """A commit may name content that the repository has lost; that is its fault, not the typist's."""
    blob = git(repository, "rev-parse", "v1:policies/ours/rule.yaml")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(InputError, match=r"'v1:policies/ours/rule\.yaml' is not in the repository"):
        policies_at("v1", "policies", tmp_path / "out")


def test_a_folder_is_not_here(repository: Path, tmp_path: Path) -> None:
    """What a folder holds cannot be told either, which is not the same as that there is no such folder."""
    tree = git(repository, "rev-parse", "v1:policies/ours")
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()

    with pytest.raises(InputError, match="'v1:policies' is not in the repository"):
        policies_at("v1", "policies", tmp_path / "out")


def test_words_beside_a_pack_are_not_here(repository: Path, tmp_path: Path) -> None:
    """Without them the pack would mean something else."""
    blob = git(repository, "rev-parse", "v1:policies/pack.yaml")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(InputError, match="is not in the repository"):
        policies_at("v1", "policies/ours", tmp_path / "out")
