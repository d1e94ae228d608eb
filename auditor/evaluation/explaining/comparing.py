"""
Why a comparison came out as it did: both values, by how much they differ, and where it would turn.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.evaluation.explaining.margins import (
    Margin,
    as_plain,
    is_below_a_minute,
    length,
    length_apart,
    margin,
    step_beyond,
)
from auditor.evaluation.explaining.words import fact_name
from auditor.evaluation.shapes import plain
from auditor.evaluation.wording import shortened
from auditor.facts.types import PERIOD
from auditor.language.cel.ast import Call, Comprehension, Expr, Literal, Select
from auditor.language.values import (
    NS_PER_S,
    Day,
    Listing,
    MapValue,
    Record,
    Timestamp,
    Unknown,
    Value,
)
from auditor.model.explanation import Turn

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.evaluation.explaining.frames import Frame, Sight
    from auditor.evaluation.explaining.words import Words

_METHODS: Final = {"by": "<=", "before": "<", "after": ">"}
OPERATORS: Final = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="} | _METHODS
_OTHERS: Final = frozenset({"_==_", "_!=_", "@in", "within"})
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
INSTANTS: Final = {"<": "before", "<=": "at or before", ">": "after", ">=": "at or after"}
NUMBERS: Final = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
RECORDED: Final = "recorded"
"""What a fact would have to be that is not there."""
_BEYOND: Final = {"<": -1, "<=": 0, ">": 1, ">=": 0}


@dataclass(frozen=True, slots=True)
class Compared:
    """What there is to tell of one comparison."""

    says: str
    sentence: str
    """For a reader who sees nothing else."""
    margin: Margin | None
    turn: Turn | None
    """None where the only fact is an id: it says which record it is."""
    operands: tuple[Expr, ...]


class Comparing:
    """Tells of comparisons, and of everything else that is true or false by itself."""

    def __init__(self, sight: Sight, words: Words) -> None:
        self._sight = sight
        self._words = words

    def told(self, node: Expr, frame: Frame, value: Value) -> Compared:
        """Tell why *node* is *value*: true or false, or unknown, where only what would decide it is told."""
        match node:
            case Call(function=function, target=None, args=(left, right)) if function in OPERATORS:
                return self._ordered(node, frame, (left, right), OPERATORS[function], value)
            case Call(function=function, target=Expr() as left, args=(right,)) if (
                function in _METHODS
            ):
                return self._ordered(node, frame, (left, right), _METHODS[function], value)
            case Call(function="_==_" | "_!=_" as function, args=(left, right)):
                return self._equal(node, frame, left, right, value, same=function == "_==_")
            case Call(function="@in", args=(left, right)):
                return self._member(node, frame, left, right, value)
            case Call(function="within", target=Expr() as left, args=(right,)):
                return self._within(node, frame, left, right, value)
            case Comprehension(macro="sumReaches", args=(_, limit)):
                return self._sum(node, frame, limit, value)
            case Select(test=True, operand=operand, field=field):
                return self._presence(node, frame, operand, field, value)
        return self._other(node, frame, value)

    def turn_if_known(self, node: Call, frame: Frame) -> Turn | None:
        """Return what a comparison asks of a fact that is not known; None where nothing else is known either."""
        parts = operands(node)
        known = [part for part in parts if not isinstance(self._sight.value(part, frame), Unknown)]
        if len(known) != len(parts) - 1:
            return None
        turn = self.told(node, frame, False).turn  # noqa: FBT003 - as if it did not hold
        if turn is None or turn.wanted == RECORDED:
            return turn
        return replace(turn, wanted=f"{RECORDED}, and {turn.wanted}")

    def gap(self, node: Expr, frame: Frame) -> Fraction | None:
        """Return by how much a comparison is missed; None for what has no order."""
        match node:
            case Call(function=function, target=Expr() as left, args=(right,)) if (
                function in _METHODS or function == "within"
            ):
                pass
            case Call(function=function, args=(left, right)) if function in OPERATORS:
                pass
            case _:
                return None
        first, second = (plain(self._sight.value(part, frame)) for part in (left, right))
        if isinstance(second, Record) and second.type is PERIOD:
            second = Timestamp.of(second.data["starts_at"])
        apart = margin(first, second)
        return apart.distance if apart is not None else None

    # ----- order

    def _ordered(
        self, node: Expr, frame: Frame, sides: tuple[Expr, Expr], relation: str, value: Value
    ) -> Compared:
        left, right = sides
        turn = self._order_turn(frame, sides, relation, value)
        label = self._words.label(left, frame)
        if plain(self._sight.value(left, frame)) is None:
            says = f"{label or self._text(node, frame)} is none: it has not happened"
            return Compared(says, says, None, turn, (left, right))
        apart = self._margin(left, right, frame)
        is_close = is_below_a_minute(apart)
        shown = self._words.shown(left, frame, is_exact=is_close)
        named = f"{label} is {shown}" if label else shown
        other = self._words.valued(right, frame, is_exact=is_close)
        if apart is None:
            says = f"{named}, compared with {other}"
            return Compared(says, says, None, turn, (left, right))
        says = f"{named}, {_distance(apart)} {other}"
        if not apart.size and isinstance(right, Literal):
            return Compared(named, named, None, turn, (left, right))
        sentence = self._happened(left, right, frame, apart) or says
        return Compared(says, sentence, apart, turn, (left, right))

    def _margin(self, left: Expr, right: Expr, frame: Frame) -> Margin | None:
        """Return by how much two operands differ; of two lengths in seconds as a length."""
        apart = margin(*(plain(self._sight.value(part, frame)) for part in (left, right)))
        is_long = all(self._words.is_seconds(part, frame) for part in (left, right))
        if apart is not None and is_long and apart.size:
            distance = int(apart.size) * NS_PER_S
            return Margin(length(abs(distance)), distance, is_time=False)
        return apart

    def _happened(self, left: Expr, right: Expr, frame: Frame, apart: Margin) -> str | None:
        """Tell of two instants as of what happened; with a time limit, from where that counts."""
        words = self._words
        event = words.event(left, frame)
        if event is None:
            return None
        happened = f"{event.subject} {event.verb}"
        limit = words.limit(right, frame)
        if limit is not None:
            begin, where, instant, span = limit
            moment = plain(self._sight.value(left, frame))
            origin = words.event(begin, where)
            since = origin.clause(event.holder) if origin else words.valued(begin, where)
            if isinstance(moment, Timestamp) and moment.ns >= instant.ns:
                total = length_apart(moment.ns - instant.ns, apart.distance)
                return f"{happened} {total} after {since}; the limit was {span}"
        return f"{happened} {_distance(apart)} {words.valued(right, frame)}"

    def _order_turn(
        self, frame: Frame, sides: tuple[Expr, Expr], relation: str, value: Value
    ) -> Turn | None:
        """Return what one side would have to be, a fact where one side is one."""
        wanted = _OPPOSITE[relation] if value is True else relation
        changed = self._changed(frame, *self._settable(frame, *sides))
        if changed is None:
            return None
        fact, other = changed
        if fact is sides[1]:
            wanted = mirrored(wanted)
        limit = plain(self._sight.value(other, frame))
        words = INSTANTS if isinstance(limit, Timestamp | Day | dt.date) else NUMBERS
        boundary: Value | None = limit
        if isinstance(limit, Day):
            boundary = None  # what lies in the day itself would not be decided
        elif _BEYOND[wanted]:
            boundary = step_beyond(limit, _BEYOND[wanted])
        text = f"{words[wanted]} {self._words.shown(other, frame)}"
        return self._turn(fact, frame, text, boundary)

    def _settable(self, frame: Frame, left: Expr, right: Expr) -> tuple[Expr, Expr]:
        """Return the side that would have to change, the one that is a fact first, and the other one."""
        if self._sight.fact(left, frame) is None and self._sight.fact(right, frame) is not None:
            return right, left
        return (right, left) if isinstance(left, Literal) else (left, right)

    def _changed(self, frame: Frame, fact: Expr, other: Expr) -> tuple[Expr, Expr] | None:
        """
        Return the side that is to change, and the other one.

        That is never an id, which says what record it is: to change it would make it out to be another one.
        """
        if not _is_id(self._sight.fact(fact, frame)):
            return fact, other
        pointer = self._sight.fact(other, frame)
        return (other, fact) if pointer is not None and not _is_id(pointer) else None

    # ----- equality and membership

    def _equal(
        self, node: Expr, frame: Frame, left: Expr, right: Expr, value: Value, *, same: bool
    ) -> Compared:
        fact, other = self._settable(frame, left, right)
        now, beside = (self._sight.value(part, frame) for part in (fact, other))
        label = self._words.label(fact, frame) or self._text(node, frame)
        is_equal = value is same
        shown = self._words.shown(fact, frame)
        if isinstance(other, Literal):
            says = f"{label} is {shown}" + ("" if is_equal else f", not {self._words.show(beside)}")
            if other.value is None:
                is_something = isinstance(plain(now), Record | MapValue)
                says = f"{label} is {'recorded' if is_something else shown}"
        elif is_equal:
            says = f"{label} is {shown}, as is {self._words.label(other, frame)}"
        else:
            says = f"{label} is {shown}, not {self._words.valued(other, frame)}"
        apart = margin(plain(now), plain(beside)) if not is_equal else None
        wants_equal = same if value is not True else not same
        changed = self._changed(frame, fact, other)
        turn = self._equality_turn(frame, *changed, wants_equal=wants_equal) if changed else None
        return Compared(says, says, apart, turn, (left, right))

    def _equality_turn(self, frame: Frame, fact: Expr, other: Expr, *, wants_equal: bool) -> Turn:
        limit = plain(self._sight.value(other, frame))
        if limit is None:
            turn = self._turn(fact, frame, "none" if wants_equal else RECORDED, None)
            return _bounded(turn, None) if wants_equal else turn
        text = self._words.show(limit)
        boundary = limit if wants_equal and not isinstance(limit, Day) else None
        return self._turn(fact, frame, text if wants_equal else f"anything but {text}", boundary)

    def _member(self, node: Expr, frame: Frame, left: Expr, right: Expr, value: Value) -> Compared:
        label = self._words.label(left, frame) or self._text(node, frame)
        shown = self._words.show(self._sight.value(left, frame))
        among = plain(self._sight.value(right, frame))
        listed = self._words.show(among)
        relation = "is among" if value is True else "is not among"
        says = f"{label} is {shown}, which {relation} {listed}"
        boundary = None
        if value is not True and isinstance(among, Listing) and len(among):
            boundary = next(iter(among))
        text = f"none of {listed}" if value is True else f"one of {listed}"
        turn = None
        if not _is_id(self._sight.fact(left, frame)):
            turn = self._turn(left, frame, text, boundary)
        return Compared(says, says, None, turn, (left, right))

    # ----- periods, sums, presence

    def _within(self, node: Expr, frame: Frame, left: Expr, right: Expr, value: Value) -> Compared:
        moment, period = (plain(self._sight.value(part, frame)) for part in (left, right))
        label = self._words.label(left, frame) or self._text(node, frame)
        shown = self._words.show(period)
        boundary, apart = None, None
        if isinstance(period, Record) and period.type is PERIOD:
            begin, end = (Timestamp.of(period.data[key]) for key in ("starts_at", "ends_at"))
            boundary = begin if value is not True else None
            if isinstance(moment, Timestamp | Day):
                beyond, ahead = margin(moment, end), margin(moment, begin)
                if beyond is not None and beyond.size > 0:
                    apart = beyond
                elif ahead is not None and ahead.size < 0:
                    apart = ahead
        event = self._words.event(left, frame)
        now = f"{label} is {self._words.show(moment)}"
        sentence = None
        if moment is None:
            now = f"{label} is none: it has not happened"
        elif apart is None:
            now += f", {'in' if value is True else 'compared with'} {shown}"
        else:
            now += f", {_distance(apart)} {shown}"
            if event is not None:
                sentence = f"{event.subject} {event.verb} {_distance(apart)} {shown}"
        turn = self._turn(left, frame, f"{'outside' if value is True else 'in'} {shown}", boundary)
        return Compared(now, sentence or now, apart, turn, (left, right))

    def _sum(self, node: Comprehension, frame: Frame, limit: Expr, value: Value) -> Compared:
        added = Comprehension(
            node.id, node.start, node.end, "sum", node.range, node.variables, node.args[:1]
        )
        total = plain(self._sight.value(added, frame))
        bound = plain(self._sight.value(limit, frame))
        apart = margin(total, bound)
        noun = self._sight.noun(node.range, frame)
        says = f"the {noun} add up to {self._words.show(total)}"
        if isinstance(total, Unknown):  # whatever is not known of them, it cannot matter
            limit_shown = self._words.show(bound)
            says = f"the {noun} " + (
                f"add up to {limit_shown} at least"
                if value is True
                else f"cannot add up to {limit_shown}"
            )
        if apart is not None:
            says += f", {_distance(apart)} {self._words.valued(limit, frame)}"
        wanted = "less than" if value is True else "at least"
        turn = Turn(f"what the {noun} add up to", f"{wanted} {self._words.show(bound)}")
        return Compared(says, says, apart, turn, (node.range, limit))

    def _presence(
        self, node: Expr, frame: Frame, operand: Expr, field: str, value: Value
    ) -> Compared:
        owner = plain(self._sight.value(operand, frame))
        label = self._text(node, frame).removeprefix("has(").removesuffix(")")
        pointer = ""
        if isinstance(owner, Record) and owner.pointer:
            pointer = self._words.original(f"{owner.pointer}/{field}")
            label = fact_name(pointer)
        says = f"{label} is recorded" if value is True else f"{label} is none"
        turn = Turn(label, "none" if value is True else RECORDED, pointer)
        if value is True and pointer:
            turn = _bounded(turn, None)
        return Compared(says, says, None, turn, (node,))

    # ----- everything else

    def _other(self, node: Expr, frame: Frame, value: Value) -> Compared:
        operands: tuple[Expr, ...] = (node,)
        if self._sight.fact(node, frame) is not None:
            label = self._words.label(node, frame)
            says = f"{label} is {'yes' if value is True else 'no'}"
            turn = self._turn(node, frame, "no" if value is True else "yes", value is not True)
            return Compared(says, says, None, turn, operands)
        if isinstance(node, Call):
            operands = node.args if node.target is None else (node.target, *node.args)
        text = self._text(node, frame)
        verb = "holds" if value is True else "does not hold"
        with_value = [
            f"{label} is {self._words.show(self._sight.value(part, frame))}"
            for part in operands
            if part is not node and (label := self._words.label(part, frame))
        ]
        says = f"{text} {verb}" + (f": {', '.join(with_value[:3])}" if with_value else "")
        wanted = "not to hold" if value is True else "to hold"
        return Compared(says, says, None, Turn(text, wanted), operands)

    # ----- parts

    def _text(self, node: Expr, frame: Frame) -> str:
        return shortened(self._words.text(node, frame))

    def _turn(self, node: Expr, frame: Frame, wanted: str, boundary: Value | None) -> Turn:
        pointer = self._sight.fact(node, frame)
        what = self._words.label(node, frame) or self._text(node, frame)
        turn = Turn(what, wanted, self._words.original(pointer) if pointer else "")
        if pointer is None or boundary is None:
            return turn
        told = as_plain(boundary, self._words.wording)
        return turn if told is None else _bounded(turn, told)


def operands(node: Expr) -> tuple[Expr, ...]:
    """Return what *node* compares; nothing where it is no comparison."""
    if not isinstance(node, Call) or node.function not in OPERATORS.keys() | _OTHERS:
        return ()
    return node.args if node.target is None else (node.target, *node.args)


def _is_id(pointer: str | None) -> bool:
    return pointer is not None and pointer.endswith("/id")


def _bounded(turn: Turn, boundary: str | float | bool | None) -> Turn:  # noqa: FBT001 - any value
    return replace(turn, boundary=boundary, has_boundary=True)


def _distance(apart: Margin) -> str:
    """Say on which side the first of two values lies, up to where the second is named."""
    if apart.is_time:
        if not apart.size:
            return "at the same instant as"
        return f"{apart.words} {'after' if apart.size > 0 else 'before'}"
    if not apart.size:
        return "exactly"
    return f"{apart.words} {'more' if apart.size > 0 else 'less'} than"


def mirrored(relation: str) -> str:
    """Return the relation of the second side to the first."""
    return _MIRRORED.get(relation, relation)
