"""
The hand-written rules that the engine is measured against mean what the policies mean.

A rule that left something out would be an easy opponent. So each is held against the exact evaluator on every
project of the demonstration portfolio and on every snapshot of every policy's cases: it gives the same outcome for
the same subjects, or declines because a fact is missing, known only to the day or written down late.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.evaluation import cases
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.judged_facts import judged_facts
from auditor.model.outcome import Outcome
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)
from auditor.usecases.test_policies import test_policies as run_cases
from auditor.usecases.workbench import read_workbench
from benchmarks.engine.ground import Facts
from benchmarks.engine.hand_written import RULES, decide
from benchmarks.engine.peer_rules import RULES as PEERS
from benchmarks.engine.snapshot import LARGE, SMALL, canonical_size, project

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any

    from auditor.evaluation.judge import Instants as Judged
    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.language.plan import Plan

PORTFOLIO = Path(__file__).resolve().parents[2] / "fixtures" / "portfolio"
CASES = sorted(
    path.name.split(".")[0] for path in PORTFOLIO.parents[1].glob("policies/*/*.cases.yaml")
)
DECIDED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE})


@pytest.fixture(scope="module")
def models() -> SnapshotModels:
    """Return the snapshots' contracts."""
    return snapshot_models()


@pytest.fixture(scope="module")
def plan(models: SnapshotModels) -> Plan:
    """Return the policies that are written by hand, too."""
    loaded = load_policies([packaged_folder()], PolicyChoice(tuple(RULES)), models)
    assert loaded.plan is not None
    return loaded.plan


def exact(
    plan: Plan, snapshot: Snapshot, as_of: dt.datetime
) -> dict[str, list[tuple[str, Outcome]]]:
    """Return what each policy comes to by the exact evaluator."""
    found: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
    for verdict in judge(plan, snapshot, Instants(as_of), name="case").verdicts:
        found[verdict.policy].append((verdict.subject, verdict.outcome))
    return found


def by_hand(snapshot: Snapshot, as_of: dt.datetime) -> dict[str, list[tuple[str, Outcome]] | None]:
    """Return what each rule comes to; None where it declines."""
    facts = Facts.of(snapshot, judged_facts(snapshot, as_of))
    return {policy: decide(policy, facts) for policy in RULES}


def differences(
    plan: Plan, snapshot: Snapshot, as_of: dt.datetime
) -> tuple[list[object], Counter[Any]]:
    """Return where the two differ, and how often they agreed, by policy and outcome (None: declined)."""
    ours, theirs = exact(plan, snapshot, as_of), by_hand(snapshot, as_of)
    found: list[object] = []
    agreed: Counter[Any] = Counter()
    for policy, outcomes in theirs.items():
        if outcomes is None:
            agreed[policy, None] += 1
        elif outcomes == ours[policy]:
            agreed.update((policy, outcome) for _, outcome in outcomes)
        else:
            found.append((snapshot.auditee, as_of, policy, outcomes, ours[policy]))
    return found, agreed


@pytest.fixture(scope="module")
def snapshots() -> list[tuple[Snapshot, dt.datetime]]:
    """Return every project snapshot of every policy's cases, with the instant of the case, each once."""
    seen: dict[tuple[str, dt.datetime], tuple[Snapshot, dt.datetime]] = {}

    def note(
        plan: Plan, snapshot: Snapshot, instants: Judged, *rest: Any, name: str, **_: Any
    ) -> object:
        if snapshot.target == "project":
            seen[snapshot.digest, instants.as_of] = (snapshot, instants.as_of)
        return judge(plan.select(()), snapshot, instants, *rest, name=name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "judge", note)
        run_cases(read_workbench(), ())
    return list(seen.values())


def test_they_agree_on_every_snapshot_of_every_case(
    plan: Plan, snapshots: list[tuple[Snapshot, dt.datetime]]
) -> None:
    """Outcome for outcome; and each rule has passed, failed and left something out on some of them."""
    found: list[object] = []
    agreed: Counter[Any] = Counter()
    for snapshot, as_of in snapshots:
        here, counted = differences(plan, snapshot, as_of)
        found += here
        agreed += counted

    assert found == []
    assert len(snapshots) > len(CASES)
    assert {(policy, outcome) for policy in RULES for outcome in DECIDED} <= set(agreed)


def test_they_agree_on_the_demonstration_portfolio(plan: Plan, models: SnapshotModels) -> None:
    """On every project, at its capture and a month before it."""
    read = read_inputs([str(PORTFOLIO)], models)
    projects = [one.snapshot for one in read.loaded if one.snapshot.target == "project"]

    found = [
        difference
        for snapshot in projects
        for as_of in (snapshot.captured_at, snapshot.captured_at.replace(day=1))
        for difference in differences(plan, snapshot, as_of)[0]
    ]

    assert len(projects) == 10
    assert found == []


def test_a_healthy_project_that_is_wholly_recorded_is_decided_by_hand(
    models: SnapshotModels,
) -> None:
    """A rule that declined everything would agree with everything."""
    read = read_inputs([str(PORTFOLIO / "harbour-tickets.yaml")], models)
    snapshot = read.loaded[0].snapshot

    assert None not in by_hand(snapshot, snapshot.captured_at).values()


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_they_agree_on_the_snapshots_that_are_measured(
    size: Any, plan: Plan, models: SnapshotModels
) -> None:
    """Where nothing is missing no rule declines, and a few subjects fail, as in real projects."""
    snapshot = models.read(project(size))
    found, agreed = differences(plan, snapshot, snapshot.captured_at)
    outcomes = Counter[Outcome]()
    for (_, outcome), times in agreed.items():
        outcomes[outcome] += times

    assert found == []
    assert None not in outcomes
    assert 0 < outcomes[Outcome.FAIL] < outcomes[Outcome.PASS] / 5


def test_the_small_snapshot_has_the_size_that_the_figures_speak_of() -> None:
    """About 60 kB of canonical JSON: 20 sprints of 15 items, 30 risks, 10 approvals."""
    document = project(SMALL)
    per_sprint = Counter(sprint for item in document["work_items"] for sprint in item["sprints"])

    assert 55_000 <= canonical_size(document) <= 65_000
    assert [len(document[name]) for name in ("sprints", "risks", "approvals")] == [20, 30, 10]
    assert set(per_sprint.values()) == {15}


def test_peers_are_given_only_policies_that_are_measured() -> None:
    """A policy that a peer cannot express is left out of its ratio, with a reason."""
    assert set(PEERS) <= set(RULES)
    assert len(PEERS) >= 7
