"""
The one clock that tells how long something takes.

It says nothing of what time it is, and nothing that it says is part of a result.
"""

from __future__ import annotations

from time import perf_counter  # noqa: TID251 - the command line is where a clock is read


def seconds() -> float:
    """Return seconds since some moment; they never go back."""
    return perf_counter()
