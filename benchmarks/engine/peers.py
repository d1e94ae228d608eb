"""
How do other CEL engines judge the same facts?

Three engines that Python can call, each in the ways that its users have. None of them is needed to use or to
test the auditor: they come with the extra ``bench``, and one that is not installed is left out.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from benchmarks.engine.peer_rules import COUNTED, NATIVE, PARSED, RULES

if TYPE_CHECKING:
    from auditor.facts.calendar import WorkingCalendar
    from benchmarks.engine.ground import Facts
    from benchmarks.engine.peer_rules import Dialect

Decision = Callable[[], Sequence[str]]
"""Judges one policy, and returns the outcome of each subject in the order of the snapshot."""

VARIABLES: Final = (
    "project",
    "parties",
    "role_assignments",
    "delegations",
    "standards",
    "baselines",
    "approvals",
    "sprints",
    "work_items",
    "allocations",
    "change_events",
    "time_entries",
    "meetings",
    "actions",
    "risks",
    "blockers",
)


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _text(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def bound(facts: Facts, convert: Callable[[datetime], Any]) -> dict[str, Any]:
    """
    Return the facts as a peer is given them: without nulls, with days as instants, all of them converted.

    Args:
        facts: Everything.
        convert: Makes what the peer takes for an instant.
    """
    chosen = {name: facts.document[name] for name in VARIABLES if name in facts.document}
    made = _bound(chosen, facts.calendar, convert)
    return {**made, "as_of": convert(facts.as_of)}


def _bound(
    value: Any,  # noqa: ANN401 - any fact
    calendar: WorkingCalendar,
    convert: Callable[[datetime], Any],
    name: str = "",
) -> Any:  # noqa: ANN401 - any fact
    match value:
        case dict():
            return {
                key: _bound(part, calendar, convert, key)
                for key, part in value.items()
                if part is not None
            }
        case list():
            return [_bound(part, calendar, convert) for part in value]
        case datetime():
            return convert(value)
        case date():
            return convert(calendar.day_start(value) if name == "from" else calendar.day_end(value))
        case _:
            return value


def _used(facts: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the variables that an expression names: nobody hands over the others."""
    return {name: value for name, value in facts.items() if re.search(rf"\b{name}\b", text)}


class Peer(ABC):
    """
    One engine in one way of calling it.

    Args:
        facts: What is judged.
    """

    name: str
    module: str
    """What must be importable."""
    dialect: Dialect

    def __init__(self, facts: Facts) -> None:
        self.engine = import_module(self.module)
        self.facts = self.bind(facts)

    @abstractmethod
    def bind(self, facts: Facts) -> Mapping[str, Any]:
        """Make what the engine is given, once."""

    @abstractmethod
    def compile(self, text: str) -> Any:  # noqa: ANN401 - whatever the engine makes
        """Compile an expression: what a policy costs once."""

    @abstractmethod
    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401 - whatever it makes
        """Return what decides: one call of the engine, with the answer as Python values."""

    def text(self, policy: str) -> str:
        """Write a policy in the engine's dialect."""
        return self.dialect.write(RULES[policy])

    def decision(self, policy: str) -> Decision | None:
        """Return what decides a policy; None where plain CEL cannot say it."""
        if policy not in RULES:
            return None
        text = self.text(policy)
        return self.call(self.compile(text), text)


class CppReused(Peer):
    """Google's C++ engine, with the facts converted once; instants are numbers, which it compares fastest."""

    name = "C++, values reused"
    module = "cel_expr_python.cel"
    dialect = COUNTED

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        kinds = self.engine.Type
        names = dict.fromkeys(VARIABLES, kinds.DYN)
        names["as_of"] = kinds.INT if isinstance(self.facts["as_of"], int) else kinds.TIMESTAMP
        bindings = import_module("cel_expr_python.ext.ext_bindings")
        self.environment = self.engine.NewEnv(variables=names, extensions=[bindings.ExtBindings()])
        self.activation = self.environment.Activation(self.facts)

    def bind(self, facts: Facts) -> dict[str, Any]:  # noqa: D102 - as in the base class
        return bound(facts, _seconds)

    def compile(self, text: str) -> Any:  # noqa: ANN401, D102 - as in the base class
        return self.environment.compile(text)

    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401, ARG002, D102
        return lambda: program.eval(self.activation).plain_value()


class CppParsed(CppReused):
    """The same, with instants as the texts that the snapshot has: ``timestamp(...)`` at each use."""

    name = "C++, reused, timestamp('...')"
    dialect = PARSED

    def bind(self, facts: Facts) -> dict[str, Any]:  # noqa: D102 - as in the base class
        return {**bound(facts, _text), "as_of": facts.as_of}


class CppDict(CppReused):
    """The same engine as most call it: with a dict, converted each time."""

    name = "C++, a dict each time"

    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401, D102
        used = _used(self.facts, text)
        return lambda: program.eval(data=used).plain_value()


class RustReused(Peer):
    """The Rust engine, with the facts converted once."""

    name = "Rust, values reused"
    module = "cel"
    dialect = NATIVE

    def bind(self, facts: Facts) -> dict[str, Any]:  # noqa: D102 - as in the base class
        return bound(facts, lambda instant: instant)

    def compile(self, text: str) -> Any:  # noqa: ANN401, D102 - as in the base class
        return self.engine.compile(text)

    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401, D102
        context = self.engine.Context(_used(self.facts, text))
        return lambda: program.execute(context)


class RustDict(RustReused):
    """The Rust engine as most call it."""

    name = "Rust, a dict each time"

    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401, D102
        used = _used(self.facts, text)
        return lambda: program.execute(used)


class Celpy(Peer):
    """cel-python, interpreted (its compiled runner breaks on ``has()``), with the facts converted once."""

    name = "celpy, values reused"
    module = "celpy"
    dialect = NATIVE

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.environment = self.engine.Environment()

    def bind(self, facts: Facts) -> dict[str, Any]:  # noqa: D102 - as in the base class
        made = bound(facts, self.engine.celtypes.TimestampType)
        return {name: self._value(value) for name, value in made.items()}

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - any fact
        types = self.engine.celtypes
        match value:
            case types.TimestampType():
                return value
            case dict():
                entries = {types.StringType(key): self._value(part) for key, part in value.items()}
                return types.MapType(entries)
            case list():
                return types.ListType([self._value(part) for part in value])
            case _:
                return self.engine.json_to_cel(value)

    def compile(self, text: str) -> Any:  # noqa: ANN401, D102 - as in the base class
        return self.environment.program(self.environment.compile(text))

    def call(self, program: Any, text: str) -> Decision:  # noqa: ANN401, D102
        used = _used(self.facts, text)
        return lambda: program.evaluate(used)


PEERS: Final[tuple[type[Peer], ...]] = (
    CppReused,
    CppParsed,
    CppDict,
    RustReused,
    RustDict,
    Celpy,
)
