"""An organisation's schema of its own fields types them in policies, like all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.documents.tree import parse_tree
from auditor.facts.extension import extensible, read_extension
from auditor.facts.snapshot import Roots
from auditor.language.lint import lint_policies
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.language.lint import LintFinding

OWN = b"""\
blockers:
  type: object
  required: [cost_centre, lane]
  properties:
    cost_centre: {type: string, minLength: 1}
    audited_at: {type: [string, "null"], format: date-time, x-time: happened}
    billed_on: {type: string, format: date}
    band: {type: string, enum: [low, high], default: low}
    lane: {type: string, enum: [fast, slow]}
    auditor: {type: string, x-ref: parties}
    hours: {type: integer, minimum: 0}
ext:
  type: object
  properties:
    vans:
      type: array
      items:
        type: object
        required: [id]
        properties: {id: {type: string}, driver: {type: string, x-ref: parties}}
"""
POLICY = """\
id: own-fields
title: T
why: W
controls: [C]
severity: low
fix: F
for: {blocker: blockers}
empty: pass
require:
  - that: "THAT"
    say: "{blocker.id}"
"""


def said(demand: str, *, typed: bool = True) -> list[tuple[str, str, str | None]]:
    """Return slug, message and hint of what is said of a policy with a demand."""
    entities = extensible(snapshot_models()["project"].schema)
    extension = read_extension(parse_tree(OWN, path="own.yaml"), entities) if typed else None
    text = PolicyText("p/own-fields.yaml", "p", POLICY.replace("THAT", demand).encode())
    roots = Roots(snapshot_models(extension))
    found: tuple[LintFinding, ...] = lint_policies([text], roots=roots, functions=functions())
    return [(f.slug.removeprefix("policy-"), f.message, f.hint) for f in found]


@pytest.mark.parametrize(
    ("demand", "slug", "message", "hint"),
    [
        ("blocker.ext.cost_center == 'x'", "unknown-field",
         "'blockers.ext' has no field 'cost_center'", "did you mean 'cost_centre'?"),
        ("ext.van.exists(v, v.id == 'x')", "unknown-field", "'ext' has no field 'van'", "did you mean 'vans'?"),
        ("ext.vans.exists(v, v.drivr == 'x')", "unknown-field",
         "'ext.vans' has no field 'drivr'", "did you mean 'driver'?"),
        ("blocker.ext.band == 'hgih'", "not-in-enum",
         "'hgih' is none of the values of `blocker.ext.band`: low, high", "did you mean 'high'?"),
        ("blocker.ext.auditor == blocker.item", "ids-of-two-kinds",
         "`blocker.ext.auditor` names a record of parties and `blocker.item` one of work_items: they are never equal",
         "compare ids of one kind; a record is found by its id: parties.exists(x, x.id == blocker.ext.auditor)"),
        ("ext.vans.exists(v, v.driver == blocker.item)", "ids-of-two-kinds",
         "`v.driver` names a record of parties and `blocker.item` one of work_items: they are never equal",
         "compare ids of one kind; a record is found by its id: parties.exists(x, x.id == v.driver)"),
        ("blocker.ext.audited_at < as_of", "unguarded-null",
         "'blocker.ext.audited_at' may be null (known absent), and '<' needs a value",
         ("guard it, e.g. `blocker.ext.audited_at != null && ...`, or use a function that takes null, such as by(), "
         "before() or after() for instants")),
        ("blocker.ext.billed_on == '2026-03-03'", "date-as-text",
         "'2026-03-03' is a text, and `blocker.ext.billed_on` is a calendar day", "write date('2026-03-03')"),
        ("blocker.ext.billed_on < as_of", "date-with-instant",
         "a calendar day is compared with an instant, so it is not clear which instant of the day is meant",
         "say which: day.begins() or day.ends()"),
        ("blocker.ext.cost_centre == null", "never-null",
         "`blocker.ext.cost_centre` is never null, so `blocker.ext.cost_centre == null` is always false",
         "leave it out; a fact that was not observed is unknown, not null"),
        ("blocker.ext.hours > 5 && blocker.ext.hours < 6", "always-false",
         "`blocker.ext.hours < 6` is always false: it is looked at only where `blocker.ext.hours > 5` is true",
         "if either will do, join them with `||`; otherwise compare with what was meant"),
    ],
)  # fmt: skip
def test_a_mistake_about_an_own_field_is_told(
    *, demand: str, slug: str, message: str, hint: str
) -> None:
    """By name, by value, by kind, and by what is known of it."""
    assert said(demand) == [(slug, message, hint)]


@pytest.mark.parametrize(
    "demand",
    [
        "blocker.ext.cost_centre == 'x'",
        "blocker.ext.band == 'high'",
        "blocker.ext.auditor == blocker.owner",
        "blocker.ext.audited_at.by(as_of)",
        "blocker.ext.billed_on == date('2026-03-03')",
        "ext.vans.exists(v, v.driver == blocker.owner)",
        "blocker.ext.hours > 5 && blocker.ext.hours < 7",
    ],
)
def test_what_is_right_of_an_own_field_is_let_be(demand: str) -> None:
    """Nothing is said."""
    assert said(demand) == []


def test_without_a_schema_own_fields_are_free_in_form() -> None:
    """Nobody knows what is in them, so nothing is wrong."""
    assert said("blocker.ext.cost_center == 'x' || blocker.ext.band == 'hgih'", typed=False) == []
