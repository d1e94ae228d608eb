"""What docs/ci.md shows of a new repository, a red gate and a green one is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING

from click.testing import CliRunner

from auditor.cli.main import auditor
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WHEN = "2026-09-30T18:00:00+02:00"
FACTS = {
    "project.yaml": (
        'project:\n  id: "hand:apollo"\n  name: Apollo\n  phase: execution\n  method: scrum\n'
        "  engagements: [development]\n  exclusion: null\n"
        "  execution: {started_at: 2026-09-01T08:00:00+02:00, ended_at: null}\n"
    ),
    "parties.yaml": "- {id: p-dana, name: Dana Weiss, kind: person}\n",
    "role_assignments.yaml": "- {id: r-dana, party: p-dana, role: DM, from: 2026-08-01, to: null}\n",
    "delegations.csv": "",
    "baselines.yaml": '- {id: b1, version: "1", effective_at: 2026-08-28T12:00:00+02:00}\n',
    "approvals.csv": (
        "id,subject,subject_version,decision,by,at,recorded_at\n"
        "a1,b1,1,approved,p-dana,2026-09-02T15:00:00+02:00,2026-09-02T15:10:00+02:00\n"
    ),
}


def test_example(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's three commands, in a repository that git dates; the page leaves parts out."""
    page = (root / "docs/ci.md").read_text("utf-8")
    blocks = re.findall(r"```console\n\$ auditor (.*?)\n(.*?)```", page, re.DOTALL)
    (setting_up, files), (checking, red), (again, green) = blocks
    monkeypatch.chdir(tmp_path)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
        monkeypatch.setenv(f"GIT_{name}_DATE", WHEN)
    git("init", "--quiet")
    git("remote", "add", "origin", "git@github.com:acme/apollo.git")

    says(setting_up, files, ExitCode.OK)
    for name, text in FACTS.items():
        (tmp_path / "delivery" / name).write_text(text, encoding="utf-8")
    commit()
    says(checking, red, ExitCode.GATED)
    register = tmp_path / "delivery/approvals.csv"
    register.write_text(FACTS["approvals.csv"].replace("09-02", "08-31"), encoding="utf-8")
    commit()
    says(again, green, ExitCode.OK)


def git(*arguments: str) -> None:
    """Run git in the test's folder."""
    subprocess.run(["git", *arguments], check=True)  # noqa: S607 - whichever git is there


def commit() -> None:
    """Commit everything."""
    git("add", "--all")
    git("commit", "--quiet", "--message", "Say what is known")


def says(line: str, shown: str, code: ExitCode) -> None:
    """Hold what a command says, and how it ends, against what is shown of it."""
    done = CliRunner().invoke(auditor, shlex.split(line), standalone_mode=False)

    assert done.return_value == code, done.output
    rest = done.output
    for part in filter(None, shown.split("...\n")):
        assert part in rest
        rest = rest.partition(part)[2]
