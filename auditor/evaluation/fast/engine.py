"""
When the fast path is taken in a run, and who looks over its shoulder.

Generating code pays from the second snapshot on, or for a large one; what comes out is the same either way.
Whatever is not a pass is decided again by the exact evaluator, which also says why; so is a sample of the
passes, chosen by what is judged alone. A difference is a fault of this product and stops the run.

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zlib import crc32

from auditor.model.errors import AuditorError, ExitCode
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.fast.facts import Decided, FastFacts, FastRun
    from auditor.evaluation.fast.plan import FastPlan
    from auditor.facts.types import ObjectType
    from auditor.language.plan import Plan
    from auditor.model.verdict import Verdict

_LARGE: Final = 400
"""Records from which one snapshot alone is worth the code."""
SAMPLED: Final = 64
"""One in so many passes is decided again."""


class EngineDifference(AuditorError):
    """The fast path and the exact evaluator do not agree."""

    slug = "engine-difference"
    exit_code = ExitCode.BUG


class FastEngine:
    """
    Makes the fast paths of a plan, each when it is first worth it.

    Args:
        plan: The policies of the run.
        sampled: One in so many passes is decided again; 1 for every one, 0 for none.
        is_eager: Generate code for the first snapshot already.
    """

    def __init__(self, plan: Plan, *, sampled: int = SAMPLED, is_eager: bool = False) -> None:
        self._plan = plan
        self._sampled = sampled
        self._is_eager = is_eager
        self._seen: set[str] = set()
        self._made: dict[str, FastPlan] = {}

    def over(self, target: str, root: ObjectType, facts: FastFacts) -> FastRun | None:
        """Return the fast path over a snapshot; None where it does not pay yet."""
        if target not in self._made:
            is_first = target not in self._seen
            self._seen.add(target)
            if is_first and not self._is_eager and _records(facts.document) < _LARGE:
                return None
            from auditor.evaluation.fast.plan import FastPlan  # noqa: PLC0415 - few runs pay for it

            policies = [p for p in self._plan.policies if p.summary.target == target]
            self._made[target] = FastPlan(policies, root, self._plan.functions)
        return self._made[target].over(facts)

    def watch(self, digest: str) -> Watch:
        """Return what looks over the shoulder of the fast path over one snapshot."""
        return Watch(digest, self._sampled)


@dataclass(frozen=True, slots=True)
class Watch:
    """Chooses the passes of one snapshot that are decided again, and compares."""

    digest: str
    sampled: int

    def is_sampled(self, policy: str, subject: str) -> bool:
        """Tell whether a pass is decided again."""
        if not self.sampled:
            return False
        chosen = crc32(f"{self.digest}\n{policy}\n{subject}".encode())
        return chosen % self.sampled == 0

    def compare(self, policy: str, subject: str, answer: Decided, verdict: Verdict | None) -> None:
        """
        Compare what the two evaluators say.

        Raises:
            EngineDifference: They differ.
        """
        exact = _answer(verdict)
        if answer.outcome != exact:
            msg = (
                f"the fast path says {answer.outcome} of '{subject}' by {policy}, "
                f"and the exact evaluator {exact}"
            )
            hint = "this is a fault of auditor: report it; `--engine exact` judges without the fast path"
            raise EngineDifference(msg, hint=hint)


def _answer(verdict: Verdict | None) -> str:
    if verdict is None:
        return "out_of_period"
    return "not_due" if verdict.reason == "not_due" else verdict.outcome.value


def _records(document: Mapping[str, object]) -> int:
    return sum(len(value) for value in document.values() if isinstance(value, list))


def is_settled(answer: Decided) -> bool:
    """Tell whether an answer needs no exact evaluator: only a pass, or what is not judged, needs no reasons."""
    return answer.outcome in {Outcome.PASS.value, "out_of_period"}
