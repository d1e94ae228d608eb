"""``auditor policy lint`` says what is wrong or doubtful in policies, with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

PACK = """\
title: Trial
define:
  lastWord(at): "approvals.filter(a, a.at.by(at)).latest(a, a.at)"
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


def test_shipped_policies_have_no_error(auditor: Command) -> None:
    """Without a PATH it is those that come with the program."""
    done = auditor("policy", "lint")

    assert done.code == 0
    assert "policies, 0 errors," in done.err
