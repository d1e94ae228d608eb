"""
What generated code may call, for one snapshot at one instant.

Each function answers what the exact evaluator answers, or leaves the question to it (`Leave`).

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import datetime as dt
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import BudgetExceeded
from auditor.evaluation.fast.constants import leaf
from auditor.evaluation.fast.indexes import (
    Edges,
)
from auditor.evaluation.fast.leaf_functions import NAMED, UNSET, comparison, doubles, happened
from auditor.evaluation.fast.leave import Leave, NotFast
from auditor.evaluation.fast.periods import Periods
from auditor.facts.calendar import CalendarGap, CalendarRange
from auditor.facts.provenance import TRUSTED_METHODS
from auditor.language.cel.ast import Call
from auditor.language.values import (
    INT_MAX,
    INT_MIN,
    Duration,
    Failure,
    Hollow,
    Span,
    Timestamp,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditor.evaluation.exact import Evaluator
    from auditor.facts.calendar import WorkingCalendar

_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NEAR_THE_END: Final = dt.datetime(9900, 1, 1, tzinfo=dt.UTC)
"""From here on a limit may lie beyond the last year."""
_NEAR_THE_BEGIN: Final = dt.datetime(2, 1, 1, tzinfo=dt.UTC)
_DAYS: Final = {"days": 1, "weeks": 7, "working days": 1}
"""Days that each of a unit takes at least."""
_FEW_DAYS: Final = 250
_FEW_HOLIDAYS: Final = 2_000
"""So many days off can never hide every working day for as long as the calendar looks for one."""
_CLOCKS_DIFFER: Final = dt.timedelta(minutes=5)
_ELAPSED: Final[Mapping[str, dt.timedelta]] = {
    "minutes": dt.timedelta(minutes=1),
    "hours": dt.timedelta(hours=1),
}


class Runtime:
    """
    The functions of one run over one snapshot.

    Args:
        calendar: The auditee's.
        evaluator: Evaluates what no function here does.
        longest: Most days that a list of days, weeks and so on may go through.
    """

    def __init__(self, calendar: WorkingCalendar, evaluator: Evaluator, longest: int) -> None:
        self._calendar = calendar
        self._evaluator = evaluator
        self._periods = Periods(calendar, longest)
        self.cells: list[Any] = []
        """What shared functions have answered."""
        self._functions: Sequence[Callable[[], Any]] = ()
        self._broken: set[int] = set()
        works = calendar.working_days is None or bool(calendar.working_days)
        self._works = works and len(calendar.holidays or ()) < _FEW_HOLIDAYS
        """Whether there is work at all, so that counting working days comes to an end."""

    def function(self, name: Any) -> Any:  # noqa: ANN401 - a text, or one with what it is about
        """Return what generated code calls *name*."""
        known = NAMED.get(name)
        if known is not None:
            return known
        match name:
            case ("plus" | "minus" as direction, span):
                return self._moved(direction, span)
            case ("timely", span, how):
                return self._timely(span, how)
            case "begins":
                return Edges(self._calendar.day_start)
            case "ends":
                return Edges(self._calendar.day_end)
            case "exact double":
                return doubles(self._exactly("double", is_method=False))
        kind, _, rest = name.partition(" ")
        match kind:
            case "exact" | "method":
                return self._exactly(rest, is_method=kind == "method")
            case "whole":
                return self._whole(rest)
            case "compare":
                return comparison(_SIGNS[rest])
            case "moment":
                return happened(_SIGNS[rest])
            case _:
                return self._periods.lister(name)

    def share(self, functions: Sequence[Callable[[], Any]]) -> None:
        """Take the functions whose answers are kept."""
        self._functions = functions
        self.cells.extend([UNSET] * len(functions))

    # ----- what is kept

    def shared(self, position: int) -> Any:  # noqa: ANN401 - any value
        """Return the answer of a shared function, computed once; one that gave up gives up at once."""
        answer = self.cells[position]
        if answer is UNSET:
            if position in self._broken:
                raise Leave
            self._broken.add(position)  # until it has answered
            answer = self.cells[position] = self._functions[position]()
            self._broken.discard(position)
        return answer

    # ----- instants

    def _moved(self, name: str, span: Span) -> Callable[[Any], Any]:
        """Return what counts a length of time on from an instant, or back."""
        if span.unit in _ELAPSED:
            try:
                length = _ELAPSED[span.unit] * span.amount
            except OverflowError:
                length = dt.timedelta.max
            return _shifted(length if name == "plus" else -length)
        count = self._calendar.add if name == "plus" else self._calendar.subtract
        kept: dict[dt.datetime, dt.datetime] = {}

        def moved(moment: Any) -> Any:  # noqa: ANN401 - an instant, or what is none
            if moment is None:
                return None
            if moment.__class__ is not dt.datetime:
                raise Leave
            found = kept.get(moment)
            if found is None:
                try:
                    found = kept[moment] = count(moment, span.amount, span.unit)
                except (CalendarGap, CalendarRange, OverflowError):
                    raise Leave from None
            return found

        return moved

    # ----- records

    def _timely(self, limit: Span, how: str) -> Callable[[Any, Any], bool]:
        """Return what tells that a record was written down in time; anything else is the exact evaluator's."""
        deadline, surely = self._moved("plus", limit), self._shortest(limit)

        def timely(record: Any, at: Any) -> bool:  # noqa: ANN401 - a record and an instant, or what is none
            if at is None:
                return True
            if at.__class__ is not dt.datetime or record is None or at < _NEAR_THE_BEGIN:
                raise Leave
            recorded = record["recorded_at"]  # what stands in for it takes the exact evaluator
            if recorded.__class__ is not dt.datetime or recorded < at - _CLOCKS_DIFFER:
                raise Leave
            if recorded - at <= surely and recorded < _NEAR_THE_END:
                return True
            if recorded > deadline(at):
                raise Leave
            return True

        def timely_by_method(record: Any, at: Any) -> bool:  # noqa: ANN401 - as above
            if at is None or record is None or "recorded_at" in record:
                return timely(record, at)
            if at.__class__ is not dt.datetime or not _NEAR_THE_BEGIN <= at < _NEAR_THE_END:
                raise Leave
            if record["prov"].get("method") not in TRUSTED_METHODS:
                raise Leave
            if not self._is_short(limit):
                deadline(at)  # one that cannot be told is the exact evaluator's
            return True

        return timely_by_method if how == "by method" else timely

    def _shortest(self, limit: Span) -> dt.timedelta:
        """Return a length of time that never is longer than *limit*, whatever the calendar says."""
        days = _DAYS[limit.unit] * limit.amount if self._is_short(limit) else 0
        # To the end of a day: less the day itself, and for clocks that change.
        return dt.timedelta(days=days - 1)

    def _is_short(self, limit: Span) -> bool:
        """Tell whether counting *limit* on comes to an end on every calendar like this one."""
        return limit.unit in _DAYS and limit.amount <= _FEW_DAYS and self._works

    # ----- what the exact evaluator knows

    def _exactly(self, name: str, *, is_method: bool) -> Callable[..., Any]:
        node = Call(0, 0, 0, name, Call(0, 0, 0, name, None, ()) if is_method else None, ())
        apply = self._evaluator.apply

        def exactly(*operands: Any) -> Any:  # noqa: ANN401 - leaves
            try:
                value = apply(node, [_lifted(operand) for operand in operands])
            except BudgetExceeded:
                raise Leave from None
            if isinstance(value, Unknown | Failure | Hollow):
                raise Leave
            try:
                return leaf(value)
            except NotFast:
                raise Leave from None

        return exactly

    def _whole(self, name: str) -> Callable[..., int]:
        """Return arithmetic of whole numbers: 64 bits, towards zero."""
        plain = {"_+_": operator.add, "_-_": operator.sub, "_*_": operator.mul}.get(name)
        if plain is None:
            return self._exactly(name, is_method=False)

        def whole(first: int, *others: int) -> int:
            total = first
            for other in others:
                total = plain(total, other)
                if not INT_MIN <= total <= INT_MAX:
                    raise Leave
            return total

        return whole


def _lifted(operand: Any) -> Any:  # noqa: ANN401 - any leaf
    """Return a leaf as a value of the exact evaluator."""
    match operand:
        case None | bool() | int() | float() | str() | Fraction() | Span():
            return operand
        case dt.datetime():
            return Timestamp.of(operand)
        case dt.timedelta():
            return Duration(operand // dt.timedelta(microseconds=1) * 1_000)
        case dt.date() if operand.__class__ is dt.date:
            return operand
        case _:
            raise Leave


def _shifted(length: dt.timedelta) -> Callable[[Any], Any]:
    def shifted(moment: Any) -> Any:  # noqa: ANN401 - an instant, or what is none
        if moment is None:
            return None
        if moment.__class__ is not dt.datetime:
            raise Leave
        try:
            return moment + length
        except OverflowError:
            raise Leave from None

    return shifted
