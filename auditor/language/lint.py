"""
What is there to say of policies before they run?

Errors are what the compiler refuses. Warnings are what may be meant and probably is not: said twice, said to no
purpose, called like something else. They keep nothing from being judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditor.language.lint_controls import control_warnings
from auditor.language.lint_modelines import missing_modelines
from auditor.language.lint_parameters import fixed_parameters
from auditor.language.lint_rules import warnings_of
from auditor.language.lint_twins import twin_warnings
from auditor.language.policy_compiler import read_policies
from auditor.language.unknown_controls import unknown_controls
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.facts.types import ObjectType
    from auditor.language.policy_compiler import ReadPolicies
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions
    from auditor.model.catalogue import Catalogue
    from auditor.model.errors import AuditorError, Instead, PolicyError
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
    instead: Instead | None = None
    """What to write for a part of what stands there, where only one thing can be meant."""

    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Order findings by place, then by what they say."""
        place = self.location
        return place.path, place.line, place.column, self.slug, self.message, self.level


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
    return findings_of(read, texts, catalogues)


def findings_of(
    read: ReadPolicies, texts: Sequence[PolicyText], catalogues: Sequence[Catalogue]
) -> tuple[LintFinding, ...]:
    """
    Find what is wrong, or doubtful, in policies that have been read, sorted by place.

    Args:
        read: What was understood of them.
        texts: Their files.
        catalogues: Those that policies may name controls of.
    """
    drafts = [found.draft for found in read.policies]
    errors = [*read.errors, *unknown_controls(drafts, catalogues)]
    said: list[tuple[Level, AuditorError]] = [("error", error) for error in errors]
    controls = {control.id: control for one in catalogues for control in one.controls}
    doubts: list[PolicyError] = [*twin_warnings(read.policies), *missing_modelines(texts)]
    for found in read.policies:
        doubts += (*found.doubts, *warnings_of(found))
        doubts += (*control_warnings(found, controls), *fixed_parameters(found, controls))
    said += [("warning", doubt) for doubt in doubts]
    findings = {finding_of(error, level, read.ids) for level, error in said}
    return tuple(sorted(findings, key=LintFinding.sort_key))


def finding_of(error: AuditorError, level: Level, ids: Mapping[str, str]) -> LintFinding:
    """
    Return what *error* says as a finding.

    Args:
        error: What is to be said.
        level: Whether it is wrong or doubtful.
        ids: Policy by the path of its file.
    """
    place = error.location or Location("", 1)
    policy = ids.get(place.path)
    return LintFinding(
        error.slug, level, error.message, error.hint, place, error.excerpt, policy, error.instead
    )
