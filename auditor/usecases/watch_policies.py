"""
Test policies again and again as they are written: what `auditor policy test --watch` does.

Only what a change can touch is tested again: the policy, its cases, the snapshot that these start from, the words
that are in force in it. What is wrong while somebody types ends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import AuditorError, UsageProblem
from auditor.usecases.find_inputs import DOCUMENT_SUFFIXES
from auditor.usecases.lint_cases import cases_of_nothing
from auditor.usecases.read_cases import files_of
from auditor.usecases.test_policies import test_policies
from auditor.usecases.workbench import file_of, read_workbench

if TYPE_CHECKING:
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.test_policies import TestedPolicy, Wanted
    from auditor.usecases.workbench import Workbench

Changes = Callable[[Sequence[Path]], Iterator[frozenset[Path]]]
"""Told which folders to watch, yields the files in them that have changed; ends when nobody watches any more."""

_WAIT_MS: Final = 200
"""How long a burst of changes is waited for: an editor writes a file in several steps."""


@dataclass(frozen=True, slots=True)
class Round:
    """What was tested after one change."""

    changed: tuple[str, ...]
    """Names of the files; none in the first round."""
    tested: tuple[TestedPolicy, ...]
    errors: tuple[AuditorError, ...]
    failing: tuple[str, ...]
    """Every policy that is not as expected now, tested in this round or before."""


def watching() -> Changes:
    """
    Return what tells of changes in folders.

    Raises:
        UsageProblem: The library that watches files is not installed.
    """
    try:
        from watchfiles import watch  # noqa: PLC0415 - an extra, and only for those who watch
    except ImportError:
        msg = "--watch needs the library watchfiles, which is not installed"
        raise UsageProblem(msg, hint="pip install 'auditor[watch]'") from None

    def changes(folders: Sequence[Path]) -> Iterator[frozenset[Path]]:
        for found in watch(
            *folders,
            watch_filter=lambda _, path: Path(path).suffix.lower() in DOCUMENT_SUFFIXES,
            debounce=_WAIT_MS,
            raise_interrupt=False,
        ):
            yield frozenset(Path(path) for _, path in found)

    return changes


def watch_policies(wanted: Wanted, changes: Changes) -> Iterator[Round]:
    """
    Test all policies, then after each change those that it can touch.

    Args:
        wanted: What to test.
        changes: Tells what has changed.

    Raises:
        AuditorError: In the first round: nothing of that name, a profile that cannot be read. Later that is an
            error of the round.
    """
    state = _State(wanted)
    yield state.begin()
    folders = state.folders()
    while True:
        for changed in changes(folders):
            found = state.after(changed)
            if found is not None:
                yield found
            if state.folders() != folders:
                break  # the cases of a policy start from another snapshot now
        else:
            return
        folders = state.folders()


class _State:
    """Policies as they were read last, and how each of them stands."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._bench = self._read()
        self._passes: dict[str, bool] = {}

    def begin(self) -> Round:
        """Test everything."""
        wanted = self._wanted
        tested, errors = test_policies(
            self._bench, wanted.ids, names=wanted.names, jobs=wanted.jobs
        )
        return self._round((), tested, errors)

    def folders(self) -> list[Path]:
        """Return every folder with something that is tested, each once; none inside another one."""
        found = {folder.path.resolve() for folder in self._bench.folders}
        found |= {file.parent for text in self._bench.texts for file in _files(text)}
        if self._bench.profile is not None:
            found |= {file.resolve().parent for file in self._bench.profile.paths}
        return sorted(one for one in found if one.is_dir() and not found.intersection(one.parents))

    def after(self, changed: frozenset[Path]) -> Round | None:
        """Test what *changed* can touch; None where that is nothing."""
        changed = frozenset(path.resolve() for path in changed)
        before = self._touched(changed)
        try:
            self._bench = self._read()
            touched = sorted(before | self._touched(changed))
            if not touched:
                return None
            present = {file_of(text).stem for text in self._bench.texts}
            wanted = [one for one in touched if one in present]
            tested, errors = self._tested(wanted)
        except AuditorError as error:
            return self._round(changed, [], [error])
        for one in touched:
            self._passes.pop(one, None)
        # What is there and has no result could not be read: it does not pass.
        self._passes |= dict.fromkeys(wanted, False) if errors else {}
        return self._round(changed, tested, errors)

    def _read(self) -> Workbench:
        return read_workbench(self._wanted.policies, self._wanted.profile)

    def _tested(self, wanted: Sequence[str]) -> tuple[list[TestedPolicy], list[AuditorError]]:
        names = self._wanted.names
        beside: list[AuditorError] = []
        if not self._wanted.ids:
            beside += cases_of_nothing(self._bench.folders)
        if not wanted:
            return [], beside
        # In one process: others must not be started beside what watches the files.
        tested, errors = test_policies(self._bench, wanted, names=names)
        return tested, [*errors, *beside]

    def _touched(self, changed: frozenset[Path]) -> set[str]:
        """Return the policies that rest on one of the files."""
        bench, wanted = self._bench, self._wanted.ids
        profile = bench.profile.paths if bench.profile is not None else ()
        every = not changed.isdisjoint(file.resolve() for file in profile)
        touched = {
            file_of(text).stem
            for text in bench.texts
            if not is_pack(text) and (every or not changed.isdisjoint(_rests_on(text, bench.texts)))
        }
        return touched.intersection(wanted) if wanted else touched

    def _round(
        self,
        changed: frozenset[Path] | tuple[()],
        tested: Sequence[TestedPolicy],
        errors: Sequence[AuditorError],
    ) -> Round:
        self._passes |= {one.policy: one.passed for one in tested}
        failing = sorted(policy for policy, passes in self._passes.items() if not passes)
        names = sorted(path.name for path in changed)
        return Round(tuple(names), tuple(tested), tuple(errors), tuple(failing))


def _rests_on(text: PolicyText, texts: Sequence[PolicyText]) -> Iterator[Path]:
    yield from _files(text)
    for words in texts:
        if serves(words, text):
            yield file_of(words).resolve()


def _files(text: PolicyText) -> list[Path]:
    return [file.resolve() for file in files_of(text)]
