"""
Who follows a long run: how far it is, and how long each part of it takes.

Neither changes what comes out. No clock is read here: whoever wants times brings one.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.usecases.audience import unwatched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from auditor.evaluation.policy_judge import JudgePolicy, PolicyJudge
    from auditor.language.plan import CompiledPolicy
    from auditor.language.values import Value
    from auditor.model.verdict import Verdict
    from auditor.usecases.audience import Progress


@dataclass(slots=True)
class PolicyTime:
    """What judging by one policy took, over all snapshots."""

    subjects: int = 0
    """How many were looked at, those outside of the period among them."""
    verdicts: int = 0
    seconds: float = 0.0


class Timings:
    """
    Adds up how long the parts of one run take.

    Args:
        clock: Returns seconds, and never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begin = clock()
        self._judging = 0.0
        self.policies: dict[str, PolicyTime] = {}
        """By id, in the order in which they were first judged by."""
        self.parts: dict[str, float] = {}
        """Seconds by part, in the order of the run; what policies took meanwhile is not in it."""

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the time until the end of the block, but for that of policies."""
        judging, begin = self._judging, self._clock()
        try:
            yield
        finally:
            spent = self._clock() - begin - (self._judging - judging)
            self.parts[name] = self.parts.get(name, 0.0) + spent

    def timed(self, judge: PolicyJudge) -> JudgePolicy:
        """Return what judges as *judge* does, and is timed policy by policy."""

        def judged(
            policy: CompiledPolicy, variables: Mapping[str, Value]
        ) -> tuple[list[Verdict], int]:
            begin = self._clock()
            verdicts, outside = judge.judge(policy, variables)
            spent = self._clock() - begin
            self._judging += spent
            row = self.policies.setdefault(policy.summary.id, PolicyTime())
            row.seconds += spent
            row.verdicts += len(verdicts)
            # Of a policy that goes through a list, a verdict on the auditee says why there is no other.
            row.subjects += outside + sum(
                verdict.subject != judge.auditee.key or not policy.subjects for verdict in verdicts
            )
            return verdicts, outside

        return judged

    def elapsed(self) -> float:
        """Return the seconds since the beginning."""
        return self._clock() - self._begin


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who follows a run."""

    progress: Progress = unwatched
    timings: Timings | None = None
    """None where nobody asks for times: then no clock is read."""

    @property
    def timed(self) -> Callable[[PolicyJudge], JudgePolicy] | None:
        """What `judge` is to have around the judging by each policy; None for nothing."""
        return None if self.timings is None else self.timings.timed

    def part(self, name: str) -> AbstractContextManager[None]:
        """Count the time until the end of the block as that of a part of the run."""
        return nullcontext() if self.timings is None else self.timings.part(name)


NOBODY: Final = Onlooker()
