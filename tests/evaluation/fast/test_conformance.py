"""
The conformance suite's expressions on the fast path: the value that the specification expects, or none.

They are read as ``tests/conformance`` reads them; a case of which the values are no leaves is left out.
"""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64decode
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.evaluation.fast.expression import FastExpression
from auditor.evaluation.fast.facts import FastFacts
from auditor.evaluation.fast.leave import Leave, NotFast
from auditor.evaluation.judge import JudgedContext
from auditor.evaluation.lift import Lift
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.gaps import Gaps
from auditor.facts.types import Field, ObjectType
from auditor.language.cel.checker import check
from auditor.language.cel.diagnostics import CheckErrors
from auditor.language.cel.parser import parse
from auditor.language.registry import Functions
from auditor.language.values import Record, Timestamp
from tests.conformance.test_cel_conformance import FOLDER, LIBRARIES, SUITES, read_type
from tests.evaluation.fast.expressions import AS_OF, HEAD, PERIOD_OF, of_leaf

if TYPE_CHECKING:
    from pathlib import Path

ERROR: Final = "error"


class _NoLeafError(Exception):
    """The case has a value that documents cannot hold."""


def leaf_of(typed: dict[str, Any]) -> Any:
    """
    Return a case's typed value as documents and generated code have it.

    Raises:
        _NoLeafError: They have none.
    """
    value = typed.get("value")
    match typed["type"]:
        case "int":
            return int(str(value))
        case "double":
            return float(str(value))
        case "bytes":
            return b64decode(str(value))
        case "bool" | "string" | "null":
            return value
        case "list":
            return [leaf_of(part) for part in value or ()]
        case "map" if all(key["type"] == "string" for key, _ in value or ()):
            return {key["value"]: leaf_of(part) for key, part in value or ()}
        case "timestamp" if typed["nanos"] % 1_000 == 0:
            begin = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            seconds = dt.timedelta(seconds=int(typed["seconds"]))
            return begin + seconds + dt.timedelta(microseconds=typed["nanos"] // 1_000)
        case "duration" if typed["nanos"] % 1_000 == 0:
            seconds = dt.timedelta(seconds=int(typed["seconds"]))
            return seconds + dt.timedelta(microseconds=typed["nanos"] // 1_000)
        case other:
            raise _NoLeafError(other)


def facts_of(document: dict[str, Any], root: ObjectType) -> FastFacts:
    """Return bindings as the facts of a document."""
    calendar = WorkingCalendar.from_snapshot({"snapshot": HEAD})
    lift = Lift(Gaps({}), calendar)
    return FastFacts(
        document=document,
        gaps=Gaps({}),
        calendar=calendar,
        as_of=AS_OF,
        period=PERIOD_OF,
        limits=None,
        auditee="hand:apollo",
        context=JudgedContext(calendar, Timestamp.of(AS_OF), Record(document, root, "")),
        lift=lift,
        longest_text=1_000,
    )


def fast_value(case: dict[str, Any], functions: Functions) -> object:
    """
    Return what the fast path says.

    Raises:
        CheckErrors: The checker refuses it, so there is nothing to generate.
        NotFast: There is no code for it.
        Leave: It takes the exact evaluator.
        _NoLeafError: Its bindings are nothing that documents hold.
    """
    declared = {
        entry["name"]: read_type(entry["ident"])
        for entry in case.get("type_env", ())
        if "ident" in entry
    }
    document = {
        name: leaf_of(bound["value"])
        for name, bound in case.get("bindings", {}).items()
        if name in declared
    }
    root = ObjectType("bindings", {name: Field(kind) for name, kind in declared.items()})
    checked = check(
        parse(case["expr"]),
        variables=declared,
        functions=functions,
        text=case["expr"],
    )
    return of_leaf(FastExpression(checked, root, functions).value(facts_of(document, root)))


def expected_value(case: dict[str, Any]) -> object:
    """Return what the specification expects, in the same words; any error is `ERROR`."""
    if "value" not in case["expect"]:
        return ERROR
    try:
        return of_leaf(leaf_of(case["expect"]["value"]))
    except _NoLeafError as kind:
        return str(kind)


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> dict[str, tuple[object, object]]:
    """Return what the fast path says and what is expected, of each case that it answers."""
    if not FOLDER.is_dir():
        pytest.skip(f"the conformance suite is not below {shared.name}")
    functions = Functions(LIBRARIES)
    found = {}
    for suite in SUITES:
        for case in json.loads((FOLDER / f"{suite}.json").read_bytes())["tests"]:
            if any(case.get(key) for key in ("check_only", "disable_check", "container")):
                continue  # there is code for what the checker has accepted, and policies have no container
            try:
                said = fast_value(case, functions)
            except (CheckErrors, NotFast, Leave, _NoLeafError):
                continue
            title = f"{suite}/{case['section']}/{case['name']}: {case['expr']}"
            found[title] = said, expected_value(case)
    return found


def test_what_is_answered_is_what_is_expected(
    outcomes: dict[str, tuple[object, object]],
) -> None:
    """A case that is an error is never answered."""
    other = {case: pair for case, pair in outcomes.items() if pair[0] != pair[1]}

    assert other == {}


def test_many_are_answered(outcomes: dict[str, tuple[object, object]]) -> None:
    """In every suite about things that documents hold."""
    answered = Counter(case.partition("/")[0] for case in outcomes)

    assert answered.total() > 500
    assert {"comparisons", "integer_math", "fp_math", "lists", "logic", "macros", "string"} <= set(
        answered
    )
