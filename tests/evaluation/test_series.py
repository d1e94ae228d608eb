"""``daily``, ``weekly`` and ``monthly``: the last value of each unit, and what may lie outside (LANGUAGE.md, 5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from auditor.language.cel.checker import CheckErrors
from auditor.language.values import Cause, Failure, Listing, Unknown
from tests.evaluation.small_world import HOLE, shape_of, task

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.trail import Trail
    from auditor.language.values import Value

    Evaluated = Callable[..., tuple[Value, Trail]]


def on(day: int, hour: int = 12, month: int = 3) -> dt.datetime:
    """Make an instant in 2026; the 2nd and the 9th of March are Mondays."""
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def series(
    evaluated: Evaluated, tasks: list[dict[str, Any]], unit: str = "weekly"
) -> dict[str, Any]:
    """Return the value of each unit by its id; an unknown one as its causes."""
    found, _ = evaluated(f"tasks.{unit}(t, t.at, t.points)", {"tasks": tasks})
    assert isinstance(found, Listing)
    assert found.rest is None
    assert not any(item.doubt for item in found.items)
    return {record.data["id"]: record.data["value"] for record in found}


def nothing(unit: str = "week") -> Unknown:
    """Return the value of a unit in which nothing was written down."""
    return Unknown(frozenset({Cause("/tasks", f"no_value_that_{unit}")}))


def test_the_last_value_of_each_week(evaluated: Evaluated) -> None:
    """By instant, not by place in the list; of equals the later in the list."""
    tasks = [
        task("a", at=on(5), points=3),
        task("b", at=on(4), points=9),
        task("c", at=on(9), points=1),
        task("d", at=on(9), points=2),
    ]

    assert series(evaluated, tasks) == {"2026-W10": 3, "2026-W11": 2}


def test_a_week_without_a_value_is_unobserved(evaluated: Evaluated) -> None:
    """Not null, and not left out: nobody wrote down how things stood."""
    tasks = [task("a", at=on(3), points=3), task("b", at=on(18), points=None)]

    assert series(evaluated, tasks) == {"2026-W10": 3, "2026-W11": nothing(), "2026-W12": None}


@pytest.mark.parametrize(
    ("unit", "first", "last", "expected"),
    [
        pytest.param("daily", on(28), on(30), ["2026-03-28", "2026-03-29", "2026-03-30"], id="over-a-clock-change"),
        pytest.param("weekly", on(31, month=12), on(31, month=12), ["2026-W53"], id="the-last-week-of-a-long-year"),
        pytest.param("monthly", on(31, month=1), on(1), ["2026-01", "2026-02", "2026-03"], id="months"),
        pytest.param("daily", on(3, 23), on(3, 23), ["2026-03-04"], id="by-the-zone"),
        pytest.param("monthly", on(31, 23), on(31, 23), ["2026-04"], id="a-month-by-the-zone"),
    ],
)  # fmt: skip
def test_units_are_those_of_the_calendar(
    evaluated: Evaluated, unit: str, first: dt.datetime, last: dt.datetime, expected: list[str]
) -> None:
    """In the auditee's zone (Berlin), from the first to the last with a value."""
    tasks = [task("a", at=first), task("b", at=last)]

    assert list(series(evaluated, tasks, unit)) == expected


def test_a_unit_ends_with_its_last_instant(evaluated: Evaluated) -> None:
    """Which is what a limit is counted from."""
    value, _ = evaluated(
        "tasks.weekly(t, t.at, t.points)[0].ends_at == timestamp('2026-03-08T22:59:59.999999Z')",
        {"tasks": [task("a", at=on(3))]},
    )

    assert value is True


def test_null_instants_take_no_part(evaluated: Evaluated) -> None:
    """What was never taken has no week; a list of nothing else is empty, and was looked at."""
    assert series(evaluated, [task("a", at=on(3), points=5), task("b", at=None)]) == {"2026-W10": 5}
    value, _ = evaluated("tasks.weekly(t, t.at, t.points).all(w, false)", {"tasks": [task("a")]})
    assert shape_of(value) == "True"


def test_no_member_is_vacuous(evaluated: Evaluated) -> None:
    """Nothing was there to look at."""
    value, _ = evaluated("tasks.weekly(t, t.at, t.points).all(w, false)", {"tasks": []})

    assert shape_of(value) == "vacuous True"


class TestDays:
    """An instant that is known only to the day lies in one unit, somewhere (convention C2)."""

    def test_it_is_the_last_of_its_week_where_no_other_is_on_that_day(
        self, evaluated: Evaluated
    ) -> None:
        """Whatever the hour."""
        tasks = [task("a", at=on(4), points=1), task("b", at=dt.date(2026, 3, 5), points=2)]

        assert series(evaluated, tasks) == {"2026-W10": 2}

    def test_two_on_one_day_leave_the_value_open(self, evaluated: Evaluated) -> None:
        """Either may be the later one; the week itself is certain."""
        tasks = [task("a", at=on(5), points=1), task("b", at=dt.date(2026, 3, 5), points=2)]

        assert series(evaluated, tasks) == {
            "2026-W10": Unknown(frozenset({Cause("/tasks/1/at", "day_precision")}))
        }


class TestOpen:
    """What is not known leaves open what it could change, and nothing else (LANGUAGE.md, 4)."""

    DONE = "tasks.filter(t, t.done == true).weekly(t, t.at, t.points)"

    def open_series(self, evaluated: Evaluated, tasks: list[Any]) -> tuple[dict[str, Any], bool]:
        """Return the values by week, `unknown` for those that are, and whether the series is open."""
        found, _ = evaluated(self.DONE, {"tasks": tasks})
        values = {r.data["id"]: r.data["value"] for r in found}
        return {k: "unknown" if isinstance(v, Unknown) else v for k, v in values.items()}, found.is_open  # fmt: skip

    def test_a_doubtful_member_that_another_follows_changes_nothing(
        self, evaluated: Evaluated
    ) -> None:
        """In the same week, certainly later."""
        tasks = [task("a", at=on(3), points=1, done=HOLE), task("b", at=on(4), points=2)]

        assert self.open_series(evaluated, tasks) == ({"2026-W10": 2}, False)

    def test_a_doubtful_last_member_leaves_its_week_open(self, evaluated: Evaluated) -> None:
        """And no other."""
        tasks = [
            task("a", at=on(3), points=1),
            task("b", at=on(4), points=2, done=HOLE),
            task("c", at=on(10), points=3),
        ]

        assert self.open_series(evaluated, tasks) == ({"2026-W10": "unknown", "2026-W11": 3}, False)

    def test_a_doubtful_member_outside_leaves_the_series_open(self, evaluated: Evaluated) -> None:
        """It may have one more week; those that are certain keep their values."""
        tasks = [task("a", at=on(3), points=1), task("b", at=on(10), points=2, done=HOLE)]

        assert self.open_series(evaluated, tasks) == ({"2026-W10": 1}, True)

    def test_an_unknown_instant_may_lie_in_any_week(self, evaluated: Evaluated) -> None:
        """And outside."""
        tasks = [task("a", at=on(3), points=1), task("b", at=HOLE, points=2)]

        assert self.open_series(evaluated, tasks) == ({"2026-W10": "unknown"}, True)

    def test_an_unread_rest_may_hold_a_later_value_of_any_week(self, evaluated: Evaluated) -> None:
        """A truncated list says which weeks there certainly are, and nothing else."""
        found, _ = evaluated(
            "tasks.weekly(t, t.at, t.points)",
            {"tasks": [task("a", at=on(3), points=1)]},
            {"/tasks": "truncated"},
        )

        assert [r.data["id"] for r in found] == ["2026-W10"]
        assert found.rest == Unknown(frozenset({Cause("/tasks", "truncated")}))
        assert [r.data["value"] for r in found] == [found.rest]

    def test_runs_of_an_open_series_are_unknown(self, evaluated: Evaluated) -> None:
        """Nobody knows which weeks follow each other at its ends."""
        tasks = [task("a", at=on(3), points=1), task("b", at=on(10), points=2, done=HOLE)]
        found, _ = evaluated(f"{self.DONE}.windows(2)", {"tasks": tasks})

        assert isinstance(found, Unknown)

    def test_a_value_that_is_unobserved_is_unknown_with_its_fact(
        self, evaluated: Evaluated
    ) -> None:
        """The week is there; what it was is not."""
        tasks = [task("a", at=on(3), points=HOLE)]

        assert series(evaluated, tasks) == {
            "2026-W10": Unknown(frozenset({Cause("/tasks/0/points", "unobserved")}))
        }


class TestChecked:
    """What the checker knows of a week."""

    def test_a_week_has_declared_fields(self, evaluated: Evaluated) -> None:
        """So runs of weeks can be compared, and a slip is found before anything runs."""
        tasks = [task(str(n), at=on(3 + 7 * n), points=5 - n) for n in range(3)]
        falls = (
            "tasks.weekly(t, t.at, t.points).windows(3).exists(week, week[2].id == '2026-W12' "
            "&& week[2].value != null && week[1].value != null && 5 > 4)"
        )

        assert evaluated(falls, {"tasks": tasks})[0] is True
        with pytest.raises(CheckErrors, match="valu"):
            evaluated("tasks.weekly(t, t.at, t.points)[0].valu == 1", {"tasks": tasks})

    @pytest.mark.parametrize(
        ("expression", "message"),
        [
            ("tasks.weekly(t, t.id, t.points)", "wants an instant"),
            ("tasks.weekly(t, t.at, t.points).all(w, w.value > 3)", "may be null"),
            ("tasks.weekly(t, t.at, t.id).all(w, w.value == 3)", "never equal"),
        ],
    )
    def test_arguments_are_checked(
        self, evaluated: Evaluated, expression: str, message: str
    ) -> None:
        """The value of a week has the type of what is computed for an element."""
        with pytest.raises(CheckErrors) as caught:
            evaluated(expression, {"tasks": []})

        assert message in " ".join(fault.message for fault in caught.value.diagnostics)


def test_an_error_in_the_last_value_is_an_error(evaluated: Evaluated) -> None:
    """That of a member which another one follows is never computed."""
    tasks = [task("a", at=on(3), points=0), task("b", at=on(4), points=2)]
    broken = "tasks.weekly(t, t.at, t.points == null ? 0 : 1 / t.points)"

    assert isinstance(evaluated(broken, {"tasks": tasks})[0], Listing)
    assert isinstance(evaluated(broken, {"tasks": tasks[:1]})[0], Failure)


def test_a_series_of_centuries_is_an_error(evaluated: Evaluated) -> None:
    """A slip in a year must not fill the memory."""
    tasks = [task("a", at=on(3)), task("b", at=on(3).replace(year=2926))]
    found, _ = evaluated("tasks.daily(t, t.at, t.points)", {"tasks": tasks})

    assert isinstance(found, Failure)
    assert found.slug == "too_many_periods"


def test_the_facts_of_the_last_value_are_the_witness(evaluated: Evaluated) -> None:
    """Its instant and its value, not those that it replaced."""
    tasks = [task("a", at=on(3), points=1), task("b", at=on(4), points=9)]
    found, trail = evaluated("tasks.weekly(t, t.at, t.points).all(w, w.value == 1)", {"tasks": tasks})  # fmt: skip

    assert found is False
    assert {"/tasks/1/at", "/tasks/1/points"} <= set(trail.facts)
    assert "/tasks/0/points" not in trail.facts
