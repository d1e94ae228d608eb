"""What one snapshot says that another does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.facts.difference import Difference, Unobserved, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel


def compared(model: SnapshotModel, old: Any, new: Any) -> list[Difference]:
    """Compare two raw snapshots."""
    return list(differences(model.read(old), model.read(new)))


def test_spelling_is_no_difference(model: SnapshotModel, snapshot_of: Callable[..., Any]) -> None:
    """Order of records, offsets, provenance and a default that is written out mean nothing."""
    one = {"id": "k1", "raised_at": "2026-03-03T10:00:00+01:00", "prov": {"method": "manual"}}
    two = {"id": "k2"}
    same = {"id": "k1", "raised_at": "2026-03-03T09:00:00Z"}

    old = snapshot_of(risks=[one, two], meetings=[{"id": "m1"}])
    new = snapshot_of(risks=[two, same], meetings=[{"id": "m1", "sprints": []}])

    assert compared(model, old, new) == []


def test_records_come_go_and_change(model: SnapshotModel, snapshot_of: Callable[..., Any]) -> None:
    """Told by id, field by field."""
    old = snapshot_of(risks=[{"id": "k1", "severity": "low"}, {"id": "k2"}])
    new = snapshot_of(risks=[{"id": "k1", "severity": "high"}, {"id": "k3"}])

    found = compared(model, old, new)

    assert [(d.kind, d.record, d.field, d.old, d.new) for d in found] == [
        ("changed", "k1", "severity", "low", "high"),
        ("removed", "k2", None, None, None),
        ("added", "k3", None, None, None),
    ]


def test_unknown_is_not_absent(model: SnapshotModel, snapshot_of: Callable[..., Any]) -> None:
    """A fact that became known to be absent differs from one that nobody knew."""
    old = snapshot_of(sprints=[{"id": "s1"}])
    new = snapshot_of(sprints=[{"id": "s1", "closed_at": None}], risks=[])

    found = {(d.entity, d.field): d for d in compared(model, old, new)}

    closed = found["sprints", "closed_at"]
    assert isinstance(closed.old, Unobserved)
    assert closed.new is None
    assert found["risks", None].new == []


def test_a_whole_number_is_no_truth(model: SnapshotModel, snapshot_of: Callable[..., Any]) -> None:
    """In free fields 1 and true are two things."""
    old, new = snapshot_of(), snapshot_of()
    old["project"]["ext"], new["project"]["ext"] = {"flag": 1}, {"flag": True}

    assert [d.field for d in compared(model, old, new)] == ["ext.flag"]


def test_a_list_that_was_completed_differs(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """The records are the same; that there are no others is news."""
    old = snapshot_of(head={"gaps": {"/risks": "truncated"}}, risks=[])
    new = snapshot_of(risks=[])

    assert [(d.entity, d.field, d.old, d.new) for d in compared(model, old, new)] == [
        ("risks", "extent", "more than was read", "all of it")
    ]
