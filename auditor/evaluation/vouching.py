"""
What a person's word makes of a verdict.

It turns nothing but an undecided verdict: of an attested control, where the demands hold as well, or where
the profile accepts a word for facts that the source can never show. A fail stays one, whoever vouches.

Source: LANGUAGE.md, section 2, rule 9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.attestations import InForce, NotInForce
from auditor.evaluation.verdicts import waits_on
from auditor.evaluation.wording import NOT_RECORDED
from auditor.model.outcome import Outcome
from auditor.model.verdict import Fact, Grade

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.attestations import Attestations, Standing
    from auditor.evaluation.verdicts import Verdicts
    from auditor.evaluation.witness import Witness
    from auditor.evaluation.wording import Wording
    from auditor.language.attestation import AttestInstead
    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import AttestDraft
    from auditor.language.values import Span
    from auditor.model.verdict import Verdict

_NEVER_SHOWN: Final = "not_supported"
"""The one gap reason that a person may stand in for."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """The words that count for one auditee, and what they are worth."""

    attestations: Attestations
    instead: tuple[AttestInstead, ...]
    """What the profile accepts a word for."""
    witness: Witness
    wording: Wording

    def standing(self, policy: CompiledPolicy, subject: str) -> Standing | None:
        """Return the attestation that a policy asks for, or why none is in force; None if it asks for none."""
        if policy.attest is None:
            return None
        return self._standing(policy, subject, policy.attest.by, policy.attest.valid_for)

    def _standing(
        self, policy: CompiledPolicy, subject: str, by: tuple[str, ...], valid_for: Span
    ) -> Standing:
        return self.attestations.standing(policy.summary.controls, subject, by, valid_for)

    def without(self, attest: AttestDraft, verdicts: Verdicts, standing: NotInForce) -> Verdict:
        """Make the verdict of an attested control for which no word is in force."""
        roles = " or ".join(attest.by)
        message = f"No attestation by {roles} is in force: {standing.why}."
        if standing.unknown is not None:
            lead = f"{standing.why[0].upper()}{standing.why[1:]}."
            verdict = verdicts.undecided(standing.unknown, lead)
        else:
            if standing.slug == "not_attested" and attest.asks:
                message += f" It is to name: {', '.join(attest.asks)}."
            gap = Fact(standing.record, "unobserved", NOT_RECORDED, standing.slug)
            plain = verdicts.plain(Outcome.INCONCLUSIVE, message, reason=standing.slug)
            verdict = replace(plain, missing=(gap,))
        facts = self.witness.facts(standing.facts)
        return replace(verdict, facts=facts, grade=Grade.ATTESTED if facts else None)

    def with_word(self, verdict: Verdict, verdicts: Verdicts, standing: InForce) -> Verdict:
        """Show in the verdict of an attested control whose word is in force."""
        facts = _together(self.witness.facts(standing.facts), verdict.facts)
        verdict = replace(verdict, facts=facts, grade=Grade.ATTESTED)
        if verdict.outcome is not Outcome.PASS:
            return verdict
        if standing.late is not None:
            lead = f"The attestation of {standing.attested.by} cannot count."
            late = verdicts.undecided(standing.late, lead)
            return replace(late, clauses=verdict.clauses, facts=facts, grade=Grade.ATTESTED)
        message = f"{self._who(standing)}."
        return replace(verdict, message=message, attested=standing.attested)

    def in_place(
        self, policy: CompiledPolicy, verdict: Verdict, demanded: Callable[[], Verdict | None]
    ) -> Verdict:
        """
        Let a word stand in for facts that the source can never show.

        Args:
            policy: What was judged.
            verdict: Raw.
            demanded: Tells what the demands come to, where there is one subject to ask them of; asked only
                where a word would turn the verdict. What they deny nobody can vouch for, and a verdict that
                waits on its instant waits on all that they wait on, too.
        """
        entries = self._entries(policy, verdict)
        if not entries:
            return verdict
        words = []
        for entry in entries:
            standing = self._standing(policy, verdict.subject, entry.by, entry.valid_for)
            if isinstance(standing, NotInForce) or standing.late is not None:
                return _accepting(verdict, entry, standing)
            words.append(standing)
        demands = demanded()
        if demands is not None and not self._may_be_vouched_for(policy, demands):
            return verdict
        # Of several words the one that ends first: until then all of them hold.
        first = min(words, key=lambda word: word.record.data["expires_at"])
        facts = self.witness.facts(fact for word in words for fact in word.facts)
        kept = waits_on(verdict.missing).removeprefix("Missing: ").removesuffix(".")
        return replace(
            verdict,
            outcome=Outcome.PASS,
            message=f"{self._who(first)}, in the place of what can never be shown: {kept}.",
            reason="attested_instead",
            facts=_together(facts, (*verdict.facts, *verdict.missing)),
            missing=(),
            owner=None,
            grade=Grade.ATTESTED,
            attested=first.attested,
        )

    def _entries(self, policy: CompiledPolicy, verdict: Verdict) -> tuple[AttestInstead, ...]:
        """Return what the profile accepts for this verdict; none where one missing fact is left over."""
        if verdict.outcome is not Outcome.INCONCLUSIVE or not verdict.missing:
            return ()
        if any(c.outcome is Outcome.INCONCLUSIVE and c.vacuous for c in verdict.clauses):
            return ()  # there is nothing to look at: no fact is missing, and no word can supply one
        serving = [entry for entry in self.instead if entry.serves(policy.summary)]
        found: dict[AttestInstead, None] = {}
        for fact in verdict.missing:
            entry = next((one for one in serving if _is_meant(one, fact)), None)
            if entry is None:
                return ()
            found[entry] = None
        return tuple(found)

    def _may_be_vouched_for(self, policy: CompiledPolicy, demands: Verdict) -> bool:
        if demands.outcome is Outcome.INCONCLUSIVE:
            return bool(self._entries(policy, demands))
        return demands.outcome not in {Outcome.FAIL, Outcome.ERROR}

    def _who(self, word: InForce) -> str:
        at, until = (self.wording.show(word.record.data[key]) for key in ("at", "expires_at"))
        who = f"{word.attested.by}, {word.attested.role}"
        return f"{who}, attested it on {at}; this holds until {until}"


def _is_meant(entry: AttestInstead, fact: Fact) -> bool:
    return fact.reason == _NEVER_SHOWN and bool(fact.pointer) and entry.covers(fact.pointer)


def _accepting(verdict: Verdict, entry: AttestInstead, standing: Standing) -> Verdict:
    """Add to an undecided verdict that a word would decide it, and why none does."""
    if isinstance(standing, NotInForce):
        why = standing.why
    else:
        why = f"that of {standing.attested.by} was not shown to be written down in time"
    roles = " or ".join(entry.by)
    message = f"{verdict.message} The profile accepts an attestation by {roles} instead: {why}."
    return replace(verdict, message=message)


def _together(first: tuple[Fact, ...], others: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys((*first, *others)))
