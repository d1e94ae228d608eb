"""A policy names what the shared words mean that it uses, so that a change to one of them shows."""

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
formerly: [older-rule]
require:
  - {that: "%s", say: y}
"""
PACK = """title: T
define:
  begun(): "running()"
  running(): "as_of != period.starts_at"
  named(n): "project.name == n"
"""


def summary(pack: str = PACK, that: str = "begun()") -> tuple[str | None, tuple[str, ...]]:
    """Return what a policy says of its words, and its former ids, through a kept plan."""
    models = snapshot_models()
    texts = [
        PolicyText("p/rule.yaml", "p", (POLICY % that).encode()),
        PolicyText("p/pack.yaml", "p", pack.encode()),
    ]
    roots, known = Roots(models), functions()
    plan = compile_plan(texts, roots=roots, functions=known)
    kept = read_plan(json.loads(json.dumps(write_plan(plan, roots))), roots, known, lambda: plan)
    assert kept.summaries == plan.summaries
    return kept.summaries[0].words, kept.summaries[0].formerly


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('begun(): "running()"', 'begun(): "!running()"', id="a-word-that-it-uses"),
        pytest.param("as_of != period", "as_of == period", id="a-word-of-that-word"),
    ],
)
def test_a_change_to_a_word_that_is_used_shows(old: str, new: str) -> None:
    """Be it one that another word uses."""
    assert old in PACK
    assert summary()[0] != summary(PACK.replace(old, new))[0]


def test_a_change_to_another_word_does_not_show() -> None:
    """It changes nothing of what the policy demands."""
    assert summary()[0] == summary(PACK.replace("project.name == n", "project.name != n"))[0]


def test_who_uses_no_word_names_none() -> None:
    """And the former ids of a policy stand beside."""
    assert summary(that="project.name == 'A'") == (None, ("older-rule",))
