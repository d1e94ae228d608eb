"""The report that a person reads."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicyChange
from auditor.model.run import InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.standing import Earlier, GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import ClauseVerdict, Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.text import TextReporter
from auditor.reporters.layout import WIDTH, columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = TextReporter()
SGR = re.compile(r"\x1b\[[\d;]*m")


def report(make: Make, run: Run, places: FixedPlaces | None = None) -> str:
    """Render *run* without colour."""
    return make.render(REPORTER, run, places).decode()


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format."""
    assert isinstance(REPORTER, Reporter)


def test_the_whole_report(
    make: Make, portfolio: Run, places: FixedPlaces, golden: Callable[[str, bytes], None]
) -> None:
    """A run with every outcome reads as the golden file does."""
    golden("portfolio.txt", make.render(REPORTER, portfolio, places))


def test_a_clean_report(make: Make, golden: Callable[[str, bytes], None]) -> None:
    """A run without findings is short and still says what it covered."""
    golden("clean.txt", make.render(REPORTER, make.run(make.result(make.verdict()))))


def test_what_cannot_be_read_is_not_called_missing(make: Make) -> None:
    """There may be snapshots and policies enough: the problem below says what is wrong with them."""
    broken = make.run(policies=(), problems=(InputProblem("a.yaml", "document", "broken"),))

    shown = make.render(REPORTER, broken).decode()

    assert "Nothing was audited: what it takes cannot be read.\n" in shown
    assert "matched" not in shown


def test_an_empty_report(make: Make, golden: Callable[[str, bytes], None]) -> None:
    """A run that judged nothing says so, and what to do."""
    golden("empty.txt", make.render(REPORTER, make.run(policies=())))


def test_a_run_without_an_instant_names_none(make: Make) -> None:
    """Where nothing could be judged, the line about the instant is left out."""
    text = report(make, make.run(as_of="none", period=("none", "none"), policies=()))

    assert "Judged" not in text
    assert "none" not in text


def test_colour_changes_nothing_but_colour(make: Make, portfolio: Run) -> None:
    """Without its escape sequences the coloured report is the plain one."""
    coloured = make.render(REPORTER, portfolio, colour=True).decode()

    assert "\x1b[1;31mFAIL\x1b[0m critical: " in coloured
    assert SGR.sub("", coloured) == report(make, portfolio)


def test_without_colour_there_is_no_escape_sequence(make: Make, portfolio: Run) -> None:
    """A file or a log gets text."""
    assert "\x1b" not in report(make, portfolio)


def test_findings_come_by_auditee_worst_first(make: Make) -> None:
    """Error before fail before inconclusive, critical before low; the worst auditee first."""
    policies = tuple(
        make.policy(severity.value, severity=severity, title=f"<{severity.value}>")
        for severity in Severity
    )
    mild = make.result(make.verdict(Outcome.FAIL, policy="low"), auditee="a", auditee_name="Mild")
    bad = make.result(
        make.verdict(Outcome.INCONCLUSIVE, policy="critical"),
        make.verdict(Outcome.FAIL, policy="medium"),
        make.verdict(Outcome.FAIL, policy="high"),
        make.verdict(Outcome.ERROR, policy="low"),
        auditee="b",
        auditee_name="Bad",
    )
    text = report(make, make.run(mild, bad, policies=policies))

    assert re.findall(r"^\w+ \(\w\)|<\w+>", text, re.MULTILINE) == [
        "Bad (b)",
        "<low>",
        "<high>",
        "<medium>",
        "<critical>",
        "Mild (a)",
        "<low>",
    ]


def test_places_are_asked_for_once_per_auditee(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """Finding a place reads a file; only auditees with something to explain are asked for."""
    report(make, portfolio, places)

    assert places.asked == ["hand:apollo", "jira:10042"]


@pytest.fixture
def late_meetings(make: Make) -> tuple[Run, FixedPlaces]:
    """Return a run with two verdicts that wait on meetings recorded too late, and one on all approvals."""
    waits = {
        "a": Fact("/meetings/20", "unobserved", "not recorded", "recorded_late"),
        "b": Fact("/meetings/21", "unobserved", "not recorded", "recorded_late"),
        "c": Fact("/approvals", "unobserved", "not recorded", "truncated"),
    }
    verdicts = [
        make.verdict(Outcome.INCONCLUSIVE, subject=subject, subject_name=subject, missing=(fact,))
        for subject, fact in waits.items()
    ]
    places = make.places()
    places.known["hand:apollo", "/meetings/21"] = Location("meetings.csv", 23, 1)
    return make.run(make.result(*verdicts)), places


def test_what_is_undecided_has_its_places(
    make: Make, late_meetings: tuple[Run, FixedPlaces]
) -> None:
    """A missing fact that stands somewhere is shown with its place; one that stands nowhere is not."""
    text = report(make, *late_meetings)

    assert (
        "    a, b, c\n"
        "      meetings[21]: recorded too late to count <meetings.csv:23:1>\n"
        "    Waits on missing facts [1], [2]\n"
    ) in text
    assert "meetings[20]" not in text


def test_a_missing_fact_has_its_first_place(
    make: Make, late_meetings: tuple[Run, FixedPlaces]
) -> None:
    """Who wants to supply a fact learns where to begin."""
    text = report(make, *late_meetings)

    assert (
        "      fact: /meetings/* (recorded_late)\n"
        "      first: meetings[21] <meetings.csv:23:1>\n"
        "      asked by: "
    ) in text
    assert text.count("first: ") == 1


def test_every_failing_clause_is_told_with_its_counter_examples(make: Make) -> None:
    """A verdict with two failing clauses shows both sentences; a holding clause stays silent."""
    clauses = (
        ClauseVerdict(0, Outcome.FAIL, "Too late.", failing=("Ann", "Bo")),
        ClauseVerdict(1, Outcome.PASS, "Not shown."),
        ClauseVerdict(1, Outcome.FAIL, "No owner."),
    )
    text = report(make, make.run(make.result(make.verdict(Outcome.FAIL, clauses=clauses))))

    assert "    Too late.\n      fails for: Ann, Bo\n    No owner.\n" in text
    assert "Not shown." not in text


def test_a_fact_is_shown_once_per_verdict(make: Make) -> None:
    """The second clause that rests on a fact does not repeat it."""
    fact = Fact("/things/0/at", "known", "late")
    clauses = tuple(ClauseVerdict(index, Outcome.FAIL, "Said.", facts=(fact,)) for index in (0, 1))
    verdict = make.verdict(Outcome.FAIL, clauses=clauses, facts=(fact,))

    assert report(make, make.run(make.result(verdict))).count("things[0].at: late") == 1


def test_many_subjects_are_all_named(make: Make) -> None:
    """From the eleventh subject on the facts are left out, never the subject or its sentence."""
    verdicts = [
        make.verdict(
            Outcome.FAIL,
            subject=f"item-{number}",
            subject_name=f"Item {number}",
            message=f"Late by {number} days.",
            facts=(Fact(f"/items/{number}/at", "known", "late"),),
        )
        for number in range(12)
    ]
    text = report(make, make.run(make.result(*verdicts)))

    assert "late-thing, SEEF-TST-01, 12 subjects" in text
    assert [f"* Item {number}\n      Late by {number} days." in text for number in range(12)] == (
        [True] * 12
    )
    assert text.count("at: late") == 10


def test_many_facts_are_cut_with_a_number(make: Make) -> None:
    """A witness of hundreds of facts does not drown the rest."""
    facts = tuple(Fact(f"/items/{number}/at", "known", "late") for number in range(40))
    text = report(make, make.run(make.result(make.verdict(Outcome.FAIL, facts=facts))))

    assert "items[11].at: late\n      and 28 more facts\n" in text


def test_who_must_act_is_named(make: Make) -> None:
    """Where the policy names an owner, the report does."""
    text = report(make, make.run(make.result(make.verdict(Outcome.FAIL, owner="Ann Becker"))))

    assert "\n    To act: Ann Becker\n" in text


def test_the_first_that_falls_due_is_told_across_zones(make: Make) -> None:
    """Due instants are compared as instants: 09:00 in Auckland is before 01:00 in Berlin."""
    early, late = "2026-10-02T09:00:00+13:00", "2026-10-02T01:00:00+02:00"
    verdicts = [
        make.verdict(
            Outcome.NOT_APPLICABLE, subject=due, subject_name="it", reason="not_due", due_at=due
        )
        for due in (late, early)
    ]
    text = report(make, make.run(make.result(*verdicts)))

    assert "0 pass and 0 not applicable" in text
    assert "2 not due yet; the first is due 2026-10-02 09:00 +13:00" in text


@pytest.mark.parametrize(
    ("day", "first"), [("2026-10-01", "2026-10-01"), ("2026-10-02", "2026-10-02 00:00 +02:00")]
)
def test_a_limit_that_is_known_to_the_day_only_sorts_among_instants(
    make: Make, day: str, first: str
) -> None:
    """Without a calendar a limit in working days is a day: it is the earliest instant that it can be."""
    verdicts = [
        make.verdict(
            Outcome.NOT_APPLICABLE, subject=due, subject_name="it", reason="not_due", due_at=due
        )
        for due in ("2026-10-02T00:00:00+02:00", day)
    ]
    text = report(make, make.run(make.result(*verdicts)))

    assert f"2 not due yet; the first is due {first}: " in text


@pytest.mark.parametrize(
    ("run", "last"),
    [
        pytest.param(
            lambda make: make.run(make.result(make.verdict(Outcome.FAIL))),
            "Next: why, with the same options: auditor explain portfolio/apollo.yaml late-thing",
            id="the worst finding",
        ),
        pytest.param(
            lambda make: make.run(
                make.result(make.verdict(Outcome.FAIL), snapshot_name="my $(run).yaml")
            ),
            "Next: why, with the same options: auditor explain 'my $(run).yaml' late-thing",
            id="a name that a shell would run",
        ),
        pytest.param(
            lambda make: make.run(problems=(InputProblem("a.yaml", "document", "broken"),)),
            "Next: mend the inputs named above",
            id="nothing could be read",
        ),
        pytest.param(
            lambda make: make.run(
                make.result(make.verdict()), population=Population(2, 1, ("hand:dione",))
            ),
            "Next: give a snapshot of hand:dione",
            id="somebody is missing",
        ),
    ],
)
def test_the_last_line_says_what_to_do_next(
    make: Make, run: Callable[[Make], Run], last: str
) -> None:
    """It can be copied into a shell."""
    joined = " ".join(report(make, run(make)).rpartition("\n\n")[2].split())

    assert joined == last


def test_a_command_is_never_broken(make: Make) -> None:
    """One that is wider than the page stands whole on a line of its own: half of it cannot be pasted."""
    path = "portfolio/" + "a long name " * 12 + "x.yaml"
    run = make.run(make.result(make.verdict(Outcome.FAIL), snapshot_name=path))

    assert report(make, run).endswith(
        f"\n\nNext: why, with the same options:\n        auditor explain '{path}' late-thing\n"
    )


@pytest.mark.parametrize("path", ["a\nb.yaml", "a\x1b[2J.yaml", "##[error].yaml", "x" * 5_000])
def test_a_name_that_cannot_be_pasted_is_not_offered(make: Make, path: str) -> None:
    """A command whose path had to be changed to be shown would name another file."""
    run = make.run(make.result(make.verdict(Outcome.FAIL), snapshot_name=path))

    assert report(make, run).endswith("\n\nNext: see to the findings above: each says how\n")
    run = make.run(
        make.result(make.verdict(Outcome.FAIL), snapshot_name=path),
        make.result(
            make.verdict(Outcome.INCONCLUSIVE), auditee="hand:calliope", snapshot_name="b.yaml"
        ),
    )
    assert report(make, run).endswith("same options: auditor explain b.yaml late-thing\n")
    run = make.run(make.result(make.verdict(), snapshot_name=path))
    assert report(make, run).endswith("\n\nNext: nothing has to be done\n")


def test_the_portfolio_has_no_snapshot_to_be_explained(make: Make) -> None:
    """The first finding that has one is explained, and where none has, nothing is offered."""
    whole = make.result(
        make.verdict(Outcome.FAIL, policy="late-people"),
        auditee="acme",
        target="portfolio",
        snapshot_name="people.yaml",
    )
    project = make.result(make.verdict(Outcome.INCONCLUSIVE))
    about = {
        "policies": (make.policy("late-people", target="portfolio"), make.policy()),
        "population": Population(2, 1, ("hand:dione",)),
    }

    both = report(make, make.run(whole, project, **about)).partition("\n\nNext: ")[2]
    alone = report(make, make.run(whole, **about)).partition("\n\nNext: ")[2]

    assert " ".join(both.split()) == (
        "give a snapshot of hand:dione"
        " why, with the same options: auditor explain portfolio/apollo.yaml late-thing"
    )
    assert alone == "give a snapshot of hand:dione\n"


@pytest.mark.parametrize("letters", ["word ", "规模 ", "longword"])
def test_no_line_is_wider_than_the_page(make: Make, letters: str) -> None:
    """Whatever is written, a terminal of 100 columns shows it; a command alone may be wider."""
    text = report(make, make.hostile(letters * 100))
    *lines, command = text.splitlines()

    assert max(map(columns, lines)) <= WIDTH
    assert command.startswith("        auditor explain ")


def test_hostile_text_stays_text(make: Make, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: nothing acts, and the page stays readable."""
    text = report(make, make.hostile(hostile_text))

    assert re.search(r"^\s*::|##[A-Za-z]*\[", text, re.MULTILINE) is None
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text) is None
    assert len(text) < 100_000


def test_a_line_feed_in_a_message_forges_no_finding(make: Make) -> None:
    """A line of the report is made by the report."""
    text = report(make, make.hostile("x\n\n  FAIL critical: forged\n\nNext: rm -rf"))

    assert not re.search(r"^ {0,2}(FAIL critical|Next: rm)", text, re.MULTILINE)


CHANGES = (
    PolicyChange(
        "params.limit", "24 hours", "48 hours", is_relaxing=False,
        location=Location("acme.yaml", 9, 3), reason="A rota", by="C. Doyle", on="2026-08-01",
    ),
    PolicyChange(
        "severity", "low", "high", is_relaxing=False, location=Location("auditor.yaml", 3, 5)
    ),
)  # fmt: skip


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.ERROR])
def test_what_was_changed_of_a_policy_stands_beside_its_verdict(
    outcome: Outcome, make: Make
) -> None:
    """With who decided it; a severity that was raised, too."""
    run = make.run(make.result(make.verdict(outcome)), policies=(make.policy(changes=CHANGES),))

    lines = [line.strip() for line in report(make, run).splitlines()]
    first = lines.index("late-thing, SEEF-TST-01") + 1
    assert lines[first : first + 2] == [
        "changed: limit 24 hours -> 48 hours, by C. Doyle on 2026-08-01: A rota <acme.yaml:9:3>",
        "changed: severity low -> high <auditor.yaml:3:5>",
    ]


def test_what_is_relaxed_comes_before_everything(make: Make) -> None:
    """Who reads the numbers has read what they leave out."""
    text = report(make, replace(make.run(), relaxed=("relaxed: x: severity high -> low",)))

    assert text.startswith("  ! relaxed: x: severity high -> low\n")


def test_the_gate_says_why_and_what_does_not_count(make: Make) -> None:
    """At the end red or green with every rule; beside each finding that is let be, who lets it be."""
    gap = Fact("/things/0/at", "unobserved", "not recorded")
    run = make.run(
        make.result(
            make.verdict(Outcome.FAIL, subject="a", subject_name="A"),
            make.verdict(Outcome.FAIL, subject="b", subject_name="B"),
            make.verdict(Outcome.FAIL, subject="c", subject_name="C"),
            *(
                make.verdict(Outcome.INCONCLUSIVE, subject=one, subject_name=one, missing=(gap,))
                for one in "de"
            ),
        )
    )
    earlier = (Earlier("2026-03-31T18:00:00+02:00", "none"), Earlier("2026-06-30", "fail"))
    standings = {
        "a": Standing(Gating.KNOWN, "known and unchanged, known.json", earlier),
        "b": Standing(told="known, but its facts have changed since, known.json"),
        "c": Standing(Gating.UNDER, "under critical, by the command line"),
        "d": Standing(Gating.ACCEPTED, "accepted until 2026-12-31 by C. Doyle"),
        "e": Standing(Gating.ACCEPTED, "accepted until 2026-12-31 by C. Doyle"),
    }
    gone = (GoneFinding("hand:apollo", "late-thing", "f", "It was late.", "pass"),)
    run = replace(
        run,
        standings={("hand:apollo", "late-thing", name): one for name, one in standings.items()},
        gate=GateSummary(
            1, ("findings from low on gate",), ("1 finding at or over low",), "known.json", gone
        ),
    )

    text = report(make, run)
    assert [
        line.strip() for line in text.splitlines() if "Gate: " in line or "Before: " in line
    ] == [
        "Gate: does not count: known and unchanged, known.json",
        "Before: not there at 2026-03-31 18:00 +02:00, fail at 2026-06-30",
        "Gate: counts: known, but its facts have changed since, known.json",
        "Gate: does not count: accepted until 2026-12-31 by C. Doyle (2 times)",
    ]
    assert text.split("\nGate\n")[1].split("\n\n")[0].splitlines() == [
        "  FAILED (exit code 1): 1 finding at or over low",
        "  * findings from low on gate",
        "  Score: raw 0.0 % (0 kept of 1 due), net 0.0 % (0 of 1, without 0 accepted)",
        "  Do not count: 1 known, 2 accepted, 1 under the threshold",
        "  Known, and no finding any more:",
        "    * late-thing, f in hand:apollo: it passes now",
    ]


def test_a_green_gate_says_so(make: Make) -> None:
    """Even where there is nothing else to say."""
    gate = GateSummary(0, ("findings from low on gate",), ())
    text = report(make, replace(make.run(make.result(make.verdict())), gate=gate))

    assert "\nGate\n  PASSED (exit code 0): nothing counts\n  * findings from low on gate\n" in text
