"""
Which clauses of policies, and which answers of each condition, their cases have tried.

It is what `auditor policy coverage` does without `--controls`. That a branch was taken does not say that a case
would notice if it were wrong; that none took it says that nobody would.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.branches import BranchRecorder
from auditor.evaluation.cases import judge_case, prepare_case
from auditor.language.branches import boolean_parts
from auditor.language.plan import Plan
from auditor.language.policy_compiler import read_policies
from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import AuditorError, ErrorGroup, ExitCode, NothingToAudit, ProfileError
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome
from auditor.usecases.audience import unwatched
from auditor.usecases.case_places import placed_in
from auditor.usecases.lint_cases import cases_of_nothing
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import PolicyChoice, choose_policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.evaluation.cases import CaseResult
    from auditor.language.branches import BooleanPart, PartKey
    from auditor.language.cases import Case
    from auditor.language.one_policy import ReadPolicy
    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import PolicyText
    from auditor.model.policy import ClauseSummary, PolicySummary
    from auditor.model.verdict import Verdict
    from auditor.usecases.audience import Progress
    from auditor.usecases.workbench import Workbench

_ANSWERS: Final = ((Came.TRUE, True), (Came.FALSE, False))


@dataclass(frozen=True, slots=True)
class Share:
    """How many there are, and how many of them were tried."""

    tried: int
    total: int

    def __add__(self, other: Share) -> Share:
        """Return the share of both together."""
        return Share(self.tried + other.tried, self.total + other.total)

    def reaches(self, percent: int) -> bool:
        """Whether at least that many of a hundred were tried; compared in whole numbers."""
        return self.tried * 100 >= percent * self.total


NOTHING_THERE: Final = "nothing_there"
"""A way to a verdict: there was nothing to judge, or nothing to look at."""


@dataclass(frozen=True, slots=True)
class CoveredPart:
    """A condition, and what it came to in the cases."""

    part: BooleanPart
    came: frozenset[Came]

    def with_(self, other: CoveredPart) -> CoveredPart:
        """Return what it came to, and can come to, here and where another policy uses the same word."""
        part = replace(self.part, answers=self.part.answers | other.part.answers)
        return CoveredPart(part, self.came | other.came)

    @property
    def missing(self) -> tuple[Came, ...]:
        """The answers that no case has led to; unknown is none that a case has to lead to."""
        return tuple(answer for answer in self.answers if answer not in self.came)

    @property
    def answers(self) -> tuple[Came, ...]:
        """The answers that there can be."""
        return tuple(came for came, truth in _ANSWERS if truth in self.part.answers)


@dataclass(frozen=True, slots=True)
class CoveredClause:
    """A demand, and how often it was met and not met where that was what the verdict rested on."""

    clause: ClauseSummary
    passes: int
    """Without those where there was nothing to look at."""
    fails: int

    @property
    def is_covered(self) -> bool:
        """Whether it was met and not met."""
        return bool(self.passes and self.fails)


@dataclass(frozen=True, slots=True)
class CoveredPolicy:
    """A policy, and what its cases tried of it."""

    policy: PolicySummary
    cases: int
    """Number of those that were run."""
    clauses: tuple[CoveredClause, ...]
    parts: tuple[CoveredPart, ...]
    """In the order in which they are written."""
    outcomes: Mapping[Outcome, int]
    """Number of verdicts."""
    ways: Mapping[str, int]
    """Number of verdicts by what led to them beside the demands: `NOTHING_THERE`, ``not_due``, ``out_of_period``."""
    says_of: frozenset[str]
    """Of which of these ways it says something: what counts where nothing is there, when it is due, in force."""
    unexpected: tuple[str, ...]
    """The cases that did not come out as they say, or do not say what is to come out."""
    source: str
    """The text of its file."""

    @property
    def branches(self) -> Share:
        """Answers of its conditions."""
        return share_of(self.parts)

    @property
    def clause_share(self) -> Share:
        """Clauses that were met and not met."""
        return Share(sum(one.is_covered for one in self.clauses), len(self.clauses))


@dataclass(frozen=True, slots=True)
class CoveredWords:
    """The words of a ``pack.yaml`` that policies use, and what the cases of all of these tried of them."""

    path: str
    parts: tuple[CoveredPart, ...]
    source: str

    @property
    def branches(self) -> Share:
        """Answers of their conditions."""
        return share_of(self.parts)


def share_of(parts: Iterable[CoveredPart]) -> Share:
    """Return how many answers there can be to *parts*, and how many were seen."""
    listed = list(parts)
    total = sum(len(one.answers) for one in listed)
    return Share(total - sum(len(one.missing) for one in listed), total)


@dataclass(frozen=True, slots=True)
class CaseCoverage:
    """What was tried, and what stands in the way of knowing it."""

    policies: tuple[CoveredPolicy, ...]
    """Sorted by id."""
    words: tuple[CoveredWords, ...]
    """Sorted by file; none where only some policies were asked for: words belong to all."""
    errors: tuple[AuditorError, ...]

    @property
    def files(self) -> tuple[CoveredPolicy | CoveredWords, ...]:
        """The policies, then the words."""
        return self.policies + self.words

    def short_of_branches(self, percent: int) -> list[CoveredPolicy | CoveredWords]:
        """Return the policies and words of which the cases tried fewer branches."""
        return [
            one
            for one in self.files
            if not one.branches.reaches(percent) or _is_untried(one, percent)
        ]

    def short_of_clauses(self, percent: int) -> list[CoveredPolicy]:
        """Return the policies of which the cases tried fewer clauses."""
        return [
            one
            for one in self.policies
            if not one.clause_share.reaches(percent) or _is_untried(one, percent)
        ]

    def code(self, *, branches: int, clauses: int) -> ExitCode:
        """Return the exit code, where so many of a hundred must have been tried in each policy."""
        if self.errors:
            return ExitCode.BAD_INPUT
        short = self.short_of_branches(branches) or self.short_of_clauses(clauses)
        failed = any(one.unexpected for one in self.policies)
        return ExitCode.GATED if short or failed else ExitCode.OK


def _is_untried(one: CoveredPolicy | CoveredWords, percent: int) -> bool:
    """Whether something is asked of the cases of a policy that has none: nothing of nothing is no trial."""
    return isinstance(one, CoveredPolicy) and not one.cases and percent > 0


def cover_cases(
    bench: Workbench, choice: PolicyChoice, *, progress: Progress = unwatched
) -> CaseCoverage:
    """
    Run the cases of policies, and look at what they try.

    Args:
        bench: The policies; their own fields are known.
        choice: Those that are wanted. Words are looked at only where all policies are.
        progress: Shows how far it is.

    Raises:
        UsageProblem: There is no such policy or pack.
        NothingToAudit: There is no policy, or none of them has a case.
    """
    # A profile may speak of policies that lie elsewhere: what it changes is not tried here.
    unread = [error for error in bench.errors if not isinstance(error, ProfileError)]
    loaded = choose_policies(bench.texts, choice, bench.models, unread)
    texts = {text.path: text for text in bench.texts}
    summaries = loaded.plan.summaries if loaded.plan is not None else ()
    beside = [*loaded.errors, *([] if choice.ids else cases_of_nothing(bench.folders))]
    if not summaries and not beside:
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    followed = progress(summaries, "trying policies", total=len(summaries))
    runs = [_Run(bench, texts[one.location.path], one) for one in followed]
    errors = [*beside, *(error for run in runs for error in run.errors)]
    if not errors and not any(run.results for run in runs):
        msg = "there is no case that says what must come out"
        raise NothingToAudit(msg, hint="write cases beside the policies: see docs/policies.md")
    words = _words(runs, texts) if choice == PolicyChoice() else ()
    return CaseCoverage(tuple(run.covered() for run in runs), words, tuple(errors))


class _Run:
    """The cases of one policy, run and looked at."""

    def __init__(self, bench: Workbench, text: PolicyText, summary: PolicySummary) -> None:
        self.results: list[CaseResult] = []
        self.errors: list[AuditorError] = []
        self._bench = bench
        self._text = text
        self._summary = summary
        self._unexpected: list[str] = []
        self._read = self._compiled({})
        self._recorders = [BranchRecorder(self._read.policy)]
        beside = read_cases(text, summary.id)
        self.errors.extend(beside.errors)
        for case in beside.file.cases if beside.file is not None else ():
            if not case.expect:
                self._unexpected.append(case.name)
                continue
            try:
                self._judge(case, beside.base)
            except AuditorError as error:
                self.errors.extend(placed_in(beside, case, error))

    def _compiled(self, params: Mapping[str, Any]) -> ReadPolicy:
        """Read the policy with parameters of a case; it has been compiled without a fault before."""
        bench, text = self._bench, self._text
        read = read_policies(
            [text, *(one for one in bench.texts if serves(one, text))],
            roots=bench.roots,
            functions=bench.functions,
            params={self._summary.id: params},
        )
        if read.errors:
            raise ErrorGroup(read.errors)
        return read.policies[0]

    def _judge(self, case: Case, base: Any) -> None:  # noqa: ANN401 - any snapshot
        read = self._compiled(case.params) if case.params else self._read
        if case.params:
            self._recorders.append(BranchRecorder(read.policy))
        recorder = self._recorders[-1] if case.params else self._recorders[0]
        plan = Plan((read.policy,), self._bench.functions)
        prepared = prepare_case(case, base, self._bench.models)
        result = judge_case(prepared, plan, evaluator=recorder.evaluator)
        self.results.append(result)
        if not result.passed:
            self._unexpected.append(case.name)

    @cached_property
    def parts(self) -> tuple[CoveredPart, ...]:
        """The conditions of the policy and of the words that it uses, with what they came to."""
        return tuple(
            CoveredPart(
                part, frozenset().union(*(one.came_of(part.key) for one in self._recorders))
            )
            for part in boolean_parts(self._read, self._bench.functions)
        )

    def covered(self) -> CoveredPolicy:
        """Return what the cases tried of the policy's own file."""
        verdicts = [verdict for result in self.results for verdict in result.verdicts]
        return CoveredPolicy(
            self._summary,
            len(self.results),
            tuple(
                _clause(index, summary, verdicts)
                for index, summary in enumerate(self._summary.clauses)
            ),
            tuple(one for one in self.parts if one.part.location.path == self._text.path),
            Counter(verdict.outcome for verdict in verdicts),
            Counter(word for verdict in verdicts for word in _ways(verdict)),
            _says_of(self._read.policy),
            tuple(self._unexpected),
            _source(self._text),
        )


def _clause(index: int, clause: ClauseSummary, verdicts: Iterable[Verdict]) -> CoveredClause:
    """Count how often a demand was met and not met; what is not due yet demands nothing."""
    came = Counter(
        found.outcome
        for verdict in verdicts
        if verdict.reason != "not_due"
        for found in verdict.clauses
        if found.clause == index and not found.vacuous
    )
    return CoveredClause(clause, came[Outcome.PASS], came[Outcome.FAIL])


def _says_of(policy: CompiledPolicy) -> frozenset[str]:
    empties = (policy.empty, *(clause.empty for clause in policy.clauses))
    said = {
        NOTHING_THERE: any(empty is not None for empty in empties),
        "not_due": policy.due is not None,
        "out_of_period": policy.at is not None or any(policy.effective),
    }
    return frozenset(way for way, is_said in said.items() if is_said)


def _ways(verdict: Verdict) -> Iterator[str]:
    """Yield what led to a verdict beside the demands."""
    if verdict.reason == "no_subject" or any(clause.vacuous for clause in verdict.clauses):
        yield NOTHING_THERE
    if verdict.reason in {"not_due", "out_of_period"}:
        yield verdict.reason


def _words(runs: Iterable[_Run], texts: Mapping[str, PolicyText]) -> tuple[CoveredWords, ...]:
    """Return what the cases of all policies together tried of the words that they share."""
    came: dict[str, dict[PartKey, CoveredPart]] = {}
    for run in runs:
        for one in run.parts:
            path = one.part.location.path
            if is_pack(texts[path]):
                known = came.setdefault(path, {})
                before = known.get(one.part.key)
                known[one.part.key] = one if before is None else before.with_(one)
    return tuple(
        CoveredWords(
            path,
            tuple(sorted(came[path].values(), key=lambda one: one.part.sort_key())),
            _source(texts[path]),
        )
        for path in sorted(came)
    )


def _source(text: PolicyText) -> str:
    """Return the text of a file that has been read without a fault."""
    return text.data.decode("utf-8-sig")
