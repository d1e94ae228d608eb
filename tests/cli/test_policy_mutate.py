"""``auditor policy mutate`` tells which small changes to a policy its cases do not notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from auditor.cli.mutation_page import mutation_document
from auditor.documents.yaml import parse_yaml
from auditor.model.location import Location
from auditor.usecases.mutate_policies import MutatedPolicy, Mutation
from auditor.usecases.mutation.differences import Difference
from auditor.usecases.mutation.tried_mutant import CaseThatWould, Fate, TriedMutant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

IN_TIME = "{/approvals/0/at: 2026-08-31T08:00:00+02:00}"
AT_ONCE = "{/approvals/0/at: 2026-09-01T08:00:00+02:00}"
TOO_LATE = "{/approvals/0/at: 2026-09-02T08:00:00+02:00}"


def write_cases(place: Path, *cases: tuple[str, str]) -> Path:
    """Write the cases of the policy of the place: what is set, and the outcome."""
    text = "policy: nothing-approved\nbase: ../../snapshots/apollo.json\ncases:\n"
    for number, (changes, outcome) in enumerate(cases, 1):
        text += f"  - name: case {number}\n    set: {changes}\n    expect: {{outcome: {outcome}}}\n"
    path = place / "policies" / "trial" / "nothing-approved.cases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_strong_cases_notice_every_change(place: Path, auditor: Command) -> None:
    """Where the limit itself has a case, one line says it all."""
    write_cases(place, (IN_TIME, "pass"), (AT_ONCE, "pass"), (TOO_LATE, "fail"))

    done = auditor(
        "policy", "mutate", "--policies", "policies", "--jobs", "1", "--min-score", "100"
    )

    assert done.code == 0
    assert done.out == (
        "ok nothing-approved: 3 of 3 changes noticed (100 %); 4 more cannot be compiled\n"
    )
    assert done.err == "1 policy, 3 changes, 3 noticed (100 %)\n"


def test_weak_cases_are_told_what_they_lack(place: Path, auditor: Command) -> None:
    """The change stands with its line and a caret, below it a case that notices it and leaves the outcome open."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1")

    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[:9] == [
        "MISSED nothing-approved: 2 of 3 changes noticed (66 %); 4 more cannot be compiled",
        "",
        "  require[0].that",
        "    not noticed: `by` became `before` [boundary]",
        "      --> policies/trial/nothing-approved.yaml:8:36",
        "       |",
        "     8 |   - that: approvals.exists(a, a.at.by(project.execution.started_at))",
        "       |                                    ^^",
        "      This case would notice it. What must come out, the rule decides:",
    ]
    assert lines[-3:-1] == [
        "          # the outcome for 'hand:apollo': pass as the policy is written, fail with the change.",
        "          # expect:",
    ]


def test_the_case_that_is_shown_does_notice_it(place: Path, auditor: Command) -> None:
    """Pasted into the file, with what the rule demands, it leaves nothing unnoticed."""
    path = write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))
    shown = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1").out
    pasted = shown[shown.index("        - name:") :].replace("# expect:", "expect: {outcome: pass}")
    case = "".join(f"{line[6:]}\n" for line in pasted.splitlines() if line.strip())
    path.write_text(path.read_text(encoding="utf-8") + case, encoding="utf-8")

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1")

    assert len(parse_yaml(path.read_bytes(), path="cases")["cases"]) == 3
    assert done.out.startswith("ok nothing-approved: 3 of 3 changes noticed (100 %)")


def test_too_few_noticed_changes_gate(place: Path, auditor: Command) -> None:
    """What is asked for is asked of each policy."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1", "--min-score", "67")

    assert done.code == 1
    assert (
        "2 of 3 changes noticed (66 %); 4 more cannot be compiled, and 67 % are asked for"
        in done.err
    )


def test_the_number_of_processes_changes_nothing(auditor: Command) -> None:
    """The same bytes from one process and from two, whatever the hash seed is."""
    asked = ("policy", "mutate", "stand-up-missed-in-sprint", "--tries", "3", "--format", "json")

    one = auditor(*asked, "--jobs", "1", PYTHONHASHSEED="1")
    two = auditor(*asked, "--jobs", "2", PYTHONHASHSEED="2")

    assert (one.code, one.out, one.err) == (two.code, two.out, two.err)
    assert one.results["tried"] > 40


def test_the_document_tells_every_change(place: Path, auditor: Command) -> None:
    """Also those that were noticed, and those that cannot be compiled and count for nothing."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1", "--format", "json")

    document = json.loads(done.out)
    assert document["schema"] == {"name": "mutation", "version": 1}
    assert (document["tried"], document["noticed"]) == (3, 2)
    fates = {
        (one["operator"], one["was"], one["now"]): one["fate"]
        for one in document["policies"][0]["mutants"]
    }
    exists = "approvals.exists(a, a.at.by(project.execution.started_at))"
    assert fates == {
        ("key-dropped", "when: project.execution.started_at != null", None): "invalid",
        ("equality", "!=", "=="): "invalid",
        ("negation", exists, f"!{exists}"): "invalid",
        ("quantifier", "exists", "all"): "invalid",
        ("boundary", "by", "before"): "missed",
        ("direction", "by", "after"): "noticed",
        (
            "negation",
            "a.at.by(project.execution.started_at)",
            "!a.at.by(project.execution.started_at)",
        ): "noticed",
    }


def test_only_one_kind_of_change(place: Path, auditor: Command) -> None:
    """--operator leaves out all others."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor(
        "policy", "mutate", "--policies", "policies", "--jobs", "1", "--operator", "direction"
    )

    assert done.out == "ok nothing-approved: 1 of 1 change noticed (100 %)\n"


def test_nothing_changed_is_no_success(place: Path, auditor: Command) -> None:
    """Where there is no such change to any policy, nothing was tried; exit 3."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor(
        "policy", "mutate", "--policies", "policies", "--operator", "ratio", "--min-score", "100"
    )

    assert (done.code, done.out) == (3, "")
    assert "nothing was changed: there is no such change to these policies" in done.err


def test_one_policy_in_which_nothing_was_changed(place: Path, auditor: Command) -> None:
    """It is told apart from one whose changes were all noticed."""
    path = write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))
    policy = path.with_name("nothing-approved.yaml").read_text(encoding="utf-8")
    other = policy.replace("nothing-approved", "other").replace(
        "approvals.exists(a, a.at.by(project.execution.started_at))", "approvals != []"
    )
    path.with_name("other.yaml").write_text(other, encoding="utf-8")
    path.with_name("other.cases.yaml").write_text(
        path.read_text(encoding="utf-8")
        .replace("nothing-approved", "other")
        .split("  - name: case 2")[0],
        encoding="utf-8",
    )

    done = auditor(
        "policy", "mutate", "--policies", "policies", "--jobs", "1", "--operator", "direction"
    )

    assert done.code == 0
    assert done.out == (
        "ok nothing-approved: 1 of 1 change noticed (100 %)\n"
        "NOT TRIED other: nothing to change in it\n"
    )


def test_without_a_search_no_case_is_proposed(place: Path, auditor: Command) -> None:
    """--tries 0 tells only what was not noticed."""
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1", "--tries", "0")

    assert "not noticed: `by` became `before` [boundary]" in done.out
    assert "Nobody has looked for a case that would notice it." in done.out


def test_a_case_that_is_there_may_say_too_little(place: Path, auditor: Command) -> None:
    """Where only a sentence differs, the case needs no company: it has to ask for the sentence."""
    policy = place / "policies" / "trial" / "nothing-approved.yaml"
    text = policy.read_text(encoding="utf-8")
    text = text.replace("require:", "let: {first: 'approvals.earliest(a, a.at)'}\nrequire:")
    text = text.replace("Nobody approved", "Only {first.id} came, and nobody approved")
    policy.write_text(text, encoding="utf-8")
    later = "/approvals/-: {id: a2, subject: b1, decision: approved, at: 2026-09-03T08:00:00+02:00}"
    both = f"{TOO_LATE[:-1]}, {later}}}"
    write_cases(place, (IN_TIME, "pass"), (both, "fail"))

    done = auditor(
        "policy", "mutate", "--policies", "policies", "--jobs", "1", "--operator", "last-word"
    )

    told = " ".join(done.out.split())
    assert "not noticed: `earliest` became `latest` [last-word]" in told
    assert (
        "The case 'case 2' would notice it if it said more under `expect`:"
        " only the message for 'hand:apollo' differs there."
    ) in told


def test_words_are_judged_by_the_cases_of_those_who_use_them(place: Path, auditor: Command) -> None:
    """A change to a shared word stands under its pack.yaml."""
    pack = place / "policies" / "trial"
    (pack / "pack.yaml").write_text(
        "title: Trial\ndefine:\n  inTime(at, limit): at.by(limit)\n", encoding="utf-8"
    )
    policy = pack / "nothing-approved.yaml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(
        text.replace(
            "a.at.by(project.execution.started_at)", "inTime(a.at, project.execution.started_at)"
        ),
        encoding="utf-8",
    )
    write_cases(place, (IN_TIME, "pass"), (TOO_LATE, "fail"))
    asked = ("policy", "mutate", "--policies", "policies", "--jobs", "1")

    assert "pack.yaml" not in auditor(*asked).out
    out = auditor(*asked, "--words").out

    assert "MISSED policies/trial/pack.yaml: 2 of 3 changes noticed (66 %)" in out
    assert "--> policies/trial/pack.yaml:3:25" in out


def test_a_policy_that_fails_its_cases_is_not_tried(place: Path, auditor: Command) -> None:
    """First the policy must do what its cases say."""
    write_cases(place, (IN_TIME, "fail"), (TOO_LATE, "fail"))

    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1")

    assert done.code == 1
    assert done.out == (
        "NOT TRIED nothing-approved: as it is written it does not meet 1 case of 2; see `auditor policy test\n"
        "nothing-approved`, with the same options\n"
        "  - case 1\n"
    )


def test_no_cases_are_nothing_to_try(place: Path, auditor: Command) -> None:
    """Zero cases are no success."""
    done = auditor("policy", "mutate", "--policies", "policies", "--jobs", "1")

    assert done.code == 3, place
    assert "no policy has a case" in done.err


def test_no_policies_are_nothing_to_try(tmp_path: Path, auditor: Command) -> None:
    """Nor are zero policies."""
    (tmp_path / "empty").mkdir()

    done = auditor("policy", "mutate", "--policies", "empty", "--jobs", "1")

    assert done.code == 3
    assert "no policy was found" in done.err


def test_a_case_that_cannot_be_run_is_told(place: Path, auditor: Command) -> None:
    """With the case and its place; exit 4."""
    write_cases(place, ("{/approvals/0/at: yesterday}", "pass"))

    done = auditor("policy", "mutate", "--policies", "policies")

    assert done.code == 4
    assert "case 'case 1'" in done.err
    assert "policies/trial/nothing-approved.cases.yaml:5:28" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("nothing-aproved",), "did you mean 'nothing-approved'?", id="policy"),
        pytest.param(("--operator", "bondary"), "did you mean 'boundary'?", id="operator"),
        pytest.param(("--jobs", "0"), "--jobs", id="jobs"),
        pytest.param(("--min-score", "101"), "--min-score", id="min-score"),
    ],
)
def test_slips_are_told(
    place: Path, auditor: Command, arguments: tuple[str, ...], said: str
) -> None:
    """A name that there is not is answered with the nearest one; exit 2."""
    write_cases(place, (IN_TIME, "pass"))

    done = auditor("policy", "mutate", "--policies", "policies", *arguments)

    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_the_period_of_a_case_is_written_as_a_case_wants_it() -> None:
    """With `from` and `to`, so that it can be pasted."""
    case = CaseThatWould(
        "c", Difference(0, "outcome", "x:1", "pass", "fail"), period=("2026-07-01", "2026-09-30")
    )
    place = Location("p/rule.yaml", 3, 1)
    missed = TriedMutant("rule", "boundary", "when", place, "", "by", "before", Fate.MISSED, case)

    document = json.loads(
        mutation_document(Mutation((MutatedPolicy("rule", cases=1, mutants=(missed,)),)))
    )

    shown = document["policies"][0]["mutants"][0]["case"]
    assert shown["period"] == {"from": "2026-07-01", "to": "2026-09-30"}
