"""
How the times of a run read: policy by policy, the slowest first, then the parts of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.reporters import wording
from auditor.reporters.foreign_text import flowing
from auditor.reporters.layout import columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.usecases.onlooker import Timings


def timings_page(timings: Timings) -> Iterator[str]:
    """Yield the lines, harmless on a terminal; the run ends here."""
    elapsed = timings.elapsed()
    rows = timings.policies
    judging = sum(row.seconds for row in rows.values())
    yield "Time by policy, the slowest first (no report holds a time: it is never the same twice)"
    yield from _columns(
        [
            ("policy", "subjects", "verdicts", "time", "per verdict", "share"),
            *(
                (
                    policy,
                    str(row.subjects),
                    str(row.verdicts),
                    _seconds(row.seconds),
                    f"{row.seconds / row.verdicts * 1000:,.3f} ms",
                    _share(row.seconds, judging),
                )
                for policy, row in sorted(rows.items(), key=lambda one: (-one[1].seconds, one[0]))
            ),
        ]
    )
    parts = timings.parts
    yield ""
    yield "Time by part of the run"
    yield from _columns(
        [
            ("part", "time", "share"),
            *(
                (part, _seconds(spent), _share(spent, elapsed))
                for part, spent in (
                    ("judging by all policies", judging),
                    *parts.items(),
                    ("everything else", elapsed - judging - sum(parts.values())),
                    ("in all, but for the start of the program", elapsed),
                )
            ),
        ]
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Lay out *rows*: what is named to the left, figures to the right."""
    names, *figures = zip(*rows, strict=True)
    shown = [flowing(wording.name(text)) for text in names]
    widest = max(map(columns, shown))
    widths = [max(map(len, cells)) for cells in figures]
    for text, *cells in zip(shown, *figures, strict=True):
        padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join((f"  {text}{' ' * (widest - columns(text))}", *padded))


def _seconds(seconds: float) -> str:
    return f"{seconds:,.3f} s"


def _share(seconds: float, whole: float) -> str:
    return f"{seconds / whole:.1%}" if whole else "-"
