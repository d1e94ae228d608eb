"""
The random snapshots of which questions are asked, and what is left of one that shows a finding.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from auditor.model.errors import ErrorGroup
from tests.differential.documents import HOLED, KNOWN, Knobs, Writer
from tests.differential.expressions import seeded
from tests.differential.shrinking import shrunk_data
from tests.differential.world import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.snapshot import Snapshot

COUNT = 24


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Return random snapshots as a reader would hand them on: known, with holes, with little in them."""
    shape = world().model.shape
    knobs = (KNOWN, HOLED, KNOWN, Knobs(nulls=0.4, empty=0.5))
    return tuple(
        Writer(shape, seeded(f"fast {number}"), knobs[number % len(knobs)]).write()
        for number in range(COUNT)
    )


@cache
def snapshots() -> tuple[Snapshot, ...]:
    """Return the same ones, shaped."""
    return tuple(map(world().model.read, documents()))


def smallest(snapshot: Snapshot, still: Callable[[Snapshot], bool]) -> str:
    """Return the least of one of them for which *still* holds, without the head, as JSON."""
    place = next(number for number, one in enumerate(snapshots()) if one is snapshot)

    def holds(data: Any) -> bool:
        try:
            return still(world().model.read(data))
        except ErrorGroup:
            return False

    left = shrunk_data(documents()[place], holds)
    return json.dumps({key: part for key, part in left.items() if key != "snapshot"})
