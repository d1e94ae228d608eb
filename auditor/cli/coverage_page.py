"""
How the coverage of a snapshot reads: what is needed, what is known, from where, and what to do about the rest.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from auditor.facts.gaps import EVERY, TRUNCATED
from auditor.reporters.layout import table, wrap
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.coverage import Coverage
    from auditor.usecases.show_coverage import NeededFact, ShownCoverage

_STATES: Final = {"known": "known", "part": "in part", "unknown": "not known", "none": "no record"}


def coverage_page(one: ShownCoverage) -> Iterator[str]:
    """Yield the lines about one snapshot."""
    taken = one.snapshot
    yield from wrap(f"{taken.name} ({taken.auditee}), {taken.target}, {one.name}")
    yield from wrap(_summary(one), indent="  ")
    if not one.facts:
        return
    yield ""
    rows = [_row(fact) for fact in one.facts]
    header = ("FACT", "STATE", "RECORDS", "FROM", "POLICIES")
    yield from table((header, *rows), indent="  ")
    yield from _missing(one)


def _summary(one: ShownCoverage) -> str:
    states = Counter(fact.coverage.state for fact in one.facts)
    told = ", ".join(
        f"{states[state]} {words}" for state, words in _STATES.items() if states[state]
    )
    if not one.policies:
        return f"no policy is about a {one.snapshot.target}"
    needed = f"{counted(one.policies, 'policy needs', 'policies need')} {counted(len(one.facts), 'fact')}"
    return f"{needed}: {told}" if told else needed


def _row(fact: NeededFact) -> tuple[str, str, str, str, str]:
    found = fact.coverage
    return (
        found.pattern,
        _STATES[found.state],
        _records(found),
        ", ".join(found.sources) or "-",
        str(len(fact.policies)),
    )


def _records(found: Coverage) -> str:
    missing = sum(way.count for way in found.unobserved if way.pattern == found.pattern)
    every = found.known + missing
    if not every:
        return "-"
    return f"{found.known} of {every}{' or more' if found.is_open else ''}"


def _missing(one: ShownCoverage) -> Iterator[str]:
    missing = [fact for fact in one.facts if fact.coverage.state in {"part", "unknown"}]
    if not missing:
        return
    yield ""
    yield "  What is missing, and how to supply it"
    groups: dict[str, dict[str, set[str]]] = {}
    for fact in missing:
        found = fact.coverage
        ways = [(way.reason, way.pattern) for way in found.unobserved]
        for reason, pattern in ways or [(TRUNCATED, found.pattern.rpartition(f"/{EVERY}/")[0])]:
            groups.setdefault(reason, {}).setdefault(pattern, set()).update(fact.policies)
    for reason, patterns in sorted(groups.items()):
        waiting = set().union(*patterns.values())
        text = f"{reason.replace('_', ' ')}: {', '.join(patterns)}"
        yield from wrap(text, indent="  - ", hang="    ")
        wait = counted(len(waiting), "policy waits", "policies wait")
        yield from wrap(f"{wait}; {how_to_supply(reason)}", indent="    ")
