"""Which names are in force at a place of a policy file, whatever is wrong elsewhere in it."""

from __future__ import annotations

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import read_draft
from auditor.language.policy_scope import policy_scope, written_expressions
from auditor.usecases.read_policies import functions, snapshot_models

ROOTS, FUNCTIONS = Roots(snapshot_models()), functions()
POLICY = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [SEEF-MON-04]
severity: high
params:
  limit: {default: 24 hours, about: Time to resolve}
for: {blocker: blockers, step: blocker.escalations}
empty: not_applicable
when: blocker.raised_at != null
let:
  deadline: blocker.raised_at.plus(params.limit)
  first: blocker.escalations[0]
define:
  late(at, limit): at.after(limit)
require:
  - that: late(blocker.resolved_at, deadline) && first != null && step != null
    say: "{blocker.description} was not resolved by {deadline}."
fix: Resolve it.
"""
SHARED = PolicyText("p/pack.yaml", "p", b"title: T\ndefine:\n  open(x): x.end == null\n", "/p")


def types(place: str, text: str = POLICY) -> dict[str, str]:
    """Return the names that a place knows beside those of the snapshot, with their types."""
    file = PolicyText("p/blocker-left-open.yaml", "p", text.encode(), "/p")
    scope = policy_scope(file, place, [SHARED], roots=ROOTS, functions=FUNCTIONS)
    fields = ROOTS["project"].fields
    return {name: str(found) for name, found in scope.variables.items() if name not in fields}


EVERYWHERE = {"as_of": "timestamp", "period": "period", "params": "params"}
SUBJECTS = {"blocker": "blockers", "step": "escalation"}
LET = {"deadline": "timestamp", "first": "escalation"}


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("for/blocker", {}),
        ("for/step", {"blocker": "blockers"}),
        ("key", SUBJECTS),
        ("when", SUBJECTS | LET),
        ("let/first", SUBJECTS | {"deadline": "timestamp"}),
        ("define/late", SUBJECTS | LET | {"at": "dyn", "limit": "dyn"}),
        ("require/0", SUBJECTS | LET),
        ("say/0", SUBJECTS | LET),
        ("require/7", SUBJECTS | LET),
    ],
)
def test_a_place_knows_what_is_bound_before_it(place: str, names: dict[str, str]) -> None:
    """What `for` binds is there for all that follows; a name is not there for itself."""
    assert types(place) == EVERYWHERE | names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("that: late(blocker.resolved_at, deadline)", "that: blocker."),
        ("when: blocker.raised_at != null", "when: nobody != null"),
        ("why: Blockers stop work.\n", ""),
        ("severity: high", "severity: huge"),
    ],
)
def test_what_is_wrong_elsewhere_takes_no_name_away(old: str, new: str) -> None:
    """A file that is being written is nearly always wrong somewhere."""
    assert old in POLICY
    found = types("require/0", POLICY.replace(old, new))

    assert found.keys() == (EVERYWHERE | SUBJECTS | LET).keys()
    assert found["first"] == "escalation"


def test_a_name_whose_expression_has_a_fault_keeps_its_likely_type() -> None:
    """Here a guard is missing; what it gives is clear all the same."""
    unguarded = POLICY.replace("when: blocker.raised_at != null\n", "")
    assert types("require/0", unguarded)["deadline"].removesuffix("?") == "timestamp"


def test_the_attestation_is_known_where_one_is_asked_for() -> None:
    """With what its fields mean."""
    text = POLICY.replace(
        "define:", "attest: {by: [DM], valid_for: 90 days, asks: [Really?]}\ndefine:"
    )

    assert types("require/0", text)["attestation"] == "attestation?"


def test_words_are_those_of_the_file_and_of_its_packs() -> None:
    """What they mean stands beside them."""
    file = PolicyText("p/blocker-left-open.yaml", "p", POLICY.encode(), "/p")
    scope = policy_scope(file, "require/0", [SHARED], roots=ROOTS, functions=FUNCTIONS)

    assert set(scope.definitions) == {"open", "late"}
    assert scope.about["step"] == "Each of blocker.escalations."
    assert scope.about["deadline"] == "blocker.raised_at.plus(params.limit)"
    assert scope.about["blockers"]


def test_a_pack_knows_the_parameters_of_its_word() -> None:
    """And the fields of a project."""
    scope = policy_scope(SHARED, "define/open", [SHARED], roots=ROOTS, functions=FUNCTIONS)

    assert str(scope.variables["x"]) == "dyn"
    assert set(scope.definitions) == {"open"}
    assert "risks" in scope.variables


def test_words_of_a_pack_are_those_that_it_has_now() -> None:
    """Not those that were read when the editor began; what follows a broken one is still there."""
    now = PolicyText("p/pack.yaml", "p", b"title: T\ndefine:\n  shut(x): x.\n  open(x): x\n", "/p")
    scope = policy_scope(now, "define/shut", [SHARED], roots=ROOTS, functions=FUNCTIONS)

    assert {name: found.text for name, found in scope.definitions.items()} == {"open": "x"}
    assert "x" in scope.variables


@pytest.mark.parametrize("text", ["", "id: [", "- a", "target: nobody"])
def test_of_a_file_that_cannot_be_read_the_snapshot_is_known(text: str) -> None:
    """There is something to begin with."""
    assert types("require/0", text) == {"as_of": "timestamp", "period": "period"}


def test_every_expression_of_a_policy_has_a_place() -> None:
    """In the order in which they are looked for."""
    draft, _ = read_draft(PolicyText("p/blocker-left-open.yaml", "p", POLICY.encode(), "/p"))

    assert draft is not None
    assert [place for place, _ in written_expressions(draft)] == [
        "for/blocker",
        "for/step",
        "when",
        "let/deadline",
        "let/first",
        "define/late",
        "require/0",
        "say/0",
    ]
