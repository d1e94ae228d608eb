"""Every format says the same things in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.evaluation.wording import NOT_RECORDED
from auditor.model.explanation import Because
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import NotUsed, Population
from auditor.model.verdict import ClauseVerdict, Fact
from auditor.reporters import wording

if TYPE_CHECKING:
    from auditor.model.run import Run
    from tests.reporters.conftest import Make

PLACE = {"/risks/0/owner": Location("apollo.yaml", 5, 9)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("2026-09-30T18:00:00+02:00", "2026-09-30 18:00 +02:00", id="whole minutes"),
        pytest.param("2026-09-30T18:00:05+02:00", "2026-09-30 18:00:05 +02:00", id="seconds"),
        pytest.param("2026-09-30T18:00:05.250Z", "2026-09-30 18:00:05 UTC", id="parts of one"),
        pytest.param("2026-09-30T18:00:00.000Z", "2026-09-30 18:00 UTC", id="no parts of one"),
        pytest.param("2026-09-30", "2026-09-30", id="a day"),
        pytest.param("soon", "soon", id="no instant"),
    ],
)
def test_an_instant_reads_without_its_machinery(text: str, shown: str) -> None:
    """Day, time, offset; seconds only if there are any."""
    assert wording.instant(text) == shown


def test_the_opening_says_population_controls_and_verdicts(portfolio: Run) -> None:
    """The three lines, in this order; the outcomes add up to the verdicts."""
    assert wording.opening(portfolio) == (
        (
            "Population",
            "4 in scope, 3 audited, 1 missing: Dione (hand:dione); 1 excluded: Eos (hand:eos) because a support contract of three hours",
        ),
        (
            "Controls",
            "of 6: 2 decided, 3 in part (SEEF-IMP-02, SEEF-IMP-03, SEEF-MON-04), 0 not decided, 1 not covered (SEEF-PLN-05)",
        ),
        (
            "Verdicts",
            "13, one per policy and subject (4 policies, 11 subjects) = 1 error + 2 fail + 4 inconclusive + 4 pass + 2 not applicable",
        ),
    )


def test_a_control_that_nothing_decided_is_not_called_uncovered(make: Make) -> None:
    """Its policy was written and ran; only the facts were missing."""
    run = make.run(make.result(make.verdict(Outcome.INCONCLUSIVE)), catalogue=("SEEF-TST-02",))

    assert wording.opening(run)[1] == (
        "Controls",
        "of 2: 0 decided, 0 in part, 1 not decided (SEEF-TST-01), 1 not covered (SEEF-TST-02)",
    )


def test_an_empty_run_opens_with_zeros(make: Make) -> None:
    """Nothing is hidden because there is nothing."""
    assert wording.opening(make.run(policies=())) == (
        ("Population", "0 in scope, 0 audited, 0 missing, 0 excluded"),
        ("Controls", "of 0: 0 decided, 0 in part, 0 not decided, 0 not covered"),
        (
            "Verdicts",
            "0, one per policy and subject (0 policies, 0 subjects) = 0 error + 0 fail + 0 inconclusive + 0 pass + 0 not applicable",
        ),
    )


def test_a_long_list_of_the_missing_is_cut_with_a_number(make: Make) -> None:
    """Ten names, then how many more."""
    names = tuple(f"p{number}" for number in range(12))
    run = make.run(population=Population(12, 0, names, (NotUsed("q", "closed"),)))

    assert wording.opening(run)[0][1] == (
        "12 in scope, 0 audited, 12 missing: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more; "
        "1 excluded: q because closed"
    )


def test_a_member_is_called_by_its_name_and_its_id(make: Make) -> None:
    """The id alone where nobody says a name, or where it is the same."""
    people = make.run(population=Population(3, 0, names=(("a", "Apollo"), ("b", "b")))).population

    assert [wording.member(people, one) for one in "abc"] == ["Apollo (a)", "b", "c"]


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/approvals/2/decision", "approvals[2].decision"),
        ("/blockers/*/escalations", "blockers[*].escalations"),
        ("/ext/a~1b", "ext.a/b"),
        ("", "the snapshot"),
    ],
)
def test_a_pointer_reads_as_a_path(pointer: str, name: str) -> None:
    """A person sees lists and fields, not a pointer."""
    assert wording.fact_name(pointer) == name


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param(None, "risks[0].owner: Ann <apollo.yaml:5:9>", id="the judged file"),
        pytest.param(
            "risks.csv:2",
            "risks[0].owner: Ann <risks.csv:2, apollo.yaml:5:9>",
            id="its source first",
        ),
        pytest.param(
            "apollo.yaml:5", "risks[0].owner: Ann <apollo.yaml:5:9>", id="the same file once"
        ),
        pytest.param(
            "apollo.yaml:4", "risks[0].owner: Ann <apollo.yaml:5:9>", id="the finer of one file"
        ),
        pytest.param(
            "https://jira.example/browse/AP-7",
            "risks[0].owner: Ann <https://jira.example/browse/AP-7, apollo.yaml:5:9>",
            id="an address",
        ),
    ],
)
def test_a_fact_stands_with_its_place(source: str | None, line: str) -> None:
    """The chain of places goes from the record's source to the file that was judged."""
    assert wording.fact_line(Fact("/risks/0/owner", "known", "Ann", source=source), PLACE) == line


@pytest.mark.parametrize(
    ("source", "place"),
    [
        pytest.param("delivery/risks.csv:2", "../deliv/delivery/risks.csv:2:9", id="a line"),
        pytest.param("delivery/risks.csv", "../deliv/delivery/risks.csv:2:9", id="a file"),
        pytest.param("risks.csv:2:1", "../deliv/delivery/risks.csv:2:9", id="a column"),
        pytest.param(
            "delivery/risks.csv:3",
            "delivery/risks.csv:3, ../deliv/delivery/risks.csv:2:9",
            id="another line",
        ),
        pytest.param(
            "isks.csv:2", "isks.csv:2, ../deliv/delivery/risks.csv:2:9", id="another file"
        ),
    ],
)
def test_a_source_that_adds_nothing_is_left_out(source: str, place: str) -> None:
    """The located place that ends with the same file and line says it all."""
    places = {"/risks/0/owner": Location("../deliv/delivery/risks.csv", 2, 9)}
    fact = Fact("/risks/0/owner", "known", "Ann", source=source)

    assert wording.fact_place(fact, places) == place


def test_a_fact_without_a_place_stands_alone() -> None:
    """No place is better than a wrong one."""
    fact = Fact("/risks/1/owner", "unobserved", "not recorded", "no_permission")

    assert wording.fact_line(fact, PLACE) == "risks[1].owner: may not be read"


@pytest.mark.parametrize(
    ("reason", "value"),
    [
        ("truncated", "cut short: not all of it was read"),
        ("recorded_late", "recorded too late to count"),
        ("recorded_before_it_happened", "dated before what it records"),
        ("day_precision", "known only to the day"),
        ("no_history", "known only as it was at the capture"),
        ("no_permission", "may not be read"),
        ("not_collected", "was not collected"),
        ("not_supported", "is not kept by the source"),
        ("unparsed", "could not be read"),
        ("unobserved", "is not recorded"),
        (None, "is not recorded"),
        ("answered_twice", "not known (answered twice)"),
    ],
)
def test_a_fact_that_is_missing_says_in_which_way(reason: str | None, value: str) -> None:
    """What is recorded, but cannot be used, is not called "not recorded"."""
    fact = Fact("/meetings/21", "unobserved", NOT_RECORDED, reason)

    assert wording.fact_line(fact, {}) == f"meetings[21]: {value}"


def test_what_is_known_of_a_missing_fact_is_shown() -> None:
    """The day stands before the words that say why it is not enough."""
    fact = Fact("/meetings/4/held_at", "unobserved", "2026-09-12", "day_precision")

    assert wording.fact_line(fact, {}) == "meetings[4].held_at: 2026-09-12 (known only to the day)"


@pytest.mark.parametrize(
    ("outcome", "deciding"),
    [(Outcome.FAIL, [1, 2]), (Outcome.ERROR, [1, 2]), (Outcome.INCONCLUSIVE, [3])],
)
def test_the_clauses_that_decided_are_told(
    make: Make, outcome: Outcome, deciding: list[int]
) -> None:
    """A verdict shows all that is wrong, and a broken clause hides no failing one."""
    each = [Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE]
    clauses = tuple(ClauseVerdict(index, each[index], "Said.") for index in range(4))

    told = wording.deciding_clauses(make.verdict(outcome, clauses=clauses))

    assert [clause.clause for clause in told] == deciding


def test_a_broken_policy_is_nothing_that_the_project_mends(make: Make) -> None:
    """The remedy points at the policy's own line."""
    broken = make.verdict(Outcome.ERROR, clauses=(ClauseVerdict(1, Outcome.ERROR, "No such key."),))

    assert wording.remedy(make.policy(), broken) == (
        "mend the policy at policies/seef/late-thing.yaml:14:11: it must not break, whatever the facts are"
    )


def test_a_blank_sentence_says_that_it_is_blank() -> None:
    """An empty message would read as if nothing were wrong."""
    assert wording.sentence(" \n") == "the policy says nothing about it"


@pytest.mark.parametrize(
    ("outcome", "has_margin", "shown"),
    [
        (Outcome.FAIL, True, "7 h late."),
        (Outcome.FAIL, False, ""),
        (Outcome.INCONCLUSIVE, True, ""),
    ],
)
def test_by_how_much_a_demand_fails_is_told(
    outcome: Outcome, *, has_margin: bool, shown: str
) -> None:
    """Without a margin the facts beside it say as much."""
    because = Because("7 h late.", has_margin=has_margin)

    assert wording.because(ClauseVerdict(0, outcome, "x", because=because)) == shown


def test_a_clause_without_an_explanation_has_nothing_to_add() -> None:
    """Of results that were made elsewhere."""
    assert wording.because(ClauseVerdict(0, Outcome.FAIL, "x")) == ""
