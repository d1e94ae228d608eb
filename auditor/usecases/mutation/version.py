"""
One version of a policy, compiled for each choice of parameters that a case makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.language.plan import Plan
    from auditor.language.policy_compiler import PolicyVersions
    from auditor.language.policy_draft import DefineDraft, PolicyDraft


class Version:
    """
    A policy as it is written, or with a change in it.

    Args:
        versions: Compiles it.
        draft: The policy.
        word: A shared word that is to mean something else.
    """

    def __init__(
        self, versions: PolicyVersions, draft: PolicyDraft, word: DefineDraft | None = None
    ) -> None:
        self._versions = versions
        self._draft = draft
        self._word = word
        self._plans: dict[str, Plan] = {}

    def plan(self, params: Mapping[str, Any]) -> Plan:
        """
        Return it with parameters.

        Raises:
            ErrorGroup: With them it cannot be compiled.
        """
        key = repr(sorted(params.items()))
        if key not in self._plans:
            self._plans[key] = self._versions.plan(self._draft, params, self._word)
        return self._plans[key]
