"""What is said of a policy with one expression in it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.lint import lint_policies
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.facts.types import ObjectType
    from auditor.language.lint import LintFinding
    from auditor.language.registry import Functions
    from auditor.model.catalogue import Catalogue

    Said = tuple[str, str, str, str | None]
    """Level and slug (``error always-true``), place (``16:12-16:20`` without the line), message, hint."""

POLICY = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [SEEF-MON-04]
severity: high
params:
  limit: {default: 24 hours, between: [1 hour, 48 hours], about: Time to resolve}
for: {blocker: blockers}
empty: not_applicable
when: blocker.raised_at != null
at: blocker.raised_at
let:
  deadline: blocker.raised_at.plus(params.limit)
due: deadline
require:
  - that: "THAT"
    say: "{blocker.description} was not resolved by {deadline}."
fix: Resolve it.
"""
"""A policy without a fault, once ``THAT`` is a demand."""


@dataclass(frozen=True)
class Linter:
    """Says what there is to say of policies over the facts of the product."""

    roots: Mapping[str, ObjectType]
    functions: Functions

    def findings(
        self, *texts: PolicyText, catalogues: tuple[Catalogue, ...] = ()
    ) -> list[LintFinding]:
        """Return what is said of files."""
        found = lint_policies(
            texts, roots=self.roots, functions=self.functions, catalogues=catalogues
        )
        return list(found)

    def of(self, text: str, *catalogues: Catalogue) -> list[LintFinding]:
        """Return what is said of one policy in a file of its name."""
        file = PolicyText("p/blocker-left-open.yaml", "p", text.encode())
        return self.findings(file, catalogues=catalogues)

    def said(self, demand: str, *changes: tuple[str, str]) -> list[Said]:
        """
        Return what is said of the policy with a demand.

        Args:
            demand: An expression.
            changes: Parts of the policy that are replaced by others.
        """
        text = POLICY.replace("THAT", demand.replace("\\", "\\\\").replace('"', '\\"'))
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return [
            (
                f"{found.level} {found.slug.removeprefix('policy-')}",
                f"{found.location.line}:{found.location.column}-{found.location.end_column}",
                found.message,
                found.hint,
            )
            for found in self.of(text)
        ]


@pytest.fixture(scope="session")
def linter() -> Linter:
    """Say what there is to say of policies."""
    return Linter(Roots(snapshot_models()), functions())


@pytest.fixture(scope="session")
def marked() -> Callable[[str], tuple[str, str]]:
    """Take the marks ``«»`` out of a demand; return it, and the place that they marked."""

    def split(demand: str) -> tuple[str, str]:
        start, end = demand.index("«"), demand.index("»") - 1
        first = '  - that: "'
        line = POLICY.splitlines().index(f'{first}THAT"') + 1
        plain = demand.replace("«", "").replace("»", "")
        return plain, f"{line}:{len(first) + start + 1}-{len(first) + end + 1}"

    return split
