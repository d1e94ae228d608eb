"""Result documents become one run, in an order of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import Control, InputProblem, NotUsed, Population
from auditor.model.verdict import Attested

if TYPE_CHECKING:
    from tests.findings.conftest import Make


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        pytest.param([Outcome.PASS], "decided", id="a pass decides"),
        pytest.param([Outcome.FAIL], "decided", id="a fail decides"),
        pytest.param([Outcome.NOT_APPLICABLE], "decided", id="not applicable decides"),
        pytest.param(
            [Outcome.PASS, Outcome.INCONCLUSIVE], "part", id="an open verdict leaves a part"
        ),
        pytest.param([Outcome.FAIL, Outcome.ERROR], "part", id="a broken policy leaves a part"),
        pytest.param([Outcome.INCONCLUSIVE], "undecided", id="nothing but open verdicts"),
        pytest.param([Outcome.ERROR, Outcome.INCONCLUSIVE], "undecided", id="nothing decided"),
        pytest.param([], "undecided", id="no verdict at all"),
    ],
)
def test_a_control_is_decided_only_when_all_its_verdicts_are(
    make: Make, outcomes: list[Outcome], state: str
) -> None:
    """The state of a control follows from every verdict of its policies."""
    assert make.run_of(*outcomes).controls == (Control("TST-01", state),)


def test_a_control_looks_at_all_auditees(make: Make) -> None:
    """What is open in one project is open for the control, however well the other does."""
    run = make.run(
        make.result("apollo", make.verdict(Outcome.PASS)),
        make.result("borealis", make.verdict(Outcome.INCONCLUSIVE)),
    )

    assert run.controls == (Control("TST-01", "part"),)


def test_a_control_looks_at_all_its_policies(make: Make) -> None:
    """Of two controls, only the one that the open policy serves too stays in part."""
    run = make.run(
        make.result(
            "apollo",
            make.verdict(Outcome.PASS, policy="a"),
            make.verdict(Outcome.INCONCLUSIVE, policy="b"),
        ),
        policies=(make.policy("a", "TST-01", "TST-02"), make.policy("b", "TST-02")),
    )

    assert run.controls == (Control("TST-01", "decided"), Control("TST-02", "part"))


def test_a_control_of_the_catalogue_without_a_policy_is_not_covered(make: Make) -> None:
    """What nobody encodes is named, not forgotten; what is encoded is not named twice."""
    run = make.run(
        make.result("apollo", make.verdict(Outcome.PASS)), catalogue=("TST-09", "TST-01")
    )

    assert run.controls == (Control("TST-01", "decided"), Control("TST-09", "not_covered"))


def test_order_does_not_depend_on_how_the_run_was_made(make: Make) -> None:
    """Results, policies, problems and leftovers are sorted; verdicts keep the order of their snapshot."""
    verdicts = (
        make.verdict(Outcome.PASS, policy="b", subject="z"),
        make.verdict(Outcome.PASS, policy="a", subject="y"),
    )
    results = (make.result("borealis"), make.result("apollo", *verdicts))
    policies = (make.policy("b"), make.policy("a"))
    problems = (
        InputProblem("z.yaml", "document", "broken"),
        InputProblem("c.yaml", "document", "second", Location("c.yaml", 2)),
        InputProblem("c.yaml", "document", "first", Location("c.yaml", 1)),
    )
    not_used = (NotUsed("old-b.yaml", "older"), NotUsed("old-a.yaml", "older"))

    forth = make.run(*results, policies=policies, problems=problems, not_used=not_used)
    back = make.run(
        *results[::-1], policies=policies[::-1], problems=problems[::-1], not_used=not_used[::-1]
    )

    assert forth == back
    assert [result.auditee for result in forth.results] == ["apollo", "borealis"]
    assert [policy.id for policy in forth.policies] == ["a", "b"]
    assert [problem.message for problem in forth.problems] == ["first", "second", "broken"]
    assert [other.name for other in forth.not_used] == ["old-a.yaml", "old-b.yaml"]
    assert [verdict.subject for verdict in forth.results[0].verdicts] == ["z", "y"]


def test_what_was_relaxed_keeps_its_order(make: Make) -> None:
    """The profile says in which order its relaxations are read."""
    assert make.run(relaxed=("second", "first")).relaxed == ("second", "first")


def test_without_a_population_everybody_who_was_found_is_in_scope(make: Make) -> None:
    """A run over what lies in a folder misses nobody."""
    run = make.run(make.result("apollo"), make.result("borealis"))

    assert run.population == Population(in_scope=2, audited=2)


def test_a_given_population_is_kept(make: Make) -> None:
    """Whom the run was to cover is not what it found."""
    population = Population(3, 1, ("borealis",), (NotUsed("calliope", "excluded"),))

    assert make.run(make.result("apollo"), population=population).population == population


def test_an_auditee_counts_once(make: Make) -> None:
    """Two documents about one auditee would count its verdicts twice."""
    with pytest.raises(ValueError, match="more than one result document for apollo"):
        make.run(make.result("apollo"), make.result("apollo"))


def test_a_run_that_judged_nothing_has_no_instant(make: Make) -> None:
    """Where no instant was settled there is none, instead of a word that looks like one."""
    run = make.run(as_of="none", period=("none", "none"))

    assert (run.as_of, run.period) == (None, None)


def test_a_period_that_was_asked_for_is_kept(make: Make) -> None:
    """Without an instant the user's own period still stands."""
    run = make.run(as_of="none", period=("2026-07-01", "2026-09-30"))

    assert (run.as_of, run.period) == (None, ("2026-07-01", "2026-09-30"))


def test_a_control_of_a_kind_that_was_not_judged_is_no_open_one(make: Make) -> None:
    """A project alone says nothing about units; the policy stands in no list of those that judged."""
    of_units = replace(make.policy("unit-rule", "TST-02"), target="unit")
    run = make.run(
        make.result("apollo", make.verdict(Outcome.PASS)), policies=(make.policy(), of_units)
    )

    assert run.controls == (Control("TST-01", "decided"), Control("TST-02", "no_auditee"))
    assert [policy.id for policy in run.policies] == ["late-thing"]


def test_a_control_that_somebody_vouched_for_is_told_apart(make: Make) -> None:
    """One attested pass among decided verdicts; an open one outweighs it."""
    vouched = replace(
        make.verdict(Outcome.PASS),
        attested=Attested(by="Ines", role="DM", at="2026-09-01", until="2027-09-01"),
    )
    decided = make.verdict(Outcome.PASS, subject="other")
    still_open = make.verdict(Outcome.INCONCLUSIVE, subject="third")

    whole = make.run(make.result("apollo", vouched, decided))
    part = make.run(make.result("apollo", vouched, still_open))

    assert whole.controls == (Control("TST-01", "attested"),)
    assert part.controls == (Control("TST-01", "part"),)


def test_the_portfolio_is_no_member_of_itself(make: Make) -> None:
    """It is counted neither as in scope nor as audited."""
    portfolio = replace(make.result("all"), target="portfolio")

    run = make.run(make.result("apollo", make.verdict(Outcome.PASS)), portfolio)

    assert (run.population.in_scope, run.population.audited) == (1, 1)
