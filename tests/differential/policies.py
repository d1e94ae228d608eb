"""
Random policies: every key of a policy file, with random expressions in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import BOOL, DYN, STRING, TIMESTAMP, ListType, nullable
from tests.differential import vocabulary
from tests.differential.expressions import Generator

if TYPE_CHECKING:
    from random import Random

    from auditor.facts.types import Type
    from tests.differential.terms import Scope

PARAMETERS: Final = {
    "limit": {"default": 2, "about": "How many."},
    "share": {"default": "90 %", "about": "How much of it."},
    "factor": {"default": 0.5, "about": "Times what."},
    "role": {"default": "DM", "about": "Who."},
    "words": {"default": ["approved", "DM", "v1"], "about": "Which."},
    "strict": {"default": True, "about": "Whether."},
    "patience": {"default": "2 working days", "about": "How long."},
}
"""The parameters of `PARAMS`, as a policy writes them."""


_NESTED: Final = {
    "risks": ("escalations", "part.at != null ? string(part.at) : ''"),
    "blockers": ("escalations", "part.at != null ? string(part.at) : ''"),
    "meetings": ("attendees", "part.party != null ? part.party : ''"),
    "sprints": ("burndown", "part.remaining != null ? string(part.remaining) : ''"),
}
"""Entities with lists of their own, and what names a member of it."""


def policy(random: Random, name: str = "random-policy") -> dict[str, Any]:
    """Write a policy of random expressions; some are wrong."""
    gen = Generator(vocabulary.grammar(conventions=True), random)
    scope = gen.grammar.roots
    made: dict[str, Any] = {
        "id": name,
        "title": "A policy.",
        "why": "Because.",
        "controls": ["X-1"],
        "severity": "none" if gen.chance(0.05) else gen.pick(("low", "critical", "high")),
        "target": "project",
        "params": PARAMETERS,
        "empty": gen.pick(_EMPTY),
        "fix": "Do it.",
    }

    def expression(goal: Type) -> str:
        return gen.make(goal, scope, gen.pick((1, 2, 2, 3)))

    if gen.chance(0.6):
        made["for"], made["key"], scope = _subjects(gen, scope)
        if gen.chance(0.1):
            made["key"] = expression(STRING)
    kind = gen.pick((*vocabulary.GOALS, *map(ListType, vocabulary.records())))
    made["let"] = {"n0": expression(kind)}
    scope = scope.knowing("n0", kind)
    for key, goal in (("when", BOOL), ("at", nullable(TIMESTAMP)), ("due", TIMESTAMP)):
        if gen.chance(0.3):
            made[key] = expression(goal)
    made["require"] = [
        {
            "that": expression(BOOL),
            "say": f"It is {{{expression(gen.pick(vocabulary.GOALS))}}}.",
            **({"empty": gen.pick(_EMPTY)} if gen.chance(0.3) else {}),
        }
        for _ in range(gen.pick((1, 2)))
    ]
    made["require"][0]["that"] += " || [n0].size() > 1"  # a name that nothing uses is refused
    return made


_EMPTY: Final = ("pass", "fail", "not_applicable", "inconclusive")


def _subjects(gen: Generator, scope: Scope) -> tuple[dict[str, str], str, Scope]:
    """Choose what the policy is about: records, at times those inside of them, or anything; and how it is named."""
    if gen.chance(0.05):
        return {"it": gen.make(ListType(DYN), scope, 2)}, "it.id", scope
    record = gen.pick(vocabulary.records())
    source = record.name
    if gen.chance(0.3):
        inner = scope.knowing("x", record)
        source = f"{source}.filter(x, {gen.make(BOOL, inner, 1)})"
    subjects, key, scope = {"it": source}, "it.id", scope.knowing("it", record)
    if record.name in _NESTED and gen.chance(0.4):
        nested, named = _NESTED[record.name]
        listed = record.fields[nested].type
        assert isinstance(listed, ListType)
        subjects["part"], key = f"it.{nested}", f"it.id + ' ' + ({named})"
        scope = scope.knowing("part", listed.element)
    return subjects, key, scope
