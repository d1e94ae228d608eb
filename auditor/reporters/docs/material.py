"""
What the documentation is made of: policies with what their cases came to, catalogues, words, a profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.evaluation.cases import CaseResult
    from auditor.language.cel.checker import Definition
    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import DefineDraft, PolicyDraft
    from auditor.language.registry import Library
    from auditor.model.catalogue import Catalogue, Control
    from auditor.sources.profile import Profile


@dataclass(frozen=True, slots=True, eq=False)
class ShownCase:
    """A case that was run."""

    result: CaseResult
    changes: tuple[tuple[str, str], ...]
    """Pointer into the first snapshot, and the value that stands there instead, as YAML."""
    params: tuple[tuple[str, str], ...]
    attestations: str
    """The records beside the snapshot, as YAML; empty where there are none."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownWord:
    """A shared word."""

    definition: Definition
    draft: DefineDraft
    about: str
    """The comment above it."""
    group: str
    """The heading that the nearest line of dashes above it has."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownPolicy:
    """A policy that can be used."""

    policy: CompiledPolicy
    """With the values that are in force."""
    draft: PolicyDraft
    """As it is written."""
    cases: tuple[ShownCase, ...]
    cases_file: str | None
    case_problems: tuple[str, ...]
    """What is wrong with its cases, in a sentence each."""
    base: str
    """The snapshot that the cases start from, as YAML."""
    reads: tuple[str, ...]
    """Facts, as `auditor.language.reads` names them; sorted."""
    word_files: tuple[str, ...]
    """Files whose words are in force in it, the nearest first."""
    own_words: tuple[ShownWord, ...]
    """Words that it defines itself."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.policy.summary.id


@dataclass(frozen=True, slots=True)
class BrokenPolicy:
    """A policy that cannot be used."""

    name: str
    file: str
    pack: str
    controls: tuple[str, ...]
    """Those that it says it decides, as far as it can be read."""
    problems: tuple[str, ...]
    """What is wrong with it, in a sentence each, with the place."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownPack:
    """A ``pack.yaml``, or a folder of policies that has none."""

    pack: str
    file: str | None
    title: str
    about: str
    words: tuple[ShownWord, ...]
    is_above: bool
    """Whether it stands beside the packs and speaks for all of them."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ShownProfile:
    """The profile of the organisation."""

    profile: Profile
    file: str
    digest: str
    standards: str
    """What stands in the file of standards; empty where there is none."""
    own_fields: str
    """The file with the schemas of its own fields; empty where there is none."""
    mappings: tuple[tuple[str, str], ...]
    """Reader, and the file of its status mapping."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All of it."""

    catalogues: tuple[Catalogue, ...]
    borrowed: tuple[tuple[Control, Catalogue], ...]
    """Controls that policies decide and that stand in a catalogue which comes with the program."""
    policies: tuple[ShownPolicy, ...]
    """Sorted by id."""
    broken: tuple[BrokenPolicy, ...]
    packs: tuple[ShownPack, ...]
    schemas: Mapping[str, dict[str, Any]]
    """Of each kind of snapshot, with the organisation's own fields."""
    libraries: Sequence[Library]
    profile: ShownProfile | None
    problems: tuple[str, ...]
    """What is wrong with files that are no policy: catalogues, packs."""
