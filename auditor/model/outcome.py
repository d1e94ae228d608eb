"""
What one policy says of one subject.

A reader could think that an undecided verdict is a kind of pass. It never is: only ``PASS`` is green.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(StrEnum):
    """The five outcomes, listed from the one that decides a combination first to the one that decides it last."""

    ERROR = "error"
    """The policy broke."""
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    """A fact that was needed is unobserved."""
    PASS = "pass"  # noqa: S105 - an outcome, not a password
    NOT_APPLICABLE = "not_applicable"


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """
    Combine clauses into a verdict, or policies into a control.

    Returns:
        The first of error, fail, inconclusive, pass, not_applicable that occurs; not_applicable for none.

    Source:
        LANGUAGE.md, section 2, rule 5.
    """
    found = set(outcomes)
    return next((outcome for outcome in Outcome if outcome in found), Outcome.NOT_APPLICABLE)
