"""
What there is to say of policies before they run: what `auditor policy lint` does.

Errors, doubts, what the cases beside them leave untried, what a policy can cost, and, where it is asked for, where
cel-python would answer otherwise. A profile counts as one of the files: what it says of policies is said here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.language.cost.bounds import policy_cost
from auditor.language.lint import LintFinding, finding_of, findings_of
from auditor.language.policy_compiler import read_policies
from auditor.language.policy_parser import parse_policy
from auditor.language.portability_lint import portability_doubts
from auditor.language.vocabulary import is_pack
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    ExitCode,
    NothingToAudit,
    ProfileError,
    UsageProblem,
    did_you_mean,
)
from auditor.usecases.case_plans import unusable_cases
from auditor.usecases.fix_policies import Fixed, fix_policies
from auditor.usecases.lint_cases import cases_of_nothing, lint_cases
from auditor.usecases.lint_costs import CostOfPolicy, LintedCost
from auditor.usecases.read_catalogues import read_catalogues, with_packaged
from auditor.usecases.read_policies import (
    PolicyChoice,
    PolicyFolder,
    named_folder,
    packaged_folder,
    read_texts,
)
from auditor.usecases.tailored_policies import names_of_nothing
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from auditor.language.one_policy import ReadPolicy
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Linted:
    """What is said of policies."""

    policies: tuple[str, ...]
    """Ids of those that were looked at; a file that cannot be read as a policy counts by its name."""
    findings: tuple[LintFinding, ...]
    """Sorted by place."""
    costs: tuple[LintedCost, ...]
    """Of the policies without an error, sorted by id."""
    unread: tuple[AuditorError, ...]
    """Files and folders that cannot be read."""
    fixed: tuple[Fixed, ...] = ()
    """What was changed, file by file."""

    def code(self, *, strict: bool) -> ExitCode:
        """Return the exit code: errors gate, warnings only where *strict* asks for it."""
        if self.unread:
            return ExitCode.BAD_INPUT
        levels = {finding.level for finding in self.findings}
        return ExitCode.GATED if "error" in levels or (strict and levels) else ExitCode.OK


def lint(
    paths: Sequence[str],
    choice: PolicyChoice,
    *,
    portable: bool,
    profile: str | None = None,
    fix: bool = False,
) -> Linted:
    """
    Look at policies.

    Args:
        paths: Folders of policies and policy files, as typed; none for the policies that come with the program.
        choice: What the user wants of them.
        portable: Whether to say where cel-python would answer otherwise.
        profile: File of the organisation's profile.
        fix: Whether to mend what is mechanical, and write the files.

    Raises:
        UsageProblem: *choice* names a policy or a pack that there is not, or what comes with the program would be
            mended.
        NothingToAudit: There is no policy.
        ErrorGroup: Nothing can be read.
    """
    if fix and not paths:
        msg = "--fix changes files, and no PATH says whose"
        raise UsageProblem(msg, hint="name your own policy files, or the folder that they are in")
    folders, files = _folders(paths)
    try:
        bench = read_workbench(folders, profile)
    except AuditorError as error:
        if profile is None:
            raise
        return _of_profile_alone(error)
    chosen = _chosen(bench.texts, files, choice)
    beside = read_catalogues(folders)
    known = with_packaged(beside.catalogues)
    fixed: tuple[Fixed, ...] = ()
    unread = [one for one in bench.errors if not isinstance(one, ProfileError)]
    if fix:
        mended = fix_policies(bench, chosen, known)
        bench, fixed = replace(bench, texts=mended.texts), mended.changes
        unread += mended.errors
    library, roots = bench.functions, bench.roots
    read = read_policies(bench.texts, roots=roots, functions=library, tailoring=bench.tailoring)
    findings = [*findings_of(read, bench.texts, known)]
    costs = [
        CostOfPolicy(one, policy_cost(one.policy, roots[one.draft.target], library))
        for one in read.policies
        if one.draft.path in chosen and _is_sound(one, findings)
    ]
    controls = {control.id: control for one in known for control in one.controls}
    broken = {finding.location.path for finding in findings if finding.level == "error"}
    cases = lint_cases(
        bench.texts,
        [one.draft for one in read.policies],
        chosen - broken,
        controls,
        tried=partial(unusable_cases, bench),
    )
    ids = {**read.ids, **cases.ids}
    doubts = [doubt for cost in costs for doubt in cost.doubts()] + [*cases.doubts]
    if portable:
        doubts += portability_doubts(read, library)
    findings += (finding_of(doubt, "warning", ids) for doubt in doubts)
    findings += (finding_of(error, "error", ids) for error in cases.errors if error.location)
    unread += (error for error in cases.errors if error.location is None)
    told = {*chosen, *cases.ids, *_paths_of(bench)}
    findings = [finding for finding in findings if finding.location.path in told]
    if files is None and not choice.ids:
        findings += _of_catalogues(beside.errors, choice.packs)
        findings += (finding_of(error, "error", {}) for error in _names_of_nothing(bench))
        findings += (
            finding_of(doubt, "warning", {})
            for doubt in cases_of_nothing(folders)
            if _is_of(doubt, choice.packs)
        )
    return Linted(
        tuple(sorted(read.ids.get(path, Path(path).stem) for path in _policies(bench, chosen))),
        tuple(sorted(set(findings), key=LintFinding.sort_key)),
        tuple(sorted((cost.linted for cost in costs), key=lambda cost: cost.policy)),
        (*unread, *beside.unread),
        fixed,
    )


def _folders(paths: Sequence[str]) -> tuple[list[PolicyFolder], set[str] | None]:
    """Return the folders to read, and the files that are meant where only some of their files are."""
    if not paths:
        return [packaged_folder()], None
    folders: dict[Path, PolicyFolder] = {}
    files: set[str] = set()
    only_files = True
    for typed in paths:
        one = named_folder(typed)
        if one.path.is_file():
            files.add(one.shown)
            shown = Path(one.shown).parent.as_posix()
            one = replace(one, path=one.path.parent, shown=shown)
        else:
            only_files = False
        folders.setdefault(one.path.resolve(), one)
    return list(folders.values()), files if only_files else None


def _policies(bench: Workbench, chosen: Collection[str]) -> Iterator[str]:
    yield from (text.path for text in bench.texts if text.path in chosen and not is_pack(text))


def _chosen(texts: Sequence[PolicyText], files: set[str] | None, choice: PolicyChoice) -> set[str]:
    """Return the paths of the texts of which something is to be said."""
    wanted = [text for text in texts if files is None or text.path in files]
    packs = {text.pack for text in wanted}
    for pack in choice.packs:
        if pack not in packs:
            msg = f"no pack is called '{pack}'"
            raise UsageProblem(msg, hint=did_you_mean(pack, packs))
    wanted = [text for text in wanted if not choice.packs or text.pack in choice.packs]
    if choice.ids:
        ids = {_id(text): text for text in wanted if not is_pack(text)}
        for policy in choice.ids:
            if policy not in ids:
                msg = f"no policy is called '{policy}'"
                raise UsageProblem(msg, hint=did_you_mean(policy, ids))
        wanted = [ids[policy] for policy in choice.ids]
    if not any(not is_pack(text) for text in wanted):
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies, or a policy file")
    return {text.path for text in wanted}


def _id(text: PolicyText) -> str:
    try:
        return parse_policy(text).id
    except AuditorError:
        return Path(text.path).stem


def _is_sound(one: ReadPolicy, findings: Sequence[LintFinding]) -> bool:
    """Whether nothing is wrong with a policy: the cost of half of one says nothing."""
    return not any(
        finding.level == "error" and finding.location.path == one.draft.path for finding in findings
    )


# ----- what stands beside policies


def _of_profile_alone(error: AuditorError) -> Linted:
    """
    Tell what is wrong with a profile; without its own fields and packs nothing can be said of policies.

    Raises:
        AuditorError: *error* itself, where it is of no line of a file.
    """
    faults = error.errors if isinstance(error, ErrorGroup) else (error,)
    if any(fault.location is None for fault in faults):
        raise error
    found = {finding_of(fault, "error", {}) for fault in faults}
    return Linted((), tuple(sorted(found, key=LintFinding.sort_key)), (), ())


def _paths_of(bench: Workbench) -> Iterator[str]:
    """Yield the profile's path: what it changes of policies, and cannot, is told at its own lines."""
    if bench.profile is not None:
        yield bench.profile.shown


def _names_of_nothing(bench: Workbench) -> Iterator[AuditorError]:
    """Yield what a profile names that is neither in the folders nor comes with the program."""
    told = [one for one in bench.errors if isinstance(one, ProfileError)]
    if not told or bench.profile is None:
        return
    packaged, _ = read_texts([packaged_folder()])
    unknown = names_of_nothing(bench.profile.profile, {}, packaged, bench.models)
    places = {(error.slug, error.location) for error in unknown}
    yield from (error for error in told if (error.slug, error.location) in places)


def _of_catalogues(errors: Sequence[AuditorError], packs: Sequence[str]) -> Iterator[LintFinding]:
    """Yield what is wrong with the catalogues of *packs*, of all of them where none is named."""
    yield from (finding_of(error, "error", {}) for error in errors if _is_of(error, packs))


def _is_of(error: AuditorError, packs: Sequence[str]) -> bool:
    """Whether *error* is of a file of one of *packs*; of any file where none is named."""
    return not packs or (
        error.location is not None and Path(error.location.path).parent.name in packs
    )
