"""Every line of the reference is true: examples of functions and macros, evaluated with a calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain
from auditor.facts.calendar import WorkingCalendar
from auditor.facts.types import ObjectType
from auditor.facts.zones import zone
from auditor.language.cel.checker import check
from auditor.language.cel.macros import MACROS, OF_OPTIONAL, PAIRED
from auditor.language.cel.parser import parse
from auditor.language.function_reference import MACRO_NOTES
from auditor.language.registry import Example, Functions
from auditor.language.values import Record, Timestamp
from auditor.plugins.entry_points import load_all

if TYPE_CHECKING:
    from auditor.language.registry import Library

LIBRARIES = [cast("Library", library) for library in load_all("auditor.functions").values()]
FUNCTIONS = Functions(LIBRARIES)
EXAMPLES = {
    **{
        f"{entry.signature} {number}": example
        for library in LIBRARIES
        for entry in library.overloads
        for number, example in enumerate(entry.examples)
    },
    **{note.forms: note.example for note in MACRO_NOTES},
}


@dataclass(frozen=True)
class Known:
    """What a function may know beside its arguments."""

    calendar: WorkingCalendar
    as_of: Timestamp
    root: Record


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_true(example: Example) -> None:
    """Nine to five in Berlin, without a holiday."""
    hours = (dt.time(9), dt.time(17))
    calendar = WorkingCalendar(zone("Europe/Berlin"), frozenset(range(5)), hours, frozenset())
    known = Known(calendar, Timestamp(0), Record({}, ObjectType("root", {}), ""))
    evaluator = Evaluator(FUNCTIONS, Lift(None, calendar), known)
    text = f"({example.expression}) == ({example.equals})"
    value, _ = evaluator.evaluate(check(parse(text), variables={}, functions=FUNCTIONS), {})

    assert plain(value) is True, text


def test_every_macro_has_an_example() -> None:
    """The notes by hand miss none that the parser knows."""
    shown = " ".join(note.forms for note in MACRO_NOTES)

    assert [macro for macro in MACROS.values() if f"xs.{macro}(x" not in shown] == []
    assert [macro for macro, _ in PAIRED if f"xs.{macro}(i, x" not in shown] == ["exists_one"]
    assert [macro for macro, _ in OF_OPTIONAL if f"o.{macro}(x" not in shown] == []
