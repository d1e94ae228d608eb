"""What stands in a policy to no purpose is told, and keeps nothing from being judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import packaged_folder, read_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Linter = Any
    Marked = Callable[[str], tuple[str, str]]
    Change = tuple[str, str]

RIGHT = "blocker.resolved_at.by(deadline)"
LEAVE_OUT = "use it or leave it out"
PLAIN = """\
id: blocker-left-open
title: T
why: W
controls: [C]
severity: low
fix: F
"""
"""The keys that say nothing of facts."""


def test_the_shipped_policies_are_clean(linter: Linter) -> None:
    """Neither errors nor warnings: what is shipped is what others copy."""
    texts, errors = read_texts([packaged_folder()])

    assert errors == []
    assert len(texts) > len({text.pack for text in texts})
    assert linter.findings(*texts) == []


def test_a_right_policy_is_clean(linter: Linter) -> None:
    """The text that the other tests spoil is right."""
    assert linter.said(RIGHT) == []


@pytest.mark.parametrize(
    ("demand", "slug", "message", "hint"),
    [
        ("blocker.id in ['a', 'b', «'a'»]", "repeated-value",
         "this value stands in the list already", "leave it out, or write the one that was meant"),
        ("risks.exists(r, «blocker.id == 'x'»)", "unused-variable",
         "what 'exists' asks of each 'r' does not speak of it",
         "ask something of 'r', or write the condition outside of 'exists'"),
        ("«risks.exists(blocker, blocker.id == 'x')»", "shadowed-name",
         "'blocker' is the subject, and within 'exists' something else", "give the element another name"),
        ("«risks.exists(actions, actions.id == 'x')»", "shadowed-name",
         "'actions' is a fact, and within 'exists' something else", "give the element another name"),
        ("«risks.exists(deadline, deadline.id == 'x')»", "shadowed-name",
         "'deadline' is a `let` name, and within 'exists' something else", "give the element another name"),
        ("blocker.severity != null && «blocker.severity >= 'medium'»", "text-order",
         "'>=' orders texts by their letters, not by what they mean: critical, high, low, medium",
         "list the values that are meant: x in ['...', '...']"),
    ],
)  # fmt: skip
def test_a_doubtful_expression_is_told(
    linter: Linter, marked: Marked, *, demand: str, slug: str, message: str, hint: str
) -> None:
    """With a caret under it, as a warning."""
    plain, place = marked(demand)

    assert linter.said(plain) == [(f"warning {slug}", place, message, hint)]


@pytest.mark.parametrize(
    "demand",
    [
        "blocker.id in ['a', 'b', 'A']",
        "[1, 1.5, 1].exists(x, x == 1)",
        "risks.exists(r, r.raised_by == blocker.owner)",
        "risks.exists(r, true)",
        "risks.exists(r, undecided('nobody knows'))",
        "risks.map(r, blocker.id).exists(id, id == 'x')",
        "blocker.id > 'b'",
        "blocker.severity in ['medium', 'high', 'critical']",
    ],
)
def test_what_only_looks_doubtful_is_let_be(linter: Linter, demand: str) -> None:
    """The nearest thing that somebody may well mean."""
    assert linter.said(demand) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            [("plus(params.limit)", "plus(span('1 day'))")],
            ("warning unused-param", "7:3-8",
             "nothing uses the parameter 'limit', so a profile that changes it changes nothing", LEAVE_OUT),
            id="a parameter",
        ),
        pytest.param(
            [("let:\n", "define: {few(n): n < 3}\nlet:\n")],
            ("warning unused-define", "12:10-16", "nothing uses the definition 'few'", LEAVE_OUT),
            id="a definition",
        ),
        pytest.param(
            [("for: {blocker: blockers}", "for: {risk: risks, blocker: blockers}")],
            ("warning unused-subject", "8:7-11",
             "nothing asks anything of 'risk', so every subject gets the same verdict",
             "demand something of 'risk', or leave 'for' out"),
            id="a subject",
        ),
        pytest.param(
            [("id: blocker-left-open", "id: blocker-open")],
            ("warning file-name", "1:1-3", "the policy is called 'blocker-open', and its file 'blocker-left-open.yaml'",
             "call the file blocker-open.yaml, so that the policy is found by its name"),
            id="a file",
        ),
        pytest.param(
            [("fix:", "  - {that: 'blocker.resolved_at.by(deadline)', say: 'Late again.'}\nfix:")],
            ("warning same-clause", "18:13-45", "this is demanded in line 16 already",
             "demand something else, or leave it out"),
            id="a clause",
        ),
        pytest.param(
            [("{deadline}.", "{deadline}: {failing}.")],
            ("warning empty-hole", "17:66-73",
             "`{failing}` lists counter-examples, and this demand has none where it fails",
             "it has some where an `all` is false or an `exists` is true that must not be"),
            id="a list of counter-examples",
        ),
        pytest.param(
            [("{deadline}.", "{undecided('x')}.")],
            ("warning empty-hole", "17:54-68", 'this is never known, so the sentence says "not recorded" here',
             "leave the hole out, or name something that is known"),
            id="a hole",
        ),
    ],
)  # fmt: skip
def test_what_is_there_to_no_purpose_is_told(
    linter: Linter, changes: list[Change], said: tuple[str, str, str, str]
) -> None:
    """At its own place in the file."""
    assert linter.said(RIGHT, *changes) == [said]


@pytest.mark.parametrize(
    ("demand", "changes"),
    [
        pytest.param(RIGHT, [("plus(params.limit)", "plus(dyn(params).limit)")], id="parameters as a whole"),
        pytest.param(
            "few(size(risks))",
            [("let:\n", "define: {few(n): small(n), small(n): n < 3}\nlet:\n")],
            id="a definition of a definition",
        ),
        pytest.param(
            RIGHT,
            [("for: {blocker: blockers}", "for: {risk: risks, blocker: 'blockers.filter(b, b.owner == risk.raised_by)'}")],
            id="a subject in the list of another",
        ),
        pytest.param(
            "risks.all(r, r.raised_by == blocker.owner)", [("{deadline}.", "{deadline}: {failing}.")], id="counter-examples"
        ),
        pytest.param(
            "fine()",
            [("{deadline}.", "{deadline}: {failing}."),
             ("let:\n", "define: {fine(): '!none'}\nlet:\n  none: risks.exists(r, r.raised_by == blocker.owner)\n")],
            id="counter-examples behind names",
        ),
    ],
)  # fmt: skip
def test_what_serves_a_purpose_is_let_be(
    linter: Linter, demand: str, changes: list[Change]
) -> None:
    """However far away it is used."""
    assert linter.said(demand, *changes) == []


def test_a_sentence_that_is_said_where_a_fact_is_absent_cannot_name_it(linter: Linter) -> None:
    """The demand says that it is there, so it is not where the sentence is said."""
    hole = (
        "{blocker.description} was not resolved by {deadline}.",
        "{blocker.id}: {blocker.owner}.",
    )
    (found,) = linter.said("blocker.owner != null", hole)

    assert found == (
        "warning empty-hole",
        "17:26-39",
        'the sentence is said where this is null, so it says "none" here',
        "leave the hole out, or name something that is known",
    )
    assert linter.said("blocker.owner == 'p1'", hole) == []


def test_empty_has_a_meaning_only_where_there_may_be_nothing(linter: Linter) -> None:
    """Neither a list of subjects nor a demand on elements: `empty` is never asked."""
    text = PLAIN + "empty: pass\nrequire:\n  - {that: project.id == 'x', say: x, empty: fail}\n"
    found = [(f.slug, f.location.line, f.location.column) for f in linter.of(text)]

    assert found == [("policy-useless-empty", 7, 1), ("policy-useless-empty", 9, 39)]
    for demand in ("risks.all(r, given(r.id))", "size(risks) < 3", "risks.exists(r, r.id == 'x')"):
        assert (
            linter.of(text.replace("project.id == 'x'", f"'{demand}'".replace("'x'", "''x''")))
            == []
        )


def test_errors_and_warnings_stand_in_one_order(linter: Linter) -> None:
    """Each names its policy; those of a file come in the order of its lines."""
    demand = "blocker.id in ['a', 'a'] && blocker.severity == 'hihg'"
    found = linter.said(demand, ("severity: high", "severity: hgh"))
    whole = linter.said(demand, ("plus(params.limit)", "plus(span('1 day'))"))

    assert [slug for slug, *_ in found] == ["error unknown-value", "error not-in-enum"]
    assert [slug for slug, *_ in whole] == [
        "warning unused-param",
        "error not-in-enum",
    ]


def test_a_warning_keeps_nothing_from_being_judged(linter: Linter) -> None:
    """The policy compiles, and says of whom the finding is."""
    text = PolicyText(
        "p/other.yaml",
        "p",
        (PLAIN + 'require: [{that: \'project.id in ["a", "a"]\', say: x}]\n').encode(),
    )
    plan = compile_plan([text], roots=linter.roots, functions=linter.functions)

    assert [policy.summary.id for policy in plan.policies] == ["blocker-left-open"]
    assert [(f.level, f.slug, f.policy) for f in linter.findings(text)] == [
        ("warning", "policy-file-name", "blocker-left-open"),
        ("warning", "policy-repeated-value", "blocker-left-open"),
    ]


def test_a_file_that_is_no_yaml_is_one_finding(linter: Linter) -> None:
    """It has a place and no policy."""
    (found,) = linter.findings(PolicyText("p/broken.yaml", "p", b"id: [\n"))

    assert (found.level, found.slug, found.policy) == ("error", "document", None)
    assert found.location.path == "p/broken.yaml"
