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
YEAR_H = 9_000
LARGE = 4
"""How many times the records of a busy year make more than 5 MB."""


def at(hours: float, turn: int) -> str:
    """Write an instant so many hours after the start, in one of three offsets."""
    offset = OFFSETS[turn % len(OFFSETS)]
    moved = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    local = START + timedelta(hours=hours % YEAR_H if hours > YEAR_H else hours) + moved
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


def snapshot(size: int) -> dict[str, Any]:
    """Make up a project with the records of so many busy years, all of one year."""
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
            for i in range(ITEMS * size)
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
            for i in range(EVENTS * size)
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
            for i in range(ENTRIES * size)
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
            for i in range(MEETINGS * size)
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
            for i in range(RISKS * size)
        ],
    }


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long one run takes."""
    gc.collect()
    gc.disable()
    began = perf_counter()
    work()
    taken = (perf_counter() - began) * 1e3
    gc.enable()
    return taken


def measured(
    rows: dict[str, Callable[[], object]], rounds: int
) -> dict[str, tuple[float, float, float]]:
    """
    Measure all rows in turn, so that a machine that slows down slows all of them.

    Returns:
        Per row the median in milliseconds, and median and least multiple of the first row in its own round.
    """
    taken: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, work in rows.items():
            taken[name].append(milliseconds(work))
    first = taken[next(iter(rows))]
    multiples = {
        name: [time / base for time, base in zip(times, first, strict=True)]
        for name, times in taken.items()
    }
    return {
        name: (median(times), median(multiples[name]), min(multiples[name]))
        for name, times in taken.items()
    }


def show(size: int, schema: dict[str, Any], rounds: int) -> None:
    """Measure a snapshot of a size, and print a table."""
    raw = json.dumps(snapshot(size), ensure_ascii=False).encode()
    model = SnapshotModel.from_schema(schema)
    parsed = json.loads(raw)
    facts = model.read(parsed)
    last = START + timedelta(hours=8_999)
    earlier = START + timedelta(hours=4_000)
    found = measured(
        {
            "json.loads": lambda: json.loads(raw),
            "shape: check and type": lambda: model.shaper.shape(parsed),
            "digest of the canonical form": lambda: digest(parsed),
            "read: shape, coherence, digest, gaps": lambda: model.read(parsed),
            "cut at captured_at": lambda: cut(facts.document, facts.root, facts.captured_at),
            "cut an hour before it": lambda: cut(facts.document, facts.root, last),
            "cut in mid-year": lambda: cut(facts.document, facts.root, earlier),
        },
        rounds,
    )
    instants = len(re.findall(rb'"\d{4}-\d\d-\d\dT', raw))
    print(f"\n{len(raw) / 1e6:.2f} MB, {instants} instants")
    print(f"{'':40}{'ms':>8}{'x json.loads':>14}{'least':>8}")
    for name, (time, multiple, least) in found.items():
        print(f"{name:40}{time:8.1f}{multiple:14.2f}{least:8.2f}")


def show_once(schema: dict[str, Any], text: bytes) -> None:
    """Measure what is done once: reading the contract, and the first and the second small document."""
    small = json.loads(json.dumps(snapshot(1)))
    small = {name: part[:1] if isinstance(part, list) else part for name, part in small.items()}
    made = SnapshotModel.from_schema(schema)
    made.read(small)
    found = measured(
        {
            "json.loads of the schema": lambda: json.loads(text),
            "read the schema, make the shaper": lambda: SnapshotModel.from_schema(schema),
            "the same, and read a small document": lambda: SnapshotModel.from_schema(schema).read(
                small
            ),
            "read another small document": lambda: made.read(small),
        },
        15,
    )
    print(f"\nonce, with a schema of {len(text) / 1e6:.2f} MB")
    for name, (time, multiple, least) in found.items():
        print(f"{name:40}{time:8.2f}{multiple:14.2f}{least:8.2f}")


def show_oracle(schema: dict[str, Any]) -> None:
    """Measure the same check by `jsonschema`, which says what is wrong and is asked only then."""
    raw = json.dumps(snapshot(1), ensure_ascii=False).encode()
    parsed = json.loads(raw)
    oracle = validator(schema)
    found = measured(
        {
            "json.loads": lambda: json.loads(raw),
            "jsonschema: check only": lambda: list(oracle.iter_errors(parsed)),
        },
        3,
    )
    time, multiple, least = found["jsonschema: check only"]
    print(f"\n{'jsonschema: check only':40}{time:8.1f}{multiple:14.2f}{least:8.2f}")


def main() -> None:
    """Measure, and print the tables."""
    text = SCHEMA.read_bytes()
    schema = json.loads(text)
    show(1, schema, 15)
    show(LARGE, schema, 7)
    show_once(schema, text)
    show_oracle(schema)


if __name__ == "__main__":
    main()
