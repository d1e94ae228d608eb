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
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    read_texts,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditor.language.policy_draft import PolicyDraft, PolicyText
    from auditor.model.catalogue import Catalogue, Control
    from auditor.model.outcome import Outcome
    from auditor.model.policy import PolicySummary
    from auditor.usecases.read_catalogues import ReadCatalogues
    from auditor.usecases.read_policies import PolicyFolder


@dataclass(frozen=True, slots=True)
class CoveringPolicy:
    """A policy that decides a control, with its cases."""

    policy: PolicySummary
    cases: int
    """Number of those that expect something; one that is still to be filled does not count."""
    outcomes: Mapping[Outcome, int]
    """Number of cases by what they expect; one that expects two outcomes counts for both."""
    edges: Mapping[str, int]
    """Number of cases by the edge that they name."""


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
        return sum((Counter(one.outcomes) for one in self.policies), Counter())

    @property
    def edges(self) -> tuple[tuple[str, int], ...]:
        """Its edges, in the catalogue's order, with the number of cases that name them."""
        edges = self.control.edges
        return tuple((edge, sum(one.edges.get(edge, 0) for one in self.policies)) for edge in edges)


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


def cover_controls(folders: Sequence[PolicyFolder], packs: Sequence[str]) -> ControlCoverage:
    """
    Hold the policies of *folders* against the catalogues that stand beside them.

    Args:
        folders: Where policies and catalogues are; none for those that come with the program.
        packs: Those whose catalogues are wanted; none for all. Policies of every pack count, whatever they serve.

    Raises:
        NothingToAudit: There is no catalogue.
        UsageProblem: A pack has none, or there is no such pack.
    """
    chosen = folders or [packaged_folder()]
    read = read_catalogues(chosen)
    loaded = load_policies(chosen, PolicyChoice(), snapshot_models())
    texts, _ = read_texts(chosen)
    errors = [*loaded.errors, *read.errors, *read.unread]
    errors += unknown_controls(_drafts(texts), with_packaged(read.catalogues))
    if not read.catalogues and not errors:
        msg = "no catalogue of controls was found"
        raise NothingToAudit(msg, hint="put a catalogue.yaml beside the policies of a pack")
    wanted = _of_packs(read, packs)
    policies = loaded.plan.summaries if loaded.plan else ()
    files = {text.path: text for text in texts}
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
    # One that expects nothing yet tries nothing.
    cases = [case for case in beside.file.cases if case.expect] if beside.file else []
    outcomes: Counter[Outcome] = Counter()
    edges: Counter[str] = Counter()
    for case in cases:
        outcomes.update({expected.outcome for expected in case.expect})
        edges.update([case.edge] if case.edge is not None else [])
    return CoveringPolicy(policy, len(cases), outcomes, edges)


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
