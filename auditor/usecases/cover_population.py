"""
Whom a run was to cover, and whom it did.

Without a population it was to cover just whatever was handed in. An excluded member is not judged, whatever
was handed in of it: the reason stands in the report instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.model.run import NotUsed, Population

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.model.result import ResultDocument
    from auditor.sources.population import Member, PopulationFile
    from auditor.usecases.instants import AsOf
    from auditor.usecases.read_inputs import Loaded


@dataclass(frozen=True, slots=True)
class Coverage:
    """A population, held against the snapshots that can be judged."""

    population: PopulationFile | None
    as_of: AsOf | None
    excluded: frozenset[str]
    """Ids of the auditees that are not judged."""
    not_used: tuple[NotUsed, ...]
    """Their snapshots."""

    @classmethod
    def of(
        cls, population: PopulationFile | None, as_of: AsOf | None, loaded: Iterable[Loaded]
    ) -> Coverage:
        """
        Find out who is excluded.

        Args:
            population: None where nobody named one.
            as_of: None where no instant is settled, because nothing can be judged.
            loaded: The snapshots, one for each auditee.
        """
        if population is None or as_of is None:
            return cls(population, as_of, frozenset(), ())
        members = {member.id: member for member in population.covering(as_of.when, ()).excluded}
        not_used = tuple(
            NotUsed(
                one.name,
                f"{one.snapshot.auditee} is excluded: {_why(members[one.snapshot.auditee])}",
            )
            for one in loaded
            if one.snapshot.auditee in members
        )
        return cls(population, as_of, frozenset(members), not_used)

    def populated(self, results: Sequence[ResultDocument], lost: Sequence[str]) -> Population:
        """
        Say whom the run covered.

        Args:
            results: What was judged, the portfolio aside.
            lost: Inputs and auditees of which no snapshot could be used.
        """
        judged = [result.auditee for result in results]
        if self.population is None:
            return Population(len(judged) + len(lost), len(judged), tuple(lost))
        if self.as_of is None:
            # Nothing says on which day; whoever is listed was not audited on any.
            return self._without_instant(self.population)
        covering = self.population.covering(self.as_of.when, judged)
        return Population(
            in_scope=covering.in_scope,
            audited=len(covering.audited),
            missing=tuple(member.id for member in covering.missing),
            excluded=tuple(NotUsed(member.id, _why(member)) for member in covering.excluded),
            names=tuple((member.id, member.name) for member in self.population.members),
            not_listed=covering.not_listed,
        )

    def _without_instant(self, population: PopulationFile) -> Population:
        members = sorted(population.members, key=lambda member: member.id)
        missing = tuple(member.id for member in members if member.exclusion is None)
        return Population(
            in_scope=len(missing),
            audited=0,
            missing=missing,
            excluded=tuple(NotUsed(one.id, _why(one)) for one in members if one.exclusion),
            names=tuple((member.id, member.name) for member in population.members),
        )


def _why(member: Member) -> str:
    left = member.exclusion
    return f"{left.kind}, by {left.by} on {left.at}: {left.reason}" if left is not None else ""
