"""
Read a profile: what an organisation chooses and changes of the policies, and what it knows for all projects.

One file per run, written by whoever answers for the audit and never by those who are judged. Nothing in it is
changed in silence: every change says why, by whom and on which day, and the reports repeat it. Which policies
and parameters there are is not known here; that is checked when the policies are read, and told at the place
in the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.documents.nodes import key_at, node_at
from auditor.documents.yaml import compose
from auditor.model.errors import ErrorGroup, ProfileError
from auditor.model.tailoring import FRESHNESS, FRESHNESS_PARAM, Override, Tailoring
from auditor.sources.accepted_gaps import faults_of as faults_of_gaps
from auditor.sources.accepted_gaps import gaps_of
from auditor.sources.located_model import validated, written
from auditor.sources.profile_model import profile_model
from auditor.sources.working_calendar import CalendarText, faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.documents.yaml import Node
    from auditor.model.accepted import AcceptedGap


@dataclass(frozen=True, slots=True)
class Because:
    """Why something was changed, by whom, and when."""

    reason: str
    by: str
    on: str
    """Calendar day."""


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """A working calendar, and the auditees for which it stands in."""

    name: str
    zones: tuple[str, ...]
    auditees: tuple[str, ...]
    calendar: CalendarText


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a snapshot may be at the judged instant."""

    within: str
    """A span, as written."""
    because: Because | None
    """None where nobody asked for more than `FRESHNESS`."""
    override: Override | None
    """What replaces the value of the policy; None where the profile does not speak of it."""


@dataclass(frozen=True, slots=True)
class ToAttestation:
    """A fact that a source can never show, for which a person is to vouch instead."""

    fact: str
    """JSON Pointer, with ``*`` for every record."""
    policies: tuple[str, ...]
    controls: tuple[str, ...]
    roles: tuple[str, ...]
    """Who may vouch."""
    valid_for: str
    """A span, as written."""
    because: Because
    node: Node


@dataclass(frozen=True, slots=True)
class ExtendedExclusion:
    """A framework from which a valid exclusion under SEEF exempts as well. Source: convention C16."""

    framework: str
    because: Because
    node: Node


@dataclass(frozen=True, slots=True)
class ProfileGate:
    """What a profile asks for at the gate."""

    fail_on: str | None
    """A severity or ``never``; None where it does not say."""
    packs: Mapping[str, str]
    at_most: Mapping[str, int]
    """By ``SEVERITY`` or ``PACK/SEVERITY``."""
    min_score: float | None
    because: Because
    node: Node


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile, as written."""

    id: str
    title: str
    owner: str
    version: str
    packs: tuple[str, ...] | None
    """None for every pack that there is."""
    tailoring: Tailoring
    standards: str | None
    """File, below the profile's folder, as are `mappings`, `ext` and `population`."""
    calendars: tuple[NamedCalendar, ...]
    mappings: Mapping[str, str]
    """Reader to file."""
    ext: str | None
    population: str | None
    freshness: Freshness
    attest_instead: tuple[ToAttestation, ...]
    exclusions: tuple[ExtendedExclusion, ...]
    gate: ProfileGate | None
    accepted_gaps: tuple[AcceptedGap, ...]
    root: Node

    def node(self, *path: str | int) -> Node:
        """Return what stands at *path*, or the nearest thing around it."""
        return node_at(self.root, path)

    def key(self, *path: str) -> Node:
        """Return the key that ends *path*."""
        return key_at(self.root, path)


def parse_profile(data: bytes, *, path: str) -> Profile:
    """
    Read the bytes of a profile.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules; each breach with its place.
    """
    root = compose(data, path=path)
    model = validated(profile_model(), root, what="a profile", kind=ProfileError)
    found = model.model_dump()
    faults = list(_faults(found, root))
    if faults:
        raise ErrorGroup(faults)
    return Profile(
        id=found["id"],
        title=found["title"],
        owner=found["owner"],
        version=found["version"],
        packs=None if found["packs"] is None else tuple(found["packs"]),
        tailoring=Tailoring(
            params={
                policy: _overrides(root, changes, "params", policy)
                for policy, changes in found["params"].items()
            },
            severities=_overrides(root, found["severities"], "severities"),
        ),
        standards=found["standards"],
        calendars=tuple(
            NamedCalendar(name, tuple(one["zones"]), tuple(one["auditees"]), CalendarText.of(one))
            for name, one in found["calendars"].items()
        ),
        mappings=found["mappings"],
        ext=found["ext"],
        population=found["population"],
        freshness=_freshness(found["freshness"], root),
        attest_instead=tuple(
            ToAttestation(
                fact=one["fact"],
                policies=tuple(one["policies"]),
                controls=tuple(one["controls"]),
                roles=tuple(one["roles"]),
                valid_for=one["valid_for"],
                because=_because(one),
                node=node_at(root, ("attest_instead", position)),
            )
            for position, one in enumerate(found["attest_instead"])
        ),
        exclusions=tuple(
            ExtendedExclusion(
                one["framework"], _because(one), node_at(root, ("exclusions", position))
            )
            for position, one in enumerate(found["exclusions"])
        ),
        gate=_gate(found["gate"], root),
        accepted_gaps=gaps_of(found["accepted_gaps"], root),
        root=root,
    )


def _gate(found: Mapping[str, Any] | None, root: Node) -> ProfileGate | None:
    if found is None:
        return None
    return ProfileGate(
        found["fail_on"],
        found["packs"],
        found["at_most"],
        found["min_score"],
        _because(found),
        key_at(root, ("gate",)),
    )


def _overrides(
    root: Node, changes: Mapping[str, Mapping[str, Any]], *above: str
) -> dict[str, Override]:
    return {name: _override(root, change, *above, name) for name, change in changes.items()}


def _override(root: Node, change: Mapping[str, Any], *path: str) -> Override:
    return Override(
        change["value"],
        at=written(node_at(root, (*path, "value"))),
        name_at=written(key_at(root, path)),
        reason=change["reason"],
        by=change["by"],
        on=change["on"],
    )


def _because(change: Mapping[str, str]) -> Because:
    return Because(change["reason"], change["by"], change["on"])


def _freshness(found: Mapping[str, Any] | None, root: Node) -> Freshness:
    if found is None:
        return Freshness(FRESHNESS, None, None)
    because = None if found["reason"] is None else _because(found)
    return Freshness(found["value"], because, _override(root, found, "freshness"))


def _faults(found: Mapping[str, Any], root: Node) -> Iterator[ProfileError]:
    """Find what is wrong between the parts of a profile, each of which is right by itself."""
    yield from faults_of_gaps(found["accepted_gaps"], root, ProfileError)
    for name, calendar in found["calendars"].items():
        for step, message, hint in faults_of(calendar):
            yield _fault(node_at(root, ("calendars", name, *step)), message, hint)
    for key in ("zones", "auditees"):
        taken: dict[str, str] = {}
        for name, calendar in found["calendars"].items():
            for position, meant in enumerate(calendar[key]):
                first = taken.setdefault(meant, name)
                if first != name:
                    node = node_at(root, ("calendars", name, key, position))
                    message = f"the calendar '{first}' is already that of '{meant}'"
                    yield _fault(node, message, "name it in one calendar only")
    freshness = found["freshness"]
    if freshness is not None:
        told = [freshness[key] is not None for key in ("reason", "by", "on")]
        if any(told) and not all(told):
            message = "a changed freshness has a reason, a name and a day"
            yield _fault(
                node_at(root, ("freshness",)), message, "add reason: ..., by: ..., on: ..."
            )
        policy, param = FRESHNESS_PARAM
        if param in found["params"].get(policy, {}):
            message = f"the parameter '{param}' of '{policy}' is set by 'freshness', too"
            yield _fault(key_at(root, ("params", policy, param)), message, "leave one of them out")
    for position, one in enumerate(found["attest_instead"]):
        if not one["policies"] and not one["controls"]:
            node = node_at(root, ("attest_instead", position))
            message = "nothing says which verdicts are to be attested instead"
            yield _fault(node, message, "add policies: [...] or controls: [...]")


def _fault(node: Node, message: str, hint: str) -> ProfileError:
    return ProfileError(message, hint=hint, location=node.location, excerpt=node.excerpt)
