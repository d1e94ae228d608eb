"""
How the coverage of controls reads: as pages of text, or as a document for programs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditor.model.outcome import Outcome
from auditor.reporters.layout import table, wrap
from auditor.reporters.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.cover_controls import (
        ControlCoverage,
        CoveredControl,
        CoveringPolicy,
        FrameworkCoverage,
    )

_COUNTED = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE)
"""What a case can expect of a policy that does not break."""


def control_coverage_page(coverage: ControlCoverage, *, verbose: bool) -> Iterator[str]:
    """
    Yield the lines, framework by framework.

    Args:
        coverage: What to show.
        verbose: Whether to add each rule, and the edges that no case tries.
    """
    for framework in coverage.frameworks:
        yield from _framework(framework, verbose=verbose)
        yield ""
    total = sum(len(one.controls) for one in coverage.frameworks)
    if len(coverage.frameworks) > 1:
        yield _share("all", sum(one.covered for one in coverage.frameworks), total)


def _framework(framework: FrameworkCoverage, *, verbose: bool) -> Iterator[str]:
    catalogue = framework.catalogue
    yield from wrap(
        f"{_share(catalogue.framework, framework.covered, len(framework.controls))};"
        f" version {catalogue.version} of {catalogue.date}"
    )
    covered = [one for one in framework.controls if one.policies]
    head, *rows = table([_HEAD, *map(_row, covered)], indent="  ")
    if covered:
        yield head
    for one, row in zip(covered, rows, strict=True):
        yield row
        if verbose:
            yield from _about(one)
    left = [one for one in framework.controls if not one.policies]
    if left and not verbose:
        ids = ", ".join(one.control.id for one in left)
        yield from wrap(f"no policy: {ids}", indent="  ", hang="    ")
    elif left:
        yield "  no policy:"
        for one in left:
            yield f"    {one.control.id}"
            yield from _about(one)


_HEAD = ("control", "cases", *map(words, _COUNTED), "edges", "policies")


def _row(one: CoveredControl) -> tuple[str, ...]:
    tried = sum(bool(count) for _, count in one.edges)
    return (
        one.control.id,
        str(one.cases),
        *(str(one.outcomes[outcome]) for outcome in _COUNTED),
        f"{tried} of {len(one.edges)}" if one.edges else "-",
        ", ".join(policy.policy.id for policy in one.policies),
    )


def _about(one: CoveredControl) -> Iterator[str]:
    yield from wrap(one.control.rule, indent="      ")
    for edge, count in one.edges:
        if one.policies and not count:
            yield from wrap(f"no case for the edge: {edge}", indent="      ")


def _share(name: str, covered: int, total: int) -> str:
    return f"{name}: {covered} of {total} controls have a policy ({covered * 100 // total} %)"


def shortfall(framework: FrameworkCoverage, percent: int) -> str:
    """Say that too few controls of a framework have a policy."""
    share = _share(framework.catalogue.framework, framework.covered, len(framework.controls))
    return f"{share}, and {percent} % are asked for"


def control_coverage_document(coverage: ControlCoverage) -> str:
    """Return the coverage as JSON. Source: docs/catalogues.md."""
    tree = {
        "schema": {"name": "control-coverage", "version": 1},
        "frameworks": [
            {
                "framework": one.catalogue.framework,
                "pack": one.catalogue.pack,
                "version": one.catalogue.version,
                "date": one.catalogue.date,
                "total": len(one.controls),
                "covered": one.covered,
                "controls": [_control(control) for control in one.controls],
            }
            for one in coverage.frameworks
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _control(one: CoveredControl) -> dict[str, Any]:
    control = one.control
    return {
        "id": control.id,
        "area": control.area,
        "stage": control.stage,
        "target": control.target,
        "decided": control.decided.value,
        "attested_by": list(control.attested_by),
        "valid_for": control.valid_for,
        "rule": control.rule,
        "house_rule": control.house_rule,
        "parameters": {
            name: value if isinstance(value, str) else list(value)
            for name, value in control.parameters
        },
        "edges": [{"edge": edge, "cases": count} for edge, count in one.edges],
        "policies": [_policy(policy) for policy in one.policies],
    }


def _policy(one: CoveringPolicy) -> dict[str, Any]:
    return {
        "id": one.policy.id,
        "pack": one.policy.pack,
        "severity": one.policy.severity.value,
        "cases": one.cases,
        "expected": {outcome.value: one.outcomes[outcome] for outcome in Outcome},
    }
