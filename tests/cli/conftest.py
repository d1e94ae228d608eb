"""The installed command, as a user's shell starts it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.editor import Editor

DATA = Path(__file__).with_name("data")
AUDITOR = Path(sys.executable).with_name("auditor")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def results(self) -> Any:
        """What ``-f json`` wrote to stdout."""
        return json.loads(self.out)

    def verdicts(self) -> dict[str, dict[str, str]]:
        """Return the outcomes in ``-f json`` by auditee and policy, of policies with one subject."""
        return {
            result["auditee"]: {
                verdict["policy"]: verdict["outcome"] for verdict in result["document"]["verdicts"]
            }
            for result in self.results["results"]
        }


class Command(Protocol):
    """Runs ``auditor`` with arguments, in the test's own folder."""

    def __call__(self, *arguments: str | Path, **environment: str) -> Done:
        """Run the command; keywords are variables of its environment."""
        ...


@pytest.fixture
def auditor(tmp_path: Path) -> Command:
    """Return the installed command; its environment holds nothing but what the test says."""

    def run(*arguments: str | Path, **environment: str) -> Done:
        done = subprocess.run(
            [AUDITOR, *arguments],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", **environment},
            timeout=120,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a pack of one policy and a snapshot that passes it."""
    pack = tmp_path / "policies" / "trial"
    pack.mkdir(parents=True)
    snapshots = tmp_path / "snapshots"
    snapshots.mkdir()
    copy(DATA / "nothing-approved.yaml", pack)
    copy(DATA / "apollo.json", snapshots)
    return tmp_path


@pytest.fixture(scope="session")
def session() -> Iterator[Editor]:
    """Return an editor that has the whole project open."""
    # Imported here, so that whoever tests other verbs need not wait for it.
    from tests.cli.editor import ROOT, Editor  # noqa: PLC0415 - see above

    with asyncio.Runner() as runner:
        editor = Editor(runner)
        editor.start(root=ROOT)
        yield editor
        assert editor.log == []
        assert editor.end() == 0


@pytest.fixture
def editor(session: Editor) -> Iterator[Editor]:
    """Return the editor; what a test opens in it is closed again."""
    yield session
    session.close_all()
