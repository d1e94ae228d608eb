"""
What a record is worth: text that says something, entries made in time, exact shares.

`timely` never says false, and `proven` never says undecided. A record that was written down too late still counts against its project; it only
cannot make a verdict green. So it is true, or undecided.

Source: LANGUAGE.md, section 5; conventions C10, C13, C15.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NoReturn

from auditor.documents.pointer import child, join, resolve, split
from auditor.facts.gaps import UNOBSERVED
from auditor.facts.given import given
from auditor.facts.provenance import TRUSTED_METHODS
from auditor.facts.types import ListType, ScalarType, unwrap
from auditor.language import intervals
from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.values import (
    Cause,
    Day,
    Duration,
    Record,
    Span,
    Timestamp,
    Undecided,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.intervals import Instant
    from auditor.language.registry import Context

_CLOCKS_DIFFER: Final = Span(5, "minutes")
"""By how much two clocks may differ before two instants contradict each other."""

_READS: Final = ("recorded_at", "prov", "document", "evidence", "guideline", "minutes")
"""What the question when a record was written down looks at; all but the first two name documents that
prove it, and a test holds them against the schemas."""

_CONSULTS: Final = ("documents.id", "documents.created_at")


def _undecided(reason: str) -> NoReturn:
    raise Undecided(frozenset({Cause("", reason)}))


def _ratio(part: Value, whole: Value, if_none: Fraction) -> Fraction:
    if isinstance(part, Duration) is not isinstance(whole, Duration):
        fail("no_overload", "a share is taken of two numbers or of two lengths of time")
    total = _exact(whole)
    return _exact(part) / total if total else if_none


def _exact(value: Value) -> Fraction:
    """Return a number as it is spelt in decimals: 0.1 is a tenth, not the double beside it."""
    match value:
        case bool():
            fail("no_overload", "a share is taken of numbers, not of truths")
        case Fraction() | int():
            return Fraction(value)
        case float() if isfinite(value):
            return Fraction(repr(value))
        case Duration(ns):
            return Fraction(ns)
    return fail("no_overload", "a share is taken of two finite numbers")


def _timely(context: Context, record: Value, at: Instant | None, limit: Span) -> bool:
    doubts = _doubts(context, record, at, limit)
    if doubts:
        raise Undecided(frozenset(doubts))
    return True


def _proven(context: Context, record: Value, at: Instant | None, limit: Span) -> bool:
    return not _doubts(context, record, at, limit)


def _doubts(context: Context, record: Value, at: Instant | None, limit: Span) -> set[Cause]:
    """Return why it is not shown that a record was written down in time; none where it is."""
    if at is None:
        return set()  # nothing to date
    if not isinstance(record, Record):
        fail("no_overload", "only a record can be written down in time")
    deadline = intervals.add(at, limit, context.calendar)
    causes: set[Cause] = set()
    if "recorded_at" in record.data:
        recorded, pointer = record.data["recorded_at"], child(record.pointer, "recorded_at")
        earliest = intervals.subtract(at, _CLOCKS_DIFFER, context.calendar)
        if _is_before(context, recorded, pointer, earliest):
            return {Cause(pointer, "recorded_before_it_happened")}
        if _is_in_time(context, recorded, pointer, deadline, causes):
            return set()
        causes = causes or {Cause(record.pointer, "recorded_late")}
    else:
        method = _method(context.root, record)
        if method in TRUSTED_METHODS:
            return set()
        causes.add(Cause(child(record.pointer, "recorded_at"), UNOBSERVED))
    for place, document in _evidence(context.root, record):
        created = document.get("created_at")
        if _is_in_time(context, created, join("documents", place, "created_at"), deadline, set()):
            return set()
    return causes


def _is_before(context: Context, raw: object, pointer: str, instant: Instant) -> bool:
    """Tell whether a date certainly lies before *instant*."""
    moment = _instant(context, raw, pointer)
    try:
        return moment is not None and intervals.is_before(moment, instant)
    except Undecided:
        return False


def _is_in_time(
    context: Context, raw: object, pointer: str, deadline: Instant, causes: set[Cause]
) -> bool:
    """Tell whether a date proves an entry in time; what would, if it were more exact, goes to *causes*."""
    moment = _instant(context, raw, pointer)
    if moment is None:
        return False
    try:
        return intervals.is_by(moment, deadline)
    except Undecided as undecided:
        causes |= undecided.causes
        return False


def _instant(context: Context, raw: object, pointer: str) -> Instant | None:
    """Lift a recorded instant or day; None for anything else."""
    match raw:
        case dt.datetime():
            return Timestamp.of(raw)
        case dt.date():
            calendar = context.calendar
            first, last = calendar.day_start(raw), calendar.day_end(raw)
            return Day(raw, Timestamp.of(first), Timestamp.of(last), pointer)
        case _:
            return None


def _method(root: Record, record: Record) -> str | None:
    """Return how a record was obtained; one inside another has the provenance of the outer one."""
    if "prov" in record.type.fields and "prov" in record.data:
        method: str | None = record.data["prov"].get("method")
        return method
    tokens = split(record.pointer)
    while tokens:
        tokens.pop()
        outer = resolve(root.data, join(*tokens))
        if isinstance(outer, dict) and tokens and "prov" in outer:
            found: str | None = outer["prov"].get("method")
            return found
    return None


def _evidence(root: Record, record: Record) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the documents that a record names, with their places in the list of documents."""
    named: set[str] = set()
    for name, declared in record.type.fields.items():
        kind = unwrap(declared.type)
        element = unwrap(kind.element) if isinstance(kind, ListType) else kind
        if isinstance(element, ScalarType) and element.ref == "documents" and name != "id":
            value = record.data.get(name)
            named.update(value if isinstance(value, list) else [value] if value else [])
    for place, document in enumerate(root.data.get("documents", ())):
        if document["id"] in named:
            yield place, document


LIBRARY = Library(
    "records",
    (
        overload(
            "given(string?) -> bool",
            given,
            about="Whether a text says something: neither blank nor a placeholder such as tbd.",
            examples=[("given('Client agreed by mail')", "true"), ("given(' TBD ')", "false")],
        ),
        overload(
            "timely(dyn, timestamp?, span) -> bool",
            _timely,
            cost=20,
            wants_context=True,
            wants_days=True,
            reads=_READS,
            consults=_CONSULTS,
            is_never_false=True,
            about="True where a record was written down in time, or a document proves it; undecided otherwise.",
            examples=[("timely(null, null, span('5 working days'))", "true")],
        ),
        overload(
            "proven(dyn, timestamp?, span) -> bool",
            _proven,
            cost=20,
            wants_context=True,
            wants_days=True,
            reads=_READS,
            consults=_CONSULTS,
            about="Whether it is shown that a record was written down in time: true where timely() is, else false.",
            examples=[("proven(null, null, span('5 working days'))", "true")],
        ),
        overload(
            "ratio(dyn, dyn, ratio) -> ratio",
            _ratio,
            needs_values=True,
            about="An exact share; the third argument where the whole is zero.",
            examples=[
                ("ratio(9, 10, 0 %) == 90 %", "true"),
                ("ratio(0.1, 0.3, 0 %) == ratio(1, 3, 0 %)", "true"),
                ("ratio(0, 0, 100 %) == 100 %", "true"),
            ],
        ),
        overload(
            "undecided(string) -> dyn",
            _undecided,
            about="An unknown with a reason, for conventions that leave a question open.",
            examples=[("false && undecided('written down too late')", "false")],
        ),
    ),
)
