"""What is half written or contradicts itself is told at its place, and never passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import ExitCode
from auditor.usecases.lint_policies import lint
from auditor.usecases.read_policies import PolicyChoice

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.usecases.lint_policies import Linted

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
  - {name: low, expect: {outcome: pass}}
  - {name: high, expect: {outcome: fail}}
  - {name: unknown, expect: {outcome: inconclusive}}
"""
POLICY = """\
id: score-not-low
title: A risk is high
why: Somebody has to look.
controls: [TRY-01]
severity: low
for: {risk: risks}
empty: pass
let:
  word: size(risk.escalations)
require:
  - that: risk.score == null || risk.score < 9.0
    say: "High: {risk.score}, {word}."
fix: Lower it.
"""


@pytest.fixture(autouse=True)
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with one policy and its cases."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "score-not-low.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "score-not-low.cases.yaml").write_text(CASES, encoding="utf-8")
    return folder


def linted() -> Linted:
    """Look at the folder."""
    return lint(["trial"], PolicyChoice(), portable=False)


def said() -> list[tuple[str, str, str]]:
    """Return slug, place and message of the errors in the folder."""
    return [
        (finding.slug, str(finding.location), finding.message)
        for finding in linted().findings
        if finding.level == "error"
    ]


@pytest.mark.parametrize(
    ("text", "slug", "place", "message"),
    [
        pytest.param(
            "", "policy-wrong-kind", "1:1", "a policy file must be a mapping of names to values", id="empty",
        ),
        pytest.param("id: [\n", "document", "2:1", "want a value, found the end of the line", id="open-bracket"),
        pytest.param(
            "id: x\n\ttitle: y\n", "document", "2:1", "a tab, which YAML does not allow here", id="tab",
        ),
        pytest.param(
            'id: x\ntitle: "y\n', "document", "2:8", "the text that begins here has no closing quote", id="open-quote",
        ),
        pytest.param(
            POLICY.partition("    say:")[0] + "fix: F\n", "policy-missing-key", "11:5", "the clause has no 'say'",
            id="no-sentence",
        ),
        pytest.param(
            POLICY.replace(" risk.score == null || risk.score < 9.0", ""), "policy-wrong-kind", "11:10",
            "'that' must be a text that is not empty", id="nothing-behind-a-key",
        ),
        pytest.param(
            POLICY.replace("that: risk.score", "that: >\n      risk.score").replace(
                " || risk.score < 9.0", "\n      || risk.scor < 9.0"),
            "policy-unknown-field", "13:10", "'risks' has no field 'scor'", id="in-a-folded-block",
        ),
        pytest.param(
            POLICY.replace("size(risk.escalations)", "other\n  other: word == third\n  third: other"),
            "policy-cyclic-let", "9:9", "these names need each other: 'word', 'other', 'third'", id="circle",
        ),
        pytest.param(
            POLICY.replace("let:", "params: {n: {type: int, default: three, about: How many}}\nlet:"),
            "policy-param-type", "8:34", "the default of 'n' is no int", id="parameter",
        ),
    ],
)  # fmt: skip
def test_what_is_half_written_is_told_once_at_its_place(
    text: str, slug: str, place: str, message: str, pack: Path
) -> None:
    """The caret is where somebody has to go on, and nothing that only follows is told."""
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")

    assert said() == [(slug, f"trial/score-not-low.yaml:{place}", message)]


def test_an_id_that_is_used_twice_is_told_at_the_second(pack: Path) -> None:
    """With the place of the first."""
    (pack / "too.yaml").write_text(POLICY, encoding="utf-8")

    (found,) = (one for one in linted().findings if one.level == "error")

    assert (found.slug, str(found.location)) == ("policy-duplicate-id", "trial/too.yaml:1:5")
    assert (found.hint or "").startswith("the other one is trial/score-not-low.yaml:1:1")


@pytest.mark.parametrize(
    ("text", "slug", "place", "message"),
    [
        pytest.param(
            CASES.replace("policy: score-not-low", "policy: other"), "config-cases", "1:1",
            "these are the cases of 'other', and the file stands beside 'score-not-low'", id="of-another",
        ),
        pytest.param(
            CASES.replace("expect:", "expct:", 1), "config-cases", "11:17", "a case has no key 'expct'", id="misspelt",
        ),
        pytest.param(
            CASES.replace("{name: low,", "{name: low, set: {/risk: []},", 1), "config-cases", "11:30",
            "case 'low': /risk: found the unknown key 'risk', wanted one of", id="no-such-field",
        ),
        pytest.param(
            CASES.replace("{name: low,", "{name: low, remove: [/risks/7],", 1), "config-cases", "11:26",
            "case 'low': the case changes something that is not there: nothing at '/risks': no 'risks'", id="no-such-place",
        ),
        pytest.param(
            CASES.replace("{name: low,", "{name: low, params: {limit: 2},", 1), "config-cases", "11:26",
            "case 'low': 'score-not-low' has no parameter 'limit'", id="no-such-parameter",
        ),
        pytest.param("cases: [", "document", "1:9", "want a value, found the end of the line", id="no-yaml"),
    ],
)  # fmt: skip
def test_cases_that_cannot_be_run_are_errors(
    text: str, slug: str, place: str, message: str, pack: Path
) -> None:
    """They would try nothing, and look as if they did."""
    (pack / "score-not-low.cases.yaml").write_text(text, encoding="utf-8")

    ((found, where, told),) = said()
    assert (found, where) == (slug, f"trial/score-not-low.cases.yaml:{place}")
    assert told.startswith(message)
    assert linted().code(strict=False) == ExitCode.GATED


def test_cases_whose_base_is_gone_cannot_be_read(pack: Path) -> None:
    """A file that is not there has no line, so it is told as every file that cannot be read."""
    text = re.sub(r"base:\n(  .*\n)+", "base: gone.json\n", CASES)
    (pack / "score-not-low.cases.yaml").write_text(text, encoding="utf-8")

    found = linted()

    assert [error.message.partition(":")[0] for error in found.unread] == [
        "cannot read 'trial/gone.json'"
    ]
    assert found.code(strict=False) == ExitCode.BAD_INPUT


def test_a_policy_with_a_fault_is_not_asked_for_cases(pack: Path) -> None:
    """First things first."""
    (pack / "score-not-low.cases.yaml").unlink()
    (pack / "score-not-low.yaml").write_text(
        POLICY.replace("risk.score <", "risk.scor <"), encoding="utf-8"
    )

    assert [finding.slug for finding in linted().findings] == ["policy-unknown-field"]
