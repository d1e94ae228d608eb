"""
How that reads which cases tried of policies: as a page of text, or as a document for programs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditor.cli.render import Paint, source_line
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome
from auditor.reporters.foreign_text import flowing, inert
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted, words
from auditor.usecases.cover_cases import NOTHING_THERE, CoveredPolicy, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.model.location import Location
    from auditor.usecases.cover_cases import (
        CaseCoverage,
        CoveredClause,
        CoveredPart,
        CoveredWords,
    )

WAYS = {
    NOTHING_THERE: "nothing there",
    "not_due": "not due yet",
    "out_of_period": "outside of its time",
}
"""Of what led to verdicts beside the demands, how it is called."""
_COUNTED = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE)


def case_coverage_page(
    coverage: CaseCoverage, *, branches: int, clauses: int, verbose: bool, colour: bool
) -> Iterator[str]:
    """
    Yield the lines, policy by policy, then the words that they share, then all together.

    Args:
        coverage: What to show.
        branches: Of a policy of which fewer branches of a hundred were tried, each that was not is shown.
        clauses: The same of its clauses.
        verbose: Whether to show them of every policy, and what its cases came to.
        colour: Whether places and carets are coloured.
    """
    paint = Paint(colour)
    for policy in coverage.policies:
        yield inert(f"{policy.policy.id}: {_clauses(policy)}, {shown_branches(policy)}")
        if verbose:
            yield from wrap(came_of(policy), indent="  ", hang="    ")
        is_short = not policy.clause_share.reaches(clauses)
        if verbose or is_short:
            yield from _open_clauses(policy, paint)
        if verbose or not policy.branches.reaches(branches):
            yield from _open_parts(policy.parts, paint)
    for pack in coverage.words:
        yield inert(f"words of {flowing(pack.path)}: {shown_branches(pack)}")
        if verbose or not pack.branches.reaches(branches):
            yield from _open_parts(pack.parts, paint)
    if len(coverage.policies) > 1:
        yield _total(coverage)


def _total(coverage: CaseCoverage) -> str:
    none = Share(0, 0)
    tried = sum((one.clause_share for one in coverage.policies), none)
    answers = sum((one.branches for one in coverage.files), none)
    of_words = " and their words" if coverage.words else ""
    policies = counted(len(coverage.policies), "policy", "policies")
    return f"{policies}{of_words}: clauses {tried.tried} of {tried.total}, {_share(answers)}"


def _clauses(policy: CoveredPolicy) -> str:
    share = policy.clause_share
    return f"clauses {share.tried} of {share.total}"


def shown_branches(one: CoveredPolicy | CoveredWords) -> str:
    """Return how many branches of something were tried, with the share of a hundred, rounded down."""
    return _share(one.branches)


def _share(share: Share) -> str:
    if not share.total:
        return "no branches"
    return f"branches {share.tried} of {share.total} ({share.tried * 100 // share.total} %)"


def came_of(policy: CoveredPolicy) -> str:
    """Say in one line what the cases came to; an outcome that is missing is told as well."""
    outcomes = [f"{words(one)} {policy.outcomes.get(one, 0)}" for one in _COUNTED]
    if policy.outcomes.get(Outcome.ERROR):
        outcomes.append(f"{words(Outcome.ERROR)} {policy.outcomes[Outcome.ERROR]}")
    ways = [f"{WAYS[way]} {count}" for way, count in ways_of(policy)]
    verdicts = counted(sum(policy.outcomes.values()), "verdict")
    told = f"{counted(policy.cases, 'case')}, {verdicts}: {', '.join(outcomes)}"
    return f"{told}; {', '.join(ways)}" if ways else told


def ways_of(policy: CoveredPolicy) -> list[tuple[str, int]]:
    """Return what led to verdicts beside the demands, where the policy says something of it or it happened."""
    said = policy.says_of
    return [(way, policy.ways.get(way, 0)) for way in WAYS if way in said or policy.ways.get(way)]


# ----- what no case tried


def _open_clauses(policy: CoveredPolicy, paint: Paint) -> Iterator[str]:
    for index, clause in enumerate(policy.clauses):
        if not clause.is_covered:
            yield from wrap(
                f"clause {index} {missed_of(clause)}: {clause.clause.that}",
                indent="  ",
                hang="    ",
            )
            yield f"    {paint('34', '-->')} {flowing(str(clause.clause.location))}"


def missed_of(clause: CoveredClause) -> str:
    """Say what a clause never was."""
    counts = (("was never met", clause.passes), ("never failed", clause.fails))
    return " and ".join(said for said, count in counts if not count)


def _open_parts(parts: Sequence[CoveredPart], paint: Paint) -> Iterator[str]:
    for one, inside in outermost(parts):
        more = f", nor the {counted(inside, 'condition')} in it" if inside else ""
        yield from wrap(f"{said_of(one)}{more}: {one.part.text}", indent="  ", hang="    ")
        yield f"    {paint('34', '-->')} {flowing(str(one.part.location))}"
        for line in source_line(one.part.excerpt, one.part.location, paint):
            yield inert(f"   {line}")


def outermost(parts: Sequence[CoveredPart]) -> Iterator[tuple[CoveredPart, int]]:
    """
    Yield the parts with an answer that no case led to; of those in one that was never asked only their number.

    Args:
        parts: In the order in which they are written, what holds another one first.
    """
    position = 0
    while position < len(parts):
        one = parts[position]
        position += 1
        if not one.missing:
            continue
        first = position
        if not one.came:
            while position < len(parts) and _is_in(parts[position], one):
                position += 1
        yield one, position - first


def _is_in(part: CoveredPart, whole: CoveredPart) -> bool:
    return part.part.key[0] == whole.part.key[0] and _spot(part.part.last) <= _spot(whole.part.last)


def _spot(place: Location) -> tuple[int, int]:
    return place.line, place.column


def said_of(one: CoveredPart) -> str:
    """Say which answers of a condition were never seen."""
    if not one.came:
        return "never asked"
    missing = " and ".join(f"never {answer.value}" for answer in one.missing)
    if one.came & {Came.TRUE, Came.FALSE}:
        return missing
    return f"{missing} (only {'unknown' if Came.UNKNOWN in one.came else 'an error'})"


# ----- the gates


def shortfalls(coverage: CaseCoverage, *, branches: int, clauses: int) -> Iterator[str]:
    """Yield what fell short of what is asked for, and which cases say nothing because they fail themselves."""
    for clause_short in coverage.short_of_clauses(clauses):
        name = clause_short.policy.id
        share = _clauses(clause_short) if clause_short.clauses else "no case tries it"
        yield f"{name}: {share}, and {clauses} % are asked for"
    for short in coverage.short_of_branches(branches):
        answers = shown_branches(short) if short.branches.total else "no case tries it"
        yield f"{name_of(short)}: {answers}, and {branches} % are asked for"
    for policy in coverage.policies:
        if policy.unexpected:
            failed = counted(len(policy.unexpected), "case")
            yield (
                f"{policy.policy.id}: {failed} did not come out as expected;"
                f" `auditor policy test {policy.policy.id}`, with the same options, tells which"
            )


def name_of(one: CoveredPolicy | CoveredWords) -> str:
    """Return what a policy, or a file of words, is called."""
    return one.policy.id if isinstance(one, CoveredPolicy) else f"words of {one.path}"


# ----- for programs


def case_coverage_document(coverage: CaseCoverage) -> str:
    """Return the coverage as JSON. Source: docs/coverage.md."""
    tree = {
        "schema": {"name": "case-coverage", "version": 1},
        "policies": [_policy(one) for one in coverage.policies],
        "words": [
            {"path": one.path, "branches": _counts(one.branches), "conditions": _parts(one.parts)}
            for one in coverage.words
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _policy(one: CoveredPolicy) -> dict[str, Any]:
    return {
        "id": one.policy.id,
        "path": one.policy.location.path,
        "cases": one.cases,
        "unexpected": list(one.unexpected),
        "outcomes": {outcome.value: one.outcomes.get(outcome, 0) for outcome in Outcome},
        "ways": {way: one.ways.get(way, 0) for way in WAYS},
        "clauses": {
            **_counts(one.clause_share),
            "listed": [
                {
                    "clause": index,
                    "that": clause.clause.that,
                    "line": clause.clause.location.line,
                    "column": clause.clause.location.column,
                    "passes": clause.passes,
                    "fails": clause.fails,
                }
                for index, clause in enumerate(one.clauses)
            ],
        },
        "branches": _counts(one.branches),
        "conditions": _parts(one.parts),
    }


def _counts(share: Share) -> dict[str, int]:
    return {"tried": share.tried, "total": share.total}


def _parts(parts: Sequence[CoveredPart]) -> list[dict[str, Any]]:
    return [
        {
            "place": one.part.key[0],
            "text": one.part.text,
            "line": one.part.location.line,
            "column": one.part.location.column,
            "end_line": one.part.last.line,
            "end_column": one.part.last.column + 1,
            "answers": [answer.value for answer in one.answers],
            "seen": [came.value for came in Came if came in one.came],
            "missing": [answer.value for answer in one.missing],
        }
        for one in parts
    ]
