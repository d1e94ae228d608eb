"""
What is under way at the prompt of `auditor policy try`, in one line: its type and its value so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.cli.value_page import one_line
from auditor.evaluation.shapes import plain
from auditor.language.cel.compatibility import is_dyn
from auditor.language.half_typed import HalfTyped
from auditor.language.half_written import read_half
from auditor.language.values import Failure
from auditor.model.errors import ErrorGroup
from auditor.reporters.foreign_text import flowing
from auditor.usecases.trying.trial import OVER_BUDGET

if TYPE_CHECKING:
    from auditor.language.half_written import HalfWritten
    from auditor.usecases.trying.trial import Trial

_STEPS: Final = 50_000
"""Steps of a value that is shown while it is being typed: so few that nobody has to wait for them."""


def preview(trial: Trial, text: str) -> str:
    """
    Return what a half-written expression comes to.

    It is taken as if its brackets were closed. Where that means nothing yet, it is told what stands before the
    dot of the name that is being typed, and what is wrong only where there is none.
    """
    if not text.strip():
        return ""
    half = read_half(text)
    try:
        return _shown(trial, half.closed())
    except ErrorGroup as group:
        message = group.errors[0].message
    return _before_dot(trial, half) or flowing(message)


def _shown(trial: Trial, text: str) -> str:
    tried = trial.value(text, budget=_STEPS)
    value = plain(tried.value)
    if isinstance(value, Failure) and value.slug == OVER_BUDGET:
        return flowing(f"{tried.type}; press Enter to evaluate it")
    return flowing(f"{one_line(tried.value, tried.on)} : {tried.type}")


def _before_dot(trial: Trial, half: HalfWritten) -> str:
    """Say what stands before the dot of the name under way; nothing where there is no such dot."""
    at = len(half.tokens)
    at -= half.is_name(at - 1)
    dot = half.dot_before(at)
    first = half.operand(dot - 1) if dot is not None else None
    if dot is None or first is None or half.quote is not None:
        return ""
    text = half.source(first, dot - 1)
    try:
        return flowing(f"{text} is {_shown(trial, text)}")
    except ErrorGroup:
        typed = HalfTyped(half, trial.scope)
        found = typed.type_of(first, dot - 1, typed.bound_at(at))
        return "" if is_dyn(found) else flowing(f"{text} : {found}")
