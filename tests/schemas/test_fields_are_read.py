"""
Every field of a snapshot is there because a policy reads it.

``unread.txt`` beside this file lists the fields that no policy reads yet. A policy that reads one takes it off
the list; the list never grows, save with the fields of an entity that is new in the schema itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.facts.types import ListType, ObjectType, Type, unwrap
from auditor.language.reads import fields_read
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

UNREAD: Final = Path(__file__).with_name("unread.txt")

FOR_PEOPLE: Final = frozenset({"id", "key", "url", "name", "title", "prov", "ext"})
"""Fields that name or show a record, and say where it comes from: they are in every witness and message."""


REPEATED: Final = {"party": "parties", "role_assignment": "role_assignments"}
"""Records that a portfolio repeats of projects and of units, and the entities that they are of."""


def declared(kind: ObjectType) -> Iterator[str]:
    """Yield the names of all fields that a policy could read, as `fields_read` spells them."""
    seen: set[str] = set()
    pending = [(kind, "")]
    while pending:
        owner, path = pending.pop()
        for name, field in owner.fields.items():
            inner: Type = unwrap(field.type)
            inner = unwrap(inner.element) if isinstance(inner, ListType) else inner
            own = f"{path}{name}"
            if name in FOR_PEOPLE or own in seen or own == "snapshot":
                continue
            seen.add(own)
            yield own
            if isinstance(inner, ObjectType):
                pending.append((inner, f"{inner.name}."))


def own_name(name: str) -> str:
    """Return what a field that a portfolio repeats is called where it comes from."""
    entity, dot, rest = name.removeprefix("projects.").removeprefix("units.").partition(".")
    return f"{REPEATED.get(entity, entity)}{dot}{rest}"


def unread() -> list[str]:
    """Return every field of projects and units that no policy reads, sorted."""
    models = snapshot_models()
    plan = load_policies([packaged_folder()], PolicyChoice(), models).plan
    assert plan is not None
    read: set[str] = set()
    for target, model in models.items():
        policies = [policy for policy in plan.policies if policy.summary.target == target]
        read |= {own_name(name) for name in fields_read(policies, model.root, plan.functions)}
    known = {name for target in ("project", "unit") for name in declared(models[target].root)}
    return sorted(known - read)


def test_the_list_of_unread_fields_is_exact() -> None:
    """
    Take off the list what a policy reads.

    When the schema has grown: ``python tests/schemas/test_fields_are_read.py`` writes the list anew.
    """
    listed = UNREAD.read_text(encoding="utf-8").split()
    found = unread()

    assert [name for name in listed if name not in found] == [], (
        "read by now: take them off the list"
    )
    assert [name for name in found if name not in listed] == [], "no policy reads them any more"
    assert listed == found


if __name__ == "__main__":
    UNREAD.write_text("\n".join(unread()) + "\n", encoding="utf-8")
