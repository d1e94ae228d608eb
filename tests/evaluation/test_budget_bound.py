"""
No evaluation takes more steps than the bound that was derived without evaluating anything.

Random expressions of every kind over random facts, and every packaged policy over the demonstration and over
the snapshots of all cases.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from auditor.evaluation import judge as judge_module
from auditor.evaluation.exact import STEP_BUDGET, BudgetExceeded, Evaluator
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.evaluation.policy_judge import PolicyJudge
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    BOOL,
    DATE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    MapType,
    ObjectType,
    Type,
    nullable,
)
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.parser import parse
from auditor.language.cost.bounds import Bound, policy_cost
from auditor.language.cost.expressions import Estimator
from auditor.language.cost.forms import Moment, declared
from auditor.language.cost.sizes import CloseSizes
from auditor.language.values import Record, Timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cost.bounds import PolicyCost
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions
    from auditor.language.values import Value
    from auditor.model.verdict import Verdict

PART = ObjectType(
    "tasks.parts",
    {"id": Field(STRING, required=True), "of": Field(nullable(STRING)), "done": Field(BOOL)},
)
TASK = ObjectType(
    "tasks",
    {
        "id": Field(STRING, required=True),
        "owner": Field(nullable(STRING)),
        "points": Field(nullable(INT)),
        "at": Field(TIMESTAMP, required=True),
        "on": Field(nullable(DATE)),
        "tags": Field(ListType(STRING)),
        "parts": Field(ListType(PART)),
        "labels": Field(MapType(STRING, STRING)),
        "ext": Field(DYN),
    },
)
WORLD = ObjectType(
    "world",
    {
        "tasks": Field(ListType(TASK)),
        "people": Field(ListType(STRING)),
        "flag": Field(nullable(BOOL)),
        "name": Field(STRING, required=True),
    },
)
AS_OF = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
CALENDAR = WorkingCalendar.from_snapshot(
    {"snapshot": {"time_zone": "Europe/Berlin", "calendar": {"holidays": []}}}
)


# ----- random facts


def texts(chance: random.Random) -> str:
    """Return an id of few, or a text that may be long."""
    return chance.choice(["a", "b", "c", "d", "e f", "x" * chance.choice([1, 30, 2_500])])


def dyn_data(chance: random.Random, depth: int = 0) -> Any:
    """Return data without declared fields."""
    kind = chance.choice(["leaf", "leaf", "list", "map"]) if depth < 3 else "leaf"
    if kind == "list":
        return [dyn_data(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == "map":
        names = chance.sample(["p", "q", "r"], chance.randrange(4))
        return {name: dyn_data(chance, depth + 1) for name in names}
    return chance.choice([1, True, None, texts(chance)])


def task(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a task; some of its fields are null, some are not there."""
    whole = {
        "id": f"t{number}",
        "owner": chance.choice([None, "a", "b", "c"]),
        "points": chance.choice([None, 0, 1, 5]),
        "at": AS_OF - dt.timedelta(hours=chance.randrange(2_000)),
        "on": chance.choice([None, dt.date(2026, 3, chance.randrange(1, 28))]),
        "tags": [texts(chance) for _ in range(chance.randrange(4))],
        "parts": [
            {"id": f"p{n}", "of": chance.choice([None, "a", "b"]), "done": n % 2 == 0}
            for n in range(chance.choice([0, 1, 3, 40]))
        ],
        "labels": {name: texts(chance) for name in chance.sample(["k", "l", "m"], 2)},
        "ext": dyn_data(chance),
    }
    open_ones = ["owner", "points", "tags", "labels", "ext"]
    left_out = {name for name in open_ones if chance.random() < 0.03}
    return {name: value for name, value in whole.items() if name not in left_out}


def world(chance: random.Random) -> dict[str, Any]:
    """Return facts; half of the time with more tasks than an index looks through."""
    count = chance.choice([0, 1, 4, 40, 60])
    return {
        "tasks": [task(chance, number) for number in range(count)],
        "people": [texts(chance) for _ in range(chance.randrange(5))],
        "flag": chance.choice([True, False, None]),
        "name": texts(chance),
    }


# ----- random expressions, by type


class Writer:
    """Writes expressions; `task` and `part` name variables that stand for one."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._used = 0

    def any(self, depth: int) -> str:
        """Write an expression of any type."""
        kinds = [self.truth, self.number, self.text, self.tasks, self.strings, self.data]
        return self._chance.choice(kinds)(depth, [])

    def _name(self) -> str:
        self._used += 1
        return f"v{self._used}"

    def _of(self, forms: list[str], depth: int, tasks: list[str]) -> str:
        """
        Fill in one of the forms.

        ``#`` is a new name. After ``@`` stands what is written there: T truth, N number, S text, X tasks,
        L texts, D data, P parts; a small letter where the new name stands for a task.
        """
        fill = {
            "T": self.truth, "N": self.number, "S": self.text, "X": self.tasks, "L": self.strings,
            "D": self.data, "P": self.parts,
        }  # fmt: skip
        name = self._name()

        def written(mark: re.Match[str]) -> str:
            kind = mark[0][1]
            return fill[kind.upper()](depth - 1, [*tasks, name] if kind.islower() else tasks)

        form = self._chance.choice(forms).replace("#", name)
        return re.sub("@[TNSXLDPtnsxldp]", written, form)

    def truth(self, depth: int, tasks: list[str]) -> str:
        """Write a truth."""
        simple = ["true", "1 < 2", "flag == true", "name == 'a'", "as_of < as_of"]
        simple += [f"{one}.owner == 'a'" for one in tasks]
        simple += [f"{one}.points != null && {one}.points > 1" for one in tasks]
        if depth <= 0:
            return self._chance.choice(simple)
        here = [
            "@T && @T",
            "@T || @T || @T",
            "!(@T)",
            "@S == @S",
            "@L == @L",
            "@X == @X",
            "@D == @D",
        ]
        here += ["@S in @L", "@D in [@D, @D]", "@N < @N", "@S.startsWith(@S)", "(@S).matches('a+')"]
        here += ["@X.exists(#, @t)", "@X.all(#, @t)", "@X.exists_one(#, @t)", "given(@S)"]
        here += ["@X.exists(#, #.owner == @S && @T)", "@P.exists(#, #.of == 'a' && #.done)"]
        here += ["@X.all(w#, #, @t)", "sets.contains(@L, @L)", "sets.intersects(@L, [@S])"]
        here += ["@X.sumReaches(#, 1, @N)", "(@T) ? (@T) : (@T)", "cel.bind(#, @T, # || @T)"]
        return f"({self._of(here, depth, tasks)})"

    def number(self, depth: int, tasks: list[str]) -> str:
        """Write a whole number."""
        if depth <= 0:
            return self._chance.choice(["1", "3", "7"])
        here = ["size(@X)", "size(@L)", "size(@S)", "@X.count(#, @t)", "@X.sum(#, @n)", "@N + @N"]
        here += ["@L.map(#, size(#)).sum(z, z)", "math.greatest(@N, @N)", "@P.count(#, #.of == @S)"]
        here += ["@X.count(#, #.owner == @S && @T)"]
        return f"({self._of(here, depth, tasks)})"

    def text(self, depth: int, tasks: list[str]) -> str:
        """Write a text."""
        if depth <= 0:
            return self._chance.choice(["name", "'a'", "'b c'", *[f"{one}.id" for one in tasks]])
        here = [
            "@S + @S",
            "@S + @S + @S",
            "@S.replace(@S, @S)",
            "@L.join(@S)",
            "string(@N)",
            "(@S).trim()",
        ]
        here += [
            "'%s-%s'.format([@S, @D])",
            "strings.quote(@S)",
            "@S.upperAscii()",
            "(@T) ? (@S) : (@S)",
        ]
        here += ["regex.replace(@S, 'a', 'bb')", "regex.extract(@S, 'a.').orValue(@S)"]
        return f"({self._of(here, depth, tasks)})"

    def tasks(self, depth: int, tasks: list[str]) -> str:
        """Write a list of tasks."""
        if depth <= 0:
            return "tasks"
        here = ["@X.filter(#, @t)", "@X.filter(#, #.owner == @S)", "@X.filter(#, @t && #.id == @S)"]
        here += ["@X.sortBy(#, #.at)", "@X.reverse()", "@X + @X", "(@T) ? (@X) : (@X)"]
        here += ["[@X, @X].flatten()", "@X.groupBy(#, #.id).map(g, g.items).flatten()"]
        here += ["@X.windows(2).map(w, w[0])", "@X.distinct()", "@X.map(#, @t, #)"]
        here += [
            "@X.groupBy(#, #.id).map(g, g.items.filter(x, x.owner == @S)).flatten()",
            "cel.bind(#, @X, # + #)",
        ]
        return f"({self._of(here, depth, tasks)})"

    def parts(self, depth: int, tasks: list[str]) -> str:
        """Write a list of parts."""
        if tasks and self._chance.random() < 0.7:
            return f"{self._chance.choice(tasks)}.parts"
        return f"{self.tasks(depth, tasks)}.map(z, z.parts).flatten()"

    def strings(self, depth: int, tasks: list[str]) -> str:
        """Write a list of texts."""
        if depth <= 0:
            return self._chance.choice(["people", "['a', 'b']", *[f"{one}.tags" for one in tasks]])
        here = ["@X.map(#, @s)", "@X.map(#, #.tags).flatten()", "(@S).split(' ')", "@L + @L"]
        here += [
            "@L.filter(#, # != @S)",
            "@L.distinct()",
            "@L.sort()",
            "regex.extractAll(@S, 'a|b')",
        ]
        here += ["@X.reachable(#, #.id, #.tags, @S)", "@X.cycles(#, #.id, #.tags).flatten()"]
        here += ["@X.weekly(#, #.at, @s).filter(w, w.value != 'q').map(w, w.id)", "[@S, @S]"]
        here += ["@X.daily(#, #.at, #.id).map(w, w.value)", "weeks(as_of, as_of).map(w, w.id)"]
        here += ["@X.map(#, days(#.at, as_of).map(d, d.id)).flatten()"]
        here += ["@X.map(#, months(#.at.minus(span('9 days')), as_of).map(d, d.id)).flatten()"]
        here += ["weeks(@X[0].at, as_of).map(w, workingDays(w.starts_at, w.ends_at)[0].id)"]
        return f"({self._of(here, depth, tasks)})"

    def data(self, depth: int, tasks: list[str]) -> str:
        """Write something without a declared type, or a map."""
        if depth <= 0:
            return self._chance.choice(["dyn(1)", *[f"dyn({one}.ext)" for one in tasks]])
        here = ["dyn(@S)", "dyn(@L)", "dyn(@X)", "dyn({'k': @S, 'l': @L})", "dyn([@D, @D])"]
        here += ["dyn({'k': @D}.k)", "dyn(@X.map(#, dyn(#.ext)))", "dyn(@X.map(#, dyn(#.labels)))"]
        here += ["dyn(@X.transformMap(w#, #, #.id))", "dyn({'k': @D}.?k.orValue(dyn(1)))"]
        here += ["dyn(@X.latest(#, #.at))", "dyn([[@D]].flatten())", "dyn(optional.of(@D).value())"]
        here += ["dyn([@D].filter(y, y == @D))", "dyn(cel.block([@L, @L], cel.index(0)))"]
        return f"({self._of(here, depth, tasks)})"


# ----- the comparison


def root_types() -> dict[str, Type]:
    """Return the types of the variables of the small world."""
    return {**{name: field.type for name, field in WORLD.fields.items()}, "as_of": TIMESTAMP}


def checked_or_none(text: str, functions: Functions) -> CheckedExpr | None:
    """Check an expression; None where it is none."""
    try:
        return check(parse(text), variables=root_types(), functions=functions, text=text)
    except CheckErrors:
        return None


def taken(
    checked: CheckedExpr, document: dict[str, Any], functions: Functions
) -> tuple[int, Value | None]:
    """Return the steps that the exact evaluator takes, and the value; None where it gives up."""
    root = Record(document, WORLD, "")
    lift = Lift(Gaps({}), CALENDAR)
    context = JudgedContext(CALENDAR, Timestamp.of(AS_OF), root)
    evaluator = Evaluator(functions, lift, context)
    variables = {name: lift.field(root, name) for name in WORLD.fields}
    try:
        value = evaluator.evaluate(checked, {**variables, "as_of": context.as_of})[0]
    except BudgetExceeded:
        return STEP_BUDGET, None
    return STEP_BUDGET - evaluator._left, value  # noqa: SLF001 - what is left is nobody else's business


@pytest.fixture(scope="module")
def estimate(functions: Functions) -> Any:
    """Return a function that bounds the steps of an expression over a document."""
    names = {name: declared(found, name) for name, found in root_types().items()}
    names["as_of"] = (Moment(0),)

    def bound(checked: CheckedExpr, document: dict[str, Any]) -> int:
        growth = Estimator(functions, names).estimate(checked)[0]
        return Bound(growth).steps(CloseSizes(document, [AS_OF]))

    return bound


@pytest.mark.parametrize("seed", range(12))
def test_random_expressions_never_take_more(seed: int, functions: Functions, estimate: Any) -> None:
    """Whatever they are made of, and whatever stands in the facts."""
    chance = random.Random(seed)  # noqa: S311 - the same numbers every time
    compared = 0
    while compared < 60:
        text = Writer(chance).any(chance.randrange(1, 4))
        checked = checked_or_none(text, functions)
        if checked is None:
            continue
        compared += 1
        document = world(chance)
        steps, _ = taken(checked, document, functions)

        assert steps <= estimate(checked, document), text


@pytest.mark.parametrize(
    ("expression", "facts"),
    [
        pytest.param("size(tasks.groupBy(t, t.id)) > 0", 60, id="groups, all with a key"),
        pytest.param("size(tasks.groupBy(t, t.owner == null ? '' : t.owner)) > 0", 60, id="groups"),
        pytest.param("tasks.all(t, tasks.all(u, u.id != t.id || u == t))", 40, id="records"),
        pytest.param("tasks.all(t, tasks.exists(u, u.owner == t.owner))", 60, id="an index by null, too"),
        pytest.param("tasks == tasks.reverse()", 60, id="lists of records"),
        pytest.param("tasks.map(t, t.ext).distinct() == []", 60, id="data without fields"),
    ],
)  # fmt: skip
def test_what_costs_most_is_within_the_bound(
    expression: str, facts: int, functions: Functions, estimate: Any
) -> None:
    """Written so that little of it can be skipped."""
    checked = check(parse(expression), variables=root_types(), functions=functions, text=expression)
    chance = random.Random(1)  # noqa: S311 - as above
    document = world(chance) | {"tasks": [task(chance, number) for number in range(facts)]}

    assert 0 < taken(checked, document, functions)[0] <= estimate(checked, document)


# ----- the packaged policies


ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = (
    *("check", "fixtures/portfolio", "--format", "json", "--fail-on", "never"),
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)


class Measured(PolicyJudge):
    """Judges as ever, and compares what it took with the bound."""

    made: ClassVar[list[Evaluator]] = []
    too_low: ClassVar[list[tuple[str, int, int]]] = []
    compared: ClassVar[Counter[str]] = Counter()
    costs: ClassVar[dict[Any, PolicyCost]] = {}

    def _evaluator(self) -> Evaluator:
        self.made.append(super()._evaluator())
        return self.made[-1]

    def judge(
        self, policy: CompiledPolicy, variables: Mapping[str, Value]
    ) -> tuple[list[Verdict], int]:
        """Judge, and compare: the first evaluator finds the subjects, each other one judges one of them."""
        self.made.clear()
        verdicts = super().judge(policy, variables)
        period = variables["period"].data
        sizes = CloseSizes(
            {**self.context.root.data, "attestation": list(self.vouching.attestations.shown)},
            [self.context.as_of.to_datetime(), period["starts_at"], period["ends_at"]],
        )
        known = policy.summary.id, policy.params
        if known not in self.costs:
            self.costs[known] = policy_cost(policy, self.context.root.type, self.functions)
        cost = self.costs[known]
        limits = [cost.finding(sizes), *[cost.subject(sizes)] * (len(self.made) - 1)]
        for evaluator, limit in zip(self.made, limits, strict=True):
            steps = STEP_BUDGET - evaluator._left  # noqa: SLF001 - as above
            self.compared[policy.summary.id] += 1
            if steps > limit:
                self.too_low.append((policy.summary.id, steps, limit))
        return verdicts


@pytest.mark.parametrize(
    "arguments", [DEMONSTRATION, ("policy", "test", "--jobs", "1")], ids=["demo", "cases"]
)
def test_the_packaged_policies_never_take_more(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the demonstration portfolio, and in every case of every policy."""
    from auditor.cli.main import run  # noqa: PLC0415 - only here

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(judge_module, "PolicyJudge", Measured)
    Measured.too_low.clear()
    Measured.compared.clear()
    Measured.costs.clear()

    run(list(arguments))

    assert len(Measured.compared) >= len(list((ROOT / "policies").glob("*/*.cases.yaml")))
    assert Measured.too_low == []
