"""
The attestations of a run: where their facts stand, and which of them nothing asked for.

A pointer ``/attestations/<n>/...`` of a verdict means the n-th attestation of its auditee; every other one
leads into the snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import index_of, join, split
from auditor.evaluation.attestations import ENTITY, auditee_ids
from auditor.model.run import NotUsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.facts.snapshot import Snapshot
    from auditor.language.plan import CompiledPolicy, Plan
    from auditor.model.attestation import Attestation
    from auditor.model.location import Location
    from auditor.model.result import ResultDocument
    from auditor.sources.attestations import FiledAttestation
    from auditor.sources.contract import PlaceIndex

_WRITTEN_AS: Final = {"expires_at": "expires_on"}
"""Fields that expressions know by another name than the file."""


def filed_for(
    snapshot: Snapshot, attestations: Iterable[FiledAttestation]
) -> tuple[FiledAttestation, ...]:
    """Return the attestations of one auditee; the position of each is its number in pointers."""
    known = set(auditee_ids(snapshot))
    return tuple(filed for filed in attestations if filed.record.auditee in known)


@dataclass(frozen=True, slots=True)
class AttestedPlaces:
    """Finds the facts of a snapshot and of the attestations beside it."""

    snapshot: PlaceIndex
    attestations: tuple[FiledAttestation, ...]
    """As `filed_for` returns them."""

    def locate(self, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the place of each pointer that has one."""
        outside: list[str] = []
        inside: dict[int, list[str]] = {}
        for pointer in pointers:
            tokens = split(pointer)
            number = None
            if tokens[:1] == [ENTITY] and len(tokens) > 1:
                number = index_of(tokens[1], len(self.attestations))
            if number is None:
                outside.append(pointer)
            else:
                inside.setdefault(number, []).append(pointer)
        found = dict(self.snapshot.locate(outside)) if outside else {}
        for number, wanted in inside.items():
            found |= _in_file(self.attestations[number], wanted)
        return found


def _in_file(filed: FiledAttestation, pointers: Iterable[str]) -> dict[str, Location]:
    """Find facts of one record; what is not written stands where the record does."""
    steps = {pointer: [_WRITTEN_AS.get(t, t) for t in split(pointer)[2:]] for pointer in pointers}
    own = {pointer: filed.pointer + join(*tokens) for pointer, tokens in steps.items()}
    known = filed.places.locate(own.values())
    found = {}
    for pointer, place in own.items():
        location = known.get(place, filed.record.place)
        if location is not None:
            found[pointer] = location
    return found


def unused_attestations(
    attestations: Iterable[FiledAttestation],
    snapshots: Iterable[Snapshot],
    plan: Plan | None,
    results: Iterable[ResultDocument],
) -> list[NotUsed]:
    """
    Tell which attestations nothing in a run asked for, each with the reason.

    Args:
        attestations: All that were read.
        snapshots: Those that were judged.
        plan: The policies; None where there is none.
        results: What was judged.
    """
    documents = {result.auditee: result for result in results}
    known: dict[str, ResultDocument] = {}
    for snapshot in snapshots:
        if snapshot.auditee in documents:
            known |= dict.fromkeys(auditee_ids(snapshot), documents[snapshot.auditee])
    unused = []
    for filed in attestations:
        reason = _why_unused(filed.record, known, plan)
        if reason is not None:
            unused.append(NotUsed(str(filed.record.place or filed.pointer), reason))
    return unused


def _why_unused(
    record: Attestation, known: Mapping[str, ResultDocument], plan: Plan | None
) -> str | None:
    result = known.get(record.auditee)
    if result is None:
        return f"it is about {record.auditee}, which is not judged here"
    asking = [
        policy.summary.id
        for policy in (plan.policies if plan is not None else ())
        if policy.summary.target == result.target and _asks(policy, record.control, plan)
    ]
    if not asking:
        return f"no policy asks for an attestation of {record.control}"
    subjects = {verdict.subject for verdict in result.verdicts if verdict.policy in asking}
    if record.subject in {None, record.auditee}:
        is_judged = result.auditee in subjects
    else:
        is_judged = record.subject in subjects
    if is_judged:
        return None
    policies = ", ".join(asking)
    if record.subject is None:
        return f"{policies} judges one subject after the other, and the record names none"
    return f"{policies} judges nothing that is called '{record.subject}'"


def _asks(policy: CompiledPolicy, control: str, plan: Plan | None) -> bool:
    if control not in policy.summary.controls:
        return False
    instead = plan.attest_instead if plan is not None else ()
    return policy.attest is not None or any(one.serves(policy.summary) for one in instead)
