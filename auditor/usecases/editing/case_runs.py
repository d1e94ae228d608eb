"""
The cases of a policy, run on what is written in the editor, and what came out until something changes that they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.yaml_outline import outline
from auditor.evaluation.cases import judge_case, prepare_case
from auditor.language.lint_cases import orphaned_cases
from auditor.language.vocabulary import is_pack
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.reporters.wording import counted
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import CASES_SUFFIX
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from auditor.documents.yaml_outline import Slot
    from auditor.language.cases import Case
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.workbench import Workbench

_STILL_EMPTY: Final = "this case is still empty: say under `expect` what the verdict must be"
_HEADS: Final = {"policy": "id", "cases": "policy"}
"""By kind of file the key above which all cases can be run."""


@dataclass(frozen=True, slots=True)
class CasePair:
    """A policy and its cases, which stand beside it."""

    policy: Path
    cases: Path


@dataclass(frozen=True, slots=True)
class Lens:
    """A line above which cases can be run."""

    start: int
    """Where the line is, as an offset in the file."""
    title: str
    pair: CasePair
    only: int | None
    """Number of the one case that is meant, from 0; None for all of them."""


@dataclass(frozen=True, slots=True)
class RanCase:
    """A case, and each thing that did not come out as it says."""

    case: Case
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class CaseRun:
    """What the cases of a policy came to."""

    pair: CasePair
    errors: tuple[AuditorError, ...]
    """What keeps them from being run, in whichever file it is."""
    results: Mapping[int, RanCase]
    """By the number of the case, from 0."""
    count: int
    """How many cases there are."""
    others: tuple[Path, ...]
    """The files beside the two that were read: the snapshot that the cases start from."""
    stamp: tuple[bytes | None, ...]
    """What all these files and the words of the policy were."""

    @property
    def in_words(self) -> str:
        """Say what came out."""
        if not self.results:
            return "cases not run"
        return f"{self.passed} of {counted(len(self.results), 'case')} ok"

    @property
    def passed(self) -> int:
        """How many cases came out as they say."""
        return sum(one.passed for one in self.results.values())

    @property
    def failed(self) -> list[RanCase]:
        """The cases that did not come out as they say, in their order."""
        return [one for _, one in sorted(self.results.items()) if not one.passed]

    @property
    def is_whole(self) -> bool:
        """Whether every case was run."""
        return len(self.results) == self.count

    def added_to(self, earlier: CaseRun | None) -> CaseRun:
        """Return this with what came out of other cases before, where nothing has changed since."""
        if earlier is None or earlier.stamp != self.stamp:
            return self
        return replace(self, results={**earlier.results, **self.results})


def pair_of(path: Path, kind: str) -> CasePair | None:
    """Return the policy and the cases to which a file belongs."""
    if kind == "policy":
        return CasePair(path, path.with_name(path.stem + CASES_SUFFIX))
    if kind == "cases" and path.name.endswith(CASES_SUFFIX):
        return CasePair(path.with_name(path.name.removesuffix(CASES_SUFFIX) + ".yaml"), path)
    return None


def run_cases(desk: Desk, pair: CasePair, only: int | None = None) -> CaseRun:
    """Run the cases of a policy as both are written now, or one of them."""
    before = stamp_of(desk, pair, ())
    bench = desk.bench(pair.policy)
    text = desk.text_of(bench, pair.policy)
    if text is None:
        lone = orphaned_cases(shown_name(str(pair.cases)), pair.policy.stem)
        return CaseRun(pair, (lone,), {}, 0, (), before)
    policy = desk.id_of(text)
    others: dict[Path, bytes | None] = {}

    def read(path: Path) -> bytes:
        if path != pair.cases:
            others[path] = None  # it may not be there
            others[path] = desk.files.read(path)
            return others[path] or b""
        return desk.files.read(path)

    beside = read_cases(text, policy, read)
    cases = beside.file.cases if beside.file is not None else ()
    run = CaseRun(pair, beside.errors, {}, len(cases), tuple(others), (*before, *others.values()))
    try:
        plan = bench.compiled(text, policy)
    except ErrorGroup as group:
        return replace(run, errors=group.errors, count=0)
    results = {
        number: RanCase(case, _unmet(bench, case, beside.base, text, plan))
        for number, case in enumerate(cases)
        if only in {None, number}
    }
    return replace(run, results=results)


def _unmet(
    bench: Workbench,
    case: Case,
    base: Any,  # noqa: ANN401 - any snapshot
    text: PolicyText,
    plan: Plan,
) -> tuple[str, ...]:
    """Run one case, and return what did not come out as it says."""
    if not case.expect:
        return (_STILL_EMPTY,)
    try:
        if case.params:
            plan = bench.compiled(text, plan.summaries[0].id, case.params)
        return judge_case(prepare_case(case, base, bench.models), plan).differences
    except AuditorError as error:
        faults = error.errors if isinstance(error, ErrorGroup) else (error,)
        return tuple(f"it cannot be run: {one.message}" for one in faults)


def stamp_of(desk: Desk, pair: CasePair, others: Iterable[Path]) -> tuple[bytes | None, ...]:
    """Return what the outcome of the cases depends on; *others* are files that were read beside the two."""
    bench = desk.bench(pair.policy)
    words = (text.data for text in bench.texts if is_pack(text))
    files = (desk.bytes_of(path) for path in others)
    return (desk.bytes_of(pair.policy), desk.bytes_of(pair.cases), *words, *files)


def lenses(desk: Desk, path: Path, kind: str, text: str, run: CaseRun | None) -> Iterator[Lens]:
    """
    Yield the places of a file from which cases can be run.

    Args:
        desk: The files.
        path: The file: a policy or its cases.
        kind: Which of the two.
        text: What is in it.
        run: What came out last, where nothing has changed since.
    """
    pair = pair_of(path, kind)
    if pair is None:
        return
    slots = outline(text)
    cases = slots if kind == "cases" else outline(desk.files.text(pair.cases))
    places = [slot.value[0] for slot in cases if _is_case(slot)]
    if not places:
        return
    for slot in slots:
        if slot.path == (_HEADS[kind],) and slot.key is not None:
            title = f"Run cases ({len(places)})"
            if run is not None and run.is_whole:
                title = f"{run.in_words} - run again"
            yield Lens(slot.key[0], title, pair, None)
    for number, start in enumerate(places) if kind == "cases" else ():
        found = run.results.get(number) if run is not None else None
        title = "Run this case"
        if found is not None:
            title = f"{'ok' if found.passed else 'FAILED'} - run again"
        yield Lens(start, title, pair, number)


def _is_case(slot: Slot) -> bool:
    match slot.path:
        case ("cases", int()):
            return slot.key is None and slot.style != "plain"
        case _:
            return False
