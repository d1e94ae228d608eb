"""
The page of a profile: what an organisation chose and changed, by whom, when and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.policy import SEVERITY
from auditor.reporters.docs.addresses import PROFILE
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Bullets,
    Code,
    Entry,
    Fold,
    Line,
    Link,
    Listing,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Terms,
    joined,
)
from auditor.reporters.docs.places import anchor
from auditor.reporters.docs.tailored import changed_how

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.reporters.docs.elements import Tone
    from auditor.reporters.docs.material import Material, ShownProfile
    from auditor.reporters.docs.places import Places
    from auditor.sources.profile import Because

_CHANGE_HEAD: Final = ("Policy", "What", "Before", "After", "How", "By whom and when", "Why")


def profile_page(shown: ShownProfile, material: Material, places: Places) -> Page:
    """
    Return the page of the organisation's profile.

    Args:
        shown: The profile.
        material: Everything, for what it changes.
        places: Where everything is told of.
    """
    profile = shown.profile
    about = f"{profile.title}; {profile.owner} answers for it."
    sections = (
        ("What was tailored", "tailored", _tailored(material, places)),
        ("Packs", "packs", _packs(profile.packs, places)),
        ("Standards", "standards", _standards(shown)),
        ("Calendars", "calendars", _calendars(shown)),
        ("How old a snapshot may be", "freshness", _freshness(shown)),
        ("Vouched for instead", "attest-instead", _attest_instead(shown, places)),
        ("Exclusions", "exclusions", _exclusions(shown, places)),
        ("Own fields", "own-fields", _own_fields(shown, places)),
        ("Source", "source", _source(shown)),
    )
    return Page(
        PROFILE,
        profile.title,
        "Profile",
        (
            Paragraph((about,), is_lead=True),
            *(Section(heading, place, tuple(blocks)) for heading, place, blocks in sections),
        ),
        marks=(Badge(f"{profile.id}, version {profile.version}"),),
        entries=(Entry("profile", profile.title, f"{profile.id} {about}", PROFILE),),
    )


def _tailored(material: Material, places: Places) -> Iterator[Block]:
    rows = []
    for one in material.policies:
        for change in one.policy.summary.changes:
            tone: Tone = "open"
            if change.what == SEVERITY:
                tone = "bad" if change.is_relaxing else "good"
            name = change.what.removeprefix("params.")
            place = "severity" if change.what == SEVERITY else anchor("param", name)
            link = Link(one.id, places.policies[one.id], place, is_code=True)
            rows.append(
                Row(
                    (
                        (link,),
                        ("severity",) if change.what == SEVERITY else ("parameter ", Code(name)),
                        (Code(change.before),),
                        (Code(change.after),),
                        (Badge(changed_how(change), tone),),
                        (f"{change.by}, {change.on}" if change.by else "not told",),
                        (change.reason or "not told",),
                    )
                )
            )
    if not rows:
        yield Paragraph(("Nothing: every policy is in force as it is written.",))
        return
    yield Table(_CHANGE_HEAD, tuple(rows), "What was tailored")
    yield Paragraph(
        (
            (
                "A lower severity is relaxed, a higher one tightened. Whether another parameter asks for more or for"
                " less only a person can say, so it is called changed."
            ),
        )
    )


def _packs(packs: tuple[str, ...] | None, places: Places) -> Iterator[Block]:
    if packs is None:
        yield Paragraph(("All packs are judged.",))
        return
    lines: list[Line] = [
        (Link(pack, places.packs[pack]) if pack in places.packs else pack,) for pack in packs
    ]
    yield Paragraph(("Judged are ", *joined(lines), ", and what must hold of an audit itself."))


def _standards(shown: ShownProfile) -> Iterator[Block]:
    if shown.profile.standards is None:
        yield Paragraph(("None: each snapshot knows its own, or nobody knows them.",))
        return
    yield Paragraph(
        (
            "Given to snapshots that do not know their own, whole or not at all: ",
            Code(shown.profile.standards),
            ".",
        )
    )
    yield Fold("The standards", (Listing((shown.standards,)),))


def _calendars(shown: ShownProfile) -> Iterator[Block]:
    if not shown.profile.calendars:
        yield Paragraph(("None.",))
        return
    lines: list[Line] = []
    for one in shown.profile.calendars:
        meant = [*one.zones, *one.auditees]
        lines.append((Code(one.name), f" for {', '.join(meant)}" if meant else ""))
    yield Paragraph(("Working calendars for snapshots that know none:",))
    yield Bullets.of(lines)


def _freshness(shown: ShownProfile) -> Iterator[Block]:
    freshness = shown.profile.freshness
    yield Paragraph((Code(freshness.within), " at the judged instant.", *_told(freshness.because)))


def _attest_instead(shown: ShownProfile, places: Places) -> Iterator[Block]:
    rows = []
    for one in shown.profile.attest_instead:
        waiting: list[Line] = [
            (places.policy_link(policy) if policy in places.policies else Code(policy),)
            for policy in one.policies
        ]
        waiting += [(places.control_link(control),) for control in one.controls]
        because = one.because
        cells: tuple[Line, ...] = (
            (Code(one.fact),),
            joined(waiting),
            (" or ".join(one.roles),),
            (one.valid_for,),
            (f"{because.by}, {because.on}",),
            (because.reason,),
        )
        rows.append(Row(cells))
    if not rows:
        yield Paragraph(("No fact.",))
        return
    yield Paragraph(
        ("Facts that a source can never show, for which the word of a person counts instead:",)
    )
    head = ("Fact", "What waits on it", "Who vouches", "Holds for", "By whom and when", "Why")
    yield Table(head, tuple(rows), "Vouched for instead")


def _exclusions(shown: ShownProfile, places: Places) -> Iterator[Block]:
    if not shown.profile.exclusions:
        yield Paragraph(("A project that SEEF validly excludes is exempt from SEEF alone.",))
        return
    lines: list[Line] = []
    for one in shown.profile.exclusions:
        page = places.packs.get(one.framework)
        name = one.framework if page is None else Link(one.framework, page)
        lines.append((name, ".", *_told(one.because)))
    yield Paragraph(("A project that SEEF validly excludes is exempt from these, too:",))
    yield Bullets.of(lines)


def _own_fields(shown: ShownProfile, places: Places) -> Iterator[Block]:
    if shown.profile.ext is None:
        yield Paragraph(("None.",))
        return
    lines: list[Line] = [
        (Link(f"{entity.heading}: {row.path}", *spot, is_code=True), ": ", row.about)
        for target in places.entities
        for entity in places.entities[target]
        for row in entity.rows
        if row.is_own and (spot := places.field(target, row.key)) is not None
    ]
    yield Paragraph(("Typed in ", Code(shown.profile.ext), "."))
    yield Bullets.of(lines)
    yield Fold("The file", (Listing((shown.own_fields,)),))


def _source(shown: ShownProfile) -> Iterator[Block]:
    rows: list[tuple[str, Line]] = [
        ("File", (Code(shown.file),)),
        ("Digest", (Code(shown.digest), " over it and all that it names")),
    ]
    rows += [(f"Mapping of {reader}", (Code(file),)) for reader, file in shown.mappings]
    if shown.profile.population is not None:
        rows.append(("Population", (Code(shown.profile.population),)))
    yield Terms(tuple(rows))


def _told(because: Because | None) -> Line:
    if because is None:
        return ()
    return (f" Why: {because.reason.removesuffix('.')}. By {because.by} on {because.on}.",)
