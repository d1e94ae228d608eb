"""The project's snapshot contract, and a small snapshot that keeps it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.snapshot import SnapshotModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def schema(root: Path) -> dict[str, Any]:
    """Return the schema of a project's snapshot."""
    text = (root / "schemas" / "snapshot-project.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@pytest.fixture(scope="session")
def model(schema: dict[str, Any]) -> SnapshotModel:
    """Return what reads snapshots of that schema."""
    return SnapshotModel.from_schema(schema)


@pytest.fixture
def snapshot_of() -> Callable[..., dict[str, Any]]:
    """Return a function that makes raw snapshots; `head` adds to the head, other keys are entities."""

    def make(*, head: dict[str, Any] | None = None, **entities: Any) -> dict[str, Any]:
        return {
            "snapshot": {
                "schema": {"name": "project", "version": 1},
                "auditee": "hand:apollo",
                "captured_at": "2026-09-30T18:00:00+02:00",
                "time_zone": "Europe/Berlin",
                **(head or {}),
            },
            "project": {"id": "hand:apollo", "name": "Apollo"},
            **entities,
        }

    return make
