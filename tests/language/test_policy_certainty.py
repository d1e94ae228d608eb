"""Conditions of a policy that have only one answer: what is said of them, where, and of which not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.language.policy_draft import PolicyText

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Linter = Any
    Marked = Callable[[str], tuple[str, str]]

MEANT = "compare it with what was meant, or leave it out"
EITHER = "if either will do, join them with `||`; otherwise compare with what was meant"
BOTH = "if both are demanded, join them with `&&`; otherwise compare with what was meant"
OBSERVED = "leave it out; a fact that was not observed is unknown, not null"
NO_CHANGE = "it changes nothing: leave it out"
WHEN = "`when` lets nothing through unless `blocker.raised_at != null` is true"


@pytest.mark.parametrize(
    ("demand", "said", "message", "hint"),
    [
        ("blocker.id == 'x' && «blocker.id == 'y'»", "error always-false",
         "`blocker.id == 'y'` is always false: it is looked at only where `blocker.id == 'x'` is true", EITHER),
        ("blocker.id != 'x' || «blocker.id != 'y'»", "error always-true",
         "`blocker.id != 'y'` is always true: it is looked at only where `blocker.id != 'x'` is false", BOTH),
        ("size(risks) > 5 && «size(risks) < 6»", "error always-false",
         "`size(risks) < 6` is always false: it is looked at only where `size(risks) > 5` is true", EITHER),
        ("!(size(risks) <= 5) && «3 > size(risks)»", "error always-false",
         "`3 > size(risks)` is always false: it is looked at only where `size(risks) <= 5` is false", EITHER),
        ("risks.exists(r, r.score != null && r.score > 5.0 && «r.score <= 5.0»)", "error always-false",
         "`r.score <= 5.0` is always false: it is looked at only where `r.score > 5.0` is true", EITHER),
        ("risks.exists(r, r.review_on != null && r.review_on > date('2026-03-03') && «r.review_on == date('2026-03-02')»)",
         "error always-false", ("`r.review_on == date('2026-03-02')` is always false: it is looked at only where "
         "`r.review_on > date('2026-03-03')` is true"), EITHER),
        ("as_of < timestamp('2026-01-01T00:00:00Z') && «as_of >= timestamp('2026-01-01T00:00:00Z')»",
         "error always-false", ("`as_of >= timestamp('2026-01-01T00:00:00Z')` is always false: it is looked at only "
         "where `as_of < timestamp('2026-01-01T00:00:00Z')` is true"), EITHER),
        ("blocker.id in ['a', 'b'] && «blocker.id == 'c'»", "error always-false",
         "`blocker.id == 'c'` is always false: it is looked at only where `blocker.id in ['a', 'b']` is true", EITHER),
        ("(blocker.id == 'a' || blocker.id == 'b') && «blocker.id == 'c'»", "error always-false",
         ("`blocker.id == 'c'` is always false: it is looked at only where `blocker.id == 'a' || blocker.id == 'b'` "
         "is true"), EITHER),
        ("blocker.resolved_at.by(deadline) && «blocker.resolved_at.after(deadline)»", "error always-false",
         ("`blocker.resolved_at.after(deadline)` is always false: it is looked at only where "
         "`blocker.resolved_at.by(deadline)` is true"), EITHER),
        ("deadline < as_of && «as_of <= deadline»", "error always-false",
         "`as_of <= deadline` is always false: it is looked at only where `deadline < as_of` is true", EITHER),
        ("blocker.resolved_at.by(as_of) || «!blocker.resolved_at.by(as_of)»", "error always-true",
         ("`!blocker.resolved_at.by(as_of)` is always true: it is looked at only where "
         "`blocker.resolved_at.by(as_of)` is false"), BOTH),
        ("blocker.owner == null && «blocker.owner == 'p1'»", "error always-false",
         "`blocker.owner == 'p1'` is always false: it is looked at only where `blocker.owner == null` is true", EITHER),
        ("standards.escalation.exists(w, «w.severity in ['low', 'medium', 'high', 'critical']»)", "error always-true",
         ("`w.severity in ['low', 'medium', 'high', 'critical']` is always true: `w.severity` is one of low, medium, "
         "high, critical"), MEANT),
        ("«size(risks) >= 0»", "error always-true",
         "`size(risks) >= 0` is always true: `size(risks)` is never below 0", MEANT),
        ("«risks.count(r, given(r.id)) < 0»", "error always-false",
         "`risks.count(r, given(r.id)) < 0` is always false: `risks.count(r, given(r.id))` is never below 0", MEANT),
        ("blocker.resolved_at.by(as_of) && «uint('3') < 0u»", "error always-false",
         "`uint('3') < 0u` is always false: `uint('3')` is never below 0", MEANT),
        ("«as_of.getMonth() == 12» && blocker.resolved_at.by(as_of)", "error always-false",
         "`as_of.getMonth() == 12` is always false: `as_of.getMonth()` is a number from 0 to 11", MEANT),
        ("«blocker.id == blocker.id»", "error always-true",
         "`blocker.id == blocker.id` is always true: both sides are the same", MEANT),
        ("«blocker.raised_at < blocker.raised_at»", "error always-false",
         "`blocker.raised_at < blocker.raised_at` is always false: both sides are the same", MEANT),
        ("«blocker.id in []» || blocker.resolved_at.by(deadline)", "error always-false",
         "`blocker.id in []` is always false: an empty list has no members", MEANT),
        ("«blocker.id == null»", "error never-null",
         "`blocker.id` is never null, so `blocker.id == null` is always false", OBSERVED),
        ("«blocker.id != null» && blocker.resolved_at.by(deadline)", "error never-null",
         "`blocker.id` is never null, so `blocker.id != null` is always true", OBSERVED),
        ("«risks == null» || blocker.resolved_at.by(deadline)", "error never-null",
         "`risks` is never null, so `risks == null` is always false", OBSERVED),
        ("risks.exists(r, «r.class != null» && r.review_on == date('2026-03-02'))", "warning never-null",
         "`r.class` is never null, so `r.class != null` is always true", OBSERVED),
        ("«blocker.?resolved_at == null»", "error never-null",
         "`blocker.?resolved_at` is an optional, which is never null, so `blocker.?resolved_at == null` is always false",
         "ask with hasValue(), or select the field with a plain `.`"),
        ("«blocker.raised_at != null»", "error always-true",
         f"this demand is always met, because `blocker.raised_at != null` is always true: {WHEN}",
         "demand what `when` does not ask for already"),
        ("«blocker.raised_at == null»", "error always-false",
         f"this demand is never met, because `blocker.raised_at == null` is always false: {WHEN}",
         "compare it with what was meant, or change `when`"),
        ("«blocker.raised_at != null» && blocker.raised_at < as_of", "warning redundant",
         f"`blocker.raised_at != null` is always true: {WHEN}", NO_CHANGE),
        ("blocker.owner != null && (blocker.id == 'x' || «blocker.owner == null»)", "error always-false",
         "`blocker.owner == null` is always false: it is looked at only where `blocker.owner != null` is true", EITHER),
        ("blocker.owner == 'x' && (blocker.id == 'x' && «blocker.owner != null»)", "warning redundant",
         "`blocker.owner != null` is always true: it is looked at only where `blocker.owner == 'x'` is true", NO_CHANGE),
        ("given(blocker.id) && blocker.owner == 'x' && «given(blocker.id)»", "warning repeated",
         "`given(blocker.id)` is said twice", NO_CHANGE),
        ("blocker.owner == 'x' || given(blocker.id) || «blocker.owner == 'x'»", "warning repeated",
         "`blocker.owner == 'x'` is said twice", NO_CHANGE),
        ("blocker.resolved_at.by(deadline) || «true»", "warning constant", "`true` is always true", NO_CHANGE),
        ("«1 > 2» || blocker.resolved_at.by(deadline)", "warning constant", "`1 > 2` is always false", NO_CHANGE),
        ("blocker.id == null ? «given(blocker.id)» : blocker.resolved_at.by(deadline)", "error unreachable",
         "`given(blocker.id)` is never reached, because `blocker.id == null` is always false: `blocker.id` is never null",
         MEANT),
        ("blocker.raised_at != null ? blocker.resolved_at.by(deadline) : «given(blocker.id)»", "warning unreachable",
         f"`given(blocker.id)` is never reached, because `blocker.raised_at != null` is always true: {WHEN}",
         "leave the test and this branch out"),
    ],
)  # fmt: skip
def test_a_condition_with_one_answer_is_told(
    linter: Linter, marked: Marked, *, demand: str, said: str, message: str, hint: str
) -> None:
    """With what was written, what decides it, what to write instead, and a caret under it; and nothing else."""
    plain, place = marked(demand)

    assert linter.said(plain) == [(said, place, message, hint)]


@pytest.mark.parametrize(
    "demand",
    [
        pytest.param("blocker.id == 'x' || blocker.id == 'y'", id="either will do"),
        pytest.param("blocker.id != 'x' && blocker.id != 'y'", id="neither will do"),
        pytest.param("size(risks) > 5 && size(risks) < 7", id="one number is left"),
        pytest.param("risks.exists(r, r.score != null && r.score > 5.0 && r.score < 6.0)", id="a fraction is left"),
        pytest.param("size(risks) > 0 || size(actions) < 1", id="two lists"),
        pytest.param("risks.exists(r, r.id == 'a') && risks.exists(r, r.id == 'b')", id="two elements of one name"),
        pytest.param("risks.exists(r, r.id == 'a' && actions.exists(r, r.id == 'b'))", id="a name within its like"),
        pytest.param("blocker.id == 'a' && risks.exists(r, r.id == 'b')", id="two records"),
        pytest.param("blocker.class in ['project', 'technical', 'client', 'resource']", id="whether it was recorded"),
        pytest.param("has(blocker.class)", id="whether it was recorded at all"),
        pytest.param("blocker.severity in ['low', 'medium', 'high', 'critical']", id="null is none of the values"),
        pytest.param("!blocker.resolved_at.by(deadline) && !blocker.resolved_at.after(deadline)", id="it never happened"),
        pytest.param("blocker.raised_at.by(blocker.raised_at)", id="whether it happened"),
        pytest.param("blocker.owner == null || blocker.owner == blocker.raised_by", id="a guard"),
        pytest.param("blocker.owner == null ? given(blocker.id) : blocker.owner == 'x'", id="two branches"),
        pytest.param("params.limit == params.limit", id="a parameter is no constant"),
        pytest.param("params.limit == span('24 hours')", id="a default is no constant"),
        pytest.param("risks.exists(r, true)", id="whether there is one"),
        pytest.param("risks.all(r, false)", id="whether there is none"),
        pytest.param("deadline != null || given(blocker.id)", id="what a name stands for may be null but for a guard"),
        pytest.param("as_of.getMonth() == 11 || as_of.getDate() == 31", id="December, or a last day"),
        pytest.param("[1, 2].exists(x, x > 1 && x < 3)", id="what a list of constants holds"),
        pytest.param("size(blocker.id) > 1 || size(risks) > 1", id="sizes of two things"),
    ],
)  # fmt: skip
def test_what_may_be_either_is_let_be(linter: Linter, demand: str) -> None:
    """Nothing is said of a condition that the facts decide."""
    assert linter.said(demand) == []


def test_all_values_of_an_enumeration_are_no_question(linter: Linter, marked: Marked) -> None:
    """Written one by one, they are a comparison that is always true."""
    classes = (
        "blocker.class == 'project' || blocker.class == 'technical' || blocker.class == 'client'"
    )
    plain, place = marked(f"{classes} || «blocker.class == 'resource'»")
    (found,) = linter.said(plain)

    assert found[:2] == ("error always-true", place)
    assert linter.said(classes) == []


def test_when_that_never_holds_leaves_no_clause(linter: Linter) -> None:
    """It is told once, at the condition, and not again at every clause."""
    never = "blocker.raised_at != null && blocker.class == 'project' && blocker.class == 'client'"
    found = linter.said(
        "blocker.resolved_at.by(deadline)", ("when: blocker.raised_at != null", f"when: {never}")
    )

    atom = "blocker.class == 'client'"
    column = len("when: ") + never.index(atom) + 1
    assert found == [
        (
            "error unreachable",
            f"10:{column}-{column + len(atom)}",
            (
                "no clause is ever reached, because `blocker.class == 'client'` is always false: it is looked at only "
                "where `blocker.class == 'project'` is true"
            ),
            EITHER,
        )
    ]


def test_a_policy_that_ends_before_it_begins_is_never_in_force(linter: Linter) -> None:
    """The days of `effective` are in order, or the same."""
    demand = "blocker.resolved_at.by(deadline)"
    days = "effective: {from: 2026-05-01, until: %s}\nfix:"

    assert linter.said(demand, ("fix:", days % "2026-05-01")) == []
    assert [
        (slug, message)
        for slug, _, message, _ in linter.said(demand, ("fix:", days % "2026-01-01"))
    ] == [
        (
            "error unreachable",
            "the policy is never in force: it ends on 2026-01-01 and begins on 2026-05-01",
        )
    ]


def test_a_name_of_let_that_stands_for_a_constant_is_one(linter: Linter, marked: Marked) -> None:
    """So a value that a list of an enumeration lacks is found behind a name, too."""
    plain, place = marked("«blocker.class == wanted»")
    named = ("let:\n", "let:\n  wanted: \"'clients'\"\n")
    (found,) = linter.said(plain, named)

    assert found == (
        "error always-false",
        place.replace("16:", "17:"),
        "`blocker.class == wanted` is always false: `blocker.class` is one of project, technical, client, resource",
        MEANT,
    )


def test_a_guard_on_a_name_is_one_on_what_it_stands_for(linter: Linter, marked: Marked) -> None:
    """A `let` name for a path is that path."""
    plain, place = marked("owner == null && «blocker.owner == 'x'»")
    (found,) = linter.said(plain, ("let:\n", "let:\n  owner: blocker.owner\n"))

    assert found[:2] == ("error always-false", place.replace("16:", "17:"))


def test_a_definition_is_judged_once_and_at_its_own_place(linter: Linter) -> None:
    """What a pack's word says twice is a fault of the pack, however many policies use it."""
    pack = "define:\n  odd(x): x.id == 'a' && x.id == 'b'\n  even(x): x.id == 'a' || x.id == null\n"
    texts = [
        PolicyText("p/pack.yaml", "p", pack.encode()),
        *(
            PolicyText(
                f"p/{name}.yaml",
                "p",
                f"id: {name}\ntitle: {name}\nwhy: W\ncontrols: [C]\nseverity: low\nfix: F\n"
                f"require: [{{that: {demand}, say: x}}]\n".encode(),
            )
            for name, demand in (
                ("one", "odd(project) || even(project)"),
                ("two", "even(project) || odd(project)"),
            )
        ),
    ]

    assert [(f.slug, str(f.location), f.policy) for f in linter.findings(*texts)] == [
        ("policy-always-false", "p/pack.yaml:2:26", None)
    ]


def test_one_misspelt_field_is_one_fault(linter: Linter, marked: Marked) -> None:
    """What nobody knows the type of is not told to be always false as well."""
    plain, place = marked("«blocker.ownr» == null && blocker.owner == 'x'")

    assert linter.said(plain) == [
        ("error unknown-field", place, "'blockers' has no field 'ownr'", "did you mean 'owner'?")
    ]
