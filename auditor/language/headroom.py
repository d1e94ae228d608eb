"""
Room on the stack for what the language allows, however deep the caller already is.

Limits belong to the language and are counted, but Python has one of its own that counts the caller's frames,
too: the same policy would be judged from one place and break from another. So the limit is raised to what is
needed beyond the caller. It holds for the whole process, and is never lowered again: another thread may be
deep in an evaluation that began under the higher one.

Source: LANGUAGE.md, section 7; docs/decisions/0015.
"""

from __future__ import annotations

import inspect
import sys
from threading import Lock
from typing import Final

NEEDED: Final = 1_500
"""Frames: half as many again as the deepest expressions, names, definitions and values take that are allowed."""
ROOM: Final = 4_000
"""Frames that are there once the limit is raised, so that it is seldom raised twice."""

_LOCK: Final = Lock()


def make_room() -> None:
    """Let what the caller calls next go `NEEDED` frames deep, whatever the limit was."""
    depth = 0
    frame = inspect.currentframe()
    while frame is not None:
        depth += 1
        frame = frame.f_back
    # A frame counts twice where Python is called back from a function that is not written in it.
    below = 2 * depth
    if sys.getrecursionlimit() < below + NEEDED:
        with _LOCK:
            sys.setrecursionlimit(max(below + ROOM, sys.getrecursionlimit()))
