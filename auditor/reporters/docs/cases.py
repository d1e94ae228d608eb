"""
Cases as examples: what is different from the first snapshot, and what the policy said when it was run on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Bullets,
    Card,
    Code,
    Fold,
    Line,
    Listing,
    Note,
    Paragraph,
    Section,
    Strong,
    Tone,
    prose,
)
from auditor.reporters.docs.places import anchor
from auditor.reporters.wording import counted, sentence, words

if TYPE_CHECKING:
    from auditor.language.cases import Case
    from auditor.model.verdict import Verdict
    from auditor.reporters.docs.material import ShownCase, ShownPolicy

TONES: Final[dict[Outcome, Tone]] = {
    Outcome.PASS: "good",
    Outcome.FAIL: "bad",
    Outcome.ERROR: "bad",
    Outcome.INCONCLUSIVE: "open",
    Outcome.NOT_APPLICABLE: "quiet",
}
_GROUPS: Final = (
    ("Examples that pass", "examples-pass", (Outcome.PASS,)),
    ("Examples that fail", "examples-fail", (Outcome.FAIL,)),
    (
        "Examples that cannot be decided",
        "examples-undecided",
        (Outcome.INCONCLUSIVE, Outcome.ERROR),
    ),
    ("Examples that do not apply", "examples-not-applicable", (Outcome.NOT_APPLICABLE,)),
)
_SHOWN: Final = 3
"""So many examples of a kind are in sight at once."""


def outcome_badge(outcome: Outcome) -> Badge:
    """Return the mark of an outcome."""
    return Badge(words(outcome), TONES[outcome])


def examples(shown: ShownPolicy) -> Section:
    """Return the cases of a policy, by what came out."""
    blocks: list[Block] = []
    if shown.cases_file is None:
        blocks.append(Note(("This policy has no cases: nobody has tried it.",)))
    else:
        blocks.append(
            Paragraph(
                (
                    "Each example is a case of ",
                    Code(shown.cases_file),
                    (
                        ". It starts from one snapshot and changes something in it; what the policy said is what it"
                        " says when it is run on that, as the policy is written, without what a profile changes."
                    ),
                )
            )
        )
    blocks += [Note(prose(problem), "bad") for problem in shown.case_problems]
    if shown.base:
        blocks.append(Fold("The snapshot that the examples start from", (Listing((shown.base,)),)))
    empty = [one for one in shown.cases if not one.result.case.expect]
    for heading, place, outcomes in _GROUPS:
        cards = [
            _card(number, one)
            for number, one in enumerate(shown.cases)
            if outcome_of(one) in outcomes
        ]
        blocks.append(Section(heading, place, _in_sight(cards)))
    unjudged = [
        _card(number, one)
        for number, one in enumerate(shown.cases)
        if one.result.case.expect and outcome_of(one) is None
    ]
    if unjudged:
        said = "A case that cannot be run, or that speaks of something the policy does not judge, shows nothing of it."
        blocks.append(
            Section(
                "Examples without a verdict",
                "examples-without-verdict",
                (Paragraph((said,)), *_in_sight(unjudged)),
            )
        )
    if empty:
        lines: list[Line] = [(one.result.case.name,) for one in empty]
        blocks.append(
            Section(
                "Examples that nobody has decided",
                "examples-empty",
                (
                    Paragraph(("It is not said yet what must come out.",)),
                    Bullets.of(lines),
                ),
            )
        )
    return Section("Examples", "examples", tuple(blocks))


def _in_sight(cards: list[Card]) -> tuple[Block, ...]:
    if not cards:
        return (Paragraph(("None.",)),)
    first, more = cards[:_SHOWN], cards[_SHOWN:]
    if not more:
        return tuple(first)
    return (*first, Fold(f"{counted(len(more), 'more example')}", tuple(more)))


def case_place(number: int) -> str:
    """Return the place of a case on the page of its policy."""
    return anchor("case", str(number + 1))


def _verdicts(case: Case, verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """Return the verdicts that a case speaks of."""
    meant = {expected.subject for expected in case.expect}
    return [one for one in verdicts if None in meant or one.subject in meant]


def outcome_of(one: ShownCase) -> Outcome | None:
    """
    Return what the first verdict came to that a case speaks of.

    Returns:
        None where it does not expect anything yet, cannot be run, or speaks of what is not judged.
    """
    case = one.result.case
    if not case.expect:
        return None
    first = case.expect[0].subject
    found = (each.outcome for each in one.result.verdicts if first in {None, each.subject})
    return next(found, None)


def _card(number: int, one: ShownCase) -> Card:
    case = one.result.case
    blocks: list[Block] = []
    if not one.result.passed:
        blocks.append(Note((Strong("This is not what the case expects."),), "bad"))
        blocks.append(Bullets.of([(text,) for text in one.result.differences]))
    for verdict in _verdicts(case, one.result.verdicts):
        subject = f"{verdict.subject_name or verdict.subject}: "
        blocks.append(
            Paragraph(
                (outcome_badge(verdict.outcome), " ", Strong(subject), sentence(verdict.message))
            )
        )
    blocks += _differences(one)
    title: Line = (case.name,)
    if case.edge is not None and case.edge != case.name:
        title = (*title, " ", Badge(f"edge: {case.edge}"))
    return Card(title, tuple(blocks), case_place(number), TONES[outcome_of(one) or Outcome.ERROR])


def _differences(one: ShownCase) -> list[Block]:
    case = one.result.case
    lines: list[Line] = [(Code(pointer), " is ", Code(value)) for pointer, value in one.changes]
    lines += [(Code(pointer), " is not recorded") for pointer in case.removals]
    if case.as_of is not None:
        lines.append(("judged as of ", Code(case.as_of)))
    if case.period is not None:
        lines.append(("the period is ", Code(case.period[0]), " to ", Code(case.period[1])))
    lines += [
        ("with the parameter ", Code(name), " at ", Code(value)) for name, value in one.params
    ]
    if one.attestations:
        lines.append(("with these attestations: ", Code(one.attestations)))
    if not lines:
        return [Paragraph(("What is different: nothing.",))]
    return [Paragraph(("What is different:",)), Bullets.of(lines)]
