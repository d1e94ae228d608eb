"""A small world to evaluate expressions in."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.facts.gaps import Gaps
from auditor.facts.types import (
    BOOL,
    DATE,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    nullable,
)
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.registry import Functions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.trail import Trail
    from auditor.language.values import Value

PART = ObjectType("tasks.parts", {"done": Field(nullable(BOOL))})
TASK = ObjectType(
    "tasks",
    {
        "id": Field(STRING, required=True),
        "points": Field(nullable(INT)),
        "done": Field(nullable(BOOL)),
        "at": Field(nullable(TIMESTAMP)),
        "on": Field(nullable(DATE)),
        "parts": Field(ListType(PART)),
    },
)
WORLD = ObjectType(
    "world", {"tasks": Field(ListType(TASK)), "flag": Field(nullable(BOOL)), "other": Field(BOOL)}
)


@pytest.fixture(scope="session")
def functions() -> Functions:
    """Return every registered function, by the project file's own list."""
    import tomllib  # noqa: PLC0415 - once a session

    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_bytes().decode()
    lines = tomllib.loads(text)["project"]["entry-points"]["auditor.functions"].values()
    targets = [line.split(":") for line in lines]
    return Functions(getattr(import_module(module), name) for module, name in targets)


@pytest.fixture
def evaluated(functions: Functions) -> Callable[..., tuple[Value, Trail]]:
    """Return a function that evaluates a checked expression over a document of the small world."""

    def run(
        text: str, document: Mapping[str, Any], gaps: Mapping[str, str] | None = None
    ) -> tuple[Value, Trail]:
        from auditor.facts.calendar import WorkingCalendar  # noqa: PLC0415 - only where facts are read
        from auditor.language.values import Record  # noqa: PLC0415

        head = {"time_zone": "Europe/Berlin", "calendar": {}}
        calendar = WorkingCalendar.from_snapshot({"snapshot": head})
        lift = Lift(Gaps(gaps or {}), calendar)
        root = Record(dict(document), WORLD, "")
        variables = {name: lift.field(root, name) for name in WORLD.fields}
        types = {name: field.type for name, field in WORLD.fields.items()}
        checked = check(parse(text), variables=types, functions=functions, text=text)
        return Evaluator(functions, lift).evaluate(checked, variables)

    return run


@pytest.fixture
def utc() -> Callable[..., dt.datetime]:
    """Return a maker of instants in March 2026."""

    def make(day: int, hour: int = 0) -> dt.datetime:
        return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)

    return make
