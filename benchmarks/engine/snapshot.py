"""
What is measured on? A project that is made up by a fixed rule, so that every run measures the same bytes.

Weekly sprints in Berlin, over the night in which clocks change and over holidays. It is wholly recorded, mostly
well run, and has a handful of faults: a stand-up and a review that were missed, too much work in one week,
a retrospective without an owner, a risk and a blocker that nobody escalated in time.
"""

# ruff: noqa: PLR2004 - the figures are the rule by which the project is made up

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from auditor.documents.canonical import canonical


@dataclass(frozen=True, slots=True)
class Size:
    """How many records there are of each kind."""

    sprints: int
    items: int
    status_changes: int
    risks: int
    blockers: int
    time_entries: int


SMALL: Final = Size(
    sprints=20, items=300, status_changes=30, risks=30, blockers=10, time_entries=24
)
"""About 60 kB: 20 sprints of 15 items, 30 risks, 10 approvals."""

LARGE: Final = Size(
    sprints=60, items=5_000, status_changes=20_000, risks=300, blockers=500, time_entries=5_000
)
"""A busy year with its whole history: some 3 MB."""

APPROVALS: Final = 10
ZONE: Final = ZoneInfo("Europe/Berlin")
FIRST_DAY: Final = date(2026, 1, 5)
HOLIDAYS: Final = [
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 14),
    date(2026, 5, 25),
    date(2026, 12, 25),
]
TEAM: Final = ["p1", "p2", "p3"]
DM, PM, DELEGATE = "p4", "p5", "p6"
SEVERITIES: Final = ("low", "medium", "high", "medium", "low", "critical")
WEEK_S: Final = 144_000
Records = list[dict[str, Any]]


def at(day: date, hour: int, minute: int = 0) -> str:
    """Write the instant of a local time in Berlin, as RFC 3339 in UTC."""
    local = datetime.combine(day, time(hour, minute), ZONE)
    return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def monday(week: int) -> date:
    """Return the first day of a sprint."""
    return FIRST_DAY + timedelta(weeks=week)


def day_of(turn: int, size: Size) -> date:
    """Return a working day for the record with this number: one day after the other, over and over."""
    return monday(turn % size.sprints) + timedelta(days=1 + turn % 4)


def project(size: Size) -> dict[str, Any]:
    """Make up the project, as JSON data."""
    last = monday(size.sprints - 1) + timedelta(days=4)
    return {
        "snapshot": {
            "schema": {"name": "project", "version": 1},
            "auditee": "made-up",
            "captured_at": at(last, 18),
            "sources": [{"id": "tracker", "kind": "export", "retrieved_at": at(last, 18)}],
            "time_zone": ZONE.key,
            "calendar": {
                "working_days": ["mon", "tue", "wed", "thu", "fri"],
                "hours": {"from": "09:00", "to": "17:00"},
                "holidays": [day.isoformat() for day in HOLIDAYS],
            },
        },
        "project": {
            "id": "made-up",
            "name": "Made up",
            "method": "scrum",
            "phase": "execution",
            "engagements": ["development", "qa"],
            "execution": {"started_at": at(FIRST_DAY, 9), "ended_at": None},
        },
        "parties": [
            {"id": party, "name": f"Person {party}"} for party in (*TEAM, DM, PM, DELEGATE)
        ],
        "role_assignments": _roles(),
        "delegations": [
            {
                "id": "g1",
                "from_party": DM,
                "to_party": DELEGATE,
                "role": "DM",
                "from": "2025-12-01",
                "to": "2026-01-31",
            }
        ],
        "standards": {
            "escalation": [
                {"severity": severity, "level": level}
                for severity, level in {"low": 1, "medium": 1, "high": 2, "critical": 3}.items()
            ]
        },
        "baselines": _baselines(),
        "approvals": _approvals(),
        "sprints": [_sprint(week) for week in range(size.sprints)],
        "work_items": [_item(number, size) for number in range(size.items)],
        "allocations": [
            _allocation(week, person) for week in range(size.sprints) for person in range(len(TEAM))
        ],
        "change_events": _changes(size),
        "time_entries": [_time_entry(number, size) for number in range(size.time_entries)],
        "meetings": [meeting for week in range(size.sprints) for meeting in _meetings(week)],
        "actions": [_action(number) for number in range(size.sprints)],
        "risks": [_risk(number, size) for number in range(size.risks)],
        "blockers": [_blocker(number, size) for number in range(size.blockers)],
    }


def canonical_size(document: dict[str, Any]) -> int:
    """Return how many bytes the canonical JSON of a document has."""
    return len(canonical(document))


def _roles() -> Records:
    roles = [(person, "Developer") for person in TEAM]
    roles += [(DM, "DM"), (PM, "PM"), (DELEGATE, "Dev Lead")]
    return [
        {"id": f"r{number}", "party": party, "role": role, "from": "2025-11-03", "to": None}
        for number, (party, role) in enumerate(roles)
    ]


def _baselines() -> Records:
    return [
        {
            "id": f"plan-{number}",
            "version": f"{number}.0",
            "content_sha256": f"{number:064x}",
            "effective_at": at(date(2025, 12, 1) + timedelta(weeks=number), 12),
        }
        for number in range(1, 4)
    ]


def _approvals() -> Records:
    """Make up the words on three versions: of the one in force a refusal, and then a delegate's yes."""
    made: Records = []
    for number in range(APPROVALS):
        version = 1 + number // 4
        said = date(2025, 12, 1) + timedelta(weeks=version, days=number % 4 - 3)
        is_last = number == APPROVALS - 1
        made.append(
            {
                "id": f"a{number}",
                "subject": f"plan-{version}",
                "subject_version": f"{version}.0",
                "subject_sha256": f"{version:064x}",
                "decision": "approved" if number % 2 else "rejected",
                "by": DELEGATE if is_last else (DM, PM)[number // 2 % 2],
                "on_behalf_of": DM if is_last else None,
                "at": at(said, 10 + number % 4),
                "recorded_at": at(said, 15),
                "conditions": [],
            }
        )
    return made


def _sprint(week: int) -> dict[str, Any]:
    return {
        "id": f"s{week}",
        "name": f"Sprint {week}",
        "state": "closed",
        "started_at": at(monday(week), 9, 30),
        "closed_at": at(monday(week) + timedelta(days=4), 16),
    }


def _item(number: int, size: Size) -> dict[str, Any]:
    kind = ("story", "task", "defect", "task", "story", "spike")[number % 6]
    item: dict[str, Any] = {
        "id": f"i{number}",
        "type": kind,
        "sprints": [f"s{number * size.sprints // size.items}"],
    }
    if kind in {"task", "spike"}:
        item["deliverable"] = "d1" if number % 4 == 1 else None
    return item


def _allocation(week: int, person: int) -> dict[str, Any]:
    is_over = week % 16 == 7 and person == 0
    return {
        "id": f"l{week}-{person}",
        "party": TEAM[person],
        "sprint": f"s{week}",
        "allocated_s": WEEK_S + 3_600 if is_over else WEEK_S - 3_600 * (person + 2),
        "available_s": WEEK_S,
        "captured_at": at(monday(week), 9),
        "prov": {"method": "export"},
    }


def _changes(size: Size) -> Records:
    moves = ("in_progress", "in_review", "done", "in_progress")
    events: Records = [
        {
            "id": f"c{number}",
            "item": f"i{number % size.items}",
            "field": "status",
            "from": moves[number % 4 - 1],
            "to": moves[number % 4],
            "at": at(day_of(number, size), 10 + number % 6, number % 60),
        }
        for number in range(size.status_changes)
    ]
    for number in range(0, size.risks, 5):  # rated again when it had been looked at
        events.append(
            {
                "id": f"cr{number}",
                "item": f"k{number}",
                "field": "severity",
                "from": "low",
                "to": SEVERITIES[number % 6],
                "at": at(day_of(number, size), 14),
            }
        )
    for number in range(0, size.blockers, 4):
        events.append(
            {
                "id": f"cb{number}",
                "item": f"b{number}",
                "field": "severity",
                "from": SEVERITIES[number % 6],
                "to": "high",
                "at": at(day_of(number, size) + timedelta(days=3), 14),
            }
        )
    return events


def _time_entry(number: int, size: Size) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "item": f"i{number * 7 % size.items}",
        "party": TEAM[number % 3],
        "seconds": 3_600 * (1 + number % 6),
        "started_at": at(day_of(number, size), 11),
    }


def _meetings(week: int) -> Records:
    """Make up a week's: a stand-up a day from the second day on, one review, one retrospective."""
    made: Records = [
        {
            "id": f"m{week}-{day}",
            "kind": "standup",
            "held_at": at(monday(week) + timedelta(days=day), 9, 15),
            "prov": {"method": "export"},
        }
        for day in range(1, 5)
        if monday(week) + timedelta(days=day) not in HOLIDAYS and not (week % 20 == 11 and day == 3)
    ]
    if week % 20 != 14:
        reviewed = monday(week) + timedelta(days=2)
        made.append(
            {
                "id": f"v{week}",
                "kind": "pm_review",
                "held_at": at(reviewed, 14),
                "recorded_at": at(reviewed, 17),
                "attendees": [
                    {"party": TEAM[week % 3], "present": True, "delegate_for": None},
                    {"party": PM, "present": True, "delegate_for": None},
                ],
            }
        )
    made.append(
        {
            "id": f"e{week}",
            "kind": "retrospective",
            "held_at": at(monday(week) + timedelta(days=4), 15),
            "no_action_reason": "What was agreed still holds" if week % 4 == 3 else None,
        }
    )
    return made


def _action(number: int) -> dict[str, Any]:
    """Make up an action of a retrospective; that of a week without need goes to the week before."""
    week = number - (number % 4 == 3)
    agreed = monday(week) + timedelta(days=4)
    is_done = number % 12 != 5
    return {
        "id": f"n{number}",
        "text": f"Mend step {number} of the build",
        "owner": None if number % 24 == 18 else TEAM[number % 3],
        "because": [{"kind": "meeting", "id": f"e{week}"}],
        "raised_at": at(agreed, 15, 30),
        "recorded_at": at(agreed, 16),
        "due_on": (agreed + timedelta(days=14)).isoformat(),
        "replans": [],
        "status": "done",
        "done_at": at(agreed + timedelta(days=12 if is_done else 20), 12),
    }


def _risk(number: int, size: Size) -> dict[str, Any]:
    raised = day_of(number, size)
    is_high = number % 3 == 2
    return {
        "id": f"k{number}",
        "description": f"Interface {number} may change",
        "severity": SEVERITIES[number % 6],
        "score": 15 if is_high else 4,
        "raised_at": at(raised, 9),
        "escalations": [_escalation(raised, 10 if number % 24 != 17 else 0)] if is_high else [],
        "resolved_at": at(raised + timedelta(days=9), 12) if number % 2 else None,
    }


def _blocker(number: int, size: Size) -> dict[str, Any]:
    raised = day_of(number, size)
    is_solved = number % 2 == 1
    return {
        "id": f"b{number}",
        "description": f"No access to environment {number}",
        "severity": SEVERITIES[number % 6],
        "raised_at": at(raised, 9),
        "escalations": [] if is_solved else [_escalation(raised, 30 if number % 16 != 6 else 0)],
        "resolved_at": at(raised, 16) if is_solved else None,
    }


def _escalation(raised: date, minute: int) -> dict[str, Any]:
    """Make up a step that comes in time and high enough; with no minute, on the second day after."""
    day = raised if minute else raised + timedelta(days=2)
    return {
        "at": at(day, 11, minute),
        "to": DM,
        "level": 3,
        "recorded_at": at(day, 12),
    }
