"""Facts as they stood at an earlier instant (DESIGN, section 4, rule 3)."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.view import View, born_later, cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel

NOON = "2026-03-03T12:00:00+01:00"
"""The instant of most cuts: a Tuesday in Berlin."""


@pytest.fixture
def view_at(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> Callable[..., View]:
    """Return a function that cuts a snapshot of the given entities."""

    def make(instant: str = NOON, **parts: Any) -> View:
        snapshot = model.read(snapshot_of(**parts))
        return cut(snapshot.document, snapshot.root, dt.datetime.fromisoformat(instant))

    return make


def event(item: str, field: str, before: str | None, after: str | None, at: str) -> dict[str, Any]:
    """Write a change event."""
    return {"id": f"c-{item}-{field}-{at}", "item": item, "field": field, "from": before, "to": after, "at": at}  # fmt: skip


def of(view: View, entity: str) -> list[dict[str, Any]]:
    """Return the records of an entity."""
    records: list[dict[str, Any]] = view.document[entity]
    return records


# ----- births


def test_records_that_the_snapshot_should_not_know_of_are_counted(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """Those born after its own captured_at, whenever it is judged; one at that very instant is none."""
    raw = snapshot_of()
    captured = dt.datetime.fromisoformat(raw["snapshot"]["captured_at"])
    after, before = captured + dt.timedelta(seconds=1), captured - dt.timedelta(days=1)
    raised = [after, captured, before, captured + dt.timedelta(days=2)]
    raw["blockers"] = [
        {"id": f"b-{place}", "raised_at": at.isoformat()} for place, at in enumerate(raised)
    ]
    raw["blockers"].append({"id": "open", "raised_at": None})
    snapshot = model.read(raw)

    assert born_later(snapshot.document, snapshot.root) == 2


def test_a_record_born_later_is_left_out(view_at: Callable[..., View]) -> None:
    """At the very instant it is there (convention C1)."""
    view = view_at(
        blockers=[
            {"id": "before", "raised_at": "2026-03-03T11:59:59+01:00"},
            {"id": "later", "raised_at": "2026-03-03T12:00:01+01:00"},
            {"id": "at", "raised_at": "2026-03-03T16:30:00+05:30"},
        ]
    )

    assert [blocker["id"] for blocker in of(view, "blockers")] == ["before", "at"]


@pytest.mark.parametrize(
    ("blocker", "is_there"),
    [
        pytest.param({"raised_at": None}, True, id="known-to-have-no-birth"),
        pytest.param({}, True, id="birth-unobserved"),
        pytest.param({"raised_at": "2026-03-03"}, True, id="on-the-day-of-the-cut"),
        pytest.param({"raised_at": "2026-03-04"}, False, id="on-the-day-after"),
    ],
)
def test_only_what_is_surely_later_is_left_out(
    view_at: Callable[..., View], blocker: dict[str, Any], is_there: bool  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """Leaving out on suspicion would be a silent pass."""
    view = view_at(blockers=[{"id": "b", **blocker}])

    assert bool(of(view, "blockers")) is is_there


def test_a_day_is_a_day_of_the_projects_zone(view_at: Callable[..., View]) -> None:
    """At 23:30 UTC it is already the next day in Berlin."""
    blockers = [{"id": "b", "raised_at": "2026-03-04"}]

    assert of(view_at("2026-03-03T23:30:00+00:00", blockers=blockers), "blockers")
    assert not of(view_at("2026-03-03T22:30:00+00:00", blockers=blockers), "blockers")


def test_records_inside_records_are_born_too(view_at: Callable[..., View]) -> None:
    """An escalation of the next day has not happened yet."""
    view = view_at(
        blockers=[
            {
                "id": "b",
                "raised_at": "2026-03-01T08:00:00Z",
                "escalations": [
                    {"at": "2026-03-04T08:00:00Z", "level": 2},
                    {"at": "2026-03-02T08:00:00Z", "level": 1},
                ],
            }
        ]
    )

    assert [step["level"] for step in of(view, "blockers")[0]["escalations"]] == [1]


def test_an_object_born_later_is_null(view_at: Callable[..., View]) -> None:
    """Nobody had claimed the exclusion yet."""
    project = {"id": "hand:apollo", "exclusion": {"reason": "x", "claimed_at": "2026-04-01"}}

    assert view_at(project=project).document["project"]["exclusion"] is None


# ----- instants


def test_what_happened_or_was_recorded_later_is_null(view_at: Callable[..., View]) -> None:
    """Planned instants stay."""
    view = view_at(
        sprints=[
            {
                "id": "s",
                "planned_end_at": "2026-03-13T17:00:00+01:00",
                "started_at": "2026-03-02T09:00:00+01:00",
                "closed_at": "2026-03-13T17:00:00+01:00",
            }
        ],
        approvals=[
            {
                "id": "a",
                "subject": "x",
                "at": "2026-03-02T09:00:00+01:00",
                "recorded_at": "2026-03-09T09:00:00+01:00",
            }
        ],
    )
    sprint, approval = of(view, "sprints")[0], of(view, "approvals")[0]

    assert sprint["closed_at"] is None
    assert sprint["started_at"] == dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    assert sprint["planned_end_at"] == dt.datetime(2026, 3, 13, 16, tzinfo=dt.UTC)
    assert approval["recorded_at"] is None


def test_instants_below_a_plain_object_are_cut(view_at: Callable[..., View]) -> None:
    """The end of execution, say."""
    execution = {"started_at": "2026-03-01", "ended_at": "2026-06-30"}
    view = view_at(project={"id": "hand:apollo", "execution": execution})

    assert view.document["project"]["execution"] == {
        "started_at": dt.date(2026, 3, 1),
        "ended_at": None,
    }


def test_a_day_in_an_instants_place_stays_on_its_own_day(view_at: Callable[..., View]) -> None:
    """It may have been before noon or after; compared with the cut it is unknown."""
    view = view_at(blockers=[{"id": "b", "resolved_at": "2026-03-03"}])

    assert of(view, "blockers")[0]["resolved_at"] == dt.date(2026, 3, 3)


# ----- replay


@pytest.mark.parametrize(
    ("instant", "category"),
    [
        pytest.param("2026-03-01T00:00:00Z", "todo", id="before-all"),
        pytest.param("2026-03-02T10:00:00Z", "in_progress", id="at-the-first-change"),
        pytest.param("2026-03-04T09:59:59Z", "in_progress", id="before-the-second"),
        pytest.param("2026-03-04T10:00:00Z", "in_review", id="at-the-second"),
        pytest.param("2026-03-07T00:00:00Z", "done", id="after-all"),
    ],
)
def test_a_field_is_replayed(view_at: Callable[..., View], instant: str, category: str) -> None:
    """Its value is the `from` of the first change after the cut, whatever the order of the list."""
    view = view_at(
        instant,
        work_items=[{"id": "i", "status": {"native": "Fertig", "category": "done"}}],
        change_events=[
            event("i", "status", "in_review", "done", "2026-03-06T10:00:00Z"),
            event("i", "status", "todo", "in_progress", "2026-03-02T10:00:00Z"),
            event("i", "status", "in_progress", "in_review", "2026-03-04T10:00:00Z"),
            event("other", "status", "blocked", "done", "2026-03-03T10:00:00Z"),
            event("i", "priority", "low", "high", "2026-03-03T10:00:00Z"),
        ],
    )

    assert of(view, "work_items")[0]["status"]["category"] == category


def test_the_native_name_is_replayed_with_the_category(view_at: Callable[..., View]) -> None:
    """And is unobserved where the event does not tell it."""
    told = {**event("i", "status", "todo", "done", "2026-03-06T10:00:00Z"), "native": {"from": "Neu", "to": "Fertig"}}  # fmt: skip
    items = [{"id": "i", "status": {"native": "Fertig", "category": "done"}}, {"id": "j", "status": {"native": "Fertig", "category": "done"}}]  # fmt: skip
    view = view_at(
        work_items=items,
        change_events=[told, event("j", "status", "todo", "done", "2026-03-06T10:00:00Z")],
    )

    assert [item["status"] for item in of(view, "work_items")] == [
        {"native": "Neu", "category": "todo"},
        {"category": "todo"},
    ]


@pytest.mark.parametrize(
    ("record", "field", "before", "expected"),
    [
        pytest.param({"severity": "high"}, "severity", "low", "low", id="text-of-an-enum"),
        pytest.param({"severity": "high"}, "severity", None, None, id="null"),
        pytest.param({"score": 12}, "score", "4", 4.0, id="number"),
        pytest.param({"impact": 5}, "impact", "2", 2, id="whole-number"),
        pytest.param({"owner": "p2"}, "owner", "p1", "p1", id="id"),
    ],
)
def test_a_value_is_read_as_its_field_is_declared(
    view_at: Callable[..., View], record: dict[str, Any], field: str, before: str | None, expected: object
) -> None:  # fmt: skip
    """Events hold text; facts have types."""
    view = view_at(
        risks=[{"id": "r", **record}],
        change_events=[event("r", field, before, None, "2026-03-06T10:00:00Z")],
    )
    found = of(view, "risks")[0][field]

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("field", "before"),
    [
        pytest.param("severity", "Sev-1", id="outside-the-enum"),
        pytest.param("score", "many", id="no-number"),
    ],
)
def test_a_value_that_cannot_be_read_is_unobserved(
    view_at: Callable[..., View], field: str, before: str
) -> None:
    """It held something, and nobody knows what: not what it holds today."""
    view = view_at(
        risks=[{"id": "r", "severity": "high", "score": 9}],
        change_events=[event("r", field, before, "high", "2026-03-06T10:00:00Z")],
    )

    assert field not in of(view, "risks")[0]


def test_an_event_that_does_not_say_what_was_before(view_at: Callable[..., View]) -> None:
    """The value is unobserved then."""
    change = event("r", "severity", "low", "high", "2026-03-06T10:00:00Z")
    del change["from"]
    view = view_at(risks=[{"id": "r", "severity": "high"}], change_events=[change])

    assert "severity" not in of(view, "risks")[0]


def test_a_day_is_replayed(view_at: Callable[..., View]) -> None:
    """A due day that was moved."""
    view = view_at(
        work_items=[{"id": "i", "due_on": "2026-04-30"}],
        change_events=[event("i", "due_on", "2026-03-31", "2026-04-30", "2026-03-20T10:00:00Z")],
    )

    assert of(view, "work_items")[0]["due_on"] == dt.date(2026, 3, 31)


def test_membership_is_replayed(view_at: Callable[..., View]) -> None:
    """An event of a list takes one member out and puts one in; the cut undoes the later ones."""
    view = view_at(
        work_items=[{"id": "i", "sprints": ["s1", "s3"]}],
        change_events=[
            event("i", "sprints", None, "s1", "2026-03-01T10:00:00Z"),
            event("i", "sprints", None, "s2", "2026-03-04T10:00:00Z"),
            event("i", "sprints", "s2", "s3", "2026-03-05T10:00:00Z"),
        ],
    )

    assert of(view, "work_items")[0]["sprints"] == ["s1"]


@pytest.mark.parametrize("register", ["blockers", "risks", "issues"])
@pytest.mark.parametrize("field", ["response", "review_on"])
def test_what_is_done_about_an_entry_is_known_as_of_the_capture_alone(
    view_at: Callable[..., View], register: str, field: str
) -> None:
    """In every register: a plan that was written after the judged instant must not count at it."""
    value = "2026-03-20" if field == "review_on" else "Call the client"
    view = view_at(**{register: [{"id": "r", field: value}]})

    assert f"/{register}/*/{field}" in view.uncut


@pytest.mark.parametrize("is_turned", [False, True])
def test_members_that_changed_twice_on_one_day_are_not_told(
    view_at: Callable[..., View], *, is_turned: bool
) -> None:
    """Without times of day nobody knows which came first, and the order of the list does not say."""
    changes = [
        event("i", "owners", "p2", "p1", "2026-03-06"),
        {**event("i", "owners", "p1", "p2", "2026-03-06"), "id": "other"},
    ]
    view = view_at(
        work_items=[{"id": "i", "owners": ["p2"]}],
        change_events=changes[::-1] if is_turned else changes,
    )

    assert "owners" not in of(view, "work_items")[0]


def test_members_that_changed_apart_on_one_day_are_replayed(view_at: Callable[..., View]) -> None:
    """In whatever order: no member went both ways."""
    view = view_at(
        work_items=[{"id": "i", "owners": ["p2", "p3"]}],
        change_events=[
            event("i", "owners", "p1", "p2", "2026-03-06"),
            {**event("i", "owners", None, "p3", "2026-03-06"), "id": "other"},
        ],
    )

    assert of(view, "work_items")[0]["owners"] == ["p1"]


def test_a_field_of_the_project_is_replayed(view_at: Callable[..., View]) -> None:
    """A start that was moved after the sign-off slipped, and the phase."""
    view = view_at(
        project={
            "id": "hand:apollo",
            "phase": "execution",
            "execution": {"started_at": "2026-03-02T08:00:00Z", "ended_at": None},
        },
        change_events=[
            event("hand:apollo", "execution.started_at", "2026-02-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-10T10:00:00Z"),
            event("hand:apollo", "phase", "planning", "execution", "2026-03-10T10:00:00Z"),
        ],
    )  # fmt: skip
    project = view.document["project"]

    assert project["phase"] == "planning"
    assert project["execution"]["started_at"] == dt.datetime(2026, 2, 2, 8, tzinfo=dt.UTC)


def test_a_replayed_instant_that_is_later_is_null(view_at: Callable[..., View]) -> None:
    """What an event says of the future has not happened either."""
    view = view_at(
        project={"id": "hand:apollo", "execution": {"started_at": "2026-03-02T08:00:00Z"}},
        change_events=[
            event("hand:apollo", "execution.started_at", "2026-03-09T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-10T10:00:00Z")
        ],
    )  # fmt: skip

    assert view.document["project"]["execution"]["started_at"] is None


def test_a_change_on_the_day_of_the_cut_leaves_the_value_open(view_at: Callable[..., View]) -> None:
    """Without a time of day it may be before noon or after."""
    parts = {
        "risks": [{"id": "r", "severity": "high"}],
        "change_events": [event("r", "severity", "low", "high", "2026-03-03")],
    }

    assert "severity" not in of(view_at(**parts), "risks")[0]
    assert of(view_at("2026-03-03T23:59:59.999999+01:00", **parts), "risks")[0]["severity"] == "high"  # fmt: skip
    assert of(view_at("2026-03-02T23:59:59+01:00", **parts), "risks")[0]["severity"] == "low"


def test_changes_of_one_day_without_an_order_leave_the_value_open(
    view_at: Callable[..., View],
) -> None:
    """Nobody knows which came first."""
    view = view_at(
        risks=[{"id": "r", "severity": "high"}],
        change_events=[
            event("r", "severity", "low", "medium", "2026-03-06"),
            event("r", "severity", "medium", "high", "2026-03-06T10:00:00Z"),
        ],
    )

    assert "severity" not in of(view, "risks")[0]


def test_what_a_record_requires_is_never_taken_away(view_at: Callable[..., View]) -> None:
    """An event on it is no reason to break the contract."""
    view = view_at(
        role_assignments=[{"id": "r", "party": "p2", "role": "DM"}],
        change_events=[event("r", "party", "p1", "p2", "2026-03-06T10:00:00Z")],
    )

    assert of(view, "role_assignments")[0]["party"] == "p2"


def test_later_events_are_left_out(view_at: Callable[..., View]) -> None:
    """They are records like any other."""
    view = view_at(
        change_events=[
            event("i", "status", "todo", "done", "2026-03-02T10:00:00Z"),
            event("i", "status", "done", "todo", "2026-03-06T10:00:00Z"),
        ]
    )

    assert [change["from"] for change in of(view, "change_events")] == ["todo"]


# ----- what a record tells of itself


@pytest.mark.parametrize(
    ("instant", "state"),
    [
        pytest.param("2026-03-01T00:00:00Z", "planned", id="before-its-start"),
        pytest.param("2026-03-05T00:00:00Z", "active", id="under-way"),
        pytest.param("2026-03-20T00:00:00Z", "closed", id="after-its-end"),
    ],
)
def test_a_state_goes_back_with_its_instants(view_at: Callable[..., View], instant: str, state: str) -> None:  # fmt: skip
    """A sprint that was not closed yet was not 'closed'."""
    sprint = {"id": "s", "state": "closed", "started_at": "2026-03-02", "closed_at": "2026-03-13"}

    assert of(view_at(instant, sprints=[sprint]), "sprints")[0]["state"] == state


@pytest.mark.parametrize(
    ("instant", "due_on", "count"),
    [
        pytest.param("2026-03-01T00:00:00Z", dt.date(2026, 3, 10), 0, id="before-both"),
        pytest.param("2026-03-15T00:00:00Z", dt.date(2026, 3, 31), 1, id="between"),
        pytest.param("2026-06-01T00:00:00Z", dt.date(2026, 4, 30), 2, id="after-both"),
    ],
)
def test_a_re_planned_date_goes_back(
    view_at: Callable[..., View], instant: str, due_on: dt.date, count: int
) -> None:
    """An action re-planned after the audit's instant was overdue at that instant."""
    action = {
        "id": "a",
        "first_due_on": "2026-03-10",
        "due_on": "2026-04-30",
        "replans": [
            {"at": "2026-03-11T09:00:00Z", "to": "2026-03-31"},
            {"at": "2026-04-01T09:00:00Z", "to": "2026-04-30"},
        ],
    }
    found = of(view_at(instant, actions=[action]), "actions")[0]

    assert (found["due_on"], len(found["replans"])) == (due_on, count)


def test_a_re_planned_date_without_a_first_one_is_unobserved(view_at: Callable[..., View]) -> None:
    """It was another one, and nobody knows which."""
    action = {"id": "a", "due_on": "2026-04-30", "replans": [{"at": "2026-04-01", "to": "2026-04-30"}]}  # fmt: skip

    assert "due_on" not in of(view_at(actions=[action]), "actions")[0]


def test_a_forecast_goes_back_to_none_before_the_first(view_at: Callable[..., View]) -> None:
    """Nothing was forecast before anybody made a forecast."""
    forecasts = [{"at": "2026-03-02T09:00:00Z", "on": "2026-05-01"}]
    early = {"id": "early", "forecast_on": "2026-05-01", "forecasts": forecasts}
    late = {
        "id": "late",
        "forecast_on": "2026-06-01",
        "forecasts": [{"at": "2026-03-04T09:00:00Z", "on": "2026-06-01"}],
    }
    found = of(view_at(milestones=[early, late]), "milestones")

    assert [milestone["forecast_on"] for milestone in found] == [dt.date(2026, 5, 1), None]


@pytest.mark.parametrize(
    ("at", "verifier"),
    [
        pytest.param("2026-03-03T11:00:00+01:00", "p", id="checked-before-the-cut"),
        pytest.param("2026-03-03T13:00:00+01:00", None, id="checked-after-the-cut"),
    ],
)
def test_who_did_it_is_not_known_before_it_was_done(
    view_at: Callable[..., View], at: str, verifier: str | None
) -> None:
    """The name beside an instant came with it."""
    item = {"id": "i", "verified_at": at, "verified_by": "p"}

    assert of(view_at(work_items=[item]), "work_items")[0]["verified_by"] == verifier


@pytest.mark.parametrize(
    ("refreshed_at", "is_known"),
    [
        pytest.param("2026-03-03T11:00:00+01:00", True, id="before-the-cut"),
        pytest.param("2026-03-03T13:00:00+01:00", False, id="after-the-cut"),
        pytest.param(None, True, id="never"),
    ],
)
def test_of_the_newest_instant_of_a_series_a_cut_leaves_nothing_known(
    view_at: Callable[..., View], refreshed_at: str | None, is_known: bool  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """A dashboard refreshed after the cut may have been refreshed before it as well."""
    view = view_at(dashboards=[{"id": "d", "refreshed_at": refreshed_at}])

    assert ("refreshed_at" in of(view, "dashboards")[0]) is is_known


# ----- the view itself


def test_nothing_later_leaves_the_data_untouched(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """No copy is made."""
    snapshot = model.read(snapshot_of(risks=[{"id": "r", "raised_at": "2026-03-01"}]))
    view = cut(snapshot.document, snapshot.root, snapshot.captured_at)

    assert view.document is snapshot.document
    assert (view.uncut, view.original("/risks/0/id")) == ((), "/risks/0/id")


def test_the_snapshot_is_not_changed(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """It may be cut again, at another instant."""
    raw = snapshot_of(
        risks=[{"id": "r", "severity": "high", "resolved_at": "2026-03-09"}],
        change_events=[event("r", "severity", "low", "high", "2026-03-06T10:00:00Z")],
    )
    snapshot = model.read(raw)
    before = copy.deepcopy(snapshot.document)

    cut(snapshot.document, snapshot.root, dt.datetime(2026, 3, 3, tzinfo=dt.UTC))

    assert snapshot.document == before


def test_pointers_lead_back_to_the_snapshot(view_at: Callable[..., View]) -> None:
    """Through lists that lost elements, on both levels."""
    early, late = "2026-03-01T08:00:00Z", "2026-04-01T08:00:00Z"
    view = view_at(
        blockers=[
            {"id": "x", "raised_at": late},
            {"id": "y", "raised_at": early, "escalations": [{"at": late}, {"at": early}]},
            {"id": "z", "raised_at": early, "escalations": [{"at": early}]},
        ]
    )

    assert {
        pointer: view.original(pointer)
        for pointer in ("", "/blockers", "/blockers/0/id", "/blockers/0/escalations/0/at", "/blockers/1/escalations/0", "/project/name")
    } == {
        "": "",
        "/blockers": "/blockers",
        "/blockers/0/id": "/blockers/1/id",
        "/blockers/0/escalations/0/at": "/blockers/1/escalations/1/at",
        "/blockers/1/escalations/0": "/blockers/2/escalations/0",
        "/project/name": "/project/name",
    }  # fmt: skip


def test_every_pointer_leads_back_to_its_value(view_at: Callable[..., View]) -> None:
    """The record that a pointer names in the cut is the one that it names in the snapshot."""
    hours = [8, 30, 9, 40, 10, 11, 50]
    start = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    raised = [(start + dt.timedelta(hours=hour)).isoformat() for hour in hours]
    view = view_at(risks=[{"id": f"r{i}", "raised_at": at} for i, at in enumerate(raised)])

    for place, risk in enumerate(of(view, "risks")):
        assert view.original(f"/risks/{place}/id") == f"/risks/{risk['id'][1:]}/id"


def test_fields_without_a_history_are_listed(view_at: Callable[..., View]) -> None:
    """Where they are known, and no event tells anything of them; each entity for itself."""
    view = view_at(
        project={"id": "hand:apollo", "phase": "execution"},
        work_items=[{"id": "i", "status": {"category": "done"}, "owners": []}],
        blockers=[{"id": "b", "severity": "high"}],
        risks=[{"id": "r", "severity": "high"}],
        change_events=[
            event("i", "status", "todo", "done", "2026-03-02T10:00:00Z"),
            event("b", "severity", "low", "high", "2026-03-02T10:00:00Z"),
        ],
    )

    assert view.uncut == ("/project/phase", "/work_items/*/owners", "/risks/*/severity")


def test_at_the_captured_instant_there_is_nothing_to_list(view_at: Callable[..., View]) -> None:
    """The state is the one that was captured."""
    view = view_at("2026-09-30T18:00:00+02:00", risks=[{"id": "r", "severity": "high"}])

    assert view.uncut == ()


@pytest.mark.parametrize(
    ("instant", "phase"),
    [
        pytest.param("2026-03-01T12:00:00+01:00", "planning", id="before the start"),
        pytest.param("2026-03-02T12:00:00+01:00", "execution", id="while it went on"),
        pytest.param("2026-03-04T12:00:00+01:00", "closing", id="after the end"),
    ],
)
def test_the_phase_goes_back_with_the_start_and_the_end(
    view_at: Callable[..., View], instant: str, phase: str
) -> None:
    """A project whose start is not yet was still planned, whatever its register says today."""
    project = {
        "id": "hand:apollo",
        "phase": "closing",
        "execution": {
            "started_at": "2026-03-02T08:00:00+01:00",
            "ended_at": "2026-03-03T08:00:00+01:00",
        },
    }
    view = view_at(instant, project=project)

    assert view.document["project"]["phase"] == phase
    assert ("/project/phase" in view.uncut) is (phase == "closing"), "set back, or only captured"
