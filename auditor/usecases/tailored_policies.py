"""
What a profile and an ``auditor.yaml`` say of policies, held against the policies that there are.

A name that names nothing must not be passed over: whoever lowered a severity that does not exist believes that
it is lowered, and whoever raised one believes that it gates.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import split
from auditor.facts.gaps import EVERY
from auditor.facts.types import ListType, ObjectType, unwrap
from auditor.language.policy_parser import parse_policy
from auditor.language.vocabulary import is_pack
from auditor.model.errors import AuditorError, ConfigError, ProfileError, did_you_mean
from auditor.model.tailoring import FRESHNESS_PARAM, Tailoring, Written
from auditor.usecases.package_data import data_dir

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from auditor.documents.nodes import Node
    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import Type
    from auditor.language.policy_draft import PolicyText
    from auditor.model.tailoring import Override
    from auditor.sources.profile import Profile

AUDIT: Final = "audit"
"""The pack of what must hold of an audit itself. No choice of frameworks leaves it out."""

_JUDGED: Final = ("project", "unit")
"""Targets whose snapshots have facts that a source may not be able to show."""


def tailoring_of(profile: Profile | None, raised: Mapping[str, Override]) -> Tailoring:
    """Return what replaces values of policies: the profile's changes, then what a repository raises."""
    if profile is None:
        return Tailoring(raised=raised)
    own, params = profile.tailoring, profile.tailoring.params
    if profile.freshness.override is not None:
        policy, param = FRESHNESS_PARAM
        params = {**params, policy: {**params.get(policy, {}), param: profile.freshness.override}}
    exempted = {
        one.framework: Written(one.node.location, one.node.excerpt) for one in profile.exclusions
    }
    return Tailoring(params, own.severities, raised, exempted)


def chosen_by(
    profile: Profile | None, texts: Sequence[PolicyText], added: Iterable[Path]
) -> list[PolicyText]:
    """
    Return those of *texts* that the profile judges by.

    Args:
        profile: The packs that it names are wanted, all where it names none.
        texts: Policies and packs.
        added: Folders that an ``auditor.yaml`` adds: the profile cannot leave out what somebody adds.
    """
    if profile is None or profile.packs is None:
        return list(texts)
    folders = [folder.resolve() for folder in added]
    kept = {
        text.pack
        for text in texts
        if text.pack in (*profile.packs, AUDIT)
        or any(Path(text.folder).is_relative_to(folder) for folder in folders)
    }
    return [text for text in texts if text.pack in kept or is_pack(text)]


def names_of_nothing(
    profile: Profile | None,
    raised: Mapping[str, Override],
    texts: Sequence[PolicyText],
    models: SnapshotModels,
    gated: Mapping[str, Written] | None = None,
) -> list[AuditorError]:
    """
    Return an error for each policy, pack, control or fact that is named and does not exist.

    Args:
        profile: What the organisation says.
        raised: Severities that an ``auditor.yaml`` raises, by policy.
        texts: Every policy that there is.
        models: The schemas of snapshots.
        gated: Packs for which an ``auditor.yaml`` tightens the gate, each with where it does.
    """
    known = _Known(texts)
    faults: list[AuditorError] = [
        ConfigError(
            _no_policy(policy),
            hint=did_you_mean(policy, known.policies),
            location=override.name_at.location,
            excerpt=override.name_at.excerpt,
        )
        for policy, override in raised.items()
        if not known.has(policy)
    ]
    faults += (
        ConfigError(
            _no_pack(pack),
            hint=did_you_mean(pack, known.gated),
            location=at.location,
            excerpt=at.excerpt,
        )
        for pack, at in (gated or {}).items()
        if pack not in known.gated
    )
    if profile is not None:
        faults += _policies_of(profile, known)
        faults += _packs_of(profile, known)
        faults += _attested_of(profile, known, models)
    return faults


class _Known:
    """What the policies are called, and what they decide; looked into only as far as it is needed."""

    def __init__(self, texts: Sequence[PolicyText]) -> None:
        self._texts = [text for text in texts if not is_pack(text)]

    def has(self, policy: str) -> bool:
        """Whether there is such a policy; nearly always its file is called like it, and one look is enough."""
        alike = [text for text in self._texts if Path(text.path).stem == policy]
        return any(_id_and_controls(text)[0] == policy for text in alike) or policy in self.policies

    @property
    def packs(self) -> set[str]:
        return {text.pack for text in self._texts}

    @property
    def gated(self) -> set[str]:
        """Packs that a gate may speak of: one that comes with the program is no slip, whatever is judged by."""
        packaged = (folder.name for folder in data_dir("policies").iterdir() if folder.is_dir())
        return self.packs.union(packaged)

    @property
    def policies(self) -> set[str]:
        return set(self._all)

    @property
    def controls(self) -> set[str]:
        return {control for controls in self._all.values() for control in controls}

    @cached_property
    def _all(self) -> dict[str, tuple[str, ...]]:
        return dict(_id_and_controls(text) for text in self._texts)


def _id_and_controls(text: PolicyText) -> tuple[str, tuple[str, ...]]:
    try:
        draft = parse_policy(text)
    except AuditorError:
        # What is wrong is told where it is compiled; here it still counts by the name of its file.
        return Path(text.path).stem, ()
    return draft.id, draft.controls


def _policies_of(profile: Profile, known: _Known) -> Iterator[ProfileError]:
    named = (
        *(("params", policy) for policy in profile.tailoring.params),
        *(("severities", policy) for policy in profile.tailoring.severities),
    )
    for key, policy in named:
        if not known.has(policy):
            yield _unknown_policy(policy, known, profile.key(key, policy))


def _packs_of(profile: Profile, known: _Known) -> Iterator[ProfileError]:
    packs = known.packs
    named = [
        *((pack, profile.node("packs", at)) for at, pack in enumerate(profile.packs or ())),
        *(
            (one.framework, profile.node("exclusions", at, "framework"))
            for at, one in enumerate(profile.exclusions)
        ),
    ]
    for pack, node in named:
        if pack not in packs:
            yield _unknown_pack(pack, packs, node)
    if profile.gate is None:
        return
    gated = [(pack, profile.key("gate", "packs", pack)) for pack in profile.gate.packs]
    for key in profile.gate.at_most:
        pack, slash, _ = key.rpartition("/")
        if slash:
            gated.append((pack, profile.key("gate", "at_most", key)))
    for pack, node in gated:
        if pack not in known.gated:
            yield _unknown_pack(pack, known.gated, node)


def _attested_of(profile: Profile, known: _Known, models: SnapshotModels) -> Iterator[ProfileError]:
    for position, one in enumerate(profile.attest_instead):
        for index, policy in enumerate(one.policies):
            if not known.has(policy):
                node = profile.node("attest_instead", position, "policies", index)
                yield _unknown_policy(policy, known, node)
        for index, control in enumerate(one.controls):
            if control not in known.controls:
                node = profile.node("attest_instead", position, "controls", index)
                yield ProfileError(
                    f"no policy decides a control '{control}'",
                    hint=did_you_mean(control, known.controls),
                    location=node.location,
                    excerpt=node.excerpt,
                    slug="profile-unknown-control",
                )
        if not any(_is_fact(models[target].root, split(one.fact)) for target in _JUDGED):
            node = profile.node("attest_instead", position, "fact")
            yield ProfileError(
                f"no snapshot has a fact '{one.fact}'",
                hint="write it like /sprints/*/closed_at; `auditor snapshot schema` lists the facts",
                location=node.location,
                excerpt=node.excerpt,
                slug="profile-unknown-fact",
            )


def _unknown_pack(pack: str, packs: Collection[str], node: Node) -> ProfileError:
    return ProfileError(
        _no_pack(pack),
        hint=did_you_mean(pack, packs),
        location=node.location,
        excerpt=node.excerpt,
        slug="profile-unknown-pack",
    )


def _unknown_policy(policy: str, known: _Known, node: Node) -> ProfileError:
    return ProfileError(
        _no_policy(policy),
        hint=did_you_mean(policy, known.policies),
        location=node.location,
        excerpt=node.excerpt,
        slug="profile-unknown-policy",
    )


def _no_pack(pack: str) -> str:
    return f"no pack is called '{pack}'"


def _no_policy(policy: str) -> str:
    return f"no policy is called '{policy}'"


def _is_fact(kind: Type, tokens: Sequence[str]) -> bool:
    """Whether *tokens* lead to something that the type declares; below what it does not, anything may be."""
    for token in tokens:
        kind = unwrap(kind)
        if isinstance(kind, ObjectType):
            field = kind.fields.get(token)
            if field is None:
                return False
            kind = field.type
        elif isinstance(kind, ListType):
            if token != EVERY and not token.isdecimal():
                return False
            kind = kind.element
        else:
            return False
    return True
