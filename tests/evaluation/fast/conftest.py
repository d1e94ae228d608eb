"""What the tests of the fast path judge: the cases of all policies, and the demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)
from tests.evaluation.fast.corpus import FastPlans, matters_of_cases
from tests.evaluation.fast.demonstration import matters_of_demonstration
from tests.evaluation.fast.small_policies import matters_of_small_policies

if TYPE_CHECKING:
    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.registry import Functions
    from tests.evaluation.fast.corpus import Matter


@pytest.fixture(scope="session")
def models() -> SnapshotModels:
    """Return the contracts of snapshots."""
    return snapshot_models()


@pytest.fixture(scope="session")
def plan(models: SnapshotModels) -> Plan:
    """Return all packaged policies."""
    loaded = load_policies([packaged_folder()], PolicyChoice(()), models)
    assert loaded.plan is not None
    return loaded.plan


@pytest.fixture(scope="session")
def plans(models: SnapshotModels) -> FastPlans:
    """Return the fast paths of plans, each made once."""
    return FastPlans(models)


@pytest.fixture(scope="session")
def cases() -> list[Matter]:
    """Return what every case of the packaged policies judges."""
    with pytest.MonkeyPatch.context() as patch:
        return matters_of_cases(patch)


@pytest.fixture(scope="session")
def small(models: SnapshotModels, functions: Functions) -> list[Matter]:
    """Return small projects before small policies."""
    return matters_of_small_policies(models, functions)


@pytest.fixture(scope="session")
def demonstration() -> list[Matter]:
    """Return the projects and units of the demonstration, and the portfolio that they make."""
    fixtures = Path(__file__).resolve().parents[3] / "fixtures"
    with pytest.MonkeyPatch.context() as patch:
        return matters_of_demonstration(patch, fixtures)
