"""
Follow docs/tutorial.md step by step, as a reader would, in an empty folder beside a copy of what the clone holds.

    python .ci/tutorial.py            write into the page what the commands print
    python .ci/tutorial.py --check    end with 1, and say where, if the page shows something else

What is followed:

    ```console         lines that begin with "$ " are typed, and what they print stands below them;
                       <!-- exit 1 --> before the block: its last command ends so, not with 0
    <!-- write FILE -->    the block that follows is the file
    <!-- change FILE -->   the ```diff block that follows is a change: the file holds what stands there with
                           "-" and " ", once, and then what stands there with "+" and " "
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/tutorial.md"
BASH = shutil.which("bash") or "/bin/bash"
STEP = re.compile(
    r"(?:<!-- (?P<order>write|change|exit) (?P<what>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n",
    re.DOTALL,
)


class Astray(Exception):
    """A step does not do what the page says."""


class Reader:
    """
    Somebody who does what the page says.

    Args:
        place: An empty folder.
    """

    def __init__(self, place: Path) -> None:
        clone = place / "auditor"
        clone.mkdir()
        (clone / "fixtures").symlink_to(ROOT / "fixtures")
        self._cwd = clone
        self._place = place
        home = place / "home"
        home.mkdir()
        self._env = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), *os.get_exec_path()]),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_AUTHOR_NAME": "Process owner",
            "GIT_AUTHOR_EMAIL": "owner@example.org",
            "GIT_AUTHOR_DATE": "2026-11-02T09:00:00+00:00",
            "GIT_COMMITTER_NAME": "Process owner",
            "GIT_COMMITTER_EMAIL": "owner@example.org",
            "GIT_COMMITTER_DATE": "2026-11-02T09:00:00+00:00",
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def follow(self, step: re.Match[str]) -> str:
        """Do what a block of the page says, and return the block as it should be."""
        order, what, body = step["order"], step["what"], step["body"]
        if order == "write":
            path = self._cwd / what
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif order == "change":
            self._change(self._cwd / what, body)
        elif step["kind"] == "console":
            wanted = int(what) if order == "exit" else 0
            return step[0].replace(body, self._type(body, wanted))
        return step[0]

    def _change(self, path: Path, body: str) -> None:
        lines = body.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            msg = f"{path.name} does not hold this once:\n{before}\n--- it is:\n{text}"
            raise Astray(msg)
        path.write_text(text.replace(before, after), encoding="utf-8")

    def _type(self, body: str, wanted: int) -> str:
        """Type the commands of a block; return it with what they print."""
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        told = ""
        for number, command in enumerate(commands, 1):
            code, printed = self._run(command)
            told += f"$ {command}\n{printed}"
            expected = wanted if number == len(commands) else 0
            if code != expected:
                msg = f"'{command}' ended with {code}, not {expected}:\n{told}"
                raise Astray(msg)
        return told

    def _run(self, command: str) -> tuple[int, str]:
        where = self._place / "cwd"
        done = subprocess.run(
            [BASH, "-c", f'{command}\ncode=$?; pwd > "{where}"; exit $code'],
            cwd=self._cwd,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
            text=True,
        )
        self._cwd = Path(where.read_text(encoding="utf-8").strip())
        printed = done.stdout
        return done.returncode, printed if not printed or printed.endswith("\n") else f"{printed}\n"


def followed(page: str) -> str:
    """
    Follow all of *page*.

    Returns:
        The page with what its commands print.

    Raises:
        Astray: A step cannot be done, or ends otherwise than told.
    """
    with tempfile.TemporaryDirectory() as place:
        return STEP.sub(Reader(Path(place)).follow, page)


def main() -> int:
    """Write the page anew, or compare it."""
    page = PAGE.read_text(encoding="utf-8")
    try:
        found = followed(page)
    except Astray as problem:
        print(problem)
        return 1
    if "--check" not in sys.argv:
        PAGE.write_text(found, encoding="utf-8")
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(
            page.splitlines(keepends=True), found.splitlines(keepends=True), "the page", "the steps"
        )
    )
    return int(found != page)


if __name__ == "__main__":
    sys.exit(main())
