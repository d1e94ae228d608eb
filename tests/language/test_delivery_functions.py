"""The delivery vocabulary: what rules say of instants, periods, texts and records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    PERIOD,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    ScalarType,
    nullable,
    unwrap,
)
from auditor.facts.zones import zone
from auditor.language.functions import delivery, periods, records
from auditor.language.values import (
    Cause,
    Day,
    Duration,
    EvaluationFailure,
    Listing,
    Record,
    Span,
    Timestamp,
    Uint,
    Undecided,
    Unknown,
)

if TYPE_CHECKING:
    from auditor.language.registry import Overload

LIBRARIES = (delivery.LIBRARY, periods.LIBRARY, records.LIBRARY)

DOCUMENT_ID = ScalarType("string", ref="documents")
PROV = ObjectType("prov", {"method": Field(STRING)})
APPROVAL = ObjectType(
    "approvals",
    {
        "at": Field(nullable(TIMESTAMP)),
        "recorded_at": Field(nullable(TIMESTAMP)),
        "evidence": Field(nullable(DOCUMENT_ID)),
        "attachments": Field(ListType(DOCUMENT_ID)),
        "prov": Field(PROV),
    },
)
ROOT = ObjectType("root", {})
FIVE_DAYS = Span(5, "working days")


@dataclass(frozen=True)
class Known:
    """What a function may know beside its arguments."""

    calendar: WorkingCalendar
    as_of: Timestamp
    root: Record


def context(root: dict[str, Any] | None = None, **changes: Any) -> Known:
    """Make a context in Berlin, nine to five on weekdays; *changes* are fields of the calendar."""
    fields: dict[str, Any] = {
        "working_days": frozenset(range(5)),
        "hours": (dt.time(9), dt.time(17)),
        "holidays": frozenset({dt.date(2026, 4, 3), dt.date(2026, 4, 6)}),
        **changes,
    }
    calendar = WorkingCalendar(zone("Europe/Berlin"), **fields)
    return Known(calendar, at("2026-09-30T18:00:00+02:00"), Record(root or {}, ROOT, ""))


def function(name: str) -> Overload:
    """Find a function of the vocabulary by its name."""
    (found,) = [entry for library in LIBRARIES for entry in library.overloads if entry.name == name]
    return found


def call(name: str, *arguments: Any, known: Known | None = None) -> Any:
    """Call a function as the evaluator does."""
    entry = function(name)
    extra = (known or context(),) if entry.wants_context else ()
    return entry.implementation(*extra, *arguments)


def at(text: str) -> Timestamp:
    """Read an instant."""
    return Timestamp.of(dt.datetime.fromisoformat(text).astimezone(dt.UTC))


def day(text: str, pointer: str = "/x") -> Day:
    """Make an instant that is known only to the day, in Berlin."""
    calendar = context().calendar
    date = dt.date.fromisoformat(text)
    first, last = Timestamp.of(calendar.day_start(date)), Timestamp.of(calendar.day_end(date))
    return Day(date, first, last, pointer)


def causes(caught: pytest.ExceptionInfo[Undecided]) -> set[tuple[str, str]]:
    """Return pointers and reasons."""
    return {(cause.pointer, cause.reason) for cause in caught.value.causes}


# ----- by, before, after, within


@pytest.mark.parametrize(
    ("moment", "limit", "by", "before", "after"),
    [
        pytest.param("2026-03-03T12:00:00+01:00", "2026-03-03T11:00:00Z", True, False, False, id="the-same-instant"),
        pytest.param("2026-03-03T10:59:59Z", "2026-03-03T11:00:00Z", True, True, False, id="a-second-before"),
        pytest.param("2026-03-03T11:00:01Z", "2026-03-03T11:00:00Z", False, False, True, id="a-second-after"),
    ],
)  # fmt: skip
def test_instants_are_compared_as_instants(
    moment: str, limit: str, *, by: bool, before: bool, after: bool
) -> None:
    """'Before' a limit in a rule means at or before it (convention C1): that is `by`."""
    arguments = (at(moment), at(limit))

    assert (call("by", *arguments), call("before", *arguments), call("after", *arguments)) == (by, before, after)  # fmt: skip


@pytest.mark.parametrize("name", ["by", "before", "after"])
def test_null_never_happened(name: str) -> None:
    """So it is neither before nor after anything."""
    assert call(name, None, at("2026-03-03T12:00:00Z")) is False


@pytest.mark.parametrize(
    ("name", "moment", "limit", "expected"),
    [
        pytest.param("by", day("2026-03-03"), at("2026-03-04T00:00:00+01:00"), True, id="the-day-before"),
        pytest.param("by", day("2026-03-03"), at("2026-03-02T23:59:59+01:00"), False, id="the-day-after"),
        pytest.param("by", day("2026-03-03"), at("2026-03-03T12:00:00+01:00"), None, id="the-same-day"),
        pytest.param("by", day("2026-03-03"), at("2026-03-03T23:59:59.999999+01:00"), True, id="the-end-of-the-same-day"),
        pytest.param("by", day("2026-03-03"), at("2026-03-03T00:00:00+01:00"), None, id="the-begin-of-the-same-day"),
        pytest.param("by", at("2026-03-03T12:00:00+01:00"), day("2026-03-03"), None, id="by-a-day"),
        pytest.param("by", at("2026-03-02T12:00:00+01:00"), day("2026-03-03"), True, id="by-a-later-day"),
        pytest.param("by", at("2026-03-04T12:00:00+01:00"), day("2026-03-03"), False, id="by-an-earlier-day"),
        pytest.param("by", day("2026-03-03"), day("2026-03-03"), None, id="two-days-alike"),
        pytest.param("by", day("2026-03-03"), day("2026-03-04"), True, id="two-days"),
        pytest.param("before", day("2026-03-03"), at("2026-03-03T00:00:00+01:00"), False, id="before-its-first-instant"),
        pytest.param("before", day("2026-03-03"), at("2026-03-04T00:00:00+01:00"), True, id="before-the-next-day"),
        pytest.param("before", day("2026-03-03"), at("2026-03-03T00:00:01+01:00"), None, id="before-its-second-instant"),
        pytest.param("after", day("2026-03-03"), at("2026-03-03T12:00:00+01:00"), None, id="after-on-the-same-day"),
        pytest.param("after", day("2026-03-03"), at("2026-03-02T12:00:00+01:00"), True, id="after-on-the-day-after"),
        pytest.param("after", day("2026-03-03"), at("2026-03-03T23:59:59.999999+01:00"), False, id="after-its-last-instant"),
    ],
)  # fmt: skip
def test_a_day_decides_when_every_instant_of_it_agrees(
    name: str, moment: Any, limit: Any, expected: bool | None  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """Otherwise it is unknown, and the day is named as the cause (convention C2)."""
    if expected is not None:
        assert call(name, moment, limit) is expected
        return
    with pytest.raises(Undecided) as caught:
        call(name, moment, limit)
    assert causes(caught) == {("/x", "day_precision")}


moments = st.datetimes(
    min_value=dt.datetime(2026, 3, 1),  # noqa: DTZ001 - the zone is given apart
    max_value=dt.datetime(2026, 3, 8),  # noqa: DTZ001 - the zone is given apart
    timezones=st.just(dt.UTC),
).map(Timestamp.of)
days = st.dates(dt.date(2026, 3, 1), dt.date(2026, 3, 8)).map(lambda d: day(d.isoformat()))


@settings(deadline=None)
@given(st.sampled_from(["by", "before", "after"]), moments | days, moments | days)
def test_a_decided_comparison_holds_for_every_instant(name: str, left: Any, right: Any) -> None:
    """It is decided exactly where all instants of the two days agree."""
    answers = {
        call(name, one, other)
        for one in _ends(left)
        for other in _ends(right)
    }  # fmt: skip
    try:
        decided = {call(name, left, right)}
    except Undecided:
        assert len(answers) == 2
    else:
        assert answers == decided


def _ends(value: Timestamp | Day) -> tuple[Timestamp, ...]:
    return (value.first, value.last) if isinstance(value, Day) else (value,)


def period(begin: str, end: str) -> Record:
    """Make a period."""
    ends = {"starts_at": at(begin).to_datetime(), "ends_at": at(end).to_datetime()}
    return Record({"id": "x", "whole": True, **ends}, PERIOD, "")


MARCH = period("2026-03-01T00:00:00+01:00", "2026-03-31T23:59:59.999999+02:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param(None, False, id="null"),
        pytest.param(at("2026-03-01T00:00:00+01:00"), True, id="first-instant"),
        pytest.param(at("2026-03-31T23:59:59.999999+02:00"), True, id="last-instant"),
        pytest.param(at("2026-02-28T23:59:59.999999+01:00"), False, id="just-before"),
        pytest.param(at("2026-04-01T00:00:00+02:00"), False, id="just-after"),
        pytest.param(day("2026-03-31"), True, id="its-last-day"),
        pytest.param(day("2026-04-01"), False, id="the-day-after"),
    ],
)
def test_within_includes_both_ends(moment: Any, expected: bool) -> None:  # noqa: FBT001 - a row of the table
    """A day lies within when all of it does."""
    assert call("within", moment, MARCH) is expected


def test_a_day_that_a_period_cuts_is_undecided() -> None:
    """It may lie on either side of the cut, be it at its very first or last instant."""
    for begin, end in (
        ("2026-03-03T12:00:00+01:00", "2026-03-04T12:00:00+01:00"),
        ("2026-03-03T23:59:59.999999+01:00", "2026-03-04T12:00:00+01:00"),
        ("2026-03-02T12:00:00+01:00", "2026-03-03T00:00:00+01:00"),
    ):
        with pytest.raises(Undecided) as caught:
            call("within", day("2026-03-03"), period(begin, end))
        assert causes(caught) == {("/x", "day_precision")}


# ----- plus, minus, begins, ends, span


@pytest.mark.parametrize(
    ("name", "start", "span", "expected"),
    [
        pytest.param("plus", "2026-03-28T12:00:00+01:00", Span(24, "hours"), "2026-03-29T13:00:00+02:00", id="elapsed"),
        pytest.param("plus", "2026-03-03T12:00:00+01:00", Span(3, "days"), "2026-03-06T23:59:59.999999+01:00", id="days"),
        pytest.param("plus", "2026-03-06T12:00:00+01:00", Span(2, "working days"), "2026-03-10T23:59:59.999999+01:00", id="working-days"),
        pytest.param("plus", "2026-03-06T16:00:00+01:00", Span(2, "working hours"), "2026-03-09T10:00:00+01:00", id="working-hours"),
        pytest.param("minus", "2026-03-03T12:00:00+01:00", Span(90, "minutes"), "2026-03-03T10:30:00+01:00", id="minutes-back"),
        pytest.param("minus", "2026-03-03T12:00:00+01:00", Span(2, "weeks"), "2026-02-17T00:00:00+01:00", id="weeks-back"),
    ],
)  # fmt: skip
def test_time_is_counted_by_zone_and_calendar(
    name: str, start: str, span: Span, expected: str
) -> None:
    """Of the auditee."""
    assert call(name, at(start), span) == at(expected)


@pytest.mark.parametrize("name", ["plus", "minus"])
def test_null_stays_null(name: str) -> None:
    """What never happened has no limit."""
    assert call(name, None, Span(1, "days")) is None


def test_elapsed_time_is_exact_to_the_nanosecond() -> None:
    """A literal of the language may be finer than a fact."""
    assert call("plus", Timestamp(1), Span(1, "hours")) == Timestamp(3_600_000_000_001)


def test_days_from_a_day_have_an_exact_end() -> None:
    """The end of the third day on does not depend on the time of day."""
    assert call("plus", day("2026-03-03"), Span(3, "days")) == at("2026-03-06T23:59:59.999999+01:00")  # fmt: skip


def test_hours_from_a_day_end_within_a_day() -> None:
    """As uncertain as their start, and for the same reason."""
    found = call("plus", day("2026-03-03"), Span(24, "hours"))

    assert (found.first, found.last) == (
        at("2026-03-04T00:00:00+01:00"),
        at("2026-03-04T23:59:59.999999+01:00"),
    )
    assert found.cause == Cause("/x", "day_precision")


HOLIDAYS_MISSING: dict[str, Any] = {"holidays": None, "gaps": Gaps({"/snapshot/calendar/holidays": "not_collected"})}  # fmt: skip


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        pytest.param("2026-03-09T23:59:59+01:00", True, id="by-the-earliest-end"),
        pytest.param("2026-03-10T00:00:00+01:00", None, id="a-holiday-would-move-the-end"),
    ],
)
def test_an_unobserved_calendar_matters_where_it_could_change_the_verdict(
    done: str, expected: bool | None  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """What was done before the earliest end was in time whatever the calendar (convention C4)."""
    known = context(**HOLIDAYS_MISSING)
    limit = call("plus", at("2026-03-06T12:00:00+01:00"), Span(1, "working days"), known=known)

    if expected is not None:
        assert call("by", at(done), limit) is expected
        return
    with pytest.raises(Undecided) as caught:
        call("by", at(done), limit)
    assert causes(caught) == {("/snapshot/calendar/holidays", "not_collected")}


def test_working_hours_from_a_day_over_an_unobserved_calendar() -> None:
    """From the earliest end, without a last one; the calendar is the cause that outlasts the day."""
    known = context(**HOLIDAYS_MISSING)
    found = call("plus", day("2026-03-03"), Span(1, "working hours"), known=known)

    assert found.first == at("2026-03-03T10:00:00+01:00")
    assert found.cause == Cause("/snapshot/calendar/holidays", "not_collected")


def test_counting_back_over_an_unobserved_calendar() -> None:
    """The start is at the latest the one without any holiday, and perhaps earlier."""
    known = context(**HOLIDAYS_MISSING)
    start = call("minus", at("2026-03-10T12:00:00+01:00"), Span(1, "working days"), known=known)

    assert call("by", start, at("2026-03-09T00:00:00+01:00")) is True
    with pytest.raises(Undecided):
        call("by", start, at("2026-03-08T12:00:00+01:00"))


@pytest.mark.parametrize(
    ("name", "start"), [("plus", "9999-12-31T12:00:00Z"), ("minus", "0001-01-01T12:00:00Z")]
)
@pytest.mark.parametrize("unit", ["hours", "days", "working days"])
def test_beyond_all_years_is_an_error(name: str, start: str, unit: str) -> None:
    """Not a wrapped instant."""
    with pytest.raises(EvaluationFailure) as caught:
        call(name, Timestamp.of(dt.datetime.fromisoformat(start)), Span(48, unit))

    assert caught.value.slug == "overflow"


def test_a_day_begins_and_ends_in_the_zone() -> None:
    """The last instant is a microsecond before the next day."""
    date = dt.date(2026, 3, 29)

    assert call("begins", date) == at("2026-03-29T00:00:00+01:00")
    assert call("ends", date) == at("2026-03-29T23:59:59.999999+02:00")
    assert (call("begins", None), call("ends", None)) == (None, None)


@pytest.mark.parametrize("text", ["", "2", "days", "2 fortnights", "-2 days", "1.5 hours", "2days"])
def test_a_span_is_a_number_and_a_unit(text: str) -> None:
    """Anything else is an error that lists the units."""
    with pytest.raises(EvaluationFailure, match="working days") as caught:
        call("span", text)

    assert caught.value.slug == "not_a_span"


def test_a_span_is_read() -> None:
    """One of a unit may be written without its s."""
    assert (call("span", "2 working days"), call("span", "1 hour")) == (
        Span(2, "working days"),
        Span(1, "hours"),
    )


# ----- lists of periods


def names(found: Listing) -> list[str]:
    """Return the ids of periods."""
    return [entry.data["id"] for entry in found]


def test_periods_are_records() -> None:
    """Of the type that the checker knows."""
    (found,) = call("months", at("2026-03-10T12:00:00Z"), at("2026-03-12T12:00:00Z"))

    assert found.type is PERIOD
    assert set(found.data) == set(PERIOD.fields)
    assert (found.data["id"], found.data["whole"], found.pointer) == ("2026-03", False, "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("days", ["2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06", "2026-04-07"], id="days"),
        pytest.param("workingDays", ["2026-04-02", "2026-04-07"], id="working-days-without-easter"),
        pytest.param("weeks", ["2026-W14", "2026-W15"], id="weeks"),
        pytest.param("months", ["2026-04"], id="months"),
        pytest.param("quarters", ["2026-Q2"], id="quarters"),
    ],
)  # fmt: skip
def test_periods_between_two_instants(name: str, expected: list[str]) -> None:
    """From that of the first to that of the last, both included."""
    assert names(call(name, at("2026-04-02T12:00:00Z"), at("2026-04-07T12:00:00Z"))) == expected


def test_bounds_known_to_the_day_are_whole_days() -> None:
    """A sprint from a day to a day has both of them."""
    found = call("days", day("2026-03-03"), day("2026-03-04"))

    assert [(entry.data["id"], entry.data["whole"]) for entry in found] == [
        ("2026-03-03", True),
        ("2026-03-04", True),
    ]


def test_days_that_may_be_worked_make_an_open_list() -> None:
    """Each of them with the reason why it is in doubt; weekends are certain."""
    found = call(
        "workingDays",
        at("2026-03-06T12:00:00Z"),
        at("2026-03-09T12:00:00Z"),
        known=context(**HOLIDAYS_MISSING),
    )
    doubt = Unknown(frozenset({Cause("/snapshot/calendar/holidays", "not_collected")}))

    assert [(item.value.data["id"], item.doubt) for item in found.items] == [
        ("2026-03-06", doubt),
        ("2026-03-09", doubt),
    ]
    assert found.is_open


def test_no_period_is_an_ungrounded_list() -> None:
    """What is then said of every period is vacuous."""
    found = call("weeks", at("2026-03-09T12:00:00Z"), at("2026-03-06T12:00:00Z"))

    assert (found.items, found.grounded, found.is_open) == ((), False, False)


def test_too_many_periods_are_an_error() -> None:
    """A slip in a year."""
    with pytest.raises(EvaluationFailure) as caught:
        call("days", at("2026-03-03T12:00:00Z"), at("2926-03-03T12:00:00Z"))

    assert caught.value.slug == "too_many_periods"


# ----- runs and lists of lists


@pytest.mark.parametrize(
    ("values", "length", "expected"),
    [
        pytest.param([1, 2, 3, 4], 3, [[1, 2, 3], [2, 3, 4]], id="runs"),
        pytest.param([1, 2], 1, [[1], [2]], id="single"),
        pytest.param([1, 2], 3, [], id="too-short"),
        pytest.param([], 1, [], id="empty"),
    ],
)
def test_windows_are_the_runs_of_a_list(
    values: list[int], length: int, expected: list[list[int]]
) -> None:
    """In order, each one element further."""
    found = call("windows", Listing.of(values), length)

    assert [list(run) for run in found] == expected


@pytest.mark.parametrize(("values", "grounded"), [([1], True), ([], False)])
def test_runs_rest_on_the_elements_of_their_list(values: list[int], *, grounded: bool) -> None:
    """No run of a short list is not vacuous: it was looked at."""
    assert call("windows", Listing.of(values), 3).grounded is grounded


@pytest.mark.parametrize("length", [0, -1])
def test_a_run_has_at_least_one_element(length: int) -> None:
    """Anything else is an error."""
    with pytest.raises(EvaluationFailure):
        call("windows", Listing.of([1, 2]), length)


# ----- given


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Client agreed by mail", True, id="text"),
        pytest.param("0", True, id="a-digit"),
        pytest.param("-5", True, id="a-sign-and-a-digit"),
        pytest.param("todo list agreed", True, id="a-placeholder-inside-a-text"),
        pytest.param("—", True, id="not-in-the-list"),
        pytest.param(None, False, id="null"),
        pytest.param("", False, id="empty"),
        pytest.param(" \t\n\N{NO-BREAK SPACE}\N{EM SPACE}", False, id="white-space"),
        pytest.param("\N{ZERO WIDTH SPACE}\N{WORD JOINER}\ufeff", False, id="invisible"),
        pytest.param("\N{HANGUL FILLER}\N{BRAILLE PATTERN BLANK}", False, id="blank-letters"),
        pytest.param("\ufe0f", False, id="a-selector-alone"),
        pytest.param("\x00\x1b", False, id="control-characters"),
        pytest.param("tbd", False, id="placeholder"),
        pytest.param(" TBD ", False, id="placeholder-with-space-and-capitals"),
        pytest.param("T\N{ZERO WIDTH SPACE}BD", False, id="placeholder-with-something-invisible"),
        pytest.param("ToDo", False, id="todo"),
        pytest.param("N/A", False, id="not-applicable"),
        pytest.param("None", False, id="none"),
        pytest.param("x", False, id="x"),
        pytest.param("-", False, id="dash"),
        pytest.param("?", False, id="question-mark"),
    ],
)
def test_a_text_is_given_when_it_says_something(text: str | None, expected: bool) -> None:  # noqa: FBT001 - a row of the table
    """Neither blank nor a placeholder (convention C13)."""
    assert call("given", text) is expected


# ----- ratio, undecided


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        pytest.param(1, 2, Fraction(1, 2), id="ints"),
        pytest.param(Uint(1), 3, Fraction(1, 3), id="uint"),
        pytest.param(0.1, 0.3, Fraction(1, 3), id="doubles-by-their-decimals"),
        pytest.param(1e-7, 1, Fraction(1, 10**7), id="an-exponent"),
        pytest.param(Fraction(1, 2), Fraction(1, 4), Fraction(2), id="ratios"),
        pytest.param(Duration(30), Duration(60), Fraction(1, 2), id="lengths-of-time"),
        pytest.param(0, 5, Fraction(0), id="none-of-some"),
        pytest.param(-1, 2, Fraction(-1, 2), id="negative"),
        pytest.param(3, 0, Fraction(9, 10), id="none-at-all"),
        pytest.param(3, 0.0, Fraction(9, 10), id="none-at-all-as-a-double"),
    ],
)
def test_a_share_is_exact(part: Any, whole: Any, expected: Fraction) -> None:
    """By the decimal spelling; of nothing, what the rule says (convention C15)."""
    assert call("ratio", part, whole, Fraction(9, 10)) == expected


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        pytest.param(True, 2, id="a-truth"),
        pytest.param("1", 2, id="text"),
        pytest.param(None, 2, id="null"),
        pytest.param(float("inf"), 2, id="infinite"),
        pytest.param(Duration(1), 2, id="a-length-of-a-number"),
        pytest.param(at("2026-03-03T12:00:00Z"), 2, id="an-instant"),
    ],
)
def test_a_share_of_no_number_is_an_error(part: Any, whole: Any) -> None:
    """With the slug of a call that no signature fits."""
    with pytest.raises(EvaluationFailure) as caught:
        call("ratio", part, whole, Fraction(0))

    assert caught.value.slug == "no_overload"


def test_undecided_carries_its_reason() -> None:
    """No fact is the cause, a convention is."""
    with pytest.raises(Undecided) as caught:
        call("undecided", "entered too late")

    assert causes(caught) == {("", "entered too late")}


# ----- timely


def instant(text: str) -> dt.date:
    """Read an instant or a day as the shaper leaves it."""
    if len(text) == len("2026-03-03"):
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def approval(**data: Any) -> Record:
    """Make a record."""
    return Record(data, APPROVAL, "/approvals/0")


TUESDAY = at("2026-03-03T12:00:00+01:00")
"""Five working days on is the end of the Tuesday after."""

IN_TIME, TOO_LATE = "2026-03-10T23:59:59+01:00", "2026-03-11T00:00:00+01:00"


def timely(record: Any, moment: Any = TUESDAY, **root: Any) -> bool:
    """Call the function with the five working days of convention C10."""
    known = context({"approvals": [{}], **root})
    found: bool = call("timely", record, moment, FIVE_DAYS, known=known)
    return found


@pytest.mark.parametrize(
    ("record", "root"),
    [
        pytest.param(approval(recorded_at=instant(IN_TIME)), {}, id="recorded-in-time"),
        pytest.param(
            approval(recorded_at=instant("2026-03-10")), {}, id="recorded-on-the-last-day"
        ),
        pytest.param(approval(prov={"method": "api"}), {}, id="a-tools-own-history"),
        pytest.param(approval(prov={"method": "export"}), {}, id="an-export-of-it"),
        pytest.param(
            approval(recorded_at=instant(TOO_LATE), evidence="d1"),
            {"documents": [{"id": "d0"}, {"id": "d1", "created_at": instant(IN_TIME)}]},
            id="late-but-a-document-proves-it",
        ),
        pytest.param(
            approval(attachments=["d1"]),
            {"documents": [{"id": "d1", "created_at": instant("2026-03-04")}]},
            id="one-document-of-several",
        ),
    ],
)
def test_a_record_is_timely(record: Record, root: dict[str, Any]) -> None:
    """Written down within the limit, or proved (convention C10)."""
    assert timely(record, **root) is True


@pytest.mark.parametrize(
    ("record", "root", "expected"),
    [
        pytest.param(
            approval(recorded_at=instant(TOO_LATE)), {}, ("/approvals/0", "recorded_late"), id="a-second-late"
        ),
        pytest.param(
            approval(recorded_at=None, prov={"method": "api"}), {}, ("/approvals/0", "recorded_late"),
            id="not-recorded-yet-at-the-judged-instant",
        ),
        pytest.param(
            approval(recorded_at=instant("2026-03-11"), prov={"method": "api"}), {},
            ("/approvals/0", "recorded_late"), id="a-day-late-even-by-api",
        ),
        pytest.param(
            approval(prov={"method": "manual"}), {}, ("/approvals/0/recorded_at", "unobserved"), id="by-hand"
        ),
        pytest.param(
            approval(prov={"method": "parsed"}), {}, ("/approvals/0/recorded_at", "unobserved"), id="parsed"
        ),
        pytest.param(approval(), {}, ("/approvals/0/recorded_at", "unobserved"), id="nobody-knows-how"),
        pytest.param(
            approval(recorded_at=instant(TOO_LATE), evidence="d1"),
            {"documents": [{"id": "d1", "created_at": instant(TOO_LATE)}]},
            ("/approvals/0", "recorded_late"), id="a-document-as-late",
        ),
        pytest.param(
            approval(recorded_at=instant(TOO_LATE), evidence="d1"), {"documents": [{"id": "d1"}]},
            ("/approvals/0", "recorded_late"), id="a-document-without-a-date",
        ),
        pytest.param(
            approval(recorded_at=instant(TOO_LATE), evidence="d9"), {}, ("/approvals/0", "recorded_late"),
            id="a-document-that-is-not-there",
        ),
    ],
)  # fmt: skip
def test_a_late_record_is_undecided(
    record: Record, root: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Never false: it cannot make a verdict green, and it can make one red."""
    with pytest.raises(Undecided) as caught:
        timely(record, **root)

    assert causes(caught) == {expected}


@pytest.mark.parametrize(
    ("recorded_at", "expected"),
    [
        pytest.param("2026-03-03T11:55:00+01:00", True, id="clocks-differ"),
        pytest.param("2026-03-03T11:54:59+01:00", False, id="more-than-five-minutes"),
        pytest.param("2026-03-03", True, id="on-the-same-day"),
        pytest.param("2026-03-02", False, id="the-day-before"),
    ],
)
def test_a_record_written_before_its_time_is_contradictory(recorded_at: str, *, expected: bool) -> None:  # fmt: skip
    """Five minutes allow for clocks that differ; beyond that nothing is shown."""
    record = approval(recorded_at=instant(recorded_at))
    if expected:
        assert timely(record) is True
        return
    with pytest.raises(Undecided) as caught:
        timely(record)
    assert causes(caught) == {("/approvals/0/recorded_at", "recorded_before_it_happened")}


@pytest.mark.parametrize(
    ("recorded_at", "expected"), [(IN_TIME, True), (TOO_LATE, False), ("2026-03-02", False)]
)
def test_proven_says_whether_it_is_shown(recorded_at: str, *, expected: bool) -> None:
    """True where `timely` is, false where that is undecided."""
    known = context({"approvals": [{}]})
    record = approval(recorded_at=instant(recorded_at))

    assert call("proven", record, TUESDAY, FIVE_DAYS, known=known) is expected


def test_nothing_to_date_is_timely() -> None:
    """What did not happen was not written down late."""
    assert timely(approval(), None) is True
    assert timely(None, None) is True


def test_a_day_in_the_place_of_the_instant_has_the_same_limit() -> None:
    """The day itself is never counted."""
    assert timely(approval(recorded_at=instant(IN_TIME)), day("2026-03-03")) is True


def test_a_record_inside_another_has_its_provenance() -> None:
    """An escalation comes with its blocker."""
    step = Record({}, ObjectType("escalation", {"at": Field(TIMESTAMP)}), "/blockers/0/escalations/1")  # fmt: skip

    assert timely(step, blockers=[{"prov": {"method": "api"}, "escalations": [{}, {}]}]) is True
    with pytest.raises(Undecided):
        timely(step, blockers=[{"prov": {"method": "manual"}, "escalations": [{}, {}]}])


def test_holidays_that_are_not_known_leave_a_late_entry_open() -> None:
    """Each weekday after the limit may have been a holiday before it; the calendar is named too."""
    record = approval(recorded_at=instant(TOO_LATE))

    with pytest.raises(Undecided) as caught:
        call("timely", record, TUESDAY, FIVE_DAYS, known=context(**HOLIDAYS_MISSING))
    assert causes(caught) == {("/snapshot/calendar/holidays", "not_collected")}
    early = approval(recorded_at=instant(IN_TIME))
    assert call("timely", early, TUESDAY, FIVE_DAYS, known=context(**HOLIDAYS_MISSING)) is True


def test_a_document_is_no_evidence_of_itself() -> None:
    """Its own id names it, and proves nothing."""
    kind = ObjectType("documents", {"id": Field(DOCUMENT_ID), "recorded_at": Field(TIMESTAMP)})
    late = {"id": "d1", "recorded_at": instant(TOO_LATE), "created_at": instant(IN_TIME)}

    with pytest.raises(Undecided):
        timely(Record(late, kind, "/documents/0"), documents=[late])


def test_only_a_record_can_be_timely() -> None:
    """A text has no date of its own."""
    with pytest.raises(EvaluationFailure):
        timely("x")


# ----- the libraries


@pytest.mark.parametrize(
    "entry", [e for library in LIBRARIES for e in library.overloads], ids=lambda e: e.name
)
def test_a_function_is_documented(entry: Overload) -> None:
    """One sentence, at least one example."""
    assert entry.about.endswith(".")
    assert entry.examples


def test_a_function_takes_days_where_it_takes_instants() -> None:
    """Half of all evidence is dated by the day."""

    def takes_instants(entry: Overload) -> bool:
        kinds = [kind for kind in (entry.receiver, *entry.parameters) if kind is not None]
        return TIMESTAMP in {unwrap(kind) for kind in kinds}

    entries = [entry for library in LIBRARIES for entry in library.overloads]
    deaf = [e.name for e in entries if takes_instants(e) and not e.wants_days]

    assert deaf == []
