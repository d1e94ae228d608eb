"""
Makes verdicts: the words and reasons of everything that is not simply what a clause came to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.wording import listed
from auditor.model.outcome import Outcome
from auditor.model.verdict import Verdict

if TYPE_CHECKING:
    from auditor.evaluation.witness import Witness
    from auditor.language.values import Unknown
    from auditor.model.verdict import Fact

_INDEX: Final = re.compile(r"\.(\d+)(?=\.|$)")
"""Which record of a list, written as reports write it beside the sentence: ``risks[0].score``."""
_REASONS: Final = {
    "day_precision": "is known only to the day",
    "no_history": "is known only as it was at the capture",
    "no_permission": "may not be read",
    "not_collected": "was not collected",
    "not_listed": "is not listed for every day that counts",
    "not_supported": "is not kept by the source",
    "recorded_before_it_happened": "is dated before what it records",
    "recorded_late": "was recorded too late to count",
    "truncated": "was cut short",
    "unobserved": "is not recorded",
    "unparsed": "could not be read",
}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Makes the verdicts of one policy on one subject."""

    policy: str
    subject: str
    subject_name: str
    witness: Witness

    def plain(self, outcome: Outcome, message: str, *, reason: str | None = None) -> Verdict:
        """Make a verdict that rests on no fact."""
        return Verdict(self.policy, self.subject, self.subject_name, outcome, message, reason)

    def broke(self, slug: str, message: str) -> Verdict:
        """Make the verdict of a policy that could not be evaluated."""
        return self.plain(Outcome.ERROR, f"The policy broke: {message}.", reason=slug)

    def over_budget(self, where: str) -> Verdict:
        """Make the verdict of a policy that takes too long, by the language's own count."""
        return self.broke("budget", where)

    def undecided(self, unknown: Unknown, lead: str) -> Verdict:
        """Make the verdict of something that the facts do not tell."""
        missing = self.witness.missing([unknown])
        verdict = self.plain(
            Outcome.INCONCLUSIVE, f"{lead} {waits_on(missing)}", reason=why_unknown(unknown)
        )
        return replace(verdict, missing=missing)


def why_unknown(unknown: Unknown) -> str:
    """Return the slug of why something is unknown: no fact tells it, or no answer of the engine asked for."""
    return "not_portable" if any(cause.is_refusal for cause in unknown.causes) else "unobserved"


def waits_on(missing: tuple[Fact, ...]) -> str:
    """Name what is missing, in words."""
    named = []
    for fact in missing:
        reason = fact.reason or "unobserved"
        if fact.pointer:
            name = _INDEX.sub(r"[\1]", fact.pointer.lstrip("/").replace("/", "."))
            named.append(f"{name} {why_missing(reason)}")
        else:
            named.append(reason)
    return f"Missing: {listed(named)}." if named else "What is missing is not named."


def why_missing(reason: str) -> str:
    """Say in words why a fact is not known, by the reason of its gap; what a policy says itself stays so."""
    return _REASONS.get(reason, reason)
