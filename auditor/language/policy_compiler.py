"""
From the texts of packs to a checked plan, with every fault of every file at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.language.headroom import make_room
from auditor.language.one_policy import PolicyCompiler, ReadPolicy
from auditor.language.plan import CompiledPolicy, Plan
from auditor.language.policy_certainty import CertainConditions
from auditor.language.policy_parser import read_draft
from auditor.language.tailoring import TailoredPolicy
from auditor.language.vocabulary import PackWords, definitions, is_pack, serves
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError
from auditor.model.tailoring import Tailoring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.facts.types import (
        ObjectType,
    )
    from auditor.language.policy_draft import DefineDraft, PolicyDraft, PolicyText
    from auditor.language.registry import Functions
    from auditor.language.vocabulary import Vocabulary


__all__ = ["PolicyVersions", "ReadPolicies", "ReadPolicy", "compile_plan", "read_policies"]

_MAY_FOLLOW: Final = frozenset(
    {
        "policy-undeclared-name", "policy-unknown-function", "policy-unknown-field", "policy-unused-let",
        "policy-empty",
    }
)  # fmt: skip
"""What may be wrong only because something else could not be read: a misspelt ``let:`` has no names."""


def compile_plan(
    texts: Sequence[PolicyText],
    *,
    roots: Mapping[str, ObjectType],
    functions: Functions,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    tailoring: Tailoring | None = None,
) -> Plan:
    """
    Parse and check policy files.

    Args:
        texts: The files; those named ``pack.yaml`` hold what packs mean by their words. Of two policies with
            one id the later one is at fault, so that nobody pushes one out by adding another.
        roots: For each target the type of its snapshots, whose fields are the variables.
        functions: What expressions may call.
        params: Values that replace defaults, as YAML has them, by policy id and parameter: what a case tries.
        tailoring: What replaces values for the whole run; what is wrong with it is told at its own place.

    Raises:
        ErrorGroup: With every fault of every file, located.
    """
    read = read_policies(
        texts, roots=roots, functions=functions, params=params, tailoring=tailoring
    )
    if read.errors:
        raise ErrorGroup(read.errors)
    policies = {found.draft.id: found.policy for found in read.policies}
    return Plan(tuple(policies[key] for key in sorted(policies)), functions)


class PolicyVersions:
    """
    One policy, compiled as it is written and as it might be, time and again.

    The words that are in force in it are parsed once: a version costs what its own text costs.

    Args:
        text: The policy.
        texts: Files; those named ``pack.yaml`` hold the words.
        roots: For each target the type of its snapshots.
        functions: What expressions may call.

    Raises:
        ErrorGroup: It cannot be compiled as it is written.
    """

    def __init__(
        self,
        text: PolicyText,
        texts: Sequence[PolicyText],
        *,
        roots: Mapping[str, ObjectType],
        functions: Functions,
    ) -> None:
        make_room()
        errors: list[AuditorError] = []
        self._text = text
        self._roots = roots
        self._functions = functions
        self._words = PackWords(texts, functions, errors).of(text)
        self._certain = CertainConditions(functions)
        draft, faults = read_draft(text)
        if draft is None or faults or errors:
            raise ErrorGroup([*errors, *faults])
        self.written = self.read(draft)
        """The policy as it is written."""

    def read(
        self,
        draft: PolicyDraft,
        params: Mapping[str, Any] | None = None,
        words: Vocabulary | None = None,
    ) -> ReadPolicy:
        """
        Check a version.

        Args:
            draft: The version.
            params: Plain values that replace defaults.
            words: Words that are in force in place of those of the packs.

        Raises:
            ErrorGroup: It cannot be compiled.
        """
        words = {**self._words, **(words or {})}
        compiler = PolicyCompiler(draft, self._roots[draft.target], self._functions, words)
        tailored = TailoredPolicy(draft, params or {}, Tailoring(), compiler.errors)
        read = compiler.compile(self._text, tailored, self._certain)
        if compiler.errors:
            raise ErrorGroup(compiler.errors)
        return read

    def plan(
        self,
        draft: PolicyDraft,
        params: Mapping[str, Any] | None = None,
        word: DefineDraft | None = None,
    ) -> Plan:
        """
        Compile a version into a plan of its own.

        Args:
            draft: The version.
            params: Plain values that replace defaults.
            word: A shared word that is to mean something else.

        Raises:
            ErrorGroup: It cannot be compiled.
        """
        errors: list[AuditorError] = []
        words = definitions([word], self._functions, {}, errors) if word is not None else {}
        if errors:
            raise ErrorGroup(errors)
        return Plan((self.read(draft, params, words).policy,), self._functions)


@dataclass(frozen=True, slots=True, eq=False)
class ReadPolicies:
    """What was found in policy files."""

    policies: tuple[ReadPolicy, ...]
    """Those whose form is right."""
    errors: tuple[AuditorError, ...]
    ids: Mapping[str, str]
    """Policy by the path of its file, for every file that could be read."""


def read_policies(
    texts: Sequence[PolicyText],
    *,
    roots: Mapping[str, ObjectType],
    functions: Functions,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    tailoring: Tailoring | None = None,
) -> ReadPolicies:
    """Parse and check policy files as `compile_plan` does, and return the faults beside what was understood."""
    make_room()
    errors: list[AuditorError] = []
    words = PackWords(texts, functions, errors)
    found: list[ReadPolicy] = []
    twins: dict[str, ReadPolicy] = {}
    certain = CertainConditions(functions)
    ids: dict[str, str] = {}
    for text in texts:
        if is_pack(text):
            continue
        try:
            draft, faults = read_draft(text)
        except AuditorError as error:
            errors.append(error)
            continue
        errors.extend(faults)
        if draft is None:
            continue
        ids[text.path] = draft.id
        compiler = PolicyCompiler(draft, roots[draft.target], functions, words.of(text))
        tried = (params or {}).get(draft.id, {})
        tailored = TailoredPolicy(draft, tried, tailoring or Tailoring(), errors)
        read = compiler.compile(text, tailored, certain)
        if faults:  # of what its expressions say, some may be due to a name that could not be read
            errors.extend(error for error in compiler.errors if error.slug not in _MAY_FOLLOW)
            continue
        errors.extend(compiler.errors)
        twin = twins.get(draft.id)
        if twin is not None:
            errors.append(_twice(draft, twin.policy))
        twins[draft.id] = read
        found.append(read)
    return ReadPolicies(tuple(found), tuple(_own(texts, errors)), ids)


def _own(texts: Sequence[PolicyText], errors: Sequence[AuditorError]) -> Iterator[AuditorError]:
    """Leave out what only follows: policies call functions that are written in a broken ``pack.yaml``."""
    paths = {error.location.path for error in errors if error.location}
    broken = [text for text in texts if is_pack(text) and text.path in paths]
    callers = {
        text.path for text in texts for words in broken if words is not text and serves(words, text)
    }
    for error in errors:
        is_caller = error.location is not None and error.location.path in callers
        if not (is_caller and error.slug == "policy-unknown-function"):
            yield error


def _twice(draft: PolicyDraft, twin: CompiledPolicy) -> PolicyError:
    node = draft.root.get("id") or draft.root
    return PolicyError(
        f"the id '{draft.id}' is used by another policy, too",
        hint=f"the other one is {twin.summary.location}; ids are unique over all packs",
        location=node.location,
        excerpt=node.excerpt,
        slug="policy-duplicate-id",
    )
