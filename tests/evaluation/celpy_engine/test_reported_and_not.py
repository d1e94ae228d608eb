"""What `policy lint --portable` says is true: cel-python itself is run on both sides of each rule."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import celpy
import pytest
from celpy.adapter import json_to_cel

from auditor.evaluation.celpy_engine.values import agree, from_cel
from auditor.evaluation.shapes import plain
from auditor.language.cel.checker import CheckErrors
from auditor.language.portability import obstacles
from auditor.language.values import Failure, Unknown
from tests.evaluation.celpy_engine.generated import document, expression
from tests.evaluation.celpy_engine.trial import checked_in_world, over, policy_of, tried, world

if TYPE_CHECKING:
    from auditor.language.registry import Functions
    from auditor.language.values import Value

DIFFERS: Final = [
    # Slug, and an expression that cel-python by itself answers otherwise than the language does, or not at all.
    ("portable-null-comparison", "first.points != null"),
    ("portable-null-comparison", "first.score == null"),
    ("portable-null-comparison", "maybe != null || first != null"),
    ("portable-null-comparison", "tasks[1].points == 4"),
    ("portable-has", "has(first.title)"),
    ("portable-has", "has(any.typo.more)"),
    ("portable-macro", "[1, 2].exists(i, v, i < v)"),
    ("portable-macro", "[1, 2].map(x, x > 1, x * 2) == [4]"),
    ("portable-macro", "[1, 2].sum(x, x) == 3"),
    ("portable-macro", "tasks.latest(t, t.due).id == 'b'"),
    ("portable-macro", "cel.bind(x, 1, x + 1) == 2"),
    ("portable-optional", "[1][?0].orValue(2) == 1"),
    ("portable-optional", "names.?de.hasValue()"),
    ("portable-heterogeneous-equality", "dyn(true) == dyn(1)"),
    ("portable-heterogeneous-equality", "1 == dyn(1.0)"),
    ("portable-heterogeneous-equality", "!('x' in [dyn(1), dyn(2)])"),
    ("portable-heterogeneous-equality", "dyn(1) in [dyn(true)]"),
    ("portable-heterogeneous-equality", "{'a': 1} == {'a': dyn(1.0)}"),
    ("portable-mixed-numbers", "2 > first.share"),
    ("portable-type", "90 % > 0.5"),
    ("portable-dyn", "dyn(1.5) + dyn(1) == dyn(2.5)"),
    ("portable-dyn", "dyn('ab').all(c, c != 'c')"),
    ("portable-dyn", "[1, 2].filter(x, dyn(x)).size() == 2"),
    ("portable-index", "first.counts[0 - 1] == 2"),
    ("portable-index", "first.counts[-1] == 2"),
    ("portable-division", "-1.0 / zero < 0.0"),
    ("portable-map-literal", "{'a': 1 / 0}.size() == 1"),
    ("portable-function", "int(' 12 ') == 12"),
    ("portable-function", "string(1.0) == '1'"),
    ("portable-function", "type(first.due) == google.protobuf.Timestamp"),
    ("portable-function", "timestamp('now') == timestamp('now')"),
    ("portable-function", "duration('1d') == duration('24h')"),
    ("portable-function", "first.due.getHours('utc') >= 0"),
    ("portable-function", "('a' + 'b').contains('b')"),
    ("portable-function", "notSupported(first.title)"),
    ("portable-duration", "(duration('90s') - duration('30s')).getSeconds() == 60"),
    ("portable-duration", "duration('90s').getMilliseconds() == 0"),
    ("portable-absorbed-error", "true || [0].map(x, 1 / x) == [1]"),
    ("portable-size", "!" * 1 + "(!" * 59 + "true" + ")" * 59),
]

ALIKE: Final = [
    # The other side of each rule: nearly the same, and answered alike.
    "first.title == null",
    "first.at != null",
    "first.size == 4",
    "maybe == null || first.open",
    "'de' in names",
    "[1, 2].exists(v, v > 1)",
    "[1, 2].filter(x, x > 1).map(x, x * 2) == [4]",
    "first.open == false",
    "'x' in ['y', 'x']",
    "2 > first.size",
    "1.5 + first.share == 1.75",
    "first.counts[2] == 2",
    "names['de'] == 'Anna'",
    "-1.0 / 2.0 < 0.0",
    "{'a': 1}.size() == 1",
    "timestamp('2026-03-09T00:00:00Z') == first.due",
    "duration('24h') > duration('90s')",
    "first.due.getHours('Europe/Berlin') == 1",
    "first.id.contains('irs')",
    "duration('90s').getSeconds() == 90",
    "first.due - timestamp('2026-03-08T00:00:00Z') == duration('24h')",
    "true || [0].exists(x, 1 / x == 1)",
    "!" * 1 + "(!" * 20 + "true" + ")" * 20,
]


def by_itself(text: str, document: dict[str, Any]) -> Value | None:
    """Return what cel-python by itself says of a text and plain data; None for nothing."""
    environment = celpy.Environment()
    try:
        program = environment.program(environment.compile(text))
        return from_cel(
            program.evaluate({name: plain_data(part) for name, part in document.items()})
        )
    except Exception:  # noqa: BLE001 - that it fails, in whatever way, is the answer
        return None


def plain_data(part: Any) -> Any:
    """Return data as somebody gives it to cel-python who knows nothing of ours."""
    match part:
        case dict():
            pairs = {celpy.celtypes.StringType(key): plain_data(one) for key, one in part.items()}
            return celpy.celtypes.MapType(pairs)
        case list():
            return celpy.celtypes.ListType([plain_data(one) for one in part])
        case _ if hasattr(part, "hour"):
            return celpy.celtypes.TimestampType(part)
        case _ if hasattr(part, "year"):
            return celpy.celtypes.StringType(part.isoformat())
        case _:
            return json_to_cel(part)


@pytest.mark.parametrize(("slug", "text"), DIFFERS, ids=[text[:60] for _, text in DIFFERS])
def test_what_is_reported_differs(slug: str, text: str, functions: Functions) -> None:
    """The expression is reported by this rule, and cel-python by itself does not say what the language says."""
    checked = checked_in_world(text, functions)
    evaluator, variables = over(policy_of(checked), functions, world())
    # Asked as a name would be, so that only our own rules decide.
    ours = plain(evaluator.evaluate(checked_in_world(text, functions), variables)[0])

    assert slug in {one.slug for one in obstacles(checked, functions)}
    if slug == "portable-size":
        return  # how deep cel-python can go depends on who calls it: that is the reason
    theirs = by_itself(text, world())
    assert theirs is None or isinstance(ours, Failure | Unknown) or not agree(ours, theirs)
    assert not (theirs is None and isinstance(ours, Failure | Unknown))


@pytest.mark.parametrize("text", ALIKE, ids=[text[:60] for text in ALIKE])
def test_what_is_not_reported_is_answered_alike(text: str, functions: Functions) -> None:
    """Nothing is reported, and both engines agree."""
    trial = tried(text, functions)

    assert trial.slugs == ()
    assert trial.theirs.refusal is None
    assert agree(plain(trial.ours), trial.theirs.value)


@pytest.mark.parametrize("seed", range(12))
def test_random_expressions_that_are_not_reported(seed: int, functions: Functions) -> None:
    """Over data of which all is recorded both come to the same value, or both to an error."""
    chance = random.Random(seed)  # noqa: S311 - the same on every machine
    compared = 0
    for _ in range(60):
        text, data = expression(chance), document(chance)
        try:
            trial = tried(text, functions, data)
        except CheckErrors:
            continue
        if trial.slugs:
            continue
        ours = plain(trial.ours)
        is_error = isinstance(ours, Failure)
        assert is_error is (trial.theirs.refusal is not None), text
        assert is_error or agree(ours, trial.theirs.value), text
        compared += 1

    assert compared >= 30
