"""
Which kinds of fact a verdict waits on.

A kind is the pointer of a fact with every index as ``*``, and the reason why the fact is missing: one gap in a source
holds up dozens of verdicts, and an index says nothing as soon as a record is added before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from auditor.model.verdict import Fact, Verdict

_INDEX: Final = re.compile(r"/\d+(?=/|\Z)")

UNOBSERVED: Final = "unobserved"
"""The reason of a gap of which the source says none."""


def pattern_of(pointer: str) -> str:
    """Return a JSON Pointer with ``*`` for every index."""
    return _INDEX.sub("/*", pointer)


def pattern_and_reason(fact: Fact) -> tuple[str, str]:
    """Return pattern and reason of a fact that is missing."""
    return pattern_of(fact.pointer), fact.reason or UNOBSERVED


def waits_on(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """
    Return pattern and reason of each kind of fact that a verdict waits on, in order, each once.

    The pattern is empty where a convention, not a fact, leaves the verdict open.
    """
    if not verdict.missing:
        return (("", verdict.reason or UNOBSERVED),)
    return tuple(dict.fromkeys(map(pattern_and_reason, verdict.missing)))
