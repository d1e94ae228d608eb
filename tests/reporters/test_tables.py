"""The views of a run: what stands in which row and column."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.findings_document import fingerprint
from auditor.model.explanation import Because, Turn
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import Control, InputProblem, NotUsed, Population
from auditor.model.standing import Earlier, GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Attested, ClauseVerdict, Fact, Grade
from auditor.reporters.tables.cell_text import text_of
from auditor.reporters.tables.controls import CONTROLS
from auditor.reporters.tables.findings import FINDINGS
from auditor.reporters.tables.head import HEAD
from auditor.reporters.tables.projects import PROJECTS
from auditor.reporters.tables.verdicts import VERDICTS
from auditor.reporters.tables.view import Kind
from auditor.reporters.tables.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditor.model.run import Run
    from auditor.reporters.tables.view import Cell, View
    from tests.reporters.conftest import FixedPlaces, Make

EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=[view.name for view in VIEWS])
PROBLEM = InputProblem(
    "broken.yaml", "document", "found a tab", Location("broken.yaml", 7, 3), "use spaces"
)


def rows(
    make: Make, view: View, run: Run, places: FixedPlaces | None = None
) -> list[dict[str, Cell]]:
    """Return the rows of a view, each cell under the name of its column."""
    names = [column.name for column in view.columns]
    return [dict(zip(names, row, strict=True)) for row in view.rows(run, places or make.places())]


def head(make: Make, run: Run) -> list[tuple[Cell, Cell]]:
    """Return what a run says of itself."""
    return [(row["what"], row["told"]) for row in rows(make, HEAD, run)]


@EVERY_VIEW
def test_every_cell_is_of_its_columns_kind(portfolio: Run, places: FixedPlaces, view: View) -> None:
    """What a column promises holds in every row; a missing value is an empty cell of any column."""
    kinds: dict[Kind, tuple[type, ...]] = {
        Kind.TEXT: (str,),
        Kind.LIST: (tuple,),
        Kind.NUMBER: (int,),
        Kind.PERCENT: (float,),
        Kind.INSTANT: (str,),
    }
    for row in view.rows(portfolio, places):
        for column, cell in zip(view.columns, row, strict=True):
            # The score stands as a number among the texts of the run.
            if cell is not None and cell != "" and view is not HEAD:
                assert isinstance(cell, kinds[column.kind]), (column.name, cell)


@pytest.mark.parametrize("view", [FINDINGS, VERDICTS], ids=["findings", "verdicts"])
def test_keys_that_differ_stay_different(make: Make, view: View) -> None:
    """One that cannot be shown as it is gets a digest, so that it is not taken for another's."""
    keys = ["k\x01", "k\\x01", "a b", "a\nb", "a  b", "x" * 20_000, "x" * 20_001, "Über/1"]
    run = make.run(make.result(*(make.verdict(Outcome.FAIL, subject=key) for key in keys)))
    shown = [str(row["subject_key"]) for row in rows(make, view, run)]
    written = {text_of(key, "") for key in shown}

    assert len(written) == len(keys)
    assert {"k\\x01", "a b", "Über/1"} <= written


@EVERY_VIEW
def test_columns_have_names_of_their_own(view: View) -> None:
    """A reader that goes by names finds each once, and each says what it means."""
    assert len({column.name for column in view.columns}) == len(view.columns)
    assert all(column.meaning.endswith(".") for column in view.columns)


@EVERY_VIEW
def test_the_page_lists_the_columns(root: Path, view: View) -> None:
    """docs/tables.md has the table of every view as the code has it."""
    page = (root / "docs" / "tables.md").read_text(encoding="utf-8")
    table = "\n".join(
        f"| `{column.name}` | {column.kind.value} | {column.meaning} |" for column in view.columns
    )

    assert f"### {view.name}\n\nA row is {view.about}.\n\n" in page
    assert table in page


@EVERY_VIEW
@pytest.mark.parametrize(
    ("run", "told"),
    [
        pytest.param(
            lambda make: make.run(make.result(make.verdict()), problems=(PROBLEM,)),
            "found a tab",
            id="an unreadable input",
        ),
        pytest.param(
            lambda make: make.run(
                make.result(make.verdict()), population=Population(2, 1, ("hand:dione",))
            ),
            "no usable snapshot was given",
            id="a missing auditee",
        ),
        pytest.param(
            lambda make: make.run(),
            "Nothing was audited: no policy or no snapshot matched.",
            id="an empty run",
        ),
        pytest.param(
            lambda make: make.run(make.result(), policies=()),
            "Nothing was audited: no policy or no snapshot matched.",
            id="a run without policies",
        ),
    ],
)
def test_what_has_no_verdict_is_a_row(
    make: Make, run: Callable[[Make], Run], told: str, view: View
) -> None:
    """No view of it looks like an empty success, and it is never counted among the others."""
    untold = [row for row in rows(make, view, run(make)) if told in str(row)]

    assert len(untold) == 1
    kind = untold[0]["what" if view is HEAD else "kind"]
    assert kind in {"input", "auditee", "run", "not_audited"}


def test_every_finding_is_one_row(make: Make, portfolio: Run) -> None:
    """As many of each outcome as the run counts, in the order of the auditees, in each the worst first."""
    found = [row for row in rows(make, FINDINGS, portfolio) if row["kind"] == "finding"]
    counts = portfolio.counts()

    assert Counter(row["outcome"] for row in found) == {
        outcome.value: counts[outcome] for outcome in FINDING_OUTCOMES if counts[outcome]
    }
    assert [(row["auditee_id"], row["outcome"], row["severity"]) for row in found] == [
        ("hand:apollo", "error", "high"),
        ("hand:apollo", "fail", "critical"),
        ("hand:apollo", "fail", "high"),
        ("hand:apollo", "inconclusive", "medium"),
        *[("jira:10042", "inconclusive", "high")] * 3,
    ]


def test_a_finding_says_all_that_it_takes_to_act(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """Sentence, margin, fix, place of the fact, place of the clause, who, until when, how it is known."""
    (row,) = (
        row for row in rows(make, FINDINGS, portfolio, places) if row["to_act"] == "Ann Becker"
    )

    assert row == {
        "kind": "finding",
        "severity": "high",
        "outcome": "fail",
        "auditee": "Apollo",
        "subject": "Payment gateway down",
        "sentence": "Raised on 2026-09-14 09:20 +02:00 and not escalated within 24 h.",
        "because": (
            "The escalation came 31 h after the blocker was raised; the limit was 24 hours.",
        ),
        "to_act": "Ann Becker",
        "fix": ("Escalate to the level that the standard names, and record when and to whom.",),
        "due_at": "2026-09-15T09:20:00+02:00",
        "waits_on": (),
        "file": "portfolio/apollo.yaml",
        "line": 58,
        "column": 16,
        "facts": ("blockers[0].raised_at: 2026-09-14 09:20 +02:00 <portfolio/apollo.yaml:58:16>",),
        "fails_for": (),
        "policy": "blocker-not-escalated",
        "title": "A blocker was not escalated in time",
        "clause": ("policies/seef/blocker-not-escalated.yaml:12:11",),
        "controls": ("SEEF-MON-04",),
        "frameworks": (),
        "areas": (),
        "stages": (),
        "pack": "seef",
        "gate": None,
        "gate_told": None,
        "earlier": (),
        "judged_at": "2026-09-30T18:00:00+02:00",
        "evidence": "api",
        "reason": None,
        "changed": (),
        "auditee_id": "hand:apollo",
        "subject_key": "blk-1",
        "snapshot": "portfolio/apollo.yaml",
        "fingerprint": fingerprint("blocker-not-escalated", "hand:apollo", "blk-1"),
    }


def test_who_has_to_act_is_told_where_the_policy_names_nobody(make: Make, portfolio: Run) -> None:
    """The same as on the page; of a verdict that nobody has to act on, nobody."""
    found = [row for row in rows(make, FINDINGS, portfolio) if row["kind"] == "finding"]
    verdicts = [row for row in rows(make, VERDICTS, portfolio) if row["kind"] == "verdict"]
    expected = {
        "error": "whoever keeps the policy",
        "fail": "the Delivery Manager",
        "inconclusive": "whoever keeps the records",
        "pass": "",
        "not_applicable": "",
    }

    told = {(row["outcome"], row["to_act"]) for row in verdicts}

    assert told == {*expected.items(), ("fail", "Ann Becker")}
    assert {(row["outcome"], row["to_act"]) for row in found} == {
        one for one in told if one[0] in {"error", "fail", "inconclusive"}
    }


def test_a_finding_of_several_demands_names_the_place_of_each(make: Make, portfolio: Run) -> None:
    """And the counter-examples of all of them."""
    (row,) = (row for row in rows(make, FINDINGS, portfolio) if row["severity"] == "critical")

    assert row["fails_for"] == ("Budget for load tests", "Second reviewer")
    assert row["clause"] == (
        "policies/seef/execution-before-dm-sign-off.yaml:12:11",
        "policies/seef/execution-before-dm-sign-off.yaml:14:11",
    )


def test_places_are_asked_for_once_per_auditee(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """Finding places means reading files; auditees without a finding are not asked for."""
    rows(make, FINDINGS, portfolio, places)

    assert places.asked == ["hand:apollo", "jira:10042"]


def test_the_place_is_that_of_the_most_telling_fact(make: Make) -> None:
    """What would turn the verdict is told before what else decided it; what has no place is passed over."""
    pointers = ["/a", "/b", "/c"]
    because = Because("Late.", turns=((Turn("b", "less", "/b"),), (Turn("c", "less", "/c"),)))
    verdict = make.verdict(
        Outcome.FAIL,
        clauses=(ClauseVerdict(0, Outcome.FAIL, "Late.", because=because),),
        facts=tuple(Fact(pointer, "known", "1") for pointer in pointers),
    )
    places = make.places()
    places.known = {
        ("hand:apollo", "/a"): Location("a.yaml", 1, 2),
        ("hand:apollo", "/c"): Location("c.yaml", 3, 4),
    }
    (row,) = rows(make, FINDINGS, make.run(make.result(verdict)), places)

    assert (row["file"], row["line"], row["column"]) == ("c.yaml", 3, 4)


def test_an_undecided_finding_says_what_it_waits_on(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """The missing fact with its place, and how to supply it instead of how to mend the project."""
    (row,) = (
        row for row in rows(make, FINDINGS, portfolio, places) if row["subject_key"] == "retro-4"
    )

    assert row["waits_on"] == (
        "meetings[4].held_at: 2026-09-12 (known only to the day) <portfolio/apollo.yaml:90:14>",
    )
    assert row["fix"] == ("record the time of day with its offset",)
    assert row["changed"] == (
        (
            "severity high -> medium, by C. Doyle on 2026-08-01: Two teams share one retrospective"
            " <profiles/acme.yaml:11:38>"
        ),
    )


def test_a_broken_policy_is_mended_where_it_stands(make: Make, portfolio: Run) -> None:
    """What broke is nothing that a project can mend."""
    (row,) = (row for row in rows(make, FINDINGS, portfolio) if row["reason"] == "no_such_key")

    assert row["fix"] == (
        (
            "mend the policy at policies/seef/blocker-not-escalated.yaml:12:11: it must not break,"
            " whatever the facts are"
        ),
    )


def test_long_lists_say_how_much_is_missing(make: Make) -> None:
    """A verdict over hundreds of records stays one readable cell."""
    facts = tuple(Fact(f"/risks/{index}", "known", "1") for index in range(53))
    names = tuple(f"Risk {index}" for index in range(101))
    clause = ClauseVerdict(0, Outcome.FAIL, "Late.", failing=names, facts=facts)
    verdict = make.verdict(Outcome.FAIL, clauses=(clause,), facts=facts)
    (row,) = rows(make, FINDINGS, make.run(make.result(verdict)))

    for cell, length, last in (
        (row["facts"], 51, "and 3 more"),
        (row["fails_for"], 101, "and 1 more"),
    ):
        assert isinstance(cell, tuple)
        assert (len(cell), cell[-1]) == (length, last)


def catalogued(make: Make, **changes: Any) -> Run:
    """Make a run of one fail whose control a catalogue knows."""
    run = make.run(make.result(make.verdict(Outcome.FAIL)))
    told = Control("SEEF-TST-01", "decided", "seef", "Testing", "Execution", "Test it.")
    return replace(run, **({"controls": (told,)} | changes))


def test_a_finding_names_framework_area_and_stage(make: Make) -> None:
    """So that a reader can filter by them."""
    (row,) = rows(make, FINDINGS, catalogued(make))

    assert [row[name] for name in ("controls", "frameworks", "areas", "stages")] == [
        ("SEEF-TST-01",),
        ("seef",),
        ("Testing",),
        ("Execution",),
    ]


def test_a_finding_says_where_it_stands_at_the_gate(make: Make) -> None:
    """And what earlier runs said of it."""
    earlier = (Earlier("2026-04-01T09:00:00Z", "none"), Earlier("2026-05-01T09:00:00Z", "fail"))
    standing = Standing(Gating.KNOWN, "listed since 2026-05-01", earlier)
    run = catalogued(
        make,
        gate=GateSummary(0, ("findings from low on",), ()),
        standings={("hand:apollo", "late-thing", "hand:apollo"): standing},
    )
    (row,) = rows(make, FINDINGS, run)

    assert [row[name] for name in ("gate", "gate_told", "earlier")] == [
        "known",
        "listed since 2026-05-01",
        ("not there at 2026-04-01 09:00 UTC", "fail at 2026-05-01 09:00 UTC"),
    ]


def test_every_verdict_is_one_row(make: Make, portfolio: Run) -> None:
    """In the order of the run, each with its outcome and reason."""
    verdicts = [verdict for result in portfolio.results for verdict in result.verdicts]
    found = [row for row in rows(make, VERDICTS, portfolio) if row["kind"] == "verdict"]

    assert [
        (row["policy"], row["subject_key"], row["outcome"], row["reason"]) for row in found
    ] == [
        (verdict.policy, verdict.subject, verdict.outcome.value, verdict.reason)
        for verdict in verdicts
    ]


def test_a_pass_on_a_persons_word_says_whose(make: Make) -> None:
    """Nobody may take it for one that rests on records."""
    word = Attested("Dana Weiss", "DM", "2026-03-31T10:00:00+02:00", "2026-09-30T23:59:59+02:00")
    run = make.run(make.result(make.verdict(grade=Grade.ATTESTED, attested=word)))
    (row,) = rows(make, VERDICTS, run)

    assert row["evidence"] == "attested"
    assert row["attested"] == (
        "Dana Weiss (DM) on 2026-03-31 10:00 +02:00, until 2026-09-30 23:59:59 +02:00"
    )


def test_a_control_counts_auditees(make: Make) -> None:
    """Two verdicts of one auditee count once, by the worse of them; the score is over what is due."""
    fail, gone = make.verdict(Outcome.FAIL), make.verdict(Outcome.NOT_APPLICABLE)
    run = make.run(
        make.result(fail, make.verdict(subject="s")),
        make.result(make.verdict(), auditee="hand:b"),
        make.result(gone, auditee="hand:c"),
        catalogue=("SEEF-PLN-05",),
    )
    served, other = sorted(rows(make, CONTROLS, run), key=lambda row: str(row["control"]))[::-1]
    counted = ("error", "fail", "inconclusive", "pass", "not_applicable", "kept", "due")

    assert [served[name] for name in counted] == [0, 1, 0, 1, 1, 1, 2]
    assert (served["score_raw"], served["score_net"]) == (50.0, 50.0)
    assert (served["state"], served["policies"]) == ("decided", ("late-thing",))
    assert [other[name] for name in counted] == [0] * 7
    assert (other["state"], other["score_raw"]) == ("not_covered", None)


def test_a_control_says_what_its_catalogue_tells(make: Make) -> None:
    """Framework, area, stage and rule stand in columns of their own."""
    (row,) = rows(make, CONTROLS, catalogued(make))

    assert [row[name] for name in ("framework", "area", "stage", "rule")] == [
        "seef",
        "Testing",
        "Execution",
        "Test it.",
    ]


def test_members_that_were_not_audited_are_rows(make: Make, portfolio: Run) -> None:
    """With empty counts: that nothing was looked at is not a nought."""
    found = rows(make, PROJECTS, portfolio)

    assert [(row["kind"], row["auditee"], row["auditee_id"]) for row in found] == [
        ("input", "portfolio/dione.yaml", ""),
        ("not_audited", "Dione", "hand:dione"),
        ("excluded", "Eos", "hand:eos"),
        ("audited", "Apollo", "hand:apollo"),
        ("audited", "Calliope", "hand:calliope"),
        ("audited", "Borealis", "jira:10042"),
    ]
    assert found[1]["pass"] == ""
    assert found[2]["sentence"] == "a support contract of three hours"


def test_a_project_has_its_counts_and_its_score(make: Make) -> None:
    """What is accepted leaves the net score and stays in the raw one."""
    verdicts = (
        make.verdict(policy="a", grade=Grade.API),
        make.verdict(Outcome.INCONCLUSIVE, policy="b"),
        make.verdict(Outcome.NOT_APPLICABLE, policy="c"),
    )
    policies = tuple(make.policy(name, controls=(name,)) for name in "abc")
    run = replace(
        make.run(make.result(*verdicts), policies=policies),
        standings={("hand:apollo", "b", "hand:apollo"): Standing(Gating.ACCEPTED, "A reason")},
    )
    (row,) = rows(make, PROJECTS, run)

    assert [row[outcome.value] for outcome in Outcome] == [0, 0, 1, 1, 1]
    assert [row[name] for name in ("attested", "kept", "due", "accepted")] == [0, 1, 2, 1]
    assert (row["score_raw"], row["score_net"]) == (50.0, 100.0)
    assert (row["snapshot"], row["time_zone"]) == ("portfolio/apollo.yaml", "Europe/Berlin")


def test_the_run_tells_first_what_was_relaxed(make: Make, portfolio: Run) -> None:
    """Then the three opening lines, what has no verdict, and the rest."""
    told = head(make, portfolio)

    assert [what for what, _ in told] == [
        "relaxed", "population", "controls", "verdicts", "input", "auditee",
        "score raw", "score net", "score", "kept", "due", "accepted",
        "engine", "as of", "the period, in rules", "not used",
    ]  # fmt: skip
    assert told[4] == (
        "input",
        (
            "portfolio/dione.yaml: found a tab where the indentation needs spaces"
            " <portfolio/dione.yaml:7:1>; help: replace the tab by two spaces"
        ),
    )


def test_the_run_tells_what_the_gate_made_of_it(make: Make) -> None:
    """What was asked, why it is red, what is no finding any more."""
    gone = GoneFinding("hand:apollo", "late-thing", "s", "It was late.", "pass")
    gate = GateSummary(1, ("findings from low on",), ("1 finding counts",), "known.yaml", (gone,))
    run = replace(
        make.run(make.result(make.verdict()), not_used=(NotUsed("old.yaml", "newer"),)), gate=gate
    )

    assert head(make, run)[9:] == [
        ("gate", "FAILED (exit code 1)"),
        ("gate asks", "findings from low on"),
        ("gate says", "1 finding counts"),
        ("compared with", "known.yaml"),
        ("no finding any more", "late-thing, s in hand:apollo: it passes now"),
        ("engine", "auditor 0.1.0"),
        ("as of", "2026-09-30 18:00 +02:00"),
        ("the period, in rules", "2026-07-02 00:00 +02:00 to 2026-09-30 18:00 +02:00"),
        ("not used", "old.yaml: newer"),
    ]
