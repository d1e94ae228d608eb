"""
Test policies again and again as they are written: what `auditor policy test --watch` does.

Only what a change can touch is tested again: the policy, its cases, the snapshot that these start from, the words
that are in force in it. What is wrong while somebody types ends nothing, and is told until it is mended; as long as
anything is, everything that was asked for is tested again, so that nothing is called well that one run of all would
not call so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.language.policy_parser import read_draft
from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    NothingToAudit,
    ProfileError,
    UsageProblem,
    install_extra,
)
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
    """What is to be shown: policies that the change touched, and those that are not as they were or should be."""
    errors: tuple[AuditorError, ...]
    failing: tuple[str, ...]
    """Every policy that is not as expected now, tested in this round or before."""

    @property
    def in_words(self) -> str:
        """Say how everything stands."""
        if self.failing:
            return f"not as expected: {', '.join(self.failing)}"
        return (
            "not everything could be tested: see the errors" if self.errors else "all as expected"
        )


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
        raise UsageProblem(msg, hint=install_extra("watch")) from None

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
        self._ids: dict[str, tuple[bytes, str]] = {}
        self._bench = self._read()
        self._written = self._policies()
        self._passes: dict[str, bool] = {}
        self._is_in_doubt = False
        """Whether the last round had an error: until there is none, everything is tested again."""

    def begin(self) -> Round:
        """Test everything."""
        tested, errors = self._all(self._wanted.jobs)
        return self._round((), tested, errors)

    def folders(self) -> list[Path]:
        """Return every folder with something that is tested, each once; none inside another one."""
        found = {folder.path.resolve() for folder in self._bench.folders}
        found |= {file.parent for text in self._bench.texts for file in _files(text)}
        if self._bench.profile is not None:
            found |= {file.resolve().parent for file in self._bench.profile.paths}
        return sorted(one for one in found if one.is_dir() and not found.intersection(one.parents))

    def after(self, changed: frozenset[Path]) -> Round | None:
        """
        Test what *changed* can touch; None where that is nothing.

        What cannot be tied to policies that are as sound as before is a matter of all: everything is tested again.
        """
        changed = frozenset(path.resolve() for path in changed)
        touched = self._touched(changed)
        try:
            self._bench = self._read()
            before, self._written = self._written, self._policies()
            touched |= self._touched(changed)
            if not self._is_in_doubt and before == self._written and not self._has_fault(changed):
                if not touched:
                    return None
                with suppress(AuditorError):  # told by the run of everything
                    found = test_policies(self._bench, sorted(touched), names=self._wanted.names)
                    if not found[1]:
                        return self._round(changed, *found)
            # In one process: others must not be started beside what watches the files.
            tested, errors = self._all(1)
        except AuditorError as error:
            faults = error.errors if isinstance(error, ErrorGroup) else (error,)
            return self._round(changed, [], faults)
        shown = [
            one
            for one in tested
            if one.policy in touched or not one.passed or not self._passes.get(one.policy)
        ]
        self._passes = {one.policy: one.passed for one in tested}
        return self._round(changed, shown, errors)

    def _read(self) -> Workbench:
        return read_workbench(self._wanted.policies, self._wanted.profile)

    def _all(self, jobs: int) -> tuple[list[TestedPolicy], list[AuditorError]]:
        """Test everything that was asked for."""
        wanted = self._wanted
        tested, errors = test_policies(self._bench, wanted.ids, names=wanted.names, jobs=jobs)
        if not tested and not errors:
            errors = [NothingToAudit("there is no case to be run")]
        return tested, errors

    def _has_fault(self, changed: frozenset[Path]) -> bool:
        """Whether something is wrong, or may be, that a run of single policies would not tell."""
        bench = self._bench
        words = {file_of(text).resolve() for text in bench.texts if is_pack(text)}
        return (
            not words.isdisjoint(changed)
            or any(not isinstance(error, ProfileError) for error in bench.errors)
            or (not self._wanted.ids and any(cases_of_nothing(bench.folders)))
        )

    def _policies(self) -> dict[str, str]:
        """Return the id of each policy by its path."""
        return {text.path: self._id(text) for text in self._bench.texts if not is_pack(text)}

    def _id(self, text: PolicyText) -> str:
        """Return the id that a file says; while it cannot be read, the one that it said before, else its name."""
        known = self._ids.get(text.path)
        if known is None or known[0] != text.data:
            said = known[1] if known is not None else file_of(text).stem
            with suppress(AuditorError):
                draft = read_draft(text)[0]
                said = (draft.id if draft is not None else "") or said
            self._ids[text.path] = known = (text.data, said)
        return known[1]

    def _touched(self, changed: frozenset[Path]) -> set[str]:
        """Return the policies that rest on one of the files."""
        bench, wanted = self._bench, self._wanted.ids
        profile = bench.profile.paths if bench.profile is not None else ()
        every = not changed.isdisjoint(file.resolve() for file in profile)
        touched = {
            self._id(text)
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
        self._is_in_doubt = bool(errors)
        there = set(self._written.values())
        self._passes = {one: passes for one, passes in self._passes.items() if one in there}
        self._passes |= {one.policy: one.passed for one in tested}
        places = {error.location.path for error in errors if error.location is not None}
        broken = {policy for path, policy in self._written.items() if path in places}
        self._passes |= dict.fromkeys(broken, False)
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
