"""
How an explanation names what it speaks of: facts by their path, elements by their names, events as what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import split
from auditor.evaluation.explaining.margins import exact_duration, is_unreadable, percentage
from auditor.evaluation.pairs import named
from auditor.evaluation.shapes import plain
from auditor.evaluation.wording import record_name, shortened
from auditor.facts.types import PERIOD
from auditor.language.cel.ast import (
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    walk,
)
from auditor.language.values import (
    NS_PER_S,
    Duration,
    Listing,
    Record,
    Span,
    Timestamp,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.explaining.frames import Frame, Member, Sight
    from auditor.evaluation.wording import Wording

_HAPPENED: Final = ("ed", "held", "done", "begun", "made", "given", "taken", "withdrawn", "met")
"""How the names of instants end, without their ``_at``, that say what happened."""


_CALLED: Final = {"as_of": "the judged instant", "period": "the period"}
"""Names that every policy has."""
_ENDS: Final = {"begins": "the beginning", "ends": "the end"}


@dataclass(frozen=True, slots=True)
class Event:
    """What an instant of a record stands for: ``the blocker``, ``was raised``."""

    subject: str
    verb: str
    holder: str
    """Pointer of the record."""

    def clause(self, told_of: str) -> str:
        """Say it once more: ``it`` is the record of the event that was told of before."""
        return f"{'it' if self.holder == told_of else self.subject} {self.verb}"


class Words:
    """
    Names things.

    Args:
        sight: What is looked at.
        wording: Shows values.
        original: Translates a pointer into the judged facts into one of the snapshot as it was read.
    """

    def __init__(self, sight: Sight, wording: Wording, original: Callable[[str], str]) -> None:
        self._sight = sight
        self.wording = wording
        self.original = original
        self._texts: dict[tuple[Frame, str], str] = {}
        """What was given for the parameters of definitions."""

    def show(self, value: Value) -> str:
        """Show a value; a text without anything to see as such."""
        value = plain(value)
        if isinstance(value, str) and not value.strip():
            return "an empty text"
        if isinstance(value, Listing) and not len(value):
            return "an empty list"
        if isinstance(value, Record) and value.type is PERIOD and value.data["id"] == "period":
            begin, end = (self.wording.show(value.data[key]) for key in ("starts_at", "ends_at"))
            return f"{begin} to {end}"
        if isinstance(value, Fraction) and is_unreadable(value):
            return percentage(value)
        return self.wording.show(value)

    def name(self, pointer: str) -> str:
        """Write the path of a fact as reports do: ``risks[0].score``."""
        return fact_name(self.original(pointer))

    def element(self, value: Value) -> str:
        """Name an element of a list: by what people call it, and by its path where it has one."""
        value = plain(named(value))
        if not isinstance(value, Record):
            return self.show(value)
        shown, path = self.show(value), self.name(value.pointer) if value.pointer else ""
        has_name = record_name(value.data, self.wording.zone) != record_name({}, self.wording.zone)
        if not path:
            return shown
        return f"{shown} ({path})" if has_name else path

    def label(self, node: Expr, frame: Frame) -> str:
        """Name what *node* stands for; empty for what its value tells as well: constants, lists and maps."""
        if isinstance(node, Literal | ListExpr | MapExpr):
            return ""
        name = self._sight.let(node, frame)
        if name is not None:
            return name
        found = self._sight.argument(node, frame)
        if found is not None:
            return self.label(*found)
        if isinstance(node, Ident) and node.name in _CALLED and node.name not in frame.local:
            return _CALLED[node.name]
        pointer = self._sight.fact(node, frame)
        if pointer is not None:
            return self.name(pointer)
        if isinstance(node, Call) and node.function == "span":
            return ""
        if isinstance(node, Call) and node.target is not None and node.function in _ENDS:
            return f"{_ENDS[node.function]} of {self.label(node.target, frame)}"
        return shortened(self.text(node, frame))

    def text(self, node: Expr, frame: Frame) -> str:
        """Return how *node* is written, on one line; a parameter as what the demand gave for it."""
        parts = sorted(walk(node), key=lambda part: part.start)
        hidden = {
            name for part in parts if isinstance(part, Comprehension) for name in part.variables
        }
        source, written, end = frame.checked.text, "", node.start
        for part in parts:
            if isinstance(part, Ident) and part.name not in hidden and part.start >= end:
                given = self._given(part, frame)
                written += source[end : part.start] + (given or source[part.start : part.end])
                end = part.end
        return " ".join((written + source[end : node.end]).split())

    def _given(self, node: Ident, frame: Frame) -> str | None:
        """Return what was given for a parameter as it is written, bracketed where an operator would be torn."""
        found = self._sight.argument(node, frame)
        if found is None:
            return None
        key = frame, node.name
        if key not in self._texts:
            self._texts[key] = shortened(self.text(*found))
        source = frame.checked.text
        before, after = source[: node.start].rstrip()[-1:], source[node.end :].lstrip()[:1]
        is_alone = before in {"(", ",", "["} and after in {")", ",", "]"}
        is_torn = _is_operation(found[0]) and not is_alone
        return f"({self._texts[key]})" if is_torn else self._texts[key]

    def is_seconds(self, node: Expr, frame: Frame) -> bool:
        """Whether *node* is a fact that counts seconds, as the names of such facts say."""
        return (self._sight.fact(node, frame) or "").endswith("_s")

    def shown(self, node: Expr, frame: Frame, *, is_exact: bool = False) -> str:
        """Show the value of *node*; seconds as hours and minutes, a length to the second where *is_exact*."""
        value = plain(self._sight.value(node, frame))
        if isinstance(value, int) and self.is_seconds(node, frame):
            value = Duration(value * NS_PER_S)
        if is_exact and isinstance(value, Duration):
            return exact_duration(value.ns)
        return self.show(value)

    def valued(self, node: Expr, frame: Frame, *, is_exact: bool = False) -> str:
        """Name what *node* stands for, with its value."""
        label, shown = self.label(node, frame), self.shown(node, frame, is_exact=is_exact)
        return f"{label} ({shown})" if label else shown

    def event(self, node: Expr, frame: Frame) -> Event | None:
        """Return what happened at the instant that *node* is, where it is a fact whose name says so."""
        pointer = self._sight.fact(node, frame)
        if pointer is None:
            return None
        *path, field = split(self.original(pointer))
        if not path or not (field == "at" or field.endswith("_at")):
            return None
        holder = path[-2] if path[-1].isdecimal() and len(path) > 1 else path[-1]
        subject = singular(holder.replace("_", " ")) if path[-1].isdecimal() else holder
        member = self._member(node, frame)
        if member is not None and member.is_nearest and member.count > 1:
            subject = f"the nearest of {member.count} {member.noun}"
        else:
            subject = f"the {subject}"
        verb = "came"
        if field != "at":
            stem = field.removesuffix("_at").replace("_", " ")
            if not stem.endswith(_HAPPENED):
                return None
            verb = f"was {stem}"
        return Event(subject, verb, pointer.rpartition("/")[0])

    def _member(self, node: Expr, frame: Frame) -> Member | None:
        """Return the member of a list that a fact is a direct field of."""
        node, frame = self._sight.resolved(node, frame, through_lets=False)
        if not isinstance(node, Select):
            return None
        owner, frame = self._sight.resolved(node.operand, frame, through_lets=False)
        return frame.members.get(owner.name) if isinstance(owner, Ident) else None

    def limit(self, node: Expr, frame: Frame) -> tuple[Expr, Frame, Timestamp, str] | None:
        """Return from where a limit counts, and how long it is: what `x.plus(span)` was made of."""
        node, frame = self._sight.resolved(node, frame, through_lets=True)
        if not isinstance(node, Call) or node.function != "plus" or node.target is None:
            return None
        begin = plain(self._sight.value(node.target, frame))
        span = plain(self._sight.value(node.args[0], frame))
        if not isinstance(begin, Timestamp) or not isinstance(span, Span):
            return None
        return node.target, frame, begin, str(span)


def fact_name(pointer: str) -> str:
    """Write a JSON Pointer as a path: ``risks[0].escalations[1].at``."""
    path = ""
    for token in split(pointer):
        if token.isdecimal():
            path += f"[{token}]"
        else:
            path += f".{token}" if path else token
    return path


def singular(noun: str) -> str:
    """Return the singular of a noun as the names of lists have it."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, given in the plural."""
    return f"{count} {singular(noun) if count == 1 else noun}"


def _is_operation(node: Expr) -> bool:
    """Whether *node* is written with an operator between or before its parts."""
    is_access = isinstance(node, Call) and node.function in {"_[_]", "_[?_]", "_?._"}
    return isinstance(node, Call) and node.function[0] in "_!-@" and not is_access
