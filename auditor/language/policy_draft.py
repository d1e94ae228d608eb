"""
A policy as it was written: every key in its place, no expression parsed yet.

Each text keeps its node, so that whatever is found out about it later can be shown in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.documents.nodes import MappingNode, Node, ScalarNode
    from auditor.facts.types import Type
    from auditor.language.values import Value
    from auditor.model.severity import Severity


class Empty(StrEnum):
    """What a vacuous truth, or a policy without subjects, counts as."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One file of a pack: a policy, or a ``pack.yaml``, that of the pack or that of the folder of packs."""

    path: str
    pack: str
    data: bytes
    folder: str = ""
    """The folder that the file is in; empty for a text that is in none."""


@dataclass(frozen=True, slots=True, eq=False)
class ParamDraft:
    """A parameter of a policy."""

    name: str
    type: Type
    value: Value
    node: Node
    about: str
    between: tuple[Value, Value] | None = None
    """Least and greatest value that a profile may choose."""


@dataclass(frozen=True, slots=True, eq=False)
class ClauseDraft:
    """One demand: an expression, what to say where it does not hold, and what a vacuous truth counts as."""

    that: ScalarNode
    say: ScalarNode
    empty: Empty | None


@dataclass(frozen=True, slots=True, eq=False)
class DefineDraft:
    """A name for an expression, with its parameters."""

    name: str
    parameters: tuple[str, ...]
    body: ScalarNode
    head: ScalarNode


@dataclass(frozen=True, slots=True, eq=False)
class AttestDraft:
    """Who may vouch for an attested control, for how long."""

    by: tuple[str, ...]
    valid_for: Value
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PackDraft:
    """What ``pack.yaml`` says: the vocabulary that its policies share."""

    path: str
    pack: str
    title: str
    about: str
    define: tuple[DefineDraft, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PolicyDraft:
    """A policy file, key by key. Source: LANGUAGE.md, section 1."""

    path: str
    pack: str
    root: MappingNode
    id: str
    title: str
    why: str
    fix: str
    controls: tuple[str, ...]
    severity: Severity
    target: str
    formerly: tuple[str, ...]
    params: tuple[ParamDraft, ...]
    subjects: tuple[tuple[str, ScalarNode], ...]
    """``for``: the names and their lists, in order."""
    key: ScalarNode | None
    when: ScalarNode | None
    at: ScalarNode | None
    due: ScalarNode | None
    owner: ScalarNode | None
    let: tuple[tuple[ScalarNode, ScalarNode], ...]
    require: tuple[ClauseDraft, ...]
    empty: Empty | None
    attest: AttestDraft | None
    effective: tuple[str | None, str | None]
    """First and last calendar day, ``YYYY-MM-DD``, on which the policy holds."""
    define: tuple[DefineDraft, ...]
