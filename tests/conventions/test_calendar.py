"""C6 and C7: which weeks, months and quarters are judged, and what the period is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.language.values import Listing, Timestamp
from tests.conventions.test_instants import moments, zones
from tests.conventions.test_limits import holidays, weeks
from tests.conventions.world import (
    DAY,
    ZONES,
    answer,
    calendar,
    first_instant,
    last_instant,
    local_day,
    utc,
    worth,
)

if TYPE_CHECKING:
    from auditor.facts.calendar import WorkingCalendar


def judged(word: str, where: WorkingCalendar, begin: Any, end: Any) -> list[str]:
    """Return the ids of the units that are certainly judged."""
    found = worth(f"{word}(x, y)", where, x=begin, y=end)
    assert isinstance(found, Listing)
    return [item.value.data["id"] for item in found.items if item.doubt is None]


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """List days, both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def whole_units(first: dt.date, last: dt.date, unit: Any) -> dict[str, list[dt.date]]:
    """Group days by the unit that each is in, and keep the units that have no day outside."""
    wide = days_between(first - 100 * DAY, last + 100 * DAY)
    found: dict[str, list[dt.date]] = {}
    for day in wide:
        found.setdefault(unit(day), []).append(day)
    return {name: days for name, days in found.items() if all(first <= day <= last for day in days)}


def iso_week(day: dt.date) -> str:
    """Name the week as ISO 8601 does."""
    return f"{day:%G-W%V}"


def month(day: dt.date) -> str:
    """Name the month."""
    return f"{day:%Y-%m}"


def quarter(day: dt.date) -> str:
    """Name the quarter."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


class TestC6:
    """Each week is each ISO week wholly inside that has at least three working days."""

    @given(zones, moments, st.integers(0, 60), weeks, holidays)
    @example("Pacific/Auckland", utc("2026-12-20T12:00:00Z"), 30, frozenset(range(5)), frozenset())
    @example(
        "America/Los_Angeles", utc("2024-12-20T07:59:00Z"), 30, frozenset(range(5)), frozenset()
    )
    def test_weeks_are_judged_by_their_working_days(
        self,
        name: str,
        moment: dt.datetime,
        length: int,
        week: frozenset[int],
        free: frozenset[dt.date],
    ) -> None:
        """Against the days themselves, over the new year too, in every zone."""
        end = moment + length * DAY
        units = whole_units(local_day(moment, name), local_day(end, name), iso_week)
        expected = [
            unit
            for unit, days in units.items()
            if sum(day.weekday() in week and day not in free for day in days) >= 3
        ]
        where = calendar(name, working_days=week, holidays=free)

        assert judged("judgedWeeks", where, moment, end) == expected

    @given(zones, moments, st.integers(0, 300))
    def test_months_and_quarters_lie_wholly_inside(
        self, name: str, moment: dt.datetime, length: int
    ) -> None:
        """By their first and last day."""
        end = moment + length * DAY
        first, last = local_day(moment, name), local_day(end, name)
        where = calendar(name)

        assert judged("judgedMonths", where, moment, end) == list(whole_units(first, last, month))
        assert judged("judgedQuarters", where, moment, end) == list(
            whole_units(first, last, quarter)
        )

    @pytest.mark.parametrize("name", ZONES)
    def test_units_begin_and_end_with_their_days(self, name: str) -> None:
        """To the microsecond, in a zone whose clocks change at midnight too."""
        found = worth("weeks(x, y)", calendar(name), x=utc("2026-03-20T12:00:00Z"), y=utc("2026-11-20T12:00:00Z"))  # fmt: skip

        for week in found:
            monday = dt.date.fromisocalendar(int(week.data["id"][:4]), int(week.data["id"][6:]), 1)
            assert week.data["starts_at"] == first_instant(monday, name)
            assert week.data["ends_at"] == last_instant(monday + 6 * DAY, name)

    def test_a_week_that_began_in_the_old_year(self) -> None:
        """The 1st of January 2027 is a Friday: its week is the 53rd of 2026."""
        begin, end = utc("2026-12-28T00:00:00+01:00"), utc("2027-01-10T23:59:59+01:00")

        assert judged("judgedWeeks", calendar(), begin, end) == ["2026-W53", "2027-W01"]

    @pytest.mark.parametrize(
        ("begin", "expected"),
        [
            pytest.param(
                "2026-03-02T23:59:59+01:00", ["2026-W10"], id="on-its-monday-however-late"
            ),
            pytest.param("2026-03-03T00:00:00+01:00", [], id="on-its-tuesday"),
        ],
    )
    def test_a_first_day_counts_as_a_whole_one(self, begin: str, expected: list[str]) -> None:
        """Wholly between the first and the last day, not the first and last instant."""
        assert judged("judgedWeeks", calendar(), utc(begin), utc("2026-03-08T00:00:00+01:00")) == expected  # fmt: skip

    def test_a_bare_day_is_as_good_as_an_instant_of_it(self) -> None:
        """Its week is the same whatever the hour."""
        assert judged("judgedWeeks", calendar(), dt.date(2026, 3, 2), dt.date(2026, 3, 8)) == ["2026-W10"]  # fmt: skip

    @pytest.mark.parametrize(
        ("week", "question", "expected"),
        [
            pytest.param(frozenset(range(5)), "judgedWeeks(x, y).all(w, true)", "true", id="a-doubtful-week-that-passes"),
            pytest.param(frozenset(range(5)), "judgedWeeks(x, y).all(w, false)", "unknown", id="a-doubtful-week-that-fails"),
            pytest.param(frozenset({0, 1}), "judgedWeeks(x, y).all(w, false)", "true", id="never-three-working-days"),
            pytest.param(None, "judgedWeeks(x, y).all(w, false)", "unknown", id="nothing-is-known"),
        ],
    )  # fmt: skip
    def test_unobserved_holidays_matter_where_they_could_change_the_answer(
        self, week: frozenset[int] | None, question: str, expected: str
    ) -> None:
        """Three holidays in a week would take it out (C4)."""
        where = calendar(holidays=None, working_days=week)
        known = {"x": utc("2026-03-02T09:00:00Z"), "y": utc("2026-03-08T09:00:00Z")}

        assert answer(question, where, **known) == expected


def period(first: str, last: str) -> dict[str, Any]:
    """Make the period of an audit."""
    return {"id": "period", "starts_at": utc(first), "ends_at": utc(last), "whole": True}


class TestC7:
    """The period is 91 local days that end with as_of, clipped to execution."""

    WHOLE = period("2026-07-02T00:00:00+02:00", "2026-09-30T18:00:00+02:00")

    @pytest.mark.parametrize(
        ("started", "ended", "expected"),
        [
            pytest.param("2026-01-01T09:00:00+01:00", None, ("2026-07-02T00:00:00+02:00", "2026-09-30T18:00:00+02:00"), id="the-period-itself"),
            pytest.param("2026-08-03T09:00:00+02:00", None, ("2026-08-03T09:00:00+02:00", "2026-09-30T18:00:00+02:00"), id="since-the-start"),
            pytest.param("2026-01-01T09:00:00+01:00", "2026-09-04T17:00:00+02:00", ("2026-07-02T00:00:00+02:00", "2026-09-04T17:00:00+02:00"), id="until-the-end"),
        ],
    )  # fmt: skip
    def test_it_is_clipped_to_execution(
        self, started: str, ended: str | None, expected: tuple[str, str]
    ) -> None:
        """By the packs' words; a null end is still going on."""
        known: dict[str, Any] = {
            "facts": {
                "project": {
                    "execution": {
                        "started_at": utc(started),
                        "ended_at": None if ended is None else utc(ended),
                    }
                }
            },
            "period": self.WHOLE,
        }

        found = [worth(word, **known) for word in ("periodBegin()", "periodEnd()")]
        assert found == [Timestamp.of(utc(text)) for text in expected]

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-08-03T08:59:59+02:00", "false"),
            ("2026-08-03T09:00:00+02:00", "true"),
            ("2026-09-04T17:00:00+02:00", "true"),
            ("2026-09-04T17:00:01+02:00", "false"),
            (None, "false"),
        ],
    )
    def test_both_ends_are_inside(self, at: str | None, expected: str) -> None:
        """What never happened is in no period."""
        execution = {"started_at": utc("2026-08-03T09:00:00+02:00"), "ended_at": utc("2026-09-04T17:00:00+02:00")}  # fmt: skip
        found = answer(
            "inPeriod(x)",
            facts={"project": {"execution": execution}},
            period=self.WHOLE,
            x=None if at is None else utc(at),
        )

        assert found == expected
