"""
Which policies a run uses, read from folders and compiled into one plan.

One broken file does not take the others with it: it is left out, reported, and the rest is compiled again.
Where a ``pack.yaml`` is broken the whole pack is left out, because its policies share names that are written
there; so are all packs below the folder whose own ``pack.yaml`` is broken.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from auditor.documents.json import parse_json
from auditor.facts.snapshot import TARGETS, SnapshotModels
from auditor.language.policy_draft import PolicyText
from auditor.language.registry import Functions, Library
from auditor.language.vocabulary import CATALOGUE_FILE, PACK_FILE, is_pack, serves
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    InputError,
    PolicyError,
    UsageProblem,
    did_you_mean,
)
from auditor.model.location import Location
from auditor.model.tailoring import Tailoring
from auditor.plugins.entry_points import FUNCTIONS, load_all
from auditor.usecases.load_files import regular_bytes
from auditor.usecases.package_data import data_dir
from auditor.usecases.plan_cache import cached_plan
from auditor.usecases.shown_name import shown_name
from auditor.usecases.tailored_policies import chosen_by, names_of_nothing, tailoring_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditor.facts.extension import Extension
    from auditor.language.plan import Plan
    from auditor.model.tailoring import Override, Written
    from auditor.usecases.plan_cache import PlanCache
    from auditor.usecases.read_profile import LoadedProfile

CASES_SUFFIX: Final = ".cases.yaml"
SUFFIXES: Final = frozenset({".yaml", ".yml"})
_UNKNOWN_FUNCTION: Final = "policy-unknown-function"


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """A folder with packs in it, or a pack itself."""

    path: Path
    shown: str
    """As the user would name it; for the folder that comes with the program, below the program's own."""
    is_added: bool = False
    """Whether the ``auditor.yaml`` of those who are judged adds it: no choice of packs leaves it out."""


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


def snapshot_models(extension: Extension | None = None) -> SnapshotModels:
    """Return the contracts of snapshots that come with the program, with the types of somebody's own fields."""

    def stamp() -> str:
        digest = sha256(repr(extension).encode())
        for target in TARGETS:
            digest.update(sha256(_schema_file(target).read_bytes()).digest())
        return digest.hexdigest()

    if extension is None:
        return SnapshotModels(_schema, stamp)
    from auditor.facts.extension import with_extension  # noqa: PLC0415 - few profiles have one

    return SnapshotModels(lambda target: with_extension(_schema(target), extension), stamp)


def _schema_file(target: str) -> Path:
    return data_dir("schemas") / f"snapshot-{target}.schema.json"


def _schema(target: str) -> dict[str, Any]:
    file = _schema_file(target)
    data = file.read_bytes()
    return cast("dict[str, Any]", parse_json(data, path=f"schemas/{file.name}"))


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
    folders: Iterable[PolicyFolder],
    choice: PolicyChoice,
    models: SnapshotModels,
    *,
    profile: LoadedProfile | None = None,
    raised: Mapping[str, Override] | None = None,
    gated: Mapping[str, Written] | None = None,
    cache: PlanCache | None = None,
) -> LoadedPolicies:
    """
    Read and compile what *choice* wants of *folders*.

    Args:
        folders: Where the policies are.
        choice: What the user wants of what the profile judges by.
        models: The schemas of snapshots.
        profile: Chooses packs, and changes parameters and severities. A change that cannot be made is an
            error, and the policy stays as it is written.
        raised: Severities that an ``auditor.yaml`` raises, by policy.
        gated: Packs for which an ``auditor.yaml`` tightens the gate, each with where it does.
        cache: Where compiled plans are kept; None for nowhere.

    Raises:
        UsageProblem: *choice* names a policy or a pack that there is not.
    """
    folders = list(folders)
    texts, errors = read_texts(folders)
    written = profile.profile if profile is not None else None
    errors += names_of_nothing(written, raised or {}, texts, models, gated)
    texts = chosen_by(written, texts, [folder.path for folder in folders if folder.is_added])
    tailoring = tailoring_of(written, raised or {})
    loaded = choose_policies(texts, choice, models, errors, tailoring=tailoring, cache=cache)
    if profile is not None and loaded.plan is not None:
        plan = replace(loaded.plan, attest_instead=profile.attest_instead)
        loaded = replace(loaded, plan=plan)
    return loaded


def choose_policies(
    texts: Sequence[PolicyText],
    choice: PolicyChoice,
    models: SnapshotModels,
    errors: Iterable[AuditorError] = (),
    *,
    tailoring: Tailoring | None = None,
    cache: PlanCache | None = None,
) -> LoadedPolicies:
    """
    Compile what *choice* wants of *texts*, as `compile_texts` does.

    Raises:
        UsageProblem: *choice* names a policy or a pack that there is not.
    """
    wanted = _of_ids(_of_packs(texts, choice.packs), choice.ids)
    loaded = compile_texts(wanted, models, errors, tailoring=tailoring, cache=cache)
    return _select(loaded, choice.ids)


def read_texts(folders: Iterable[PolicyFolder]) -> tuple[list[PolicyText], list[AuditorError]]:
    """Read every policy file and pack file below *folders*, with what could not be read."""
    texts: list[PolicyText] = []
    errors: list[AuditorError] = []
    for folder in folders:
        # A folder that is added must not give other words to policies that were there before.
        before = {text.pack for text in texts if not is_pack(text)}
        if not folder.path.is_dir():
            problem = "is a file" if folder.path.exists() else "does not exist"
            msg = f"the folder of policies '{folder.shown}' {problem}"
            errors.append(InputError(msg, hint="name a folder that holds packs of policies"))
            continue
        for path, shown in _policy_files(folder):
            try:
                data = regular_bytes(path, shown)
            except InputError as error:
                errors.append(error)
                continue
            parent = path.resolve().parent
            text = PolicyText(shown, parent.name, data, parent.as_posix())
            if is_pack(text) and text.pack in before:
                errors.append(_second_pack(text))
                continue
            texts.append(text)
    return texts, errors


def _second_pack(text: PolicyText) -> PolicyError:
    return PolicyError(
        f"there is already a pack called '{text.pack}', and its words are its own",
        hint="give the folder another name",
        location=Location(text.path, 1),
        slug="policy-duplicate-pack",
    )


def _policy_files(folder: PolicyFolder) -> Iterator[tuple[Path, str]]:
    """
    Yield every file of *folder* that is a policy or a pack, sorted, with its shown name.

    Where the folder is a pack itself, the words that it shares with its neighbours are written beside it.
    """
    is_one_pack = False
    for path in sorted(folder.path.rglob("*")):
        below = path.relative_to(folder.path)
        is_hidden = any(part.startswith(".") for part in below.parts)
        name = path.name.lower()
        is_other = name.endswith(CASES_SUFFIX) or path.name == CATALOGUE_FILE
        is_policy = Path(name).suffix in SUFFIXES and not is_other
        if is_policy and not is_hidden:
            yield path, (Path(folder.shown) / below).as_posix()
            is_one_pack = is_one_pack or (path.parent == folder.path and path.name != PACK_FILE)
    above = folder.path.resolve().parent / PACK_FILE
    if is_one_pack and above.is_file():
        yield above, (Path(folder.shown).parent / PACK_FILE).as_posix()


def _of_packs(texts: Sequence[PolicyText], packs: Sequence[str]) -> Sequence[PolicyText]:
    known = {text.pack for text in texts if not is_pack(text)}
    for pack in packs:
        if pack not in known:
            msg = f"no pack is called '{pack}'"
            raise UsageProblem(msg, hint=did_you_mean(pack, known))
    wanted = [text for text in texts if text.pack in packs]
    above = [words for words in texts if any(serves(words, text) for text in wanted)]
    return [*wanted, *(words for words in above if words not in wanted)] if packs else texts


def _of_ids(texts: Sequence[PolicyText], ids: Sequence[str]) -> Sequence[PolicyText]:
    """Leave out what cannot be meant: a file is named for its policy; where one is not, all are compiled."""
    wanted = [text for text in texts if _stem(text) in ids or is_pack(text)]
    found = {_stem(text) for text in wanted}
    return wanted if ids and found.issuperset(ids) else texts


def compile_texts(
    texts: Sequence[PolicyText],
    models: SnapshotModels,
    errors: Iterable[AuditorError] = (),
    *,
    tailoring: Tailoring | None = None,
    cache: PlanCache | None = None,
) -> LoadedPolicies:
    """
    Compile *texts*; what has a fault is left out one round after the other, until the rest compiles.

    Args:
        texts: Policies and packs.
        models: The schemas of snapshots.
        errors: What is already known to be wrong.
        tailoring: What replaces values of policies; of a change that cannot be made only itself is left out.
        cache: Where compiled plans are kept; None for nowhere.
    """
    faults = list(errors)
    library = functions()
    left = list(texts)
    changes = tailoring or Tailoring()
    while any(not is_pack(text) for text in left):
        try:
            plan = cached_plan(cache, left, models, library, changes)
        except AuditorError as error:
            found = error.errors if isinstance(error, ErrorGroup) else (error,)
            kept = _without(left, found)
            faults.extend(_own(left, found))
            fewer = changes.without({fault.location for fault in found})
            if len(kept) == len(left) and fewer == changes:
                break  # a fault of no file: nothing can be left out
            left, changes = kept, fewer
        else:
            return LoadedPolicies(plan, tuple(faults))
    return LoadedPolicies(None, tuple(faults))


def _without(texts: list[PolicyText], faults: Iterable[AuditorError]) -> list[PolicyText]:
    paths = {fault.location.path for fault in faults if fault.location is not None}
    broken = [text for text in texts if text.path in paths]
    return [
        text
        for text in texts
        if text.path not in paths and not any(serves(words, text) for words in broken)
    ]


def _own(texts: list[PolicyText], faults: Iterable[AuditorError]) -> list[AuditorError]:
    """Leave out what only follows: the policies of a broken pack call functions that are written in it."""
    paths = {fault.location.path for fault in faults if fault.location is not None}
    broken = [text for text in texts if text.path in paths]
    callers = {
        text.path for text in texts if any(serves(words, text) for words in broken if words != text)
    }
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


def _stem(text: PolicyText) -> str:
    return Path(text.path).stem
