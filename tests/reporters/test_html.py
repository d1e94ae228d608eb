"""The page says all of a run, stands alone, and lets nothing of others act."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings.findings_document import fingerprint
from auditor.model.excerpt import Excerpt
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import Control, InputProblem, NotUsed, Population, RunProfile
from auditor.model.severity import Severity
from auditor.model.standing import Earlier, GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Attested, Fact, Grade
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.html import HtmlReporter
from auditor.reporters.report_page.page_data import embedded

if TYPE_CHECKING:
    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = HtmlReporter()


def page(make: Make, run: Run, places: FixedPlaces | None = None) -> Any:
    """Return the page as a browser without a script reads it; it must be valid."""
    text = make.render(REPORTER, run, places).decode()
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def text_of(element: Any) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def section(tree: Any, heading: str) -> Any:
    """Return the part of the page with the heading of that id."""
    return next(one for one in tree.iter("section") if one.get("aria-labelledby") == heading)


def verdict_cards(tree: Any) -> list[Any]:
    """Return the cards of the verdicts."""
    lots = (one for one in tree.iter("noscript") if one.get("class") == "lot")
    return [card for lot in lots for card in lot.iter("article")]


def packets(tree: Any) -> list[Any]:
    """Return what the script reads of the verdicts."""
    return [json.loads(one.text) for one in tree.iter("script") if one.get("class") == "rows"]


def choices(tree: Any) -> Any:
    """Return what the numbers in the rows stand for."""
    return json.loads(next(one.text for one in tree.iter("script") if one.get("id") == "choices"))


def cells(tree: Any) -> dict[str, list[Any]]:
    """Return the cells of the table of scores by the label of their row."""
    table = next(one for one in tree.iter("table") if "map" in (one.get("class") or "").split())
    body = (row for part in ("tbody", "tfoot") for row in table.find(part).iter("tr"))
    return {text_of(row.find("th")): row.findall("td") for row in body}


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format."""
    assert isinstance(REPORTER, Reporter)


def test_it_opens_with_what_was_relaxed_and_the_three_lines(make: Make, portfolio: Run) -> None:
    """In this order, and before anything else."""
    main = next(page(make, portfolio).iter("main"))
    text = text_of(main)

    order = [
        text.index("relaxed: retrospective-without-owned-action: severity high -> medium"),
        text.index("Population4 in scope"),
        text.index("Controlsof 6"),
        text.index("Verdicts13, one per policy and subject"),
        text.index("found a tab where the indentation needs spaces"),
        text.index("This run was not held against a gate"),
        text.index("Projects by area"),
        text.index("Payment gateway down"),
    ]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param((), "", id="nobody"),
        pytest.param(("project: Apollo",), ": Apollo", id="one auditee"),
        pytest.param(("project: Apollo", "unit: Delta"), "", id="several"),
        pytest.param(("portfolio: All of us", "project: A", "project: B"), ": All of us", id="portfolio"),
        pytest.param(("portfolio: Portfolio", "project: A"), ": A", id="portfolio without a name"),
        pytest.param(("portfolio: Portfolio", "project: A", "unit: B"), "", id="no name at all"),
    ],
)  # fmt: skip
def test_it_is_called_after_what_was_audited(make: Make, names: tuple[str, ...], said: str) -> None:
    """Of several reports in as many windows, each is found by its title."""
    parts = [one.split(": ") for one in names]
    results = [
        make.result(make.verdict(), auditee=f"x:{name}", auditee_name=name, target=target)
        for target, name in parts
    ]
    tree = page(make, make.run(*results))
    title = f"Audit report{said} as of 2026-09-30 18:00 +02:00"

    assert text_of(next(tree.iter("title"))) == title
    assert text_of(next(tree.iter("h1"))) == title


def test_every_verdict_is_a_card_and_a_row(make: Make, portfolio: Run) -> None:
    """As many of each kind, in the same order, so that the script finds the card of a row."""
    tree = page(make, portfolio)
    kinds = choices(tree)["kinds"]
    rows = [kinds[row[0]]["label"] for packet in packets(tree) for row in packet["rows"]]
    shown = [text_of(one.find("p").find("span")) for one in verdict_cards(tree)]

    assert shown == rows
    assert len(rows) == sum(portfolio.counts().values()) == 13
    assert {label: rows.count(label) for label in rows} == {
        "error": 1,
        "fail": 2,
        "inconclusive": 4,
        "not due yet": 1,
        "pass": 2,
        "pass, weak evidence": 2,
        "not applicable": 1,
    }


def test_each_lot_is_of_one_auditee_and_short(make: Make) -> None:
    """The script reads one lot at a time, and a reader never waits for it."""
    verdicts = [make.verdict(subject=f"s-{number}") for number in range(45)]
    run = make.run(make.result(*verdicts), make.result(make.verdict(), auditee="hand:b"))
    tree = page(make, run)

    assert [len(one["rows"]) for one in packets(tree)] == [20, 20, 5, 1]
    assert [one["project"] for one in packets(tree)] == [0, 0, 0, 1]


def test_a_finding_says_all_of_it(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """Sentence, by how much, facts with their places, the clause and its place, why, fix, who is to act."""
    file = "portfolio/apollo.yaml"
    raised = Location(file, 58, 16)
    places.lines[raised] = Excerpt(replace(raised, end_column=21), "  - raised_at: 09:20 # <late>")
    cards = verdict_cards(page(make, portfolio, places))
    card = next(one for one in cards if "Payment gateway down" in text_of(one))
    text = text_of(card)

    assert text.startswith("fail high Apollo (hand:apollo)")
    assert "Payment gateway down A blocker was not escalated in time" in text
    assert text.count("Raised on 2026-09-14 09:20 +02:00 and not escalated within 24 h.") == 1
    assert (
        "Because The escalation came 31 h after the blocker was raised; the limit was 24 hours."
        in text
    )
    assert "Fix Escalate to the level that the standard names" in text
    assert "To act Ann Becker · due 2026-09-15 09:20 +02:00 · blocker-not-escalated" in text
    assert "SEEF-MON-04" in text
    assert f"blockers[0].raised_at: 2026-09-14 09:20 +02:00 {file}:58:16" in text
    assert "Required thing.at.by(limit) policies/seef/blocker-not-escalated.yaml:12:11" in text
    assert "Why it matters A blocker that nobody with power knows of stays." in text
    assert text_of(card.find("figure").find("figcaption")) == f"{file}:58:16"
    assert [one.text for one in card.find("figure").iter("mark")] == ["09:20"]
    assert text_of(card.find("figure").find("pre")) == "58 - raised_at: 09:20 # <late>"


def test_a_pass_does_not_read_like_a_finding(make: Make) -> None:
    """A policy is named after what it looks for: of a pass that was not found."""
    (card,) = verdict_cards(page(make, make.run(make.result(make.verdict()))))

    assert text_of(card) == (
        "pass Apollo (hand:apollo) Looked for A thing was late The thing was done. late-thing · SEEF-TST-01"
    )


def test_an_open_verdict_says_how_to_supply_what_it_waits_on(make: Make, portfolio: Run) -> None:
    """It has no fix: nothing is known to be wrong."""
    cards = verdict_cards(page(make, portfolio))
    text = next(text_of(one) for one in cards if "Blocker 1" in text_of(one))

    assert "To supply let `auditor collect` fetch it" in text
    assert "Missing facts blockers[1].escalations: was not collected" in text
    assert "Fix" not in text


def test_a_fact_that_is_missing_is_told_once(make: Make) -> None:
    """It is among the facts that decided the verdict, and among those that would."""
    gap = Fact("/things/0/at", "unobserved", "not recorded", "not_collected")
    verdict = make.verdict(Outcome.INCONCLUSIVE, facts=(gap,), missing=(gap,))
    (card,) = verdict_cards(page(make, make.run(make.result(verdict))))

    assert text_of(card).count("things[0].at") == 1


def test_missing_facts_are_grouped(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """The longest queue first, each with who waits, how to supply it, and the way to its verdicts."""
    tree = page(make, portfolio, places)
    first, second = section(tree, "missing").findall("article")
    link = next(first.iter("a"))

    assert text_of(first.find("h3")) == "the escalations of blockers were not collected"
    assert text_of(link) == "3 verdicts wait on this"
    key = parse_qs(link.get("href").removeprefix("#"))["gap"][0]
    gaps = choices(tree)["gaps"]
    waiting = [row for one in packets(tree) for row in one["rows"] if gaps.index(key) in row[4]]
    assert len(waiting) == 3
    assert "In Borealis (jira:10042) (3)" in text_of(first)
    assert "Asked by blocker-not-escalated (3)" in text_of(first)
    assert "For example meetings[4].held_at: 2026-09-12 (known only to the day)" in text_of(second)


GATED = GateSummary(
    1,
    ("findings from high on",),
    ("1 finding of severity high",),
    "known.json",
    (
        GoneFinding("hand:apollo", "late-thing", "spr-1", "It was late."),
        GoneFinding("hand:apollo", "late-thing", "spr-2", "It was late.", "pass"),
    ),
)


def gated(make: Make) -> Run:
    """Return a run with a finding of each standing."""
    subjects = {gating: f"s-{gating}" for gating in Gating}
    run = make.run(
        make.result(*(make.verdict(Outcome.FAIL, subject=one) for one in subjects.values()))
    )
    earlier = (Earlier("2026-06-30T18:00:00Z", "none"), Earlier("2026-07-31T18:00:00Z", "fail"))
    standings = {
        ("hand:apollo", "late-thing", subject): Standing(
            gating, "" if gating is Gating.COUNTS else f"told of {gating}", earlier
        )
        for gating, subject in subjects.items()
    }
    return replace(run, gate=GATED, standings=standings)


def test_a_red_gate_says_why(make: Make) -> None:
    """With what gates, what does not count, and what is gone."""
    tree = page(make, gated(make))
    text = text_of(section(tree, "gate"))

    assert "✗ The gate is red exit 1 1 finding of severity high" in text
    assert "Rules findings from high on" in text
    assert "New is told against known.json" in text
    assert "1 under the threshold, 1 within an allowance, 1 known, 1 accepted gap" in text
    for part, title, told in (
        (
            "gone",
            "Gone without being fixed",
            "spr-1 in hand:apollo: there is nothing left to judge",
        ),
        ("fixed", "Fixed", "spr-2 in hand:apollo: it passes now"),
    ):
        gone = text_of(section(tree, part))
        assert gone.split() == f"{title} late-thing, {told}. It said: It was late.".split()


def test_a_green_gate(make: Make) -> None:
    """Is named in words, not by its colour alone."""
    run = replace(make.run(make.result(make.verdict())), gate=GateSummary(0, (), ()))

    assert "✓ The gate is green" in text_of(section(page(make, run), "gate"))


def test_a_gate_that_lets_findings_be_is_not_green(make: Make) -> None:
    """Whoever opens the page must not think that there is nothing to act on."""
    run = replace(gated(make), gate=GateSummary(0, ("findings never gate",), ()))
    text = text_of(section(page(make, run), "gate"))

    assert "! The gate is open, and findings do not count" in text
    assert "green" not in text


def test_a_finding_says_where_it_stands(make: Make) -> None:
    """And what earlier runs said of it; a filter finds each standing."""
    tree = page(make, gated(make))
    texts = [text_of(one) for one in verdict_cards(tree)]
    known = next(one for one in texts if "s-known" in one or "told of known" in one)

    assert "fail high known Apollo" in known
    assert "At the gate known: told of known" in known
    assert "Before 2026-06-30 18:00 UTC: no finding · 2026-07-31 18:00 UTC: fail" in known
    keys = [one["key"] for one in choices(tree)["standings"]]
    rows = [row for one in packets(tree) for row in one["rows"]]
    assert sorted(keys[row[3]] for row in rows) == sorted(one.value for one in Gating)


def scored(make: Make) -> Run:
    """Return a run of two projects: kept, failed, not decided, and nothing due."""
    policies = [
        make.policy(name, controls=(f"C-{name}",)) for name in ("kept", "failed", "open", "idle")
    ]
    outcomes = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE)
    first = make.result(
        *(
            make.verdict(outcome, policy=policy.id)
            for policy, outcome in zip(policies, outcomes, strict=True)
        )
    )
    second = make.result(
        make.verdict(policy="kept", subject="hand:b"), auditee="hand:b", auditee_name="Borealis"
    )
    run = make.run(
        first,
        second,
        policies=policies,
        population=Population(3, 2, ("hand:dione",), names=(("hand:dione", "Dione"),)),
    )
    areas = {"kept": "A", "failed": "A", "open": "B", "idle": "C"}
    controls = tuple(
        Control(f"C-{name}", "part", "seef", area, "Planning", f"Rule {name}")
        for name, area in areas.items()
    )
    return replace(run, controls=controls)


def test_the_score_shows_its_formula_and_its_denominators(make: Make) -> None:
    """Two are kept of four that are due; what does not apply is not."""
    text = text_of(section(page(make, scored(make)), "score"))

    assert "50 % raw" in text
    assert "50 % net" in text
    assert "2 kept 1 failed 1 not decided 0 of these accepted" in text
    assert "raw = 2 / 4; net = 2 / (4 − 0)" in text  # noqa: RUF001 - a minus is what is shown


def test_a_cell_is_number_sign_and_link(make: Make) -> None:
    """What is not decided has no number, where nothing is due there is nothing, and no colour says it alone."""
    rows = cells(page(make, scored(make)))

    assert [text_of(one) for one in rows["Apollo"]] == [
        "33.3 ✗1 ?1",
        "50 ✗1",
        "? ?1",
        "",
    ]
    assert [one.get("class") for one in rows["Apollo"]] == [
        "cell bad",
        "cell some",
        "cell unknown",
        "cell none",
    ]
    link = rows["Apollo"][1].find("a")
    assert parse_qs(link.get("href")[1:]) == {"project": ["hand:apollo"], "area": ["seef/A"]}
    assert link.get("aria-label") == "50 ✗1, Apollo, A: 1 of 2 kept, 1 failed"
    assert parse_qs(rows["Borealis"][1].find("a").get("href")[1:])["show"] == ["all"]
    assert [text_of(one) for one in rows["Dione (hand:dione)"]] == [
        "not audited: no usable snapshot was given"
    ]
    assert [text_of(one.find("a").find("b")) for one in rows["All"][:2]] == ["50", "66.6"]


def test_filters_offer_what_there_is(make: Make) -> None:
    """Frameworks whole and by area, projects, who is to act."""
    tree = page(make, scored(make))
    offered = {
        one.get("name"): [option.get("value", text_of(option)) for option in one.iter("option")]
        for one in tree.iter("select")
    }

    assert offered["area"] == ["", "seef/", "seef/A", "seef/B", "seef/C"]
    assert offered["project"] == ["", "hand:apollo", "hand:b"]
    assert offered["owner"] == ["", "the Delivery Manager", "whoever keeps the records"]
    assert offered["severity"] == ["", *(one.value for one in reversed(Severity))]
    assert [one["areas"] for one in choices(tree)["policies"]] == [
        ["seef/A"],
        ["seef/C"],
        ["seef/A"],
        ["seef/B"],
    ]


def test_a_finding_of_two_stages_stands_in_one_group(make: Make) -> None:
    """Otherwise the numbers of the groups add up to more than there is."""
    run = make.run(
        make.result(make.verdict(Outcome.FAIL)), policies=(make.policy(controls=("A", "B", "C")),)
    )
    stages = {"A": "Planning", "B": "Closure", "C": "Planning"}
    controls = tuple(Control(one, "decided", "seef", "X", stage) for one, stage in stages.items())
    tree = page(make, replace(run, controls=controls))

    assert choices(tree)["stages"] == ["Planning and Closure"]


def test_controls_and_projects_are_tables(make: Make) -> None:
    """With state, rule and result; and with outcomes that lead to their verdicts."""
    tree = page(make, scored(make))
    control = next(section(tree, "controls").iter("tbody")).find("tr")
    project = next(section(tree, "projects").iter("tbody")).find("tr")

    assert [text_of(one) for one in control] == [
        "C-kept",
        "decided in part",
        "2 of 2 kept (100 %)",
        "SEEF, A, Planning",
        "Rule kept",
    ]
    assert [text_of(one) for one in project][1:9] == [
        "project", "33.3", "33.3", "0", "1", "1", "1", "1"
    ]  # fmt: skip


def test_what_is_green_and_weak_is_listed(make: Make) -> None:
    """Somebody's word, what somebody typed, what is not due, what was not judged."""
    word = Attested("Dana Weiss", "DM", "2026-03-31T10:00:00+02:00", "2026-12-31T10:00:00+02:00")
    run = make.run(
        make.result(
            make.verdict(attested=word),
            make.verdict(subject="s-2", grade=Grade.MANUAL),
            make.verdict(Outcome.NOT_APPLICABLE, subject="s-3", reason="not_due"),
            out_of_period=(("late-thing", 2),),
            uncut=("/project/phase",),
        )
    )
    text = text_of(section(page(make, run), "second"))

    assert "1 pass rests on somebody's word" in text
    assert "Dana Weiss (DM) on 2026-03-31 10:00 +02:00" in text
    assert "1 pass rests on weak evidence" in text
    assert "1 verdict is not due yet" in text
    assert "2 subjects out of the period, not judged late-thing: 2" in text
    assert "/project/phase: hand:apollo" in text


def test_nothing_that_is_no_verdict_falls_silent(make: Make) -> None:
    """Inputs, members, snapshots that were left out; and a run that judged nothing."""
    problem = InputProblem("a.yaml", "document", "no text", Location("a.yaml", 3), "write UTF-8")
    run = make.run(
        policies=(),
        problems=(problem,),
        population=Population(2, 0, ("hand:dione",), (NotUsed("hand:eos", "a sale"),)),
        not_used=(NotUsed("old.yaml", "a newer one was judged"),),
        profile=RunProfile("acme", "3", "sha256:" + "c" * 64),
    )
    text = text_of(next(page(make, run).iter("main")))

    assert "Nothing was audited: what it takes cannot be read." in text
    assert "a.yaml: no text a.yaml:3:1Help: write UTF-8" in text
    assert "hand:dione: no usable snapshot was given" in text
    assert "hand:eos: excluded because a sale" in text
    assert "old.yaml: not used, a newer one was judged" in text
    assert "acme, version 3" in text


def test_the_page_stands_alone(make: Make, portfolio: Run) -> None:
    """It asks for no file, runs no script but its own, and has no style that the policy would refuse."""
    text = make.render(REPORTER, portfolio).decode()
    tree = page(make, portfolio)
    policy = next(one for one in tree.iter("meta") if one.get("http-equiv")).get("content")
    own = [one.text for one in tree.iter("script") if one.get("type") is None]
    styles = [one.text for one in tree.iter("style")]

    assert len(own) == len(styles) == 1
    for kind, source in (("script", own[0]), ("style", styles[0])):
        hashed = b64encode(sha256(source.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{hashed}'" in policy
    assert policy.startswith("default-src 'none'; ")
    for element in tree.iter():
        assert not {"style", "src", "srcset", "action"}.intersection(element.keys())
        assert not [name for name in element.keys() if name.startswith("on")]  # noqa: SIM118 - an element
        if element.get("href"):
            assert element.get("href").startswith("#")
    assert not re.search(r"https?://|@import|url\((?!#)", text)


def test_every_inner_link_leads_somewhere(make: Make) -> None:
    """To a part of the page, or to filters that the page has."""
    tree = page(make, gated(make))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    names = {one.get("name") for one in tree.iter("select")}

    assert len(ids) == len(set(ids))
    for link in tree.iter("a"):
        target = link.get("href").removeprefix("#")
        assert target in ids or parse_qs(target, strict_parsing=True).keys() <= names


def test_hostile_text_stays_text(make: Make, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: valid, counted right, small, inert."""
    run = replace(
        make.hostile(hostile_text),
        gate=GateSummary(1, (hostile_text,), (hostile_text,), hostile_text),
    )
    text = make.render(REPORTER, run).decode()
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)

    assert len(verdict_cards(tree)) == sum(len(one["rows"]) for one in packets(tree)) == 7
    assert len([one for one in tree.iter("script") if one.get("type") is None]) == 1
    assert len(text) < 400_000
    assert "<script>alert" not in text
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=8))
def test_data_ends_no_element(data: object) -> None:
    """And is read again as what it was."""
    text = embedded(data)

    assert "<" not in text
    assert json.loads(text) == data


def test_a_finding_has_the_same_address_in_every_run(make: Make) -> None:
    """It is made of policy, auditee and subject alone."""
    run = make.run(make.result(make.verdict(Outcome.FAIL, message="a")))
    (row,) = packets(page(make, run))[0]["rows"]

    name = fingerprint("late-thing", "hand:apollo", "hand:apollo")
    assert row[5] == name.removeprefix("sha256:")[:16]


def test_one_lot_at_a_time_leaves(portfolio: Run, places: FixedPlaces) -> None:
    """A portfolio of thousands never is in memory as a page; each auditee's places are asked for once."""
    pieces = list(REPORTER.render(portfolio, places, profile=None, colour=False))

    assert [piece.count(b"<article class") for piece in pieces[:-1]] == [0, 7, 2, 4]
    assert places.asked == ["hand:apollo", "jira:10042"]


def test_ids_that_differ_only_at_their_end_are_told_apart(make: Make) -> None:
    """A filter takes a shortened id, and must not take two projects for one."""
    ids = [f"{'a' * 400}{number}" for number in range(3)]
    run = make.run(*(make.result(make.verdict(), auditee=one, auditee_name="") for one in ids))
    keys = [one["key"] for one in choices(page(make, run))["projects"]]

    assert len(set(keys)) == 3


def test_a_fact_without_a_place_has_none(make: Make) -> None:
    """Nothing is shown where nothing is known."""
    fact = Fact("/things/0/at", "known", "2026-09-01")
    run = make.run(make.result(make.verdict(Outcome.FAIL, facts=(fact,))))
    (card,) = verdict_cards(page(make, run))

    assert [text_of(one) for one in card.iter("li")] == ["things[0].at: 2026-09-01"]
