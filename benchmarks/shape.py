"""
What does it cost to check and type a snapshot, beside parsing it?

Run it from the project's root: ``python benchmarks/shape.py``. One machine's milliseconds say little; the
ratios to `json.loads` in the same run are the result. The snapshot is made up by a fixed rule, so that two
runs measure the same bytes.
"""

from __future__ import annotations

import gc
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from auditor.documents.canonical import digest
from auditor.facts.schema import read_shape
from auditor.facts.shape import Shaper
from auditor.facts.snapshot import SnapshotModel
from auditor.facts.validate import validator
from auditor.facts.view import cut

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = Path(__file__).parents[1] / "schemas" / "snapshot-project.schema.json"
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PEOPLE = [f"jira:u{number}" for number in range(9)]
OFFSETS = ("+00:00", "+02:00", "+05:30")
ITEMS, EVENTS, ENTRIES, MEETINGS, RISKS = 600, 4_000, 1_500, 250, 120


def at(hours: float, turn: int) -> str:
    """Write an instant so many hours after the start, in one of three offsets."""
    offset = OFFSETS[turn % len(OFFSETS)]
    moved = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    local = START + timedelta(hours=hours) + moved
    return f"{local:%Y-%m-%dT%H:%M:%S}{offset}"


def day(hours: float) -> str:
    """Write the day so many hours after the start."""
    return f"{START + timedelta(hours=hours):%Y-%m-%d}"


def prov(turn: int) -> dict[str, Any]:
    """Say where a record comes from."""
    return {
        "source": "jira",
        "locator": f"/rest/api/3/issue/{turn}",
        "method": "api",
        "captured_at": at(9_000, 0),
    }


def snapshot() -> dict[str, Any]:
    """Make up a project of the size of a busy year."""
    categories = ("todo", "in_progress", "in_review", "done")
    return {
        "snapshot": {
            "schema": {"name": "project", "version": 1},
            "auditee": "jira:10042",
            "captured_at": at(9_000, 0),
            "sources": [{"id": "jira", "kind": "jira_export", "retrieved_at": at(9_000, 0)}],
            "time_zone": "Europe/Berlin",
            "calendar": {
                "working_days": ["mon", "tue", "wed", "thu", "fri"],
                "hours": {"from": "09:00", "to": "17:00"},
                "holidays": ["2026-04-03", "2026-04-06", "2026-05-01"],
            },
        },
        "project": {
            "id": "jira:10042",
            "name": "Apollo (invented)",
            "method": "scrum",
            "phase": "execution",
            "engagements": ["development"],
            "execution": {"started_at": at(0, 0), "ended_at": None},
        },
        "parties": [{"id": person, "name": f"Person {person}"} for person in PEOPLE],
        "sprints": [
            {
                "id": f"jira:s{i}",
                "name": f"Sprint {i}",
                "planned_start_at": at(i * 336, i),
                "planned_end_at": at(i * 336 + 330, i),
                "started_at": at(i * 336 + 1, i),
                "closed_at": at(i * 336 + 331, i),
                "state": "closed",
            }
            for i in range(24)
        ],
        "work_items": [
            {
                "id": f"jira:{10_000 + i}",
                "key": f"AP-{i}",
                "type": ("story", "task", "defect")[i % 3],
                "title": f"Do the thing number {i} for the client",
                "status": {"native": "Erledigt", "category": categories[i % 4]},
                "owners": [PEOPLE[i % 9]],
                "deliverable": None,
                "sprints": [f"jira:s{i % 24}"],
                "due_on": day(i * 8),
                "created_at": at(i, i),
                "started_at": at(i + 50, i),
                "resolved_at": at(i + 200, i) if i % 3 else None,
                "prov": prov(i),
            }
            for i in range(ITEMS)
        ],
        "change_events": [
            {
                "id": f"jira:c{i}",
                "item": f"jira:{10_000 + i % ITEMS}",
                "field": "status",
                "from": categories[i % 4],
                "to": categories[(i + 1) % 4],
                "native": {"from": "Offen", "to": "In Arbeit"},
                "at": at(i * 2.1, i),
                "by": PEOPLE[i % 9],
            }
            for i in range(EVENTS)
        ],
        "time_entries": [
            {
                "id": f"jira:w{i}",
                "item": f"jira:{10_000 + i % ITEMS}",
                "party": PEOPLE[i % 9],
                "seconds": 3_600 * (1 + i % 6),
                "started_at": at(i * 5, i),
                "recorded_at": at(i * 5 + 20, i),
            }
            for i in range(ENTRIES)
        ],
        "meetings": [
            {
                "id": f"m{i}",
                "kind": ("standup", "planning", "retrospective", "review")[i % 4],
                "sprint": f"jira:s{i % 24}",
                "scheduled_at": at(i * 24, i),
                "held_at": at(i * 24 + 0.1, i),
                "recorded_at": at(i * 24 + 2, i),
                "prov": prov(i),
            }
            for i in range(MEETINGS)
        ],
        "risks": [
            {
                "id": f"r{i}",
                "description": "The interface of the client changes without notice",
                "severity": ("low", "medium", "high")[i % 3],
                "probability": 1 + i % 5,
                "impact": 1 + i % 4,
                "score": (1 + i % 5) * (1 + i % 4),
                "raised_at": at(i * 60, i),
                "raised_by": PEOPLE[0],
                "review_on": day(i * 60 + 200),
                "escalations": [{"at": at(i * 60 + 10, i), "to": PEOPLE[1], "level": 2}],
                "resolved_at": None,
            }
            for i in range(RISKS)
        ],
    }


def timed(work: Callable[[], object], repeats: int) -> float:
    """Return the median of some runs, in milliseconds."""
    runs = []
    for _ in range(repeats):
        gc.collect()
        gc.disable()
        began = perf_counter()
        work()
        runs.append((perf_counter() - began) * 1e3)
        gc.enable()
    return median(runs)


def main() -> None:
    """Measure, and print a table."""
    raw = json.dumps(snapshot(), ensure_ascii=False).encode()
    schema = json.loads(SCHEMA.read_bytes())
    shaper = Shaper(read_shape(schema))
    model = SnapshotModel.from_schema(schema)
    parsed = json.loads(raw)
    facts = model.read(parsed)
    oracle = validator(schema)
    earlier = START + timedelta(hours=4_000)
    rows = [
        ("json.loads", timed(lambda: json.loads(raw), 21)),
        ("shape: check and type", timed(lambda: shaper.shape(parsed), 21)),
        ("jsonschema: check only", timed(lambda: list(oracle.iter_errors(parsed)), 3)),
        ("digest of the canonical form", timed(lambda: digest(parsed), 9)),
        ("read: shape, coherence, digest, gaps", timed(lambda: model.read(parsed), 9)),
        (
            "cut at captured_at",
            timed(lambda: cut(facts.document, facts.root, facts.captured_at), 9),
        ),
        ("cut in mid-year", timed(lambda: cut(facts.document, facts.root, earlier), 9)),
        ("once: read the schema, make the shaper", timed(lambda: Shaper(read_shape(schema)), 5)),
    ]
    instants = len(re.findall(rb'"\d{4}-\d\d-\d\dT', raw))
    print(f"{len(raw) / 1e6:.2f} MB, {instants} instants")
    print(f"{'':40}{'ms':>8}{'x json.loads':>14}")
    for name, figure in rows:
        print(f"{name:40}{figure:8.1f}{figure / rows[0][1]:14.2f}")


if __name__ == "__main__":
    main()
