"""The gate is written for the CI that a repository uses, and never over what is there."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from auditor.documents.yaml import parse_yaml
from auditor.usecases.add_pipeline import (
    EXAMPLE_PATH,
    EXAMPLE_REVISION,
    EXAMPLE_URL,
    PIPELINES,
    Added,
    Detected,
    add_pipeline,
    detect,
)
from auditor.usecases.where_installed_from import Origin

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Origin("git.acme.example", "tools/auditor", "v9.9.9")
WHERE = {
    "github": "uses: tools/auditor@v9.9.9",
    "gitlab": "git+https://git.acme.example/tools/auditor@v9.9.9",
    "jenkins": "git+https://git.acme.example/tools/auditor@v9.9.9",
    "pre-commit": "repo: https://git.acme.example/tools/auditor\n    rev: v9.9.9",
}


def repository(folder: Path, remote: str | None = None) -> None:
    """Make *folder* a repository of git."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)  # noqa: S607 - whichever git is there
    if remote is not None:
        subprocess.run(["git", "remote", "add", "origin", remote], cwd=folder, check=True)  # noqa: S607 - see above


@pytest.mark.parametrize(
    ("files", "remote", "found"),
    [
        pytest.param([], None, [], id="nothing"),
        pytest.param([".github/CODEOWNERS"], None, [("github", ".github is there")], id="github"),
        pytest.param(
            [".gitlab-ci.yml"], None, [("gitlab", ".gitlab-ci.yml is there")], id="gitlab"
        ),
        pytest.param(["Jenkinsfile"], None, [("jenkins", "Jenkinsfile is there")], id="jenkins"),
        pytest.param(
            [".pre-commit-config.yaml", "Jenkinsfile"],
            "git@github.com:acme/apollo.git",
            [
                ("jenkins", "Jenkinsfile is there"),
                ("pre-commit", ".pre-commit-config.yaml is there"),
            ],
            id="files-before-the-host",
        ),
        pytest.param(
            [".pre-commit-config.yaml"],
            "https://gitlab.acme.example/apollo.git",
            [
                ("pre-commit", ".pre-commit-config.yaml is there"),
                ("gitlab", "it is pushed to gitlab.acme.example"),
            ],
            id="hooks-and-the-host",
        ),
        pytest.param(
            [], "git@github.com:acme/apollo", [("github", "it is pushed to github.com")], id="host"
        ),
        pytest.param([], "https://git.acme.example/github.git", [], id="not-the-path"),
    ],
)
def test_what_is_used(
    tmp_path: Path, files: list[str], remote: str | None, found: list[tuple[str, str]]
) -> None:
    """Files tell what runs here; where they do not, the host does."""
    repository(tmp_path, remote)
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert detect(str(tmp_path)) == [Detected(*one) for one in found]
    assert detect(str(tmp_path / "not/yet/there")) == [Detected(*one) for one in found]


@pytest.mark.parametrize("kind", PIPELINES)
def test_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """It names where this installation comes from."""
    monkeypatch.chdir(tmp_path)

    added = add_pipeline("new", kind, ORIGIN)

    assert added == Added(f"new/{PIPELINES[kind].target}", None)
    text = (tmp_path / "new" / PIPELINES[kind].target).read_text("utf-8")
    assert WHERE[kind] in text
    assert EXAMPLE_PATH not in text
    assert EXAMPLE_REVISION not in text


@pytest.mark.parametrize("kind", PIPELINES)
def test_the_place_of_auditor_is_not_known(tmp_path: Path, kind: str) -> None:
    """Nobody's repository is named rather than somebody's, and the file is the one of the documentation."""
    add_pipeline(str(tmp_path), kind, None)

    text = (tmp_path / PIPELINES[kind].target).read_text("utf-8")
    assert (EXAMPLE_URL in text) is (kind != "github")
    assert f"{EXAMPLE_PATH}@{EXAMPLE_REVISION}" in text.replace("\n    rev: ", "@")


@pytest.mark.parametrize("kind", PIPELINES)
def test_a_file_is_there(tmp_path: Path, kind: str) -> None:
    """It stays as it is, and the user gets the lines that join it."""
    target = tmp_path / PIPELINES[kind].target
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("mine\n", encoding="utf-8")

    lines = add_pipeline(str(tmp_path), kind, ORIGIN).lines

    assert target.read_text("utf-8") == "mine\n"
    assert lines is not None
    assert WHERE[kind] in lines


def test_a_link_into_nowhere_is_there(tmp_path: Path) -> None:
    """What it leads to is not written."""
    (tmp_path / "Jenkinsfile").symlink_to("elsewhere")

    assert add_pipeline(str(tmp_path), "jenkins", ORIGIN).lines is not None
    assert not (tmp_path / "elsewhere").exists()


def test_lines_join_a_list_of_hooks(tmp_path: Path) -> None:
    """What is added below `repos` makes one list."""
    (tmp_path / ".pre-commit-config.yaml").touch()
    lines = add_pipeline(str(tmp_path), "pre-commit", ORIGIN).lines

    whole = parse_yaml(f"repos:\n  - repo: local\n{lines}".encode(), path="x")
    assert isinstance(whole, dict)
    assert [one["repo"] for one in whole["repos"]] == ["local", ORIGIN.url]


def test_lines_are_one_stage(tmp_path: Path) -> None:
    """What is added below `stages` is a stage and nothing around it."""
    (tmp_path / "Jenkinsfile").touch()
    lines = add_pipeline(str(tmp_path), "jenkins", ORIGIN).lines

    assert lines is not None
    assert lines.startswith("        stage('Audit') {\n")
    assert lines.endswith("\n        }\n")
    assert lines.count("{") == lines.count("}")


@pytest.mark.parametrize("kind", PIPELINES)
def test_a_folder_of_a_larger_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A pipeline belongs to the whole, so nothing is written, and the whole's file is named."""
    repository(tmp_path)
    (tmp_path / "teams/apollo").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "teams")

    added = add_pipeline("apollo", kind, ORIGIN)

    assert (added.target, added.below) == (f"../{PIPELINES[kind].target}", "teams/apollo")
    assert added.lines is not None
    assert WHERE[kind] in added.lines
    assert [path.name for path in tmp_path.iterdir() if path.name != ".git"] == ["teams"]
