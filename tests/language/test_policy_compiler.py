"""What the compiler says of policies that are wrong, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import ErrorGroup
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.language.plan import Plan
    from auditor.model.errors import AuditorError

GOOD = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [SEEF-MON-04]
severity: high
params:
  limit: {default: 24 hours, between: [1 hour, 48 hours], about: Time to resolve}
for: {blocker: blockers}
empty: not_applicable
when: blocker.raised_at != null
at: blocker.raised_at
let:
  deadline: blocker.raised_at.plus(params.limit)
due: deadline
require:
  - that: blocker.resolved_at.by(deadline)
    say: "{blocker.description} was not resolved by {deadline}."
fix: Resolve it.
"""


def compiled(
    text: str, *more: PolicyText, params: dict[str, dict[str, object]] | None = None
) -> Plan:
    """Compile one policy, with the facts and functions of the product."""
    texts = [PolicyText("p/policy.yaml", "p", text.encode()), *more]
    return compile_plan(texts, roots=Roots(snapshot_models()), functions=functions(), params=params)


def errors_of(text: str, *more: PolicyText) -> list[AuditorError]:
    """Return everything that is wrong with a policy, as the user would see it."""
    with pytest.raises(ErrorGroup) as caught:
        compiled(text, *more)
    return list(caught.value.errors)


def test_a_good_policy_compiles() -> None:
    """The text that the other tests spoil is right."""
    (policy,) = compiled(GOOD).policies

    assert policy.summary.id == "blocker-left-open"
    assert policy.summary.params == (("limit", "24 hours"),)


def test_a_namespace_is_no_name_of_the_policy() -> None:
    """Functions are found where the snapshot has nothing of that name."""
    call = "math.abs(-1) == 1 && sets.contains(lists.range(2), [1])"
    (policy,) = compiled(
        GOOD.replace("blocker.resolved_at.by(deadline)", f"x && {call}").replace(
            "  deadline: ", f"  x: {call} && blocker.resolved_at.by(deadline)\n  deadline: "
        )
    ).policies

    assert [name for name, _ in policy.let] == ["deadline", "x"]


@pytest.mark.parametrize(
    ("old", "new", "slug", "place", "words"),
    [
        ("severity: high", "serverity: high", "policy-unknown-key", "5:1", "severity"),
        ("severity: high", "severity: hihg", "policy-unknown-value", "5:11", "high"),
        ("fix: Resolve it.", "", "policy-missing-key", "1:1", "fix"),
        ("id: blocker-left-open", "id: Blocker Left", "policy-id", "1:5", "lower-case"),
        ("resolved_at.by(deadline)", "resolvd_at.by(deadline)", "policy-unknown-field", "16:11", "resolved_at"),
        ("blocker.resolved_at.by", "bloker.resolved_at.by", "policy-undeclared-name", "16:11", "blocker"),
        ("resolved_at.by(deadline)", "resolved_at.bye(deadline)", "policy-unknown-function", "16:11", "by"),
        ("blocker.resolved_at.by(deadline)", "blocker.resolved_at < deadline", "policy-unguarded-null", "16:11", "by()"),
        ("blocker.resolved_at.by(deadline)", "blocker.severity == 'hihg'", "policy-not-in-enum", "16:31", "high"),
        ("blocker.resolved_at.by(deadline)", "blocker.severity == 3", "policy-never-equal", "16:11", None),
        ("blocker.resolved_at.by(deadline)", "blocker.owner == blocker.item", "policy-ids-of-two-kinds", "16:11", None),
        ("blocker.resolved_at.by(deadline)", "risks.exists(r, r.review_on == as_of)", "policy-date-with-instant", "16:27", "begins()"),
        ("blocker.resolved_at.by(deadline)", "blocker.severity != blocker.owner", "policy-unguarded-null", "16:11", "guard"),
        ("blocker.resolved_at.by(deadline)", "size(blocker.description) + 1", "policy-unguarded-null", "16:16", None),
        ("blocker.resolved_at.by(deadline)", "1 + 1", "policy-wrong-type", "16:11", None),
        ("blocker.resolved_at.by(deadline)", "risks.all(r, r.score != null)", None, None, None),
        ("empty: not_applicable\n", "", "policy-empty", "8:16", "empty"),
        ("due: deadline", "", None, None, None),
        ("{deadline}.", "{dedline}.", "policy-undeclared-name", "17:54", "deadline"),
        ("{deadline}.", "{deadline.", "policy-say", "17:53", None),
        ("for: {blocker: blockers}", "for: {blocker: project}", "policy-not-a-list", "8:16", None),
        ("for: {blocker: blockers}", "for: blockers", "policy-as", "8:6", "as:"),
        ("default: 24 hours", "default: 24 hors", "policy-no-overload", "13:13", "span"),
        ("let:\n", "let:\n  spare: 1 + 1\n", "policy-unused-let", "13:3", None),
        ("blocker.raised_at.plus(params.limit)", "deadline", "policy-cyclic-let", "13:13", None),
        ("blocker.resolved_at.by(deadline)", "blocker.resolved_at.by(deadline", None, "16:33", None),
    ],
)  # fmt: skip
def test_a_fault_is_named_placed_and_helped(
    old: str, new: str, slug: str | None, place: str | None, words: str | None
) -> None:
    """Each message has its slug, its line and column in the YAML file, and what to do next."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if slug is None and place is None:
        assert compiled(text).policies
        return
    found = errors_of(text)
    match = [
        e
        for e in found
        if f"{e.location and e.location.line}:{e.location and e.location.column}" == place
    ]

    assert [str(e.location) for e in found if slug and e.slug == slug] or not slug
    assert match, [(str(e.location), e.slug, e.message) for e in found]
    assert slug is None or slug in {e.slug for e in match}
    assert words is None or any(words in f"{e.message} {e.hint}" for e in match)


def test_all_faults_are_reported_at_once_in_the_order_of_the_file() -> None:
    """One run shows everything."""
    text = GOOD.replace("severity: high", "severity: hihg").replace("fix:", "fixx:")
    lines = [error.location.line for error in errors_of(text) if error.location]

    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_fault_inside_a_folded_block_points_into_the_block() -> None:
    """The caret is in the file's own line, although YAML folds the lines into one."""
    folded = ">\n      blocker.resolved_at.by(deadline)\n      && blocker.nonsense == null"
    text = GOOD.replace("that: blocker.resolved_at.by(deadline)", f"that: {folded}")
    (error,) = errors_of(text)

    assert str(error.location) == "p/policy.yaml:18:10"
    assert error.excerpt == "      && blocker.nonsense == null"


def test_a_comment_in_folded_lines_is_refused() -> None:
    """It would swallow the rest of the demand, and the policy would be green without it."""
    folded = ">\n      blocker.resolved_at.by(deadline) // in time\n      && blocker.owner != null"
    (error,) = errors_of(GOOD.replace("that: blocker.resolved_at.by(deadline)", f"that: {folded}"))

    assert error.slug == "policy-comment"
    assert str(error.location) == "p/policy.yaml:17:40"


def test_an_id_is_used_once_over_all_packs() -> None:
    """Findings are named by it."""
    twin = PolicyText("q/twin.yaml", "q", GOOD.encode())
    (error,) = errors_of(GOOD, twin)

    assert error.slug == "policy-duplicate-id"
    assert "p/policy.yaml" in str(error.hint)


def test_a_definition_is_checked_where_it_is_used() -> None:
    """The shared vocabulary of a pack is typed by its arguments."""
    pack = PolicyText("p/pack.yaml", "p", b"define:\n  late(x): x.resolved_at.by(as_of)\n")
    (error,) = errors_of(GOOD.replace("blocker.resolved_at.by(deadline)", "late(project)"), pack)

    assert error.slug == "policy-unknown-field"
    assert "in 'late'" in error.message


@pytest.mark.parametrize("name", ["given(x)", "size(x)", "late(x)"])
def test_a_definition_gives_no_word_a_new_meaning(name: str) -> None:
    """Not to a function, which the checker trusts, and not to a word that the pack's other words use."""
    pack = PolicyText("p/pack.yaml", "p", b"define:\n  late(x): x.resolved_at.by(as_of)\n")
    text = GOOD.replace("let:", f"define: {{{name}: 'true'}}\nlet:")

    assert "policy-name-taken" in {error.slug for error in errors_of(text, pack)}


def test_a_count_handed_to_a_definition_asks_what_empty_means() -> None:
    """`few(size(xs))` is as vacuous as `size(xs) < 3`."""
    text = GOOD.replace("let:", "define: {few(n): n < 3}\nlet:")
    text = text.replace("blocker.resolved_at.by(deadline)", "few(size(risks))")

    assert compiled(text).policies
    bare = text.replace("for: {blocker: blockers}\nempty: not_applicable\n", "")
    for line in ("when: blocker.raised_at != null\n", "at: blocker.raised_at\n", "due: deadline\n"):
        bare = bare.replace(line, "")
    bare = bare.replace("let:\n  deadline: blocker.raised_at.plus(params.limit)\n", "")
    bare = bare.replace("{blocker.description} was not resolved by {deadline}.", "Few.")

    assert "policy-empty" in {error.slug for error in errors_of(bare)}


def test_a_definition_that_needs_itself_is_refused() -> None:
    """No recursion: every policy ends."""
    pack = PolicyText("p/pack.yaml", "p", b"define:\n  a(x): b(x)\n  b(x): a(x)\n")
    errors = errors_of(GOOD.replace("blocker.resolved_at.by(deadline)", "a(1)"), pack)

    assert "policy-cyclic-define" in {error.slug for error in errors}


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        ("12 hours", None),
        ("72 hours", "policy-param-bounds"),
        ("5 working days", "policy-param-bounds"),
        ("soon", "policy-param-type"),
        (12, "policy-param-type"),
    ],
)
def test_a_chosen_parameter_keeps_to_its_type_and_bounds(value: object, slug: str | None) -> None:
    """A profile tailors a policy within `between`, and no further."""
    params = {"blocker-left-open": {"limit": value}}
    if slug is None:
        assert compiled(GOOD, params=params).summaries[0].params == (("limit", "12 hours"),)
        return
    with pytest.raises(ErrorGroup) as caught:
        compiled(GOOD, params=params)

    assert [error.slug for error in caught.value.errors] == [slug]


def test_a_guard_reaches_what_comes_after_it() -> None:
    """`when` protects the names and clauses; an `&&` protects its right side."""
    text = GOOD.replace("blocker.resolved_at.by(deadline)", "blocker.raised_at < as_of")

    assert compiled(text).policies
    unguarded = text.replace("when: blocker.raised_at != null\n", "")
    assert "policy-unguarded-null" in {error.slug for error in errors_of(unguarded)}


BLOCKERS = "blocker.resolved_at.by(deadline)"


@pytest.mark.parametrize(
    ("demand", "define", "slug"),
    [
        pytest.param("!risks.map(r, r.raised_at).exists(deadline, deadline < as_of)", "", "policy-unguarded-null", id="a macro variable hides a let name"),
        pytest.param("!risks.exists(blocker, blocker.raised_at != null && early())", "early(): blocker.resolved_at < as_of", "policy-unguarded-null", id="a guard on a macro variable says nothing inside a definition"),
        pytest.param("outer(1)", "inner(): x == 1\n  outer(x): inner()", "policy-undeclared-name", id="a definition does not see its caller's parameters"),
        pytest.param("has(found.at) && found.at < as_of", "", "policy-unguarded-null", id="has of a null in a map is true"),
        pytest.param("!(blocker.owner == blocker.raised_by)", "", "policy-unguarded-null", id="a denied equality is a difference"),
        pytest.param("!(blocker.owner in risks.map(r, r.raised_by))", "", "policy-unguarded-null", id="so is a denied membership"),
        pytest.param("{'high': 1}[blocker.severity] == 1", "", "policy-unguarded-null", id="null is no index"),
        pytest.param("size(blocker.id) > 0", "f(x): x\n  f( y): y", "policy-define", id="a definition stands once"),
        pytest.param("size(blocker.id) > 0", "f(x, x): x", "policy-define", id="its arguments have names of their own"),
    ],
)  # fmt: skip
def test_what_only_looks_guarded_or_named_is_refused(demand: str, define: str, slug: str) -> None:
    """A guard holds for the very path that it speaks of, and a name means what its own place says."""
    text = GOOD.replace(BLOCKERS, f'"{demand}"').replace("that:", "that:", 1)
    text = text.replace("let:\n", "let:\n  found: \"{'at': blocker.resolved_at}\"\n")
    text = text.replace("say:", 'say: "{found.at} {deadline}" #', 1)
    if define:
        text += f"define:\n  {define}\n"

    assert slug in {error.slug for error in errors_of(text)}


def test_an_owner_may_be_the_id_of_a_party() -> None:
    """An id is a text, and an enumerated value is one, too."""
    assert compiled(GOOD + "owner: blocker.owner\n").policies


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        ("fix: Resolve it.", "fix: F\neffective: {from: 2026-02-30}", "policy-day"),
        ("24 hours, between: [1 hour, 48 hours]", "[1, 2], between: [[1], [3]]", "policy-wrong-kind"),
        ("default: 24 hours, between: [1 hour, 48 hours]", f"type: number, default: 1{'0' * 400}", "policy-param-type"),
        ("default: 24 hours, between: [1 hour, 48 hours]", f"type: int, default: 1{'0' * 40}", "policy-param-type"),
        ("for: {blocker: blockers}", "for: {}", "policy-wrong-kind"),
        ("for: {blocker: blockers}", "for: blockers\nas: a b", "policy-name"),
        ("for: {blocker: blockers}", "for: {blocker: blockers}\nas: b", "policy-as"),
    ],
)  # fmt: skip
def test_what_could_not_be_judged_is_refused_when_it_is_read(old: str, new: str, slug: str) -> None:
    """No such policy gets as far as a snapshot."""
    assert slug in {error.slug for error in errors_of(GOOD.replace(old, new, 1))}


def chain(kind: str, first: str, following: str, length: int) -> str:
    """Write names of which each stands for something with the one before it."""
    call = "()" if kind == "define" else ""
    lines = [f'  n{i}{call}: "{following.format(f"n{i - 1}{call}")}"' for i in range(1, length)]
    return "\n".join([f"{kind}:", f'  n0{call}: "{first}"', *lines, ""])


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(chain("let", "1", "{0} + 0", 400), id="a deep chain of let"),
        pytest.param(chain("define", "1", "{0} + 0", 400), id="a deep chain of define"),
        pytest.param(chain("define", "1", "{0} + {0}", 41), id="a definition used twice, again and again"),
        pytest.param(chain("let", "[1]", "[{0}, {0}]", 2000), id="thousands of names"),
    ],
)  # fmt: skip
def test_names_that_stand_on_each_other_have_a_limit(names: str) -> None:
    """It is counted before anything walks them, so neither time nor the caller's depth decides."""
    last = names.strip().rpartition("\n")[2].split(":")[0].strip()
    head = GOOD.split("let:", maxsplit=1)[0].replace("empty: not_applicable\n", "")
    text = f"{head}{names}require: [{{that: '{last} == 1', say: x}}]\nfix: F\n"

    assert "policy-too-large" in {error.slug for error in errors_of(text)}


def test_names_that_need_each_other_are_an_error_also_without_empty() -> None:
    """Asking whether a demand can be vacuous comes to an end."""
    head = "id: x\ntitle: T\nwhy: W\ncontrols: [C]\nseverity: low\nfix: F\n"
    found = errors_of(f"{head}let: {{a: b && true, b: a}}\nrequire: [{{that: a, say: x}}]\n")
    defined = errors_of(f"{head}define: {{'f(x)': f(x)}}\nrequire: [{{that: f(1), say: x}}]\n")

    assert "policy-cyclic-let" in {error.slug for error in found}
    assert {error.slug for error in defined} == {"policy-cyclic-define"}


def test_not_exactly_one_can_be_vacuous() -> None:
    """``!xs.exists_one(...)`` over no element rests on nothing."""
    text = GOOD.replace("empty: not_applicable\n", "").replace("for: {blocker: blockers}\n", "")
    text = (
        text.split("when:")[0] + 'fix: F\nrequire: [{that: "!risks.exists_one(r, true)", say: x}]\n'
    )
    text = text.replace("fix: Resolve it.\n", "")

    assert "policy-empty" in {error.slug for error in errors_of(text)}


def test_a_branch_that_is_left_undecided_leaves_the_type() -> None:
    """What is undecided is never a value: a slip in a field's name behind it is found all the same."""
    named = "let:\n  same: \"blocker.id != '' ? blocker : undecided('no id')\"\n"
    policy = GOOD.replace("let:\n", named).replace("due: deadline", "due: same.rased_at")

    assert ["rased_at" in error.message for error in errors_of(policy)] == [True]


def test_a_parameter_may_be_called_like_a_name_of_the_policy() -> None:
    """Inside a definition its parameter is meant, so that the name does not need itself."""
    named = (
        "define:\n  last(steps): steps.latest(e, e.at)\nlet:\n  steps: last(blocker.escalations)\n"
    )
    policy = GOOD.replace("let:\n", named).replace("due: deadline", "due: steps.at")

    assert compiled(policy).policies[0].let[0][0] in {"deadline", "steps"}
