"""
Every policy over every snapshot with one thing less: where the fast path still answers, the exact one says the same.

A few thousand changes of the demonstration are chosen by what they change; ``benchmarks/fast_leaves.py`` takes all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

import pytest

from auditor.evaluation.judge import Instants
from auditor.evaluation.subject_judge import SubjectJudge
from auditor.language.cases import parse_cases
from tests.evaluation.fast.corpus import Matter, fast_outcomes
from tests.evaluation.fast.giving_up import what_it_gives_up_on
from tests.evaluation.fast.leaves import KINDS, Reads, Tally, compared, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from tests.evaluation.fast.corpus import Difference, FastPlans, Outcomes
    from tests.evaluation.fast.leaves import Leaf

CASES: Final = sorted((Path(__file__).resolve().parents[3] / "policies").glob("*/*.cases.yaml"))
ONE_IN: Final = 150
"""Of so many changes of the demonstration one is made."""


@pytest.fixture(autouse=True)
def unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out why: it decides nothing, and nobody reads it here."""
    monkeypatch.setattr(SubjectJudge, "_explained", lambda _, verdict, __: verdict)


@pytest.fixture(scope="module")
def reads(plan: Plan, models: SnapshotModels) -> Reads:
    """Return which fields each policy reads."""
    return Reads(plan, models)


def base(path: Path, plan: Plan, models: SnapshotModels) -> Matter:
    """Return the base snapshot of a file of cases, before every policy."""
    snapshot = models.read(parse_cases(path.read_bytes(), path=path.name).base)
    name = path.name.removesuffix(".cases.yaml")
    return Matter(name, plan, snapshot, Instants(snapshot.captured_at))


def is_chosen(matter: Matter, leaf: Leaf) -> bool:
    """Choose some changes, the same ones in every run."""
    return crc32(f"{matter.name} {leaf}".encode()) % ONE_IN == 0


def test_every_change_of_every_base(
    plan: Plan, models: SnapshotModels, plans: FastPlans, reads: Reads
) -> None:
    """The snapshots on which the cases of the policies stand."""
    found: list[Difference] = []
    kinds: Counter[str] = Counter()
    tally = Tally()
    for path in CASES:
        matter = base(path, plan, models)
        for leaf in leaves(models[matter.snapshot.target], matter.snapshot.document):
            found.extend(compared(matter, leaf, reads, plans, tally))
            kinds[leaf.kind] += 1

    assert found == []
    assert set(kinds) == set(KINDS)
    assert tally.changes > 1_500
    assert tally.answers > 1_000


def test_some_changes_of_the_demonstration(
    plan: Plan,
    demonstration: list[Matter],
    models: SnapshotModels,
    plans: FastPlans,
    reads: Reads,
) -> None:
    """Projects, units and the portfolio, before every policy."""
    found: list[Difference] = []
    tally = Tally()
    for matter in demonstration:
        whole = replace(matter, plan=plan)
        for leaf in leaves(models[matter.snapshot.target], matter.snapshot.document):
            if is_chosen(matter, leaf):
                found.extend(compared(whole, leaf, reads, plans, tally))

    assert found == []
    assert tally.answers > 300


def test_a_list_cut_short_is_left_alone(
    plan: Plan, demonstration: list[Matter], models: SnapshotModels, plans: FastPlans, reads: Reads
) -> None:
    """A policy that reads a list which was cut short goes straight to the exact evaluator; the others need not."""
    silent = answered = 0
    for matter in demonstration:
        target = matter.snapshot.target
        whole = replace(matter, plan=plan)
        fast = plans.of(plan, target)
        asked = [policy.summary.id for policy in plan.policies if policy.summary.target == target]
        before = fast_outcomes(fast, whole, asked)
        for leaf in _cut_short(models, matter):
            changed = replace(whole, snapshot=leaf.of(matter.snapshot))
            touched = set(reads.touched(leaf, target))
            after = fast_outcomes(fast, changed, asked)
            for policy in asked:
                # One that reads undeclared data may read any list.
                allowed = [{}] if policy in touched else [{}, before[policy]]
                assert after[policy] in allowed, str(leaf)
                answered += bool(after[policy])
            silent += sum(1 for policy in touched if before[policy])

    assert silent > 20
    assert answered > 500


def _cut_short(models: SnapshotModels, matter: Matter) -> Iterator[Leaf]:
    """Yield the top-level lists cut short, but for the changes that every state is set back by."""
    for leaf in leaves(models[matter.snapshot.target], matter.snapshot.document):
        is_top = leaf.kind == "truncated" and not leaf.entity
        if is_top and leaf.field != "change_events":
            yield leaf


def test_it_gives_up_on_three_things_whatever_is_missing(
    plan: Plan, models: SnapshotModels, plans: FastPlans
) -> None:
    """Also where facts are missing: its own exception, a declared field, a day for an instant."""
    reasons: Counter[str] = Counter()
    for path in CASES:
        matter = base(path, plan, models)
        target = matter.snapshot.target
        asked: Outcomes = {
            policy.summary.id: {} for policy in plan.policies if policy.summary.target == target
        }
        for leaf in leaves(models[target], matter.snapshot.document):
            changed = replace(matter, snapshot=leaf.of(matter.snapshot), exact=asked)
            run = plans.of(plan, target)
            reasons.update(what_it_gives_up_on(run, changed, models[target].root))

    assert set(reasons) == {"leave", "field", "day", "nothing"}
