"""
Which extensions are installed: formats, readers, verbs, function libraries.

Built-ins and third parties come in by the same door, the installed entry points. A reader could
replace the parsing below by `importlib.metadata`: its import alone takes as long as starting Python
three times over, so it is used only where something other than plain folders is on the path.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.model.errors import UsageProblem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VERBS: Final = "auditor.verbs"
FORMATS: Final = "auditor.formats"
READERS: Final = "auditor.readers"
FUNCTIONS: Final = "auditor.functions"

_NOUNS: Final = {VERBS: "verb", FORMATS: "format", READERS: "reader", FUNCTIONS: "function library"}
_METADATA: Final = (".dist-info", ".egg-info")


@dataclass(frozen=True, slots=True, order=True)
class EntryPoint:
    """A registration: where the object of a name is."""

    name: str
    target: str
    """``module:attribute``, as the package wrote it."""
    package: str
    """Normalised name of the distribution that registers it."""


def names(group: str) -> tuple[str, ...]:
    """Return the names that are registered in *group*, sorted."""
    return tuple(sorted(_table(group)))


def load(group: str, name: str) -> object:
    """
    Import what *name* stands for.

    Raises:
        UsageProblem: Nobody offers the name, two packages do, or its package cannot be imported.
    """
    offers = _table(group).get(name)
    noun = _NOUNS.get(group, "entry point")
    if not offers:
        msg = f"no {noun} is called '{name}'"
        raise UsageProblem(msg, hint=did_you_mean(name, names(group)))
    if len(offers) > 1:
        packages = ", ".join(sorted(offer.package for offer in offers))
        msg = f"the {noun} '{name}' is offered by several packages: {packages}"
        raise UsageProblem(msg, hint="uninstall all but one of them")
    offer = offers[0]
    module, _, attribute = offer.target.partition(":")
    try:
        found: object = import_module(module)
        for part in filter(None, attribute.split(".")):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        msg = f"the {noun} '{name}' of the package '{offer.package}' cannot be loaded ({offer.target})"
        hint = f"install the package '{offer.package}' again"
        raise UsageProblem(msg, hint=hint) from error
    return found


def load_all(group: str) -> dict[str, object]:
    """Import everything of *group*, by name, in the order of the names."""
    return {name: load(group, name) for name in names(group)}


def _table(group: str) -> Mapping[str, tuple[EntryPoint, ...]]:
    return _read(tuple(sys.path)).get(group, {})


@lru_cache(maxsize=4)
def _read(path: tuple[str, ...]) -> dict[str, dict[str, tuple[EntryPoint, ...]]]:
    """Read every registration on *path*: group, then name, then who offers it."""
    groups: dict[str, dict[str, tuple[EntryPoint, ...]]] = {}
    for package, text in _texts(path) if _is_plain(path) else _texts_by_import_system():
        for group, name, target in parse(text):
            offers = groups.setdefault(group, {})
            # The same line twice (an editable install beside a wheel) is one offer.
            if target not in {offer.target for offer in offers.get(name, ())}:
                offers[name] = (*offers.get(name, ()), EntryPoint(name, target, package))
    return groups


def parse(text: str) -> Iterator[tuple[str, str, str]]:
    """
    Yield group, name and target of every line of an ``entry_points.txt``.

    Source:
        The PyPA specification "Entry points".
    """
    group = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif group and "=" in line and not line.startswith(("#", ";")):
            name, _, target = line.partition("=")
            # Extras after the target ("module:attribute [extra]") are only for installers.
            yield group, name.strip(), target.partition("[")[0].strip()


def _is_plain(path: Iterable[str]) -> bool:
    """Whether installed packages can only be folders beside each other."""
    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    return finders == [PathFinder] and not any(Path(entry).is_file() for entry in path)


def _texts(path: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield package and ``entry_points.txt`` of every folder of metadata, the first of a name only."""
    seen: set[str] = set()
    for entry in path:
        try:
            found = sorted(f for f in Path(entry).iterdir() if f.name.endswith(_METADATA))
        except OSError:
            continue
        for folder in found:
            package = _normalised(_package(folder))
            if package in seen:
                continue
            seen.add(package)
            try:
                yield package, (folder / "entry_points.txt").read_text("utf-8", "replace")
            except OSError:
                continue  # most packages register nothing


def _texts_by_import_system() -> Iterator[tuple[str, str]]:
    from importlib.metadata import distributions  # noqa: PLC0415 - costly, see the module docstring

    seen: set[str] = set()
    for distribution in distributions():
        package = _normalised(distribution.metadata["Name"])
        if package not in seen:
            seen.add(package)
            yield package, distribution.read_text("entry_points.txt") or ""


def _package(metadata: Path) -> str:
    """Take the name off ``name-version.dist-info``, ``name-version-py3.egg-info`` or ``name.egg-info``."""
    name, _, version = metadata.stem.rpartition("-")
    return name.partition("-")[0] if metadata.suffix == ".egg-info" and name else name or version


def _normalised(name: str) -> str:
    """Spell a distribution's name as PEP 503 does."""
    return re.sub(r"[-_.]+", "-", name).lower()
