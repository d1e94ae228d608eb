"""
The packs of a run as an OSCAL component definition: which policy serves which control, with which parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.findings.changes import told
from auditor.reporters.oscal.controls import controls_of, objective_id, param_id
from auditor.reporters.oscal.document import CATALOG, Identity, metadata, tool_uuid, written
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
    uuid,
)
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Run


def component(run: Run) -> Iterator[bytes]:
    """Write the component definition of a run."""
    identity = Identity(run)
    packs: dict[str, list[PolicySummary]] = {}
    for policy in run.policies:
        packs.setdefault(policy.pack, []).append(policy)
    return written(
        {
            "component-definition": kept(
                {
                    "uuid": identity.of_rules("component-definition"),
                    "metadata": metadata(
                        run,
                        "Packs of policies that were audited with",
                        version=identity.rules[:16],
                        remarks=run.relaxed,
                    ),
                    "components": [
                        _tool(run),
                        *(_pack(pack, packs[pack]) for pack in sorted(packs)),
                    ],
                }
            )
        }
    )


def _tool(run: Run) -> Tree:
    return {
        "uuid": tool_uuid(),
        "type": "software",
        "title": "auditor",
        "description": line(f"Holds what a project has recorded against policies: {run.engine}"),
    }


def _pack(pack: str, policies: list[PolicySummary]) -> Tree:
    return {
        "uuid": uuid("pack", pack),
        "type": "policy",
        "title": line(f"Pack {pack}"),
        "description": line(
            f"{counted(len(policies), 'policy', 'policies')} of the pack {pack}, judged by auditor"
        ),
        "props": [id_prop("pack", pack)],
        "control-implementations": [
            {
                "uuid": uuid("control-implementation", pack),
                "source": CATALOG,
                "description": line(f"The controls that the policies of {pack} look into"),
                "implemented-requirements": [
                    _requirement(control, policy)
                    for policy in policies
                    for control in controls_of(policy)
                ],
            }
        ],
    }


def _requirement(control: str, policy: PolicySummary) -> Tree:
    place = reference(policy.location)
    return kept(
        {
            "uuid": uuid("requirement", policy.pack, policy.id, control),
            "control-id": control,
            "description": prose([f"{policy.id} finds: {policy.title}", policy.why]),
            "props": [
                id_prop("policy", policy.id),
                prop("policy-digest", policy.digest),
                prop("severity", policy.severity.value),
                prop("target", policy.target),
                prop("objective", objective_id(control, policy.id)),
                *place_props(policy.location),
                *(prop("changed", told(change)) for change in policy.changes),
            ],
            "links": [{"href": place, "rel": "policy"}] if place else None,
            "set-parameters": [
                {"param-id": param_id(policy.id, name), "values": [string(value)]}
                for name, value in sorted(policy.params)
            ],
            "remarks": prose([f"fix: {policy.fix}"]),
        }
    )
