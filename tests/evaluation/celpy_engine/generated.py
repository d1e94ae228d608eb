"""Random expressions over the small world, each with the type that was asked for, and random documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.evaluation.celpy_engine.trial import moment, task, world

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Names = dict[str, str]
    """Macro variables in force, and what each is: int, string or task."""

_LEAVES: Final = {
    "bool": ("true", "false", "first.open", "first.done == true"),
    "int": ("0", "1", "2", "-7", "9223372036854775807", "first.size", "size(tasks)"),
    "double": ("0.0", "1.5", "-2.25", "first.share"),
    "string": ("'a'", "''", "'red'", "'é😀'", "first.id", "names['de']", "names.es"),
    "timestamp": ("first.due", "timestamp('2026-03-05T10:00:00+02:00')"),
    "duration": ("duration('90s')", "duration('24h')", "duration('-5m')"),
    "timestamp?": ("first.at",),
    "string?": ("first.title",),
    "bool?": ("first.done",),
    "ints": ("[1, 2, 3]", "[]", "first.counts"),
    "strings": ("['a', 'red']", "first.tags", "[first.id]"),
    "tasks": ("tasks", "[first]"),
}
_OF_TASK: Final = {
    "bool": "open", "int": "size", "double": "share", "string": "id", "timestamp": "due",
    "timestamp?": "at", "string?": "title", "bool?": "done", "ints": "counts", "strings": "tags",
}  # fmt: skip
_ELEMENT: Final = {"ints": "int", "strings": "string", "tasks": "task"}
_ZONES: Final = ("", "'Europe/Berlin'", "'America/New_York'", "'+05:30'", "'UTC'")
_GETTERS: Final = (
    "FullYear",
    "Month",
    "DayOfMonth",
    "Date",
    "DayOfWeek",
    "DayOfYear",
    "Hours",
    "Minutes",
)
_GOALS: Final = ("bool", "bool", "int", "string", "ints", "double", "duration")


def expression(chance: random.Random) -> str:
    """Return an expression that nearly always has a type."""
    return _Maker(chance).make(chance.choice(_GOALS), chance.randint(1, 4), {})


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def make(self, kind: str, depth: int, names: Names) -> str:
        makers = self._makers(kind, depth - 1, names)
        if depth <= 0 or not makers or self._chance.random() < 0.15:
            return self._leaf(kind, names)
        return self._chance.choice(makers)()

    def _leaf(self, kind: str, names: Names) -> str:
        found = [*_LEAVES[kind], *(name for name, held in names.items() if held == kind)]
        tasks = [name for name, held in names.items() if held == "task"]
        found += [f"{name}.{_OF_TASK[kind]}" for name in tasks if kind in _OF_TASK]
        return self._chance.choice(found)

    def _makers(self, kind: str, depth: int, names: Names) -> list[Callable[[], str]]:
        pick = self._chance.choice

        def some(wanted: str) -> str:
            return self.make(wanted, depth, names)

        def pair(wanted: str, operators: str) -> Callable[[], str]:
            return lambda: f"({some(wanted)} {pick(operators.split())} {some(wanted)})"

        def over(macro: str, source: str, wanted: str) -> Callable[[], str]:
            return lambda: self._macro(macro, source, wanted, depth, names)

        any_list = pick(list(_ELEMENT))
        order, equality, sum_ = "== != < <= > >=", "== !=", "+ - *"
        table: dict[str, list[Callable[[], str]]] = {
            "bool": [
                *(pair("bool", logic) for logic in ("&&", "||")),
                lambda: f"!({some('bool')})",
                lambda: f"({some('bool')} ? {some('bool')} : {some('bool')})",
                *(pair(one, order) for one in ("int", "double", "string", "timestamp", "duration")),
                *(
                    pair(one, equality)
                    for one in ("timestamp?", "string?", "bool?", "ints", "strings")
                ),
                lambda: (
                    f"({some(pick(['timestamp?', 'string?', 'bool?']))} {pick(['==', '!='])} null)"
                ),
                lambda: f"({some('string')} in {some(pick(['strings', 'strings']))})",
                lambda: f"({some('int')} in {some('ints')})",
                lambda: f"({some('string')} in names)",
                *(over(macro, any_list, "bool") for macro in ("all", "exists", "exists_one")),
                lambda: (
                    f"{some('timestamp?')}.{pick(['by', 'before', 'after'])}({some('timestamp')})"
                ),
                lambda: (
                    f"{some('string')}.{pick(['contains', 'startsWith', 'endsWith'])}({some('string')})"
                ),
                lambda: f"{some('string')}.matches('^[a-r]+$')",
                lambda: f"sets.contains({some('strings')}, {some('strings')})",
            ],
            "int": [
                pair("int", "+ - * / %"),
                lambda: f"-({some('int')})",
                lambda: f"size({some(pick(['ints', 'strings', 'tasks', 'string']))})",
                lambda: f"({some('bool')} ? {some('int')} : {some('int')})",
                lambda: f"{some('ints')}[{self._chance.randint(0, 3)}]",
                lambda: f"{some('timestamp')}.get{pick(_GETTERS)}({pick(_ZONES)})",
                lambda: f"{some('duration')}.get{pick(['Hours', 'Minutes', 'Seconds'])}()",
                lambda: f"math.abs({some('int')})",
            ],
            "double": [
                pair("double", sum_),
                lambda: f"({some('double')} / {pick(['2.0', '-0.5'])})",
            ],
            "string": [
                pair("string", "+"),
                lambda: f"({some('bool')} ? {some('string')} : {some('string')})",
                lambda: f"{some('strings')}[{self._chance.randint(0, 2)}]",
                lambda: f"{some('string')}.lowerAscii()",
            ],
            "timestamp": [lambda: f"({some('timestamp')} {pick('+-')} {some('duration')})"],
            "duration": [pair("timestamp", "-"), pair("duration", "+")],
            "ints": [
                lambda: f"[{some('int')}, {some('int')}]",
                pair("ints", "+"),
                over("filter", "ints", "bool"),
                over("map", any_list, "int"),
            ],
            "strings": [
                lambda: f"[{some('string')}]",
                over("filter", "strings", "bool"),
                over("map", any_list, "string"),
            ],
            "tasks": [over("filter", "tasks", "bool")],
        }
        return table.get(kind, [])

    def _macro(self, macro: str, source: str, wanted: str, depth: int, names: Names) -> str:
        name = f"v{len(names)}"
        body = self.make(wanted, depth, {**names, name: _ELEMENT[source]})
        return f"{self.make(source, depth, names)}.{macro}({name}, {body})"


def document(chance: random.Random) -> dict[str, Any]:
    """Return a document of which everything is recorded, some of it as null."""
    return world(
        tasks=[_task(chance, name) for name in "abc"[: chance.randint(0, 3)]],
        first=_task(chance, "first"),
    )


def _task(chance: random.Random, name: str) -> dict[str, Any]:
    return task(
        name,
        title=chance.choice([None, "a", "red"]),
        done=chance.choice([None, True, False]),
        open=chance.choice([True, False]),
        size=chance.randint(-3, 9),
        share=chance.choice([0.0, -1.5, 0.25]),
        at=chance.choice([None, moment(chance.randint(1, 20), chance.randint(0, 23))]),
        due=moment(chance.randint(1, 20), chance.randint(0, 23)),
        tags=chance.sample(["red", "blue", "a"], chance.randint(0, 3)),
        counts=[chance.randint(-2, 3) for _ in range(chance.randint(0, 3))],
    )
