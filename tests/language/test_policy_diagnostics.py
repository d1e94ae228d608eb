"""What the checker says of a demand that cannot be meant: the message, the place, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.language.policy_draft import PolicyText

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Linter = Any
    Marked = Callable[[str], tuple[str, str]]

GUARD = (
    "guard it, e.g. `{0} != null && ...`, or use a function that takes null, such as by(), before() or after() "
    "for instants"
)
ID = "a record is found by its id"


@pytest.mark.parametrize(
    ("demand", "slug", "message", "hint"),
    [
        ("«blocker.resolvd_at».by(deadline)", "unknown-field",
         "'blockers' has no field 'resolvd_at'", "did you mean 'resolved_at'?"),
        ("«bloker».resolved_at.by(deadline)", "undeclared-name",
         "no variable 'bloker' is declared", "did you mean 'blocker'?"),
        ("«blocker.resolved_at.bye(deadline)»", "unknown-function", "no function 'bye'", "did you mean 'by'?"),
        ("«blocker.resolved_at.qqq(deadline)»", "unknown-function",
         "no function 'qqq'", "docs/functions.md lists what can be called"),
        ("«risks.exist('r1')»", "unknown-function", "no function 'exist'", "did you mean 'exists'?"),
        ("«risks.exists('r1')»", "no-overload", "'exists' does not take (list(risks), string)",
         "it can be called as: xs.exists(x, e); xs.exists(i, x, e)"),
        ("«math.abss(-1)» == 1", "unknown-function", "no function 'math.abss'", "did you mean 'math.abs'?"),
        ("«math.abs(1, 2)» == 1", "no-overload", "'math.abs' does not take (int, int)",
         "it can be called as: math.abs(int) -> int; math.abs(uint) -> uint; math.abs(double) -> double"),
        ("«blocker.raised_at + 1» == as_of", "no-overload",
         "'+' does not take (timestamp, int)", "it can be called as: int + int; timestamp + duration"),
        ("«blocker.id»", "wrong-type", "this must be true or false, and it is an id of blockers",
         "compare it with something, or ask whether it is there"),
        ("«size(risks)» || true", "not-bool", "this must be true or false, and it is an int",
         "compare it with something, or ask whether it is there: `... != null`"),
        ("blocker.severity == «'hihg'»", "not-in-enum",
         "'hihg' is none of the values of `blocker.severity`: low, medium, high, critical", "did you mean 'high'?"),
        ("blocker.severity != «'p1'»", "not-in-enum",
         "'p1' is none of the values of `blocker.severity`: low, medium, high, critical", "write one of them"),
        ("blocker.severity in ['high', «'urgent'»]", "not-in-enum",
         "'urgent' is none of the values of `blocker.severity`: low, medium, high, critical", "write one of them"),
        ("risks.exists(r, «r.severity == r.class»)", "never-equal",
         ("`r.severity` is one of low, medium, high, critical and `r.class` is one of project, technical, client, "
         "resource: they are never equal"), "compare two fields that can hold the same"),
        ("«blocker.severity == 3»", "never-equal",
         "`blocker.severity` is a string and `3` is an int: they are never equal", "compare two values of one type"),
        ("«size(risks) == '3'»", "never-equal",
         "`size(risks)` is an int and `'3'` is a string: they are never equal",
         "an int is written without quotation marks"),
        ("«blocker == risks[0]»", "never-equal",
         "`blocker` is a record of 'blockers' and `risks[0]` is a record of 'risks': they are never equal",
         "compare what names them, e.g. `blocker.id`"),
        ("«blocker == 'b1'»", "never-equal",
         "`blocker` is a record of 'blockers' and `'b1'` is a string: they are never equal",
         "compare its id: `blocker.id`"),
        ("«blocker.owner == blocker.item»", "ids-of-two-kinds",
         "`blocker.owner` names a record of parties and `blocker.item` one of work_items: they are never equal",
         f"compare ids of one kind; {ID}: parties.exists(x, x.id == blocker.owner)"),
        ("work_items.exists(i, «i.id == blocker.owner»)", "ids-of-two-kinds",
         "`i.id` names a record of work_items and `blocker.owner` one of parties: they are never equal",
         f"compare ids of one kind; {ID}: parties.exists(x, x.id == blocker.owner)"),
        ("«blocker.owner in risks.map(r, r.id)»", "ids-of-two-kinds",
         "`blocker.owner` names a record of parties and `risks.map(r, r.id)` one of risks: they are never equal",
         f"compare ids of one kind; {ID}: parties.exists(x, x.id == blocker.owner)"),
        ("risks.exists(r, «r.review_on == as_of»)", "date-with-instant",
         "a calendar day is compared with an instant, so it is not clear which instant of the day is meant",
         "say which: day.begins() or day.ends()"),
        ("risks.exists(r, r.review_on == «'2026-03-03'»)", "date-as-text",
         "'2026-03-03' is a text, and `r.review_on` is a calendar day", "write date('2026-03-03')"),
        ("risks.exists(r, r.review_on in [«'2026-03-03'»])", "date-as-text",
         "'2026-03-03' is a text, and `r.review_on` is a calendar day", "write date('2026-03-03')"),
        ("blocker.raised_at < «'2026-03-03'»", "date-as-text",
         "'2026-03-03' is a text, and `blocker.raised_at` is an instant",
         "say which instant of the day: date('2026-03-03').begins() or .ends()"),
        ("«'2026-03-03T14:00:00Z'» <= blocker.raised_at", "date-as-text",
         "'2026-03-03T14:00:00Z' is a text, and `blocker.raised_at` is an instant",
         "write an instant with its offset: timestamp('2026-03-03T14:00:00+01:00')"),
        ("blocker.resolved_at.by(«'2026-03-03'»)", "date-as-text",
         "'2026-03-03' is a text, and 'by' wants an instant",
         "say which instant of the day: date('2026-03-03').begins() or .ends()"),
        ("params.limit == «'24 hours'»", "length-as-text",
         "'24 hours' is a text, and `params.limit` is a span", "write span('24 hours')"),
        ("blocker.raised_at.plus(«'2 days'»).by(as_of)", "length-as-text",
         "'2 days' is a text, and 'plus' wants a span", "write span('2 days')"),
        ("as_of - blocker.raised_at < «'24h'»", "length-as-text",
         "'24h' is a text, and `as_of - blocker.raised_at` is an elapsed time", "write duration('24h')"),
        ("«blocker.resolved_at» < deadline", "unguarded-null",
         "'blocker.resolved_at' may be null (known absent), and '<' needs a value", GUARD.format("blocker.resolved_at")),
        ("blocker.owner != null && «blocker.owner.name» == 'x'", "no-field",
         "`blocker.owner` is an id of parties, which has no fields, so it has no 'name'",
         "find the record that it names: parties.exists(x, x.id == blocker.owner && ...)"),
        ("«risks.score» == 1", "no-field", "`risks` is a list(risks), which has no fields, so it has no 'score'",
         "say of which member: risks.exists(x, x.score ...), or risks[0].score"),
        ("«blocker».exists(x, x.id == 'y')", "not-a-list",
         "'exists' wants a list or a map, and this is a record of 'blockers'", "its lists: reviewed_at, escalations"),
        ("«size(risks) / size(actions)» > 1", "division",
         ("`size(risks) / size(actions)` divides one fact by another: of whole numbers the fraction is lost, so that "
         "1 / 2 is 0"), ("write ratio(size(risks), size(actions), 0 %), where the third says what counts if there is "
         "nothing to divide by, and compare it with a percentage")),
        ("blocker.resolved_at.by(date(«'2026-02-30'»).ends())", "unreadable-text",
         "'2026-02-30' is not a calendar day", "write YYYY-MM-DD, a day that there is: date('2026-03-03')"),
        ("blocker.resolved_at.by(timestamp(«'soon'»))", "unreadable-text", "'soon' is not an instant",
         "write it with its offset: timestamp('2026-03-03T14:00:00+01:00')"),
        ("as_of - blocker.raised_at < duration(«'1 day'»)", "unreadable-text", "'1 day' is not an elapsed time",
         "write h, m or s behind each number: duration('1h30m')"),
        ("blocker.resolved_at.by(deadline.plus(span(«'3 fortnights'»)))", "unreadable-text",
         "'3 fortnights' is not a span",
         "write a number and minutes, hours, days, weeks, working hours or working days: span('2 weeks')"),
        ("size(risks) > int(«'three'»)", "unreadable-text", "'three' is not a whole number",
         "write the number without quotation marks"),
        ("blocker.id.matches(«'('»)", "bad-pattern", "'(' is no regular expression that RE2 understands",
         ("escape what is meant literally, e.g. '\\\\(' for a bracket; RE2 knows neither look-around nor "
         "back-references")),
        ("regex.replace(blocker.id, «'(?=x)'», 'y') == 'z'", "bad-pattern",
         "'(?=x)' is no regular expression that RE2 understands",
         ("escape what is meant literally, e.g. '\\\\(' for a bracket; RE2 knows neither look-around nor "
         "back-references")),
        ("risks[«-1»].id == 'x'", "bad-index", "a list has no place below 0",
         "count from 0; the last member of xs is xs[size(xs) - 1]"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(
    linter: Linter, marked: Marked, *, demand: str, slug: str, message: str, hint: str
) -> None:
    """One mistake, one message: with what was written, what the facts are, and what to write instead."""
    plain, place = marked(demand)

    assert linter.said(plain) == [(f"error {slug}", place, message, hint)]


@pytest.mark.parametrize(
    "demand",
    [
        "blocker.severity == 'high'",
        "blocker.severity in ['high', 'critical']",
        "blocker.severity == risks[0].severity",
        "blocker.owner == blocker.raised_by",
        "risks.exists(r, r.review_on == date('2026-03-03'))",
        "blocker.raised_at < date('2026-03-03').begins()",
        "blocker.id < '2026-03-03'",
        "as_of - blocker.raised_at < duration('24h')",
        "blocker.resolved_at.by(deadline.plus(span('2 working days')))",
        "blocker.id.matches('\\\\(')",
        "blocker.id == '('",
        "size(risks) / 2 > 1",
        "ratio(size(risks), size(actions), 0 %) > 10 %",
        "risks[size(risks) - 1].id == 'x'",
        "math.abs(-1 * size(risks)) == 1",
        "risks.exists(math, math.id == 'x')",
        "blocker.id == string(size(risks))",
    ],
)
def test_what_can_be_meant_is_let_be(linter: Linter, demand: str) -> None:
    """The nearest right thing to each of the mistakes."""
    assert linter.said(demand) == []


IN_FIGURES = (
    "write the number in figures and one unit, e.g. 3 working days; of a text that is meant, add"
    " type: string"
)


def test_all_faults_of_a_file_are_told_at_once(linter: Linter) -> None:
    """Those of its form and those of its expressions, in the order of the file."""
    found = linter.said("blocker.severity == 'hihg'", ("severity: high\n", "serverity: high\n"))

    assert [(slug, place.split("-")[0]) for slug, place, _, _ in found] == [
        ("error missing-key", "1:1"),
        ("error unknown-key", "5:1"),
        ("error not-in-enum", "16:32"),
    ]


def test_what_only_follows_from_a_key_is_not_told(linter: Linter) -> None:
    """Where `let` is misspelt, its names are not declared: that is one fault, not three."""
    found = linter.said("blocker.resolved_at.by(deadline)", ("let:\n", "lett:\n"))

    assert [slug for slug, *_ in found] == ["error unknown-key"]


@pytest.mark.parametrize(
    ("demand", "change"),
    [
        pytest.param("blocker.resolved_at.by(deadline", ("due: deadline\n", ""), id="in a text that is no expression"),
        pytest.param("blocker.resolved_at.by(dedline)", ("due: deadline\n", ""), id="misspelt"),
    ],
)  # fmt: skip
def test_a_name_that_is_meant_is_not_called_unused(
    linter: Linter, demand: str, change: tuple[str, str]
) -> None:
    """The one fault is where the name should be used."""
    found = linter.said(demand, change, (" by {deadline}", ""))

    assert len(found) == 1
    assert found[0][0] != "error unused-let"


def test_a_guard_that_is_wrong_asks_for_no_other(linter: Linter) -> None:
    """What `when` would have guarded is not told to be unguarded as well."""
    guard = (
        "when: blocker.raised_at != null",
        "when: blocker.raised_at != null && blocker.clas == 'x'",
    )

    assert [slug for slug, *_ in linter.said("blocker.raised_at < as_of", guard)] == [
        "error unknown-field"
    ]


def test_constants_are_read_whatever_else_is_wrong(linter: Linter) -> None:
    """Both faults of one expression are told in one run."""
    found = linter.said("blocker.resolved_at < deadline.plus(span('2 working dayz'))")

    assert [slug for slug, *_ in found] == ["error unguarded-null", "error unreadable-text"]


def test_what_takes_null_is_proposed_only_where_it_does(linter: Linter) -> None:
    """Methods of instants take null; for anything else a guard is proposed."""
    text = linter.said("blocker.owner != blocker.raised_by")
    number = linter.said("risks.exists(r, r.score > 3.0)")

    assert [hint for *_, hint in text] == [
        "guard it, e.g. `blocker.owner != null && ...`",
        "guard it, e.g. `blocker.raised_by != null && ...`",
    ]
    assert [hint for *_, hint in number] == ["guard it, e.g. `r.score != null && ...`"]


def test_bounds_that_no_value_keeps_are_told(linter: Linter) -> None:
    """The least value comes first; a default outside is told at the default."""
    demand = "blocker.resolved_at.by(deadline)"
    exchanged = linter.said(demand, ("[1 hour, 48 hours]", "[48 hours, 1 hour]"))
    outside = linter.said(demand, ("default: 24 hours", "default: 60 hours"))

    assert exchanged == [
        (
            "error param-bounds",
            "7:39-57",
            "no value lies between 48 hours and 1 hour",
            "write the least value first",
        )
    ]
    assert outside == [
        (
            "error param-bounds",
            "7:20-28",
            "'60 hours' is out of bounds for the parameter 'limit'",
            "choose a value between 1 hour and 48 hours",
        )
    ]


@pytest.mark.parametrize(
    ("default", "message", "hint"),
    [
        (
            "three days",
            "the default of 'limit' reads like a length of time, and is a text",
            IN_FIGURES,
        ),
        (
            "1.5 Hours",
            "the default of 'limit' reads like a length of time, and is a text",
            IN_FIGURES,
        ),
        (
            "soon, type: span",
            "the default of 'limit' is no span",
            "write it like 3 working days",
        ),
        ("ninety, type: ratio", "the default of 'limit' is no ratio", "write it like 90 %"),
    ],
)
def test_a_default_of_the_wrong_form_is_told_once(
    default: str, message: str, hint: str, linter: Linter
) -> None:
    """With how it is written, at the default; and not again wherever the parameter is used."""
    change = ("default: 24 hours, between: [1 hour, 48 hours]", f"default: {default}")

    found = linter.said("blocker.resolved_at.by(deadline)", change)

    assert [(slug, said, told) for slug, _, said, told in found] == [
        ("error param-type", message, hint)
    ]


def test_a_text_that_is_meant_may_read_like_a_length_of_time(linter: Linter) -> None:
    """Whoever declares it a text means one."""
    change = ("default: 24 hours, between: [1 hour, 48 hours]", "type: string, default: rush hour")
    span = ("plus(params.limit)", "plus(span('24 hours'))")
    demand = "blocker.resolved_at.by(deadline) || blocker.description == params.limit"

    assert [slug for slug, *_ in linter.said(demand, change, span)] == []


def test_a_definition_that_cannot_be_read_is_told_once(linter: Linter) -> None:
    """Not again wherever it is called; nor is what is wrong in its body."""
    spoilt = ("let:\n", "define: {late(b): 'b.resolved_at.by('}\nlet:\n")
    wrong = ("let:\n", "define: {late(b): 'b.resolvd_at.by(as_of)'}\nlet:\n")
    demand = "[late(blocker), late(blocker)] == [true, !late(blocker)]"

    assert [(slug, place.split(":")[0]) for slug, place, *_ in linter.said(demand, spoilt)] == [
        ("error unclosed-bracket", "12")
    ]
    assert [(slug, message) for slug, _, message, _ in linter.said(demand, wrong)] == [
        ("error unknown-field", "in 'late': 'blockers' has no field 'resolvd_at'")
    ]


def test_words_of_a_pack_that_cannot_be_read_are_not_told_again(linter: Linter) -> None:
    """A policy that calls one is right; one that calls something else is told once its pack is mended."""
    pack = PolicyText("p/pack.yaml", "p", b"define:\n  late(b): b.resolved_at.by(\n")
    policy = (
        "id: one\ntitle: T\nwhy: W\ncontrols: [C]\nseverity: low\nfix: F\nfor: {b: blockers}\nempty: pass\n"
        "require: [{that: late(b), say: x}]\n"
    )
    found = linter.findings(pack, PolicyText("p/one.yaml", "p", policy.encode()))

    assert [(f.slug, f.location.path) for f in found] == [
        ("policy-unclosed-bracket", "p/pack.yaml")
    ]
