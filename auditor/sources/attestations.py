"""
Read a file of attestations.

The top key is ``attestation`` (one record) or ``attestations`` (a list), so that no such file can be taken
for a snapshot. Nothing is judged here: a record of somebody who may not vouch is read like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final

from auditor.documents.nodes import node_at
from auditor.documents.pointer import join, split
from auditor.documents.tree import parse_tree
from auditor.documents.yaml import compose
from auditor.facts.instants import parse_day, parse_instant
from auditor.model.attestation import Attestation, AttestedDocument
from auditor.model.errors import AttestationError, DocumentError
from auditor.sources import field_rules as rules
from auditor.sources.located_model import Unfit, validated

if TYPE_CHECKING:
    from pydantic import BaseModel

    from auditor.documents.yaml import Node
    from auditor.sources.contract import PlaceIndex

ONE: Final = "attestation"
SEVERAL: Final = "attestations"
_SNAPSHOT: Final = "snapshot"
_PAIR: Final = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_EITHER: Final = f"it wants either '{ONE}' or '{SEVERAL}'"


@dataclass(frozen=True, slots=True)
class FiledAttestation:
    """An attestation, and where its fields stand."""

    record: Attestation
    pointer: str
    """Of the record in its file."""
    places: PlaceIndex
    """Finds the fields, by their pointers in the file."""


def holds_attestations(data: bytes, *, path: str) -> bool:
    """Tell whether a file is one of attestations; what cannot be parsed is none, and is told elsewhere."""
    try:
        document = parse_tree(data, path=path).data
    except DocumentError:
        return False
    if not isinstance(document, dict) or _SNAPSHOT in document:
        return False
    return ONE in document or SEVERAL in document


def parse_attestations(data: bytes, *, path: str) -> tuple[FiledAttestation, ...]:
    """
    Read the bytes of a file of attestations, JSON or YAML.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It cannot be parsed.
        ErrorGroup: It breaks the rules; each breach with its place.
    """
    tree = parse_tree(data, path=path)
    # Read as YAML for the places of what is wrong: JSON is YAML, save for characters in two halves.
    root = compose(_PAIR.sub(_character, data), path=path)
    found = validated(
        attestation_model(), root, what="a file of attestations", kind=AttestationError
    ).model_dump()
    if found[ONE] is not None:
        records = [(join(ONE), found[ONE])]
    else:
        records = [(join(SEVERAL, n), record) for n, record in enumerate(found[SEVERAL] or ())]
    return tuple(
        FiledAttestation(_record(values, node_at(root, split(pointer))), pointer, tree)
        for pointer, values in records
    )


def _character(halves: re.Match[bytes]) -> bytes:
    """Write a character that JSON escapes in two halves as itself."""
    high, low = (int(half, 16) for half in halves.groups()[1:])
    code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    return halves[1] + chr(code).encode()


def _record(values: dict[str, Any], node: Node) -> Attestation:
    last = values["expires_on"]
    return Attestation(
        control=values["control"],
        auditee=values["auditee"],
        by=values["by"],
        at=parse_instant(values["at"]),
        recorded_at=parse_instant(values["recorded_at"]),
        expires_on=None if last is None else parse_day(last),
        statement=values["statement"],
        documents=tuple(AttestedDocument(**named) for named in values["documents"]),
        subject=values["subject"],
        role=values["role"],
        place=node.location,
    )


@cache
def attestation_model() -> type[BaseModel]:
    """Return the model of a file; ``schemas/attestation.schema.json`` is derived from it."""
    # Here, not above: a run without attestations need not wait for pydantic.
    from pydantic import (  # noqa: PLC0415 - slow to import
        AfterValidator,
        BaseModel,
        ConfigDict,
        Field,
        model_validator,
    )

    strict = ConfigDict(extra="forbid", strict=True)
    text = Annotated[str, Field(min_length=1)]
    instant = Annotated[str, AfterValidator(_instant)]

    class Document(BaseModel):
        """A document in the version that the attestation is about."""

        model_config = strict

        id: text = Field(description="Id of the document in the snapshot or in a register.")
        version: text = Field(description="Version as its author names it.")

    class Record(BaseModel):
        """A person's dated word that a control holds."""

        model_config = strict

        control: text = Field(description="Id of the control, e.g. SEEF-IMP-09.")
        auditee: text = Field(description="Id of the project or unit, as its snapshot says it.")
        subject: text | None = Field(
            default=None,
            description="Key of the one subject that it is about, where a policy judges each of several; null for the auditee as a whole.",
        )
        by: text = Field(description="Id of the person, a party of the snapshot.")
        role: text | None = Field(
            default=None,
            description="Role as the person writes it, for display: only the register of roles counts.",
        )
        at: instant = Field(
            description="When the word was given: an instant with its offset, or a bare day."
        )
        recorded_at: instant = Field(
            description="When it was written down: an instant with its offset, or a bare day."
        )
        expires_on: Annotated[str, AfterValidator(_day)] | None = Field(
            description="Last day on which it holds; null where only the policy limits it.",
            json_schema_extra={"format": "date"},
        )
        statement: Annotated[str, Field(min_length=1), AfterValidator(rules.saying)] = Field(
            description="What the person states, in words."
        )
        documents: list[Document] = Field(
            default=[], description="What was looked at, each in its version."
        )

    class AttestationFile(BaseModel):
        """One attestation, or a list of them."""

        model_config = strict | ConfigDict(
            title="Attestations, version 1",
            json_schema_extra={"oneOf": [{"required": [ONE]}, {"required": [SEVERAL]}]},
        )

        attestation: Record | None = Field(default=None, description="One record.")
        attestations: list[Record] | None = Field(default=None, description="Several records.")

        @model_validator(mode="after")
        def _is_one_or_several(self) -> AttestationFile:
            if (self.attestation is None) is (self.attestations is None):
                raise Unfit(_EITHER, f"write '{ONE}: {{...}}' or '{SEVERAL}: [...]'")
            return self

    return AttestationFile


def _instant(text: str) -> str:
    parse_instant(text)
    return text


def _day(text: str) -> str:
    parse_day(text)
    return text
