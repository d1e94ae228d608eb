"""
Expressions on which Python and the language differ, over documents that show it: the exact answer, or none.

Contract: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.facts.instants import BareDay
from tests.evaluation.fast.expressions import LEFT, Question, document, thing, utc

if TYPE_CHECKING:
    from auditor.language.registry import Functions

MOST: Final = 2**63 - 1
LEAST: Final = -(2**63)
DAY: Final = BareDay(2026, 3, 2)
OTHER_DAY: Final = BareDay(2026, 3, 9)

DOCUMENTS: Final[dict[str, dict[str, Any]]] = {
    "all is known": document(),
    "the ends of 64 bits": document(n=MOST, m=1, maybe=LEAST, ints=[MOST, 1], y=2.0**63),
    "the other end": document(n=LEAST, m=-1, maybe=MOST, ints=[LEAST, -1], x=-(2.0**63)),
    "nothing and less": document(n=-7, m=0, maybe=None, x=-0.0, y=0.0, t=None),
    "one and true": document(n=1, m=1, maybe=1, x=1.0, y=1.0, b=True, c=True, ints=[1, 1]),
    "no elements": document(
        ints=[], doubles=[], texts=[], truths=[], moments=[], dates=[], lists=[], things=[], labels={}
    ),
    "ties": document(
        things=[thing("t1", at=utc(2)), thing("t2", at=utc(2)), thing("t3", at=None, n=None)],
        moments=[utc(5), utc(5)],
    ),
    "holes": document(
        n=...,
        s=...,
        never=...,
        maybe=...,
        truths=...,
        things=[
            thing("t1", n=..., at=...),
            thing("t2", s=..., b=..., tags=...),
            thing("t3", parts=[{"id": "p1"}], x=..., on=..., note=...),
        ],
        first=thing("t1", n=...),
    ),
    "nulls": document(
        maybe=None, t=None, never=None, first=None,
        things=[thing("t1", n=None, at=None, s=None, b=None, on=None, x=None, note=None)],
        left=None, right=None,
    ),
    "bare days": document(
        at=DAY, later=DAY, never=DAY, moments=[DAY, OTHER_DAY], things=[thing("t1", at=DAY)]
    ),
    "a bare day among instants": document(
        never=OTHER_DAY, moments=[utc(5), DAY], things=[thing("t1", at=DAY), thing("t2", at=utc(5))]
    ),
    "out of order": document(
        things=[thing("t1", at=utc(6)), thing("t2", at=utc(3)), thing("t3", at=utc(4), n=2)]
    ),
    "on the edges of local days": document(
        at=utc(1, 23),
        things=[
            thing("t1", at=utc(1, 23)),
            thing("t2", at=utc(2, 23) - dt.timedelta(microseconds=1)),
            thing("t3", at=utc(8, 23)),
        ],
    ),
    "twins": document(
        things=[thing("t1"), thing("t1")], first=thing("t1"), texts=["a", "a"], doubles=[1.0, 1.0]
    ),
    "long texts": document(s="x" * 60_000, t="y" * 60_000, texts=["x" * 60_000, "a"]),
}  # fmt: skip

EXPRESSIONS: Final = (
    # numbers: 64 bits, towards zero, doubles that are not ints
    "n + m", "n - m", "n * m", "-n", "n + m + m", "n / m", "n % m", "-7 / 2", "-7 % 2", "n / 0", "n % 0",
    "maybe == null ? 0 : maybe + 1", "maybe != null ? -maybe : 0", "x + y", "x - y", "x * y", "x / y", "-x",
    "n == m", "n == maybe", "x == y", "n < m", "n >= m", "double(n) < x", "n < x", "n >= y", "x > n", "n == x",
    "x <= 9223372036854775807", "y <= 9223372036854775807", "y > 9223372036854775806", "x >= -9223372036854775808",
    "1 == 1.0", "n == 1", "n == 1.0", "x == 1", "dyn(1) == dyn(1.0)", "dyn(n) == dyn(x)", "dyn(n) < dyn(x)",
    "maybe == 1", "maybe != 1", "maybe == null", "maybe != null", "maybe == maybe", "int(x)", "double(n)",
    "0.1 + 0.2 == 0.3", "doubles.sum(d, d)", "doubles.sum(d, d) == 0.6", "ints.sum(i, i)", "ints.sum(i, 1.0)",
    "ints.sumReaches(i, i, 6)", "ints.sumReaches(i, 1, 3)", "doubles.sumReaches(d, d, 0.6)",
    "ints.map(i, i * 2)", "ints.count(i, i > 1)", "ints.filter(i, i >= 2)", "ints.exists_one(i, i == 1)",
    # truths are no numbers
    "dyn(b) == dyn(n)", "dyn(true) == dyn(1)", "b == c", "b != c", "b in truths", "dyn(true) in [dyn(1)]",
    "[true] == [true]", "dyn([1]) == dyn([true])", "dyn([1]) == dyn([1.0])", "b < c", "b && c", "b || c", "!b",
    # texts
    "s + 'x'", "s + s", "s == t", "t == null", "t == s", "s < 'b'", "size(s)", "s in texts",
    "s in ['a', 'b']", "texts.exists(e, e == s)", "s.startsWith('a')", "s.matches('a+')", "t in texts",
    "null in [s, t]", "s in []", "texts + ['z']", "texts.map(e, e + e)", "('' + s).size()", "texts.join(',')",
    # ratios are exact
    "0.9 == 90 %", "0.9 == ratio(9, 10, 0 %)", "ratio(9, 10, 0 %) >= 0.9", "ratio(n, m, 0 %) > 50 %",
    "ratio(1, 3, 0 %) < 0.3333333333333333", "ratio(1, 3, 0 %) == 0.3333333333333333", "ratio(n, m, 100 %)",
    "ratio(9, 10, 0 %) == ratio(18, 20, 0 %)", "dyn(90 %) == dyn(0.9)", "dyn(90 %) == dyn('a')", "dyn(1) == dyn(100 %)",
    "ints.sum(i, ratio(i, 3, 0 %))", "ints.sumReaches(i, ratio(i, 3, 0 %), 2)", "dyn(90 %) < dyn(0.91)",
    # instants, and days in their place
    "at.by(later)", "at.before(later)", "at.after(later)", "later.by(at)", "never.by(at)", "never.before(at)",
    "never.after(at)", "at.by(at)", "at.before(at)", "at.after(at)", "as_of.within(period)", "period.starts_at.within(period)",
    "dyn(never).by(at)", "dyn(at).by(later)", "dyn(never).within(period)", "dyn(at).within(period)", "!never.by(at)", "at == later", "at != later", "at == at", "at < later", "at <= at",
    "never == null", "never == at", "never != null && never < at", "later - at", "at + (later - at)", "later - (later - at)", "later - at > duration('1h')",
    "at + duration('1h') > later", "at.within(period)", "never.within(period)", "dyn(at) == dyn(later)",
    "dyn(at) == dyn(at)", "dyn(at) in [dyn(later)]", "dyn(at) < dyn(later)", "at in moments",
    "moments.latest(m, m)", "moments.earliest(m, m)", "things.latest(t, t.at)", "things.earliest(t, t.at)",
    "things.latest(t, t.at) == null", "things.latest(t, t.at).id", "things.earliest(t, t.at).id",
    "things.filter(t, t.at.by(later)).latest(t, t.at).id", "moments.sortBy(m, m)", "moments.exists(m, m == at)",
    "moments.map(m, m.by(at))", "things.sortBy(t, t.at == null ? at : t.at).map(t, t.id)",
    "at.plus(span('3 days'))", "never.plus(span('2 working days'))", "at.minus(span('24 hours'))",
    "at.plus(span('2 working days')).by(later)", "at.plus(span('90 minutes'))", "later.minus(span('2 weeks'))",
    "days(at, later).map(d, d.id)", "workingDays(at, later).map(d, d.id)", "weeks(at, later).map(w, w.whole)",
    "months(at, later)", "quarters(at, as_of).size()", "weeks(later, at)", "days(at, later)[0].ends_at.by(later)",
    "weeks(at, later).exists(w, things.exists(t, t.at.within(w)))",
    "weeks(at, as_of).map(w, things.filter(t, t.at.within(w)).map(t, t.id))",
    "days(at, later).map(d, things.count(t, t.at.within(d)))",
    # days
    "on.begins()", "on.ends()", "on == dates[0]", "on in dates", "dates[0] < on", "things.map(t, t.on.begins())",
    "things.map(t, t.on.ends().by(later))", "dates.map(d, d.begins() == at)", "dyn(on) == dyn(at)",
    # lists
    "ints[0]", "ints[5]", "ints[-1]", "ints[n]", "lists[0][0]", "texts == texts", "ints == [3, 1, 2]",
    "ints == doubles.map(d, int(d))", "lists == [[1], [], [2, 3]]", "lists.flatten()", "lists.map(l, size(l))",
    "ints.windows(2)", "ints.windows(0)", "ints.windows(9)", "size(ints)", "size(things)", "size(labels)",
    "1 in ints", "n in ints", "1.0 in doubles", "2 in [1, 2]", "ints.all(i, i > 0)", "ints.exists(i, i > 2)",
    "truths.all(t, t)", "truths.exists(t, t)", "[ints, ints.filter(i, i > 1)].flatten()", "ints + ints",
    "ints.sortBy(i, i)", "things.sortBy(t, t.id).map(t, t.id)", "things.groupBy(t, t.id).map(g, size(g.items))",
    "things.groupBy(t, t.s == null ? '-' : t.s).map(g, g.key)", "texts.groupBy(e, e).map(g, g.key)",
    "things.sortBy(t, t.n == null ? 0 : t.n).map(t, t.id)", "[1, 2, 3].map(i, i > 1, i * 2)", "doubles.sortBy(d, d)",
    "things.map(t, t.at)", "lists.exists(l, l == [2, 3])", "[2, 3] in lists", "lists.map(l, l == [])",
    # maps
    "{'a': 1, 'b': 1.0, 'c': true}", "[[1], [1]].map(l, l == [1])",
    "labels['a']", "labels['z']", "labels.a", "size(labels) == 0", "{'a': n}.a", "{'a': s} == {'a': s}",
    "things.map(t, {'id': t.id, 'n': t.n})", "labels == {'a': '1'}", "'a' in labels",
    # records, whole ones and such with holes
    "things[0] == things[0]", "things[0] == things[1]", "things[0] in things", "first == things[0]",
    "first == null", "first != null && first.n == 1", "has(first.n)", "has(first.tags)", "first.n", "first.s",
    "things.map(t, has(t.n))", "things.map(t, has(t.tags))", "things.map(t, has(t.parts))", "has(things[0].at)",
    "things.all(t, t.n == null || t.n > 0)", "things.exists(t, t.n == 2)", "things.exists(t, t.b == true)",
    "things.filter(t, t.b == true).map(t, t.id)", "things.count(t, t.s == 'a')", "things.exists_one(t, t.id == 't1')",
    "things.map(t, t.n)", "things.all(t, t.parts.all(p, p.done == true))", "things.exists(t, 'red' in t.tags)",
    "things.map(t, things.exists(u, u.s == t.s && u.id != t.id))", "things.map(t, things.count(u, u.n == t.n))",
    "things.map(t, things.filter(u, u.b == t.b).map(u, u.id))", "things.map(t, things.filter(u, u.at == null).size())",
    "things.map(t, things.exists(u, u.parts.exists(p, p.id == t.id)))", "things.map(t, t.id in texts)",
    "things.all(t, t.s != null && texts.exists(e, e == t.s))", "things.exists(t, t.n == null && t.b == null)",
    "things.map(t, things.filter(u, u.s == 'a' && u.n != null && u.n == t.n).map(u, u.id))",
    "things.map(t, things.all(u, u.s == t.s))", "things.map(t, things.exists(u, u.s == t.s || u.n == t.n))",
    "things.map(t, things.filter(u, u.s == t.s || u.b == t.b).map(u, u.id))",
    # members that an index would give
    "things.map(t, things.filter(u, u.note == t.s).map(u, u.id))", "things.map(t, things.exists(u, u.n == t.x))",
    "things.map(t, things.filter(u, u.on == t.on).map(u, u.id))", "things.map(t, things.count(u, u.at == t.at))",
    "things.map(t, things.exists(u, u.n == null && u.s == t.s))", "things.map(t, things.count(u, u.n == 1 && u.b == t.b))",
    "things.map(t, things.count(u, u.x == 1 && u.s == t.s))", "things.map(t, things.exists_one(u, u.id == t.id))",
    "things.map(t, things.filter(u, u.s == t.s && u.at.by(later)).latest(u, u.at) == null)",
    "things.map(t, things.filter(u, u.parts.exists(p, p.id == t.id && p.done == true)).size())",
    "things.map(t, things.exists(u, u.parts.exists(p, p.done == t.b)))",
    "things.map(t, things.filter(u, u.at.within(days(at, at)[0]) && u.s == t.s).map(u, u.id))",
    "things.map(t, texts.filter(e, e == t.s))", "things.map(t, things.exists(u, t.s == u.s && 1 / u.id.size() > 0))",
    "things.map(t, things.exists(u, u.s == t.s && u.n != null && 2 / (u.n - 1) > 0))",
    "things.map(t, things.filter(u, u.b == t.b).all(u, u.s == t.s))", "things.map(t, left == t.note)",
    "things.map(t, things.exists(u, dyn(u.s) == dyn(t.s)))", "things.map(t, things.count(u, dyn(u.n) == dyn(t.b)))",
    # data without declared fields
    "left == right", "left != right", "left == null", "dyn(left) < dyn(right)", "left.k", "left in [right]",
    "things.map(t, t.note)", "things[0].note.k == 1", "left == 1", "right == 'a'", "left == n", "right == s",
    "things.map(t, t.note == null)",
    # what decides, and what is never looked at
    "c && n / 0 == 1", "b || n / 0 == 1", "n / 0 == 1 || b", "c ? n / 0 : n", "b ? n : n / 0",
    "n / m == 1 && c", "things.all(t, t.n != null && t.n / 0 == 1)", "ints.exists(i, 1 / i == 1)", "ints.exists(i, i == 3 || 1 / 0 == 1)",
    "ints.filter(i, 6 / (i - 2) > 0).exists(i, i == 3)", "ints.map(i, 6 / (i - 2)).exists(i, i == 6)",
    "ints.filter(i, 6 / (i - 2) > 0).all(i, i == 3)", "undecided('x') || b", "undecided('x') && c",
    "notSupported(maybe)", "given(s)", "given(t)", "given('  ')", "cel.bind(k, n + m, k * k)",
    "things.exists(t, t.n != null && t.n > 1) || b",
)  # fmt: skip


@pytest.fixture(scope="module")
def questions(functions: Functions) -> list[Question]:
    """Return every expression, checked and compiled."""
    return [Question(text, functions) for text in EXPRESSIONS]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_expression(name: str, questions: list[Question]) -> None:
    """The exact answer, or none; an exception that is not the fast path's own comes through."""
    facts = DOCUMENTS[name]
    other = [
        (question.text, said, meant)
        for question in questions
        if (said := question.fast(facts)) != LEFT and said != (meant := question.exact(facts))
    ]

    assert other == []


def test_most_are_answered_where_all_is_known(questions: list[Question]) -> None:
    """Of a table that is all left to the exact evaluator nothing could be learned."""
    facts = DOCUMENTS["all is known"]
    said = [question.text for question in questions if question.fast(facts) != LEFT]

    assert len(said) > len(questions) * 3 // 4


KINDS: Final = (
    "null", "true", "n", "maybe", "x", "s", "t", "at", "never", "on", "later - at", "90 %", "ints", "texts", "lists",
    "things", "first", "labels", "left",
)  # fmt: skip
OPERATIONS: Final = (
    "dyn({0}) == dyn({1})",
    "dyn({0}) != dyn({1})",
    "dyn({0}) in [dyn({1})]",
    "dyn({0}) < dyn({1})",
    "dyn({0}) >= dyn({1})",
)
FEW: Final = ("all is known", "one and true", "nulls", "holes", "bare days")


@pytest.mark.parametrize("form", OPERATIONS)
def test_every_kind_with_every_kind(form: str, functions: Functions) -> None:
    """What is compared turns out only when it is met."""
    other = []
    answered = 0
    for left, right in product(KINDS, repeat=2):
        question = Question(form.format(left, right), functions)
        for name in FEW:
            said = question.fast(DOCUMENTS[name])
            if said != LEFT:
                answered += 1
                meant = question.exact(DOCUMENTS[name])
                if said != meant:
                    other.append((question.text, name, said, meant))

    assert other == []
    assert answered > 50 or " in " in form


DATA: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, MOST, 1.0, 0.0, -0.0, 0.1, 2.0**63, "", "a", [], [1], [1.0], [True], [None],
    {}, {"k": 1}, {"k": 1.0}, {"k": None}, [[1]], [{"k": 1}],
)  # fmt: skip


def test_undeclared_data_of_every_kind(functions: Functions) -> None:
    """Any JSON beside any other."""
    texts = (
        "left == right",
        "left in [right]",
        "dyn(left) < dyn(right)",
        "left == 1",
        "left == 'a'",
        "left.k == right.k",
    )
    questions = [Question(text, functions) for text in texts]
    other = []
    for left, right in product(DATA, repeat=2):
        facts = document(left=left, right=right)
        for question in questions:
            said = question.fast(facts)
            if said != LEFT and said != (meant := question.exact(facts)):
                other.append((question.text, left, right, said, meant))

    assert other == []


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("dyn(b) == dyn(n)", document(b=True, n=1), ("bool", "False")),
        ("1 == 1.0", document(), ("bool", "True")),
        ("-7 / 2", document(), ("int", "-3")),
        ("-7 % 2", document(), ("int", "-1")),
        ("n + m", document(n=MOST, m=1), LEFT),
        ("n / m", document(n=1, m=0), LEFT),
        ("doubles.sum(d, d)", document(doubles=[0.1, 0.2, 0.3]), ("float", "0.6")),
        ("things.latest(t, t.at).id", DOCUMENTS["ties"], ("str", "'t2'")),
        ("things.earliest(t, t.at).id", DOCUMENTS["ties"], ("str", "'t2'")),
        ("moments.latest(m, m)", document(moments=[DAY, OTHER_DAY]), LEFT),
        ("at < later", document(at=DAY, later=OTHER_DAY), LEFT),
        ("at == at", document(at=DAY), LEFT),
        ("dyn(at) == dyn(at)", document(at=DAY), LEFT),
        ("ints[5]", document(), LEFT),
        ("has(first.n)", document(first=thing("t1", n=None)), ("bool", "False")),
        ("has(first.tags)", document(first=thing("t1", tags=[])), ("bool", "False")),
        ("has(first.n)", document(first=thing("t1", n=...)), LEFT),
        ("ints.windows(0)", document(), LEFT),
        ("ratio(9, 10, 0 %) >= 0.9", document(), ("bool", "True")),
        ("never.by(at)", document(never=None), ("bool", "False")),
    ],
)
def test_what_is_expected(
    text: str, facts: dict[str, Any], expected: object, functions: Functions
) -> None:
    """Derived from the language, not from either evaluator."""
    assert Question(text, functions).fast(facts) in {expected, LEFT}
