"""From parsed data to a snapshot that can be judged."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.canonical import digest
from auditor.model.errors import ErrorGroup, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import SnapshotModel

Raw = dict[str, Any]


def test_a_snapshot_knows_its_head(model: SnapshotModel, snapshot_of: Callable[..., Raw]) -> None:
    """Auditee, name, kind, instant and zone."""
    found = model.read(snapshot_of())

    assert (found.auditee, found.name, found.target) == ("hand:apollo", "Apollo", "project")
    assert found.captured_at == dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC)
    assert found.zone.key == "Europe/Berlin"
    assert found.root is model.root


def test_a_project_without_a_name_goes_by_its_id(
    model: SnapshotModel, snapshot_of: Callable[..., Raw]
) -> None:
    """A person has to call it something."""
    assert model.read(snapshot_of(project={"id": "hand:apollo"})).name == "hand:apollo"


def test_the_digest_is_of_the_data_as_it_was_read(
    model: SnapshotModel, snapshot_of: Callable[..., Raw]
) -> None:
    """Before defaults, types and gaps."""
    raw = snapshot_of(head={"gaps": {"/risks/*/owner": "unparsed"}}, risks=[{"id": "r", "owner": "p"}])  # fmt: skip
    expected = digest(raw)

    assert model.read(raw).digest == expected


def test_the_raw_data_stays_as_it_was(
    model: SnapshotModel, snapshot_of: Callable[..., Raw]
) -> None:
    """It may be the base of many cases."""
    raw = snapshot_of(
        head={"gaps": {"/ext/a": "unparsed"}}, ext={"a": 1}, risks=[{"id": "r", "impact": 3.0}]
    )
    before = copy.deepcopy(raw)

    model.read(raw)

    assert repr(raw) == repr(before)


def test_a_gap_outranks_value_and_default(
    model: SnapshotModel, snapshot_of: Callable[..., Raw]
) -> None:
    """What was not collected is not known to be absent."""
    raw = snapshot_of(
        head={"gaps": {"/project/exclusion": "not_collected", "/risks/*/owner": "not_supported"}},
        risks=[{"id": "r", "owner": "p"}],
    )
    found = model.read(raw)

    assert "exclusion" not in found.document["project"]
    assert found.document["risks"] == [{"id": "r"}]
    assert found.gaps.reason_for("/risks/0/owner") == "not_supported"


def test_every_breach_is_an_error_with_its_pointer(
    model: SnapshotModel, snapshot_of: Callable[..., Raw]
) -> None:
    """The caller adds the places."""
    with pytest.raises(ErrorGroup) as caught:
        model.read(snapshot_of(risks=[{"id": "r", "impact": 9}, {"id": "r"}]))
    errors = caught.value.errors

    assert all(isinstance(error, SnapshotError) for error in errors)
    assert [error.pointer for error in errors] == ["/risks/0/impact", "/risks/1/id"]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"head": {"gaps": {"/nothing": "unparsed"}}}, id="a-rule-between-parts"),
        pytest.param({"ext": {"n": 2**60}}, id="no-canonical-form"),
        pytest.param({"ext": {"text": "\ud800"}}, id="half-a-character"),
    ],
)
def test_what_the_schema_cannot_say_is_refused_too(
    model: SnapshotModel, snapshot_of: Callable[..., Raw], parts: Raw
) -> None:
    """By the same kind of error."""
    with pytest.raises(ErrorGroup):
        model.read(snapshot_of(**parts))


def test_the_minimal_snapshot_of_the_documentation_is_sound(model: SnapshotModel) -> None:
    """As a person may write it (SNAPSHOT.md)."""
    raw = {
        "snapshot": {
            "schema": {"name": "project", "version": 1},
            "auditee": "hand:apollo",
            "captured_at": "2026-09-30T18:00:00+02:00",
            "sources": [{"id": "hand", "kind": "manual", "retrieved_at": "2026-09-30T18:00:00+02:00"}],
            "time_zone": "Europe/Berlin",
            "calendar": {
                "working_days": ["mon", "tue", "wed", "thu", "fri"],
                "hours": {"from": "09:00", "to": "17:00"},
                "holidays": [],
            },
            "gaps": {"/work_items": "not_collected"},
        },
        "project": {
            "id": "hand:apollo", "name": "Apollo", "phase": "execution", "engagements": ["development"],
            "exclusion": None, "execution": {"started_at": "2026-09-01T08:00:00+02:00", "ended_at": None},
        },
        "baselines": [],
        "approvals": [],
    }  # fmt: skip

    assert model.read(raw).document["project"]["execution"]["ended_at"] is None
