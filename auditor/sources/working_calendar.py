"""
A working calendar as a profile or a population writes it.

A list of holidays without its years is a trap: in a year that nobody wrote down no day would be a holiday.
So it says which days it covers, and a holiday outside is a slip.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor.sources import field_rules as rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class CalendarText:
    """A calendar, as a snapshot's head writes one."""

    working_days: tuple[str, ...]
    hours: tuple[str, str] | None
    """None where nobody says: then they stay unobserved."""
    holidays: tuple[str, ...]
    """Sorted."""
    covers: tuple[str, str]
    """First and last day of which the holidays are listed."""
    source: str | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CalendarText:
        """Take over a calendar that keeps `calendar_model`."""
        hours = data["hours"]
        return cls(
            working_days=tuple(data["working_days"]),
            hours=None if hours is None else (hours["from"], hours["to"]),
            holidays=tuple(sorted(data["holidays"])),
            covers=(data["covers"]["from"], data["covers"]["to"]),
            source=data["source"],
        )

    def parts(self) -> dict[str, Any]:
        """Return the calendar as a snapshot's head writes it, without what nobody says."""
        made: dict[str, Any] = {"working_days": list(self.working_days)}
        if self.hours is not None:
            made["hours"] = {"from": self.hours[0], "to": self.hours[1]}
        return made | {
            "holidays": list(self.holidays),
            "covers": {"from": self.covers[0], "to": self.covers[1]},
        }


def faults_of(calendar: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong between the parts of a calendar: where in it, what, and what to do."""
    hours, covers = calendar["hours"], calendar["covers"]
    if hours is not None and hours["to"] <= hours["from"]:
        message = f"work ends at {hours['to']}, not after it begins at {hours['from']}"
        yield ("hours", "to"), message, "write the hours of one day"
    if covers["to"] < covers["from"]:
        message = f"the calendar covers days up to {covers['to']}, before it begins to"
        yield ("covers", "to"), message, "write the earlier day first"
        return
    for position, day in enumerate(calendar["holidays"]):
        if not covers["from"] <= day <= covers["to"]:
            message = f"the holiday {day} is outside the days that the calendar covers"
            hint = "let 'covers' reach to it, and list the other holidays up to there"
            yield ("holidays", position), message, hint


@cache
def calendar_model() -> type[BaseModel]:
    """Return the model of a calendar."""
    # Here, not above: see `auditor.sources.config`.
    from pydantic import (  # noqa: PLC0415 - slow to import
        AfterValidator,
        BaseModel,
        ConfigDict,
        Field,
        create_model,
    )

    strict = ConfigDict(extra="forbid", strict=True)
    day = Annotated[str, AfterValidator(rules.day), Field(json_schema_extra={"format": "date"})]
    moment = Annotated[str, AfterValidator(rules.local_time)]
    # `from` is a word of Python's own, so these two are not written as classes.
    office_hours = create_model(
        "Hours",
        __config__=strict,
        __doc__="Office hours, local time, the same on every working day.",
        **{  # type: ignore[call-overload]
            "from": (moment, Field(description="Start of work, e.g. 09:00.")),
            "to": (moment, Field(description="End of work on the same day, e.g. 17:00.")),
        },
    )
    covered_days = create_model(
        "Covers",
        __config__=strict,
        __doc__="The days of which the holidays are listed; of others nobody knows.",
        **{  # type: ignore[call-overload]
            "from": (day, Field(description="First day.")),
            "to": (day, Field(description="Last day.")),
        },
    )

    class Calendar(BaseModel):
        """A working calendar."""

        model_config = strict

        working_days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
            description="Days of the week that are worked."
        )
        hours: office_hours | None = Field(  # type: ignore[valid-type]
            default=None, description="Office hours; without them 'working hours' stay undecided."
        )
        holidays: list[day] = Field(
            description="Days that are not worked though their day of the week is."
        )
        covers: covered_days = Field(  # type: ignore[valid-type]
            description="First and last day of which the holidays are listed."
        )
        source: str | None = Field(
            default=None,
            description="Where the holidays come from: package and version, or a person.",
        )

    return Calendar
