"""
How the value of an expression that is tried looks: in one line, and in a few with what is in it.

The words are those of the reports: instants in the project's zone, ids with their names. What is known to be
absent, what nobody knows and what broke are three different things, and are told apart.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from auditor.cli.render import Paint
from auditor.evaluation.shapes import plain
from auditor.evaluation.verdicts import waits_on
from auditor.evaluation.wording import record_name, shortened
from auditor.language.values import (
    Day,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Opaque,
    Optional,
    Record,
    Unknown,
    Value,
)
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted, fact_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.evaluation.judged_snapshot import JudgedSnapshot
    from auditor.usecases.trying.trial import Tried

MOST_LINES: Final = 12
"""Members of a list, or fields of a record, that are shown one by one."""
_NOT_NAMED: Final = 6
"""Fields that are named where nothing is recorded of them."""
_COLOURS: Final = {Unknown: "33", Failure: "1;35"}


def value_page(tried: Tried, *, colour: bool) -> Iterator[str]:
    """Yield the lines of a value: what it is, its type, and what is in it."""
    found, paint = plain(tried.value), Paint(colour)
    text, shown = one_line(tried.value, tried.on), f"  : {tried.type}"
    first, *others = wrap(f"{text}{shown}", indent="  ", hang="    ")
    code = _COLOURS.get(type(found), "")
    yield f"  {paint(code, first[2:])}" if code else first
    yield from others
    for line in _parts(found, tried.on):
        yield from wrap(line, indent="    ", hang="      ")


def one_line(value: Value, on: JudgedSnapshot) -> str:
    """Return a value as one line; of a list or a record, how much there is of it."""
    found = plain(value)
    match found:
        case Unknown():
            missing = waits_on(on.witness.missing([found])).removeprefix("Missing: ")
            text = f"unknown: {missing.removesuffix('.')}"
        case Failure():
            text = f"error: {found.message}"
        case None:
            text = "none (null)"
        case bool():
            text = "true" if found else "false"
        case str():
            text = _text(found, on)
        case Day():
            text = f"{found.date.isoformat()} (known only to the day)"
        case Listing():
            text = _count(found, on)
        case MapValue():
            text = f"a map of {counted(len(found.entries), 'entry', 'entries')}"
        case Record():
            text = _record(found, on)
        case Optional():
            held = one_line(found.value, on) if found.has_value else ""
            text = f"an optional that holds {held or 'nothing'}"
        case Opaque():
            text = shortened(found.text)
        case _:
            text = on.wording.show(found)
    if isinstance(value, Hollow) and not isinstance(found, Listing):
        return f"{text}, about no element"
    return text


def _text(found: str, on: JudgedSnapshot) -> str:
    """Quote a text; of an id, say what people call it."""
    quoted = json.dumps(shortened(found), ensure_ascii=False)
    called = on.wording.show(found)
    return quoted if called == shortened(found) else f"{called}, id {quoted}"


def _record(found: Record, on: JudgedSnapshot) -> str:
    zone = on.wording.zone
    path = fact_name(on.witness.original(found.pointer)) if found.pointer else ""
    if record_name(found.data, zone) == record_name({}, zone):
        return path or f"a record of {found.type}"
    called = on.wording.show(found)
    return f"{called} ({path})" if path else called


def _count(found: Listing, on: JudgedSnapshot) -> str:
    sure = sum(item.doubt is None for item in found.items)
    text = counted(sure, "element") if found.items or found.rest else "an empty list"
    more = []
    if doubted := len(found.items) - sure:
        more.append(f"{doubted} more may belong to it")
    if found.rest is not None:
        missing = waits_on(on.witness.missing([found.rest])).removeprefix("Missing: ")
        more.append(f"there may be others: {missing.removesuffix('.')}")
    return "; ".join([text, *more])


def _parts(found: Value, on: JudgedSnapshot) -> Iterator[str]:
    """Yield the members of a list, the entries of a map, the fields of a record; the first of them."""
    match found:
        case Listing():
            shown = [
                f"{'?' if item.doubt is not None else '-'} {one_line(item.value, on)}"
                for item in found.items[:MOST_LINES]
            ]
            left = len(found.items) - len(shown)
        case MapValue():
            pairs = list(found.entries.values())
            shown = [
                f"{one_line(key, on)}: {one_line(part, on)}" for key, part in pairs[:MOST_LINES]
            ]
            left = len(pairs) - len(shown)
        case Record():
            yield from _fields(found, on)
            return
        case Optional() if found.has_value:
            yield from _parts(plain(found.value), on)
            return
        case _:
            return
    yield from shown
    if left > 0:
        yield f"… and {left} more"


def _fields(record: Record, on: JudgedSnapshot) -> Iterator[str]:
    known = [name for name in record.type.fields if name in record.data and name != "prov"]
    for name in known[:MOST_LINES]:
        value = on.lift.field(record, name)
        # Its own id would be told with the name of the record itself.
        shown = (
            json.dumps(value) if name == "id" and isinstance(value, str) else one_line(value, on)
        )
        yield f"{name}: {shown}"
    if left := len(known) - len(known[:MOST_LINES]):
        yield f"… and {counted(left, 'field')} more"
    others = [
        name
        for name in record.type.fields
        if name not in record.data and name not in {"prov", "ext"}
    ]
    if others:
        named = ", ".join(others[:_NOT_NAMED])
        more = len(others) - _NOT_NAMED
        yield f"not recorded: {named}{f' and {more} more' if more > 0 else ''}"
