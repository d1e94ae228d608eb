"""
The traceability matrix as a page: control, rule, policies, cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.model.outcome import Outcome
from auditor.reporters.foreign_text import flowing
from auditor.reporters.html_page import html_page
from auditor.reporters.wording import counted, words
from auditor.usecases.cover_controls import expected_by

if TYPE_CHECKING:
    from auditor.usecases.cover_controls import (
        ControlCoverage,
        CoveredControl,
        CoveringPolicy,
        FrameworkCoverage,
    )


def control_coverage_html(coverage: ControlCoverage) -> str:
    """
    Return the page.

    Raises:
        UsageProblem: What writes it is not installed.
    """
    frameworks = [_framework(one) for one in coverage.frameworks]
    return html_page("traceability.html.j2", frameworks=frameworks)


def _framework(one: FrameworkCoverage) -> dict[str, Any]:
    edges = [count for control in one.controls for _, count in control.edges]
    total = len(one.controls)
    return {
        "name": one.catalogue.framework,
        "version": one.catalogue.version,
        "date": one.catalogue.date,
        "covered": one.covered,
        "percent": f" ({one.covered * 100 // total} %)" if total else "",
        "edges": len(edges),
        "edges_tried": sum(bool(count) for count in edges),
        "controls": [_control(control) for control in one.controls],
    }


def _control(one: CoveredControl) -> dict[str, Any]:
    control = one.control
    names = [policy.policy.id for policy in one.policies]
    said = (control.id, control.area, control.stage or "", control.rule, *control.edges, *names)
    return {
        "id": control.id,
        "area": control.area,
        "stage": control.stage,
        "target": control.target,
        "decided": control.decided.value,
        "rule": control.rule,
        "house_rule": control.house_rule,
        "policies": [_policy(policy) for policy in one.policies],
        "edges": [(edge, count, _tried(count)) for edge, count in one.edges],
        "words": " ".join(said).lower(),
        "state": " ".join(_states(one)),
    }


def _tried(count: int) -> str:
    return counted(count, "case") if count else "no case"


def _states(one: CoveredControl) -> list[str]:
    """Return by what a control can be found."""
    found = ["with" if one.policies else "without"]
    if any(not policy.cases for policy in one.policies):
        found.append("untested")
    if any(not count for _, count in one.edges):
        found.append("edge")
    return found


def _policy(one: CoveringPolicy) -> dict[str, Any]:
    return {
        "id": one.policy.id,
        "severity": one.policy.severity.value,
        "counted": counted(one.cases, "case"),
        "counts": [(words(each), one.outcomes[each]) for each in Outcome],
        "cases": [
            {
                "name": flowing(case.name),
                "edge": case.edge and flowing(case.edge),
                "expects": [words(each) for each in expected_by(case)],
            }
            for case in one.listed
        ],
    }
