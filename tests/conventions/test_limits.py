"""C3, C4 and C5: within so many hours, working hours, working days and days, against counting by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from auditor.facts.zones import zone
from auditor.language.values import Timestamp
from tests.conventions.test_instants import moments, zones
from tests.conventions.world import (
    DAY,
    TICK,
    WEEKDAYS,
    ZONES,
    answer,
    calendar,
    first_instant,
    last_instant,
    local_day,
    utc,
    worth,
)

HOUR = dt.timedelta(hours=1)
some_days = st.dates(dt.date(2024, 12, 20), dt.date(2027, 1, 20))
holidays = st.sets(some_days, max_size=40).map(frozenset)
weeks = st.sets(st.integers(0, 6), min_size=1).map(frozenset)

CHANGES = (
    ("Europe/Berlin", utc("2026-03-28T12:00:00Z")),
    ("Europe/Berlin", utc("2026-10-24T12:00:00Z")),
    ("Pacific/Auckland", utc("2026-09-26T03:00:00Z")),
    ("America/Los_Angeles", utc("2026-11-01T03:00:00Z")),
    ("America/Santiago", utc("2026-09-05T20:00:00Z")),
    ("Africa/Cairo", utc("2026-04-23T12:00:00Z")),
    ("Australia/Lord_Howe", utc("2026-10-03T12:00:00Z")),
)
"""Instants within a day before clocks change."""


def plus(moment: dt.datetime, span: str, where: object) -> dt.datetime:
    """Count a span on."""
    found = worth(f"x.plus(span('{span}'))", where, x=moment)  # type: ignore[arg-type]
    assert isinstance(found, Timestamp)
    return found.to_datetime()


class TestC3:
    """Within N hours is elapsed time, inclusive."""

    @given(zones, moments, st.integers(0, 500))
    def test_hours_are_elapsed_time(self, name: str, moment: dt.datetime, amount: int) -> None:
        """Across weekends, holidays and clock changes."""
        assert plus(moment, f"{amount} hours", calendar(name)) == moment + amount * HOUR

    @pytest.mark.parametrize(("name", "moment"), CHANGES)
    def test_a_night_in_which_clocks_change_counts_by_the_clock_that_runs(
        self, name: str, moment: dt.datetime
    ) -> None:
        """24 hours later the wall shows another hour."""
        end = plus(moment, "24 hours", calendar(name))
        walls = [instant.astimezone(zone(name)).time() for instant in (moment, end)]

        assert (end - moment, walls[0] != walls[1]) == (DAY, True)

    @pytest.mark.parametrize(("late", "expected"), [(dt.timedelta(), "true"), (TICK, "false")])
    def test_the_limit_itself_is_in_time(self, late: dt.timedelta, expected: str) -> None:
        """And a microsecond more is not."""
        raised = utc("2026-03-06T18:00:00+01:00")

        assert answer("y.by(x.plus(span('24 hours')))", x=raised, y=raised + DAY + late) == expected

    @given(zones, moments, st.integers(1, 60), weeks, holidays)
    def test_working_hours_are_those_of_the_office(
        self,
        name: str,
        moment: dt.datetime,
        amount: int,
        week: frozenset[int],
        free: frozenset[dt.date],
    ) -> None:
        """Minute by minute over the office hours of the days that are worked."""
        moment = moment.replace(second=0, microsecond=0)
        where = calendar(name, working_days=week, holidays=free)

        assert plus(moment, f"{amount} working hours", where) == _by_hand(
            moment, amount, name, week, free
        )


def _by_hand(
    moment: dt.datetime, amount: int, name: str, week: frozenset[int], free: frozenset[dt.date]
) -> dt.datetime:
    """Add up the office hours of day after day; each as long as it is by the clock that runs."""
    left, day = amount * HOUR, local_day(moment, name)
    while True:
        if day.weekday() in week and day not in free:
            opens, closes = (
                dt.datetime.combine(day, dt.time(hour), zone(name)).astimezone(dt.UTC)
                for hour in (9, 17)
            )
            begin = max(opens, moment)
            if closes - begin >= left:
                return begin + left
            left -= max(closes - begin, dt.timedelta())
        day += DAY


class TestC4:
    """Within N working days of X ends at 24:00 local of the Nth working day after X's local day."""

    @given(zones, moments, st.integers(1, 30), weeks, holidays)
    def test_working_days_are_counted_from_the_day_after(
        self,
        name: str,
        moment: dt.datetime,
        amount: int,
        week: frozenset[int],
        free: frozenset[dt.date],
    ) -> None:
        """X's own day is never counted, be it worked or not."""
        day, left = local_day(moment, name), amount
        while left:
            day += DAY
            left -= day.weekday() in week and day not in free
        where = calendar(name, working_days=week, holidays=free)

        assert plus(moment, f"{amount} working days", where) == last_instant(day, name)

    @given(zones, moments, st.integers(1, 12), st.integers(0, 30), st.integers(0, 86_399))
    @example("Africa/Cairo", utc("2026-04-23T12:00:00Z"), 1, 1, 0)
    @example("America/Santiago", utc("2026-09-04T12:00:00Z"), 1, 3, 0)
    def test_an_unobserved_calendar_matters_where_a_holiday_could_change_the_answer(
        self, name: str, moment: dt.datetime, amount: int, later: int, second: int
    ) -> None:
        """In time without any holiday is in time with every one; after that nobody can tell."""
        done = first_instant(local_day(moment, name) + later * DAY, name) + dt.timedelta(seconds=second)  # fmt: skip
        assume(done >= moment)
        question = f"y.by(x.plus(span('{amount} working days')))"
        without = answer(question, calendar(name), x=moment, y=done)
        found = answer(question, calendar(name, holidays=None), x=moment, y=done)

        assert found == ("true" if without == "true" else "unknown")

    def test_a_day_in_the_place_of_x_has_the_same_limit(self) -> None:
        """The hour does not matter, so C2 leaves nothing open."""
        where = calendar("Asia/Kolkata")
        bare = worth("x.plus(span('2 working days'))", where, x=dt.date(2026, 3, 6))

        assert bare == worth("x.plus(span('2 working days'))", where, x=utc("2026-03-06T09:00:00+05:30"))  # fmt: skip
        assert bare == Timestamp.of(last_instant(dt.date(2026, 3, 10), "Asia/Kolkata"))

    @given(zones, moments, st.integers(0, 20), weeks, holidays)
    def test_working_days_between_two_instants_are_listed(
        self,
        name: str,
        moment: dt.datetime,
        length: int,
        week: frozenset[int],
        free: frozenset[dt.date],
    ) -> None:
        """From the local day of one to that of the other."""
        first, last = local_day(moment, name), local_day(moment + length * DAY, name)
        days = [first + n * DAY for n in range((last - first).days + 1)]
        expected = [day.isoformat() for day in days if day.weekday() in week and day not in free]
        where = calendar(name, working_days=week, holidays=free)
        found = worth("workingDays(x, y).map(d, d.id)", where, x=moment, y=moment + length * DAY)

        assert list(found) == expected

    def test_days_that_may_be_holidays_may_be_worked(self) -> None:
        """An unobserved calendar is not an empty one: a weekday is listed in doubt, a Sunday not at all."""
        known = {"x": utc("2026-03-06T09:00:00Z"), "y": utc("2026-03-09T09:00:00Z")}
        where = calendar(holidays=None)

        assert (
            answer("workingDays(x, y).exists(d, d.id == '2026-03-09')", where, **known) == "unknown"
        )
        assert (
            answer("workingDays(x, y).exists(d, d.id == '2026-03-08')", where, **known) == "false"
        )


class TestC5:
    """Within N days compares local calendar dates."""

    @given(zones, moments, st.integers(0, 40), st.integers(-5, 45), st.integers(0, 86_399))
    def test_days_compare_dates(
        self, name: str, moment: dt.datetime, amount: int, later: int, second: int
    ) -> None:
        """The difference is at most N, whatever the hours."""
        day = local_day(moment, name)
        other = first_instant(day + later * DAY, name) + dt.timedelta(seconds=second)
        expected = (local_day(other, name) - day).days <= amount
        question = f"y.by(x.plus(span('{amount} days')))"

        assert answer(question, calendar(name), x=moment, y=other) == str(expected).lower()

    @given(zones, moments, st.integers(0, 8))
    def test_a_week_is_seven_days(self, name: str, moment: dt.datetime, amount: int) -> None:
        """2 weeks end where 14 days do."""
        where = calendar(name)

        assert plus(moment, f"{amount} weeks", where) == plus(moment, f"{7 * amount} days", where)

    @pytest.mark.parametrize("name", ZONES)
    def test_a_last_minute_and_a_first_minute_are_a_day_apart(self, name: str) -> None:
        """Two minutes by the clock, one day by the calendar."""
        evening = last_instant(dt.date(2026, 3, 3), name) - dt.timedelta(seconds=59)
        morning = evening + dt.timedelta(minutes=2)
        where = calendar(name)

        assert answer("y.by(x.plus(span('0 days')))", where, x=evening, y=morning) == "false"
        assert answer("y.by(x.plus(span('1 day')))", where, x=evening, y=morning) == "true"

    @given(zones, moments, st.sampled_from(["days", "weeks", "working days", "hours", "minutes"]), st.integers(1, 9))  # fmt: skip
    def test_minus_is_the_earliest_instant_from_which_plus_reaches(
        self, name: str, moment: dt.datetime, unit: str, amount: int
    ) -> None:
        """Working hours apart: between two of them stands the night, from all of which they reach as far."""
        where = calendar(name, working_days=WEEKDAYS)
        start = worth(f"x.minus(span('{amount} {unit}'))", where, x=moment).to_datetime()

        assert plus(start, f"{amount} {unit}", where) >= moment
        assert plus(start - TICK, f"{amount} {unit}", where) < moment
