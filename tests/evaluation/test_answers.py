"""Which answers a condition is told to have: no facts lead to another one, whatever stands in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    BOOL,
    INT,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    ScalarType,
    nullable,
)
from auditor.language.answers import Answers
from auditor.language.cel.ast import walk
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.values import Record, Value
from auditor.usecases.read_policies import functions

if TYPE_CHECKING:
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Expr

ENUM: Final = ScalarType("string", enum=("x", "y"))
PART: Final = ObjectType("parts", {"open": Field(BOOL), "size": Field(nullable(INT))})
FIELDS: Final = {
    **dict.fromkeys("ab", Field(BOOL)),
    "n": Field(INT),
    "m": Field(nullable(INT)),
    "e": Field(ENUM),
    "f": Field(nullable(ENUM)),
    "t": Field(nullable(TIMESTAMP)),
    "u": Field(TIMESTAMP),
    "parts": Field(ListType(PART)),
}
THING: Final = ObjectType("thing", FIELDS)
FUNCTIONS: Final = functions()

parts = st.fixed_dictionaries(
    {}, optional={"open": st.booleans(), "size": st.none() | st.integers(0, 2)}
)
things = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys("ab", st.booleans()),
        "n": st.integers(-1, 1),
        "m": st.none() | st.integers(-1, 1),
        "e": st.sampled_from("xy"),
        "f": st.sampled_from([None, "x", "y"]),
        "t": st.none() | st.just(dt.datetime(2026, 3, 1, tzinfo=dt.UTC)),
        "u": st.just(dt.datetime(2026, 3, 1, tzinfo=dt.UTC)),
        "parts": st.lists(parts, max_size=2),
    },
)
atoms = st.sampled_from(
    (
        "true", "false", "undecided('who knows')", "r.a", "r.b", "has(r.n)", "has(r.m)", "r.n == null", "r.m == null",
        "r.m != null", "r.n != null", "r.n == 0", "r.n < r.n + 1", "r.n != r.n", "r.e in ['x', 'y']", "r.e in ['x']",
        "r.f in ['x', 'y']", "r.e == 'x'", "r.t == null", "r.t.by(r.u)", "r.u.before(r.u)", "1 < 2", "size(r.parts) >= 0", "sure",
        "size(r.parts) < 0", "!has(r.t)",
    )
)  # fmt: skip
within = st.sampled_from(
    (
        "p.open",
        "true",
        "false",
        "undecided('who knows')",
        "p.size == null",
        "has(p.open)",
        "p.open || undecided('x')",
    )
)
macros = st.builds(
    "r.parts.{}(p, {})".format, st.sampled_from(["all", "exists", "exists_one"]), within
)
expressions = st.recursive(
    atoms | macros,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("cel.bind(sure, {}, sure && {})".format, inner, inner),
    ),
    max_leaves=6,
)


class Watching(Evaluator):
    """Keeps what each node comes to."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.seen: list[tuple[Expr, Value]] = []

    def eval(self, node: Expr, local: Locals) -> Value:
        """Evaluate *node*."""
        value = super().eval(node, local)
        self.seen.append((node, plain(value)))
        return value


@settings(max_examples=400)
@given(expressions, things)
def test_no_facts_lead_to_another_answer(text: str, thing: dict[str, Any]) -> None:
    """Each truth that a part of an expression comes to is one of those that it was told to have."""
    sure = frozenset({True})
    checked = check(
        parse(text), variables={"r": THING, "sure": BOOL}, functions=FUNCTIONS, text=text
    )
    evaluator = Watching(FUNCTIONS, Lift(Gaps({})))
    answers = Answers(checked, FUNCTIONS, {"sure": sure})

    evaluator.evaluate(checked, {"r": Record(thing, THING, ""), "sure": True})

    nodes = {id(node) for node in walk(checked.expr)}
    for node, value in evaluator.seen:
        if isinstance(value, bool) and id(node) in nodes:
            assert value in answers.of(node), text[node.start : node.end]
