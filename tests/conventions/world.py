"""A world in which expressions are judged by the conventions: any zone, any calendar, the packs' own words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    DATE,
    INT,
    PERIOD,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    Type,
    nullable,
)
from auditor.facts.zones import zone
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.policy_draft import PolicyText
from auditor.language.registry import Functions
from auditor.language.values import Failure, Hollow, Record, Timestamp, Unknown
from auditor.language.vocabulary import PackWords
from auditor.plugins.entry_points import load_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.language.cel.checker import Definition
    from auditor.language.registry import Library
    from auditor.language.values import Value
    from auditor.model.errors import AuditorError

POLICIES: Final = Path(__file__).resolve().parents[2] / "policies"

ZONES: Final = (
    "UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "America/Santiago", "Africa/Cairo",
    "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Pacific/Kiritimati",
)  # fmt: skip
"""Clock changes in both hemispheres, at midnight, by half an hour, and none; the earliest day on earth."""

DAY: Final = dt.timedelta(days=1)
TICK: Final = dt.timedelta(microseconds=1)
WEEKDAYS: Final = frozenset(range(5))


def _record(name: str, **fields: Type) -> ObjectType:
    return ObjectType(name, {field: Field(kind) for field, kind in fields.items()})


PARTY: Final = _record("parties", id=STRING, kind=STRING)
ROLE: Final = _record("role_assignments", party=STRING, role=STRING, to=nullable(DATE), **{"from": nullable(DATE)})  # fmt: skip
DELEGATION: Final = _record(
    "delegations", from_party=STRING, to_party=STRING, role=STRING, to=nullable(DATE), **{"from": nullable(DATE)}
)  # fmt: skip
SPRINT: Final = _record("sprints", id=STRING, closed_at=nullable(TIMESTAMP), planned_end_at=nullable(TIMESTAMP))  # fmt: skip
EXECUTION: Final = _record("execution", started_at=nullable(TIMESTAMP), ended_at=nullable(TIMESTAMP))  # fmt: skip
EXCLUSION: Final = _record("exclusion", kind=STRING, reason=nullable(STRING))
PROJECT: Final = _record(
    "project", execution=EXECUTION, exclusion=nullable(EXCLUSION), engagements=ListType(STRING)
)
ENTRY: Final = _record("time_entries", started_at=nullable(TIMESTAMP), seconds=INT)
ROOT: Final = _record(
    "snapshot",
    project=PROJECT,
    parties=ListType(PARTY),
    role_assignments=ListType(ROLE),
    delegations=ListType(DELEGATION),
    sprints=ListType(SPRINT),
    time_entries=ListType(ENTRY),
)


@dataclass(frozen=True)
class Known:
    """What a function may know beside its arguments."""

    calendar: WorkingCalendar
    as_of: Timestamp
    root: Record


@cache
def functions() -> Functions:
    """Return every installed function."""
    return Functions(cast("Library", library) for library in load_all("auditor.functions").values())


@cache
def words() -> Mapping[str, Definition]:
    """Return the words that a policy of the SEEF pack can use."""
    errors: list[AuditorError] = []
    texts = [
        PolicyText(f"{path}", path.parent.name, path.read_bytes(), path.parent.as_posix())
        for path in (POLICIES / "pack.yaml", POLICIES / "seef" / "pack.yaml")
    ]
    found = PackWords(texts, functions(), errors).of(texts[1])
    assert errors == []
    return {name: definition for name, (definition, _) in found.items()}


def calendar(name: str = "Europe/Berlin", **fields: Any) -> WorkingCalendar:
    """Make a calendar: weekdays nine to five without a holiday, or as *fields* say."""
    known: dict[str, Any] = {
        "working_days": WEEKDAYS,
        "hours": (dt.time(9), dt.time(17)),
        "holidays": frozenset(),
        **fields,
    }
    return WorkingCalendar(zone(name), **known)


def worth(
    text: str,
    where: WorkingCalendar | None = None,
    facts: Mapping[str, Any] | None = None,
    gaps: Mapping[str, str] | None = None,
    **variables: Any,
) -> Value:
    """
    Evaluate an expression as a policy would.

    Args:
        text: It may use the packs' words, the facts, and *variables*.
        where: Zone and working time.
        facts: The snapshot; what is not in it is unobserved.
        gaps: Why.
        variables: Instants, days and lists by name; ``as_of`` and ``period`` among them.
    """
    where = where or calendar()
    lift = Lift(Gaps(gaps or {}), where)
    root = Record(dict(facts or {}), ROOT, "")
    types: dict[str, Type] = {name: field.type for name, field in ROOT.fields.items()}
    values: dict[str, Value] = {name: lift.field(root, name) for name in ROOT.fields}
    for name, raw in {"as_of": utc("2026-09-30T16:00:00Z"), **variables}.items():
        types[name] = _type_of(name, raw)
        values[name] = lift.value(raw, types[name], "")
    checked = check(
        parse(text), variables=types, functions=functions(), text=text, definitions=words()
    )
    known = Known(where, values["as_of"], root)
    return plain(Evaluator(functions(), lift, known).evaluate(checked, values)[0])


def _type_of(name: str, raw: Any) -> Type:
    if name == "period":
        return PERIOD
    kinds = {str: STRING, int: INT, dt.datetime: TIMESTAMP, dt.date: TIMESTAMP, type(None): nullable(TIMESTAMP)}  # fmt: skip
    return kinds[type(raw)]


def answer(text: str, *arguments: Any, **variables: Any) -> str:
    """Evaluate a question, and say `true`, `false`, `unknown` or `error`."""
    value = worth(text, *arguments, **variables)
    match value:
        case bool():
            return str(value).lower()
        case Unknown():
            return "unknown"
        case Failure() | Hollow():
            return "error"
        case _:
            return f"no truth: {value!r}"


def utc(text: str) -> dt.datetime:
    """Read an instant."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


# ----- the calendar again, by brute force and by the zone's own rules alone


def local_day(moment: dt.datetime, name: str) -> dt.date:
    """Return the day that the clock on the wall shows, by the same edition of the zones."""
    return moment.astimezone(zone(name)).date()


@cache
def first_instant(day: dt.date, name: str) -> dt.datetime:
    """Find the first instant of a local day by halving: before it the wall shows an earlier day."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    low, high = noon - 2 * DAY, noon + 2 * DAY
    while high - low > TICK:
        middle = low + (high - low) // 2
        if local_day(middle, name) >= day:
            high = middle
        else:
            low = middle
    return high


def last_instant(day: dt.date, name: str) -> dt.datetime:
    """Return the instant before the next local day."""
    return first_instant(day + DAY, name) - TICK
