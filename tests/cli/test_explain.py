"""``auditor explain`` says why: sentence, clauses, facts with places, what is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from auditor.cli.explanation import explanation
from auditor.model.excerpt import Excerpt
from auditor.model.explanation import Because, Came, Step, Turn
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import ClauseSummary, PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.severity import Severity
from auditor.model.verdict import ClauseVerdict, Fact, Verdict
from auditor.usecases.explain_verdict import Explained
from auditor.usecases.fact_excerpts import Excerpts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

ARGUMENTS = ("explain", "snapshots", "nothing-approved", "--policies", "policies")

POLICY = PolicySummary(
    id="nothing-approved",
    title="Nothing was approved",
    why="Work needs a mandate.",
    fix="Have it approved.",
    controls=("TEST-01",),
    severity=Severity.HIGH,
    pack="trial",
    target="project",
    digest="sha256:" + "0" * 64,
    location=Location("policies/trial/nothing-approved.yaml", 1),
    clauses=(),
    params=(),
)


def result(verdict: Verdict) -> ResultDocument:
    """Make a result document of one verdict."""
    instant = "2026-09-30T18:00:00Z"
    return ResultDocument(
        auditee="apollo",
        auditee_name="Apollo",
        target="project",
        snapshot_digest="sha256:" + "0" * 64,
        snapshot_name="apollo",
        captured_at=instant,
        judged_at=instant,
        time_zone="UTC",
        verdicts=(verdict,),
    )


def change(place: Path, old: str, new: str) -> None:
    """Change the snapshot of the place."""
    path = place / "snapshots" / "apollo.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_fail_with_its_facts(place: Path, auditor: Command) -> None:
    """The sentence, the clause with its place in the policy, the deciding facts with theirs, the way out."""
    change(place, "2026-08-30T12:00:00+02:00", "2026-09-02T12:00:00+02:00")

    done = auditor(*ARGUMENTS)

    assert done.code == 0
    assert done.out.startswith(
        "FAIL Apollo (hand:apollo): Nobody approved anything before 2026-09-01"
    )
    assert "Clause 1 of 1: fail (policies/trial/nothing-approved.yaml:8:11)" in done.out
    assert "approvals.exists(a, a.at.by(project.execution.started_at))" in done.out
    assert "approvals[0].at: 2026-09-02 12:00 +02:00 <snapshots/apollo.json:" in done.out
    assert "Why: Work needs a mandate." in done.out
    assert "Fix: Have it approved." in done.out


def test_places_are_those_of_the_file(place: Path, auditor: Command) -> None:
    """The line that is named is the line on which the fact stands."""
    text = (place / "snapshots" / "apollo.json").read_text(encoding="utf-8")
    line = 1 + text[: text.index('"at": "2026-08-30')].count("\n")

    done = auditor(*ARGUMENTS)

    assert f"<snapshots/apollo.json:{line}:13>" in done.out


def test_why_step_by_step_and_what_would_turn_it(place: Path, auditor: Command) -> None:
    """Approved on 2 September at noon; execution began on the first at eight, which is 28 hours before."""
    change(place, "2026-08-30T12:00:00+02:00", "2026-09-02T12:00:00+02:00")
    text = (place / "snapshots" / "apollo.json").read_text(encoding="utf-8")
    line = 1 + text[: text.index('"at": "2026-09-02')].count("\n")

    done = auditor(*ARGUMENTS)

    value = '"2026-09-02T12:00:00+02:00"'
    shown = [
        "    Because: The approval came 28 h after project.execution.started_at (2026-09-01 08:00 +02:00).",
        "      x approvals.exists(a, a.at.by(project.execution.started_at))",
        "        found none among 1 approval <snapshots/apollo.json:",
        "          x a.at.by(project.execution.started_at) <policies/trial/nothing-approved.yaml:8:31>",
        f"  --> snapshots/apollo.json:{line}:13",
        f'   {line} |       "at": {value}',
        f"      |             {'^' * len(value)}",
        "  What would turn it",
        "    - approvals[0].at: at or before 2026-09-01 08:00 +02:00",
    ]
    places = [done.out.find(f"\n{part}") for part in shown]
    assert places == sorted(places)
    assert -1 not in places
    assert all(len(part) <= 100 for part in done.out.splitlines())


@pytest.mark.usefixtures("place")
def test_why_a_pass_is_one(auditor: Command) -> None:
    """Approved on 30 August at noon, which is 44 hours before execution began; a day later it would not be."""
    done = auditor(*ARGUMENTS)

    shown = [
        "PASS Apollo (hand:apollo): Everything that is demanded holds.",
        "    Because: 1 of 1 approval found: a1 (approvals[0]).",
        "      + approvals.exists(a, a.at.by(project.execution.started_at))",
        "approvals[0].at is 2026-08-30 12:00 +02:00, 44 h before project.execution.started_at",
        "  What would turn it",
        "    - approvals[0].at: after 2026-09-01 08:00 +02:00",
    ]
    assert [part for part in shown if part not in done.out] == []


def late(**fields: Any) -> Verdict:
    """Make a fail of one clause with an explanation."""
    step = Step(Came.FALSE, "a.at.by(start)", **fields)
    clause = ClauseVerdict(0, Outcome.FAIL, "Late.", because=Because("It was late.", (step,)))
    return Verdict("nothing-approved", "apollo", "Apollo", Outcome.FAIL, "Late.", clauses=(clause,))


def told(verdict: Verdict, *, colour: bool = False, **parts: Any) -> list[str]:
    """Return the lines of its explanation."""
    place = Location("policies/trial/nothing-approved.yaml", 8, 11)
    policy = replace(POLICY, clauses=(ClauseSummary("a.at.by(start)", place),))
    return list(
        explanation([Explained(policy, result(verdict), verdict, {}, **parts)], colour=colour)
    )


def test_what_others_wrote_does_nothing_to_the_terminal() -> None:
    """Names and values with escapes, bidi marks, commands of a CI system and line breaks."""
    hostile = "\x1b[2Jgone\u202e\n::error::forged ##[error]"
    line = Excerpt(Location("a.json", 1, 1, 5), f"{hostile} ##vso[task]")
    lines = told(late(says=hostile, steps=(Step(Came.VALUE, hostile),)), excerpts=(line,))

    text = "\n".join(lines)
    assert not any(character in text for character in "\x1b\u202e")
    assert not any(one.lstrip().startswith("::") for one in lines)
    assert "##[" not in text
    assert "##vso[" not in text


def test_colour_marks_what_holds_and_what_does_not() -> None:
    """On a terminal only."""
    plain, coloured = told(late()), told(late(), colour=True)

    assert not any("\x1b" in line for line in plain)
    assert any("\x1b[31mx\x1b[0m a.at.by(start)" in line for line in coloured)


def test_a_step_far_inside_still_has_room_for_words() -> None:
    """Beyond a depth nothing is indented further."""
    step = Step(Came.FALSE, "x" * 120)
    for _ in range(40):
        step = Step(Came.FALSE, "inside", steps=(step,))

    assert all(len(line) <= 100 for line in told(late(steps=(step,))))


def test_only_files_of_the_run_are_shown(tmp_path: Path) -> None:
    """A place may say anything; a line that is not there any more is left out."""
    mine, other = tmp_path / "a.json", tmp_path / "b.json"
    for path in (mine, other):
        path.write_text('{"at": "2026-09-02", "n": 12}\n', encoding="utf-8")
    verdict = late(steps=tuple(Step(Came.VALUE, "v", facts=(name,)) for name in "abc"))
    places = {
        "a": Location(str(mine), 1, 27),
        "b": Location(str(other), 1, 8),
        "c": Location(str(mine), 7, 1),
    }

    found = Excerpts([mine]).of(verdict, places)

    assert [(one.location.column, one.location.end_column) for one in found] == [(27, 29)]


def test_missing_facts_say_how_to_supply_them(place: Path, auditor: Command) -> None:
    """What could not be decided says what is missing, why, and who could supply it."""
    change(place, '"gaps": {}', '"gaps": {"/approvals": "no_permission"}')

    done = auditor(*ARGUMENTS)

    assert done.code == 0
    assert done.out.startswith("INCONCLUSIVE Apollo")
    assert "approvals: may not be read" in done.out
    assert "to supply: give the collecting account the right to read it" in done.out


def test_missing_facts_have_their_places() -> None:
    """A fact that is there, but does not count, is found at its line; one that is nowhere has none."""
    late = Fact("/approvals/1", "unobserved", "not recorded", "recorded_late")
    gone = Fact("/meetings", "unobserved", "not recorded", "truncated")
    verdict = Verdict(
        "nothing-approved", "apollo", "Apollo", Outcome.INCONCLUSIVE, "Open.", missing=(late, gone)
    )
    places = {late.pointer: Location("delivery/approvals.csv", 3)}

    lines = list(explanation([Explained(POLICY, result(verdict), verdict, places)], colour=False))

    assert "    - approvals[1]: recorded too late to count <delivery/approvals.csv:3:1>" in lines
    assert "    - meetings: cut short: not all of it was read" in lines


def test_one_subject_of_many(auditor: Command, root: Path) -> None:
    """``--subject`` picks one by key or by name; a slip gets the nearest."""
    demo = root / "fixtures/portfolio/atlas-ledger.json"
    policy = "stand-up-missed-in-sprint"

    every = auditor("explain", demo, policy)
    by_key = auditor("explain", demo, policy, "--subject", "s2")
    by_name = auditor("explain", demo, policy, "--subject", "Sprint 2")
    wrong = auditor("explain", demo, policy, "--subject", "s22")

    assert by_key.out == by_name.out
    assert by_key.out.startswith("FAIL")
    assert by_key.out in every.out
    assert wrong.code == 2
    assert "no subject is called 's22'" in wrong.err
    assert "did you mean 's2'?" in wrong.err


def test_unknown_policy(place: Path, auditor: Command) -> None:
    """A policy that there is not is a slip, with the nearest."""
    done = auditor("explain", "snapshots", "nothing-aproved", "--policies", "policies")

    assert done.code == 2, place
    assert "did you mean 'nothing-approved'?" in done.err


def test_nothing_to_explain(place: Path, auditor: Command) -> None:
    """No snapshot is exit 3, a broken one exit 4 with its place."""
    (place / "empty").mkdir()
    (place / "broken.json").write_text("{", encoding="utf-8")

    empty = auditor("explain", "empty", "nothing-approved", "--policies", "policies")
    broken = auditor("explain", "broken.json", "nothing-approved", "--policies", "policies")

    assert (empty.code, broken.code) == (3, 4)
    assert "--> broken.json:1:2" in broken.err


def test_only_the_policy_that_is_asked_for_is_compiled(place: Path, auditor: Command) -> None:
    """Somebody else's broken policy is not this explanation's business."""
    (place / "policies" / "trial" / "other.yaml").write_text("id: [", encoding="utf-8")

    assert auditor(*ARGUMENTS).code == 0


def test_foreign_names_do_not_act(place: Path, auditor: Command) -> None:
    """What a project is called reaches a terminal as visible text."""
    name = json.dumps("A\x1b[2J\u202e")
    change(place, '"Apollo"', name)

    done = auditor(*ARGUMENTS)

    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "A\\x1b[2J\\u202e" in done.out


def of_clauses(outcome: Outcome, *clauses: Outcome) -> Verdict:
    """Make a verdict of clauses, each with a way and a step of its own: ``c0``, ``c1`` and so on."""
    told = tuple(
        ClauseVerdict(
            number,
            clause,
            "M.",
            because=Because(
                "B.",
                (Step(Came.VALUE, "v", facts=(f"/s{number}",)),),
                ((Turn(f"c{number}", "otherwise", f"/c{number}"),),),
            ),
        )
        for number, clause in enumerate(clauses)
    )
    return Verdict("nothing-approved", "apollo", "Apollo", outcome, "M.", clauses=told)


def turning(verdict: Verdict) -> list[str]:
    """Return the lines of what would turn a verdict."""
    place = Location("policies/trial/nothing-approved.yaml", 8, 11)
    policy = replace(POLICY, clauses=(ClauseSummary("c", place),) * len(verdict.clauses))
    lines = list(explanation([Explained(policy, result(verdict), verdict, {})], colour=False))
    start = next((n for n, line in enumerate(lines) if line.startswith("  What would")), len(lines))
    return lines[start : lines.index("", start)] if start < len(lines) else []


def test_a_clause_that_holds_is_not_to_be_turned() -> None:
    """To break it would mend nothing."""
    verdict = of_clauses(Outcome.FAIL, Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE)

    assert turning(verdict) == ["  What would turn it", "    - c1: otherwise"]


def test_of_several_clauses_that_fail_each_has_to_be_turned() -> None:
    """A line turns its own clause alone, even where two of them say the same."""
    verdict = of_clauses(Outcome.FAIL, Outcome.FAIL, Outcome.PASS, Outcome.FAIL)

    assert turning(verdict) == [
        "  What would turn each clause; the verdict needs all 2",
        "    Clause 1",
        "    - c0: otherwise",
        "    Clause 3",
        "    - c2: otherwise",
    ]


def test_of_several_clauses_that_are_open_each_has_to_be_decided() -> None:
    """One that nothing can be said of is missing in the list, and counted in its heading."""
    verdict = of_clauses(Outcome.INCONCLUSIVE, *[Outcome.INCONCLUSIVE] * 2)
    silent = replace(verdict.clauses[0], because=Because("B."))

    lines = turning(replace(verdict, clauses=(silent, verdict.clauses[1])))

    assert lines == [
        "  What would decide each clause; the verdict needs all 2",
        "    Clause 2",
        "    - c1: otherwise",
    ]


def test_of_a_pass_any_clause_would_do() -> None:
    """So none of them is told apart."""
    verdict = of_clauses(Outcome.PASS, Outcome.PASS, Outcome.PASS)

    assert turning(verdict) == [
        "  What would turn it",
        "    - c0: otherwise",
        "    - c1: otherwise",
    ]


def test_lines_of_the_file_are_those_of_the_clauses_that_decided(tmp_path: Path) -> None:
    """The value that would turn it, then the one that it rests on; nothing of what holds."""
    path = tmp_path / "a.json"
    path.write_text("1\n2\n3\n4\n", encoding="utf-8")
    places = {
        name: Location(str(path), line, 1)
        for line, name in enumerate(("/c0", "/s0", "/c1", "/s1"), start=1)
    }

    found = Excerpts([path]).of(of_clauses(Outcome.FAIL, Outcome.PASS, Outcome.FAIL), places)

    assert [one.text for one in found] == ["3", "4"]
