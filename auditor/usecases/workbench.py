"""
What whoever writes policies works on: folders of policies with their words, the contracts of snapshots, a profile.

Every part of `auditor policy` and the editor begin here, so that an organisation's own fields and policies are
known to all of them alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.vocabulary import serves
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.usecases.read_policies import (
    functions,
    named_folder,
    packaged_folder,
    read_texts,
    snapshot_models,
)
from auditor.usecases.tailored_policies import chosen_by, names_of_nothing, tailoring_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions
    from auditor.model.tailoring import Tailoring
    from auditor.usecases.read_policies import PolicyFolder
    from auditor.usecases.read_profile import LoadedProfile


@dataclass(frozen=True, slots=True, eq=False)
class Workbench:
    """Policies as they are written, and what they are read with."""

    folders: tuple[PolicyFolder, ...]
    texts: tuple[PolicyText, ...]
    """Policies and packs, those that the profile chooses where there is one."""
    models: SnapshotModels
    """The contracts of snapshots, with the profile's own fields."""
    functions: Functions
    profile: LoadedProfile | None
    tailoring: Tailoring
    """What the profile changes; nothing without one. Cases try a policy as it is written, without it."""
    errors: tuple[AuditorError, ...]
    """Files that cannot be read, and names in the profile of policies that there are not."""

    @property
    def roots(self) -> Roots:
        """For each target the type of its snapshots."""
        return Roots(self.models)

    def compiled(
        self,
        text: PolicyText,
        policy: str,
        params: Mapping[str, Any] | None = None,
        *,
        tailoring: Tailoring | None = None,
    ) -> Plan:
        """
        Compile one policy as it is written; the words in force in it come with it.

        Args:
            text: The policy: one of `texts`, or one that stands where one of them does.
            policy: Its id.
            params: Plain values that replace defaults: what a case tries it with.
            tailoring: Values with their places, so that what is wrong with one is shown there.

        Raises:
            ErrorGroup: It cannot be compiled with them.
        """
        words = (one for one in self.texts if serves(one, text))
        return compile_plan(
            [text, *words],
            roots=self.roots,
            functions=self.functions,
            params={policy: params or {}},
            tailoring=tailoring,
        )


def read_workbench(
    policies: Sequence[str | PolicyFolder] = (), profile: str | None = None
) -> Workbench:
    """
    Read folders of policies as the user named them.

    Args:
        policies: Folders; none for the policies that come with the program.
        profile: File of the organisation's profile.

    Raises:
        ErrorGroup: No folder can be read.
        InputError: The profile cannot be read, or is wrong.
    """
    folders = tuple(named_folder(one) if isinstance(one, str) else one for one in policies) or (
        packaged_folder(),
    )
    loaded = _profile(profile)
    models = _models(loaded)
    texts, errors = read_texts(folders)
    if errors and not texts:
        raise ErrorGroup(errors)
    written = loaded.profile if loaded is not None else None
    errors += names_of_nothing(written, {}, texts, models)
    return Workbench(
        folders,
        tuple(chosen_by(written, texts, ())),
        models,
        functions(),
        loaded,
        tailoring_of(written, {}),
        tuple(errors),
    )


def models_of(profile: str | None) -> SnapshotModels:
    """
    Return the contracts of snapshots, with the own fields of whoever wrote *profile*.

    Raises:
        InputError: The profile cannot be read, or is wrong.
    """
    return _models(_profile(profile))


def _profile(typed: str | None) -> LoadedProfile | None:
    if typed is None:
        return None
    from auditor.usecases.read_profile import read_profile  # noqa: PLC0415 - few name one

    return read_profile(typed, snapshot_models())


def _models(profile: LoadedProfile | None) -> SnapshotModels:
    return snapshot_models(None if profile is None else profile.extension)


def file_of(text: PolicyText) -> Path:
    """Return the file that *text* was read from."""
    return Path(text.folder) / Path(text.path).name
