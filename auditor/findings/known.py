"""
Which findings were there before, and are still the same.

What is known is told by its policy, its auditee and its subject. It stays known for as long as neither what the
policy demands nor what it rests on has changed: a finding that got worse, or is about other facts by now, is none that
anybody has seen. Nothing here drops a finding or turns a verdict: one that is known is shown like every other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.canonical import NotCanonicalError, digest
from auditor.findings.fact_patterns import pattern_of
from auditor.model.known import KnownFinding
from auditor.model.outcome import Outcome
from auditor.model.run import NOT_AUDITED
from auditor.model.standing import Gating, GoneFinding, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import Run
    from auditor.model.standing import FindingKey
    from auditor.model.verdict import Fact, Verdict

_KNOWABLE: Final = frozenset({Outcome.FAIL, Outcome.INCONCLUSIVE})
"""A policy that broke says nothing that anybody could know."""


_BETWEEN: Final = ",;."
"""What stands between names, and moves when they do."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known, held against what a run found."""

    against: str
    """Where it stands, for a reader: a file, a revision of git."""
    standings: Mapping[FindingKey, Standing]
    """Of every finding that is listed: as known, or with why it counts all the same."""
    gone: tuple[GoneFinding, ...]
    """Listed, judged, and no finding any more."""
    kept: tuple[KnownFinding, ...]
    """Listed, and not judged in this run, so that nobody can tell."""
    absorbed: int
    lapsed: int

    def told(self) -> str:
        """Say in one sentence what came of what is known."""
        passing = sum(one.now == "pass" for one in self.gone)
        idle = sum(one.now == "not_applicable" for one in self.gone)
        ways = f" ({passing} pass, {idle} do not apply, {len(self.gone) - passing - idle} are not there)"
        total = self.absorbed + self.lapsed + len(self.gone) + len(self.kept)
        return (
            f"of {total} known in {self.against}: {self.absorbed} unchanged,"
            f" {self.lapsed} changed since and counting,"
            f" {len(self.gone)} no longer findings{ways if self.gone else ''},"
            f" {len(self.kept)} not judged in this run"
        )


def known_findings(run: Run) -> tuple[KnownFinding, ...]:
    """Return the findings of a run as they can be known later, sorted by auditee, policy and subject."""
    rules = {policy.id: rules_digest(policy) for policy in run.policies}
    found = (
        KnownFinding(
            auditee=result.auditee,
            policy=verdict.policy,
            subject=verdict.subject,
            outcome=verdict.outcome,
            rules=rules[verdict.policy],
            facts=facts_digest(verdict, result.judged_at),
            message=verdict.message,
        )
        for result in run.results
        for verdict in result.verdicts
        if verdict.outcome in _KNOWABLE and verdict.policy != NOT_AUDITED
    )
    return tuple(sorted(found, key=_order))


def together(
    found: Iterable[KnownFinding], kept: Iterable[KnownFinding]
) -> tuple[KnownFinding, ...]:
    """Return what a run found with what it did not judge, sorted; what it found wins."""
    every = {_order(one): one for one in (*kept, *found)}
    return tuple(every[key] for key in sorted(every))


def compare(run: Run, known: Iterable[KnownFinding], against: str) -> Comparison:
    """
    Hold what is known against what a run found.

    Args:
        run: What was judged.
        known: Each auditee, policy and subject once.
        against: Where it stands, for a reader: ``known.json``.
    """
    names = _names(run)
    listed: dict[FindingKey, KnownFinding] = {}
    # A finding is listed under the name that its policy has now before one that it had; of several policies that
    # became one, the first by name stands for them.
    for one in sorted(known, key=lambda one: (one.policy in names, _order(one))):
        policy = names.get(one.policy, one.policy)
        listed.setdefault(_plain((one.auditee, policy, one.subject)), one)
    rules = {policy.id: rules_digest(policy) for policy in run.policies}
    verdicts: dict[FindingKey, tuple[FindingKey, Verdict, ResultDocument]] = {}
    for result in run.results:
        for verdict in result.verdicts:
            key = result.auditee, verdict.policy, verdict.subject
            verdicts[_plain(key)] = key, verdict, result
    judged = {
        _plain((result.auditee, policy, ""))[:2]
        for result in run.results
        for policy in rules
        # Who leaves subjects out because of the period has not looked at them.
        if policy not in dict(result.out_of_period)
    }
    standings: dict[FindingKey, Standing] = {}
    gone: list[GoneFinding] = []
    kept: list[KnownFinding] = []
    for key, one in sorted(listed.items()):
        if key not in verdicts:
            if key[:2] in judged:
                gone.append(GoneFinding(*key, one.message))
            else:
                kept.append(one)
            continue
        own, verdict, result = verdicts[key]
        if verdict.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}:
            gone.append(GoneFinding(*key, one.message, verdict.outcome.value))
        elif verdict.outcome is Outcome.ERROR or own[1] == NOT_AUDITED:
            kept.append(one)  # nobody can tell what it is now
        else:
            why = _changed(one, verdict, rules[own[1]], facts_digest(verdict, result.judged_at))
            standings[own] = (
                Standing(told=f"known, but {why}, {against}")
                if why
                else Standing(Gating.KNOWN, f"known and unchanged, {against}")
            )
    lapsed = sum(one.gating is Gating.COUNTS for one in standings.values())
    return Comparison(against, standings, tuple(gone), tuple(kept), len(standings) - lapsed, lapsed)


def rules_digest(policy: PolicySummary) -> str:
    """Name what a policy demands: another digest, another demand."""
    return _digest(
        {
            "file": policy.digest,
            "words": policy.words,
            "params": dict(policy.params),
            "severity": policy.severity.value,
        }
    )


def facts_digest(verdict: Verdict, judged_at: str) -> str:
    """
    Name what a verdict rests on, wherever in its list a record stands by now.

    Of a list often only its length decides, so what a fail says and whom it names belong to it: five missed days are
    no two. What a sentence says apart from facts is the policy's, which has a digest of its own, and the judged
    instant, which is left out: the same facts looked at a day later are the same finding.

    Args:
        verdict: A finding.
        judged_at: Of its result, RFC 3339 in the auditee's zone.
    """
    return _digest(
        {
            "witness": sorted(_fact(fact) for fact in verdict.facts),
            "missing": sorted(_fact(fact) for fact in verdict.missing),
            "failing": [sorted(clause.failing) for clause in verdict.clauses],
            "said": _said(verdict, judged_at),
        }
    )


def _said(verdict: Verdict, judged_at: str) -> list[str]:
    """Return the words of what a fail says, sorted: names are told in the order of their records."""
    if verdict.outcome is not Outcome.FAIL:
        return []  # it says which facts are missing, by their places
    at = judged_at.removesuffix("Z") + "+00:00" * judged_at.endswith("Z")
    seconds = at[16:19].replace(":00", "")
    # As sentences show an instant.
    now = f"{at[:10]} {at[11:16]}{seconds} {at[-6:]}"
    # A subject stays the same when it gets another name.
    name = rf"(?<!\w){re.escape(verdict.subject_name)}(?!\w)"
    said = re.sub(name, "", verdict.message.replace(now, ""))
    return sorted(word.strip(_BETWEEN) for word in said.split())


def _fact(fact: Fact) -> list[str]:
    return [pattern_of(fact.pointer), fact.state, fact.shown, fact.reason or ""]


def _changed(known: KnownFinding, verdict: Verdict, rules: str, facts: str) -> str:
    """Say what has changed since; nothing where nothing has."""
    if known.policy != _escaped(verdict.policy):
        return f"its policy was called {known.policy} then, and is another one"
    if known.outcome is not verdict.outcome:
        return f"it was {known.outcome.value} then"
    if known.rules != rules:
        return "its policy has changed since"
    if known.facts != facts:
        return "its facts have changed since"
    return ""


def _names(run: Run) -> dict[str, str]:
    """Return the new ids of policies that say what they were called before, where that one is gone."""
    present = {policy.id for policy in run.policies}
    return {
        former: policy.id
        for policy in run.policies
        for former in policy.formerly
        if former not in present
    }


def _order(one: KnownFinding) -> FindingKey:
    return one.auditee, one.policy, one.subject


def _plain(key: FindingKey) -> FindingKey:
    """Write a key as a file holds it."""
    auditee, policy, subject = map(_escaped, key)
    return auditee, policy, subject


def _escaped(text: str) -> str:
    """Write lone surrogates as escapes: a text that has them has no canonical form, and reports write it so, too."""
    return text.encode(errors="backslashreplace").decode()


def _digest(tree: object) -> str:
    try:
        return digest(tree)
    except NotCanonicalError:  # somewhere is half a character
        return digest(_encodable(tree))


def _encodable(tree: object) -> object:
    match tree:
        case str():
            return _escaped(tree)
        case dict():
            return {key: _encodable(value) for key, value in tree.items()}
        case list():
            return [_encodable(value) for value in tree]
    return tree
