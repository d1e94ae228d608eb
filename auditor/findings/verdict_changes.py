"""
Which verdicts differ between two runs over the same facts.

A verdict is the same one where auditee, policy and subject are. A policy that was renamed and says so
(``formerly``) is one policy; of several that became one, each old verdict is held against the new one, and the
change that matters most is told. What was no verdict before and is a fail now is as new as one that passed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict

    _Said = tuple[ResultDocument, Verdict]


class Change(StrEnum):
    """How a verdict differs, listed from what has to be looked at first."""

    BROKEN = "newly broken"
    FAILING = "newly failing"
    INCONCLUSIVE = "newly inconclusive"
    PASSING = "newly passing"
    NOT_APPLICABLE = "newly not applicable"
    APPEARED = "new"
    """There was no verdict, and the one that there is now is a pass or not applicable."""
    VANISHED = "gone"
    """There is no verdict any more."""
    REWORDED = "reworded"
    """The outcome is the same, and its message is another one."""


WORSE: Final = frozenset({Change.BROKEN, Change.FAILING, Change.INCONCLUSIVE})
"""What nobody may take over without having seen it."""

_TURNED: Final = {
    Outcome.ERROR: Change.BROKEN,
    Outcome.FAIL: Change.FAILING,
    Outcome.INCONCLUSIVE: Change.INCONCLUSIVE,
    Outcome.PASS: Change.PASSING,
    Outcome.NOT_APPLICABLE: Change.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One verdict that differs."""

    change: Change
    result: ResultDocument
    """Of the auditee; of the new run, where it has one."""
    policy: str
    """Its id in the new version, or in the old one where it is gone."""
    old: Verdict | None
    new: Verdict | None

    @property
    def verdict(self) -> Verdict:
        """The verdict that tells most: what is wrong now, or what was wrong before."""
        telling = self.old if self.change is Change.PASSING else self.new
        verdict = telling or self.new or self.old
        if verdict is None:
            msg = "a change of no verdict"
            raise ValueError(msg)
        return verdict


def verdict_changes(
    old: Sequence[ResultDocument], new: Sequence[ResultDocument], renamed: Mapping[str, str]
) -> tuple[tuple[VerdictChange, ...], int]:
    """
    Hold what two runs say against each other.

    Args:
        old: By the old version of the policies.
        new: By the new one.
        renamed: New ids of policies by their old ones.

    Returns:
        The verdicts that differ, sorted by kind, auditee, policy and subject, and how many do not.
    """
    before, after = _by_key(old, renamed), _by_key(new, {})
    order = {change: position for position, change in enumerate(Change)}
    worst = {outcome: position for position, outcome in enumerate(Outcome)}
    found: list[VerdictChange] = []
    for key in sorted({*before, *after}):
        # Of a policy that is no merger there is one at most.
        changes = [
            changed
            for was in before.get(key, [None])
            for now in after.get(key, [None])
            if (changed := _changed(key[1], was, now)) is not None
        ]
        if changes:
            found.append(min(changes, key=lambda one: _rank(one, order, worst)))
    found.sort(key=lambda one: order[one.change])
    return tuple(found), len({*before, *after}) - len(found)


def _by_key(
    results: Sequence[ResultDocument], renamed: Mapping[str, str]
) -> dict[tuple[str, str, str], list[_Said]]:
    found: dict[tuple[str, str, str], list[_Said]] = {}
    for result in results:
        for verdict in result.verdicts:
            policy = renamed.get(verdict.policy, verdict.policy)
            key = (result.auditee, policy, verdict.subject)
            found.setdefault(key, []).append((result, verdict))
    return found


def _changed(policy: str, was: _Said | None, now: _Said | None) -> VerdictChange | None:
    change = _change(was and was[1], now and now[1])
    whole = now or was
    if change is None or whole is None:
        return None
    return VerdictChange(change, whole[0], policy, was and was[1], now and now[1])


def _rank(
    one: VerdictChange, order: Mapping[Change, int], worst: Mapping[Outcome, int]
) -> tuple[int, int, str]:
    """Return what is told first; of the same change that from the worst verdict."""
    old = one.old
    return (order[one.change], worst[old.outcome] if old else 0, old.policy if old else "")


def _change(old: Verdict | None, new: Verdict | None) -> Change | None:
    if new is None:
        return Change.VANISHED
    turned = _TURNED[new.outcome]
    if old is None:
        return turned if turned in WORSE else Change.APPEARED
    if old.outcome is not new.outcome:
        return turned
    return Change.REWORDED if old.message != new.message else None
