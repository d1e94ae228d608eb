"""
The policy of a case, with the parameters that the case tries it with; and what keeps cases from being run at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.cases import prepare_case
from auditor.model.errors import AuditorError
from auditor.model.tailoring import Override, Tailoring
from auditor.usecases.case_places import placed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.cases import Case
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.read_cases import CasesBeside
    from auditor.usecases.workbench import Workbench


def plan_with_params(bench: Workbench, text: PolicyText, policy: str, case: Case) -> Plan:
    """
    Compile a policy with the parameters of a case.

    Raises:
        ErrorGroup: It has no such parameter, or none of that value; told where the case says it.
    """
    tried = {
        name: Override(value, case.at("params", name), case.name_at("params", name))
        for name, value in case.params.items()
    }
    return bench.compiled(text, policy, tailoring=Tailoring({policy: tried}))


def unusable_cases(
    bench: Workbench, text: PolicyText, policy: str, beside: CasesBeside
) -> Iterator[AuditorError]:
    """Yield what keeps cases of a policy from being run: a place or a parameter that is not there, a wrong value."""
    for case in beside.file.cases if beside.file is not None else ():
        try:
            prepare_case(case, beside.base, bench.models)
            if case.params:
                plan_with_params(bench, text, policy, case)
        except AuditorError as error:
            yield from placed_in(beside, case, error)
