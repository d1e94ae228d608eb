"""
What is asked of a run at the gate, and who asks for it.

Every rule names whoever set it, because a report says of everything that asks for less by whom it was relaxed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.policy import PolicySummary

NEVER: Final = "never"
"""How a threshold is written that no finding reaches."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The lowest severity that gates."""

    severity: Severity | None = Severity.LOW
    """None: no finding gates."""
    by: str = ""
    """Who set it, with the option or the place; empty where nobody did."""

    def stricter(self, other: Threshold) -> Threshold:
        """Return the one of two that lets less through; this one of equal ones."""
        return other if other.rank < self.rank else self

    @property
    def rank(self) -> int:
        """Sorts: the lower, the stricter."""
        return len(Severity) if self.severity is None else self.severity.rank

    @property
    def shown(self) -> str:
        """The severity as a person types it."""
        return NEVER if self.severity is None else self.severity.value


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    How many findings of exactly one severity may be there.

    One more, and all of them count: which of them would be the ones too many, nobody could say.
    """

    severity: Severity
    most: int
    pack: str | None = None
    """None: all packs that have no allowance of their own for the severity."""
    by: str = ""

    def told(self) -> str:
        """Say what it allows: ``at most 3 high findings of seef``."""
        whose = "" if self.pack is None else f" of {self.pack}"
        noun = "finding" if self.most == 1 else "findings"
        return f"at most {self.most} {self.severity.value} {noun}{whose}"


@dataclass(frozen=True, slots=True)
class MinScore:
    """The lowest score that is good enough."""

    percent: float
    """Of controls, raw; with one decimal at most, as scores have."""
    by: str = ""
    instead_of: float | None = None
    """The percentage that would hold had nobody set another one; None where there is none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run is held against."""

    fail_on: Threshold = Threshold()
    packs: Mapping[str, Threshold] = field(default_factory=dict)
    """Those that have a threshold of their own."""
    at_most: tuple[Allowance, ...] = ()
    """For each pack and severity, and for each severity in all packs, one at most."""
    min_score: MinScore | None = None

    def threshold(self, policy: PolicySummary) -> Threshold:
        """Return from which severity on the findings of a policy gate."""
        return self.packs.get(policy.pack, self.fail_on)

    def allowance(self, policy: PolicySummary) -> Allowance | None:
        """Return the allowance that is for findings of a policy: that of its pack before that for all."""
        known = {one.pack: one for one in self.at_most if one.severity is policy.severity}
        return known.get(policy.pack) or known.get(None)

    @property
    def never(self) -> bool:
        """Whether no finding gates, whatever its pack."""
        return all(one.severity is None for one in self.thresholds())

    def thresholds(self) -> Iterator[Threshold]:
        """Yield every threshold, that for all packs first."""
        yield self.fail_on
        for pack in sorted(self.packs):
            yield self.packs[pack]

    def set_by(self, who: str) -> Iterator[str]:
        """Say what *who* set, each in a few words: ``high``, ``medium in seef``, ``a score of 80 %``."""
        if self.fail_on.by == who:
            yield self.fail_on.shown
        for pack in sorted(self.packs):
            if self.packs[pack].by == who:
                yield f"{self.packs[pack].shown} in {pack}"
        if self.min_score is not None and self.min_score.by == who:
            yield f"a score of {self.min_score.percent:g} %"

    def told(self) -> tuple[str, ...]:
        """Say what is asked for, each as one sentence."""
        return tuple(self._told())

    def _told(self) -> Iterator[str]:
        yield _from(self.fail_on)
        for pack in sorted(self.packs):
            yield f"{pack}: {_from(self.packs[pack])}"
        for one in self._allowances():
            yield one.told()
        if self.min_score is not None:
            yield f"a score of {self.min_score.percent:g} % at least"

    def relaxed(self) -> tuple[str, ...]:
        """Say what asks for less than that every finding counts, and by whom, each as one sentence."""
        return tuple(self._relaxed())

    def _relaxed(self) -> Iterator[str]:
        if self.fail_on.severity is not Severity.LOW:
            yield f"relaxed: {_under(self.fail_on)}, by {self.fail_on.by}"
        for pack in sorted(self.packs):
            one = self.packs[pack]
            if one.severity is not Severity.LOW:
                yield f"relaxed: in {pack}, {_under(one)}, by {one.by}"
        for allowance in self._allowances():
            if allowance.most:
                yield f"relaxed: {allowance.told()} do not gate, by {allowance.by}"
        least = self.min_score
        if least is not None and least.instead_of is not None and least.percent < least.instead_of:
            yield (
                f"relaxed: a score of {least.percent:g} % is enough, not {least.instead_of:g} %,"
                f" by {least.by}"
            )

    def _allowances(self) -> list[Allowance]:
        return sorted(self.at_most, key=lambda one: (one.pack or "", -one.severity.rank))


def _from(threshold: Threshold) -> str:
    if threshold.severity is None:
        return "no finding gates"
    return f"findings from {threshold.severity.value} on gate"


def _under(threshold: Threshold) -> str:
    if threshold.severity is None:
        return "findings do not gate"
    return f"findings below {threshold.severity.value} do not gate"
