"""
How a list of policies reads.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from auditor.reporters.layout import table, wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.model.policy import PolicySummary


def policy_page(policies: Sequence[PolicySummary], *, verbose: bool) -> Iterator[str]:
    """
    Yield the lines, pack by pack.

    Args:
        policies: Sorted by pack.
        verbose: Whether to add what each is about.
    """
    for pack, group in groupby(policies, key=lambda policy: policy.pack):
        of_pack = list(group)
        yield from wrap(f"{pack}: {counted(len(of_pack), 'policy', 'policies')}")
        rows = table([_row(policy) for policy in of_pack], indent="  ")
        for policy, row in zip(of_pack, rows, strict=True):
            yield row
            if verbose:
                yield from _about(policy)
        yield ""
    yield counted(len(policies), "policy", "policies")


def _row(policy: PolicySummary) -> tuple[str, ...]:
    return policy.id, policy.severity.value, policy.target, ", ".join(policy.controls) or "-"


def _about(policy: PolicySummary) -> Iterator[str]:
    yield from wrap(policy.title, indent="      ")
    yield from wrap(policy.why, indent="      ")
    for name, value in policy.params:
        yield from wrap(f"{name}: {value}", indent="      ")
