"""
What is due on each day or week, by hand: stand-ups (SEEF-MON-01) and reviews by the Project Manager (SEEF-PRI-07).

Apart from the other rules because both look meetings up by local day or week, and ask the calendar which of
them count.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from benchmarks.engine.ground import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Declined,
    People,
    in_scope,
    in_time,
    instant,
    started,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from auditor.model.outcome import Outcome
    from benchmarks.engine.ground import Facts, Outcomes, Record

FEWEST_WORKING_DAYS: Final = 3
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)


def stand_up_missed_in_sprint(facts: Facts) -> Outcomes:
    """SEEF-MON-01."""
    document, calendar = facts.document, facts.calendar
    if not document["sprints"]:
        return [(facts.auditee, NOT_APPLICABLE)]
    applies = in_scope(facts) and document["project"]["method"] != "kanban"
    stand_ups: dict[date, list[Record]] = {}
    plannings: dict[date, list[Record]] = {}
    for meeting in document["meetings"]:
        if meeting["kind"] in {"standup", "planning"} and meeting["held_at"] is not None:
            by_day = stand_ups if meeting["kind"] == "standup" else plannings
            day = calendar.local_day(instant(meeting["held_at"]))
            by_day.setdefault(day, []).append(meeting)
    today = calendar.local_day(facts.as_of)
    is_over = calendar.day_end(today) <= facts.as_of
    until = facts.as_of if is_over else calendar.day_start(today) - MINUTE
    found = []
    for sprint in document["sprints"]:
        outcome = NOT_APPLICABLE
        if applies and sprint["state"] != "cancelled" and sprint["started_at"] is not None:
            outcome = _met_daily(facts, sprint, until, stand_ups, plannings)
        found.append((sprint["id"], outcome))
    return found


def _met_daily(
    facts: Facts,
    sprint: Record,
    until: datetime,
    stand_ups: dict[date, list[Record]],
    plannings: dict[date, list[Record]],
) -> Outcome:
    """Judge the days of a sprint; the last one is that of its end, or the last that is over."""
    calendar = facts.calendar
    first = calendar.local_day(instant(sprint["started_at"]))
    end = until if sprint["closed_at"] is None else instant(sprint["closed_at"])
    if end < calendar.day_end(first) + MINUTE:
        return NOT_APPLICABLE
    last, day = calendar.local_day(end), first
    days = []
    while day < last:
        day += DAY
        if _is_worked(facts, day):
            days.append(day)
    if not days:
        return NOT_APPLICABLE
    if not _is_worked(facts, first):
        del days[0]  # its first working day
    is_open = False
    for day in days:
        if day in plannings and any(
            m["sprint"] == sprint["id"] or sprint["id"] in m["sprints"] for m in plannings[day]
        ):
            continue
        if day not in stand_ups:
            return FAIL
        for meeting in stand_ups[day]:
            if in_time(facts, meeting, meeting["held_at"]):
                break
        else:
            is_open = True
    if is_open:
        raise Declined
    return PASS


def _is_worked(facts: Facts, day: date) -> bool:
    works = facts.calendar.is_working(day)
    if works is None:
        raise Declined
    return works


def pm_review_missed_in_week(facts: Facts) -> Outcomes:
    """SEEF-PRI-07."""
    document, calendar, as_of = facts.document, facts.calendar, facts.as_of
    execution = document["project"]["execution"]
    start = started(facts)
    if start is None:
        return [(facts.auditee, NOT_APPLICABLE)]
    ended = execution["ended_at"]
    until = ended if ended is not None and ended <= as_of else as_of
    weeks = [week for week in calendar.weeks(instant(start), until) if week.whole]
    if not weeks:
        return [(facts.auditee, NOT_APPLICABLE)]
    if not in_scope(facts):
        return [(week.id, NOT_APPLICABLE) for week in weeks]
    people = People(facts)
    reviews: dict[str, list[Record]] = {}
    for meeting in document["meetings"]:
        if meeting["kind"] == "pm_review" and meeting["held_at"] is not None:
            held_at = instant(meeting["held_at"])
            year, number, _ = calendar.local_day(held_at).isocalendar()
            if any(_stands_for_pm(x, held_at, people) for x in meeting["attendees"]):
                reviews.setdefault(f"{year:04}-W{number:02}", []).append(meeting)
    found = []
    for week in weeks:
        held = reviews.get(week.id, ())
        if any(in_time(facts, m, m["held_at"]) for m in held):
            outcome = PASS
        elif not _has_three_working_days(facts, week.starts_at):
            outcome = NOT_APPLICABLE
        elif as_of < week.ends_at:
            outcome = NOT_APPLICABLE  # not due
        elif held:
            raise Declined
        else:
            outcome = FAIL
        found.append((week.id, outcome))
    return found


def _stands_for_pm(attendee: Record, at: datetime, people: People) -> bool:
    party = attendee["party"]
    if party is None or not attendee["present"] or party in people.others:
        return False
    return people.held(party, "PM", at) or people.held(attendee["delegate_for"], "PM", at)


def _has_three_working_days(facts: Facts, monday: datetime) -> bool:
    day = facts.calendar.local_day(monday)
    works = [facts.calendar.is_working(day + n * DAY) for n in range(7)]
    if works.count(True) >= FEWEST_WORKING_DAYS:
        return True
    if works.count(True) + works.count(None) >= FEWEST_WORKING_DAYS:
        raise Declined
    return False
