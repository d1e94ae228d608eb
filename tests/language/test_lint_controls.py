"""What a catalogue leaves to an organisation must not be fixed in a policy, nor decided otherwise than it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.language.catalogue import parse_catalogue
from auditor.language.policy_draft import PolicyText

if TYPE_CHECKING:
    Linter = Any

CATALOGUE = """\
framework: seef
version: 1
date: 2026-01-01
controls:
  - id: SEEF-MON-04
    area: A
    target: project
    decided: automatically
    rule: R
    edges: []
    parameters: {PARAMETERS}
  - id: SEEF-MON-05
    area: A
    target: unit
    decided: by attestation
    attest: {by: [DM], valid_for: 365 days}
    rule: R
    edges: []
"""
POLICY = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [SEEF-MON-04]
severity: high
params: {limit: {default: 3, about: Days}}
for: {blocker: blockers}
empty: not_applicable
require:
  - that: "THAT"
    say: "{blocker.description} is open, {params.limit} {size(blocker.id) > 12}."
fix: Resolve it.
"""


def said(linter: Linter, text: str, parameters: str = "") -> list[tuple[str, str, str]]:
    """Return slug, place and message of what is said of a policy beside a catalogue."""
    written = CATALOGUE.replace("PARAMETERS", parameters).encode()
    catalogue = parse_catalogue(PolicyText("p/catalogue.yaml", "p", written))
    return [
        (
            found.slug,
            f"{found.location.line}:{found.location.column}-{found.location.end_column}",
            found.message,
        )
        for found in linter.of(text, catalogue)
    ]


@pytest.mark.parametrize(
    ("parameter", "demand", "place"),
    [
        pytest.param("score: 12", "size(blocker.id) < 12", "10:31-33", id="compared"),
        pytest.param("score: 12", "blocker.id == string(12) || size(blocker.id) < 9", "10:33-35", id="given"),
        pytest.param("share: 90 %", "ratio(size(blocker.id), 9, 0 %) < 90 %", "10:46-50", id="ratio"),
        pytest.param("share: 90 %", "double(size(blocker.id)) < 0.9", "10:39-42", id="ratio-as-number"),
        pytest.param(
            "wait: 24 hours", "blocker.raised_at.plus(span('24 hours')).by(as_of)", "10:35-51", id="span",
        ),
        pytest.param("wait: 2 weeks", "blocker.raised_at.plus(span('14 days')).by(as_of)", "10:35-50", id="weeks"),
        pytest.param("wait: 24 hours", "as_of - period.starts_at < duration('24h')", "10:39-54", id="elapsed"),
        pytest.param("role: DM", "parties.exists(p, p.id == blocker.owner && p.name == 'DM')", "10:65-69", id="text"),
        pytest.param("kinds: [a, b]", "blocker.id in ['b', 'a']", "10:26-36", id="list"),
    ],
)  # fmt: skip
def test_a_fixed_parameter_is_told(linter: Linter, parameter: str, demand: str, place: str) -> None:
    """Whatever it is spelled like, it is the same."""
    name = parameter.partition(":")[0]

    assert said(linter, POLICY.replace("THAT", demand), parameter) == [
        (
            "policy-fixed-param",
            place,
            f"this is fixed, and an organisation may choose it: it is the parameter '{name}' of SEEF-MON-04",
        )
    ]


@pytest.mark.parametrize(
    ("parameter", "demand"),
    [
        pytest.param("score: 12", "size(blocker.id) < 13", id="another-number"),
        pytest.param("score: 12", "size(blocker.id) * 12 < 30", id="a-factor"),
        pytest.param("score: 2", "sprints[2].id == 'x' + blocker.id", id="an-index"),
        pytest.param("score: 1", "size(blocker.id) > 1", id="more-than-one"),
        pytest.param("limit: 12", "size(blocker.id) < 12", id="a-parameter-of-that-name"),
        pytest.param("least: 3", "size(blocker.id) < 3", id="a-parameter-of-that-value"),
        pytest.param("wait: 24 hours", "blocker.raised_at.plus(span('24 working hours')).by(as_of)", id="another-length"),
        pytest.param("wait: 24 hours", "size(blocker.id) < 24", id="no-length"),
        pytest.param("kinds: [a, b]", "blocker.id in ['a', 'b', 'c']", id="more-than-the-list"),
        pytest.param("role: DM", "blocker.id == 'dm'", id="another-text"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_let_be(linter: Linter, parameter: str, demand: str) -> None:
    """Counting, and what the policy lets an organisation choose already."""
    assert said(linter, POLICY.replace("THAT", demand), parameter) == []


def test_a_word_of_the_policy_fixes_it_as_well(linter: Linter) -> None:
    """A definition decides as much as what calls it."""
    text = POLICY.replace("THAT", "few(blocker)").replace(
        "require:", "define: {few(b): size(b.id) < 12}\nrequire:"
    )

    assert [found[:2] for found in said(linter, text, "score: 12")] == [
        ("policy-fixed-param", "9:31-33")
    ]


def test_another_control_s_parameters_do_not_matter(linter: Linter) -> None:
    """A figure is fixed only where the control lets one choose it."""
    text = POLICY.replace("THAT", "size(blocker.id) < 12").replace("MON-04", "MON-99")

    assert [slug for slug, *_ in said(linter, text, "score: 12")] == ["policy-unknown-control"]


def test_what_is_judged_must_be_what_the_control_is_about(linter: Linter) -> None:
    """A control of units is not decided by looking at projects."""
    text = POLICY.replace("THAT", "size(blocker.id) < 9").replace("-04]", "-04, SEEF-MON-05]")

    assert said(linter, text) == [
        (
            "policy-control-target",
            "4:25-36",
            "SEEF-MON-05 is about a unit, and this policy judges a project",
        )
    ]


def test_who_may_vouch_the_catalogue_says(linter: Linter) -> None:
    """A role more is one that nobody agreed to; one less is the author's choice."""
    text = (
        "id: blocker-left-open\ntitle: T\nwhy: W\ncontrols: [SEEF-MON-05]\nseverity: low\nfix: F\n"
        "target: unit\nattest: {by: [DM, PM], valid_for: 90 days}\n"
    )

    assert said(linter, text) == [
        (
            "policy-control-attest",
            "8:19-21",
            "PM may not vouch for SEEF-MON-05: the catalogue names DM",
        )
    ]
    assert said(linter, text.replace(", PM", "")) == []
