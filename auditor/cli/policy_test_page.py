"""
How the cases of policies read: a line for each policy, and of each case that is not as expected all of it.

What was expected stands above what came out, with the sentence that says why, the facts that it rests on and
where each is written; what is different comes last, as it is the line that is looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.cli.render import Paint
from auditor.reporters import wording
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.evaluation.cases import CaseResult, Unmet
    from auditor.language.cases import Expectation
    from auditor.model.verdict import Fact, Verdict
    from auditor.usecases.test_policies import TestedPolicy

_FACTS: Final = 12
_SUBJECTS: Final = 12
_RED: Final = "1;31"
_GREEN: Final = "32"
_BOLD: Final = "1"


def policy_test_page(
    tested: Sequence[TestedPolicy], *, verbose: bool, colour: bool
) -> Iterator[str]:
    """Yield the lines: each policy, and below it the cases that are not as expected."""
    paint = Paint(colour)
    for one in tested:
        if one.cases_file is None:
            yield f"{paint(_RED, 'NO CASES')} {one.policy}"
            continue
        passed = sum(result.passed for result in one.results)
        label = _label(paint, passed=one.passed)
        came = "" if one.passed else " as expected"
        yield f"{label} {one.policy}: {passed} of {counted(len(one.results), 'case')}{came}"
        for result in one.results:
            if not result.passed:
                yield from failed_case(result, paint)
            elif verbose:
                yield from _headed(result.case.name, paint, passed=True)


def summary(tested: Sequence[TestedPolicy]) -> str:
    """Say in one line what came of it."""
    cases = [result for one in tested for result in one.results]
    failed = sum(not result.passed for result in cases)
    without = sum(one.cases_file is None for one in tested)
    return (
        f"{counted(len(tested), 'policy', 'policies')}, {counted(len(cases), 'case')},"
        f" {failed} not as expected" + (f", {without} without cases" if without else "")
    )


def failed_case(result: CaseResult, paint: Paint) -> Iterator[str]:
    """Yield the lines of a case that is not as expected."""
    yield from _headed(result.case.name, paint, passed=False)
    yield from wrap(f"at {result.case.location}", indent="    ")
    for unmet in result.unmet:
        if unmet.expected is None:
            yield from _listed("", unmet.differences)
            continue
        yield from _labelled("Expected", _expected(unmet.expected))
        yield from _came(unmet, result)
        yield from _listed("Difference", unmet.differences)


def _label(paint: Paint, *, passed: bool) -> str:
    return paint(_GREEN, "ok") if passed else paint(_RED, "FAILED")


def _headed(name: str, paint: Paint, *, passed: bool) -> Iterator[str]:
    label = "ok" if passed else "FAILED"
    first, *others = wrap(f"{label} {name}", indent="  ", hang="    ")
    yield f"  {_label(paint, passed=passed)}{first.removeprefix(f'  {label}')}"
    yield from others


def _labelled(label: str, text: str) -> Iterator[str]:
    yield from wrap(f"{label}: {text}", indent="    ", hang="      ")


def _listed(label: str, texts: Sequence[str]) -> Iterator[str]:
    if label:
        yield f"    {label}:"
    for text in texts:
        yield from wrap(text, indent="      - ", hang="        ")


def _expected(expected: Expectation) -> str:
    text = wording.words(expected.outcome)
    if expected.subject is not None:
        text += f" for '{expected.subject}'"
    if expected.clause is not None:
        text += f", clause {expected.clause} too"
    if expected.reason is not None:
        text += f", with the reason '{expected.reason}'"
    if expected.says:
        quoted = " and ".join(f"'{word}'" for word in expected.says)
        text += f", with {quoted} in the message"
    if expected.witness:
        text += f", resting on {' and '.join(expected.witness)}"
    return text


def _came(unmet: Unmet, result: CaseResult) -> Iterator[str]:
    if len(unmet.found) == 1:
        yield from _verdict(unmet.found[0], result)
        return
    if not unmet.found:
        yield from _labelled("Got", "no verdict: the policy judges nothing in this snapshot")
        return
    yield from _labelled("Got", counted(len(unmet.found), "verdict"))
    texts = [f"{_came_to(one)}: {wording.sentence(one.message)}" for one in unmet.found]
    more = len(texts) - _SUBJECTS
    yield from _listed("", [*texts[:_SUBJECTS], *([f"and {more} more"] if more > 0 else [])])


def _came_to(verdict: Verdict) -> str:
    called = (
        "" if verdict.subject_name in {"", verdict.subject} else f" ({wording.subject(verdict)})"
    )
    reason = f", reason '{verdict.reason}'" if verdict.reason else ""
    return f"{wording.words(verdict.outcome)} for '{verdict.subject}'{called}{reason}"


def _verdict(verdict: Verdict, result: CaseResult) -> Iterator[str]:
    yield from _labelled("Got", f"{_came_to(verdict)}: {wording.sentence(verdict.message)}")
    if len(verdict.clauses) > 1:
        each = (f"{one.clause} {wording.words(one.outcome)}" for one in verdict.clauses)
        yield from _labelled("Clauses", ", ".join(each))
    for sentence in _reasons(verdict):
        yield from _labelled("Because", sentence)
    facts = [fact for fact in verdict.facts if fact not in verdict.missing]
    yield from _facts("It rests on", facts, result)
    yield from _facts("Missing", verdict.missing, result)


def _reasons(verdict: Verdict) -> list[str]:
    """Return why the verdict is what it is, as it says it itself."""
    every = [verdict.because, *(one.because for one in wording.deciding_clauses(verdict))]
    return list(dict.fromkeys(one.sentence for one in every if one is not None))


def _facts(label: str, facts: Sequence[Fact], result: CaseResult) -> Iterator[str]:
    if facts:
        texts = [wording.fact_line(fact, result.places) for fact in facts[:_FACTS]]
        more = len(facts) - _FACTS
        yield from _listed(label, [*texts, *([f"and {more} more"] if more > 0 else [])])
