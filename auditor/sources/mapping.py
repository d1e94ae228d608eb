"""
Read a status mapping: what a tool's own names for statuses and types mean.

The file has an owner, because it decides what "done" is: whoever moves a name to another category changes
verdicts. A name that is not in it has no meaning; it is reported, never guessed.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor.documents.yaml import compose
from auditor.facts.instants import parse_day
from auditor.sources.located_model import validated

if TYPE_CHECKING:
    from pydantic import BaseModel

Category = Literal["todo", "in_progress", "blocked", "in_review", "done", "cancelled"]
ItemType = Literal["story", "task", "defect", "epic", "spike", "change"]


def read_mapping(data: bytes, *, path: str) -> dict[str, Any]:
    """
    Read a mapping file.

    Returns:
        ``owner``, ``at``, ``statuses`` and ``types``, as `ReaderOptions.mapping` wants them.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules of a mapping; each breach with its place.
    """
    model = validated(mapping_model(), compose(data, path=path), what="a status mapping")
    return model.model_dump()


@cache
def mapping_model() -> type[BaseModel]:
    """Return the model of a mapping file; ``schemas/mapping.schema.json`` is derived from it."""
    # Here, not above: importing pydantic takes longer than reading a mapping.
    from pydantic import AfterValidator, BaseModel, ConfigDict, Field  # noqa: PLC0415 - slow to import

    class Mapping(BaseModel):
        """What a tool's own names for statuses and types mean."""

        model_config = ConfigDict(extra="forbid", strict=True, title="Status mapping, version 1")

        owner: str = Field(min_length=1, description="Who answers for the mapping.")
        at: Annotated[str, AfterValidator(_day)] = Field(
            description="Day on which it was last agreed, e.g. 2026-03-03.",
            json_schema_extra={"format": "date"},
        )
        statuses: Annotated[dict[str, Category], AfterValidator(_distinct)] = Field(
            min_length=1, description="Name of a status, as the tool writes it, to its category."
        )
        types: Annotated[dict[str, ItemType], AfterValidator(_distinct)] = Field(
            default={}, description="Name of a type of item, as the tool writes it, to ours."
        )

    return Mapping


def _day(text: str) -> str:
    parse_day(text)
    return text


def _distinct(names: dict[str, Any]) -> dict[str, Any]:
    """Refuse two spellings of one name: which of the two is meant would depend on the tool's bytes."""
    seen: dict[str, str] = {}
    for name in names:
        same = seen.setdefault(unicodedata.normalize("NFC", name), name)
        if same != name:
            msg = f"'{name}' is there twice, spelt with different characters that look alike"
            raise ValueError(msg)
    return names
