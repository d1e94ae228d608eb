"""What the cases of a policy leave untried is told, and what they try is not asked for twice."""

from __future__ import annotations

import pytest

from auditor.language.cases import parse_cases
from auditor.language.catalogue import parse_catalogue
from auditor.language.lint_cases import CasesOfPolicy, case_warnings
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import parse_policy

POLICY = """\
id: ID
title: T
why: W
controls: [HOUSE-A-01]
severity: low
fix: F
require: [{that: project.id == 'x', say: x}]
"""
CATALOGUE = b"""\
framework: house
version: 1
date: 2026-01-01
controls:
  - id: HOUSE-A-01
    area: A
    target: project
    decided: automatically
    rule: R
    edges: [two places, no place]
"""
ALL = """\
  - {name: a, expect: {outcome: pass}}
  - {name: b, edge: two places, expect: {outcome: fail}}
  - {name: c, edge: no place, expect: [{outcome: not_applicable}]}
"""


def cases_of(name: str, cases: str | None, *, is_readable: bool = True) -> CasesOfPolicy:
    """Return a policy with its cases; None for no file of cases."""
    draft = parse_policy(
        PolicyText(f"home/{name}.yaml", "home", POLICY.replace("ID", name).encode())
    )
    if cases is None:
        return CasesOfPolicy(draft, None, None)
    shown = f"home/{name}.cases.yaml"
    text = f"policy: {name}\nbase: {{}}\ncases:\n{cases}"
    return CasesOfPolicy(
        draft, shown, parse_cases(text.encode(), path=shown) if is_readable else None
    )


def said(*policies: CasesOfPolicy) -> list[tuple[str, str, str]]:
    """Return slug, place and message of what is said."""
    catalogue = parse_catalogue(PolicyText("home/catalogue.yaml", "home", CATALOGUE))
    controls = {control.id: control for control in catalogue.controls}
    return [
        (doubt.slug.removeprefix("policy-"), str(doubt.location), doubt.message)
        for doubt in case_warnings(policies, controls)
    ]


def test_cases_of_all_kinds_and_edges_leave_nothing_to_say() -> None:
    """A pass, a fail, something that is neither, and each edge."""
    assert said(cases_of("one", ALL)) == []


def test_a_policy_without_cases_is_told() -> None:
    """Once: which edges it leaves untried follows from it."""
    assert said(cases_of("one", None)) == [
        ("no-cases", "home/one.yaml:1:1", "no case shows what 'one' decides")
    ]


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        pytest.param(
            ALL.replace("{outcome: pass}", "{outcome: fail}"), "no case expects `pass`", id="no-pass"
        ),
        pytest.param(
            ALL.replace("{outcome: fail}", "{outcome: pass}"), "no case expects `fail`", id="no-fail"
        ),
        pytest.param(
            ALL.replace("not_applicable", "error"),
            "no case expects `inconclusive` or `not_applicable`",
            id="nothing-between",
        ),
        pytest.param(
            ALL.replace("fail", "pass").replace("not_applicable", "pass"),
            "no case expects `fail`, and none `inconclusive` or `not_applicable`",
            id="nothing-but-a-pass",
        ),
    ],
)  # fmt: skip
def test_an_outcome_that_no_case_expects_is_told(cases: str, message: str) -> None:
    """In one sentence, however many there are."""
    assert said(cases_of("one", cases)) == [("untried-outcome", "home/one.cases.yaml:1:1", message)]


def test_a_case_that_is_still_to_be_filled_is_told() -> None:
    """Its edge is not asked for as well: there is a case for it."""
    cases = ALL.replace("edge: no place, ", "") + "  - {name: d, edge: no place}\n"

    assert said(cases_of("one", cases)) == [
        ("empty-case", "home/one.cases.yaml:7:5", "the case 'd' expects nothing yet")
    ]


def test_an_edge_that_no_case_tries_is_told() -> None:
    """Where the policy names the control."""
    cases = ALL.replace("edge: two places, ", "").replace("edge: no place, ", "")

    assert said(cases_of("one", cases)) == [
        (
            "untried-edge",
            "home/one.yaml:4:12",
            "HOUSE-A-01 has edges that its cases do not try: 'two places'; 'no place'",
        )
    ]


def test_an_edge_that_is_misspelt_is_pointed_at() -> None:
    """The case is there; only its words are others."""
    one = cases_of("one", ALL.replace("edge: two places", "edge: two place"))
    catalogue = parse_catalogue(PolicyText("home/catalogue.yaml", "home", CATALOGUE))

    (doubt,) = case_warnings([one], {control.id: control for control in catalogue.controls})

    assert doubt.hint == "a case says `edge: two place`; write it as the catalogue does"


def test_an_edge_need_be_tried_by_one_policy_only() -> None:
    """Several policies may decide one control, each a part of it."""
    first = cases_of("one", ALL.replace("edge: two places, ", ""))
    second = cases_of("two", ALL.replace("edge: no place, ", ""))

    assert said(first, second) == []
    assert said(second, cases_of("three", ALL.replace("edge: no place, ", ""))) == [
        (
            "untried-edge",
            "home/three.yaml:4:12",
            "HOUSE-A-01 has edges that the cases of its policies do not try: 'no place'",
        )
    ]


def test_of_cases_that_cannot_be_read_nothing_is_said() -> None:
    """They may try the edge."""
    half = cases_of("one", ALL.replace("edge: no place, ", ""))

    assert said(half, cases_of("two", ALL, is_readable=False)) == []
