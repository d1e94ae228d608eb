"""``auditor policy coverage --controls``: control, policies, cases."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

CATALOGUE = """\
framework: try
version: 2
date: 2026-03-01
controls:
  - id: TRY-A-01
    area: Risks
    stage: At the start
    target: project
    decided: automatically
    rule: Risks are low.
    edges: [exactly at the limit, no risks]
    parameters: {limit: 9, kinds: [a, b]}
  - id: TRY-A-02
    area: Risks
    target: project
    decided: by attestation
    attest: {by: [DM], valid_for: 365 days}
    rule: The DM sleeps well.
    edges: []
    house_rule: The text says nothing of it.
  - id: TRY-A-03
    area: Risks
    target: unit
    decided: automatically
    rule: Nobody is surprised.
    edges: [a surprise]
"""

POLICY = """\
id: {id}
title: A risk is high
why: Somebody has to look.
controls: [{controls}]
severity: low
for: {{risk: risks}}
empty: pass
require:
  - that: risk.score == null || risk.score < {limit}.0
    say: "High: {{risk.score}}."
fix: Lower it.
"""

CASES = """\
policy: score-not-low
base:
  snapshot:
    schema: {name: project, version: 1}
    auditee: "hand:apollo"
    captured_at: 2026-03-31T18:00:00+02:00
    time_zone: Europe/Berlin
    gaps: {}
  project: {id: "hand:apollo", name: Apollo}
cases:
  - name: low
    expect: {outcome: pass}
  - name: nine
    edge: exactly at the limit
    expect: [{outcome: fail}, {outcome: pass}]
  - name: one more
    edge: exactly at the limit
    expect: {outcome: fail}
  - name: unknown
    edge: C14
    expect: {outcome: inconclusive}
  - name: nothing to judge
    edge: no risks
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack with a catalogue of three controls, of which two policies decide one."""
    folder = tmp_path / "policies" / "trial"
    folder.mkdir(parents=True)
    (folder / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "score-not-low.cases.yaml").write_text(CASES, encoding="utf-8")
    for name, limit in (("score-not-low", 9), ("score-not-lower", 8)):
        text = POLICY.format(id=name, controls="TRY-A-01", limit=limit)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_page(pack: Path, auditor: Command) -> None:
    """
    Each control that is covered with its cases, and the names of the others.

    A case that expects two outcomes counts for both, and one that expects nothing yet not at all.
    """
    done = auditor("policy", "coverage", "--controls", "--policies", "policies")

    assert done.code == 0, pack
    assert done.err == ""
    assert (
        done.out
        == """\
try: 1 of 3 controls have a policy (33 %); version 2 of 2026-03-01
  control   cases  pass  fail  inconclusive  not applicable  edges   policies
  TRY-A-01  4      2     2     1             0               1 of 2  score-not-low, score-not-lower
  no policy: TRY-A-02, TRY-A-03

"""
    )


def test_page_in_full(pack: Path, auditor: Command) -> None:
    """What each control demands, and which edge nobody has tried."""
    done = auditor("policy", "coverage", "--controls", "--policies", "policies", "-v")

    assert done.code == 0, pack
    assert done.out.splitlines()[3:] == [
        "      Risks are low.",
        "      no case for the edge: no risks",
        "  no policy:",
        "    TRY-A-02",
        "      The DM sleeps well.",
        "    TRY-A-03",
        "      Nobody is surprised.",
        "",
    ]


def test_document(pack: Path, auditor: Command) -> None:
    """The same for programs, with all that the catalogue says."""
    done = auditor("policy", "coverage", "--controls", "--policies", "policies", "--format", "json")
    tree = json.loads(done.out)
    (framework,) = tree["frameworks"]
    first, second, third = framework.pop("controls")

    assert done.code == 0, pack
    assert tree["schema"] == {"name": "control-coverage", "version": 1}
    assert framework == {
        "framework": "try", "pack": "trial", "version": "2", "date": "2026-03-01", "total": 3, "covered": 1,
    }  # fmt: skip
    assert first == {
        "id": "TRY-A-01",
        "area": "Risks",
        "stage": "At the start",
        "target": "project",
        "decided": "automatically",
        "attested_by": [],
        "valid_for": None,
        "rule": "Risks are low.",
        "house_rule": None,
        "parameters": {"limit": "9", "kinds": ["a", "b"]},
        "edges": [{"edge": "exactly at the limit", "cases": 2}, {"edge": "no risks", "cases": 0}],
        "policies": [
            {
                "id": "score-not-low",
                "pack": "trial",
                "severity": "low",
                "cases": 4,
                "expected": {
                    "error": 0, "fail": 2, "inconclusive": 1, "pass": 2, "not_applicable": 0,
                },
            },
            {
                "id": "score-not-lower",
                "pack": "trial",
                "severity": "low",
                "cases": 0,
                "expected": {
                    "error": 0, "fail": 0, "inconclusive": 0, "pass": 0, "not_applicable": 0,
                },
            },
        ],
    }  # fmt: skip
    assert (second["attested_by"], second["valid_for"]) == (["DM"], "365 days")
    assert (second["house_rule"], second["stage"]) == ("The text says nothing of it.", None)
    assert third["policies"] == []


def test_matrix(pack: Path, auditor: Command) -> None:
    """Control, rule, policies, cases by outcome, and each edge with the number of cases that name it; escaped."""
    text = CATALOGUE.replace("rule: Risks are low.", "rule: Risks are <low> & few.")
    (pack / "catalogue.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "coverage", "--controls", "--policies", "policies", "--format", "html")
    rows = re.findall(
        r'<tr role="row" id="(.*?)".*?data-state="(.*?)">(.*?)</tr>', done.out, re.DOTALL
    )
    cells = {
        control: [
            " ".join(re.sub(r"<.*?>", " ", cell).split())
            for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.DOTALL)
        ]
        for control, _, row in rows
    }

    assert (done.code, done.err) == (0, "")
    assert [(control, state) for control, state, _ in rows] == [
        ("TRY-A-01", "with untested edge"), ("TRY-A-02", "without"), ("TRY-A-03", "without edge"),
    ]  # fmt: skip
    assert cells["TRY-A-01"] == [
        "TRY-A-01 Risks, At the start project, automatically",
        "Risks are &lt;low&gt; &amp; few.",
        (
            "score-not-low low 4 cases: fail 2 inconclusive 1 pass 2 pass low"
            " fail pass nine (edge: exactly at the limit) fail one more (edge: exactly at the limit)"
            " inconclusive unknown (edge: C14) score-not-lower low no case"
        ),
        "exactly at the limit 2 cases no risks no case",
    ]
    assert cells["TRY-A-02"] == [
        "TRY-A-02 Risks project, by attestation",
        "The DM sleeps well. House rule: The text says nothing of it.",
        "no policy",
        "none",
    ]


@pytest.mark.parametrize(("percent", "code"), [("0", 0), ("33", 0), ("34", 1), ("100", 1)])
def test_gate(pack: Path, auditor: Command, percent: str, code: int) -> None:
    """One of three is more than 33 %, and less than 34 %."""
    done = auditor(
        "policy", "coverage", "--controls", "--policies", "policies", "--min-controls", percent
    )

    said = f"try: 1 of 3 controls have a policy (33 %), and {percent} % are asked for\n"
    assert (done.code, done.err) == (code, said if code else ""), pack


def test_a_share_of_nothing_is_no_share(auditor: Command) -> None:
    """More than a hundred per cent cannot be asked for."""
    done = auditor("policy", "coverage", "--controls", "--min-controls", "101")

    assert done.code == 2
    assert "--min-controls" in done.err


def test_shipped_catalogues(auditor: Command) -> None:
    """All five frameworks, and of one that is asked for alone its own controls only."""
    everything = auditor("policy", "coverage", "--controls")
    alone = auditor("policy", "coverage", "--controls", "--pack", "nf")

    assert (everything.code, alone.code) == (0, 0)
    shown = [line.split(":")[0] for line in everything.out.splitlines() if line and line[0] != " "]
    assert shown == ["ep", "iq", "nf", "sdf", "seef", "all"]
    assert "of 218 controls have a policy" in everything.out.splitlines()[-1]
    assert alone.out.startswith("nf: ")
    assert "SEEF-" not in alone.out


def test_policies_of_every_pack_count(pack: Path, auditor: Command) -> None:
    """A policy serves the controls that it names, wherever it stands."""
    other = pack.parent / "other"
    other.mkdir()
    text = POLICY.format(id="risk-high", controls="TRY-A-03, OWN-1", limit=7)
    (other / "risk-high.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "coverage", "--controls", "--policies", "policies", "--pack", "trial")

    assert "try: 2 of 3 controls have a policy (66 %)" in done.out, done.err


def test_no_catalogue(place: Path, auditor: Command) -> None:
    """Nothing can be held against nothing."""
    done = auditor("policy", "coverage", "--controls", "--policies", "policies")

    assert done.code == 3, place
    assert "no catalogue of controls was found" in done.err


def test_no_such_pack(pack: Path, auditor: Command) -> None:
    """The one that was probably meant is named."""
    done = auditor("policy", "coverage", "--controls", "--policies", "policies", "--pack", "trail")

    assert done.code == 2, pack
    assert "did you mean 'trial'?" in done.err


def test_control_that_there_is_not(pack: Path, auditor: Command) -> None:
    """Both verbs mark its name; lint gates, and coverage says that what it shows is not all."""
    text = POLICY.format(id="score-not-low", controls="TRY-A-01, TRY-A-11", limit=9)
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")

    lint = auditor("policy", "lint", "policies")
    coverage = auditor("policy", "coverage", "--controls", "--policies", "policies")

    shown = """\
error[policy-unknown-control]: no catalogue has a control 'TRY-A-11'
  --> policies/trial/score-not-low.yaml:4:22
   |
 4 | controls: [TRY-A-01, TRY-A-11]
   |                      ^^^^^^^^
"""
    assert (lint.code, coverage.code) == (1, 4)
    assert shown in lint.out
    assert shown in coverage.err
    assert "try: 1 of 3 controls have a policy" in coverage.out


def test_shipped_control_that_there_is_not(place: Path, auditor: Command) -> None:
    """A pack of one's own need not have the catalogue of the framework that it serves."""
    path = place / "policies" / "trial" / "nothing-approved.yaml"
    text = path.read_text(encoding="utf-8")
    before = next(line for line in text.splitlines() if line.startswith("controls:"))
    path.write_text(text.replace(before, "controls: [SEEF-PLN-40, OWN-1]"), encoding="utf-8")

    done = auditor("policy", "lint", "policies")

    assert done.code == 1
    assert "no catalogue has a control 'SEEF-PLN-40'" in done.out
    assert "OWN-1'" not in done.out


def test_broken_catalogue(pack: Path, auditor: Command) -> None:
    """Lint marks the slip and gates; coverage cannot hold anything against it; a check does not read it."""
    text = CATALOGUE.replace("    area: Risks\n    stage", "    aera: Risks\n    stage")
    (pack / "catalogue.yaml").write_text(text, encoding="utf-8")

    lint = auditor("policy", "lint", "policies")
    of_another = auditor("policy", "lint", "policies/trial/score-not-low.yaml")
    coverage = auditor(
        "policy", "coverage", "--controls", "--policies", "policies", "--pack", "trial"
    )
    listed = auditor("policy", "list", "--policies", "policies")

    marked = "error[policy-unknown-key]: a control has no key 'aera'\n  --> policies/trial/catalogue.yaml:6:5\n"
    assert (lint.code, of_another.code, coverage.code, listed.code) == (1, 0, 4, 0)
    assert marked in lint.out
    assert marked in coverage.err
    assert coverage.out == ""


def test_two_catalogues_of_one_framework(pack: Path, auditor: Command) -> None:
    """Nobody could say which one holds."""
    other = pack.parent / "twin"
    other.mkdir()
    (other / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")

    done = auditor("policy", "coverage", "--controls", "--policies", "policies")

    assert done.code == 4
    assert "the controls of 'try' are in 'policies/trial/catalogue.yaml' already" in done.err
    assert "--> policies/twin/catalogue.yaml:1:1" in done.err


def test_cases_that_cannot_be_read(pack: Path, auditor: Command) -> None:
    """The control is still covered, and the exit code says that its cases are not counted."""
    path = pack / "score-not-low.cases.yaml"
    path.write_text(CASES.replace("    edge: no risks", "    egde: no risks"), encoding="utf-8")

    done = auditor("policy", "coverage", "--controls", "--policies", "policies")

    assert done.code == 4
    assert "did you mean 'edge'?" in done.err
    assert "  TRY-A-01  0 " in done.out


def test_same_bytes(pack: Path, auditor: Command) -> None:
    """Whatever order sets happen to have."""
    command = ("policy", "coverage", "--controls", "--policies", "policies", "--format", "json")

    outs = {auditor(*command, PYTHONHASHSEED=seed).out for seed in ("0", "1", "2")}

    assert len(outs) == 1, pack
