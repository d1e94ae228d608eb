"""Instants and periods mean what the user says, where the project is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import NoReturn

import pytest

from auditor.facts.calendar import WorkingCalendar
from auditor.facts.zones import zone
from auditor.model.errors import UsageProblem
from auditor.usecases.instants import Period, parse_as_of, parse_captured_at, parse_period

AUCKLAND = WorkingCalendar(zone("Pacific/Auckland"))
LISBON = WorkingCalendar(zone("Europe/Lisbon"))


def no_clock() -> NoReturn:
    """Fail: the clock is asked for nothing but the word now."""
    pytest.fail("the clock was read")


def test_day_ends_where_the_project_is() -> None:
    """One day is a different instant in Auckland (UTC+13 since 27 September) and in Lisbon (UTC+1)."""
    as_of = parse_as_of("2026-09-30", clock=no_clock)

    assert as_of.text == "2026-09-30"
    assert as_of.within(AUCKLAND) == datetime(2026, 9, 30, 10, 59, 59, 999999, UTC)
    assert as_of.within(LISBON) == datetime(2026, 9, 30, 22, 59, 59, 999999, UTC)


def test_instant_is_the_same_everywhere() -> None:
    """An instant with its offset needs no zone, and is shown as it was written."""
    as_of = parse_as_of("2026-09-30T18:00:00+02:00", clock=no_clock)

    assert as_of.text == "2026-09-30T18:00:00+02:00"
    assert as_of.within(AUCKLAND) == as_of.within(LISBON) == datetime(2026, 9, 30, 16, 0, 0, 0, UTC)


@pytest.mark.parametrize("text", ["2026-09-30", "2026-09-30T23:30:00-07:00"])
def test_day_where_the_instant_was_named(text: str) -> None:
    """The head of a report shows the day that the user wrote, not that of another zone."""
    assert parse_as_of(text, clock=no_clock).local_day() == date(2026, 9, 30)


def test_now_asks_the_clock() -> None:
    """Only the word now reads a clock; it is shown in UTC to the second."""
    moment = datetime(2026, 9, 30, 18, 0, 0, 123456, timezone(timedelta(hours=2)))

    as_of = parse_as_of("now", clock=lambda: moment)

    assert as_of.text == "2026-09-30T16:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-31",
        "30.09.2026",
        "2026-09-30T18:00:00",
        "2026-09-30 18:00",
        "yesterday",
        "",
        "2026",
    ],
)
def test_no_instant(text: str) -> None:
    """What is no instant is refused with the forms that are, and no time zone is guessed."""
    with pytest.raises(UsageProblem, match="no instant for --as-of") as caught:
        parse_as_of(text, clock=no_clock)

    assert "2026-09-30T18:00:00+02:00" in str(caught.value.hint)


def test_captured_at_must_be_exact() -> None:
    """A day does not say up to which instant a source speaks."""
    assert parse_captured_at("2026-09-30T18:00:00Z") == "2026-09-30T18:00:00Z"
    with pytest.raises(UsageProblem, match="no instant for --captured-at"):
        parse_captured_at("2026-09-30")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), id="first-quarter"),
        pytest.param("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), id="last-quarter"),
        pytest.param("2024-02", date(2024, 2, 1), date(2024, 2, 29), id="leap-month"),
        pytest.param("2026-12", date(2026, 12, 1), date(2026, 12, 31), id="last-month"),
        pytest.param("2026", date(2026, 1, 1), date(2026, 12, 31), id="year"),
        pytest.param("2026-W01", date(2025, 12, 29), date(2026, 1, 4), id="week-of-two-years"),
        pytest.param("2026-09-01", date(2026, 9, 1), date(2026, 9, 1), id="day"),
        pytest.param("2026-09-01..2026-09-30", date(2026, 9, 1), date(2026, 9, 30), id="two-days"),
        pytest.param("2026-Q1..2026-Q2", date(2026, 1, 1), date(2026, 6, 30), id="two-quarters"),
    ],
)
def test_period_is_whole_days(text: str, first: date, last: date) -> None:
    """Each form names its first and its last day, both inclusive."""
    assert parse_period(text) == Period(first, last)


def test_period_lies_where_the_project_is() -> None:
    """A period begins with the first local instant and ends with the last, across a clock change."""
    first, last = parse_period("2026-03").within(LISBON)

    assert first == datetime(2026, 3, 1, 0, 0, 0, 0, UTC)
    assert last == datetime(2026, 3, 31, 22, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-Q5",
        "2026-13",
        "2026-W54",
        "2025-W53",
        "0000",
        "Q3",
        "2026-02-30",
        "2026-09-01..",
        "..",
    ],
)
def test_no_period(text: str) -> None:
    """What the calendar does not have is refused with the forms that it has."""
    with pytest.raises(UsageProblem, match="is no period"):
        parse_period(text)


def test_period_that_ends_before_it_begins() -> None:
    """The wrong order is named as such."""
    with pytest.raises(UsageProblem, match="ends before it begins"):
        parse_period("2026-09-30..2026-09-01")
