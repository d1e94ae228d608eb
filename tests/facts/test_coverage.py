"""How much of what is wanted a snapshot knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.facts.coverage import Coverage, Unobserved, coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel


def covered(model: SnapshotModel, raw: dict[str, Any], *wanted: str) -> dict[str, Coverage]:
    """Return the coverage of the wanted facts by pattern."""
    return {found.pattern: found for found in coverage(model.read(raw), wanted)}


def test_known_absent_is_known(model: SnapshotModel, snapshot_of: Callable[..., Any]) -> None:
    """Null and the empty list are answers; a missing key is none."""
    raw = snapshot_of(
        sprints=[{"id": "s1", "closed_at": None, "name": "One"}, {"id": "s2", "name": "Two"}]
    )

    found = covered(model, raw, "sprints", "sprints.closed_at", "sprints.name")

    closed = found["/sprints/*/closed_at"]
    assert (closed.known, closed.state) == (1, "part")
    assert closed.unobserved == (Unobserved("/sprints/*/closed_at", "unobserved", 1),)
    assert found["/sprints/*/name"].state == "known"


def test_what_is_missing_is_named_where_it_is_missing(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """A list that nobody knows is what is missing, not each of its fields."""
    raw = snapshot_of(
        head={"gaps": {"/blockers": "no_permission", "/risks/*/escalations": "not_supported"}},
        risks=[{"id": "k1"}, {"id": "k2"}],
    )

    wanted = ("blockers", "blockers.escalations", "risks", "risks.escalations", "escalation.at")
    found = covered(model, raw, *wanted)

    assert list(found) == ["/blockers/*/escalations/*/at", "/risks/*/escalations/*/at"]
    of_blockers = found["/blockers/*/escalations/*/at"]
    assert of_blockers.unobserved == (Unobserved("/blockers", "no_permission", 1),)
    assert of_blockers.state == "unknown"
    of_risks = found["/risks/*/escalations/*/at"]
    assert of_risks.unobserved == (Unobserved("/risks/*/escalations", "not_supported", 2),)


def test_a_list_cut_short_is_never_wholly_known(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """More may follow: known in part, or not known where nothing was read."""
    raw = snapshot_of(
        head={"gaps": {"/sprints": "truncated", "/risks": "truncated"}},
        sprints=[{"id": "s1", "name": "One"}],
        risks=[],
    )

    found = covered(model, raw, "sprints", "sprints.name", "risks", "risks.severity")

    assert found["/sprints/*/name"].state == "part"
    assert found["/risks/*/severity"].state == "unknown"


def test_no_record_is_neither_known_nor_missing(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """An empty list, and what lies below a null, leave nothing to know."""
    raw = snapshot_of(sprints=[])
    raw["project"]["exclusion"] = None

    found = covered(
        model,
        raw,
        "sprints",
        "sprints.name",
        "project",
        "project.exclusion",
        "project.exclusion.kind",
    )

    assert {entry.state for entry in found.values()} == {"none"}


def test_a_fact_names_the_source_of_its_record(
    model: SnapshotModel, snapshot_of: Callable[..., Any]
) -> None:
    """By the record's provenance; without it, every source of the snapshot may be meant."""
    sources = [{"id": "jira"}, {"id": "folder"}]
    raw = snapshot_of(
        head={"sources": sources},
        sprints=[{"id": "s1", "name": "One", "prov": {"source": "jira"}}],
        risks=[{"id": "k1", "severity": "high"}],
    )

    found = covered(model, raw, "sprints", "sprints.name", "risks", "risks.severity")

    assert found["/sprints/*/name"].sources == ("jira",)
    assert found["/risks/*/severity"].sources == ("folder", "jira")
