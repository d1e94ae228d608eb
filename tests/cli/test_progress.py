"""A long run shows a person how far it is, and nobody else anything."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, Any

import pytest

from auditor.cli.console import Console
from auditor.cli.progress import with_bar
from tests.cli.test_check import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LATER = """
import sys
from itertools import count
from auditor.cli import stopwatch
moments = count(0.0, 10.0)
stopwatch.seconds = lambda: next(moments)
from auditor.__main__ import main
sys.exit(main())
"""
"""The command with a clock by which everything takes long."""


def drained(stream: int) -> str:
    """Return what was written to a terminal that is closed by now."""
    shown = b""
    while True:
        try:
            piece = os.read(stream, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(stream)
    return shown.decode()


def left_over(shown: str) -> list[str]:
    """Return the lines that a terminal ends up with."""
    lines: list[str] = []
    for written in shown.replace("\r\n", "\n").split("\n"):
        line = ""
        for piece in written.split("\r"):
            line = piece + line[len(piece) :]
        lines.append(line.rstrip())
    return lines


def on_terminal(work: Callable[[], object]) -> str:
    """Return what a terminal is sent on stderr while *work* is done."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream, redirect_stderr(stream):
        work()
    return drained(ours)


def ten_seconds_later() -> Callable[[], float]:
    """Return a clock on which ten seconds pass before the first thing is done, and none after."""
    moments = iter([0.0])
    return lambda: next(moments, 10.0)


def watched(*things: str) -> Iterator[str]:
    """Hand on three things, the first of which takes long."""
    return with_bar(things, "reading inputs", len(things), clock=ten_seconds_later())


def test_bar_tells_count_rate_and_rest() -> None:
    """One of three done in ten seconds: a third, one tenth per second, twenty seconds left."""
    handed: list[str] = []

    shown = on_terminal(lambda: handed.extend(watched("a", "b", "c")))

    assert handed == ["a", "b", "c"]
    assert "\rreading inputs:  33%|" in shown
    assert "| 1/3,  0.10/s, 00:20 left" in shown
    assert "\x1b" not in shown


def test_bar_leaves_nothing_behind() -> None:
    """When the work is done its line is empty, and the next text begins it."""

    def work() -> None:
        list(watched("a", "b", "c"))
        Console().note("done")

    assert left_over(on_terminal(work)) == ["done", ""]


def test_what_is_told_meanwhile_is_not_torn() -> None:
    """A note has a line of its own, without a rest of the bar behind it."""

    def work() -> None:
        for thing in watched("a", "b", "c"):
            Console().note(f"at {thing}")

    shown = on_terminal(work)

    assert "reading inputs:  33%" in shown
    assert left_over(shown) == ["at a", "at b", "at c", ""]


def test_work_that_fails_takes_its_bar_along() -> None:
    """An error that ends the work stands alone on its line, though nobody asks for the next thing."""

    def fail() -> None:
        for thing in watched("a", "b", "c"):
            if thing == "b":
                raise ValueError(thing)

    def work() -> None:
        try:
            fail()
        except ValueError as error:
            Console().note(f"no {error}")

    assert left_over(on_terminal(work)) == ["no b", ""]


def test_work_that_is_over_at_once_has_no_bar() -> None:
    """Before a second has passed nothing is drawn."""
    moments = iter([0.0, 0.5, 0.99])

    assert on_terminal(lambda: list(with_bar("abc", "x", 3, clock=lambda: next(moments)))) == ""


@pytest.mark.parametrize(
    ("console", "terminal"),
    [(Console(quiet=True), "xterm"), (Console(), "dumb")],
    ids=["who wants quiet", "a dumb terminal"],
)
def test_nobody_to_be_shown(
    console: Console, terminal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Things are handed on as they are."""
    monkeypatch.setenv("TERM", terminal)
    things = ["a", "b"]
    handed: list[object] = []

    on_terminal(lambda: handed.append(console.progress(things, "reading inputs", total=2)))

    assert handed == [things]
    assert handed[0] is things


def check(place: Path, *arguments: str, **streams: Any) -> subprocess.CompletedProcess[bytes]:
    """Check two snapshots with a clock by which everything takes long."""
    write(place, "zeus.json", auditee="hand:zeus")
    return subprocess.run(
        [sys.executable, "-c", LATER, "check", "snapshots", "--policies", "policies", *arguments],
        cwd=place,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
        **streams,
    )


def test_check_shows_reading_and_judging_on_a_terminal(place: Path) -> None:
    """Both have a bar, both are gone at the end, and the report is the same as in a pipe."""
    ours, theirs = pty.openpty()
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "NO_COLOR": "1"}
    seen = check(place, stdout=subprocess.PIPE, stderr=theirs, env=environment)
    os.close(theirs)
    shown = drained(ours)
    piped = check(place, capture_output=True, env=environment)

    assert "reading inputs:  50%|" in shown
    assert "judging snapshots:  50%|" in shown
    assert left_over(shown) == [""]
    assert "\x1b" not in shown
    assert (seen.returncode, seen.stdout) == (piped.returncode, piped.stdout)
    assert piped.stderr == b""


def test_quiet_check_shows_no_bar(place: Path) -> None:
    """``--quiet`` leaves the terminal as it was."""
    ours, theirs = pty.openpty()
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm"}
    check(place, "--quiet", stdout=subprocess.PIPE, stderr=theirs, env=environment)
    os.close(theirs)

    assert drained(ours) == ""


def test_short_check_on_a_terminal_does_not_pay_for_the_bar(place: Path) -> None:
    """What draws it is imported when there is something to draw."""
    program = (
        "import sys; from auditor.__main__ import main; main();"
        " sys.exit(any(name.partition('.')[0] == 'tqdm' for name in sys.modules))"
    )
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "snapshots", "--policies", "policies"],
        cwd=place,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm"},
        timeout=120,
    )
    os.close(theirs)

    assert (done.returncode, drained(ours)) == (0, "")
