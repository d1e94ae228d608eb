"""
What is wrong or doubtful in one file that is open: the same that lint and the readers of the file say.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.language.cases import parse_cases
from auditor.language.cost.bounds import policy_cost
from auditor.language.lint import LintFinding, finding_of, findings_of
from auditor.language.policy_compiler import read_policies
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError
from auditor.model.location import Location
from auditor.sources.attestations import parse_attestations
from auditor.sources.config import parse_config
from auditor.sources.mapping import read_mapping
from auditor.sources.population import parse_population
from auditor.sources.profile import parse_profile
from auditor.usecases.case_plans import unusable_cases
from auditor.usecases.editing.case_runs import pair_of
from auditor.usecases.lint_cases import LintedCases, lint_cases
from auditor.usecases.lint_costs import CostOfPolicy
from auditor.usecases.read_cases import read_cases
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.workbench import Workbench

_READERS: Final[Mapping[str, Callable[..., object]]] = {
    "attestation": parse_attestations,
    "config": parse_config,
    "mapping": read_mapping,
    "population": parse_population,
    "profile": parse_profile,
}
"""By kind of file what reads it, where a file says all by itself."""


def remarks_on(desk: Desk, path: Path, kind: str, *, is_typing: bool) -> tuple[LintFinding, ...]:
    """
    Return what is to be said of an open file, sorted by place.

    Args:
        desk: The files.
        path: The file.
        kind: What it is; see `kind_of`.
        is_typing: Whether the answer must be quick: what only a look at all the other policies shows is left out.
    """
    match kind:
        case "policy" | "pack":
            return _of_policy(desk, path, is_typing=is_typing)
        case "catalogue":
            return _findings(desk.catalogue_beside(path)[1], path)
        case "cases":
            return _of_cases(desk, path, is_typing=is_typing)
        case _ if kind in _READERS:
            return _findings(_faults(desk, path, _READERS[kind]), path)
        case _:
            return ()


def _of_policy(desk: Desk, path: Path, *, is_typing: bool) -> tuple[LintFinding, ...]:
    bench = desk.bench(path)
    text = desk.text_of(bench, path)
    if text is None:
        return ()
    texts = desk.around(bench, text) if is_typing else bench.texts
    roots, library = desk.roots, desk.functions
    read = read_policies(texts, roots=roots, functions=library)
    said = findings_of(read, texts, desk.catalogues(path))
    found = {one for one in said if one.location.path == text.path}
    if any(one.level == "error" for one in found):
        return _sorted(found)  # the cost of half a policy says nothing, nor do its cases
    doubts: list[PolicyError] = []
    for one in read.policies:
        if one.draft.path == text.path:
            cost = policy_cost(one.policy, roots[one.draft.target], library)
            doubts += CostOfPolicy(one, cost).doubts()
    if not is_typing:
        doubts += _linted_cases(desk, bench, text, is_tried=False).doubts
    found |= {finding_of(one, "warning", read.ids) for one in doubts if _is_in(one, text.path)}
    return _sorted(found)


def _of_cases(desk: Desk, path: Path, *, is_typing: bool) -> tuple[LintFinding, ...]:
    pair = pair_of(path, "cases")
    bench = desk.bench(path)
    policy = desk.text_of(bench, pair.policy) if pair is not None else None
    if policy is None:
        return _findings(_faults(desk, path, parse_cases), path)
    beside = read_cases(policy, desk.id_of(policy), desk.files.read)
    found = {*_findings(beside.errors, path)}
    if not is_typing and beside.shown is not None:
        linted = _linted_cases(desk, bench, policy, is_tried=_is_sound(desk, bench, policy))
        found |= {*_findings(linted.errors, path)}
        doubts = (one for one in linted.doubts if _is_in(one, beside.shown))
        found |= {finding_of(one, "warning", linted.ids) for one in doubts}
    return _sorted(found)


def _is_sound(desk: Desk, bench: Workbench, text: PolicyText) -> bool:
    """Whether a policy can be compiled: what is wrong with it is told there, and not at each of its cases."""
    try:
        bench.compiled(text, desk.id_of(text))
    except AuditorError:
        return False
    return True


def _linted_cases(desk: Desk, bench: Workbench, text: PolicyText, *, is_tried: bool) -> LintedCases:
    """Look at the cases of a policy beside those of all others that decide the same controls."""
    drafts = [draft for one in bench.texts if (draft := desk.draft_of(one)) is not None]
    known = desk.catalogues(Path(text.folder) / Path(text.path).name)
    controls = {control.id: control for one in known for control in one.controls}
    tried = partial(unusable_cases, bench) if is_tried else None
    return lint_cases(bench.texts, drafts, {text.path}, controls, read=desk.files.read, tried=tried)


def _is_in(error: AuditorError, path: str) -> bool:
    return error.location is not None and error.location.path == path


def _sorted(found: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    return tuple(sorted(found, key=LintFinding.sort_key))


def _faults(desk: Desk, path: Path, read: Callable[..., object]) -> Iterable[AuditorError]:
    data = desk.bytes_of(path)
    if data is None:
        return ()
    try:
        read(data, path=shown_name(str(path)))
    except ErrorGroup as group:
        return group.errors
    except AuditorError as error:
        return (error,)
    return ()


def _findings(errors: Iterable[AuditorError], path: Path) -> tuple[LintFinding, ...]:
    """Return those errors that are in the file itself."""
    found = []
    for error in sorted(errors, key=AuditorError.sort_key):
        one = finding_of(error, "error", {})
        if error.location is None:
            one = replace(one, location=Location(shown_name(str(path)), 1))
        if one.location.path.rpartition("/")[2] == path.name:
            found.append(one)
    return tuple(found)
