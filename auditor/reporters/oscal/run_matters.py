"""
What no verdict tells and nobody may miss: inputs that cannot be read, members without an audit, an empty run.

Each is an observation, a finding that is not satisfied, and a risk, as a failed policy is: who only counts findings
must not take such a run for a green one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.reporters import wording
from auditor.reporters.oscal.controls import INPUTS, JUDGED, POPULATION, objective_id
from auditor.reporters.oscal.document import origin
from auditor.reporters.oscal.findings import auditee_uuid
from auditor.reporters.oscal.values import (
    Tree,
    id_prop,
    instant,
    kept,
    line,
    place_props,
    prop,
    prose,
    reference,
    uuid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.location import Location
    from auditor.model.run import Run

_WHY: Final = "What was not looked into may be in any state; nobody may take silence for a pass."


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that no verdict tells."""

    control: str
    """Id in OSCAL of what does not hold of the run."""
    kind: str
    name: str
    said: str
    fix: str
    key: str
    slug: str = ""
    place: Location | None = None
    auditee: str | None = None

    def uuid(self, kind: str) -> str:
        """Return the id of what is written of it."""
        return uuid(kind, "run", self.kind, self.key)


def matters(run: Run) -> Iterator[Matter]:
    """Yield what no verdict of a run tells."""
    for number, problem in enumerate(run.problems):
        told = f"{wording.name(problem.name)}: {wording.sentence(problem.message)}"
        yield Matter(
            INPUTS,
            "unreadable",
            f"not read: {wording.name(problem.name)}",
            told,
            problem.hint or "mend the input, then audit again",
            f"{problem.name} {problem.slug} {number}",
            problem.slug,
            problem.location,
        )
    for member in run.untold():
        named = wording.member(run.population, member)
        yield Matter(
            POPULATION,
            "not-audited",
            f"not audited: {named}",
            f"{named}: {wording.NOT_AUDITED}",
            "hand in a snapshot of it, then audit again",
            member,
            auditee=member,
        )
    if not any(result.verdicts for result in run.results):
        told = wording.nothing_audited(run)
        fix = "hand in what is to be judged, then audit again"
        yield Matter(JUDGED, "nothing-audited", "nothing was audited", told, fix, "")


def matter_observation(run: Run, matter: Matter) -> Tree:
    """Return what was observed."""
    place = matter.place
    href = reference(place) if place is not None else None
    subject = {"subject-uuid": auditee_uuid(matter.auditee or ""), "type": "inventory-item"}
    return kept(
        {
            "uuid": matter.uuid("observation"),
            "title": line(matter.name),
            "description": line(matter.said),
            "props": [*_props(matter), *(place_props(place) if place is not None else [])],
            "methods": ["TEST"],
            "types": ["finding"],
            "origins": origin(),
            "subjects": [subject] if matter.auditee is not None else None,
            "relevant-evidence": [{"href": href, "description": line(f"at {place}")}]
            if href
            else None,
            "collected": instant(run.as_of),
        }
    )


def matter_finding(matter: Matter) -> Tree:
    """Return what it says of the run."""
    return {
        "uuid": matter.uuid("finding"),
        "title": line(matter.name),
        "description": line(matter.said),
        "props": _props(matter),
        "origins": origin(),
        "target": {
            "type": "objective-id",
            "target-id": objective_id(matter.control),
            "status": {"state": "not-satisfied", "reason": "other"},
        },
        "related-observations": [{"observation-uuid": matter.uuid("observation")}],
        "related-risks": [{"risk-uuid": matter.uuid("risk")}],
        "remarks": prose([f"fix: {matter.fix}"]),
    }


def matter_risk(matter: Matter) -> Tree:
    """Return what is at risk."""
    return {
        "uuid": matter.uuid("risk"),
        "title": line(matter.name),
        "description": line(matter.said),
        "statement": _WHY,
        "props": _props(matter),
        "status": "open",
        "origins": origin(),
        "remediations": [
            {
                "uuid": matter.uuid("remediation"),
                "lifecycle": "recommendation",
                "title": "What to do",
                "description": line(matter.fix),
            }
        ],
        "related-observations": [{"observation-uuid": matter.uuid("observation")}],
    }


def _props(matter: Matter) -> list[Tree]:
    props = [prop("outcome", matter.kind)]
    if matter.slug:
        props.append(prop("reason", matter.slug))
    if matter.auditee is not None:
        props.append(id_prop("auditee", matter.auditee))
    return props
