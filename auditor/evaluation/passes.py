"""
What a run keeps of a pass: the subject, and how well the facts are known on which the policy can rest.

A pass rests on everything that was looked at and found in order, so its evidence is as weak as the weakest
record of the lists that its policy reads. Which of the evaluators found it makes no difference to what is kept.

Source: DESIGN.md, section 6.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.language.reads import fields_read
from auditor.model.outcome import Outcome
from auditor.model.verdict import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import ObjectType
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions
    from auditor.model.verdict import Verdict

_GRADES: Final = list(Grade)


@dataclass(slots=True)
class ReadLists:
    """Which lists and records of a snapshot each policy reads; the same for every snapshot of a run."""

    functions: Functions
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, policy: CompiledPolicy, root: ObjectType) -> frozenset[str]:
        """Return the top-level keys that hold what *policy* reads."""
        name = policy.summary.id
        if name not in self._known:
            fields = fields_read([policy], root, self.functions)
            self._known[name] = frozenset(one.partition(".")[0] for one in fields)
        return self._known[name]


@dataclass(slots=True)
class Passes:
    """Describes the passes of one snapshot."""

    document: Mapping[str, Any]
    root: ObjectType
    lists: ReadLists
    _grades: dict[str, Grade | None] = field(default_factory=dict)

    def brief(self, policy: CompiledPolicy, verdict: Verdict) -> Verdict:
        """Return what is kept of a verdict: of a plain pass its subject and its evidence, of any other all."""
        is_plain = verdict.outcome is Outcome.PASS and not verdict.attested and not verdict.reason
        if not is_plain:
            return verdict
        return replace(verdict, clauses=(), facts=(), grade=self.grade(policy))

    def grade(self, policy: CompiledPolicy) -> Grade | None:
        """Return the weakest grade among the records that *policy* reads; None where none says."""
        found = [self._of(name) for name in sorted(self.lists.of(policy, self.root))]
        graded = [grade for grade in found if grade is not None]
        return max(graded, key=_GRADES.index, default=None)

    def _of(self, name: str) -> Grade | None:
        if name not in self._grades:
            methods = set(_methods(self.document.get(name)))
            graded = [Grade(method) for method in methods if method in _GRADES]
            self._grades[name] = max(graded, key=_GRADES.index, default=None)
        return self._grades[name]


def _methods(value: object) -> Iterator[str]:
    """Yield how the records in *value* were obtained."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            pending.extend(current)
        elif isinstance(current, dict):
            for key, part in current.items():
                if key == "prov" and isinstance(part, dict):
                    if isinstance(part.get("method"), str):
                        yield part["method"]
                elif isinstance(part, dict | list):
                    pending.append(part)
