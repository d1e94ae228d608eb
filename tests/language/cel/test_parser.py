"""How an expression's text becomes a tree, and what is said where it cannot."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    StructExpr,
    children,
    walk,
)
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxError, CelSyntaxErrors
from auditor.language.values import Uint

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.language.values import Value


def outline(node: Expr) -> str:
    """Write a tree as nested calls, without places."""
    match node:
        case Literal():
            return f"{type(node.value).__name__}:{node.value!r}"
        case Ident():
            return f".{node.name}" if node.absolute else node.name
        case Select():
            return f"{'has' if node.test else 'get'}({outline(node.operand)}, {node.field})"
        case Call():
            target = "" if node.target is None else f"{outline(node.target)}->"
            return f"{target}{node.function}({', '.join(map(outline, node.args))})"
        case ListExpr():
            return f"[{', '.join(marked(node, [outline(part) for part in node.elements]))}]"
        case MapExpr():
            entries = marked(node, [f"{outline(k)}: {outline(v)}" for k, v in node.entries])
            return f"{{{', '.join(entries)}}}"
        case Block():
            return f"block({', '.join(map(outline, node.slots))} -> {outline(node.body)})"
        case StructExpr():
            return f"{node.type_name}{{{', '.join(f'{k}: {outline(v)}' for k, v in node.entries)}}}"
        case Comprehension():
            bodies = "; ".join(map(outline, node.args))
            return f"{node.macro}({outline(node.range)}, {','.join(node.variables)} -> {bodies})"
        case _:
            raise TypeError(node)


def marked(node: ListExpr | MapExpr, members: list[str]) -> list[str]:
    """Put the mark of what may be left out before the members that have it."""
    return [f"?{part}" if at in node.optional else part for at, part in enumerate(members)]


def tree(text: str, *, macros: bool = True) -> str:
    """Parse and write a tree."""
    return outline(parse(text, macros=macros))


def errors(text: str) -> tuple[CelSyntaxError, ...]:
    """Return what is wrong with a text."""
    with pytest.raises(CelSyntaxErrors) as caught:
        parse(text)
    return caught.value.errors


# ----- grammar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a + b * c", "_+_(a, _*_(b, c))", id="times before plus"),
        pytest.param("(a + b) * c", "_*_(_+_(a, b), c)", id="parentheses first"),
        pytest.param("a - b - c", "_-_(_-_(a, b), c)", id="minus from the left"),
        pytest.param("a / b % c", "_%_(_/_(a, b), c)", id="division from the left"),
        pytest.param("a < b == c", "_==_(_<_(a, b), c)", id="relations from the left"),
        pytest.param("a in b == c", "_==_(@in(a, b), c)", id="in is a relation"),
        pytest.param("a == b && c", "_&&_(_==_(a, b), c)", id="relations before and"),
        pytest.param("a && b || c && d", "_||_(_&&_(a, b), _&&_(c, d))", id="and before or"),
        pytest.param("!a.b && -c[0] > d", "_&&_(!_(get(a, b)), _>_(-_(_[_](c, int:0)), d))",
                     id="selection before negation"),
        pytest.param("a || b ? c : d", "_?_:_(_||_(a, b), c, d)", id="choice last"),
        pytest.param("a ? b : c ? d : e", "_?_:_(a, b, _?_:_(c, d, e))", id="choice from the right"),
        pytest.param("a ? (b ? c : d) : e", "_?_:_(a, _?_:_(b, c, d), e)", id="choice in a choice"),
        pytest.param("{a ? b : c: d}", "{_?_:_(a, b, c): d}", id="choice as a map's key"),
        pytest.param("a && b && c", "_&&_(a, b, c)", id="a chain of and is flat"),
        pytest.param("a || b || c", "_||_(a, b, c)", id="a chain of or is flat"),
        pytest.param("a + b + c", "_+_(a, b, c)", id="a chain of plus is flat"),
        pytest.param("a + b - c + d + e", "_+_(_-_(_+_(a, b), c), d, e)", id="minus divides a chain"),
        pytest.param("(a && b) && c", "_&&_(_&&_(a, b), c)", id="parentheses keep a chain apart"),
        pytest.param("!!a", "!_(!_(a))", id="two negations are two"),
        pytest.param("1in[1]", "@in(int:1, [int:1])", id="no space is needed"),
    ],
)  # fmt: skip
def test_operators(text: str, expected: str) -> None:
    """Operators bind as the specification's table says."""
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(".a.b", "get(.a, b)", id="a leading dot"),
        pytest.param("a.`b-c`.d", "get(get(a, b-c), d)", id="a name in backticks"),
        pytest.param("a.for.as", "get(get(a, for), as)", id="reserved words are fields"),
        pytest.param("a.b(c).d()", "a->b(c)->d()", id="methods"),
        pytest.param("f(a, [b])", "f(a, [b])", id="a function"),
        pytest.param("[a, b,]", "[a, b]", id="a comma after the last element"),
        pytest.param("[]", "[]", id="an empty list"),
        pytest.param("{'a': b, c: {},}", "{str:'a': b, c: {}}", id="maps"),
        pytest.param("a.b.C{d: e, `f-g`: h,}", "a.b.C{d: e, f-g: h}", id="a message"),
        pytest.param(".a.B{}", ".a.B{}", id="a message of an absolute name"),
        pytest.param("[{'a': 1}][0].a", "get(_[_]([{str:'a': int:1}], int:0), a)", id="on a literal"),
    ],
)  # fmt: skip
def test_values(text: str, expected: str) -> None:
    """Names, selections, calls and literals of lists and maps."""
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0x1f", 31),
        ("-0x1f", -31),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("- 5", -5),
        ("18446744073709551615u", Uint(2**64 - 1)),
        ("1e-400", 0.0),
        ("-1.5e3", -1500.0),
        ("'a' ", "a"),
        ("b'a'", b"a"),
        ("90 %", Fraction(9, 10)),
        ("90%", Fraction(9, 10)),
        ("12.5 %", Fraction(1, 8)),
        ("-0.1 %", Fraction(-1, 1000)),
        ("0x10 %", Fraction(4, 25)),
    ],
)
def test_literals(text: str, value: Value) -> None:
    """A literal is a constant of its type; a minus before a number belongs to it."""
    node = parse(text)

    assert isinstance(node, Literal)
    assert (type(node.value), node.value) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a > 90 %", "_>_(a, Fraction:Fraction(9, 10))", id="at the end"),
        pytest.param("(90 %)", "Fraction:Fraction(9, 10)", id="before a bracket"),
        pytest.param("90 % < a", "_<_(Fraction:Fraction(9, 10), a)", id="before a relation"),
        pytest.param("90 % in a", "@in(Fraction:Fraction(9, 10), a)", id="before in"),
        pytest.param("a ? 5 % : 6 %", "_?_:_(a, Fraction:Fraction(1, 20), Fraction:Fraction(3, 50))",
                     id="in a choice"),
        pytest.param("90 % 7", "_%_(int:90, int:7)", id="not before a number"),
        pytest.param("90 % -7", "_%_(int:90, int:-7)", id="not before a minus"),
        pytest.param("90 % a", "_%_(int:90, a)", id="not before a name"),
        pytest.param("90 % (a)", "_%_(int:90, a)", id="not before a parenthesis"),
        pytest.param("a % 7", "_%_(a, int:7)", id="not after a name"),
    ],
)  # fmt: skip
def test_ratio_or_remainder(text: str, expected: str) -> None:
    """A number with ``%`` is a ratio where no operand can follow."""
    assert tree(text) == expected


# ----- macros


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("has(a.b.c)", "has(get(a, b), c)", id="has"),
        pytest.param("a.all(x, x > 1)", "all(a, x -> _>_(x, int:1))", id="all"),
        pytest.param("a.exists(x, x)", "exists(a, x -> x)", id="exists"),
        pytest.param("a.exists_one(x, x)", "exists_one(a, x -> x)", id="exists_one"),
        pytest.param("a.existsOne(x, x)", "exists_one(a, x -> x)", id="existsOne is the same"),
        pytest.param("a.filter(x, x)", "filter(a, x -> x)", id="filter"),
        pytest.param("a.map(x, x)", "map(a, x -> x)", id="map"),
        pytest.param("a.map(x, x, x.b)", "map(a, x -> x; get(x, b))", id="map with a filter"),
        pytest.param("a.latest(x, x.at)", "latest(a, x -> get(x, at))", id="latest"),
        pytest.param("a.earliest(x, x.at)", "earliest(a, x -> get(x, at))", id="earliest"),
        pytest.param("a.count(x, x)", "count(a, x -> x)", id="count"),
        pytest.param("a.sum(x, x)", "sum(a, x -> x)", id="sum"),
        pytest.param("a.sortBy(x, x)", "sortBy(a, x -> x)", id="sortBy"),
        pytest.param("a.all(i, x, x)", "all(a, i,x -> x)", id="all with two names"),
        pytest.param("a.exists(i, x, x)", "exists(a, i,x -> x)", id="exists with two names"),
        pytest.param("a.existsOne(i, x, x)", "exists_one(a, i,x -> x)", id="existsOne with two"),
        pytest.param("a.transformList(i, x, x)", "transformList(a, i,x -> x)", id="transformList"),
        pytest.param(
            "a.transformList(i, x, i, x)",
            "transformList(a, i,x -> i; x)",
            id="transformList with a filter",
        ),
        pytest.param("a.transformMap(i, x, x)", "transformMap(a, i,x -> x)", id="transformMap"),
        pytest.param(
            "a.transformMapEntry(k, x, {k: x})",
            "transformMapEntry(a, k,x -> {k: x})",
            id="transformMapEntry",
        ),
        pytest.param("a.optMap(x, x.b)", "optMap(a, x -> get(x, b))", id="optMap"),
        pytest.param("a.optFlatMap(x, x)", "optFlatMap(a, x -> x)", id="optFlatMap"),
        pytest.param("cel.bind(x, a, x)", "bind(a, x -> x)", id="bind"),
        pytest.param(
            "cel.block([a, cel.index(0)], cel.index(1))",
            "block(a, @index0 -> @index1)",
            id="block",
        ),
        pytest.param(
            "a.all(cel.iterVar(0, 1), cel.iterVar(0, 1))",
            "all(a, @it:0:1 -> @it:0:1)",
            id="iterVar",
        ),
        pytest.param("x.bind(a, b, c)", "x->bind(a, b, c)", id="bind of something else is a call"),
        pytest.param("cel.index(a)", "cel->index(a)", id="index without a number is a call"),
        pytest.param("cel.block(a, b)", "cel->block(a, b)", id="block without slots is a call"),
        pytest.param("a.map(x)", "a->map(x)", id="another number of arguments is a call"),
        pytest.param("all(a, x)", "all(a, x)", id="without a receiver is a call"),
        pytest.param("a.has(b.c)", "a->has(get(b, c))", id="has with a receiver is a call"),
    ],
)
def test_macros(text: str, expected: str) -> None:
    """Macros are read by name, receiver and number of arguments."""
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a.?b", "_?._(a, str:'b')", id="field"),
        pytest.param("a.?b.c", "get(_?._(a, str:'b'), c)", id="field of one"),
        pytest.param("a.?`b-c`", "_?._(a, str:'b-c')", id="quoted field"),
        pytest.param("has(a.?b.c)", "has(_?._(a, str:'b'), c)", id="has"),
        pytest.param("a[?b]", "_[?_](a, b)", id="index"),
        pytest.param("[?a, b, ?c]", "[?a, b, ?c]", id="list"),
        pytest.param("{?a: b, c: d}", "{?a: b, c: d}", id="map"),
        pytest.param("a ? [?b] : c", "_?_:_(a, [?b], c)", id="beside a choice"),
        pytest.param("a ?.5 : b", "_?_:_(a, float:0.5, b)", id="a choice before a decimal"),
        pytest.param("x{?a: b}", "x{a: b}", id="message"),
    ],
)
def test_what_may_be_left_out(text: str, expected: str) -> None:
    """A question mark behind a dot or an opening bracket, or before a member."""
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "slug", "offset"),
    [
        pytest.param("a.?b(c)", "unexpected", 4, id="a method"),
        pytest.param("a.?1", "unexpected", 3, id="no name"),
        pytest.param("has(a.?b)", "bad-has", 4, id="has of an optional"),
        pytest.param("a.all(1, x, x)", "bad-variable", 6, id="first name"),
        pytest.param("a.all(x, 1, x)", "bad-variable", 9, id="second name"),
        pytest.param("a.all(x, x, x)", "bad-variable", 9, id="one name twice"),
        pytest.param("a.optMap(b.c, x)", "bad-variable", 9, id="optMap"),
        pytest.param("cel.bind(1, 2, 3)", "bad-variable", 9, id="bind"),
    ],
)
def test_what_may_not_stand_there(text: str, slug: str, offset: int) -> None:
    """What is wrong with the new forms is said where it is."""
    assert [(error.slug, error.offset) for error in errors(text)] == [(slug, offset)]


def test_macros_can_be_switched_off() -> None:
    """Without macros their names are plain calls."""
    assert tree("a.all(x, has(x.b))", macros=False) == "a->all(x, has(get(x, b)))"


# ----- places


def test_every_node_knows_its_text() -> None:
    """The text between a node's offsets is what the node was read from."""
    text = "f(a.b, -1) + (xs.all(x, has(x.y) || x == 90 %) ? [b'', {'k': v}] : -z[0])"
    sliced = [text[node.start : node.end] for node in walk(parse(text))]

    assert sliced == [
        text, "f(a.b, -1)", "a.b", "a", "-1",
        "xs.all(x, has(x.y) || x == 90 %) ? [b'', {'k': v}] : -z[0]",
        "xs.all(x, has(x.y) || x == 90 %)", "xs", "has(x.y) || x == 90 %", "has(x.y)", "x",
        "x == 90 %", "x", "90 %",
        "[b'', {'k': v}]", "b''", "{'k': v}", "'k'", "v", "-z[0]", "z[0]", "z", "0",
    ]  # fmt: skip


def test_an_operator_includes_its_operands_parentheses() -> None:
    """What an operator joins begins and ends with the brackets around its operands."""
    text = " (a + b) * (c) "
    times = parse(text)

    assert text[times.start : times.end] == "(a + b) * (c)"
    assert [text[part.start : part.end] for part in children(times)] == ["a + b", "c"]


def test_ids_are_unique() -> None:
    """No two nodes of a tree share an id."""
    ids = [node.id for node in walk(parse("a.all(x, x.b + 1 > [1, 2][0] && has(x.c))"))]

    assert len(ids) == len(set(ids))


# ----- what is wrong


@pytest.mark.parametrize(
    ("text", "slug", "offset", "hint"),
    [
        pytest.param("", "empty-expression", 0, "", id="nothing"),
        pytest.param(" // only this", "empty-expression", 0, "", id="only a comment"),
        pytest.param("f(a, g(b)", "unclosed-bracket", 1, ")", id="a parenthesis without its end"),
        pytest.param("a && (", "unclosed-bracket", 5, ")", id="a parenthesis at the end"),
        pytest.param("[a, b", "unclosed-bracket", 0, "]", id="a list without its end"),
        pytest.param("{'a': b", "unclosed-bracket", 0, "}", id="a map without its end"),
        pytest.param("(a]", "unclosed-bracket", 0, ")", id="another bracket's end"),
        pytest.param("a)", "unexpected", 1, "remove", id="an end without its beginning"),
        pytest.param("a &&", "ends-early", 4, "", id="a missing operand"),
        pytest.param("a.", "ends-early", 2, "", id="a missing field"),
        pytest.param("a ? b", "ends-early", 5, "", id="a missing other case"),
        pytest.param("f(a,)", "unexpected", 4, "", id="a comma after the last argument"),
        pytest.param("a b", "unexpected", 2, "operator", id="a missing operator"),
        pytest.param("f(a b)", "unexpected", 4, "operator", id="a missing comma"),
        pytest.param("{a}", "unexpected", 2, "", id="a missing value of a key"),
        pytest.param("24 hours", "unexpected", 3, "span('24 hours')", id="a length of time"),
        pytest.param("1 hour", "unexpected", 2, "span('1 hours')", id="one unit of time"),
        pytest.param("a ? b ? c : d : e", "unexpected", 6, "parentheses", id="a choice in a choice"),
        pytest.param("a contains 'b'", "unexpected", 2, ".contains(", id="a method as an operator"),
        pytest.param("a and b", "word-operator", 2, "&&", id="and"),
        pytest.param("a OR b", "word-operator", 2, "||", id="or, in capitals"),
        pytest.param("a is b", "word-operator", 2, "==", id="is"),
        pytest.param("not a", "word-operator", 0, "!", id="not"),
        pytest.param("a `in` b", "unexpected", 2, "operator", id="a quoted name is no operator"),
        pytest.param("a not in b", "unexpected", 2, "!(x in xs)", id="not in"),
        pytest.param("a = b", "wrong-sign", 2, "==", id="a single equals sign"),
        pytest.param("if a", "reserved-word", 0, "? value : other", id="if"),
        pytest.param("let + 1", "reserved-word", 0, "another name", id="a reserved word as a name"),
        pytest.param("a.in", "reserved-word", 2, "['in']", id="a keyword as a field"),
        pytest.param("9223372036854775808", "number-too-large", 0, "1e20", id="an int too large"),
        pytest.param("-9223372036854775809", "number-too-large", 0, "1e20", id="an int too small"),
        pytest.param("1 + 99999999999999999999u", "number-too-large", 4, "unsigned", id="a uint"),
        pytest.param("1e400", "number-too-large", 0, "1.8e308", id="a double too large"),
        pytest.param("9" * 5_000, "number-too-large", 0, "1e20", id="more digits than Python takes"),
        pytest.param("1e999999999 %", "number-too-large", 0, "12.5 %", id="a ratio of any size"),
        pytest.param("has(a)", "bad-has", 4, "has(record.field)", id="has of a name"),
        pytest.param("has(has(a.b))", "bad-has", 4, "has(record.field)", id="has of has"),
        pytest.param("a.all(1, b)", "bad-variable", 6, "all(x, ...)", id="a number as a variable"),
        pytest.param("a.all(.x, b)", "bad-variable", 6, "all(x, ...)", id="an absolute variable"),
        pytest.param("a.all(x.y, b)", "bad-variable", 6, "all(x, ...)", id="a field as a variable"),
    ],
)  # fmt: skip
def test_what_is_wrong(text: str, slug: str, offset: int, hint: str) -> None:
    """The first error names its kind, its place and what to write instead."""
    error = errors(text)[0]

    assert (error.slug, error.offset) == (slug, offset)
    assert hint in (error.hint or "")
    assert "\n" not in error.message


def test_several_errors_are_told_at_once() -> None:
    """Words and signs that are clearly meant as operators do not hide the errors behind them."""
    found = errors("a = b and c == 24h or (d")

    assert [(error.slug, error.offset) for error in found] == [
        ("wrong-sign", 2),
        ("word-operator", 6),
        ("bad-number", 15),
        ("word-operator", 19),
        ("unclosed-bracket", 22),
    ]


def test_nothing_is_blamed_behind_a_broken_place() -> None:
    """An unclosed text is one error, not also an unclosed bracket around it."""
    assert [error.slug for error in errors("f(a, 'b)")] == ["unclosed-text"]


# ----- limits


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda n: "(" * n + "a" + ")" * n, id="parentheses"),
        pytest.param(lambda n: "[" * n + "a" + "]" * n, id="lists"),
        pytest.param(lambda n: "{1:" * n + "a" + "}" * n, id="maps"),
        pytest.param(lambda n: "f(" * n + "a" + ")" * n, id="calls"),
        pytest.param(lambda n: "a.f(" * n + "a" + ")" * n, id="methods"),
        pytest.param(lambda n: "a[" * n + "a" + "]" * n, id="indices"),
        pytest.param(lambda n: "!" * n + "a", id="negations"),
        pytest.param(lambda n: "a" + ".b" * n, id="selections"),
        pytest.param(lambda n: "a" + ".?b" * n, id="optional selections"),
        pytest.param(lambda n: "a[?" * n + "a" + "]" * n, id="optional indices"),
        pytest.param(lambda n: "[?" * n + "a" + "]" * n, id="lists with optionals"),
        pytest.param(lambda n: "{?1:" * n + "a" + "}" * n, id="maps with optionals"),
        pytest.param(lambda n: "a ? b : " * n + "c", id="choices"),
        pytest.param(lambda n: "a" + " - b" * n, id="subtractions"),
    ],
)
def test_nesting_has_a_limit(build: Callable[[int], str]) -> None:
    """64 levels below the root are an expression, 65 an error."""
    parse(build(64))

    assert [error.slug for error in errors(build(65))] == ["too-deep"]


def test_blocks_inside_each_other_have_a_limit() -> None:
    """The list of the slots is a level of its own."""
    parse("cel.block([a], " * 63 + "a" + ")" * 63)
    parse("cel.block([" * 32 + "a" + "], a)" * 32)

    too_many = ["cel.block([a], " * 64 + "a" + ")" * 64, "cel.block([" * 33 + "a" + "], a)" * 33]
    assert [[error.slug for error in errors(text)] for text in too_many] == [["too-deep"]] * 2


def test_size_has_a_limit() -> None:
    """4,000 nodes are an expression, one more is an error, in the slots of a block, too."""
    parse(" + ".join(["a"] * 3_999))
    slots = ", ".join(["cel.index(0)"] * 4_000)
    assert [error.slug for error in errors(f"cel.block([{slots}], a)")] == ["too-large"]

    assert [error.slug for error in errors(" + ".join(["a"] * 4_000))] == ["too-large"]


def test_macros_inside_each_other_have_a_limit() -> None:
    """12 loops inside each other are an expression, 13 an error; a chain of macros is no nesting."""
    parse("a.all(x, " * 12 + "b" + ")" * 12)
    parse("a" + ".filter(x, x)" * 40)

    assert [error.slug for error in errors("a.all(x, " * 13 + "b" + ")" * 13)] == ["too-many-loops"]


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda n: "a.all(i, x, " * n + "b" + ")" * n, id="two names"),
        pytest.param(lambda n: "a.transformMap(i, x, " * n + "b" + ")" * n, id="transformMap"),
        pytest.param(lambda n: "a.optMap(x, " * n + "b" + ")" * n, id="optMap"),
        pytest.param(lambda n: "cel.bind(x, a, " * n + "b" + ")" * n, id="bind"),
    ],
)
def test_all_that_binds_names_counts_as_a_macro(build: Callable[[int], str]) -> None:
    """12 inside each other are an expression, 13 an error."""
    parse(build(12))

    assert [error.slug for error in errors(build(13))] == ["too-many-loops"]


def test_limits_do_not_depend_on_the_caller() -> None:
    """The deepest lawful expression parses with 400 frames left, and costs nothing of Python's limit."""
    deepest = "a.f(" * 64 + "a" + ")" * 64

    def dive(levels: int) -> Expr:
        return parse(deepest) if levels == 0 else dive(levels - 1)

    depth, frame = 0, sys._getframe()  # noqa: SLF001 (how deep the test itself stands)
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back

    assert isinstance(dive(sys.getrecursionlimit() - depth - 400), Call)


# ----- any text


CEL_NAMES = {"@index0": "cel.index(0)", "@it:0:0": "cel.iterVar(0, 0)"}


def unparse(node: Expr) -> str:
    """Write a tree as an expression, with a pair of brackets around every part."""
    parts = [f"({unparse(part)})" for part in children(node)]
    match node:
        case Literal():
            return _literal(node.value)
        case Ident():
            return CEL_NAMES.get(node.name, outline(node))
        case Select():
            selected = f"{parts[0]}.`{node.field}`"
            return f"has({selected})" if node.test else selected
        case Call():
            return _call(node, parts)
        case ListExpr():
            return f"[{', '.join(marked(node, parts))}]"
        case MapExpr():
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return f"{{{', '.join(marked(node, [f'{key}: {value}' for key, value in pairs]))}}}"
        case StructExpr():
            named = zip((name for name, _ in node.entries), parts, strict=True)
            return f"{node.type_name}{{{', '.join(f'`{name}`: {value}' for name, value in named)}}}"
        case Block():
            return f"cel.block([{', '.join(parts[:-1])}], {parts[-1]})"
        case Comprehension(macro="bind"):
            return f"cel.bind({', '.join((*node.variables, *parts))})"
        case Comprehension():
            return f"{parts[0]}.{node.macro}({', '.join((*node.variables, *parts[1:]))})"
        case _:
            raise TypeError(node)


def _call(node: Call, parts: list[str]) -> str:
    if node.target is not None:
        return f"{parts[0]}.{node.function}({', '.join(parts[1:])})"
    match node.function:
        case "_?_:_":
            return f"{parts[0]} ? {parts[1]} : {parts[2]}"
        case "_[_]" | "_[?_]":
            return f"{parts[0]}[{node.function[2:-2]}{parts[1]}]"
        case "_?._":
            name = node.args[1]
            assert isinstance(name, Literal)
            return f"{parts[0]}.?`{name.value}`"
        case "!_" | "-_":
            return f"{node.function[0]}{parts[0]}"
        case "@in":
            return " in ".join(parts)
        case operator if operator.startswith("_"):
            return operator.strip("_").join(parts)
        case function:
            return f"{function}({', '.join(parts)})"


def _literal(value: Value) -> str:
    match value:
        case Uint():
            return f"{int(value)}u"
        case str():
            return "'" + "".join(f"\\U{ord(character):08x}" for character in value) + "'"
        case bytes():
            return "b'" + "".join(f"\\x{octet:02x}" for octet in value) + "'"
        case Fraction():
            return f"{Decimal(value.numerator) / value.denominator * 100:f} %"
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case _:
            return repr(value)


def attempt(text: str) -> Expr | CelSyntaxErrors:
    """Parse a text; nothing but the syntax error may come of a bad one."""
    try:
        return parse(text)
    except CelSyntaxErrors as found:
        return found


def checked(text: str) -> None:
    """Parse *text*: it is a tree that survives being written and read, or a proper error."""
    root = attempt(text)
    if isinstance(root, CelSyntaxErrors):
        assert root.errors
        assert all(0 <= error.offset <= len(text) for error in root.errors)
        assert all(error.offset < error.end for error in root.errors)
        return
    names = {
        part.args[1] for part in walk(root) if isinstance(part, Call) and part.function == "_?._"
    }
    for node in walk(root):
        if node in names:
            continue  # a field's name stands there without quotes
        assert 0 <= node.start < node.end <= len(text)
        assert all(node.start <= part.start and part.end <= node.end for part in children(node))
        assert tree(text[node.start : node.end]) == outline(node)
    assert tree(unparse(root)) == outline(root)


WORDS = (
    "a", "b.c", ".d", "x", "true", "null", "in", "1", "-2", "3.5", "4u", "12.5 %", "'s'", "b'\\xff'",
    "r'\\'", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", "&&", "||", "!", "?", ":", ".", ",", "(",
    ")", "[", "]", "{", "}", "f(", ".g(", ".all(x,", ".map(x,", "has(", ".`q-r`", "T{", "'", "\\",
    "and", "not", "=", "for", "//", "\n", ".?b", "[?", "{?", ".all(x, y,", ".optMap(x,", "cel.bind(x,",
    "cel.block([", "cel.index(0)", "cel.iterVar(0, 0)",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_any_words_are_a_tree_or_an_error(text: str) -> None:
    """Words of the language in any order raise nothing but the syntax error."""
    checked(text)


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    """Any text raises nothing but the syntax error."""
    checked(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_tree_or_an_error(data: bytes) -> None:
    """Bytes read as a text, in one way or another, raise nothing but the syntax error."""
    checked(data.decode("latin-1"))
    checked(data.decode("utf-8", "surrogateescape"))


def _joined(parts: tuple[str, str, str]) -> str:
    left, operator, right = parts
    return f"{left} {operator} {right}"


EXPRESSIONS = st.recursive(
    st.sampled_from(
        ("a", "b.c", ".d", "1", "-2", "3.5", "4u", "'s'", "b'x'", "true", "null", "7 %")
    ),
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(("+", "-", "*", "/", "==", "<", "in", "&&", "||")), inner
        ).map(_joined),
        inner.map("({})".format),
        inner.map("!{}".format),
        inner.map("-{}".format),
        inner.map("({}).f".format),
        st.tuples(inner, inner).map(lambda parts: "[{}, {}]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{{{}: {}}}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "f({}, {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "({})[{}]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "[{}].all(x, {})".format(*parts)),
        inner.map("({}).?f".format),
        st.tuples(inner, inner).map(lambda parts: "[?{}, {}]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{{?{}: {}}}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "({})[?{}]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "({}).exists(i, x, {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "({}).optMap(x, {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "cel.bind(x, {}, {})".format(*parts)),
        st.tuples(inner, inner).map(
            lambda parts: "cel.block([{}, cel.index(0)], {})".format(*parts)
        ),
        st.tuples(inner, inner, inner).map(lambda parts: "({}) ? ({}) : {}".format(*parts)),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_an_expression_survives_being_written_and_read(text: str) -> None:
    """Lawful expressions parse, and mean the same with every bracket spelt out."""
    parse(text)
    checked(text)
