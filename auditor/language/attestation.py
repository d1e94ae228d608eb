"""
What policies and profiles say of attestations: the variable ``attestation``, and facts that a person vouches for.

Source: LANGUAGE.md, sections 1 and 2 (rule 9); frameworks/README.md, "A fact that a source can never show".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import split
from auditor.facts.types import STRING, TIMESTAMP, Field, ListType, ObjectType, ScalarType

if TYPE_CHECKING:
    from auditor.language.values import Span
    from auditor.model.policy import PolicySummary

_EVERY: Final = "*"

ATTESTATION: Final = ObjectType(
    "attestation",
    {
        "by": Field(
            ScalarType("string", ref="parties"), required=True, about="Who gave their word."
        ),
        "role": Field(STRING, required=True, about="Role in which they gave it."),
        "at": Field(TIMESTAMP, required=True, about="When."),
        "expires_at": Field(TIMESTAMP, required=True, about="Up to when it counts."),
        "statement": Field(STRING, required=True, about="What they state, in their words."),
        "documents": Field(
            ListType(
                ObjectType(
                    "attestation.documents",
                    {"id": Field(STRING, required=True), "version": Field(STRING, required=True)},
                )
            ),
            required=True,
            about="The documents that they looked at, each by its id and version.",
        ),
    },
)
"""The variable ``attestation`` of a policy with ``attest``; null if none is in force."""


@dataclass(frozen=True, slots=True)
class AttestInstead:
    """
    A fact that a source can never show, and who may vouch in its place.

    It serves the policies that it names and those that decide a control that it names.
    """

    fact: str
    """JSON Pointer of the missing fact, ``*`` for every element: ``/sprints/*/closed_at``."""
    by: tuple[str, ...]
    """Roles."""
    valid_for: Span
    policies: tuple[str, ...] = ()
    """Ids."""
    controls: tuple[str, ...] = ()
    reason: str = ""
    who: str = ""
    """Who decided that a person's word is enough."""
    on: str = ""
    """Calendar day of that."""

    def serves(self, policy: PolicySummary) -> bool:
        """Tell whether it holds for *policy*."""
        return policy.id in self.policies or not set(self.controls).isdisjoint(policy.controls)

    def covers(self, pointer: str) -> bool:
        """Tell whether *pointer* is the fact: the same steps, neither what is around it nor what is in it."""
        wanted, found = split(self.fact), split(pointer)
        return len(wanted) == len(found) and all(
            step in (_EVERY, token) for step, token in zip(wanted, found, strict=True)
        )
