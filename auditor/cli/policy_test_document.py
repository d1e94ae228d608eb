"""
The cases of policies as documents for programs: JSON, and JUnit XML for CI systems.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditor.cli.policy_test_page import failed_case
from auditor.cli.render import Paint, flatten
from auditor.model.result import verdict_tree
from auditor.reporters import wording
from auditor.reporters.junit_suites import CLOSING, Counts, Document, Names, Suite
from auditor.reporters.xml_text import attribute, label, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from junit_xml import TestCase

    from auditor.evaluation.cases import CaseResult, Unmet
    from auditor.language.cases import Expectation
    from auditor.model.errors import AuditorError
    from auditor.usecases.test_policies import TestedPolicy

NO_CASES = "the policy has no cases, so nobody knows whether it does what it should"


# ----- JSON


def policy_test_document(tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]) -> str:
    """Return what came of the cases as JSON. Source: docs/testing-policies.md."""
    results = [result for one in tested for result in one.results]
    tree = {
        "schema": {"name": "policy-test", "version": 1},
        "policies": [
            {
                "policy": one.policy,
                "cases_file": one.cases_file,
                "passed": one.passed,
                "cases": [_case_tree(result) for result in one.results],
            }
            for one in tested
        ],
        "errors": [_error_tree(error) for error in _every(tested, errors)],
        "totals": {
            "policies": len(tested),
            "cases": len(results),
            "passed": sum(result.passed for result in results),
        },
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _every(tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]) -> list[AuditorError]:
    return flatten([*errors, *(error for one in tested for error in one.errors)])


def _case_tree(result: CaseResult) -> dict[str, Any]:
    return {
        "name": result.case.name,
        "edge": result.case.edge,
        "location": str(result.case.location),
        "passed": result.passed,
        "unmet": [_unmet_tree(one) for one in result.unmet],
        "places": {pointer: str(place) for pointer, place in sorted(result.places.items())},
    }


def _unmet_tree(unmet: Unmet) -> dict[str, Any]:
    return {
        "expected": _expected_tree(unmet.expected) if unmet.expected is not None else None,
        "found": [verdict_tree(verdict) for verdict in unmet.found],
        "differences": list(unmet.differences),
    }


def _expected_tree(expected: Expectation) -> dict[str, Any]:
    return {
        "outcome": expected.outcome.value,
        "subject": expected.subject,
        "clause": expected.clause,
        "says": list(expected.says),
        "witness": list(expected.witness),
        "reason": expected.reason,
    }


def _error_tree(error: AuditorError) -> dict[str, Any]:
    return {
        "slug": error.slug,
        "message": error.message,
        "hint": error.hint,
        "location": str(error.location) if error.location is not None else None,
    }


# ----- JUnit


def policy_test_junit(
    tested: Sequence[TestedPolicy], errors: Sequence[AuditorError]
) -> Iterator[bytes]:
    """
    Yield what came of the cases as JUnit XML, a suite for each policy.

    What is wrong beside the cases stands in a suite of its own, and a policy without cases has one that says so:
    nobody may see green because there was nothing to see.
    """
    own = _every(tested, errors)
    results = [result for one in tested for result in one.results]
    bare = sum(not one.results for one in tested)
    failed = sum(not result.passed for result in results)
    document = Document()
    yield document.opening(
        "auditor policy test",
        Counts(passes=len(results) - failed, failures=failed, errors=bare + len(own)),
    )
    if own:
        head = Suite("auditor policy test", Counts(errors=len(own)), {})
        yield from document.suite(head, _error_cases(own))
    for one in tested:
        failed = sum(not result.passed for result in one.results)
        counts = Counts(len(one.results) - failed, failed, int(not one.results))
        head = Suite(label(one.policy), counts, {"cases": one.cases_file or "none"})
        yield from document.suite(head, _cases(one))
    yield CLOSING


def _error_cases(errors: Sequence[AuditorError]) -> Iterator[TestCase]:
    from junit_xml import TestCase  # noqa: PLC0415 - only runs that write JUnit pay for it

    names = Names()
    for error in errors:
        where = str(error.location) if error.location is not None else error.slug
        case = TestCase(names.unique(label(where)), classname="auditor.policy-test")
        lines = [line(wording.sentence(error.message))]
        if error.hint:
            lines.append(line(f"help: {error.hint}"))
        case.add_error_info(
            attribute(wording.sentence(error.message)), "\n".join(lines), attribute(error.slug)
        )
        yield case


def _cases(one: TestedPolicy) -> Iterator[TestCase]:
    from junit_xml import TestCase  # noqa: PLC0415 - only runs that write JUnit pay for it

    names, of = Names(), f"policies.{label(one.policy)}"
    if not one.results:
        case = TestCase("there are cases", classname=of)
        said = NO_CASES if one.cases_file is None else "none of its cases could be read"
        case.add_error_info(said, said, "no-cases")
        yield case
    for result in one.results:
        case = TestCase(names.unique(label(result.case.name)), classname=of)
        if not result.passed:
            text = "\n".join(failed_case(result, Paint(on=False)))
            case.add_failure_info(attribute("; ".join(result.differences)), text, "case")
        yield case
