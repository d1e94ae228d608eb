"""
Which engine judges a run.

cel-python is a peer that somebody may ask for, never a part of every run: it is not imported before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor import __version__
from auditor.evaluation.exact import Evaluator
from auditor.evaluation.fast.engine import SAMPLED, FastEngine
from auditor.evaluation.passes import ReadLists
from auditor.model.errors import UsageProblem, install_extra

if TYPE_CHECKING:
    from auditor.evaluation.policy_judge import MakeEvaluator
    from auditor.language.plan import Plan

AUTO: Final = "auto"
EXACT: Final = "exact"
CEL_PYTHON: Final = "cel-python"
ENGINES: Final = (AUTO, EXACT, CEL_PYTHON)
"""What can be asked for; ``auto`` is the fastest of our own."""

_PACKAGE: Final = "celpy"


SAMPLE: Final = "sample"
CROSS_CHECKS: Final = {SAMPLE: SAMPLED, "all": 1, "none": 0}
"""How many passes of the fast path the exact evaluator decides again: one in so many."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What evaluates the expressions of a plan."""

    evaluator: MakeEvaluator
    shown: str
    """As the head of a run names it."""
    fast: FastEngine | None = None
    """What may answer in its place; None where nothing may."""
    lists: ReadLists | None = None
    """What policies read, for the short record that is kept of a pass; None where passes are kept whole."""


def choose_engine(
    name: str, plan: Plan | None, *, cross_check: str = SAMPLE, keeps_passes: bool = False
) -> Engine:
    """
    Return the engine that was asked for.

    Args:
        name: One of `ENGINES`.
        plan: The policies that it is to evaluate; None where there are none.
        cross_check: One of `CROSS_CHECKS`.
        keeps_passes: Whether passes are kept with everything that they rest on: then the exact evaluator
            decides them all.

    Raises:
        UsageProblem: It is cel-python, and that is not installed.
    """
    ours = f"auditor {__version__}"
    lists = None if plan is None or keeps_passes else ReadLists(plan.functions)
    if name != CEL_PYTHON:
        takes_fast = plan is not None and name == AUTO and not keeps_passes
        fast = FastEngine(plan, sampled=CROSS_CHECKS[cross_check]) if plan and takes_fast else None
        return Engine(Evaluator, ours, fast, lists)
    try:
        from auditor.evaluation.celpy_engine.engine import CelPython  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != _PACKAGE:
            raise
        msg = "the engine cel-python is not installed"
        raise UsageProblem(msg, hint=install_extra("cel-python")) from None
    if plan is None:
        return Engine(Evaluator, ours)
    engine = CelPython(plan)
    return Engine(engine.evaluator, f"{ours} with the engine {engine.name}", None, lists)
