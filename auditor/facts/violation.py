"""
One thing that is wrong with a snapshot, and how it is put.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auditor.model.errors import SnapshotError

_LONGEST: Final = 60
"""Characters of a foreign text that a message repeats."""

_KEYS: Final = 6
"""Keys of a foreign object that a message repeats."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A value that breaks the snapshot's contract."""

    pointer: str
    """Place of the value; of a missing key, of the object that lacks it."""
    found: str
    """What is there, in words."""
    wanted: str
    """What should be there, in words."""
    slug: str
    """Stable kind of violation, e.g. ``unknown-key``."""
    nearest: str | None = None
    """The allowed name that comes closest to the one that was found."""
    because: str | None = None
    """What exactly is wrong, where *wanted* alone would leave a person searching."""

    def to_error(self) -> SnapshotError:
        """Return it as an error of the user's; the caller knows the file and adds the place."""
        reason = f" ({self.because})" if self.because else ""
        place = self.pointer or "the document"
        return SnapshotError(
            f"{place}: found {self.found}, wanted {self.wanted}{reason}",
            hint=f"did you mean '{self.nearest}'?" if self.nearest else None,
            pointer=self.pointer,
        )


def shown(value: object) -> str:
    """Describe a foreign value in words, shortened and on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            text = str(value) if abs(value) < 10**_LONGEST else "with very many digits"
            return f"the number {text}"
        case str():
            clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
            return f"'{clean[:_LONGEST]}…'" if len(clean) > _LONGEST else f"'{clean}'"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case dict():
            keys = [shown(key) for key in list(value)[:_KEYS]]
            more = ", …" if len(value) > _KEYS else ""
            return f"an object with {', '.join(keys)}{more}" if keys else "an empty object"
        case _:
            return f"a {type(value).__name__}"
