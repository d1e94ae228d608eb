"""
What may stand in a profile.

The descriptions are what an editor shows beside a key, so they speak to whoever writes the file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor.sources import accepted_gaps as gaps
from auditor.sources import field_rules as rules
from auditor.sources.working_calendar import calendar_model

if TYPE_CHECKING:
    from pydantic import BaseModel


@cache
def profile_model() -> type[BaseModel]:
    """Return the model of a profile; ``schemas/profile.schema.json`` is derived from it."""
    # Here, not above: a run without a profile need not wait for pydantic.
    from pydantic import AfterValidator, BaseModel, ConfigDict, Field  # noqa: PLC0415 - slow to import

    strict = ConfigDict(extra="forbid", strict=True)
    text = Annotated[str, Field(min_length=1)]
    saying = Annotated[str, AfterValidator(rules.saying)]
    below = Annotated[str, Field(min_length=1), AfterValidator(rules.below_folder)]
    day = Annotated[str, AfterValidator(rules.day), Field(json_schema_extra={"format": "date"})]

    class Change(BaseModel):
        """Why something is not as the policies say, who decided it, and when."""

        model_config = strict

        reason: saying = Field(description="Why; the reports repeat it.")
        by: saying = Field(description="Who decided it: a person's name.")
        on: day = Field(description="Day of the decision.")

    class ParameterChange(Change):
        """Another value of a parameter, within the bounds that its policy gives."""

        value: Annotated[Any, AfterValidator(rules.something)] = Field(
            description="The value, written as the policy writes its default: 24 hours, 90 %, 3."
        )

    class SeverityChange(Change):
        """Another severity of a policy."""

        value: Literal["low", "medium", "high", "critical"] = Field(description="The severity.")

    class ProfileCalendar(calendar_model()):  # type: ignore[misc]
        """A working calendar for snapshots in which it is unobserved."""

        zones: list[Annotated[str, AfterValidator(rules.time_zone)]] = Field(
            default=[], description="IANA zones whose auditees it is for, e.g. Europe/Berlin."
        )
        auditees: list[text] = Field(
            default=[], description="Auditees that it is for, whatever their zone."
        )

    class FreshnessChange(BaseModel):
        """How old a snapshot may be at the judged instant."""

        model_config = strict

        value: text = Field(description="Hours, days or weeks, e.g. 3 days.")
        reason: saying | None = Field(
            default=None, description="Why; demanded where it is longer than 7 days."
        )
        by: saying | None = Field(default=None, description="Who decided it.")
        on: day | None = Field(default=None, description="Day of the decision.")

    class AttestInstead(Change):
        """A fact that a source can never show, for which a person is to vouch instead."""

        fact: Annotated[str, AfterValidator(rules.fact)] = Field(
            description="JSON Pointer of the fact, with * for every record: /sprints/*/closed_at."
        )
        policies: list[text] = Field(default=[], description="Policies that wait on it.")
        controls: list[text] = Field(default=[], description="Controls that wait on it.")
        roles: list[text] = Field(min_length=1, description="Roles whose holder may vouch.")
        valid_for: text = Field(description="How long an attestation holds, e.g. 90 days.")

    class Exclusion(Change):
        """A framework from which a valid exclusion under SEEF exempts as well."""

        framework: text = Field(description="Id of the framework, e.g. iq.")

    class Gate(Change):
        """What is asked for at the gate where nobody asks on the command line."""

        fail_on: Literal["low", "medium", "high", "critical", "never"] | None = Field(
            default=None, description="Severity from which on a finding gates; without it low."
        )
        packs: dict[text, Literal["low", "medium", "high", "critical", "never"]] = Field(
            default={}, description="The same for single packs."
        )
        at_most: dict[
            Annotated[str, AfterValidator(rules.pack_and_severity)], Annotated[int, Field(ge=0)]
        ] = Field(
            default={},
            description="How many findings may be there, by SEVERITY or PACK/SEVERITY; with one more all of them count.",
        )
        min_score: Annotated[float, AfterValidator(rules.percent)] | None = Field(
            default=None, description="Lowest score in percent with which the gate is green."
        )

    class ProfileFile(BaseModel):
        """What an organisation chooses and changes of the policies, and what it knows for all projects."""

        model_config = strict | ConfigDict(title="Profile, version 1")

        id: text = Field(description="Id of the profile, e.g. acme-2026.")
        title: saying = Field(description="What the profile is called in reports.")
        owner: saying = Field(description="Who answers for it.")
        version: text = Field(description="Version of it, in quotes where it is a number.")
        packs: Annotated[list[text], Field(min_length=1)] | None = Field(
            default=None, description="Packs that are judged; without it all."
        )
        params: dict[text, dict[text, ParameterChange]] = Field(
            default={}, description="Changed parameters, by policy and parameter."
        )
        severities: dict[text, SeverityChange] = Field(
            default={}, description="Changed severities, by policy."
        )
        standards: below | None = Field(
            default=None,
            description="File with the organisation's standards, for snapshots that do not know them.",
        )
        calendars: dict[text, ProfileCalendar] = Field(
            default={}, description="Working calendars for snapshots that know none, by name."
        )
        mappings: dict[text, below] = Field(
            default={}, description="Status mapping of each reader, for sources without one."
        )
        ext: below | None = Field(
            default=None, description="File with the JSON Schema of the organisation's own fields."
        )
        population: below | None = Field(
            default=None, description="File with the list of auditees that an audit must cover."
        )
        freshness: FreshnessChange | None = Field(
            default=None, description="How old a snapshot may be; without it 7 days."
        )
        attest_instead: list[AttestInstead] = Field(
            default=[], description="Facts that a source can never show, and who vouches instead."
        )
        gate: Gate | None = Field(
            default=None, description="What is asked for at the gate, who decided it, and why."
        )
        accepted_gaps: list[gaps.gap_model()] = Field(  # type: ignore[valid-type]
            default=[], description="Facts that may be missing for a time. Never a fail."
        )
        exclusions: list[Exclusion] = Field(
            default=[],
            description="Frameworks from which a valid exclusion under SEEF exempts as well.",
        )

    return ProfileFile
