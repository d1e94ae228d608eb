"""What a policy can cost at most, worked out by hand from the table in docs/cost.md."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.types import (
    BOOL,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    MapType,
    ObjectType,
    ScalarType,
    nullable,
)
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.cost.bounds import Bound, PolicyCost, policy_cost
from auditor.language.cost.expressions import Estimator
from auditor.language.cost.forms import Moment, declared
from auditor.language.cost.growth import NOTHING, Growth, number, quantity, total
from auditor.language.cost.sizes import CloseSizes, SnapshotSizes
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions

if TYPE_CHECKING:
    from collections.abc import Mapping

PART = ObjectType("tasks.parts", {"done": Field(BOOL), "of": Field(STRING)})
TASK = ObjectType(
    "tasks",
    {
        "id": Field(STRING, required=True),
        "kind": Field(ScalarType("string", enum=("bug", "story"))),
        "points": Field(nullable(INT)),
        "at": Field(TIMESTAMP, required=True),
        "parts": Field(ListType(PART)),
        "labels": Field(MapType(STRING, STRING)),
        "ext": Field(DYN),
    },
)
ROOT = ObjectType(
    "world",
    {"tasks": Field(ListType(TASK)), "name": Field(STRING), "grid": Field(ListType(ListType(INT)))},
)


@dataclass(frozen=True)
class Given:
    """Sizes that a test says."""

    lists: Mapping[str, int]
    buckets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    longest: int = 0
    days: int = 0

    def members(self, path: str) -> int:
        """Return what was said of a list."""
        return self.lists[path]

    def bucket(self, path: str, field: str) -> int:
        """Return what was said of a field."""
        return self.buckets[path, field]

    def text(self) -> int:
        """Return what was said of texts."""
        return self.longest

    def calendar(self) -> int:
        """Return what was said of the calendar."""
        return self.days


def bound(text: str) -> Bound:
    """Return the bound of one expression over the small world."""
    types = {**{name: found.type for name, found in ROOT.fields.items()}, "as_of": TIMESTAMP}
    checked = check(parse(text), variables=types, functions=functions(), text=text)
    names = {name: declared(found, name) for name, found in types.items()}
    estimator = Estimator(functions(), {**names, "as_of": (Moment(0),)})
    return Bound(estimator.estimate(checked)[0])


TEN = Given({"tasks": 10, "tasks.parts": 3})


class TestExpressions:
    """One step for each part, times the members of the lists around it."""

    @pytest.mark.parametrize(
        ("text", "steps"),
        [
            # literal
            ("true", 1),
            # the operator, two parts, the comparison
            ("1 == 2", 4),
            # all operands, whatever decides: three, and the operator
            ("true && false && true", 4),
            # both branches of a condition
            ("true ? 1 : 2", 4),
            # the macro and its list; ten times a comparison of a field: operator, select, name, literal, equality
            ("tasks.all(t, t.points == 1)", 2 + 10 * 5),
            # ten times a macro with its list (a field of a name), and three times a field of a name
            ("tasks.all(t, t.parts.all(p, p.done))", 2 + 10 * (1 + 2 + 3 * 2)),
            # a function: its node and argument, its cost, and the ten members that it is given, and as many made
            ("tasks.reverse() == []", 1 + 1 + (2 + 2 + 10 + 10 * 2) + 1),
            # a list of two, and a chain of two additions of lists: 1 + 1 members, then 2 + 1
            ("[1] + [1] + [1] == []", 1 + (1 + 3 * 2 + 2 + 3) + 1 + 1),
            # windows of two: at most ten runs of two are made, at twenty steps for each member of the result
            ("size(tasks.windows(2)) == 1", 2 + 1 + (3 + 20 + 10 + 10 * 2 + 10 * 20) + 1),
            # a name that is bound is evaluated once
            ("cel.bind(x, tasks.all(t, t.points == 1), x || x)", 1 + 52 + 3),
        ],
    )
    def test_steps_are_counted_as_the_table_says(self, text: str, steps: int) -> None:
        """Ten tasks with three parts each."""
        assert bound(text).steps(TEN) == steps

    def test_a_joined_condition_counts_the_members_of_one_value(self) -> None:
        """Two hundred tasks, of which no id has more than four; what is compared with is looked up once."""
        sizes = Given({"tasks": 200}, {("tasks", "id"): 4})

        assert bound("tasks.exists(t, t.id == 'x' && t.points == 1)").steps(sizes) == (
            2 + 1 + 4 * (1 + 5 + 5)
        )

    def test_a_short_list_is_looked_through(self) -> None:
        """There is no index for up to 32 members."""
        sizes = Given({"tasks": 20}, {("tasks", "id"): 4})

        assert bound("tasks.exists(t, t.id == 'x')").steps(sizes) == 2 + 1 + 20 * 5

    def test_all_has_no_index(self) -> None:
        """A member that is left out would be a counter-example."""
        sizes = Given({"tasks": 200}, {("tasks", "id"): 4})

        assert bound("tasks.all(t, t.id == 'x')").steps(sizes) == 2 + 200 * 5

    def test_a_filter_by_a_field_lets_no_more_through_than_share_a_value(self) -> None:
        """Even where the list that it goes through is a filtered one, which has no index."""
        sizes = Given({"tasks": 200}, {("tasks", "id"): 4})
        text = "tasks.filter(t, t.points != 1).filter(t, t.id == 'x').all(t, true)"

        assert bound(text).steps(sizes) == (2 + 200 * 5) + (1 + 1 + 200 * 5) + (1 + 4 * 1)

    def test_a_long_text_costs_a_step_for_a_thousand_characters(self) -> None:
        """The shorter one of the two."""
        assert bound("name == name").steps(Given({}, longest=4_000)) == 3 + 1 + 4
        assert bound("name == 'abc'").steps(Given({}, longest=4_000)) == 3 + 1

    def test_an_enumerated_text_is_no_longer_than_its_longest_value(self) -> None:
        """So the texts of the snapshot do not matter."""
        sizes = Given({"tasks": 1}, longest=1_000_000)

        assert bound("tasks[0].kind == tasks[0].kind").steps(sizes) == 1 + 2 * 4 + 1

    def test_weeks_are_those_between_the_instants_of_the_snapshot(self) -> None:
        """Twenty days touch four weeks at most: the call, its two arguments, twenty, and twenty for each."""
        text = "weeks(tasks[0].at, as_of) == []"

        assert (
            bound(text).steps(Given({"tasks": 1}, days=20)) == 1 + (1 + 4 + 1 + 20 + 4 * 20) + 1 + 1
        )

    def test_the_days_of_one_week_are_seven(self) -> None:
        """Whatever the calendar."""
        text = "weeks(tasks[0].at, as_of).all(w, size(days(w.starts_at, w.ends_at)) == 1)"
        few, many = (bound(text).steps(Given({"tasks": 1}, days=days)) for days in (700, 1_400))

        # Another hundred weeks: each is made, and its at most seven days are made and counted.
        assert many - few == 100 * (20 + (1 + 1 + (1 + 4 + 20 + 7 * 20) + 1 + 1))

    def test_a_range_that_the_facts_set_is_without_limit(self) -> None:
        """No size of the snapshot says how large a number is."""
        assert bound("size(lists.range(size(tasks))) == 1").steps(TEN) > 10**15
        assert bound("size(lists.range(3)) == 1").steps(TEN) < 200


class TestWords:
    """What grows is told by the names of the lists."""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("1 == 2", "does not grow"),
            ("name == name", "does not grow"),
            ("tasks.all(t, t.points == 1)", "grows with tasks"),
            ("tasks.all(t, tasks.all(u, u.id != t.id))", "grows with tasks x tasks"),
            ("tasks.all(t, tasks.exists(u, u.id == t.id))", "grows with tasks of one id x tasks"),
            (
                "tasks.all(t, t.parts.all(p, p.done)) && tasks.all(t, true)",
                "grows with tasks x tasks.parts",
            ),
            ("weeks(as_of, tasks[0].at).all(w, true)", "grows with weeks of the calendar"),
            ("tasks[0].ext == tasks[0].ext", "grows with values in tasks.ext"),
            (
                "size(lists.range(size(tasks))) == 1",
                "grows with a number that nothing limits",
            ),
        ],
    )
    def test_terms_are_named_and_what_they_contain_is_not(self, text: str, words: str) -> None:
        """The longest product first."""
        assert bound(text).in_words() == words

    def test_the_largest_part_is_told_with_numbers(self) -> None:
        """With thousands apart."""
        sizes = Given({"tasks": 5_000, "tasks.parts": 2})
        text = "tasks.all(t, t.parts.all(p, p.done)) && tasks.all(t, tasks.all(u, u.id != t.id))"

        assert bound(text).mostly(sizes) == "5,000 tasks x 5,000 tasks"
        assert bound("1 == 2").mostly(sizes) is None


class TestSums:
    """Sums of products with positive factors."""

    def test_larger_of_two_is_at_least_both(self) -> None:
        """Coefficient by coefficient."""
        x, y = quantity("members", "x"), quantity("members", "y")
        either = (x * number(3) + y).either(x + number(5))

        assert either == x * number(3) + y + number(5)

    def test_too_many_products_become_one_that_is_larger(self) -> None:
        """Five hundred different products, of at most two lists."""
        lists = [quantity("members", f"l{i}") for i in range(500)]
        whole = total(one * one for one in lists)
        counted = dict.fromkeys(whole.quantities, 1)

        assert len(whole.terms) == 1
        assert whole.at(counted) >= 500

    def test_too_many_factors_are_without_limit(self) -> None:
        """No policy goes through 25 lists inside each other, and nothing is multiplied without end."""
        x = quantity("members", "x")
        power = number(1)
        for _ in range(25):
            power = power * x

        assert Bound(power).in_words() == "grows with a number that nothing limits"

    def test_nothing_is_a_sum_without_products(self) -> None:
        """Whatever it is added to stays."""
        assert NOTHING == Growth({}) == number(0)
        assert NOTHING + number(2) == number(2)


class TestSizes:
    """Counting in a snapshot."""

    @pytest.fixture(scope="class")
    @staticmethod
    def sizes() -> SnapshotSizes:
        """Return the sizes of two tasks."""
        first = {
            "id": "a",
            "parts": [{"of": "x"}, {"of": "x"}, {"of": None}, {}],
            "ext": {"k": [1, [2]]},
        }
        second = {"id": "bb", "parts": [{"of": "y"}], "labels": {"p": "long label", "q": ""}}
        document: dict[str, Any] = {"tasks": [first, second], "grid": [[1], [1, 2, 3]]}
        return SnapshotSizes(document, [dt.date(2026, 3, 1), dt.date(2026, 3, 31)])

    @pytest.mark.parametrize(
        ("path", "count"),
        [
            ("tasks", 2),
            ("tasks.parts", 4),
            ("tasks.labels", 2),
            ("grid", 2),
            ("grid.*", 3),
            ("nothing", 0),
            # the map has a key and a list, of a number and a list of a number
            ("tasks.ext.**", 5),
        ],
    )
    def test_members_of_the_longest_list(self, sizes: SnapshotSizes, path: str, count: int) -> None:
        """Of all that have the path."""
        assert sizes.members(path) == count

    def test_those_that_have_no_text_count_with_every_one(self, sizes: SnapshotSizes) -> None:
        """Two of x, one with null and one without the field."""
        assert sizes.bucket("tasks.parts", "of") == 4

    def test_texts_and_days(self, sizes: SnapshotSizes) -> None:
        """The longest text, and thirty days between the first and the last, with a day at either side."""
        assert sizes.text() == len("long label")
        assert sizes.calendar() == 30 + 3

    def test_a_closer_look_counts_the_very_text_and_the_very_fields(self) -> None:
        """One of three is a bug, a story has no kind on record; the tasks are five days apart, the rest is years away."""
        tasks = [
            {"id": "a", "kind": "bug", "at": dt.date(2026, 3, 1)},
            {"id": "b", "kind": "story", "at": dt.date(2026, 3, 6)},
            {"id": "c", "kind": "story", "at": dt.date(2026, 3, 6)},
            {"id": "d", "at": dt.date(2026, 3, 6)},
        ]
        document = {"tasks": tasks, "name": "x", "parts": [{"on": dt.date(2020, 1, 1)}]}
        close = CloseSizes(document, [dt.date(2026, 3, 6)])

        assert close.sharing("tasks", "kind", "bug") == 1 + 1
        assert close.bucket("tasks", "kind") == 2 + 1
        assert close.between(["tasks.at"]) == 5 + 3
        assert close.between([]) == 0 + 3

        weeks = bound("weeks(tasks[0].at, as_of).all(w, true)")
        assert weeks.steps(close) < weeks.steps(SnapshotSizes(document, [dt.date(2026, 3, 6)]))


# ----- policies

HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"


def cost(policy: str) -> PolicyCost:
    """Compile a policy over the small world, and bound it."""
    text = PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())
    roots = {"project": ROOT}
    plan = compile_plan([text], roots=roots, functions=functions())
    return policy_cost(plan.policies[0], ROOT, functions())


class TestPolicies:
    """One subject, and finding them."""

    def test_each_subject_counts_and_so_does_keeping_it(self) -> None:
        """Its list is a name; each of ten is kept for twenty steps and has a key of two parts."""
        found = cost(
            "for: {t: tasks}\nkey: t.id\nempty: pass\nrequire: [{that: t.points == 1, say: x}]\n"
        )

        assert found.finding(TEN) == 1 + 10 * 20 + 10 * 2
        assert found.subject(TEN) == 2 * 5
        assert found.terms == (("tasks",),)
        assert found.paths == {"tasks"}

    def test_a_name_counts_once_and_a_definition_at_every_call(self) -> None:
        """Demands count twice: a word that stands in for a missing fact asks them again."""
        look = "tasks.all(t, t.points == 1)"
        by_name = cost(f"let: {{a: '{look}'}}\nrequire: [{{that: a && a, say: x}}]\nempty: pass\n")
        by_word = cost(
            f"define: {{a(): '{look}'}}\nrequire: [{{that: a() && a(), say: x}}]\nempty: pass\n"
        )

        assert by_name.subject(TEN) == 52 + 2 * (1 + 2)
        assert by_word.subject(TEN) == 2 * (1 + 2 * (1 + 52))

    def test_a_name_for_a_list_of_the_snapshot_is_that_list(self) -> None:
        """So an index serves it, through a parameter as well."""
        found = cost(
            "define:\n  of(xs, id): xs.exists(x, x.id == id)\nlet: {every: tasks}\n"
            "require: [{that: \"of(every, 'a')\", say: x}]\nempty: pass\n"
        )

        assert found.terms == (("tasks of one id",),)

    def test_params_have_the_sizes_that_they_have(self) -> None:
        """Three texts, of which each is looked for."""
        found = cost(
            "params: {kinds: {type: list, default: [a, b, c], about: k}}\n"
            "require: [{that: 'params.kinds.all(k, k != name)', say: x}]\nempty: pass\n"
        )

        assert found.degree == 0
        assert found.subject(Given({}, longest=9)) == 2 * (1 + 2 + 3 * (3 + 1))

    def test_parts_are_told_with_their_places(self) -> None:
        """As a sentence names them."""
        found = cost(
            "for: {t: tasks}\nempty: pass\nwhen: t.points == 1\nlet: {a: t.id}\n"
            "require:\n  - {that: a != '', say: 'of {a}'}\n"
        )

        places = {
            part.label: str(part.location) for part in found.parts if part.location is not None
        }

        assert places["the name 'a'"] == "p/rule.yaml:10:10"
        assert places["'when'"] == "p/rule.yaml:9:7"
        assert places["clause 1"] == "p/rule.yaml:12:12"
        assert [part.label for part in found.parts] == [
            "the list of 't' in 'for'",
            "the name 'a'",
            "'when'",
            "clause 1",
            "the sentence of clause 1",
        ]
