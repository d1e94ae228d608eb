"""
The page of a framework, with its coverage, and what the front page says of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.model.catalogue import Decided
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Bullets,
    Code,
    Entry,
    Line,
    Link,
    Meter,
    Note,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Terms,
    joined,
    prose,
)
from auditor.reporters.docs.places import anchor
from auditor.reporters.docs.tailored import severity_badge
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.catalogue import Catalogue, Control
    from auditor.reporters.docs.material import BrokenPolicy, Material, ShownPack, ShownPolicy
    from auditor.reporters.docs.places import Places


@dataclass(frozen=True, slots=True, eq=False)
class Framework:
    """A pack with everything that stands in it."""

    pack: str
    catalogue: Catalogue | None
    words: ShownPack | None
    policies: tuple[ShownPolicy, ...]
    broken: tuple[BrokenPolicy, ...]

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return (self.words.title if self.words else "") or self.pack


class Coverage:
    """
    Which policies decide which control.

    Args:
        material: All policies: those of one pack may serve controls of another.
    """

    def __init__(self, material: Material) -> None:
        self._material = material

    def policies(self, control: Control) -> list[ShownPolicy]:
        """Return the policies that decide a control, sorted by id."""
        return [one for one in self._material.policies if control.id in one.policy.summary.controls]

    def broken(self, control: Control) -> list[BrokenPolicy]:
        """Return the policies that are to decide a control, and cannot be used."""
        return [one for one in self._material.broken if control.id in one.controls]

    def count(self, catalogue: Catalogue) -> int:
        """Return the number of controls that a policy decides."""
        return sum(bool(self.policies(one)) for one in catalogue.controls)

    def badges(self, control: Control) -> Line:
        """Return what is to be said of a control at a glance."""
        attested = control.decided is Decided.BY_ATTESTATION
        if self.policies(control):
            return (Badge("attested" if attested else "has a policy", "good"),)
        if self.broken(control):
            return (Badge("its policy is broken", "bad"),)
        if attested:
            return (Badge("not covered", "open"), " ", Badge("to be attested", "quiet"))
        return (Badge("not covered", "open"),)


def framework_of(pack: str, material: Material) -> Framework:
    """Gather what belongs to a pack."""
    return Framework(
        pack,
        next((one for one in material.catalogues if one.pack == pack), None),
        next((one for one in material.packs if one.pack == pack and not one.is_above), None),
        tuple(one for one in material.policies if one.policy.summary.pack == pack),
        tuple(one for one in material.broken if one.pack == pack),
    )


def framework_page(one: Framework, coverage: Coverage, places: Places) -> Page:
    """Return the page of a framework."""
    return Page(
        places.packs[one.pack],
        one.title,
        "Framework" if one.catalogue else "Pack",
        tuple(_blocks(one, coverage, places)),
        entries=(Entry("framework", one.title, _about(one) or one.pack, places.packs[one.pack]),),
    )


def _about(one: Framework) -> str:
    return " ".join(one.words.about.split()) if one.words else ""


def _blocks(one: Framework, coverage: Coverage, places: Places) -> Iterator[Block]:
    if _about(one):
        yield Paragraph(prose(_about(one)), is_lead=True)
    if one.broken:
        yield Section("Broken policies", "broken", tuple(_broken(one.broken)))
    if one.words is not None and one.words.problems:
        lines = [prose(text) for text in one.words.problems]
        yield Section(
            "Words that cannot be used",
            "broken-words",
            (Note(("The shared words of this pack have faults.",), "bad"), Bullets.of(lines)),
        )
    catalogue = one.catalogue
    if catalogue is not None:
        yield Section("Coverage", "coverage", tuple(_figures(catalogue, coverage)))
        yield Section("What it demands", "demands", tuple(_areas(catalogue, coverage, places)))
    else:
        yield Section(
            "What it demands",
            "demands",
            (
                Paragraph(
                    (
                        "No catalogue stands beside its policies: they serve no control of this pack.",
                    )
                ),
            ),
        )
    yield Section("Policies", "policies", tuple(_policies(one, places)))
    yield Section("Parameters", "parameters", tuple(_parameters(one, places)))
    if catalogue is not None:
        yield Section("Not covered", "not-covered", tuple(_uncovered(catalogue, coverage, places)))
    if one.words is not None and one.words.file in places.words:
        page = places.words[one.words.file]
        yield Section(
            "Words",
            "words",
            (
                Paragraph(
                    (
                        f"{counted(len(one.words.words), 'word')} that its policies share: ",
                        Link(f"Words of {one.pack}", page),
                        ".",
                    )
                ),
            ),
        )
    yield Section("Source", "source", (Terms(tuple(_source(one))),))


def _broken(broken: tuple[BrokenPolicy, ...]) -> Iterator[Block]:
    yield Note(("These policies cannot be used: nothing is judged by them.",), "bad")
    for one in broken:
        lines = [prose(text) for text in one.problems]
        controls = f" (for {', '.join(one.controls)})" if one.controls else ""
        yield Section(
            one.name,
            anchor("broken", one.name),
            (Paragraph((Code(one.file), controls)), Bullets.of(lines)),
            (Badge("broken", "bad"),),
        )


def _figures(catalogue: Catalogue, coverage: Coverage) -> Iterator[Block]:
    total = len(catalogue.controls)
    count = coverage.count(catalogue)
    attested = sum(one.decided is Decided.BY_ATTESTATION for one in catalogue.controls)
    yield Meter(count, total, "controls have a policy")
    yield Terms(
        (
            ("Controls", (str(total),)),
            ("From recorded facts", (str(total - attested),)),
            ("By attestation", (str(attested),)),
            ("With a policy", (str(count),)),
            ("Not covered", (str(total - count),)),
        )
    )
    text = "That a policy decides a control says what it was written for; whether it does so rightly, its"
    yield Paragraph((f"{text} examples show.",))


def _areas(catalogue: Catalogue, coverage: Coverage, places: Places) -> Iterator[Block]:
    areas = dict.fromkeys(one.area for one in catalogue.controls)
    for area in areas:
        rows = tuple(
            Row(
                (
                    (Link(one.id, places.controls[one.id], is_code=True),),
                    prose(one.rule),
                    coverage.badges(one),
                    joined([(places.policy_link(each.id),) for each in coverage.policies(one)]),
                ),
                anchor(one.id),
            )
            for one in catalogue.controls
            if one.area == area
        )
        head = ("Control", "Rule", "Status", "Policies")
        yield Section(area, anchor("area", area), (Table(head, rows, f"Controls: {area}"),))


def _policies(one: Framework, places: Places) -> Iterator[Block]:
    if not one.policies:
        yield Paragraph(("None that can be used.",))
        return
    rows = tuple(
        Row(
            (
                (places.policy_link(each.id),),
                prose(each.policy.summary.title),
                (severity_badge(each.policy.summary.severity),),
                joined(
                    [(places.control_link(control),) for control in each.policy.summary.controls]
                ),
                _tally(each),
            )
        )
        for each in one.policies
    )
    yield Table(("Policy", "What it finds", "Severity", "Controls", "Examples"), rows, "Policies")


def _tally(one: ShownPolicy) -> Line:
    count = len([case for case in one.cases if case.result.case.expect])
    return (str(count),) if count else (Badge("no examples", "open"),)


def _parameters(one: Framework, places: Places) -> Iterator[Block]:
    rows = tuple(
        Row(
            (
                (
                    Link(
                        param.name,
                        places.policies[each.id],
                        anchor("param", param.name),
                        is_code=True,
                    ),
                ),
                (places.policy_link(each.id),),
                (Code(dict(each.policy.summary.params)[param.name]),),
                prose(param.about),
            )
        )
        for each in one.policies
        for param in each.draft.params
    )
    if rows:
        yield Table(("Parameter", "Policy", "Value", "What it is"), rows, "Parameters")
    else:
        yield Paragraph(("None.",))


def _uncovered(catalogue: Catalogue, coverage: Coverage, places: Places) -> Iterator[Block]:
    lines: list[Line] = [
        (Link(one.id, places.controls[one.id], is_code=True),)
        for one in catalogue.controls
        if not coverage.policies(one)
    ]
    if lines:
        yield Paragraph(
            (f"{counted(len(lines), 'control')} that no policy decides: ", *joined(lines), ".")
        )
    else:
        yield Paragraph(("None: every control has a policy.",))


def _source(one: Framework) -> Iterator[tuple[str, Line]]:
    yield "Pack", (Code(one.pack),)
    if one.catalogue is not None:
        yield (
            "Catalogue",
            (
                Code(one.catalogue.location.path),
                f", version {one.catalogue.version}, in force since {one.catalogue.date}",
            ),
        )
    if one.words is not None and one.words.file is not None:
        yield "Words", (Code(one.words.file),)
