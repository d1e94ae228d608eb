"""
Run a recursive function whatever the caller's depth.

Python counts the frames of the whole thread, so a document of modest depth can fail when it is parsed
deep inside other calls. A thread of its own starts at depth zero: there the same call always succeeds,
because our own counters have bounded its recursion before.
"""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


def at_any_depth(function: Callable[[], _T]) -> _T:
    """Return what *function* returns or raise what it raises; it may run twice and so must be pure."""
    try:
        return function()
    except RecursionError:
        pass
    # Outside the handler: the failed call's frames are gone, and their count with them.
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
