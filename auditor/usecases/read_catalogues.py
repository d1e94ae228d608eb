"""
Which catalogues of controls there are, read from folders of policies.

Only who asks for controls reads them: a run judges by policies, and does not pay for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.language.catalogue import parse_catalogue
from auditor.language.policy_draft import PolicyText
from auditor.language.vocabulary import CATALOGUE_FILE
from auditor.model.errors import AuditorError, ErrorGroup, InputError, PolicyError
from auditor.usecases.load_files import regular_bytes
from auditor.usecases.read_policies import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from auditor.model.catalogue import Catalogue
    from auditor.usecases.read_policies import PolicyFolder


@dataclass(frozen=True, slots=True)
class ReadCatalogues:
    """Catalogues, and what is wrong with others."""

    catalogues: tuple[Catalogue, ...]
    """One for each framework, in the order of folders and packs."""
    errors: tuple[AuditorError, ...]
    """Of files that are no catalogue, or the second one of a framework."""
    unread: tuple[AuditorError, ...]
    """Files that cannot be read."""


def read_catalogues(folders: Iterable[PolicyFolder]) -> ReadCatalogues:
    """Read every ``catalogue.yaml`` below *folders*."""
    found: dict[str, Catalogue] = {}
    errors: list[AuditorError] = []
    unread: list[AuditorError] = []
    for path, shown in dict(_files(folders)).items():
        try:
            data = regular_bytes(path, shown)
        except InputError as error:
            unread.append(error)
            continue
        parent = path.parent
        try:
            one = parse_catalogue(PolicyText(shown, parent.name, data, parent.as_posix()))
        except ErrorGroup as group:
            errors.extend(group.errors)
        except AuditorError as error:
            errors.append(error)
        else:
            if one.framework in found:
                errors.append(_second(one, found[one.framework]))
            found.setdefault(one.framework, one)
    return ReadCatalogues(tuple(found.values()), tuple(errors), tuple(unread))


def with_packaged(own: Sequence[Catalogue]) -> list[Catalogue]:
    """Add to *own* those that come with the program, of the other frameworks."""
    frameworks = {one.framework for one in own}
    packaged = read_catalogues([packaged_folder()]).catalogues
    return [*own, *(one for one in packaged if one.framework not in frameworks)]


def _files(folders: Iterable[PolicyFolder]) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted(folder.path.rglob(CATALOGUE_FILE)):
            below = path.relative_to(folder.path)
            if not any(part.startswith(".") for part in below.parts):
                yield path.resolve(), f"{folder.shown}/{below.as_posix()}"


def _second(one: Catalogue, first: Catalogue) -> PolicyError:
    return PolicyError(
        f"the controls of '{one.framework}' are in '{first.location.path}' already",
        hint="leave one of the two catalogues out",
        location=one.location,
        slug="policy-duplicate-control",
    )
