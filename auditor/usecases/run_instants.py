"""
As of when a run judges that nobody gave an instant, and which period its reports show.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from auditor.evaluation.judge import first_day
from auditor.usecases.instants import AsOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.facts.snapshot import Snapshot
    from auditor.usecases.instants import Period
    from auditor.usecases.read_inputs import Loaded

NO_INSTANT: Final = "none"
"""What a run that judged nothing says instead of an instant."""


def newest(loaded: Sequence[Loaded]) -> AsOf | None:
    """Return the newest instant that one of the snapshots speaks of; None where there is none."""
    if not loaded:
        return None
    # Of several at one instant always the same is taken, in whatever order the paths were typed.
    first = sorted((one.snapshot for one in loaded), key=lambda snapshot: snapshot.auditee)
    snapshot = max(first, key=lambda snapshot: snapshot.captured_at)
    return AsOf(captured(snapshot), snapshot.captured_at)


def captured(snapshot: Snapshot) -> str:
    """Return up to when a snapshot speaks, in the auditee's zone."""
    local = snapshot.captured_at
    with suppress(OverflowError):  # the place is still in the year before the first one
        local = local.astimezone(snapshot.zone)
    return local.isoformat()


def shown_period(period: Period | None, as_of: AsOf | None) -> tuple[str, str]:
    """
    Return first and last day; without a period of the user's, those that end with the judged day.

    Each project has its own local days; a report shows those of the place that the judged instant names.
    """
    if period is not None:
        return period.first.isoformat(), period.last.isoformat()
    if as_of is None:
        return NO_INSTANT, NO_INSTANT
    last = as_of.local_day()
    return first_day(last).isoformat(), last.isoformat()
