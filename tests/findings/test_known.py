"""What is known is known only as long as neither its facts nor its policy change; nothing known is ever dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings.assemble import assemble
from auditor.findings.gate import held
from auditor.findings.gate_rules import Rules, Threshold
from auditor.findings.known import compare, known_findings, together
from auditor.model.errors import ExitCode
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.run import NOT_AUDITED
from auditor.model.severity import Severity
from auditor.model.standing import Gating, GoneFinding
from auditor.model.verdict import ClauseVerdict, Fact, Verdict

if TYPE_CHECKING:
    from auditor.model.run import Run

FACT = Fact("/blockers/3/raised_at", "known", "2026-09-01 10:00 +02:00")
GAP = Fact("/actions/0/owner", "unobserved", "not recorded", reason="not_collected")
INSTANT = "2026-09-30T18:00:00Z"
OUTCOMES = st.sampled_from(list(Outcome))


def policy(name: str = "late-thing", **changes: Any) -> PolicySummary:
    """Make a policy."""
    made = PolicySummary(
        id=name,
        title="T",
        why="W",
        fix="F",
        controls=("C-1",),
        severity=Severity.MEDIUM,
        pack="seef",
        target="project",
        digest="sha256:" + "0" * 64,
        location=Location(f"{name}.yaml", 1),
        clauses=(),
        params=(("limit", "24 hours"),),
        words="sha256:" + "1" * 64,
    )
    return replace(made, **changes)


def verdict(outcome: Outcome = Outcome.FAIL, subject: str = "x-1", **changes: Any) -> Verdict:
    """Make a verdict that rests on one fact."""
    made = Verdict("late-thing", subject, subject, outcome, "A sentence.", facts=(FACT,))
    return replace(made, **changes)


def run(
    *verdicts: Verdict,
    auditee: str = "apollo",
    policies: tuple[PolicySummary, ...] | None = None,
    **changes: Any,
) -> Run:
    """Make a run on one project."""
    result = ResultDocument(
        auditee,
        auditee,
        "project",
        "sha256:" + "0" * 64,
        "a.yaml",
        INSTANT,
        INSTANT,
        "UTC",
        verdicts,
    )
    return assemble(
        policies=(policy(),) if policies is None else policies,
        results=[replace(result, **changes)],
        as_of=INSTANT,
        period=None,
        engine="auditor",
    )


def told(before: Run, now: Run) -> list[tuple[str, Gating, str]]:
    """Return what is said of each finding that is listed: its subject, how it counts, and why."""
    comparison = compare(now, known_findings(before), "known.json")
    return [(key[2], one.gating, one.told) for key, one in sorted(comparison.standings.items())]


def test_a_finding_that_is_as_it_was_is_known() -> None:
    """Same policy, same facts, same outcome."""
    known = [("x-1", Gating.KNOWN, "known and unchanged, known.json")]
    assert told(run(verdict()), run(verdict())) == known


def test_a_record_before_it_changes_nothing() -> None:
    """An index tells where a record stands in its list, and nothing of what it says."""
    moved = replace(FACT, pointer="/blockers/7/raised_at")

    assert told(run(verdict()), run(verdict(facts=(moved,))))[0][1] is Gating.KNOWN


def failing(*names: str, message: str = "") -> Verdict:
    """Make a fail that names counter-examples; its witness is the length of a list, whatever they are."""
    message = message or f"Missed: {', '.join(names)}."
    clause = ClauseVerdict(0, Outcome.FAIL, message, failing=names)
    length = Fact("/meetings", "known", "35 entries")
    return verdict(message=message, clauses=(clause,), facts=(length,))


@pytest.mark.parametrize(
    ("now", "gating"),
    [
        pytest.param(failing("Mon", "Tue"), Gating.KNOWN, id="the-same"),
        pytest.param(failing("Tue", "Mon"), Gating.KNOWN, id="in-another-order"),
        pytest.param(failing("Mon", "Tue", "Wed"), Gating.COUNTS, id="one-more"),
        pytest.param(failing("Mon", "Wed"), Gating.COUNTS, id="another-one"),
        pytest.param(
            failing("Mon", "Tue", message="Missed: Mon (2 times), Tue."),
            Gating.COUNTS,
            id="a-figure-in-what-it-says",
        ),
    ],
)
def test_a_fail_that_got_worse_is_news(now: Verdict, gating: Gating) -> None:
    """Where only the length of a list decides, the facts are what it names and what it says."""
    assert told(run(failing("Mon", "Tue")), run(now))[0][1] is gating


@pytest.mark.parametrize(
    ("time", "shown"),
    [("20:00:00+02:00", "20:00 +02:00"), ("20:00:07Z", "20:00:07 +00:00")],
)
def test_the_judged_instant_alone_is_no_news(time: str, shown: str) -> None:
    """A sentence may tell as of when it holds; on the same facts, another day changes nothing."""

    def judged(day: str) -> Run:
        said = verdict(message=f"Nothing was in force on {day} {shown}.")
        return run(said, judged_at=f"{day}T{time}")

    assert told(judged("2026-09-30"), judged("2026-10-01"))[0][1] is Gating.KNOWN


@pytest.mark.parametrize(
    ("now", "why"),
    [
        pytest.param(
            run(verdict(facts=(replace(FACT, shown="2026-09-02"),))),
            "known, but its facts have changed since, known.json",
            id="a-value",
        ),
        pytest.param(
            run(verdict(facts=(replace(FACT, state="absent"),))),
            "known, but its facts have changed since, known.json",
            id="a-state",
        ),
        pytest.param(
            run(verdict(facts=(FACT, replace(FACT, pointer="/blockers/4/raised_at")))),
            "known, but its facts have changed since, known.json",
            id="one-more-of-the-same-kind",
        ),
        pytest.param(
            run(verdict(missing=(GAP,))),
            "known, but its facts have changed since, known.json",
            id="a-gap",
        ),
        pytest.param(
            run(verdict(), policies=(policy(digest="sha256:" + "2" * 64),)),
            "known, but its policy has changed since, known.json",
            id="the-file-of-the-policy",
        ),
        pytest.param(
            run(verdict(), policies=(policy(words="sha256:" + "2" * 64),)),
            "known, but its policy has changed since, known.json",
            id="a-word-that-it-uses",
        ),
        pytest.param(
            run(verdict(), policies=(policy(params=(("limit", "48 hours"),)),)),
            "known, but its policy has changed since, known.json",
            id="a-parameter",
        ),
        pytest.param(
            run(verdict(), policies=(policy(severity=Severity.HIGH),)),
            "known, but its policy has changed since, known.json",
            id="the-severity",
        ),
        pytest.param(
            run(verdict(Outcome.INCONCLUSIVE)),
            "known, but it was fail then, known.json",
            id="the-outcome",
        ),
        pytest.param(
            run(
                verdict(policy="new-name"), policies=(policy("new-name", formerly=("late-thing",)),)
            ),
            "known, but its policy was called late-thing then, and is another one, known.json",
            id="a-new-name",
        ),
    ],
)
def test_what_has_changed_counts_again(now: Run, why: str) -> None:
    """And it is said why."""
    assert told(run(verdict()), now) == [("x-1", Gating.COUNTS, why)]


def test_the_way_in_which_a_fact_is_missing_is_a_fact() -> None:
    """Nobody collected it, or nobody may: these are two things to do."""
    undecided = verdict(Outcome.INCONCLUSIVE, missing=(GAP,))
    denied = replace(undecided, missing=(replace(GAP, reason="no_permission"),))

    assert told(run(undecided), run(undecided))[0][1] is Gating.KNOWN
    assert told(run(undecided), run(denied))[0][1] is Gating.COUNTS


def test_a_new_finding_is_not_known() -> None:
    """Nothing is said of it."""
    assert told(run(verdict()), run(verdict(subject="x-2"))) == []


def test_a_policy_that_broke_is_never_known() -> None:
    """It neither gets into a file nor is it covered by one; what was known of it stays there."""
    broken = run(verdict(Outcome.ERROR))
    comparison = compare(broken, known_findings(run(verdict())), "known.json")

    assert known_findings(broken) == ()
    assert (comparison.standings, comparison.gone) == ({}, ())
    assert comparison.kept == known_findings(run(verdict()))


def test_an_auditee_that_was_not_audited_is_never_known() -> None:
    """Nothing is known of what it does."""
    missing = run(verdict(policy=NOT_AUDITED), policies=(policy(NOT_AUDITED),))

    assert known_findings(missing) == ()


@pytest.mark.parametrize(
    ("now", "what"),
    [
        pytest.param(run(verdict(Outcome.PASS)), "pass", id="passes"),
        pytest.param(run(verdict(Outcome.NOT_APPLICABLE)), "not_applicable", id="does-not-apply"),
        pytest.param(run(verdict(Outcome.PASS, "x-2")), "none", id="the-subject-is-gone"),
    ],
)
def test_what_is_no_finding_any_more_is_gone(now: Run, what: str) -> None:
    """It is told with what became of it, and is not kept."""
    comparison = compare(now, known_findings(run(verdict())), "known.json")

    assert comparison.gone == (GoneFinding("apollo", "late-thing", "x-1", "A sentence.", what),)
    assert comparison.kept == ()


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(run(verdict(Outcome.PASS), auditee="zeus"), id="another-auditee"),
        pytest.param(
            run(verdict(Outcome.PASS, policy="other"), policies=(policy("other"),)),
            id="another-policy",
        ),
        pytest.param(
            run(verdict(Outcome.PASS, "x-2"), out_of_period=(("late-thing", 1),)),
            id="perhaps-out-of-the-period",
        ),
    ],
)
def test_what_was_not_judged_is_not_gone(now: Run) -> None:
    """Nobody has looked, so it stays in the file."""
    known = known_findings(run(verdict()))
    comparison = compare(now, known, "known.json")

    assert (comparison.gone, comparison.kept) == ((), known)
    assert [one.subject for one in together(known_findings(now), comparison.kept)] == ["x-1"]


def test_it_is_said_what_came_of_the_file() -> None:
    """How many are absorbed, lapsed, gone and unseen."""
    before = run(*(verdict(subject=f"x-{n}") for n in range(5)))
    now = run(
        verdict(subject="x-0"),
        verdict(subject="x-1", facts=()),
        verdict(Outcome.PASS, "x-2"),
        verdict(Outcome.NOT_APPLICABLE, "x-3"),
    )

    assert compare(now, known_findings(before), "known.json").told() == (
        "of 5 known in known.json: 1 unchanged, 1 changed since and counting,"
        " 3 no longer findings (1 pass, 1 do not apply, 1 are not there), 0 not judged in this run"
    )


def test_a_name_that_no_file_can_hold_is_known_all_the_same() -> None:
    """Half a character is written as an escape."""
    odd = run(verdict(subject="x\ud800"))
    listed = tuple(replace(one, subject="x\\ud800") for one in known_findings(odd))

    comparison = compare(odd, listed, "known.json")
    assert [key[2] for key in comparison.standings] == ["x\ud800"]
    assert comparison.absorbed == 1


VERDICTS = st.lists(
    st.tuples(OUTCOMES, st.sampled_from(["2026-09-01", "2026-09-02"])), min_size=1, max_size=6
)


def run_of(drawn: list[tuple[Outcome, str]]) -> Run:
    """Make a run of one verdict for each."""
    return run(
        *(
            verdict(outcome, f"x-{place}", facts=(replace(FACT, shown=shown),))
            for place, (outcome, shown) in enumerate(drawn)
        )
    )


@given(VERDICTS, VERDICTS, st.randoms(use_true_random=False))
def test_known_findings_excuse_only_what_is_as_it_was(
    before: list[tuple[Outcome, str]], now: list[tuple[Outcome, str]], random: Any
) -> None:
    """No verdict changes, nothing that changed is excused, nothing gets worse, and order does not matter."""
    judged, known = run_of(now), list(known_findings(run_of(before)))
    rules = Rules(Threshold(Severity.LOW))
    _, strict = held(judged, rules)
    comparison = compare(judged, known, "known.json")
    run_, gate = held(judged, rules, excused=comparison.standings)
    random.shuffle(known)

    assert compare(judged, known, "known.json") == comparison
    assert run_.counts() == judged.counts()
    assert run_.results == judged.results
    assert gate.code in {strict.code, ExitCode.OK}
    for place, drawn in enumerate(now):
        found = run_.standing("apollo", judged.results[0].verdicts[place])
        was = before[place] if place < len(before) else None
        is_excusable = drawn[0] in {Outcome.FAIL, Outcome.INCONCLUSIVE} and drawn == was
        assert (found.gating is Gating.KNOWN) is is_excusable
