"""
Wherever the fast path answers, the exact evaluator says the same: every case, and the demonstration.

Contract: LANGUAGE.md, section 7.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import pytest

from auditor.model.outcome import Outcome
from tests.evaluation.fast.corpus import UNKNOWN, answered, differences, fast_outcomes
from tests.evaluation.fast.giving_up import what_it_gives_up_on

if TYPE_CHECKING:
    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from tests.evaluation.fast.corpus import FastPlans, Matter

FLOORS: Final = {
    # Everything that these ask is written out: arithmetic, joins, days and weeks.
    "allocation-over-capacity": 0.9,
    "auditee-not-audited": 0.9,
    "high-risk-not-escalated": 0.9,
    "three-sprints-near-capacity": 0.9,
    # Words that were recorded late, or whose order is contradictory, are left open by their cases.
    "blocker-not-escalated": 0.8,
    "execution-before-dm-sign-off": 0.8,
    "pm-review-missed-in-week": 0.75,
    "retrospective-actions-not-done": 0.8,
    "retrospective-without-owned-actions": 0.8,
    "work-before-recorded-start": 0.8,
    # Many of their cases have no register of roles, or dates that are known only to the day.
    "framework-not-adopted-by-dm": 0.7,
    "high-risk-without-plan": 0.7,
    "stand-up-missed-in-kanban": 0.6,
    "stand-up-missed-in-sprint": 0.6,
    "trigger-incomplete": 0.65,
}
"""Least share of the passes in a policy's own cases that the fast path answers."""


def compared(matters: list[Matter], plans: FastPlans) -> tuple[list[object], int, int]:
    """Return what differs, and how many of how many subjects the fast path answered."""
    found: list[object] = []
    said = asked = 0
    for matter in matters:
        fast = fast_outcomes(plans.of(matter.plan, matter.snapshot.target), matter, matter.exact)
        found.extend(differences(matter, fast))
        said += answered(fast, matter.exact)
        asked += sum(map(len, matter.exact.values()))
    return found, said, asked


def test_every_case_of_every_policy(cases: list[Matter], plans: FastPlans) -> None:
    """With the snapshot, the parameters, the period and the instant of each case."""
    found, said, asked = compared(cases, plans)

    assert found == []
    assert len(cases) > 1_000
    assert said > asked // 2


def test_policies_that_share_their_code(cases: list[Matter], plans: FastPlans, plan: Plan) -> None:
    """All policies of one target in one piece of code, over the snapshots of every case without parameters."""
    own = {policy.summary.id: repr(policy.params) for policy in plan.policies}
    found: list[object] = []
    compared_cases = 0
    for matter in cases:
        (policy,) = matter.plan.policies
        if repr(policy.params) == own[policy.summary.id]:
            fast = fast_outcomes(plans.of(plan, matter.snapshot.target), matter, matter.exact)
            found.extend(differences(matter, fast))
            compared_cases += 1

    assert found == []
    assert compared_cases > 1_000


def test_every_policy_over_the_demonstration(demonstration: list[Matter], plans: FastPlans) -> None:
    """Projects, units and the portfolio that they make."""
    found, said, asked = compared(demonstration, plans)

    assert found == []
    assert {matter.snapshot.target for matter in demonstration} == {"project", "unit", "portfolio"}
    assert len(demonstration) == 15
    assert said > asked // 2


def test_small_policies(small: list[Matter], plans: FastPlans) -> None:
    """What the packaged ones do not ask: `effective`, `due`, two lists of subjects, every kind of `empty`."""
    outcomes = {
        exact.outcome
        for matter in small
        for subjects in matter.exact.values()
        for exact in subjects.values()
    }

    found, said, asked = compared(small, plans)

    assert found == []
    assert outcomes == {
        *(outcome.value for outcome in Outcome),
        "not_due",
        "out_of_period",
        UNKNOWN,
    }
    assert said > asked // 2


def test_a_demand_that_is_silent_about_nothing_never_passes_on_nothing(
    small: list[Matter], plans: FastPlans
) -> None:
    """Where the one witness itself rests on an empty list, and no `empty` says what that counts as."""
    (matter,) = (
        matter for matter in small if matter.name == "no blocker" and matter.instants.period is None
    )
    fast = fast_outcomes(plans.of(matter.plan, "project"), matter, ["silent-about-nothing"])

    assert matter.exact["silent-about-nothing"]["hand:apollo"].outcome == "inconclusive"
    assert fast["silent-about-nothing"]["hand:apollo"].outcome == "inconclusive"


def test_it_never_says_unknown_and_never_error(
    cases: list[Matter], demonstration: list[Matter], plans: FastPlans
) -> None:
    """What is not known, and what is an error, is left to the exact evaluator: of neither is there an answer."""
    answers: Counter[str] = Counter()
    left = 0
    for matter in (*cases, *demonstration):
        fast = fast_outcomes(plans.of(matter.plan, matter.snapshot.target), matter, matter.exact)
        for policy, subjects in matter.exact.items():
            for subject, exact in subjects.items():
                if exact.outcome in {UNKNOWN, Outcome.ERROR.value}:
                    left += 1
                    assert subject not in fast[policy], (matter.name, policy, subject)
            answers.update(answer.outcome for answer in fast[policy].values())

    assert left > 200
    assert set(answers) <= {
        *(outcome.value for outcome in Outcome if outcome is not Outcome.ERROR),
        "not_due",
        "out_of_period",
    }
    assert {"pass", "fail", "not_applicable", "not_due", "out_of_period"} <= set(answers)


@pytest.mark.parametrize("policy", sorted(FLOORS))
def test_it_is_not_silent(policy: str, shares: dict[str, float]) -> None:
    """A fast path that always gives up would agree, too."""
    assert shares[policy] >= FLOORS[policy]


@pytest.fixture(scope="module")
def shares(cases: list[Matter], plans: FastPlans) -> dict[str, float]:
    """Return of each policy the share of the passes in its own cases that the fast path answers."""
    passes: dict[str, list[bool]] = defaultdict(list)
    for matter in cases:
        fast = fast_outcomes(plans.of(matter.plan, matter.snapshot.target), matter, matter.exact)
        for policy, subjects in matter.exact.items():
            passes[policy].extend(
                subject in fast[policy]
                for subject, exact in subjects.items()
                if exact.outcome == Outcome.PASS.value
            )
    return {policy: sum(found) / len(found) for policy, found in passes.items() if found}


def test_it_gives_up_on_three_things(
    cases: list[Matter], demonstration: list[Matter], plans: FastPlans, models: SnapshotModels
) -> None:
    """Its own exception, a declared field that is not there, a day for an instant: anything else is our bug."""
    reasons: Counter[str] = Counter()
    for matter in (*cases, *demonstration):
        target = matter.snapshot.target
        run = plans.of(matter.plan, target)
        reasons.update(what_it_gives_up_on(run, matter, models[target].root))

    assert set(reasons) <= {"leave", "field", "day", "nothing"}
    assert {"leave", "field", "nothing"} <= set(reasons)
