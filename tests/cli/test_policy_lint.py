"""``auditor policy lint`` says what is wrong or doubtful in policies, with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft4Validator

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

PACK = """\
title: Trial
define:
  lastWord(at): "approvals.filter(a, a.at.by(at)).latest(a, a.at)"
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
  word: lastWord(as_of)
require:
  - that: risk.score == null || risk.score < 9.0
    say: "High: {risk.score}. Last word: {word.decision}, at {size(risk.escalations)}."
fix: Lower it.
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack with one policy and one word."""
    folder = tmp_path / "policies" / "trial"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "score-not-low.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "score-not-low.cases.yaml").write_text(CASES, encoding="utf-8")
    return folder


def test_clean_policy(pack: Path, auditor: Command) -> None:
    """No finding is said in the last line, beside how the cost grows; exit 0."""
    done = auditor("policy", "lint", "policies")

    assert done.code == 0, pack
    assert done.out == "Cost\n  score-not-low: grows with approvals x risks\n"
    assert done.err == "1 policy, 0 errors, 0 warnings\n"


def test_error_reads_as_everywhere_and_gates(pack: Path, auditor: Command) -> None:
    """The place, the line with a caret, and what to write; exit 1, and no cost of half a policy."""
    text = POLICY.replace("risk.score < 9.0", "risk.scor < 9.0")
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", "policies")

    assert done.code == 1
    assert done.out.startswith("error[policy-unknown-field]: ")
    assert "  --> policies/trial/score-not-low.yaml:11:" in done.out
    assert "  = help: did you mean 'score'" in done.out
    assert "Cost" not in done.out
    assert done.err == "1 policy, 1 error, 0 warnings\n"


def test_portable_tells_each_expression(pack: Path, auditor: Command) -> None:
    """In `let`, `require` and `define`, each with its caret; warnings gate only where that is asked for."""
    done = auditor("policy", "lint", "policies", "--portable")

    assert done.code == 0, pack
    findings = done.out.partition("Cost\n")[0]
    assert (
        findings
        == """\
warning[policy-portable-macro]: cel-python has no macro 'latest'
  --> policies/trial/pack.yaml:3:18
   |
 3 |   lastWord(at): "approvals.filter(a, a.at.by(at)).latest(a, a.at)"
   |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
warning[policy-portable-word]: the word 'lastWord' is not portable (policies/trial/pack.yaml:3:17)
  --> policies/trial/score-not-low.yaml:9:9
   |
 9 |   word: lastWord(as_of)
   |         ^^^^^^^^^^^^^^^
warning[policy-portable-null-comparison]: cel-python does not compare a double with null
  --> policies/trial/score-not-low.yaml:11:11
    |
 11 |   - that: risk.score == null || risk.score < 9.0
    |           ^^^^^^^^^^^^^^^^^^
"""
    )
    assert done.err == "1 policy, 0 errors, 3 warnings\n"
    assert auditor("policy", "lint", "policies", "--portable", "--strict").code == 1


def test_one_file_of_a_pack(pack: Path, auditor: Command) -> None:
    """A file is read with its pack's words, and only it is told of."""
    broken = POLICY.replace("id: score-not-low", "id: other").replace("risk.score", "risk.scor")
    broken = broken.replace("A risk is high", "A risk is low")
    (pack / "other.yaml").write_text(broken, encoding="utf-8")

    done = auditor("policy", "lint", "policies/trial/score-not-low.yaml", "--portable")

    assert done.code == 0
    assert "other.yaml" not in done.out
    assert "pack.yaml:3:18" not in done.out
    assert done.err == "1 policy, 0 errors, 2 warnings\n"


def test_json_is_one_object_per_finding(pack: Path, auditor: Command) -> None:
    """Each with its rule, its place and its policy; a word of a pack belongs to no policy."""
    first = auditor("policy", "lint", "policies", "--portable", "--format", "json")
    again = auditor(
        "policy", "lint", "policies", "--portable", "--format", "json", PYTHONHASHSEED="7"
    )

    document = json.loads(first.out)
    assert document["schema"] == {"name": "lint", "version": 1}
    assert document["policies"] == ["score-not-low"], pack
    assert document["findings"][0] == {
        "slug": "policy-portable-macro",
        "level": "warning",
        "message": "cel-python has no macro 'latest'",
        "hint": None,
        "policy": None,
        "path": "policies/trial/pack.yaml",
        "line": 3,
        "column": 18,
        "end_column": 66,
    }
    assert [one["policy"] for one in document["findings"][1:]] == ["score-not-low"] * 2
    assert first.out == again.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["none"], 4, "the folder of policies 'none' does not exist", id="no-folder"),
        pytest.param(["empty"], 3, "no policy was found", id="no-policy"),
        pytest.param(["policies", "--pack", "trail"], 2, "no pack is called 'trail'", id="no-pack"),
        pytest.param(["policies", "--policy", "x"], 2, "no policy is called 'x'", id="no-id"),
    ],
)
def test_nothing_to_look_at(
    arguments: list[str], code: int, message: str, pack: Path, auditor: Command
) -> None:
    """An empty selection is never clean."""
    (pack.parents[1] / "empty").mkdir()

    done = auditor("policy", "lint", *arguments)

    assert done.code == code
    assert message in done.err
    assert done.out == ""


def test_choices(pack: Path, auditor: Command) -> None:
    """A policy and a pack can be chosen, as everywhere."""
    other = pack.with_name("other")
    other.mkdir()
    text = POLICY.replace("score-not-low", "another").replace("lastWord(as_of)", "as_of")
    text = text.replace("{word.decision}", "{word}")
    (other / "another.yaml").write_text(text, encoding="utf-8")

    by_pack = auditor("policy", "lint", "policies", "--pack", "other")
    by_id = auditor("policy", "lint", "--policies", "policies", "--policy", "another")

    assert by_pack.out == by_id.out
    assert "  another: grows with risks" in by_pack.out
    assert "score-not-low" not in by_pack.out


def test_shipped_policies_are_clean(auditor: Command) -> None:
    """Without a PATH it is those that come with the program; what is shipped is what others copy."""
    done = auditor("policy", "lint", "--strict")

    assert done.code == 0
    assert done.out.startswith("Cost\n")
    assert "policies, 0 errors, 0 warnings" in done.err


# ----- cases


def test_cases_are_looked_at(pack: Path, auditor: Command) -> None:
    """What they leave untried is a warning at their own place, and of their policy."""
    cases = pack / "score-not-low.cases.yaml"
    cases.write_text(CASES.replace("outcome: fail", "outcome: pass"), encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--format", "json")

    (found,) = json.loads(done.out)["findings"]
    assert (found["slug"], found["policy"], found["path"], found["line"]) == (
        "policy-untried-outcome",
        "score-not-low",
        "policies/trial/score-not-low.cases.yaml",
        1,
    )


def test_cases_without_their_policy_are_told(pack: Path, auditor: Command) -> None:
    """A policy was renamed, and its cases were not; of a single file nothing of the kind is said."""
    (pack / "gone.cases.yaml").write_text(CASES, encoding="utf-8")

    done = auditor("policy", "lint", "policies")
    alone = auditor("policy", "lint", "policies/trial/score-not-low.yaml")

    assert done.out.startswith(
        "warning[policy-orphaned-cases]: these are cases of a policy 'gone' "
    )
    assert "  --> policies/trial/gone.cases.yaml:1:1\n" in done.out
    assert "orphaned" not in alone.out


# ----- a profile

PROFILE = """\
id: acme
title: Acme
owner: Jo
version: "1"
ext: own.yaml
"""
OWN = "risks: {type: object, properties: {band: {type: string}}}\n"


def test_own_fields_of_a_profile_are_known(pack: Path, auditor: Command) -> None:
    """A policy that reads them is as good as any other."""
    text = POLICY.replace("risk.score < 9.0", "risk.ext.band == 'x'")
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")
    (pack.parents[1] / "profile.yaml").write_text(PROFILE, encoding="utf-8")
    (pack.parents[1] / "own.yaml").write_text(OWN, encoding="utf-8")
    misspelt = text.replace("ext.band", "ext.bnad")

    done = auditor("policy", "lint", "policies", "--profile", "profile.yaml")
    (pack / "score-not-low.yaml").write_text(misspelt, encoding="utf-8")
    wrong = auditor("policy", "lint", "policies", "--profile", "profile.yaml")

    assert (done.code, done.err) == (0, "1 policy, 0 errors, 0 warnings\n")
    assert "has no field 'bnad'" in wrong.out
    assert "did you mean 'band'?" in wrong.out


def test_what_a_profile_changes_in_vain_is_told(pack: Path, auditor: Command) -> None:
    """At its own line; policies that come with the program are known to it, too."""
    because = "reason: Because it was agreed, by: Jo, on: 2026-01-01"
    text = PROFILE.replace("ext: own.yaml\n", "") + (
        f"params:\n  score-not-low: {{limit: {{value: 3, {because}}}}}\n"
        f"  blocker-not-escalated: {{limit: {{value: 30 hours, {because}}}}}\n"
        f"severities:\n  score-not-lw: {{value: high, {because}}}\n"
    )
    (pack.parents[1] / "profile.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--profile", "profile.yaml", "--format", "json")

    assert done.code == 1
    assert [(one["slug"], one["line"]) for one in json.loads(done.out)["findings"]] == [
        ("profile-unknown-param", 6),
        ("profile-unknown-policy", 9),
    ]


def test_the_packs_of_a_profile_are_chosen(pack: Path, auditor: Command) -> None:
    """Of a pack that nobody judges by nothing is said."""
    other = pack.with_name("other")
    other.mkdir()
    (other / "another.yaml").write_text("id: broken\n", encoding="utf-8")
    text = PROFILE.replace("ext: own.yaml", "packs: [trial]")
    (pack.parents[1] / "profile.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--profile", "profile.yaml")

    assert (done.code, done.err) == (0, "1 policy, 0 errors, 0 warnings\n")


@pytest.mark.parametrize(
    ("profile", "own", "place"),
    [
        pytest.param(PROFILE.replace("owner", "onwer"), OWN, "profile.yaml:3:1", id="profile"),
        pytest.param(PROFILE, OWN.replace("string", "strnig"), "own.yaml:1:", id="own-fields"),
    ],
)
def test_a_profile_and_its_own_fields_are_linted(
    profile: str, own: str, place: str, pack: Path, auditor: Command
) -> None:
    """Like everything else: in every format, exit 1; of policies nothing can be said without them."""
    (pack.parents[1] / "profile.yaml").write_text(profile, encoding="utf-8")
    (pack.parents[1] / "own.yaml").write_text(own, encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--profile", "profile.yaml")
    github = auditor("policy", "lint", "--profile", "profile.yaml", "--format", "github")

    assert done.code == 1
    assert f"  --> {place}" in done.out
    assert done.err.startswith("0 policies, ")
    assert github.out.startswith(f"::error file={place.partition(':')[0]},line=")


# ----- formats


def test_sarif_holds_what_is_said(pack: Path, shared: Path, auditor: Command) -> None:
    """With the text of each rule, and the same bytes every time."""
    text = POLICY.replace("risk.score < 9.0", "risk.scor < 9.0")
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")
    schema = shared / "formats" / "sarif" / "sarif-schema-2.1.0.json"

    done = auditor("policy", "lint", "policies", "--format", "sarif")
    again = auditor("policy", "lint", "policies", "--format", "sarif", PYTHONHASHSEED="7")

    log = json.loads(done.out)
    validator = Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert done.code == 1
    assert again.out == done.out
    assert list(validator.iter_errors(log)) == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    (found,) = run["results"]
    place = found["locations"][0]["physicalLocation"]
    assert rules[found["ruleIndex"]]["id"] == found["ruleId"] == "policy-unknown-field"
    assert rules[found["ruleIndex"]]["shortDescription"]["text"].startswith("A field that the ")
    assert place["artifactLocation"]["uri"] == "policies/trial/score-not-low.yaml"
    assert place["region"]["startLine"] == 11
    assert "A warning" not in json.dumps(rules)
    assert {rule["id"] for rule in rules} > {"policy-why", "policy-cost", "config-cases"}


def test_sarif_says_that_a_folder_could_not_be_read(pack: Path, auditor: Command) -> None:
    """Else what was not looked at would pass for mended."""
    done = auditor("policy", "lint", "policies", "none", "--format", "sarif")

    (run,) = json.loads(done.out)["runs"]
    assert done.code == 4, pack
    assert run["invocations"][0]["executionSuccessful"] is False


def test_github_annotates_the_line(pack: Path, auditor: Command) -> None:
    """One command for each finding, nothing else on stdout."""
    text = POLICY.replace("risk.score < 9.0", "risk.scor < 9.0").replace("Lower it.", "tbd")
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--format", "github")

    assert done.code == 1
    assert done.out == (
        "::error file=policies/trial/score-not-low.yaml,line=11,col=33,endColumn=42,"
        "title=policy-unknown-field::'risks' has no field 'scor'.%0ADid you mean 'score'?\n"
        "::warning file=policies/trial/score-not-low.yaml,line=13,col=6,endColumn=9,"
        "title=policy-placeholder::`fix` says nothing: 'tbd'.%0A"
        "Write what somebody who has to act needs.\n"
    )


def test_fix_says_what_it_changed(pack: Path, auditor: Command) -> None:
    """On stderr, so that stdout stays the document that was asked for; the document lists it, too."""
    text = POLICY.replace("Somebody has to", "Somebody has to to")
    (pack / "score-not-low.yaml").write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", "policies", "--fix", "--format", "json")

    assert done.code == 0
    assert done.err == (
        "fixed policies/trial/score-not-low.yaml:3: 'to to' became 'to'"
        " (policy-doubled-word)\n1 policy, 0 errors, 0 warnings\n"
    )
    assert json.loads(done.out)["findings"] == []
    assert json.loads(done.out)["fixed"] == [
        {
            "path": "policies/trial/score-not-low.yaml",
            "line": 3,
            "slug": "policy-doubled-word",
            "change": "'to to' became 'to'",
        }
    ]
    assert (pack / "score-not-low.yaml").read_text(encoding="utf-8") == POLICY


def test_fix_wants_to_know_whose_files(auditor: Command) -> None:
    """What comes with the program is never changed."""
    done = auditor("policy", "lint", "--fix")

    assert done.code == 2
    assert "name your own policy files" in done.err
