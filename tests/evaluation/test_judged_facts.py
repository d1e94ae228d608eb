"""The facts that a run judges are those of its instant, for whoever asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from auditor.evaluation.judged_facts import judged_facts
from auditor.usecases.read_policies import snapshot_models

CAPTURED = dt.datetime(2026, 3, 31, 16, tzinfo=dt.UTC)
EARLIER = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


def snapshot(**entities: Any) -> Any:
    """Read a snapshot of a project, captured at the end of March 2026."""
    head = {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:quay",
        "captured_at": "2026-03-31T18:00:00+02:00",
        "time_zone": "Europe/Berlin",
        "gaps": entities.pop("gaps", {}),
    }
    project = {"id": "hand:quay", **entities.pop("project", {})}
    return snapshot_models().read({"snapshot": head, "project": project, **entities})


@pytest.mark.parametrize(
    ("as_of", "at"),
    [
        pytest.param(EARLIER, EARLIER, id="an instant before the capture"),
        pytest.param(CAPTURED + dt.timedelta(days=3), CAPTURED, id="never beyond the capture"),
    ],
)
def test_facts_are_of_the_earlier_of_both_instants(as_of: dt.datetime, at: dt.datetime) -> None:
    """A snapshot knows nothing of the time after it."""
    assert judged_facts(snapshot(), as_of).at == at


def test_what_came_later_is_not_there_and_keeps_its_place_in_the_snapshot() -> None:
    """The second entry becomes the first; its pointer still leads to the second of the snapshot."""
    entries = [
        {"id": "t1", "started_at": "2026-03-20T09:00:00+01:00"},
        {"id": "t2", "started_at": "2026-03-05T09:00:00+01:00"},
    ]
    facts = judged_facts(snapshot(time_entries=entries), EARLIER)

    assert [entry["id"] for entry in facts.document["time_entries"]] == ["t2"]
    assert facts.view.original("/time_entries/0/id") == "/time_entries/1/id"


def test_a_state_without_history_is_not_known_at_an_earlier_instant() -> None:
    """The snapshot says what the phase is now, and nobody wrote down what it was."""
    facts = judged_facts(snapshot(project={"phase": "closing"}), EARLIER)

    assert "phase" not in facts.document["project"]
    assert facts.gaps.reason_for("/project/phase") == "no_history"
    assert facts.no_history["/project/phase"] == "no_history"


def test_a_state_whose_changes_were_kept_stays_known() -> None:
    """Where changes were collected, no change means the same value."""
    facts = judged_facts(snapshot(project={"phase": "closing"}, change_events=[]), EARLIER)

    assert facts.document["project"]["phase"] == "closing"
    assert facts.no_history == {}


def test_a_gap_of_the_source_keeps_its_reason() -> None:
    """That no change was kept says less than what the source says."""
    facts = judged_facts(snapshot(gaps={"/project/phase": "no_permission"}), EARLIER)

    assert facts.gaps.reason_for("/project/phase") == "no_permission"
