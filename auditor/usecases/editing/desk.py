"""
What whoever writes policies in an editor works on: the folder around the file, as it is at this moment.

Files are read anew each time, so that nothing is missed that changed on the disk; what is made of them is kept as
long as their bytes are the same.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.facts.snapshot import Roots
from auditor.language.catalogue import parse_catalogue
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import parse_policy, read_draft
from auditor.language.vocabulary import CATALOGUE_FILE, PACK_FILE, is_pack, serves
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.model.tailoring import Tailoring
from auditor.usecases.editing.file_kinds import YAML_SUFFIXES
from auditor.usecases.read_catalogues import with_packaged
from auditor.usecases.read_policies import (
    CASES_SUFFIX,
    PolicyFolder,
    functions,
    named_folder,
    packaged_folder,
    read_texts,
    snapshot_models,
)
from auditor.usecases.read_profile import read_profile
from auditor.usecases.shown_name import shown_name
from auditor.usecases.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import ObjectType
    from auditor.language.policy_draft import PolicyDraft
    from auditor.language.registry import Functions
    from auditor.model.catalogue import Catalogue
    from auditor.usecases.editing.open_files import OpenFiles
    from auditor.usecases.read_profile import LoadedProfile


class Desk:
    """
    The files, and what they are read with.

    Args:
        files: What is open in the editor.
        profile: File of the organisation's profile, whose own fields are known then.
        policies: Folders of the policies that a profile can speak of; none for those that come with the program.
    """

    def __init__(
        self, files: OpenFiles, profile: str | None = None, policies: Sequence[str] = ()
    ) -> None:
        self.files = files
        self._profile = profile
        self._policies = [named_folder(one) for one in policies] or [packaged_folder()]
        self._drafts: dict[str, tuple[bytes, PolicyDraft | None]] = {}
        self._readable: dict[str, PolicyText] = {}
        self._catalogues: dict[str, tuple[bytes, Catalogue | None, tuple[AuditorError, ...]]] = {}

    # ----- what does not change while it is written

    @cached_property
    def _loaded(self) -> tuple[LoadedProfile | None, AuditorError | None]:
        if self._profile is None:
            return None, None
        try:
            return read_profile(self._profile, snapshot_models()), None
        except AuditorError as error:
            return None, error

    @property
    def profile_error(self) -> AuditorError | None:
        """What keeps the profile from being used."""
        return self._loaded[1]

    @cached_property
    def models(self) -> SnapshotModels:
        """The contracts of snapshots, with the organisation's own fields."""
        loaded = self._loaded[0]
        return snapshot_models(loaded.extension if loaded is not None else None)

    @cached_property
    def roots(self) -> Mapping[str, ObjectType]:
        """For each target the type of its snapshots."""
        return Roots(self.models)

    @cached_property
    def functions(self) -> Functions:
        """What expressions may call."""
        return functions()

    def saved(self, path: Path) -> None:
        """Forget what was made of a file that changed on the disk: the profile, or one that it names."""
        loaded, error = self._loaded
        named = {one.resolve() for one in loaded.paths} if loaded is not None else set()
        if error is not None or path in named:
            for made in ("_loaded", "models", "roots"):
                self.__dict__.pop(made, None)
        self.__dict__.pop("drafts", None)

    # ----- the folder around a file

    def bench(self, path: Path) -> Workbench:
        """
        Return the policies of the folder of a file, with their words, as they are written now.

        No deeper than that: who opens a single policy in a large folder must not wait for all of it.
        """
        folder = path.parent
        files = {*folder.glob("*.y*ml"), *self.files.below(folder), folder.parent / PACK_FILE}
        if path.name == PACK_FILE:  # its words may be those of all packs below
            files.update(folder.glob("*/*.y*ml"))
        found = (self._text(file) for file in sorted(files) if _is_policy_or_pack(file))
        texts = tuple(text for text in found if text is not None)
        shown = PolicyFolder(folder, shown_name(str(folder)))
        return Workbench((shown,), texts, self.models, self.functions, None, Tailoring(), ())

    def _text(self, path: Path) -> PolicyText | None:
        data, folder = self.bytes_of(path), path.parent
        if data is None:
            return None
        return PolicyText(shown_name(str(path)), folder.name, data, folder.as_posix())

    def text_of(self, bench: Workbench, path: Path) -> PolicyText | None:
        """Return the text of a file on its bench."""
        for text in bench.texts:
            if Path(text.path).name == path.name and Path(text.folder) == path.parent:
                return text
        return None

    def around(self, bench: Workbench, text: PolicyText) -> list[PolicyText]:
        """
        Return what has to be read with a policy: its words, and whatever has the same id.

        With words one policy of each pack that they are in force in: they mean the same in all of them.
        """
        if is_pack(text):
            firsts = {
                one.pack: one
                for one in reversed(bench.texts)
                if serves(text, one) and not is_pack(one)
            }
            return [*(one for one in bench.texts if is_pack(one)), *firsts.values()]
        own = self.id_of(text)
        return [
            one
            for one in bench.texts
            if one == text or serves(one, text) or (not is_pack(one) and self.id_of(one) == own)
        ]

    def id_of(self, text: PolicyText) -> str:
        """Return the id of a policy; of one that cannot be read, the name of its file."""
        draft = self.draft_of(text)
        return draft.id if draft is not None and draft.id else Path(text.path).stem

    def draft_of(self, text: PolicyText) -> PolicyDraft | None:
        """Return a policy as far as it can be read; None for a ``pack.yaml``, too."""
        known = self._drafts.get(text.path)
        if known is None or known[0] != text.data:
            draft = None
            with suppress(AuditorError):
                draft = None if is_pack(text) else read_draft(text)[0]
            if draft is not None:
                self._readable[text.path] = text
            self._drafts[text.path] = known = (text.data, draft)
        return known[1]

    def readable(self, text: PolicyText | None) -> PolicyText | None:
        """Return a policy as it was when it could last be read; what is half written says little of itself."""
        if text is None or is_pack(text) or self.draft_of(text) is not None:
            return text
        return self._readable.get(text.path, text)

    # ----- what a profile speaks of

    @property
    def folders(self) -> Sequence[Path]:
        """The folders of the policies that a profile can speak of."""
        return [one.path for one in self._policies]

    @cached_property
    def drafts(self) -> Sequence[PolicyDraft]:
        """The policies that a profile can speak of, sorted by id."""
        found = []
        for text in read_texts(self._policies)[0]:
            with suppress(AuditorError):
                found += [] if is_pack(text) else [parse_policy(text)]
        return sorted(found, key=lambda one: one.id)

    # ----- catalogues

    def catalogue_beside(self, path: Path) -> tuple[Catalogue | None, tuple[AuditorError, ...]]:
        """Return the catalogue in the folder of a file, and what is wrong with it."""
        text = self._text(path.parent / CATALOGUE_FILE)
        if text is None:
            return None, ()
        known = self._catalogues.get(text.path)
        if known is None or known[0] != text.data:
            found: Catalogue | None = None
            errors: tuple[AuditorError, ...] = ()
            try:
                found = parse_catalogue(text)
            except ErrorGroup as group:
                errors = group.errors
            except AuditorError as error:
                errors = (error,)
            self._catalogues[text.path] = known = (text.data, found, errors)
        return known[1], known[2]

    def bytes_of(self, path: Path) -> bytes | None:
        """Return the bytes of a file; None where it cannot be read."""
        try:
            return self.files.read(path)
        except OSError:
            return None

    def catalogues(self, path: Path) -> Sequence[Catalogue]:
        """Return every catalogue that a policy in the folder of a file can name controls of."""
        own = self.catalogue_beside(path)[0]
        if own is None:
            return self._packaged
        return [own, *(one for one in self._packaged if one.framework != own.framework)]

    @cached_property
    def _packaged(self) -> Sequence[Catalogue]:
        return with_packaged(())


def _is_policy_or_pack(path: Path) -> bool:
    name = path.name.lower()
    is_other = name.endswith(CASES_SUFFIX) or name == CATALOGUE_FILE or name.startswith(".")
    return path.suffix.lower() in YAML_SUFFIXES and not is_other
