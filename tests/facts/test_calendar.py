"""Local days and working time, against counting by brute force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditor.facts.calendar import (
    MAX_STRETCHES,
    CalendarGap,
    CalendarRange,
    Stretch,
    WorkingCalendar,
)
from auditor.facts.gaps import Gaps
from auditor.facts.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.facts.snapshot import SnapshotModel

ZONES = [
    "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "UTC", "America/Santiago",
    "Africa/Cairo",
]  # fmt: skip
"""Clock changes in both hemispheres; in Santiago and Cairo midnight itself is skipped or comes twice."""

MONDAY_TO_FRIDAY = frozenset(range(5))
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def berlin(**changes: Any) -> WorkingCalendar:
    """Return a calendar in Berlin, nine to five on weekdays, with Easter's holidays of 2026."""
    fields: dict[str, Any] = {
        "working_days": MONDAY_TO_FRIDAY,
        "hours": (time(9), time(17)),
        "holidays": frozenset({date(2026, 4, 3), date(2026, 4, 6)}),
        **changes,
    }
    return WorkingCalendar(zone("Europe/Berlin"), **fields)


zones = st.sampled_from(ZONES)
instants = st.datetimes(
    min_value=datetime(2021, 1, 1),  # noqa: DTZ001 - the zone is given apart
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001 - the zone is given apart
    timezones=st.just(UTC),
)
to_the_minute = instants.map(lambda instant: instant.replace(second=0, microsecond=0))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Draw a calendar with some days of the week, some hours and some holidays."""
    opens = draw(st.integers(0, 22))
    closes = draw(st.integers(opens + 1, 23))
    some_days = st.dates(date(2021, 1, 1), date(2028, 12, 31))
    return WorkingCalendar(
        zone(draw(zones)),
        frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        (time(opens, draw(st.sampled_from([0, 30]))), time(closes, 30)),
        frozenset(draw(st.sets(some_days, max_size=5))),
    )


# ----- local days


@settings(deadline=None)
@given(zones, instants)
def test_an_instant_lies_in_its_local_day(name: str, instant: datetime) -> None:
    """Between its first and its last instant, by the zone's own rules."""
    calendar = WorkingCalendar(zone(name))
    day = instant.astimezone(ZoneInfo(name)).date()

    assert calendar.local_day(instant) == day
    assert calendar.day_start(day) <= instant <= calendar.day_end(day)


@settings(deadline=None)
@given(zones, st.dates(date(2021, 1, 1), date(2028, 12, 31)))
def test_a_local_day_begins_with_its_first_instant(name: str, day: date) -> None:
    """A microsecond earlier it is the day before; where midnight is skipped, the day begins after it."""
    start = WorkingCalendar(zone(name)).day_start(day)

    assert start.astimezone(ZoneInfo(name)).date() == day
    assert (start - timedelta(microseconds=1)).astimezone(ZoneInfo(name)).date() == day - DAY


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 29), 23, id="berlin-forward"),
        pytest.param("Europe/Berlin", date(2026, 10, 25), 25, id="berlin-back"),
        pytest.param("Pacific/Auckland", date(2026, 9, 27), 23, id="auckland-forward"),
        pytest.param("Pacific/Auckland", date(2026, 4, 5), 25, id="auckland-back"),
        pytest.param("America/Los_Angeles", date(2026, 3, 8), 23, id="los-angeles-forward"),
        pytest.param("America/Los_Angeles", date(2026, 11, 1), 25, id="los-angeles-back"),
        pytest.param("America/Santiago", date(2026, 9, 6), 23, id="midnight-skipped"),
        pytest.param("Europe/Berlin", date(2026, 12, 31), 24, id="year-end"),
    ],
)
def test_a_local_day_has_23_to_25_hours(name: str, day: date, hours: int) -> None:
    """When clocks change."""
    calendar = WorkingCalendar(zone(name))

    length = calendar.day_end(day) - calendar.day_start(day) + timedelta(microseconds=1)
    assert length == timedelta(hours=hours)


def test_the_ends_of_time_are_days_too() -> None:
    """The first and the last day that there is do not overflow."""
    ahead, behind = WorkingCalendar(zone("Pacific/Auckland")), WorkingCalendar(zone("America/Los_Angeles"))  # fmt: skip
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    assert ahead.day_start(date.min) == first
    assert behind.day_end(date.max) == last
    assert ahead.local_day(last) == date.max
    assert behind.local_day(first) == date.min


# ----- which days are worked


@pytest.mark.parametrize(
    ("changes", "day", "expected"),
    [
        pytest.param({}, date(2026, 3, 3), True, id="tuesday"),
        pytest.param({}, date(2026, 3, 7), False, id="saturday"),
        pytest.param({}, date(2026, 4, 3), False, id="good-friday"),
        pytest.param({"holidays": None}, date(2026, 3, 3), None, id="holidays-unobserved"),
        pytest.param({"holidays": None}, date(2026, 3, 7), False, id="a-saturday-whatever"),
        pytest.param({"working_days": None}, date(2026, 3, 3), None, id="weekdays-unobserved"),
        pytest.param({"working_days": None}, date(2026, 4, 3), False, id="a-holiday-whatever"),
    ],
)
def test_a_day_is_worked_or_not_or_unknown(
    changes: dict[str, Any], day: date, expected: bool | None  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """An unobserved calendar is not an empty one."""
    assert berlin(**changes).is_working(day) is expected


# ----- counting time on


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        pytest.param(
            "2026-03-06T18:00:00+01:00", 24, "hours", "2026-03-07T18:00:00+01:00", id="over-a-weekend"
        ),
        pytest.param(
            "2026-03-28T12:00:00+01:00", 24, "hours", "2026-03-29T13:00:00+02:00", id="elapsed-over-a-clock-change"
        ),
        pytest.param(
            "2026-03-03T10:00:00+01:00", 90, "minutes", "2026-03-03T11:30:00+01:00", id="minutes"
        ),
        pytest.param(
            "2026-03-03T10:00:00+01:00", 3, "days", "2026-03-06T23:59:59.999999+01:00", id="end-of-the-third-day-on"
        ),
        pytest.param(
            "2026-03-27T10:00:00+01:00", 2, "days", "2026-03-29T23:59:59.999999+02:00", id="days-over-a-clock-change"
        ),
        pytest.param(
            "2026-03-03T10:00:00+01:00", 0, "days", "2026-03-03T23:59:59.999999+01:00", id="no-day-is-the-end-of-today"
        ),
        pytest.param(
            "2026-03-03T10:00:00+01:00", 2, "weeks", "2026-03-17T23:59:59.999999+01:00", id="weeks"
        ),
        pytest.param(
            "2026-03-06T10:00:00+01:00", 1, "working days", "2026-03-09T23:59:59.999999+01:00", id="friday-to-monday"
        ),
        pytest.param(
            "2026-04-02T10:00:00+02:00", 2, "working days", "2026-04-08T23:59:59.999999+02:00", id="over-easter"
        ),
        pytest.param(
            "2026-03-07T10:00:00+01:00", 1, "working days", "2026-03-09T23:59:59.999999+01:00", id="from-a-saturday"
        ),
        pytest.param(
            "2026-03-05T23:30:00+00:00", 1, "working days", "2026-03-09T23:59:59.999999+01:00", id="by-the-local-day"
        ),
        pytest.param(
            "2026-03-06T18:00:00+01:00", 24, "working hours", "2026-03-11T17:00:00+01:00", id="from-friday-evening"
        ),
        pytest.param(
            "2026-03-03T15:00:00+01:00", 2, "working hours", "2026-03-03T17:00:00+01:00", id="to-the-end-of-the-day"
        ),
        pytest.param(
            "2026-03-03T15:00:00+01:00", 3, "working hours", "2026-03-04T10:00:00+01:00", id="into-the-next-day"
        ),
        pytest.param(
            "2026-03-03T07:00:00+01:00", 1, "working hours", "2026-03-03T10:00:00+01:00", id="before-the-office-opens"
        ),
        pytest.param(
            "2026-03-03T07:00:00+01:00", 0, "working hours", "2026-03-03T07:00:00+01:00", id="no-hour-is-now"
        ),
    ],
)  # fmt: skip
def test_counts_time_on(start: str, amount: int, unit: str, expected: str) -> None:
    """Conventions C3 to C5, in Berlin."""
    assert berlin().add(utc(start), amount, unit) == utc(expected)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        pytest.param(
            "2026-03-03T10:00:00+01:00", 24, "hours", "2026-03-02T10:00:00+01:00", id="hours"
        ),
        pytest.param(
            "2026-03-06T10:00:00+01:00", 3, "days", "2026-03-03T00:00:00+01:00", id="begin-of-the-third-day-back"
        ),
        pytest.param(
            "2026-04-08T10:00:00+02:00", 2, "working days", "2026-04-02T00:00:00+02:00", id="back-over-easter"
        ),
        pytest.param(
            "2026-03-09T10:00:00+01:00", 2, "working hours", "2026-03-06T16:00:00+01:00", id="into-friday"
        ),
        pytest.param(
            "2026-03-08T10:00:00+01:00", 8, "working hours", "2026-03-06T09:00:00+01:00", id="from-a-sunday"
        ),
    ],
)  # fmt: skip
def test_counts_time_back(start: str, amount: int, unit: str, expected: str) -> None:
    """The mirror of counting on."""
    assert berlin().subtract(utc(start), amount, unit) == utc(expected)


@settings(deadline=None)
@given(calendars(), instants, st.integers(1, 12))
def test_working_days_agree_with_counting(
    calendar: WorkingCalendar, start: datetime, amount: int
) -> None:
    """Day by day, by a calendar on the wall."""
    assert calendar.working_days is not None
    assert calendar.holidays is not None
    day, left = start.astimezone(calendar.zone).date(), amount
    while left:
        day += DAY
        left -= day.weekday() in calendar.working_days and day not in calendar.holidays

    assert calendar.add(start, amount, "working days") == calendar.day_end(day)


def worked_minutes(calendar: WorkingCalendar, begin: datetime) -> Iterator[datetime]:
    """Yield the end of every worked minute from *begin* on, looking at the clock on the wall."""
    assert calendar.working_days is not None
    assert calendar.holidays is not None
    assert calendar.hours is not None
    for minute in range(60 * 24 * 40):
        instant = begin + minute * MINUTE
        wall = instant.astimezone(calendar.zone)
        day = wall.date()
        is_worked = day.weekday() in calendar.working_days and day not in calendar.holidays
        if is_worked and calendar.hours[0] <= wall.time() < calendar.hours[1]:
            yield instant + MINUTE


@settings(max_examples=40, deadline=None)
@given(calendars(), to_the_minute, st.integers(1, 30))
def test_working_hours_agree_with_counting(
    calendar: WorkingCalendar, start: datetime, amount: int
) -> None:
    """Minute by minute; nights in which clocks change are left to the exact rows above."""
    assume(all(_is_ordinary(calendar, start + n * DAY) for n in range(41)))
    ends = worked_minutes(calendar, start)
    expected = next((end for n, end in enumerate(ends, 1) if n == amount * 60), None)
    assume(expected is not None)

    assert calendar.add(start, amount, "working hours") == expected


@settings(max_examples=40, deadline=None)
@given(calendars(), to_the_minute, st.integers(1, 20))
def test_working_hours_back_are_worked_until_then(
    calendar: WorkingCalendar, end: datetime, amount: int
) -> None:
    """Between the instant that counting back finds and the end lie exactly so many worked minutes."""
    begin = calendar.subtract(end, amount, "working hours")
    assume(end - begin < 30 * DAY)
    assume(all(_is_ordinary(calendar, begin + n * DAY) for n in range(41)))

    assert sum(1 for stop in worked_minutes(calendar, begin) if stop <= end) == amount * 60


def _is_ordinary(calendar: WorkingCalendar, instant: datetime) -> bool:
    day = calendar.local_day(instant)
    return calendar.day_end(day) - calendar.day_start(day) == DAY - timedelta(microseconds=1)


@settings(deadline=None)
@given(calendars(), instants, st.integers(0, 12), st.sampled_from(["days", "weeks", "working days"]))  # fmt: skip
def test_counting_back_finds_the_earliest_start(
    calendar: WorkingCalendar, end: datetime, amount: int, unit: str
) -> None:
    """From there counting on reaches the end; from a microsecond earlier it does not."""
    start = calendar.subtract(end, amount, unit)

    assert calendar.add(start, amount, unit) >= end
    assert calendar.add(start - timedelta(microseconds=1), amount, unit) < end


# ----- what an unobserved calendar may change


@pytest.mark.parametrize(
    ("changes", "unit", "edge"),
    [
        pytest.param({"holidays": None}, "working days", "2026-03-04T23:59:59.999999+01:00", id="holidays"),
        pytest.param({"working_days": None}, "working days", "2026-03-04T23:59:59.999999+01:00", id="weekdays"),
        pytest.param({"holidays": None}, "working hours", "2026-03-03T11:00:00+01:00", id="holidays-for-hours"),
        pytest.param({"hours": None}, "working hours", "2026-03-03T11:00:00+01:00", id="office-hours"),
    ],
)  # fmt: skip
def test_a_gap_in_the_calendar_names_the_earliest_end(
    changes: dict[str, Any], unit: str, edge: str
) -> None:
    """The limit is there at the earliest; what was done by then was in time whatever the calendar."""
    with pytest.raises(CalendarGap) as caught:
        berlin(**changes).add(utc("2026-03-03T10:00:00+01:00"), 1, unit)

    assert caught.value.edge == utc(edge)


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "weeks"])
def test_elapsed_time_needs_no_calendar(unit: str) -> None:
    """Only working time does."""
    bare = WorkingCalendar(zone("Europe/Berlin"))
    start = utc("2026-03-03T10:00:00+01:00")

    assert bare.add(start, 5, unit) == berlin().add(start, 5, unit)


def test_a_weekend_that_is_known_is_no_gap() -> None:
    """Nothing is counted when nothing is asked for, so no holiday can matter."""
    calendar = berlin(holidays=None)

    assert calendar.add(utc("2026-03-06T10:00:00+01:00"), 0, "working days") == utc(
        "2026-03-06T23:59:59.999999+01:00"
    )


@pytest.mark.parametrize(
    ("changes", "gaps", "pointer", "reason"),
    [
        pytest.param({"holidays": None}, {}, "/snapshot/calendar/holidays", "unobserved", id="one-part"),
        pytest.param(
            {"holidays": None}, {"/snapshot/calendar/holidays": "not_collected"},
            "/snapshot/calendar/holidays", "not_collected", id="with-its-reason",
        ),
        pytest.param(
            {"holidays": None, "working_days": None, "hours": None}, {"/snapshot/calendar": "not_supported"},
            "/snapshot/calendar", "not_supported", id="all-of-it",
        ),
    ],
)  # fmt: skip
def test_a_gap_says_what_is_missing_and_why(
    changes: dict[str, Any], gaps: dict[str, str], pointer: str, reason: str
) -> None:
    """So that a report can name who could supply it."""
    assert berlin(**changes, gaps=Gaps(gaps)).gap() == (pointer, reason)


@pytest.mark.parametrize("unit", ["hours", "days", "working days", "working hours"])
def test_beyond_the_last_year_is_out_of_range(unit: str) -> None:
    """And so is a calendar in which no day is ever worked."""
    with pytest.raises(CalendarRange):
        berlin().add(utc("9999-12-30T10:00:00+01:00"), 100, unit)


@pytest.mark.parametrize("unit", ["working days", "working hours"])
def test_a_calendar_without_working_days_ends(unit: str) -> None:
    """The count gives up instead of running for ever."""
    with pytest.raises(CalendarRange):
        berlin(working_days=frozenset()).add(utc("2026-03-03T10:00:00+01:00"), 1, unit)


# ----- stretches


def ids(stretches: list[Stretch]) -> list[str]:
    """Name the stretches."""
    return [stretch.id for stretch in stretches]


def test_days_go_from_local_day_to_local_day() -> None:
    """An instant late in UTC is on the next day in Berlin."""
    days = berlin().days(utc("2026-03-02T23:30:00Z"), utc("2026-03-05T12:00:00Z"))

    assert ids(days) == ["2026-03-03", "2026-03-04", "2026-03-05"]
    assert [day.whole for day in days] == [False, True, False]


def test_working_days_leave_out_weekends_and_holidays() -> None:
    """Easter 2026."""
    days = berlin().working_days_between(utc("2026-04-02T12:00:00Z"), utc("2026-04-07T12:00:00Z"))

    assert ids(days) == ["2026-04-02", "2026-04-07"]


def test_working_days_that_may_be_are_marked() -> None:
    """With unobserved holidays every weekday may be worked or not; a Saturday is certain."""
    days = berlin(holidays=None).working_days_between(
        utc("2026-03-06T12:00:00Z"), utc("2026-03-09T12:00:00Z")
    )

    assert [(day.id, day.is_certain) for day in days] == [("2026-03-06", False), ("2026-03-09", False)]  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        pytest.param(
            "2026-03-02T08:00:00+01:00", "2026-03-15T10:00:00+01:00", [("2026-W10", True), ("2026-W11", True)],
            id="begun-on-a-monday-morning",
        ),
        pytest.param(
            "2026-03-03T08:00:00+01:00", "2026-03-14T10:00:00+01:00", [("2026-W10", False), ("2026-W11", False)],
            id="cut-at-both-ends",
        ),
        pytest.param(
            "2026-12-28T08:00:00+01:00", "2027-01-10T10:00:00+01:00", [("2026-W53", True), ("2027-W01", True)],
            id="over-the-year-end",
        ),
        pytest.param(
            "2026-03-08T23:30:00Z", "2026-03-09T12:00:00Z", [("2026-W11", False)], id="by-the-local-day"
        ),
    ],
)  # fmt: skip
def test_weeks_are_iso_weeks_of_the_zone(begin: str, end: str, expected: list[tuple[str, bool]]) -> None:  # fmt: skip
    """A whole one lies between the first and the last day (convention C6)."""
    assert [(week.id, week.whole) for week in berlin().weeks(utc(begin), utc(end))] == expected


def test_months_and_quarters() -> None:
    """From the first to the last that is touched."""
    begin, end = utc("2026-11-15T12:00:00Z"), utc("2027-02-28T12:00:00Z")

    assert [(m.id, m.whole) for m in berlin().months(begin, end)] == [
        ("2026-11", False), ("2026-12", True), ("2027-01", True), ("2027-02", True),
    ]  # fmt: skip
    assert [(q.id, q.whole) for q in berlin().quarters(begin, end)] == [
        ("2026-Q4", False), ("2027-Q1", False),
    ]  # fmt: skip


def test_a_stretch_knows_its_first_and_last_instant() -> None:
    """Over a clock change too."""
    (march,) = berlin().months(utc("2026-03-10T12:00:00Z"), utc("2026-03-20T12:00:00Z"))

    assert (march.starts_at, march.ends_at) == (
        utc("2026-03-01T00:00:00+01:00"),
        utc("2026-03-31T23:59:59.999999+02:00"),
    )


@settings(deadline=None)
@given(zones, instants, st.integers(0, 500), st.sampled_from(["days", "weeks", "months", "quarters"]))  # fmt: skip
def test_stretches_cover_the_time_without_gap_or_overlap(
    name: str, begin: datetime, days: int, unit: str
) -> None:
    """Each begins a microsecond after the one before; the ends lie in the first and the last."""
    end = begin + days * DAY
    lister: Callable[[datetime, datetime], list[Stretch]] = getattr(
        WorkingCalendar(zone(name)), unit
    )
    found = lister(begin, end)

    assert found[0].starts_at <= begin <= found[0].ends_at
    assert found[-1].starts_at <= end <= found[-1].ends_at
    for one, following in pairwise(found):
        assert following.starts_at - one.ends_at == timedelta(microseconds=1)


@pytest.mark.parametrize("unit", ["days", "working_days_between", "weeks", "months", "quarters"])
def test_an_end_before_the_begin_has_no_stretch(unit: str) -> None:
    """Not even within one day."""
    lister = getattr(berlin(), unit)

    assert lister(utc("2026-03-03T12:00:00Z"), utc("2026-03-03T11:00:00Z")) == []


@pytest.mark.parametrize("unit", ["days", "weeks"])
def test_a_list_that_is_too_long_is_out_of_range(unit: str) -> None:
    """A slip in a year must not fill the memory."""
    lister = getattr(berlin(), unit)
    begin = utc("2026-03-03T12:00:00Z")

    with pytest.raises(CalendarRange):
        lister(begin, begin + timedelta(weeks=MAX_STRETCHES + 1))


def test_the_last_month_of_time_is_listed() -> None:
    """The day after it does not exist."""
    (month,) = WorkingCalendar(zone("UTC")).months(
        utc("9999-12-05T00:00:00Z"), utc("9999-12-31T12:00:00Z")
    )

    assert (month.id, month.ends_at) == ("9999-12", datetime.max.replace(tzinfo=UTC))


# ----- from a snapshot


def test_a_snapshot_has_its_calendar(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """Weekdays, hours and holidays, as far as they are observed."""
    raw = snapshot_of(
        head={
            "calendar": {
                "working_days": ["sun", "mon"],
                "hours": {"from": "08:30", "to": "16:00"},
                "holidays": ["2026-04-03"],
            }
        }
    )
    calendar = model.read(raw).calendar

    assert calendar.zone is zone("Europe/Berlin")
    assert calendar.working_days == frozenset({0, 6})
    assert calendar.hours == (time(8, 30), time(16))
    assert calendar.holidays == frozenset({date(2026, 4, 3)})


def test_what_a_gap_names_is_unobserved(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """Even where a value stands."""
    raw = snapshot_of(
        head={
            "calendar": {"working_days": ["mon"], "holidays": []},
            "gaps": {"/snapshot/calendar/holidays": "not_collected"},
        }
    )
    calendar = model.read(raw).calendar

    assert calendar.holidays is None
    assert calendar.gap() == ("/snapshot/calendar/holidays", "not_collected")


# ----- the days for which holidays are listed


def test_a_day_outside_the_list_may_be_a_holiday(
    model: SnapshotModel, snapshot_of: Callable[..., dict[str, Any]]
) -> None:
    """C4: a calendar of one year says nothing about the next; weekends and listed holidays stay certain."""
    raw = snapshot_of(
        head={
            "calendar": {
                "working_days": ["mon", "tue", "wed", "thu", "fri"],
                "hours": {"from": "09:00", "to": "17:00"},
                "holidays": ["2026-12-25", "2027-01-01"],
                "covers": {"from": "2026-01-01", "to": "2026-12-31"},
            }
        }
    )
    calendar = model.read(raw).calendar
    by_day = {
        "2026-12-31": True,  # a Thursday inside
        "2027-01-01": False,  # listed, though outside
        "2027-01-02": False,  # a Saturday
        "2027-01-04": None,  # a Monday of the year that is missing
        "2025-12-31": None,
    }

    assert {day: calendar.is_working(date.fromisoformat(day)) for day in by_day} == by_day
    before = calendar.add(utc("2026-12-29T12:00:00Z"), 2, "working days")
    assert calendar.local_day(before) == date(2026, 12, 31)
    with pytest.raises(CalendarGap) as raised:
        calendar.add(utc("2026-12-30T12:00:00Z"), 2, "working days")
    assert raised.value.pointer == "/snapshot/calendar/holidays"
    assert raised.value.reason == "not_listed"


def test_a_list_without_limits_is_for_all_days() -> None:
    """As a person writes it who lists the holidays that there are."""
    calendar = WorkingCalendar(
        zone("UTC"), frozenset(range(5)), (time(9), time(17)), frozenset(), covers=(None, None)
    )

    assert calendar.is_working(date(2099, 1, 1)) is True
