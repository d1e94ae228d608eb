"""
The words for what the gate made of a run, and for the score.

A reader could take a green gate for a run without findings, or a number for all controls: what was asked for, what
does not count and over how much a share was taken is said with it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import findings
from auditor.findings.score import Scores
from auditor.model.standing import Gating
from auditor.reporters.wording import counted, instant, name, sentence

if TYPE_CHECKING:
    from auditor.model.run import Run
    from auditor.model.standing import Earlier, GateSummary, GoneFinding, Standing

_STANDINGS: Final = {
    Gating.COUNTS: "counts",
    Gating.UNDER: "under the threshold",
    Gating.ALLOWED: "allowed",
    Gating.KNOWN: "known",
    Gating.ACCEPTED: "accepted",
}
_LET_BE: Final = {
    Gating.KNOWN: "known",
    Gating.ACCEPTED: "accepted",
    Gating.ALLOWED: "within an allowance",
    Gating.UNDER: "under the threshold",
}
_NOW: Final = {
    "pass": "it passes now",
    "not_applicable": "it does not apply any more",
    "none": "there is nothing left to judge",
}
_EARLIER: Final = 3


def gate_verdict(gate: GateSummary, run: Run) -> str:
    """Say how the gate ended: ``FAILED (exit code 5)``; of one that let findings be, how many: nobody may miss that."""
    if gate.code:
        return f"FAILED (exit code {gate.code})"
    count = len(findings(run))
    rest = f", letting {counted(count, 'finding')} be" if count else ""
    return f"PASSED (exit code {gate.code}){rest}"


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
    missing = len(run.population.missing)
    unseen = f"; {counted(missing, 'auditee')} not audited, not in it" if missing else ""
    if total.net is None:
        return f"{raw}, net none: all of them are accepted{unseen}"
    rest = total.due - total.accepted
    net = f"net {total.net} % ({total.kept} of {rest}, without {total.accepted} accepted)"
    return f"{raw}, {net}{unseen}"


def let_be(run: Run) -> str:
    """Say how many findings there are that do not count, and why; empty where all count."""
    counts = Counter(run.standing(one.result.auditee, one.verdict).gating for one in findings(run))
    return ", ".join(
        f"{counts[gating]} {text}" for gating, text in _LET_BE.items() if counts[gating]
    )


def mark(standing: Standing) -> str:
    """
    Say what the gate makes of one finding.

    Returns:
        Empty where there is nothing to say that the head of the report does not say of all.
    """
    if not standing.told or standing.gating is Gating.UNDER:
        return ""
    if standing.gating is Gating.COUNTS:
        return f"counts: {sentence(standing.told)}"
    return f"does not count: {sentence(standing.told)}"


def before(earlier: tuple[Earlier, ...]) -> str:
    """Say what the last runs said of a finding, the newest last; empty where nothing is known."""
    told = [
        f"{'not there' if one.outcome == 'none' else one.outcome} at {instant(one.as_of)}"
        for one in earlier[-_EARLIER:]
    ]
    return ", ".join(told)


def sorted_out(gate: GateSummary | None) -> tuple[tuple[str, str, tuple[GoneFinding, ...]], ...]:
    """
    Sort what is no finding any more by whether it was mended, each part with its key and its title.

    A record that is deleted takes its finding with it, so what is merely gone comes first.
    """
    every = gate.gone if gate is not None else ()
    fixed = tuple(one for one in every if one.now == "pass")
    others = tuple(one for one in every if one.now != "pass")
    parts = (("gone", "Gone without being fixed", others), ("fixed", "Fixed", fixed))
    return tuple(part for part in parts if part[2])


def became(one: GoneFinding) -> str:
    """Say what a finding that is none any more is now: only one that passes is mended."""
    return _NOW[one.now]


def gone(one: GoneFinding) -> str:
    """Say what became of a finding that is none any more."""
    what = name(one.policy)
    where = (
        name(one.auditee)
        if one.subject == one.auditee
        else f"{name(one.subject)} in {name(one.auditee)}"
    )
    return f"{what}, {where}: {became(one)}"
