"""C11 and C12: who may speak, by the registers of roles and of delegations."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conventions.test_instants import moments, zones
from tests.conventions.world import answer, calendar, local_day, utc

PEOPLE = [{"id": "dana", "kind": "person"}, {"id": "team", "kind": "team"}]
NOON = utc("2026-03-03T12:00:00+01:00")
HOLE = object()


def role(first: Any = dt.date(2026, 3, 1), last: Any = None, **fields: Any) -> dict[str, Any]:
    """Make an assignment of a role; what is HOLE is unobserved."""
    known = {"party": "dana", "role": "DM", "from": first, "to": last, **fields}
    return {key: value for key, value in known.items() if value is not HOLE}


def held(*roles: dict[str, Any], party: str = "dana", at: dt.datetime = NOON, zone: str = "Europe/Berlin", **gaps: str) -> str:  # fmt: skip
    """Ask whether a party held the role."""
    facts = {"parties": PEOPLE, "role_assignments": list(roles)}
    return answer(f"held('{party}', 'DM', x)", calendar(zone), facts, {f"/{k}": v for k, v in gaps.items()}, x=at)  # fmt: skip


class TestC11:
    """A role counts only if the register gives it to the party on that local day."""

    days = st.dates(dt.date(2024, 12, 18), dt.date(2027, 1, 12))

    @given(zones, moments, days, days | st.none())
    def test_a_role_is_held_on_its_days(
        self, name: str, moment: dt.datetime, first: dt.date, last: dt.date | None
    ) -> None:
        """First and last day are included, by the wall where the project is; null is still."""
        day = local_day(moment, name)
        expected = first <= day and (last is None or day <= last)

        assert held(role(first, last), at=moment, zone=name) == str(expected).lower()

    @pytest.mark.parametrize(
        ("assigned", "expected"),
        [
            pytest.param(role(party="omar"), "false", id="another-person"),
            pytest.param(role(role="PM"), "false", id="another-role"),
            pytest.param(role(HOLE), "unknown", id="nobody-knows-since-when"),
            pytest.param(role(None), "false", id="never-began"),
            pytest.param(role(last=HOLE), "unknown", id="nobody-knows-until-when"),
            pytest.param(role(role=HOLE), "unknown", id="nobody-knows-which-role"),
        ],
    )
    def test_the_register_decides(self, assigned: dict[str, Any], expected: str) -> None:
        """What it does not know, nobody does."""
        assert held(assigned) == expected

    def test_an_empty_register_gives_no_role(self) -> None:
        """And one that nobody read leaves it open."""
        assert held() == "false"
        assert answer("held('dana', 'DM', x)", facts={"parties": PEOPLE}, x=NOON) == "unknown"
        assert held(role_assignments="truncated") == "unknown"

    def test_a_team_is_never_a_person(self) -> None:
        """Even where the register gives it the role."""
        assert held(role(party="team"), party="team") == "false"


class TestC12:
    """A delegate counts where a recorded delegation names who and which role, on that day."""

    GIVEN: ClassVar = {"from_party": "dana", "to_party": "omar", "role": "DM", "from": dt.date(2026, 3, 1), "to": dt.date(2026, 3, 3)}  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "at", "expected"),
        [
            pytest.param({}, NOON, "true", id="on-its-last-day"),
            pytest.param({}, utc("2026-03-04T00:00:00+01:00"), "false", id="the-day-after"),
            pytest.param({"to": None}, utc("2026-09-04T00:00:00+02:00"), "true", id="without-end"),
            pytest.param({"role": "PM"}, NOON, "false", id="of-another-role"),
            pytest.param({"from_party": "omar", "to_party": "dana"}, NOON, "false", id="the-other-way-round"),
            pytest.param({"to_party": "team"}, NOON, "false", id="to-somebody-else"),
        ],
    )  # fmt: skip
    def test_a_delegation_counts_as_it_was_recorded(
        self, changes: dict[str, Any], at: dt.datetime, expected: str
    ) -> None:
        """Principal, delegate, role and days."""
        facts = {"parties": [], "delegations": [{**self.GIVEN, **changes}]}

        assert answer("delegated('dana', 'omar', 'DM', x)", facts=facts, x=at) == expected

    def test_a_team_is_no_delegate(self) -> None:
        """A team is never a person."""
        facts = {"parties": PEOPLE, "delegations": [{**self.GIVEN, "to_party": "team"}]}

        assert answer("delegated('dana', 'team', 'DM', x)", facts=facts, x=NOON) == "false"

    def test_nobody_is_a_delegate_without_a_record(self) -> None:
        """An unobserved register leaves it open, an empty one does not."""
        question = "delegated('dana', 'omar', 'DM', x)"

        assert answer(question, facts={"parties": [], "delegations": []}, x=NOON) == "false"
        assert answer(question, facts={"parties": []}, x=NOON) == "unknown"
