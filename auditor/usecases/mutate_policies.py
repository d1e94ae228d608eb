"""
Change policies in the small ways people get wrong, and tell which changes their cases do not notice.

A score of cases says how many rules it holds a policy to, not how many cases there are. Policies are tried in
several processes where that is faster; what comes out does not depend on how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import PACK_FILE
from auditor.model.errors import AuditorError, ErrorGroup, ExitCode, NothingToAudit, ProfileError
from auditor.usecases.audience import unwatched
from auditor.usecases.lint_cases import cases_of_nothing
from auditor.usecases.mutation.tried_mutant import Fate, TriedMutant
from auditor.usecases.mutation.tried_policy import TRIES, TriedPolicy
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import PolicyChoice, choose_policies
from auditor.usecases.several_processes import mapped
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.policy_draft import PolicyText
    from auditor.model.location import Location
    from auditor.usecases.audience import Progress
    from auditor.usecases.workbench import Workbench


_WEIGHTIEST: Final = (Fate.NOTICED, Fate.MISSED, Fate.INVALID)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried."""

    policies: tuple[str, ...] = ()
    """Folders; none for the policies that come with the program."""
    profile: str | None = None
    ids: tuple[str, ...] = ()
    """Only these policies; none for all of them."""
    operators: tuple[str, ...] = ()
    """Only these changes; none for all of them."""
    words: bool = False
    """Change the words that packs share, too."""
    tries: int = TRIES
    """How many variations of the cases are judged in search of one that notices a change."""


@dataclass(frozen=True, slots=True)
class MutatedPolicy:
    """A policy, or a ``pack.yaml`` whose words were changed, and what became of its changes."""

    name: str
    """Id of the policy; path of a ``pack.yaml``."""
    is_pack: bool = False
    cases: int = 0
    failing: tuple[str, ...] = ()
    """Cases that the policy as it is written does not meet: then nothing was tried."""
    mutants: tuple[TriedMutant, ...] = ()

    @property
    def missed(self) -> tuple[TriedMutant, ...]:
        """The changes that no case noticed."""
        return tuple(one for one in self.mutants if one.fate is Fate.MISSED)

    @property
    def invalid(self) -> int:
        """How many changes the compiler refused."""
        return sum(one.fate is Fate.INVALID for one in self.mutants)

    @property
    def noticed(self) -> int:
        """How many changes a case noticed."""
        return sum(one.fate is Fate.NOTICED for one in self.mutants)

    @property
    def tried(self) -> int:
        """How many changes could be compiled."""
        return len(self.mutants) - self.invalid


@dataclass(frozen=True, slots=True)
class Mutation:
    """What came out for all policies."""

    policies: tuple[MutatedPolicy, ...]
    """Sorted by name, the packs behind the policies."""
    errors: tuple[AuditorError, ...] = ()
    """What is wrong with policies and cases that could not be tried."""

    @property
    def noticed(self) -> int:
        """How many changes a case noticed."""
        return sum(one.noticed for one in self.policies)

    @property
    def tried(self) -> int:
        """How many changes could be compiled."""
        return sum(one.tried for one in self.policies)

    @property
    def is_whole(self) -> bool:
        """Whether every policy has cases, and meets them as it is written."""
        return all(not one.failing and (one.cases or one.is_pack) for one in self.policies)

    def code(self, percent: int) -> ExitCode:
        """Return the exit code, where *percent* of the changes are to be noticed in each policy."""
        if self.errors:
            return ExitCode.BAD_INPUT
        short = any(is_short(one.noticed, one.tried, percent) for one in self.policies)
        return ExitCode.OK if self.is_whole and not short else ExitCode.GATED


def is_short(noticed: int, tried: int, percent: int) -> bool:
    """Whether less than *percent* of what was tried was noticed."""
    return noticed * 100 < percent * tried


def mutate_policies(wanted: Wanted, *, jobs: int = 1, progress: Progress = unwatched) -> Mutation:
    """
    Try the cases of policies with small changes to the policies.

    Args:
        wanted: Which policies, and which changes.
        jobs: How many processes may be used. What comes out does not depend on it.
        progress: Shows how far it is.

    Raises:
        ErrorGroup: No folder can be read.
        UsageProblem: There is no policy of that id.
        NothingToAudit: There is no policy, none has a case, or there is nothing to change in them.
    """
    bench = read_workbench(wanted.policies, wanted.profile)
    # A profile may speak of policies that lie elsewhere: what it changes is not tried here.
    unread = [error for error in bench.errors if not isinstance(error, ProfileError)]
    loaded = choose_policies(bench.texts, PolicyChoice(wanted.ids), bench.models, unread)
    summaries = loaded.plan.summaries if loaded.plan is not None else ()
    errors = [*loaded.errors, *([] if wanted.ids else cases_of_nothing(bench.folders))]
    if not summaries and not errors:
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    texts = {text.path: text for text in bench.texts}
    found: list[MutatedPolicy] = []
    for one in progress(summaries, "trying policies", total=len(summaries)):
        try:
            found.append(_mutated(bench, texts[one.location.path], one.id, wanted, jobs))
        except AuditorError as error:
            errors += error.errors if isinstance(error, ErrorGroup) else (error,)
    if not errors and not any(one.cases for one in found):
        msg = "no policy has a case"
        raise NothingToAudit(msg, hint="write POLICY.cases.yaml beside the policy")
    tried = [mutant for one in found for mutant in one.mutants]
    own = (
        replace(one, mutants=tuple(mutant for mutant in one.mutants if not _is_shared(mutant)))
        for one in found
    )
    mutation = Mutation((*own, *_of_packs(tried)), tuple(errors))
    if not errors and mutation.is_whole and not mutation.tried:
        msg = "nothing was changed: "
        msg += "no change can be compiled" if tried else "there is no such change to these policies"
        hint = "leave out --operator" if wanted.operators else "docs/mutation.md lists the changes"
        raise NothingToAudit(msg, hint=hint)
    return mutation


def _mutated(
    bench: Workbench, text: PolicyText, policy: str, wanted: Wanted, jobs: int
) -> MutatedPolicy:
    """
    Try the changes to one policy, and to the words that it uses.

    Raises:
        ErrorGroup: A case cannot be read or run.
    """
    beside = read_cases(text, policy)
    if beside.errors:
        raise ErrorGroup(beside.errors)
    if beside.file is None or not beside.file.cases:
        return MutatedPolicy(policy)
    tried = TriedPolicy(
        bench,
        text,
        beside,
        words=wanted.words,
        operators=wanted.operators,
        tries=wanted.tries,
    )
    failing = tried.failing()
    numbers = () if failing else range(len(tried.mutants))
    mutants = tuple(mapped(tried.tried, numbers, jobs))
    return MutatedPolicy(policy, cases=tried.cases, failing=failing, mutants=mutants)


def _of_packs(tried: Sequence[TriedMutant]) -> Iterator[MutatedPolicy]:
    """Yield the words of each ``pack.yaml``: a change is noticed where one of the policies that use it notices."""
    changes: dict[tuple[str, Location, str, str, str], list[TriedMutant]] = {}
    for mutant in filter(_is_shared, tried):
        key = (mutant.location.path, mutant.location, mutant.operator, mutant.was, mutant.now)
        changes.setdefault(key, []).append(mutant)
    packs: dict[str, list[TriedMutant]] = {}
    for (path, *_), copies in changes.items():
        packs.setdefault(path, []).append(min(copies, key=lambda one: _WEIGHTIEST.index(one.fate)))
    for path in sorted(packs):
        found = sorted(packs[path], key=lambda one: (one.location.line, one.location.column))
        yield MutatedPolicy(path, is_pack=True, mutants=tuple(found))


def _is_shared(mutant: TriedMutant) -> bool:
    """Whether a word was changed that packs share."""
    return mutant.location.path.rpartition("/")[2] == PACK_FILE
