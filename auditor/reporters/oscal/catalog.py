"""
The controls of a run as an OSCAL catalog: what its findings are about.

Frameworks are groups of groups by area. The rule of a control is its statement; every policy that serves it is one
of its objectives. The values of parameters are those in force in the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.reporters.oscal.controls import (
    OWN,
    by_framework,
    control_id,
    controls_of,
    objective_id,
    param_id,
    policy_control_id,
    statement_id,
)
from auditor.reporters.oscal.document import Identity, metadata, written
from auditor.reporters.oscal.values import (
    Tree,
    id_prop,
    kept,
    line,
    place_props,
    prop,
    prose,
    reference,
    string,
    token,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Control, Run

_UNTOLD: Final = "No catalogue is at hand that says what this control demands."


def catalog(run: Run) -> Iterator[bytes]:
    """Write the catalog of a run."""
    serving: dict[str, list[PolicySummary]] = {}
    for policy in run.policies:
        for control in controls_of(policy):
            serving.setdefault(control, []).append(policy)
    versions = ", ".join(f"{one.id} {one.version} of {one.date}" for one in run.frameworks)
    return written(
        {
            "catalog": kept(
                {
                    "uuid": Identity(run).of_rules("catalog"),
                    "metadata": metadata(
                        run,
                        "Controls that were audited",
                        version=versions or run.engine,
                        remarks=run.relaxed,
                    ),
                    "params": [param for policy in run.policies for param in _params(policy)],
                    "groups": [
                        *_frameworks(run, serving),
                        *_house(run),
                        _own(),
                    ],
                }
            )
        }
    )


def _params(policy: PolicySummary) -> Iterator[Tree]:
    for name, value in sorted(policy.params):
        yield {
            "id": param_id(policy.id, name),
            "props": [id_prop("policy", policy.id), id_prop("parameter", name)],
            "label": line(f"{name} of {policy.id}"),
            "values": [string(value)],
        }


def _frameworks(run: Run, serving: dict[str, list[PolicySummary]]) -> Iterator[Tree]:
    known = {one.id: one for one in run.frameworks}
    for framework, areas in by_framework(run).items():
        group = f"framework_{token(framework)}" if framework else "framework"
        told = known.get(framework)
        yield kept(
            {
                "id": group,
                "class": "framework",
                "title": line(framework.upper() if framework else "Controls without a catalogue"),
                "props": [prop("version", told.version), prop("date", told.date)] if told else None,
                "groups": [
                    {
                        "id": f"{group}_area.{token(area)}" if area else f"{group}_area",
                        "class": "area",
                        "title": line(area or "Without an area"),
                        "controls": [
                            _control(one, serving.get(control_id(one.id), [])) for one in controls
                        ],
                    }
                    for area, controls in areas.items()
                ],
            }
        )


def _control(control: Control, policies: Sequence[PolicySummary]) -> Tree:
    named = control_id(control.id)
    props = [{"name": "label", "value": string(control.id)}]
    if control.stage:
        props.append(prop("stage", control.stage))
    if policies:
        worst = max((one.severity for one in policies), key=lambda one: one.rank)
        props.append(prop("severity", worst.value))
    return {
        "id": named,
        "class": "control",
        "title": line(f"{control.id}: {control.area}" if control.area else control.id),
        "props": props,
        "parts": [
            {
                "id": statement_id(named),
                "name": "statement",
                "prose": line(control.rule or _UNTOLD),
            },
            *(_objective(named, policy) for policy in policies),
        ],
    }


def _objective(control: str, policy: PolicySummary) -> Tree:
    place = reference(policy.location)
    return kept(
        {
            "id": objective_id(control, policy.id),
            "name": "assessment-objective",
            "title": line(policy.id),
            "props": [
                id_prop("policy", policy.id),
                prop("policy-digest", policy.digest),
                id_prop("pack", policy.pack),
                prop("severity", policy.severity.value),
                *place_props(policy.location),
            ],
            "prose": prose(
                [
                    f"Not so: {policy.title}",
                    policy.why,
                    *(f"Required: {clause.that} <{clause.location}>" for clause in policy.clauses),
                ]
            ),
            "links": [{"href": place, "rel": "policy"}] if place else None,
        }
    )


def _house(run: Run) -> Iterator[Tree]:
    """Make controls of the policies that serve none."""
    policies = [policy for policy in run.policies if not policy.controls]
    if not policies:
        return
    yield {
        "id": "auditor_policies",
        "class": "policies",
        "title": "Policies that serve no control of a framework",
        "controls": [
            {
                "id": (named := policy_control_id(policy.id)),
                "class": "policy",
                "title": line(policy.id),
                "props": [
                    {"name": "label", "value": string(policy.id)},
                    prop("severity", policy.severity.value),
                ],
                "parts": [
                    {
                        "id": statement_id(named),
                        "name": "statement",
                        "prose": line(f"Not so: {policy.title}"),
                    },
                    _objective(named, policy),
                ],
            }
            for policy in policies
        ],
    }


def _own() -> Tree:
    return {
        "id": "auditor_run",
        "class": "run",
        "title": "What must hold of a run itself",
        "controls": [
            {
                "id": named,
                "class": "run",
                "title": title,
                "props": [{"name": "label", "value": title.lower()}],
                "parts": [
                    {"id": statement_id(named), "name": "statement", "prose": rule},
                    {"id": objective_id(named), "name": "assessment-objective", "prose": rule},
                ],
            }
            for named, (title, rule) in OWN.items()
        ],
    }
