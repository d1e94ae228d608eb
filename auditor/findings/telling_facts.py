"""
Which of its facts say most about a verdict, and which ones a report gives a place.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.model.excerpt import Excerpt
    from auditor.model.explanation import Because, Step
    from auditor.model.location import Location
    from auditor.model.run import Places
    from auditor.model.verdict import Verdict

MOST_LINES: Final = 3
"""Lines of source files that are shown of one verdict: those without which it would not be what it is."""


def telling(verdict: Verdict) -> Iterator[str]:
    """Yield the facts that would turn a verdict, then those of the steps that rest on nothing else; some twice."""
    decided = (clause for clause in verdict.clauses if clause.outcome is verdict.outcome)
    reasons = [verdict.because, *(clause.because for clause in decided)]
    every = [because for because in reasons if because is not None]
    for because in every:
        yield from (turn.pointer for way in because.turns for turn in way if turn.pointer)
    for because in every:
        yield from _of_leaves(because)


def facts_to_show(verdict: Verdict) -> tuple[str, ...]:
    """Return the facts whose lines a report shows: the telling ones, then whatever decided, then what is missing."""
    facts = (fact.pointer for fact in (*verdict.facts, *verdict.missing))
    # Some of them have no place: as many again may stand in for those.
    return tuple(islice(dict.fromkeys([*telling(verdict), *facts]), 2 * MOST_LINES))


def facts_to_place(verdict: Verdict) -> tuple[str, ...]:
    """Return the pointers of all facts of a verdict that a report gives a place, each once."""
    facts = (fact.pointer for fact in (*verdict.facts, *verdict.missing))
    return tuple(dict.fromkeys([*facts, *facts_to_show(verdict)]))


def _of_leaves(because: Because) -> Iterable[str]:
    steps: Iterator[Step] = (one for step in because.steps for one in step.walk())
    return (step.facts[0] for step in steps if step.facts and not step.steps)


def excerpts(
    verdict: Verdict, located: Mapping[str, Location], places: Places
) -> tuple[Excerpt, ...]:
    """
    Return the lines of its files that say most about a verdict, the values marked.

    Args:
        verdict: What they are shown for.
        located: Where its facts are, as `Places.locate` gave it.
        places: Of the run.
    """
    found: dict[tuple[str, int], Excerpt] = {}
    for pointer in facts_to_show(verdict):
        place = located.get(pointer)
        excerpt = places.excerpt(place) if place is not None else None
        if excerpt is not None:
            found.setdefault((excerpt.location.path, excerpt.location.line), excerpt)
        if len(found) == MOST_LINES:
            break
    return tuple(found.values())
