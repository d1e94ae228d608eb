"""
How an explanation reads: the sentence, the clauses with what decided them, what would turn it, what to do.

The words are those of the reports (`auditor.reporters.wording`), so that a reader who comes from one finds
the same names here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.cli.render import Paint, source_line
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.foreign_text import flowing, inert
from auditor.reporters.layout import wrap
from auditor.reporters.missing_facts import how_to_supply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.model.explanation import Because, Step, Turn
    from auditor.model.location import Location
    from auditor.model.verdict import ClauseVerdict, Fact
    from auditor.usecases.explain_verdict import Explained

_COLOURS: Final = {
    Outcome.ERROR: "1;35",
    Outcome.FAIL: "1;31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.PASS: "32",
}
_MARKS: Final = {
    Came.TRUE: ("+", "32"),
    Came.FALSE: ("x", "31"),
    Came.UNKNOWN: ("?", "33"),
    Came.ERROR: ("!", "35"),
    Came.VALUE: ("=", "34"),
}
"""What stands in front of a step, and in which colour."""
_HEADING: Final = "1"
_NAMES: Final = 10
_WINDOW: Final = 80
"""Characters of a file's line that are shown: with its number they fit on the page."""
_DEEPEST: Final = 24
"""Levels that are indented; what lies deeper stands below each other, so that there is room for words."""


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
            why = one.verdict.because
            yield from _head(one, colour=colour)
            if why is not None:
                yield from wrap(why.sentence, indent="  ", hang="    ")


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
    paint = Paint(colour)
    if verdict.because is not None:
        yield ""
        yield from because_lines(verdict.because, one.places, paint)
    for clause in verdict.clauses:
        yield ""
        yield from _clause(one, clause, paint)
    yield from _excerpts(one, paint)
    yield from _turns(one, paint)
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


def _clause(one: Explained, clause: ClauseVerdict, paint: Paint) -> Iterator[str]:
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
    if clause.because is not None:
        yield from because_lines(clause.because, one.places, paint)
    if clause.facts:
        yield paint(_HEADING, "    Facts:") if clause.because is not None else "    Facts:"
    yield from _facts(clause.facts, one.places)


def because_lines(because: Because, places: Mapping[str, Location], paint: Paint) -> Iterator[str]:
    """Yield the sentence, then the steps below each other; *places* are those of facts, by pointer."""
    label = "    Because:"
    first, *others = wrap(f"{label.strip()} {because.sentence}", indent="    ", hang="      ")
    yield paint(_HEADING, label) + first.removeprefix(label)
    yield from others
    for step in because.steps:
        yield from _step(step, places, paint, 3)


def _step(step: Step, places: Mapping[str, Location], paint: Paint, depth: int) -> Iterator[str]:
    indent = "  " * min(depth, _DEEPEST)
    mark, colour = _MARKS[step.came]
    place = f" <{step.place}>" if step.place is not None else ""
    first, *others = wrap(f"{mark} {step.text}{place}", indent=indent, hang=f"{indent}  ")
    yield indent + paint(colour, mark) + first.removeprefix(indent + mark)
    yield from others
    where = "".join(f" <{places[pointer]}>" for pointer in step.facts[:1] if pointer in places)
    if step.says or where:
        yield from wrap(f"{step.says}{where}".strip(), indent=f"{indent}  ", hang=f"{indent}    ")
    for below in step.steps:
        yield from _step(below, places, paint, depth + 1)


def _excerpts(one: Explained, paint: Paint) -> Iterator[str]:
    """Show the lines of the files with the facts that decided."""
    for excerpt in one.excerpts:
        yield ""
        yield f"  {paint('34', '-->')} {flowing(str(excerpt.location))}"
        lines = source_line(excerpt.text, excerpt.location, paint, _WINDOW)
        yield from (f"  {inert(line)}" for line in lines)


def _turns(one: Explained, paint: Paint) -> Iterator[str]:
    """
    Say what would turn the verdict: each line would, for its clause.

    A clause that came to something else than the verdict is not told of: to turn it would turn nothing.
    Where several decided, each has to be turned; of a pass any one of them.
    """
    verdict = one.verdict
    verb = "decide" if verdict.outcome is Outcome.INCONCLUSIVE else "turn"
    decided = [clause for clause in verdict.clauses if clause.outcome is verdict.outcome]
    reasons = {clause.clause + 1: clause.because for clause in decided} or {0: verdict.because}
    ways = {number: because.turns for number, because in reasons.items() if because}
    if not any(ways.values()):
        return
    yield ""
    if verdict.outcome is Outcome.PASS or len(decided) <= 1:
        yield paint(_HEADING, f"  What would {verb} it")
        yield from turn_lines(way for turns in ways.values() for way in turns)
        return
    yield paint(_HEADING, f"  What would {verb} each clause; the verdict needs all {len(decided)}")
    for number, turns in ways.items():
        if turns:
            yield f"    Clause {number}"
            yield from turn_lines(turns)


def turn_lines(ways: Iterable[tuple[Turn, ...]]) -> Iterator[str]:
    """Yield what would turn something, a way for each line."""
    for way in dict.fromkeys(ways):
        text = "; and ".join(map(_turn, way))
        yield from wrap(text, indent="    - ", hang="      ")


def _turn(turn: Turn) -> str:
    return f"{turn.what}: {turn.wanted}"


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
