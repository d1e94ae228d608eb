"""
What a policy judges inside a snapshot: the auditee, or one subject per element of its ``for``.

A policy is never silent: no subject, an unobserved list and an unread rest each become a verdict.

Source: LANGUAGE.md, section 2, rules 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import merge
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import plain, type_name
from auditor.evaluation.wording import listed
from auditor.language.values import Failure, Listing, Record, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.exact import Evaluator
    from auditor.evaluation.wording import Wording
    from auditor.language.plan import CompiledPolicy


_COMBINATION_COST: Final = 20
"""Steps of a subject, or of the beginning of one; each is kept until it is judged."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One judged thing."""

    key: str
    name: str
    names: Mapping[str, Value] = field(default_factory=dict)
    """What the ``for`` names stand for."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """The known subjects in the order of the snapshot."""

    subjects: tuple[Subject, ...]
    more: Unknown | None = None
    """Why there may be more than these."""


@dataclass(frozen=True, slots=True)
class NoSubjects:
    """Nothing to judge one by one, and why."""

    unknown: Unknown | None = None
    failure: Failure | None = None
    facts: tuple[str, ...] = ()
    """The lists that are known to be empty."""


class SubjectFinder:
    """
    Finds the subjects of one policy in one snapshot.

    Args:
        policy: The policy.
        variables: What its ``for`` expressions may name.
        evaluator: Evaluates them.
        wording: Names subjects.
        auditee: The one subject of a policy without ``for``.
    """

    def __init__(
        self,
        policy: CompiledPolicy,
        variables: Mapping[str, Value],
        evaluator: Evaluator,
        wording: Wording,
        auditee: Subject,
    ) -> None:
        self._policy = policy
        self._variables = variables
        self._evaluator = evaluator
        self._wording = wording
        self._auditee = auditee

    def find(self) -> Subjects | NoSubjects:
        """
        Find them, in the order of the snapshot.

        Raises:
            BudgetExceeded: The lists take more steps than the language allows.
        """
        if not self._policy.subjects:
            return Subjects((self._auditee,))
        combinations: list[dict[str, Bound]] = [{}]
        doubts: list[Unknown] = []
        empty: list[str] = []
        for name, checked in self._policy.subjects:
            longer: list[dict[str, Bound]] = []
            for names in combinations:
                value, trail = self._evaluator.evaluate(checked, {**self._variables, **names})
                found = plain(value)
                if isinstance(found, Failure):
                    return NoSubjects(failure=found)
                if isinstance(found, Unknown):
                    doubts.append(found)
                elif not isinstance(found, Listing):
                    message = f"'for' wants a list for '{name}', and this is a {type_name(found)}"
                    return NoSubjects(failure=Failure("not_a_list", message))
                else:
                    self._evaluator.spend(_COMBINATION_COST * len(found.items))
                    doubts.extend(item.doubt for item in found.items if item.doubt is not None)
                    doubts.extend([found.rest] if found.rest is not None else [])
                    empty.extend(
                        trail.facts if found.items or not found.pointer else [found.pointer]
                    )
                    longer.extend(
                        {**names, name: Bound(item.value, item.facts)}
                        for item in found.items
                        if item.doubt is None
                    )
            combinations = longer
        more = merge(*doubts) if doubts else None
        if combinations:
            return self._keyed(combinations, more)
        return NoSubjects(unknown=more) if more is not None else NoSubjects(facts=tuple(empty))

    def _keyed(
        self, combinations: list[dict[str, Bound]], more: Unknown | None
    ) -> Subjects | NoSubjects:
        """Give each subject its key; keys are non-empty and unique, or nothing is judged."""
        subjects: dict[str, Subject] = {}
        last = self._policy.subjects[-1][0]
        for names in combinations:
            called = ", ".join(self._wording.show(bound.value) for bound in names.values())
            key = self._key(names, names[last].value)
            if isinstance(key, Failure):
                return NoSubjects(failure=key)
            if isinstance(key, Unknown):
                return NoSubjects(unknown=key)
            if isinstance(key, bool) or not isinstance(key, str | int) or not str(key).strip():
                message = f"the subject '{called}' has no key by which to name it"
                return NoSubjects(failure=Failure("no_key", message))
            twin = subjects.get(str(key))
            if twin is not None:
                message = f"two subjects have the key '{key}': {listed([twin.name, called])}"
                return NoSubjects(failure=Failure("duplicate_key", message))
            subjects[str(key)] = Subject(str(key), called, names)
        return Subjects(tuple(subjects.values()), more)

    def _key(self, names: Mapping[str, Bound], value: Value) -> Value:
        if self._policy.key is not None:
            checked = self._policy.key
            return plain(self._evaluator.evaluate(checked, {**self._variables, **names})[0])
        return value.data.get("id") if isinstance(value, Record) else value
