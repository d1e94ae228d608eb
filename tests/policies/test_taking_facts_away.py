"""
What is not known can make a verdict inconclusive, and nothing else.

Every leaf of every base snapshot is taken away, and every list is cut short, one at a time, and all
policies are judged again. A policy that guesses (`!has(x) || ...`) turns a fail green here.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.pointer import join, remove_at
from auditor.evaluation.judge import Instants, judge
from auditor.facts.types import ListType, MapType, ObjectType, unwrap
from auditor.language.cases import parse_cases
from auditor.model.outcome import Outcome
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import Type
    from auditor.language.plan import Plan

CASES = sorted((Path(__file__).resolve().parents[2] / "policies").glob("*/*.cases.yaml"))

BY_CONVENTION = frozenset({"recorded_at", "prov", "snapshot"})
"""C10 says what an unobserved `recorded_at` counts as, by how the record was obtained; the head is no fact."""


@pytest.fixture(scope="module")
def models() -> SnapshotModels:
    """Return the snapshot's contract."""
    return snapshot_models()


@pytest.fixture(scope="module")
def plan(models: SnapshotModels) -> Plan:
    """Return all packaged policies."""
    loaded = load_policies([packaged_folder()], PolicyChoice(()), models)
    assert loaded.plan is not None
    return loaded.plan


def outcomes(plan: Plan, models: SnapshotModels, document: Any) -> dict[tuple[str, str], Outcome]:
    """Judge a document at the instant at which it was captured."""
    snapshot = models.read(document)
    result = judge(plan, snapshot, Instants(snapshot.captured_at), name="case")
    return {(verdict.policy, verdict.subject): verdict.outcome for verdict in result.verdicts}


def removable(
    declared: Type, data: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every field that the schema lets be unobserved."""
    declared = unwrap(declared)
    if isinstance(declared, ListType) and isinstance(data, list):
        for index, element in enumerate(data):
            yield from removable(declared.element, element, (*path, index))
    elif isinstance(declared, ObjectType) and isinstance(data, dict):
        for name, value in data.items():
            field = declared.fields[name]
            if name in BY_CONVENTION:
                continue
            if not field.required and not field.has_default:
                yield (*path, name)
            if not isinstance(unwrap(field.type), MapType):
                yield from removable(field.type, value, (*path, name))


def lists(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the place of every list of records at the top of a snapshot."""
    for name, value in data.items():
        if isinstance(value, list):
            yield (*path, name)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".cases.yaml"))
def test_a_fact_taken_away_only_ever_makes_a_verdict_inconclusive(
    path: Path, plan: Plan, models: SnapshotModels
) -> None:
    """For every leaf: each verdict stays as it was, or becomes inconclusive."""
    base = parse_cases(path.read_bytes(), path=path.name).base
    before = outcomes(plan, models, base)
    places = list(removable(models.of(base).root, base, ()))
    changed: list[tuple[object, ...]] = []
    for place in places:
        after = outcomes(plan, models, remove_at(base, join(*place)))
        changed.extend(
            (join(*place), key, before[key], outcome)
            for key, outcome in after.items()
            if key in before and outcome not in {before[key], Outcome.INCONCLUSIVE}
        )
        silent = {policy for policy, _ in before} - {policy for policy, _ in after}
        changed.extend((join(*place), policy, "no verdict at all") for policy in silent)

    assert len(places) > 10
    assert changed == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".cases.yaml"))
def test_a_list_cut_short_only_ever_makes_a_verdict_inconclusive(
    path: Path, plan: Plan, models: SnapshotModels
) -> None:
    """For every list of records: more may follow, so what only its end could tell is open."""
    base = parse_cases(path.read_bytes(), path=path.name).base
    before = outcomes(plan, models, base)
    changed: list[tuple[object, ...]] = []
    for place in lists(base):
        document = deepcopy(base)
        document["snapshot"]["gaps"] = {
            **document["snapshot"].get("gaps", {}),
            join(*place): "truncated",
        }
        changed.extend(
            (join(*place), key, before[key], outcome)
            for key, outcome in outcomes(plan, models, document).items()
            if key in before and outcome not in {before[key], Outcome.INCONCLUSIVE}
        )

    assert changed == []
