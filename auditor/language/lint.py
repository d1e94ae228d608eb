"""
What is there to say of policies before they run?

Errors are what the compiler refuses. Warnings are what may be meant and probably is not: said twice, said to no
purpose, called like something else. They keep nothing from being judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditor.language.lint_rules import warnings_of
from auditor.language.policy_compiler import read_policies
from auditor.language.unknown_controls import unknown_controls
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.types import ObjectType
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions
    from auditor.model.catalogue import Catalogue
    from auditor.model.errors import AuditorError
    from auditor.model.tailoring import Tailoring

    Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to say of a policy file."""

    slug: str
    """Its heading in docs/errors.md."""
    level: Level
    message: str
    hint: str | None
    location: Location
    excerpt: str | None
    """The source line at `location`."""
    policy: str | None
    """Id of the policy; None for a ``pack.yaml``, and where the file could not be read."""


def lint_policies(
    texts: Sequence[PolicyText],
    *,
    roots: Mapping[str, ObjectType],
    functions: Functions,
    tailoring: Tailoring | None = None,
    catalogues: Sequence[Catalogue] = (),
) -> tuple[LintFinding, ...]:
    """
    Find what is wrong, or doubtful, in policy files, sorted by place.

    Args:
        texts: The files, those named ``pack.yaml`` among them.
        roots: For each target the type of its snapshots.
        functions: What expressions may call.
        tailoring: What replaces values for the whole run.
        catalogues: Those that policies may name controls of.
    """
    read = read_policies(texts, roots=roots, functions=functions, tailoring=tailoring)
    drafts = [found.draft for found in read.policies]
    errors = [*read.errors, *unknown_controls(drafts, catalogues)]
    said: list[tuple[Level, AuditorError]] = [("error", error) for error in errors]
    for found in read.policies:
        said += [("warning", doubt) for doubt in (*found.doubts, *warnings_of(found))]
    said.sort(key=lambda pair: (pair[1].sort_key(), pair[1].slug, pair[0]))
    return tuple(dict.fromkeys(_finding(level, error, read.ids) for level, error in said))


def _finding(level: Level, error: AuditorError, ids: Mapping[str, str]) -> LintFinding:
    place = error.location or Location("", 1)
    policy = ids.get(place.path)
    return LintFinding(error.slug, level, error.message, error.hint, place, error.excerpt, policy)
