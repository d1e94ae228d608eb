"""
What is to be said of the cases that stand beside policies, and of those that stand beside none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.language.lint_cases import CasesOfPolicy, case_warnings, orphaned_cases
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import CASES_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from auditor.language.policy_draft import PolicyDraft, PolicyText
    from auditor.model.catalogue import Control
    from auditor.model.errors import AuditorError, PolicyError
    from auditor.usecases.read_cases import CasesBeside
    from auditor.usecases.read_policies import PolicyFolder


@dataclass(frozen=True, slots=True)
class LintedCases:
    """What is said of cases."""

    errors: tuple[AuditorError, ...]
    """Of files that are no cases, or those of another policy, and of cases that cannot be run."""
    doubts: tuple[PolicyError, ...]
    ids: Mapping[str, str]
    """Policy by the path of its cases."""


def lint_cases(
    texts: Sequence[PolicyText],
    drafts: Sequence[PolicyDraft],
    chosen: Collection[str],
    controls: Mapping[str, Control],
    *,
    read: Callable[[Path], bytes] = Path.read_bytes,
    tried: Callable[[PolicyText, str, CasesBeside], Iterable[AuditorError]] | None = None,
) -> LintedCases:
    """
    Look at the cases of policies.

    Args:
        texts: The files.
        drafts: The policies in them, as far as they can be read.
        chosen: Paths of the policies that are meant; of others that decide the same controls the cases count.
        controls: Those of all catalogues, by id.
        read: Gives the bytes of a file: what an editor has of it that is not saved yet.
        tried: Tells what keeps the cases of a policy from being run; None where that would take too long.
    """
    files = {text.path: text for text in texts}
    named = {one for draft in drafts if draft.path in chosen for one in draft.controls}
    errors: list[AuditorError] = []
    found: list[CasesOfPolicy] = []
    ids: dict[str, str] = {}
    for draft in drafts:
        is_chosen = draft.path in chosen
        if not (is_chosen or named.intersection(draft.controls)):
            continue
        beside = read_cases(files[draft.path], draft.id, read)
        found.append(CasesOfPolicy(draft, beside.shown, beside.file))
        if is_chosen:
            errors.extend(beside.errors)
            if tried is not None:
                errors.extend(tried(files[draft.path], draft.id, beside))
            if beside.shown is not None:
                ids[beside.shown] = draft.id
    told = {*chosen, *ids}
    doubts = [
        doubt
        for doubt in case_warnings(found, {one: controls[one] for one in named & controls.keys()})
        if doubt.location is not None and doubt.location.path in told
    ]
    return LintedCases(tuple(errors), tuple(doubts), ids)


def cases_of_nothing(folders: Iterable[PolicyFolder]) -> Iterator[PolicyError]:
    """Yield what is to be said of files of cases that have no policy beside them."""
    for folder in folders:
        for path in sorted(folder.path.rglob(f"*{CASES_SUFFIX}")):
            below = path.relative_to(folder.path)
            policy = path.name.removesuffix(CASES_SUFFIX)
            is_hidden = any(part.startswith(".") for part in below.parts)
            has_policy = any(
                path.with_name(f"{policy}{suffix}").exists() for suffix in (".yaml", ".yml")
            )
            if not is_hidden and not has_policy:
                yield orphaned_cases((Path(folder.shown) / below).as_posix(), policy)
