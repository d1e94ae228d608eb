"""How several drafts of one auditee become one snapshot, and what is reported on the way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import InputError, SnapshotError
from auditor.model.location import Location
from auditor.sources.contract import Draft
from auditor.sources.merge import merge, without
from auditor.sources.record_places import RecordPlaces

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def draft(
    name: str,
    /,
    *,
    gaps: Mapping[str, str] | None = None,
    head: Mapping[str, object] | None = None,
    **facts: object,
) -> Draft:
    """Make what a reader makes of a file: each entity in a line of its own, each record one further."""
    document: dict[str, Any] = {
        "snapshot": {
            "schema": {"name": "project", "version": 1},
            "auditee": "hand:apollo",
            "captured_at": "2026-03-03T18:00:00+01:00",
            "time_zone": "Europe/Berlin",
            "sources": [{"id": name}],
            "gaps": dict(gaps or {}),
            **(head or {}),
        },
        "project": {"id": "hand:apollo"},
        **facts,
    }
    places: dict[str, Location] = {}
    for line, (entity, value) in enumerate(document.items(), 1):
        places[f"/{entity}"] = Location(f"{name}.yaml", line * 100)
        for position in range(len(value) if isinstance(value, list) else 0):
            places[f"/{entity}/{position}"] = Location(f"{name}.yaml", line * 100 + position + 1)
    return Draft(document, RecordPlaces(places))


def merged(*drafts: Draft) -> Draft:
    """Join drafts by the schema of a project, and hold the result against it."""
    made = merge(drafts, root=model().root)
    model().read(made.document)
    return made


def gaps_of(made: Draft) -> dict[str, str]:
    """Return the gaps of a snapshot."""
    gaps: dict[str, str] = made.document["snapshot"]["gaps"]
    return gaps


def told(made: Draft) -> list[str]:
    """Return the problems with their places, as a person reads them."""
    return [f"{problem.location}: {problem.message}" for problem in made.problems]


# ----- Records


def test_records_are_joined_by_id() -> None:
    """The first source orders the list; each adds what it knows."""
    one = draft("a", risks=[{"id": "r1", "severity": "high"}, {"id": "r2"}])
    other = draft("b", risks=[{"id": "r3"}, {"id": "r1", "owner": None}])

    made = merged(one, other)

    assert made.document["risks"] == [
        {"id": "r1", "severity": "high", "owner": None},
        {"id": "r2"},
        {"id": "r3"},
    ]
    assert made.problems == ()


def test_entities_of_each_source_come_together() -> None:
    """What only one source has is in the snapshot, in the order of the schema."""
    made = merged(draft("a", risks=[]), draft("b", sprints=[{"id": "s1"}], blockers=[]))

    assert list(made.document) == ["snapshot", "project", "sprints", "blockers", "risks"]


def test_a_disputed_fact_is_left_out() -> None:
    """Both places are told, neither value is believed, and the gap says so."""
    one = draft("a", risks=[{"id": "r0"}, {"id": "r1", "severity": "high", "score": 12}])
    other = draft("b", risks=[{"id": "r1", "severity": "low", "score": 12}])

    made = merged(one, other)

    assert made.document["risks"] == [{"id": "r0"}, {"id": "r1", "score": 12}]
    assert gaps_of(made) == {"/risks/1/severity": "unparsed"}
    assert told(made) == [
        "b.yaml:301:1: the sources contradict each other on severity of risks 'r1': 'high' (a.yaml:302) and 'low' (b.yaml:301); the fact is left out"
    ]
    assert [problem.slug for problem in made.problems] == ["conflict"]


def test_known_absent_contradicts_a_value() -> None:
    """Null is knowledge too: nobody owns it, and somebody does."""
    one = draft("a", blockers=[{"id": "b1", "owner": None}])
    other = draft("b", blockers=[{"id": "b1", "owner": "p1"}])

    made = merged(one, other)

    assert gaps_of(made) == {"/blockers/0/owner": "unparsed"}
    assert "none (a.yaml:301) and 'p1' (b.yaml:301)" in told(made)[0]


def test_true_is_not_one() -> None:
    """Python takes 1 and true for equal; sources that write one and the other disagree."""
    one = draft("a", ext={"flag": True})
    other = draft("b", ext={"flag": 1})

    assert gaps_of(merged(one, other)) == {"/ext/flag": "unparsed"}


def test_an_instant_in_two_zones_is_no_dispute() -> None:
    """The same instant, written by a clock in Berlin and by one in UTC."""
    one = draft("a", sprints=[{"id": "s1", "started_at": "2026-03-02T09:00:00+01:00"}])
    other = draft("b", sprints=[{"id": "s1", "started_at": "2026-03-02T08:00:00Z"}])

    made = merged(one, other)

    assert made.document["sprints"] == [{"id": "s1", "started_at": "2026-03-02T09:00:00+01:00"}]
    assert made.problems == ()


def test_texts_that_read_like_instants_may_differ() -> None:
    """Only a field that the schema calls an instant is compared as one."""
    one = draft("a", sprints=[{"id": "s1", "name": "2026-03-02T09:00:00+01:00"}])
    other = draft("b", sprints=[{"id": "s1", "name": "2026-03-02T08:00:00Z"}])

    assert gaps_of(merged(one, other)) == {"/sprints/0/name": "unparsed"}


def test_objects_inside_are_joined_fact_by_fact() -> None:
    """One source knows the start of execution, the other its end; they agree on nothing else."""
    one = draft(
        "a", project={"id": "hand:apollo", "phase": "execution", "execution": {"started_at": None}}
    )
    other = draft(
        "b", project={"id": "hand:apollo", "phase": "closing", "execution": {"ended_at": None}}
    )

    made = merged(one, other)

    assert made.document["project"] == {
        "id": "hand:apollo", "execution": {"started_at": None, "ended_at": None},
    }  # fmt: skip
    assert gaps_of(made) == {"/project/phase": "unparsed"}
    assert told(made)[0].startswith(
        "b.yaml:200:1: the sources contradict each other on phase of project"
    )


def test_a_list_inside_a_record_is_one_fact() -> None:
    """Two lists of escalations are not mixed: which of them is whole nobody knows."""
    one = draft("a", risks=[{"id": "r1", "escalations": [{"level": 1}]}])
    other = draft("b", risks=[{"id": "r1", "escalations": [{"level": 2}]}])

    assert gaps_of(merged(one, other)) == {"/risks/0/escalations": "unparsed"}


def test_a_record_that_cannot_be_without_the_disputed_fact_is_left_out() -> None:
    """Its list is open from then on, so that its absence proves nothing."""
    held = {"id": "h1", "party": "p1", "role": "DM"}
    one = draft("a", role_assignments=[held, {**held, "id": "h2"}])
    other = draft("b", role_assignments=[{**held, "role": "PM", "from": None}])

    made = merged(one, other)

    assert [record["id"] for record in made.document["role_assignments"]] == ["h2"]
    assert gaps_of(made) == {"/role_assignments": "truncated"}
    assert told(made) == [
        "b.yaml:301:1: the sources contradict each other on role of role_assignments 'h1': 'DM' (a.yaml:301) and 'PM' (b.yaml:301); the record is left out"
    ]


def test_records_without_an_id_are_never_the_same() -> None:
    """The schema refuses them; joining must not hide one behind another."""
    made = merge([draft("a", risks=[{}]), draft("b", risks=[{}, 5])], root=model().root)

    assert made.document["risks"] == [{}, {}, 5]


def test_a_part_of_unknown_provenance_leaves_none() -> None:
    """What somebody added without saying where it came from must not pass for an export."""
    one = draft("a", risks=[{"id": "r1", "prov": {"source": "a", "method": "export"}}])
    other = draft("b", risks=[{"id": "r1", "severity": "high"}])

    made = merged(one, other)

    assert made.document["risks"][0] == {"id": "r1", "severity": "high"}


def test_the_weaker_provenance_stays() -> None:
    """A fact that was typed is not believed like one that a tool exported."""
    one = draft("a", risks=[{"id": "r1", "prov": {"source": "a", "method": "export"}}])
    other = draft("b", risks=[{"id": "r1", "prov": {"source": "b", "method": "manual"}}])

    made = merged(one, other)

    assert made.document["risks"][0]["prov"] == {"source": "b", "method": "manual"}
    assert made.problems == ()


# ----- Parties


def test_parties_that_share_an_account_are_one() -> None:
    """The first id and name stay, accounts come together, and every reference follows."""
    one = draft(
        "a",
        parties=[{"id": "hand:ana", "name": "Ana", "accounts": ["Ana@Acme.example"]}],
        role_assignments=[{"id": "h1", "party": "hand:ana", "role": "DM"}],
    )
    other = draft(
        "b",
        parties=[
            {"id": "jira:7", "name": "Ana P.", "kind": "person", "accounts": ["jira:7", "ana@acme.example"]},
            {"id": "jira:8", "name": "jira:7"},
        ],
        work_items=[{"id": "w1", "title": "jira:7", "owners": ["jira:8", "jira:7"]}],
        change_events=[
            {"id": "c1", "item": "w1", "field": "owners", "from": None, "to": "jira:7", "at": "2026-03-02", "by": "jira:7"},
            {"id": "c2", "item": "w1", "field": "status", "from": None, "to": "jira:7", "at": "2026-03-02"},
        ],
    )  # fmt: skip

    document = merged(one, other).document

    assert document["parties"] == [
        {"id": "hand:ana", "name": "Ana", "kind": "person", "accounts": ["Ana@Acme.example", "jira:7", "ana@acme.example"]},
        {"id": "jira:8", "name": "jira:7"},
    ]  # fmt: skip
    assert document["work_items"] == [
        {"id": "w1", "title": "jira:7", "owners": ["jira:8", "hand:ana"]}
    ]
    first, second = document["change_events"]
    assert (first["to"], first["by"], second["to"]) == ("hand:ana", "hand:ana", "jira:7")


def test_accounts_are_compared_in_any_composition() -> None:
    """A composed and a decomposed letter are one, and case does not matter."""
    one = draft("a", parties=[{"id": "p1", "accounts": ["J\u00d6RG@acme.example"]}])
    other = draft("b", parties=[{"id": "p2", "accounts": [" jo\u0308rg@acme.example"]}])

    assert [party["id"] for party in merged(one, other).document["parties"]] == ["p1"]


def test_accounts_link_parties_in_chains() -> None:
    """One and two share an account, two and three another: all three are one."""
    made = merged(
        draft("a", parties=[{"id": "p1", "accounts": ["x"]}, {"id": "p3", "accounts": ["y"]}]),
        draft(
            "b", parties=[{"id": "p2", "accounts": ["y", "x"]}], risks=[{"id": "r", "owner": "p3"}]
        ),
    )

    assert made.document["parties"] == [{"id": "p1", "accounts": ["x", "y"]}]
    assert made.document["risks"][0]["owner"] == "p1"


def test_one_draft_alone_has_its_parties_joined() -> None:
    """A single source may know one human twice."""
    made = merged(
        draft("a", parties=[{"id": "p1", "accounts": ["x"]}, {"id": "p2", "accounts": ["X"]}])
    )

    assert [party["id"] for party in made.document["parties"]] == ["p1"]


def test_a_team_with_a_persons_account_is_in_dispute() -> None:
    """A team is never a person: which of the two it is stays unobserved, default or not."""
    one = draft("a", parties=[{"id": "p1", "kind": "person", "accounts": ["x"]}])
    other = draft("b", parties=[{"id": "p2", "kind": "team", "accounts": ["x"]}])

    made = merged(one, other)

    assert gaps_of(made) == {"/parties/0/kind": "unparsed"}
    assert "kind" not in model().read(made.document).document["parties"][0]


# ----- Gaps


def test_what_one_source_knows_is_known() -> None:
    """A list that another source did not collect, and a field that it cannot have."""
    one = draft(
        "a",
        gaps={
            "/risks": "not_supported",
            "/project/phase": "not_supported",
            "/meetings": "not_supported",
        },
    )
    other = draft("b", gaps={"/meetings": "not_collected"}, risks=[], project={"id": "hand:apollo", "phase": "execution"})  # fmt: skip

    assert gaps_of(merged(one, other)) == {"/meetings": "not_collected"}


def test_a_list_that_one_source_cut_short_stays_open() -> None:
    """However much the other has, something may be missing."""
    one = draft("a", gaps={"/risks": "truncated"}, risks=[{"id": "r1"}])

    assert gaps_of(merged(one, draft("b", risks=[{"id": "r2"}]))) == {"/risks": "truncated"}
    assert gaps_of(merged(draft("b", risks=[{"id": "r2"}]), one)) == {"/risks": "truncated"}


def test_a_value_that_its_own_source_calls_unobserved_is_none() -> None:
    """A gap outranks the value beside it, so there is nothing to dispute."""
    one = draft(
        "a", gaps={"/risks/0/severity": "unparsed"}, risks=[{"id": "r1", "severity": "high"}]
    )
    other = draft("b", risks=[{"id": "r1", "severity": "low"}])

    made = merged(one, other)

    assert made.document["risks"] == [{"id": "r1", "severity": "low"}]
    assert (gaps_of(made), made.problems) == ({}, ())


def test_a_gap_of_all_records_speaks_of_its_own_source() -> None:
    """Where another source gives the field of its records, the gap holds for the others one by one."""
    one = draft(
        "a",
        gaps={"/work_items/*/deliverable": "not_supported"},
        work_items=[{"id": "w1"}, {"id": "w2"}],
    )
    other = draft("b", work_items=[{"id": "w0"}, {"id": "w2", "deliverable": "d1"}, {"id": "w3"}])

    made = merged(other, one)

    assert [item["id"] for item in made.document["work_items"]] == ["w0", "w2", "w3", "w1"]
    assert gaps_of(made) == {"/work_items/3/deliverable": "not_supported"}


def test_a_gap_of_all_records_stays_one_while_nobody_knows() -> None:
    """No need to list every record of a list in which the field is nowhere."""
    one = draft("a", gaps={"/work_items/*/deliverable": "not_supported"}, work_items=[{"id": "w1"}])

    made = merged(draft("b", work_items=[{"id": "w2"}]), one)

    assert gaps_of(made) == {"/work_items/*/deliverable": "not_supported"}


def test_a_gap_of_one_record_moves_with_it() -> None:
    """The record stands elsewhere in the joined list."""
    one = draft("a", gaps={"/risks/0/owner": "no_permission"}, risks=[{"id": "r1"}])

    made = merged(draft("b", risks=[{"id": "r0", "owner": None}]), one)

    assert gaps_of(made) == {"/risks/1/owner": "no_permission"}


# ----- The head


def test_the_snapshot_speaks_as_far_as_all_sources_do() -> None:
    """The earliest instant is taken, whatever zone it is written in, and the others are told."""
    one = draft("a", head={"captured_at": "2026-03-03T18:00:00+01:00"})
    other = draft("b", head={"captured_at": "2026-03-03T17:30:00Z", "assumptions": ["x"]})

    head = merged(other, one).document["snapshot"]

    assert head["captured_at"] == "2026-03-03T18:00:00+01:00"
    assert head["assumptions"] == [
        "x",
        "captured_at is the earliest of the sources': 2026-03-03T18:00:00+01:00, 2026-03-03T17:30:00Z",
    ]
    assert head["sources"] == [{"id": "b"}, {"id": "a"}]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        pytest.param("auditee", "hand:borea", "the sources are of different auditees: 'hand:apollo' (a.yaml:100) and 'hand:borea' (b.yaml:100)", id="auditee"),
        pytest.param("time_zone", "Asia/Shanghai", "the sources name different time zones: 'Europe/Berlin' (a.yaml:100) and 'Asia/Shanghai' (b.yaml:100)", id="time-zone"),
        pytest.param("schema", {"name": "unit", "version": 1}, "the sources keep different contracts: something else (a.yaml:100) and something else (b.yaml:100)", id="contract"),
    ],
)  # fmt: skip
def test_sources_that_cannot_be_of_one_snapshot_are_refused(
    key: str, value: object, message: str
) -> None:
    """There is no fact to leave out here: the whole snapshot depends on it."""
    with pytest.raises(SnapshotError) as caught:
        merged(draft("a"), draft("b", head={key: value}))

    assert caught.value.message == message


def test_a_source_without_a_zone_takes_that_of_another() -> None:
    """What a tool does not know of the project, the folder says."""
    jira = draft("b")
    del jira.document["snapshot"]["time_zone"]

    assert merged(jira, draft("a")).document["snapshot"]["time_zone"] == "Europe/Berlin"


def test_the_working_calendar_is_a_fact_like_any_other() -> None:
    """Two calendars that differ in the holidays leave the holidays out."""
    days = {"working_days": ["mon"], "holidays": ["2026-05-01"]}
    one = draft("a", head={"calendar": days})
    other = draft("b", head={"calendar": {**days, "holidays": []}})

    made = merged(one, other)

    assert made.document["snapshot"]["calendar"] == {"working_days": ["mon"]}
    assert gaps_of(made) == {"/snapshot/calendar/holidays": "unparsed"}


def test_a_draft_without_a_head_cannot_be_joined() -> None:
    """The pointer says where to mend it."""
    broken = Draft({"snapshot": [], "project": {}}, RecordPlaces({}))

    with pytest.raises(SnapshotError) as caught:
        merge([draft("a"), broken], root=model().root)

    assert caught.value.pointer == "/snapshot"


# ----- Problems and places


def test_the_problems_of_the_sources_are_kept() -> None:
    """What a reader could not read is still reported."""
    problem = InputError("a line is broken")
    one = draft("a")

    made = merged(Draft(one.document, one.places, (problem,)), draft("b"))

    assert made.problems == (problem,)


def test_a_fact_is_found_in_the_source_that_gives_it() -> None:
    """In a joined record each fact stands in the file that it came from."""
    one = draft("a", risks=[{"id": "r0"}, {"id": "r1", "severity": "high"}])
    other = draft("b", risks=[{"id": "r1", "owner": None}, {"id": "r2"}])

    places = merged(one, other).places

    wanted = [
        "/risks/1/severity",
        "/risks/1/owner",
        "/risks/2",
        "/snapshot/time_zone",
        "/approvals/0",
    ]
    assert places.locate(wanted) == {
        "/risks/1/severity": Location("a.yaml", 302),
        "/risks/1/owner": Location("b.yaml", 301),
        "/risks/2": Location("b.yaml", 302),
        "/snapshot/time_zone": Location("a.yaml", 100),
    }


# ----- Leaving facts out


def test_a_fact_that_is_left_out_comes_from_another_source() -> None:
    """The one way to settle a dispute without changing a source, and the snapshot tells of it."""
    one = draft("a", project={"id": "hand:apollo", "name": "Apollo"})
    other = draft("b", project={"id": "hand:apollo", "name": "APO"})

    made = merged(one, without(other, ["/project/name"], source="jira"))

    assert (made.document["project"]["name"], gaps_of(made), made.problems) == ("Apollo", {}, ())
    assert made.document["snapshot"]["assumptions"] == [
        "jira: /project/name is left out, as auditor.yaml says"
    ]


def test_a_fact_that_nobody_else_gives_is_not_collected() -> None:
    """Leaving a fact out never makes it absent."""
    other = without(draft("b", risks=[{"id": "r1", "owner": None}]), ["/risks/*/owner"], source="b")

    made = merged(draft("a"), other)

    assert made.document["risks"] == [{"id": "r1"}]
    assert gaps_of(made) == {"/risks/*/owner": "not_collected"}


# ----- Laws

_risks = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["r1", "r2", "r3", "r4"])},
        optional={
            "severity": st.sampled_from(["low", "high", None]),
            "score": st.sampled_from([1, 12, None]),
            "raised_at": st.sampled_from(["2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", None]),
        },
    ),
    unique_by=lambda risk: risk["id"],
)  # fmt: skip


def _facts(made: Draft) -> dict[str, dict[str, Any]]:
    """Return what is known of each risk, whatever the order and the spelling of instants."""
    shaped = model().read(made.document).document
    return {risk["id"]: risk for risk in shaped.get("risks", [])}


@given(_risks, _risks)
def test_the_order_of_the_sources_changes_no_fact(one: list[Any], other: list[Any]) -> None:
    """Whichever is named first, the same is known, and as many disputes are told."""
    a, b = draft("a", risks=one), draft("b", risks=other)

    there, back = merged(a, b), merged(b, a)

    assert _facts(there) == _facts(back)
    assert len(there.problems) == len(back.problems)


@given(_risks)
def test_a_source_that_says_the_same_adds_nothing(risks: list[Any]) -> None:
    """Joining a draft with itself gives its facts."""
    one = draft("a", risks=risks)

    assert merged(one, one).document["risks"] == risks
    assert merged(one, one).problems == ()
