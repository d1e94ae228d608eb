"""
Passes that a reader should look at twice: those that rest on a person's word, and those on weak evidence.

An attested pass is in the first list only; a record that somebody typed is in the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Grade, Verdict

_SUBJECTS: Final = 5

Judged = tuple["ResultDocument", "Verdict"]


def attested_passes(verdicts: Iterable[Judged]) -> list[str]:
    """Say of each attested pass whose word it rests on, and what it is about."""
    return [
        f"{verdict.policy}: {wording.voucher(verdict.attested)}; {wording.judged(result, verdict)}"
        for result, verdict in verdicts
        if verdict.attested is not None
    ]


def weak_passes(verdicts: Iterable[Judged]) -> tuple[int, list[str]]:
    """Count the other passes that rest on weak evidence, and name them by policy and grade."""
    weak: dict[tuple[str, Grade], list[str]] = {}
    for result, verdict in verdicts:
        is_plain = verdict.outcome is Outcome.PASS and verdict.attested is None
        if is_plain and verdict.grade in wording.WEAK_GRADES:
            what = wording.judged(result, verdict)
            weak.setdefault((verdict.policy, verdict.grade), []).append(what)
    named = [
        f"{policy} ({grade.value}): {listed(weak[policy, grade], _SUBJECTS)}"
        for policy, grade in sorted(weak)
    ]
    return sum(map(len, weak.values())), named
