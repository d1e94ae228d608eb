"""The portfolio document holds what portfolio policies read of the auditees, as they were judged, and no more."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.judged_facts import judged_facts
from auditor.findings.portfolio import (
    PortfolioHead,
    PortfolioLists,
    auditee_kind,
    portfolio_document,
)
from auditor.findings.portfolio_facts import AuditeePart, Wanted, auditee_part, controls_of
from auditor.model.outcome import Outcome
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from pathlib import Path

    from tests.findings.conftest import Make

MODELS = snapshot_models()
ROOT = MODELS["portfolio"].root
AS_OF = dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC)

READ = frozenset(
    {
        "population",
        "projects",
        "units",
        "audits",
        "projects.project",
        "projects.project.execution",
        "projects.project.execution.started_at",
        "projects.project.exclusion",
        "projects.time_entries",
        "projects.time_entries.seconds",
        "projects.calendar",
        "calendar.holidays",
    }
)


def document_of(auditee: str = "hand:quay", **entities: Any) -> Any:
    """Return a snapshot of a project as a person may write it."""
    head = {
        "schema": {"name": "project", "version": 1},
        "auditee": auditee,
        "captured_at": entities.pop("captured_at", "2026-09-30T18:00:00+02:00"),
        "time_zone": "Europe/Berlin",
        "gaps": entities.pop("gaps", {}),
        **entities.pop("head", {}),
    }
    project = {"id": auditee, "name": auditee.title(), **entities.pop("project", {})}
    return {"snapshot": head, "project": project, **entities}


def part(make: Make, document: Any, read: frozenset[str] = READ) -> AuditeePart:
    """Take over what *read* names of a snapshot that was judged at the end of September 2026."""
    snapshot = MODELS.read(document)
    return auditee_part(
        snapshot,
        judged_facts(snapshot, AS_OF),
        make.result(snapshot.auditee),
        {},
        kind=auditee_kind(ROOT, snapshot.target),
        wanted=Wanted(read),
    )


def whole(*parts: AuditeePart, read: frozenset[str] = READ, **lists: Any) -> dict[str, Any]:
    """Put a document together of *parts*, and hold it against its schema."""
    head = PortfolioHead(
        "delivery", "Delivery", "Europe/Berlin", AS_OF, lists.pop("calendar", None)
    )
    document = portfolio_document(head, PortfolioLists(auditees=parts, **lists), ROOT, Wanted(read))
    MODELS["portfolio"].read(document)
    return document


# ----- which facts


def test_only_fields_that_are_read_are_taken_over(make: Make) -> None:
    """A client's name, the day of a time entry and the entities beside it are nobody's business here."""
    tree = part(
        make,
        document_of(
            project={
                "client": "Acme",
                "execution": {"started_at": "2026-09-01T08:00:00+02:00", "ended_at": None},
            },
            time_entries=[{"id": "t1", "seconds": 60, "started_at": "2026-09-02"}],
            parties=[{"id": "p1", "name": "Dana"}],
        ),
    ).tree

    assert tree["project"] == {
        "id": "hand:quay",
        "name": "Hand:Quay",
        "exclusion": None,
        "execution": {"started_at": "2026-09-01T06:00:00Z"},
    }
    assert tree["time_entries"] == [{"id": "t1", "seconds": 60}]
    assert "parties" not in tree
    assert "result" not in tree


def test_whose_facts_they_are_and_how_old_is_always_there(make: Make) -> None:
    """Also where no policy reads it."""
    tree = part(make, document_of(captured_at="2026-10-02T18:00:00+02:00"), frozenset()).tree

    assert tree == {
        "id": "hand:quay",
        "name": "Hand:Quay",
        "captured_at": "2026-10-02T16:00:00Z",
        "judged_at": "2026-09-30T16:00:00Z",
        "time_zone": "Europe/Berlin",
    }


def test_of_the_provenance_what_reports_show_comes_along(make: Make) -> None:
    """How a fact was obtained is a part of every witness."""
    prov = {"source": "hand", "method": "manual", "locator": "log.csv:3", "asserted_by": "Dana"}
    entry = {"id": "t1", "seconds": 60, "prov": prov}

    assert part(make, document_of(time_entries=[entry])).tree["time_entries"] == [
        {"id": "t1", "seconds": 60, "prov": {"method": "manual", "locator": "log.csv:3"}}
    ]


def test_lists_that_nobody_reads_are_left_out(make: Make) -> None:
    """They count as unobserved, and need no gap."""
    document = whole(
        part(make, document_of()),
        read=frozenset({"units"}),
        population=({"id": "hand:quay"},),
        audits=(),
    )

    assert set(document) == {"snapshot", "portfolio", "units"}
    assert document["snapshot"]["gaps"] == {}


# ----- as they were judged


def test_facts_are_those_of_the_judged_instant(make: Make) -> None:
    """An entry of October is not there in September, and an exclusion that was claimed later neither."""
    tree = part(
        make,
        document_of(
            captured_at="2026-10-31T18:00:00+01:00",
            project={
                "exclusion": {"kind": "non_delivery", "claimed_at": "2026-10-05T10:00:00+02:00"}
            },
            time_entries=[
                {"id": "t1", "seconds": 1, "started_at": "2026-10-01T09:00:00+02:00"},
                {"id": "t2", "seconds": 2, "started_at": "2026-09-30T09:00:00+02:00"},
            ],
        ),
    ).tree

    assert tree["time_entries"] == [{"id": "t2", "seconds": 2}]
    assert tree["project"]["exclusion"] is None


def test_a_place_is_that_of_the_snapshot_before_it_was_cut(make: Make) -> None:
    """The entry that is left was the second in its file."""
    taken = part(
        make,
        document_of(
            captured_at="2026-10-31T18:00:00+01:00",
            time_entries=[
                {"id": "t1", "seconds": 1, "started_at": "2026-10-01T09:00:00+02:00"},
                {"id": "t2", "seconds": 2, "started_at": "2026-09-30T09:00:00+02:00"},
            ],
        ),
    )

    assert taken.original("/time_entries/0/seconds") == "/time_entries/1/seconds"


@pytest.mark.parametrize(
    ("pointer", "original"),
    [
        ("/time_zone", "/snapshot/time_zone"),
        ("/captured_at", "/snapshot/captured_at"),
        ("/calendar/holidays", "/snapshot/calendar/holidays"),
        ("/id", "/snapshot/auditee"),
        ("/name", "/project/name"),
        ("/project/execution/started_at", "/project/execution/started_at"),
        ("/judged_at", None),
        ("/result/controls/0/outcome", None),
    ],
)
def test_a_pointer_leads_back_into_the_snapshot(
    make: Make, pointer: str, original: str | None
) -> None:
    """What the run itself made has no place in a snapshot."""
    assert part(make, document_of()).original(pointer) == original


# ----- why facts are unobserved


@pytest.mark.parametrize(
    ("gap", "carried"),
    [
        pytest.param("/time_entries", "/projects/0/time_entries", id="an entity"),
        pytest.param(
            "/time_entries/*/seconds", "/projects/0/time_entries/*/seconds", id="a field of all"
        ),
        pytest.param(
            "/snapshot/calendar/holidays", "/projects/0/calendar/holidays", id="the calendar"
        ),
        pytest.param("/project/exclusion", "/projects/0/project/exclusion", id="a default"),
        pytest.param("/time_entries/*/started_at", None, id="a field that nobody reads"),
        pytest.param("/work_items", None, id="an entity that nobody reads"),
        pytest.param("/snapshot/collected_by", None, id="the head"),
    ],
)
def test_gaps_of_what_is_read_come_along(make: Make, gap: str, carried: str | None) -> None:
    """A policy must hear why it cannot decide, and of nothing else."""
    document = whole(part(make, document_of(gaps={gap: "no_permission"})), population=(), audits=())

    assert document["snapshot"]["gaps"] == ({carried: "no_permission"} if carried else {})


def test_a_list_that_is_cut_short_stays_so(make: Make) -> None:
    """What was read of it is there, and more may exist."""
    entry = {"id": "t1", "seconds": 60}
    document = whole(
        part(make, document_of(gaps={"/time_entries": "truncated"}, time_entries=[entry])),
        population=(),
        audits=(),
    )

    assert document["projects"][0]["time_entries"] == [entry]
    assert document["snapshot"]["gaps"] == {"/projects/0/time_entries": "truncated"}


def test_a_gap_of_one_record_follows_it_to_its_new_place(make: Make) -> None:
    """The entry that nobody knows the length of moved up; the one that is not there yet has no gap."""
    document = document_of(
        captured_at="2026-10-31T18:00:00+01:00",
        gaps={"/time_entries/0/seconds": "unparsed", "/time_entries/1/seconds": "no_permission"},
        time_entries=[
            {"id": "t1", "seconds": 1, "started_at": "2026-10-01T09:00:00+02:00"},
            {"id": "t2", "seconds": 2, "started_at": "2026-09-30T09:00:00+02:00"},
        ],
    )
    taken = part(make, document)

    assert taken.tree["time_entries"] == [{"id": "t2"}]
    assert taken.gaps == {"/time_entries/0/seconds": "no_permission"}


def test_a_missing_fact_is_not_filled_in_again(make: Make) -> None:
    """An exclusion that a gap takes away must not come back as "nobody claims one"."""
    taken = part(make, document_of(gaps={"/project/exclusion": "not_collected"}))
    snapshot = MODELS["portfolio"].read(whole(taken, population=(), audits=()))

    assert "exclusion" not in snapshot.document["projects"][0]["project"]


def test_a_state_of_which_no_change_was_kept_is_unobserved(make: Make) -> None:
    """At an instant before the capture nobody knows what the phase was."""
    taken = part(
        make,
        document_of(captured_at="2026-10-31T18:00:00+01:00", project={"phase": "closing"}),
        READ | {"projects.project.phase"},
    )

    assert "phase" not in taken.tree["project"]
    assert taken.gaps == {"/project/phase": "not_collected"}


# ----- what the run found


def test_a_control_is_what_the_worst_of_its_policies_says(make: Make) -> None:
    """In the order error, fail, inconclusive, pass, not applicable."""
    policies = {
        "late-thing": make.policy("late-thing", "C-1", "C-2"),
        "lost-thing": make.policy("lost-thing", "C-2"),
        "odd-thing": make.policy("odd-thing", "C-0"),
    }
    result = make.result(
        "apollo",
        make.verdict(Outcome.PASS),
        make.verdict(Outcome.NOT_APPLICABLE, subject="other"),
        make.verdict(Outcome.INCONCLUSIVE, "lost-thing"),
        make.verdict(Outcome.FAIL, "odd-thing"),
        make.verdict(Outcome.ERROR, "odd-thing", subject="other"),
    )

    assert controls_of(result, policies) == [
        {"id": "C-0", "outcome": "error"},
        {"id": "C-1", "outcome": "pass"},
        {"id": "C-2", "outcome": "inconclusive"},
    ]


# ----- the whole


def test_who_and_what_is_not_named_is_not_known(make: Make) -> None:
    """No population and no past audits are gaps, not empty lists."""
    document = whole(part(make, document_of()))

    assert "population" not in document
    assert "audits" not in document
    assert document["snapshot"]["gaps"] == {
        "/population": "not_collected",
        "/audits": "not_collected",
    }


def test_what_is_named_and_empty_is_known(make: Make) -> None:
    """A folder without a run says that there was no audit."""
    document = whole(part(make, document_of()), population=(), audits=())

    assert (document["population"], document["audits"], document["units"]) == ([], [], [])
    assert document["snapshot"]["gaps"] == {}


def test_the_head_says_of_whom_and_as_of_when() -> None:
    """Of a calendar what the schema knows is taken over."""
    document = whole(
        calendar={"working_days": ["mon"], "holidays": ["2026-10-05"], "moon": "full"},
        population=(),
        audits=(),
    )

    assert document["snapshot"] == {
        "schema": {"name": "portfolio", "version": 1},
        "auditee": "delivery",
        "captured_at": "2026-09-30T16:00:00+00:00",
        "time_zone": "Europe/Berlin",
        "calendar": {"working_days": ["mon"], "holidays": ["2026-10-05"]},
        "gaps": {},
    }
    assert document["portfolio"] == {"id": "delivery", "name": "Delivery"}


def test_gaps_of_past_audits_come_along_where_they_are_read() -> None:
    """Of a fact that is left out anyway there is nothing to say."""
    gaps = {"/audits/0/recorded_at": "not_supported", "/audits/0/findings": "not_collected"}
    document = whole(
        read=READ | {"audits.recorded_at"},
        population=(),
        audits=({"id": "a1", "as_of": "2026-06-30", "packs": ["seef"]},),
        audit_gaps=gaps,
    )

    assert document["audits"] == [{"id": "a1", "as_of": "2026-06-30"}]
    assert document["snapshot"]["gaps"] == {"/audits/0/recorded_at": "not_supported"}


# ----- everything at once


def bare(facts: Any) -> Any:
    """Return facts without their provenance, of which only a part is taken over."""
    if isinstance(facts, list):
        return [bare(part) for part in facts]
    if isinstance(facts, dict):
        return {name: bare(part) for name, part in facts.items() if name != "prov"}
    return facts


class Everything(frozenset[str]):
    """Names of fields, every one of them."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        """Tell that every field is read."""
        return isinstance(name, str)


@pytest.mark.parametrize("months_back", [0, 1, 6])
def test_all_facts_of_the_demo_portfolio_keep_the_schema(
    make: Make, root: Path, months_back: int
) -> None:
    """Whatever policies come to read: facts, gaps and defaults go through the schema again."""
    loaded = read_inputs([str(root / "fixtures" / "portfolio")], MODELS).loaded
    as_of = max(one.snapshot.captured_at for one in loaded) - dt.timedelta(days=30 * months_back)
    wanted = Wanted(Everything())
    parts = tuple(
        auditee_part(
            one.snapshot,
            judged_facts(one.snapshot, as_of),
            make.result(one.snapshot.auditee),
            {},
            kind=auditee_kind(ROOT, one.snapshot.target),
            wanted=wanted,
        )
        for one in loaded
    )
    head = PortfolioHead("delivery", "Delivery", "Europe/Berlin", as_of)
    lists = PortfolioLists(population=(), auditees=parts, audits=())
    snapshot = MODELS["portfolio"].read(portfolio_document(head, lists, ROOT, wanted))

    copied = {one["id"]: one for kind in ("projects", "units") for one in snapshot.document[kind]}
    assert len(copied) == len(parts) == 14
    for taken in parts:
        facts = taken.facts.document
        for name in ("project", "unit", "time_entries", "role_assignments", "parties"):
            # Units have no place for logged work, projects none for what makes a unit.
            if name in facts and (name != "time_entries" or "project" in facts):
                where = (taken.auditee, name)
                assert bare(copied[taken.auditee].get(name)) == bare(facts[name]), where
