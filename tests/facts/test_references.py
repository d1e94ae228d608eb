"""Ids that name nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.references import Dangling, dangling

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel

ADA = {"id": "p-ada", "name": "Ada", "kind": "person"}


def test_an_id_without_a_record_is_told_wherever_it_stands(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """In records, in lists of ids, and in records inside records; null names nobody and is none."""
    raw = snapshot_of(
        parties=[ADA],
        risks=[
            {"id": "k1", "owner": "p-bob", "escalations": [{"to": "p-cleo"}, {"to": "p-ada"}]},
            {"id": "k2", "owner": None},
        ],
        work_items=[{"id": "w1", "owners": ["p-ada", "p-dan"], "parent": "w0"}],
    )

    assert sorted(dangling(model.read(raw)), key=lambda one: one.pointer) == [
        Dangling("/risks/0/escalations/0/to", "parties", "p-cleo"),
        Dangling("/risks/0/owner", "parties", "p-bob"),
        Dangling("/work_items/0/owners/1", "parties", "p-dan"),
        Dangling("/work_items/0/parent", "work_items", "w0"),
    ]


@pytest.mark.parametrize("gap", ["truncated", "not_collected"])
def test_what_was_not_read_may_hold_it(
    model: SnapshotModel, snapshot_of: Callable[..., Any], gap: str
) -> None:
    """Nothing is told of an entity that is not wholly known."""
    raw = snapshot_of(
        head={"gaps": {"/parties": gap}}, parties=[ADA], risks=[{"id": "k1", "owner": "p-bob"}]
    )

    assert list(dangling(model.read(raw))) == []
