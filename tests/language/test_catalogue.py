"""What a catalogue says, and what is wrong with one, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from auditor.language.catalogue import parse_catalogue
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import parse_policy
from auditor.language.unknown_controls import unknown_controls
from auditor.model.catalogue import Decided
from auditor.model.errors import AuditorError, ErrorGroup

if TYPE_CHECKING:
    from auditor.model.catalogue import Catalogue

HEAD: Final = "framework: house\nversion: 2\ndate: 2026-11-21\ncontrols:\n"
CONTROL: Final = """\
  - id: HOUSE-A-01
    area: Order
    target: project
    decided: automatically
    rule: Things have a place.
    edges: [two places]
"""
VOUCHED: Final = """\
  - id: HOUSE-A-02
    area: Order
    stage: At the end
    target: unit
    decided: by attestation
    attest: {by: [DM, PM], valid_for: 365 days}
    rule: >
      Nothing
      lies about.
    edges: []
    parameters: {limit: 24 hours, score: 12, kinds: [a, b]}
    house_rule: The text says little.
"""


def read(text: str, *, pack: str = "home") -> Catalogue:
    """Read a catalogue of the pack ``home``."""
    return parse_catalogue(PolicyText(f"{pack}/catalogue.yaml", pack, text.encode()))


def faults(text: str) -> list[AuditorError]:
    """Return what is wrong with a catalogue."""
    with pytest.raises(ErrorGroup) as caught:
        read(text)
    return list(caught.value.errors)


def places(text: str) -> list[tuple[str, int, int]]:
    """Return the slug and place of everything that is wrong."""
    return [
        (fault.slug, fault.location.line, fault.location.column)
        for fault in faults(text)
        if fault.location is not None
    ]


def test_everything_that_is_written_is_read() -> None:
    """The head, and of each control what it says; what it does not say is absent."""
    catalogue = read(HEAD + CONTROL + VOUCHED)
    first, second = catalogue.controls

    assert (catalogue.framework, catalogue.pack) == ("house", "home")
    assert (catalogue.version, catalogue.date, catalogue.prefix) == ("2", "2026-11-21", "HOUSE-")
    assert (first.id, first.area, first.stage, first.target) == (
        "HOUSE-A-01", "Order", None, "project",
    )  # fmt: skip
    assert (first.decided, first.attested_by, first.valid_for) == (Decided.AUTOMATICALLY, (), None)
    assert (first.rule, first.edges) == ("Things have a place.", ("two places",))
    assert (first.parameters, first.house_rule) == ((), None)
    assert str(first.location) == "home/catalogue.yaml:5:5"
    assert second.decided is Decided.BY_ATTESTATION
    assert (second.stage, second.attested_by, second.valid_for) == (
        "At the end", ("DM", "PM"), "365 days",
    )  # fmt: skip
    assert (second.rule, second.edges) == ("Nothing lies about.", ())
    assert second.parameters == (("limit", "24 hours"), ("score", "12"), ("kinds", ("a", "b")))
    assert second.house_rule == "The text says little."


@pytest.mark.parametrize(
    ("before", "after", "slug", "line", "column"),
    [
        ("    area:", "    aera:", "policy-unknown-key", 6, 5),
        ("Things have a place.", "''", "policy-wrong-kind", 9, 11),
        ("Things have a place.", "' '", "policy-wrong-kind", 9, 11),
        ("project", "programme", "policy-unknown-value", 7, 13),
        ("automatically", "by hand", "policy-unknown-value", 8, 14),
        ("HOUSE-A-01", "HUOSE-A-01", "policy-control-id", 5, 9),
        ("HOUSE-A-01", "HOUSE", "policy-control-id", 5, 9),
        ("HOUSE-A-01", "house-a-01", "policy-control-id", 5, 9),
        ("[two places]", "two places", "policy-wrong-kind", 10, 12),
        ("[two places]", "[two places, one, two places]", "policy-duplicate-control", 10, 30),
        ("2026-11-21", "2026-02-30", "policy-day", 3, 7),
        ("2026-11-21", "21.11.2026", "policy-day", 3, 7),
        ("version: 2", "version: 2\nauthor: me", "policy-unknown-key", 3, 1),
        ("    edges:", "    parameters: {1st: a}\n    edges:", "policy-name", 10, 18),
        ("    edges:", "    attest: {by: [DM], valid_for: 1 day}\n    edges:", "policy-unknown-key", 10, 13),
    ],
)  # fmt: skip
def test_a_fault_is_shown_where_it_is(
    before: str, after: str, slug: str, line: int, column: int
) -> None:
    """A slip has its line and column; a missing key may follow from it."""
    text = (HEAD + CONTROL).replace(before, after, 1)

    assert (slug, line, column) in places(text)
    assert {found for found, _, _ in places(text)} <= {slug, "policy-missing-key"}


def test_a_misspelt_key_has_a_suggestion() -> None:
    """Whoever writes ``aera`` means ``area``."""
    found = {fault.slug: fault for fault in faults((HEAD + CONTROL).replace("area", "aera"))}

    assert found["policy-unknown-key"].message == "a control has no key 'aera'"
    assert found["policy-unknown-key"].hint == "did you mean 'area'?"
    assert found["policy-missing-key"].message == "the control 'HOUSE-A-01' has no 'area'"


def test_a_control_is_listed_once() -> None:
    """The second one is marked, and says where the first is."""
    (fault,) = faults(HEAD + CONTROL + CONTROL)

    assert fault.slug == "policy-duplicate-control"
    assert str(fault.location) == "home/catalogue.yaml:11:9"
    assert fault.message == "'HOUSE-A-01' is there already, in line 5"


@pytest.mark.parametrize("key", ["id", "area", "target", "decided", "rule", "edges"])
def test_what_a_control_must_have(key: str) -> None:
    """Edges too: a control without any says so by an empty list."""
    lines = [line for line in CONTROL.splitlines() if line.split(":")[0].strip(" -") != key]
    text = "\n".join(lines).replace("    area", "  - area", int(key == "id"))

    assert ("policy-missing-key", 5, 5) in places(HEAD + text)


@pytest.mark.parametrize("key", ["framework", "version", "date", "controls"])
def test_what_a_catalogue_must_have(key: str) -> None:
    """Whose controls these are, in which version, since when."""
    text = (HEAD + CONTROL).replace(f"{key}:", f"x-{key}:", 1)

    assert f"the catalogue has no '{key}'" in [fault.message for fault in faults(text)]


def test_an_attested_control_says_who_vouches() -> None:
    """By which role, and for how long a word holds."""
    gone = VOUCHED.replace("    attest: {by: [DM, PM], valid_for: 365 days}\n", "")
    nobody = VOUCHED.replace("[DM, PM]", "[]")
    for_ever = VOUCHED.replace("365 days", "ever")

    assert [fault.message for fault in faults(HEAD + gone)] == [
        "the control 'HOUSE-A-02' does not say who vouches"
    ]
    assert places(HEAD + nobody) == [("policy-wrong-kind", 10, 18)]
    assert places(HEAD + for_ever) == [("policy-wrong-kind", 10, 39)]


@pytest.mark.parametrize("text", ["[]", HEAD + "  []", HEAD.replace("controls:\n", "controls: 3")])
def test_no_list_of_controls(text: str) -> None:
    """A list alone, an empty one, and a number are no catalogue."""
    assert {fault.slug for fault in faults(text)} == {"policy-wrong-kind"}


POLICY: Final = """\
id: thing-lies-about
title: T
why: W
controls: [HOUSE-A-01, {named}]
severity: low
fix: F
require: [{{that: 'size(risks) == 0', say: S}}]
"""


@pytest.mark.parametrize(
    ("pack", "named", "hint"),
    [
        ("home", "HOUSE-A-11", "did you mean 'HOUSE-A-01'?"),
        ("elsewhere", "HOUSE-A-11", "did you mean 'HOUSE-A-01'?"),
        ("home", "SUOHE-A-01", "did you mean 'HOUSE-A-01'?"),
        ("home", "X-9", "`auditor policy coverage --controls` lists them"),
    ],
)
def test_a_policy_that_names_no_control(pack: str, named: str, hint: str) -> None:
    """Where its framework or its own pack has a catalogue; the name is marked."""
    draft = parse_policy(PolicyText("p/x.yaml", pack, POLICY.format(named=named).encode()))
    (fault,) = unknown_controls([draft], [read(HEAD + CONTROL)])

    assert fault.slug == "policy-unknown-control"
    assert fault.message == f"no catalogue has a control '{named}'"
    assert (str(fault.location), fault.hint) == ("p/x.yaml:4:24", hint)


@pytest.mark.parametrize("named", ["OTHER-A-01", "HOUSEHOLD-A-01"])
def test_of_a_framework_without_a_catalogue_nobody_can_say(named: str) -> None:
    """An organisation's own pack needs no catalogue, and its controls are what it says."""
    draft = parse_policy(PolicyText("p/x.yaml", "elsewhere", POLICY.format(named=named).encode()))

    assert unknown_controls([draft], [read(HEAD + CONTROL)]) == []
