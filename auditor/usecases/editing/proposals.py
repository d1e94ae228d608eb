"""
What can be written where a cursor stands: names and fields in expressions, keys, values, controls, pointers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.extension import extensible
from auditor.language.completion import complete
from auditor.language.policy_parser import parse_policy
from auditor.language.vocabulary import is_pack
from auditor.model.errors import AuditorError
from auditor.usecases.editing.pointers import pointers
from auditor.usecases.editing.schema_help import help_at
from auditor.usecases.editing.scopes import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.policy_draft import PolicyDraft
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that can be written."""

    label: str
    kind: str
    """As in an expression (see `Completion`), or ``key``, ``choice``, ``control``, ``policy``, ``pointer``."""
    detail: str
    about: str
    insert: str
    start: int
    """With `end`: what it replaces, as offsets in the file."""
    end: int


def proposals(desk: Desk, spot: Spot) -> Iterator[Proposal]:
    """Yield what can be written at a cursor, the likeliest first."""
    cursor = spot.cursor
    if cursor is None:
        return
    if cursor.is_key:
        yield from _keys(desk, spot, cursor.path[:-1])
        return
    expression = spot.expression
    if expression is not None:
        scope = scope_of(desk, spot)
        for one in complete(expression.text, expression.cursor, scope) if scope else ():
            yield Proposal(
                one.label, one.kind, one.detail, one.about, one.label,
                expression.start + one.start, expression.start + one.end,
            )  # fmt: skip
        return
    if spot.is_say:
        return
    yield from _values(desk, spot)
    is_word = spot.written.replace("-", "").replace("_", "").isalnum() or not spot.written
    if cursor.style == "plain" and is_word and "\n" not in spot.written:
        yield from _keys(desk, spot, cursor.path)


# ----- keys


def _keys(desk: Desk, spot: Spot, parent: tuple[str | int, ...]) -> Iterator[Proposal]:
    """Yield the keys that a mapping can have and has not."""
    taken = spot.cursor.taken if spot.cursor is not None else frozenset()
    known = {**help_at(spot.kind, parent).keys, **_own_keys(desk, spot, parent)}
    is_list = not known and spot.cursor is not None and spot.cursor.is_key
    if is_list:  # what is below is a list, and each of its elements has keys
        known = dict(help_at(spot.kind, (*parent, 0)).keys)
    for key, told in known.items():
        if key in taken:
            continue
        if key.startswith("/"):
            yield _proposal(spot, key, "pointer", told, "", is_key=True)
        else:
            label = f"- {key}" if is_list else key
            yield _proposal(spot, label, "key", "", told, is_key=True)


def _own_keys(desk: Desk, spot: Spot, parent: tuple[str | int, ...]) -> Mapping[str, str]:
    """Return the keys that no schema knows, because they are named in other files."""
    match spot.kind, parent:
        case "cases", ("cases", int(), "set"):
            return pointers(desk, spot)
        case "cases", ("cases", int(), "params"):
            draft = _draft_beside(desk, spot)
            return {} if draft is None else {one.name: one.about for one in draft.params}
        case "profile", ("params" | "severities",):
            return {one.id: one.title for one in desk.drafts}
        case "profile", ("params", str(policy)):
            found = (one for one in desk.drafts if one.id == policy)
            return {param.name: param.about for one in found for param in one.params}
        case "extension", ():
            known = (extensible(desk.models[target].schema) for target in ("project", "unit"))
            return {entity: "" for entities in known for entity in entities}
        case _:
            return {}


# ----- values


def _values(desk: Desk, spot: Spot) -> Iterator[Proposal]:
    for value in spot.help.values:
        yield _proposal(spot, value, "choice", "", spot.help.about)
    path = spot.cursor.path if spot.cursor is not None else ()
    match spot.kind, path:
        case ("policy", ("controls", int())) | ("profile", (*_, "controls", int())):
            yield from _controls(desk, spot)
        case "cases", ("cases", int(), *_, "remove" | "witness", int()):
            for pointer, shown in pointers(desk, spot).items():
                yield _proposal(spot, pointer, "pointer", shown, "")
        case "cases", ("policy",):
            for text in desk.bench(spot.path).texts:
                if not is_pack(text):
                    yield _proposal(spot, desk.id_of(text), "policy", "", "")
        case "cases", ("cases", int(), "edge"):
            yield from _edges(desk, spot)
        case "profile", ("packs", int()):
            for pack in sorted({one.pack for one in desk.drafts}):
                yield _proposal(spot, pack, "choice", "", "")
        case "profile", (*_, "policies", int()):
            for one in desk.drafts:
                yield _proposal(spot, one.id, "policy", "", one.title)
        case _:
            pass


def _controls(desk: Desk, spot: Spot) -> Iterator[Proposal]:
    for catalogue in desk.catalogues(spot.path):
        for control in catalogue.controls:
            yield _proposal(spot, control.id, "control", control.area, control.rule)


def _edges(desk: Desk, spot: Spot) -> Iterator[Proposal]:
    """Yield the situations that the catalogue lists for the controls of the policy."""
    draft = _draft_beside(desk, spot)
    for catalogue in desk.catalogues(spot.path):
        for control in catalogue.controls:
            if draft is not None and control.id in draft.controls:
                for edge in control.edges:
                    yield _proposal(spot, edge, "choice", control.id, "")


def _draft_beside(desk: Desk, spot: Spot) -> PolicyDraft | None:
    """Return the policy whose cases a file holds."""
    named = next((slot for slot in spot.slots if slot.path == ("policy",)), None)
    name = spot.text[slice(*named.value)].strip() if named is not None else ""
    for text in desk.bench(spot.path).texts:
        if not is_pack(text) and desk.id_of(text) == name:
            try:
                return parse_policy(text)
            except AuditorError:
                return None
    return None


def _proposal(
    spot: Spot, label: str, kind: str, detail: str, about: str, *, is_key: bool = False
) -> Proposal:
    cursor = spot.cursor
    start, end = (cursor.start, cursor.end) if cursor is not None else (spot.offset, spot.offset)
    insert = label
    if is_key and not spot.text[end:].lstrip(" \t").startswith(":"):
        insert = f"{label}: "
    before = spot.text[start - 1 : start]
    if start == end and before == ":":
        insert = f" {insert}"  # a value that is written right behind its colon
    return Proposal(label, kind, detail, about, insert, start, end)
