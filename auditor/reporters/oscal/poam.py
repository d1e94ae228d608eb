"""
What is to be done after a run, as an OSCAL plan of action and milestones: one item per finding.

OSCAL knows no empty plan: where nothing is to be done the one item says so.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from auditor.reporters import wording
from auditor.reporters.oscal.document import (
    Identity,
    Stream,
    assets,
    count_props,
    metadata,
    opening,
    origin,
    outcome_word,
    written,
)
from auditor.reporters.oscal.findings import Judged, findings, judged, observations, risks
from auditor.reporters.oscal.run_matters import (
    Matter,
    matter_finding,
    matter_observation,
    matter_risk,
    matters,
)
from auditor.reporters.oscal.subjects import auditees
from auditor.reporters.oscal.values import Tree, id_prop, kept, line, prop, prose, uuid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run


def poam(run: Run, places: Places) -> Iterator[bytes]:
    """Write the plan of action and milestones of a run."""
    identity = Identity(run)
    own = list(matters(run))
    head = metadata(
        run, "Plan of action and milestones", version=identity.run[:16], remarks=opening(run)
    )
    head["props"] += count_props(run)
    return written(
        {
            "plan-of-action-and-milestones": {
                "uuid": identity.of_run("plan-of-action-and-milestones"),
                "metadata": head,
                "system-id": {
                    "identifier-type": "https://ietf.org/rfc/rfc4122",
                    "id": system_uuid(run),
                },
                "local-definitions": {
                    "inventory-items": Stream(auditees(run)),
                    "assessment-assets": assets(run),
                },
                "observations": Stream(
                    chain(
                        (matter_observation(run, one) for one in own),
                        observations(run, places, findings_only=True),
                    )
                ),
                "risks": Stream(chain(map(matter_risk, own), risks(run))),
                "findings": Stream(
                    chain(map(matter_finding, own), findings(run, findings_only=True))
                ),
                "poam-items": Stream(_items(run, own)),
            }
        }
    )


def system_uuid(run: Run) -> str:
    """Return the id of what is audited as a whole: that of the profile, else that of its auditees."""
    if run.profile is not None:
        return uuid("system", "profile", run.profile.id)
    return uuid("system", *(result.auditee for result in run.results))


def _items(run: Run, own: list[Matter]) -> Iterator[Tree]:
    is_empty = not own
    yield from map(_own_item, own)
    for batch in judged(run, findings_only=True):
        is_empty = is_empty and not batch
        yield from map(_item, batch)
    if is_empty:
        yield {
            "uuid": uuid("poam-item", "none"),
            "title": "Nothing has to be done",
            "description": "Every verdict is a pass or does not apply.",
            "props": [prop("outcome", "none")],
        }


def _item(one: Judged) -> Tree:
    verdict, standing = one.verdict, one.standing
    props = [
        prop("outcome", outcome_word(verdict.outcome)),
        prop("severity", one.policy.severity.value),
        id_prop("policy", one.policy.id),
        id_prop("auditee", one.result.auditee),
        id_prop("subject", verdict.subject),
    ]
    if verdict.owner:
        props.append(prop("owner", verdict.owner))
    if one.run.gate is not None:
        props.append(prop("gate", standing.gating.value.replace("_", "-")))
    return kept(
        {
            "uuid": uuid("poam-item", one.key),
            "title": line(one.name()),
            "description": line(wording.sentence(verdict.message)),
            "props": props,
            "origins": origin(),
            "related-findings": [{"finding-uuid": named} for _, named in one.finding_uuids()],
            "related-observations": [{"observation-uuid": one.observation_uuid()}],
            "related-risks": [{"risk-uuid": one.risk_uuid()}],
            "remarks": prose([f"gate: {standing.told}"]) if standing.told else None,
        }
    )


def _own_item(matter: Matter) -> Tree:
    return {
        "uuid": matter.uuid("poam-item"),
        "title": line(matter.name),
        "description": line(matter.said),
        "props": [prop("outcome", matter.kind)],
        "origins": origin(),
        "related-findings": [{"finding-uuid": matter.uuid("finding")}],
        "related-observations": [{"observation-uuid": matter.uuid("observation")}],
        "related-risks": [{"risk-uuid": matter.uuid("risk")}],
    }
