"""
Look for a case that tells a policy from a changed one.

The cases that there are, each with one more small change, are judged by both. Where the two part, that is a case
to be written; where they never do, they may mean the same, and nobody has shown it.
"""

from __future__ import annotations

import datetime as dt
import re
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.case_changes import change
from auditor.evaluation.cases import judge_case, prepare_case
from auditor.facts.instants import parse_instant
from auditor.language.reads import fields_read
from auditor.model.errors import AuditorError
from auditor.usecases.mutation.differences import difference
from auditor.usecases.mutation.tried_mutant import CaseThatWould
from auditor.usecases.mutation.variations import Facts, variations

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from auditor.evaluation.cases import PreparedCase
    from auditor.language.cases import Case
    from auditor.language.mutation.mutants import Mutant
    from auditor.language.one_policy import ReadPolicy
    from auditor.model.verdict import Verdict
    from auditor.usecases.mutation.differences import Difference
    from auditor.usecases.mutation.variations import Variation
    from auditor.usecases.mutation.version import Version
    from auditor.usecases.workbench import Workbench

    Verdicts = Sequence[Verdict]

_SPARE: Final = 2
"""How many are at hand for each that is judged: some are no valid snapshots."""
_DECIDED_BY: Final = {"at": ("period",), "due": ("as_of",)}
"""What a key is compared with, where its text does not say so."""
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


class Search:
    """
    Looks for cases that tell changed versions of one policy from it; what the versions share is judged once.

    Args:
        bench: What policies are read with.
        read: The policy.
        written: The policy as it is written, compiled.
        cases: Its cases.
        base: The snapshot that they start from.
        tries: How many variations of them are judged for one change at most.
    """

    def __init__(
        self,
        bench: Workbench,
        read: ReadPolicy,
        written: Version,
        cases: Sequence[Case],
        base: Any,  # noqa: ANN401 - any snapshot
        *,
        tries: int,
    ) -> None:
        self._tries = tries
        self._models = bench.models
        self._written = written
        self._cases = cases
        self._base = base
        root = bench.roots[read.draft.target]
        self._facts = Facts(root, fields_read([read.policy], root, bench.functions))
        self._texts = dict(_texts(read))
        self._judged: dict[tuple[int, str, int], tuple[PreparedCase, Verdicts] | None] = {}

    def case_for(
        self,
        mutant: Mutant,
        version: Version,
        written: Sequence[tuple[int, Verdicts]],
    ) -> tuple[CaseThatWould | None, int]:
        """
        Return a case that tells the two apart, the plainest that was found, and how many were judged.

        Args:
            mutant: The change.
            version: The changed policy.
            written: What the policy as it is written says of the cases, by position.
        """
        best: CaseThatWould | None = None
        tries = 0
        for variation in self._candidates(mutant, written):
            known = self._known(variation) if tries < self._tries else None
            if known is None:
                continue
            prepared, verdicts = known
            try:
                plan = version.plan(variation.case.params)
            except AuditorError:
                continue
            tries += 1
            found = difference(verdicts, judge_case(prepared, plan, explains=False).verdicts)
            if found is not None and (best is None or found.weight < best.difference.weight):
                best = _to_write(variation, found)
                if not found.weight:
                    break
        return best, tries

    def _known(self, variation: Variation) -> tuple[PreparedCase, Verdicts] | None:
        """Return what the policy as it is written says; None where the snapshot would not be valid."""
        key = (variation.origin, variation.field + variation.pointer, variation.order)
        if key not in self._judged:
            try:
                prepared = prepare_case(variation.case, self._base, self._models)
                plan = self._written.plan(variation.case.params)
            except AuditorError:
                self._judged[key] = None
            else:
                verdicts = judge_case(prepared, plan, explains=False).verdicts
                self._judged[key] = (prepared, verdicts)
        return self._judged[key]

    # ----- which ones

    def _candidates(
        self, mutant: Mutant, written: Sequence[tuple[int, Verdicts]]
    ) -> list[Variation]:
        """
        Return the likeliest variations.

        First come those with a text that was exchanged, then those of what the changed expression reads and of
        what decided the case.
        """
        names = self._names(mutant.key)
        words = {mutant.was.strip("'"), mutant.now.strip("'")}
        found: list[Variation] = []
        for only in (names, None):
            ranked = [
                (_rank(variation, words, witness, names), variation)
                for at, verdicts in written
                for witness in ({"", *_witness(verdicts)},)
                for variation in self._of_case(at, verdicts, only)
            ]
            wanted = nsmallest(
                self._tries * _SPARE,
                ranked,
                key=lambda one: (one[0], one[1].order, one[1].origin, one[1].pointer),
            )
            found = [variation for _, variation in wanted]
            if len(found) >= self._tries:
                break
        return found

    def _of_case(
        self, at: int, verdicts: Verdicts, names: frozenset[str] | None
    ) -> Iterator[Variation]:
        case = self._cases[at]
        document = change(case, self._base).snapshot
        moments = [
            found
            for verdict in verdicts
            for shown in (verdict.due_at, verdict.at)
            if shown is not None and isinstance(found := parse_instant(shown), dt.datetime)
        ]
        return variations(case, at, document, self._facts, moments=sorted({*moments}), names=names)

    def _names(self, key: str) -> frozenset[str]:
        """Return the names that stand in an expression, and in all that it uses."""
        param = key.removeprefix("params.")
        if key in self._texts:
            pending = [self._texts[key]]
        else:
            pending = [text for text in self._texts.values() if param == key or param in text]
        names: set[str] = set(_DECIDED_BY.get(key, ()))
        while pending:
            for name in _WORD.findall(pending.pop()):
                if name not in names:
                    names.add(name)
                    pending += [
                        text
                        for place in (f"let.{name}", f"define.{name}")
                        if (text := self._texts.get(place)) is not None
                    ]
        return frozenset(names)


def _texts(read: ReadPolicy) -> Iterator[tuple[str, str]]:
    """Yield the texts of all expressions, by where they stand."""
    draft = read.draft
    yield from ((f"for.{name}", node.text) for name, node in draft.subjects)
    for key, node in (("when", draft.when), ("at", draft.at), ("due", draft.due)):
        if node is not None:
            yield key, node.text
    yield from ((f"let.{name.text}", node.text) for name, node in draft.let)
    for index, clause in enumerate(draft.require):
        yield f"require[{index}].that", clause.that.text
    for name, (_, word) in read.words.items():
        yield f"define.{name}", word.body.text


def _rank(
    variation: Variation,
    words: Container[str],
    witness: Container[str],
    names: Container[str],
) -> int:
    """Return how early a variation is tried: first those with a text that was exchanged."""
    is_word = isinstance(variation.value, str) and variation.value in words
    return (variation.field not in names) + (variation.pointer not in witness) - 2 * is_word


def _witness(verdicts: Iterable[Verdict]) -> frozenset[str]:
    return frozenset(
        fact.pointer for verdict in verdicts for fact in (*verdict.facts, *verdict.missing)
    )


def _to_write(variation: Variation, found: Difference) -> CaseThatWould:
    case = variation.case
    return CaseThatWould(
        case.name,
        found,
        case.changes,
        case.removals,
        case.as_of,
        case.period,
        tuple(case.params.items()),
        is_new=True,
    )
