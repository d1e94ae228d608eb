"""Dates of Jira exports: the order of their parts is settled by somebody or by all of them, or none is read."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.sources.jira_csv_dates import ORDERS, Dates, Unread, has_short_years, order_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        pytest.param(["21/Dec/22 3:31 PM"], "dmy", id="a-month-that-is-spelt-out"),
        pytest.param(["Dec 21, 2022"], "mdy", id="a-month-that-comes-first"),
        pytest.param(["2022/Dec/21"], "ymd", id="a-year-of-four-digits-first"),
        pytest.param(["05/Dec/22", "32/Dec/05"], "ymd", id="a-first-number-that-is-no-day"),
        pytest.param(["03/04/2022", "13/04/2022"], "dmy", id="a-thirteenth-first"),
        pytest.param(["03/04/2022", "04/13/2022"], "mdy", id="a-thirteenth-in-the-middle"),
        pytest.param(["2022-03-04"], "ymd", id="a-year-of-four-digits"),
        pytest.param(["03.04.2022"], None, id="day-or-month"),
        pytest.param(["03/04/22", "13/04/22"], None, id="day-or-year"),
        pytest.param(["03/04/22", "13/04/32"], "dmy", id="a-thirteenth-and-no-day-of-a-month"),
        pytest.param(["13/04/2022", "04/13/2022"], None, id="no-order-fits-both"),
        pytest.param(["21/Dez/22"], None, id="a-month-in-another-language"),
        pytest.param(["2022-03-04T10:00:00+01:00", "soon"], None, id="nothing-that-matters"),
        pytest.param([], None, id="no-date-at-all"),
    ],
)  # fmt: skip
def test_the_order_is_found_out_or_stays_unknown(dates: list[str], order: str | None) -> None:
    """A thirteenth of something decides for all; without one nothing is guessed."""
    assert order_of(dates, None).order == order


@pytest.mark.parametrize(
    ("dates", "doubtful"),
    [
        (["03/04/22", "05/06/22"], "03/04/22"),
        (["13/04/2022", "04/13/2022"], "04/13/2022"),
        (["soon"], None),
    ],
)
def test_an_order_that_is_not_known_is_shown_by_a_date(
    dates: list[str], doubtful: str | None
) -> None:
    """The first of them, whatever the order of the rows."""
    assert order_of(dates, None).doubtful == doubtful
    assert order_of(reversed(dates), None).doubtful == doubtful


def test_a_setting_decides_and_is_told() -> None:
    """What was assumed, proven or said stands in the snapshot."""
    assert order_of(["03/04/22"], "mdy").order == "mdy"
    assert [order_of(dates, given).told for dates, given in (
        (["03/04/22"], "mdy"), (["13/04/2022"], None), (["13/Apr/22"], None), ([], None),
    )] == [
        "dates are read as month, day, year, as the settings say",
        "dates are read as day, month, year, the one order that fits them all",
        "dates are read as day, month, year, as Jira writes them unless it is told otherwise",
        None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "order", "spelt"),
    [
        ("21/Dec/22 3:31 PM", "dmy", "2022-12-21T15:31:00+01:00"),
        ("07/Dec/22 12:05 AM", "dmy", "2022-12-07T00:05:00+01:00"),
        ("07/Dec/22 12:05 PM", "dmy", "2022-12-07T12:05:00+01:00"),
        ("07/December/22 9:05 am", "dmy", "2022-12-07T09:05:00+01:00"),
        ("7/6/22 09:05", "dmy", "2022-06-07T09:05:00+02:00"),
        ("7/6/22 09:05:59", "mdy", "2022-07-06T09:05:59+02:00"),
        ("2022-06-07 09:05", "ymd", "2022-06-07T09:05:00+02:00"),
        ("2022-06-07T09:05:00.000+0530", "dmy", "2022-06-07T09:05:00.000+05:30"),
        ("21/Dec/22", "dmy", "2022-12-21"),
    ],
)
def test_an_instant_is_read_in_the_zone(written: str, order: str, spelt: str) -> None:
    """Summer time counts; an offset of its own counts more; a day stays a day."""
    assert Dates(BERLIN, order).instant(written) == spelt


def test_an_hour_that_came_twice_is_known_to_the_day() -> None:
    """On 30 October 2022 the clocks went back at three: which 2:30 it was nobody wrote down."""
    dates = Dates(BERLIN, "dmy")

    assert dates.instant("30/Oct/22 2:30 AM") == "2022-10-30"
    assert dates.instant("30/Oct/22 3:30 AM") == "2022-10-30T03:30:00+01:00"
    assert dates.instant("30/Oct/22 1:30 AM") == "2022-10-30T01:30:00+02:00"


@pytest.mark.parametrize(
    ("written", "order", "reason"),
    [
        ("27/Mar/22 2:30 AM", "dmy", "a time that the clocks in Europe/Berlin skipped"),
        ("31/Feb/22", "dmy", "no date in the order day, month, year"),
        ("13/13/22", "dmy", "no date in the order day, month, year"),
        ("21/Dez/22", "dmy", "no date in the order day, month, year"),
        ("21/Dec/222", "dmy", "no date in the order day, month, year"),
        ("21/Dec/22 13:05 PM", "dmy", "no time of day"),
        ("21/Dec/22 24:05", "dmy", "no time of day"),
        ("01/Jan/0001 00:00", "dmy", "too long ago for a time zone"),
        ("soon", "dmy", "no date that Jira writes in English"),
        ("=1+1", "dmy", "no date that Jira writes in English"),
        ("21/März/22", "dmy", "no date that Jira writes in English"),
        ("03/04/22", None, None),
    ],
)
def test_what_is_no_instant_is_told(written: str, order: str | None, reason: str | None) -> None:
    """With a reason of its own, unless one for all dates was given before."""
    assert Dates(BERLIN, order).instant(written) == Unread(reason)


def test_a_day_has_no_time() -> None:
    """Jira writes midnight behind it; another hour shows that a zone moved it."""
    dates = Dates(BERLIN, "dmy")

    assert dates.day("18/Sep/25 12:00 AM") == "2025-09-18"
    assert dates.day("18/Sep/25") == "2025-09-18"
    assert dates.day("17/Sep/25 10:00 PM") == Unread("a time of day, want a day")
    assert dates.day("") == Unread("no date that Jira writes in English")


def test_a_century_that_is_assumed_is_told() -> None:
    """Where the year has two digits, in the order that is used."""
    assert has_short_years(["21/Dec/22"], "dmy")
    assert not has_short_years(["21/Dec/2022"], "dmy")
    assert not has_short_years(["2022-12-21"], "ymd")
    assert not has_short_years(["21/12/22"], None)


@given(
    st.datetimes(min_value=dt.datetime(2000, 1, 1), max_value=dt.datetime(2099, 12, 31)),  # noqa: DTZ001 - local times
    st.sampled_from(sorted(ORDERS)),
)
def test_every_minute_of_the_century_is_read_back(local: dt.datetime, order: str) -> None:
    """Written in any order, an hour that came once is the instant that it was."""
    local = local.replace(second=0, microsecond=0)
    form = "/".join(f"%{'y' if part == 'y' else part}" for part in order)
    found = Dates(ZoneInfo("Etc/UTC"), order).instant(local.strftime(f"{form} %H:%M"))

    assert found == local.replace(tzinfo=dt.UTC).isoformat()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    """A cell may hold anything."""
    for order in (*ORDERS, None):
        dates = Dates(BERLIN, order)
        assert isinstance(dates.instant(text), str | Unread)
        assert isinstance(dates.day(text), str | Unread)
    order_of([text], None)
