"""
How an explanation reads: the sentence, the clauses with the facts that decided them, what is missing, what to do.

The words are those of the reports (`auditor.reporters.wording`), so that a reader who comes from one finds
the same names here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.layout import wrap
from auditor.reporters.missing_facts import how_to_supply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.model.location import Location
    from auditor.model.verdict import ClauseVerdict, Fact
    from auditor.usecases.explain_verdict import Explained

_COLOURS: Final = {
    Outcome.ERROR: "1;35",
    Outcome.FAIL: "1;31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.PASS: "32",
}
_NAMES: Final = 10


def explanation(explained: Iterable[Explained], *, colour: bool) -> Iterator[str]:
    """
    Yield the lines of an explanation.

    One verdict is told in full. Of several, those that nobody has to act on get one line each.
    """
    every = list(explained)
    for number, one in enumerate(every):
        if number:
            yield ""
        if len(every) == 1 or one.verdict.outcome not in {Outcome.PASS, Outcome.NOT_APPLICABLE}:
            yield from _in_full(one, colour=colour)
        else:
            yield from _head(one, colour=colour)


def _head(one: Explained, *, colour: bool) -> Iterator[str]:
    outcome = one.verdict.outcome
    label = wording.words(outcome).upper()
    text = f"{label} {wording.auditee(one.result)}, {wording.subject(one.verdict)}"
    if one.verdict.subject == one.result.auditee:
        text = f"{label} {wording.auditee(one.result)}"
    first, *others = wrap(f"{text}: {wording.sentence(one.verdict.message)}", hang="  ")
    if colour and outcome in _COLOURS:
        first = f"\x1b[{_COLOURS[outcome]}m{label}\x1b[0m{first.removeprefix(label)}"
    yield first
    yield from others


def _in_full(one: Explained, *, colour: bool) -> Iterator[str]:
    policy, verdict = one.policy, one.verdict
    yield from _head(one, colour=colour)
    controls = f" ({', '.join(policy.controls)})" if policy.controls else ""
    yield from wrap(
        f"{policy.severity.value}, {policy.id}{controls}, {policy.location}", indent="  "
    )
    yield from wrap(_instants(one), indent="  ", hang="    ")
    if verdict.attested is not None:
        text = f"attested by {wording.voucher(verdict.attested)}"
        yield from wrap(text, indent="  ", hang="    ")
    if verdict.reason:
        yield from wrap(f"reason: {verdict.reason.replace('_', ' ')}", indent="  ")
    for name, value in policy.params:
        yield from wrap(f"{name} = {value}", indent="  ", hang="    ")
    for clause in verdict.clauses:
        yield ""
        yield from _clause(one, clause)
    told = {fact for clause in verdict.clauses for fact in clause.facts}
    rest = [fact for fact in verdict.facts if fact not in told]
    if rest:
        yield ""
        yield "  It rests on"
        yield from _facts(rest, one.places)
    if verdict.missing:
        yield ""
        yield "  Missing"
        yield from _missing(verdict.missing, one.places)
    yield ""
    yield from wrap(f"Why: {wording.sentence(policy.why)}", indent="  ", hang="    ")
    if verdict.owner:
        yield from wrap(f"To act: {verdict.owner}", indent="  ", hang="    ")
    if verdict.outcome in {Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE}:
        fix = wording.remedy(policy, verdict)
        yield from wrap(f"Fix: {fix}", indent="  ", hang="    ")


def _instants(one: Explained) -> str:
    result, verdict = one.result, one.verdict
    parts = [f"{result.snapshot_name}, judged at {wording.instant(result.judged_at)}"]
    if verdict.at:
        parts.append(f"about {wording.instant(verdict.at)}")
    if verdict.due_at:
        parts.append(f"due {wording.instant(verdict.due_at)}")
    if verdict.grade:
        parts.append(f"weakest evidence: {verdict.grade.value}")
    return ", ".join(parts)


def _clause(one: Explained, clause: ClauseVerdict) -> Iterator[str]:
    written = one.policy.clauses[clause.clause]
    number = f"{clause.clause + 1} of {len(one.policy.clauses)}"
    vacuous = ", about no element" if clause.vacuous else ""
    yield from wrap(
        f"Clause {number}: {wording.words(clause.outcome)}{vacuous} ({written.location})",
        indent="  ",
    )
    yield from wrap(written.that, indent="      ")
    if clause.outcome is not Outcome.PASS and clause.message != one.verdict.message:
        yield from wrap(wording.sentence(clause.message), indent="    ")
    if clause.failing:
        text = f"fails for: {wording.listed(clause.failing, _NAMES)}"
        yield from wrap(text, indent="    ", hang="      ")
    yield from _facts(clause.facts, one.places)


def _facts(facts: Iterable[Fact], places: Mapping[str, Location]) -> Iterator[str]:
    for fact in facts:
        yield from wrap(wording.fact_line(fact, places), indent="    - ", hang="      ")


def _missing(facts: Iterable[Fact], places: Mapping[str, Location]) -> Iterator[str]:
    for fact in facts:
        yield from wrap(wording.fact_line(fact, places), indent="    - ", hang="      ")
        yield from wrap(
            f"to supply: {how_to_supply(fact.reason or 'unobserved')}",
            indent="      ",
            hang="        ",
        )
