"""
How large the results of the language's own functions can be, and what they are charged beside their arguments.

A function that is not named here gives a text that is not much longer than its arguments, or a value without
parts: its declared type tells which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from auditor.facts.calendar import MAX_STRETCHES
from auditor.language.cel.ast import Call, Ident, Literal, Select, walk
from auditor.language.cost import forms, values
from auditor.language.cost.charges import STEP, equality
from auditor.language.cost.forms import (
    NONE,
    PLAIN,
    Anything,
    Held,
    Length,
    Listed,
    Moment,
    Size,
    Whole,
)
from auditor.language.cost.growth import FEWEST_DAYS, NOTHING, Growth, number, quantity
from auditor.language.spans import parse_span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditor.language.cel.ast import Expr

    Rule = Callable[["Arguments"], "Result"]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a function is called with, the receiver first."""

    sizes: Sequence[Size]
    nodes: Sequence[Expr]

    @property
    def first(self) -> Size:
        """The first one."""
        return self.sizes[0]

    def whole(self, place: int) -> int | None:
        """Return the largest number that an argument can be; None where nothing tells."""
        forms = self.sizes[place]
        numbers = [form.most for form in forms if isinstance(form, Whole)]
        return max(numbers) if numbers and len(numbers) == len(forms) else None


@dataclass(frozen=True, slots=True)
class Result:
    """What a function gives."""

    size: Size
    charge: Growth = NOTHING
    """Thousandths of a step beside those for its arguments and for reading the result."""


_PIECE: Final = number(20_000)
_MATCH: Final = number(5_000)
_ONE: Final = number(1)
_WRITTEN: Final = 2_000
"""Characters of the longest number that is written with a format."""
_ESCAPED: Final = number(6)
"""Characters that stand for one in a text inside another."""


# ----- texts


def _pieces(arguments: Arguments) -> Result:
    length = values.characters(arguments.first)
    made = forms.listed(length + _ONE, forms.text(length))
    return Result(made, (length + number(2)) * _PIECE)


def _replaced(arguments: Arguments) -> Result:
    length, by = values.characters(arguments.first), values.characters(arguments.sizes[2])
    return Result(forms.text(length + (length + _ONE) * by))


def _rewritten(arguments: Arguments) -> Result:
    length, by = values.characters(arguments.first), values.characters(arguments.sizes[2])
    each = by * (length + _ONE)  # a replacement may name the whole match as often as it is long
    return Result(forms.text(length + (length + _ONE) * each), (length + _ONE) * _MATCH)


def _all_matches(arguments: Arguments) -> Result:
    length = values.characters(arguments.first)
    return Result(forms.listed(length + _ONE, forms.text(length)), (length + _ONE) * _MATCH)


def _match(arguments: Arguments) -> Result:
    return Result((Held(forms.text(values.characters(arguments.first))),))


def _texts_joined(arguments: Arguments) -> Result:
    count = values.members(arguments.first)
    each = values.longest(arguments.first)
    if len(arguments.sizes) > 1:
        each = each + values.characters(arguments.sizes[1])
    return Result(forms.text(count * each))


def _formatted(arguments: Arguments) -> Result:
    parts = _ONE + values.inside(arguments.sizes[1])
    each = values.longest(arguments.sizes[1]) * _ESCAPED + number(_WRITTEN)
    length = values.characters(arguments.first) + parts * each
    return Result(forms.text(length), parts * STEP)


# ----- lists


def _same(arguments: Arguments) -> Result:
    return Result(values.made(arguments.first))


def _distinct(arguments: Arguments) -> Result:
    count, each = values.members(arguments.first), values.element(arguments.first)
    return Result(values.made(arguments.first), count * count * equality(each, each))


def _compared(arguments: Arguments) -> Result:
    left, right = arguments.sizes
    pairs = values.members(left) * values.members(right)
    both_ways = number(2) * pairs
    return Result(PLAIN, both_ways * equality(values.element(left), values.element(right)))


def _member(arguments: Arguments) -> Result:
    return Result((Held(values.indexed(arguments.first)),))


def _choice(arguments: Arguments) -> Result:
    return Result(values.either(PLAIN, *arguments.sizes, values.indexed(arguments.first)))


def _range(arguments: Arguments) -> Result:
    most = arguments.whole(0)
    members = quantity("unbounded") if most is None else number(max(most, 0))
    return Result(forms.listed(members, PLAIN), members * _PIECE)


def _windows(arguments: Arguments) -> Result:
    count, length = values.members(arguments.first), arguments.whole(1)
    run = count if length is None else number(max(length, 0))
    one = tuple(
        replace(form, members=run) if isinstance(form, Listed) else form
        for form in values.made(arguments.first)
    )
    return Result(forms.listed(count, one), count * run * STEP)


def _flattened(arguments: Arguments) -> Result:
    depth = 1 if len(arguments.sizes) == 1 else arguments.whole(1)
    size = arguments.first
    inside = _ONE + values.inside(size)
    if depth is None or depth > _DEEPEST:
        return Result((Anything(values.inside(size), values.longest(size)),), inside * STEP)
    weight = _ONE
    for _ in range(depth):
        count, element = values.members(size), values.indexed(size)
        weight = weight + count
        lists = tuple(form for form in element if isinstance(form, Listed | Anything))
        others = tuple(form for form in element if not isinstance(form, Listed))
        members = count * (values.members(lists) + (_ONE if others else NOTHING))
        size = forms.listed(members, values.either(values.indexed(lists), others))
    weight = weight + values.members(size)
    return Result(values.made(size), weight.smaller(inside) * STEP)


_DEEPEST: Final = 8
"""Levels up to which a flattened list is followed; below, it is taken as a whole."""


def _unwrapped(arguments: Arguments) -> Result:
    inner = values.held(values.indexed(arguments.first))
    return Result(forms.listed(values.members(arguments.first), inner))


# ----- optionals


def _wrapped(arguments: Arguments) -> Result:
    return Result((Held(values.either(*arguments.sizes)),))


def _value(arguments: Arguments) -> Result:
    return Result(values.held(arguments.first))


# ----- time

LONGEST: Final[Mapping[str, int]] = {"days": 1, "weeks": 7, "months": 31, "quarters": 92}
"""The most days of a calendar unit."""


def units(unit: str, begin: Size, end: Size) -> Growth:
    """Return how many units of the calendar lie between two instants."""
    begin_beyond, end_beyond = days_beyond(begin), days_beyond(end)
    if begin_beyond is None or end_beyond is None:
        return number(MAX_STRETCHES)
    beyond = begin_beyond + end_beyond
    more = beyond // FEWEST_DAYS[unit] + 1 if beyond else 0
    return quantity("calendar", ",".join(sorted(paths_of(begin, end))), unit) + number(more)


def days_beyond(moment: Size) -> int | None:
    """Return by how many days an instant can lie outside those of the snapshot; None where nothing tells."""
    found = [form.days_beyond for form in moment if isinstance(form, Moment)]
    known = [days for days in found if days is not None]
    return max(known) if known and len(known) == len(moment) else None


def paths_of(*moments: Size) -> frozenset[str]:
    """Return the fields of the snapshot of which instants are."""
    return frozenset(
        path for size in moments for form in size if isinstance(form, Moment) for path in form.paths
    )


def _stretches(unit: str) -> Rule:
    def rule(arguments: Arguments) -> Result:
        begin, end = map(days_beyond, arguments.sizes)
        edge = None if begin is None or end is None else max(begin, end)
        one = forms.stretch(edge, LONGEST[unit], paths_of(*arguments.sizes))
        return Result(forms.listed(_count(unit, arguments), one))

    return rule


def _count(unit: str, arguments: Arguments) -> Growth:
    """Return how many units are listed; few where both ends are those of one unit, or one instant."""
    days = _within_one(arguments)
    if days is not None:
        return number(days if unit == "days" else days // FEWEST_DAYS[unit] + 2)
    begin, end = arguments.nodes
    if _alike(begin, end) and days_beyond(arguments.first) is not None:
        return number(2)  # of an instant that is known to the day, and where clocks change
    return units(unit, *arguments.sizes)


def _within_one(arguments: Arguments) -> int | None:
    """Return the days from ``w.starts_at`` to ``w.ends_at`` of one stretch of the calendar; else None."""
    begin, end = arguments.nodes
    if not (isinstance(begin, Select) and isinstance(end, Select)):
        return None
    if not (isinstance(begin.operand, Ident) and _alike(begin.operand, end.operand)):
        return None
    forms = [form for size in arguments.sizes for form in size]
    days = [form.stretch for form in forms if isinstance(form, Moment) and form.stretch is not None]
    return max(days) if days and len(days) == len(forms) else None


def _alike(left: Expr, right: Expr) -> bool:
    """Whether two expressions read the same."""
    return all(
        type(a) is type(b) and _told(a) == _told(b) for a, b in zip_longest(walk(left), walk(right))
    )


def _told(node: Expr) -> tuple[object, ...]:
    """Return what a node says beside its parts."""
    match node:
        case Literal():
            return (type(node.value), node.value)
        case Ident():
            return (node.name, node.absolute)
        case Select():
            return (node.field, node.test)
        case Call():
            return (node.function, node.target is None, len(node.args))
        case _:
            return (id(node),)  # what is longer than a path is not compared


def _moved(arguments: Arguments) -> Result:
    moment, length = arguments.sizes
    beyond = days_beyond(moment)
    days = [form.days for form in length if isinstance(form, Length)]
    if beyond is None or not days or len(days) < len(length):
        return Result((Moment(None),))
    return Result((Moment(beyond + max(days), None, paths_of(moment)),))


def _edge_of_day(arguments: Arguments) -> Result:
    beyond = days_beyond(arguments.first)
    paths = paths_of(arguments.first)
    return Result((Moment(None if beyond is None else beyond + 1, None, paths),))


def _span(arguments: Arguments) -> Result:
    node = arguments.nodes[0]
    known = (
        parse_span(node.value)
        if isinstance(node, Literal) and isinstance(node.value, str)
        else None
    )
    return Result(PLAIN if known is None else values.of_value(known))


def _never(_: Arguments) -> Result:
    return Result(NONE)


RULES: Final[Mapping[str, Rule]] = {
    "split": _pieces,
    "replace": _replaced,
    "regex.replace": _rewritten,
    "regex.extract": _match,
    "regex.extractAll": _all_matches,
    "join": _texts_joined,
    "format": _formatted,
    "slice": _same,
    "reverse": _same,
    "sort": _same,
    "distinct": _distinct,
    "sets.contains": _compared,
    "sets.equivalent": _compared,
    "sets.intersects": _compared,
    "first": _member,
    "last": _member,
    "math.greatest": _choice,
    "math.least": _choice,
    "lists.range": _range,
    "windows": _windows,
    "flatten": _flattened,
    "optional.unwrap": _unwrapped,
    "unwrapOpt": _unwrapped,
    "optional.of": _wrapped,
    "optional.ofNonZeroValue": _wrapped,
    "optional.none": _wrapped,
    "value": _value,
    "days": _stretches("days"),
    "workingDays": _stretches("days"),
    "weeks": _stretches("weeks"),
    "months": _stretches("months"),
    "quarters": _stretches("quarters"),
    "plus": _moved,
    "minus": _moved,
    "begins": _edge_of_day,
    "ends": _edge_of_day,
    "span": _span,
    "undecided": _never,
}
"""By the name of the function."""
