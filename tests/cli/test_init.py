"""``auditor init`` sets up a delivery repository that says only what the user said."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from auditor.documents.yaml import parse_yaml
from tests.cli.conftest import AUDITOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

FILES = [
    ".auditor/config.schema.json",
    "auditor.yaml",
    "delivery/README.md",
    "delivery/project.yaml",
]


def written(folder: Path) -> list[str]:
    """Return every file below *folder*."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_a_new_repository_is_judged_and_nothing_in_it_is_green(
    tmp_path: Path, auditor: Command
) -> None:
    """What nobody has said yet is unobserved: no verdict is a pass, none says that something is missing."""
    done = auditor("init", "apollo", "--name", "Apollo", "--time-zone", "Europe/Berlin")

    assert (done.code, done.out) == (0, "")
    assert written(tmp_path / "apollo") == FILES
    assert "auditor snapshot show . --coverage" in done.err

    judged = auditor("check", "apollo", "-f", "json", "--captured-at", "2026-11-01T00:00:00Z")
    assert judged.code == 1
    assert set(judged.verdicts()["hand:apollo"].values()) == {"inconclusive"}


def test_a_name_is_text_whatever_is_in_it(tmp_path: Path, auditor: Command) -> None:
    """Quotes, colons and markup in a name do not change the files."""
    name = 'Äpollo: "the #1" {x}'
    done = auditor("init", "--name", name, "--time-zone", "UTC", "--id", "jira:10042")

    head = parse_yaml((tmp_path / "delivery/project.yaml").read_bytes(), path="project.yaml")
    config = parse_yaml((tmp_path / "auditor.yaml").read_bytes(), path="auditor.yaml")
    assert done.code == 0
    assert head == {"project": {"id": "jira:10042", "name": name}}
    assert config == {
        "auditee": "jira:10042",
        "time_zone": "UTC",
        "sources": [{"reader": "folder"}],
    }


def test_an_id_is_made_of_the_name(tmp_path: Path, auditor: Command) -> None:
    """Letters with marks lose them; what cannot be written so wants an id."""
    assert auditor("init", "a", "--name", "Äpollo & Söhne", "--time-zone", "UTC").code == 0
    assert 'auditee: "hand:apollo-sohne"' in (tmp_path / "a/auditor.yaml").read_text("utf-8")

    done = auditor("init", "b", "--name", "项目", "--time-zone", "UTC")
    assert done.code == 2
    assert "no id can be made of the name" in done.err
    assert not (tmp_path / "b").exists()


def test_a_unit_has_its_own_registers(tmp_path: Path, auditor: Command) -> None:
    """A unit's folder says what a unit is made of, and is read as one."""
    auditor("init", "--unit", "--name", "Billing", "--time-zone", "America/New_York")

    page = (tmp_path / "delivery/README.md").read_text("utf-8")
    assert "| `scorecards.yaml` or `scorecards.csv` |" in page
    assert "sprints.yaml" not in page
    shown = auditor("snapshot", "show", ".", "--captured-at", "2026-11-01T00:00:00Z")
    assert shown.out.startswith("Billing (hand:billing), unit, .\n")


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_written_over(tmp_path: Path, auditor: Command, name: str) -> None:
    """One file that is there keeps all others from being written."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")

    done = auditor("init", "--name", "Apollo", "--time-zone", "UTC")

    assert done.code == 2
    assert f"'{name}' is there already, nothing was written" in done.err
    assert written(tmp_path) == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


def test_an_unknown_zone(tmp_path: Path, auditor: Command) -> None:
    """The nearest zone is named."""
    done = auditor("init", "--name", "Apollo", "--time-zone", "Europe/Berln")

    assert done.code == 2
    assert "did you mean 'Europe/Berlin'?" in done.err
    assert written(tmp_path) == []


def test_nobody_can_be_asked(auditor: Command) -> None:
    """Without a terminal a missing answer is a slip of the command line, not a question nobody sees."""
    done = auditor("init", "--name", "Apollo")

    assert done.code == 2
    assert "error[usage]: --time-zone is missing" in done.err


def test_git_tells_up_to_when_it_speaks(tmp_path: Path, auditor: Command) -> None:
    """The repository that was set up dates itself once it is committed."""
    auditor("init", "--name", "Apollo", "--time-zone", "UTC")
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "a"),
            ("EMAIL", "a@example.org"),
            ("DATE", "2026-11-01T10:00:00Z"),
        )
    }
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **identity}
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "set up"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, env=environment)  # noqa: S607

    done = auditor("snapshot", "show", ".")

    assert done.code == 0
    assert "captured    2026-11-01 10:00" in done.out


def test_the_gate_is_set_up_where_it_will_run(tmp_path: Path, auditor: Command) -> None:
    """What the repository shows of its CI is told, and the gate is written for it."""
    (tmp_path / ".github").mkdir()

    done = auditor("init", "--name", "Apollo", "--time-zone", "UTC")

    assert (done.code, done.out) == (0, "")
    assert written(tmp_path) == [FILES[0], ".github/workflows/auditor.yml", *FILES[1:]]
    assert done.err.startswith(
        "sets up GitHub Actions, because .github is there; --ci says otherwise\n"
    )
    assert "wrote .github/workflows/auditor.yml\n" in done.err


def test_no_gate_is_never_silent(tmp_path: Path, auditor: Command) -> None:
    """Where nothing tells which CI it is, and nobody can be asked, the option that adds one is named."""
    done = auditor("init", "--name", "Apollo", "--time-zone", "UTC")

    assert (done.code, done.out) == (0, "")
    assert written(tmp_path) == FILES
    assert done.err.startswith(
        "no CI was chosen: --ci github|gitlab|jenkins|pre-commit adds a gate\n"
    )


def test_no_gate_is_wanted(tmp_path: Path, auditor: Command) -> None:
    """Whoever says none gets none, whatever is there."""
    (tmp_path / ".github").mkdir()

    done = auditor("init", "--name", "A", "--time-zone", "UTC", "--ci", "none")

    assert done.code == 0
    assert written(tmp_path) == FILES
    assert "no CI was chosen" not in done.err


def test_none_and_one(tmp_path: Path, auditor: Command) -> None:
    """Two answers that exclude each other are a slip."""
    done = auditor("init", "--name", "A", "--time-zone", "UTC", "--ci", "none", "--ci", "gitlab")

    assert done.code == 2
    assert "--ci none and --ci gitlab contradict each other" in done.err
    assert written(tmp_path) == []


def test_the_gate_is_added_later(tmp_path: Path, auditor: Command) -> None:
    """In a repository that is set up only the gate is added; a file that is there gets its lines by hand."""
    auditor("init", "--name", "Apollo", "--time-zone", "UTC")
    (tmp_path / "Jenkinsfile").write_text("mine", encoding="utf-8")

    done = auditor("init", "--ci", "gitlab", "--ci", "jenkins", "--ci", "gitlab")

    assert done.code == 0
    assert done.out.startswith("        stage('Audit') {\n")
    assert written(tmp_path) == [FILES[0], ".gitlab-ci.yml", "Jenkinsfile", *FILES[1:]]
    assert (tmp_path / "Jenkinsfile").read_text("utf-8") == "mine"
    assert done.err.startswith(
        "wrote .gitlab-ci.yml\nJenkinsfile is there already and stays as it is; add to it:\n"
    )
    assert "delivery folder" not in done.err


def test_nothing_is_set_up_by_halves(tmp_path: Path, auditor: Command) -> None:
    """Whoever says more than --ci means a new repository, and hears that there is one."""
    auditor("init", "--name", "Apollo", "--time-zone", "UTC")

    done = auditor("init", "--name", "Apollo", "--time-zone", "UTC", "--ci", "gitlab")

    assert done.code == 2
    assert "'auditor.yaml' is there already, nothing was written" in done.err
    assert written(tmp_path) == FILES


def test_on_a_terminal_what_nothing_tells_is_asked(tmp_path: Path) -> None:
    """Who answers gets the gate; the questions stand on stderr, so that they are seen."""
    ours, theirs = os.openpty()
    os.write(ours, b"Apollo\nEurope/Berlin\ngitlab\n")

    done = subprocess.run(
        [AUDITOR, "init"], cwd=tmp_path, stdin=theirs, capture_output=True, check=False
    )
    os.close(theirs)
    os.close(ours)

    assert (done.returncode, done.stdout) == (0, b"")
    assert b"CI that is to run the gate (github, gitlab, jenkins, pre-commit, none)" in done.stderr
    assert ".gitlab-ci.yml" in written(tmp_path)
