"""A plan as data gives the same verdicts as the plan itself, and what is no plan is refused."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import fields, is_dataclass
from fractions import Fraction
from inspect import getmembers, isclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.documents.canonical import canonical
from auditor.evaluation.judge import Instants, judge
from auditor.facts import types
from auditor.facts.snapshot import Roots
from auditor.facts.types import INT, NullableType, ObjectType, Type, unwrap
from auditor.language.cel import ast
from auditor.language.cel.checked import CheckedExpr, Instance
from auditor.language.cel.parser import parse
from auditor.language.plan_data import RECORDS, StoredExpr, read_plan, write_plan
from auditor.language.reads import expressions_of, fields_read
from auditor.language.stored import trees as stored_trees
from auditor.language.stored import types as stored_types
from auditor.language.stored.shapes import PlanDataError, Shapes
from auditor.language.stored.trees import Trees
from auditor.language.stored.types import TypeReader, TypeWriter
from auditor.language.stored.values import read_value, write_value
from auditor.language.values import Duration, Listing, Span, Timestamp, Uint
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditor.language.plan import Plan

MODELS = snapshot_models()
ROOTS = Roots(MODELS)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return every policy that comes with the program, compiled."""
    loaded = load_policies([packaged_folder()], PolicyChoice(), MODELS)
    assert loaded.plan is not None
    return loaded.plan


@pytest.fixture(scope="module")
def data(plan: Plan) -> Any:
    """Return them as data that has been through JSON."""
    return json.loads(json.dumps(write_plan(plan, ROOTS)))


def read(data: Any, plan: Plan) -> Plan:
    """Read *data* as a plan; *plan* is what is compiled where an expression turns out to be none."""
    return read_plan(data, ROOTS, plan.functions, lambda: plan)


def refused() -> Plan:
    """Fail: nothing is to be compiled."""
    pytest.fail("an expression was refused")


# ----- the tables


def own(module: Any, base: type) -> set[type]:
    """Return the dataclasses of a module that are derived from *base*."""
    return {
        found
        for _, found in getmembers(module, isclass)
        if issubclass(found, base) and is_dataclass(found) and found is not base
    }


def test_every_kind_of_node_can_be_written() -> None:
    """Who adds a kind of node adds it to the table, or plans with it are compiled at every start."""
    assert set(stored_trees.KINDS.values()) == own(ast, ast.Expr)


def test_every_kind_of_type_can_be_written() -> None:
    """Who adds a kind of type adds it to the table; objects are looked up and not written."""
    assert {*stored_types.KINDS.values(), ObjectType} == own(types, Type)


def test_every_field_of_every_kind_has_a_shape() -> None:
    """A field of a form that nothing knows would stop every plan from being kept."""
    leaf = Trees()
    assert leaf.read(leaf.write(parse("[1].all(x, x > 0)"))).end == 17
    assert TypeReader([["scalar", "int", None, None]], {}).at(0) == INT
    assert {field.name for field in fields(CheckedExpr)} == {"expr", "text", "types", "instances"}
    assert {field.name for field in fields(Instance)} == {"parameters", "body"}


def test_an_annotation_that_nobody_knows_is_refused() -> None:
    """What is not listed is never written or read."""
    for annotation in ("Path", "Path | None", "tuple[Path, ...]", "dict[str, int]", "int | Uint"):
        with pytest.raises(PlanDataError):
            Shapes({}, RECORDS).of(annotation)


# ----- there and back


def test_a_plan_that_was_read_is_the_plan(plan: Plan, data: Any) -> None:
    """Every part of every policy comes back, and would be written as it was."""
    again = read_plan(data, ROOTS, plan.functions, refused)

    assert again.summaries == plan.summaries
    assert again.functions is plan.functions
    assert json.loads(json.dumps(write_plan(again, ROOTS))) == data


def test_a_plan_that_was_read_gives_the_same_verdicts(plan: Plan, data: Any, root: Path) -> None:
    """Result documents of the demo portfolio are the same, byte for byte."""
    again = read_plan(data, ROOTS, plan.functions, refused)
    inputs = read_inputs([str(root / "fixtures/portfolio")], MODELS)
    assert len(inputs.loaded) >= 8

    for one in inputs.loaded:
        instants = Instants(one.snapshot.captured_at)
        told, expected = (
            canonical(judge(which, one.snapshot, instants, name="x").to_tree())
            for which in (again, plan)
        )
        assert told == expected


def test_declared_objects_are_those_of_the_snapshot(plan: Plan, data: Any) -> None:
    """Objects are the same type only if they are one object, so none may be there twice."""
    again = read_plan(data, ROOTS, plan.functions, refused)
    compared = 0
    for before, after in zip(plan.policies, again.policies, strict=True):
        pairs = zip(expressions_of(before), expressions_of(after), strict=True)
        for one, other in pairs:
            for node, kind in one.types.items():
                if isinstance(unwrap(kind), ObjectType) and unwrap(kind).name != "params":  # type: ignore[attr-defined]
                    assert unwrap(other.types[node]) is unwrap(kind)
                    compared += 1
        root = ROOTS[before.summary.target]
        assert fields_read([after], root, again.functions) == fields_read(
            [before], root, plan.functions
        )
    assert compared > 100


def test_an_expression_is_read_when_it_is_looked_at(plan: Plan, data: Any) -> None:
    """A broken expression that nobody looks at costs nothing; one that is looked at is compiled anew."""
    broken = copy.deepcopy(data)
    broken["trees"] = [[] for _ in data["trees"]]

    again = read(broken, plan)
    assert again.summaries == plan.summaries

    told = [checked for policy in again.policies for checked in expressions_of(policy)]
    expected = [checked for policy in plan.policies for checked in expressions_of(policy)]
    assert all(isinstance(checked, StoredExpr) for checked in told)
    assert [checked.expr for checked in told] == [checked.expr for checked in expected]


# ----- values


def leaves() -> st.SearchStrategy[Any]:
    """Return constants and parameters without parts."""
    int64 = st.integers(-(2**63), 2**63 - 1)
    return st.one_of(
        st.none(), st.booleans(), int64, st.text(), st.binary(), st.dates(), st.fractions(),
        st.floats(allow_nan=False), st.builds(Uint, st.integers(0, 2**64 - 1)),
        st.builds(Span, st.integers(0, 999), st.sampled_from(["hours", "working days"])),
        st.builds(Timestamp, int64), st.builds(Duration, int64),
    )  # fmt: skip


@given(leaves())
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    """Value and class: a whole double is no int, and true is no one."""
    again = read_value(json.loads(json.dumps(write_value(value))))

    assert again == value
    assert type(again) is type(value)


@given(st.lists(leaves()))
def test_a_list_comes_back_as_it_was(values: list[Any]) -> None:
    """Members in order."""
    again = read_value(json.loads(json.dumps(write_value(Listing.of(values)))))

    assert isinstance(again, Listing)
    assert list(again) == values
    assert again.grounded is bool(values)


def test_what_is_no_constant_is_not_written() -> None:
    """What came out of a snapshot, or is not known, is not a part of a policy."""
    for value in (
        object(),
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        Listing((), pointer="/sprints"),
    ):
        with pytest.raises(PlanDataError):
            write_value(value)


def test_what_is_no_value_is_refused() -> None:
    """Whatever does not say one value of one kind."""
    deep: Any = ["list"]
    for _ in range(100):
        deep = ["list", deep]
    odd: list[Any] = [
        {}, [], [1], 1.5, ["date"], ["date", "x"], ["date", 1], ["ratio", 1, 0], ["bytes", "0"],
        ["double", "x"], ["span", "1", "hours"], ["uint", True], ["map", [["list"], 1]],
        ["code", "x"], [["list"]], deep,
    ]  # fmt: skip
    for value in odd:
        with pytest.raises(PlanDataError):
            read_value(value)
    assert read_value(["ratio", 1, 2]) == Fraction(1, 2)


# ----- what is no plan


def test_what_is_no_tree_is_refused() -> None:
    """A node stands in one place, below one that comes after it."""
    one, two = ["literal", 1, 0, 1, 7], ["literal", 2, 0, 1, 7]
    both = ["list", 3, 0, 1, [0, 1], []]
    assert Trees().read([one, two, both]).id == 3
    odd: list[Any] = [
        [], {}, None, [one, two], [one, both], [both], [one, one, both],
        [one, two, ["list", 3, 0, 1, [0, 0], []]], [one, two, ["list", 3, 0, 1, [0, 2], []]],
        [one, two, ["list", 3, 0, 1, [0, -1], []]], [one, two, ["list", 3, 0, 1, [0, 1]]],
        [["Literal", 1, 0, 1, 7]], [["__class__", 1, 0, 1, 7]], [["literal", True, 0, 1, 7]],
        [["ident", 1, 0, 1, 7, False]], [["ident", 1, 0, 1, "x", 0]],
    ]  # fmt: skip
    for tree in odd:
        with pytest.raises(PlanDataError):
            Trees().read(tree)


def test_a_tree_deeper_than_an_expression_can_be_is_refused() -> None:
    """The evaluator goes down a tree by recursion, so its depth is bounded before."""
    chain = [["ident", 0, 0, 1, "x", False]]
    chain += [["select", at, 0, 1, at - 1, "f", False] for at in range(1, 1000)]

    with pytest.raises(PlanDataError):
        Trees().read(chain)


def test_what_is_no_type_is_refused() -> None:
    """A type is made of those before it; an object has to be declared."""
    odd: list[Any] = [
        [], ["list", 1], ["list", 0], ["list", True], ["object", "project", ["nowhere"]],
        ["object", "nowhere", []], ["object", "project", [1]], ["group", "x"], ["ObjectType", "x"],
        ["params", 0, [["x"]]], ["params", 0, [[1, 0]]], 7,
    ]  # fmt: skip
    for entry in odd:
        with pytest.raises(PlanDataError):
            TypeReader([entry], ROOTS).at(0)
    deep: list[Any] = [["scalar", "int", None, None], *(["list", at] for at in range(1000))]
    with pytest.raises(PlanDataError):
        TypeReader(deep, ROOTS).at(1000)


def test_an_object_that_is_declared_nowhere_is_not_written() -> None:
    """It could not be found again."""
    with pytest.raises(PlanDataError):
        TypeWriter(ROOTS).position(NullableType(ObjectType("elsewhere", {})))


def test_a_plan_of_another_version_is_refused(plan: Plan, data: Any) -> None:
    """So is whatever else is no plan."""
    kinds: list[Any] = [
        None, [], {}, {**data, "version": 0}, {**data, "more": 1}, {**data, "policies": 1},
    ]  # fmt: skip
    for odd in kinds:
        with pytest.raises(PlanDataError):
            read(odd, plan)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every spot of *data* that can be changed: its container and key or index."""
    pending = [data]
    while pending:
        container = pending.pop()
        keys = container.keys() if isinstance(container, dict) else range(len(container))
        for key in list(keys):
            yield container, key
            if isinstance(container[key], dict | list):
                pending.append(container[key])


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 0, 1, 7, 10**6, 1.5, "", "x", "list", "object", [], [[]], [0], ["x"], {}]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.tuples(st.integers(0, 10**9), ODD), min_size=1, max_size=4))
def test_data_that_was_changed_never_breaks_anything(
    plan: Plan, choices: list[tuple[int, Any]]
) -> None:
    """Whatever stands in the data, it is a plan whose every expression can be looked at, or is refused."""
    small = write_plan(plan.select({plan.summaries[0].id, plan.summaries[1].id}), ROOTS)
    changed = json.loads(json.dumps(small))
    for number, odd in choices:
        spots = list(places(changed))
        if spots:
            container, key = spots[number % len(spots)]
            container[key] = copy.deepcopy(odd)
    try:
        again = read(changed, plan)
        told = [checked for policy in again.policies for checked in expressions_of(policy)]
    except PlanDataError:
        return
    for checked in told:
        assert isinstance(checked.expr, ast.Expr)
        assert isinstance(checked.type, Type)
