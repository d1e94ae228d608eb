"""
What every reader is given and what it hands back.

A reader is pure: it gets the bytes of its files and the instants it may use, and opens nothing itself.
What it cannot know it leaves out (unobserved), and says why in the snapshot's ``gaps``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.facts.types import ObjectType
    from auditor.model.errors import AuditorError
    from auditor.model.location import Location


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The files of one source, in memory."""

    name: str
    """The file or folder as the user typed it; places are shown below it."""
    files: Mapping[str, bytes]
    """POSIX path relative to `name` (for a single file: its base name) to its bytes, sorted by path.
    Looking into one that cannot be read raises an `InputError`: let it pass, or report it with a gap."""
    is_folder: bool

    def shown(self, path: str) -> str:
        """Return *path* as the user would type it."""
        if not self.is_folder:
            return self.name
        return path if self.name == "." else f"{self.name}/{path}"


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What the user or ``auditor.yaml`` says about a source."""

    captured_at: str | None = None
    """RFC 3339; the instant up to which the source speaks, where the source itself does not say."""
    time_zone: str | None = None
    """IANA name assumed where the source names none; recorded as an assumption."""
    auditee: str | None = None
    mapping: Mapping[str, Any] | None = None
    """The parsed status mapping."""
    mapping_name: str | None = None
    mapping_sha256: str | None = None
    """Digest of the mapping file's bytes, ``sha256:<hex>``."""
    mappings: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """Status mappings for sources that name none, by reader: name and bytes of the file."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Reader-specific keys of ``auditor.yaml``."""
    root: ObjectType | None = None
    """Type of the snapshot, by which a reader knows what it could say and cannot."""


class PlaceIndex(Protocol):
    """Finds the facts of one snapshot in the files that they came from."""

    def locate(self, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one; one pass for all of them."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A snapshot as a reader made it: plain data, not yet shaped."""

    document: dict[str, Any]
    places: PlaceIndex
    problems: tuple[AuditorError, ...] = ()
    """Parts of the source that could not be read; the rest is in the document, with gaps for these."""


@runtime_checkable
class Reader(Protocol):
    """Turns the files of one kind of source into a snapshot. Entry-point group ``auditor.readers``."""

    name: str
    """As ``auditor.yaml`` and ``auditor collect`` spell it."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell from names alone whether this reader is meant."""
        ...

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Read everything that can be read.

        Raises:
            AuditorError: Nothing of the source can be used.
        """
        ...
