"""
Which policies a run uses, read from folders and compiled into one plan.

One broken file does not take the others with it: it is left out, reported, and the rest is compiled again.
Where a pack's own ``pack.yaml`` is broken the whole pack is left out, because its policies share names that
are written there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from auditor.documents.json import parse_json
from auditor.facts.snapshot import Roots, SnapshotModels
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.language.registry import Functions, Library
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    InputError,
    UsageProblem,
    did_you_mean,
)
from auditor.plugins.entry_points import FUNCTIONS, load_all
from auditor.usecases.package_data import data_dir
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditor.language.plan import Plan

PACK_FILE: Final = "pack.yaml"
CASES_SUFFIX: Final = ".cases.yaml"
_SUFFIXES: Final = frozenset({".yaml", ".yml"})
_UNKNOWN_FUNCTION: Final = "policy-unknown-function"


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """A folder with packs in it, or a pack itself."""

    path: Path
    shown: str
    """As the user would name it; for the folder that comes with the program, below the program's own."""


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """What the user wants of what there is; empty means everything."""

    ids: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedPolicies:
    """A plan, and what could not become a part of it."""

    plan: Plan | None
    """None where no policy is left."""
    errors: tuple[AuditorError, ...] = field(default=())


def packaged_folder() -> PolicyFolder:
    """Return the policies that come with the program."""
    return PolicyFolder(data_dir("policies"), "policies")


def named_folder(typed: str) -> PolicyFolder:
    """Return a folder of policies that the user named."""
    return PolicyFolder(Path(typed), shown_name(typed))


def snapshot_models() -> SnapshotModels:
    """Return the contracts of snapshots that come with the program."""
    return SnapshotModels(_schema)


def _schema(target: str) -> dict[str, Any]:
    name = f"snapshot-{target}.schema.json"
    data = (data_dir("schemas") / name).read_bytes()
    return cast("dict[str, Any]", parse_json(data, path=f"schemas/{name}"))


def functions() -> Functions:
    """Collect every installed function library."""
    libraries = []
    for name, library in load_all(FUNCTIONS).items():
        if not isinstance(library, Library):
            msg = f"the function library '{name}' is no library"
            raise UsageProblem(msg)
        libraries.append(library)
    return Functions(libraries)


def load_policies(
    folders: Iterable[PolicyFolder], choice: PolicyChoice, models: SnapshotModels
) -> LoadedPolicies:
    """
    Read and compile what *choice* wants of *folders*.

    Raises:
        UsageProblem: *choice* names a policy or a pack that there is not.
    """
    texts, errors = read_texts(folders)
    texts = _of_packs(texts, choice.packs)
    loaded = compile_texts(_of_ids(texts, choice.ids), models, errors)
    return _select(loaded, choice.ids)


def read_texts(folders: Iterable[PolicyFolder]) -> tuple[list[PolicyText], list[AuditorError]]:
    """Read every policy file and pack file below *folders*, with what could not be read."""
    texts: list[PolicyText] = []
    errors: list[AuditorError] = []
    for folder in folders:
        if not folder.path.is_dir():
            problem = "is a file" if folder.path.exists() else "does not exist"
            msg = f"the folder of policies '{folder.shown}' {problem}"
            errors.append(InputError(msg, hint="name a folder that holds packs of policies"))
            continue
        for path, shown in _policy_files(folder):
            try:
                data = path.read_bytes()
            except OSError as error:
                msg = f"cannot read '{shown}': {(error.strerror or 'the system refuses').lower()}"
                errors.append(InputError(msg, hint="make it a file that you may read"))
                continue
            texts.append(PolicyText(path=shown, pack=path.resolve().parent.name, data=data))
    return texts, errors


def _policy_files(folder: PolicyFolder) -> Iterator[tuple[Path, str]]:
    """Yield every file of *folder* that is a policy or a pack, sorted, with its shown name."""
    for path in sorted(folder.path.rglob("*")):
        below = path.relative_to(folder.path)
        is_hidden = any(part.startswith(".") for part in below.parts)
        is_policy = path.suffix in _SUFFIXES and not path.name.endswith(CASES_SUFFIX)
        if is_policy and not is_hidden:
            yield path, (Path(folder.shown) / below).as_posix()


def _of_packs(texts: list[PolicyText], packs: Sequence[str]) -> list[PolicyText]:
    known = {text.pack for text in texts}
    for pack in packs:
        if pack not in known:
            msg = f"no pack is called '{pack}'"
            raise UsageProblem(msg, hint=did_you_mean(pack, known))
    return [text for text in texts if not packs or text.pack in packs]


def _of_ids(texts: list[PolicyText], ids: Sequence[str]) -> list[PolicyText]:
    """Leave out what cannot be meant: a file is named for its policy; where one is not, all are compiled."""
    wanted = [text for text in texts if _stem(text) in ids or _is_pack(text)]
    found = {_stem(text) for text in wanted}
    return wanted if ids and found.issuperset(ids) else texts


def compile_texts(
    texts: Sequence[PolicyText], models: SnapshotModels, errors: Iterable[AuditorError] = ()
) -> LoadedPolicies:
    """Compile *texts*; those with a fault are left out one round after the other, until the rest compiles."""
    faults = list(errors)
    library = functions()
    left = list(texts)
    while any(not _is_pack(text) for text in left):
        try:
            plan = compile_plan(left, roots=Roots(models), functions=library)
        except AuditorError as error:
            found = error.errors if isinstance(error, ErrorGroup) else (error,)
            kept = _without(left, found)
            faults.extend(_own(left, found))
            if len(kept) == len(left):  # a fault of no file: nothing can be left out
                break
            left = kept
        else:
            return LoadedPolicies(plan, tuple(faults))
    return LoadedPolicies(None, tuple(faults))


def _without(texts: list[PolicyText], faults: Iterable[AuditorError]) -> list[PolicyText]:
    paths = {fault.location.path for fault in faults if fault.location is not None}
    packs = {text.pack for text in texts if text.path in paths and _is_pack(text)}
    return [text for text in texts if text.path not in paths and text.pack not in packs]


def _own(texts: list[PolicyText], faults: Iterable[AuditorError]) -> list[AuditorError]:
    """Leave out what only follows: the policies of a broken pack call functions that are written in it."""
    paths = {fault.location.path for fault in faults if fault.location is not None}
    packs = {text.pack for text in texts if text.path in paths and _is_pack(text)}
    callers = {text.path for text in texts if text.pack in packs}
    return [
        fault
        for fault in faults
        if not (
            fault.slug == _UNKNOWN_FUNCTION and fault.location and fault.location.path in callers
        )
    ]


def _select(loaded: LoadedPolicies, ids: Sequence[str]) -> LoadedPolicies:
    if not ids or loaded.plan is None:
        return loaded
    known = [summary.id for summary in loaded.plan.summaries]
    unknown = [policy for policy in ids if policy not in known]
    if not unknown:
        return LoadedPolicies(loaded.plan.select(ids), loaded.errors)
    if loaded.errors:  # it may be in a file that did not compile
        kept = [policy for policy in ids if policy in known]
        return LoadedPolicies(loaded.plan.select(kept) if kept else None, loaded.errors)
    msg = f"no policy is called '{unknown[0]}'"
    raise UsageProblem(msg, hint=did_you_mean(unknown[0], known))


def _is_pack(text: PolicyText) -> bool:
    return text.path.rpartition("/")[2] == PACK_FILE


def _stem(text: PolicyText) -> str:
    return Path(text.path).stem
