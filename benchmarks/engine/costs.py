"""
What do our policies cost beside deciding: to compile, to explain, and in memory?
"""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.vocabulary import serves
from auditor.model.tailoring import Tailoring
from auditor.usecases.plan_cache import PlanCache, cached_plan
from auditor.usecases.read_policies import (
    functions,
    packaged_folder,
    read_texts,
    snapshot_models,
)
from benchmarks.engine.hand_written import RULES
from benchmarks.engine.ours import (
    binding,
    exact_decision,
    exact_description,
    only_failing,
)
from benchmarks.engine.timing import measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions

Made = TypeVar("Made")

KIB: Final = 1024
_ALL: Final = "all of them at once"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The measured policies as texts, with everything that compiles them."""

    models: SnapshotModels
    library: Functions
    texts: dict[str, list[PolicyText]]
    """Of each policy, with the words that its packs give it."""

    @classmethod
    def open(cls) -> Shelf:
        """Read the policies that come with the program."""
        every, _ = read_texts([packaged_folder()])
        own = {Path(text.path).stem: text for text in every}
        texts = {
            name: [own[name], *(words for words in every if serves(words, own[name]))]
            for name in RULES
        }
        return cls(snapshot_models(), functions(), texts)

    def every(self, cache: PlanCache | None = None) -> Plan:
        """Compile all policies at once, or take what is kept of them."""
        texts = {text.path: text for own in self.texts.values() for text in own}
        return cached_plan(cache, [*texts.values()], self.models, self.library, Tailoring())

    def plan(self, policy: str, cache: PlanCache | None = None) -> Plan:
        """Compile a policy, or take what is kept of it."""
        return cached_plan(cache, self.texts[policy], self.models, self.library, Tailoring())


def show_compiling(shelf: Shelf, snapshot: Snapshot, rounds: int) -> None:
    """Print what a policy costs before it can judge."""
    with TemporaryDirectory() as folder:
        cache = PlanCache(Path(folder) / "plans", Path(folder) / "secret")
        work: dict[tuple[str, str], Callable[[], object]] = {}
        for policy in shelf.texts:
            plan = shelf.plan(policy, cache)
            work[policy, "cold"] = lambda policy=policy: shelf.plan(policy)  # type: ignore[misc]
            work[policy, "kept"] = lambda policy=policy: shelf.plan(policy, cache)  # type: ignore[misc]
            work[policy, "fast"] = lambda plan=plan, policy=policy: binding(  # type: ignore[misc]
                {policy: plan}, snapshot
            )
        shelf.every(cache)
        work[_ALL, "cold"] = shelf.every
        work[_ALL, "kept"] = lambda: shelf.every(cache)
        plans = {policy: shelf.plan(policy, cache) for policy in shelf.texts}
        work[_ALL, "fast"] = lambda: binding(plans, snapshot)
        taken = measured(work, rounds)
    print("\nCompiling one policy, in ms")
    print(f"{'':38}{'cold':>10}{'kept plan':>12}{'generating':>12}")
    for policy in (*shelf.texts, _ALL):
        cold, kept, fast = (taken[policy, kind] * 1e3 for kind in ("cold", "kept", "fast"))
        print(f"{policy:38}{cold:10.2f}{kept:12.2f}{fast:12.2f}")


def show_explaining(shelf: Shelf, snapshot: Snapshot, rounds: int) -> None:
    """Print what it costs to judge again what failed, to explain it."""
    print("\nJudging again what failed, by the exact evaluator, in ms per failing verdict")
    print(f"{'':38}{'verdicts':>10}{'deciding':>12}{'with words':>12}")
    for policy in shelf.texts:
        plan = shelf.plan(policy)
        with only_failing(plan, snapshot) as failing:
            if failing:
                taken = measured(
                    {
                        "deciding": exact_decision(plan, snapshot),
                        "with words": exact_description(plan, snapshot),
                    },
                    rounds,
                )
                each = {name: seconds * 1e3 / failing for name, seconds in taken.items()}
                print(f"{policy:38}{failing:10}{each['deciding']:12.2f}{each['with words']:12.2f}")


def show_memory(shelf: Shelf, snapshot: Snapshot) -> None:
    """Print what a compiled policy holds, and what judging by it holds at its worst."""
    compile_plan(
        next(iter(shelf.texts.values())), roots=Roots(shelf.models), functions=shelf.library
    )  # what is shared by all policies is made here, and not counted below
    print("\nMemory, in KiB")
    print(f"{'':38}{'compiled':>10}{'judging, at most':>18}")
    for policy in shelf.texts:
        plan, kept, _ = _traced(lambda policy=policy: shelf.plan(policy))  # type: ignore[misc]
        describe = exact_description(plan, snapshot)
        describe()
        _, _, peak = _traced(describe)
        print(f"{policy:38}{kept / KIB:10.0f}{peak / KIB:18.0f}")


def _traced(work: Callable[[], Made]) -> tuple[Made, int, int]:
    """Return what comes of *work*, and the bytes that it holds afterwards and held at most."""
    gc.collect()
    tracemalloc.start()
    try:
        made = work()
        gc.collect()
        return made, *tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


def peak_memory_kib() -> int | None:
    """Return how much memory this process has held at most; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])
