"""How expressions write instants and lengths of time, to the nanosecond."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language.time_text import (
    format_duration,
    format_timestamp,
    parse_duration,
    parse_timestamp,
)
from auditor.language.values import (
    DURATION_MAX_NS,
    NS_PER_S,
    TIMESTAMP_MAX_NS,
    TIMESTAMP_MIN_NS,
    Duration,
    Timestamp,
)

if TYPE_CHECKING:
    import datetime as dt

HOUR = 3_600 * NS_PER_S


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        pytest.param("1970-01-01T00:00:00Z", 0, id="the epoch"),
        pytest.param("1970-01-01T01:00:00+01:00", 0, id="east of Greenwich"),
        pytest.param("1969-12-31T19:00:00-05:00", 0, id="west of Greenwich"),
        pytest.param("1970-01-01T00:00:00-00:00", 0, id="an unknown offset"),
        pytest.param("1969-12-31T23:59:59.999999999Z", -1, id="a nanosecond before the epoch"),
        pytest.param("1970-01-01t00:00:00.5z", NS_PER_S // 2, id="small letters"),
        pytest.param(
            "2009-02-13T23:31:30Z", 1_234_567_890 * NS_PER_S, id="the billennium's quarter"
        ),
        pytest.param("0001-01-01T00:00:00Z", TIMESTAMP_MIN_NS, id="the first instant"),
        pytest.param("9999-12-31T23:59:59.999999999Z", TIMESTAMP_MAX_NS, id="the last instant"),
    ],
)
def test_instants(text: str, ns: int) -> None:
    """An instant is read exactly."""
    assert parse_timestamp(text) == Timestamp(ns)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2026-03-03", id="a day"),
        pytest.param("2026-03-03T14:00:00", id="no offset"),
        pytest.param("2026-03-03 14:00:00Z", id="a space for the T"),
        pytest.param("2026-03-03T14:00Z", id="no seconds"),
        pytest.param("2026-03-03T14:00:00+0100", id="an offset without a colon"),
        pytest.param("2026-03-03T24:00:00Z", id="hour 24"),
        pytest.param("2026-03-03T14:00:60Z", id="a leap second"),
        pytest.param("2026-02-29T14:00:00Z", id="a day that the calendar lacks"),
        pytest.param("2026-03-03T14:00:00.1234567890Z", id="finer than a nanosecond"),
        pytest.param("2026-03-03T14:00:00,5Z", id="a decimal comma"),
        pytest.param("10000-01-01T00:00:00Z", id="a year of five digits"),
        pytest.param("\u0662026-03-03T14:00:00Z", id="digits of another script"),
        pytest.param("2026-03-03T14:00:00Z\n", id="a line break behind"),
    ],
)
def test_no_instants(text: str) -> None:
    """What is not RFC 3339 is refused."""
    with pytest.raises(ValueError, match=r"not an instant|no such day"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    "text",
    ["0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"],
)
def test_instants_out_of_range(text: str) -> None:
    """In UTC, an instant lies in the years 1 to 9999."""
    with pytest.raises(OverflowError):
        parse_timestamp(text)


@given(st.integers(TIMESTAMP_MIN_NS, TIMESTAMP_MAX_NS))
def test_instants_survive_being_written_and_read(ns: int) -> None:
    """Every instant is written so that it reads back as itself."""
    assert parse_timestamp(format_timestamp(Timestamp(ns))) == Timestamp(ns)


@given(st.datetimes(timezones=st.timezones()))
def test_instants_agree_with_the_standard_library(moment: dt.datetime) -> None:
    """To the microsecond, an instant is the one that Python reads."""
    offset = moment.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60:
        return  # local mean time, which RFC 3339 cannot write
    try:
        expected = Timestamp.of(moment)
    except OverflowError:
        return
    if TIMESTAMP_MIN_NS <= expected.ns <= TIMESTAMP_MAX_NS:
        assert parse_timestamp(moment.isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("1h30m", HOUR * 3 // 2),
        ("30m1h", HOUR * 3 // 2),
        ("1.5s", NS_PER_S * 3 // 2),
        ("-1.5h", -HOUR * 3 // 2),
        ("+.5s", NS_PER_S // 2),
        ("1.s", NS_PER_S),
        ("20ms", 20_000_000),
        ("3us4ns", 3_004),
        ("3\u00b5s", 3_000),
        ("3\u03bcs", 3_000),
        ("0.1s", 100_000_000),
        ("1.9ns", 1),
        ("-1.9ns", -1),
        ("9223372036.854775807s", DURATION_MAX_NS),
        ("-9223372036.854775808s", -DURATION_MAX_NS - 1),
    ],
)
def test_lengths(text: str, ns: int) -> None:
    """A length of time is read exactly; parts of a nanosecond are cut off."""
    assert parse_duration(text) == Duration(ns)


@pytest.mark.parametrize(
    "text", ["", "+", "-", "1", "s", ".s", "1.5", "1d", "1h ", " 1h", "1h-30m", "+-1s", "1e3s", "1H",
             "inf", "\u0661s", "0" * 200 + "s"],
)  # fmt: skip
def test_no_lengths(text: str) -> None:
    """What is not Go's notation is refused."""
    with pytest.raises(ValueError, match="not a length of time"):
        parse_duration(text)


@pytest.mark.parametrize(
    "text", ["9223372036.854775808s", "-9223372036.854775809s", "9" * 90 + "h"]
)
def test_lengths_out_of_range(text: str) -> None:
    """A length of time fits into 64 bits of nanoseconds."""
    with pytest.raises(OverflowError):
        parse_duration(text)


@given(st.integers(-DURATION_MAX_NS - 1, DURATION_MAX_NS))
def test_lengths_survive_being_written_and_read(ns: int) -> None:
    """Every length is written in exact seconds."""
    text = format_duration(Duration(ns))

    assert Fraction(text.removesuffix("s")) * NS_PER_S == ns
    assert parse_duration(text) == Duration(ns)
