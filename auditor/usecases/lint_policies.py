"""
What there is to say of policies before they run: what `auditor policy lint` does.

Errors, doubts, what a policy can cost, and, where it is asked for, where cel-python would answer otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.facts.snapshot import Roots
from auditor.language.cost.bounds import policy_cost
from auditor.language.lint import LintFinding, lint_policies
from auditor.language.policy_compiler import read_policies
from auditor.language.policy_parser import parse_policy
from auditor.language.portability_lint import portability_doubts
from auditor.language.vocabulary import is_pack
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    ExitCode,
    NothingToAudit,
    UsageProblem,
    did_you_mean,
)
from auditor.model.location import Location
from auditor.usecases.lint_costs import CostOfPolicy, LintedCost
from auditor.usecases.read_catalogues import read_catalogues, with_packaged
from auditor.usecases.read_policies import (
    PolicyChoice,
    PolicyFolder,
    functions,
    named_folder,
    packaged_folder,
    read_texts,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.language.one_policy import ReadPolicy
    from auditor.language.policy_draft import PolicyText
    from auditor.model.errors import PolicyError


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

    def code(self, *, strict: bool) -> ExitCode:
        """Return the exit code: errors gate, warnings only where *strict* asks for it."""
        if self.unread:
            return ExitCode.BAD_INPUT
        levels = {finding.level for finding in self.findings}
        return ExitCode.GATED if "error" in levels or (strict and levels) else ExitCode.OK


def lint(paths: Sequence[str], choice: PolicyChoice, *, portable: bool) -> Linted:
    """
    Look at policies.

    Args:
        paths: Folders of policies and policy files, as typed; none for the policies that come with the program.
        choice: What the user wants of them.
        portable: Whether to say where cel-python would answer otherwise.

    Raises:
        UsageProblem: *choice* names a policy or a pack that there is not.
        NothingToAudit: There is no policy.
        ErrorGroup: Nothing can be read.
    """
    folders, files = _folders(paths)
    texts, unread = read_texts(folders)
    if unread and not texts:
        raise ErrorGroup(unread)
    chosen = _chosen(texts, files, choice)
    library, roots = functions(), Roots(snapshot_models())
    beside = read_catalogues(folders)
    known = with_packaged(beside.catalogues)
    findings = lint_policies(texts, roots=roots, functions=library, catalogues=known)
    read = read_policies(texts, roots=roots, functions=library)
    costs = [
        CostOfPolicy(one, policy_cost(one.policy, roots[one.draft.target], library))
        for one in read.policies
        if one.draft.path in chosen and _is_sound(one, findings)
    ]
    doubts = [doubt for cost in costs for doubt in cost.doubts()]
    if portable:
        doubts += portability_doubts(read, library)
    ids = {one.draft.path: one.draft.id for one in read.policies}
    findings += tuple(_warning(doubt, ids) for doubt in doubts)
    told = [finding for finding in findings if finding.location.path in chosen]
    if files is None and not choice.ids:
        told += _of_catalogues(beside.errors, choice.packs)
    return Linted(
        tuple(sorted(ids.get(path, Path(path).stem) for path in _policies(texts, chosen))),
        tuple(sorted(told, key=_order)),
        tuple(sorted((cost.linted for cost in costs), key=lambda cost: cost.policy)),
        (*unread, *beside.unread),
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


def _policies(texts: Sequence[PolicyText], chosen: set[str]) -> Iterator[str]:
    yield from (text.path for text in texts if text.path in chosen and not is_pack(text))


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


def _warning(doubt: PolicyError, ids: Mapping[str, str]) -> LintFinding:
    place = doubt.location or Location("", 1)
    policy = ids.get(place.path)
    return LintFinding(
        doubt.slug, "warning", doubt.message, doubt.hint, place, doubt.excerpt, policy
    )


def _of_catalogues(errors: Sequence[AuditorError], packs: Sequence[str]) -> Iterator[LintFinding]:
    """Yield what is wrong with the catalogues of *packs*, of all of them where none is named."""
    for error in errors:
        place = error.location or Location("", 1)
        if not packs or Path(place.path).parent.name in packs:
            yield LintFinding(
                error.slug, "error", error.message, error.hint, place, error.excerpt, None
            )


def _order(finding: LintFinding) -> tuple[str, int, int, str, str]:
    place = finding.location
    return place.path, place.line, place.column, finding.slug, finding.message
