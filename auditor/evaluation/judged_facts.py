"""
The facts of a snapshot as a run judges them: cut at its instant, without what nobody knows at that instant.

Whoever reads facts of an auditee beside its verdicts must come here: facts cut in another way would not be
those that the verdicts rest on.

Source: DESIGN.md, section 4, rules 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.gaps import Gaps, apply
from auditor.facts.view import cut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from auditor.facts.snapshot import Snapshot
    from auditor.facts.view import View

NO_HISTORY: Final = "no_history"
"""Why a state is unobserved at an instant before the capture: the snapshot holds only what it is now."""


@dataclass(frozen=True, slots=True)
class JudgedFacts:
    """What is known of an auditee at the instant at which it is judged."""

    at: datetime
    """In UTC."""
    document: Mapping[str, Any]
    """Shaped and cut, without what a gap names or what cannot be set back."""
    view: View
    """The cut: where each record was in the snapshot, and which states could not be set back."""
    no_history: Mapping[str, str]
    """Pointer, with ``*`` for every record, of each state that was taken away for that, to `NO_HISTORY`."""
    gaps: Gaps
    """Why facts of `document` are unobserved."""


def judged_facts(snapshot: Snapshot, as_of: datetime) -> JudgedFacts:
    """
    Return the facts of *snapshot* at the earlier of *as_of* and its ``captured_at``.

    Args:
        snapshot: It is never judged at an instant that it does not know of.
        as_of: In UTC.
    """
    at = min(as_of, snapshot.captured_at)
    view = cut(snapshot.document, snapshot.root, at)
    # Where changes were collected, no change means the same value; elsewhere nobody knows what it was.
    unknown = {} if _keeps_history(snapshot) else dict.fromkeys(view.uncut, NO_HISTORY)
    return JudgedFacts(
        at=at,
        document=apply(view.document, Gaps(unknown)),
        view=view,
        no_history=unknown,
        gaps=snapshot.gaps.also(unknown).through(view.original),
    )


def _keeps_history(snapshot: Snapshot) -> bool:
    """Whether the snapshot has every change of a state, so that states can be set back."""
    return "change_events" in snapshot.document and not snapshot.gaps.is_truncated("/change_events")
