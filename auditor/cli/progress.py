"""
The bar of a long piece of work, on a terminal.

What is over at once shows none: tqdm is not even imported before `DELAY` has passed. The bar leaves nothing
behind. Whatever is written meanwhile takes its line (`clear_bars`), and the next step draws it below.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

from auditor.cli.stopwatch import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tqdm import tqdm

_Thing = TypeVar("_Thing")

DELAY: Final = 1.0
"""Seconds that a piece of work takes before it has a bar."""

_COLUMNS, _ROWS = 80, 24
"""Of a terminal that says that it has none: tqdm would show nothing there."""
_FORMAT: Final = (
    "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}, {rate_noinv_fmt}, {remaining} left"
)
_shown: Final[list[tqdm[Any]]] = []


def with_bar(
    things: Iterable[_Thing], label: str, total: int, *, clock: Callable[[], float] = seconds
) -> Iterator[_Thing]:
    """
    Hand on *things*, and show on stderr how many are done, how fast it goes and how long it will take.

    Args:
        things: What is worked on; each is asked for when the one before it is done.
        label: What is done with them, in our own words.
        total: How many there are.
        clock: Returns seconds.
    """
    begin = clock()
    bar: tqdm[Any] | None = None
    try:
        for done, thing in enumerate(things):
            if bar is not None:
                bar.update()
            elif done and (waited := clock() - begin) >= DELAY:
                bar = _begun(label, total, done, waited)
            yield thing
    finally:
        if bar is not None:
            _shown.remove(bar)
            bar.close()


def clear_bars() -> None:
    """Give the line of a bar to what is to be written."""
    for bar in _shown:
        bar.clear()


def _begun(label: str, total: int, done: int, waited: float) -> tqdm[Any]:
    """Draw the bar of work of which *done* parts took *waited* seconds until now."""
    # Imported here: only a long run on a terminal pays for them.
    from threading import RLock  # noqa: PLC0415 - see above

    from tqdm import tqdm  # noqa: PLC0415 - see above

    # No thread of its own, and no lock between processes: what is worked on may be handed to copies of
    # this process, which have no bar.
    tqdm.monitor_interval = 0
    tqdm.set_lock(RLock())
    has_size = min(os.get_terminal_size(sys.stderr.fileno())) > 0
    bar = tqdm(
        total=total,
        desc=label,
        file=sys.stderr,
        leave=False,
        unit="",
        ncols=None if has_size else _COLUMNS,
        nrows=None if has_size else _ROWS,
        dynamic_ncols=has_size,
        miniters=1,
        delay=sys.float_info.min,  # nothing is drawn before it knows when the work began
        bar_format=_FORMAT,
    )
    bar.start_t -= waited
    bar.last_print_t -= waited
    bar.update(done)
    _shown.append(bar)
    return bar
