"""Each character of an expression has its place in the policy file, also through a kept plan."""

from __future__ import annotations

import json

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.plan_data import read_plan, write_plan
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models

POLICY = """id: rule
title: T
why: W
controls: [X-1]
severity: low
fix: F
when: started()
due: as_of
let:
  start: project.execution.started_at
define:
  started(): "start != null"
  unused(): "true"
require:
  - that: >
      project.name == 'A'
      && start.by(as_of)
      || project.name
      == 'B'
    say: x
  - {that: "project.name == '\\u0041' && shared()", say: y}
"""
PACK = "title: T\nabout: A\ndefine:\n  shared(): |\n    as_of\n      != period.ends_at\n"


@pytest.fixture
def places() -> dict[str, list[str]]:
    """Return the place of each word of each expression, by the expression's name."""
    models = snapshot_models()
    texts = [
        PolicyText("p/rule.yaml", "p", POLICY.encode()),
        PolicyText("p/pack.yaml", "p", PACK.encode()),
    ]
    roots, known = Roots(models), functions()
    plan = compile_plan(texts, roots=roots, functions=known)
    kept = read_plan(json.loads(json.dumps(write_plan(plan, roots))), roots, known, lambda: plan)
    (policy,) = kept.policies
    assert policy.places == plan.policies[0].places
    return {
        place.name: [str(place.at(offset)) for offset in (0, 20, 39)] for place in policy.places
    }


def test_a_folded_text_is_placed_line_by_line(places: dict[str, list[str]]) -> None:
    """Its offsets 0, 20 and 39 begin three lines of the file."""
    assert places["require/0"] == ["p/rule.yaml:16:7", "p/rule.yaml:17:7", "p/rule.yaml:18:7"]


def test_an_escape_moves_what_follows(places: dict[str, list[str]]) -> None:
    """Six characters of the file are one of the text: offset 20 is five columns further on."""
    first, second, _ = places["require/1"]

    assert first == "p/rule.yaml:21:13"
    assert second == f"p/rule.yaml:21:{13 + 20 + 5}"


def test_names_and_words_have_their_own(places: dict[str, list[str]]) -> None:
    """Those that are used; a word of the pack in the pack."""
    assert {name: found[0] for name, found in places.items() if "/" in name} == {
        "require/0": "p/rule.yaml:16:7",
        "require/1": "p/rule.yaml:21:13",
        "let/start": "p/rule.yaml:10:10",
        "define/started": "p/rule.yaml:12:15",
        "define/shared": "p/pack.yaml:5:5",
    }
    assert places["when"][0] == "p/rule.yaml:7:7"
    assert places["due"][0] == "p/rule.yaml:8:6"
