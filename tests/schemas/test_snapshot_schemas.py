"""The snapshot schemas are made from their source, and can say all that the controls read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.documents.yaml import parse_yaml
from auditor.facts.schema import read_types
from auditor.facts.types import ListType, ObjectType, Type, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Paths = tuple[str, ...]

TARGETS: Final = ("project", "unit", "portfolio")

PLACES: Final[dict[str, Paths]] = {
    "actions.actions": ("project:actions", "unit:actions"),
    "standards.standards": ("project:standards", "unit:standards"),
    "project.escalations_in_entities": tuple(
        f"project:{entity}.escalations" for entity in ("blockers", "risks", "issues")
    ),
    "project.incidents_launches": ("project:incidents", "project:launches"),
    "unit.measures_indicators": ("unit:scorecards.measures", "unit:indicators"),
    # Below these each name is an entity of its own.
    "unit.everywhere": ("unit:",),
    "unit.systems_integrations": ("unit:",),
    "unit.experiments_defects_failures": ("unit:",),
    "unit.skills_training": ("unit:",),
    "unit.playbooks_programmes": ("unit:",),
    "new_controls_only.new_controls_only": ("new:",),
    "portfolio.head_facts": ("portfolio:projects",),
}
"""Keys of the list that are not called like one entity, and what they mean."""

NOT_IN_A_SNAPSHOT: Final = {"project.attestations"}
"""Signed records that stand beside it, as the list itself says."""

_EVENTS: Final[Paths] = ("project:change_events.item", "project:change_events.field")
_REVIEW: Final = ("held_at", "by", "participants", "findings", "none_statement")

SAID_OTHERWISE: Final[dict[str, Paths]] = {
    "project:baselines.risk_review / feasibility_review": (
        "project:baselines.risk_review",
        "project:baselines.feasibility_review",
    ),
    **{
        f"project:baselines.risk_review / feasibility_review.{name}": (
            f"project:baselines.risk_review.{name}",
            f"project:baselines.feasibility_review.{name}",
        )
        for name in _REVIEW
    },
    # Of which entities and fields there are change events is no matter of names.
    "project:change_events.also for deliverables": _EVENTS,
    "project:change_events.milestones": _EVENTS,
    "project:change_events.risks": _EVENTS,
    "project:change_events.blockers": _EVENTS,
    "project:change_events.decisions  and for project": _EVENTS,
    "project:meetings.prototype_test": ("project:meetings.kind",),
    "project:slas.measures.sprint or": ("project:slas.measures.sprint",),
    "project:slas.measures.sprint or.from": ("project:slas.measures.from",),
    "project:slas.measures.sprint or.to": ("project:slas.measures.to",),
    "project:expectations.communication_plan:": ("project:expectations.communication_plan",),
    **{
        f"project:expectations.communication_plan:.{name}": tuple(
            f"project:expectations.{part}.{name}"
            for part in ("scope", "deliverables", "timeline", "communication_plan")
        )
        for name in ("document", "version")
    },
    "project:success_plan.value:": ("project:success_plan.value",),
    "project:success_plan.value:.text or document": tuple(
        f"project:success_plan.{part}.{name}"
        for part in ("implementation", "support", "growth", "value")
        for name in ("text", "document")
    ),
    "project:success_plan.value:.owner": tuple(
        f"project:success_plan.{part}.owner"
        for part in ("implementation", "support", "growth", "value")
    ),
    **{
        f"project:raci.{name}": (f"project:raci.rows.{name}",)
        for name in ("workstream", "activity", "party", "letter")
    },
    "unit:standards: as in the project": ("unit:standards",),
    "unit:forums.offsite": ("unit:forums.kind",),
    "unit:forums.leadership": ("unit:forums.kind",),
    "unit:forums.monthly": ("unit:forums.kind",),
    "unit:forums.quarterly": ("unit:forums.kind",),
    "unit:decisions.+ effective_at": ("unit:decisions.effective_at",),
    # Names say types (rule 9): a length in seconds ends in _s.
    "unit:integrations.sync_interval": ("unit:integrations.sync_interval_s",),
    "portfolio:projects.exclusion": ("portfolio:projects.project.exclusion",),
    "portfolio:projects.execution": ("portfolio:projects.project.execution",),
    "portfolio:projects.holds": ("portfolio:projects.project.holds",),
    "portfolio:projects.allocations per person and week": (
        "portfolio:projects.allocations.party",
        "portfolio:projects.allocations.from",
        "portfolio:projects.allocations.to",
        "portfolio:projects.allocations.allocated_s",
    ),
    "portfolio:projects.readiness checklist": ("portfolio:projects.checklists.kind",),
    "new:suggestions: feedback.kind suggestion with answer": (
        "project:feedback.kind",
        "project:feedback.answer",
    ),
    "new:suggestions: feedback.kind suggestion with answer.at": ("project:feedback.answer.at",),
    "new:suggestions: feedback.kind suggestion with answer.decision": (
        "project:feedback.answer.decision",
    ),
}
"""Names that the list writes in prose, and the fields that they mean."""

NEW: Final = {
    "communications": "project",
    "utilisation_notes": "project",
    "client_onboarding": "project",
    "unit: changes": "unit",
    "approval_reviews": "unit",
    "announcements": "unit",
    "permission": "unit",
}
"""Entities of the controls that are new, and the target of each."""


@pytest.fixture(scope="module")
def fields(root: Path) -> set[str]:
    """Return every declared field as ``target:path``."""
    found: set[str] = set()
    for target in TARGETS:
        text = (root / "schemas" / f"snapshot-{target}.schema.json").read_text(encoding="utf-8")
        found |= {f"{target}:{path}" for path in leaves(read_types(json.loads(text)))}
    return found


@pytest.fixture
def listed(shared: Path) -> list[tuple[str, str]]:
    """Return the entries of the list "Fields that the controls read", by section and key."""
    text = (shared / "SNAPSHOT.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    sections: dict[str, Any] = parse_yaml(block[1].encode(), path="SNAPSHOT.md")
    return [
        (f"{section}.{key}", line)
        for section, content in sections.items()
        for key, line in (content.items() if isinstance(content, dict) else [(section, content[0])])
    ]


def leaves(kind: ObjectType, path: str = "") -> Iterator[str]:
    """Yield the path of every declared field, without marks for lists."""
    for name, field in kind.fields.items():
        yield f"{path}{name}"
        inner: Type = unwrap(field.type)
        inner = unwrap(inner.element) if isinstance(inner, ListType) else inner
        if isinstance(inner, ObjectType):
            yield from leaves(inner, f"{path}{name}.")


def items(text: str) -> Iterator[str]:
    """Split at commas and semicolons that stand in no braces."""
    depth, start = 0, 0
    for place, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char in ",;" and not depth:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def names(text: str, path: str) -> Iterator[str]:
    """Yield the path of each name that a line of the list speaks of."""
    last = ""
    for item in items(re.sub(r"\([^()]*\)", "", text)):
        head, brace, rest = item.partition("{")
        name = head.partition(" + ")[0].replace("[]", "").strip()
        name = name.partition(" 1..5")[0].partition(" incl.")[0].strip()
        name = last + name if name.startswith(".") else name
        last = name.rpartition(".")[0] or name
        yield f"{path}{name}"
        if brace:
            yield from names(rest.rpartition("}")[0], f"{path}{name}.")


def wanted(key: str, line: str) -> Iterator[str]:
    """Yield the fields that one entry of the list demands."""
    section, _, name = key.partition(".")
    for place in PLACES.get(key, (f"{section}:{name}",)):
        base = place if place.endswith(":") else f"{place}."
        for found in names(line, base):
            entity = found.removeprefix("new:")
            target = NEW.get(entity.partition(".")[0])
            if target and entity != found:
                found = f"{target}:{entity.removeprefix('unit: ')}"  # noqa: PLW2901 - the same, by its target
            yield from SAID_OTHERWISE.get(found, (found,))


def test_the_generated_files_are_current(root: Path) -> None:
    """Run ``python .ci/schemas.py`` when this fails: people edit the source, everybody reads what it makes."""
    done = subprocess.run(
        [sys.executable, root / ".ci/schemas.py", "--check"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_every_field_of_the_list_exists(listed: list[tuple[str, str]], fields: set[str]) -> None:
    """SNAPSHOT.md, "Fields that the controls read", leaves nothing to be "as needed"."""
    missing = [
        field
        for key, line in listed
        if key not in NOT_IN_A_SNAPSHOT
        for field in wanted(key, line)
        if field not in fields
    ]

    assert missing == []


def test_what_the_list_says_otherwise_is_said(listed: list[tuple[str, str]]) -> None:
    """A key or a name that the list no longer has would hide nothing, and explain nothing."""
    keys = {key for key, _ in listed}
    spoken = {
        name
        for key, line in listed
        for place in PLACES.get(key, (key.replace(".", ":", 1),))
        for name in names(line, place if place.endswith(":") else f"{place}.")
    }

    assert (set(PLACES) | NOT_IN_A_SNAPSHOT) - keys == set()
    assert set(SAID_OTHERWISE) - spoken == set()
    assert {f"new:{name}" for name in NEW} - spoken == set()
