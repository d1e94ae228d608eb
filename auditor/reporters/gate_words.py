"""
The words for what the gate made of a run, and for the score.

A reader could take a green gate for a run without findings, or a number for all controls: what was asked for, what
does not count and over how much a share was taken is said with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings.score import Scores
from auditor.model.standing import Gating
from auditor.reporters.wording import sentence

if TYPE_CHECKING:
    from auditor.model.run import Run
    from auditor.model.standing import GateSummary, Standing

_STANDINGS: Final = {
    Gating.COUNTS: "counts",
    Gating.UNDER: "under the threshold",
    Gating.ALLOWED: "allowed",
    Gating.KNOWN: "known",
    Gating.ACCEPTED: "accepted",
}


def gate_verdict(gate: GateSummary) -> str:
    """Say how the gate ended: ``FAILED (exit code 5)``."""
    return f"{'FAILED' if gate.code else 'PASSED'} (exit code {gate.code})"


def standing_words(standing: Standing) -> str:
    """Say why a finding counts at the gate or not: ``known: listed since 2026-05-01``."""
    label = _STANDINGS[standing.gating]
    told = sentence(standing.told) if standing.told.strip() else ""
    if not told or told.startswith(label.split()[0]):
        return told or label
    return f"{label}: {told}"


def score_words(run: Run) -> str:
    """Write the score of a run, raw and net, with what each is a share of."""
    total = Scores(run).total
    if total.raw is None:
        return "none: no control is due"
    raw = f"raw {total.raw} % ({total.kept} kept of {total.due} due)"
    if total.net is None:
        return f"{raw}, net none: all of them are accepted"
    rest = total.due - total.accepted
    return f"{raw}, net {total.net} % ({total.kept} of {rest}, without {total.accepted} accepted)"
