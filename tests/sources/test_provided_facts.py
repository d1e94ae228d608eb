"""A profile gives a snapshot what it does not know, and nothing else."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.tree import parse_tree
from auditor.facts.snapshot import SnapshotModel
from auditor.model.location import Location
from auditor.sources.contract import Draft
from auditor.sources.profile import NamedCalendar
from auditor.sources.provided_facts import ProvidedFacts, Standards, provide
from auditor.sources.record_places import RecordPlaces
from auditor.sources.working_calendar import CalendarText
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from auditor.facts.types import ObjectType

ROOT: ObjectType = snapshot_models()["project"].root
FILE = "profile/standards.yaml"
STANDARDS = Standards(
    parse_tree(b'version: "2"\nowner: Office\nescalation: []\n', path=FILE), "sha256:ff"
)
COVERS = ("2026-01-01", "2026-12-31")


def calendar(
    name: str, *, zones: tuple[str, ...] = (), auditees: tuple[str, ...] = ()
) -> NamedCalendar:
    """Make a calendar that is told by its name."""
    days = ("mon", "tue")
    text = CalendarText(days, ("09:00", "17:00"), ("2026-10-03",), COVERS, f"list of {name}")
    return NamedCalendar(name, zones, auditees, text)


FACTS = ProvidedFacts(
    "acme",
    "sha256:aa",
    STANDARDS,
    (calendar("zone", zones=("Europe/Berlin",)), calendar("own", auditees=("hand:zeus",))),
)


def document(**head: Any) -> dict[str, Any]:
    """Make a snapshot that knows nothing."""
    return {
        "snapshot": {
            "schema": {"name": "project", "version": 1},
            "auditee": "hand:apollo",
            "captured_at": "2026-09-30T18:00:00+02:00",
            "time_zone": "Europe/Berlin",
            "sources": [{"id": "hand"}],
            **head,
        },
        "project": {"id": "hand:apollo", "name": "Apollo"},
    }


def provided(data: dict[str, Any], facts: ProvidedFacts = FACTS) -> Draft:
    """Give a snapshot what the profile knows."""
    return provide(Draft(data, RecordPlaces({})), facts, root=ROOT)


def given_to(data: dict[str, Any], facts: ProvidedFacts = FACTS) -> dict[str, Any]:
    """Return what became of a snapshot."""
    return provided(data, facts).document


def test_standards_are_given_with_where_they_come_from() -> None:
    """The record, the source and the sentence name the profile."""
    made = given_to(document())

    assert made["standards"] == {
        "version": "2",
        "owner": "Office",
        "escalation": [],
        "prov": {
            "source": "profile:acme", "locator": FILE, "method": "manual", "sha256": "sha256:ff",
        },
    }  # fmt: skip
    assert made["snapshot"]["sources"] == [
        {"id": "hand"},
        {"id": "profile:acme", "kind": "profile", "raw": ["sha256:aa", "sha256:ff"]},
    ]
    assert made["snapshot"]["assumptions"] == [
        "the standards are those of the profile acme, profile/standards.yaml, version 2",
        "working days and hours and holidays of the working calendar are those of 'zone' in the profile acme",
    ]


def test_a_calendar_is_given_with_the_days_that_it_covers() -> None:
    """And says which list its holidays are from."""
    assert given_to(document())["snapshot"]["calendar"] == {
        "working_days": ["mon", "tue"],
        "hours": {"from": "09:00", "to": "17:00"},
        "holidays": ["2026-10-03"],
        "covers": {"from": "2026-01-01", "to": "2026-12-31"},
        "source": "profile acme, calendar zone: list of zone",
    }


def test_a_calendar_for_the_auditee_comes_before_one_for_its_zone() -> None:
    """Whoever named the auditee meant it."""
    data = document(auditee="hand:zeus")

    assert (
        given_to(data)["snapshot"]["calendar"]["source"]
        == "profile acme, calendar own: list of own"
    )


@pytest.mark.parametrize(
    "gap",
    ["/standards", "/standards/escalation", "/snapshot/calendar", "/snapshot/calendar/holidays"],
)
def test_a_gap_of_what_is_now_known_is_gone(gap: str) -> None:
    """Others stay."""
    data = document(gaps={gap: "not_supported", "/risks": "not_collected"})

    assert given_to(data)["snapshot"]["gaps"] == {"/risks": "not_collected"}


def test_a_value_that_a_gap_names_is_not_known() -> None:
    """A gap outranks what stands there."""
    data = document(gaps={"/standards": "unparsed"}) | {"standards": {"owner": "nobody"}}

    assert given_to(data)["standards"]["owner"] == "Office"


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"version": "1"}, id="a version"),
        pytest.param({"escalation": []}, id="a list known to be empty"),
        pytest.param({"version": None}, id="known to have none"),
    ],
)
def test_standards_of_its_own_are_kept_whole(own: dict[str, Any]) -> None:
    """Half of two versions would be nobody's standards; the gaps beside them stay."""
    gaps = {"/standards/owner": "not_collected"}
    made = given_to(document(gaps=gaps) | {"standards": own})

    assert made["standards"] == own
    assert made["snapshot"]["gaps"] == gaps


def test_a_part_of_the_calendar_that_is_known_is_kept() -> None:
    """The source's holidays, an empty list among them, are not the profile's, and neither are the days they cover."""
    data = document(calendar={"holidays": []}, gaps={"/snapshot/calendar/hours": "not_supported"})

    made = given_to(data)["snapshot"]
    assert made["calendar"] == {
        "holidays": [],
        "working_days": ["mon", "tue"],
        "hours": {"from": "09:00", "to": "17:00"},
    }
    assert made["gaps"] == {}


def test_a_part_that_the_profile_does_not_know_stays_a_gap() -> None:
    """A gap of the whole calendar becomes one of what is still missing."""
    text = CalendarText(("mon",), None, (), COVERS, None)
    facts = ProvidedFacts(
        "acme", "sha256:aa", None, (NamedCalendar("c", ("Europe/Berlin",), (), text),)
    )
    made = given_to(document(gaps={"/snapshot/calendar": "not_supported"}), facts)["snapshot"]

    assert made["gaps"] == {"/snapshot/calendar/hours": "not_supported"}
    assert made["calendar"]["source"] == "profile acme, calendar c"


def test_other_sources_stay_unknown() -> None:
    """Where a snapshot does not say what it was read from, the profile is not all of it."""
    data = document()
    del data["snapshot"]["sources"]

    made = given_to(data)["snapshot"]
    assert [source["id"] for source in made["sources"]] == ["profile:acme"]
    assert made["gaps"] == {"/snapshot/sources": "truncated"}


def test_nothing_is_given_to_who_knows_all() -> None:
    """The very same draft: no source is added where nothing came from it."""
    own = {"working_days": ["mon"], "hours": {"from": "08:00", "to": "16:00"}, "holidays": []}
    draft = Draft(document(calendar=own) | {"standards": {"version": "1"}}, RecordPlaces({}))

    assert provide(draft, FACTS, root=ROOT) is draft


def test_a_zone_without_a_calendar_gets_none() -> None:
    """No calendar is near enough."""
    made = given_to(document(time_zone="Europe/Rome"))

    assert "calendar" not in made["snapshot"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"snapshot": []},
        {"snapshot": {"gaps": []}},
        {"snapshot": {"gaps": {"x": "y"}}},
        {"snapshot": {"gaps": {"/x": 1}}},
    ],
)
def test_what_the_schema_will_refuse_is_left_alone(data: dict[str, Any]) -> None:
    """Nobody is told of a fault in something that we made."""
    draft = Draft(data, RecordPlaces({}))

    assert provide(draft, FACTS, root=ROOT) is draft


@pytest.mark.parametrize(
    "head",
    [{"sources": {}}, {"assumptions": "x"}, {"calendar": []}, {"auditee": []}, {"time_zone": {}}],
)
def test_a_head_of_a_wrong_shape_is_no_crash(head: dict[str, Any]) -> None:
    """What is wrong in it stays, for the schema to tell."""
    made = given_to(document(**head))["snapshot"]

    assert all(made[key] == value for key, value in head.items())


def test_the_draft_is_not_changed() -> None:
    """It is shared."""
    data = document(gaps={"/standards": "unparsed"}, calendar={}, assumptions=["a"])
    before = deepcopy(data)
    given_to(data)

    assert data == before


def test_twice_is_once() -> None:
    """A snapshot that was given everything is given nothing more."""
    once = provided(document())

    assert provide(once, FACTS, root=ROOT) is once


def test_a_given_fact_stands_in_the_profile() -> None:
    """And every other one where it was."""
    own = RecordPlaces({"/project": Location("apollo.yaml", 9, 1)})
    places = provide(Draft(document(), own), FACTS, root=ROOT).places

    found = places.locate(["/standards/owner", "/project/name", "/standards/none"])
    assert {pointer: str(place) for pointer, place in found.items()} == {
        "/standards/owner": f"{FILE}:2:8",
        "/project/name": "apollo.yaml:9:1",
    }


def test_standards_of_its_own_keep_their_place() -> None:
    """Only a calendar was given."""
    own = RecordPlaces({"/standards": Location("apollo.yaml", 4, 1)})
    draft = Draft(document() | {"standards": {"version": "1"}}, own)

    found = provide(draft, FACTS, root=ROOT).places.locate(["/standards/version"])
    assert str(found["/standards/version"]) == "apollo.yaml:4:1"


def test_what_was_given_is_a_snapshot() -> None:
    """It keeps the contract, and its calendar works."""
    models = snapshot_models()
    schema = deepcopy(dict(models["project"].schema))
    calendar_schema = schema["$defs"]["calendar"]["properties"]
    calendar_schema.setdefault(
        "covers",
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: {"type": "string", "format": "date"} for key in ("from", "to")},
        },
    )
    snapshot = SnapshotModel.from_schema(schema).read(given_to(document()))

    assert snapshot.document["standards"]["version"] == "2"
    assert snapshot.calendar.working_days == frozenset({0, 1})


@given(
    st.dictionaries(
        st.sampled_from(["working_days", "hours", "holidays"]),
        st.sampled_from([[], {"from": "08:00", "to": "16:00"}, ["mon"]]),
    )
)
def test_what_is_known_is_never_replaced(own: dict[str, Any]) -> None:
    """Whatever a snapshot says of its calendar, it says afterwards."""
    made = given_to(document(calendar=own))["snapshot"]["calendar"]

    assert {key: made[key] for key in own} == own
