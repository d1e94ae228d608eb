"""The projects and units of the demonstration, and the portfolio, as a run judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.evaluation.judge import judge
from auditor.usecases import judge_inputs, judge_portfolio
from tests.evaluation.fast.corpus import Asked, Matter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    from auditor.evaluation.judge import Instants
    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import Plan
    from auditor.model.attestation import Attestation
    from auditor.model.result import ResultDocument


def matters_of_demonstration(patch: pytest.MonkeyPatch, fixtures: Path) -> list[Matter]:
    """Judge the demonstration, and return what was judged with what came of it."""
    found: list[Matter] = []

    def noted(
        plan: Plan,
        snapshot: Snapshot,
        instants: Instants,
        attestations: Iterable[Attestation] = (),
        *,
        name: str,
        **_: Any,
    ) -> ResultDocument:
        asked, words = Asked(), tuple(attestations)
        fast: Any = asked
        result = judge(plan, snapshot, instants, words, name=name, fast=fast)
        found.append(
            Matter(snapshot.auditee, plan, snapshot, instants, words, dict(asked.outcomes))
        )
        return result

    request = judge_inputs.Request(
        paths=(str(fixtures / "portfolio"),),
        population=str(fixtures / "organisation" / "population.yaml"),
        audits=str(fixtures / "organisation" / "audits"),
    )
    with patch.context() as inside:
        for module in (judge_inputs, judge_portfolio):
            inside.setattr(module, "judge", noted)
        judge_inputs.judge_inputs(request)
    return found
