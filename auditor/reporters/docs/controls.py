"""
The page of one control, in the same headings for every control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.catalogue import Decided
from auditor.model.outcome import Outcome
from auditor.reporters.docs.cases import case_place, outcome_badge, outcome_of
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Bullets,
    Code,
    Entry,
    Fold,
    Line,
    Link,
    Note,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Terms,
    prose,
)
from auditor.reporters.docs.places import anchor
from auditor.reporters.docs.tailored import severity_badge
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.catalogue import Catalogue, Control
    from auditor.reporters.docs.frameworks import Coverage
    from auditor.reporters.docs.material import ShownPolicy
    from auditor.reporters.docs.places import Places

_IN_SIGHT: Final = 6
"""So many examples of a kind are in sight at once."""


def control_page(
    control: Control, catalogue: Catalogue, coverage: Coverage, places: Places
) -> Page:
    """Return the page of a control, in the same headings for every control."""
    policies = coverage.policies(control)
    above: tuple[Link, ...] = ()
    if catalogue.pack in places.packs:
        above = (Link(places.titles[catalogue.pack], places.packs[catalogue.pack]),)
    here = places.controls[control.id]
    rule = " ".join(control.rule.split())
    return Page(
        here,
        control.id,
        "Control",
        (
            Section("What it demands", "demands", tuple(_demanded(control))),
            Section("Why", "why", tuple(_each(policies, "why", places))),
            Section("How it is decided", "decided", tuple(_deciding(control, coverage, places))),
            Section("Parameters", "parameters", tuple(_choices(control))),
            Section("Edges", "edges", tuple(_edges(control, policies, places))),
            Section("Examples", "examples", tuple(_examples(policies, places))),
            Section("How to fix", "fix", tuple(_each(policies, "fix", places))),
            Section("Source", "source", (Terms(tuple(_control_source(control, catalogue))),)),
        ),
        is_code=True,
        above=above,
        marks=(*(mark for mark in coverage.badges(control) if mark != " "), Badge(control.target)),
        entries=(
            Entry("control", control.id, " ".join((rule, control.area, *control.edges)), here),
        ),
    )


def _demanded(control: Control) -> Iterator[Block]:
    yield Paragraph(prose(" ".join(control.rule.split())), is_lead=True)
    if control.house_rule is not None:
        yield Paragraph(("Rule of the house: ", *prose(" ".join(control.house_rule.split()))))


def _each(policies: list[ShownPolicy], what: str, places: Places) -> Iterator[Block]:
    if not policies:
        yield Paragraph(("No policy tells.",))
        return
    rows = []
    for one in policies:
        text = one.policy.summary.why if what == "why" else one.policy.summary.fix
        rows.append(((places.policy_link(one.id), ": ", *prose(" ".join(text.split()))), None))
    yield Bullets(tuple(rows))


def _deciding(control: Control, coverage: Coverage, places: Places) -> Iterator[Block]:
    if control.decided is Decided.BY_ATTESTATION:
        until = f" Such a word holds for {control.valid_for} at most." if control.valid_for else ""
        yield Paragraph(
            (
                f"By attestation: a person vouches, in the role of {' or '.join(control.attested_by)}.{until}",
            )
        )
    else:
        yield Paragraph(("From recorded facts.",))
    policies = coverage.policies(control)
    if policies:
        rows = tuple(
            Row(
                (
                    (places.policy_link(one.id),),
                    prose(one.policy.summary.title),
                    (severity_badge(one.policy.summary.severity),),
                )
            )
            for one in policies
        )
        yield Table(("Policy", "What it finds", "Severity"), rows, "Policies that decide it")
    else:
        yield Note(("No policy decides it: it is not covered.",))
    for broken in coverage.broken(control):
        page = places.packs[broken.pack]
        link = Link(broken.name, page, anchor("broken", broken.name), is_code=True)
        yield Note(("The policy ", link, " is to decide it, and cannot be used."), "bad")


def _choices(control: Control) -> Iterator[Block]:
    if not control.parameters:
        yield Paragraph(("None.",))
        return
    rows = tuple(
        Row(((Code(name),), (Code(value if isinstance(value, str) else ", ".join(value)),)))
        for name, value in control.parameters
    )
    yield Table(("What may be chosen", "What the catalogue says"), rows, "Parameters")


def _edges(control: Control, policies: list[ShownPolicy], places: Places) -> Iterator[Block]:
    if not control.edges:
        yield Paragraph(("None is listed.",))
        return
    yield Paragraph(
        ("Situations in which a simple rule goes wrong, with the examples that try them:",)
    )
    items: list[tuple[Line, Bullets | None]] = []
    for edge in control.edges:
        tried = [
            _example(one, number, case.result.case.name, places)
            for one in policies
            for number, case in enumerate(one.cases)
            if case.result.case.edge == edge and case.result.case.expect
        ]
        if tried:
            items.append((prose(edge), Bullets.of(tried)))
        else:
            items.append(((*prose(edge), " ", Badge("not tried", "open")), None))
    yield Bullets(tuple(items))


def _examples(policies: list[ShownPolicy], places: Places) -> Iterator[Block]:
    if not policies:
        yield Paragraph(("None.",))
        return
    for outcome in (Outcome.PASS, Outcome.FAIL):
        lines = [
            _example(one, number, case.result.case.name, places)
            for one in policies
            for number, case in enumerate(one.cases)
            if outcome_of(case) is outcome
        ]
        yield Paragraph((outcome_badge(outcome),))
        if not lines:
            yield Paragraph(("None.",))
            continue
        yield Bullets.of(lines[:_IN_SIGHT])
        if more := lines[_IN_SIGHT:]:
            yield Fold(counted(len(more), "more example"), (Bullets.of(more),))


def _example(one: ShownPolicy, number: int, name: str, places: Places) -> Line:
    """Return the way to an example, with the policy that it is of."""
    return (Link(name, places.policies[one.id], case_place(number)), " (", Code(one.id), ")")


def _control_source(control: Control, catalogue: Catalogue) -> Iterator[tuple[str, Line]]:
    yield "Framework", (f"{catalogue.framework}, version {catalogue.version}",)
    yield "Area", (control.area,)
    if control.stage is not None:
        yield "Stage", (control.stage,)
    yield "Target", (control.target,)
    yield "Catalogue", (Code(str(control.location)),)
