"""``auditor policy try`` evaluates expressions and a policy on snapshots, by its arguments and by lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command

DATA = Path(__file__).with_name("data")
AUDITOR = Path(sys.executable).with_name("auditor")
HEAD = "apollo.json: Apollo, as of 2026-09-30 18:00 +02:00"
POLICY = """\
id: risk-without-owner
title: A risk has no owner
why: Nobody acts on it.
controls: [TEST-02]
severity: high
params:
  least: {default: 3, about: Score from which on somebody must see to it}
for: {risk: risks}
when: risk.probability != null && risk.impact != null
let:
  score: risk.probability * risk.impact
empty: not_applicable
require:
  - that: score < params.least || risk.owner != null
    say: "{risk.description} has no owner; its score is {score}."
fix: Name one.
"""


@pytest.fixture
def apollo(tmp_path: Path) -> Path:
    """Return a snapshot with two risks: one has no owner, of one nobody recorded it."""
    document: dict[str, Any] = json.loads((DATA / "apollo.json").read_text(encoding="utf-8"))
    document["parties"] = [{"id": "p1", "name": "Ann Lee", "kind": "person", "side": "supplier"}]
    risk = {"class": "project", "severity": "high", "probability": 2, "raised_at": "2026-09-10"}
    document["risks"] = [
        {"id": "r1", "description": "It may rain", "impact": 4, "owner": None, **risk},
        {"id": "r2", "description": "It may snow", "impact": 1, "raised_by": "p1", **risk},
    ]
    document["snapshot"]["gaps"] = {
        "/risks/1/owner": "not_collected",
        "/blockers": "no_permission",
        "/approvals": "truncated",
    }
    path = tmp_path / "apollo.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Return a policy file."""
    pack = tmp_path / "policies" / "trial"
    pack.mkdir(parents=True)
    path = pack / "risk-without-owner.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def values(auditor: Command, snapshot: Path, *expressions: str) -> list[str]:
    """Return what expressions come to, all lines of each as one."""
    asked = [part for text in expressions for part in ("-e", text)]
    done = auditor("policy", "try", snapshot.name, *asked)
    assert done.err == ""
    head, *answers = done.out.split("> ")
    assert head == f"{HEAD}\n"
    return [answer.partition("\n")[2].strip("\n") for answer in answers]


# ----- values


READ = {
    "size(risks)": "  2 : int",
    "size(risks) == 2": "  true : bool",
    "risks[0].description": '  "It may rain" : string?',
    "risks[1].raised_by": '  Ann Lee, id "p1" : id of parties?',
    "project.execution.started_at": "  2026-09-01 08:00 +02:00 : timestamp?",
    "risks[0].raised_at": "  2026-09-10 (known only to the day) : timestamp?",
    "duration('90m')": "  1 h 30 min : duration",
    "span('2 working days')": "  2 working days : span",
    "90 %": "  90 % : ratio",
    "1.5": "  1.5 : double",
    "date('2026-09-10')": "  2026-09-10 : date",
    "risks[?7]": "  an optional that holds nothing : optional(risks)",
    "risks[?0].?severity": '  an optional that holds "high" : optional(string)',
}
"""Expressions, and what they come to on the snapshot."""


def test_a_value_reads_as_in_a_report(apollo: Path, auditor: Command) -> None:
    """Instants where the project is, ids with names; behind it the type."""
    assert dict(zip(READ, values(auditor, apollo, *READ), strict=True)) == READ


def test_none_and_unknown_and_an_error_look_different(apollo: Path, auditor: Command) -> None:
    """What is known to be absent, what nobody recorded, and what cannot be computed; exit 5 for the last."""
    found = values(auditor, apollo, "risks[0].owner", "risks[1].owner", "size(blockers)")
    assert found == [
        "  none (null) : id of parties?",
        "  unknown: risks[1].owner was not collected : id of parties?",
        "  unknown: blockers may not be read : int",
    ]

    broken = auditor("policy", "try", "apollo.json", "-e", "1 / 0", "-e", "1 + 1")
    assert broken.code == 5
    assert broken.out == (
        f"{HEAD}\n> 1 / 0\n  error: a number is divided by zero : int\n> 1 + 1\n  2 : int\n"
    )


def test_what_rests_on_no_element_says_so(apollo: Path, auditor: Command) -> None:
    """Such a truth is no proof of anything."""
    assert values(auditor, apollo, "[].all(x, x == 1)") == ["  true, about no element : bool"]


def test_a_list_tells_how_many_it_has_and_the_first_of_them(apollo: Path, auditor: Command) -> None:
    """An element that only may belong is marked, and so is a list that was cut short."""
    unsure, short = values(
        auditor, apollo, "risks.filter(r, r.owner == null)", "approvals.map(a, a.id)"
    )
    assert unsure.splitlines() == [
        "  1 element; 1 more may belong to it : list(risks)",
        "    - It may rain (risks[0])",
        "    ? It may snow (risks[1])",
    ]
    assert short.splitlines() == [
        "  1 element; there may be others: approvals was cut short : list(id of approvals)",
        '    - "a1"',
    ]
    numbers = ", ".join(map(str, range(30)))
    (long,) = values(auditor, apollo, f"[{numbers}]")
    assert long.splitlines()[0] == "  30 elements : list(int)"
    assert long.splitlines()[-2:] == ["    - 11", "    … and 18 more"]
    assert values(auditor, apollo, "[]", "{'a': [1]}") == [
        "  an empty list : list(dyn)",
        '  a map of 1 entry : map(string, list(int))\n    "a": 1 element',
    ]


def test_a_record_shows_its_fields(apollo: Path, auditor: Command) -> None:
    """Those that are recorded with their values, the others by name."""
    (found,) = values(auditor, apollo, "risks[0]")

    assert found.splitlines()[:4] == [
        "  It may rain (risks[0]) : risks",
        '    id: "r1"',
        '    description: "It may rain"',
        '    class: "project"',
    ]
    assert "    owner: none (null)" in found.splitlines()
    assert (
        "\n    not recorded: score, status, raised_by, response, response_owner, procedure and"
        in found
    )


def test_facts_are_those_of_the_judged_instant(apollo: Path, auditor: Command) -> None:
    """What happened later is not there yet."""
    done = auditor(
        "policy", "try", apollo.name, "--as-of", "2026-09-01", "-e", "risks", "-e", "as_of"
    )

    assert done.out == (
        "apollo.json: Apollo, as of 2026-09-01 23:59:59 +02:00\n"
        "> risks\n  an empty list : list(risks)\n"
        "> as_of\n  2026-09-01 23:59:59 +02:00 : timestamp\n"
    )


def test_the_period_is_the_one_that_was_set(apollo: Path, auditor: Command) -> None:
    """As for `auditor check`."""
    done = auditor("policy", "try", apollo.name, "--period", "2026-08", "-e", "period.starts_at")

    assert done.out.endswith("> period.starts_at\n  2026-08-01 00:00 +02:00 : timestamp\n")


# ----- what is wrong


def test_an_expression_that_is_wrong_shows_where(apollo: Path, auditor: Command) -> None:
    """With a caret and what to do; the others are evaluated; exit 1."""
    done = auditor("policy", "try", apollo.name, "-e", "risks.exists(r, r.ownr == 1)", "-e", "1")

    assert done.code == 1
    assert done.out == f"{HEAD}\n> risks.exists(r, r.ownr == 1)\n  wrong\n> 1\n  1 : int\n"
    assert done.err == (
        "error[policy-unknown-field]: 'risks' has no field 'ownr'\n"
        "  --> expression:1:17\n"
        "   |\n"
        " 1 | risks.exists(r, r.ownr == 1)\n"
        "   |                 ^^^^^^\n"
        "  = help: did you mean 'owner'?\n"
    )


def test_the_same_fault_on_two_snapshots_is_told_once(apollo: Path, auditor: Command) -> None:
    """The value is shown for each of them."""
    copy(apollo, apollo.with_name("hermes.json"))

    done = auditor("policy", "try", "apollo.json", "hermes.json", "-e", "1 +", "-e", "size(risks)")

    assert done.code == 1
    assert done.err.count("error[") == 1
    assert [line for line in done.out.splitlines() if not line.startswith(">")] == [
        HEAD, "  wrong", "  2 : int", HEAD.replace("apollo", "hermes"), "  wrong", "  2 : int",
    ]  # fmt: skip


def test_an_empty_expression_is_a_slip(apollo: Path, auditor: Command) -> None:
    """Of the command line, so exit 2."""
    done = auditor("policy", "try", apollo.name, "-e", " ")

    assert done.code == 2
    assert done.err.startswith("error[usage]: -e is given an expression without a word in it\n")


def test_where_there_is_no_snapshot_nothing_is_tried(tmp_path: Path, auditor: Command) -> None:
    """Exit 3, and 4 where there is one that cannot be read; what can be is tried."""
    none = auditor("policy", "try", "-e", "1")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    broken = auditor("policy", "try", "broken.json", "-e", "1")
    copy(DATA / "apollo.json", tmp_path)
    beside = auditor("policy", "try", "apollo.json", "broken.json", "-e", "1")

    assert (none.code, broken.code, beside.code) == (3, 4, 4)
    assert (none.out, broken.out) == ("", "")
    assert beside.out == f"{HEAD}\n> 1\n  1 : int\n"
    assert "broken.json:1:2" in beside.err


def test_text_of_others_does_nothing_on_a_terminal(apollo: Path, auditor: Command) -> None:
    """An escape in a name is shown, not obeyed."""
    text = apollo.read_text(encoding="utf-8").replace("It may rain", "\\u001b[2Jgone")
    apollo.write_text(text, encoding="utf-8")

    done = auditor("policy", "try", apollo.name, "-e", "risks[0]", "-e", "'\x1b[2J'")

    assert "\x1b" not in done.out
    assert "\\x1b[2Jgone (risks[0]) : risks" in done.out


# ----- lines


def tried(folder: Path, lines: str, *arguments: str) -> tuple[int, str, str]:
    """Run the command with lines on stdin."""
    done = subprocess.run(
        [AUDITOR, "policy", "try", *arguments],
        cwd=folder,
        input=lines.encode(),
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_lines_of_stdin_are_answered_one_after_the_other(apollo: Path) -> None:
    """With the commands of the prompt; blank lines are none."""
    lines = ":let mine = risks.filter(r, r.id == 'r1')\n\nsize(mine)\n:type mine[0].own\n:type mine\n:quit\n1\n"
    code, out, err = tried(apollo.parent, lines, apollo.name)

    assert (code, err) == (0, "")
    assert out == (
        f"{HEAD}\n"
        "> :let mine = risks.filter(r, r.id == 'r1')\n"
        "  1 element : list(risks)\n"
        "    - It may rain (risks[0])\n"
        "> size(mine)\n  1 : int\n"
        "> :type mine[0].own\n  dyn\n"
        "> :type mine\n  list(risks)\n"
        "> :quit\n"
    )


def test_why_tells_what_decided(apollo: Path) -> None:
    """Of the last expression where none is named, with the place of the fact."""
    code, out, _ = tried(
        apollo.parent, "risks[0].severity == 'low'\n:why\n:why size(risks)\n", apollo.name
    )

    assert code == 0
    assert "Because: " in out
    assert "risks[0].severity is high" in out
    assert "What would turn it\n    - risks[0].severity: " in out


WRONG = {
    ":foo": "there is no command ':foo'",
    ":let x": ":let wants more",
    ":let risks = 1": "'risks' already means something else here",
    ":let 1x = 1": "'1x' cannot be a name in an expression",
    ":type": ":type wants more",
    ":why": ":why wants more",
    ":snapshot 2": "there is no snapshot 2",
    ":snapshot two": "'two' is no number of a snapshot",
    ":policy no-such-policy": "no policy is called 'no-such-policy', and no file",
    ":policy": ":policy wants more",
    ":subject 1": "there is no subject '1'",
}
"""Commands, and what is said of them."""


def test_a_command_that_is_wrong_says_so(apollo: Path) -> None:
    """And the next line is answered; exit 1."""
    code, out, err = tried(apollo.parent, "\n".join([*WRONG, "1"]), apollo.name)

    assert code == 1
    said = [line.partition(": ")[2] for line in err.splitlines() if line.startswith("error[")]
    assert said == list(WRONG.values())
    assert out.endswith("> 1\n  1 : int\n")


def test_fields_are_told_with_what_they_mean(apollo: Path) -> None:
    """Of the elements of a list; alone, the names in force; of what has none, that."""
    _, out, _ = tried(apollo.parent, ":fields risks\n:fields\n:fields size(risks)\n", apollo.name)

    assert "  owner           id of parties?    Who sees to it.\n" in out
    assert "  as_of " in out
    assert "  size(risks) is of type int, which has no fields\n" in out


def test_a_name_can_stand_for_another_thing_later(apollo: Path) -> None:
    """But never for itself."""
    lines = ":let a = 1\n:let b = a + 1\n:let a = 10\nb\n:let a = b\nb\n"
    code, out, err = tried(apollo.parent, lines, apollo.name)

    assert code == 1
    assert "'a' would stand for itself" in err
    assert out.count("  11 : int\n") == 2


# ----- a policy


def test_a_policy_is_judged_and_its_names_are_in_force(
    apollo: Path, policy: Path, auditor: Command
) -> None:
    """Those of its first subject; a guard of `when` guards here, too."""
    file = str(policy.relative_to(apollo.parent))
    done = auditor(
        "policy", "try", apollo.name, "--policy", file, "-e", "score", "-e", "params.least",
        "-e", "risk.impact + 1",
    )  # fmt: skip

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{HEAD}\n"
        "  1 fail, 1 pass\n"
        "    FAIL It may rain: It may rain has no owner; its score is 8.\n"
        "      Because: score is 8, 5 more than params.least (3).\n"
        "  'risk' is It may rain; :subject chooses another\n"
        "> score\n  8 : int\n"
        "> params.least\n  3 : int\n"
        "> risk.impact + 1\n  5 : int\n"
    )


def test_another_subject_can_be_chosen(apollo: Path, policy: Path) -> None:
    """By its number or its key."""
    lines = ":subject\n:subject 2\nscore\n:subject r1\nscore\n"
    code, out, _ = tried(
        apollo.parent, lines, apollo.name, "--policies", "policies", "--policy", policy.stem
    )

    assert code == 0
    assert "> :subject\n  * 1 It may rain (r1)\n    2 It may snow (r2)\n" in out
    assert "> score\n  2 : int\n> :subject r1\n" in out
    assert out.endswith("> score\n  8 : int\n")


def test_a_policy_with_a_fault_is_told_and_the_snapshot_is_tried_all_the_same(
    apollo: Path, policy: Path, auditor: Command
) -> None:
    """Exit 4."""
    policy.write_text(POLICY.replace("risk.owner != null", "risk.ownr != null"), encoding="utf-8")

    done = auditor(
        "policy", "try", apollo.name, "--policy", "policies/trial/risk-without-owner.yaml",
        "-e", "size(risks)",
    )  # fmt: skip

    assert done.code == 4
    assert "policies/trial/risk-without-owner.yaml:14:" in done.err
    assert done.out == f"{HEAD}\n> size(risks)\n  2 : int\n"


def test_a_policy_of_another_target_judges_nothing(
    apollo: Path, policy: Path, auditor: Command
) -> None:
    """It is said, and not taken for a pass."""
    text = POLICY.replace("for: {risk: risks}\n", "target: unit\n")
    text = text.replace("when: risk.probability != null && risk.impact != null\n", "")
    text = text.replace("risk.probability * risk.impact", "1").replace(
        "risk.owner != null", "false"
    )
    policy.write_text(text.replace("{risk.description}", "It"), encoding="utf-8")

    done = auditor(
        "policy",
        "try",
        apollo.name,
        "--policy",
        "policies/trial/risk-without-owner.yaml",
        "-e",
        "1",
    )

    assert done.out == (
        f"{HEAD}\n  risk-without-owner judges a unit; this is a project\n> 1\n  1 : int\n"
    )


def test_a_policy_without_subjects_leaves_their_names_out(
    apollo: Path, policy: Path, auditor: Command
) -> None:
    """What `for` would bind means nothing, nor do the names that use it."""
    text = POLICY.replace("{risk: risks}", "{risk: 'risks.filter(r, r.severity == \"low\")'}")
    policy.write_text(text, encoding="utf-8")

    done = auditor(
        "policy", "try", apollo.name, "--policy", "policies/trial/risk-without-owner.yaml",
        "-e", "score", "-e", "params.least",
    )  # fmt: skip

    assert done.code == 1
    assert "no variable 'score' is declared" in done.err
    assert done.out.endswith("> params.least\n  3 : int\n")
    assert "1 not applicable" in done.out


def test_a_policy_that_breaks_ends_with_5(apollo: Path, policy: Path, auditor: Command) -> None:
    """As with `auditor check`."""
    policy.write_text(
        POLICY.replace("risk.probability * risk.impact", "int(risk.id)"),
        encoding="utf-8",
    )

    done = auditor(
        "policy",
        "try",
        apollo.name,
        "--policy",
        "policies/trial/risk-without-owner.yaml",
        "-e",
        "1",
    )

    assert done.code == 5
    assert "1 error" in done.out


def test_words_that_packs_share_are_in_force_without_a_policy(
    apollo: Path, auditor: Command
) -> None:
    """Those that come with the program here."""
    assert values(auditor, apollo, "inScope()") == ["  true : bool"]
