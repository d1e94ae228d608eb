"""
Do the same thing to many things, in several processes where that is faster.

What comes out does not depend on how many there are. The processes are copies of this one, so that nothing has to
be read twice; where the system cannot copy a process there is one.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from auditor.usecases.audience import unwatched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditor.usecases.audience import Progress

    _In = TypeVar("_In")
    _Out = TypeVar("_Out")

_PAYS: Final = 40
"""Things from which on a second process gains more time than it takes to start."""
_PARTS: Final = 8
"""Portions for each process: as they take longer and shorter, none may have too much left at the end."""


def usable_processors() -> int:
    """Return on how many processors this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mapped(
    function: Callable[[_In], _Out],
    things: Sequence[_In],
    jobs: int,
    *,
    progress: Progress = unwatched,
    label: str = "",
) -> list[_Out]:
    """
    Return what *function* makes of each of *things*, in their order.

    Args:
        function: Must not change anything that another call looks at. What it returns goes from process to
            process.
        things: What it is called with.
        jobs: How many processes may be used at most.
        progress: Shows how far it is.
        label: What is done, for *progress*.
    """
    total = len(things)
    if jobs > 1 and len(things) >= _PAYS:
        # Here, not above: most runs need one process, and these are slow to import.
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - see above
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - see above
        from multiprocessing import get_all_start_methods, get_context  # noqa: PLC0415 - see above

        if "fork" in get_all_start_methods():
            try:
                with ProcessPoolExecutor(
                    min(jobs, len(things)), get_context("fork"), _Copy.begin, (function,)
                ) as pool:
                    portion = max(1, len(things) // (jobs * _PARTS))
                    came = pool.map(_Copy.call, things, chunksize=portion)
                    return list(progress(came, label, total=total))
            except BrokenProcessPool:
                pass  # one was taken away, as for want of memory: this one alone needs less
    return list(progress(map(function, things), label, total=total))


class _Copy:
    """A copy of the process, and what it was made for."""

    function: ClassVar[Callable[[Any], Any]]

    @classmethod
    def begin(cls, function: Callable[[Any], Any]) -> None:
        # Who interrupts means the command; the copies end with it, and have nothing to say.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cls.function = function

    @classmethod
    def call(cls, thing: Any) -> Any:  # noqa: ANN401 - whatever the function takes and makes
        return cls.function(thing)
