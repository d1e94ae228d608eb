"""
What generated code is run over, and what it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.evaluation.fast.leave import Leave

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from auditor.evaluation.lift import Lift
    from auditor.facts.calendar import WorkingCalendar
    from auditor.facts.gaps import Gaps
    from auditor.language.registry import Context


@dataclass(frozen=True, slots=True, eq=False)
class FastFacts:
    """What generated code is run over."""

    document: Mapping[str, Any]
    """Shaped, cut at the judged instant, without what a gap names."""
    gaps: Gaps
    calendar: WorkingCalendar
    as_of: dt.datetime
    period: tuple[dt.datetime, dt.datetime]
    limits: tuple[dt.datetime, dt.datetime] | None
    """The period that the user set."""
    auditee: str
    context: Context
    lift: Lift
    longest_text: int
    """Characters of the longest text of the document, or more."""


class Decided(NamedTuple):
    """What the fast path says of one subject."""

    outcome: str
    """A value of `Outcome`, ``out_of_period`` or ``not_due``."""
    at: dt.date | None
    """The subject's instant, or the day that it is known to; None where the policy names none."""


class FastRun:
    """The fast path over one snapshot at one instant."""

    def __init__(
        self, deciders: Mapping[str, Callable[[], list[tuple[str, str, dt.date] | None]]]
    ) -> None:
        self._deciders = deciders

    def decide(self, policy: str) -> Mapping[str, Decided]:
        """
        Decide the subjects of a policy.

        Returns:
            The answer by the subject's key; subjects that are not in it take the exact evaluator.
        """
        decider = self._deciders.get(policy)
        if decider is None:
            return {}
        try:
            found = decider()
        except (Leave, KeyError, TypeError):
            return {}
        return {str(one[0]): Decided(one[1], one[2]) for one in found if one is not None}
