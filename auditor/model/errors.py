"""
Errors the user can fix.

Every failure that is the user's to fix is an `AuditorError`: it says what is wrong, where, and what to
try next. Any other exception that reaches the top is a bug of ours and is shown as one.

    AuditorError              exit
    ├── UsageProblem             2   options that contradict each other
    │   └── RevisionProblem      2   a git revision that cannot be compared with
    ├── OutputError              2   a result cannot be written where it was asked for
    ├── NothingToAudit           3   no policy, or no snapshot, matched
    ├── InputError               4   a file cannot be read
    │   ├── DocumentError        4   JSON or YAML that cannot be parsed
    │   ├── SnapshotError        4   a snapshot that breaks its schema
    │   ├── PolicyError          4   a policy that cannot be compiled
    │   └── ConfigError          4   auditor.yaml, a mapping or a cases file
    │       ├── ProfileError     4   a profile, or a file that it names
    │       ├── PopulationError  4   a population
    │       ├── AttestationError 4   a file of attestations
    │       └── AcceptedGapError 4   a file of accepted gaps
    └── (a policy that broke is not an exception: it is an ``error`` verdict, exit 5)

A policy that cannot be decided is not an error either: it is an ``inconclusive`` verdict.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.location import Location

Instead = tuple[str, str]
"""What stands at a place, and what to write for it: where no more than one thing can be meant."""


def install_extra(extra: str) -> str:
    """
    Say how to add what only some need, as a hint.

    auditor is on no index of packages, so its name alone finds nothing there, or what a stranger put there.
    """
    return f"run in auditor's own folder: pip install '.[{extra}]'"


class ExitCode(IntEnum):
    """Public and never renumbered. Source: DESIGN.md, section 5."""

    OK = 0
    GATED = 1
    USAGE = 2
    NOTHING = 3
    BAD_INPUT = 4
    POLICY_BROKE = 5
    BUG = 70


class AuditorError(Exception):
    """
    Something the user can fix.

    Args:
        message: What is wrong, in one lower-case clause without a full stop; names the value found and
            the value wanted.
        hint: What to try next, in the imperative. None when there is honestly nothing to try.
        location: Where it is wrong, when it is in a file.
        excerpt: The source line at `location`, for the caret; None where there is none to show.
        pointer: JSON Pointer of the wrong value, when it is in a document.
        slug: A more exact id than the class's own, below it: ``policy-unknown-field``.
        instead: What to write for a part of what stands at `location`, where only one thing can be meant.
    """

    slug: str = "error"
    """Stable id, printed as ``error[slug]`` and used as the heading in docs/errors.md."""

    exit_code: ExitCode = ExitCode.BAD_INPUT

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        location: Location | None = None,
        excerpt: str | None = None,
        pointer: str | None = None,
        slug: str | None = None,
        instead: Instead | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.excerpt = excerpt
        self.pointer = pointer
        self.slug = slug or type(self).slug
        self.instead = instead

    def sort_key(self) -> tuple[str, int, int, str]:
        """Order errors by place, then by text."""
        place = self.location
        return (
            (place.path, place.line, place.column, self.message)
            if place
            else ("", 0, 0, self.message)
        )


class UsageProblem(AuditorError):
    """Options that contradict each other or name nothing."""

    slug = "usage"
    exit_code = ExitCode.USAGE


class RevisionProblem(UsageProblem):
    """A git revision that cannot be compared with."""

    slug = "new-since"


class OutputError(AuditorError):
    """A result cannot be written where it was asked for."""

    slug = "output"
    exit_code = ExitCode.USAGE


class NothingToAudit(AuditorError):
    """No policy, or no snapshot, matched: an empty selection is never a success."""

    slug = "nothing-audited"
    exit_code = ExitCode.NOTHING


class InputError(AuditorError):
    """A file cannot be read."""

    slug = "input"


class DocumentError(InputError):
    """JSON, YAML, CSV or front matter that cannot be parsed."""

    slug = "document"


class SnapshotError(InputError):
    """A snapshot that breaks its schema."""

    slug = "snapshot"


class PolicyError(InputError):
    """A policy that cannot be compiled."""

    slug = "policy"


class ConfigError(InputError):
    """``auditor.yaml``, a status mapping or a cases file that cannot be used."""

    slug = "config"


class ProfileError(ConfigError):
    """A profile, or a file that it names, that cannot be used."""

    slug = "profile"


class PopulationError(ConfigError):
    """A population that cannot be used."""

    slug = "population"


class AttestationError(ConfigError):
    """A file of attestations that cannot be used."""

    slug = "attestation"


class AcceptedGapError(ConfigError):
    """A file of accepted gaps that cannot be used."""

    slug = "accepted-gap"


class ErrorGroup(AuditorError):
    """Several errors of one stage, sorted by place; reported together so that one run shows them all."""

    slug = "errors"

    def __init__(self, errors: Iterable[AuditorError]) -> None:
        self.errors: tuple[AuditorError, ...] = tuple(sorted(errors, key=AuditorError.sort_key))
        super().__init__(f"{len(self.errors)} errors")
        codes = {error.exit_code for error in self.errors}
        if len(codes) == 1:
            (self.exit_code,) = codes


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Point at the nearest of *known*, or list them all."""
    names = sorted(known)
    near = get_close_matches(found, names, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(names)}" if names else "it has none; leave it out"


def slip_of(found: str, known: Iterable[str]) -> Instead | None:
    """
    Return the one of *known* that *found* is but for a slip of the hand; None where there is none, or several.

    A slip is one letter too many, too few or wrong, or two that changed places. What only resembles a name may be
    another one that was meant; so may a plural be, and a short word with another letter in it.
    """
    near = [name for name in known if _is_slip(found, name)]
    return (found, near[0]) if len(near) == 1 else None


_SHORT: Final = 3
_LONG: Final = 5
"""Letters from which a word with another letter in it is still the same."""


def _is_slip(found: str, name: str) -> bool:
    if (
        found == name
        or min(len(found), len(name)) < _SHORT
        or f"{found}s" == name
        or found == f"{name}s"
    ):
        return False
    start = 0
    while start < min(len(found), len(name)) and found[start] == name[start]:
        start += 1
    one, other = found[start:], name[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if len(one) + len(other) == 1:
        return True
    if len(one) == len(other) == 1:
        return len(found) >= _LONG
    return len(one) == 2 and one == other[::-1]  # noqa: PLR2004 - two that changed places
