"""A gap is accepted by fact, by name and for a time; it covers what waits on it alone, and never a fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings.accepted import accepted
from auditor.findings.assemble import assemble
from auditor.findings.gate import held
from auditor.findings.gate_rules import Rules
from auditor.model.accepted import AcceptedGap
from auditor.model.errors import ExitCode
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.run import NotUsed
from auditor.model.severity import Severity
from auditor.model.standing import Gating
from auditor.model.verdict import Fact, Verdict

if TYPE_CHECKING:
    from auditor.model.run import Run

OWNER = Fact("/actions/3/owner", "unobserved", "not recorded", reason="not_collected")
DUE = Fact("/actions/3/due_on", "unobserved", "not recorded")
POLICY = PolicySummary(
    id="late-thing",
    title="T",
    why="W",
    fix="F",
    controls=("C-1",),
    severity=Severity.MEDIUM,
    pack="seef",
    target="project",
    digest="sha256:" + "0" * 64,
    location=Location("late-thing.yaml", 1),
    clauses=(),
    params=(),
)
GAP = AcceptedGap(
    fact="/actions/*/owner",
    gap=None,
    auditees=(),
    reason="The minutes are being typed in.",
    by="C. Doyle",
    on="2026-09-01",
    until="2026-09-30",
    location=Location("accepted.yaml", 2, 5),
)
TOLD = (
    "accepted until 2026-09-30 by C. Doyle on 2026-09-01: The minutes are being typed in."
    " <accepted.yaml:2:5>"
)


def run(*verdicts: Verdict, as_of: str = "2026-09-30T18:00:00+02:00", zone: str = "UTC") -> Run:
    """Make a run on one project."""
    result = ResultDocument(
        "apollo", "A", "project", "sha256:" + "0" * 64, "a.yaml", as_of, as_of, zone, verdicts
    )
    return assemble(
        policies=(POLICY,), results=[result], as_of=as_of, period=None, engine="auditor"
    )


def verdict(outcome: Outcome = Outcome.INCONCLUSIVE, *missing: Fact, subject: str = "x") -> Verdict:
    """Make a verdict that waits on facts."""
    return Verdict("late-thing", subject, subject, outcome, "A sentence.", missing=missing)


WAITING = verdict(Outcome.INCONCLUSIVE, OWNER)


def covered(judged: Run, *gaps: AcceptedGap) -> list[str]:
    """Return the subjects that are accepted."""
    return [key[2] for key in accepted(judged, gaps).standings]


def test_a_verdict_that_waits_on_an_accepted_fact_is_accepted() -> None:
    """Who accepted it, until when and why stands beside it."""
    [standing] = accepted(run(WAITING), [GAP]).standings.values()

    assert (standing.gating, standing.told) == (Gating.ACCEPTED, TOLD)


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(replace(GAP, fact="/actions/*"), id="the-record"),
        pytest.param(replace(GAP, fact="/actions/*/owner/name"), id="below-it"),
        pytest.param(replace(GAP, gap="no_permission"), id="missing-in-another-way"),
        pytest.param(replace(GAP, auditees=("zeus",)), id="in-another-auditee"),
    ],
)
def test_another_fact_is_not_accepted(gap: AcceptedGap) -> None:
    """A gap covers what it names, and tells when that is nothing."""
    acceptance = accepted(run(WAITING), [gap])

    assert (acceptance.standings, acceptance.relaxed) == ({}, ())
    text = f"nothing waits on the accepted gap {gap.shown}: take it out"
    assert acceptance.not_used == (NotUsed("accepted.yaml:2:5", text),)


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(replace(GAP, gap="not_collected"), id="in-the-way-that-is-named"),
        pytest.param(replace(GAP, auditees=("zeus", "apollo")), id="in-an-auditee-that-is-named"),
    ],
)
def test_a_narrower_gap_covers_what_it_names(gap: AcceptedGap) -> None:
    """Way and auditee narrow it."""
    assert covered(run(WAITING), gap) == ["x"]


def test_all_facts_have_to_be_accepted() -> None:
    """With one that nobody accepted, nobody has looked at what is open."""
    both = run(verdict(Outcome.INCONCLUSIVE, OWNER, DUE))
    due = replace(GAP, fact="/actions/*/due_on", location=Location("accepted.yaml", 9, 5))

    assert covered(both, GAP) == []
    assert covered(both, GAP, due) == ["x"]
    assert accepted(both, [GAP]).not_used == ()  # it is waited on, and stays


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.ERROR, Outcome.PASS])
def test_nothing_else_is_accepted(outcome: Outcome) -> None:
    """A fail is known to be one, and a policy that broke says nothing."""
    assert covered(run(verdict(outcome, OWNER)), GAP) == []


def test_what_no_fact_leaves_open_is_not_accepted() -> None:
    """There is nothing that could be named."""
    assert covered(run(verdict()), GAP, replace(GAP, fact="")) == []


@pytest.mark.parametrize(
    ("as_of", "zone", "subjects"),
    [
        pytest.param("2026-09-30", "UTC", ["x"], id="the-last-day"),
        pytest.param("2026-10-01", "UTC", [], id="the-day-after"),
        pytest.param("2026-09-30T23:59:59-06:00", "America/Denver", ["x"], id="late-in-denver"),
        pytest.param("2026-09-30T23:30:00+02:00", "Asia/Tokyo", [], id="tomorrow-in-tokyo"),
        pytest.param("2026-10-01T01:00:00+02:00", "America/Denver", ["x"], id="still-in-denver"),
        pytest.param("2026-09-01", "UTC", ["x"], id="the-day-on-which-it-begins"),
        pytest.param("2026-08-31", "UTC", [], id="the-day-before-it-begins"),
        pytest.param(
            "2026-08-31T23:30:00Z", "Europe/Berlin", ["x"], id="it-begins-earlier-in-the-east"
        ),
    ],
)
def test_it_holds_from_its_first_day_to_the_end_of_its_last(
    as_of: str, zone: str, subjects: list[str]
) -> None:
    """Where the auditee is."""
    assert covered(run(WAITING, as_of=as_of, zone=zone), GAP) == subjects


def test_one_that_has_not_begun_is_told() -> None:
    """A day that is yet to come would make it last longer than it may."""
    acceptance = accepted(run(WAITING, as_of="2026-08-31"), [GAP])

    text = "the accepted gap /actions/*/owner begins on 2026-09-01; what waits on it counts"
    assert (acceptance.standings, acceptance.relaxed) == ({}, ())
    assert acceptance.not_used == (NotUsed("accepted.yaml:2:5", text),)


def test_one_that_is_over_is_told() -> None:
    """What waits on it counts again, and the reader learns why."""
    acceptance = accepted(run(WAITING, as_of="2026-10-01"), [GAP])

    text = "the accepted gap /actions/*/owner ended on 2026-09-30; what waits on it counts"
    assert acceptance.not_used == (NotUsed("accepted.yaml:2:5", text),)


def test_one_that_is_in_force_is_told_first() -> None:
    """As everything that relaxes."""
    text = (
        "relaxed: a missing /actions/*/owner is accepted until 2026-09-30, by C. Doyle on"
        " 2026-09-01: The minutes are being typed in. <accepted.yaml:2:5>"
    )
    assert accepted(run(WAITING), [GAP]).relaxed == (text,)


FACTS = st.lists(st.sampled_from([OWNER, DUE]), unique=True)
GAPS = st.lists(
    st.builds(
        replace,
        st.just(GAP),
        fact=st.sampled_from(["/actions/*/owner", "/actions/*/due_on", "/risks/*/owner"]),
        until=st.sampled_from(["2026-09-29", "2026-09-30"]),
    ),
    max_size=4,
)


@given(
    st.lists(st.tuples(st.sampled_from(list(Outcome)), FACTS), min_size=1), GAPS, GAPS, st.data()
)
def test_accepting_more_is_never_worse_and_changes_no_verdict(
    drawn: list[tuple[Outcome, list[Fact]]],
    gaps: list[AcceptedGap],
    more: list[AcceptedGap],
    data: st.DataObject,
) -> None:
    """Only undecided verdicts are covered, in whatever order the gaps stand."""
    judged = run(
        *(verdict(one, *facts, subject=str(place)) for place, (one, facts) in enumerate(drawn))
    )

    def code(every: list[AcceptedGap]) -> tuple[int, Any]:
        acceptance = accepted(judged, every)
        run_, gate = held(judged, Rules(), excused=acceptance.standings)
        assert run_.counts() == judged.counts()
        return gate.code, set(acceptance.standings)

    few, many = code(gaps), code([*gaps, *more])
    assert many[0] in {few[0], ExitCode.OK}
    assert few[1] <= many[1]
    assert code(data.draw(st.permutations([*gaps, *more])))[1] == many[1]
    assert {drawn[int(key[2])][0] for key in many[1]} <= {Outcome.INCONCLUSIVE}
