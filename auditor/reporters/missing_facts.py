"""
Which facts nobody recorded, how many verdicts wait on each, and how to supply it.

A reader of inconclusive verdicts does not want them one by one: one gap in a source holds up dozens.
They are grouped by the pattern of the missing fact (its pointer with every index as ``*``) and by the
reason why it is missing. A verdict that waits on two facts stands in both groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import split
from auditor.findings import fact_patterns
from auditor.findings.finding import findings
from auditor.model.outcome import Outcome
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.findings.finding import Finding
    from auditor.model.run import Run
    from auditor.model.verdict import Fact

_STATES: Final = {
    "not_collected": ("was not collected", "were not collected"),
    "not_supported": ("is not kept by the source", "are not kept by the source"),
    "no_permission": ("may not be read", "may not be read"),
    "truncated": ("is cut short", "are cut short"),
    "unparsed": ("could not be read", "could not be read"),
    "unobserved": ("is not recorded", "are not recorded"),
    "day_precision": ("is known only to the day", "are known only to the day"),
    "no_history": (
        "is known only as it was at the capture",
        "are known only as they were at the capture",
    ),
    "not_listed": (
        "is not listed for every day that counts",
        "are not listed for every day that counts",
    ),
    "recorded_late": ("was recorded too late to count", "were recorded too late to count"),
    "recorded_before_it_happened": (
        "is dated before what it records",
        "are dated before what they record",
    ),
    "attestation_expired": ("has expired", "have expired"),
    "attestation_not_yet": ("is not yet given", "are not yet given"),
    "attestation_without_role": (
        "is by somebody without the role",
        "are by people without the role",
    ),
    "attestations_differ": ("contradicts another one", "contradict each other"),
}

_REMEDIES: Final = {
    "not_collected": "let `auditor collect` fetch it, or record it in the delivery folder",
    "not_supported": "the source can never show it: record it in a delivery folder beside the source",
    "no_permission": "give the collecting account the right to read it, then collect again",
    "truncated": "complete the register or the export; its gaps say what is known to be missing",
    "unparsed": "write it in the documented form, then collect again",
    "unobserved": "record it where the snapshot is made from",
    "day_precision": "record the time of day with its offset",
    "no_history": "judge a snapshot that was captured at that instant",
    "not_listed": "list the holidays of the year that is missing, and widen what the calendar covers",
    "recorded_late": "name a document made in time as the record's evidence",
    "recorded_before_it_happened": "correct the date of the record, or of what it records",
    "not_attested": "let a person who may vouch write an attestation; see docs/attestations.md",
    "attestation_expired": "let a person who may vouch look again, and write a new attestation",
    "attestation_not_yet": "judge an instant after it was given, on a snapshot that was captured then",
    "attestation_without_role": "let a person vouch whom the register gives the role on that day, or correct the register",
    "attestations_differ": "take back the one that is wrong",
}

_NO_ANSWER: Final = "an answer of "
"""How the reason begins where no fact is missing, but what the engine says that was asked for."""
_PARTICIPLES: Final = frozenset({"held", "done", "sent", "met", "begun", "shown", "given", "taken"})
_LAST_WORDS: Final = {"at": "times", "by": "persons", "from": "first days", "to": "last days"}


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is missing in one way, and who waits on it."""

    pattern: str
    """JSON Pointer with ``*`` for every index; empty where a convention, not a fact, leaves it open."""
    reason: str
    waiting: tuple[Finding, ...]
    """Worst first."""

    def sentence(self) -> str:
        """Say what is missing and what waits on it, for a person."""
        targets = {finding.result.auditee: finding.result.target for finding in self.waiting}
        kind = "auditee" if set(targets.values()) != {"project"} else "project"
        wait = "waits" if len(self.waiting) == 1 else "wait"
        return (
            f"{self.statement()}: {counted(len(self.waiting), 'verdict')}"
            f" in {counted(len(targets), kind)} {wait} on this"
        )

    def statement(self) -> str:
        """Say what is missing, for a person."""
        return _statement(self.pattern, self.reason)

    def gaps(self) -> Iterator[tuple[Finding, Fact]]:
        """Yield the facts themselves, each with the verdict that waits on it."""
        for finding in self.waiting:
            for fact in finding.verdict.missing:
                if fact_patterns.pattern_and_reason(fact) == (self.pattern, self.reason):
                    yield finding, fact

    def remedy(self) -> str:
        """Say how to supply it."""
        return how_to_supply(self.reason)


def missing_facts(run: Run) -> tuple[MissingFact, ...]:
    """Group the inconclusive verdicts of a run by what they wait on, the longest queue first."""
    waiting: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings(run):
        if finding.verdict.outcome is Outcome.INCONCLUSIVE:
            for key in waits_on(finding):
                waiting.setdefault(key, []).append(finding)
    facts = (MissingFact(*key, tuple(found)) for key, found in waiting.items())
    return tuple(sorted(facts, key=lambda fact: (-len(fact.waiting), fact.pattern, fact.reason)))


def waits_on(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return pattern and reason of each kind of fact that a verdict waits on, in order, each once."""
    return fact_patterns.waits_on(finding.verdict)


def how_to_supply(reason: str) -> str:
    """Say how a fact is supplied that is missing for *reason*."""
    if reason.startswith(_NO_ANSWER):
        return (
            "judge by auditor's own engine, or see what `auditor policy lint --portable` says of it"
        )
    return _REMEDIES.get(reason, "`auditor explain` shows what the question rests on")


def _statement(pattern: str, reason: str) -> str:
    if not pattern:
        if reason in _STATES:
            return f"a fact {_STATES[reason][0]}"
        return reason.replace("_", " ") if re.fullmatch(r"[a-z_]+", reason) else reason
    noun, is_plural = _noun(pattern)
    states = _STATES.get(reason)
    if states is None:
        return f"{noun}: {reason.replace('_', ' ')}"
    return f"{noun} {states[is_plural]}"


def _noun(pattern: str) -> tuple[str, bool]:
    """Name a fact in words, and tell whether the words are plural: ``escalations of blockers``."""
    tokens = split(pattern)
    while tokens and tokens[-1] == "*":
        tokens.pop()
    if tokens[:1] == ["snapshot"]:
        del tokens[0]
    if not tokens:
        return "the snapshot", False
    last, owners = tokens[-1], tokens[:-1]
    is_each = owners[-1:] == ["*"]
    holders = [_spaced(token) for token in owners if token != "*"]  # noqa: S105 - the token of a path
    if not holders:
        return _spaced(last), _is_plural(last)
    # Of "projects / project / holds" nobody says "project project holds".
    outer = dict.fromkeys(map(_singular, holders[:-1]))
    holder = " ".join([*(one for one in outer if one != holders[-1]), holders[-1]])
    if not is_each:
        holder = f"the {holder}"
    stem = _spaced(last.removesuffix("_at"))
    if last.endswith("_at") and _is_participle(stem):
        return f"when {holder} {'were' if is_each else 'was'} {stem}", False
    return _property(last, is_each=is_each, holder=holder)


def _property(last: str, *, is_each: bool, holder: str) -> tuple[str, bool]:
    if last in _LAST_WORDS:
        noun = _LAST_WORDS[last]
    elif last.endswith("_at"):
        noun = f"{_spaced(last.removesuffix('_at'))} times"
    elif last.endswith("_on"):
        noun = f"{_spaced(last.removesuffix('_on'))} dates"
    else:
        noun = _spaced(last)
    if not is_each and noun.endswith((" times", " dates")):
        noun = noun.removesuffix("s")
    return f"the {noun} of {holder}", _is_plural(noun)


def _spaced(token: str) -> str:
    return token.replace("_", " ")


def _is_participle(stem: str) -> bool:
    last = stem.rpartition(" ")[2]
    return last.endswith("ed") or last in _PARTICIPLES


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun.removesuffix('ies')}y"
    return noun.removesuffix("s") if _is_plural(noun) else noun
