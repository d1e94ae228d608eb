"""
Read accepted gaps: which facts may be missing for a time, why, and who has decided it.

They stand in a file of their own or in a profile, never in the repository of those who are judged. Each names one
kind of fact: there is no entry for everything, because somebody who accepts everything has looked at nothing.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from auditor.documents.nodes import node_at
from auditor.documents.pointer import split
from auditor.documents.yaml import compose
from auditor.facts.instants import parse_day
from auditor.model.accepted import AcceptedGap
from auditor.model.errors import AcceptedGapError, ErrorGroup
from auditor.sources import field_rules as rules
from auditor.sources.located_model import Unfit, validated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from auditor.documents.nodes import Node
    from auditor.model.errors import ConfigError

Fault = TypeVar("Fault", bound="ConfigError")

KEY: Final = "accepted_gaps"
LONGEST_DAYS: Final = 180
"""Days after the decision on which it holds at most: half a year, after which somebody looks again."""
SHORTEST_REASON: Final = 20
"""Characters of a reason: with fewer nobody can say what the matter is and what is done about it."""


def parse_accepted(data: bytes, *, path: str) -> tuple[AcceptedGap, ...]:
    """
    Read the bytes of a file of accepted gaps.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules; each breach with its place.
    """
    root = compose(data, path=path)
    what = "a file of accepted gaps"
    found = validated(accepted_model(), root, what=what, kind=AcceptedGapError).model_dump()
    faults = list(faults_of(found[KEY], root, AcceptedGapError))
    if faults:
        raise ErrorGroup(faults)
    return gaps_of(found[KEY], root)


def gaps_of(found: Sequence[Mapping[str, Any]], root: Node) -> tuple[AcceptedGap, ...]:
    """Return the gaps below `KEY` of a document that keeps the rules."""
    return tuple(
        AcceptedGap(
            **{**entry, "auditees": tuple(entry["auditees"])},
            location=node_at(root, (KEY, place)).location,
        )
        for place, entry in enumerate(found)
    )


def faults_of(found: Sequence[Mapping[str, Any]], root: Node, kind: type[Fault]) -> Iterator[Fault]:
    """Find entries that hold for too long, or end before they begin."""
    for place, entry in enumerate(found):
        first, last = parse_day(entry["on"]), parse_day(entry["until"])
        node = node_at(root, (KEY, place, "until"))
        if last < first:
            message = f"it ends on {last}, before it was decided on {first}"
            hint = "name a later day"
        elif last - first > timedelta(days=LONGEST_DAYS):
            message = f"it holds until {last}, more than {LONGEST_DAYS} days after {first}"
            hint = f"name {first + timedelta(days=LONGEST_DAYS)} or earlier; decide anew by then"
        else:
            continue
        yield kind(message, hint=hint, location=node.location, excerpt=node.excerpt)


def _fact(pointer: str) -> str:
    tokens = split(pointer)
    if not [token for token in tokens if token not in {"*", "**"}]:
        msg = f"'{pointer}' would accept that anything is missing"
        raise Unfit(msg, "name one kind of fact, as the report does under 'Missing facts'")
    if "**" in tokens or tokens[0] == "*":
        msg = f"'{pointer}' names no kind of fact"
        raise Unfit(msg, "write '*' only for an index, as the report does under 'Missing facts'")
    if any(token.isdecimal() for token in tokens):
        msg = f"'{pointer}' names one record by its place in a list, which changes"
        raise Unfit(msg, "write '*' for the index")
    return pointer


def _reason(text: str) -> str:
    rules.saying(text)
    if len(text.strip()) < SHORTEST_REASON:
        msg = f"'{text}' has fewer than {SHORTEST_REASON} characters"
        raise Unfit(msg, "say why the fact is missing, and what is done about it")
    return text


@cache
def gap_model() -> type[BaseModel]:
    """Return the model of one accepted gap."""
    # Here, not above: a run without accepted gaps need not wait for pydantic.
    from pydantic import AfterValidator, BaseModel, ConfigDict, Field  # noqa: PLC0415 - slow to import

    text = Annotated[str, Field(min_length=1)]
    day = Annotated[str, AfterValidator(rules.day), Field(json_schema_extra={"format": "date"})]

    class Gap(BaseModel):
        """A kind of fact that may be missing for a time, who decided it, and why."""

        model_config = ConfigDict(extra="forbid", strict=True)

        fact: Annotated[str, Field(min_length=1), AfterValidator(_fact)] = Field(
            description="JSON Pointer of the fact with * for an index, as reports print it: /risks/*/contingency."
        )
        gap: text | None = Field(
            default=None,
            description="The way in which it may be missing, e.g. not_collected; without it every way.",
        )
        auditees: list[text] = Field(
            default=[],
            description="Ids of the auditees in which it may be missing; without it all.",
        )
        reason: Annotated[
            str, AfterValidator(_reason), Field(json_schema_extra={"minLength": SHORTEST_REASON})
        ] = Field(description="Why it is missing, and what is done about it.")
        by: Annotated[str, AfterValidator(rules.saying)] = Field(
            description="Who decided it: a person's name."
        )
        on: day = Field(description="Day of the decision.")
        until: day = Field(
            description=f"Last day on which it holds, where the auditee is; {LONGEST_DAYS} days later at most."
        )

    return Gap


@cache
def accepted_model() -> type[BaseModel]:
    """Return the model of a file of accepted gaps; ``schemas/accepted.schema.json`` is derived from it."""
    from pydantic import BaseModel, ConfigDict, Field  # noqa: PLC0415 - slow to import

    class AcceptedFile(BaseModel):
        """Facts that may be missing for a time, each with who decided it, and why."""

        model_config = ConfigDict(extra="forbid", strict=True, title="Accepted gaps, version 1")

        accepted_gaps: list[gap_model()] = Field(  # type: ignore[valid-type]
            description="Facts that may be missing. Never a fail, never a policy that broke."
        )

    return AcceptedFile
