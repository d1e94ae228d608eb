"""What a population may say, how a wrong one is told, and who is in scope when."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.errors import ErrorGroup, PopulationError
from auditor.sources.population import PopulationFile, parse_population, population_model

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "id: p\nname: People\ntime_zone: Europe/Berlin\n"
EXCLUDED = "exclusion: {kind: advisory_call, reason: Two calls, by: C. Doyle, at: %s}"


def parse(members: str) -> PopulationFile:
    """Read a population whose head is right."""
    return parse_population(f"{HEAD}members: [{members}]\n".encode(), path="people.yaml")


def test_a_member_is_read() -> None:
    """With everything that may be said of one, as the portfolio document writes it."""
    excluded = EXCLUDED % "2026-08-01T10:00:00Z"
    population = parse(
        "{id: a, name: Apollo, target: unit, dm: C. Doyle, from: 2026-02-01, until: 2026-06-30, "
        f"{excluded}}}"
    )

    (member,) = population.members
    assert member.to_tree() == {
        "id": "a",
        "name": "Apollo",
        "target": "unit",
        "dm": "C. Doyle",
        "from": "2026-02-01",
        "until": "2026-06-30",
        "exclusion": {
            "kind": "advisory_call",
            "reason": "Two calls",
            "by": "C. Doyle",
            "at": "2026-08-01T10:00:00Z",
        },
    }
    assert str(member.location) == "people.yaml:4:11"


def test_what_may_be_left_out_of_a_member() -> None:
    """A project, always in scope, excluded by nobody."""
    (member,) = parse("{id: a, name: Apollo}").members

    assert member.to_tree() == {
        "id": "a", "name": "Apollo", "target": "project", "dm": None,
        "from": None, "until": None, "exclusion": None,
    }  # fmt: skip


def test_a_population_has_a_calendar_of_its_own() -> None:
    """It is that of what is judged over all members."""
    text = (
        f"{HEAD}calendar: {{working_days: [mon], holidays: [2026-12-25, 2026-10-03], "
        "covers: {from: 2026-01-01, to: 2026-12-31}}\nmembers: [{id: a, name: Apollo}]\n"
    )
    population = parse_population(text.encode(), path="people.yaml")

    assert population.calendar is not None
    assert population.calendar.parts() == {
        "working_days": ["mon"],
        "holidays": ["2026-10-03", "2026-12-25"],
        "covers": {"from": "2026-01-01", "to": "2026-12-31"},
    }


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        pytest.param("{id: a, name: A}, {id: a, name: B}", "4:34", "'a' is a member twice", "the other one is people.yaml:4:16; leave one out", id="an-id-twice"),
        pytest.param("{id: a, name: A, from: 2026-02-02, until: 2026-02-01}", "4:53", "'a' leaves on 2026-02-01, before it comes on 2026-02-02", "write the earlier day first", id="leaves-before-it-comes"),
        pytest.param("{id: a, name: A, form: 2026-02-02}", "4:28", "unknown key 'form'", "did you mean 'from'?", id="unknown-key"),
        pytest.param("{id: a, name: A, from: 2026-2-2}", "4:34", "'from': a day is written as year, month and day, e.g. 2026-03-03", None, id="no-day"),
        pytest.param("{id: a, name: A, target: portfolio}", "4:36", "'target' wants one of project, unit; found 'portfolio'", "known: project, unit", id="no-auditee"),
        pytest.param("{name: A}", "4:11", "'id' is missing", "add id: ...", id="no-id"),
        pytest.param("{id: a, name: A, exclusion: {kind: k, reason: n/a, by: B b, at: 2026-08-01}}", "4:57", "'reason': 'n/a' says nothing", "write it so that a reader of the report understands it", id="excluded-without-a-reason"),
        pytest.param("{id: a, name: A, exclusion: {kind: k, reason: R r, by: B b, at: 2026-08-01T10:00:00}}", "4:75", "'at': the offset from UTC is missing, e.g. +01:00 or Z", None, id="an-instant-without-its-offset"),
        pytest.param("", "4:10", "'members' is empty", None, id="nobody"),
    ],
)  # fmt: skip
def test_a_wrong_population_is_told_with_its_place(
    text: str, place: str, message: str, hint: str | None
) -> None:
    """Each breach has file, line, column and what to do."""
    with pytest.raises(ErrorGroup) as caught:
        parse(text)

    assert [(str(error.location), error.message, error.hint) for error in caught.value.errors] == [
        (f"people.yaml:{place}", message, hint)
    ]
    assert all(
        isinstance(error, PopulationError) and error.excerpt for error in caught.value.errors
    )


def test_an_unknown_zone_is_told() -> None:
    """Days of a zone that nobody knows would be anybody's."""
    text = "id: p\nname: People\ntime_zone: Berlin\nmembers: [{id: a, name: A}]\n"
    with pytest.raises(ErrorGroup) as caught:
        parse_population(text.encode(), path="people.yaml")

    (error,) = caught.value.errors
    assert str(error.location) == "people.yaml:3:12"
    assert error.message.startswith("'time_zone': no time zone is called 'Berlin'")


@pytest.mark.parametrize(
    ("as_of", "is_listed"),
    [
        pytest.param(datetime(2026, 1, 31, 22, 59, tzinfo=UTC), False, id="a minute before"),
        pytest.param(datetime(2026, 1, 31, 23, 0, tzinfo=UTC), True, id="the first local midnight"),
        pytest.param(datetime(2026, 6, 30, 21, 59, tzinfo=UTC), True, id="the last local minute"),
        pytest.param(datetime(2026, 6, 30, 22, 0, tzinfo=UTC), False, id="the midnight after"),
        pytest.param(date(2026, 1, 31), False, id="the day before"),
        pytest.param(date(2026, 2, 1), True, id="the first day"),
        pytest.param(date(2026, 6, 30), True, id="the last day"),
        pytest.param(date(2026, 7, 1), False, id="the day after"),
    ],
)
def test_both_ends_are_in_scope_in_the_populations_zone(
    as_of: datetime | date, *, is_listed: bool
) -> None:
    """Berlin is an hour before UTC in winter and two in summer."""
    population = parse("{id: a, name: A, from: 2026-02-01, until: 2026-06-30}")

    assert population.is_listed(population.members[0], as_of) is is_listed


@pytest.mark.parametrize(
    ("at", "as_of", "is_excluded"),
    [
        ("2026-08-01T10:00:00Z", datetime(2026, 8, 1, 10, tzinfo=UTC), True),
        ("2026-08-01T10:00:00Z", datetime(2026, 8, 1, 9, 59, tzinfo=UTC), False),
        ("2026-08-01T22:30:00Z", date(2026, 8, 1), False),  # the second of August in Berlin
        ("2026-08-01", datetime(2026, 7, 31, 22, 0, tzinfo=UTC), True),
        ("2026-08-01", datetime(2026, 7, 31, 21, 59, tzinfo=UTC), False),
        ("2026-08-01", date(2026, 8, 1), True),
    ],
)
def test_an_exclusion_holds_from_when_it_was_decided(
    at: str, as_of: datetime | date, *, is_excluded: bool
) -> None:
    """What is decided later does not reach back."""
    population = parse(f"{{id: a, name: A, {EXCLUDED % at}}}")

    assert population.is_excluded(population.members[0], as_of) is is_excluded


def test_an_audit_covers_its_population() -> None:
    """In scope is audited or missing; who is excluded or not listed is neither."""
    population = parse(
        "{id: d, name: D}, {id: a, name: A}, {id: gone, name: G, until: 2026-01-31}, "
        f"{{id: x, name: X, {EXCLUDED % '2026-01-01'}}}"
    )

    covering = population.covering(date(2026, 8, 1), {"a", "gone", "stray"})

    assert [member.id for member in covering.audited] == ["a"]
    assert [member.id for member in covering.missing] == ["d"]
    assert [member.id for member in covering.excluded] == ["x"]
    assert covering.not_listed == ("gone", "stray")
    assert covering.in_scope == 2


@given(
    st.sets(st.sampled_from("abcdef"), min_size=1),
    st.sets(st.sampled_from("abcdefgh")),
    st.permutations("abcdef"),
)
def test_nobody_is_counted_twice_or_lost(
    members: set[str], judged: set[str], order: list[str]
) -> None:
    """Whatever the order of the file: each member is one of four things, each judged one is somewhere."""
    listed = [one for one in order if one in members]
    population = parse(", ".join(f"{{id: {one}, name: N{one}}}" for one in listed))

    covering = population.covering(date(2026, 8, 1), judged)

    assert sorted(m.id for m in (*covering.audited, *covering.missing)) == sorted(members)
    assert {m.id for m in covering.audited} | set(covering.not_listed) == judged


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/population.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "population.schema.json",
        **population_model().model_json_schema(),
    }


def test_the_example_of_the_page_is_a_population(root: Path) -> None:
    """What a reader copies is right."""
    lines = (root / "docs/profiles.md").read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.endswith("population.schema.json"))
    last = next(i for i, line in enumerate(lines) if i > first and not line.startswith("    "))
    example = "\n".join(line[4:] for line in lines[first:last])

    population = parse_population(example.encode(), path="people.yaml")
    assert [member.name for member in population.members] == ["Apollo", "Eos", "Dione"]
