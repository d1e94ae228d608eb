"""
What a run evaluates: checked policies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditor.language.attestation import AttestInstead
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.policy_draft import AttestDraft, Empty
    from auditor.language.registry import Functions
    from auditor.language.text_places import TextPlace
    from auditor.language.values import Value
    from auditor.model.policy import PolicySummary


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A ``say``: texts and expressions in order; None stands for ``{failing}``."""

    parts: tuple[str | CheckedExpr | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledClause:
    """One demand."""

    that: CheckedExpr
    say: Sentence
    empty: Empty | None
    """What a vacuous truth counts as; None where the checker has shown that there can be none."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPolicy:
    """A policy that can be evaluated. Source: LANGUAGE.md, sections 1 and 2."""

    summary: PolicySummary
    params: tuple[tuple[str, Value], ...]
    subjects: tuple[tuple[str, CheckedExpr], ...]
    key: CheckedExpr | None
    at: CheckedExpr | None
    scope: CheckedExpr | None
    """Whether the auditee is in scope, where a profile extends exclusions to this policy's pack."""
    when: CheckedExpr | None
    due: CheckedExpr | None
    owner: CheckedExpr | None
    let: tuple[tuple[str, CheckedExpr], ...]
    clauses: tuple[CompiledClause, ...]
    empty: Empty | None
    attest: AttestDraft | None
    effective: tuple[str | None, str | None]
    places: tuple[TextPlace, ...] = ()
    """Where its expressions are written, and the words that they use."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Checked policies, sorted by id, with what they may call."""

    policies: tuple[CompiledPolicy, ...]
    functions: Functions
    attest_instead: tuple[AttestInstead, ...] = ()
    """What a profile accepts a person's word for, because the source can never show it."""

    @property
    def summaries(self) -> tuple[PolicySummary, ...]:
        """What a run says about the policies."""
        return tuple(policy.summary for policy in self.policies)

    def select(self, ids: Collection[str]) -> Plan:
        """Return the plan with only the policies in *ids*."""
        chosen = tuple(policy for policy in self.policies if policy.summary.id in ids)
        return replace(self, policies=chosen)
