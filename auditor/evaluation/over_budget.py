"""
What an evaluation that was given up tells: which part of the policy was under way, and what it grows with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cost.bounds import policy_cost
from auditor.language.cost.sizes import CloseSizes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from typing import Any

    from auditor.evaluation.exact import BudgetExceeded
    from auditor.language.cost.bounds import Bound
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Context, Functions


def told(
    over: BudgetExceeded,
    policy: CompiledPolicy,
    functions: Functions,
    context: Context,
    *,
    beside: Mapping[str, Any],
    instants: Iterable[dt.datetime],
) -> str:
    """
    Say where the steps ran out, the same for the same policy and facts wherever they are judged.

    Args:
        over: What ended the evaluation.
        policy: What was evaluated.
        functions: What it can call.
        context: With the facts.
        beside: Facts that expressions reach under a name of their own.
        instants: Judged instant and period.
    """
    cost = policy_cost(policy, context.root.type, functions)
    part = next((part for part in cost.parts if part.expression is over.expression), None)
    limit = f"ran out of the {over.budget:,} steps that"
    file = policy.summary.location.path
    if part is None and over.expression is not None:
        # The only expressions that are not of the policy: the register of roles behind an attestation.
        return f"telling who may vouch ({file}) {limit} it may take"
    sizes = CloseSizes({**context.root.data, **beside}, instants)
    if part is None:  # so many subjects that keeping them takes the steps
        return (
            f"finding the subjects ({file}) {limit} it may take{_through(cost.of_finding, sizes)}"
        )
    place = file if part.location is None else str(part.location)
    whose = "finding the subjects" if part.is_finding else "one subject"
    return f"{part.label} ({place}) {limit} {whose} may take{_through(part.bound, sizes)}"


def _through(bound: Bound, sizes: CloseSizes) -> str:
    grown = bound.mostly(sizes)
    return f": it goes through {grown}" if grown is not None else ""
