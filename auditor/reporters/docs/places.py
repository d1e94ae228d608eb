"""
Where each control, policy, word, fact and function is told of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.facts.field_reference import entities
from auditor.language.function_reference import MACRO_NOTES
from auditor.reporters.docs.addresses import FUNCTIONS, Addresses
from auditor.reporters.docs.elements import Link

if TYPE_CHECKING:
    from auditor.facts.field_reference import Entity
    from auditor.language.function_reference import MacroNote
    from auditor.reporters.docs.material import Material, ShownPolicy

Spot = tuple[str, str]
"""Address of a page, and an anchor on it."""

ALWAYS: Final = ("as_of", "period", "params", "attestation")
"""Names that expressions have beside the facts."""
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_MACRO: Final = re.compile(r"\b(?:xs|o|cel)\.(\w+)\(")
_PROV: Final = "prov"
_TARGETS: Final = ("project", "unit", "portfolio")


def anchor(*parts: str) -> str:
    """Return a name for a place on a page."""
    return "-".join(_UNFIT.sub("-", part).strip("-") for part in parts if part)


def macro_anchor(note: MacroNote) -> str:
    """Return the place of what is said of macros, which is named for all that it speaks of."""
    return anchor("macro", *_MACRO.findall(note.forms))


class Places:
    """
    Knows the place of everything that the documentation tells of.

    Args:
        material: All of it.
    """

    def __init__(self, material: Material) -> None:
        addresses = Addresses()
        catalogues = material.catalogues
        packs = [one.pack for one in catalogues]
        packs += [one.policy.summary.pack for one in material.policies]
        packs += [one.pack for one in material.broken]
        packs += [one.pack for one in material.packs if not one.is_above]
        self.packs = {pack: addresses.of("frameworks", pack) for pack in dict.fromkeys(packs)}
        named = {one.pack: one.title for one in material.packs if not one.is_above}
        self.titles = {pack: named.get(pack) or pack for pack in self.packs}
        controls = [control.id for one in catalogues for control in one.controls]
        controls += [control.id for control, _ in material.borrowed]
        self.controls = {one: addresses.of("controls", one) for one in controls}
        self.policies = {one.id: addresses.of("policies", one.id) for one in material.policies}
        self.words = {
            one.file: addresses.of("words", one.file, "shared" if one.is_above else one.pack)
            for one in material.packs
            if one.file is not None and one.words
        }
        self._defined = {
            one.file: {word.draft.name: word for word in one.words}
            for one in material.packs
            if one.file is not None
        }
        self.entities: dict[str, list[Entity]] = {}
        known: dict[str, str] = {}
        for target in _TARGETS:
            # What a portfolio holds are projects and units: their fields are told on their own pages.
            told = dict(known) if target == "portfolio" else {}
            self.entities[target] = entities(target, material.schemas[target], told)
            known = {**told, **known}
        self._fields = {
            (target, key): (self.fields_page(target), anchor(key))
            for target, found in self.entities.items()
            for entity in found
            for key in (entity.name, *(row.key for row in entity.rows if not row.same_as))
        }
        self.functions = {
            name: (FUNCTIONS, anchor("function", name))
            for library in material.libraries
            for name in (entry.name for entry in library.overloads)
        }
        self.always: dict[str, Spot] = {name: (FUNCTIONS, anchor("name", name)) for name in ALWAYS}
        self.macros: dict[str, Spot] = {}
        for note in MACRO_NOTES:
            for name in _MACRO.findall(note.forms):
                self.macros.setdefault(name, (FUNCTIONS, macro_anchor(note)))

    @staticmethod
    def fields_page(target: str) -> str:
        """Return the page of the fields of one kind of snapshot."""
        return f"fields/{target}"

    def field(self, target: str, key: str) -> Spot | None:
        """Return where a fact is told of; what a portfolio holds, on the page of what it is about."""
        found = self._fields.get((target, key))
        entity, dot, field = key.rpartition(".")
        if found is None and dot and field == _PROV and (target, entity) in self._fields:
            return self.fields_page(target), _PROV  # every record has it, and it is told once
        if found is not None or target != "portfolio":
            return found
        for whole, below in (("project", "projects."), ("unit", "units.")):
            if key.startswith(below):
                return self._fields.get((whole, key.removeprefix(below)))
        return None

    def heading(self, heading: str) -> Spot:
        """Return where an entity is told of, by its heading: ``project: blockers``."""
        target, _, name = heading.partition(": ")
        return self.fields_page(target), anchor(name)

    def word(self, name: str, shown: ShownPolicy) -> Spot | None:
        """Return where the word that a policy uses is told of."""
        if any(draft.name == name for draft in shown.draft.define):
            return self.policies[shown.id], anchor("word", name)
        return self.shared_word(name, shown.word_files)

    def shared_word(self, name: str, files: tuple[str, ...]) -> Spot | None:
        """Return where a word is told of that stands in one of *files*, the first that has it."""
        for file in files:
            if name in self._defined.get(file, ()):
                return self.words[file], anchor("word", name)
        return None

    def meaning(self, name: str, files: tuple[str, ...]) -> str:
        """Return what is said of a shared word; empty where nobody says anything."""
        found = (self._defined[file].get(name) for file in files if file in self._defined)
        word = next((one for one in found if one is not None), None)
        return "" if word is None else word.about or word.group

    def control_link(self, control: str) -> Link | str:
        """Return the way to a control; its id alone where nothing more is known of it."""
        page = self.controls.get(control)
        return control if page is None else Link(control, page, is_code=True)

    def policy_link(self, policy: str) -> Link:
        """Return the way to a policy."""
        return Link(policy, self.policies[policy], is_code=True)
