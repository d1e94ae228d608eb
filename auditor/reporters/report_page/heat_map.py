"""
How well each project keeps each area of each framework, as a table.

A cell that could not be decided has no number: it is hatched, because nothing known is not nought. Where nothing is
due the cell is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.reporters import wording
from auditor.reporters.report_page.keys import ANY_AREA, address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.findings.score import Score, Scores
    from auditor.model.run import Run
    from auditor.reporters.report_page.keys import Keys


@dataclass(frozen=True, slots=True)
class Cell:
    """One score of the table."""

    score: Score
    said: str = ""
    """The cell in words, for whoever does not see it; as `link`, empty where nothing is due."""
    link: str = ""
    """Where its verdicts are."""

    @property
    def look(self) -> str:
        """The class of its colour and pattern."""
        if not self.score.due:
            return "none"
        if not self.score.kept + self.score.failed:
            return "unknown"
        if self.score.failed:
            return "bad" if self.score.kept < self.score.due / 2 else "some"
        return "open" if self.score.undecided else "good"

    @property
    def number(self) -> str:
        """Percent, raw; a question mark where nothing could be decided."""
        if self.look == "unknown":
            return "?"
        return percent(self.score.raw)

    @property
    def signs(self) -> str:
        """What the colour and the pattern say: kept, failed, not decided."""
        counts = (("✗", self.score.failed), ("?", self.score.undecided))
        return " ".join(f"{sign}{count}" for sign, count in counts if count) or "✓"

    @property
    def net(self) -> str:
        """Percent, net, where it says something else than the raw one."""
        if not self.score.accepted or self.score.net is None or self.look == "unknown":
            return ""
        return percent(self.score.net)


@dataclass(frozen=True, slots=True)
class Row:
    """One project of the table."""

    label: str
    link: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The table."""

    frameworks: tuple[tuple[str, int], ...]
    """Each with the number of its columns."""
    areas: tuple[tuple[str, str], ...]
    """Name and link of each column."""
    rows: tuple[Row, ...]
    total: Row
    missing: tuple[str, ...]
    """Members that were not audited."""


def percent(share: float | None) -> str:
    """Write a share as people do: ``78.5``, ``100``; a dash where nothing is due."""
    return "–" if share is None else f"{share:g}"  # noqa: RUF001 - a dash is what is meant


def heat_map(run: Run, keys: Keys, scores: Scores) -> HeatMap:
    """Make the table of a run; what was judged under no control has no place in it."""
    areas = keys.areas
    ids = [tuple(control.id for control in area.controls) for area in areas]
    every = [control.id for control in run.controls]

    def row(label: str, auditees: Iterable[str], **mine: str) -> Row:
        those = list(auditees)
        cells = [
            _cell(scores.of(those, controls), f"{label}, {area.name}", mine | {"area": area.key})
            for area, controls in zip(areas, ids, strict=True)
        ]
        whole = _cell(scores.of(those, every), f"{label}, all areas", mine)
        return Row(label, address(**mine) if mine else "#findings", (whole, *cells))

    frameworks: dict[str, int] = {}
    for area in areas:
        frameworks[area.framework] = frameworks.get(area.framework, 0) + 1
    return HeatMap(
        tuple((name.upper() or "Controls", count) for name, count in frameworks.items()),
        tuple(
            ("All of them" if area.name == ANY_AREA else area.name, address(area=area.key))
            for area in areas
        ),
        tuple(
            row(way.short or way.label, [result.auditee], project=way.key)
            for way, result in zip(keys.projects, run.results, strict=True)
        ),
        row("All", [result.auditee for result in run.results]),
        tuple(wording.member(run.population, one) for one in run.population.missing),
    )


def _cell(score: Score, what: str, mine: dict[str, str]) -> Cell:
    if not score.due:
        return Cell(score)
    clean = score.kept == score.due
    said = f"{what}: {score.kept} of {score.due} kept"
    for count, word in (
        (score.failed, "failed"),
        (score.undecided, "not decided"),
        (score.accepted, "of these accepted"),
    ):
        if count:
            said += f", {count} {word}"
    wanted = mine | ({"show": "all"} if clean else {})
    return Cell(score, said, address(**wanted) if wanted else "#findings")
