"""
Run the cases that stand beside the policies: what `auditor policy test` does.

A policy without cases is not a tested one, and is reported as such: silence would read as success. Nor is
one with a case that is still empty, which fails until somebody says what its verdict must be. A case that cannot
be run is an error, and counts among the cases as one that did not pass. Cases whose policy is gone test nothing,
and are an error, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from auditor.evaluation.cases import CaseResult, Unmet, judge_case, prepare_case
from auditor.model.errors import AuditorError, ExitCode, NothingToAudit, ProfileError
from auditor.usecases.audience import unwatched
from auditor.usecases.case_places import CasePlaces, placed_in
from auditor.usecases.case_plans import plan_with_params
from auditor.usecases.lint_cases import cases_of_nothing
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import PolicyChoice, choose_policies
from auditor.usecases.several_processes import mapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.language.cases import Case
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.verdict import Verdict
    from auditor.usecases.audience import Progress
    from auditor.usecases.read_cases import CasesBeside
    from auditor.usecases.workbench import Workbench

_STILL_EMPTY: Final = "this case is still empty: say under `expect` what the verdict must be"
_NEAR: Final = 0.4
"""How alike a name must be to what was typed to be called near to it: a filter is shorter than a name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of which policies are to be run."""

    policies: tuple[str, ...] = ()
    """Folders as typed; none for the policies that come with the program."""
    profile: str | None = None
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Texts, of which a case must have one in its name."""
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class TestedPolicy:
    """A policy and what its cases came to."""

    policy: str
    results: tuple[CaseResult, ...] = ()
    errors: tuple[AuditorError, ...] = ()
    """What keeps cases from being run; a single case of them stands in `results` as one that did not pass."""
    cases_file: str | None = None
    """None for a policy that has no cases."""

    @property
    def passed(self) -> bool:
        """Whether there are cases, and every one came out as expected."""
        return bool(self.results) and not self.errors and all(r.passed for r in self.results)


def test_policies(
    bench: Workbench,
    ids: Sequence[str],
    *,
    names: Sequence[str] = (),  # noqa: PT028 - a use case, and no test of ours
    jobs: int = 1,  # noqa: PT028 - see above
    progress: Progress = unwatched,  # noqa: PT028 - see above
) -> tuple[list[TestedPolicy], list[AuditorError]]:
    """
    Run the cases of every policy of *bench*, or of those in *ids*.

    A profile's own fields are known to them; what it changes of policies is not tried: a case tries a policy as
    it is written, or with parameters of its own.

    Args:
        bench: The policies.
        ids: Policies; none for all.
        names: Only cases with one of these texts in their names, in whatever letters; policies without such a
            case are left out.
        jobs: How many processes may be used. What comes out does not depend on it.
        progress: Shows how far it is.

    Returns:
        The policies, sorted by id, and what is wrong beside them: policies that could not be compiled, and cases
        whose policy is gone.

    Raises:
        UsageProblem: There is no policy of that id.
        NothingToAudit: There is no policy at all, or no case of such a name.
    """
    # A profile may speak of policies that lie elsewhere: what it changes is not tried here.
    unread = [error for error in bench.errors if not isinstance(error, ProfileError)]
    loaded = choose_policies(bench.texts, PolicyChoice(tuple(ids)), bench.models, unread)
    errors = [*loaded.errors, *([] if ids else cases_of_nothing(bench.folders))]
    if loaded.plan is None and not errors:
        msg = "no policy was found"
        hint = "name a folder of policies with --policies"
        if bench.profile is not None:
            hint += ", one with packs that the profile chooses"
        raise NothingToAudit(msg, hint=hint)
    runner = _Runner(bench, loaded.plan)
    _refuse_idle(names, runner)
    runner.keep(names)
    tasks = runner.tasks()
    came = iter(mapped(runner.run, tasks, jobs, progress=progress, label="running cases"))
    return [_tested(work, came) for work in runner.works], errors


def code_of(tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]) -> ExitCode:
    """Return the exit code of a test run."""
    if errors or any(one.errors for one in tested):
        return ExitCode.BAD_INPUT
    if not any(one.results for one in tested):
        return ExitCode.NOTHING
    return ExitCode.OK if all(one.passed for one in tested) else ExitCode.GATED


def _refuse_idle(names: Sequence[str], runner: _Runner) -> None:
    """Refuse a text that no case has in its name: a slip in it would test nothing, and read as success."""
    every = {case.name for work in runner.works for case in work.cases}
    for text in names:
        if every and not any(_matches(name, (text,)) for name in every):
            near = get_close_matches(text, sorted(every), n=3, cutoff=_NEAR)
            msg = f"no case has '{text}' in its name"
            quoted = " or ".join(f"'{name}'" for name in near)
            hint = (
                f"did you mean {quoted}?"
                if near
                else "the same with -v, and without --case, tells the names"
            )
            raise NothingToAudit(msg, hint=hint)


def _matches(name: str, texts: Sequence[str]) -> bool:
    return any(text.casefold() in name.casefold() for text in texts)


@dataclass(slots=True, eq=False)
class _Work:
    """A policy with the cases that are to be run."""

    policy: PolicySummary
    text: PolicyText
    beside: CasesBeside
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class _Came:
    """What running one case came to; without the case, so that it can be sent from process to process."""

    unmet: tuple[Unmet, ...]
    verdicts: tuple[Verdict, ...] = ()
    places: tuple[tuple[str, Location], ...] = ()
    errors: tuple[AuditorError, ...] = ()


def _tested(work: _Work, came: Iterator[_Came]) -> TestedPolicy:
    results: list[CaseResult] = []
    errors = list(work.beside.errors)
    for case in work.cases:
        one = next(came)
        results.append(CaseResult(case, one.unmet, one.verdicts, dict(one.places)))
        errors.extend(one.errors)
    return TestedPolicy(work.policy.id, tuple(results), tuple(errors), work.beside.shown)


class _Runner:
    """Runs cases; what all of them share is read once."""

    def __init__(self, bench: Workbench, plan: Plan | None) -> None:
        self._bench = bench
        self._plan = plan
        self._plans: dict[str, Plan] = {}
        """Plans with the policies' own parameters, which nearly all cases use, by policy."""
        texts = {text.path: text for text in bench.texts}
        self.works: list[_Work] = []
        for policy in plan.summaries if plan is not None else ():
            text = texts[policy.location.path]
            beside = read_cases(text, policy.id)
            cases = beside.file.cases if beside.file is not None else ()
            self.works.append(_Work(policy, text, beside, cases))

    def keep(self, names: Sequence[str]) -> None:
        """Leave out cases without one of *names*, and policies without one of these."""
        if names:
            for work in self.works:
                work.cases = tuple(case for case in work.cases if _matches(case.name, names))
            self.works = [work for work in self.works if work.cases or work.beside.errors]

    def tasks(self) -> list[tuple[int, int]]:
        """Name every case, by the positions of its policy and of itself."""
        return [(at, n) for at, work in enumerate(self.works) for n in range(len(work.cases))]

    def run(self, task: tuple[int, int]) -> _Came:
        """Run one case."""
        work = self.works[task[0]]
        case = work.cases[task[1]]
        if not case.expect:
            return _Came((Unmet((_STILL_EMPTY,)),))
        try:
            return self._judged(work, case)
        except AuditorError as error:
            placed = tuple(placed_in(work.beside, case, error))
            name = f"case '{case.name}': "
            faults = (f"it cannot be run: {one.message.removeprefix(name)}" for one in placed)
            return _Came((Unmet(tuple(faults)),), errors=placed)

    def _judged(self, work: _Work, case: Case) -> _Came:
        prepared = prepare_case(case, work.beside.base, self._bench.models)
        result = judge_case(prepared, self._plan_for(work, case))
        places: Mapping[str, Location] = {}
        if not result.passed:
            shown = {
                fact.pointer: None for one in result.verdicts for fact in (*one.facts, *one.missing)
            }
            places = CasePlaces(work.beside, case).locate(shown)
        return _Came(result.unmet, result.verdicts, tuple(places.items()))

    def _plan_for(self, work: _Work, case: Case) -> Plan:
        policy = work.policy.id
        if case.params:
            return plan_with_params(self._bench, work.text, policy, case)
        if policy not in self._plans and self._plan is not None:
            self._plans[policy] = self._plan.select((policy,))
        return self._plans[policy]
