"""
Which verdicts change between two versions of policies: what `auditor policy diff` does.

Both versions judge the same facts at the same instants. A version that cannot be read, or does not compile, is not
compared at all: a policy that is broken would look like one that was taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.verdict_changes import WORSE, Change, verdict_changes
from auditor.language.policy_parser import parse_pack, parse_policy
from auditor.language.vocabulary import PACK_FILE, is_pack
from auditor.model.errors import (
    AuditorError,
    ErrorGroup,
    ExitCode,
    NothingToAudit,
    ProfileError,
    UsageProblem,
    did_you_mean,
)
from auditor.usecases.audience import unwatched
from auditor.usecases.find_inputs import no_snapshot
from auditor.usecases.judge_inputs import judge_versions
from auditor.usecases.judge_portfolio import PORTFOLIO
from auditor.usecases.onlooker import Onlooker
from auditor.usecases.policies_at_revision import policies_at
from auditor.usecases.read_cases import files_behind
from auditor.usecases.read_policies import PolicyChoice, choose_policies, named_folder
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.findings.verdict_changes import VerdictChange
    from auditor.language.policy_draft import PackDraft, PolicyDraft, PolicyText
    from auditor.model.location import Location
    from auditor.usecases.audience import Progress
    from auditor.usecases.judge_inputs import Judged, Request
    from auditor.usecases.read_policies import PolicyFolder

_MISSING: Final = "-"
_SIDES: Final = ("old", "new")


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A value of a policy that differs."""

    key: str
    """``severity``, ``params.limit.default``, ``require[0].that``."""
    old: str
    """As a reader sees it, as is `new`; ``-`` where there is none."""
    new: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy, or a ``pack.yaml`` with words, that is not the same in both versions."""

    what: str
    """``added``, ``removed``, ``changed`` or ``renamed``; ``merged`` where it takes the place of several."""
    name: str
    """Id of the policy; of words, the pack and ``pack.yaml``."""
    was: str | None = None
    """The former id of one that is renamed or merged; of a merger there is an entry for each."""
    keys: tuple[KeyChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """Two versions of policies, and what they say of the same facts."""

    old: str
    """As the user named it, as is `new`."""
    new: str
    as_of: str
    auditees: int
    policies: tuple[PolicyChange, ...]
    verdicts: tuple[VerdictChange, ...]
    unchanged: int
    places: Mapping[str, Mapping[str, Location]]
    """Of the facts of verdicts that differ, by auditee and pointer."""
    errors: tuple[AuditorError, ...]
    """Inputs that could not be read; the others are judged."""
    notes: tuple[str, ...]
    files: tuple[Path, ...]
    """What it was made from, and must not be written over."""

    def counts(self) -> dict[Change, int]:
        """Count the verdicts that differ; every kind has an entry."""
        totals = dict.fromkeys(Change, 0)
        for one in self.verdicts:
            totals[one.change] += 1
        return totals

    @property
    def is_empty(self) -> bool:
        """Whether neither version has a verdict: nothing was compared, which is no success."""
        return not self.verdicts and not self.unchanged

    def code(self, fail_on: str) -> ExitCode:
        """
        Return the exit code.

        Args:
            fail_on: ``worse`` gates what nobody may take over unseen, ``any`` every verdict that differs,
                ``never`` none.
        """
        if self.errors:
            return ExitCode.BAD_INPUT
        if self.is_empty:
            return ExitCode.NOTHING
        gated = {"worse": WORSE, "any": frozenset(Change), "never": frozenset[Change]()}[fail_on]
        is_gated = any(one.change in gated for one in self.verdicts)
        return ExitCode.GATED if is_gated else ExitCode.OK


@dataclass(frozen=True, slots=True, eq=False)
class _Version:
    """One version of policies, known to compile."""

    folder: PolicyFolder
    policies: Mapping[str, PolicyDraft]
    words: Mapping[str, PackDraft]
    """By the place of the file below the folder."""
    files: tuple[Path, ...]
    unknown: tuple[AuditorError, ...]
    """Names in the profile of what this version has not."""


def diff_policies(
    old: str,
    new: str,
    request: Request,
    *,
    directory: str = "policies",
    progress: Progress = unwatched,
) -> PolicyDiff:
    """
    Judge by two versions of policies and compare.

    Args:
        old: A folder of policies, or a git revision.
        new: As *old*.
        request: What to judge, and by which of the policies.
        directory: Where the policies are in a revision.
        progress: Shows how far it is.

    Raises:
        UsageProblem: There is no such folder, revision, policy or pack, or no name of one.
        NothingToAudit: A version has no policy, or there is no snapshot.
        ErrorGroup: A version cannot be read or does not compile.
    """
    with TemporaryDirectory(prefix="auditor-") as scratch:
        sides = [
            _folder(typed, directory, Path(scratch) / which)
            for which, typed in zip(_SIDES, (old, new), strict=True)
        ]
        before, after = _versions(sides, request)
        renamed = _renamed(before, after)
        choices = _choices(request.choice, before, after, renamed)
        # One that is not wanted of a version at all is not judged by: no choice would mean every policy.
        wanted = [at for at in (0, 1) if choices[at].ids]
        pairs = [(sides[at], choices[at]) for at in wanted]
        judged = dict(zip(wanted, judge_versions(request, pairs, Onlooker(progress)), strict=True))
    if not judged:
        msg = "no policy is both wanted by name and in a pack that is wanted"
        raise NothingToAudit(msg, hint="leave out --policy or --pack")
    last = judged[wanted[-1]]
    unread = tuple(error for error in last.errors if not _is_unknown(error))
    if not last.run.results:
        raise _one(unread or (no_snapshot(request.paths),))
    results = [judged[at].run.results if at in judged else () for at in (0, 1)]
    changes, unchanged = verdict_changes(results[0], results[1], renamed)
    chosen = [set(choice.ids) for choice in choices]
    return PolicyDiff(
        old=_named(old),
        new=_named(new),
        as_of=last.run.as_of or "none",
        auditees=len(
            {one.auditee for found in results for one in found if one.target != PORTFOLIO}
        ),
        policies=tuple(_policy_changes(before, after, renamed, chosen)),
        verdicts=changes,
        unchanged=unchanged,
        places=_places(changes, list(judged.values())),
        errors=unread,
        notes=last.notes,
        files=(*last.files, *(file for one in (before, after) for file in one.files)),
    )


def _named(typed: str) -> str:
    return named_folder(typed).shown if _is_folder(typed) else typed


def _folder(typed: str, directory: str, into: Path) -> PolicyFolder:
    if not typed.strip():  # a path would take it for the folder that you are in
        msg = f"the {into.name} version has no name"
        hint = "name a folder of policies, or a git revision; a variable of your shell may be empty"
        raise UsageProblem(msg, hint=hint)
    if _is_folder(typed):
        return named_folder(typed)
    return policies_at(typed, directory, into)


def _is_folder(typed: str) -> bool:
    try:
        return Path(typed).is_dir()
    except OSError:  # such as a name that is too long for one
        return False


def _versions(sides: Sequence[PolicyFolder], request: Request) -> tuple[_Version, _Version]:
    """Read both versions; what is wrong with one is told beside what is wrong with the other."""
    found: list[_Version] = []
    errors: list[AuditorError] = []
    for which, folder in zip(_SIDES, sides, strict=True):
        try:
            found.append(_version(folder, request))
        except AuditorError as error:
            errors += _of_side(error, which, folder)
    if not errors:
        old, new = found
        known = {error.sort_key() for error in old.unknown}
        for unknown in new.unknown:
            # What the profile names lies in another folder, unless it was in the old version.
            if unknown.sort_key() not in known:
                errors += _of_side(unknown, "new", new.folder)
    if errors:
        raise _one(errors)
    return found[0], found[1]


def _one(errors: Sequence[AuditorError]) -> AuditorError:
    """Return all *errors* as one; one alone keeps its own exit code."""
    is_empty = all(isinstance(error, NothingToAudit) for error in errors)
    return errors[0] if is_empty or len(errors) == 1 else ErrorGroup(errors)


def _version(folder: PolicyFolder, request: Request) -> _Version:
    bench = read_workbench([folder], request.profile)
    loaded = choose_policies(
        bench.texts,
        PolicyChoice(),
        bench.models,
        bench.errors,
        tailoring=bench.tailoring,
        cache=request.cache,
    )
    broken = [error for error in loaded.errors if not _is_unknown(error)]
    if broken:
        raise ErrorGroup(broken)
    if loaded.plan is None:
        msg = f"'{folder.shown}' holds no policy"
        raise NothingToAudit(msg, hint="name a folder that holds packs of policies")
    texts = [text for text in bench.texts if not is_pack(text)]
    drafts = {draft.id: draft for draft in map(parse_policy, texts)}
    words = {_below(text, folder): parse_pack(text) for text in bench.texts if is_pack(text)}
    unknown = tuple(error for error in loaded.errors if _is_unknown(error))
    return _Version(folder, drafts, words, tuple(files_behind(bench)), unknown)


def _is_unknown(error: AuditorError) -> bool:
    """Whether the profile names something that is not there; it may lie in another folder of policies."""
    return isinstance(error, ProfileError) and error.slug.startswith("profile-unknown-")


def _below(words: PolicyText, folder: PolicyFolder) -> str:
    """Name a ``pack.yaml`` alike in every version; the one beside a pack stands above the folder."""
    root, own = folder.path.resolve(), Path(words.folder)
    return (
        (own.relative_to(root) / PACK_FILE).as_posix()
        if own.is_relative_to(root)
        else f"../{PACK_FILE}"
    )


def _of_side(error: AuditorError, which: str, folder: PolicyFolder) -> Iterator[AuditorError]:
    """Say in which version something is wrong."""
    for one in error.errors if isinstance(error, ErrorGroup) else (error,):
        one.message = f"in the {which} version ('{folder.shown}'): {one.message}"
        yield one


# ----- which policies


def _renamed(old: _Version, new: _Version) -> dict[str, str]:
    """Return the new ids of policies that say what they were called before, where that one is gone."""
    return {
        former: policy
        for policy, draft in new.policies.items()
        for former in draft.formerly
        if former in old.policies and former not in new.policies
    }


def _choices(
    wanted: PolicyChoice, old: _Version, new: _Version, renamed: Mapping[str, str]
) -> tuple[PolicyChoice, PolicyChoice]:
    """
    Return what is wanted of each version; a policy that only one of them has is wanted of that one.

    Raises:
        UsageProblem: Neither has it.
    """
    drafts = {**old.policies, **new.policies}
    packs = {draft.pack for one in (old, new) for draft in one.policies.values()}
    for typed, known, what in ((wanted.ids, drafts, "policy"), (wanted.packs, packs, "pack")):
        for name in typed:
            if name not in known:
                msg = f"neither version has a {what} called '{name}'"
                raise UsageProblem(msg, hint=did_you_mean(name, known))

    def is_wanted(draft: PolicyDraft) -> bool:
        names = {draft.id, renamed.get(draft.id, draft.id)}
        names |= {was for was, now in renamed.items() if now == draft.id}
        # What it is in the other version counts as well: one that moves to another pack is no other policy.
        own = {one.policies[name].pack for one in (old, new) for name in names & set(one.policies)}
        is_named = not wanted.ids or not names.isdisjoint(wanted.ids)
        return is_named and (not wanted.packs or not own.isdisjoint(wanted.packs))

    chosen = [
        PolicyChoice(
            tuple(sorted(policy for policy, draft in one.policies.items() if is_wanted(draft)))
        )
        for one in (old, new)
    ]
    return chosen[0], chosen[1]


def _policy_changes(
    old: _Version, new: _Version, renamed: Mapping[str, str], chosen: Sequence[set[str]]
) -> Iterator[PolicyChange]:
    former: dict[str, list[str]] = {}
    for was, now in sorted(renamed.items()):
        former.setdefault(now, []).append(was)
    for policy in sorted(chosen[0] | chosen[1]):
        own = [policy] if policy in old.policies else []
        before = [*own, *former.get(policy, ())]
        draft = new.policies.get(policy)
        if draft is None:
            if policy not in renamed:
                yield PolicyChange("removed", policy)
            continue
        if not before:
            yield PolicyChange("added", policy)
        for name in before:
            keys = tuple(_key_changes(old.policies[name].root.data, draft.root.data))
            if name != policy:
                what = "merged" if len(before) > 1 else "renamed"
                yield PolicyChange(what, policy, name, keys)
            elif keys:
                yield PolicyChange("changed", policy, keys=keys)
    for path in sorted({*old.words, *new.words}):
        keys = tuple(_key_changes(_defined(old.words.get(path)), _defined(new.words.get(path))))
        if keys:
            yield PolicyChange("changed", path, keys=keys)


def _defined(pack: PackDraft | None) -> dict[str, Any]:
    """Return the words of a ``pack.yaml`` as they are written."""
    if pack is None:
        return {}
    return {f"{one.name}({', '.join(one.parameters)})": one.body.text for one in pack.define}


def _key_changes(old: Any, new: Any, key: str = "") -> Iterator[KeyChange]:  # noqa: ANN401 - any YAML value
    """Yield every value that differs, with the way to it; of lists of another length the whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            way = f"{key}.{name}" if key else name
            if name not in old or name not in new:
                yield KeyChange(way, _shown(old, name), _shown(new, name))
            else:
                yield from _key_changes(old[name], new[name], way)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for position, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _key_changes(was, now, f"{key}[{position}]")
    elif old != new or type(old) is not type(new):
        yield KeyChange(key, _text(old), _text(new))


def _shown(values: Mapping[str, Any], name: str) -> str:
    return _text(values[name]) if name in values else _MISSING


def _text(value: Any) -> str:  # noqa: ANN401 - any YAML value
    if isinstance(value, str):
        return value
    from json import dumps  # noqa: PLC0415 - only for what is no text

    return dumps(value, ensure_ascii=False)


# ----- where the facts are


def _places(
    changes: Sequence[VerdictChange], every: Sequence[Judged]
) -> dict[str, dict[str, Location]]:
    found: dict[str, dict[str, Location]] = {}
    for judged in every:
        known = {result.auditee for result in judged.run.results}
        wanted: dict[str, dict[str, None]] = {}
        for one in changes:
            if one.result.auditee in known:
                facts = (*one.verdict.facts, *one.verdict.missing)
                pointers = wanted.setdefault(one.result.auditee, {})
                pointers |= dict.fromkeys(fact.pointer for fact in facts)
        for auditee, pointers in wanted.items():
            found.setdefault(auditee, {}).update(judged.places.locate(auditee, list(pointers)))
    return found
