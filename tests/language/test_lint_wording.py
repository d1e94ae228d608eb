"""Texts that leave a reader without an answer are told, each with its place; others are let be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Linter = Any
    Change = tuple[str, str]

RIGHT = "blocker.resolved_at.by(deadline)"
TITLE = "title: A blocker was left open"
WHY = "why: Blockers stop work."
FIX = "fix: Resolve it."
SAY = "{blocker.description} was not resolved by {deadline}."
READERS = "say it in words; what has to be spelled so stands in backquotes"


@pytest.mark.parametrize(
    ("change", "slug", "place", "message"),
    [
        pytest.param((WHY, "why: tbd"), "placeholder", "3:6-9", "`why` says nothing: 'tbd'", id="placeholder"),
        pytest.param((FIX, 'fix: "-"'), "placeholder", "18:7-8", "`fix` says nothing: '-'", id="dash"),
        pytest.param(
            (TITLE, "title: Every blocker must be resolved"), "title", "2:8-38",
            "the title says what is demanded; over a finding it has to say what is wrong", id="demand",
        ),
        pytest.param(
            (TITLE, "title: Ensure that blockers are resolved"), "title", "2:8-41",
            "the title says what is demanded; over a finding it has to say what is wrong", id="bidding",
        ),
        pytest.param(
            (WHY, "why: A blocker was left open."), "why", "3:6-30",
            "`why` only says the title again, so nothing tells why it is high", id="why-is-title",
        ),
        pytest.param(
            (FIX, "fix: Resolve {blocker.id}."), "braces", "18:14-26",
            "`fix` has no holes, so `{blocker.id}` is shown as it stands here", id="hole",
        ),
        pytest.param(
            (FIX, "fix: Fill blockers.resolved_at in."), "code-in-text", "18:11-31",
            "'blockers.resolved_at' is written for machines, and this is read by people", id="path",
        ),
        pytest.param(
            (WHY, "why: It is bad if severity == high."), "code-in-text", "3:28-30",
            "'==' is written for machines, and this is read by people", id="operator",
        ),
        pytest.param(
            (SAY, "{deadline} passed, see change_events."), "code-in-text", "17:34-47",
            "'change_events' is written for machines, and this is read by people", id="list-in-sentence",
        ),
        pytest.param(
            (WHY, "why: Blockers stop the the work."), "doubled-word", "3:20-27", "'the' stands here twice", id="doubled",
        ),
        pytest.param(
            (SAY, "{deadline} Was was too early."), "doubled-word", "17:22-29", "'Was' stands here twice", id="in-sentence",
        ),
        pytest.param(
            (WHY, 'why: "Blockers stop work. "'), "stray-space", "3:26-27", "blanks that nobody sees", id="at-end",
        ),
        pytest.param(
            (WHY, "why: >\n  Blockers  \n  stop work."), "stray-space", "4:11-13", "blanks that nobody sees", id="at-line-end",
        ),
        pytest.param(
            ("about: Time to resolve", "about: n/a"), "undocumented-param", "7:3-8",
            "nothing says what the parameter 'limit' is", id="about-says-nothing",
        ),
        pytest.param(
            (", about: Time to resolve", ""), "undocumented-param", "7:3-8",
            "nothing says what the parameter 'limit' is", id="no-about",
        ),
        pytest.param(
            (WHY, f"why: Short. {'so on ' * 25}end."), "long-sentence", "3:13-167",
            "this sentence has 51 words, and after 50 most readers have lost it", id="long",
        ),
    ],
)  # fmt: skip
def test_a_text_that_says_little_is_told(
    linter: Linter, change: Change, slug: str, place: str, message: str
) -> None:
    """As a warning, at the words that are meant."""
    ((said, at, text, _),) = linter.said(RIGHT, change)

    assert (said, at, text) == (f"warning {slug}", place, message)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((TITLE, "title: A blocker that must be escalated was closed early"), id="demand-in-a-clause"),
        pytest.param((TITLE, "title: Nobody says who should resolve a blocker"), id="lack"),
        pytest.param((TITLE, "title: Checks of blockers stopped"), id="no-bidding"),
        pytest.param((WHY, "why: A blocker was left open, and the team waits."), id="more-than-the-title"),
        pytest.param((FIX, "fix: Write it into `blockers.resolved_at` in the register."), id="backquotes"),
        pytest.param((FIX, "fix: >\n  Run `walk the the  \n  tree` and the `the` of it."), id="code-in-backquotes"),
        pytest.param((FIX, "fix: Resolve it, e.g. in auditor.yaml, with an over_long name."), id="no-fact"),
        pytest.param((WHY, "why: What it is is that that work waits."), id="twice-on-purpose"),
        pytest.param((SAY, "by {deadline} by then: {blocker.description}"), id="a-hole-between"),
        pytest.param((WHY, "why: Blockers stop work.  They cost."), id="two-blanks-between-sentences"),
        pytest.param((WHY, "why: |\n  Blockers\n    stop work."), id="indented"),
        pytest.param((WHY, f"why: {'so on ' * 24}end. {'so on ' * 24}end."), id="two-sentences"),
        pytest.param((SAY, "{deadline} {{is}} over {blocker.id == 'a' ? 1 : 2}."), id="code-in-a-hole"),
    ],
)  # fmt: skip
def test_what_only_looks_so_is_let_be(linter: Linter, change: Change) -> None:
    """The nearest thing that somebody may well mean."""
    assert linter.said(RIGHT, change) == []


def test_what_slipped_in_comes_with_what_to_write(linter: Linter) -> None:
    """So that it can be mended without asking."""
    (found,) = linter.of(
        "id: blocker-left-open\ntitle: T\nwhy: So the the team stops.\ncontrols: [C]\nseverity: low\nfix: F\n"
        "require: [{that: project.id == 'x', say: x}]\n"
    )

    assert (found.slug, found.instead) == ("policy-doubled-word", ("the the", "the"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It is about Walla Walla.", id="a-name"),
        pytest.param("So the The Hague office waits.", id="another-letter"),
        pytest.param("A clause whose giver is Will will bind.", id="no-function-word"),
    ],
)
def test_a_doubled_word_that_may_be_meant_is_only_told(linter: Linter, text: str) -> None:
    """Nobody but who wrote it can say which of the two is too much, if one is."""
    (found,) = linter.of(
        f"id: blocker-left-open\ntitle: T\nwhy: {text}\ncontrols: [C]\nseverity: low\nfix: F\n"
        "require: [{that: project.id == 'x', say: x}]\n"
    )
    assert (found.slug, found.instead) == ("policy-doubled-word", None)


@pytest.mark.parametrize(
    ("demand", "instead"),
    [
        ("blocker.escalations.exists(e, true) == true", "blocker.escalations.exists(e, true)"),
        ("blocker.id.startsWith('x') != true", "!blocker.id.startsWith('x')"),
        ("blocker.id.startsWith('x') == false", "!blocker.id.startsWith('x')"),
    ],
)
def test_a_truth_need_not_be_compared(linter: Linter, demand: str, instead: str) -> None:
    """What is true or false says so itself."""
    ((slug, _, _, hint),) = linter.said(demand)

    assert (slug, hint) == ("warning compared-with-truth", f"write {instead}")


def test_brackets_around_a_truth_are_left_to_the_author(linter: Linter) -> None:
    """``!a && b`` is something else than ``!(a && b)``."""
    ((slug, _, _, hint),) = linter.said("(blocker.id == 'a' || blocker.id == 'b') == false")

    assert (slug, hint) == ("warning compared-with-truth", "leave the comparison out")


@pytest.mark.parametrize("demand", ["dyn(blocker.id) == true", "size(blocker.id) == 1"])
def test_what_may_be_no_truth_is_compared(linter: Linter, demand: str) -> None:
    """Of what may be null, or anything, the comparison says something."""
    assert linter.said(demand) == []
