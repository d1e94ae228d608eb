"""
What a run set out to look into, as the OSCAL assessment plan that its assessment results must import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.reporters import wording
from auditor.reporters.oscal.controls import controls_of, objective_id, planned
from auditor.reporters.oscal.document import (
    CATALOG,
    COMPONENTS,
    Identity,
    Stream,
    assets,
    metadata,
    written,
)
from auditor.reporters.oscal.subjects import auditees, reviewed_controls
from auditor.reporters.oscal.values import (
    Tree,
    id_prop,
    instant,
    kept,
    line,
    prop,
    prose,
    uuid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Run

_RESOURCE: Final = "8d4c2f0e-5b7a-4c39-9f1d-6e0a3b58c7d2"
"""Always the same, and of version 4: trestle, when it looks for what is referred to, sees no other version."""
_NO_SSP: Final = (
    "There is no system security plan: what is audited is how projects are delivered. What they have to keep is in"
    " the catalog, and what looks into it in the component definition."
)


def plan(run: Run) -> Iterator[bytes]:
    """Write the assessment plan of a run."""
    identity = Identity(run)
    packs: dict[str, list[PolicySummary]] = {}
    for policy in run.policies:
        packs.setdefault(policy.pack, []).append(policy)
    subjects = [
        {
            "type": "inventory-item",
            "description": line(dict(wording.opening(run))["Population"]),
            "include-all": {},
        }
    ]
    head = metadata(run, "Assessment plan", version=identity.run[:16], remarks=run.relaxed)
    return written(
        {
            "assessment-plan": kept(
                {
                    "uuid": identity.of_run("assessment-plan"),
                    "metadata": head,
                    "import-ssp": {"href": f"#{_RESOURCE}"},
                    "local-definitions": kept(
                        {
                            "inventory-items": Stream(auditees(run, is_planned=True)),
                            "activities": [_activity(pack, packs[pack]) for pack in sorted(packs)],
                        }
                    ),
                    "reviewed-controls": reviewed_controls(planned(run)),
                    "assessment-subjects": subjects,
                    "assessment-assets": assets(run),
                    "tasks": [_task(run, sorted(packs), subjects)],
                    "back-matter": {
                        "resources": [
                            {
                                "uuid": _RESOURCE,
                                "title": "No system security plan",
                                "description": _NO_SSP,
                                "rlinks": [{"href": CATALOG}, {"href": COMPONENTS}],
                            }
                        ]
                    },
                }
            )
        }
    )


def _activity(pack: str, policies: list[PolicySummary]) -> Tree:
    return {
        "uuid": uuid("activity", pack),
        "title": line(f"Hold the auditees against the pack {pack}"),
        "description": line(
            f"Every policy of {pack} is held against every subject that it is about."
        ),
        "props": [{"name": "method", "value": "TEST"}, id_prop("pack", pack)],
        "steps": [
            {
                "uuid": uuid("step", pack, policy.id),
                "title": line(policy.id),
                "description": prose([f"Look for: {policy.title}"]),
                "props": [
                    id_prop("policy", policy.id),
                    prop("policy-digest", policy.digest),
                    prop("severity", policy.severity.value),
                    *(
                        prop("objective", objective_id(control, policy.id))
                        for control in controls_of(policy)
                    ),
                ],
            }
            for policy in policies
        ],
    }


def _task(run: Run, packs: list[str], subjects: list[Tree]) -> Tree:
    return kept(
        {
            "uuid": uuid("task", "audit"),
            "type": "action",
            "title": "Audit",
            "description": prose(
                [
                    f"Judge what is recorded as of {wording.instant(run.as_of)}."
                    if run.as_of is not None
                    else "Judge what is recorded."
                ]
            ),
            "timing": {"on-date": {"date": instant(run.as_of)}},
            "associated-activities": [
                {"activity-uuid": uuid("activity", pack), "subjects": subjects} for pack in packs
            ],
        }
    )
