"""
One policy with its cases, read once, on which one small change after the other is tried.

A case that noticed a change in an expression is likely to notice the next one there, so it is tried first: that
changes how long it takes, and never what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.cases import judge_case, prepare_case
from auditor.language.mutation.mutants import mutants_of
from auditor.language.policy_compiler import PolicyVersions
from auditor.language.vocabulary import serves
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.model.outcome import Outcome
from auditor.usecases.case_places import placed_in
from auditor.usecases.mutation.differences import difference
from auditor.usecases.mutation.search import Search
from auditor.usecases.mutation.tried_mutant import CaseThatWould, Fate, TriedMutant
from auditor.usecases.mutation.version import Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from auditor.evaluation.cases import CaseResult, PreparedCase
    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.cases import Case
    from auditor.language.mutation.mutants import Mutant
    from auditor.language.policy_draft import PolicyText
    from auditor.model.verdict import Verdict
    from auditor.usecases.read_cases import CasesBeside
    from auditor.usecases.workbench import Workbench


TRIES: Final = 100
"""Variations that are judged for one change, where nobody says how many."""


class TriedPolicy:
    """
    Tries the small changes to one policy.

    Args:
        bench: What policies are read with.
        text: The policy.
        beside: Its cases, with the snapshot that they start from.
        words: Change the words of packs that it uses, too.
        operators: Which changes; none for all of them.
        tries: How many variations of the cases are judged in search of one that notices a change.

    Raises:
        ErrorGroup: The policy or a case cannot be read.
    """

    def __init__(
        self,
        bench: Workbench,
        text: PolicyText,
        beside: CasesBeside,
        *,
        words: bool = False,
        operators: Collection[str] = (),
        tries: int = TRIES,
    ) -> None:
        texts = [one for one in bench.texts if serves(one, text)]
        cases, base = beside.file.cases if beside.file is not None else (), beside.base
        self._versions = PolicyVersions(text, texts, roots=bench.roots, functions=bench.functions)
        self._policy = self._versions.written.draft.id
        self._cases = [_prepared(beside, case, bench.models) for case in cases]
        found = mutants_of(self._versions.written, _kinds(base, cases), words=words)
        self.mutants = tuple(one for one in found if not operators or one.operator in operators)
        self._results: dict[int, CaseResult] = {}
        self._first: dict[str, int] = {}
        """By place in the policy: the case that noticed the last change there."""
        self._likely: list[int] = list(range(len(self._cases)))
        """All cases, those first that noticed something lately."""
        self._as_written = Version(self._versions, self._versions.written.draft)
        self._search = Search(
            bench, self._versions.written, self._as_written, cases, base, tries=tries
        )

    # ----- as it is written

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return len(self._cases)

    def failing(self) -> tuple[str, ...]:
        """Return the names of the cases that the policy as it is written does not meet."""
        return tuple(
            prepared.case.name
            for at, prepared in enumerate(self._cases)
            if not prepared.case.expect or not self._written(at).passed
        )

    def _written(self, at: int) -> CaseResult:
        if at not in self._results:
            prepared = self._cases[at]
            plan = self._as_written.plan(prepared.case.params)
            self._results[at] = judge_case(prepared, plan, explains=False)
        return self._results[at]

    # ----- changed

    def tried(self, number: int) -> TriedMutant:
        """Try a change, and where no case notices it, look for one that would."""
        mutant = self.mutants[number]
        version = Version(self._versions, mutant.draft, mutant.word)
        try:
            version.plan({})
        except ErrorGroup:
            return self._told(mutant, Fate.INVALID)
        missed: list[tuple[int, tuple[Verdict, ...]]] = []
        for at in [*self._order(mutant.key)]:
            verdicts = self._missed(version, at)
            if verdicts is None:
                self._first[mutant.key] = at
                self._likely.remove(at)
                self._likely.insert(0, at)
                return self._told(mutant, Fate.NOTICED)
            missed.append((at, verdicts))
        return self._survivor(mutant, version, sorted(missed, key=lambda pair: pair[0]))

    def _order(self, key: str) -> Iterator[int]:
        likely = self._first.get(key)
        if likely is not None:
            yield likely
        yield from (at for at in self._likely if at != likely)

    def _missed(self, version: Version, at: int) -> tuple[Verdict, ...] | None:
        """Return what a change makes of a case; None where the case notices it."""
        prepared = self._cases[at]
        try:
            plan = version.plan(prepared.case.params)
        except ErrorGroup:  # the case can no longer be run
            return None
        result = judge_case(prepared, plan, explains=False)
        return result.verdicts if result.passed and not _broke(result, prepared) else None

    def _survivor(
        self,
        mutant: Mutant,
        version: Version,
        missed: list[tuple[int, tuple[Verdict, ...]]],
    ) -> TriedMutant:
        best: CaseThatWould | None = None
        for at, verdicts in missed:
            found = difference(self._written(at).verdicts, verdicts)
            if found is not None and (best is None or found.weight < best.difference.weight):
                best = CaseThatWould(self._cases[at].case.name, found)
        tries = 0
        if best is None or best.difference.weight:
            written = [(at, self._written(at).verdicts) for at, _ in missed]
            other, tries = self._search.case_for(mutant, version, written)
            if other is not None and (
                best is None or other.difference.weight < best.difference.weight
            ):
                best = other
        return self._told(mutant, Fate.MISSED, best, tries)

    def _told(
        self, mutant: Mutant, fate: Fate, case: CaseThatWould | None = None, tries: int = 0
    ) -> TriedMutant:
        return TriedMutant(
            self._policy,
            mutant.operator,
            mutant.key,
            mutant.location,
            mutant.excerpt,
            mutant.was,
            mutant.now,
            fate,
            case,
            tries,
        )


def _prepared(beside: CasesBeside, case: Case, models: SnapshotModels) -> PreparedCase:
    try:
        return prepare_case(case, beside.base, models)
    except AuditorError as error:
        raise ErrorGroup(placed_in(beside, case, error)) from error


def _broke(result: CaseResult, prepared: PreparedCase) -> bool:
    """Whether the policy broke where the case does not expect it to."""
    if any(one.outcome is Outcome.ERROR for one in prepared.case.expect):
        return False
    return any(verdict.outcome is Outcome.ERROR for verdict in result.verdicts)


def _kinds(base: Any, cases: Iterable[Case]) -> dict[str, str]:  # noqa: ANN401 - any snapshot
    """Return for each text of the snapshots another one that stands in a field of that name."""
    values: dict[str, set[str]] = {}
    pending: list[tuple[str, Any]] = [("", base)]
    pending += [
        (pointer.rpartition("/")[2], value) for case in cases for pointer, value in case.changes
    ]
    while pending:
        name, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.items())
        elif isinstance(value, list):
            pending.extend((name, one) for one in value)
        elif isinstance(value, str):
            values.setdefault(name, set()).add(value)
    found: dict[str, str] = {}
    for name in sorted(values):
        texts = sorted(values[name])
        for at, text in enumerate(texts):
            if len(texts) > 1:
                found.setdefault(text, texts[(at + 1) % len(texts)])
    return found
