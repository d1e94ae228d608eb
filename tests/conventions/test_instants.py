"""C1 and C2: before means at or before; a bare day is that whole local day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conventions.world import (
    DAY,
    TICK,
    ZONES,
    answer,
    calendar,
    first_instant,
    last_instant,
    local_day,
    utc,
)

zones = st.sampled_from(ZONES)
moments = st.datetimes(
    dt.datetime(2024, 12, 20),  # noqa: DTZ001 - the zone is given apart
    dt.datetime(2027, 1, 10),  # noqa: DTZ001 - the zone is given apart
    timezones=st.just(dt.UTC),
)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))


class TestC1:
    """Before X means at <= X, compared as instants."""

    def test_the_same_instant_passes(self) -> None:
        """Whatever the offsets in which the two are written."""
        x, y = utc("2026-03-03T12:00:00+01:00"), utc("2026-03-03T16:30:00+05:30")

        assert answer("x.by(y)", x=x, y=y) == "true"
        assert answer("x.before(y)", x=x, y=y) == "false"

    @given(moments, moments, offsets)
    def test_by_is_at_or_before(self, x: dt.datetime, y: dt.datetime, offset: dt.tzinfo) -> None:
        """An offset changes nothing."""
        expected = "true" if x <= y else "false"

        assert answer("x.by(y)", x=x.astimezone(offset), y=y) == expected
        assert answer("!x.after(y)", x=x, y=y.astimezone(offset)) == expected

    @pytest.mark.parametrize("word", ["by", "before", "after"])
    def test_what_never_happened_is_not_before_anything(self, word: str) -> None:
        """Null is known to be absent."""
        assert answer(f"x.{word}(y)", x=None, y=utc("2026-03-03T12:00:00Z")) == "false"


class TestC2:
    """A time known only to the day is that whole local day."""

    @given(zones, st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1)), moments)
    def test_on_the_same_day_it_is_unknown_and_on_another_it_decides(
        self, name: str, day: dt.date, moment: dt.datetime
    ) -> None:
        """By the day that the wall shows where the project is; its very last instant decides, too."""
        seen = local_day(moment, name)
        if seen != day:
            expected = "true" if day < seen else "false"
        else:
            expected = "true" if moment == last_instant(day, name) else "unknown"

        assert answer("x.by(y)", calendar(name), x=day, y=moment) == expected

    @pytest.mark.parametrize("name", ZONES)
    @pytest.mark.parametrize(
        "day", [dt.date(2026, 3, 29), dt.date(2026, 4, 24), dt.date(2026, 9, 6)]
    )
    def test_the_edges_of_a_day(self, name: str, day: dt.date) -> None:
        """Days on which clocks change at midnight somewhere: Cairo in April, Santiago in September."""
        first, last = first_instant(day, name), last_instant(day, name)
        where = calendar(name)

        assert answer("x.by(y)", where, x=day, y=first - TICK) == "false"
        assert answer("x.by(y)", where, x=day, y=first) == "unknown"
        assert answer("x.by(y)", where, x=day, y=last) == "true"
        assert answer("y.by(x)", where, x=day, y=last) == "unknown"
        assert answer("y.by(x)", where, x=day, y=last + TICK) == "false"

    def test_two_bare_days(self) -> None:
        """Of one day nobody knows which came first."""
        day = dt.date(2026, 3, 3)

        assert answer("x.by(y)", x=day, y=day) == "unknown"
        assert answer("x.by(y)", x=day, y=day + DAY) == "true"
        assert answer("x.by(y)", x=day + DAY, y=day) == "false"
