"""
Read an ``auditor.yaml``: where the facts of one auditee come from, and which policies come on top.

It stands in the delivery repository, so those who are judged write it. It can add policies, raise severities
and tighten the gate; it can neither leave a policy out nor loosen anything, and no path in it leads out of its
own folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from auditor.documents.nodes import key_at, node_at
from auditor.documents.pointer import split
from auditor.documents.yaml import compose
from auditor.facts.gaps import EVERY
from auditor.model.severity import Severity
from auditor.model.tailoring import Override
from auditor.sources import field_rules as rules
from auditor.sources.located_model import validated, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from auditor.documents.yaml import Node
    from auditor.model.location import Location
    from auditor.model.tailoring import Written

_PROFILE: Final = "it belongs in the organisation's profile (--profile FILE), which those who are judged do not write"
_ELSEWHERE: Final = {
    **dict.fromkeys(
        (
            "accepted_gaps",
            "attest_instead",
            "calendars",
            "exclusions",
            "ext",
            "freshness",
            "gate",
            "packs",
            "params",
            "standards",
        ),
        _PROFILE,
    ),
    "mappings": "name a 'mapping' with each source; one for all repositories belongs in the profile",
    "population": "name it with --population FILE, or in the profile",
    "profile": "name it with --profile FILE: those who are judged do not choose it",
}
"""Keys that somebody could look for here, and where they belong."""

_HEAD: Final = "snapshot"
_CALENDAR: Final = "calendar"


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source of the snapshot."""

    reader: str
    path: str
    """Relative to the folder of the ``auditor.yaml``, POSIX; ``.`` is that folder."""
    mapping: str | None
    """Status mapping, relative likewise."""
    captured_at: str | None
    leave_out: tuple[str, ...]
    """Pointers of facts that another source is to give."""
    settings: Mapping[str, Any]
    """What the reader itself wants to know; it refuses what it does not know."""
    node: Node

    def location(self, pointer: str = "") -> Location:
        """Return where the key at *pointer* stands, e.g. ``/path`` or ``/settings/site``."""
        return node_at(self.node, split(pointer)).location


@dataclass(frozen=True, slots=True)
class Config:
    """An ``auditor.yaml``."""

    auditee: str | None
    time_zone: str | None
    captured_at: str | None
    sources: tuple[SourceConfig, ...]
    policies: tuple[str, ...]
    """Folders of policies, relative to the folder of the file."""
    fail_on: Severity | None
    fail_on_packs: Mapping[str, Severity]
    """By pack."""
    packs_at: Mapping[str, Written]
    """Where each pack of `fail_on_packs` is named; whether there is one shows when the policies are read."""
    min_score: float | None
    """Percent."""
    formats: tuple[str, ...]
    """As ``-f`` takes them: ``FORMAT[:PROFILE][=FILE]``."""
    severities: Mapping[str, Override]
    """Severity by policy; whether each raises, and names a policy, shows when the policies are read."""

    def gate(self, asked: Severity | None) -> Severity | None:
        """Return the stricter of what was asked for (None: never) and what the file says."""
        if asked is None or self.fail_on is None:
            return asked or self.fail_on
        return min(asked, self.fail_on, key=lambda severity: severity.rank)


def parse_config(data: bytes, *, path: str) -> Config:
    """
    Read the bytes of an ``auditor.yaml``.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules; each breach with its place.
    """
    root = compose(data, path=path)
    model = validated(config_model(), root, what="auditor.yaml", elsewhere=_ELSEWHERE)
    found = model.model_dump()
    return Config(
        auditee=found["auditee"],
        time_zone=found["time_zone"],
        captured_at=found["captured_at"],
        sources=tuple(
            SourceConfig(
                **source
                | {"leave_out": tuple(source["leave_out"])}
                | {"node": node_at(root, ("sources", position))}
            )
            for position, source in enumerate(found["sources"])
        ),
        policies=tuple(found["policies"]),
        fail_on=None if found["fail_on"] is None else Severity(found["fail_on"]),
        fail_on_packs={
            pack: Severity(severity) for pack, severity in found["fail_on_packs"].items()
        },
        packs_at={
            pack: written(key_at(root, ("fail_on_packs", pack))) for pack in found["fail_on_packs"]
        },
        min_score=found["min_score"],
        formats=tuple(found["formats"]),
        severities={
            policy: Override(
                severity,
                at=written(node_at(root, ("severities", policy))),
                name_at=written(key_at(root, ("severities", policy))),
            )
            for policy, severity in found["severities"].items()
        },
    )


def _left_out(pointer: str) -> str:
    """
    Take the pointer of a fact about the auditee.

    What a source says of itself is none: without its gaps, a list that was cut short would be a complete one.
    """
    tokens = split(rules.fact(pointer))
    if tokens[0] in (_HEAD, EVERY) and tokens[1:2] != [_CALENDAR]:
        msg = (
            f"'{pointer}' is what a source says of itself, and no fact that another one could give"
        )
        raise ValueError(msg)
    return pointer


@cache
def config_model() -> type[BaseModel]:
    """Return the model of an ``auditor.yaml``; ``schemas/config.schema.json`` is derived from it."""
    # Here, not above: a run without an auditor.yaml need not wait for pydantic.
    from pydantic import AfterValidator, BaseModel, ConfigDict, Field  # noqa: PLC0415 - slow to import

    strict = ConfigDict(extra="forbid", strict=True)
    text = Annotated[str, Field(min_length=1)]
    below = Annotated[str, Field(min_length=1), AfterValidator(rules.below_folder)]
    instant = Annotated[str, AfterValidator(rules.instant)]

    class Source(BaseModel):
        """One source of the snapshot."""

        model_config = strict

        reader: text = Field(description="Reader that understands it, e.g. folder or jira_export.")
        path: below = Field(default=".", description="File or folder, below this file's folder.")
        mapping: below | None = Field(
            default=None, description="Status mapping, below this file's folder."
        )
        captured_at: instant | None = Field(
            default=None, description="Instant up to which this source speaks, if it does not say."
        )
        leave_out: list[Annotated[str, AfterValidator(_left_out)]] = Field(
            default=[], description="JSON Pointers of facts that another source is to give."
        )
        settings: dict[str, Any] = Field(
            default={}, description="What the reader wants to know; see the page of the reader."
        )

    class ConfigFile(BaseModel):
        """Where the facts of one auditee come from, and what is judged more strictly."""

        model_config = strict | ConfigDict(title="auditor.yaml, version 1")

        auditee: text | None = Field(default=None, description="Id of the project or unit.")
        time_zone: Annotated[str, AfterValidator(rules.time_zone)] | None = Field(
            default=None, description="IANA zone of the auditee's local days, e.g. Europe/Berlin."
        )
        captured_at: instant | None = Field(
            default=None, description="Instant up to which sources speak that do not say it."
        )
        sources: list[Source] = Field(
            default=[], description="Where the facts come from; the first named wins for names."
        )
        policies: list[below] = Field(
            default=[], description="Folders of policies that are judged as well."
        )
        fail_on: Literal["low", "medium", "high", "critical"] | None = Field(
            default=None, description="Severity from which on a finding gates; can only tighten."
        )
        fail_on_packs: dict[text, Literal["low", "medium", "high", "critical"]] = Field(
            default={}, description="The same for single packs; can only tighten."
        )
        min_score: Annotated[float, AfterValidator(rules.percent)] | None = Field(
            default=None,
            description="Lowest score in percent with which the gate is green; can only tighten.",
        )
        severities: dict[text, Literal["low", "medium", "high", "critical"]] = Field(
            default={}, description="Severity by policy; can only raise what the policy says."
        )
        formats: list[text] = Field(
            default=[], description="Reports to write, each FORMAT[:PROFILE][=FILE]."
        )

    return ConfigFile
