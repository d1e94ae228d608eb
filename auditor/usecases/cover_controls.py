"""
Which controls of the frameworks policies decide, and by which cases these are tested: control, policies, cases.

It is what `auditor policy coverage --controls` does. That a policy decides a control says what it was written for;
whether it does so rightly, its cases tell.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.language.policy_parser import parse_policy
from auditor.language.unknown_controls import unknown_controls
from auditor.language.vocabulary import is_pack
from auditor.model.errors import (
    AuditorError,
    ExitCode,
    NothingToAudit,
    UsageProblem,
    did_you_mean,
)
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_catalogues import read_catalogues, with_packaged
from auditor.usecases.read_policies import compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditor.language.cases import Case
    from auditor.language.policy_draft import PolicyDraft, PolicyText
    from auditor.model.catalogue import Catalogue, Control
    from auditor.model.outcome import Outcome
    from auditor.model.policy import PolicySummary
    from auditor.usecases.read_catalogues import ReadCatalogues
    from auditor.usecases.workbench import Workbench


@dataclass(frozen=True, slots=True)
class CoveringPolicy:
    """A policy that decides a control, with its cases."""

    policy: PolicySummary
    listed: tuple[Case, ...]
    """Those that expect something; one that is still to be filled does not count."""

    @property
    def cases(self) -> int:
        """Number of its cases."""
        return len(self.listed)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """Number of cases by what they expect; one that expects two outcomes counts for both."""
        return Counter(outcome for case in self.listed for outcome in expected_by(case))

    @property
    def edges(self) -> Counter[str]:
        """Number of cases by the edge that they name."""
        return Counter(case.edge for case in self.listed if case.edge is not None)


def expected_by(case: Case) -> list[Outcome]:
    """Return the outcomes that a case expects, each once."""
    return list(dict.fromkeys(expected.outcome for expected in case.expect))


@dataclass(frozen=True, slots=True)
class CoveredControl:
    """A control, and the policies that decide it."""

    control: Control
    policies: tuple[CoveringPolicy, ...]
    """Sorted by id."""

    @property
    def cases(self) -> int:
        """Number of cases of all its policies."""
        return sum(one.cases for one in self.policies)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """Number of cases of all its policies, by what they expect."""
        return sum((one.outcomes for one in self.policies), Counter())

    @property
    def edges(self) -> tuple[tuple[str, int], ...]:
        """Its edges, in the catalogue's order, with the number of cases that name them."""
        edges = self.control.edges
        return tuple((edge, sum(one.edges[edge] for one in self.policies)) for edge in edges)


@dataclass(frozen=True, slots=True)
class FrameworkCoverage:
    """The controls of one framework."""

    catalogue: Catalogue
    controls: tuple[CoveredControl, ...]
    """In the catalogue's order."""

    @property
    def covered(self) -> int:
        """Number of controls that a policy decides."""
        return sum(bool(one.policies) for one in self.controls)

    def reaches(self, percent: int) -> bool:
        """Whether at least that many of a hundred controls have a policy; compared in whole numbers."""
        return self.covered * 100 >= percent * len(self.controls)


@dataclass(frozen=True, slots=True)
class ControlCoverage:
    """What is covered, and what stands in the way of knowing it."""

    frameworks: tuple[FrameworkCoverage, ...]
    errors: tuple[AuditorError, ...]
    """Policies, cases and catalogues that cannot be read, and policies that name a control that there is not."""

    def short_of(self, percent: int) -> list[FrameworkCoverage]:
        """Return the frameworks of which too few controls have a policy."""
        return [one for one in self.frameworks if not one.reaches(percent)]

    def code(self, percent: int) -> ExitCode:
        """Return the exit code, where *percent* of the controls of each framework must have a policy."""
        if self.errors:
            return ExitCode.BAD_INPUT
        return ExitCode.GATED if self.short_of(percent) else ExitCode.OK


def cover_controls(bench: Workbench, packs: Sequence[str]) -> ControlCoverage:
    """
    Hold the policies of *bench* against the catalogues that stand beside them.

    Args:
        bench: The policies, and the folders that they and the catalogues are in.
        packs: Those whose catalogues are wanted; none for all. Policies of every pack count, whatever they serve.

    Raises:
        NothingToAudit: There is no catalogue.
        UsageProblem: A pack has none, or there is no such pack.
    """
    read = read_catalogues(bench.folders)
    loaded = compile_texts(bench.texts, bench.models, bench.errors)
    errors = [*loaded.errors, *read.errors, *read.unread]
    errors += unknown_controls(_drafts(bench.texts), with_packaged(read.catalogues))
    if not read.catalogues and not errors:
        msg = "no catalogue of controls was found"
        raise NothingToAudit(msg, hint="put a catalogue.yaml beside the policies of a pack")
    wanted = _of_packs(read, packs)
    policies = loaded.plan.summaries if loaded.plan else ()
    files = {text.path: text for text in bench.texts}
    serving = {control for policy in policies for control in policy.controls}
    named = {control.id for one in wanted for control in one.controls} & serving
    covering = sorted(
        (
            _covering(policy, files[policy.location.path], errors)
            for policy in policies
            if named.intersection(policy.controls)
        ),
        key=lambda one: one.policy.id,
    )
    return ControlCoverage(tuple(_framework(one, covering) for one in wanted), tuple(errors))


def _of_packs(read: ReadCatalogues, packs: Sequence[str]) -> list[Catalogue]:
    known = [one.pack for one in read.catalogues]
    for pack in packs:
        # A catalogue that is broken is no usage error.
        if pack not in known and not (read.errors or read.unread):
            msg = f"no pack called '{pack}' has a catalogue"
            raise UsageProblem(msg, hint=did_you_mean(pack, known))
    return [one for one in read.catalogues if not packs or one.pack in packs]


def _drafts(texts: Iterable[PolicyText]) -> Iterator[PolicyDraft]:
    """Yield the policies that can be read; what is wrong with the others is told by whoever compiles them."""
    for text in texts:
        if not is_pack(text):
            try:
                yield parse_policy(text)
            except AuditorError:
                continue


def _covering(
    policy: PolicySummary, text: PolicyText, errors: list[AuditorError]
) -> CoveringPolicy:
    """Count the cases beside a policy; what is wrong with them goes to *errors*."""
    beside = read_cases(text, policy.id)
    errors.extend(beside.errors)
    cases = beside.file.cases if beside.file is not None else ()
    return CoveringPolicy(policy, tuple(case for case in cases if case.expect))


def _framework(catalogue: Catalogue, covering: Sequence[CoveringPolicy]) -> FrameworkCoverage:
    return FrameworkCoverage(
        catalogue,
        tuple(
            CoveredControl(
                control, tuple(one for one in covering if control.id in one.policy.controls)
            )
            for control in catalogue.controls
        ),
    )
