"""
The fast path against the exact evaluator, over random policies: subjects, `when`, `at`, `due`, `let`, `empty`.

Here they meet as in a run: several policies share one piece of generated code, and every answer of the fast path
is decided again.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from auditor.evaluation.fast.engine import EngineDifference, FastEngine
from auditor.evaluation.judge import Instants, judge
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import ErrorGroup
from auditor.model.outcome import Outcome
from auditor.usecases.read_policies import packaged_folder
from tests.differential.expressions import seeded
from tests.differential.policies import policy
from tests.differential.samples import snapshots
from tests.differential.world import AS_OF, WORDS, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.plan import Plan

PLANS = 15
TOGETHER = 5
"""Policies of one plan, of which the compiler refuses some."""


@cache
def packs() -> tuple[PolicyText, ...]:
    """Return the words that random policies use."""
    shared = (packaged_folder().path / "pack.yaml").read_bytes()
    return (
        PolicyText("policies/pack.yaml", "", shared, ""),
        PolicyText("policies/x/pack.yaml", "x", WORDS, "x"),
    )


def compiled(policies: list[dict[str, object]]) -> Plan:
    """
    Compile policies.

    Raises:
        ErrorGroup: One of them is wrong.
    """
    texts = [
        PolicyText(f"policies/x/{one['id']}.yaml", "x", json.dumps(one).encode(), "x")
        for one in policies
    ]
    return compile_plan(
        [*packs(), *texts], roots=Roots(world().models), functions=world().functions
    )


def plan_of(number: int) -> Plan:
    """Return a plan of random policies that are taken."""
    random = seeded(f"plan {number}")
    taken = []
    for position in range(TOGETHER):
        written = policy(random, f"random-{position}")
        try:
            compiled([written])
        except ErrorGroup:
            continue
        taken.append(written)
    return compiled(taken)


def differences(number: int) -> Iterator[str]:
    """Yield what comes out otherwise with the fast path than without it."""
    plan = plan_of(number)
    fast = FastEngine(plan, sampled=1, is_eager=True)
    for place, snapshot in enumerate(seeded(f"snapshots {number}").sample(snapshots(), 3)):
        alone = judge(plan, snapshot, Instants(AS_OF), name="random")
        try:
            together = judge(plan, snapshot, Instants(AS_OF), name="random", fast=fast)
        except EngineDifference as difference:
            yield f"plan {number}, snapshot {place}: {difference}"
            continue
        if together != alone:
            yield f"plan {number}, snapshot {place}: other results"


def test_the_fast_path_changes_no_verdict() -> None:
    """Result documents are the same with it and without it."""
    found = [difference for number in range(PLANS) for difference in differences(number)]

    assert found == []


def test_random_policies_come_to_every_outcome() -> None:
    """Verdicts of every kind are compared, not only errors."""
    outcomes = {
        verdict.outcome
        for number in range(8)
        for verdict in judge(plan_of(number), snapshots()[1], Instants(AS_OF), name="x").verdicts
    }

    assert outcomes == set(Outcome)
