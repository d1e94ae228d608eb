"""
All pages of the documentation, from what there is to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.field_reference import TITLES
from auditor.language.vocabulary import PACK_FILE
from auditor.reporters.docs.addresses import FUNCTIONS, INDEX, PROFILE
from auditor.reporters.docs.controls import control_page
from auditor.reporters.docs.elements import (
    Block,
    Bullets,
    Entry,
    Line,
    Link,
    Meter,
    Note,
    Page,
    Paragraph,
    Section,
    Site,
    Way,
    prose,
)
from auditor.reporters.docs.frameworks import Coverage, framework_of, framework_page
from auditor.reporters.docs.places import Places
from auditor.reporters.docs.policy_page import policy_page
from auditor.reporters.docs.profile_page import profile_page
from auditor.reporters.docs.reference import fields_page, functions_page
from auditor.reporters.docs.words import word_page
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.reporters.docs.frameworks import Framework
    from auditor.reporters.docs.material import Material, ShownPack


def build_site(material: Material) -> Site:
    """Return every page, the front page first."""
    return _Builder(material).site()


class _Builder:
    def __init__(self, material: Material) -> None:
        self._material = material
        self._places = Places(material)
        self._coverage = Coverage(material)
        self._frameworks = [framework_of(pack, material) for pack in self._places.packs]
        self._parents: dict[str, str] = {}

    def site(self) -> Site:
        pages = (
            self._index(),
            *(framework_page(one, self._coverage, self._places) for one in self._frameworks),
            *self._controls(),
            *self._policies(),
            *self._words(),
            *(fields_page(target, self._material, self._places) for target in TITLES),
            functions_page(self._material.libraries),
            *self._profile(),
        )
        return Site(pages, self._contents(), self._parents)

    # ----- pages

    def _index(self) -> Page:
        return Page(
            INDEX,
            "Policies and what they demand",
            "Overview",
            tuple(self._overview()),
            entries=(Entry("page", "Overview", "All frameworks, with coverage.", INDEX),),
        )

    def _overview(self) -> Iterator[Block]:
        material, places = self._material, self._places
        told = counted(len(material.policies), "policy", "policies")
        if material.catalogues:
            controls = sum(len(one.controls) for one in material.catalogues)
            frameworks = counted(len(material.catalogues), "framework")
            told += f", written against {counted(controls, 'control')} of {frameworks}"
        cases = sum(
            bool(each.result.case.expect) for one in material.policies for each in one.cases
        )
        told += f". {counted(cases, 'example')} of what passes and what fails were run to write these pages."
        yield Paragraph((told,), is_lead=True)
        if material.broken:
            lines: list[Line] = [
                (Link(one.name, places.packs[one.pack], "broken", is_code=True), f" in {one.file}")
                for one in material.broken
            ]
            text = f"{counted(len(lines), 'policy', 'policies')} cannot be used, and nothing is judged by it."
            yield Note((text if len(lines) == 1 else text.replace("by it", "by them"),), "bad")
            yield Bullets.of(lines)
        for problem in material.problems:
            yield Note(prose(problem), "bad")
        if material.profile is not None:
            link = Link(material.profile.profile.title, PROFILE)
            changed = sum(len(one.policy.summary.changes) for one in material.policies)
            yield Paragraph(
                ("As tailored by the profile ", link, f": {counted(changed, 'change')}.")
            )
        for one in self._frameworks:
            yield Section(one.title, one.pack, tuple(self._summary(one)))

    def _summary(self, one: Framework) -> Iterator[Block]:
        if one.words is not None and one.words.about:
            yield Paragraph((" ".join(one.words.about.split()),))
        if one.catalogue is not None:
            count = self._coverage.count(one.catalogue)
            yield Meter(count, len(one.catalogue.controls), "controls have a policy")
        page = self._places.packs[one.pack]
        line: Line = (Link(f"Open {one.title}", page), ": ")
        yield Paragraph((*line, counted(len(one.policies), "policy", "policies"), "."))

    def _controls(self) -> Iterator[Page]:
        for catalogue in self._material.catalogues:
            for control in catalogue.controls:
                page = control_page(control, catalogue, self._coverage, self._places)
                self._parents[page.address] = self._places.packs[catalogue.pack]
                yield page
        for control, catalogue in self._material.borrowed:
            page = control_page(control, catalogue, self._coverage, self._places)
            self._parents[page.address] = INDEX
            yield page

    def _policies(self) -> Iterator[Page]:
        controls = {
            control.id: control for one in self._material.catalogues for control in one.controls
        }
        controls |= {control.id: control for control, _ in self._material.borrowed}
        for one in self._material.policies:
            yield policy_page(one, controls, self._places)

    def _words(self) -> Iterator[Page]:
        above = [one for one in self._material.packs if one.is_above]
        for one in self._material.packs:
            if one.file not in self._places.words:
                continue
            files = [str(one.file), *(words.file for words in above if _reaches(words, one))]
            judged = {
                each.policy.summary.target
                for each in self._material.policies
                if one.is_above or each.policy.summary.pack == one.pack
            }
            targets = tuple(target for target in TITLES if target in judged)
            page = word_page(
                one, [file for file in files if file], targets, self._material, self._places
            )
            if not one.is_above:
                self._parents[page.address] = self._places.packs[one.pack]
            yield page

    def _profile(self) -> Iterator[Page]:
        if self._material.profile is not None:
            yield profile_page(self._material.profile, self._material, self._places)

    # ----- contents

    def _contents(self) -> tuple[tuple[str, tuple[Way, ...]], ...]:
        places = self._places
        frameworks = tuple(
            Way(
                one.title,
                places.packs[one.pack],
                tuple(
                    Way(each.id, places.policies[each.id], is_code=True) for each in one.policies
                ),
            )
            for one in self._frameworks
        )
        words = tuple(
            Way("Shared words" if one.is_above else f"Words of {one.pack}", places.words[one.file])
            for one in self._material.packs
            if one.file in places.words
        )
        fields = tuple(
            Way(f"Fields: {title.lower()}", places.fields_page(target))
            for target, title in TITLES.items()
        )
        reference = (*fields, Way("Functions", FUNCTIONS), *words)
        groups = [("Start", (Way("Overview", INDEX),)), ("Frameworks", frameworks)]
        if self._material.profile is not None:
            groups.append(("Organisation", (Way("Profile", PROFILE),)))
        return (*groups, ("Reference", reference))


def _reaches(above: ShownPack, one: ShownPack) -> bool:
    """Whether the words beside the packs stand in the folder that holds this pack."""
    if above.file is None or one.file is None or above is one:
        return False
    folder = above.file.removesuffix(PACK_FILE)
    return one.file.startswith(folder)
