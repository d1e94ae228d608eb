"""
How the difference of two snapshots reads.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from auditor.evaluation.wording import record_name
from auditor.facts.difference import Unobserved
from auditor.reporters.foreign_text import cut
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted, instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from auditor.facts.difference import Difference
    from auditor.usecases.diff_snapshots import ShownDifference
    from auditor.usecases.read_inputs import Loaded

_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST = 120


def difference_page(shown: ShownDifference) -> Iterator[str]:
    """Yield the lines: the two snapshots, then entity by entity what differs."""
    yield from wrap(f"old {_head(shown.old)}", hang="    ")
    yield from wrap(f"new {_head(shown.new)}", hang="    ")
    if not shown.differences:
        yield "no fact differs"
        return
    zone = shown.new.snapshot.zone
    for entity, group in groupby(shown.differences, key=lambda difference: difference.entity):
        yield ""
        yield entity
        for record, changes in groupby(group, key=lambda difference: difference.record):
            yield from _record(record, list(changes), zone)
    yield ""
    yield counted(len(shown.differences), "difference")


def _head(one: Loaded) -> str:
    taken = one.snapshot
    at = instant(taken.captured_at.astimezone(taken.zone).isoformat())
    return f"{taken.name} ({taken.auditee}), captured {at}, {one.name}"


def _record(record: str | None, changes: list[Difference], zone: ZoneInfo) -> Iterator[str]:
    first = changes[0]
    if record is not None:
        name = record_name(first.data, zone)
        called = f"{name} ({record})" if name != record else record
        yield from wrap(called, indent=f"  {_MARKS[first.kind]} ", hang="    ")
    for change in changes:
        if change.kind == "changed":
            said = f"{_shown(change.old, zone)} -> {_shown(change.new, zone)}"
            field = f"{change.field}: " if change.field else ""
            yield from wrap(f"{field}{said}", indent="      ", hang="        ")


def _shown(value: Any, zone: ZoneInfo) -> str:  # noqa: ANN401 - any fact
    if isinstance(value, Unobserved):
        return f"not known ({value.reason.replace('_', ' ')})"
    if isinstance(value, datetime):
        return instant(value.astimezone(zone).isoformat())
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False, default=lambda moment: _plain(moment, zone))
    return cut(text, _LONGEST)


def _plain(value: date, zone: ZoneInfo) -> str:
    return (value.astimezone(zone) if isinstance(value, datetime) else value).isoformat()
