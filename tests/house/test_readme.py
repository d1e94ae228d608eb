"""The README's two commands exist once, fit on one line, and are those that are run in a fresh clone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

AUDITOR = Path(sys.executable).with_name("auditor")
COMMAND = re.compile(r"<!-- command: (\w+) -->\n\n?```bash\n(.*)\n```\n")


def commands(root: Path) -> dict[str, list[str]]:
    """Return what stands behind each marker of the README."""
    found: dict[str, list[str]] = {}
    for name, command in COMMAND.findall((root / "README.md").read_text(encoding="utf-8")):
        found.setdefault(name, []).append(command)
    return found


def test_each_command_stands_there_once(root: Path) -> None:
    """Somebody who copies a command copies the one that is tested."""
    found = commands(root)

    assert sorted(found) == ["audit", "test"]
    assert all(len(lines) == 1 for lines in found.values())


@pytest.mark.parametrize("name", ["audit", "test"])
def test_command_is_one_line(name: str, root: Path) -> None:
    """A command of several lines is no command."""
    (command,) = commands(root)[name]

    assert "\n" not in command
    assert command == command.strip()


def test_audit_needs_nothing_but_python(root: Path) -> None:
    """The main job runs without the tools of developers, and its exit code is 0 whatever is found."""
    (command,) = commands(root)["audit"]

    assert "[dev]" not in command
    assert (
        "auditor check fixtures/portfolio --profile fixtures/organisation/profile.yaml" in command
    )
    assert "-f text -f junit=report.xml --fail-on never" in command


def test_no_other_markers(root: Path) -> None:
    """A marker that no command follows would be skipped in silence."""
    text = (root / "README.md").read_text(encoding="utf-8")

    assert text.count("<!-- command:") == len(COMMAND.findall(text))


def test_examples_are_what_is_printed(root: Path) -> None:
    """What the README shows of a command is what the command shows; nobody types outputs by hand."""
    script = root / ".ci/readme_examples.py"

    done = subprocess.run([sys.executable, script, "--check"], check=False)

    assert (root / "README.md").read_text(encoding="utf-8").count("    $ auditor ") > 1
    assert done.returncode == 0, "run: python .ci/readme_examples.py"


def test_first_snapshot_of_a_reader_is_valid(root: Path, tmp_path: Path) -> None:
    """Whoever copies the example has a project that can be judged."""
    text = (root / "README.md").read_text(encoding="utf-8")
    (snapshot,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "apollo.yaml").write_text(snapshot, encoding="utf-8")

    done = subprocess.run(
        [AUDITOR, "check", "apollo.yaml"], cwd=tmp_path, capture_output=True, check=False
    )

    assert done.returncode == 1, done.stderr
