"""
Where words go: results to stdout, everything else to stderr.

Only the command line knows of terminals and of the environment; here is all that it asks of them.
A reader that leaves early (``auditor check | head``) takes nothing from the exit code: what it did not
want to read is dropped, and the gate still says what it has to say. A disk that is full or a stdout that
is closed is an error, since somebody wanted to read that.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO, TypeVar

from auditor.cli.progress import clear_bars, with_bar
from auditor.cli.render import render_errors
from auditor.model.errors import OutputError
from auditor.reporters.foreign_text import flowing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.errors import AuditorError

_Thing = TypeVar("_Thing")

DEBUG_VARIABLE: Final = "AUDITOR_DEBUG"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
_HOW_TO_WRITE: Final = "free some space, or write to another place"


def wants_colour(stream: TextIO | None) -> bool:
    """Whether *stream* is a terminal whose user has not asked for plain text (https://no-color.org)."""
    if stream is None or variable("NO_COLOR") or variable("TERM") == "dumb":
        return False
    return stream.isatty()


def shows_progress(stream: TextIO | None) -> bool:
    """Whether *stream* is a terminal that can write a line anew."""
    return stream is not None and stream.isatty() and variable("TERM") != "dumb"


def wants_traceback() -> bool:
    """Whether the user asked to see how a fault of ours came about."""
    return bool(variable(DEBUG_VARIABLE))


@dataclass(frozen=True, slots=True)
class Console:
    """The two streams, as one verb uses them."""

    quiet: bool = False
    verbose: bool = False

    @property
    def has_colour(self) -> bool:
        """Whether results are read on a terminal that wants colour."""
        return wants_colour(sys.stdout)

    def result(self, data: bytes) -> None:
        """Write a piece of a result."""
        write_bytes(sys.stdout, data)

    def line(self, text: str = "") -> None:
        """Write one line of a result; *text* has passed through `foreign_text` where others wrote it."""
        self.result(f"{text}\n".encode("utf-8", "backslashreplace"))

    def note(self, text: str) -> None:
        """Tell how the work goes; not when asked to be quiet."""
        if not self.quiet:
            write_text(f"{flowing(text)}\n")

    def details(self, texts: Iterable[str]) -> None:
        """Tell what only somebody who looks for it wants to know, one line each."""
        if self.verbose and not self.quiet:
            for text in texts:
                write_text(f"{flowing(text)}\n")

    def progress(self, things: Iterable[_Thing], label: str, *, total: int) -> Iterable[_Thing]:
        """Show a bar while *things* are worked on, where a person looks on who wants to know."""
        if self.quiet or not shows_progress(sys.stderr):
            return things
        return with_bar(things, label, total)

    def errors(self, errors: Iterable[AuditorError]) -> None:
        """Show what is wrong; quiet or not."""
        write_text(render_errors(errors, colour=wants_colour(sys.stderr)))


def write_text(text: str) -> None:
    """Write to stderr; where that cannot be written to, there is nobody left to be told."""
    with suppress(OutputError):
        write_bytes(sys.stderr, text.encode("utf-8", "backslashreplace"))


def write_bytes(stream: TextIO | None, data: bytes) -> None:
    """
    Write and flush *data*; a reader that has gone away is no fault.

    Args:
        stream: None where the shell has closed it.
        data: What to write.

    Raises:
        OutputError: It cannot be written.
    """
    if stream is None:
        msg = "cannot write to stdout: it is closed"
        raise OutputError(msg, hint=_HOW_TO_WRITE)
    clear_bars()
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        _discard(stream)
    except OSError as error:
        raise _lost(stream, error) from None


def lost_output(error: OSError) -> OutputError | None:
    """Return *error* as what it is when a library wrote to a stdout that cannot take more; else None."""
    if error.errno not in _NO_ROOM or error.filename is not None or sys.stdout is None:
        return None
    return _lost(sys.stdout, error)


def _lost(stream: TextIO, error: OSError) -> OutputError:
    _discard(stream)
    msg = f"cannot write to stdout: {(error.strerror or 'the system refuses').lower()}"
    return OutputError(msg, hint=_HOW_TO_WRITE)


def _discard(stream: TextIO) -> None:
    """Drop what is still to be written: the interpreter flushes once more at exit, and must not fail then."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def variable(name: str) -> str | None:
    """Return a variable of the environment; None for one that is not set."""
    return os.environ.get(name)  # noqa: TID251 - the command line is where the environment is read
