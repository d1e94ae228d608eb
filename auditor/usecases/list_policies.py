"""
Which policies there are: what `auditor policy list` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model.errors import NothingToAudit
from auditor.usecases.read_policies import load_policies, packaged_folder, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.model.errors import AuditorError
    from auditor.model.policy import PolicySummary
    from auditor.usecases.read_policies import PolicyChoice, PolicyFolder


def list_policies(
    folders: Sequence[PolicyFolder], choice: PolicyChoice
) -> tuple[list[PolicySummary], list[AuditorError]]:
    """
    Return the policies of *folders* that *choice* wants, by pack and id, and what is wrong with others.

    Raises:
        NothingToAudit: There is none.
        UsageProblem: *choice* names a policy or a pack that there is not.
    """
    loaded = load_policies(folders or [packaged_folder()], choice, snapshot_models())
    if loaded.plan is None and not loaded.errors:
        msg = "no policy was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    found = loaded.plan.summaries if loaded.plan else ()
    return sorted(found, key=lambda policy: (policy.pack, policy.id)), list(loaded.errors)
