"""
What was changed or relaxed for a run, in words.

Every report says it twice: once at its head, where nobody can miss it, and once beside the verdicts that it
touches. A severity that was raised is told beside the verdicts only: it hides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model.policy import SEVERITY
from auditor.model.tailoring import FRESHNESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.location import Location
    from auditor.model.policy import PolicyChange, PolicySummary
    from auditor.sources.profile import Because, Profile


def told(change: PolicyChange) -> str:
    """Say what was changed of a policy, and if somebody had to: by whom, when, why and where."""
    what = change.what.removeprefix("params.")
    text = f"{what} {change.before} -> {change.after}"
    if change.reason is None:
        return f"{text} <{change.location}>"
    return f"{text}, by {change.by} on {change.on}: {change.reason} <{change.location}>"


def relaxed(policies: Iterable[PolicySummary], profile: Profile | None = None) -> tuple[str, ...]:
    """
    Return what the head of a report says.

    Args:
        policies: Those of the run.
        profile: The one that the run was made with.

    Returns:
        One sentence for each, which begins with ``relaxed`` where less is asked for, and with ``changed`` where
        nobody can tell: of a parameter it takes a person to say which way is the stricter one.
    """
    override = profile.freshness.override if profile is not None else None
    fresh = override.at.location if override is not None else None  # told in words of its own
    lines = []
    for policy in sorted(policies, key=lambda policy: policy.id):
        for change in policy.changes:
            if not change.is_raising and change.location != fresh:
                word = "relaxed" if change.what == SEVERITY else "changed"
                lines.append(f"{word}: {policy.id}: {told(change)}")
    if profile is not None:
        lines += _of_profile(profile)
    return tuple(lines)


def _of_profile(profile: Profile) -> Iterator[str]:
    freshness = profile.freshness
    if freshness.because is not None and freshness.override is not None:
        text = f"snapshots may be {freshness.within} old, not {FRESHNESS}"
        yield _line(text, freshness.because, freshness.override.at.location)
    for sent in profile.attest_instead:
        served = ", ".join((*sent.policies, *sent.controls))
        text = f"the word of {' or '.join(sent.roles)} stands in for {sent.fact} in {served}"
        yield _line(text, sent.because, sent.node.location)
    for extended in profile.exclusions:
        text = f"a valid exclusion under SEEF exempts from {extended.framework} as well"
        yield _line(text, extended.because, extended.node.location)


def _line(text: str, because: Because, place: Location) -> str:
    return f"relaxed: {text}, by {because.by} on {because.on}: {because.reason} <{place}>"
