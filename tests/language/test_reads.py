"""Which facts a policy reads."""

from __future__ import annotations

from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.language.reads import fields_read
from auditor.usecases.read_policies import functions, snapshot_models

HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
MODELS = snapshot_models()


def read_by(policy: str, pack: str = "") -> set[str]:
    """Return what a policy reads."""
    texts = [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())]
    if pack:
        texts.append(PolicyText("p/pack.yaml", "p", pack.encode()))
    plan = compile_plan(texts, roots=Roots(MODELS), functions=functions())
    return set(fields_read(plan.policies, MODELS["project"].root, plan.functions))


def test_every_part_of_a_policy_counts() -> None:
    """Subjects, key, when, at, due, let, clauses and the holes of their sentences."""
    policy = """\
for: {risk: risks}
key: risk.id
empty: pass
when: project.method == 'scrum'
at: risk.raised_at
due: risk.raised_at.plus(span('1 days'))
let: {told: "risk.escalations.exists(e, e.at.by(as_of))"}
require:
  - that: told || risk.resolved_at.by(as_of)
    say: "{risk.description} is open."
"""
    assert read_by(policy) == {
        "risks",
        "risks.id",
        "risks.raised_at",
        "risks.resolved_at",
        "risks.description",
        "risks.escalations",
        "escalation.at",
        "project",
        "project.method",
    }


def test_definitions_count_where_they_are_called() -> None:
    """Through any number of definitions, with the types of the call."""
    pack = """\
framework: p
title: P
about: A
define:
  named(x): given(x.name)
  anyNamed(): sprints.exists(s, named(s))
  neverCalled(): blockers.exists(b, true)
"""
    policy = "empty: fail\nrequire: [{that: anyNamed(), say: None.}]\n"

    assert read_by(policy, pack) == {"sprints", "sprints.name"}


def test_what_a_function_looks_up_counts() -> None:
    """`timely` asks by itself when the record was written down, and how it was obtained."""
    policy = """\
for: {meeting: meetings}
empty: pass
require: [{that: "timely(meeting, meeting.held_at, span('5 working days'))", say: Late.}]
"""
    found = read_by(policy)

    assert {"meetings.held_at", "meetings.recorded_at", "meetings.prov"} <= found
    assert {"documents", "documents.created_at"} <= found


def test_optional_fields_and_bound_names_count() -> None:
    """``x.?f`` reads a field as ``x.f`` does, of an optional, too; what is bound is read outside of its name."""
    policy = """\
empty: pass
require:
  - that: "risks[?0].?resolved_at.hasValue() || cel.bind(sprints, sprints, sprints.exists(i, s, s.name == ''))"
    say: None.
  - that: "cel.block([blockers], cel.index(0).exists(b, b.raised_at == null))"
    say: None.
"""
    assert read_by(policy) == {
        "risks",
        "risks.resolved_at",
        "sprints",
        "sprints.name",
        "blockers",
        "blockers.raised_at",
    }


def test_a_name_of_the_policys_own_is_no_fact() -> None:
    """A variable of a macro hides the entity of the same name."""
    policy = """\
empty: pass
require: [{that: "sprints.all(risks, risks.id != '')", say: None.}]
"""
    assert read_by(policy) == {"sprints", "sprints.id"}
