"""Instants are RFC 3339 and nothing looser; days and times of day are written one way."""

from __future__ import annotations

import datetime as dt
import operator
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.facts.instants import (
    parse_bare_day,
    parse_day,
    parse_instant,
    parse_local_time,
    parse_moment,
)

UTC = dt.UTC

ABNF = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
"""RFC 3339, section 5.6, without the leap second."""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-03-03T14:00:00Z", (2026, 3, 3, 14), id="utc"),
        pytest.param("2026-03-03T14:00:00+01:00", (2026, 3, 3, 13), id="ahead-of-utc"),
        pytest.param("2026-03-03T14:00:00-05:30", (2026, 3, 3, 19, 30), id="behind-utc"),
        pytest.param("2026-03-03T14:00:00-00:00", (2026, 3, 3, 14), id="unknown-local-offset"),
        pytest.param("2026-03-03t14:00:00z", (2026, 3, 3, 14), id="small-letters"),
        pytest.param("2026-03-03t14:00:00+01:00", (2026, 3, 3, 13), id="small-t"),
        pytest.param("2026-12-31T23:30:00-01:00", (2027, 1, 1, 0, 30), id="over-the-year-end"),
        pytest.param("2024-02-29T00:00:00Z", (2024, 2, 29), id="leap-day"),
        pytest.param("2026-03-03T14:00:00.5Z", (2026, 3, 3, 14, 0, 0, 500_000), id="fraction"),
        pytest.param(
            "2026-03-03T14:00:00.000001+01:00", (2026, 3, 3, 13, 0, 0, 1), id="microsecond"
        ),
        pytest.param(
            "2026-03-03T14:00:00.123456000Z", (2026, 3, 3, 14, 0, 0, 123_456), id="idle-zeros"
        ),
        pytest.param("0001-01-01T00:00:00Z", (1, 1, 1), id="first-instant"),
    ],
)
def test_reads_rfc_3339(text: str, moment: tuple[int, ...]) -> None:
    """Every form of the RFC gives the UTC instant that it names."""
    assert parse_moment(text) == dt.datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("2026-03-03T14:00:00", "offset from UTC is missing", id="no-offset"),
        pytest.param("2026-03-03 14:00:00+01:00", "a T stands between", id="space"),
        pytest.param("2026-03-03T14:00+01:00", "seconds are missing", id="no-seconds"),
        pytest.param("2026-03-03T24:00:00Z", "24:00 is written as 00:00", id="midnight-as-24"),
        pytest.param("2026-03-03T24:00:00+05:00", "24:00 is written", id="midnight-with-offset"),
        pytest.param("2016-12-31T23:59:60Z", "leap seconds cannot be kept", id="leap-second"),
        pytest.param("2026-03-03T14:00:00,5Z", "begins with a point", id="comma"),
        pytest.param("2026-03-03T14:00:00.1234567Z", "finer than a microsecond", id="nanoseconds"),
        pytest.param("2026-03-03T14:00:00+0100", "written with a colon", id="offset-without-colon"),
        pytest.param("2026-03-03T14:00:00+01", "written with a colon", id="offset-of-hours"),
        pytest.param("0000-03-03T14:00:00Z", "no year 0000", id="year-zero"),
        pytest.param("2026-02-30T14:00:00Z", "no day 2026-02-30", id="no-such-day"),
        pytest.param("2026-03-03T25:00:00Z", "no clock shows", id="hour-25"),
        pytest.param("2026-03-03T14:61:00Z", "no clock shows", id="minute-61"),
        pytest.param("2026-03-03T14:00:00+24:00", "no clock shows", id="offset-of-a-day"),
        pytest.param("2026-03-03T14:00:00+01:60", "no clock shows", id="offset-of-60-minutes"),
        pytest.param("0001-01-01T00:00:00+01:00", "years 1 to 9999", id="before-year-1"),
        pytest.param("9999-12-31T23:59:59-01:00", "years 1 to 9999", id="after-year-9999"),
        pytest.param("2026-W10-2T14:00:00Z", "written like", id="week-date"),
        pytest.param("20260303T140000Z", "written like", id="basic-format"),
        pytest.param("2026-03-03", "written like", id="bare-day"),
        pytest.param("٢٠٢٦-03-03T14:00:00Z", "written like", id="digits-of-another-script"),
        pytest.param(" 2026-03-03T14:00:00Z", "written like", id="blank-before"),
        pytest.param("2026-03-03T14:00:00Z\n", "written like", id="line-break-after"),
        pytest.param("yesterday", "written like", id="words"),
        pytest.param("", "written like", id="nothing"),
    ],
)
def test_refuses_what_is_not_rfc_3339(text: str, complaint: str) -> None:
    """The message says what a person has to change."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        parse_moment(text)


@settings(deadline=None)
@given(
    st.datetimes(min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 12, 31)),  # noqa: DTZ001 - offsets are drawn apart
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
    st.integers(0, 6),
)
def test_agrees_with_arithmetic(local: dt.datetime, offset: int, digits: int) -> None:
    """An instant is its local time less its offset."""
    step = 10 ** (6 - digits)
    local = local.replace(microsecond=local.microsecond // step * step)
    fraction = f".{local.microsecond:06}"[: digits + 1] if digits else ""
    sign = "-" if offset < 0 else "+"
    text = f"{local:%H:%M:%S}{fraction}{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"

    found = parse_moment(f"{local.year:04}-{local:%m-%d}T{text}")

    assert found == local.replace(tzinfo=UTC) - dt.timedelta(minutes=offset)
    assert found.tzinfo is UTC


@settings(deadline=None)
@given(st.from_regex(ABNF, fullmatch=True) | st.text("0123456789-+T:.Zz tW,", max_size=30))
@example("2026-03-03T14:00:00.Z")
@example("2026-03-03TT4:00:00Z")
def test_accepts_what_the_abnf_accepts(text: str) -> None:
    """Save for days that no calendar has, years beyond ours, and what is finer than a microsecond."""
    found = ABNF.fullmatch(text)
    try:
        parse_moment(text)
        is_accepted = True
    except ValueError:
        is_accepted = False

    if is_accepted:
        assert found is not None
    elif found is not None:
        fraction = (found[7] or "").rstrip("0")
        in_range = "0001-01-02" < text[:10] < "9999-12-31"
        is_day = in_range and _is_day(text[:10])
        assert not is_day or len(fraction) > len(".123456")


def _is_day(text: str) -> bool:
    try:
        dt.date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026-03-03", dt.date(2026, 3, 3), id="day"),
        pytest.param("2024-02-29", dt.date(2024, 2, 29), id="leap-day"),
    ],
)
def test_reads_a_day(text: str, day: dt.date) -> None:
    """A calendar day has no time and no zone."""
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text", ["20260303", "2026-W10-2", "2026-3-3", "0000-01-01", "2026-02-29", "2026-03-03T", ""]
)
def test_refuses_what_is_no_day(text: str) -> None:
    """Other spellings of ISO 8601 are not the contract's."""
    with pytest.raises(ValueError, match=r"day|year"):
        parse_day(text)


def test_a_bare_day_stays_a_day_in_an_instants_place() -> None:
    """It stands for the whole local day, so it must not become midnight."""
    found = parse_instant("2026-03-03")

    assert (found, type(found)) == (dt.date(2026, 3, 3), dt.date)
    assert parse_instant("2026-03-03T00:00:00Z") == dt.datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["9:00", "24:00", "09:60", "09:00:00", "0900", ""])
def test_refuses_what_is_no_time_of_day(text: str) -> None:
    """Office hours are written HH:MM."""
    with pytest.raises(ValueError, match="hour and minute"):
        parse_local_time(text)


def test_reads_a_time_of_day() -> None:
    """From 00:00 to 23:59."""
    assert [parse_local_time(text) for text in ("00:00", "23:59")] == [dt.time(0), dt.time(23, 59)]


class TestBareDay:
    """A day in an instant's place: known, and without an order."""

    def test_two_of_them_cannot_be_ordered(self) -> None:
        """Python would say which of two days is the earlier one; of two instants nobody knows it."""
        first, second = parse_bare_day("2026-03-03"), parse_bare_day("2026-03-04")

        for compare in (operator.lt, operator.le, operator.gt, operator.ge):
            with pytest.raises(TypeError, match="known only to its day"):
                compare(first, second)

    def test_one_cannot_be_ordered_beside_an_instant(self) -> None:
        """Neither side gives in."""
        day, instant = parse_bare_day("2026-03-03"), parse_moment("2026-03-04T00:00:00Z")

        for left, right in ((day, instant), (instant, day)):
            with pytest.raises(TypeError):
                assert left < right

    def test_it_equals_its_day(self) -> None:
        """What is compared for being the same is the day itself."""
        assert parse_bare_day("2026-03-03") == dt.date(2026, 3, 3)
