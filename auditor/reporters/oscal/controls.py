"""
Which controls and objectives of our catalogue a run speaks of, and by what ids.

OSCAL knows findings about a control's objective only. A policy is an objective of each control that it serves. One
that serves none is a control of its own, and so is what must hold of a run itself: that its inputs can be read, that
every member of the population was audited, that anything was judged at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.reporters.oscal.values import token

if TYPE_CHECKING:
    from auditor.model.policy import PolicySummary
    from auditor.model.run import Control, Run

_OURS: Final = re.compile(r"[A-Z][A-Z0-9.-]{0,79}")
"""How the ids of catalogues look; what is found by their lower case is found by no other id."""

INPUTS: Final = "auditor_inputs"
POPULATION: Final = "auditor_population"
JUDGED: Final = "auditor_judged"

OWN: Final = {
    INPUTS: ("Inputs", "Everything that was handed in, and every policy, can be read."),
    POPULATION: ("Population", "Every member of the population was audited."),
    JUDGED: ("Judged", "Something was judged."),
}
"""What must hold of a run itself: title and rule by control id."""


def control_id(control: str) -> str:
    """Return the id of a framework's control: in lower case, as OSCAL's own catalogues write them."""
    return control.lower() if _OURS.fullmatch(control) else f"control_{token(control)}"


def policy_control_id(policy: str) -> str:
    """Return the id of the control that a policy is which serves none."""
    return f"policy_{token(policy)}"


def statement_id(control: str) -> str:
    """Return the id of the statement of a control, given the control's id in OSCAL."""
    return f"{control}_smt"


def objective_id(control: str, policy: str = "") -> str:
    """Return the id of what a policy finds out about a control, given the control's id in OSCAL."""
    return f"{control}_obj.{token(policy)}" if policy else f"{control}_obj"


def param_id(policy: str, name: str) -> str:
    """Return the id of a parameter of a policy."""
    return f"{token(policy)}_prm.{token(name)}"


def controls_of(policy: PolicySummary) -> tuple[str, ...]:
    """Return the ids of the controls that a policy is an objective of; at least one."""
    served = tuple(dict.fromkeys(map(control_id, policy.controls)))
    return served or (policy_control_id(policy.id),)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was looked into."""

    controls: tuple[str, ...]
    """Ids in OSCAL, sorted."""
    objectives: tuple[str, ...]


def planned(run: Run) -> Reviewed:
    """Return what the policies of a run are to find out, and what must hold of the run itself."""
    pairs = [(control, policy.id) for policy in run.policies for control in controls_of(policy)]
    return _reviewed([*pairs, *((control, "") for control in OWN)])


def assessed(run: Run) -> Reviewed:
    """Return what verdicts were made about, and of the run itself what does not hold."""
    judged = {verdict.policy for result in run.results for verdict in result.verdicts}
    pairs = [
        (control, policy.id)
        for policy in run.policies
        if policy.id in judged
        for control in controls_of(policy)
    ]
    broken = {
        INPUTS: bool(run.problems),
        POPULATION: bool(run.untold()),
        JUDGED: not judged,
    }
    return _reviewed(
        [*pairs, *((control, "") for control, is_broken in broken.items() if is_broken)]
    )


def _reviewed(pairs: list[tuple[str, str]]) -> Reviewed:
    return Reviewed(
        tuple(sorted({control for control, _ in pairs})),
        tuple(sorted({objective_id(control, policy) for control, policy in pairs})),
    )


def by_framework(run: Run) -> dict[str, dict[str, list[Control]]]:
    """Group the controls of frameworks by framework and area, all in order."""
    grouped: dict[str, dict[str, list[Control]]] = {}
    for control in sorted(run.controls, key=lambda one: (one.framework, one.area, one.id)):
        grouped.setdefault(control.framework, {}).setdefault(control.area, []).append(control)
    return grouped
