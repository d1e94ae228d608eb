"""What is not known beside an attestation can make an attested pass inconclusive, and nothing else."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.canonical import canonical
from auditor.documents.pointer import join, remove_at
from auditor.evaluation.judge import Instants, judge
from auditor.language.cases import parse_cases
from auditor.model.outcome import Outcome
from auditor.sources.attestations import SEVERAL, parse_attestations
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)
from tests.policies.test_taking_facts_away import lists, removable

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.language.cases import CasesFile

POLICIES = Path(__file__).resolve().parents[2] / "policies"
ATTESTED = sorted(
    path for path in POLICIES.glob("*/*.yaml") if "\nattest:" in path.read_text(encoding="utf-8")
)

Judged = tuple["CasesFile", "Callable[[Any], set[Outcome]]"]


@pytest.fixture(params=ATTESTED, ids=lambda path: path.stem)
def judged(request: pytest.FixtureRequest) -> Judged:
    """Return the cases of an attested policy, and what judges its base with the words beside it."""
    path: Path = request.param
    cases = path.with_name(f"{path.stem}.cases.yaml")
    file = parse_cases(cases.read_bytes(), path=cases.name)
    data = canonical({SEVERAL: list(file.cases[0].attestations)})
    words = [filed.record for filed in parse_attestations(data, path=cases.name)]
    models = snapshot_models()
    plan = load_policies([packaged_folder()], PolicyChoice((path.stem,)), models).plan
    assert plan is not None

    def outcomes(document: Any) -> set[Outcome]:
        snapshot = models.read(document)
        result = judge(plan, snapshot, Instants(snapshot.captured_at), words, name="case")
        return {verdict.outcome for verdict in result.verdicts}

    return file, outcomes


def test_there_are_attested_policies() -> None:
    """Else the tests below would say nothing."""
    assert "improvements-left-out-of-templates" in {path.stem for path in ATTESTED}


def test_a_fact_taken_away_only_ever_makes_a_verdict_inconclusive(judged: Judged) -> None:
    """For every leaf, the register of roles included."""
    file, outcomes = judged
    root = snapshot_models().of(file.base).root
    before = outcomes(file.base)
    places = list(removable(root, file.base, ()))
    changed = {
        join(*place): after
        for place in places
        if (after := outcomes(remove_at(file.base, join(*place))))
        not in ({Outcome.INCONCLUSIVE}, before)
    }

    assert before == {Outcome.PASS}
    assert len(places) > 10
    assert changed == {}


def test_a_list_cut_short_only_ever_makes_a_verdict_inconclusive(judged: Judged) -> None:
    """For every list of records."""
    file, outcomes = judged
    changed = {}
    for place in lists(file.base):
        document = deepcopy(file.base)
        document["snapshot"]["gaps"] = {join(*place): "truncated"}
        after = outcomes(document)
        if after not in ({Outcome.INCONCLUSIVE}, {Outcome.PASS}):
            changed[join(*place)] = after

    assert changed == {}
