"""
Read a status mapping: what a tool's own names for statuses and types mean.

The file has an owner, because it decides what "done" is: whoever moves a name to another category changes
verdicts. A name that is not in it has no meaning; it is reported, never guessed. A mapping by which nothing is
ever done is refused: every rule on finished work would hold, because there is none.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from auditor.documents.nodes import node_at
from auditor.documents.yaml import compose
from auditor.facts.instants import parse_day
from auditor.model.errors import ConfigError
from auditor.sources.located_model import validated

if TYPE_CHECKING:
    from pydantic import BaseModel

Category = Literal["todo", "in_progress", "blocked", "in_review", "done", "cancelled"]
ItemType = Literal["story", "task", "defect", "epic", "spike", "change"]
_DONE: Final = "done"


def read_mapping(data: bytes, *, path: str) -> dict[str, Any]:
    """
    Read a mapping file.

    Returns:
        ``owner``, ``at``, ``statuses`` and ``types``, as `ReaderOptions.mapping` wants them.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules of a mapping; each breach with its place.
        ConfigError: No status means that an item is done.
    """
    root = compose(data, path=path)
    mapping = validated(mapping_model(), root, what="a status mapping").model_dump()
    if _DONE not in mapping["statuses"].values():
        place = node_at(root, ("statuses",))
        msg = f"no status means '{_DONE}', so that nothing would ever be done"
        raise ConfigError(
            msg,
            hint=f"name the status in which work is finished, e.g. 'Closed: {_DONE}'",
            location=place.location,
            excerpt=place.excerpt,
        )
    return mapping


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
