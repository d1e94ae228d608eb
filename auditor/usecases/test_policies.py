"""
Run the cases that stand beside the policies: what `auditor policy test` does.

A policy without cases is not a tested one, and is reported as such: silence would read as success. Nor is
one with a case that is still empty, which fails until somebody says what its verdict must be. A case that cannot
be run is an error, and counts among the cases as one that did not pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.cases import CaseResult, judge_case, prepare_case
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, ExitCode, NothingToAudit
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import PolicyChoice, load_policies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.language.cases import Case
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.model.policy import PolicySummary
    from auditor.usecases.workbench import Workbench

_STILL_EMPTY: Final = "this case is still empty: say under `expect` what the verdict must be"


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
    bench: Workbench, ids: tuple[str, ...]
) -> tuple[list[TestedPolicy], list[AuditorError]]:
    """
    Run the cases of every policy of *bench*, or of those in *ids*.

    A profile's own fields are known to them; what it changes of policies is not tried: a case tries a policy as
    it is written, or with parameters of its own.

    Returns:
        The policies, sorted by id, and what is wrong with policies that could not be compiled.

    Raises:
        UsageProblem: There is no policy of that id.
        NothingToAudit: There is no policy at all.
    """
    loaded = load_policies(bench.folders, PolicyChoice(ids), bench.models)
    if loaded.plan is None and not loaded.errors:
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    runner = _Runner(bench)
    tested = [runner.test(summary) for summary in (loaded.plan.summaries if loaded.plan else ())]
    return tested, list(loaded.errors)


def code_of(tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]) -> ExitCode:
    """Return the exit code of a test run."""
    if errors or any(one.errors for one in tested):
        return ExitCode.BAD_INPUT
    return ExitCode.OK if all(one.passed for one in tested) else ExitCode.GATED


class _Runner:
    """Runs cases; what all of them share is read once."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._texts = {text.path: text for text in bench.texts}
        self._plans: dict[str, Plan] = {}
        """Plans with the policies' own parameters, which nearly all cases use, by policy."""

    def test(self, policy: PolicySummary) -> TestedPolicy:
        """Run the cases of one policy."""
        text = self._texts[policy.location.path]
        beside = read_cases(text, policy.id)
        if beside.file is None:
            return TestedPolicy(policy.id, errors=beside.errors, cases_file=beside.shown)
        results: list[CaseResult] = []
        errors: list[AuditorError] = []
        for case in beside.file.cases:
            try:
                results.append(self._run(text, policy.id, case, beside.base))
            except AuditorError as error:
                placed = list(placed_in(case, error))
                errors.extend(placed)
                results.append(_not_run(case, placed))
        return TestedPolicy(policy.id, tuple(results), tuple(errors), beside.shown)

    def _run(
        self,
        text: PolicyText,
        policy: str,
        case: Case,
        base: Any,  # noqa: ANN401 - any snapshot
    ) -> CaseResult:
        if not case.expect:
            return CaseResult(case, (_STILL_EMPTY,), ())
        prepared = prepare_case(case, base, self._bench.models)
        return judge_case(prepared, self._plan(text, policy, case.params))

    def _plan(self, text: PolicyText, policy: str, params: Mapping[str, Any]) -> Plan:
        if params:
            return self._bench.compiled(text, policy, params)
        if policy not in self._plans:
            self._plans[policy] = self._bench.compiled(text, policy)
        return self._plans[policy]


def _not_run(case: Case, errors: Sequence[AuditorError]) -> CaseResult:
    """Return a case that could not be run as one that did not come out as expected."""
    name = f"case '{case.name}': "
    faults = (f"it cannot be run: {one.message.removeprefix(name)}" for one in errors)
    return CaseResult(case, tuple(faults), ())


def placed_in(case: Case, error: AuditorError) -> Iterator[AuditorError]:
    """Say in which case something went wrong: the base snapshot alone does not tell."""
    for one in error.errors if isinstance(error, ErrorGroup) else (error,):
        yield ConfigError(
            f"case '{case.name}': {one.message}",
            hint=one.hint,
            location=one.location or case.location,
            excerpt=one.excerpt,
            slug="config-cases",
        )
