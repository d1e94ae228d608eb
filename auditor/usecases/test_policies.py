"""
Run the cases that stand beside the policies: what `auditor policy test` does.

A policy without cases is not a tested one, and is reported as such: silence would read as success. Nor is
one with a case that is still empty, which fails until somebody says what its verdict must be. A case that cannot
be run is an error, and counts among the cases as one that did not pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.tree import parse_tree
from auditor.evaluation.cases import CaseResult, run_case
from auditor.facts.snapshot import Roots
from auditor.language.cases import parse_cases
from auditor.language.policy_compiler import compile_plan
from auditor.language.vocabulary import serves
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, ExitCode, NothingToAudit
from auditor.model.location import Location
from auditor.usecases.read_config import unreadable
from auditor.usecases.read_policies import (
    CASES_SUFFIX,
    PolicyChoice,
    PolicyFolder,
    functions,
    load_policies,
    packaged_folder,
    read_texts,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.cases import Case, CasesFile
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions

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
    folders: Sequence[PolicyFolder], ids: tuple[str, ...]
) -> tuple[list[TestedPolicy], list[AuditorError]]:
    """
    Run the cases of every policy of *folders*, or of those in *ids*.

    Returns:
        The policies, sorted by id, and what is wrong with policies that could not be compiled.

    Raises:
        UsageProblem: There is no policy of that id.
        NothingToAudit: There is no policy at all.
    """
    chosen = folders or [packaged_folder()]
    models = snapshot_models()
    loaded = load_policies(chosen, PolicyChoice(ids), models)
    if loaded.plan is None and not loaded.errors:
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    texts, _ = read_texts(chosen)
    runner = _Runner(texts, functions(), models)
    paths = {folder.shown: folder.path for folder in chosen}
    tested = []
    for summary in loaded.plan.summaries if loaded.plan else ():
        path = _real_path(summary.location.path, paths)
        tested.append(runner.test(summary.id, summary.location.path, path))
    return tested, list(loaded.errors)


def code_of(tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]) -> ExitCode:
    """Return the exit code of a test run."""
    if errors or any(one.errors for one in tested):
        return ExitCode.BAD_INPUT
    return ExitCode.OK if all(one.passed for one in tested) else ExitCode.GATED


def _real_path(shown: str, folders: dict[str, Path]) -> Path:
    """Return the file that is shown as *shown*, which lies below one of *folders*."""
    for name, path in folders.items():
        if shown.startswith(f"{name}/"):
            return path / shown.removeprefix(f"{name}/")
    return Path(shown)


class _Runner:
    """Runs cases; what all of them share is read once."""

    def __init__(
        self, texts: Sequence[PolicyText], library: Functions, models: SnapshotModels
    ) -> None:
        self._texts = texts
        self._library = library
        self._models = models
        self._plans: dict[str, Plan] = {}
        """Plans with the policies' own parameters, which nearly all cases use, by the policy's path."""

    def test(self, policy: str, shown: str, path: Path) -> TestedPolicy:
        """Run the cases of one policy."""
        cases_path = path.with_name(path.stem + CASES_SUFFIX)
        cases_shown = str(Path(shown).with_name(path.stem + CASES_SUFFIX))
        if not cases_path.is_file():
            return TestedPolicy(policy)
        try:
            try:
                data = cases_path.read_bytes()
            except OSError as error:
                raise unreadable(cases_shown, error) from None
            cases = parse_cases(data, path=cases_shown)
            if cases.policy != policy:
                raise _of_another(cases, policy)
            base = self._base(cases, cases_path)
        except AuditorError as error:
            return TestedPolicy(policy, errors=(error,), cases_file=cases_shown)
        results: list[CaseResult] = []
        errors: list[AuditorError] = []
        for case in cases.cases:
            try:
                results.append(self._run(policy, shown, case, base))
            except AuditorError as error:
                placed = list(_placed(error, case))
                errors.extend(placed)
                results.append(_not_run(case, placed))
        return TestedPolicy(policy, tuple(results), tuple(errors), cases_shown)

    def _base(self, cases: CasesFile, path: Path) -> Any:  # noqa: ANN401 - any snapshot
        if not isinstance(cases.base, str):
            return cases.base
        shown = (Path(cases.path).parent / cases.base).as_posix()
        try:
            data = (path.parent / cases.base).read_bytes()
        except OSError as error:
            raise unreadable(shown, error) from None
        return parse_tree(data, path=shown).data

    def _run(
        self,
        policy: str,
        shown: str,
        case: Case,
        base: Any,  # noqa: ANN401 - any snapshot
    ) -> CaseResult:
        if not case.expect:
            return CaseResult(case, (_STILL_EMPTY,), ())
        return run_case(case, base, self._plan(policy, shown, case.params), self._models)

    def _plan(self, policy: str, shown: str, params: Mapping[str, Any]) -> Plan:
        """Compile the one policy with some parameters; the words in force in it come with it."""
        if not params and shown in self._plans:
            return self._plans[shown]
        own = next(text for text in self._texts if text.path == shown)
        texts = [own, *(words for words in self._texts if serves(words, own))]
        plan = compile_plan(
            texts, roots=Roots(self._models), functions=self._library, params={policy: params}
        )
        if not params:
            self._plans[shown] = plan
        return plan


def _of_another(cases: CasesFile, policy: str) -> ConfigError:
    return ConfigError(
        f"these are the cases of '{cases.policy}', and the file stands beside '{policy}'",
        hint=f"write policy: {policy}, or name the file after its policy",
        location=Location(cases.path, 1),
        slug="config-cases",
    )


def _not_run(case: Case, errors: Sequence[AuditorError]) -> CaseResult:
    """Return a case that could not be run as one that did not come out as expected."""
    name = f"case '{case.name}': "
    faults = (f"it cannot be run: {one.message.removeprefix(name)}" for one in errors)
    return CaseResult(case, tuple(faults), ())


def _placed(error: AuditorError, case: Case) -> Iterator[AuditorError]:
    """Say in which case something went wrong: the base snapshot alone does not tell."""
    for one in error.errors if isinstance(error, ErrorGroup) else (error,):
        yield ConfigError(
            f"case '{case.name}': {one.message}",
            hint=one.hint,
            location=one.location or case.location,
            excerpt=one.excerpt,
            slug="config-cases",
        )
