"""``auditor policy test``: what a process owner reads of a case that is not as expected, and what a CI system does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from junitparser import JUnitXml
from lxml import etree

from tests.cli.conftest import AUDITOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

POLICY = """\
id: open-blocker
title: A blocker is open
why: W
controls: [X-1]
severity: low
fix: F
params: {limit: {default: 3 working days, about: How long}}
for: {b: blockers}
empty: not_applicable
when: b.raised_at != null
at: b.raised_at
let: {deadline: b.raised_at.plus(params.limit)}
require:
  - {that: b.resolved_at.by(deadline), say: "{b.description} is open."}
  - {that: 'b.description != ""', say: It has no description.}
"""
CASES = """\
policy: open-blocker
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin,
             calendar: {working_days: [mon, tue, wed, thu, fri], holidays: []}, gaps: {}}
  project: {id: "x:1", name: X}
  blockers:
    - {id: b1, description: Lift, raised_at: 2026-03-10T10:00:00+01:00, resolved_at: null}
    - {id: b2, description: Door, raised_at: 2026-03-11T10:00:00+01:00, resolved_at: 2026-03-12T10:00:00+01:00}
cases:
"""
BESIDE = "policies/trial/open-blocker.cases.yaml"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Return where the cases of the one policy of a pack stand."""
    pack = tmp_path / "policies" / "trial"
    pack.mkdir(parents=True)
    (pack / "open-blocker.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path / BESIDE


def write(path: Path, *written: str) -> None:
    """Write cases, each in YAML."""
    indented = (f"  - {case.strip()}\n" for case in written)
    path.write_text(CASES + "".join(indented), encoding="utf-8")


def test_a_case_that_is_not_as_expected_is_told_in_full(cases: Path, auditor: Command) -> None:
    """Expected, got, why, on what facts, where each is written, and the difference."""
    write(
        cases,
        """name: the door is late
    remove: [/blockers/0]
    set:
      /blockers/1/resolved_at: 2026-03-17T10:00:00+01:00
    expect: {outcome: pass}""",
    )

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 1
    assert done.out == (
        "FAILED open-blocker: 0 of 1 case as expected\n"
        "  FAILED the door is late\n"
        f"    at {BESIDE}:10:5\n"
        "    Expected: pass\n"
        "    Got: fail for 'b2' (Door): Door is open.\n"
        "    Clauses: 0 fail, 1 pass\n"
        "    Because: The blocker was resolved 6 days after it was raised; the limit was 3 working"
        " days.\n"
        "    It rests on:\n"
        "      - blockers[0].resolved_at: 2026-03-17 10:00 +01:00\n"
        f"        <{BESIDE}:13:32>\n"
        f"      - blockers[0].raised_at: 2026-03-11 10:00 +01:00 <{BESIDE}:8:46>\n"
        "    Difference:\n"
        "      - expected pass for 'b2', got fail\n"
    )
    assert done.err == "1 policy, 1 case, 1 not as expected\n"


def test_a_pass_that_was_not_expected_says_why_it_passed(cases: Path, auditor: Command) -> None:
    """Nobody asks why a case passes, until it should not."""
    write(cases, "{name: c, remove: [/blockers/0], expect: {outcome: fail}}")

    done = auditor("policy", "test", "--policies", "policies")

    assert "Because: The blocker was resolved 24 h after it was raised" in done.out


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        pytest.param(
            "{outcome: fail, subject: b9}",
            [
                "Got: 2 verdicts",
                "- fail for 'b1' (Lift): Lift is open.",
                "- pass for 'b2' (Door)",
                "- there is no verdict on 'b9'",
            ],
            id="wrong subject",
        ),
        pytest.param(
            "{outcome: fail}",
            ["Got: 2 verdicts", "- the case must say which subject it means"],
            id="several verdicts",
        ),
        pytest.param(
            "{outcome: fail, subject: b1, clause: 1}",
            ["Clauses: 0 fail, 1 pass", "- clause 1 is pass, not fail"],
            id="wrong clause",
        ),
        pytest.param(
            "{outcome: fail, subject: b1, says: [Window]}",
            ["with 'Window' in the message", "- the message does not say 'Window'"],
            id="missing word",
        ),
        pytest.param(
            "{outcome: fail, subject: b1, witness: [/project/name]}",
            ["resting on /project/name", "- /project/name is not among the facts: /blockers/0/"],
            id="missing fact",
        ),
        pytest.param(
            "{outcome: fail, subject: b1, reason: not_due}",
            ["with the reason 'not_due'", "- expected the reason 'not_due', got none"],
            id="wrong reason",
        ),
    ],
)
def test_what_is_different(expect: str, said: list[str], cases: Path, auditor: Command) -> None:
    """Each kind of expectation in words."""
    write(cases, f"{{name: c, expect: {expect}}}")

    done = auditor("policy", "test", "--policies", "policies")
    told = " ".join(done.out.split())

    assert done.code == 1
    assert [text for text in said if text not in told] == []


def test_what_is_missing_is_shown_where_it_was_taken_away(cases: Path, auditor: Command) -> None:
    """The line of the case that removes it."""
    write(
        cases,
        """name: c
    remove: [/blockers/1, /blockers/0/resolved_at]
    expect: {outcome: fail}""",
    )

    done = auditor("policy", "test", "--policies", "policies")

    assert (
        f"Missing:\n      - blockers[0].resolved_at: is not recorded <{BESIDE}:11:27>" in done.out
    )


def test_attestations_have_their_places(tmp_path: Path, auditor: Command) -> None:
    """Those of the file, and those of one case."""
    pack = tmp_path / "policies" / "trial"
    pack.mkdir(parents=True)
    (pack / "vouched.yaml").write_text(
        "id: vouched\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
        "attest: {by: [DM], valid_for: 30 days}\n",
        encoding="utf-8",
    )
    word = (
        "{control: X-1, auditee: 'x:1', by: p, at: 2026-03-10T10:00:00+01:00, recorded_at:"
        " 2026-03-10T10:00:00+01:00, expires_on: null, statement: It holds.}"
    )
    (pack / "vouched.cases.yaml").write_text(
        "policy: vouched\nbase:\n"
        '  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {}}\n'
        '  project: {id: "x:1", name: X}\n'
        "  parties: [{id: p, name: Ann}]\n"
        "  role_assignments: [{id: r, party: p, role: DM, from: 2026-01-01}]\n"
        f"attestations:\n  - {word}\n"
        "cases:\n"
        "  - {name: of the file, expect: {outcome: fail}}\n"
        f"  - name: of the case\n    attestations:\n      - {word}\n    expect: {{outcome: fail}}\n",
        encoding="utf-8",
    )

    done = auditor("policy", "test", "--policies", "policies")

    places = [part.split(">")[0] for part in "".join(done.out.split()).split("attestations[0].by")]
    assert done.code == 1
    assert [place.rpartition(".yaml")[2] for place in places[1:]] == [":8:40", ":13:44"]


# ----- which cases


def test_cases_by_name(cases: Path, auditor: Command) -> None:
    """A part of the name in any letters; several are joined by or."""
    write(
        cases,
        "{name: the LIFT is open, expect: {outcome: fail, subject: b1}}",
        "{name: the door was late, expect: {outcome: pass, subject: b2}}",
        "{name: both, expect: {outcome: pass, subject: b2}}",
    )

    one = auditor("policy", "test", "--policies", "policies", "-v", "--case", "lift")
    two = auditor("policy", "test", "--policies", "policies", "--case", "lift", "--case", "Late")

    assert one.out == "ok open-blocker: 1 of 1 case\n  ok the LIFT is open\n"
    assert two.out == "ok open-blocker: 2 of 2 cases\n"


def test_policies_without_such_a_case_are_left_out(cases: Path, auditor: Command) -> None:
    """They are not asked for, so they do not fail for want of cases."""
    write(cases, "{name: lift, expect: {outcome: fail, subject: b1}}")
    bare = POLICY.replace("id: open-blocker", "id: bare")
    cases.with_name("bare.yaml").write_text(bare, encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies", "--case", "lift")

    assert done.code == 0
    assert done.out == "ok open-blocker: 1 of 1 case\n"


@pytest.mark.parametrize("also", [[], ["--case", "lift"]])
def test_no_case_of_that_name(also: list[str], cases: Path, auditor: Command) -> None:
    """A slip must not read as success: exit 3, with the nearest names."""
    write(cases, "{name: lift, expect: {outcome: fail, subject: b1}}")

    done = auditor("policy", "test", "--policies", "policies", "--case", "lfit", *also)

    assert (done.code, done.out) == (3, "")
    assert "error[nothing-audited]: no case has 'lfit' in its name" in done.err
    assert "did you mean 'lift'?" in done.err


# ----- what is wrong with the files


@pytest.mark.parametrize(
    ("case", "said", "place", "marked"),
    [
        pytest.param(
            "{name: c, set: {/blokers/0/id: 1}, expect: {outcome: fail}}",
            "the case changes something that is not there",
            ":10:21",
            "/blokers/0/id",
            id="set of nothing",
        ),
        pytest.param(
            "{name: c, remove: [/blockers/0, /blockers/7], expect: {outcome: fail}}",
            "the case changes something that is not there",
            ":10:37",
            "/blockers/7",
            id="removal of nothing",
        ),
        pytest.param(
            "{name: c, params: {limit: 5}, expect: {outcome: fail}}",
            "'5' is no value for the parameter 'limit', a span",
            ":10:31",
            "5",
            id="type of a parameter",
        ),
        pytest.param(
            "{name: c, params: {limt: 5 days}, expect: {outcome: fail}}",
            "'open-blocker' has no parameter 'limt'",
            ":10:24",
            "limt",
            id="name of a parameter",
        ),
        pytest.param(
            "{name: c, expect: {outcome: failed}}",
            "'failed' is no outcome",
            ":10:33",
            "failed",
            id="outcome",
        ),
        pytest.param(
            "{name: c, set: {/blockers/0/resolved_at: soon}, expect: {outcome: fail}}",
            "case 'c': /blockers/0/resolved_at: found 'soon'",
            ":10:46",
            "soon",
            id="value that breaks the schema",
        ),
        pytest.param(
            "{name: c, period: {from: 2026-03-01, to: someday}, expect: {outcome: fail}}",
            "'someday' is no instant",
            ":10:46",
            "someday",
            id="period",
        ),
        pytest.param("{name: c, expect: {outcome: ", "want", ":11:1", None, id="half written"),
        pytest.param("name: c\n\texpect: {outcome: fail}", "a tab", ":11:1", " ", id="tab"),
    ],
)
def test_what_cannot_be_run_is_shown_where_it_is_written(  # noqa: PLR0917 - a row of the table
    case: str, said: str, place: str, marked: str | None, cases: Path, auditor: Command
) -> None:
    """Line and column of the slip itself, with a caret under it."""
    write(cases, case)

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert said in " ".join(done.err.split())
    assert f"--> {BESIDE}{place}\n" in done.err
    if marked is not None:
        row, caret = next(
            (row.split("|", 1)[1], mark.split("|", 1)[1])
            for row, mark in zip(done.err.splitlines(), done.err.splitlines()[1:], strict=False)
            if "^" in mark
        )
        assert row[caret.index("^") : caret.rindex("^") + 1] == marked


def test_a_fault_of_the_base_is_told_once(cases: Path, auditor: Command) -> None:
    """By the name that it has there, however many cases start from it and whatever moves in them."""
    write(
        cases,
        "{name: a, expect: {outcome: fail, subject: b1}}",
        "{name: b, remove: [/blockers/0], expect: {outcome: pass}}",
    )
    text = cases.read_text(encoding="utf-8").replace("raised_at: 2026-03-11T10", "raised_at: tenX")
    cases.write_text(text, encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert done.err.count("error[config-cases]") == 1
    assert "the base: /blockers/1/raised_at: found 'tenX" in done.err
    assert f"--> {BESIDE}:8:46\n" in done.err


def test_cases_whose_policy_is_gone(cases: Path, auditor: Command) -> None:
    """Nobody would miss what they tested: an error that names them, beside what is tested."""
    write(cases, "{name: a, expect: {outcome: fail, subject: b1}}")
    cases.with_name("gone.cases.yaml").write_text("policy: gone\n", encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert "error[policy-orphaned-cases]: these are cases of a policy 'gone'" in done.err
    assert "--> policies/trial/gone.cases.yaml:1:1" in done.err
    assert done.out == "ok open-blocker: 1 of 1 case\n"


def test_a_profile_that_chooses_packs_chooses_what_is_tested(
    cases: Path, tmp_path: Path, auditor: Command
) -> None:
    """The policies of the other packs are not judged by, so they are not tested."""
    write(cases, "{name: a, expect: {outcome: fail, subject: b1}}")
    other = tmp_path / "policies" / "other"
    other.mkdir()
    (other / "bare.yaml").write_text(
        POLICY.replace("id: open-blocker", "id: bare"), encoding="utf-8"
    )
    (tmp_path / "ours.yaml").write_text(
        'id: ours\ntitle: Ours\nowner: Process office\nversion: "1"\npacks: [trial]\n',
        encoding="utf-8",
    )

    done = auditor("policy", "test", "--policies", "policies", "--profile", "ours.yaml")

    assert (done.code, done.out) == (0, "ok open-blocker: 1 of 1 case\n"), done.err


def test_a_profile_may_speak_of_policies_elsewhere(
    cases: Path, tmp_path: Path, auditor: Command
) -> None:
    """What it changes of them is not tried, so nobody has to name their folder, too."""
    write(cases, "{name: a, expect: {outcome: fail, subject: b1}}")
    (tmp_path / "ours.yaml").write_text(
        'id: ours\ntitle: Ours\nowner: O\nversion: "1"\nseverities: {elsewhere:'
        " {value: high, reason: R, by: B, on: 2026-01-01}}\n",
        encoding="utf-8",
    )

    done = auditor("policy", "test", "--policies", "policies", "--profile", "ours.yaml")

    assert (done.code, done.out) == (0, "ok open-blocker: 1 of 1 case\n"), done.err


# ----- in several processes


def test_the_report_does_not_depend_on_the_number_of_processes(
    cases: Path, auditor: Command
) -> None:
    """Passes, failures and errors in the order of the file."""
    outcomes = ["fail", "pass", "inconclusive"]
    write(
        cases,
        *(
            f"{{name: case {n}, params: {{limit: {n} days}}, expect: {{outcome: {outcomes[n % 3]}, subject: b{n % 2 + 1}}}}}"
            for n in range(90)
        ),
        "{name: broken, set: {/no/where: 1}, expect: {outcome: pass}}",
    )
    each = [
        auditor("policy", "test", "--policies", "policies", "-f", form, "--jobs", str(jobs))
        for form in ("text", "json", "junit")
        for jobs in (1, 3)
    ]

    for one, three in zip(each[::2], each[1::2], strict=True):
        assert one == three
        assert one.code == 4


# ----- for programs


def of_all_kinds(cases: Path) -> None:
    """Write a case that passes, one that fails, one that is empty, one that cannot be run, and a policy without."""
    write(
        cases,
        "{name: passes, edge: E, expect: {outcome: fail, subject: b1}}",
        "{name: fails, expect: {outcome: pass, subject: b1}}",
        "{name: fails, expect: {outcome: pass, subject: b1}}",
        "{name: is empty}",
        "{name: broken, set: {/no/where: 1}, expect: {outcome: pass}}",
    )
    text = POLICY.replace("id: open-blocker", "id: bare")
    cases.with_name("bare.yaml").write_text(text, encoding="utf-8")


def test_json(cases: Path, auditor: Command) -> None:
    """Everything that the text says, by name."""
    of_all_kinds(cases)

    done = auditor("policy", "test", "--policies", "policies", "-f", "json")
    found: Any = json.loads(done.out)

    assert found["schema"] == {"name": "policy-test", "version": 1}
    assert found["totals"] == {"policies": 2, "cases": 5, "passed": 1}
    bare, tested = found["policies"]
    assert bare == {"policy": "bare", "cases_file": None, "passed": False, "cases": []}
    assert tested["cases_file"] == BESIDE
    passes, fails, _, empty, broken = tested["cases"]
    assert passes == {
        "name": "passes",
        "edge": "E",
        "location": f"{BESIDE}:10:5",
        "passed": True,
        "unmet": [],
        "places": {},
    }
    (unmet,) = fails["unmet"]
    assert unmet["expected"]["outcome"] == "pass"
    assert [verdict["outcome"] for verdict in unmet["found"]] == ["fail"]
    assert unmet["differences"] == ["expected pass for 'b1', got fail"]
    assert fails["places"]["/blockers/0/raised_at"] == f"{BESIDE}:7:46"
    assert empty["unmet"][0]["expected"] is None
    assert "it cannot be run" in broken["unmet"][0]["differences"][0]
    (error,) = found["errors"]
    assert (error["slug"], error["location"]) == ("config-cases", f"{BESIDE}:14:26")


def test_junit(cases: Path, tmp_path: Path, auditor: Command) -> None:
    """A suite for each policy; nothing that did not pass is green, and nobody's count differs."""
    of_all_kinds(cases)

    done = auditor("policy", "test", "--policies", "policies", "-f", "text", "-f", "junit=r.xml")

    root = fromstring((tmp_path / "r.xml").read_bytes())  # noqa: S314 - written by us
    found = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert done.code == 4
    assert "wrote junit to r.xml" in done.err
    assert found == {
        f"{BESIDE}:14:26": ["error"],
        "there are cases": ["error"],
        "passes": [],
        "fails": ["failure"],
        "fails #2": ["failure"],
        "is empty": ["failure"],
        "broken": ["failure"],
    }
    assert [suite.get("name") for suite in root] == ["auditor policy test", "bare", "open-blocker"]
    counted = JUnitXml.fromfile(str(tmp_path / "r.xml"))
    assert (counted.tests, counted.failures, counted.errors) == (7, 4, 2)
    told = root.findtext(".//testcase[@name='fails']/failure") or ""
    assert "Expected: pass for 'b1'" in told
    assert "Got: fail for 'b1' (Lift): Lift is open." in told


@pytest.mark.parametrize("schema", ["jenkins-xunit-junit-10.xsd"])
def test_junit_is_valid(schema: str, shared: Path, cases: Path, auditor: Command) -> None:
    """For the schema of Jenkins' xunit plugin, as the reports of `auditor check` are."""
    of_all_kinds(cases)
    allowed = etree.XMLSchema(file=str(shared / "formats" / "junit" / schema))

    done = auditor("policy", "test", "--policies", "policies", "-f", "junit")

    allowed.assertValid(etree.fromstring(done.out.encode()))


def test_hostile_names_do_nothing(cases: Path, auditor: Command) -> None:
    """Neither on a terminal nor in XML."""
    write(
        cases,
        '{name: "\\e[31m]]><b>&\\u202e", expect: {outcome: pass, subject: "b1\\u0007"}}',
    )

    text = auditor("policy", "test", "--policies", "policies")
    xml = auditor("policy", "test", "--policies", "policies", "-f", "junit")

    assert (text.code, xml.code) == (1, 1)
    assert not {"\x1b", "\u202e", "\x07"} & set(text.out + text.err + xml.out + xml.err)
    assert fromstring(xml.out).find(".//failure") is not None  # noqa: S314 - written by us


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-f", "junti"), "no format is called 'junti'"),
        (("-f", "json", "-f", "text"), "would both go to stdout"),
        (("-f", f"json={BESIDE}"), "would overwrite"),
        (("--watch", "-f", "junit=r.xml"), "--watch shows text on the terminal"),
        (("--jobs", "0"), "0 is not in the range"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str, cases: Path, auditor: Command) -> None:
    """Told before anything is run; exit 2, and no file is touched."""
    write(cases, "{name: a, expect: {outcome: fail, subject: b1}}")
    before = cases.read_bytes()

    done = auditor("policy", "test", "--policies", "policies", *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert cases.read_bytes() == before


def test_watching_ends_with_ctrl_c(cases: Path, tmp_path: Path) -> None:
    """After the first round it waits, and ends without a complaint."""
    write(cases, "{name: a, expect: {outcome: fail, subject: b1}}")
    # Whoever starts the tests may have Ctrl-C ignored, and what they start inherits it.
    heeding = "import os, signal, sys; signal.signal(2, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    watch: list[str | Path] = [AUDITOR, "policy", "test", "--policies", "policies", "--watch"]
    command: list[str | Path] = [sys.executable, "-c", heeding, *watch]

    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.defpath},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"ok open-blocker: 1 of 1 case\n"
        assert running.stderr.readline() == b"all as expected\n"
        running.send_signal(signal.SIGINT)
        try:
            assert running.communicate(timeout=60)[1] == b"no longer watching\n"
        finally:
            running.kill()

    assert running.returncode == 0
